#!/usr/bin/python3
"""A batch that is killed, kill -9 at random moments, and resumed ends with the same files, bit for bit, and no file is ever seen half.

batch_kill.py PROGRAM KILLS; the sources are in $IMPASTO_SOURCE. A watcher reads every file under its final name as soon as it is there.
"""
import os
import random
import shutil
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


def results(folder):
    return {path.name: path.read_bytes() for path in sorted((folder / "out").glob("*-*.png")) if path.name != "contact-sheet.png"}


class Watcher(threading.Thread):
    """Every content that a final name has ever had."""

    def __init__(self, folder):
        super().__init__(daemon=True)
        self.folder, self.seen, self.stopped = folder, {}, False

    def run(self):
        while not self.stopped:
            for path in self.folder.glob("*-*.png"):
                if path.name == "contact-sheet.png":
                    continue
                try:
                    self.seen.setdefault(path.name, set()).add(path.read_bytes())
                except FileNotFoundError:
                    pass
            time.sleep(0.001)


def main():
    program, kills = sys.argv[1], int(sys.argv[2])
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for part, files in (("contents", ("rgb.png", "turned.jpg", "lossy.webp", "packed.tif")), ("styles", ("rgb.jpg", "grey.png"))):
            (folder / part).mkdir()
            for file in files:
                shutil.copy(PICTURES / file, folder / part)
        run = list(map(str, command(program, folder)))
        subprocess.run(run, check=True)
        undisturbed = results(folder)
        assert len(undisturbed) == 8, undisturbed.keys()
        shutil.rmtree(folder / "out")
        (folder / "out").mkdir()
        watcher = Watcher(folder / "out")
        watcher.start()
        killed = rounds = 0
        while killed < kills:
            process = subprocess.Popen([*run, "--resume"])
            try:
                code = process.wait(random.uniform(0.2, 3))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
                killed += 1
                continue
            assert code == 0, code
            assert results(folder) == undisturbed
            rounds += 1
            shutil.rmtree(folder / "out")  # and once more
            (folder / "out").mkdir()
        subprocess.run([*run, "--resume"], check=True)
        watcher.stopped = True
        watcher.join()
        assert results(folder) == undisturbed
        for file, contents in watcher.seen.items():
            assert contents == {undisturbed[file]}, f"{file} was seen with other bytes"
        left = [path.name for path in (folder / "out").iterdir() if path.name.endswith(".part")]
        print(f"{killed} kills, {rounds + 1} batches whole; left behind by kills: {len(left)} temporary files")


main()
