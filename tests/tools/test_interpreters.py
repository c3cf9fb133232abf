"""Interpreters are found where they are, once each, and a missing one is noticed."""

import json
import stat

import interpreters
import pytest


@pytest.fixture
def empty_machine(monkeypatch, tmp_path):
    """No interpreter is found until a test puts a false one somewhere."""
    for name, folder in [("PYENV_ROOT", "pyenv"), ("PATH", "bin"), ("LANCEHEAD_CACHE", "cache")]:
        monkeypatch.setenv(name, str(tmp_path / folder))
    (tmp_path / "bin").mkdir()
    return tmp_path


def put(path, version, executable=None, implementation="cpython", free_threaded=False):
    """A program that answers the probe as an interpreter of this version would."""
    answer = {
        "implementation": implementation,
        "version": version,
        "executable": executable or str(path),
        "free_threaded": free_threaded,
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\nwhile read -r line; do :; done\necho '{json.dumps(answer)}'\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)


def test_all_are_missing_on_an_empty_machine(empty_machine):
    assert interpreters.find() == []
    assert interpreters.missing([]) == list(interpreters.MINORS)


def test_versions_are_sorted_as_numbers_and_listed_once(empty_machine):
    put(empty_machine / "pyenv/versions/3.10.13/bin/python3", "3.10.13")
    put(empty_machine / "pyenv/versions/3.9.18/bin/python3", "3.9.18")
    put(empty_machine / "pyenv/versions/my-env/bin/python3", "3.9.18")
    put(empty_machine / "bin/python3.10", "3.10.13")
    put(empty_machine / "bin/python3.11", "3.11.2")
    found = interpreters.find()
    assert [(one.id, one.kind) for one in found] == [
        ("3.9.18", "pyenv"),
        ("3.10.13", "pyenv"),
        ("3.11.2", "path"),
    ]
    assert interpreters.missing(found) == ["3.8", "3.12", "3.13", "3.14", "3.15"]


def test_a_free_threaded_build_stands_beside_the_usual_one(empty_machine):
    put(empty_machine / "pyenv/versions/3.13.0/bin/python3", "3.13.0")
    put(empty_machine / "pyenv/versions/3.13.0t/bin/python3", "3.13.0", free_threaded=True)
    assert [(one.id, one.free_threaded) for one in interpreters.find()] == [
        ("3.13.0", False),
        ("3.13.0t", True),
    ]


def test_what_is_no_supported_cpython_is_left_out(empty_machine):
    put(empty_machine / "pyenv/versions/pypy/bin/python3", "3.10.14", implementation="pypy")
    put(empty_machine / "pyenv/versions/2.7.18/bin/python", "2.7.18")
    put(empty_machine / "pyenv/versions/3.7.16/bin/python3", "3.7.16")
    broken = empty_machine / "pyenv/versions/broken/bin/python3"
    broken.parent.mkdir(parents=True)
    broken.write_text("#!/bin/sh\nexit 1\n")
    broken.chmod(0o755)
    (empty_machine / "bin/python3.12-config").write_text("")
    assert interpreters.find() == []


def test_a_version_that_sid_gave_up_is_told_from_one_that_is_missing(empty_machine):
    assert interpreters.is_offered("3.14")
    record = empty_machine / "cache/sid/etc/lancehead-sid"
    record.parent.mkdir(parents=True)
    record.write_text("wanted: python3.14 python3.15\noffered: python3.15 python3.14-dev\n")
    assert interpreters.is_offered("3.15")
    assert not interpreters.is_offered("3.14")
    assert interpreters.is_offered("3.8")
