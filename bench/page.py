"""How large the page of a large recording is, how soon it shows something, and how smoothly it moves."""

from __future__ import annotations

import pathlib
import re
import shutil
import tempfile
import time

from context import ROOT, Context, Table, Unavailable, run

MAKE_RECORDING = ROOT / "build/asan/bin/make_recording"
MEASURE = ROOT / "viewer/tools/measure.mjs"


def measure(context: Context) -> Table:
    table = Table(
        "The page of a recording",
        "Recordings of a program that was never run, with two threads and stacks that are some 20 "
        "deep. *Written* is `lancehead report --html`; the rest is headless Chromium: the first "
        "flame graph, and the longest frame while a person hovers, zooms, searches, filters and "
        "changes the view. Medians of the rounds; the longest frame with the step that it came in.",
        [
            "samples",
            "recording",
            "page",
            "written",
            "first picture",
            "longest frame",
            "2nd longest",
        ],
    )
    if not MAKE_RECORDING.exists() or shutil.which("chromium") is None:
        raise Unavailable("make_recording is not built, or Chromium is not here")
    rounds = 3 if context.quick else 7
    for samples in (100_000, 1_000_000, 10_000_000):
        with tempfile.TemporaryDirectory() as folder:
            recording, page = f"{folder}/large.lancehead", f"{folder}/large.html"
            run([MAKE_RECORDING, recording, str(samples), ROOT / "examples/julia.py"], timeout=600)
            began = time.monotonic()
            run([context.binary, "report", recording, "--html", page], timeout=600)
            written = time.monotonic() - began
            first, frames = [], {}
            for _ in range(rounds):
                printed = run(
                    ["node", MEASURE, page, "--browser", shutil.which("chromium")], timeout=300
                ).stdout
                first.append(int(re.search(r"first picture (\d+)", printed)[1]))
                for step, frame in re.findall(r"^(.+): longest frame (\d+)", printed, re.MULTILINE):
                    frames.setdefault(step, []).append(int(frame))
            longest = sorted(
                ((sorted(times)[len(times) // 2], step) for step, times in frames.items()),
                reverse=True,
            )
            table.rows.append(
                [
                    f"{samples:,}".replace(",", " "),
                    size(recording),
                    size(page),
                    f"{written:.1f} s",
                    f"{sorted(first)[len(first) // 2]} ms",
                    *(f"{frame} ms ({step})" for frame, step in longest[:2]),
                ]
            )
    return table


def size(path: str) -> str:
    return f"{pathlib.Path(path).stat().st_size / 1e6:.1f} MB"
