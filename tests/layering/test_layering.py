"""The includes in src/ keep to the table in ARCHITECTURE.md, and the check would notice if not."""

import pathlib

import check
import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]

TABLE = {"base": set(), "record": {"base"}, "cli": {"base", "record", "cli"}}


@pytest.fixture(scope="module")
def declared():
    return check.read_table((ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8"))


def test_no_include_runs_against_the_table(declared):
    assert check.violations(ROOT / "src", declared) == []


def test_the_table_has_no_cycle(declared):
    assert check.cycles(declared) == []


def test_every_folder_of_the_table_exists_or_is_generated(declared):
    folders = {path.name for path in (ROOT / "src").iterdir() if path.is_dir()}
    assert folders - set(declared) == set()


@pytest.mark.parametrize(
    ("name", "line", "complaint"),
    [
        ("base/a.h", '#include "record/b.h"', "base may not use record"),
        ("record/a.cpp", '  #  include "cli/b.h"', "record may not use cli"),
        ("record/deep/a.cpp", '#include "cli/b.h"', "record may not use cli"),
        ("base/a.h", '#include "b.h"', "does not begin with a folder"),
        ("base/a.h", '#include "../record/b.h"', "does not begin with a folder"),
        ("stray/a.h", "", "is not in the table"),
    ],
)
def test_a_wrong_include_is_found(tmp_path, name, line, complaint):
    path = tmp_path / name
    path.parent.mkdir(parents=True)
    path.write_text("// A file.\n" + line + "\n")
    (found,) = check.violations(tmp_path, TABLE)
    assert complaint in found
    assert found.startswith(name + ":" + ("2:" if line else ""))


@pytest.mark.parametrize("line", ['#include "base/a.h"', '#include "record/b.h"', "#include <x.h>"])
def test_a_right_include_is_left_alone(tmp_path, line):
    (tmp_path / "record").mkdir()
    (tmp_path / "record/a.cpp").write_text(line + "\n")
    assert check.violations(tmp_path, TABLE) == []


def test_a_table_is_read_from_its_own_section_only():
    text = (
        "| `wrong` | all |\n\n" + check.HEADING + "\n\n| folder | may use |\n|---|---|\n"
        "| `base` | nothing of ours |\n| `record` | base |\n| `cli` | all |\n\n"
        "## Next\n\n| `later` | base |\n"
    )
    assert check.read_table(text) == {
        "base": set(),
        "record": {"base"},
        "cli": {"base", "record", "cli"},
    }


@pytest.mark.parametrize(
    "text", ["nothing", check.HEADING + "\n| `base` | recrd |\n"], ids=["no section", "a typo"]
)
def test_a_table_that_cannot_be_meant_is_refused(text):
    with pytest.raises(ValueError, match="no section|no row"):
        check.read_table(text)


def test_a_cycle_is_found():
    assert check.cycles({"a": {"b"}, "b": {"a"}, "c": {"a"}}) == ["a", "b"]
