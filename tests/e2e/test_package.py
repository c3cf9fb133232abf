"""The Python package: one wheel for the oldest and the newest interpreter, and what it installs."""

import os
import pathlib
import subprocess
import sys
import zipfile

import pytest
from harness import run_command

ROOT = pathlib.Path(__file__).resolve().parents[2]
BINARY = pathlib.Path(os.environ.get("LANCEHEAD_BINARY", ROOT / "build/release/bin/lancehead"))

PROGRAM = """\
import sys
from lancehead import profile

@profile
def work(n):
    return sum(range(n))

if __name__ == "__main__":
    work(10)
    print("worked", sys.executable)
"""


@pytest.fixture(scope="session")
def wheel(tmp_path_factory):
    """The wheel, made of the release that is built already."""
    folder = tmp_path_factory.mktemp("wheel")
    argv = (
        *(sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation"),
        *("--disable-pip-version-check", "--wheel-dir", folder, ROOT),
        *("--config-settings", f"cmake.define.LANCEHEAD_PREBUILT={BINARY.parents[1]}"),
        *("--config-settings", f"build-dir={folder / 'build'}"),
    )
    run_command(argv, timeout=120).check()
    [path] = folder.glob("*.whl")
    return path


class Installed:
    """The package as one interpreter has it: in a virtual environment, or in a folder of its own
    where the interpreter is in a root without pip."""

    def __init__(self, wheel, interpreter, place):
        environment = place.folder / "installed"
        self._env = {}
        self._argv = interpreter.argv
        if interpreter.root == "/":
            run_command([*interpreter.argv, "-m", "venv", environment], timeout=120).check()
            self._argv = [environment / "bin/python"]
            pip = [*self._argv, "-m", "pip"]
        else:
            pip = [sys.executable, "-m", "pip"]
            self._env = {"PYTHONPATH": place.seen(environment)}
        argv = [*pip, "install", "--quiet", "--no-deps", "--no-index", wheel]
        if interpreter.root != "/":
            argv += ["--target", environment]
        run_command(argv, timeout=120).check()
        # As the interpreter sees it, so in its root.
        self.command = [*interpreter.argv[:-1], place.seen(environment / "bin/lancehead")]

    def python(self, *args, **options):
        return run_command([*self._argv, *args], env=self._env, **options)

    def lancehead(self, *args, **options):
        return run_command([*self.command, *args], env=self._env, **options)


@pytest.fixture
def installed(wheel, interpreter, place):
    return Installed(wheel, interpreter, place)


def test_the_wheel_serves_every_version_of_python(wheel):
    assert "-py3-none-" in wheel.name and wheel.name.endswith("x86_64.whl")
    names = zipfile.ZipFile(wheel).namelist()
    assert "lancehead/py.typed" in names
    assert any(name.endswith(".data/scripts/lancehead") for name in names)
    assert any(name.endswith(".data/data/libexec/lancehead/lancehead-agent.so") for name in names)


def test_the_command_needs_libraries_of_every_system_only():
    needed = subprocess.run(
        ["ldd", BINARY], capture_output=True, text=True, check=True
    ).stdout.splitlines()
    names = {line.split()[0].rpartition("/")[2] for line in needed}
    assert names <= {"linux-vdso.so.1", "libc.so.6", "libm.so.6", "ld-linux-x86-64.so.2"}


@pytest.mark.minors("3.8", "3.15")
@pytest.mark.one_patch_level
def test_it_is_installed_and_profiles(installed, place):
    version = installed.lancehead("--version").check().stdout
    assert version.startswith("lancehead ")
    code = "import lancehead; print('lancehead', lancehead.__version__)"
    assert installed.python("-c", code).check().stdout == version
    program = place.write("program.py", PROGRAM)
    plain = installed.python(program).check()
    for options in ((), ("--counts",)):
        # What is written goes to the place, where the interpreter's root can see it.
        recording = place.folder / "r.lancehead"
        outcome = installed.python(
            *("-m", "lancehead", "run", *options, "--force", "--output", place.seen(recording)),
            program,
        ).check()
        assert outcome.stdout == plain.stdout
        assert recording.is_file()


@pytest.mark.minors("3.8", "3.15")
@pytest.mark.one_patch_level
def test_the_program_does_not_see_how_it_was_started(installed, place):
    program = place.write("environment.py", "import os; print(sorted(os.environ))\n")
    recording = place.seen(place.folder / "r.lancehead")
    outcome = installed.python("-m", "lancehead", "run", "--output", recording, program).check()
    assert outcome.stdout == installed.python(program).check().stdout
