"""Labelbox's own SDK against the fake: the recorded flows, and what else a client may count on."""

import contextlib

import labelbox.schema.dataset
import requests
from labelbox import Client, DataRow, Dataset
from labelbox.schema.iam_integration import AwsIamIntegrationSettings
from labelbox.schema.identifiable import GlobalKey, UniqueId
from labelbox.schema.media_type import MediaType
from lbox import exceptions as no
from scene import answer, main, raises, same

KEPT = {}


def client(fake, key=None):
    """One for all flows, as in the recordings: it asks for the metadata's fields once."""
    make = lambda: Client(api_key=key or fake.key, endpoint=fake.url, rest_endpoint=fake.url, app_url=fake.url)
    if key:
        return make()
    if "client" not in KEPT:
        KEPT["client"] = make()
    return KEPT["client"]


@contextlib.contextmanager
def aside(fake, flow):
    """What is done here was not recorded."""
    fake.mark("aside")
    yield
    fake.mark(flow)


def row(name, **more):
    return {"row_data": f"https://ex.com/{name}", **more}


def init_and_whoami(fake):
    me = client(fake)
    same(me.get_user().email, "jane@example.com")
    same(me.get_organization().name, "Acme")
    raises(no.AuthenticationError, client(fake, key="wrong").get_user, "Invalid API key")
    fake.fail("user", answer(401, {"message": "Unauthorized"}))
    raises(no.LabelboxError, me.get_user, "401 Unauthorized")
    fake.fail("user", answer(401, "Unauthorized", "text/plain"))
    raises(no.LabelboxError, me.get_user, "Failed to parse")


def list_datasets_projects(fake):
    me = client(fake)
    with aside(fake, "02_list_datasets_projects"):
        for number in range(101):
            me.create_dataset(name=f"ds{number:03}", iam_integration=None)
    all_of_them = list(me.get_datasets())
    same(len(all_of_them), 102)
    same([one.name for one in me.get_datasets(where=Dataset.name == "ds007")], ["ds007"])
    same(me.get_dataset(all_of_them[1].uid).name, "ds000")
    raises(no.ResourceNotFoundError, lambda: me.get_dataset("nope"))
    same(list(me.get_projects()), [])


def create_dataset(fake):
    me = client(fake)
    fake.set(no_integrations=True)
    same(me.create_dataset(name="plain", description="d").description, "d")
    me.create_dataset(name="none", iam_integration=None)
    fake.set(no_integrations=False)
    made = me.create_dataset(name="withdefault")
    assert fake.container(made.uid)["signer"], "the default integration is attached"
    fake.set(invalid_integrations=["aws main"])
    raises(no.LabelboxError, lambda: me.create_dataset(name="invalid"), "not successfully added")
    same(fake.container("invalid")["deleted"], True)
    fake.fail("createDataset", {"refuse": "plan_limit"})
    raises(no.OperationNotAllowedException, lambda: me.create_dataset(name="quota"), "LBU limit exceeded")


def iam_integrations(fake):
    me = client(fake)
    aws, gcp, azure = me.get_organization().get_iam_integrations()
    same([(one.name, one.provider, one.valid) for one in (aws, gcp, azure)], [("aws main", "AWS", True), ("gcp", "GCP", False), ("azure", "Azure", True)])
    main_dataset = me.create_dataset(name="main", iam_integration=None)
    KEPT["main"] = main_dataset.uid
    same(main_dataset.add_iam_integration(azure.uid).uid, azure.uid)
    same(fake.container("main")["signer"], {"id": azure.uid})
    main_dataset.remove_iam_integration()
    same(fake.container("main")["signer"], None)
    raises(ValueError, lambda: me.create_dataset(name="x", iam_integration=gcp), "not valid")
    new = me.get_organization().create_iam_integration("new", AwsIamIntegrationSettings("arn:aws:iam::1:role/r", "b"))
    same(new.valid, False)
    same(new.validate()["valid"], True)
    new.set_as_default()


