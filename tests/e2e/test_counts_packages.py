"""Exact counts of real packages and their own tests: equal to sys.settrace on every line."""

import collections
import json
import pathlib
import shutil
import sysconfig

import pytest
from harness import run_command
from test_counts import counts_of, hits_by_line
from test_counts_reference import COUNTS

SITE = pathlib.Path(sysconfig.get_path("purelib"))

# What is run, and how many lines of how many functions it has to reach for the test to mean anything.
UNITTESTS = """
import sys, unittest
names = ["test_other", "test_imports", "test_undefined_names", "test_type_annotations", "test_api"]
suite = unittest.defaultTestLoader.loadTestsFromNames(["pyflakes.test." + name for name in names])
result = unittest.TextTestRunner(stream=open(__file__ + ".log", "w")).run(suite)
print(result.testsRun, len(result.failures), len(result.errors), len(result.skipped))
"""
FUNCTIONS = """
import importlib, inspect
done = []
for name in ("itertoolz", "dicttoolz", "functoolz", "recipes"):
    module = importlib.import_module("toolz.tests.test_" + name)
    for function in list(vars(module).values()):
        is_test = inspect.isfunction(function) and function.__name__.startswith("test_")
        if is_test and not inspect.signature(function).parameters:
            try:
                function()
                done.append(function.__name__)
            except Exception as error:
                done.append(function.__name__ + " " + type(error).__name__)
print(done)
"""
PACKAGES = {"pyflakes": UNITTESTS, "toolz": FUNCTIONS}
# 3.12 tells a line again behind such a call (docs/counts.md): {(function, line): (told, run)}.
TOLD_TWICE_BY_3_12 = {
    "pyflakes": {("_is_constant", 56): (18, 10)},
    "toolz": {("<lambda>", 700): (3, 2)},
}
# No two runs may differ by the order of a set, by a cache on the disk, or by what stands in the way.
ENV = {"PYTHONHASHSEED": "0", "PYTHONDONTWRITEBYTECODE": "1"}


def reference_of(interpreter, place, seen, program):
    out = place.folder / "reference.json"
    answer = run_command(
        [*interpreter.argv, f"{seen}/reference.py", place.seen(out), program], env=ENV, timeout=300
    ).check()
    hits, calls = collections.Counter(), collections.Counter()
    for code in json.loads(out.read_text(encoding="utf-8"))["codes"]:
        key = (code["file"], code["line"], code["name"])
        calls[key] += code["starts"]
        for line, count in code["lines"].items():
            hits[(*key, int(line))] += count
    return answer.stdout, hits, calls


@pytest.mark.one_patch_level
@pytest.mark.parametrize("package", PACKAGES)
def test_counts_of_a_package_are_those_of_settrace(
    lancehead, interpreter, place, tmp_path, package
):
    seen = place.copy(COUNTS)
    folder = place.folder / "package"
    shutil.copytree(SITE / package, folder / package, ignore=shutil.ignore_patterns("__pycache__"))
    (folder / "main.py").write_text(PACKAGES[package], encoding="utf-8")
    program = place.seen(folder / "main.py")
    expected, hits, calls = reference_of(interpreter, place, seen, program)

    recording = tmp_path / "package.lancehead"
    counted = run_command(
        [lancehead.binary, "run", "--counts", "-q", "-r", "100", "-o", recording, "--"]
        + [*interpreter.argv, program],
        env=ENV,
        timeout=300,
    ).check()
    assert counted.stdout == expected
    mine, my_calls = collections.Counter(), collections.Counter()
    for path, codes in counts_of(recording).items():
        file = str(pathlib.PurePath(path).relative_to(pathlib.PurePath(program).parent))
        mine += hits_by_line(codes, file)
        for first, function, started, _, _ in codes:
            my_calls[file, first, function] += started
    assert len(calls) > 200 and sum(hits.values()) > 20_000
    wrong = {
        key: (hits[key], mine[key])
        for key in set(hits) | set(mine)
        # An empty file has no line, but 'line' events of line 0.
        if key[:3] in calls and key[3] != 0 and hits[key] != mine[key]
    }
    if interpreter.minor == "3.12":
        # Each is a call of a Python function in front of a place where a jump of the line arrives.
        assert {key[2:]: value for key, value in wrong.items()} == TOLD_TWICE_BY_3_12[package]
    else:
        assert wrong == {}
    assert {key: my_calls[key] for key in calls} == dict(calls)
