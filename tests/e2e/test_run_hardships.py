"""What stands in the way of `run`: old Pythons, a full disk, missing rights, kills, programs that fail.

Nothing that was recorded is lost, and what is said names the cause and the remedy.
"""

import json
import os
import pathlib
import shutil
import signal
import subprocess
import sys

import pytest
from harness import run_command

WORK = """
import os, sys, time
def work(seconds):
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        pass
"""


@pytest.fixture
def program(tmp_path):
    """Writes a program that has WORK before its own lines."""

    def write(text):
        path = tmp_path / "program.py"
        path.write_text(WORK + text, encoding="utf-8")
        return path

    return write


def run(lancehead, *words, **how):
    return run_command([lancehead.binary, "run", "--python", sys.executable, *words], **how)


def functions(lancehead, recording):
    return {
        row["function"]["name"]
        for row in lancehead.report(recording, "--limit", "0")["functions"]
        if row["function"]
    }


def test_a_program_that_fails_keeps_its_traceback_and_its_profile(lancehead, program, tmp_path):
    path = program("work(0.2)\nraise ValueError('as planned')\n")
    alone = run_command([sys.executable, path])
    outcome = run(lancehead, "-q", "-o", tmp_path / "r.lancehead", path).check(1)
    assert outcome.stderr == alone.stderr and "as planned" in outcome.stderr
    assert "work" in functions(lancehead, tmp_path / "r.lancehead")


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGSEGV, signal.SIGINT])
def test_a_program_that_is_killed_keeps_its_profile(lancehead, program, tmp_path, number):
    text = f"import signal\nwork(0.2)\nsignal.signal({int(number)}, signal.SIG_DFL)\n"
    if number == signal.SIGKILL:
        text = "work(0.2)\n"
    path = program(text + f"os.kill(os.getpid(), {int(number)})\n")
    run(lancehead, "-q", "-o", tmp_path / "r.lancehead", path).check(-number)
    report = lancehead.report(tmp_path / "r.lancehead")
    assert report["summary"]["complete"]
    assert "work" in functions(lancehead, tmp_path / "r.lancehead")


def test_a_killed_lancehead_leaves_what_it_had_recorded(lancehead, program, tmp_path):
    path = program("work(2.5)\nprint('ready', flush=True)\nsys.stdin.read()\n")
    recording = tmp_path / "r.lancehead"
    command = [lancehead.binary, "run", "-q", "-o", recording, "--python", sys.executable, path]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True
    ) as process:
        assert process.stdout.readline() == b"ready\n"
        process.kill()
        process.wait()
        # The program lives on and ends by itself.
        process.stdin.close()
        assert process.stdout.read() == b""
    # 4: a recording that is not complete.
    report = json.loads(lancehead("report", recording, "--json").check(4).stdout)
    # It writes each second, so at least the first of two and a half is there.
    assert not report["summary"]["complete"] and report["summary"]["samples"] > 0
    assert "work" in [row["function"]["name"] for row in report["functions"]]
    text = lancehead("report", recording).check(4).stdout
    assert "the recording has no end" in text, text


@pytest.mark.parametrize("old", ["2.7", "3.6", "3.7"])
def test_a_python_that_is_too_old_is_named(lancehead, tmp_path, old):
    found = sorted(pathlib.Path.home().glob(f".pyenv/versions/{old}.*/bin/python{old}"))
    if not found:
        pytest.skip(f"Python {old} is not here")
    text = "import time; time.sleep(0.5); print('ran')"
    outcome = run_command(
        [lancehead.binary, "run", "-o", tmp_path / "r.lancehead", "--", found[0], "-c", text]
    ).check(3)
    assert outcome.stdout == "ran\n"
    assert "which lancehead cannot read" in outcome.stderr and "3.8 and later" in outcome.stderr
    assert old in outcome.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_full_disk_is_told_and_the_program_runs_on(lancehead, program):
    path = program("work(1.5)\nprint('ran')\n")
    outcome = run(lancehead, "-f", "-o", "/dev/full", path)
    assert outcome.code in (2, 4) and "No space left" in outcome.stderr, outcome.describe()
    assert "Free some space" in outcome.stderr


@pytest.mark.skipif(os.geteuid() != 0, reason="needs a disk of its own, which only root can mount")
def test_a_disk_that_fills_up_keeps_what_it_has(lancehead, program, tmp_path):
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=16k", "none", disk]
    if subprocess.run(mount, capture_output=True).returncode != 0:
        pytest.skip("nothing can be mounted here")
    try:
        path = program("work(2)\nprint('ran')\n")
        recording = disk / "r.lancehead"
        # Flat out there are samples enough on any machine.
        flat_out = ("--rate", "max", "--budget", "none")
        outcome = run(lancehead, *flat_out, "-o", recording, path).check(4)
        assert outcome.stdout == "ran\n"
        assert "No space left" in outcome.stderr, outcome.stderr
        assert recording.stat().st_size > 0
        # What fits is whole; that may be too little to name a function.
        lancehead("report", recording).check(4)
    finally:
        subprocess.run(["umount", disk], check=True)


def test_a_folder_that_may_not_be_written_is_named(lancehead, program, tmp_path):
    folder = tmp_path / "closed"
    folder.mkdir(mode=0o555)
    command = [lancehead.binary, "run", "-o", folder / "r.lancehead", "--python", sys.executable]
    if os.geteuid() == 0:
        # Root may write anywhere, unless it gives that up.
        command = ["setpriv", "--bounding-set", "-dac_override", *command]
    outcome = run_command([*command, program("print('ran')\n")]).check(2)
    assert "Permission denied" in outcome.stderr and "--output" in outcome.stderr
    assert outcome.stdout == ""


NOT_DUMPABLE = """
import ctypes
PR_SET_DUMPABLE = 4
assert ctypes.CDLL(None).prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) == 0
work(0.5)
print('ran')
"""


def test_a_program_that_may_not_be_observed_runs_on_and_is_told(lancehead, program, tmp_path):
    recording = tmp_path / "r.lancehead"
    command = [lancehead.binary, "run", "-o", recording, "--python", sys.executable]
    if os.geteuid() == 0:
        if not shutil.which("setpriv"):
            pytest.skip("setpriv is not here")
        command = ["setpriv", "--bounding-set", "-sys_ptrace", *command]
    outcome = run_command([*command, program(NOT_DUMPABLE)])
    assert outcome.stdout == "ran\n"
    # What was seen before it closed itself is kept; where that is nothing, it could not be observed.
    if outcome.code == 3:
        assert "does not let this user look" in outcome.stderr
    else:
        outcome.check(0)
        report = json.loads(lancehead("report", recording, "--json").check().stdout)
        assert report["summary"]["lost"] > 0 or report["summary"]["wall_ns"] < 5e8


def test_a_recording_that_was_cut_is_read_as_far_as_it_goes(lancehead, program, tmp_path):
    recording = tmp_path / "r.lancehead"
    run(lancehead, "-q", "-o", recording, program("work(0.1)\n")).check()
    whole = recording.read_bytes()
    cut = tmp_path / "cut.lancehead"
    for length in (0, 10, 40, len(whole) // 2, len(whole) - 1):
        cut.write_bytes(whole[:length])
        outcome = lancehead("report", cut).check(4)
        # Either nothing could be read, and why; or what is missing from what could.
        if length < 32:
            assert outcome.stdout == "" and "cut.lancehead" in outcome.stderr, outcome.describe()
        else:
            assert "This recording is incomplete" in outcome.stdout, outcome.describe()
    cut.write_bytes(whole)
    lancehead("report", cut).check()
