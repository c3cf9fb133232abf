"""The difference of two recordings of real programs, on the oldest and the newest interpreter.

What is found in equal programs is a matter of chance, and tested by simulation in tests/unit.
"""

import gzip
import json
import subprocess
import urllib.request

import interpreters
import pytest

OLDEST_AND_NEWEST = (interpreters.MINORS[0], interpreters.MINORS[-1])

PROGRAM = """\
def slow(n):
    return sum([i * i for i in range(n)])

def steady(n):
    text = []
    for i in range(n):
        text.append(str(i) + "x")
    return sorted(text)

def other(n):
    table = {}
    for i in range(n):
        table[i % 100] = table.get(i % 100, 0) + i
    return table

def main(rounds):
    for _ in range(rounds):
        kept = slow(12_000) + 1
        steady(3_000)
        other(6_000)

main(1500)
"""

# The same with one argument changed, behind another folder and other lines.
SLOWER = '"""Twice as much work in one expression."""\n\n' + PROGRAM.replace(
    "slow(12_000)", "slow(36_000)"
)


def difference(lancehead, before, after, *options, code=0):
    outcome = lancehead("diff", before, after, "--json", *options).check(code)
    return json.loads(outcome.stdout)


@pytest.fixture
def recorded(lancehead, interpreter, place):
    """Records a program, and says where the recording is."""

    def record(name, text, *options):
        program = place.write(f"{name}/app.py", text)
        recording = place.folder / f"{name}.lancehead"
        options = ("-q", "--budget", "none", *options)
        lancehead.record(recording, interpreter, program, options=options).check()
        return recording

    return record


@pytest.mark.minors(*OLDEST_AND_NEWEST)
@pytest.mark.one_patch_level
def test_the_slower_place_is_named_first(lancehead, recorded):
    before, after = recorded("old", PROGRAM), recorded("new", SLOWER)
    found = difference(lancehead, before, after)
    assert found["verdict"] in ("slower", "mixed"), found
    assert found["matched_share"] > 0.8

    names = {row["after"]["name"] for row in found["functions"] if row["verdict"] == "slower"}
    assert names & {"slow", "slow.<locals>.<listcomp>", "<listcomp>"}, names
    # Lines are two further down in the second program, and matched all the same.
    first = found["lines"][0]
    assert first["verdict"] == "slower"
    assert first["before"]["line"] + 2 == first["after"]["line"] == 4, first
    assert "i * i for i in range(n)" in first["after"]["source"]
    for row in found["lines"]:
        if row["before"] and row["after"] and row["after"]["file"].endswith("app.py"):
            assert row["before"]["line"] + 2 == row["after"]["line"]

    text = lancehead("diff", before, after, "--color", "never").check().stdout
    assert "Slower: " in text and "app.py:4" in text.split("Slower: ")[1].splitlines()[0], text
    assert max(map(len, text.splitlines())) <= 100


@pytest.mark.minors("3.13")
@pytest.mark.one_patch_level
def test_exit_codes_are_for_ci(lancehead, recorded, tmp_path):
    before, after = recorded("old", PROGRAM), recorded("new", SLOWER)
    difference(lancehead, before, after, "--fail-on", "slower", code=1)
    difference(lancehead, before, after, "--fail-on", "any", code=1)
    difference(lancehead, before, after, "--fail-on", "any", "--threshold", "100")
    difference(lancehead, before, before, "--fail-on", "any")
    assert difference(lancehead, before, before)["verdict"] == "same"

    missing = lancehead("diff", before, tmp_path / "missing").check(2)
    assert "missing" in missing.stderr
    bad = lancehead("diff", before, after, "--threshold", "much").check(2)
    assert "--threshold" in bad.stderr and "much" in bad.stderr
    no_thread = lancehead("diff", before, after, "--thread", "nobody").check(2)
    assert "MainThread" in no_thread.stderr


@pytest.mark.minors("3.13")
@pytest.mark.one_patch_level
def test_views_and_filters(lancehead, recorded):
    before, after = recorded("old", PROGRAM), recorded("new", SLOWER)
    functions = difference(lancehead, before, after, "--by", "function", "--filter", "^steady$")
    assert {row["after"]["name"] for row in functions["functions"]} == {"steady"}
    assert "lines" not in functions and "expressions" not in functions
    assert len(difference(lancehead, before, after, "--by", "line", "-n", "2")["lines"]) == 2
    assert difference(lancehead, before, after, "--clock", "wall")["clock"] == "wall"
    for by in ("function", "line", "expression"):
        text = lancehead("diff", before, after, "--by", by).check().stdout
        assert "steady" in text or "str(i)" in text, text


@pytest.mark.minors("3.13")
@pytest.mark.one_patch_level
def test_the_page_of_two_recordings_has_their_comparison(lancehead, recorded):
    before, after = recorded("old", PROGRAM), recorded("new", SLOWER)
    with subprocess.Popen(
        [lancehead.binary, "view", "--no-browser", before, after],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        encoding="utf-8",
    ) as server:
        try:
            address = server.stdout.readline().strip()
            with urllib.request.urlopen(address + "data", timeout=30) as answer:
                page = json.loads(gzip.decompress(answer.read()))
        finally:
            server.terminate()
    first, second = page["recordings"]
    assert (first["name"], second["name"]) == ("old.lancehead", "new.lancehead")
    comparison = page["comparison"]
    names = [one["functions"]["name"] for one in (first, second)]
    for row, other in enumerate(comparison["functions"]):
        assert other == -1 or names[0][other] == names[1][row]
    slower = [row for row in comparison["changes"] if row["verdict"] == "slower"]
    assert {"function", "line"} <= {row["kind"] for row in slower}
    missing = lancehead("view", "--no-browser", before, "missing.lancehead").check(2)
    assert "missing.lancehead" in missing.stderr
