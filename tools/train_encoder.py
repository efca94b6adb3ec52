#!/usr/bin/env python3
"""Trains the compact encoder that ships in assets/: a narrow VGG-19 that learns from the full one, its teacher.

  python3 tools/train_encoder.py --teacher vgg19.safetensors --data FOLDER... --held-out FOLDER --out assets/compact.safetensors

Every layer of the student is asked for the same thing: the activations of some of the teacher's channels at that layer, those few that best
explain the others linearly. Features are then the teacher's up to a linear map, and a student's Gram matrix is a principal
submatrix of the teacher's, so that distances between Gram matrices and between features keep their meaning and their size.

1. The weights start random. Layer by layer, each convolution takes the exact damped Newton step of its own regression problem: its
   inputs are what the student computed so far, its targets the teacher's activations before the ReLU. A rectified output only has to be
   negative where the teacher's is, so targets are renewed from the prediction a few times (majorise and minimise).
2. All layers are then trained together with Adam on what style transfer uses: features and Gram matrices at the tapped layers.
   The pool of pictures is renewed all the time, and a share of it are pictures that the student itself is stylising, because an
   optimiser finds what the student gets wrong.

The data may be any photographs and textures. The shipped file was trained on Debian 12's packages of free licence, unpacked with
`apt-get download PACKAGE && dpkg -x PACKAGE.deb FOLDER`; their names are in PACKAGES below, and paintings made by this file are added.
Needs PyTorch 1.13 or newer (Debian: python3-torch), NumPy, Pillow, SciPy; a GPU is used when PyTorch sees one.
"""
import argparse
import json
import math
import os
import struct
import sys
import time
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image, ImageDraw
from scipy.ndimage import gaussian_filter
from scipy.spatial import cKDTree

PACKAGES = ("plasma-workspace-wallpapers (GPL-2+), gnome-backgrounds (CC-BY and CC-BY-SA), mate-backgrounds (GPL-2+ and CC-BY-SA-4.0), "
            "lomiri-wallpapers-16.04 and lomiri-wallpapers-20.04 (CC-BY, CC-BY-SA and CC0), ukui-wallpapers (CC-BY-SA-3.0), "
            "python3-skimage and python3-sklearn (BSD-3-Clause), colobot-common-textures (GPL-3+), wesnoth-1.16-data (GPL-2+ and CC-BY-SA-4.0), "
            "tuxpaint-stamps-default (GPL-2+)")
LAYERS = [f"{block + 1}_{k + 1}" for block, count in enumerate((2, 2, 4, 4, 1)) for k in range(count)]
TAPS = ("1_1", "2_1", "3_1", "4_1", "4_2", "5_1")  # the style layers, and 4_2 for content
STYLE = ("1_1", "2_1", "3_1", "4_1", "5_1")
REFINED = [layer for layer in LAYERS if layer in TAPS or layer[0] in "345"]  # layers that phase 2 compares; 1_2 and 2_2 are large
WIDTHS = {"1": 32, "2": 64, "3": 128, "4": 256, "5": 256}
MEAN = torch.tensor([103.939, 116.779, 123.68]).view(1, 3, 1, 1)  # BGR, of 255
HELD_OUT = ("astronaut", "chelsea", "coffee", "screenshot")  # samples that judge the result, and thumbnails
DTYPES = {"F32": np.float32, "F16": np.float16}


# ---- files

def load_safetensors(path):
    """The tensors of a safetensors file by name, as float32."""
    data = Path(path).read_bytes()
    size = struct.unpack("<Q", data[:8])[0]
    header = json.loads(data[8:8 + size])
    header.pop("__metadata__", None)
    tensors = {}
    for name, entry in header.items():
        count = int(np.prod(entry["shape"]))
        values = np.frombuffer(data, DTYPES[entry["dtype"]], count, 8 + size + entry["data_offsets"][0])
        tensors[name] = torch.from_numpy(values.reshape(entry["shape"]).astype(np.float32))
    return tensors


