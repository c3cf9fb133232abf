"""The report on the Julia program: the two halves of its condition side by side, on every CPython."""

import pathlib
import re

import pytest
from oracle_check import text_of, widest_error

JULIA = pathlib.Path(__file__).resolve().parents[2] / "examples/julia.py"
CONDITION = "while n < maxiter and abs(z) < 2:"

# A JIT must have been asked for, and must have been built in.
JIT = "import sys; print(getattr(sys, '_jit', None) is not None and sys._jit.is_enabled())"


def in_function(report, name):
    return [row for row in report["functions"] if row["function"]["name"] == name][0]


def line_of(report, source):
    return [row for row in report["lines"] if (row["source"] or "").strip() == source][0]


@pytest.mark.one_patch_level
def test_both_halves_of_the_condition_have_shares(lancehead, interpreter, place, tmp_path):
    recording = tmp_path / "julia.lancehead"
    program = place.copy(JULIA)
    options = ("--budget", "none", "--color", "never")
    outcome = lancehead.record(recording, interpreter, program, "400", options=options).check()

    report = lancehead.report(recording, "--limit", "0", "--clock", "wall")
    line = line_of(report, CONDITION)
    own = {text_of(line, one): one["self"]["ns"] for one in line["expressions"]}
    assert own["abs(z) < 2"] > own["n < maxiter"] > 0, own
    outermost = [one["self"]["ns"] for one in line["expressions"] if one["depth"] == 0]
    assert sum(outermost) + line["rest"]["ns"] == pytest.approx(line["self"]["ns"], abs=1000)

    calculate = in_function(report, "calculate_z")
    of_function = [
        row for row in report["lines"] if "calculate_z" in [f["name"] for f in row["functions"]]
    ]
    lines = sum(row["self"]["ns"] for row in of_function)
    assert lines == pytest.approx(calculate["self"]["ns"], abs=1000)

    # The same on the page: both in the lines under the condition, at the columns where they stand.
    page = outcome.stderr.splitlines()
    at = next(i for i, text in enumerate(page) if CONDITION in text)
    below = " ".join(page[at + 1 : at + 9])
    assert re.search(r"\bn < maxiter\b", below) and "abs(z) < 2" in below, outcome.stderr


@pytest.mark.one_patch_level
def test_reading_and_stopping_find_the_same_lines(lancehead, interpreter, place, tmp_path):
    """Where readings disturb the program between the parts of a look, lines are off by half."""
    program = place.copy(JULIA)
    shares, samples = {}, {}
    for look in ("read", "stop"):
        recording = tmp_path / f"{look}.lancehead"
        options = ("-q", "--budget", "none", "--rate", "4000", "--look", look)
        lancehead.record(recording, interpreter, program, "500", options=options).check()
        report = lancehead.report(recording, "--limit", "0", "--clock", "wall")
        whole = in_function(report, "calculate_z")["self"]["ns"]
        shares[look] = line_of(report, CONDITION)["self"]["ns"] / whole
        samples[look] = report["summary"]["samples"] * whole / report["summary"]["wall_ns"]
    # Samples taken in turn by a busy machine say less than their number.
    allowed = widest_error(shares["stop"], min(samples.values()) / 4, bias=0.03)
    assert abs(shares["read"] - shares["stop"]) < 1.5 * allowed, (shares, samples)


@pytest.mark.minors("3.14", "3.15")
@pytest.mark.one_patch_level
def test_compiled_code_has_functions_and_loops_but_no_lines(
    lancehead, interpreter, place, tmp_path
):
    jit = {"PYTHON_JIT": "1"}
    asked = lancehead.record(
        tmp_path / "asked.lancehead", interpreter, "-c", JIT, options=("-q",), env=jit
    ).check()
    if asked.stdout.strip() != "True":
        pytest.skip(f"CPython {interpreter.version} was built without its JIT")
    recording = tmp_path / "julia.lancehead"
    program = place.copy(JULIA)
    lancehead.record(recording, interpreter, program, "600", options=("-q",), env=jit).check()

    report = lancehead.report(recording, "--limit", "0", "--clock", "wall")
    compiled = [row for row in report["compiled"] if row["function"]["name"] == "calculate_z"][0]
    calculate = in_function(report, "calculate_z")
    assert calculate["self"]["share"] > 0.5
    source = JULIA.read_text(encoding="utf-8").splitlines()
    loops = {source[line - 1].strip() for line in compiled["loops"]}
    assert CONDITION in loops or "for i in range(len(zs)):" in loops, loops
    lines = [
        row for row in report["lines"] if "calculate_z" in [f["name"] for f in row["functions"]]
    ]
    assert not lines, lines
    assert "compiled traces" in lancehead("report", recording).check().stdout
