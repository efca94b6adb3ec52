#!/usr/bin/python3
"""Runs the program with --progress json and checks every line against docs/progress.schema.json: one run that ends well, one that fails.

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


def events(program, folder, *more):
    flags = ["-c", PICTURES / "rgb.png", "-s", PICTURES / "rgb.jpg", "-m", SOURCE / "assets/compact.safetensors", "--size", "24",
             "--style-size", "24", "--content-layers", "relu2_1", "--style-layers", "relu1_1", "--iterations", "5", "--save-every", "2",
             "-o", folder / "result.png", "--progress", "json"]
    run = subprocess.run([program, *map(str, flags), *more], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    return run.returncode, [json.loads(line) for line in run.stdout.splitlines()]


def main():
    schema = json.loads((SOURCE / "docs/progress.schema.json").read_text())
    jsonschema.Draft7Validator.check_schema(schema)
    validator = jsonschema.Draft7Validator(schema)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        code, lines = events(sys.argv[1], folder, "--checkpoint", str(folder / "state"))
        failed, more = events(sys.argv[1], folder)  # the result is in the way
    assert code == 0 and failed == 3, (code, failed)
    for line in lines + more:
        assert validator.is_valid(line), f"not as the schema says: {line}"
    seen = {line["event"] for line in lines + more}
    assert seen == {"start", "progress", "saved", "done", "error"}, seen
    assert lines[0]["event"] == "start" and lines[-1]["event"] == "done" and more[-1]["event"] == "error"
    broken = dict(lines[-1])
    broken["file"] = 5
    assert not validator.is_valid(broken), "the schema takes anything"
    print(f"{len(lines + more)} lines are as the schema says")


main()
