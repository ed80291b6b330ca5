"""What the flows of the three SDKs share: the fake that they talk to, files to upload, and what must be raised."""

import base64
import json
import os
import struct
import sys
import tempfile
import time
import urllib.request
import zlib


class Fake:
    """The fake's own doors, beside the platform's: switches, state, marks."""

    def __init__(self, url, storage, key):
        self.url, self.storage, self.key = url, storage, key
        self.control = url.removesuffix("/graphql") + "/_gantry/"

    def _ask(self, path, body=None):
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.control + path, data=data)
        with urllib.request.urlopen(request) as answer:
            return json.load(answer)

    def mark(self, flow):
        """What comes from here on belongs to this flow."""
        self._ask("switch", {"mark": flow})

    def fail(self, on, what, times=1, **more):
        self._ask("switch", {"fail": {"on": on, "what": what, "times": times, **more}})

    def set(self, **manners):
        self._ask("switch", {"set": manners})

    def calm(self):
        self._ask("switch", {"calm": True})

    def state(self):
        return self._ask("state")

    def container(self, name):
        return next(one for one in self.state()["containers"] if name in (one["name"], one["id"]))


def answer(status, body, content_type="application/json"):
    """A fault: exactly this answer."""
    text = body if isinstance(body, str) else json.dumps(body)
    return {"answer": {"status": status, "body": text, "content_type": content_type}}


def raises(kind, call, *words):
    """Calls, and insists on an exception of this kind with these words in it."""
    try:
        returned = call()
    except kind as raised:
        said = f"{type(raised).__name__}: {raised}"
        missing = [word for word in words if word.lower() not in said.lower()]
        assert not missing, f"{missing} is not in: {said}"
        return raised
    raise AssertionError(f"{kind.__name__} was expected, {returned!r} came")


def same(one, other):
    assert one == other, f"{one!r} is not {other!r}"


def png(red, green, blue):
    """A picture of 8 by 8 points of one colour."""

    def chunk(kind, content):
        whole = kind + content
        return struct.pack(">I", len(content)) + whole + struct.pack(">I", zlib.crc32(whole))

    rows = (b"\0" + bytes((red, green, blue)) * 8) * 8
    head = struct.pack(">IIBBBBB", 8, 8, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


CLOUD = """# .PCD v0.7
VERSION 0.7
FIELDS x y z
SIZE 4 4 4
TYPE F F F
COUNT 1 1 1
WIDTH 2
HEIGHT 1
VIEWPOINT 0 0 0 1 0 0 0
POINTS 2
DATA ascii
0 0 0
1 1 1
"""


def media():
    """A folder of its own with files to upload in `media`; the flows name them from there."""
    os.chdir(tempfile.mkdtemp(prefix="gantry-sdk-"))
    os.mkdir("media")
    contents = {
        "red.png": png(255, 0, 0),
        "blue sky #1.png": png(0, 0, 255),
        "çiçek.png": png(0, 255, 0),
        "clip.mp4": struct.pack(">I", 24) + b"ftypmp42" + bytes(64),
        "note.txt": b"hello labelbox\n",
        "noext": b"no extension at all",
        "scan.nii.gz": base64.b64decode("eJzLy0wryQQABlICGw=="),
        "cloud.pcd": CLOUD.encode(),
    }
    for name, content in contents.items():
        with open(os.path.join("media", name), "wb") as file:
            file.write(content)


def hurry():
    """Waits of the SDKs last a moment: they would only make the test longer."""
    real = time.sleep
    time.sleep = lambda seconds: real(min(seconds, 0.02))


def main(title, flows):
    """Runs the flows one after the other against the fake that the arguments name: URL STORAGE KEY."""
    fake = Fake(*sys.argv[1:4])
    media()
    hurry()
    for name, flow in flows.items():
        fake.mark(name)
        fake.calm()
        try:
            flow(fake)
        except BaseException:
            print(f"{title}: {name} failed", flush=True)
            raise
    print(f"{title}: {len(flows)} flows as the vendor's SDK wants them", flush=True)
