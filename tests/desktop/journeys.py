#!/usr/bin/python3
"""The real program on a real desktop: a real drop, a real keyring, a real S3 server.

usage, inside session.sh: journeys.py FOLDER_OF_THE_PROGRAMS [NAME...]
Ends with `N passed, N failed`; pictures are in tests/artefacts/desktop.
"""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
import traceback
import urllib.request
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
from drop import Dragging, close_window, drop  # noqa: E402
from scene import ARTEFACTS, BUCKET, SECRET_KEY, ACCESS_KEY, Scene  # noqa: E402

README_PICTURE = Path(__file__).resolve().parent.parent / "screenshots" / "upload.png"
MENU = "[role=menuitemradio], [role=menuitem]"


def choose(window, connection):
    """Picks where the files go, in the route."""
    window.click("Destination", exact=False, selector="button[aria-haspopup=menu]")
    window.click(connection, exact=False, selector=MENU)


def press_upload(window, count):
    window.click(f"Upload {count} files" if count != 1 else "Upload one file")


def same_files(top, files):
    for name, content in files.items():
        path = top / name
        assert path.is_file(), f"{path} did not arrive"
        assert path.read_bytes() == content, f"{path} has other content"
    there = sum(1 for path in top.rglob("*") if path.is_file())
    assert there == len(files), f"{there} files arrived, {len(files)} were given"


def states(receipt):
    """How often each state stands in a receipt."""
    counted = {}
    for one in receipt["files"]:
        counted[one["state"]] = counted.get(one["state"], 0) + 1
    return counted


def opens_quietly(scene):
    """The window is there, says what it does, and its picture is the one of the README."""
    with scene.window() as window:
        window.wait_screen("upload")
        window.find("Choose files…")
        window.picture(ARTEFACTS / "upload.png")
        if os.environ.get("GANTRY_RENEW"):
            README_PICTURE.parent.mkdir(exist_ok=True)
            shutil.copy(ARTEFACTS / "upload.png", README_PICTURE)
        for width, height in ((720, 480), (1400, 900)):
            window.resize(width, height)
            window.picture(ARTEFACTS / f"upload-{width}x{height}.png")


def dropped_folder_reaches_s3(scene):
    """Drop, review, upload, receipt, with the secret in the keyring."""
    top, files = scene.photos()
    scene.connect_in_console("field-bucket", scene.s3())
    with scene.window() as window:
        window.wait_screen("upload")
        drop(window.program, top)
        window.wait_screen("review")
        choose(window, "field-bucket")
        window.wait_text(BUCKET)
        # The rules follow the destination without a file being read again: one name has a character that S3 warns of.
        window.wait_text("S3 advises to avoid")
        window.picture(ARTEFACTS / "review.png")
        press_upload(window, len(files))
        window.wait_screen("done", seconds=120)
        window.picture(ARTEFACTS / "done.png")
        assert "verified by checksum" in window.text().lower(), window.text()
    same_files(scene.objects / top.name, files)
    [receipt] = scene.receipts()
    assert states(receipt) == {"verified": len(files)}, states(receipt)
    assert not scene.secret_on_disk()


def dropped_folder_reaches_this_computer(scene):
    """Works at once, without an account; the same drop again sends nothing."""
    top, files = scene.photos()
    with scene.window() as window:
        for round_number in (1, 2):
            window.wait_screen("upload", "done")
            drop(window.program, top)
            window.wait_screen("review")
            press_upload(window, len(files))
            window.wait_screen("done", seconds=120)
            window.picture(ARTEFACTS / f"this-computer-{round_number}.png")
    same_files(Path(os.environ["HOME"]) / "Gantry" / top.name, files)
    first, second = scene.receipts()
    assert states(first) == {"verified": len(files)}, states(first)
    assert states(second) == {"same": len(files)}, states(second)


def registered_by_three_clicks(scene, kind, container):
    """My bucket, registered at the platform: three clicks after the drop the first time, one the second time."""
    top, files = scene.photos()
    with scene.window() as window:
        window.wait_screen("upload")
        # Connections may come while the window is open.
        scene.connect_in_console("field-bucket", scene.s3())
        state = scene.platform(kind)
        drop(window.program, top)
        window.wait_screen("review")
        window.find(f"Upload {len(files)} files")
        window.picture(ARTEFACTS / f"{kind}-review.png")
        window.click("Register at a platform")
        window.click(container, exact=False, selector="[role=option]")
        window.wait_text(f"{len(files)} files", seconds=30)
        window.picture(ARTEFACTS / f"{kind}-destination.png")
        window.click(f"Upload and register {len(files)} files")
        window.wait_screen("done", seconds=120)
        window.wait_text("registered")
        window.picture(ARTEFACTS / f"{kind}-done.png")
        drop(window.program, top)
        window.wait_screen("review")
        window.click(f"Upload and register {len(files)} files")
        window.until("the second receipt", lambda: len(scene.receipts()) == 2, seconds=60)
        window.picture(ARTEFACTS / f"{kind}-done-again.png")
    same_files(scene.objects / top.name, files)
    first, second = scene.receipts()
    assert states(first) == {"visible": len(files)}, states(first)
    assert states(second) == {"same": len(files)}, states(second)
    told = json.loads(urllib.request.urlopen(state, timeout=20).read())
    rows = [row for one in told["containers"] for row in one["rows"]]
    assert len(rows) == len(files), len(rows)
    assert not scene.secret_on_disk() and not scene.secret_on_disk(f"{kind}-key-of")


