"""How `run` ends when there is nothing to record, and when it must not write."""

import signal
import subprocess
import sys

import pytest


def run(lancehead, folder, *words):
    command = [str(lancehead.binary), "run", *words]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, cwd=folder)


@pytest.mark.parametrize(
    ("words", "code", "part"),
    [
        (["nowhere.py"], 2, "no script 'nowhere.py'"),
        (["--", "no-such-command"], 2, "no command 'no-such-command'"),
        (["--python", "no-such-python", "-c", "pass"], 2, "no interpreter 'no-such-python'"),
        (["-o", "/nowhere/x.lancehead", "-c", "pass"], 2, "Make the folder first"),
        (["--", "true"], 3, "No Python interpreter was seen"),
    ],
)
def test_what_cannot_be_recorded_is_told_and_leaves_no_file(lancehead, tmp_path, words, code, part):
    answer = run(lancehead, tmp_path, *words)
    assert (answer.returncode, answer.stdout) == (code, "")
    assert part in answer.stderr
    assert list(tmp_path.iterdir()) == []


def test_an_existing_recording_is_kept(lancehead, tmp_path):
    file = tmp_path / "kept.lancehead"
    file.write_text("kept")
    words = ("-o", str(file), "--python", sys.executable, "-c", "print('ran')")
    answer = run(lancehead, tmp_path, *words)
    assert (answer.returncode, answer.stdout) == (2, "")
    assert file.read_text() == "kept" and "--force" in answer.stderr
    assert run(lancehead, tmp_path, "--force", *words).stdout == "ran\n"
    assert file.stat().st_mode & 0o777 == 0o600


def test_each_run_without_a_name_has_a_file_of_its_own(lancehead, tmp_path):
    for _ in range(2):
        assert run(lancehead, tmp_path, "-q", "--python", sys.executable, "-c", "0").returncode == 0
    names = sorted(path.name for path in tmp_path.iterdir())
    assert names == ["command-2.lancehead", "command.lancehead"]


def test_it_dies_by_the_signal_of_the_program(lancehead, tmp_path):
    code = "import os, signal; os.kill(os.getpid(), signal.SIGUSR1)"
    answer = run(lancehead, tmp_path, "-q", "--python", sys.executable, "-c", code)
    assert answer.returncode == -signal.SIGUSR1
