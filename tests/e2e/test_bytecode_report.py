"""`report --by instruction` lists what each interpreter's own `dis` lists, with forms beside it."""

import json
import pathlib
import re

import pytest
from code_tools import ask

PROGRAM = pathlib.Path(__file__).with_name("bytecode_program.py")

# Enough of them that numbers of constants and jumps do not fit into one byte.
PLACEHOLDER = "x += 0.5  # the test puts many such lines here"
MANY_LINES = "\n        ".join(f"x += {1000 + number}.5" for number in range(300))

DIS = """
import dis, json, sys, types

MINOR = sys.version_info[1]
SKIPPED = ("CACHE",)

def tree(code):
    yield code
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            yield from tree(constant)

def is_jump(one):
    opcode = one.opcode
    return opcode in dis.hasjrel or opcode in dis.hasjabs

def text(one):
    if is_jump(one):
        return "%s %d" % ("from" if one.opname == "END_ASYNC_FOR" else "to", one.argval)
    if one.opcode in dis.hasconst and not isinstance(one.argval, (int, float, str, type(None))):
        return "..."
    return one.argrepr

def starts(code):
    # Line 0, of what opens a module, is no line of the source.
    return {offset: line or None for offset, line in dis.findlinestarts(code)}

def targets(code):
    found = set(dis.findlabels(code.co_code))
    if MINOR >= 11:
        found.update(entry.target for entry in dis._parse_exception_table(code))
    return found

def dump(code):
    lines, labels = starts(code), targets(code)
    rows = [
        [one.offset, one.opname, one.arg, text(one), lines.get(one.offset, "same"),
         one.offset in labels]
        for one in dis.get_instructions(code) if one.opname not in SKIPPED
    ]
    entries = dis._parse_exception_table(code) if MINOR >= 11 else []
    table = [[e.start, e.end, e.target, e.depth, e.lasti] for e in entries]
    name = getattr(code, "co_qualname", code.co_name)
    return ["%s %d" % (name, code.co_firstlineno), rows, table]

path = sys.argv[1]
with open(path, encoding="utf-8") as file:
    source = file.read()
codes = tree(compile(source, path, "exec", dont_inherit=True))
print(json.dumps([dump(code) for code in codes]))
"""


def program_text():
    return PROGRAM.read_text(encoding="utf-8").replace(PLACEHOLDER, MANY_LINES)


def key_of(listing):
    return f"{listing['function']['name']} {listing['function']['first_line']}"


def rows_of(listing):
    rows = []
    for one in listing["instructions"]:
        line = one["line"] if one["starts_line"] else "same"
        rows.append(
            [
                one["offset"],
                one["opcode"],
                one["argument"],
                one["argument_text"],
                line,
                one["jump_target"],
            ]
        )
    return rows


def without_free_starts(rows):
    """Where code without a line begins is told differently by the versions of dis."""
    return [[*row[:4], "same" if row[4] is None else row[4], row[5]] for row in rows]


def handlers_of(listing):
    names = ("begin", "end", "target", "depth", "lasti")
    return [[entry[name] for name in names] for entry in listing["exception_table"]]


@pytest.fixture
def kinds(lancehead, interpreter, place, tmp_path):
    """A recording of the program with instructions of all kinds, and the path of the program."""
    recording = tmp_path / "kinds.lancehead"
    program = place.write("kinds.py", program_text())
    options = ("--quiet", "--budget", "none")
    lancehead.record(recording, interpreter, program, options=options).check()
    return recording, program


def test_the_listing_is_that_of_dis(lancehead, interpreter, kinds):
    recording, program = kinds
    report = lancehead.report(recording, "--by", "instruction", "--filter", "kinds.py")
    right = {name: rest for name, *rest in json.loads(ask(interpreter, DIS, program))}

    listings = {key_of(listing): listing for listing in report["bytecode"]}
    assert len(listings) >= 3, sorted(listings)
    for name, listing in listings.items():
        rows, table = right[name]
        found = without_free_starts(rows_of(listing))
        expected = without_free_starts(rows)
        different = [pair for pair in zip(found, expected) if pair[0] != pair[1]]
        assert not different, (name, different[:5])
        assert len(found) == len(expected), name
        assert handlers_of(listing) == table, name
        assert listing["python"] == interpreter.version
        assert listing["complete"] and not listing["compiled"]


@pytest.mark.minors("3.8", "3.13", "3.15")
def test_the_page_lists_the_hottest_and_a_named_function(lancehead, kinds):
    recording, _ = kinds
    page = lancehead("report", recording, "--by", "instruction").check().stdout
    assert "Other functions" in page and ">>" in page
    hottest = lancehead.report(recording, "--by", "instruction")["bytecode"]
    name = hottest[-1]["function"]["name"]
    last = hottest[-1]["instructions"][-1]
    one = lancehead("report", recording, name, "--by", "instruction").check().stdout
    assert "Other functions" not in one
    assert re.search(rf"^ +{last['offset']}  {last['opcode']}\b", one, re.MULTILINE), one
    wrong = lancehead("report", recording, "arithmetics", "--by", "instruction").check(2)
    assert "no function `arithmetics`" in wrong.stderr


FORMS = """
import time

def add(values, limit, seconds):
    total = values[0]
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        for value in values:
            total = total + value
            if value < 2:
                total = total - value
    return total

add([1] * 1000, 2, 1.0)
add([0.5] * 1000, 2, 2.0)
"""


def opcodes_at(listing, text, opcode):
    line = [text in source for source in FORMS.splitlines()].index(True) + 1
    rows = [
        one for one in listing["instructions"] if (one["line"], one["opcode"]) == (line, opcode)
    ]
    assert len(rows) == 1, rows
    return rows[0], [form["opcode"] for form in rows[0]["forms"]]


@pytest.mark.minors("3.11", "3.12", "3.13", "3.14", "3.15")
def test_instructions_have_the_forms_that_they_ran_in(lancehead, interpreter, place, tmp_path):
    recording = tmp_path / "forms.lancehead"
    program = place.write("add.py", FORMS)
    lancehead.record(recording, interpreter, program, options=("--quiet",)).check()
    report = lancehead.report(recording, "add", "--by", "instruction")
    listing = report["bytecode"][0]
    add, opcodes = opcodes_at(listing, "total + value", "BINARY_OP")
    assert add["can_specialise"]
    assert opcodes.index("BINARY_OP_ADD_INT") < opcodes.index("BINARY_OP_ADD_FLOAT"), add
    # A float is compared with an int in the second call only, for which there is no form.
    compare, _ = opcodes_at(listing, "value < 2", "COMPARE_OP")
    assert compare["forms"][0]["form"] == "specialised", compare
    assert [one for one in compare["forms"] if one["failures"] > 0], compare
    store = [one for one in listing["instructions"] if one["opcode"] == "LOAD_FAST"]
    assert all(not one["can_specialise"] for one in store)


@pytest.mark.minors("3.8", "3.9", "3.10")
def test_there_are_no_forms_before_3_11(lancehead, interpreter, place, tmp_path):
    recording = tmp_path / "forms.lancehead"
    program = place.write("add.py", FORMS)
    lancehead.record(recording, interpreter, program, options=("--quiet",)).check()
    report = lancehead.report(recording, "add", "--by", "instruction")
    rows = report["bytecode"][0]["instructions"]
    assert rows and not any(one["forms"] or one["can_specialise"] for one in rows)
    assert report["unspecialised"] == []
