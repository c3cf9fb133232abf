#!/usr/bin/env python3
"""Writes src/python/known_layouts.cpp from the headers of CPython.

    tools/generate_layouts.py --headers DIR [DIR ...] > src/python/known_layouts.cpp

Each DIR is an include folder of a CPython (the one that holds Python.h, with internal/ beside it).
tools/layout/probe.c is compiled against each, as a GIL build and from 3.13 on as a free-threaded
build too, and prints the offsets. The file is committed: building lancehead needs no headers.
"""

import argparse
import pathlib
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
FIRST_FREE_THREADED = (3, 13)


def probe(headers: pathlib.Path, free_threaded: bool) -> dict:
    parents = [headers, headers / "internal", headers.parent]
    with tempfile.TemporaryDirectory() as folder:
        binary = pathlib.Path(folder) / "probe"
        command = ["cc", str(HERE / "layout" / "probe.c"), "-o", str(binary)]
        for parent in parents:
            command += ["-I", str(parent)]
        if free_threaded:
            command.append("-DPy_GIL_DISABLED=1")
        subprocess.run(command, check=True)
        text = subprocess.run([str(binary)], check=True, capture_output=True, text=True).stdout
    return {name: int(value) for name, value in (line.split() for line in text.splitlines())}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--headers", nargs="+", type=pathlib.Path, required=True)
    arguments = parser.parse_args()
    layouts, shapes = [], []
    for headers in arguments.headers:
        facts = probe(headers, free_threaded=False)
        layouts.append((facts, False))
        minor = ((facts["version"] >> 24) & 0xFF, (facts["version"] >> 16) & 0xFF)
        if minor >= FIRST_FREE_THREADED:
            layouts.append((probe(headers, free_threaded=True), True))
            shapes.append(facts)
    emit(layouts, shapes)
    return 0


def emit(layouts: list, shapes: list) -> None:
    print("// Written by tools/generate_layouts.py; do not edit.")
    print("// Offsets in bytes, from the headers of each version.")
    print('#include <array>\n#include <span>\n\n#include "python/layout.h"\n')
    print("namespace lancehead::python {\n")
    print("namespace {\n")
    for facts, free_threaded in layouts:
        version = facts["version"]
        minor = (version >> 16) & 0xFF
        print(f"Layout layout_3_{minor}{'t' if free_threaded else ''}() {{")
        print("  Layout layout;")
        print(f"  layout.version = code::PythonVersion::from_hex(0x{version:08X});")
        if free_threaded:
            print("  layout.free_threaded = true;")
        for name, value in facts.items():
            if "." in name and not name.startswith("debug."):
                print(f"  layout.{name} = {value};")
        print("  return layout;\n}\n")
    for facts in shapes:
        minor = (facts["version"] >> 16) & 0xFF
        print(f"DebugOffsetsShape debug_offsets_3_{minor}() {{")
        print("  DebugOffsetsShape shape;")
        print(f"  shape.minor = {minor};")
        for name, value in facts.items():
            if name.startswith("debug."):
                print(f"  shape.{name[len('debug.') :]} = {value};")
        print("  return shape;\n}\n")
    print("}  // namespace\n")
    print("std::span<const Layout> known_layouts() {")
    names = ", ".join(
        f"layout_3_{(facts['version'] >> 16) & 0xFF}{'t' if free else ''}()"
        for facts, free in layouts
    )
    print(f"  static const std::array layouts = {{{names}}};")
    print("  return layouts;\n}\n")
    print("std::span<const DebugOffsetsShape> known_debug_offsets() {")
    names = ", ".join(f"debug_offsets_3_{(facts['version'] >> 16) & 0xFF}()" for facts in shapes)
    print(f"  static const std::array shapes = {{{names}}};")
    print("  return shapes;\n}\n")
    print("}  // namespace lancehead::python")


if __name__ == "__main__":
    sys.exit(main())
