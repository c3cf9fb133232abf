#!/usr/bin/env python3
"""Runs every test and check, lists the slowest parts, and ends with the sum of all runners.

A check without cases of its own counts as one test; a build counts only when it fails, and then
what needs it is not run. Arguments pick steps by name (`unit`, `e2e`); after `--` they are for
the end-to-end pytest.
"""

from __future__ import annotations

import collections
import dataclasses
import os
import pathlib
import subprocess
import sys
import time
import xml.etree.ElementTree

import lint

ROOT = pathlib.Path(__file__).resolve().parent.parent
RESULTS = ROOT / "build/results"


@dataclasses.dataclass
class Tally:
    """What has happened so far, over all runners."""

    passed: int = 0
    failed: int = 0
    skipped: collections.Counter = dataclasses.field(default_factory=collections.Counter)
    times: list[tuple[float, str]] = dataclasses.field(default_factory=list)
    complaints: list[str] = dataclasses.field(default_factory=list)
    builds: dict[str, bool] = dataclasses.field(default_factory=dict)

    def one(self, name: str, good: bool) -> None:
        if good:
            self.passed += 1
        else:
            self.failed += 1
            self.complaints.append(name)

    def add_junit(self, runner: str, path: pathlib.Path, good: bool) -> None:
        """Adds the cases of a JUnit file; a runner that failed without a failed case is one."""
        failed_before = self.failed
        try:
            cases = list(xml.etree.ElementTree.parse(path).iter("testcase"))
        except (OSError, xml.etree.ElementTree.ParseError) as error:
            self.one(f"{runner}: no result file that can be read ({error})", False)
            return
        for case in cases:
            # CTest repeats the whole name as the class.
            parts = dict.fromkeys((case.get("classname", ""), case.get("name", "")))
            name = f"{runner}: {'.'.join(parts)}"
            self.times.append((float(case.get("time") or 0), name))
            skipped = case.find("skipped")
            if case.find("failure") is not None or case.find("error") is not None:
                self.one(name, False)
            elif skipped is not None or case.get("status") == "disabled":
                reason = skipped.get("message") if skipped is not None else None
                self.skipped[reason or "disabled"] += 1
            else:
                self.one(name, True)
        if not good and self.failed == failed_before:
            self.one(f"{runner}: the runner itself failed", False)


def say(text: str) -> None:
    print(f"\n== {text}", flush=True)


def call(*command) -> bool:
    """Runs a command with its output shown; true for exit code 0."""
    # Without make's own flags, so that a make below this one does not look for our job server.
    environment = {
        k: v for k, v in os.environ.items() if k not in ("MAKEFLAGS", "MFLAGS", "MAKELEVEL")
    }
    done = subprocess.run([str(part) for part in command], cwd=ROOT, env=environment, check=False)
    return done.returncode == 0


def run_check(tally: Tally, name: str, check) -> None:
    say(name)
    good, output = check()
    print(output if not good else "good", flush=True)
    tally.one(name, good)


def build(tally: Tally, preset: str) -> bool:
    """Builds a preset once in a run; a failure counts once, whatever is left out because of it."""
    if preset not in tally.builds:
        say(f"build {preset}")
        tally.builds[preset] = call("make", "--no-print-directory", f"build-{preset}")
        if not tally.builds[preset]:
            tally.one(f"build {preset}", False)
    return tally.builds[preset]


def run_ctest(tally: Tally) -> None:
    say("unit tests, with sanitizers")
    result = RESULTS / "unit.xml"
    result.unlink(missing_ok=True)
    good = call(
        *("ctest", "--test-dir", ROOT / "build/asan", "--output-on-failure", "--no-tests=error"),
        *("--progress", "--parallel", os.cpu_count() or 1, "--output-junit", result),
    )
    tally.add_junit("unit", result, good)


def run_pytest(tally: Tally, name: str, *arguments) -> None:
    say(f"{name} tests")
    result = RESULTS / f"{name}.xml"
    result.unlink(missing_ok=True)
    good = call(
        *(sys.executable, "-m", "pytest", "-q", "--config-file", ROOT / "tests/pytest.ini"),
        *(f"--junit-xml={result}", *arguments),
    )
    tally.add_junit(name, result, good)


def step_checks(tally: Tally) -> None:
    for name, check in lint.CHECKS.items():
        run_check(tally, name, check)


def step_tools(tally: Tally) -> None:
    run_pytest(tally, "tools", ROOT / "tests/layering", ROOT / "tests/tools")


def step_page(tally: Tally) -> None:
    """Tests of the page's parts; the page in a browser is among the end-to-end tests."""
    run_check(tally, "unit tests of the page", lambda: lint.npm_run("test"))


def step_unit(tally: Tally) -> None:
    if build(tally, "asan"):
        run_ctest(tally)


def step_tidy(tally: Tally) -> None:
    if build(tally, "asan"):
        run_check(tally, "clang-tidy", lint.cpp_lint)


def step_e2e(tally: Tally, *arguments) -> None:
    if build(tally, "release") and build(tally, "asan"):
        chosen = any((ROOT / one.partition("::")[0]).exists() for one in arguments)
        run_pytest(tally, "e2e", *arguments, *(() if chosen else (ROOT / "tests/e2e",)))


STEPS = {
    "checks": step_checks,
    "tools": step_tools,
    "page": step_page,
    "unit": step_unit,
    "tidy": step_tidy,
    "e2e": step_e2e,
}


def report(tally: Tally, steps: list[tuple[float, str]]) -> None:
    say("slowest parts")
    for seconds, name in sorted(steps, reverse=True):
        print(f"{seconds:8.1f} s  {name}")
    print("  of these, the slowest tests:")
    for seconds, name in sorted(tally.times, reverse=True)[:15]:
        print(f"{seconds:8.2f} s  {name}")
    if tally.skipped:
        say("skipped")
        for reason, count in sorted(tally.skipped.items()):
            print(f"{count:8}  {reason}")
    if tally.complaints:
        say("failed")
        for name in tally.complaints:
            print(f"  {name}")
    print(
        f"\n{tally.passed} passed, {tally.failed} failed, {tally.skipped.total()} skipped",
        flush=True,
    )


def main(arguments: list[str]) -> int:
    more = []
    if "--" in arguments:
        at = arguments.index("--")
        arguments, more = arguments[:at], arguments[at + 1 :]
    if unknown := set(arguments) - set(STEPS):
        print(
            f"There is no step {sorted(unknown)}; the steps are {', '.join(STEPS)}.",
            file=sys.stderr,
        )
        return 2
    RESULTS.mkdir(parents=True, exist_ok=True)
    tally = Tally()
    steps = []
    for name in arguments or STEPS:
        began = time.monotonic()
        STEPS[name](tally, *(more if name == "e2e" else ()))
        steps.append((time.monotonic() - began, name))
    report(tally, steps)
    return 1 if tally.failed or not tally.passed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
