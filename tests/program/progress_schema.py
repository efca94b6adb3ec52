#!/usr/bin/python3
"""Checks every line of --progress json against docs/progress.schema.json: a run that ends well, one that fails, and a batch.

progress_schema.py PROGRAM; the sources are in $IMPASTO_SOURCE. Leaves with 77 (skipped) without python3-jsonschema.
"""
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

try:
    import jsonschema
except ImportError:
    print("SKIPPED: python3-jsonschema is missing; install it")
    sys.exit(77)

SOURCE = Path(os.environ["IMPASTO_SOURCE"])
PICTURES = SOURCE / "tests/fixtures/fuzz/picture"


SETTINGS = ["-m", SOURCE / "assets/compact.safetensors", "--size", "24", "--style-size", "24", "--content-layers", "relu2_1",
            "--style-layers", "relu1_1", "--iterations", "5", "--progress", "json"]


def events(program, *flags):
    run = subprocess.run([program, *map(str, flags), *map(str, SETTINGS)], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    return run.returncode, [json.loads(line) for line in run.stdout.splitlines()]


def main():
    schema = json.loads((SOURCE / "docs/progress.schema.json").read_text())
    jsonschema.Draft7Validator.check_schema(schema)
    validator = jsonschema.Draft7Validator(schema)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        program = sys.argv[1]
        run = ["-c", PICTURES / "rgb.png", "-s", PICTURES / "rgb.jpg", "-o", folder / "result.png", "--save-every", "2"]
        code, lines = events(program, *run, "--checkpoint", folder / "state")
        failed, more = events(program, *run)  # the result is in the way
        batched, batch = events(program, "batch", "--contents", PICTURES / "rgb.png", PICTURES / "grey.png", "--styles",
                                PICTURES / "rgb.jpg", "--out", folder / "out")
    assert (code, failed, batched) == (0, 3, 0), (code, failed, batched)
    for line in lines + more + batch:
        assert validator.is_valid(line), f"not as the schema says: {line}"
    seen = {line["event"] for line in lines + more + batch}
    assert seen == {"plan", "start", "progress", "saved", "done", "error", "batch", "item", "batch_done"}, seen
    assert [line["event"] for line in lines[:2]] == ["plan", "start"] and lines[-1]["event"] == "done"
    assert more[-1]["event"] == "error" and batch[-1]["event"] == "batch_done"
    broken = dict(lines[-1])
    broken["file"] = 5
    assert not validator.is_valid(broken), "the schema takes anything"
    print(f"{len(lines + more + batch)} lines are as the schema says")


main()
