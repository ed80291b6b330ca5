"""A drop as a file manager makes it: an X client that speaks XDND version 5 to the window under test.

Protocol: https://www.freedesktop.org/wiki/Specifications/XDND/
"""

import os
import time
import urllib.parse

from Xlib import X, Xatom, display
from Xlib.protocol import event

TITLE = "Gantry"
VERSION = 5
STEPS = 6
STEP_SECONDS = 0.02
ANSWER_SECONDS = 10


class WindowOf:
    """The window of one process, and of no other that looks like it."""

    def __init__(self, process):
        self.display, self.process = display.Display(), process
        self.root = self.display.screen().root
        self.target = self._wait_for()

    def _atom(self, name):
        return self.display.intern_atom(name)

    def _wait_for(self):
        end = time.monotonic() + ANSWER_SECONDS
        while time.monotonic() < end:
            found = self._search(self.root)
            if found:
                return found
            time.sleep(0.1)
        raise AssertionError(f"process {self.process} has no window {TITLE!r} that takes drops")

    def _search(self, window):
        try:
            for child in window.query_tree().children:
                if TITLE in self._title(child) and self._owner(child) == self.process and (taker := self._taker(child)):
                    return taker
                if found := self._search(child):
                    return found
        except Exception:  # windows come and go while they are asked
            return None
        return None

    def _title(self, window):
        name = window.get_full_property(self._atom("_NET_WM_NAME"), X.AnyPropertyType)
        return name.value.decode("utf-8", "replace") if name and isinstance(name.value, bytes) else ""

    def _owner(self, window):
        number = window.get_full_property(self._atom("_NET_WM_PID"), X.AnyPropertyType)
        return number.value[0] if number else None

    def _taker(self, window):
        if window.get_full_property(self._atom("XdndAware"), X.AnyPropertyType):
            return window
        return next((taker for child in window.query_tree().children if (taker := self._taker(child))), None)

    def close(self):
        """Asks the window manager to close it, as its button does."""
        mask = X.SubstructureRedirectMask | X.SubstructureNotifyMask
        wish = event.ClientMessage(window=self.target, client_type=self._atom("_NET_CLOSE_WINDOW"), data=(32, [0, 2, 0, 0, 0]))
        self.root.send_event(wish, event_mask=mask)
        self.display.flush()


class Dragging(WindowOf):
    """One drag from a window of our own onto it."""

    def __init__(self, process):
        super().__init__(process)
        self.source = self.root.create_window(0, 0, 1, 1, 0, X.CopyFromParent, event_mask=X.PropertyChangeMask)
        self.uris = b""
        self.accepted = False

    def _now(self):
        """The server's time: what it stamps on a change of a property."""
        self.source.change_property(self._atom("GANTRY_TEST"), Xatom.STRING, 8, b"")
        while True:
            one = self.display.next_event()
            if one.type == X.PropertyNotify:
                return one.time

    def _middle(self):
        size, origin = self.target.get_geometry(), self.target.translate_coords(self.root, 0, 0)
        return -origin.x + size.width // 2, -origin.y + size.height // 2

    def _tell(self, kind, *values):
        message = event.ClientMessage(window=self.target, client_type=self._atom(kind), data=(32, [self.source.id, *values]))
        self.target.send_event(message)
        self.display.flush()

    def _until(self, kind):
        """Serves the target until it sends this message."""
        end = time.monotonic() + ANSWER_SECONDS
        while time.monotonic() < end:
            if not self.display.pending_events():
                time.sleep(0.005)
                continue
            one = self.display.next_event()
            if one.type == X.SelectionRequest:
                self._hand_over(one)
            elif one.type == X.ClientMessage and one.client_type == self._atom("XdndStatus"):
                self.accepted = bool(one.data[1][1] & 1)
            if one.type == X.ClientMessage and one.client_type == self._atom(kind):
                return True
        return False

    def _hand_over(self, request):
        given = request.property or request.target
        if request.target == self._atom("text/uri-list"):
            request.requestor.change_property(given, request.target, 8, self.uris)
        else:
            given = X.NONE
        answer = event.SelectionNotify(
            time=request.time, requestor=request.requestor, selection=request.selection, target=request.target, property=given
        )
        request.requestor.send_event(answer)
        self.display.flush()

    def over(self, paths):
        """Carries the paths to the middle of the window and holds them there."""
        quoted = (urllib.parse.quote(os.fsencode(os.path.abspath(path))) for path in paths)
        self.uris = "".join(f"file://{path}\r\n" for path in quoted).encode()
        self.stamp, uri_list = self._now(), self._atom("text/uri-list")
        self.source.set_selection_owner(self._atom("XdndSelection"), self.stamp)
        self._tell("XdndEnter", VERSION << 24, uri_list, 0, 0)
        x, y = self._middle()
        # The window fetches what is held while the pointer moves, and takes the drag only once it knows.
        self.accepted, step, end = False, 0, time.monotonic() + ANSWER_SECONDS
        while step < STEPS or not self.accepted:
            assert time.monotonic() < end, "the window does not take the drag"
            place = (x - 4 * (max(STEPS - 1 - step, step % 2))) << 16 | y
            self._tell("XdndPosition", 0, place, self.stamp, self._atom("XdndActionCopy"))
            assert self._until("XdndStatus"), "the window does not answer the drag"
            step += 1
            time.sleep(STEP_SECONDS)

    def let_go(self):
        self._tell("XdndDrop", 0, self.stamp, 0, 0)
        assert self._until("XdndFinished"), "the window did not finish the drop"

    def leave(self):
        self._tell("XdndLeave", 0, 0, 0, 0)
        time.sleep(0.2)


def drop(process, *paths):
    dragging = Dragging(process)
    dragging.over(paths)
    dragging.let_go()


def close_window(process):
    WindowOf(process).close()