def upload_file(fake):
    me = client(fake)
    for name in ("red.png", "clip.mp4", "note.txt", "blue sky #1.png", "çiçek.png", "cloud.pcd", "noext"):
        url = me.upload_file(f"media/{name}")
        with aside(fake, "05_upload_file"), open(f"media/{name}", "rb") as file:
            content, said = file.read(), requests.head(url)
            same((said.status_code, int(said.headers["Content-Length"])), (200, len(content)))
            same(requests.get(url).content, content)
    me.upload_data(b"raw bytes")
    assert "?" in me.upload_data(b"{}", "a.json", "application/json", sign=True)
    red = lambda: me.upload_file("media/red.png")
    fake.set(refused_endings=[".png"])
    raises(no.LabelboxError, red, "invalid file extension")
    fake.calm()
    fake.fail("uploadFile", {"refuse": "too_large"})
    raises(no.LabelboxError, red, "Failed to parse")
    fake.fail("uploadFile", {"page": 502})
    fake.fail("uploadFile", {"page": 520}, after=1)
    red()
    fake.fail("uploadFile", "drop_before")
    raises(no.NetworkError, red)


def dataset(fake, flow):
    """The dataset of most flows; getting it was not recorded."""
    me = client(fake)
    with aside(fake, flow):
        return me, me.get_dataset(KEPT["main"])


def create_data_rows_local_paths(fake):
    _, place = dataset(fake, "06_create_data_rows_local_paths")
    task = place.create_data_rows(["media/red.png", "media/note.txt", "media/nope.png"])
    task.wait_till_done()
    same((task.status, task.errors, len(task.result)), ("COMPLETE", None, 2))


def create_data_rows_manifest(fake):
    _, place = dataset(fake, "07_create_data_rows_manifest")
    fields = [("tag", "t"), ("split", "train"), ("captureDateTime", "2024-01-02T03:04:05Z"), ("altitude", 12)]
    conversation = {
        "type": "application/vnd.labelbox.conversational",
        "version": 1,
        "messages": [{"messageId": "m0", "content": "hi", "user": {"userId": "u", "name": "U"}, "align": "left", "canLabel": True}],
    }
    tiles = {
        "tile_layer_url": "https://ex.com/{z}/{x}/{y}.png",
        "bounds": [[19.4, -99.2], [19.5, -99.1]],
        "min_zoom": 12,
        "max_zoom": 20,
        "epsg": "EPSG4326",
        "alternative_layers": [{"tile_layer_url": "https://ex.com/alt/{z}/{x}/{y}.png", "name": "alt"}],
    }
    overlay = {"type": "IMAGE_OVERLAY", "value": "https://ex.com/o.jpg", "name": "RGB"}
    task = place.create_data_rows([
        row("a.jpg", global_key="a.jpg", external_id="A", media_type="IMAGE",
            metadata_fields=[{"name": name, "value": value} for name, value in fields],
            attachments=[overlay, {"type": "RAW_TEXT", "value": "text"}]),
        row("v.mp4", global_key="v.mp4", media_type="VIDEO", embeddings=[{"embedding_id": "cemb1", "vector": [0.1, 0.2], "clusters": [1]}]),
        {"row_data": "plain text as row data", "global_key": "t1", "media_type": "TEXT"},
        {"row_data": {"pdf_url": "https://ex.com/d.pdf", "text_layer_url": "https://ex.com/d.json"}, "global_key": "d.pdf", "media_type": "PDF"},
        row("s.mp3", global_key="s.mp3", media_type="AUDIO"),
        row("p.html", global_key="p.html", media_type="HTML"),
        {"row_data": conversation, "global_key": "conv", "media_type": "CONVERSATIONAL"},
        {"row_data": tiles, "global_key": "tms", "media_type": "TMS_GEO"},
        {"row_data": "media/red.png", "global_key": "local-in-dict"},
    ])
    task.wait_till_done()
    same((task.status, task.errors, len(task.result)), ("COMPLETE", None, 9))
    kept = {one["name"]: one for one in fake.container("main")["rows"]}
    same([one["name"] for one in kept["a.jpg"]["metadata"]], ["tag", "split", "train", "captureDateTime", "altitude"])
    legacy = {
        "externalId": "Convo-1",
        "type": "application/vnd.labelbox.conversational",
        "version": 1,
        "conversationalData": [{"messageId": "m", "content": "x", "user": {"userId": "1", "name": "n"}}],
    }
    place.create_data_rows([dict(legacy)])
    raises(no.InvalidAttributeError, lambda: place.create_data_rows([{**legacy, "globalKey": "k"}]))
    raises(ValueError, lambda: place.create_data_rows([{"tileLayerUrl": "https://ex.com", "bounds": [], "minZoom": 1, "maxZoom": 2}]))


