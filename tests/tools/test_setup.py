"""The set-up does what is missing and nothing else; false commands stand in for apt and debootstrap."""

import os
import pathlib
import shutil
import subprocess
import tempfile

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root makes the Debian sid folder")


class Machine:
    """A copy of the tools with false commands before the real ones in PATH; calls are logged."""

    def __init__(self, folder: pathlib.Path):
        self.folder = folder
        self.log = folder / "log"
        self.cache = folder / "cache"
        shutil.copytree(ROOT / "tools", folder / "tools", ignore=shutil.ignore_patterns("__py*"))
        (folder / "bin").mkdir()
        self.log.touch()
        self.log.chmod(0o666)

    def command(self, name: str, script: str) -> None:
        path = self.folder / "bin" / name
        path.write_text(f'#!/bin/sh\necho "{name} $*" >> {self.log}\n{script}\n')
        path.chmod(0o755)

    def run(self, *command, prefix=()) -> subprocess.CompletedProcess:
        environment = {
            **os.environ,
            "PATH": f"{self.folder}/bin:{os.environ['PATH']}",
            "LANCEHEAD_CACHE": str(self.cache),
        }
        return subprocess.run(
            [*prefix, *(str(part) for part in command)],
            cwd=self.folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    def calls(self, name: str) -> list[str]:
        lines = self.log.read_text().splitlines()
        return [line for line in lines if line.partition(" ")[0] == name]


@pytest.fixture
def machine():
    # Not tmp_path: another user than root has to be able to look into it.
    with tempfile.TemporaryDirectory(prefix="lancehead-setup-") as folder:
        os.chmod(folder, 0o755)
        yield Machine(pathlib.Path(folder))


def lacks(*names):
    return f'case "$*" in {"|".join(f"*{name}" for name in names)}) exit 1;; esac; echo installed'


def test_a_level_that_does_not_exist_is_refused(machine):
    done = machine.run("tools/setup", "tset")
    assert done.returncode == 2
    assert "'tset' is not a level" in done.stderr


def test_a_machine_that_has_everything_is_left_alone(machine):
    machine.command("dpkg-query", "echo installed")
    machine.command("apt-get", "exit 1")
    done = machine.run("tools/setup", "build")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert machine.calls("apt-get") == []


def test_without_the_right_the_one_command_is_printed(machine):
    machine.command("dpkg-query", lacks("libfmt-dev", "cmake"))
    machine.command("sudo", "exit 1")
    machine.command("apt-get", "")
    nobody = ("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups")
    done = machine.run("tools/setup", "build", prefix=nobody if os.geteuid() == 0 else ())
    assert done.returncode == 1, done.stderr
    assert "\n  sudo apt-get install -y --no-install-recommends cmake libfmt-dev\n" in done.stderr
    assert machine.calls("apt-get") == []


@as_root
def test_what_is_missing_is_installed_with_a_new_index_if_need_be(machine):
    machine.command("dpkg-query", lacks("libfmt-dev"))
    updated = machine.folder / "updated"
    machine.command(
        "apt-get", f'case "$*" in *update) touch {updated};; *) test -e {updated};; esac'
    )
    assert machine.run("tools/setup", "build").returncode == 0
    install = "apt-get -q -y install --no-install-recommends libfmt-dev"
    assert machine.calls("apt-get") == [install, "apt-get -q -y update", install]


@as_root
def test_a_failed_installation_ends_the_setup(machine):
    machine.command("dpkg-query", lacks("libfmt-dev"))
    machine.command("apt-get", "exit 100")
    assert machine.run("tools/setup", "build").returncode != 0


@pytest.fixture
def sid(machine):
    """A machine whose false Debian sid has python3.13 and python3.14, but no python3.15."""
    machine.command("debootstrap", 'mkdir -p "$3/etc"; test ! -e failing')
    machine.command(
        "chroot",
        'case "$*" in *"show --no-all-versions python3.13"|*"show --no-all-versions python3.14")'
        " echo Package;; esac",
    )
    return machine


@as_root
def test_the_sid_folder_is_made_once_with_what_sid_has(sid):
    assert sid.run("tools/setup_sid").returncode == 0
    record = (sid.cache / "sid/etc/lancehead-sid").read_text().splitlines()
    assert record[1] == "offered: python3.13 python3.14"
    installs = [call for call in sid.calls("chroot") if " install " in call]
    assert [call.partition("recommends ")[2] for call in installs] == ["python3.13 python3.14"]
    done = sid.run("tools/setup_sid")
    assert (done.returncode, done.stderr) == (0, "")
    assert len(sid.calls("debootstrap")) == 1


@as_root
@pytest.mark.parametrize("left", ["sid", "sid.new.1"])
def test_a_half_made_sid_folder_is_made_again(sid, left):
    (sid.cache / left / "usr/bin").mkdir(parents=True)
    (sid.cache / left / "usr/bin/python3.14").touch()
    assert sid.run("tools/setup_sid").returncode == 0
    assert {path.name for path in sid.cache.iterdir()} == {"sid", "sid.lock", "sid.log"}
    assert (sid.cache / "sid/etc/lancehead-sid").exists()
    assert not (sid.cache / "sid/usr").exists()


@as_root
def test_a_failure_leaves_no_sid_folder(sid):
    (sid.folder / "failing").touch()
    done = sid.run("tools/setup_sid")
    assert done.returncode == 1
    assert "could not be made" in done.stderr
    assert {path.name for path in sid.cache.iterdir()} == {"sid.lock", "sid.log"}


@as_root
def test_a_sid_folder_whose_python_does_not_start_is_made_again(sid):
    assert sid.run("tools/setup_sid").returncode == 0
    sid.command("chroot", 'case "$*" in *-I*) exit 1;; *show*) echo Package;; esac')
    assert sid.run("tools/setup_sid").returncode == 0
    assert len(sid.calls("debootstrap")) == 2
