"""clang-tidy is not run again for what is clean, and is run again for all that may have changed."""

import lint
import pytest


@pytest.fixture
def tree(tmp_path):
    (tmp_path / "folder").mkdir()
    (tmp_path / "a.cpp").write_text('#include "folder/b.h"\n#include <vector>\n')
    (tmp_path / "folder/b.h").write_text('  # include "c.h"\n')
    (tmp_path / "folder/c.h").write_text('#include "folder/b.h"\n#include "absent.h"\n')
    return tmp_path


def fingerprint(tree, *more):
    return lint.Fingerprints([tree]).of(tree / "a.cpp", *more)


def test_the_same_tree_has_the_same_fingerprint(tree):
    assert fingerprint(tree) == fingerprint(tree)


@pytest.mark.parametrize("name", ["a.cpp", "folder/b.h", "folder/c.h"])
def test_a_change_anywhere_among_the_includes_changes_it(tree, name):
    before = fingerprint(tree)
    (tree / name).write_text((tree / name).read_text() + "int x;\n")
    assert fingerprint(tree) != before


def test_a_file_that_is_not_included_does_not_matter(tree):
    before = fingerprint(tree)
    (tree / "folder/d.h").write_text("int x;\n")
    assert fingerprint(tree) == before


def test_rules_and_command_take_part_and_do_not_run_together(tree):
    prints = [fingerprint(tree, *more) for more in ([], [b"ab"], [b"a", b"b"], [b"b", b"a"])]
    assert len(set(prints)) == len(prints)


def test_a_complaint_about_a_header_is_shown_once():
    header = "/x/a.h:1:2: error: no [check]\n  code\n"
    one = "/x/a.cpp:3:4: error: bad [check]\n"
    assert lint._each_once([header, one + header]) == header + one


def test_shell_scripts_are_known_by_their_first_line():
    names = {path.name for path in lint.shell_scripts()}
    assert {"setup", "setup_sid", "run"} <= names
    assert not any(name.endswith(".py") for name in names)


@pytest.mark.parametrize(
    ("code", "complaint"),
    [
        ("int counter = 0;", "avoid-non-const-global-variables"),
        ("int CamelCase() { return 0; }", "identifier-naming"),
        ("const int kRight = 1;", None),
    ],
)
def test_clang_tidy_keeps_the_projects_rules(tmp_path, code, complaint):
    (tmp_path / "a.cpp").write_text(code + "\n")
    clean, output = lint._run(
        *(lint.CLANG_TIDY, "--quiet", f"--config-file={lint.ROOT}/.clang-tidy"),
        *(tmp_path / "a.cpp", "--", "-std=c++23"),
    )
    assert clean == (complaint is None), output
    assert complaint is None or complaint in output
