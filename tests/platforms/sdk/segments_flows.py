"""Segments.ai's own SDK against the fake: the recorded flows, and what else a client may count on."""

import io

import segments.client
from scene import answer, main, raises, same
from segments import SegmentsClient
from segments import exceptions as no
from segments.typing import Category, TaskType

VIOLET = {"image": {"url": "https://example.com/violet.jpg"}}
ZERO = {"x": 0.0, "y": 0.0}
TURN = {"qx": 0.0, "qy": 0.0, "qz": 0.0, "qw": 1.0}
ORTHO = {
    "url": "https://example.com/o.png",
    "corners": {"top_left": ZERO, "top_right": ZERO, "bottom_right": ZERO, "bottom_left": ZERO},
    "height_map": {"url": "https://example.com/h.png", "encoding": "rgb16", "offset": 0.0, "scale": 1.0},
}
CLOUD = {
    "pcd": {"url": "https://example.com/a.bin", "type": "kitti"},
    "images": [
        {
            "url": "https://example.com/f.jpg",
            "row": 0,
            "col": 0,
            "intrinsics": {"intrinsic_matrix": [[1.0, 0.0, 2.0], [0.0, 1.0, 2.0], [0.0, 0.0, 1.0]]},
            "extrinsics": {"translation": {"x": 0.0, "y": 0.0, "z": 0.0}, "rotation": TURN},
            "distortion": {
                "model": "brown-conrady",
                "coefficients": {"k1": 0.0, "k2": 0.0, "p1": 0.0, "p2": 0.0, "k3": 0.0},
            },
            "camera_convention": "OpenCV",
            "name": "front",
            "rotation": 0.0,
        }
    ],
    "ego_pose": {"position": {"x": 0.0, "y": 1.0, "z": 2.0}, "heading": TURN},
    "default_z": -1.0,
    "name": "f1",
    "timestamp": "00001",
    "bounds": {"min_z": -1.0, "max_z": 3.0},
    "ortho_images": [ORTHO],
}


def client(fake):
    """A client whose start is not counted: it looks at the status of the API, which is a flow of its own."""
    real = segments.client.SegmentsClient._get
    segments.client.SegmentsClient._get = lambda *_, **__: type("Fine", (), {"status_code": 200})()
    try:
        return SegmentsClient(fake.key, fake.url)
    finally:
        segments.client.SegmentsClient._get = real


def init(fake):
    start = lambda url=fake.url, key=fake.key: SegmentsClient(key, url)
    start()
    start(fake.url + "/prefix/")
    raises(no.AuthenticationError, lambda: start(key="wrong"), "right API key")
    fake.fail("api_status", {"refuse": "no_key"})
    raises(no.AuthenticationError, start, "credentials were not provided")
    fake.fail("api_status", answer(426, {"detail": "Upgrade required"}))
    start()
    fake.fail("api_status", {"refuse": {"throttled": 2}})
    start()
    fake.fail("api_status", {"refuse": {"throttled": None}})
    raises(no.APILimitError, start)
    fake.fail("api_status", {"refuse": {"broken": 500}})
    raises(no.AuthenticationError, start)
    fake.fail("api_status", "drop_before", times=4)
    raises(AttributeError, start)


def users_and_datasets(fake):
    me = client(fake)
    jane = me.get_user()
    same((jane.username, [one.username for one in jane.organizations]), ("jane", ["acme"]))
    same(me.get_user("acme").is_organization, True)
    raises(no.NotFoundError, lambda: me.get_user("nobody"))
    same([one.full_name for one in me.get_datasets()], ["jane/flowers", "acme/lidar"])
    same([one.name for one in me.get_datasets(user="acme", per_page=1, page=1)], ["lidar"])
    raises(no.NotFoundError, lambda: me.get_datasets(page=9), "invalid page")
    same(me.get_dataset("jane/flowers").task_type, "segmentation-bitmap")
    raises(no.NotFoundError, lambda: me.get_dataset("jane/nope"))