def save_safetensors(path, tensors, metadata):
    """Writes tensors (by name) as float16 with metadata (strings by string), whole or not at all."""
    header, parts, offset = {"__metadata__": metadata}, [], 0
    for name, tensor in tensors.items():
        part = tensor.detach().cpu().numpy().astype("<f2").tobytes()
        header[name] = {"dtype": "F16", "shape": list(tensor.shape), "data_offsets": [offset, offset + len(part)]}
        parts.append(part)
        offset += len(part)
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    draft = f"{path}.part"
    Path(draft).write_bytes(struct.pack("<Q", len(text)) + text + b"".join(parts))
    os.replace(draft, path)


# ---- pictures

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


# ---- networks

def features(weights, pictures, rectified=True):
    """Activations of every layer, before or after the ReLU, for pictures B×3×H×W, RGB in [0, 1]."""
    x, found = (pictures * 255).flip(1) - MEAN.to(pictures.device), {}
    for layer in LAYERS:
        if layer[2:] == "1" and layer != "1_1":
            x = F.max_pool2d(x, 2)
        before = F.conv2d(x, weights[f"conv{layer}.weight"], weights[f"conv{layer}.bias"], padding=1)
        x = F.relu(before)
        found[layer] = x if rectified else before
    return found


def gram(x):
    """F Fᵀ / N of activations B×C×H×W: B×C×C."""
    flat = x.flatten(2)
    return flat @ flat.transpose(1, 2) / flat.shape[2]


def random_student(generator):
    """He-normal weights (arXiv:1502.01852) and zero biases."""
    weights, before = {}, 3
    for layer in LAYERS:
        width = WIDTHS[layer[0]]
        weights[f"conv{layer}.weight"] = torch.randn(width, before, 3, 3, generator=generator) * math.sqrt(2 / (9 * before))
        weights[f"conv{layer}.bias"] = torch.zeros(width)
        before = width
    return weights


def choose_channels(moment, count):
    """Greedily the channels whose span explains most of all channels; moment is C×C, the mean of f fᵀ."""
    residual, chosen = moment.double().clone(), []
    for _ in range(count):
        gain = (residual ** 2).sum(0) / residual.diagonal().clamp_min(1e-9 * moment.diagonal().mean())
        gain[chosen] = -1
        best = int(gain.argmax())
        chosen.append(best)
        column = residual[:, best].clone()
        residual -= torch.outer(column, column) / column[best].clamp_min(1e-12)
    return sorted(chosen)


# ---- phase 1: layer by layer

def regress(student, layer, inputs, targets, rng, rows=28000, rounds=5):
    """One convolution's Newton step from its present weights: inputs B×C×H×W, targets B×K×H×W before the ReLU."""
    per = max(1, math.ceil(rows / len(inputs)))
    xs, ys = [], []
    for i in range(0, len(inputs), 16):
        patches = F.unfold(inputs[i:i + 16].float(), 3, padding=1)
        wanted = targets[i:i + 16].float().flatten(2)
        at = torch.from_numpy(rng.permutation(patches.shape[2])[:per].copy()).to(patches.device)
        xs.append(patches[:, :, at].transpose(1, 2).flatten(0, 1))
        ys.append(wanted[:, :, at].transpose(1, 2).flatten(0, 1))
    x, y = torch.cat(xs), torch.cat(ys)
    x = torch.cat([x, torch.full_like(x[:, :1], float(x.abs().mean()))], 1)  # the last column is the bias
    unit = float(x[0, -1])
    moments = (x.T @ x).double()
    damping = 3e-3 * len(moments) / len(x)  # more where there are few samples for each unknown
    moments += damping * moments.diagonal().mean() * torch.eye(len(moments), device=x.device)
    factor = torch.linalg.cholesky(moments)
    weight = torch.cat([student[f"conv{layer}.weight"].flatten(1), student[f"conv{layer}.bias"][:, None] / unit], 1).T
    for i in range(rounds):
        predicted = x @ weight
        wanted = torch.where(y > 0, y, predicted.clamp_max(0)) if i else y
        weight = weight + torch.cholesky_solve((x.T @ (wanted - predicted)).double(), factor).float()
    student[f"conv{layer}.weight"] = weight[:-1].T.reshape(student[f"conv{layer}.weight"].shape).contiguous()
    student[f"conv{layer}.bias"] = weight[-1] * unit
    return float(((F.relu(x @ weight) - F.relu(y)) ** 2).sum() / (F.relu(y) ** 2).sum())


