#!/usr/bin/env python3
"""Trains the compact encoder that ships in assets/: a narrow VGG-19 that learns from the full one, its teacher.

  python3 tools/train_encoder.py --teacher vgg19.safetensors --data FOLDER... --held-out FOLDER --out assets/compact.safetensors

Every layer of the student is asked for the same thing: the activations of some of the teacher's channels at that layer, those few that best
explain the others linearly. Features are then the teacher's up to a linear map, and a student's Gram matrix is a principal
submatrix of the teacher's, so that distances between Gram matrices and between features keep their meaning and their size.

1. The weights start random. Layer by layer, each convolution takes the exact Newton steps of its own ridge regression: its
   inputs are what the student computed so far, its targets the teacher's activations before the ReLU. A rectified output only has to be
   negative where the teacher's is, so targets are renewed from the prediction a few times (majorise and minimise).
2. All layers are then trained together with Adam on what style transfer uses: features and Gram matrices at the tapped layers.
   The pool of pictures is renewed all the time, and a share of it are pictures that the student itself is stylising, because an
   optimiser finds what the student gets wrong.

The data may be any photographs and textures; training_pictures.py says what the shipped file was trained on.
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
from PIL import Image

from training_pictures import PACKAGES, batch_of, load_pictures, paintings

LAYERS = [f"{block + 1}_{k + 1}" for block, count in enumerate((2, 2, 4, 4, 1)) for k in range(count)]
TAPS = ("1_1", "2_1", "3_1", "4_1", "4_2", "5_1")  # the style layers, and 4_2 for content
STYLE = ("1_1", "2_1", "3_1", "4_1", "5_1")
REFINED = [layer for layer in LAYERS if layer in TAPS or layer[0] in "345"]  # layers that phase 2 compares; 1_2 and 2_2 are large
WIDTHS = {"1": 32, "2": 64, "3": 128, "4": 256, "5": 256}
MEAN = torch.tensor([103.939, 116.779, 123.68]).view(1, 3, 1, 1)  # BGR, of 255
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

def regress(student, layer, inputs, targets, rng, rows=28000, rounds=4):
    """Newton steps of one convolution's ridge regression: inputs B×C×H×W, targets B×K×H×W before the ReLU; the unexplained share."""
    per = max(1, math.ceil(rows / len(inputs)))
    xs, ys = [], []
    for i in range(0, len(inputs), 16):
        patches = F.unfold(inputs[i:i + 16].float(), 3, padding=1)
        wanted = targets[i:i + 16].float().flatten(2)
        at = torch.from_numpy(rng.permutation(patches.shape[2])[:per].copy()).to(patches.device)
        xs.append(patches[:, :, at].transpose(1, 2).flatten(0, 1))
        ys.append(wanted[:, :, at].transpose(1, 2).flatten(0, 1))
    x, y = torch.cat(xs), torch.cat(ys)
    unit = float(x.abs().mean())
    x = torch.cat([x, torch.full_like(x[:, :1], unit)], 1)  # the last column is the bias
    factor, decay = damped(x, y)
    weight = torch.cat([student[f"conv{layer}.weight"].flatten(1), student[f"conv{layer}.bias"][:, None] / unit], 1).T
    for i in range(rounds):
        predicted = x @ weight
        wanted = torch.where(y > 0, y, predicted.clamp_max(0)) if i else y
        downhill = (x.T @ (wanted - predicted)).double() - decay * weight.double()
        weight = weight + torch.cholesky_solve(downhill, factor).float()
    student[f"conv{layer}.weight"] = weight[:-1].T.reshape(student[f"conv{layer}.weight"].shape).contiguous()
    student[f"conv{layer}.bias"] = weight[-1] * unit
    return float(((F.relu(x @ weight) - F.relu(y)) ** 2).sum() / (F.relu(y) ** 2).sum())


