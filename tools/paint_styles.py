#!/usr/bin/python3
"""Paints the style samples of assets/styles/: each has one manner, a strong palette, and marks of a few sizes everywhere.

    tools/paint_styles.py FOLDER [--only NAME] [--side PIXELS]

Needs numpy and Pillow (Debian's python3-numpy and python3-pil).
The same seed gives the same pictures. Lengths below are for a side of 768 pixels; marks are 5 to 35 pixels wide there, so that they
are still marks when a picture is shrunk to a third. A canvas has a colour (H×W×3, sRGB in [0,1]) and a height (H×W, in pixels) that
is lit at the end, for thick paint is mostly seen by its highlights and shadows.
"""
import argparse
from pathlib import Path

import numpy as np
from PIL import Image


def colours(*codes):
    return np.array([[int(code[i:i + 2], 16) for i in (0, 2, 4)] for code in codes]) / 255


def smoothstep(low, high, x):
    t = np.clip((x - low) / (high - low), 0, 1)
    return t * t * (3 - 2 * t)


def mix(a, b, t):
    return a + (b - a) * np.asarray(t)[..., None]


def ramp(palette, t):
    """The palette's colours one after the other for t from 0 to 1."""
    t = np.clip(t, 0, 1) * (len(palette) - 1)
    first = np.minimum(t.astype(int), len(palette) - 2)
    return mix(palette[first], palette[first + 1], t - first)