def first_weights(teacher, pictures, count, size, device, generator, rng):
    """The student after phase 1, the teacher's channels that it imitates, by layer, and the first pool of phase 2."""
    student = {name: tensor.to(device) for name, tensor in random_student(generator).items()}
    pool = batch_of(pictures, count, size, rng)
    held = [{layer: f.half() for layer, f in features(teacher, part.to(device), rectified=False).items()} for part in pool.split(8)]
    targets = [{} for _ in pool]
    channels, inputs = {}, ((pool * 255).flip(1) - MEAN).to(device)
    for layer in LAYERS:
        taught = torch.cat([part.pop(layer) for part in held])
        flat = taught[:, :, ::2, ::2] if taught.shape[3] > 16 else taught
        moment = sum((f := F.relu(part.float()).transpose(0, 1).flatten(1)) @ f.T for part in flat.split(16))
        channels[layer] = choose_channels(moment, WIDTHS[layer[0]])
        if layer[2:] == "1" and layer != "1_1":
            inputs = F.max_pool2d(inputs, 2)
        error = regress(student, layer, inputs, taught[:, channels[layer]], rng)
        say(f"relu{layer}: unexplained {error:.4f}")
        if layer in REFINED:
            for target, f in zip(targets, taught):
                target[layer] = F.relu(f[channels[layer]].float()).half()
        w, b = student[f"conv{layer}.weight"], student[f"conv{layer}.bias"]
        inputs = torch.cat([F.relu(F.conv2d(part, w, b, padding=1)) for part in inputs.split(16)])
    return student, channels, list(zip(pool.to(device), targets))


# ---- phase 2: together

def stylise_further(student, x, styles, steps=5):
    """Pictures x after some more Adam steps towards the styles' Gram matrices, by the student's own gradients."""
    with torch.no_grad():
        wanted = {layer: gram(f) for layer, f in features(student, styles).items() if layer in STYLE}
    x = x.clone().requires_grad_()
    adam = torch.optim.Adam([x], lr=.03)
    for _ in range(steps):
        found = features(student, x)
        loss = sum(((gram(found[layer]) - a) ** 2).sum() / (a ** 2).sum() for layer, a in wanted.items())
        adam.zero_grad()
        loss.backward()
        adam.step()
        with torch.no_grad():
            x.clamp_(0, 1)
    return x.detach()


def distance(found, wanted, gram_share):
    """Relative error of features and of Gram matrices, summed over layers."""
    total = 0
    for layer, t in wanted.items():
        s = found[layer]
        total = total + ((s - t) ** 2).sum() / (t ** 2).sum()
        if gram_share and layer in STYLE:
            a = gram(t)
            total = total + gram_share * (((gram(s) - a) ** 2).sum((1, 2)) / (a ** 2).sum((1, 2))).mean()
    return total


