# A screen of its own (Xvfb) with the viewer on it: real mouse and keys by xdotool, and pictures of what is to be seen.
import argparse
import contextlib
import json
import os
import shutil
import struct
import subprocess
import sys
import tempfile
import time
import zlib
from pathlib import Path

try:
    import Xlib.display
    import Xlib.protocol.event
    import Xlib.X
except ImportError:
    Xlib = None

WIDTH, HEIGHT = 1360, 860


def expect(condition, what):
    if not condition:
        raise AssertionError(what)


def close(viewer):
    """Whatever it was doing, it ends well, says nothing and leaves nothing half done."""
    code, said = viewer.close()
    complaints = [line for line in said.splitlines() if line and "env var 'VK_INSTANCE_LAYERS' defined" not in line]  # the tests' own layer
    expect((code, complaints) == (0, []), f"it ended with {code}: {said}")
    left = [file.name for file in viewer.folder.iterdir() if file.name.startswith(".")]
    expect(not left, f"it left {left}")


class Picture:
    """Rows of RGB bytes."""

    def __init__(self, width, height, rows):
        self.width, self.height, self.rows = width, height, rows

    def pixel(self, x, y):
        return tuple(self.rows[y][3 * x:3 * x + 3])

    def crop(self, left, top, right, bottom):
        return Picture(right - left, bottom - top, [row[3 * left:3 * right] for row in self.rows[top:bottom]])

    def difference(self, other):
        """Mean over all values, of 255."""
        total = sum(abs(a - b) for mine, theirs in zip(self.rows, other.rows) for a, b in zip(mine, theirs))
        return total / (3 * self.width * self.height)

    def write_png(self, file):
        def chunk(kind, data):
            return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        header = struct.pack(">IIBBBBB", self.width, self.height, 8, 2, 0, 0, 0)
        rows = [b"\1" + filtered(row) for row in self.rows]
        Path(file).write_bytes(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) +
                               chunk(b"IDAT", zlib.compress(b"".join(rows), 9)) + chunk(b"IEND", b""))


def filtered(row):
    return bytes(row[:3]) + bytes((row[i] - row[i - 3]) & 255 for i in range(3, len(row)))


def read_png(file):
    """8 bits, RGB, not interlaced: what the viewer saves."""
    data = Path(file).read_bytes()
    assert data[:8] == b"\x89PNG\r\n\x1a\n", file
    at, body, width, height = 8, b"", 0, 0
    while at < len(data):
        length, kind = struct.unpack(">I4s", data[at:at + 8])
        if kind == b"IHDR":
            width, height, bits, colour, _, _, interlaced = struct.unpack(">IIBBBBB", data[at + 8:at + 8 + length])
            assert (bits, colour, interlaced) == (8, 2, 0)
        if kind == b"IDAT":
            body += data[at + 8:at + 8 + length]
        at += length + 12
    raw, rows, before = zlib.decompress(body), [], bytes(3 * width)
    for y in range(height):
        start = y * (3 * width + 1)
        before = unfiltered(raw[start], raw[start + 1:start + 1 + 3 * width], before)
        rows.append(before)
    return Picture(width, height, rows)


