# Measures the real window while it paints: when the first picture comes, frames a second, and how long a press of a key takes to be seen.
# measure.py PROGRAM ASSETS [--size N] [--seconds S] [-- FLAG…]: with and without a run, in turn. 77 where there is no Xvfb, xdotool or python3-xlib.
import argparse
import mmap
import os
import statistics
import sys
import time
from pathlib import Path

from screen import HEIGHT, WIDTH, close, missing_tools, screen_for

ROUNDS = 12


def processor_seconds(viewer):
    fields = Path(f"/proc/{viewer.process.pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def first_picture(viewer, begun):
    viewer.wait(lambda m: m["iteration"] >= 1, "the first iteration", 600)
    return time.monotonic() - begun, processor_seconds(viewer)


def frames_a_second(viewer, seconds):
    """While the mouse moves all the time, so that there is always something to draw."""
    left, top, right, bottom = viewer.area("canvas")
    first, begun, at = viewer.marks()["frame"], time.monotonic(), 0
    while time.monotonic() < begun + seconds:
        viewer.do("mousemove", str(left + 50 + at % (right - left - 100)), str((top + bottom) // 2))
        at += 7
    return (viewer.marks()["frame"] - first) / (time.monotonic() - begun)


def answer_ms(viewer, screen):
    """From the event to the first byte of the screen that is another: the list of keys comes and goes in the canvas's middle."""
    with open(screen.folder / "Xvfb_screen0", "rb") as file, mmap.mmap(file.fileno(), 0, prot=mmap.PROT_READ) as shown:
        line = len(shown) - 4 * WIDTH * (HEIGHT // 2)
        row = slice(line + 4 * (WIDTH // 2 - 200), line + 4 * (WIDTH // 2 + 200))
        times = []
        for _ in range(ROUNDS):
            viewer.settle()
            before, begun = shown[row], time.monotonic()
            viewer.do("key", "F1")
            sent = time.monotonic()
            while shown[row] == before and time.monotonic() < begun + 30:
                time.sleep(0.0005)
            times.append(1000 * (max(sent, time.monotonic()) - (begun + sent) / 2))
    return times


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("assets")
    parser.add_argument("--size", default="256")
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument("flags", nargs="*", default=["-m", "compact"])
    arguments = parser.parse_args()
    missing = missing_tools()
    if missing:
        print("[SKIP] not installed:", *missing)
        return 77
    assets = Path(arguments.assets)
    pair = ["-c", str(assets / "photographs/cat.jpg"), "-s", str(assets / "styles/impasto.jpg")]
    with screen_for(arguments.program, arguments.assets) as (screen, begin):
        for name, run in (("cold", True), ("painting", True), ("idle", False)):
            begun = time.monotonic()
            flags = [*arguments.flags, "--size", arguments.size, "--iterations", "400", *pair, *(["--paint"] if run else [])]
            viewer = begin(flags)
            if run:
                wall, processor = first_picture(viewer, begun)
                print(f"{name}: first iteration after {wall:.2f} s, {processor:.2f} s of processor time", flush=True)
            if name != "cold":
                if run:
                    viewer.wait(lambda m: m["width"] == int(arguments.size), "the full size", 3000)
                rate = frames_a_second(viewer, arguments.seconds)
                print(f"{name}: {rate:.1f} frames a second", flush=True)
                times = answer_ms(viewer, screen)
                print(f"{name}: answers after {statistics.median(times):.0f} ms (median of {len(times)}, most {max(times):.0f} ms)",
                      flush=True)
            close(viewer)
    return 0


if __name__ == "__main__":
    sys.exit(main())
