# The controls that a session from start to end leaves alone: dropped files, weights, costs, formats, another device, what is remembered.
# controls_test.py PROGRAM ASSETS [--screenshots FOLDER] [--size N]: exit code 77 where there is no Xvfb, xdotool or python3-xlib.
import collections
import subprocess
import time
from pathlib import Path

from screen import arguments_of_test, close, expect, read_png, screen_for

FLAGS = ["-m", "compact", "-r", "gatys", "--optimizer", "adam", "--iterations", "4000", "--size"]
FORMATS = {"jpg": b"\xff\xd8\xff", "webp": b"RIFF", "tif": b"II*\0", "exr": b"\x76\x2f\x31\x01"}
READABLE = 4.5  # contrast of words, WCAG 2.2, 1.4.3
WORDS = ("go", "restart", "stop", "menu", "needs", "size", "fit", "wipe", "save", "keep", "status")


def luminance(pixel):
    """WCAG 2.2, "relative luminance"."""
    linear = [v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4 for v in (c / 255 for c in pixel)]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(picture):
    """Of the ink that differs most from what most of the picture is."""
    pixels = collections.Counter(picture.pixel(x, y) for y in range(picture.height) for x in range(picture.width))
    ground = luminance(pixels.most_common(1)[0][0])
    pairs = [sorted((ground, luminance(pixel))) for pixel in pixels]
    return max((high + 0.05) / (low + 0.05) for low, high in pairs)


