"""Positions recovered by compiling again are those of the expressions that ran."""

import pathlib
import re

import pytest
from code_tools import DUMP, Recovered, ask, dump, outside

WITHOUT_COLUMNS = pytest.mark.minors("3.8", "3.9", "3.10")

JULIA = """\
def escape(zs, cs, maxiter):
    output = [0] * len(zs)
    for i in range(len(zs)):
        n = 0
        z = zs[i]
        while n < maxiter and abs(z) < 2:
            z = z * z + cs[i]
            n += 1
        output[i] = n
    return output
"""


def standard_library(interpreter, step):
    """Every step-th file of the standard library, as the interpreter sees it."""
    listing = ask(
        interpreter,
        "import os\n"
        "for folder, inner, files in sorted(os.walk(os.path.dirname(os.__file__))):\n"
        "    print(*[folder + '/' + n for n in sorted(files) if n.endswith('.py')], sep='\\n')\n",
    )
    paths = [
        path
        for path in listing.splitlines()
        if path and not re.search("/(test|[a-z]+-packages)", path)
    ]
    return paths[::step]


# What the source must hold where an instruction is said to come from, by its name.
CHECKS = {
    "LOAD_FAST": lambda text, name: text == name,
    "LOAD_GLOBAL": lambda text, name: text == name,
    "LOAD_NAME": lambda text, name: text == name,
    "LOAD_ATTR": lambda text, name: text.endswith(name),
    "LOAD_METHOD": lambda text, name: text.endswith(name),
    "CALL_FUNCTION": lambda text, name: text.endswith((")", "]", "}")),
    "CALL_METHOD": lambda text, name: text.endswith(")"),
}

# Instructions that the compiler adds of itself stand where the statement stands that needs them:
# setting up a class, leaving a `with`, the first half of `x += 1`, the iterator of a comprehension.
STATEMENT = re.compile(
    r"(class|with|async|def|del|return|break|continue|for|except|assert)\b|@|[rR]?[fF][rR]?['\"]"
)


def is_right(opcode, name, text):
    plain = re.sub(r"^_[^_]\w*?(__\w)", r"\1", name)  # __name within a class
    if name.startswith(".") or STATEMENT.match(text) or "=" in text.partition(plain)[2]:
        return True
    return CHECKS[opcode](text, name) or CHECKS[opcode](text, plain)


DISASSEMBLE = """
import dis, sys
sys.argv = ["", "", "0"]
exec(%r)
for path in %r:
    with open(path, "rb") as file:
        source = file.read()
    try:
        code = compile(source, path, "exec", 0, True, 0)
    except (SyntaxError, ValueError):
        continue
    print("file", path)
    for inner in tree(code):
        print("code", *["%%d:%%s:%%s" %% (i.offset, i.opname, i.argval)
                        for i in dis.get_instructions(inner) if i.opname in %r])
"""


def disassembled(interpreter, paths):
    """For each code object its file, and (offset, opcode, name) of the instructions in CHECKS."""
    functions = DUMP.read_text().partition("if __name__")[0]
    program = DISASSEMBLE % (functions, paths, tuple(CHECKS))
    path = None
    for line in ask(interpreter, program).splitlines():
        kind, *words = line.split(" ")
        if kind == "file":
            path = words[0]
        else:
            yield path, [(int(o), op, name) for o, op, name in (w.split(":", 2) for w in words)]


def text_at(lines, place):
    line, end_line, column, end_column = place
    if line == end_line:
        return lines[line - 1][column:end_column].decode("utf-8", "replace")
    last = lines[end_line - 1][:end_column]
    return b"\n".join([lines[line - 1][column:], *lines[line : end_line - 1], last]).decode(
        "utf-8", "replace"
    )


@WITHOUT_COLUMNS
def test_nearly_all_of_the_standard_library(interpreter, capsys):
    paths = standard_library(interpreter, step=4)
    recovered = Recovered(interpreter, dump(interpreter, paths))
    checked = wrong = 0
    examples = []
    for number, (path, instructions) in enumerate(disassembled(interpreter, paths)):
        places = recovered.at(number)
        source = pathlib.Path(outside(interpreter) + path).read_bytes()
        lines = source.replace(b"\r\n", b"\n").removeprefix(b"\xef\xbb\xbf").split(b"\n")
        for offset, opcode, name in instructions:
            if offset not in places:
                continue
            checked += 1
            text = text_at(lines, places[offset])
            if not is_right(opcode, name, text):
                wrong += 1
                examples.append((path, opcode, name, places[offset], text[:60]))
    share = recovered.count / recovered.wanted
    with capsys.disabled():
        print(
            f"\n{interpreter.id}: {len(paths)} files, {recovered.wanted} code objects, "
            f"{100 * share:.3f} % recovered; {checked} instructions named their source, "
            f"{100 * (1 - wrong / checked):.3f} % as it stands there"
        )
    assert recovered.wanted > 3500
    assert share >= (0.995 if interpreter.minor == "3.10" else 0.999), recovered.notes
    assert wrong / checked < 0.005, examples[:20]


@WITHOUT_COLUMNS
@pytest.mark.parametrize("optimize", [0, 1, 2])
def test_the_condition_of_a_loop_falls_apart_into_its_expressions(interpreter, place, optimize):
    path = place.write("julia.py", JULIA)
    described = dump(interpreter, [path], optimize)
    recovered = Recovered(interpreter, described)
    assert (recovered.count, recovered.wanted) == (2, 2), recovered.notes
    lines = JULIA.encode().split(b"\n")
    texts = {text_at(lines, at) for at in recovered.at(1).values() if at[0] == 6}
    assert {"n < maxiter", "abs(z)", "abs(z) < 2", "n", "maxiter", "abs", "z", "2"} <= texts


def without_columns(interpreter, path):
    return dump(interpreter, [path], options=["-X", "no_debug_ranges"])


@pytest.mark.minors("3.11", "3.12", "3.13", "3.14", "3.15")
def test_columns_come_back_where_they_were_turned_off(interpreter):
    path = ask(interpreter, "import argparse; print(argparse.__file__)").strip()
    recovered = Recovered(interpreter, without_columns(interpreter, path))
    assert recovered.count == recovered.wanted > 100, recovered.notes
    functions = DUMP.read_text().partition("if __name__")[0]
    right = ask(
        interpreter,
        functions
        + f"\nfor code in tree(compile(open({path!r}).read(), 'x', 'exec')):"
        + "\n    print([tuple(p) for p in code.co_positions()])",
    )
    for number, line in enumerate(right.splitlines()):
        places = recovered.at(number)
        for unit, expected in enumerate(eval(line, {}, {})):
            if expected[0] and None not in expected:
                assert places[2 * unit] == expected


def test_code_with_columns_is_left_alone(interpreter, place):
    path = place.write("julia.py", JULIA)
    recovered = Recovered(interpreter, dump(interpreter, [path]))
    expected = 2 if interpreter.minor in ("3.8", "3.9", "3.10") else 0
    assert recovered.wanted == expected
