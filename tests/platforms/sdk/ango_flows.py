"""Ango Hub's own SDK against the fake: the recorded flows, and what else a client may count on."""

import copy
import csv
import json

import requests
from imerit_ango.models.asset_builder_template import AssetBuilderTemplate
from imerit_ango.models.chat_asset_creation_config import ChatAssetCreationConfig
from imerit_ango.models.enums import ProjectType, StorageFileTypes, StorageProvider
from imerit_ango.models.storage import Storage
from imerit_ango.sdk import SDK
from scene import main, raises, same

CATS, LIDAR = "61f8d94a79002950df12234a", "61f8d94a79002950df12234b"
STORE = "64b000000000000000000001"
ORGANISATION = "61435781cdb61b0013d05a03"


def client(fake, key=None, host=None):
    return SDK(key or fake.key, host or fake.url)


def created(answer):
    return answer["data"]["assets"]["assetsCreated"]


def init_and_auth(fake):
    me = client(fake)
    same([one["name"] for one in me.list_projects()["data"]["projects"]], ["cats", "lidar"])
    same([one["name"] for one in me.list_projects(page=2, limit=1)["data"]["projects"]], ["lidar"])
    raises(Exception, client(fake, key="wrong").list_projects, "Invalid API KEY")
    fake.fail("list_projects", {"refuse": "country"})
    raises(Exception, me.list_projects, "your country")
    fake.fail("list_projects", {"refuse": {"throttled": 1}})
    raises(Exception, me.list_projects, "Too many requests")
    fake.fail("list_projects", {"page": 502})
    raises(Exception, me.list_projects, "Bad Gateway")
    fake.fail("list_projects", "drop_before")
    raises(requests.exceptions.ConnectionError, me.list_projects, "aborted")
    same(client(fake, host=fake.url + "/").list_projects()["data"]["total"], 2)


def projects_and_batches(fake):
    me = client(fake)
    same(me.get_project(CATS)["data"]["project"]["organization"], ORGANISATION)
    raises(Exception, lambda: me.get_project("0000"), "Invalid project: 0000.")
    same(me.create_project("dogs")["data"]["project"]["type"], "ango")
    same(me.create_project("clouds", "d", ProjectType.PCT)["data"]["project"]["type"], "pct")
    same([one["name"] for one in me.get_batches(CATS)], ["Batch 1"])
    same(me.create_batch(CATS, "B1")["data"]["project"]["name"], "B1")
    me.create_batches(CATS, ["B1", "B2", "B3"])
    same([one["name"] for one in fake.container("cats")["batches"]], ["Batch 1", "B1", "B2", "B3"])
    me.create_batches(CATS, [])
    same(me.assign_batches(CATS, ["a1"], ["B1"])["data"]["project"], "0 assets updated")
    same(me.get_organization_members(ORGANISATION)["data"]["users"][0]["name"], "Jane")


def storages(fake):
    me = client(fake)
    same([one["name"] for one in me.get_storages()["data"]["storages"]], ["My S3"])
    same(me.get_storages(STORE)["name"], "My S3")
    me.create_storage(Storage("aws", StorageProvider.AWS, "<secret>", "<secret>", "eu-west-1"))
    me.create_storage(Storage("gcp", StorageProvider.GCP, credentials="<secret>"))
    me.create_storage(Storage("az", StorageProvider.AZURE, "<secret>", "<secret>"))
    same(me.list_storage_files(STORE, "my-bucket", "some dir/a&b")["data"]["folders"], ["sub/"])
    options = {"folder": "sub", "upload": True, "projectId": CATS, "batches": [], "extensions": ["jpg"], "scrollToken": None}
    me.file_explorer("my-bucket", STORE, options)
    me.delete_storage(STORE)


def upload_files(fake):
    me = client(fake)
    same(created(me.upload_files(CATS, ["media/red.png", "media/blue sky #1.png"])), 2)
    files = [
        {"data": "media/clip.mp4", "externalId": "clip-1", "contextData": {"cam": "front"}, "metadata": {"frameRate": 25, "width": 640, "height": 480}},
        {"data": "media/scan.nii.gz", "externalId": "scan"},
        "media/noext",
    ]
    same(created(me.upload_files(CATS, files, batches=["Batch 1"], priority=5)), 3)
    same(created(me.upload_files(CATS, ["media/red.png"], storage_id=store(fake))), 1)
    raises(TypeError, lambda: me.upload_files(CATS, ["media/red.png"], storage_id="nope"), "BaseException")
    fake.fail("storage_put", {"refuse": "not_allowed"})
    same(created(me.upload_files(CATS, ["media/red.png"])), 1)
    fake.fail("storage_put", "drop_before", after=1)
    raises(requests.exceptions.ConnectionError, lambda: me.upload_files(CATS, ["media/noext", "media/red.png"]), "aborted")
    fake.fail("upload_url", {"refuse": "not_allowed"})
    raises(KeyError, lambda: me.upload_files(CATS, ["media/red.png"]), "data")
    raises(FileNotFoundError, lambda: me.upload_files(CATS, ["/no/such.png"]))
    raises(Exception, lambda: me.upload_files(LIDAR, ["media/red.png"]), "not supported for PCT")
    raises(Exception, lambda: me.upload_files("0000", ["media/red.png"]), "does not exist")
    same(me.upload_files(CATS, [])["message"], "assets should not be empty")
    rows = fake.container("cats")["rows"]
    same([row["broken"] for row in rows], [False] * 6 + [True])
    same(len(fake.state()["objects"]), 7)