class Controls:
    def __init__(self, viewer, program, assets):
        self.viewer, self.program = viewer, Path(program)
        self.coffee, self.cat = assets / "photographs/coffee.jpg", assets / "photographs/cat.jpg"
        self.mosaic, self.ink = assets / "styles/mosaic.jpg", assets / "styles/ink.jpg"

    def drop(self):
        """Two pictures at once, then another photograph on the first, then a second style."""
        self.viewer.drop([self.coffee, self.mosaic], "canvas")
        self.viewer.wait(lambda m: (m["photograph"], m["styles"]) == ("coffee.jpg", 1), "the pair")
        self.viewer.drop([self.cat], "content")
        self.viewer.wait(lambda m: (m["photograph"], m["styles"]) == ("cat.jpg", 1), "another photograph")
        self.viewer.drop([self.ink], "canvas")
        self.viewer.wait(lambda m: m["styles"] == 2 and "share 1" in m["areas"], "a second style")
        self.viewer.keep("styles")
        self.viewer.click("go")
        self.viewer.wait(lambda m: m["phase"] == "painting" and m["iteration"] >= 8, "some iterations")
        self.viewer.key("space")
        self.viewer.wait(lambda m: m["phase"] == "paused", "the pause")

    def step(self):
        reached = self.viewer.marks()["iteration"]
        self.viewer.key("period")
        return self.viewer.wait(lambda m: m["phase"] == "paused" and m["iteration"] == reached + 1, "one step")

    def changes(self, slider, across, part, as_expected):
        """What that part of the loss was and is in the next iteration; then the change is undone."""
        before = self.step().get(part, 0)
        self.viewer.click(slider, across)
        after = self.step()[part]
        expect(as_expected(before, after), f"{slider}: the {part} was {before} and is {after}")
        self.viewer.key("ctrl+z")

    def weigh(self):
        self.changes("content weight", 0.75, "content", lambda before, after: after > 3 * before)
        self.changes("tv weight", 0.95, "tv", lambda before, after: before == 0 < after)
        self.changes("share 0", 0.02, "style", lambda before, after: abs(after / before - 1) > 0.05)
        still = self.viewer.picture("picture")
        self.step()
        usual = self.viewer.picture("picture").difference(still)
        self.viewer.click("learning rate", 0.95)
        still = self.viewer.picture("picture")
        self.step()
        expect(self.viewer.picture("picture").difference(still) > 2 * usual, "the step is not larger")
        self.viewer.key("ctrl+z")

    def weigh_layers(self):
        self.viewer.click("layers")
        self.viewer.scroll_to("style layer relu5_1")
        self.viewer.keep("layers")
        for layer in ("relu3_1", "relu4_1"):
            self.changes(f"style layer {layer}", 0.9, f"style {layer}", lambda before, after: after > 2 * before)
        self.viewer.click("layers")

    def measure_costs(self):
        self.viewer.click("menu")
        self.viewer.click("menu What each kernel costs")
        self.viewer.wait(lambda m: "costs" in m["areas"], "what kernels cost")
        self.viewer.keep("costs")
        self.viewer.click("close costs")
        self.viewer.wait(lambda m: "close costs" not in m["areas"], "the painting")

    def save_formats(self):
        self.viewer.key("space")
        self.viewer.wait(lambda m: m["iteration"] >= 40, "more iterations")
        self.viewer.key("space")
        size = self.viewer.wait(lambda m: m["phase"] == "paused", "the pause")["width"]
        for ending, begins in FORMATS.items():
            file = self.viewer.folder / f"saved.{ending}"
            self.viewer.key("ctrl+s")
            self.viewer.enter_file(file)
            self.viewer.wait(lambda m: file.name in m.get("message", ""), f"the message of {file.name}")
            expect(file.read_bytes().startswith(begins), f"{file.name} begins as another format does")
            planned = subprocess.run([self.program.with_name("impasto"), "-c", file, "-s", file, "-m", "compact", "--size", "0", "--dry-run"],
                                     env=self.viewer.environment, capture_output=True, text=True, check=True).stdout
            expect(planned.startswith(f"{size:.0f}x"), f"{file.name} has another size: {planned}")
        self.viewer.key("ctrl+s")
        self.viewer.enter_file(self.viewer.folder / "saved.xyz")
        self.viewer.wait(lambda m: "xyz" in m.get("message", ""), "why it cannot be saved so")
        expect(not (self.viewer.folder / "saved.xyz").exists(), "something was saved")

    def save_snapshot(self):
        shots = [name for name in self.viewer.marks()["areas"] if name.startswith("snapshot ")]
        self.viewer.click(min(shots, key=lambda name: int(name.split()[1])))
        self.viewer.wait(lambda m: "save snapshot" in m["areas"], "the snapshot's buttons")
        self.viewer.key("1")
        self.viewer.wait(lambda m: m["zoom"] == 1, "one to one")
        shown = self.viewer.picture("picture")
        self.viewer.click("save snapshot")
        self.viewer.enter_file(self.viewer.folder / "snapshot.png")
        self.viewer.wait(lambda m: "snapshot.png" in m.get("message", ""), "the message")
        self.viewer.wait(lambda m: "message" not in m["areas"], "silence")
        saved = read_png(self.viewer.folder / "snapshot.png")
        expect((saved.width, saved.height) == (shown.width, shown.height), "the snapshot has another size")
        expect(saved.difference(shown) < 0.6, f"another picture is saved than is shown: {saved.difference(shown)}")
        self.viewer.click("back")
        self.viewer.key("f")

    def move(self):
        """To a device that is named, in less memory: it goes on from its picture, in small steps. Then from the beginning."""
        self.viewer.click("learning rate", 0)
        painted = self.viewer.picture("picture")
        device = self.viewer.marks()["device"]
        self.viewer.click("machine")
        self.viewer.click("memory")
        self.viewer.click("memory 128 MiB")
        self.viewer.wait(lambda m: "of 128 MiB" in m.get("needs", ""), "the smaller budget")
        self.viewer.click("device")
        self.viewer.click(f"device {device}")
        self.viewer.click("size")
        self.viewer.click("size 192 px")  # so slow that few iterations are done when it is looked at
        self.viewer.click("network")
        self.viewer.click("network the best there is")
        self.viewer.click("go")
        self.viewer.wait(lambda m: m["phase"] == "painting" and m["iteration"] >= 1, "the other device")
        continued = self.viewer.picture("picture").difference(painted)
        self.viewer.wait(lambda m: m["iteration"] >= 12, "more iterations")
        self.viewer.click("restart")
        self.viewer.wait(lambda m: m["phase"] == "painting" and 1 <= m["iteration"] < 12, "the beginning")
        begun = self.viewer.picture("picture").difference(painted)
        expect(continued < begun, f"it does not go on from its picture: {continued} away, {begun} when it begins anew")
        self.viewer.click("machine")

    def read_words(self):
        for colours in ("dark", "light"):
            if colours == "light":
                self.viewer.key("t")
            self.viewer.move(*self.viewer.middle("picture"))
            screen = self.viewer.picture()
            for name in WORDS:
                reached = contrast(screen.crop(*self.viewer.area(name)))
                expect(reached >= READABLE, f"{name} in {colours} colours has a contrast of {reached:.1f}")


def remembers(begin, viewer):
    """The next window has the colours, the size and the choices of the last one."""
    light = viewer.picture("canvas").pixel(2, 200)
    viewer.click("size")
    viewer.click("size 384 px")
    viewer.resize(1200, 800)
    close(viewer)
    viewer = begin([])
    marks = viewer.wait(lambda m: "canvas" in m["areas"], "the window")
    remembered = (marks["size"], marks["recipe"], marks["window_width"], marks["window_height"])
    expect(remembered == (384, "gatys", 1200, 800), f"it remembers {remembered}")
    expect(viewer.picture("canvas").pixel(2, 200) == light, "it does not remember its colours")
    close(viewer)


def main():
    arguments = arguments_of_test(size="64")
    with screen_for(arguments.program, arguments.assets, arguments.screenshots) as (_, begin_with):
        def begin(flags):
            return begin_with(["--validation", *flags])

        viewer = begin([*FLAGS, arguments.size])
        controls = Controls(viewer, arguments.program, Path(arguments.assets).resolve())
        for step in (controls.drop, controls.weigh, controls.weigh_layers, controls.measure_costs, controls.save_formats,
                     controls.save_snapshot, controls.move, controls.read_words):
            begun = time.monotonic()
            step()
            print(f"{step.__name__}: {time.monotonic() - begun:.1f} s", flush=True)
        remembers(begin, viewer)


if __name__ == "__main__":
    main()
