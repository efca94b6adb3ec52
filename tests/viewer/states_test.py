# What can happen to the real window: another size, no size, larger letters, a lost device, another choice, the end in the middle of anything.
# states_test.py PROGRAM ASSETS LAYER [--screenshots FOLDER]: LAYER is losing_layer.cpp, built; 77 where there is no Xvfb, xdotool, python3-xlib or xprop.
import json
import os
import subprocess
import time
from pathlib import Path

from screen import HEIGHT, WIDTH, arguments_of_test, close, expect, screen_for

RUN = ["-m", "compact", "--size", "128", "--iterations", "4000", "--paint"]


def layer_environment(folder, library):
    manifest = {"file_format_version": "1.0.0",
                "layer": {"name": "VK_LAYER_IMPASTO_losing", "type": "GLOBAL", "library_path": str(library), "api_version": "1.1.0",
                          "implementation_version": "1", "description": "Loses devices"}}
    (folder / "losing.json").write_text(json.dumps(manifest))
    return {"VK_ADD_LAYER_PATH": str(folder), "VK_INSTANCE_LAYERS": "VK_LAYER_IMPASTO_losing", "IMPASTO_LOSE": str(folder / "lose")}


class States:
    def __init__(self, viewer):
        self.viewer = viewer

    def goes_on(self, more=2):
        reached = self.viewer.marks()["iteration"]
        return self.viewer.wait(lambda m: m["iteration"] >= reached + more, "more iterations")

    def above_messages(self):
        picture = self.viewer.picture("picture")
        return picture.crop(0, 0, picture.width, picture.height - 60)

    def resize(self):
        """Smaller, so small that nothing fits, and back: what is there fills the window, and the painting goes on."""
        for width, height in ((900, 600), (40, 30), (1, 1), (WIDTH, HEIGHT)):
            self.viewer.resize(width, height)
            self.viewer.settle()
            self.goes_on(1)
            expect(self.viewer.area("canvas")[2] == width, "the canvas does not reach the window's edge")
            if (width, height) == (900, 600):
                self.viewer.keep("small")
                right = self.viewer.picture().crop(width - 30, 100, width, 300)
                expect(len({right.pixel(x, y) for x in range(30) for y in range(0, 200, 10)}) < 60, "it is not drawn anew")

    def minimise(self):
        self.viewer.do("windowunmap", "--sync", self.viewer.window)
        self.goes_on()
        self.viewer.do("windowmap", "--sync", self.viewer.window)
        self.goes_on()
        picture = self.viewer.picture("picture")
        expect(len({picture.pixel(x, picture.height // 2) for x in range(picture.width)}) > 20, "the picture is not there again")

    def letters(self):
        before = self.viewer.area("go")
        self.viewer.key("ctrl+equal", "ctrl+equal", "ctrl+equal", "ctrl+equal")
        self.viewer.wait(lambda m: m["letters"] == 2, "larger letters")
        after = self.viewer.area("go")
        expect(after[3] - after[1] == 2 * (before[3] - before[1]), "a button does not grow with its letters")
        areas = self.viewer.marks()["areas"]
        expect("save" not in areas or areas["save"][0] >= areas["style"][2], "one button lies on another")
        self.viewer.keep("large")
        self.viewer.key("ctrl+minus", "ctrl+minus", "ctrl+minus", "ctrl+minus")
        self.viewer.wait(lambda m: m["letters"] == 1, "usual letters")
        self.goes_on(1)

    def lose(self, file):
        """While it paints, and while it is paused: on another device it is where it was, with its snapshots and curves."""
        self.viewer.wait(lambda m: m["iteration"] > 12, "some iterations")
        for paused in (False, True):
            if paused:
                self.viewer.key("space")
                reached = self.viewer.wait(lambda m: m["phase"] == "paused", "the pause")["iteration"]
                self.viewer.key("period")
                self.viewer.wait(lambda m: m["phase"] == "paused" and m["iteration"] > reached, "one step")
                shown = self.above_messages()
            before = self.viewer.marks()
            snapshots = {name for name in before["areas"] if name.startswith("snapshot ")}
            if not paused:
                snapshots = {min(snapshots, key=lambda name: int(name.split()[1]))}  # others make room for those that come
            self.viewer.wait(lambda m: "message" not in m["areas"], "silence")
            file.write_text("")
            self.viewer.wait(lambda m: "The device was lost" in m.get("message", ""), "the message")
            after = self.viewer.wait(lambda m: m["phase"] == before["phase"] and m["width"] == before["width"], "the run")
            expect(not file.exists(), "the device was not lost")
            expect(0 < after["snapshot_bytes"] <= 2 << 20, "snapshots take more memory than they may")
            expect(snapshots <= set(after["areas"]), f"snapshots are lost: {snapshots - set(after['areas'])}")
            expect(after["points"] >= before["points"] - 3, "the curves are lost")
            if not paused:
                expect(before["iteration"] - 200 < after["iteration"], "it does not go on from where it was")
                self.goes_on()
                continue
            expect(after["iteration"] == before["iteration"], f"it is at {after['iteration']} and was at {before['iteration']}")
            expect(self.above_messages().difference(shown) < 0.5, "the picture is another one")
        self.viewer.key("space")
        self.goes_on()

    def choose(self):
        """Another size goes on from the picture that is there; what cannot be painted is said before it is tried."""
        painted = self.viewer.picture("picture")
        self.viewer.click("size")
        self.viewer.wait(lambda m: "size 192 px" in m["areas"], "the sizes")
        self.viewer.keep("choose")
        self.viewer.click("size 192 px")
        self.viewer.wait(lambda m: m["size"] == 192 and m["needs"].startswith("Needs "), "what it needs")
        self.viewer.click("go")
        self.viewer.wait(lambda m: m["width"] == 192 and m["iteration"] >= 1, "the larger picture")
        difference = self.viewer.picture("picture").difference(painted)
        expect(difference < 25, f"it does not go on from the picture that was there: {difference}")
        self.viewer.click("recipe")
        self.viewer.click("recipe keras")
        self.viewer.wait(lambda m: m["recipe"] == "keras" and "relu5_2" in m["needs"], "why it cannot be")
        self.viewer.keep("impossible")
        self.viewer.click("go")
        expect(self.goes_on()["width"] == 192, "the run is lost to what cannot be")
        self.viewer.key("ctrl+z")
        self.viewer.wait(lambda m: m["recipe"] == "impasto", "the recipe as it was")

    def machine(self):
        self.viewer.click("machine")
        self.viewer.wait(lambda m: "precision" in m["areas"], "the choices")
        self.viewer.click("precision")
        self.viewer.click("precision fp16")
        self.viewer.wait(lambda m: "fp16" in m["needs"], "what it needs with halves")
        self.viewer.click("device")
        self.viewer.wait(lambda m: any(name.startswith("device ") for name in m["areas"]), "the devices")
        self.viewer.keep("machine")
        self.viewer.click("device the best there is")
        self.viewer.key("ctrl+z")
        self.viewer.wait(lambda m: "fp16" not in m["needs"], "what it needs without")
        self.goes_on()


def dense(viewer):
    """On a desktop that says 192 dots an inch everything is twice as large."""
    viewer.wait(lambda m: m["letters"] == 2, "large letters")
    go = viewer.area("go")
    expect(go[3] - go[1] == 84, f"a button is {go[3] - go[1]} pixels high")


def start(viewer):
    viewer.wait(lambda m: m["phase"] == "painting" and m["iteration"] >= 1, "the run")


def choosing(viewer):
    start(viewer)
    viewer.key("ctrl+s")
    viewer.wait(lambda m: "file name" in m["areas"], "the window to save in")


def paused(viewer):
    start(viewer)
    viewer.key("space")
    viewer.wait(lambda m: m["phase"] == "paused", "the pause")


def menu(viewer):
    viewer.click("menu")
    viewer.wait(lambda m: "menu Leave" in m["areas"], "the menu")


# What it is in the middle of when it is closed: the flags, and the way there.
ENDS = {"empty": (["-m", "compact"], lambda viewer: None),
        "menu": (["-m", "compact"], menu),
        "preparing": (RUN, lambda viewer: None),
        "painting": (RUN, start),
        "paused": (RUN, paused),
        "choosing": (RUN, choosing),
        "done": ([*RUN[:4], "--iterations", "2", "--paint"], lambda viewer: viewer.wait(lambda m: m["phase"] == "done", "the end")),
        "dense": (["-m", "compact"], dense)}


def main():
    arguments = arguments_of_test(more=["layer"], tools=["Xvfb", "xdotool", "xprop"])
    assets = Path(arguments.assets)
    pair = ["-c", str(assets / "photographs/coffee.jpg"), "-s", str(assets / "styles/mosaic.jpg")]
    with screen_for(arguments.program, arguments.assets, arguments.screenshots) as (screen, begin_with):
        losing = layer_environment(screen.folder, Path(arguments.layer).resolve())

        def begin(flags, **environment):
            return begin_with(["--validation", *flags, *pair], **environment)

        viewer = begin([*RUN, "--snapshot-memory", "2M"], **losing)
        states = States(viewer)
        steps = [states.resize, states.minimise, states.letters, lambda: states.lose(Path(losing["IMPASTO_LOSE"])), states.choose,
                 states.machine]
        for step, what in zip(steps, ("resize", "minimise", "letters", "lose", "choose", "machine")):
            begun = time.monotonic()
            step()
            print(f"{what}: {time.monotonic() - begun:.1f} s", flush=True)
        close(viewer)
        for what, (flags, way) in ENDS.items():
            if what == "dense":
                subprocess.run(["xprop", "-root", "-f", "RESOURCE_MANAGER", "8s", "-set", "RESOURCE_MANAGER", "Xft.dpi:\t192\n"],
                               env=dict(os.environ, DISPLAY=screen.display), check=True)
            begun = time.monotonic()
            viewer = begin(flags)
            way(viewer)
            close(viewer)
            print(f"closed while {what}: {time.monotonic() - begun:.1f} s", flush=True)


if __name__ == "__main__":
    main()