def unfiltered(kind, values, above):
    row = bytearray(values)
    for i in range(len(row)):
        a, b, c = row[i - 3] if i >= 3 else 0, above[i], above[i - 3] if i >= 3 else 0
        nearest = min((a, b, c), key=lambda v: abs(a + b - c - v))
        row[i] = (row[i] + (0, a, b, (a + b) // 2, nearest)[kind]) & 255
    return bytes(row)


class Screen:
    def __init__(self, folder, scale=1):
        self.folder = Path(folder)
        read, write = os.pipe()
        self.server = subprocess.Popen(
            ["Xvfb", "-displayfd", str(write), "-screen", "0", f"{WIDTH * scale}x{HEIGHT * scale}x24",
             "-r", "-noreset", "-fbdir", str(self.folder), "-dpi", str(96 * scale), "-nolisten", "tcp"],
            pass_fds=[write], stderr=subprocess.DEVNULL)
        os.close(write)
        with os.fdopen(read) as numbers:
            self.display = ":" + numbers.readline().strip()

    def close(self):
        self.server.terminate()
        self.server.wait()

    def picture(self):
        data = (self.folder / "Xvfb_screen0").read_bytes()
        header = struct.unpack(">25I", data[:100])
        size, width, height, line, colours = header[0], header[4], header[5], header[12], header[19]
        rows = []
        for y in range(height):
            at = size + colours * 12 + y * line
            bgrx = data[at:at + 4 * width]
            row = bytearray(3 * width)
            row[0::3], row[1::3], row[2::3] = bgrx[2::4], bgrx[1::4], bgrx[0::4]
            rows.append(bytes(row))
        return Picture(width, height, rows)


class Viewer:
    def __init__(self, screen, program, arguments, folder, screenshots=None, **environment):
        self.screen, self.folder, self.screenshots = screen, Path(folder), screenshots
        self.folder.mkdir(parents=True, exist_ok=True)
        self.marks_file, self.errors = self.folder / "marks.json", self.folder / "errors"
        self.marks_file.unlink(missing_ok=True)
        self.environment = dict(os.environ, DISPLAY=screen.display, XDG_CONFIG_HOME=str(self.folder / "config"),
                                XDG_CACHE_HOME=os.environ.get("XDG_CACHE_HOME", str(self.folder / "cache")))
        self.environment.update(environment)
        self.environment.pop("WAYLAND_DISPLAY", None)
        with open(self.errors, "w") as errors:
            self.process = subprocess.Popen([program, "--marks", str(self.marks_file), *arguments], cwd=self.folder,
                                            env=self.environment, stdout=errors, stderr=errors)
        self.wait(lambda m: "canvas" in m["areas"], "the window")
        self.window = self.do("search", "--pid", str(self.process.pid)).split()[-1]
        self.do("windowfocus", self.window)

    def do(self, *words):
        return subprocess.run(["xdotool", *words], env=self.environment, check=True, capture_output=True, text=True).stdout

    def marks(self):
        for _ in range(600):
            if self.process.poll() is not None:
                raise AssertionError(f"the viewer ended with {self.process.returncode}: {self.errors.read_text()}")
            if self.marks_file.exists():
                return json.loads(self.marks_file.read_text())
            time.sleep(0.1)
        raise AssertionError("the viewer shows nothing: " + self.errors.read_text())

    def wait(self, condition, what, seconds=200):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            marks = self.marks()
            if condition(marks):
                return marks
            time.sleep(0.05)
        raise AssertionError(f"waited {seconds} s for {what}; there is {marks}")

    def area(self, name):
        marks = self.wait(lambda m: name in m["areas"], name)
        return [round(v) for v in marks["areas"][name]]

    def middle(self, name, across=0.5):
        left, top, right, bottom = self.area(name)
        return round(left + across * (right - left)), (top + bottom) // 2

    def settle(self):
        """Until a frame that began after this call is there to be seen: the second that is told of from now on."""
        for _ in range(2):
            told = self.marks()["frame"]
            self.wait(lambda m: m["frame"] > told, "a frame")

    def move(self, x, y):
        self.do("mousemove", str(x), str(y))
        self.wait(lambda m: (m["mouse_x"], m["mouse_y"]) == (x, y), f"the mouse at {x}, {y}")

    def button(self, down):
        self.do("mousedown" if down else "mouseup", "1")
        told = self.wait(lambda m: m["mouse_down"] == int(down), "the mouse's button")["frame"]
        self.wait(lambda m: m["frame"] > told, "what the button does")

    def click(self, name, across=0.5):
        side = self.area("side")
        if self.middle(name)[0] < side[2]:
            self.scroll_to(name)
        at = None
        while at != self.middle(name, across):  # what has just opened takes a frame or two to find its place
            at = self.middle(name, across)
            self.move(*at)
        self.button(True)
        self.button(False)

    def drag(self, start, end):
        self.move(*start)
        self.button(True)
        for step in range(1, 4):
            self.move(*(round(a + (b - a) * step / 3) for a, b in zip(start, end)))
        self.button(False)

    def wheel(self, name, clicks):
        self.move(*self.middle(name))
        for _ in range(abs(clicks)):
            turned = self.marks()["wheel"]
            self.do("click", "4" if clicks > 0 else "5")
            self.wait(lambda m: m["wheel"] != turned, "the wheel")

    def scroll_to(self, name):
        """Until that part of the side panel is to be seen whole."""
        for _ in range(40):
            side, area = self.area("side"), self.area(name)
            if side[1] <= area[1] and area[3] <= side[3]:
                return
            self.wheel("side", -1 if area[3] > side[3] else 1)
        raise AssertionError(f"{name} cannot be scrolled to")

    def key(self, *keys):
        for key in keys:
            for action in ("keydown", "keyup"):  # Dear ImGui 1.86 misses what is up again within a frame
                seen = self.marks()["keys"] + len(key.split("+"))
                self.do(action, key)
                told = self.wait(lambda m: m["keys"] >= seen, f"the key {key}")["frame"]
                self.wait(lambda m: m["frame"] > told, "what the key does")

    def drop(self, files, name):
        x, y = self.middle(name)
        self.move(x, y)
        with Desktop(self.screen.display, int(self.window)) as desktop:
            desktop.drop(files, x, y)

    def enter_file(self, file):
        """Into the window that asks for one."""
        self.click("file name")
        self.key("ctrl+a")
        self.do("type", "--delay", "20", str(file))
        self.wait(lambda m: m.get("typed") == str(file), f"{file} in the field")
        self.key("Return")

    def picture(self, name=None):
        self.settle()
        whole = self.screen.picture()
        return whole if name is None else whole.crop(*self.area(name))

    def keep(self, name):
        """For people to look at, where that is asked for: the mouse is not in the way, and what goes away by itself has gone."""
        if self.screenshots is None:
            return
        marks = self.marks()
        self.move(round(marks["window_width"]) - 2, round(marks["window_height"]) - 2)
        self.wait(lambda m: "message" not in m["areas"] or m["phase"] == "failed", "silence")
        self.picture().write_png(Path(self.screenshots) / (name + ".png"))

    def resize(self, width, height):
        self.do("windowsize", self.window, str(width), str(height))
        self.wait(lambda m: (m["window_width"], m["window_height"]) == (width, height), f"a window of {width} x {height}")

    def close(self):
        """By the window's own button. What it said, and its exit code."""
        with Desktop(self.screen.display, int(self.window)) as desktop:
            desktop.press_cross()
        code = self.process.wait(timeout=400)
        return code, self.errors.read_text()

    def kill(self):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()


@contextlib.contextmanager
def screen_for(program, assets, screenshots=None):
    """A screen, and what begins the program on it with these flags. A failure leaves its picture; nothing else stays."""
    with tempfile.TemporaryDirectory() as folder:
        screen, viewers = Screen(folder), []

        def begin(flags, **environment):
            viewers.append(Viewer(screen, program, flags, Path(folder) / "viewer", screenshots, IMPASTO_ASSETS=assets, **environment))
            return viewers[-1]

        try:
            yield screen, begin
        except AssertionError:
            screen.picture().write_png(Path(tempfile.gettempdir()) / "impasto_viewer_failed.png")
            raise
        finally:
            for viewer in viewers:
                viewer.kill()
            screen.close()


class Desktop:
    """What a desktop tells the window: its cross is pressed, files are dropped on it."""

    def __init__(self, name, window):
        self.display = Xlib.display.Display(name)
        self.window = self.display.create_resource_object("window", window)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.display.close()

    def atom(self, name):
        return self.display.intern_atom(name)

    def tell(self, kind, *words):
        data = (32, [*words, *[0] * (5 - len(words))])
        self.window.send_event(Xlib.protocol.event.ClientMessage(window=self.window, client_type=self.atom(kind), data=data))
        self.display.sync()

    def press_cross(self):
        self.tell("WM_PROTOCOLS", self.atom("WM_DELETE_WINDOW"))

    def drop(self, files, x, y):
        """By the XDND protocol: the window is asked whether it takes them there, told to, and fetches their names."""
        source = self.display.screen().root.create_window(0, 0, 1, 1, 0, Xlib.X.CopyFromParent)
        source.set_selection_owner(self.atom("XdndSelection"), Xlib.X.CurrentTime)
        names = "".join(Path(file).resolve().as_uri() + "\r\n" for file in files).encode()
        self.tell("XdndEnter", source.id, 5 << 24, self.atom("text/uri-list"))
        self.tell("XdndPosition", source.id, 0, x << 16 | y, Xlib.X.CurrentTime, self.atom("XdndActionCopy"))
        while True:
            event = self.display.next_event()
            if event.type == Xlib.X.SelectionRequest:
                event.requestor.change_property(event.property, event.target, 8, names)
                event.requestor.send_event(Xlib.protocol.event.SelectionNotify(
                    time=event.time, requestor=event.requestor, selection=event.selection, target=event.target, property=event.property))
                self.display.flush()
            elif event.type == Xlib.X.ClientMessage and event.client_type == self.atom("XdndStatus"):
                expect(event.data[1][1] & 1, "the window does not take files")
                self.tell("XdndDrop", source.id, 0, Xlib.X.CurrentTime)
            elif event.type == Xlib.X.ClientMessage and event.client_type == self.atom("XdndFinished"):
                return


def missing_tools(*tools):
    missing = [tool for tool in tools or ("Xvfb", "xdotool") if shutil.which(tool) is None]
    return missing + ["python3-xlib"] * (Xlib is None)


def arguments_of_test(size=None, more=(), tools=()):
    """PROGRAM ASSETS and what else is wanted. Ends the test with 77, and says so, where something is not installed."""
    parser = argparse.ArgumentParser()
    for name in ("program", "assets", *more):
        parser.add_argument(name)
    parser.add_argument("--screenshots", metavar="FOLDER")
    if size:
        parser.add_argument("--size", default=size)
    arguments = parser.parse_args()
    missing = missing_tools(*tools)
    if missing:
        print("[SKIP] not installed:", *missing)
        sys.exit(77)
    return arguments
