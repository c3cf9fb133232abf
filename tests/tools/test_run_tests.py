"""The sum at the end of a test run counts what happened, and nothing that fails is lost in it."""

import pytest
import run_tests

JUNIT = """<testsuite>
  <testcase classname="a" name="good" time="0.5" status="run"/>
  <testcase classname="a" name="bad" time="1.5"><failure message="no"/></testcase>
  <testcase classname="a" name="broken"><error message="no"/></testcase>
  <testcase classname="a" name="left out"><skipped message="CPython 3.9 is not here"/></testcase>
  <testcase classname="a" name="switched off" status="disabled"/>
</testsuite>"""


@pytest.fixture
def tally():
    return run_tests.Tally()


def test_each_case_of_a_runner_is_counted_once(tally, tmp_path):
    (tmp_path / "r.xml").write_text(JUNIT)
    tally.add_junit("unit", tmp_path / "r.xml", good=False)
    assert (tally.passed, tally.failed) == (1, 2)
    assert tally.skipped == {"CPython 3.9 is not here": 1, "disabled": 1}
    assert max(tally.times) == (1.5, "unit: a.bad")


@pytest.mark.parametrize("text", [None, "", "<testsuite>"])
def test_a_runner_without_a_result_file_has_failed(tally, tmp_path, text):
    if text is not None:
        (tmp_path / "r.xml").write_text(text)
    tally.add_junit("unit", tmp_path / "r.xml", good=True)
    assert (tally.passed, tally.failed) == (0, 1)


def test_a_runner_that_fails_without_a_failed_case_has_failed(tally, tmp_path):
    (tmp_path / "r.xml").write_text("<testsuite><testcase name='a'/></testsuite>")
    tally.add_junit("e2e", tmp_path / "r.xml", good=False)
    assert (tally.passed, tally.failed) == (1, 1)


def run(monkeypatch, tmp_path, capsys, step):
    monkeypatch.setattr(run_tests, "RESULTS", tmp_path)
    monkeypatch.setattr(run_tests, "STEPS", {"step": step})
    code = run_tests.main([])
    return code, capsys.readouterr().out.splitlines()[-1]


def test_the_closing_line_sums_everything_and_the_exit_code_agrees(monkeypatch, tmp_path, capsys):
    def good(tally):
        tally.one("a", True)
        tally.skipped["why"] += 2

    def bad(tally):
        good(tally)
        tally.one("b", False)

    assert run(monkeypatch, tmp_path, capsys, good) == (0, "1 passed, 0 failed, 2 skipped")
    assert run(monkeypatch, tmp_path, capsys, bad) == (1, "1 passed, 1 failed, 2 skipped")


def test_a_run_in_which_nothing_ran_has_failed(monkeypatch, tmp_path, capsys):
    code, line = run(monkeypatch, tmp_path, capsys, lambda tally: None)
    assert (code, line) == (1, "0 passed, 0 failed, 0 skipped")


def test_an_unknown_step_is_refused(capsys):
    assert run_tests.main(["uint"]) == 2
    assert "uint" in capsys.readouterr().err


def test_a_build_that_fails_counts_once(tally, monkeypatch):
    calls = []
    monkeypatch.setattr(run_tests, "call", lambda *command: calls.append(command))
    assert not run_tests.build(tally, "asan")
    assert not run_tests.build(tally, "asan")
    assert len(calls) == tally.failed == 1
