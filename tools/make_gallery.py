#!/usr/bin/python3
"""Makes the pictures of the README again: sample photographs in the sample styles, with the network that ships and the default recipe.

    tools/make_gallery.py build/release/impasto [--overwrite]

Writes docs/gallery/PHOTOGRAPH_STYLE.jpg: the result, with what it was made from at its left. Needs Pillow (Debian's python3-pil) and
about a minute of two cores for a picture; those that are there already stay unless --overwrite is given.
"""
import argparse
import subprocess
import tempfile
from pathlib import Path

from PIL import Image

ROOT = Path(__file__).resolve().parent.parent
PAIRS = (("cat", "impasto", 200), ("coffee", "mosaic", 200), ("cat", "ink", 200), ("coffee", "dabs", 200), ("cat", "marble", 200))
SIZE = 256  # pixels of the longest side; the third of a pair are the iterations
SCALE = 2   # of everything in the strip, for a picture of 256 pixels is small
GAP = 6


def paint(program, photograph, style, iterations):
    with tempfile.TemporaryDirectory() as folder:
        result = Path(folder) / "result.png"
        subprocess.run([program, "-m", "compact", "-c", photograph, "-s", style, "-o", result, "--size", str(SIZE),
                        "--iterations", str(iterations), "--quiet"], check=True)
        return Image.open(result).convert("RGB")


def strip(photograph, style, result):
    result = result.resize([SCALE * length for length in result.size], Image.LANCZOS)
    side = (result.height - GAP) // 2
    picture = Image.new("RGB", (side + GAP + result.width, result.height), "white")
    for row, file in enumerate((photograph, style)):
        source = Image.open(file).convert("RGB")
        short = min(source.size)
        left, upper = ((length - short) // 2 for length in source.size)
        square = source.crop((left, upper, left + short, upper + short)).resize((side, side), Image.LANCZOS)
        picture.paste(square, (0, row * (side + GAP)))
    picture.paste(result, (side + GAP, 0))
    return picture


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("program", type=Path)
    parser.add_argument("--overwrite", action="store_true")
    arguments = parser.parse_args()
    gallery = ROOT / "docs" / "gallery"
    gallery.mkdir(parents=True, exist_ok=True)
    for name, manner, iterations in PAIRS:
        file = gallery / f"{name}_{manner}.jpg"
        if file.exists() and not arguments.overwrite:
            continue
        photograph, style = ROOT / "assets" / "photographs" / f"{name}.jpg", ROOT / "assets" / "styles" / f"{manner}.jpg"
        result = paint(arguments.program.resolve(), photograph, style, iterations)
        strip(photograph, style, result).save(file, quality=88, optimize=True)
        print(file.relative_to(ROOT), f"{file.stat().st_size // 1024} KiB", flush=True)


if __name__ == "__main__":
    main()
