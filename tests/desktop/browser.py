"""The web view of the real program, driven through WebKitWebDriver with nothing but the standard library.

What a person would use is used here: names of buttons, words on the screen, keys. Only `data-screen` is a mark for tests.
"""

import base64
import json
import os
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from pathlib import Path

ELEMENT = "element-6066-11e4-a52e-4f735466cecf"
WAIT_SECONDS = 30
END_SECONDS = 10

# Visible elements of a role whose accessible name passes; buttons that are off do not count.
FIND = """
const [selector, wanted, exact] = arguments;
const name = (e) => (e.getAttribute('aria-label') || e.innerText || e.value || '').replace(/\\s+/g, ' ').trim();
const shown = (e) => e.getClientRects().length > 0 && !e.disabled && e.getAttribute('aria-disabled') !== 'true';
return [...document.querySelectorAll(selector)].find((e) => shown(e) && (exact ? name(e) === wanted : name(e).includes(wanted))) || null;
"""
# The field of the label that says exactly this, else of the first that begins with it.
FIELD = """
const named = document.querySelector(`input[aria-label="${CSS.escape(arguments[0])}"]`);
if (named) return named;
const labels = [...document.querySelectorAll('label')].map((e) => [e, e.textContent.trim()]);
const [label] = labels.find(([, text]) => text === arguments[0]) || labels.find(([, text]) => text.startsWith(arguments[0])) || [];
label?.closest('details')?.setAttribute('open', '');
return label && (label.control || document.getElementById(label.htmlFor)) || null;
"""
# What is in the page is on the screen: fonts are there, and two frames have gone by.
PAINTED = """
const done = arguments[0];
document.fonts.ready.then(() => requestAnimationFrame(() => requestAnimationFrame(() => done(true))));
"""
SCREEN = "return document.querySelector('main')?.dataset.screen ?? ''"
BUTTONS = "button, [role=button], a[href], summary"


class Refused(RuntimeError):
    """The driver did not do what it was asked."""


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


class Window:
    """One run of the program with its driver. Use it in a `with` block."""

    def __init__(self, program, *paths, home, failure):
        self.port, self.failure = free_port(), failure
        # Tauri lets itself be driven only with these.
        automated = {"TAURI_AUTOMATION": "true", "TAURI_WEBVIEW_AUTOMATION": "true", "GANTRY_HOME": str(home)}
        self.driver = subprocess.Popen(
            ["WebKitWebDriver", f"--port={self.port}"],
            env={**os.environ, **automated},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self.session, self.program = "", 0
        try:
            self._wait_for_driver()
            options = {"binary": str(program), "args": [str(path) for path in paths]}
            wanted = {"capabilities": {"alwaysMatch": {"webkitgtk:browserOptions": options}}}
            self.session = "/session/" + self._ask("POST", "/session", wanted)["sessionId"]
            self.program = self._process_of(program)
        except BaseException:
            self.close()
            raise

    def _wait_for_driver(self):
        for _ in range(200):
            try:
                socket.create_connection(("127.0.0.1", self.port), 0.2).close()
                return
            except OSError:
                time.sleep(0.05)
        raise Refused("WebKitWebDriver does not listen")

    def _process_of(self, program):
        """The number of the process that the driver started for this session."""
        for tasks in Path(f"/proc/{self.driver.pid}/task").glob("*/children"):
            for child in tasks.read_text().split():
                if os.path.realpath(f"/proc/{child}/exe") == os.path.realpath(program):
                    return int(child)
        raise Refused(f"the driver has no child that is {program}")

    def is_alive(self):
        """Whether the program still runs."""
        try:
            return Path(f"/proc/{self.program}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
        except OSError:
            return False

    def _ask(self, method, path, body=None):
        text = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}", text, {"content-type": "application/json"}, method=method)
        try:
            with urllib.request.urlopen(request, timeout=90) as answer:
                return json.load(answer)["value"]
        except urllib.error.HTTPError as error:
            raise Refused(error.read().decode(errors="replace")[:600]) from None

    def js(self, script, *values):
        return self._ask("POST", f"{self.session}/execute/sync", {"script": script, "args": list(values)})

    def until(self, what, ready, seconds=WAIT_SECONDS):
        """Asks again until the answer is truthy; says what it waited for, where it was and what was on the screen."""
        end = time.monotonic() + seconds
        while True:
            answer = ready()
            if answer:
                return answer
            if time.monotonic() > end:
                raise AssertionError(f"waited {seconds} s for {what}; screen {self.screen()!r} says:\n{self.text()[:1500]}")
            time.sleep(0.05)

    def screen(self):
        return self.js(SCREEN)

    def text(self):
        return self.js("return document.body.innerText")

    def wait_screen(self, *names, seconds=WAIT_SECONDS):
        return self.until(f"screen {' or '.join(names)}", lambda: self.screen() if self.screen() in names else "", seconds)

    def wait_text(self, wanted, seconds=WAIT_SECONDS):
        self.until(f"the words {wanted!r}", lambda: wanted in self.text(), seconds)

    def find(self, name, exact=True, selector=BUTTONS, seconds=WAIT_SECONDS):
        return self.until(f"{selector} named {name!r}", lambda: self.js(FIND, selector, name, exact), seconds)[ELEMENT]

    def click(self, name, exact=True, selector=BUTTONS):
        element = self.find(name, exact, selector)
        self._ask("POST", f"{self.session}/element/{element}/click", {})

    def type(self, label, text):
        """Types into the field with this label."""
        element = self.until(f"a field labelled {label!r}", lambda: self.js(FIELD, label))[ELEMENT]
        self._ask("POST", f"{self.session}/element/{element}/clear", {})
        self._ask("POST", f"{self.session}/element/{element}/value", {"text": text})

    def resize(self, width, height):
        self._ask("POST", f"{self.session}/window/rect", {"width": width, "height": height})

    def picture(self, path):
        """What the web view shows, without the window's frame."""
        path.parent.mkdir(parents=True, exist_ok=True)
        self._ask("POST", f"{self.session}/execute/async", {"script": PAINTED, "args": []})
        path.write_bytes(base64.b64decode(self._ask("GET", f"{self.session}/screenshot")))

    def close(self):
        """Ends the session, and does not return before the program is gone."""
        try:
            if self.session:
                self._ask("DELETE", self.session)
        except (Refused, OSError):
            pass
        finally:
            self._see_it_end()
            self.driver.terminate()
            self.driver.wait(timeout=20)

    def _see_it_end(self):
        """The driver answers before it has ended the program, and does not end it any more once it is told to leave itself."""
        end = time.monotonic() + END_SECONDS
        while self.program and self.is_alive():
            if time.monotonic() > end:
                os.kill(self.program, signal.SIGKILL)
            time.sleep(0.02)

    def __enter__(self):
        return self

    def __exit__(self, kind, *_):
        """Keeps a picture of what was there when something went wrong."""
        try:
            if kind and self.session:
                self.picture(self.failure)
        except (Refused, OSError):
            pass
        finally:
            self.close()
