#!/usr/bin/env python3
"""Checks that a shared library shows all that the public headers mark with IMPASTO_API, and nothing else of ours.

    visible.py LIBRARY FOLDER_OF_HEADERS
"""
import re
import subprocess
import sys
from pathlib import Path

library, headers = sys.argv[1], Path(sys.argv[2])
text = "\n".join(header.read_text() for header in sorted(headers.glob("*.h")) if header.name != "export.h")
classes = set(re.findall(r"^class IMPASTO_API (\w+)", text, re.M))
functions = set(re.findall(r"^IMPASTO_API [^(]*?(\w+)\(", text, re.M))
symbols = subprocess.run(["nm", "-DC", "--defined-only", library], check=True, capture_output=True, text=True).stdout
shown = set()
for line in symbols.splitlines():
    # A template over our types begins with its return type; only what is itself in our namespace is ours.
    found = re.match(r"\S+ \S (?:(?:typeinfo|typeinfo name|vtable) for )?impasto::(\w+)", line)
    if found:
        shown.add(found[1])
inline = {"Error"}  # all of it is in the header
failed = False
for name in sorted(shown - classes - functions):
    print(f"{library} shows {name}, which no public header marks", file=sys.stderr)
    failed = True
for name in sorted((classes | functions) - inline - shown):
    print(f"{library} does not show {name}", file=sys.stderr)
    failed = True
print(f"{len(shown)} names are visible")
sys.exit(failed or not shown)