def bucket_registered_at_labelbox(scene):
    registered_by_three_clicks(scene, "labelbox", "birds")


def bucket_registered_at_segments(scene):
    registered_by_three_clicks(scene, "segments", "flowers")


def bucket_registered_at_ango(scene):
    registered_by_three_clicks(scene, "ango", "cats")


def bucket_connected_in_the_window(scene):
    """The form, the test of the connection, and the secret nowhere but in the keyring."""
    endpoint = scene.s3()
    with scene.window() as window:
        window.wait_screen("upload")
        window.click("Connections")
        window.wait_screen("connections")
        window.click("Connect a bucket", exact=False)
        window.wait_screen("connect")
        fields = {"Name of the connection": "in-window", "Bucket": BUCKET, "Region": "us-east-1", "Address of the store": endpoint}
        for label, value in (fields | {"Access key ID": ACCESS_KEY, "Secret access key": SECRET_KEY}).items():
            window.type(label, value)
        window.picture(ARTEFACTS / "connect.png")
        window.click("Save and test")
        window.wait_screen("connections")
        window.wait_text("in-window")
        window.picture(ARTEFACTS / "connected.png")
        assert SECRET_KEY not in window.js("return document.documentElement.outerHTML")
    assert "in-window" in scene.console("connections")
    assert not scene.secret_on_disk()


def killed_in_the_middle_goes_on(scene):
    """The power is cut while it sends; the next start finishes by itself."""
    top = scene.large(megabytes=192)
    scene.connect_in_console("field-bucket", scene.s3())
    with scene.window() as window:
        window.wait_screen("upload")
        drop(window.program, top)
        window.wait_screen("review")
        choose(window, "field-bucket")
        press_upload(window, 1)
        window.wait_screen("sending", "done")
        kill_program(scene)
    with scene.window() as window:
        window.until("the upload goes on", lambda: window.screen() in ("upload", "sending", "done"))
        deadline = time.monotonic() + 120
        while not scene.receipts() and time.monotonic() < deadline:
            time.sleep(0.1)
        window.picture(ARTEFACTS / "after-the-kill.png")
    [receipt] = scene.receipts()
    assert states(receipt) == {"verified": 1}, states(receipt)
    sent, arrived = top / "tape.bin", scene.objects / top.name / "tape.bin"
    assert subprocess.run(["cmp", str(sent), str(arrived)]).returncode == 0


def kill_program(scene):
    """Ends the program of this scene without a word; it is found by its own path and data folder."""
    program = str((scene.programs / "gantry").resolve())
    for process in Path("/proc").glob("[0-9]*"):
        try:
            of_scene = f"GANTRY_HOME={scene.home}".encode() in (process / "environ").read_bytes().split(b"\0")
            if of_scene and os.readlink(process / "exe") == program:
                os.kill(int(process.name), signal.SIGKILL)
        except OSError:
            continue


def closed_and_opened_again_at_once(scene):
    """A part is on its way when the window is closed; who opens it again at once has a window, and the upload goes on."""
    top = scene.large(megabytes=24)
    scene.connect_in_console("field-bucket", scene.s3())
    with scene.window() as window:
        window.wait_screen("upload")
        window.click("Settings")
        window.click("Transfers")
        window.click("Limited", selector="label")
        window.type("Megabytes a second", "1")
        window.click("Upload")
        drop(window.program, top)
        window.wait_screen("review")
        choose(window, "field-bucket")
        press_upload(window, 1)
        window.wait_screen("sending")
        close_window(window.program)
        with scene.window() as again:
            again.until("the upload", lambda: top.name in again.text())
            assert "at work here" not in again.text(), again.text()
            again.until("the first to end", lambda: not window.is_alive())
            assert "at work here" not in again.text(), again.text()
            assert again.is_alive()


def second_start_joins_the_first(scene):
    """One window: a second start hands its paths to the first and leaves."""
    top, files = scene.photos()
    with scene.window() as window:
        window.wait_screen("upload")
        environment = {**os.environ, "GANTRY_HOME": str(scene.home)}
        second = subprocess.run([str(scene.programs / "gantry"), str(top)], env=environment, timeout=60)
        assert second.returncode == 0, second.returncode
        window.wait_screen("review")
        window.find(f"Upload {len(files)} files")


