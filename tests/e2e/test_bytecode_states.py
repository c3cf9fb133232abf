"""A recording knows how hot code was specialised, and when that changed."""

import os
import pathlib
import subprocess

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]

PROGRAM = """
import time

def add(values, seconds):
    total = values[0]
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        for value in values:
            total = total + value
            total = total - value
    return total

add([1] * 1000, 1.0)
add([0.5] * 1000, 2.0)
"""


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


@pytest.fixture
def states(lancehead, interpreter, place, tmp_path):
    """The opcodes of `add`, once for each of its states that was recorded."""
    recording = tmp_path / "states.lancehead"
    program = place.write("add.py", PROGRAM)
    lancehead.record(recording, interpreter, program, options=("--quiet",)).check()
    done = subprocess.run(
        [tool("read_bytecode"), recording], capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stderr
    lines = [line.split() for line in done.stdout.splitlines()]
    return [set(opcodes) for _, function, *opcodes in lines if function == "add"]


@pytest.mark.minors("3.11", "3.12", "3.13", "3.14", "3.15")
def test_each_specialisation_is_recorded_once(states):
    of_ints = [number for number, state in enumerate(states) if "BINARY_OP_ADD_INT" in state]
    of_floats = [number for number, state in enumerate(states) if "BINARY_OP_ADD_FLOAT" in state]
    assert of_ints, states
    assert of_floats, states
    assert max(of_ints) < min(of_floats), states
    # The counters in the caches change all the time; that alone is no new state.
    assert len(states) <= 6, states


@pytest.mark.minors("3.8", "3.9", "3.10")
def test_there_is_nothing_to_record_before_3_11(states):
    assert states == []
