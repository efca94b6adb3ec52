#!/usr/bin/python3
"""Makes the pictures of the README again: each sample photograph in each sample style, with the default recipe and network.

    tools/make_gallery.py build/release/impasto [--overwrite] [-- FLAG…]

Writes docs/gallery/PHOTOGRAPH_STYLE.jpg, the styles' thumbnails, and docs/impasto.jpg, the picture at the top. Needs Pillow (Debian's
python3-pil) and about a minute of two cores for a picture; those that are there already stay unless --overwrite is given. What follows
"--" goes to the program.
"""
import argparse
import subprocess
import tempfile
from pathlib import Path

from PIL import Image

ROOT = Path(__file__).resolve().parent.parent
GALLERY = ROOT / "docs" / "gallery"
PHOTOGRAPHS = sorted((ROOT / "assets" / "photographs").glob("*.jpg"))
STYLES = sorted((ROOT / "assets" / "styles").glob("*.jpg"))
TOP = ("cat", "impasto", 448)  # photograph, style, pixels
GAP = 6


def save(picture, file):
    picture.save(file, quality=88, subsampling=0, optimize=True)
    print(file.relative_to(ROOT), f"{file.stat().st_size // 1024} KiB", flush=True)


def paint(program, flags, photograph, style, size):
    with tempfile.TemporaryDirectory() as folder:
        result = Path(folder) / "result.png"
        subprocess.run([program, "-m", "compact", "-c", photograph, "-s", style, "-o", result, "--size", str(size), "--quiet", *flags],
                       check=True)
        return Image.open(result).convert("RGB")


def top(program, flags):
    """The result with what it was made from at its left."""
    name, manner, size = TOP
    photograph, style = (ROOT / "assets" / "photographs" / f"{name}.jpg"), (ROOT / "assets" / "styles" / f"{manner}.jpg")
    result = paint(program, flags, photograph, style, size)
    side = (result.height - GAP) // 2
    strip = Image.new("RGB", (side + GAP + result.width, result.height), "white")
    for row, file in enumerate((photograph, style)):
        picture = Image.open(file).convert("RGB")
        short = min(picture.size)
        left, upper = ((length - short) // 2 for length in picture.size)
        square = picture.crop((left, upper, left + short, upper + short)).resize((side, side), Image.LANCZOS)
        strip.paste(square, (0, row * (side + GAP)))
    strip.paste(result, (side + GAP, 0))
    return strip


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("program", type=Path)
    parser.add_argument("--overwrite", action="store_true")
    parser.add_argument("flags", nargs="*", help="after --, for the program")
    arguments = parser.parse_args()
    program, flags = arguments.program.resolve(), arguments.flags
    GALLERY.mkdir(parents=True, exist_ok=True)

    wanted = {ROOT / "docs" / "impasto.jpg": lambda: top(program, flags)}
    for style in STYLES:
        wanted[GALLERY / f"{style.stem}.jpg"] = lambda style=style: Image.open(style).resize((128, 128), Image.LANCZOS)
        for photograph in PHOTOGRAPHS:
            wanted[GALLERY / f"{photograph.stem}_{style.stem}.jpg"] = (
                lambda photograph=photograph, style=style: paint(program, flags, photograph, style, 256))
    for file, make in wanted.items():
        if arguments.overwrite or not file.exists():
            save(make(), file)


if __name__ == "__main__":
    main()
