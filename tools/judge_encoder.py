#!/usr/bin/env python3
"""Judges an encoder by the full VGG-19: what style transfer with the encoder achieves, measured by the network that it stands in for.

  python3 tools/judge_encoder.py --program build/release/impasto --full vgg19.safetensors --images ../shared/images --out FOLDER [ENCODER...]

Runs the program on pairs of pictures with each encoder and with the full network, the same recipe and number of iterations, starting
from the content. At every style layer of the full network it reports how much of the content's Gram error Σ(G−A)²/ΣA² the result has
closed, in percent, and the content loss at relu4_2 divided by that of the full network's own result. A sheet of pictures shows content,
style and results side by side, the full network's first. Results that are already in the folder are measured again but not made again.
With --record the scores and the command go into the encoders' metadata.
"""
import argparse
import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import torch
from PIL import Image

from train_encoder import STYLE, features, gram, load_safetensors

PAIRS = (("tuebingen.jpg", "starry_night.jpg"), ("golden_gate.jpg", "the_scream.jpg"), ("cc0_astronaut.png", "shipwreck.jpg"),
         ("cc0_chelsea.png", "starry_night.jpg"), ("cc0_coffee.png", "the_scream.jpg"), ("tuebingen.jpg", "shipwreck.jpg"))


def shrunk(source, target, size):
    """A copy of a picture with a longest side of `size`, so that every network sees the very same pixels."""
    picture = Image.open(source).convert("RGB")
    picture.thumbnail((size, size), Image.BICUBIC)
    picture.save(target)


def tensor_of(path):
    return torch.from_numpy(np.asarray(Image.open(path).convert("RGB"), np.float32) / 255).permute(2, 0, 1)[None]


def stylised(options, model, content, style, target):
    if target.exists():
        return
    subprocess.run([options.program, "-c", content, "-s", style, "-o", target, "-m", model, "-r", options.recipe, "--size", str(options.size),
                    "--init", "content", "--iterations", str(options.iterations), "--progress", "none", "-q"]
                   + options.flags.split(), check=True)


@torch.no_grad()
def measured(full, content, style, result):
    """The closed share at each style layer, and m((F−P)²) at relu4_2."""
    f_content, f_style, f_result = (features(full, tensor_of(path)) for path in (content, style, result))
    shares = []
    for layer in STYLE:
        a = gram(f_style[layer])
        shares.append(1 - float(((gram(f_result[layer]) - a) ** 2).sum() / ((gram(f_content[layer]) - a) ** 2).sum()))
    return shares, float(((f_result["4_2"] - f_content["4_2"]) ** 2).mean())


def sheet(rows, target):
    """Rows of pictures, each shown 160 pixels high."""
    strips = []
    for row in rows:
        pictures = [Image.open(path).convert("RGB") for path in row]
        strips.append([p.resize((round(p.width * 160 / p.height), 160), Image.BICUBIC) for p in pictures])
    canvas = Image.new("RGB", (max(sum(p.width + 4 for p in strip) for strip in strips), 164 * len(strips)), "white")
    for y, strip in enumerate(strips):
        x = 0
        for picture in strip:
            canvas.paste(picture, (x, 164 * y))
            x += picture.width + 4
    canvas.save(target)


def record(path, mean, command):
    """Puts the mean scores and the command into the file's metadata; the tensors stay as they are."""
    data = path.read_bytes()
    end = 8 + int.from_bytes(data[:8], "little")
    header = json.loads(data[8:end])
    header["__metadata__"].update(judged=json.dumps(mean), judge_command=command)
    text = json.dumps(header, ensure_ascii=False).encode()
    text += b" " * (-len(text) % 8)
    part = path.with_suffix(".part")
    part.write_bytes(len(text).to_bytes(8, "little") + text + data[end:])
    part.replace(path)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("encoders", nargs="*", help="safetensors files to judge")
    parser.add_argument("--program", required=True, help="the program impasto")
    parser.add_argument("--full", required=True, help="the full VGG-19 as safetensors, BGR and Caffe mean")
    parser.add_argument("--images", required=True, help="folder with the pictures of PAIRS")
    parser.add_argument("--out", required=True, help="folder for results, sheet.png and scores.json")
    parser.add_argument("--recipe", default="impasto", help="the recipe to follow (default: impasto)")
    parser.add_argument("--record", action="store_true", help="write the scores into the encoders' metadata")
    parser.add_argument("--flags", default="", help="more flags for the program, in one word")
    parser.add_argument("--size", type=int, default=160)
    parser.add_argument("--iterations", type=int, default=120)
    parser.add_argument("--pairs", type=int, default=len(PAIRS), help="only the first of the pairs")
    options = parser.parse_args()
    out, full = Path(options.out), load_safetensors(options.full)
    out.mkdir(parents=True, exist_ok=True)
    models, scores, rows = [Path(options.full)] + [Path(e) for e in options.encoders], {}, []
    for content_name, style_name in PAIRS[:options.pairs]:
        small = []
        for name in (content_name, style_name):
            small.append(out / f"{Path(name).stem}.{options.size}.png")
            shrunk(Path(options.images) / name, small[-1], options.size)
        rows.append(list(small))
        reference = None
        for model in models:
            result = out / f"{Path(content_name).stem}+{Path(style_name).stem}.{model.stem}.png"
            stylised(options, model, small[0], small[1], result)
            shares, content_loss = measured(full, small[0], small[1], result)
            reference = reference or content_loss
            scores.setdefault(model.stem, []).append([100 * s for s in shares] + [content_loss / reference])
            rows[-1].append(result)
        sheet(rows, out / "sheet.png")
    for name, values in scores.items():
        mean = np.mean(values, 0)
        print(f"{name}: closed " + " ".join(f"relu{layer} {v:.1f}" for layer, v in zip(STYLE, mean)) + f" %, content ×{mean[-1]:.2f}")
    names = [f"relu{layer}" for layer in STYLE] + ["content"]
    report = {name: {"mean": dict(zip(names, np.mean(v, 0).round(2).tolist())), "pairs": np.round(v, 2).tolist()} for name, v in scores.items()}
    (out / "scores.json").write_text(json.dumps(report, indent=1))
    if options.record:
        words = [Path(word).name if "/" in word else word for word in sys.argv[1:]]
        for encoder in options.encoders:
            record(Path(encoder), report[Path(encoder).stem]["mean"], "tools/judge_encoder.py " + " ".join(words))


if __name__ == "__main__":
    main()
