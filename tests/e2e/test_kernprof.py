"""`lancehead kernprof` and the decorator `profile`: programs written for line_profiler run unchanged."""

import os
import pathlib
import sys

import lprof
import pytest
from harness import run_command

PYTHON = pathlib.Path(__file__).resolve().parents[2] / "python"

# Says behind each line of a decorated function how often it is begun.
PROGRAM = """\
import asyncio
import functools

@profile
def plain(n):
    total = 0  # 3
    for i in range(n):  # 9
        total += i  # 6
    return total  # 3

@profile()
def called():
    return 1  # 3

@profile
def generate():
    yield 1  # 3

@profile
async def wait():
    await asyncio.sleep(0)  # 3

def wraps(function):
    @functools.wraps(function)
    def wrapper(*arguments):
        return function(*arguments)
    return wrapper

@profile
@wraps
def wrapped():
    return 2  # 3

@profile
@functools.lru_cache(maxsize=0)
def cached():
    return 3  # 3

class Methods:
    @profile
    def method(self):
        return 4  # 3

    @profile
    @classmethod
    def of_class(cls):
        return 5  # 3

    @staticmethod
    @profile
    def static():
        return 6  # 3

@profile
class Whole:
    def all_of_it(self):
        return 7  # 3

    @property
    def value(self):
        return 8  # 3

    class Inner:
        def deep(self):
            return 9  # 3

def not_chosen():
    return 10

for _ in range(3):
    plain(2)
    called()
    list(generate())
    asyncio.run(wait())
    wrapped()
    cached()
    Methods().method()
    Methods.of_class()
    Methods.static()
    Whole().all_of_it()
    Whole().value
    Whole.Inner().deep()
    not_chosen()
print("done")
"""

NAMES = {
    *("plain", "called", "generate", "wait", "wrapped", "cached", "method", "of_class", "static"),
    *("all_of_it", "value", "deep"),
}


def check(hits, program):
    """Whether all functions that were chosen were hit as often as the comments in the program say."""
    # 3.8 to 3.10 know no qualified names.
    assert {name.rpartition(".")[2] for name in hits} == NAMES
    lines = {line: count for lines in hits.values() for line, count in lines.items()}
    assert lines == {
        number: int(line.rpartition("#")[2])
        for number, line in enumerate(program.splitlines(), 1)
        if "#" in line
    }


def kernprof(lancehead, interpreter, place, *words, options=("-l",), code=0):
    """Runs `lancehead kernprof` and returns how that ended."""
    executable = interpreter.root.rstrip("/") + interpreter.executable
    return lancehead("kernprof", *options, "--python", executable, *words, cwd=place.folder).check(
        code
    )


@pytest.fixture
def here(interpreter):
    """Leaves out interpreters that need a root of their own: kernprof starts one by its path."""
    if interpreter.root != "/":
        pytest.skip("kernprof starts its interpreter itself")
    return interpreter


def test_all_kinds_of_functions_are_chosen_and_nothing_else(lancehead, interpreter, place):
    program = place.write("kinds.py", PROGRAM)
    recording = place.folder / "r.lancehead"
    outcome = lancehead.record(
        recording, interpreter, program, options=["--builtin-profile"]
    ).check()
    assert outcome.stdout == "done\n"
    lancehead("export", recording, "--to", "lprof", "-o", place.folder / "r.lprof").check()
    check(lprof.load(place.folder / "r.lprof"), PROGRAM)


def test_the_decorator_returns_what_it_is_given(interpreter, place):
    place.copy(PYTHON / "lancehead")
    program = place.write(
        "identity.py",
        """
import functools, sys
sys.path.insert(0, sys.argv[1])
from lancehead import profile

class Strange:
    def __getattr__(self, name):
        return Strange()

def function(): pass

things = [function, print, int, 1, None, Strange(), Strange, classmethod(function), property(function),
          functools.partial(function), type("Class", (), {"me": 1})]
assert all(profile(thing) is thing for thing in things)
assert all(profile()(thing) is thing for thing in things)
before = function.__code__
assert profile(function).__code__ is before
assert "importlib.metadata" not in sys.modules
""",
    )
    run_command([*interpreter.argv, program, place.seen(place.folder)]).check()


def test_the_package_and_the_builtin_say_the_same(lancehead, interpreter, place):
    place.copy(PYTHON / "lancehead")
    text = "from lancehead import profile\n" + PROGRAM
    program = place.write("imports.py", text)
    recording = place.folder / "r.lancehead"
    lancehead.record(recording, interpreter, program, options=["--counts"]).check()
    lancehead("export", recording, "--to", "lprof", "-o", place.folder / "r.lprof").check()
    check(lprof.load(place.folder / "r.lprof"), text)