def row_errors(fake):
    me, place = dataset(fake, "08_row_errors")
    fake.set(refuse=[{"holding": "missing.jpg", "words": "Failed to access URL: 404:The specified resource does not exist."}])
    task = place.create_data_rows([
        row("1.jpg", global_key="k1"),
        row("2.jpg", global_key="k1"),
        row("3.jpg", global_key="A.JPG"),
        row("missing.jpg", global_key="k4", external_id="m", attachments=[{"type": "RAW_TEXT", "value": "x"}]),
        row("5.jpg", global_key="k5"),
    ])
    task.wait_till_done()
    same((task.status, task.has_errors()), ("COMPLETE", True))
    said = sorted(one["message"] for one in task.errors)
    wanted = ["Duplicate global key: 'A.JPG'", "Duplicate global key: 'k1'", "Failed to access URL: 404:The specified resource does not exist."]
    same(said, wanted)
    same(sorted(one["global_key"] for one in task.result), ["k1", "k5"])
    same(me.get_task_by_id(task.uid).status, "COMPLETE")
    again = me.get_task_by_id(task.uid)
    again.status = "FAILED"
    raises(ValueError, lambda: again.result, "Job failed")


def upsert(fake):
    me, place = dataset(fake, "09_upsert")
    first = next(one["id"] for one in fake.container("main")["rows"] if one["name"] == "a.jpg")
    task = place.upsert_data_rows([
        {"key": GlobalKey("k5"), "external_id": "changed"},
        row("n.jpg", global_key="n.jpg", metadata=[{"name": "tag", "value": "by name"}]),
        {"key": UniqueId(first), "global_key": "a2.jpg", "attachments": [{"type": "PDF_URL", "value": "https://ex.com/x.pdf", "name": "x"}]},
        {"key": GlobalKey("not-there-yet"), "row_data": "https://ex.com/z.jpg"},
    ])
    task.wait_till_done()
    same((task.errors, len(task.result)), (None, 4))
    kept = {one["name"]: one for one in fake.container("main")["rows"]}
    same((kept["k5"]["external_id"], kept["a2.jpg"]["id"], "a.jpg" in kept), ("changed", first, False))
    raises(ValueError, lambda: place.upsert_data_rows([{"key": GlobalKey("k5")}]), "empty payload")


def chunking(fake):
    _, place = dataset(fake, "10_chunking")
    usual = labelbox.schema.dataset.UPSERT_CHUNK_SIZE_BYTES
    labelbox.schema.dataset.UPSERT_CHUNK_SIZE_BYTES = 600
    try:
        place.create_data_rows([row(f"c{number}.jpg", global_key=f"c{number}") for number in range(10)])
    finally:
        labelbox.schema.dataset.UPSERT_CHUNK_SIZE_BYTES = usual


