"""Every example runs on every supported CPython and finds its own result right."""

import pathlib

import pytest
from harness import run_command

EXAMPLES = pathlib.Path(__file__).resolve().parents[2] / "examples"

# A size that is quick, and a line that the output must hold.
SMALL = {
    "julia": ("100", "Sum of the steps: 334236 (as it must be)"),
    "primes": ("5000", "Primes below 5000: 669"),
    "phone_book": ("1000", "Comparisons by list: 499500; additions by set: 1000"),
    "threads": ("10", "Words: 200000 in 10 blocks"),
    "asyncio_pipeline": ("50", "Pages visited: 50, words read: 10000"),
    "multiprocessing_pool": ("6", "6 queens: 4 ways"),
    "generators": ("5000", "Good requests: 4209 of 5000, 10481289 bytes"),
}


def test_every_example_is_tried():
    assert {path.stem for path in EXAMPLES.glob("*.py")} == set(SMALL)


@pytest.mark.parametrize("name", sorted(SMALL))
def test_an_example_runs_and_finds_its_result_right(name, interpreter, place):
    size, line = SMALL[name]
    program = place.copy(EXAMPLES / f"{name}.py")
    # In its development mode CPython tells of every warning, such as a file left open.
    outcome = run_command([*interpreter.argv, "-X", "dev", program, size]).check()
    assert line in outcome.stdout
    assert outcome.stderr == ""


@pytest.mark.parametrize("name", sorted(SMALL))
@pytest.mark.minors("3.8", "3.15")
def test_an_example_explains_what_it_takes(name, interpreter, place):
    program = place.copy(EXAMPLES / f"{name}.py")
    outcome = run_command([*interpreter.argv, program, "many"]).check(2)
    assert outcome.stderr.startswith(f"usage: {name}.py")


@pytest.mark.parametrize("size, total", [("10", 3098), ("20", 12982), ("200", 1329666)])
@pytest.mark.minors("3.8", "3.15")
def test_the_julia_set_has_its_known_sums(size, total, interpreter, place):
    program = place.copy(EXAMPLES / "julia.py")
    outcome = run_command([*interpreter.argv, program, size]).check()
    assert f"Sum of the steps: {total} (as it must be)" in outcome.stdout