class Pool:
    """Pictures and the teacher's activations for them, renewed bit by bit; some are pictures in the middle of being stylised."""

    def __init__(self, items, teacher, channels, pictures, options, rng, device):
        self.items, self.teacher, self.channels, self.pictures = items, teacher, channels, pictures
        self.options, self.rng, self.device = options, rng, device
        self.begun = None  # pictures in progress, their styles and their age

    def fresh(self):
        return batch_of(self.pictures, self.options.renew, self.options.size, self.rng).to(self.device)

    def renew(self, student):
        x = self.fresh()
        if self.rng.random() < self.options.in_progress:
            before, styles, age = self.begun or (x, self.fresh(), 0)
            x = stylise_further({name: tensor.detach() for name, tensor in student.items()}, before, styles)
            self.begun = (x, styles, age + 1) if age < 8 else None
        with torch.no_grad():
            taught = features(self.teacher, x)
        kept = {layer: taught[layer][:, self.channels[layer]].half() for layer in REFINED}
        self.items += [(x[i], {layer: f[i].clone() for layer, f in kept.items()}) for i in range(len(x))]
        del self.items[:max(0, len(self.items) - self.options.pool)]

    def batch(self):
        chosen = [self.items[i] for i in self.rng.choice(len(self.items), self.options.batch, replace=False)]
        return torch.stack([x for x, _ in chosen]), {layer: torch.stack([f[layer] for _, f in chosen]).float() for layer in REFINED}


def refine(student, pool, options, checkpoint):
    """Phase 2 until the minutes are over; the result is the running average of the weights."""
    start, step, mean = time.time(), 0, None
    parameters = [tensor.requires_grad_() for tensor in student.values()]
    adam = torch.optim.Adam(parameters, lr=options.rate, betas=(.9, .99))
    average = {name: tensor.detach().clone() for name, tensor in student.items()}
    while (done := (time.time() - start) / (60 * options.minutes)) < 1:
        if step % options.every == 0:
            while True:
                pool.renew(student)
                if len(pool.items) >= 4 * options.batch:
                    break
        for group in adam.param_groups:
            group["lr"] = options.rate * min(1, (step + 1) / 20) * (.02 + .98 * .5 * (1 + math.cos(math.pi * done)))
        x, wanted = pool.batch()
        loss = distance(features(student, x), wanted, options.gram)
        adam.zero_grad()
        loss.backward()
        adam.step()
        step += 1
        with torch.no_grad():
            for name, tensor in student.items():
                average[name].lerp_(tensor, 1 - min(.97, step / (step + 10)))
        mean = float(loss) if mean is None else .97 * mean + .03 * float(loss)
        if step % 25 == 0:
            say(f"step {step}: {time.time() - start:.0f} s, loss {mean:.4f}, pool {len(pool.items)}")
            checkpoint(average)
    return average


# ---- scores and the file

@torch.no_grad()
def score(student, teacher, channels, pictures, device):
    """Per tapped layer on whole held-out pictures: the unexplained share of the imitated features and of Gram matrices."""
    sums = {layer: np.zeros(4) for layer in TAPS}
    for picture in pictures:
        small = Image.fromarray(picture)
        small.thumbnail((192, 192), Image.BICUBIC)
        x = torch.from_numpy(np.asarray(small, np.float32) / 255).permute(2, 0, 1)[None].to(device)
        found, taught = features(student, x), features(teacher, x)
        for layer in TAPS:
            t, s = taught[layer][:, channels[layer]], found[layer]
            a, g = gram(t), gram(s)
            sums[layer] += [float(v) for v in (((s - t) ** 2).mean(), (t ** 2).mean(), ((g - a) ** 2).sum() / (a ** 2).sum(), 1)]
    return {f"relu{layer}": {"features": round(v[0] / v[1], 4), "gram": round(v[2] / v[3], 4)} for layer, v in sums.items()}


def balanced(student):
    """The student with each layer scaled so that losses have the teacher's size, which a ReLU network allows without changing anything else.

    Style terms are k/C² · m((G−A)²): a Gram submatrix of half the channels has the teacher's mean but a quarter of its C², so activations shrink
    by √½. The content term m((F−P)²) at relu4_2 needs no C and stays.
    """
    full = {"1": 64, "2": 128, "3": 256, "4": 512, "5": 512}
    result, before = {}, 1.0
    for layer in LAYERS:
        scale = 1.0 if layer == "4_2" else math.sqrt(WIDTHS[layer[0]] / full[layer[0]])
        result[f"conv{layer}.weight"] = student[f"conv{layer}.weight"] * (scale / before)
        result[f"conv{layer}.bias"] = student[f"conv{layer}.bias"] * scale
        before = scale
    return result