def damped(x, y):
    """The Cholesky factor of xᵀx plus the weight decay, and that decay: of some, the one that predicts the first eighth of the rows best."""
    check = len(x) // 8
    held, seen = (x[:check].T @ x[:check]).double(), (x[check:].T @ x[check:]).double()
    product = (x[check:].T @ y[check:]).double()
    identity, best = torch.eye(len(seen), dtype=torch.float64, device=x.device), None
    for strength in (1e-7, 1e-5, 1e-4, 1e-3, 1e-2):
        decay = strength * float(seen.diagonal().mean())
        factor, failed = torch.linalg.cholesky_ex(seen + decay * identity)
        if failed:
            continue
        weight = torch.cholesky_solve(product, factor).float()
        error = float(((F.relu(x[:check] @ weight) - F.relu(y[:check])) ** 2).sum())
        if best is None or error < best[0]:
            best = error, decay
    say(f"  decay {best[1]:.3g}, unexplained where not fitted {best[0] / float((F.relu(y[:check]) ** 2).sum()):.4f}")
    return torch.linalg.cholesky(held + seen + best[1] * identity), best[1]


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


@torch.no_grad()
def balanced(student, teacher, pictures):
    """The student with each layer scaled so that losses have the teacher's size; a ReLU network allows that without any other change.

    Sizes are compared between pictures and their neighbours in the batch: k/C² · m((G−A)²) at the style layers, which grows with the fourth
    power of the scale, and m((F−P)²) at relu4_2, which grows with its square.
    """
    found, taught = features(student, pictures), features(teacher, pictures)
    apart = lambda x: float(((x - x.roll(1, 0)) ** 2).sum())
    scales = {"4_2": math.sqrt(apart(taught["4_2"]) / taught["4_2"].shape[1] / (apart(found["4_2"]) / found["4_2"].shape[1]))}
    for layer in STYLE:
        sizes = [apart(gram(f[layer])) / f[layer].shape[1] ** 4 for f in (taught, found)]
        scales[layer] = (sizes[0] / sizes[1]) ** .25
    say(f"scales {({layer: round(scale, 3) for layer, scale in scales.items()})}")
    result, before = {}, 1.0
    for layer in LAYERS:
        scale = scales.get(layer, 1.0)
        result[f"conv{layer}.weight"] = student[f"conv{layer}.weight"] * (scale / before)
        result[f"conv{layer}.bias"] = student[f"conv{layer}.bias"] * scale
        before = scale
    return result


def metadata_of(options, scores):
    """What the file says about itself: the program reads input_*, the rest is for people."""
    return {"name": "compact", "licence": "CC-BY-4.0",
            "topology": "VGG-19 to conv5_1 with widths " + ",".join(str(w) for w in WIDTHS.values()),
            "teacher": "VGG-19, K. Simonyan and A. Zisserman, Visual Geometry Group, University of Oxford, arXiv:1409.1556, CC BY 4.0",
            "convention": "caffe-bgr-mean", "input_order": "bgr", "input_range": "255",
            "input_mean": "103.939,116.779,123.68", "input_std": "1,1,1",
            "data": f"Debian 12: {PACKAGES}; paintings by tools/training_pictures.py",
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
    parser.add_argument("--first", type=int, default=640, help="pictures in phase 1")
    parser.add_argument("--batch", type=int, default=4)
    parser.add_argument("--pool", type=int, default=600, help="pictures that phase 2 holds at a time")
    parser.add_argument("--renew", type=int, default=4, help="pictures that enter the pool at a time")
    parser.add_argument("--every", type=int, default=6, help="steps between such renewals")
    parser.add_argument("--in-progress", type=float, default=.3, help="share of renewals with pictures that are being stylised")
    parser.add_argument("--rate", type=float, default=3e-5, help="Adam's learning rate relative to activations of the teacher's size")
    parser.add_argument("--gram", type=float, default=1, help="weight of the Gram matrices against the features")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    options.said = [Path(word).name if "/" in word else word for word in sys.argv[1:]]
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
    save_safetensors(options.out, balanced(student, teacher, batch_of(pictures, 48, options.size, rng).to(device)), metadata_of(options, scores))


if __name__ == "__main__":
    main()