def store(fake):
    """A storage that is there: the first one has been deleted by now."""
    return fake.state()["integrations"][0]["_id"]


def upload_files_cloud(fake):
    me = client(fake)
    urls = [
        {"data": "https://ex.com/a.jpg", "externalId": "a.jpg"},
        {"data": "https://ex.com/file%202.jpg", "externalId": "b.jpg", "width": 1800, "height": 1200},
    ]
    same(created(me.upload_files_cloud(CATS, urls)), 2)
    private = [{"data": "https://bucket.s3.eu-central-1.amazonaws.com/file.jpg", "externalId": "x"}]
    same(created(me.upload_files_cloud(CATS, private, storage_id=store(fake), batches=["Batch 1", "B1"], priority=-3)), 1)
    attachments = [{"type": "IMAGE", "value": "https://ex.com/i.jpg"}, {"type": "TEXT", "value": "note"}]
    every = [
        {"data": "https://ex.com/v.mp4", "externalId": "v", "metadata": {"frameRate": 25}, "contextData": {"k": "v"},
         "batches": ["B1"], "attachments": attachments},
        {"externalId": "multi", "dataset": ["https://ex.com/p1.png", "https://ex.com/p2.png"]},
        {"data": "<div>inline markdown</div>", "externalId": "md",
         "classifications": [{"title": "Q", "schemaId": "s1", "answer": "yes"}]},
    ]
    same(created(me.upload_files_cloud(CATS, every)), 3)
    one = lambda: me.upload_files_cloud(CATS, [{"data": "u", "externalId": "e"}])
    raises(Exception, lambda: me.upload_files_cloud(CATS, [{"data": "u", "externalId": "e"}], batches=["nope"]), "Batch nope not found")
    same(me.upload_files_cloud(CATS, [])["message"], "assets should not be empty")
    fake.fail("create_assets", {"page": 504})
    raises(requests.exceptions.JSONDecodeError, one)
    fake.fail("create_assets", {"refuse": "too_large"})
    same(one()["message"], "request entity too large")


def get_assets(fake):
    me = client(fake)
    same(me.get_assets(CATS)["data"]["total"], 13)
    same(me.get_assets(CATS, page=2, limit=100)["data"]["assets"], [])
    raises(Exception, lambda: me.get_assets(CATS, filters={"externalId": "a&b #1.jpg"}), "end of JSON")
    clip = me.get_assets(CATS, filters={"externalId": "clip-1"})["data"]["assets"]
    same([one["contextData"] for one in clip], [{"cam": "front"}])
    same(me.delete_assets(CATS, ["65000000000000000000000001"])["data"]["deleted"], 0)
    attachment = {"externalId": "clip-1", "attachments": [{"type": "IMAGE", "value": "https://ex.com/i.jpg"}]}
    same(me.create_attachment(CATS, [attachment])["data"]["project"], {"attachmentsImported": 1, "assetsUpdated": 1})


def signed_urls(fake):
    me = client(fake)
    for kind in ("BRUSH", "MEDICAL_BRUSH", "ASSET", "EXPORT", "INSTRUCTION"):
        assert "/f.png?" in me._get_upload_url("f.png", CATS, StorageFileTypes[kind])
    asset = f"{fake.storage}/ango-private/{CATS}/assets/f.png"
    assert me._get_signed_url(asset, CATS, StorageFileTypes.ASSET, store(fake)).startswith(asset + "?X-Amz-Signature=")


