#!/usr/bin/python3
"""A long batch of mixed shapes, a tenth of whose files are bad: every good one is done, every bad one named, and memory stays flat.

batch_many.py PROGRAM ITEMS; the sources are in $IMPASTO_SOURCE. Memory is read as items end, from a tenth of the way on.
"""
import json
import os
import random
import struct
import subprocess
import sys
import tempfile
import zlib
from pathlib import Path

SOURCE = Path(os.environ["IMPASTO_SOURCE"])
GROWTH = 1.05  # that resident memory may show: allocators and drivers keep some of what they are given back


def png(width, height, seed):
    noise = random.Random(seed)
    rows = b"".join(b"\0" + noise.randbytes(3 * width) for _ in range(height))
    chunks = ((b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)), (b"IDAT", zlib.compress(rows)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in chunks)


def bad(index, good):
    """Each kind of bad file in turn: cut off, empty, something else altogether, damaged inside."""
    return (good[: len(good) // 2], b"", b"this is no picture\n", good[:60] + b"\0\0\0\0" + good[64:])[index % 4]


def write_contents(folder, items):
    """The names of the bad ones."""
    names = set()
    for i in range(items):
        good = png(40 + 8 * (i % 5), 40 + 8 * (i // 5 % 4), i)
        name = f"picture-{i:03}.png"
        if i % 10 == 5:
            names.add(name)
            good = bad(i // 10, good)
        (folder / name).write_bytes(good)
    return names


def resident(pid):
    """Bytes of memory that a process holds now."""
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def name_of(event):
    """The content's, from the output's, which begins with it."""
    return Path(event["output"]).name.removesuffix("-style.png") + ".png"


def main():
    program, items = sys.argv[1], int(sys.argv[2])
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "contents").mkdir()
        bad_ones = write_contents(folder / "contents", items)
        (folder / "style.png").write_bytes(png(48, 48, -1))
        process = subprocess.Popen(
            list(map(str, [program, "batch", "--contents", folder / "contents", "--styles", folder / "style.png", "--out", folder / "out",
                           "-m", SOURCE / "assets/compact.safetensors", "--size", "48", "--style-size", "48", "--iterations", "4",
                           "--content-layers", "relu2_1", "--style-layers", "relu1_1,relu2_1", "--progress", "json"])),
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        ended, memory = [], []
        for line in process.stdout:
            event = json.loads(line)
            if event["event"] == "item":
                ended.append(event)
                memory.append(resident(process.pid))
        message = process.stderr.read()
        code = process.wait()
        assert code == 6, (code, message)
        assert len(ended) == items, len(ended)
        done = {name_of(event) for event in ended if event["status"] == "done"}
        failed = {name_of(event): event["message"] for event in ended if event["status"] == "failed"}
        assert set(failed) == bad_ones, set(failed) ^ bad_ones
        assert len(done) == items - len(bad_ones)
        for file, why in failed.items():
            assert file in why and "\n" not in why, why
        for file in done:
            assert (folder / "out" / f"{Path(file).stem}-style.png").stat().st_size > 0
        early, late = memory[items // 10], memory[-1]
        print(f"{items} items, {len(failed)} bad and named; {early >> 20} MiB after a tenth of them, {late >> 20} MiB after all")
        assert late <= GROWTH * early, memory


main()
