#!/usr/bin/python3
"""A batch that is killed, kill -9 at moments chosen evenly over its length, and resumed ends with the same files, bit for bit, and no file is ever seen half.

batch_kill.py PROGRAM KILLS; the sources are in $IMPASTO_SOURCE. inotify tells how every file got its final name, and what it holds then is read.
"""
import ctypes
import os
import random
import shutil
import struct
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

SOURCE = Path(os.environ["IMPASTO_SOURCE"])
PICTURES = SOURCE / "tests/fixtures/fuzz/picture"


def command(program, folder):
    return [program, "batch", "--contents", folder / "contents", "--styles", folder / "styles", "--out", folder / "out", "-m",
            SOURCE / "assets/compact.safetensors", "--size", "24", "--style-size", "24", "--content-layers", "relu2_1", "--style-layers",
            "relu1_1,relu2_1", "--init", "noise", "--history", "3", "--iterations", "120", "--checkpoint-seconds", "0", "-q"]


def is_result(name):
    return "-" in name and name.endswith(".png") and name != "contact-sheet.png"


def results(folder):
    return {path.name: path.read_bytes() for path in sorted((folder / "out").iterdir()) if is_result(path.name)}


def empty(folder):
    """Leaves the folder itself, which is watched."""
    for path in folder.iterdir():
        shutil.rmtree(path) if path.is_dir() else path.unlink()


class Watcher(threading.Thread):
    """What happens to final names: how each appeared, by the kernel's own record, and every content it has ever had."""

    MODIFY, MOVED_TO, CREATE, OVERFLOW, STOP = 0x2, 0x80, 0x100, 0x4000, 0x200  # of <sys/inotify.h>; STOP is IN_DELETE

    def __init__(self, folder):
        super().__init__(daemon=True)
        self.folder, self.seen, self.renames, self.others = folder, {}, 0, []
        libc = ctypes.CDLL(None, use_errno=True)
        self.events = libc.inotify_init()
        wanted = self.MODIFY | self.MOVED_TO | self.CREATE | self.STOP
        if self.events < 0 or libc.inotify_add_watch(self.events, os.fsencode(folder), wanted) < 0:
            raise OSError(ctypes.get_errno(), "inotify")

    def run(self):
        while True:
            data = os.read(self.events, 1 << 16)
            while data:
                _, mask, _, length = struct.unpack_from("iIII", data)
                name = data[16 : 16 + length].rstrip(b"\0").decode()
                data = data[16 + length :]
                if self.event(mask, name):
                    return

    def event(self, mask, name):
        """True when it is the last."""
        if mask & self.OVERFLOW:
            self.others.append(("events were lost", mask))
        if name == "stop":
            return mask & self.STOP
        if not is_result(name) or mask & self.STOP:
            return False
        if not mask & self.MOVED_TO:
            self.others.append((name, mask))
            return False
        self.renames += 1
        try:
            self.seen.setdefault(name, set()).add((self.folder / name).read_bytes())
        except FileNotFoundError:
            pass  # the test has begun a new round
        return False

    def stop(self):
        """After every event so far."""
        (self.folder / "stop").touch()
        (self.folder / "stop").unlink()
        self.join()


def main():
    program, kills = sys.argv[1], int(sys.argv[2])
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for part, files in (("contents", ("rgb.png", "turned.jpg", "lossy.webp", "packed.tif")), ("styles", ("rgb.jpg", "grey.png"))):
            (folder / part).mkdir()
            for file in files:
                shutil.copy(PICTURES / file, folder / part)
        run = list(map(str, command(program, folder)))
        begun = time.monotonic()
        subprocess.run(run, check=True)
        duration = time.monotonic() - begun
        undisturbed = results(folder)
        assert len(undisturbed) == 8, undisturbed.keys()
        empty(folder / "out")
        watcher = Watcher(folder / "out")
        watcher.start()
        killed = rounds = 0
        while killed < kills:
            process = subprocess.Popen([*run, "--resume"])
            try:
                code = process.wait(random.uniform(0, duration))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
                killed += 1
                continue
            assert code == 0, code
            assert results(folder) == undisturbed
            rounds += 1
            empty(folder / "out")  # and once more
        subprocess.run([*run, "--resume"], check=True)
        watcher.stop()
        assert results(folder) == undisturbed
        assert not watcher.others, f"appeared otherwise than by a rename: {watcher.others}"
        assert watcher.renames >= 8 * (rounds + 1), watcher.renames
        for file, contents in watcher.seen.items():
            assert contents == {undisturbed[file]}, f"{file} was seen with other bytes"
        left = [path.name for path in (folder / "out").iterdir() if path.name.endswith(".part")]
        print(f"{killed} kills, {rounds + 1} batches whole, {watcher.renames} results, all by rename; left behind by kills: {len(left)} temporary files")


main()