def asset_builder(fake):
    me = client(fake)
    column = lambda kind, export, **more: {"type": kind, "includeInExport": export, **more}
    template = AssetBuilderTemplate.from_dict({
        "name": "t", "description": "d", "template": "<p>{{caption}}</p><img src='{{img}}'>",
        "batchColumn": "grp", "selectedExternalId": "img",
        "dataConfig": {
            "img": column("image", True, storage="Public"), "caption": column("text", False), "grp": column("text", False),
            "tag": column("text", True),
        },
        "preLabelConfig": {"s1": {"cla": {"schemaId": "s1", "tool": "checkbox", "title": "Tags"}, "value": "tag"}},
    })
    me.create_asset_builder_template(CATS, template)
    made = me.get_asset_builder_templates(CATS)[0]
    with open("rows.csv", "w", newline="") as file:
        rows = [("img", "caption", "grp", "tag"), ("https://ex.com/a.png", "A cat", "B1", "cat;pet"), ("https://ex.com/b.png", "A dog", "B2", "dog")]
        csv.writer(file).writerows(rows)
    me.upload_files_with_asset_builder(CATS, made["_id"], "rows.csv", priority=2)
    odd = copy.deepcopy(made) | {"batch_column_name": "grp"}
    read = SDK.get_project
    SDK.get_project = lambda self, project_id: with_template(read(self, project_id), odd)
    try:
        raises(Exception, lambda: me.upload_files_with_asset_builder(CATS, made["_id"], "rows.csv"), "Batch None not found")
    finally:
        SDK.get_project = read


def with_template(said, template):
    said["data"]["project"]["assetBuilderTemplates"] = [template]
    return said


def chat_and_instructions(fake):
    me = client(fake)
    chat = lambda **config: me.upload_chat_assets(CATS, ChatAssetCreationConfig.from_dict(config["config"]), config["priority"])
    same(created(chat(config={"number_of_assets": 2, "llm_config": {"id": "l1"}}, priority=0)), 2)
    with open("conv.json", "w") as file:
        json.dump([{"messages": []}], file)
    same(created(chat(config={"storage_id": store(fake), "bucket_name": "b", "conversation_json": "conv.json"}, priority=1)), 1)
    me.upload_instructions(CATS, "media/note.txt", store(fake), "b")


def beyond(fake):
    """What was not recorded: pages of storages, pages of assets, silence about rows, vanished projects, a key on the storage."""
    me = client(fake)
    for number in range(12):
        me.create_storage(Storage(f"s{number}", StorageProvider.AWS, "public", "private"))
    same(len(me.get_storages()["data"]["storages"]), 10)
    row = lambda name: {"data": f"https://ex.com/{name}", "externalId": name}
    dogs = fake.container("dogs")["id"]
    same(created(me.upload_files_cloud(dogs, [row(f"{n:04}") for n in range(250)])), 250)
    names = [one["externalId"] for page in (1, 2, 3) for one in me.get_assets(dogs, page=page, limit=100)["data"]["assets"]]
    same(names, [f"{n:04}" for n in range(250)])
    same(created(me.upload_files_cloud(dogs, [row("0001")])), 1)
    twice = me.get_assets(dogs, filters={"externalId": "0001"})["data"]["assets"]
    same((len(twice), me.delete_assets(dogs, [twice[0]["_id"]])["data"]["deleted"]), (2, 1))
    fake.set(refuse=[{"holding": "bad", "words": ""}], created_fewer=1)
    same(created(me.upload_files_cloud(dogs, [row("a"), row("bad"), row("c")])), 1)
    fake.calm()
    slot = me._get_upload_url("x y.bin", dogs, StorageFileTypes.ASSET)
    same(requests.put(slot, data=iter([b"abc"])).status_code, 501)
    put = requests.put(slot, data=b"abc")
    same((put.status_code, put.headers["ETag"]), (200, '"900150983cd24fb0d6963f7d28e17f72"'))
    same(requests.get(slot.split("?")[0]).status_code, 403)
    same(requests.get(me._get_signed_url(slot.split("?")[0], dogs, StorageFileTypes.ASSET)).content, b"abc")
    fake.set(expired_targets=True)
    same(requests.put(slot, data=b"abc").status_code, 403)
    fake.calm()
    same(fake.state()["violations"], [])
    same(requests.put(slot, data=b"abc", headers={"apikey": fake.key}).status_code, 400)
    same(len(fake.state()["violations"]), 1)
    fake.fail("get_project", {"gone": "dogs"})
    raises(Exception, lambda: me.get_project(dogs), "Invalid project")


main(
    "ango",
    {
        "01_init_and_auth": init_and_auth,
        "02_projects_and_batches": projects_and_batches,
        "03_storages": storages,
        "04_upload_files": upload_files,
        "05_upload_files_cloud": upload_files_cloud,
        "06_get_assets": get_assets,
        "07_signed_urls": signed_urls,
        "08_asset_builder": asset_builder,
        "09_chat_and_instructions": chat_and_instructions,
        "beyond": beyond,
    },
)