def metadata_of(options, scores):
    return {"name": "compact", "licence": "CC-BY-4.0",
            "topology": "VGG-19 to conv5_1 with widths " + ",".join(str(w) for w in WIDTHS.values()),
            "teacher": "VGG-19, K. Simonyan and A. Zisserman, Visual Geometry Group, University of Oxford, arXiv:1409.1556, CC BY 4.0",
            "convention": "caffe-bgr-mean", "input_order": "bgr", "input_range": "255",
            "data": f"Debian 12: {PACKAGES}; paintings by tools/train_encoder.py",
            "command": "tools/train_encoder.py " + " ".join(options.said), "seed": str(options.seed), "scores": json.dumps(scores)}


def say(line):
    print(line, file=sys.stderr, flush=True)


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--teacher", required=True, help="VGG-19 as safetensors, BGR and Caffe mean")
    parser.add_argument("--data", nargs="+", required=True, help="folders of pictures to learn from")
    parser.add_argument("--held-out", required=True, help="folder of pictures that only measure")
    parser.add_argument("--out", required=True, help="the safetensors file to write")
    parser.add_argument("--checkpoint", default="compact.pt", help="where training can go on from (default: compact.pt)")
    parser.add_argument("--go-on", action="store_true", help="skip phase 1 and start from the checkpoint")
    parser.add_argument("--minutes", type=float, default=30, help="length of phase 2")
    parser.add_argument("--size", type=int, default=112, help="side of a training picture in pixels")
    parser.add_argument("--first", type=int, default=448, help="pictures in phase 1")
    parser.add_argument("--batch", type=int, default=4)
    parser.add_argument("--pool", type=int, default=600, help="pictures that phase 2 holds at a time")
    parser.add_argument("--renew", type=int, default=4, help="pictures that enter the pool at a time")
    parser.add_argument("--every", type=int, default=6, help="steps between such renewals")
    parser.add_argument("--in-progress", type=float, default=.3, help="share of renewals with pictures that are being stylised")
    parser.add_argument("--rate", type=float, default=3e-5, help="Adam's learning rate relative to activations of the teacher's size")
    parser.add_argument("--gram", type=float, default=1, help="weight of the Gram matrices against the features")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    options.said = [word for word in sys.argv[1:]]
    return options


def main():
    options = arguments()
    device = "cuda" if torch.cuda.is_available() else "cpu"
    rng, generator = np.random.default_rng(options.seed), torch.Generator().manual_seed(options.seed)
    teacher = {name: tensor.to(device) for name, tensor in load_safetensors(options.teacher).items()}
    pictures = load_pictures(options.data)
    say(f"{len(pictures)} pictures")
    pictures += paintings(pictures, max(8, len(pictures) // 4), rng)
    judges = [np.asarray(Image.open(p).convert("RGB")) for p in sorted(Path(options.held_out).iterdir()) if p.suffix in (".png", ".jpg")]
    items = []
    if options.go_on:
        state = torch.load(options.checkpoint, map_location=device)
        student, channels = state["student"], state["channels"]
    else:
        with torch.no_grad():
            student, channels, items = first_weights(teacher, pictures, options.first, options.size, device, generator, rng)

    def keep(weights):
        torch.save({"student": weights, "channels": channels}, options.checkpoint + ".part")
        os.replace(options.checkpoint + ".part", options.checkpoint)

    keep(student)
    say(json.dumps(score(student, teacher, channels, judges, device)))
    student = refine(student, Pool(items, teacher, channels, pictures, options, rng, device), options, keep)
    scores = score(student, teacher, channels, judges, device)
    keep(student)
    say(json.dumps(scores))
    save_safetensors(options.out, balanced(student), metadata_of(options, scores))


if __name__ == "__main__":
    main()
