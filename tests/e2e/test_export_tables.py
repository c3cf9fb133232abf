"""Exports for other tools, read by these tools: pstats, SnakeViz and line_profiler."""

import io
import pstats

import pytest
from harness import run_command
from line_profiler.line_profiler import LineStats, show_text
from snakeviz.stats import json_stats, table_rows

PROGRAM = """\
def spin(n):
    total = 0
    for i in range(n):
        total += i
    return total

def twice(n):
    return spin(n) + spin(n)

def down(n):
    return twice(200_000) if n == 0 else down(n - 1)

down(3)
twice(4_000_000)
"""


@pytest.fixture
def recorded(lancehead, interpreter, place):
    """Records a program, and exports it."""

    def record(text, to, *options):
        program = place.write("app.py", text)
        recording = place.folder / "r.lancehead"
        # Whatever looking costs: the program is short.
        options = ("--budget", "none", *options)
        lancehead.record(recording, interpreter, program, options=options).check()
        path = place.folder / f"out.{to}"
        outcome = lancehead("export", recording, "--to", to, "-o", path).check()
        return path, outcome

    return record


@pytest.mark.one_patch_level
def test_pstats_and_snakeviz_read_a_profile(recorded, interpreter):
    path, outcome = recorded(PROGRAM, "pstats")
    stats = pstats.Stats(str(path), stream=io.StringIO())
    rows = {key[2]: row for key, row in stats.stats.items() if key[0].endswith("app.py")}
    assert {"spin", "twice", "<module>"} <= set(rows)
    _, _, own, total, callers = rows["spin"]
    assert own > 0.9 * rows["<module>"][3]
    # Nearly all of spin is under twice, whose entry says the same from the other end.
    [(caller, edge)] = callers.items()
    assert caller[2] == "twice" and edge[3] == pytest.approx(total, abs=1e-6)
    # Recursion counts once.
    assert rows["<module>"][3] >= rows["twice"][3] >= rows["spin"][3]
    for key, row in stats.stats.items():
        assert all(caller in stats.stats for caller in row[4]), key
    stats.sort_stats("cumulative").print_stats()
    stats.print_callers()
    stats.print_callees()
    # It says what it is made from.
    assert "no exact calls" in outcome.stderr
    assert any("sampled by lancehead" in key[2] for key in stats.stats)
    assert len(table_rows(stats)) == len(stats.stats)
    assert any(name.endswith("(spin)") for name in json_stats(stats))


@pytest.mark.one_patch_level
def test_the_interpreter_s_own_pstats_reads_a_profile(recorded, interpreter, place):
    path, _ = recorded(PROGRAM, "pstats")
    code = "import pstats, sys; pstats.Stats(sys.argv[1]).print_stats('spin')"
    outcome = run_command([*interpreter.argv, "-c", code, place.seen(path)]).check()
    assert "app.py:1(spin)" in outcome.stdout


@pytest.mark.one_patch_level
def test_line_profiler_reads_exact_hits_and_times(recorded):
    path, _ = recorded(PROGRAM, "lprof", "--counts")
    stats = LineStats.from_files(str(path))
    hits = {
        (key[2].rpartition(".")[2], line): (count, time * stats.unit)
        for key, lines in stats.timings.items()
        for line, count, time in lines
    }
    assert hits["spin", 2][0] == 4 and hits["spin", 5][0] == 4
    assert hits["spin", 4][0] == 2 * (200_000 + 4_000_000)
    assert hits["spin", 3][0] == hits["spin", 4][0] + 4
    assert hits["twice", 8][0] == 2 and hits["down", 11][0] == 4
    # A line's time has that of what it calls.
    loop = hits["spin", 3][1] + hits["spin", 4][1]
    assert hits["twice", 8][1] == pytest.approx(loop, rel=0.1)
    text = io.StringIO()
    show_text(stats.timings, stats.unit, stream=text, stripzeros=True, summarize=True)
    assert "Line #" in text.getvalue()


@pytest.mark.minors("3.13")
@pytest.mark.one_patch_level
def test_hits_are_not_made_up(recorded, lancehead, place):
    recorded(PROGRAM, "pstats")
    recording, path = place.folder / "r.lancehead", place.folder / "r.lprof"
    outcome = lancehead("export", recording, "--to", "lprof", "-o", path).check(2)
    assert "no exact counts" in outcome.stderr and not path.exists()
