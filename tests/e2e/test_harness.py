"""The harness reports truly what a command did, so that the other tests can be believed."""

import os
import select
import stat

import pytest
from harness import Lancehead, Place, TookTooLong


@pytest.fixture
def fake(tmp_path):
    """Makes a command of a few shell lines, to stand where lancehead would."""

    def make(script):
        path = tmp_path / "fake"
        path.write_text("#!/bin/sh\n" + script + "\n")
        path.chmod(path.stat().st_mode | stat.S_IXUSR)
        return Lancehead(path)

    return make


def test_output_and_exit_code_are_told_apart(fake):
    outcome = fake('echo "out $1"; echo err >&2; exit 7')("word")
    assert (outcome.code, outcome.stdout, outcome.stderr) == (7, "out word\n", "err\n")


def test_a_death_by_signal_is_a_negative_code(fake):
    assert fake("kill -TERM $$")().code == -15


def test_an_unexpected_exit_code_fails_with_what_was_said(fake):
    outcome = fake("echo because >&2; exit 3")()
    outcome.check(3)
    with pytest.raises(AssertionError, match="because"):
        outcome.check()


def test_a_command_that_hangs_is_killed_with_its_children(fake, tmp_path):
    pid_file = tmp_path / "pid"
    hanging = fake(f"sleep 1000 & echo $! > {pid_file}; echo begun; wait")
    with pytest.raises(TookTooLong, match="begun"):
        hanging(timeout=1)
    try:
        child = os.pidfd_open(int(pid_file.read_text()))
    except ProcessLookupError:
        return
    # A descriptor of a process can be read once it has ended, also while nobody has reaped it.
    ended, _, _ = select.select([child], [], [], 30)
    os.close(child)
    assert ended


def test_the_environment_is_added_to_and_taken_from(fake, monkeypatch):
    monkeypatch.setenv("TAKEN", "yes")
    shown = fake('echo "$GIVEN,$TAKEN,$PATH"')(env={"GIVEN": "yes", "TAKEN": None}).stdout
    given, taken, path = shown.strip().split(",")
    assert (given, taken) == ("yes", "")
    assert path


def test_a_recording_is_asked_for_before_the_program_is_named(fake):
    class Interpreter:
        argv = ("chroot", "/there", "/usr/bin/python3")

    outcome = fake('echo "$@"')
    said = outcome.record(
        "/tmp/x.lancehead", Interpreter, "/tmp/a.py", "1", options=["--rate", "9"]
    )
    assert said.stdout.split() == (
        [
            "run",
            "--rate",
            "9",
            "--output",
            "/tmp/x.lancehead",
            "--",
            "chroot",
            "/there",
            "/usr/bin/python3",
            "/tmp/a.py",
            "1",
        ]
    )


def test_a_report_is_json_or_a_failure(fake):
    assert fake("echo '{\"samples\": 3}'").report("x") == {"samples": 3}
    with pytest.raises(AssertionError, match="not JSON"):
        fake("echo hello").report("x")
    with pytest.raises(AssertionError, match="ended with 4"):
        fake("echo '{}'; exit 4").report("x")


def test_a_place_names_its_files_as_seen_from_its_root(tmp_path):
    (tmp_path / "tmp/one").mkdir(parents=True)
    place = Place(tmp_path / "tmp/one", str(tmp_path))
    assert place.write("a/b.py", "pass\n") == "/tmp/one/a/b.py"
    assert (tmp_path / "tmp/one/a/b.py").read_text() == "pass\n"
    assert place.copy(__file__) == "/tmp/one/test_harness.py"
