"""Each supported minor version has an interpreter here, which starts and sees what a test gives."""

import os

import interpreters
import pytest
from harness import run_command


@pytest.mark.parametrize("minor", interpreters.MINORS)
def test_there_is_a_cpython_of_each_minor_version(minor, request):
    found = request.config.found_interpreters
    if minor not in interpreters.missing(found):
        return
    if not interpreters.is_offered(minor):
        pytest.skip(f"CPython {minor} is no longer offered by Debian sid")
    if os.environ.get("CI") == "true":
        pytest.fail(f"CPython {minor} is not here and CI may not do without it.", pytrace=False)
    pytest.skip(f"CPython {minor} is not here")


def test_a_program_is_seen_and_run_by_its_interpreter(interpreter, place):
    program = place.write(
        "päth/hello.py", "import sys\nprint(sys.version.split()[0], sys.argv[1])\n"
    )
    outcome = run_command([*interpreter.argv, program, "wörld"], env={"PYTHONUTF8": "1"}).check()
    version, word = outcome.stdout.split()
    assert version.startswith(interpreter.version)
    assert word == "wörld"


def test_the_interpreter_is_the_program_and_no_wrapper_around_it(interpreter, place):
    program = place.write("whoami.py", "import os, sys\nprint(os.getpid(), sys.executable)\n")
    command = 'echo $$; exec "$@"'
    outcome = run_command(["sh", "-c", command, "sh", *interpreter.argv, program]).check()
    shell_pid, pid, executable = outcome.stdout.split()
    assert shell_pid == pid
    assert os.path.exists(interpreter.root + executable)