MANIFEST = """[
  {"row_data": "https://acme.example/street+view/1.jpg", "global_key": "a"},
  {"row_data": "https://acme.example/2.jpg",\n   "global_key" :  "b"},
  {"row_data": "https://acme.example/street+view/3.jpg", "global_key": "c"}
]
"""


def manifest_is_dropped_repaired_and_saved(scene):
    """A dropped manifest goes to the bench; the repaired copy differs in nothing but the repair, and the file itself in nothing."""
    manifest, saved = scene.folder / "birds.json", scene.folder / "birds-repaired.json"
    manifest.write_text(MANIFEST)
    with scene.window() as window:
        window.wait_screen("upload")
        drop(window.program, manifest)
        window.wait_screen("bench")
        window.wait_text("Looks like Labelbox")
        window.click("Repair 2 rows", exact=False)
        window.wait_text("2 rows repaired here")
        window.picture(ARTEFACTS / "manifest.png")
        window.click("Save as…")
        answer_save_dialog()
        window.until("the copy", saved.exists)
        window.wait_text("3 rows saved")
        window.picture(ARTEFACTS / "manifest-saved.png")
    assert saved.read_text() == MANIFEST.replace("street+view", "street%20view"), saved.read_text()
    assert manifest.read_text() == MANIFEST


def manifest_is_registered(scene):
    """The rows of a manifest are registered where the person picks, and the second time none is made."""
    manifest = scene.folder / "birds.json"
    manifest.write_text(MANIFEST)
    with scene.window() as window:
        window.wait_screen("upload")
        state = scene.platform("labelbox")
        for receipts in (1, 2):
            drop(window.program, manifest)
            window.wait_screen("bench")
            window.click("Register 3 rows…")
            window.click("birds", exact=False, selector="[role=option]")
            window.wait_text("Access to the bucket")
            window.picture(ARTEFACTS / "manifest-register.png")
            window.click("Register 3 rows")
            window.until("its receipt", lambda: len(scene.receipts()) == receipts, seconds=60)
            window.wait_screen("done")
            window.picture(ARTEFACTS / f"manifest-registered-{receipts}.png")
    first, second = scene.receipts()
    assert states(first) == {"visible": 3}, states(first)
    assert states(second) == {"same": 3}, states(second)
    told = json.loads(urllib.request.urlopen(state, timeout=20).read())
    rows = [row for one in told["containers"] for row in one["rows"]]
    assert len(rows) == 3, rows


def answer_save_dialog():
    """The system's dialog offers a name beside the file: Enter takes it."""
    find = ["xdotool", "search", "--sync", "--onlyvisible", "--name", "Save as a new file"]
    dialog = subprocess.run(find, capture_output=True, text=True, timeout=30, check=True).stdout.split()[0]
    subprocess.run(["xdotool", "windowactivate", "--sync", dialog], check=True, timeout=30)
    time.sleep(0.5)
    subprocess.run(["xdotool", "key", "Return"], check=True, timeout=30)


def drag_that_leaves_does_nothing(scene):
    """Hovering is shown; leaving takes nothing in, and dropping never navigates."""
    top, _ = scene.photos()
    with scene.window() as window:
        window.wait_screen("upload")
        before = window.js("return location.href")
        dragging = Dragging(window.program)
        dragging.over([top])
        window.wait_text("Let go to check")
        window.picture(ARTEFACTS / "drag-over.png")
        dragging.leave()
        window.until("the drag is over", lambda: "Let go to check" not in window.text())
        assert (window.screen(), window.js("return location.href")) == ("upload", before)


JOURNEYS = [
    opens_quietly,
    drag_that_leaves_does_nothing,
    dropped_folder_reaches_s3,
    dropped_folder_reaches_this_computer,
    bucket_registered_at_labelbox,
    bucket_registered_at_segments,
    bucket_registered_at_ango,
    bucket_connected_in_the_window,
    manifest_is_dropped_repaired_and_saved,
    manifest_is_registered,
    second_start_joins_the_first,
    closed_and_opened_again_at_once,
    killed_in_the_middle_goes_on,
]


def main():
    programs, wanted = sys.argv[1], sys.argv[2:]
    shutil.rmtree(ARTEFACTS, ignore_errors=True)
    ARTEFACTS.mkdir(parents=True)
    passed, failed = 0, 0
    for journey in JOURNEYS:
        if wanted and journey.__name__ not in wanted:
            continue
        began = time.monotonic()
        try:
            with Scene(programs, journey.__name__) as scene:
                journey(scene)
            passed += 1
            print(f"ok      {journey.__name__} ({time.monotonic() - began:.1f} s)", flush=True)
        except Exception:
            failed += 1
            print(f"FAILED  {journey.__name__}: {journey.__doc__}\n{traceback.format_exc()}", flush=True)
    print(f"{passed} passed, {failed} failed")
    sys.exit(1 if failed or not passed else 0)


if __name__ == "__main__":
    main()