class Canvas:
    def __init__(self, side, seed, ground):
        self.side, self.unit = side, side / 768
        self.rng = np.random.default_rng(seed)
        self.y, self.x = np.mgrid[:side, :side] / side
        self.colour = np.tile(ground, (side, side, 1)).astype(float)
        self.height = np.zeros((side, side))

    def noise(self, scale):
        """Smooth noise without a seam, of deviation 1; `scale` is its grain in pixels."""
        frequency = np.hypot(*np.meshgrid(np.fft.fftfreq(self.side), np.fft.fftfreq(self.side)))
        spectrum = np.fft.fft2(self.rng.normal(size=(self.side, self.side)))
        field = np.fft.ifft2(spectrum * np.exp(-2 * (np.pi * scale * self.unit * frequency) ** 2)).real
        return (field - field.mean()) / field.std()

    def at(self, field, x, y):
        """What a field says at a place in [0,1]²; the edge beyond it."""
        return field[tuple(np.clip((np.array([y, x]) * self.side).astype(int), 0, self.side - 1))]

    def path(self, angle, x, y, length, steps=9):
        """A line that follows the directions of a field of angles both ways from a place: steps × 2, in pixels."""
        step, ends = length / self.side / steps, []
        for sign in (-1, 1):
            px, py = x, y
            for _ in range(steps // 2):
                a = self.at(angle, px, py)
                px, py = px + sign * step * np.cos(a), py + sign * step * np.sin(a)
                ends.append((px, py))
        half = steps // 2
        return np.array(ends[:half][::-1] + [(x, y)] + ends[half:]) * self.side

    def stroke(self, path, width, left, right, body=1.0, dry=0.4):
        """A brush loaded with two colours, drawn along a path: bristles, ridges at its sides, paint that runs out towards the end."""
        low = np.clip(path.min(0) - width, 0, self.side).astype(int)
        high = np.clip(path.max(0) + width + 1, 0, self.side).astype(int)
        if (high <= low).any():
            return
        box = np.s_[low[1]:high[1], low[0]:high[0]]
        place = np.stack(np.meshgrid(*(np.arange(a, b) + .5 for a, b in zip(low, high))), -1)

        start, along = path[:-1], np.diff(path, axis=0)
        length = np.hypot(*along.T)
        from_start = place[..., None, :] - start
        t = np.clip((from_start * along).sum(-1) / length ** 2, 0, 1)
        offset = from_start - t[..., None] * along
        nearest = np.hypot(offset[..., 0], offset[..., 1]).argmin(-1)[..., None]
        pick = lambda values: np.take_along_axis(values, nearest, -1)[..., 0]
        distance = pick(np.hypot(offset[..., 0], offset[..., 1]))
        side = np.sign(pick(along[:, 0] * from_start[..., 1] - along[:, 1] * from_start[..., 0]))
        run = pick(np.concatenate([[0], length.cumsum()[:-1]]) + t * length) / length.sum()
        across = distance * side / (width / 2)  # −1 to 1 from side to side

        grain = self.rng.normal(size=(5, max(6, int(width / (1.7 * self.unit)))))
        u, v = run * 3.999, np.clip(across / 2 + .5, 0, .999) * (grain.shape[1] - 1)
        i, j = u.astype(int), v.astype(int)
        lower, upper = (grain[i, j + k] * (1 - u + i) + grain[i + 1, j + k] * (u - i) for k in (0, 1))
        bristle = lower * (1 - v + j) + upper * (v - j)

        edge = width * (1 - .25 * run ** 2) / 2 - distance + .06 * width * bristle
        cover = smoothstep(-.8, .8, edge) * smoothstep(-2.2, -1.2, bristle - 2.2 * dry * run ** 3 + .3)
        paint = mix(left, right, smoothstep(-.8, .8, across + .45 * bristle)) * (1 + .07 * bristle[..., None])
        ridge = .8 * np.exp(-((np.abs(across) - .8) / .18) ** 2) + 1.2 * np.exp(-((run - 1) / .12) ** 2)
        self.colour[box] = mix(self.colour[box], paint, cover)
        self.height[box] += cover * (body * width * (.10 + .045 * bristle + .06 * ridge) - .7 * self.height[box])

    def lit(self, depth=1.0, gloss=.25):
        """The colour as seen in light from the upper left that grazes the paint."""
        slope_y, slope_x = np.gradient(self.height * depth)
        light = np.clip(-.75 * (-slope_x - slope_y), -2, 2) * -1
        shade = 1 + .34 * np.tanh(-light)
        shine = gloss * smoothstep(.35, 1.6, -light)
        return np.clip(mix(self.colour * shade[..., None], np.ones(3), shine), 0, 1)


def impasto(side):
    """Thick strokes that follow a sky of whirls over a burning field."""
    canvas = Canvas(side, 4, colours("1b2a63")[0])
    rng, x, y = canvas.rng, canvas.x, canvas.y
    flow_x, flow_y = 1 + .3 * canvas.noise(90), .35 * canvas.noise(70) + .5 * np.sin(7 * x + 3)
    glow = np.zeros_like(x)
    whirls = [(.24, .25, .20, 1), (.72, .18, .15, -1), (.55, .47, .16, 1), (.93, .46, .10, -1), (.06, .55, .10, -1)]
    for cx, cy, radius, turn in whirls:
        dx, dy = x - cx, y - cy
        pull = 5 * np.exp(-(dx ** 2 + dy ** 2) / radius ** 2 * 1.4)
        flow_x, flow_y = flow_x - turn * dy / radius * pull, flow_y + turn * dx / radius * pull
        distance = np.hypot(dx, dy) / radius
        glow = np.maximum(glow, np.exp(-(distance * 1.9) ** 2) + .45 * np.exp(-((distance - .8) / .13) ** 2))
    ground = smoothstep(.66, .70, y + .05 * np.sin(6 * x) + .02 * canvas.noise(40))
    flow_x, flow_y = mix(np.stack([flow_x, flow_y], -1),
                         np.stack([np.cos(3 * x) + .2, -.9 + .8 * np.sin(5 * x + 6 * y)], -1), ground).transpose(2, 0, 1)
    angle = np.arctan2(flow_y, flow_x)

    sky = colours("0d1440", "1a2f8a", "2458b8", "2f8fc9", "6cc5c9", "f4efc8")
    sun = colours("2f8fc9", "e9b23a", "ffd64a", "fff3b0")
    field = colours("5a1f1c", "b5331b", "e2671c", "f2a51f", "ffd95a", "3d6a35")
    tone = .5 + .21 * canvas.noise(28)
    for width, length, count in ((38, 150, 700), (26, 105, 1500), (17, 70, 2600), (10, 46, 1500)):
        width, length = width * canvas.unit, length * canvas.unit
        for px, py in rng.uniform(-.02, 1.02, (count, 2)):
            bright, shine = canvas.at(tone, px, py) + rng.normal(0, .13), canvas.at(glow, px, py)
            if canvas.at(ground, px, py) > .5:
                pair = ramp(field, np.array([bright, bright + rng.normal(.1, .18)]))
            elif shine > rng.uniform(.25, .6):
                pair = ramp(sun, np.array([shine, shine + rng.normal(0, .25)]))
            else:
                pair = ramp(sky, np.array([bright, bright + rng.normal(.05, .12)]))
            canvas.stroke(canvas.path(angle, px, py, length * rng.uniform(.6, 1.3)), width * rng.uniform(.75, 1.2), *pair)
    return canvas.lit(.9)


def mosaic(side):
    """Stained glass: a rose window in jewel colours, each pane with its own streaks, held by lead."""
    canvas = Canvas(side, 11, colours("101018")[0])
    rng, unit = canvas.rng, canvas.unit
    jewels = colours("b0132b", "e8402a", "f59a23", "ffd23f", "2f9e44", "0b7a75", "1673b8", "1b3a9c", "5a2a8c", "a3246f")
    points, hues = [], []
    for ring, radius in enumerate(np.cumsum([.05, .055, .05, .075, .06, .05, .085, .06, .05, .08, .07, .06, .08, .07])):
        count = (8, 8, 16, 16, 16, 32, 32, 32, 48, 48, 48, 64, 64, 64)[ring]
        for k in range(count):
            a = 2 * np.pi * (k + .5 * (ring % 2)) / count
            points.append((.5 + radius * np.cos(a) + rng.normal(0, .004), .47 + radius * np.sin(a) + rng.normal(0, .004)))
            hues.append((ring * 3 + 4 * (k * 16 // count % 2) + (rng.random() < .2) * 2) % len(jewels))
    points = np.array(points)
    warped = np.stack([canvas.x + .006 * canvas.noise(30), canvas.y + .006 * canvas.noise(30)], -1)
    first, second, owner = (np.empty((side, side)) for _ in range(3))
    for row in range(side):
        distance = np.hypot(*(warped[row, :, None] - points).transpose(2, 0, 1))
        two = np.argpartition(distance, 1, axis=1)[:, :2]
        near = np.take_along_axis(distance, two, 1)
        order = near.argsort(1)
        first[row], second[row] = np.take_along_axis(near, order, 1).T
        owner[row] = np.take_along_axis(two, order, 1)[:, 0]
    owner = owner.astype(int)
    pane = jewels[np.array(hues).astype(int)]
    pane = pane * rng.uniform(.65, 1.2, (len(points), 1)) + rng.normal(0, .03, pane.shape)
    slant = rng.uniform(0, 2 * np.pi, len(points))
    towards = (canvas.x - points[owner, 0]) * np.cos(slant[owner]) + (canvas.y - points[owner, 1]) * np.sin(slant[owner])
    streak = .5 * canvas.noise(5) + .35 * canvas.noise(14) + 9 * towards
    glass = pane[owner] * (1 + .20 * streak)[..., None]
    border = (second - first) / 2 * 768 * unit
    glow = smoothstep(0, 26 * unit, border)
    canvas.colour = mix(glass * .62, glass * 1.12 + .05, glow)
    canvas.height = 2.2 * unit * canvas.noise(3.2) * .5 + 3 * smoothstep(0, 9 * unit, border)
    picture = canvas.lit(.55, .35)
    lead = 1 - smoothstep(2.6 * unit, 4.4 * unit, border)
    canvas.colour = np.tile(colours("23252e")[0], (side, side, 1))
    canvas.height = 5 * unit * np.sqrt(np.clip(1 - (border / (4.4 * unit)) ** 2, 0, 1)) + .25 * canvas.noise(2)
    return mix(picture, canvas.lit(1, .45), lead)


def ink(side):
    """Waves in ink: brushed contours of swelling width over washes of indigo, on grained paper."""
    canvas = Canvas(side, 23, colours("f1e6cc")[0])
    unit, x, y = canvas.unit, canvas.x, canvas.y
    paper = colours("f3e9d2")[0]
    wash = colours("f3e9d2", "cfe0d8", "8fb9c4", "4d87a6", "2a5a86", "173a66", "12284d")
    swell = canvas.noise(120)
    px, py = x.copy(), y.copy()
    for cx, cy, radius, turn in ((.27, .60, .20, 3.6), (.77, .40, .19, -3.4), (.60, .88, .16, 3.2), (.08, .22, .15, -3),
                                 (.97, .78, .14, -3.4)):
        dx, dy = px - cx, py - cy  # each whirl turns the paper under the lines
        angle = turn * np.exp(-(dx ** 2 + dy ** 2) / radius ** 2 * 2)
        px, py = cx + dx * np.cos(angle) - dy * np.sin(angle), cy + dx * np.sin(angle) + dy * np.cos(angle)
    phase = 15 * py + 1.0 * np.sin(9 * px + 3.2 * py + 1.2 * swell) + .6 * swell + .3 * np.sin(23 * px - 9 * py)
    band, within = np.floor(phase), phase % 1
    slope_y, slope_x = np.gradient(phase)
    per_pixel = np.hypot(slope_x, slope_y) + 1e-4
    depth = canvas.rng.uniform(0, 1, 64)[band.astype(int) % 64]
    tone = .12 + .55 * depth * (1 - .75 * within) + .32 * smoothstep(.2, 1, y) + .05 * canvas.noise(9)
    colour = ramp(wash, tone)
    fine = np.abs((phase * 4) % 1 - .5) / (4 * per_pixel)
    colour = mix(colour, colours("1d4470")[0], .55 * (1 - smoothstep(.5, 1.8 * unit + .6 * np.clip(canvas.noise(25), 0, 3), fine)))
    line = np.minimum(within, 1 - within) / per_pixel
    thick = unit * (3.2 + 2.6 * np.clip(canvas.noise(45), -1, 2)) * (1 + .12 * canvas.noise(3))
    colour = mix(colour, colours("0c1730")[0], .95 * (1 - smoothstep(thick - 1, thick + 1, line)))
    drops = smoothstep(.75, 1.15, canvas.noise(4.5) + .5 * canvas.noise(24))
    foam = drops * smoothstep(2 * unit, 5 * unit, line) * (within < .36)
    colour = mix(colour, colours("fbf5e6")[0], .9 * foam)
    sun = np.hypot(x - .70, y - .14)
    disc = (1 - smoothstep(.088, .092, sun + .002 * canvas.noise(6))) * (.8 + .2 * smoothstep(-1.9, -.6, canvas.noise(3)))
    colour = mix(colour, colours("d6402b")[0], .92 * disc * (line > thick))
    grain = 1 + .022 * canvas.noise(1.2) + .02 * canvas.noise(5)
    return np.clip(colour * grain[..., None], 0, 1)


def dabs(side):
    """Points of pure colour, cool beside warm, that join into trees by the water at evening."""
    canvas = Canvas(side, 8, colours("ddd0b0")[0])
    rng, x, y, unit = canvas.rng, canvas.x, canvas.y, canvas.unit
    sky = ramp(colours("3f78c4", "7db4dc", "f2d3a0", "f7a66b", "ef6f6c"), y / .55 + .05 * canvas.noise(40))
    sun = np.exp(-(((x - .36) ** 2 + (y - .40) ** 2) / .016))
    sky = mix(sky, colours("fff0a0")[0], sun)
    mirror = np.clip(1.1 - y, 0, 1)
    water = ramp(colours("ef6f6c", "f7b26b", "6fb7c9", "2d6fb0", "234a94"), (y - .52) / .48 + .10 * np.sin(60 * y + 5 * canvas.noise(30)))
    water = mix(water, colours("ffe37a")[0], .85 * np.exp(-((x - .36) / .06) ** 2) * mirror)
    scene = mix(sky, water, smoothstep(.52, .54, y))
    trees = smoothstep(.0, .05, .17 * np.exp(-((x - .86) / .22) ** 2) + .10 * np.exp(-((x - .08) / .12) ** 2)
                       + .035 * canvas.noise(34) + .05 - np.abs(y - .50) * .62)
    leaves = ramp(colours("14402f", "1f6b3d", "57a03a", "c2cf3f", "2d4f9b"), .42 + .24 * canvas.noise(22))
    scene = mix(scene, leaves, trees)
    bank = smoothstep(.0, .03, y - .84 - .10 * np.sin(2.4 * x + .6) + .02 * canvas.noise(40))
    meadow = ramp(colours("7a2f6a", "d8433b", "f0a12e", "f6e04f", "5fae3f", "1f7a4c"), .55 + .23 * canvas.noise(16))
    scene = mix(scene, meadow, bank)

    spectrum = colours("e23b2e", "f58a1f", "ffd93b", "6cc04a", "1f9e8f", "2a6fd0", "5b3fb0", "d0438f", "fff2c4", "f79a86", "8ccbe8")
    angle = .5 * canvas.noise(60)
    for size, count, stray in ((21, 4200, .10), (15, 9500, .22), (11, 5200, .34)):
        size *= unit
        for px, py in rng.uniform(0, 1, (count, 2)):
            under = canvas.at(scene, px, py)
            pure = spectrum[np.abs(spectrum - under).sum(1).argsort()[rng.integers(4)]]
            opposite = spectrum[np.abs(spectrum - (under.max() + under.min() - under)).sum(1).argmin()]
            tint = opposite * .7 + under * .3 if rng.random() < stray * .3 else mix(under, pure, rng.uniform(.2, .8))
            tint = np.clip(tint * rng.normal(1.03, .08), 0, 1)
            around = canvas.path(angle, px, py, size * rng.uniform(.25, .6), 3)
            canvas.stroke(around, size * rng.uniform(.75, 1.1), tint, tint * .95, 1.3, 0)
    return canvas.lit(.6, .15)


def marble(side):
    """Marbled paper: drops of paint spread on water, then drawn with a comb. Every act has an exact inverse (A. Jaffer and others,
    "Mathematical Marbling", IEEE Computer Graphics and Applications 32, 2012), so each pixel is traced back to the drop it came from."""
    canvas = Canvas(2 * side, 5, colours("2a0d18")[0])  # twice as large, for its edges are hard
    rng = canvas.rng
    paints = colours("7a0f24", "d1263a", "f2a03a", "f8e3b0", "17394f", "1f8a8a", "f6c95a", "3a0b22")
    x, y = canvas.x + .0025 * canvas.noise(12), canvas.y + .0025 * canvas.noise(12)
    y -= .022 * np.sin(31 * x)
    for tooth in range(12):
        y -= .10 * (-1) ** tooth * np.exp(-np.abs(x - tooth / 11) / .02)
    for tooth in range(6):
        x -= .13 * (-1) ** tooth * np.exp(-np.abs(y - tooth / 5) / .04)
    owner = np.full(x.shape, -1)
    drops = 700
    for drop in reversed(range(drops)):
        cx, cy = rng.uniform(-.05, 1.05, 2)
        radius = rng.uniform(.012, .055)
        distance = np.hypot(x - cx, y - cy)
        owner[(owner < 0) & (distance < radius)] = drop
        back = np.sqrt(np.clip(1 - (radius / np.maximum(distance, radius)) ** 2, 1e-9, 1))
        x, y = cx + (x - cx) * back, cy + (y - cy) * back
    tints = paints[rng.integers(len(paints), size=drops + 1)] + rng.normal(0, .03, (drops + 1, 3))
    colour = tints[owner] * (1 + .03 * canvas.noise(2) + .05 * canvas.noise(40))[..., None]
    vein = np.hypot(*np.gradient(owner.astype(float))) > 0
    canvas.colour = mix(colour, colours("f9e7b8")[0], .6 * vein)
    canvas.height = .5 * canvas.noise(1.5)
    return canvas.lit(.35, .1).reshape(side, 2, side, 2, 3).mean((1, 3))


PAINTINGS = {"impasto": impasto, "mosaic": mosaic, "ink": ink, "dabs": dabs, "marble": marble}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--only", choices=PAINTINGS)
    parser.add_argument("--side", type=int, default=768)
    arguments = parser.parse_args()
    arguments.folder.mkdir(parents=True, exist_ok=True)
    for name, paint in PAINTINGS.items():
        if arguments.only in (None, name):
            picture = Image.fromarray((paint(arguments.side) * 255 + .5).astype(np.uint8))
            picture.save(arguments.folder / f"{name}.jpg", quality=88, subsampling=0, optimize=True)


if __name__ == "__main__":
    main()
