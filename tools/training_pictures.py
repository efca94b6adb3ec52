# The pictures that tools/train_encoder.py trains on.
"""Pictures to train an encoder on: photographs and textures from folders, paintings of our own, and random crops of both.

What ships was trained on Debian 12's packages of free licence in PACKAGES, unpacked with
`apt-get download PACKAGE && dpkg -x PACKAGE.deb FOLDER`.
"""
import math
from pathlib import Path

import numpy as np
import torch
from PIL import Image, ImageDraw
from scipy.ndimage import gaussian_filter
from scipy.spatial import cKDTree

PACKAGES = ("plasma-workspace-wallpapers (GPL-2+), gnome-backgrounds (CC-BY and CC-BY-SA), mate-backgrounds (GPL-2+ and CC-BY-SA-4.0), "
            "lomiri-wallpapers-16.04 and lomiri-wallpapers-20.04 (CC-BY, CC-BY-SA and CC0), ukui-wallpapers (CC-BY-SA-3.0), "
            "python3-skimage and python3-sklearn (BSD-3-Clause), colobot-common-textures (GPL-3+), wesnoth-1.16-data (GPL-2+), "
            "tuxpaint-stamps-default (GPL-2)")
HELD_OUT = ("astronaut", "chelsea", "coffee", "screenshot")  # samples that judge the result, and thumbnails


def load_pictures(folders, most=448):
    """All pictures of some size below the folders as uint8 arrays H×W×3, shrunk to a short side of at most `most` pixels.

    A cut-out with transparency is put on one of the pictures before it.
    """
    pictures = []
    for path in sorted(p for folder in folders for p in Path(folder).rglob("*")):
        if path.suffix.lower() not in (".jpg", ".jpeg", ".png", ".webp") or any(name in path.name for name in HELD_OUT):
            continue
        if path.is_symlink() or path.stat().st_size < 40000:
            continue
        try:
            picture = Image.open(path)
            picture.draft("RGB", (2 * most, 2 * most))
            if picture.mode in ("RGBA", "LA", "PA") and pictures:
                under = Image.fromarray(pictures[len(pictures) * 7919 % len(pictures[:200])]).resize(picture.size)
                under.paste(picture.convert("RGBA"), mask=picture.convert("RGBA").getchannel("A"))
                picture = under
            picture = picture.convert("RGB")
        except (OSError, ValueError):
            continue
        if min(picture.size) < 128:
            continue
        scale = most / min(picture.size)
        if scale < 1:
            picture = picture.resize([max(most, round(s * scale)) for s in picture.size], Image.BOX)
        if np.asarray(picture.resize((32, 32))).std() > 6:
            pictures.append(np.asarray(picture))
    return pictures


def paint(kind, palette, rng, size=256):
    """A painting of our own, H×W×3 uint8: strokes along a field, a mosaic, dabs, or waves, in colours of `palette` (N×3)."""
    colour = lambda: tuple(int(c) for c in np.clip(palette[rng.integers(len(palette))] + rng.normal(0, 14, 3), 0, 255))
    smooth = lambda s: gaussian_filter(rng.normal(size=(size, size)), s, mode="wrap")
    if kind == "mosaic":
        points = rng.uniform(0, size, (int(rng.integers(60, 900)), 2))
        grid = np.stack(np.mgrid[:size, :size], -1)
        near, index = cKDTree(points).query(grid, k=2)
        picture = np.array([colour() for _ in points], np.float32)[index[..., 0]]
        return (picture * (near[..., 1] - near[..., 0] > rng.uniform(0, 3))[..., None]).astype(np.uint8)
    if kind == "waves":
        phase = smooth(rng.uniform(8, 40))
        bands = np.floor(phase / phase.std() * rng.uniform(2, 9)).astype(int) % 24
        return np.array([colour() for _ in range(24)], np.uint8)[bands]
    canvas = Image.new("RGB", (size, size), colour())
    draw, angle = ImageDraw.Draw(canvas), smooth(rng.uniform(10, 50))
    angle = angle / angle.std() * rng.uniform(.4, 2)
    length, width = (rng.uniform(2, 6), rng.uniform(3, 9)) if kind == "dabs" else (rng.uniform(10, 50), rng.uniform(1, 7))
    for _ in range(int(min(6000, 5 * size * size / (length * width)))):
        x, y = rng.uniform(0, size, 2)
        line, tint = [(x, y)], colour()
        for _ in range(6):
            a = angle[int(y) % size, int(x) % size]
            x, y = x + math.cos(a) * length / 6, y + math.sin(a) * length / 6
            line.append((x, y))
        draw.line(line, tint, int(max(1, width * rng.uniform(.6, 1.4))))
    return np.asarray(canvas)


def paintings(pictures, count, rng):
    kinds = ("strokes", "mosaic", "dabs", "waves")
    return [paint(kinds[i % 4], pictures[rng.integers(len(pictures))].reshape(-1, 3)[::97].astype(np.float32), rng) for i in range(count)]


def crop(pictures, size, rng):
    """A random square of a random picture, the most detailed of three, augmented hard: 3×size×size, RGB in [0, 1]."""
    part, most = None, -1
    for _ in range(3):
        picture = pictures[rng.integers(len(pictures))]
        height, width = picture.shape[:2]
        side = min(int(np.exp(rng.uniform(math.log(size * .8), math.log(min(height, width))))), height, width)
        y, x = rng.integers(0, height - side + 1), rng.integers(0, width - side + 1)
        candidate = np.asarray(Image.fromarray(picture[y:y + side, x:x + side]).resize((size, size), Image.BICUBIC), np.float32) / 255
        detail = np.abs(np.diff(candidate, axis=0)).mean()
        if detail > most:
            part, most = candidate, detail
    if rng.random() < .5:
        part = part[:, ::-1]
    if rng.random() < .15:
        part = part.transpose(1, 0, 2)
    if rng.random() < .25:
        part = part[..., rng.permutation(3)]
    mean = part.mean((0, 1))
    part = (part - mean) * rng.uniform(.7, 1.35) + np.clip(mean + rng.normal(0, .08), 0, 1)
    if rng.random() < .4:
        part = part + rng.normal(0, rng.choice([.01, .04, .12]), part.shape)
    return torch.from_numpy(np.ascontiguousarray(np.clip(part, 0, 1), np.float32)).permute(2, 0, 1)


def batch_of(pictures, count, size, rng):
    """Crops, and in one of four cases a blend of two, count×3×size×size."""
    crops = torch.stack([crop(pictures, size, rng) for _ in range(count)])
    for i in range(count):
        if rng.random() < .25:
            crops[i] = torch.lerp(crops[i], crops[rng.integers(count)], float(rng.uniform(.2, .8)))
    return crops
