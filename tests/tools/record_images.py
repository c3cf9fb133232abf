#!/usr/bin/env python3
"""Makes the memory images of tests/data/images, one for each minor version that is installed.

Each is taken of tests/tools/waiting_program.py, which itself says what must be found in it:

    ninja -C build/dev record_image && tests/tools/record_images.py build/dev/bin/record_image

An image need only be made again when lancehead reads something that the images do not have yet.
"""

from __future__ import annotations

import argparse
import ctypes
import difflib
import os
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "tools"))

import interpreters  # noqa: E402

ADDR_NO_RANDOMIZE = 0x0040000
MOST_BYTES = 100 << 10


def hold_still() -> None:
    """Gives the program to come the same addresses each time."""
    ctypes.CDLL(None).personality(ADDR_NO_RANDOMIZE)


def wait_until_it_reads(pid: int) -> None:
    """Returns when the main thread is in read(0, ...), where it stays."""
    while not re.match(r"\d+ 0x0 ", pathlib.Path(f"/proc/{pid}/syscall").read_text()):
        os.sched_yield()


def show_difference(expected: bytes, found: bytes) -> None:
    """Prints the lines of either that the other does not have."""
    lines = [text.decode("utf-8", "backslashreplace").split("\n") for text in (expected, found)]
    for line in difflib.unified_diff(*lines, "interpreter", "reader", n=0, lineterm=""):
        print("   ", line[:400])


def record(tool: str, interpreter: interpreters.Interpreter, image: pathlib.Path) -> str:
    """Writes the image; the answer is what is wrong with it."""
    program = (ROOT / "tests/tools/waiting_program.py").read_text()
    with subprocess.Popen(
        [*interpreter.argv, "-I", "-S", "-c", program],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={"LC_ALL": "C.UTF-8", "PATH": os.environ["PATH"]},
        cwd="/",
        preexec_fn=hold_still,
    ) as waiting:
        lines = []
        while not lines or lines[-1] != b"\n":
            lines.append(waiting.stdout.readline())
            if not lines[-1]:
                return "the program ended early"
        wait_until_it_reads(waiting.pid)
        done = subprocess.run(
            [tool, str(waiting.pid), str(image)], stdout=subprocess.PIPE, check=False
        )
        waiting.stdin.close()
        waiting.stdout.read()
    expected = b"".join(lines[:-1])
    image.with_suffix(".txt").write_bytes(expected)
    if done.returncode != 0:
        return "it could not be recorded"
    if done.stdout != expected:
        show_difference(expected, done.stdout)
        return "the reader does not say what the interpreter says"
    if image.stat().st_size > MOST_BYTES:
        return f"it has {image.stat().st_size} bytes"
    return ""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("tool", help="the built record_image")
    parser.add_argument("minor", nargs="*", help="only these minor versions, such as 3.13")
    options = parser.parse_args()
    folder = ROOT / "tests/data/images"
    folder.mkdir(parents=True, exist_ok=True)
    bad = 0
    done = set()
    for interpreter in interpreters.find():
        name = interpreter.minor + ("t" if interpreter.free_threaded else "")
        if name in done or (options.minor and name not in options.minor):
            continue
        done.add(name)
        image = folder / f"python{name}.image"
        complaint = record(options.tool, interpreter, image)
        bad += bool(complaint)
        print(f"{name} ({interpreter.version}): {complaint or f'{image.stat().st_size} bytes'}")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
