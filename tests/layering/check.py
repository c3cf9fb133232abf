"""Compares the includes in src/ with the table of folders in ARCHITECTURE.md.

The table is the only place where the rule is written: a row names a folder and the folders whose
headers it may include, `nothing of ours`, or `all`; its own headers are always allowed.
"""

from __future__ import annotations

import pathlib
import re

HEADING = "## Who may use whom"

_INCLUDE = re.compile(r'^\s*#\s*include\s*"([^"]+)"', re.MULTILINE)
_ROW = re.compile(r"^\|\s*`(?:src/)?([a-z]+)`\s*\|\s*(.*?)\s*\|\s*$", re.MULTILINE)


def read_table(markdown: str) -> dict[str, set[str]]:
    """Each folder with the folders that it may use, from the section under HEADING."""
    _, found, rest = markdown.partition(HEADING + "\n")
    if not found:
        raise ValueError(f"there is no section '{HEADING}'")
    section = rest.partition("\n## ")[0]
    rows = dict(_ROW.findall(section))
    table = {}
    for folder, text in rows.items():
        if text == "all":
            table[folder] = set(rows)
        elif text == "nothing of ours":
            table[folder] = set()
        else:
            table[folder] = {name.strip(" `") for name in text.split(",")}
        if unknown := table[folder] - set(rows):
            raise ValueError(f"the row of {folder} names {sorted(unknown)}, which have no row")
    return table


def cycles(table: dict[str, set[str]]) -> list[str]:
    """Folders that reach themselves by what the table allows."""
    found = []
    for start in table:
        waiting, seen = list(table[start] - {start}), set()
        while waiting:
            folder = waiting.pop()
            if folder not in seen:
                seen.add(folder)
                waiting += table[folder]
        if start in seen:
            found.append(start)
    return found


def violations(source: pathlib.Path, table: dict[str, set[str]]) -> list[str]:
    """One sentence for each include under `source` that the table does not allow."""
    found = []
    for path in sorted(source.rglob("*")):
        if path.suffix not in (".h", ".cpp"):
            continue
        name = path.relative_to(source)
        folder = name.parts[0]
        if folder not in table:
            found.append(f"{name}: the folder '{folder}' is not in the table.")
            continue
        for match in _INCLUDE.finditer(text := path.read_text(encoding="utf-8")):
            line = text.count("\n", 0, match.start(1)) + 1
            used = match[1].partition("/")[0] if "/" in match[1] else ""
            if used not in table:
                found.append(f'{name}:{line}: "{match[1]}" does not begin with a folder of src/.')
            elif used != folder and used not in table[folder]:
                found.append(f'{name}:{line}: {folder} may not use {used} ("{match[1]}").')
    return found
