"""Sources that are broken, changed or hostile: a sentence says what is missing, the rest is there."""

import re

import pytest
from code_tools import Recovered, dump

WITHOUT_COLUMNS = pytest.mark.minors("3.8", "3.9", "3.10")

GOOD = "def good(n):\n    return n + 1\n"

HOSTILE = {
    "parentheses": b"(" * 5000 + b")" * 5000,
    "signs": b"x = " + b"-" * 100_000 + b"1\n",
    "brackets_open": b"[" * 150 + b"\n",
    "null": b"x = 1\0\n",
    "half": b"def\n",
    "codec": b"# coding: nonsense\nx = 1\n",
    "codec_of_bytes": b"# coding: base64\nx = 1\n",
    "not_utf8": b"x = '\xff\xfe'\n",
}


def module(path):
    """A code object that is nobody's: the module of a file, with bytecode that does nothing."""
    return f"file {path} {path}\ncode {b'<module>'.hex()} 1 64 64005300 - - -\n"


def recovered_beside_good(interpreter, place, source, **limits):
    """What is said of a bad file that is compiled before a good one."""
    bad = place.folder / "bad.py"
    bad.write_bytes(source)
    good = place.write("good.py", GOOD)
    return Recovered(interpreter, module(bad) + dump(interpreter, [good]), **limits)


@WITHOUT_COLUMNS
@pytest.mark.parametrize("kind", HOSTILE)
def test_a_hostile_source_costs_only_itself(interpreter, place, kind):
    recovered = recovered_beside_good(interpreter, place, HOSTILE[kind])
    assert (recovered.count, recovered.wanted) == (2, 3)
    assert len(recovered.notes) == 1
    assert "bad.py are not known: " in recovered.notes[0]
    reasons = ("it does not compile (", "the compiler broke on it: ")
    assert any(reason in recovered.notes[0] for reason in reasons), recovered.notes


@WITHOUT_COLUMNS
def test_a_long_sum_may_fail_but_only_by_itself(interpreter, place):
    source = b"x = y" + b" + y" * 50_000 + b"\n"
    recovered = recovered_beside_good(interpreter, place, source)
    assert recovered.count == 2
    assert len(recovered.notes) == 1


@WITHOUT_COLUMNS
def test_a_huge_source_is_given_up_in_time(interpreter, place):
    source = b"x = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]\n" * 200_000
    recovered = recovered_beside_good(interpreter, place, source, per_file=300)
    assert recovered.count == 2
    assert "bad.py are not known: it was not compiled in 0.3 s" in recovered.notes[0]


@WITHOUT_COLUMNS
def test_the_program_is_never_run(interpreter, place):
    mark = place.folder / "ran"
    source = f"import os\nopen({place.seen(mark)!r}, 'w').close()\nos._exit(3)\n"
    path = place.write("effects.py", source)
    recovered = Recovered(interpreter, dump(interpreter, [path]))
    assert (recovered.count, recovered.wanted, recovered.notes) == (1, 1, [])
    assert recovered.ranges[0]
    assert not mark.exists()


LOOP = "def f(n):\n    while n < 9:\n        n += 1\n    return n\n"


@WITHOUT_COLUMNS
@pytest.mark.parametrize(
    ("changed", "why"),
    [
        (LOOP.replace("<", ">="), "compiles to other instructions than those that ran"),
        (LOOP.replace("    return", "\n    return"), "has the same instructions on other lines"),
        ("\n" + LOOP, "has no such function on that line"),
        (re.sub(r"\bn\b", "m", LOOP), "compiles to other instructions than those that ran"),
    ],
)
def test_a_source_that_has_changed_is_not_believed(interpreter, place, changed, why):
    path = place.write("changing.py", LOOP)
    described = dump(interpreter, [path])
    place.write("changing.py", changed)
    recovered = Recovered(interpreter, described)
    sentence = f"in {path} are not known: its source, as kept, {why}."
    assert any(sentence in note for note in recovered.notes), recovered.notes
    assert 1 not in recovered.ranges


@WITHOUT_COLUMNS
def test_twins_on_one_line_are_told_apart_or_not_believed(interpreter, place):
    path = place.write("twins.py", "a = lambda z: z.re, lambda z: z.im\nb = lambda: 0, lambda: 0\n")
    recovered = Recovered(interpreter, dump(interpreter, [path]))
    assert sorted(recovered.ranges) == [0, 1, 2]
    places = {place[2:] for number in (1, 2) for place in recovered.at(number).values()}
    assert {(14, 18), (30, 34)} <= places
    assert len(recovered.notes) == 1
    assert "several on the same line cannot be told apart" in recovered.notes[0]


@WITHOUT_COLUMNS
def test_an_interpreter_of_another_version_is_refused(interpreter, place):
    described = dump(interpreter, [place.write("good.py", GOOD)])
    other = "030912f0" if interpreter.minor == "3.8" else "030812f0"
    recovered = Recovered(interpreter, described, version=other)
    assert recovered.count == 0
    assert "whose bytecode differs from that of Python" in recovered.notes[0]


ODD = {
    "byte_order_mark": b"\xef\xbb\xbfx = alpha + beta\n",
    "windows_lines": b"y = 1\r\nx = alpha + beta\r\n",
    "old_mac_lines": b"y = 1\rx = alpha + beta\r",
    "form_feed": b"y = 1\n\x0c\nx = alpha + beta\n",
    "latin_1": "# coding: latin-1\ny = 'é'; x = alpha + beta\n".encode("latin-1"),
    "future": b"'doc'\nfrom __future__ import annotations\ny: int = 0\nx = alpha + beta\n",
    "type_comment": b"y = 1 # type: int\nx = alpha + beta # type: ignore\n",
    "no_last_newline": b"x = alpha + beta",
}


@WITHOUT_COLUMNS
@pytest.mark.parametrize("kind", ODD)
def test_odd_but_right_sources(interpreter, place, kind):
    path = place.folder / "odd.py"
    path.write_bytes(ODD[kind])
    recovered = Recovered(interpreter, dump(interpreter, [place.seen(path)]))
    assert (recovered.count, recovered.wanted, recovered.notes) == (1, 1, [])
    text = ODD[kind].decode("latin-1" if kind == "latin_1" else "utf-8-sig")
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    texts = {
        lines[line - 1].encode()[column:end_column].decode()
        for line, end_line, column, end_column in recovered.at(0).values()
        if line == end_line
    }
    assert {"alpha", "beta", "alpha + beta", "x"} <= texts


@WITHOUT_COLUMNS
def test_f_strings_are_shown_inside_only_where_the_place_is_right(interpreter, place):
    source = 'x = f"{alpha} {{beta}} {alpha} {beta!r:>{width}}" f"{gamma + 1}"\n'
    path = place.write("strings.py", source)
    recovered = Recovered(interpreter, dump(interpreter, [path]))
    whole = source[4:].rstrip()
    first = source[4 : source.index(' f"{gamma')]  # what 3.9 and later say of `>{width}`
    texts = {source[at[2] : at[3]] for at in recovered.at(0).values()}
    assert whole in texts
    inside = {"alpha", "beta", "width", "gamma", "1", "gamma + 1"}
    assert texts <= {whole, first, source.rstrip(), "x"} | inside