def add_dataset(fake):
    me = client(fake)
    same(me.add_dataset("birds").full_name, "jane/birds")
    attributes = {
        "format_version": "0.1",
        "categories": [
            {
                "name": "car",
                "id": 1,
                "color": [255, 0, 0],
                "has_instances": True,
                "attributes": [{"name": "c", "input_type": "select", "values": ["a", "b"]}],
            }
        ],
        "image_attributes": [{"name": "wx", "input_type": "text"}],
    }
    drive = me.add_dataset(
        "drive",
        description="d",
        task_type=TaskType.POINTCLOUD_CUBOID_SEQUENCE,
        task_attributes=attributes,
        category=Category.STREET_SCENERY,
        readme="r",
        metadata={"k": 1},
        organization="acme",
        enable_3d_cuboid_rotation=True,
        region_of_interest={"x": 1},
        enable_object_linking=True,
        enable_extrapolation=True,
    )
    same((drive.full_name, drive.owner.username), ("acme/drive", "acme"))
    raises(no.AlreadyExistsError, lambda: me.add_dataset("birds"))
    raises(no.ValidationError, lambda: me.add_dataset("x", task_attributes={"categories": [{"id": "x"}]}))


def upload_asset(fake):
    me = client(fake)
    red = lambda: me.upload_asset(open("media/red.png", "rb"), "red.png")
    asset = red()
    same(asset.url, f"{fake.storage}/segmentsai-prod/{asset.presignedPostFields.fields['key']}")
    me.upload_asset(open("media/blue sky #1.png", "rb"), "renamed.png")
    me.upload_asset(open("media/çiçek.png", "rb"), "çiçek.png")
    me.upload_asset(io.BytesIO(b"abc"), "mem.bin")
    me.upload_asset(open("media/cloud.pcd"), "cloud.pcd")
    me.upload_asset(io.BytesIO(b"abc"))
    same([one["size"] for one in fake.state()["objects"] if asset.url.endswith(one["key"])], [75])
    fake.set(expired_targets=True)
    raises(no.NetworkError, red, "policy expired")
    fake.set(expired_targets=False, file_limit=74)
    raises(no.NetworkError, red, "entitytoolarge", "<proposedsize>75")
    fake.calm()
    fake.fail("storage_post", answer(201, "<?xml version=\"1.0\"?><PostResponse/>", "application/xml"))
    raises(no.NetworkError, red, "expecting value")
    fake.fail("storage_post", "drop_before")
    raises(no.NetworkError, red, "aborted")
    fake.fail("create_asset", {"refuse": {"throttled": 12}})
    raises(no.NetworkError, red, "throttled")
    fake.fail("create_asset", {"refuse": "throttled_oddly"})
    raises(no.APILimitError, red, "12 seconds")
    fake.fail("create_asset", {"refuse": "plan_limit"})
    raises(no.SubscriptionError, red)


def add_sample(fake):
    me = client(fake)
    same(me.add_sample("jane/flowers", "violet.jpg", VIOLET).created_by, "jane")
    more = {"metadata": {"city": "London", "robot_id": 3}, "priority": 10, "readme": "r"}
    rose = me.add_sample(
        "jane/flowers", "rose.jpg", VIOLET, assigned_labeler="jane", assigned_reviewer="jane", enable_compression=False, **more
    )
    same(rose.metadata, more["metadata"])
    raises(no.AlreadyExistsError, lambda: me.add_sample("jane/flowers", "violet.jpg", VIOLET))
    raises(no.NotFoundError, lambda: me.add_sample("jane/nope", "a", VIOLET))
    me.add_sample("jane/flowers", "extra.jpg", {"image": {"url": "u", "what": 1}, "more": 2})
    raises(no.ValidationError, lambda: me.add_sample("jane/flowers", "bad", {"nothing": 1}))
    fake.fail("create_sample", {"error_after": 500})
    raises(no.NetworkError, lambda: me.add_sample("jane/flowers", "big", VIOLET), "internal server error")
    fake.fail("create_sample", "drop_before")
    raises(no.NetworkError, lambda: me.add_sample("jane/flowers", "dropped", VIOLET), "aborted")
    rows = {row["name"]: row for row in fake.container("jane/flowers")["rows"]}
    same((sorted(rows), rows["violet.jpg"]["sent"], rows["violet.jpg"]["created"]), (["big", "extra.jpg", "rose.jpg", "violet.jpg"], 2, 1))


def sample_types(fake):
    me = client(fake)
    frames = [{"image": {"url": "u1"}, "name": "f1", "timestamp": 5}, {"image": {"url": "u2"}}]
    me.add_sample("jane/flowers", "seq", {"frames": frames})
    me.add_sample("acme/lidar", "pcd", CLOUD)
    two = [CLOUD, {"pcd": {"url": "u", "type": "pcd"}}]
    me.add_sample("acme/lidar", "pcdseq", {"frames": two, "ortho_images": [ORTHO]})
    sensors = [
        {"name": "Lidar", "task_type": "pointcloud-cuboid-sequence", "attributes": {"frames": [CLOUD]}},
        {"name": "Camera 1", "task_type": "image-vector-sequence", "attributes": {"frames": [{"image": {"url": "u"}, "timestamp": 1}]}},
    ]
    me.add_sample("acme/lidar", "multi", {"sensors": sensors})
    same(fake.container("acme/lidar")["count"], 3)


