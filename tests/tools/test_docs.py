"""The pages for people name only what exists."""

import pathlib
import re

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
TARGETS = set(re.findall(r"^([a-z][a-z0-9-]*):", (ROOT / "Makefile").read_text(), re.MULTILINE))
PRESETS = {"release", "dev", "asan", "tsan", "fuzz"}


@pytest.fixture(params=PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def page(request):
    return request.param


def test_links_lead_somewhere(page):
    links = re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8"))
    local = [link for link in links if "://" not in link]
    assert [link for link in local if not (page.parent / link).exists()] == []


def test_targets_of_make_exist(page):
    named = re.findall(r"(?:^    |`)make ([a-z][a-z0-9-]*)", page.read_text(encoding="utf-8"), re.M)
    known = TARGETS | {"build-" + preset for preset in PRESETS}
    assert [name for name in named if name not in known] == []


def test_the_readme_stays_short():
    assert len((ROOT / "README.md").read_text(encoding="utf-8").splitlines()) <= 150


def test_each_folder_of_src_has_its_three_lines():
    text = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    told = dict(re.findall(r"^\*\*`([a-z]+)`\*\*\n((?:.+\n)+)", text, re.MULTILINE))
    folders = {path.name for path in (ROOT / "src").iterdir() if path.is_dir()}
    assert {name: len(told.get(name, "").splitlines()) for name in folders} == dict.fromkeys(
        folders, 3
    )
