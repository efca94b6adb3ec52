#!/usr/bin/python3
"""Puts what golden.evaluate_test measures into the README's table of recipes: on each driver the errors of loss and gradient, doubled, since
another CPU's vector instructions round otherwise, and rounded up to one digit.

    rm -f FILE; IMPASTO_TEST_CLOSENESS=FILE ctest --test-dir build/test -R golden.evaluate_test -j1
    tools/write_closeness.py FILE
"""
import json
import sys
from decimal import ROUND_CEILING, Context
from pathlib import Path

README = Path(__file__).parent.parent / "README.md"
LEAST = 1e-6  # below it, errors of single precision are chance


def bound(error):
    return f"{Context(prec=1, rounding=ROUND_CEILING).create_decimal(max(2 * error, LEAST)):.0e}"


def main():
    cells = {}
    for line in Path(sys.argv[1]).read_text().splitlines():
        row = json.loads(line)
        cells[row["recipe"], row["driver"]] = f"{bound(row['loss'])} {bound(row['gradient'])}"
    lines = README.read_text().split("\n")
    columns = []
    for i, line in enumerate(lines):
        parts = [part.strip() for part in line.split("|")]
        if "SwiftShader" in parts:
            columns = parts
        name = parts[1].split("`")[1] if len(parts) > 2 and parts[1].startswith("`") else ""
        for column, driver in enumerate(columns):
            if (name, driver) in cells:
                parts[column] = cells.pop((name, driver))
                lines[i] = " | ".join(parts).strip()
    README.write_text("\n".join(lines))
    if cells:
        sys.exit(f"no place in the README for {sorted(cells)}")


if __name__ == "__main__":
    main()
