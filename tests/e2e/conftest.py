"""Fixtures of the end-to-end tests.

A test that takes `interpreter` runs once for each CPython at hand (`tools/interpreters.py`), or
only for the minor versions named by `@pytest.mark.minors("3.8", "3.15")`; with
`@pytest.mark.one_patch_level` only for the first CPython of each minor. A supported one that
is not here gives a skipped test, which a run counts aloud; in CI test_interpreters.py fails for it.
"""

from __future__ import annotations

import os
import pathlib
import shutil
import tempfile

import interpreters
import pytest
from harness import Lancehead, Place

ROOT = pathlib.Path(__file__).resolve().parents[2]
BINARIES = {"release": "build/release/bin/lancehead", "asan": "build/asan/bin/lancehead"}


def pytest_configure(config):
    config.found_interpreters = interpreters.find()


def pytest_generate_tests(metafunc):
    if "interpreter" not in metafunc.fixturenames:
        return
    found = metafunc.config.found_interpreters
    mark = metafunc.definition.get_closest_marker("minors")
    wanted = mark.args if mark else interpreters.MINORS
    assert set(wanted) <= set(interpreters.MINORS), f"{wanted} holds an unknown minor version"
    chosen = [one for one in found if one.minor in wanted]
    if metafunc.definition.get_closest_marker("one_patch_level"):
        chosen = list({one.minor: one for one in reversed(chosen)}.values())[::-1]
    cases = [pytest.param(one, id=one.id) for one in chosen]
    for minor in interpreters.missing(found):
        if minor in wanted:
            skip = pytest.mark.skip(reason=f"CPython {minor} is not here")
            cases.append(pytest.param(None, id=minor, marks=skip))
    metafunc.parametrize("interpreter", cases, indirect=True)


@pytest.fixture
def interpreter(request):
    """The CPython that this test runs on, an interpreters.Interpreter."""
    return request.param


@pytest.fixture
def place(interpreter, tmp_path):
    """A folder of this test's own that its interpreter can see (harness.Place)."""
    if interpreter.root == "/":
        yield Place(tmp_path, "/")
        return
    folder = pathlib.Path(tempfile.mkdtemp(prefix="lancehead-test-", dir=interpreter.root + "/tmp"))
    try:
        yield Place(folder, interpreter.root)
    finally:
        shutil.rmtree(folder)


@pytest.fixture
def lancehead(request):
    """The command under test: LANCEHEAD_BINARY or the release; where marked so, the asan build."""
    kind = "asan" if request.node.get_closest_marker("sanitized") else "release"
    binary = ROOT / BINARIES[kind]
    if kind == "release":
        binary = pathlib.Path(os.environ.get("LANCEHEAD_BINARY", binary))
    if not binary.is_file():
        pytest.fail(f"{binary} is missing; 'make build-{kind}' builds it.", pytrace=False)
    return Lancehead(binary)
