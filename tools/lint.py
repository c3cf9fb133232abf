#!/usr/bin/env python3
"""Formatters and linters for all the project's own files; `--fix` mends what they can mend.

clang-tidy is slow, so a file is checked again only when the file, something that it includes, its
compile command or the rules have changed; what was found clean is remembered in build/lint.
"""

from __future__ import annotations

import argparse
import concurrent.futures
import hashlib
import json
import os
import pathlib
import re
import shlex
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
FOLDERS = (".ci", "bench", "examples", "schema", "src", "tests", "tools")
BUILD = ROOT / "build/asan"
CLEAN = ROOT / "build/lint"
CLANG_FORMAT = "clang-format-19"
CLANG_TIDY = "clang-tidy-19"
RUFF = ROOT / "build/venv/bin/ruff"

_INCLUDE = re.compile(rb'^\s*#\s*include\s*"([^"]+)"', re.MULTILINE)


def own_files(*suffixes: str) -> list[pathlib.Path]:
    """The project's files with one of these suffixes; the folders hold no build output."""
    return sorted(
        path
        for folder in FOLDERS
        for path in (ROOT / folder).rglob("*")
        if path.suffix in suffixes and path.is_file()
    )


def shell_scripts() -> list[pathlib.Path]:
    """Files that say in their first line that a shell runs them."""
    found = []
    for path in own_files("", ".sh"):
        with path.open("rb") as file:
            if re.match(rb"#!.*\b(ba)?sh\b", file.readline()):
                found.append(path)
    return found


def _run(*command) -> tuple[bool, str]:
    done = subprocess.run(
        [str(part) for part in command], cwd=ROOT, capture_output=True, text=True, check=False
    )
    return done.returncode == 0, done.stdout + done.stderr


def cpp_format(fix: bool = False) -> tuple[bool, str]:
    files = own_files(".h", ".cpp")
    return _run(CLANG_FORMAT, *(("-i",) if fix else ("--dry-run", "-Werror")), *files)


def python_format(fix: bool = False) -> tuple[bool, str]:
    return _run(RUFF, "format", "--quiet", *(() if fix else ("--diff",)), ".")


def python_lint(fix: bool = False) -> tuple[bool, str]:
    return _run(RUFF, "check", "--quiet", *(("--fix",) if fix else ()), ".")


def shell_lint() -> tuple[bool, str]:
    return _run("shellcheck", *shell_scripts())


def schema_docs(fix: bool = False) -> tuple[bool, str]:
    """Whether docs/format.md says what schema/ says; it is generated, but kept for readers."""
    option = "--docs" if fix else "--check"
    return _run(sys.executable, "tools/generate_schema.py", option, "docs/format.md")


def page_lint(fix: bool = False) -> tuple[bool, str]:
    """Types, rules and format of viewer/; its packages come with the build of the page."""
    good, output = _run("tools/build_page")
    return (good, output) if not good else npm_run("format" if fix else "lint")


def npm_run(script: str) -> tuple[bool, str]:
    return _run("npm", "--prefix", "viewer", "run", "--silent", script)


class Fingerprints:
    """Digests of source files together with all that they include of ours."""

    def __init__(self, include_folders: list[pathlib.Path]):
        self._include_folders = include_folders
        self._direct: dict[pathlib.Path, tuple[bytes, list[pathlib.Path]]] = {}

    def _read(self, path: pathlib.Path) -> tuple[bytes, list[pathlib.Path]]:
        if path not in self._direct:
            text = path.read_bytes()
            found = []
            for name in _INCLUDE.findall(text):
                for folder in (path.parent, *self._include_folders):
                    candidate = folder / os.fsdecode(name)
                    if candidate.is_file():
                        found.append(candidate.resolve())
                        break
            self._direct[path] = (hashlib.sha256(text).digest(), found)
        return self._direct[path]

    def of(self, path: pathlib.Path, *more: bytes) -> str:
        seen: set[pathlib.Path] = set()
        waiting = [path]
        while waiting:
            one = waiting.pop()
            if one not in seen:
                seen.add(one)
                waiting += self._read(one)[1]
        digest = hashlib.sha256()
        for part in more:
            digest.update(hashlib.sha256(part).digest())
        for one in sorted(seen):
            digest.update(self._read(one)[0])
        return digest.hexdigest()


_DIAGNOSTIC = re.compile(r"(?=^/\S+:\d+:\d+: (?:error|warning): )", re.MULTILINE)


def _each_once(outputs: list[str]) -> str:
    """All diagnostics, those of a header only once however many files include it."""
    found = dict.fromkeys(part for output in outputs for part in _DIAGNOSTIC.split(output))
    return "".join(found)


def _tidy_one(source: pathlib.Path) -> tuple[pathlib.Path, bool, str, float]:
    began = time.monotonic()
    clean, output = _run(
        CLANG_TIDY,
        "--quiet",
        "--use-color=false",
        "-p",
        BUILD,
        "--extra-arg=-Wno-unknown-warning-option",
        # std::ranges::stable_sort of g++ 12's library uses what C++17 deprecated.
        "--extra-arg=-Wno-deprecated-declarations",
        source,
    )
    kept = [line for line in output.splitlines() if not re.match(r"\d+ warnings? ", line)]
    return source, clean, "\n".join(kept) + "\n", time.monotonic() - began


def _rules_for(source: pathlib.Path) -> bytes:
    """The rules of the project, and those of a folder that has its own."""
    files = [folder / ".clang-tidy" for folder in source.parents if ROOT in folder.parents]
    files.append(ROOT / ".clang-tidy")
    return b"".join(file.read_bytes() for file in files if file.is_file())


def cpp_lint() -> tuple[bool, str]:
    """clang-tidy over src/, with the compile commands of the asan build."""
    database = BUILD / "compile_commands.json"
    if not database.is_file():
        return False, f"{database} is missing; 'make build-asan' writes it.\n"
    fingerprints = Fingerprints([ROOT / "src", BUILD / "generated"])
    version = _run(CLANG_TIDY, "--version")[1].encode()
    waiting: dict[pathlib.Path, pathlib.Path] = {}
    for entry in json.loads(database.read_text()):
        source = pathlib.Path(entry["file"])
        if (ROOT / "src") in source.parents and source.is_file():
            command = entry.get("command") or shlex.join(entry["arguments"])
            key = fingerprints.of(source, _rules_for(source), version, command.encode())
            if not (CLEAN / key).exists():
                waiting[source] = CLEAN / key
    CLEAN.mkdir(parents=True, exist_ok=True)
    complaints = []
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for source, clean, output, seconds in pool.map(_tidy_one, waiting):
            if clean:
                waiting[source].touch()
            else:
                complaints.append(output)
            print(f"  {seconds:5.1f} s  {source.relative_to(ROOT)}", flush=True)
    return not complaints, _each_once(complaints)


# Checks that need no build, by the name under which a run lists them.
CHECKS = {
    "formatting of C++": cpp_format,
    "formatting of Python": python_format,
    "ruff": python_lint,
    "shellcheck": shell_lint,
    "docs/format.md": schema_docs,
    "the page's types and rules": page_lint,
}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--fix", action="store_true", help="mend what can be mended")
    if parser.parse_args().fix:
        checks = {name: lambda check=check: check(fix=True) for name, check in CHECKS.items()}
        checks.pop("shellcheck")
    else:
        checks = {**CHECKS, "clang-tidy": cpp_lint}
    failed = 0
    for name, check in checks.items():
        good, output = check()
        print(f"{name}: {'good' if good else 'not good'}", flush=True)
        if not good:
            failed += 1
            print(output, end="", flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
