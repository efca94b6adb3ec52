# The real window from start to end: choose a pair, paint, steer, pause, wipe, zoom, go back, save, close while it paints.
# session_test.py PROGRAM ASSETS [--screenshots FOLDER] [--size N]: exit code 77 where there is no Xvfb, xdotool or python3-xlib.
import json
import shlex
import subprocess
import time
from pathlib import Path

from screen import arguments_of_test, close, expect, read_png, screen_for

SETTINGS = ["-m", "compact", "--iterations", "4000", "--size"]


class Session:
    def __init__(self, viewer):
        self.viewer = viewer

    def choose_pair(self):
        before = self.viewer.picture("canvas")
        self.viewer.keep("start")
        self.viewer.click("sample coffee")
        self.viewer.click("sample mosaic")
        self.viewer.wait(lambda m: "picture" in m["areas"], "the photograph")
        expect(self.viewer.picture("canvas").difference(before) > 5, "the photograph is not to be seen")

    def paint(self):
        self.viewer.click("go")
        begun = time.monotonic()
        self.viewer.wait(lambda m: m["iteration"] >= 1, "the first iteration")
        print(f"first iteration after {time.monotonic() - begun:.1f} s")
        first = self.viewer.picture("picture")
        enough = 60 if self.viewer.screenshots else 14
        self.viewer.wait(lambda m: m["iteration"] >= enough, f"{enough} iterations")
        expect(self.viewer.picture("picture").difference(first) > 3, "the picture does not change while it is painted")

    def pause_and_step(self):
        self.viewer.move(*self.viewer.middle("picture"))
        self.viewer.key("space")
        paused = self.viewer.wait(lambda m: m["phase"] == "paused", "the pause")
        still = self.viewer.picture("picture")
        expect(still.difference(self.viewer.picture("picture")) == 0, "the picture changes while it is paused")
        expect(self.viewer.marks()["iteration"] == paused["iteration"], "it goes on while it is paused")
        self.viewer.key("period")
        self.viewer.wait(lambda m: m["iteration"] == paused["iteration"] + 1 and m["phase"] == "paused", "one step")

    def steer(self):
        before = self.viewer.marks()
        curve = self.viewer.picture("curves")
        self.viewer.drag(self.viewer.middle("style strength"), self.viewer.middle("style strength", 0.9))
        changed = self.viewer.marks()
        expect(changed["style_strength"] > 3 * before["style_strength"], "the slider does not move the strength")
        self.viewer.key("period")
        after = self.viewer.wait(lambda m: m["iteration"] == before["iteration"] + 1, "one step")
        ratio = after["style"] / before["style"] * before["style_strength"] / changed["style_strength"]
        expect(0.5 < ratio < 1.5, f"the next iteration has not the new strength: {ratio}")
        expect(self.viewer.picture("curves").difference(curve) > 0.5, "the curves do not turn")
        self.viewer.keep("steer")
        self.viewer.key("ctrl+z")
        expect(self.viewer.marks()["style_strength"] == before["style_strength"], "the change cannot be undone")

    def wipe(self):
        painted = self.viewer.picture("picture")
        self.viewer.key("w")
        self.viewer.wait(lambda m: "wipe handle" in m["areas"], "the wipe")
        left, top, right, bottom = self.viewer.area("picture")
        third = (left + (right - left) // 4, (top + bottom) // 2)
        self.viewer.drag(self.viewer.middle("wipe handle"), third)
        wiped = self.viewer.picture("picture")
        self.viewer.keep("wipe")
        at = (right - left) // 4
        parts = [lambda p: p.crop(0, 80, at - 20, p.height), lambda p: p.crop(at + 20, 80, p.width, p.height)]
        expect(parts[0](wiped).difference(parts[0](painted)) > 5, "left of the line is not the photograph")
        expect(parts[1](wiped).difference(parts[1](painted)) == 0, "right of the line is not the painting")
        self.viewer.key("w")

    def zoom(self):
        self.viewer.click("one to one")
        expect(self.viewer.marks()["zoom"] == 1, "not one to one")
        self.viewer.wheel("canvas", 8)
        zoomed = self.viewer.wait(lambda m: m["zoom"] > 4, "the zoom")
        view = self.viewer.picture("canvas")
        row = view.rows[view.height // 2 - 60]  # above the mouse
        changes = sum(row[3 * x:3 * x + 3] != row[3 * x - 3:3 * x] for x in range(200, view.width - 200))
        most = (view.width - 400) / zoomed["zoom"] + 2
        expect(20 < changes <= most, f"pixels are not drawn as squares: {changes} changes, at most {most}")
        self.viewer.keep("zoom")
        self.viewer.key("f")

    def save(self):
        self.viewer.click("one to one")
        shown = self.viewer.picture("picture")
        self.viewer.key("ctrl+s")
        self.viewer.wait(lambda m: "file name" in m["areas"], "the window to save in")
        self.viewer.keep("save")
        file = self.viewer.folder / "saved.png"
        self.viewer.enter_file(file)
        self.viewer.wait(lambda m: "Saved" in m.get("message", ""), "the message")
        saved = read_png(file)
        expect((saved.width, saved.height) == (shown.width, shown.height), "the size is another one")
        expect(saved.difference(shown) < 0.6, f"what is saved is not what was shown: {saved.difference(shown)}")
        self.viewer.key("f")

    def save_session(self):
        self.viewer.key("ctrl+shift+s")
        self.viewer.enter_file(self.viewer.folder / "session.impasto")
        self.viewer.wait(lambda m: "session.impasto" in m.get("message", ""), "the message")
        expect((self.viewer.folder / "session.impasto").stat().st_size > 128 * 85 * 12, "the session is not in its file")
        return self.viewer.marks()["iteration"]

    def branch(self):
        reached = self.viewer.marks()
        shots = sorted(int(name.split()[1]) for name in reached["areas"] if name.startswith("snapshot "))
        expect(len(shots) >= 2, "there are no snapshots")
        now = self.viewer.picture("picture")
        self.viewer.click(f"snapshot {shots[0]}")
        self.viewer.wait(lambda m: "branch" in m["areas"], "the snapshot's buttons")
        expect(self.viewer.picture("picture").difference(now) > 1, "the snapshot is not shown")
        self.viewer.keep("snapshot")
        self.viewer.click("branch")
        self.viewer.wait(lambda m: m["iteration"] == shots[0], "the way back")
        self.viewer.key("space")
        self.viewer.wait(lambda m: m["iteration"] > shots[0] + 5, "the branch")

    def look(self):
        self.viewer.key("F1")
        self.viewer.wait(lambda m: "help" in m["areas"], "the list of keys")
        self.viewer.keep("keys")
        self.viewer.key("Escape")
        self.viewer.key("s")
        self.viewer.wait(lambda m: "style beside" in m["areas"], "the style")
        self.viewer.keep("style")
        dark = self.viewer.picture("canvas")
        self.viewer.key("t")
        expect(self.viewer.picture("canvas").difference(dark) > 20, "it does not become light")
        self.viewer.keep("light")
        self.viewer.key("t", "s")

    def refuse(self):
        """What cannot be done is said, and the run that was there goes on."""
        self.viewer.click("stop")
        self.viewer.wait(lambda m: m["phase"] == "empty", "the end")
        self.viewer.click("content")
        self.viewer.wait(lambda m: "file name" in m["areas"], "the window to choose in")
        broken = self.viewer.folder / "broken.png"
        broken.write_bytes(b"no picture")
        self.viewer.enter_file(broken)
        self.viewer.click("go")
        self.viewer.wait(lambda m: m["phase"] == "failed" and "broken.png" in m["message"], "the message")
        self.viewer.keep("failed")
        self.viewer.click("close message")
        self.viewer.key("ctrl+z")


def drive(viewer):
    session = Session(viewer)
    iteration = 0
    for step in (session.choose_pair, session.paint, session.pause_and_step, session.steer, session.wipe, session.zoom,
                 session.save, session.save_session, session.branch, session.look, session.refuse, session.paint):
        begun = time.monotonic()
        iteration = step() or iteration
        print(f"{step.__name__}: {time.monotonic() - begun:.1f} s", flush=True)
    close(viewer)
    return iteration


def go_on(viewer, iteration):
    """A session from its file is where it was, and can be steered."""
    viewer.wait(lambda m: m["iteration"] >= iteration, "the iterations of the file", 120)
    expect(viewer.marks()["iteration"] < iteration + 200, "it does not go on from the file")
    weight = viewer.marks()["content_weight"]
    viewer.click("content weight", 0.9)
    viewer.wait(lambda m: m["content_weight"] > 2 * weight, "the other weight")
    reached = viewer.marks()["iteration"]
    viewer.wait(lambda m: m["iteration"] > reached + 2, "more iterations")
    close(viewer)


def own_recipes(begin, program, assets):
    """A recipe that does not come with Impasto is in the command line as its file, and is asked to be put into one where it has none."""
    pair = ["-c", str(assets / "photographs/coffee.jpg"), "-s", str(assets / "styles/mosaic.jpg"), "-m", "compact", "--size", "64"]
    recipe = {"base": "gatys", "gram_divisor": "channels_times_n", "content_weight": 7}
    viewer = begin([])
    (viewer.folder / "own.json").write_text(json.dumps({**recipe, "name": "own"}))
    (viewer.folder / "job.json").write_text(json.dumps({"recipe": recipe}))
    close(viewer)
    for flags, label, named in (["-r", "own.json"], "own", "own.json"), (["--job", "job.json"], "gatys (2)", "kept.json"):
        viewer = begin([*pair, *flags, "--style-strength", "2"])
        expect(viewer.marks()["recipe"] == label, f"the recipe is {viewer.marks()['recipe']}")
        viewer.key("ctrl+c")
        if named == "kept.json":
            viewer.enter_file(viewer.folder / named)
        copied = viewer.wait(lambda m: m["copied"], "the command line")["copied"]
        close(viewer)
        expect(named in copied and "--style-strength 2" in copied, copied)
        once = [*shlex.split(copied)[1:], "--iterations", "1", "--overwrite"]
        subprocess.run([Path(program).with_name("impasto"), *once], cwd=viewer.folder, env=viewer.environment, check=True, capture_output=True)
    kept = json.loads((viewer.folder / "kept.json").read_text())
    expect((kept["gram_divisor"], kept["content_weight"]) == ("channels_times_n", 7), f"another recipe was kept: {kept}")


def main():
    arguments = arguments_of_test(size="128")
    with screen_for(arguments.program, arguments.assets, arguments.screenshots) as (_, begin_with):
        def begin(flags):
            return begin_with(["--validation", *flags])

        viewer = begin([*SETTINGS, arguments.size])
        iteration = drive(viewer)
        viewer = begin(["--resume", str(viewer.folder / "session.impasto")])
        go_on(viewer, iteration)
        own_recipes(begin, arguments.program, Path(arguments.assets).resolve())


if __name__ == "__main__":
    main()