def existing_keys(fake):
    me, place = dataset(fake, "11_existing_keys")
    with aside(fake, "11_existing_keys"):
        big = me.create_dataset(name="big", iam_integration=None).uid
        me.get_dataset(big).create_data_rows([row(f"{number}.jpg") for number in range(600)])
    found = me.get_data_row_ids_for_global_keys(["k1", "nope", "k5"])
    same((found["status"], [bool(one) for one in found["results"]]), ("PARTIAL SUCCESS", [True, False, True]))
    ids = ["A", "m"] + [f"x{number}" for number in range(148)]
    same(list(me.get_data_row_ids_for_external_ids(ids)), ["A"])
    same(len({one.uid for one in me.get_dataset(big).data_rows()}), 600)
    same([one.global_key for one in place.data_rows(where=DataRow.external_id == "A")], ["a2.jpg"])


def errors_and_retries(fake):
    me = client(fake)
    get = me.get_organization
    fake.fail("organization", {"refuse": {"broken": 500}}, times=2)
    get()
    fake.fail("organization", {"page": 503})
    get()
    fake.fail("organization", {"refuse": {"throttled": 1}})
    raises(no.ApiLimitError, get, "You have exceeded")
    fake.fail("organization", {"refuse": "throttled_oddly"})
    raises(no.LabelboxError, get, "Failed to parse", "Too Many Requests")
    code = lambda code, status=None, message="": {"refuse": {"graphql": {"code": code, "status": status, "message": message or f"text for {code}"}}}
    for name, kind in (
        ("AUTHORIZATION_ERROR", no.AuthorizationError),
        ("GRAPHQL_VALIDATION_FAILED", no.InvalidQueryError),
        ("GRAPHQL_PARSE_FAILED", no.InvalidQueryError),
        ("RESOURCE_NOT_FOUND", no.ResourceNotFoundError),
        ("RESOURCE_CONFLICT", no.ResourceConflict),
        ("MALFORMED_REQUEST", no.MalformedQueryException),
        ("OPERATION_NOT_ALLOWED", no.OperationNotAllowedException),
        ("SOMETHING_ELSE", no.LabelboxError),
    ):
        fake.fail("organization", code(name))
        raises(kind, get)
    fake.fail("organization", code("GRAPHQL_VALIDATION_FAILED", None, "Query complexity limit exceeded"))
    raises(no.ValidationFailedError, get)
    for status, kind in ((400, no.InvalidQueryError), (422, no.UnprocessableEntityError), (426, no.OperationNotAllowedException), (500, no.LabelboxError)):
        fake.fail("organization", code("INTERNAL_SERVER_ERROR", status))
        raises(kind, get)
    fake.fail("organization", code("INTERNAL_SERVER_ERROR", 503))
    get()
    fake.fail("organization", code("INTERNAL_SERVER_ERROR", None, "no status"))
    raises(no.LabelboxError, get, "no status")


def task_ops(fake):
    me, place = dataset(fake, "13_task_ops")
    fake.set(polls=100)
    with aside(fake, "13_task_ops"):
        endless = place.create_data_rows([row("endless.jpg")])
    task = place.create_data_rows([row("q.jpg")])
    same(me.cancel_task(task.uid), True)
    raises(no.ResourceNotFoundError, lambda: me.get_task_by_id("nope"))
    endless.wait_till_done(timeout_seconds=4)
    same(endless.status, "IN_PROGRESS")


def refused_before_sending(fake):
    _, place = dataset(fake, "14_refused_before_sending")
    attachment = lambda kind, value: [{"row_data": "u", "attachments": [{"type": kind, "value": value}]}]
    raises(no.InvalidQueryError, lambda: place.create_data_rows([{"row_data": "s3://bucket/a.jpg"}]))
    raises(ValueError, lambda: place.create_data_rows([{"row_data": ""}]), "empty payload")
    raises(no.InvalidAttributeError, lambda: place.create_data_rows([{"row_data": "u", "foo": 1}]))
    raises(ValueError, lambda: place.create_data_rows(attachment("TEXT", "x")))
    raises(ValueError, lambda: place.create_data_rows(attachment("IMAGE", "")))
    place.create_data_rows(["/no/such/1.png", "/no/such/2.png"])
    place.create_data_rows([])


