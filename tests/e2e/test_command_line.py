"""The command line as a person meets it: help, mistakes, completions, the manual page."""

import subprocess

import pytest

VERBS = ["run", "kernprof", "report", "export", "completions", "man"]


def ask(lancehead, *words):
    command = [str(lancehead.binary), *words]
    return subprocess.run(command, capture_output=True, text=True, timeout=60)


@pytest.mark.parametrize("verb", [None, *VERBS])
def test_help_begins_with_four_examples_and_fits_80_columns(lancehead, verb):
    answer = ask(lancehead, *([verb] if verb else []), "--help")
    assert answer.returncode == 0 and answer.stderr == ""
    lines = answer.stdout.splitlines()
    assert lines[0] == "Examples:" and lines[5] == ""
    assert all("lancehead" in line for line in lines[1:5])
    assert max(map(len, lines)) <= 80


@pytest.mark.parametrize(
    ("words", "part"),
    [
        ([], "Verbs:"),
        (["profile"], "no verb `profile`"),
        (["run"], "no program to run"),
        (["run", "--rat", "5", "x.py"], "does not know what to do with `--rat`"),
        (["run", "--rate", "fast", "x.py"], "--rate takes `max` or a number"),
        (["run", "--budget", "200", "x.py"], "--budget takes `none` or a share"),
        (["run", "-m"], "-m needs the name of a module"),
        (["run", "--"], "`--` needs a command"),
        (["report"], "required"),
        (["report", "x", "--by", "colour"], "--by takes one of"),
        (["report", "/nowhere/x.lancehead"], "/nowhere/x.lancehead"),
        (["completions", "tcsh"], "bash|zsh|fish"),
    ],
)
def test_a_mistake_is_told_in_a_sentence(lancehead, words, part):
    answer = ask(lancehead, *words)
    assert answer.returncode == 2
    assert answer.stdout == "" and part in answer.stderr


def test_a_file_that_is_no_recording_is_refused(lancehead, tmp_path):
    file = tmp_path / "notes.txt"
    file.write_text("no recording")
    answer = ask(lancehead, "report", str(file))
    assert answer.returncode == 4 and "not a recording" in answer.stderr


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completions_name_all_verbs_and_options(lancehead, shell):
    script = ask(lancehead, "completions", shell).stdout
    for word in [*VERBS, "rate", "by", "expression"]:
        assert word in script


def test_bash_completes_verbs_options_and_words(lancehead):
    script = ask(lancehead, "completions", "bash").stdout

    def complete(*words):
        listed = " ".join(f"'{word}'" for word in words)
        command = (
            f"{script}\nCOMP_WORDS=({listed}); COMP_CWORD={len(words) - 1}; _lancehead; "
            'printf "%s\\n" "${COMPREPLY[@]}"'
        )
        answer = subprocess.run(["bash", "-c", command], capture_output=True, text=True, timeout=60)
        assert answer.stderr == ""
        return answer.stdout.split()

    assert complete("lancehead", "rep") == ["report"]
    assert complete("lancehead", "report", "--by", "e") == ["expression"]
    assert complete("lancehead", "run", "--rat") == ["--rate"]


def test_the_manual_page_is_well_formed(lancehead):
    page = ask(lancehead, "man").stdout
    assert page.startswith(".TH LANCEHEAD 1")
    for verb in VERBS:
        assert f".SS lancehead {verb}" in page