def add_samples_bulk(fake):
    me = client(fake)
    changed = {"image": {"url": "https://example.com/CHANGED.jpg"}}
    new = [{"name": "b1", "attributes": VIOLET, "metadata": {"n": 1}, "priority": 2.5}, {"name": "b2", "attributes": VIOLET}]
    told = me.add_samples("jane/flowers", [*new, {"name": "violet.jpg", "attributes": changed}])
    same([one.name for one in told], ["b1", "b2", "violet.jpg"])
    same(told[2].attributes.image.url, VIOLET["image"]["url"])
    raises(KeyError, lambda: me.add_samples("jane/flowers", [{"attributes": VIOLET}]))
    same(me.add_samples("jane/flowers", []), [])


def list_samples(fake):
    me = client(fake)
    same([one.name for one in me.get_samples("jane/flowers")], ["b1", "b2", "big", "extra.jpg", "rose.jpg", "seq", "violet.jpg"])
    same([one.name for one in me.get_samples("jane/flowers", per_page=2, page=2)], ["big", "extra.jpg"])
    raises(no.NotFoundError, lambda: me.get_samples("jane/flowers", per_page=2, page=99), "invalid page")
    same(me.get_samples("jane/flowers", name="blue sky & #1"), [])
    labels = ["UNLABELED", "PRELABELED"]
    found = me.get_samples(
        "jane/flowers", labelset="ground-truth", label_status=labels, metadata="city:London", sort="created_at",
        direction="desc", include_full_label=True,
    )
    same([one.name for one in found], ["rose.jpg"])
    first = me.get_samples("jane/flowers")[0]
    same(me.update_sample(first.uuid, name="renamed", metadata={"a": 1}).name, "renamed")
    same(me.delete_samples("jane/flowers", [first.uuid, "00000000-0000-0000-0000-000000000001"]).deleted_count, 1)
    raises(no.ValidationError, lambda: me.delete_samples("jane/flowers", [str(number) for number in range(1001)]))


def end_to_end(fake):
    me = client(fake)
    asset = me.upload_asset(open("media/red.png", "rb"), "red.png")
    sample = me.add_sample("jane/flowers", "red.png", {"image": {"url": asset.url}})
    same(sample.attributes.image.url, asset.url)


def beyond(fake):
    """What was not recorded: many rows, refusals, a field that the SDK does not know, vanished datasets."""
    me = client(fake)
    same(len(me.add_samples("jane/birds", [{"name": f"{n:05}", "attributes": VIOLET} for n in range(2500)])), 2500)
    names = [one.name for page in (1, 2, 3) for one in me.get_samples("jane/birds", page=page)]
    same(names, [f"{n:05}" for n in range(2500)])
    raises(no.NotFoundError, lambda: me.get_samples("jane/birds", page=4), "invalid page")
    fake.set(refuse=[{"holding": "bad", "words": "Could not read the image."}], rows_limit=10)
    raises(no.NetworkError, lambda: me.add_samples("jane/birds", [{"name": f"x{n}", "attributes": VIOLET} for n in range(11)]), "413")
    raises(no.NetworkError, lambda: me.add_samples("jane/birds", [{"name": n, "attributes": VIOLET} for n in ("ok", "bad")]), "read the image")
    same(fake.container("jane/birds")["count"], 2500)
    fake.set(extra_fields=True, refuse=[], rows_limit=None)
    raises(no.NetworkError, lambda: me.upload_asset(io.BytesIO(b"abc"), "a.png"), "policy condition failed")
    fake.fail("create_sample", {"gone": "jane/birds"})
    raises(no.NotFoundError, lambda: me.add_sample("jane/birds", "late", VIOLET))
    same(fake.state()["violations"], [])


main(
    "segments",
    {
        "01_init": init,
        "02_user_and_datasets": users_and_datasets,
        "03_add_dataset": add_dataset,
        "04_upload_asset": upload_asset,
        "05_add_sample": add_sample,
        "06_sample_types": sample_types,
        "07_add_samples_bulk": add_samples_bulk,
        "08_list_samples": list_samples,
        "09_end_to_end": end_to_end,
        "beyond": beyond,
    },
)