def create_data_row_single(fake):
    _, place = dataset(fake, "15_create_data_row_single")
    single = lambda: place.create_data_row(row_data="https://ex.com/single.jpg", global_key="single")
    same(single().global_key, "single")
    raises(no.ResourceCreationError, single, "Duplicate global key: 'single'")


def project_and_batch(fake):
    me = client(fake)
    project = me.create_project(name="p", media_type=MediaType.Image)
    batch = project.create_batch("b1", global_keys=["k1", "k5", "gone"], priority=3)
    same((batch.name, batch.size), ("b1", 2))


def beyond(fake):
    """What was not recorded: pages of outcomes, keys that are freed, large batches, tasks that fail, vanished datasets."""
    me = client(fake)
    place = me.create_dataset(name="beyond", iam_integration=None)
    fake.set(page=4)
    rows = [row(f"{number}.jpg", global_key=f"beyond {number}") for number in range(10)]
    task = place.create_data_rows(rows)
    task.wait_till_done()
    same((len(task.result), task.errors), (10, None))
    task = place.create_data_rows([{**one, "global_key": one["global_key"].upper()} for one in rows])
    task.wait_till_done()
    same((len(task.errors), task.result), (10, None))
    same(len(list(place.data_rows())), 10)
    fake.calm()
    same(me.clear_global_keys(["beyond 0"])["results"], ["beyond 0"])
    freed = next(one["id"] for one in fake.container("beyond")["rows"] if one["name"] is None)
    links = [{"data_row_id": freed, "global_key": "beyond 10"}]
    same(me.assign_global_keys_to_data_rows(links)["status"], "SUCCESS")
    odd = place.create_data_rows([row("odd.jpg", global_key="x" * 201), row("odd.jpg", global_key=" x")])
    odd.wait_till_done()
    same(len(odd.errors), 2)
    more = place.create_data_rows([row(f"m{number}.jpg", global_key=f"m{number}") for number in range(1001)])
    more.wait_till_done()
    batch = me.create_project(name="large", media_type=MediaType.Image).create_batch("b", global_keys=[f"m{number}" for number in range(1001)])
    same(batch.size, 1001)
    fake.set(tasks_fail=True)
    failed = place.create_data_rows([row("f.jpg")])
    failed.wait_till_done()
    same(failed.status, "FAILED")
    fake.calm()
    place.delete()
    raises(no.ResourceNotFoundError, lambda: me.get_dataset(place.uid))
    again = me.create_dataset(name="again", iam_integration=None).create_data_rows([row("0.jpg", global_key="beyond 1")])
    again.wait_till_done()
    same(again.errors, None)
    fake.fail("dataset", {"gone": None})
    raises(no.ResourceNotFoundError, lambda: me.get_dataset(KEPT["main"]))
    same(fake.state()["violations"], [])


main(
    "labelbox",
    {
        "01_init_and_whoami": init_and_whoami,
        "02_list_datasets_projects": list_datasets_projects,
        "03_create_dataset": create_dataset,
        "04_iam_integrations": iam_integrations,
        "05_upload_file": upload_file,
        "06_create_data_rows_local_paths": create_data_rows_local_paths,
        "07_create_data_rows_manifest": create_data_rows_manifest,
        "08_row_errors": row_errors,
        "09_upsert": upsert,
        "10_chunking": chunking,
        "11_existing_keys": existing_keys,
        "12_errors_and_retries": errors_and_retries,
        "13_task_ops": task_ops,
        "14_refused_before_sending": refused_before_sending,
        "15_create_data_row_single": create_data_row_single,
        "17_project_and_batch": project_and_batch,
        "beyond": beyond,
    },
)