def test_a_function_of_a_library_is_counted_once_it_is_chosen(lancehead, interpreter, place):
    program = place.write(
        "library.py",
        "import textwrap\ntextwrap.dedent('a')\nprofile(textwrap.dedent)\n"
        "for _ in range(4):\n    textwrap.dedent('a')\n",
    )
    recording = place.folder / "r.lancehead"
    lancehead.record(recording, interpreter, program, options=["--builtin-profile"]).check()
    lancehead("export", recording, "--to", "lprof", "-o", place.folder / "r.lprof").check()
    hits = lprof.load(place.folder / "r.lprof")
    assert list(hits) == ["dedent"] and max(hits["dedent"].values()) >= 4
    assert min(hits["dedent"].values()) >= 1 and 4 in hits["dedent"].values()


def test_a_fork_chooses_for_itself(lancehead, interpreter, place):
    program = place.write(
        "forks.py",
        "import os\n@profile\ndef both():\n    return 1\ndef child():\n    return 2\n"
        "both()\npid = os.fork()\nif pid == 0:\n    profile(child)\n    child()\n    both()\n"
        "    os._exit(0)\nos.waitpid(pid, 0)\nboth()\n",
    )
    recording = place.folder / "r.lancehead"
    lancehead.record(recording, interpreter, program, options=["--builtin-profile"]).check()
    lancehead("export", recording, "--to", "lprof", "-o", place.folder / "r.lprof").check()
    assert lprof.load(place.folder / "r.lprof") == {"both": {4: 3}, "child": {6: 1}}


def test_kernprof_runs_a_decorated_script_unchanged(lancehead, here, place):
    place.write("scripts/app.py", PROGRAM + "import sys; print(sys.argv); sys.exit(7)\n")
    outcome = kernprof(lancehead, here, place, "scripts/app.py", "-v", "x", code=7)
    assert outcome.stdout == "done\n['scripts/app.py', '-v', 'x']\n"
    check(lprof.load(place.folder / "app.py.lprof"), PROGRAM)
    assert (place.folder / "app.lancehead").is_file()


@pytest.mark.minors("3.8", "3.13")
@pytest.mark.one_patch_level
def test_kernprof_takes_a_module_a_file_to_write_and_code_to_run_before(lancehead, here, place):
    place.write("tool.py", "@profile\ndef f():\n    return 1\nf()\nprint(ready)\n")
    place.write("setup.py", "import builtins\nbuiltins.ready = __name__, __file__\n")
    options = ("-lv", "-o", "out.lprof", "-s", "setup.py")
    outcome = kernprof(lancehead, here, place, "-m", "tool", options=options)
    assert outcome.stdout == "('__main__', 'setup.py')\n"
    assert lprof.load(place.folder / "out.lprof") == {"f": {3: 1}}
    # The file is replaced, as kernprof does.
    kernprof(lancehead, here, place, "-m", "tool", options=options)


@pytest.mark.minors("3.8", "3.13")
@pytest.mark.one_patch_level
def test_setup_code_that_fails_ends_the_run(lancehead, here, place):
    place.write("tool.py", "print('ran')\n")
    place.write("setup.py", "1 / 0\n")
    outcome = kernprof(lancehead, here, place, "tool.py", options=("-l", "-s", "setup.py"), code=1)
    assert outcome.stdout == "" and "ZeroDivisionError" in outcome.stderr
    outcome = kernprof(lancehead, here, place, "tool.py", options=("-l", "-s", "none.py"), code=1)
    assert outcome.stdout == "" and "cannot read the setup `none.py`" in outcome.stderr


@pytest.mark.minors("3.13")
@pytest.mark.one_patch_level
def test_without_a_profiler_a_builtin_profile_is_missing_as_ever(here, place):
    program = place.write("bare.py", "@profile\ndef f():\n    pass\n")
    outcome = run_command([*here.argv, program])
    assert outcome.code == 1 and "NameError" in outcome.stderr


@pytest.mark.minors("3.13")
@pytest.mark.one_patch_level
def test_nothing_is_said_where_quiet(lancehead, here, place):
    place.write("app.py", "@profile\ndef f():\n    return 1\nf()\n")
    outcome = kernprof(lancehead, here, place, "app.py", options=("-l", "-q"))
    assert outcome.stdout == outcome.stderr == ""
    assert sorted(os.listdir(place.folder)) == ["app.lancehead", "app.py", "app.py.lprof"]


def test_tests_of_a_decorated_module_run_with_and_without_the_profiler(lancehead, tmp_path):
    # `profile` does nothing where nobody profiles: no stand-in for it is needed in tests.
    (tmp_path / "test_sums.py").write_text(
        "from lancehead import profile\n\n\n@profile\ndef total(n):\n    return sum(range(n))\n\n\n"
        "def test_total():\n    assert total(3) == 3\n    assert total(4) == 6\n"
    )
    env = {"PYTHONPATH": str(PYTHON)}
    pytest_run = ("-m", "pytest", "-q", "-p", "no:cacheprovider", "test_sums.py")
    plain = run_command([sys.executable, *pytest_run], env=env, cwd=tmp_path).check()
    assert "1 passed" in plain.stdout
    watched = lancehead(
        *("kernprof", "-l", "--python", sys.executable, *pytest_run), env=env, cwd=tmp_path
    ).check()
    assert "1 passed" in watched.stdout
    assert lprof.load(tmp_path / "pytest.lprof") == {"total": {6: 2}}
