"""Threads have the names that the program gave them, in a recording, on every version."""

import json
import os
import pathlib
import subprocess

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROGRAM = pathlib.Path(__file__).with_name("thread_names_program.py")


def tool(name):
    folders = [
        os.environ.get("LANCEHEAD_TEST_TOOLS"),
        ROOT / "build/asan/bin",
        ROOT / "build/dev/bin",
    ]
    for folder in filter(None, folders):
        if (pathlib.Path(folder) / name).is_file():
            return str(pathlib.Path(folder) / name)
    pytest.fail(f"{name} is missing; 'ninja -C build/dev {name}' builds it.", pytrace=False)


def threads_of(recording):
    done = subprocess.run(
        [tool("read_threads"), recording], capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stderr
    contexts = [json.loads(line) for line in done.stdout.splitlines()]
    return {thread["os_id"]: thread for thread in contexts if thread["kind"] == "thread"}


@pytest.fixture
def record(lancehead, interpreter, place, tmp_path):
    def run(*args):
        recording = tmp_path / "names.lancehead"
        outcome = lancehead.record(recording, interpreter, *args, options=("--quiet",))
        return threads_of(recording), outcome.check()

    return run


def test_each_thread_has_its_names(record, place):
    threads, outcome = record(place.copy(PROGRAM))
    truth = {int(thread): names for thread, names in json.loads(outcome.stdout).items()}
    assert len(truth) == 121
    read = {thread: threads.get(thread, {"names": "not met"})["names"] for thread in truth}
    assert read == truth


def test_the_main_thread_has_its_name_without_the_module(record, place):
    text = "import sys, time\ntime.sleep(0.2)\nprint('threading' in sys.modules)\n"
    program = place.write("plain.py", text)
    threads, outcome = record("-I", "-S", program)
    assert outcome.stdout == "False\n"
    assert [thread["names"] for thread in threads.values()] == [["MainThread"]]
