"""Prints code objects and what the interpreter itself says of them; runs inside each interpreter.

For each code object, pairs of lines in the grammar of tests/tools/decode_code.cpp: the request, and
the answer that is right. `cold` compiles modules of the standard library; `hot` runs some of them
and takes their code as it is in memory then, specialised. Plain 3.8 syntax.
"""

import dis
import gc
import importlib.util
import itertools
import sys
import types

HEX = "%08x" % sys.hexversion
MINOR = sys.version_info[1]
SKIPPED = ("EXTENDED_ARG", "EXTENDED_ARG_QUICK", "CACHE")


def show(value):
    return "-" if value is None else str(value)


def hex_of(data):
    return data.hex() or "-"


def places(code):
    """Line, last line and columns of each unit of two bytes."""
    units = len(code.co_code) // 2
    if MINOR >= 11:
        # Line 0, of what opens a module, is no line of the source.
        return [place if place[0] else (None,) * 4 for place in code.co_positions()]
    if MINOR == 10:
        table = []
        for begin, end, line in code.co_lines():
            table += [(line, line, None, None)] * ((end - begin) // 2)
        return table
    import ctypes

    line_of = ctypes.pythonapi.PyCode_Addr2Line
    line_of.argtypes = [ctypes.py_object, ctypes.c_int]
    lines = [line_of(code, 2 * unit) for unit in range(units)]
    return [(line, line, None, None) for line in lines]


def positions(code):
    table = code.co_linetable if MINOR >= 10 else code.co_lnotab
    print("positions", HEX, code.co_firstlineno, len(code.co_code), hex_of(table))
    runs = itertools.groupby(",".join(map(show, place)) for place in places(code))
    print("".join("%d*%s " % (sum(1 for _ in run), place) for place, run in runs))


def end_of(instructions, index):
    """The offset behind an instruction and its caches, from what dis shows behind it."""
    one = instructions[index]
    if MINOR >= 13:
        return one.cache_offset + 2 * sum(size for _, size, _ in one.cache_info or ())
    end = one.offset + 2
    for following in instructions[index + 1 :]:
        if following.opname != "CACHE":
            break
        end += 2
    return end


def is_jump(one):
    if MINOR >= 13:
        opcode = one.baseopcode
    else:
        opcode = dis._deoptop(one.opcode) if MINOR >= 11 else one.opcode
    return opcode in dis.hasjrel or opcode in dis.hasjabs


def walk(code, adaptive):
    how = {}
    if MINOR >= 11:
        how["adaptive"] = adaptive
        if MINOR <= 12:
            how["show_caches"] = True
    everything = list(dis.get_instructions(code, **how))
    words = []
    for index, one in enumerate(everything):
        if one.opname in SKIPPED:
            continue
        size = end_of(everything, index) - one.offset
        target = one.argval if is_jump(one) else None
        words.append("%d:%s:%d:%d:%s " % (one.offset, one.opname, one.arg or 0, size, show(target)))
    return "".join(words)


def instructions(code, adaptive=False):
    data = code._co_code_adaptive if adaptive else code.co_code
    print("instructions", HEX, hex_of(data))
    print(walk(code, adaptive))


def variables(code):
    """The names that an interpreter numbers locals, cells and free variables in."""
    if MINOR < 11:
        return code.co_varnames + code.co_cellvars + code.co_freevars
    names = []
    while True:
        try:
            names.append(code._varname_from_oparg(len(names)))
        except IndexError:
            return names


def hex_texts(texts):
    """Texts in hexadecimal; a comma stands behind each, since one may be empty."""
    encoded = [text.encode("utf-8", "surrogatepass").hex() for text in texts]
    return "".join(one + "," for one in encoded) or "-"


def argument_text(one):
    if is_jump(one):
        return "%s %d" % ("from" if one.opname == "END_ASYNC_FOR" else "to", one.argval)
    if one.opcode in dis.hasconst:
        return "k%d" % one.arg
    return one.argrepr


def arguments(code):
    """What dis shows for each argument; constants are named by their numbers."""
    print("arguments", HEX, hex_of(code.co_code), hex_texts(code.co_names), end=" ")
    print(hex_texts(variables(code)))
    words = []
    for one in dis.get_instructions(code):
        if one.opname not in SKIPPED:
            text = argument_text(one).encode("utf-8", "surrogatepass").hex()
            words.append("%d:%s " % (one.offset, text))
    print("".join(words))


def handlers(code):
    print("handlers", HEX, hex_of(code.co_exceptiontable))
    entries = dis._parse_exception_table(code)
    words = ["%d,%d,%d,%d,%d " % (e.start, e.end, e.target, e.depth, e.lasti) for e in entries]
    print("".join(words))


def deopt(code):
    print("deopt", HEX, hex_of(code._co_code_adaptive))
    print(hex_of(code.co_code))


def tree(code):
    yield code
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            yield from tree(constant)


def cold(modules):
    for name in modules:
        spec = importlib.util.find_spec(name)
        if spec is None or not spec.origin or not spec.origin.endswith(".py"):
            continue
        with open(spec.origin, "rb") as file:
            source = file.read()
        codes = tree(compile(source, spec.origin, "exec", dont_inherit=True))
        for index, code in enumerate(codes):
            positions(code)
            if index % 4 == 0:  # dis is slow
                instructions(code)
                arguments(code)
                if MINOR >= 11:
                    handlers(code)


def warm_up():
    """Runs pure-Python code of many kinds often enough to be specialised."""
    import _pydecimal
    import ast
    import json.decoder
    import json.encoder
    import random
    import textwrap
    import tokenize

    with open(tokenize.__file__, "rb") as file:
        source = file.read()
    for _ in range(3):
        list(tokenize.tokenize(iter(source.splitlines(True)).__next__))
        list(ast.walk(ast.parse(source)))
        textwrap.wrap(source.decode(), 60)
        encoder = json.encoder.py_encode_basestring_ascii
        [encoder(line) for line in source.decode().splitlines()]
        json.decoder.JSONDecoder(strict=False).decode('{"a": [1, 2.5, {"b": null}]}')
        value = _pydecimal.Decimal(2).sqrt() * _pydecimal.Decimal("1.25") + 1
        random.Random(3).sample(range(1000), 200)
        mixed(value)


def mixed(value):
    """One function with an operation of each family that is specialised."""
    text, total, store, values = "", 0, {}, list(range(200))
    for number in range(300):
        text += "x"
        total = total + number - 1 if number > 3 else total
        store[number] = values[number % 200]
        first, second = (number, text)
        if values and isinstance(first, int) and len(second) and number in store:
            values[0] = [inner * 2.5 for inner in (first, 2)][0]
        str(number), type(value), values.append(number), "a %s" % second[:1], abs(-number)
    return total


def hot():
    warm_up()
    seen = set()
    for item in gc.get_objects():
        if isinstance(item, types.FunctionType):
            for code in tree(item.__code__):
                if id(code) not in seen:
                    seen.add(id(code))
                    deopt(code)
                    instructions(code, adaptive=True)
    if MINOR >= 12:
        instrumented()


def instrumented():
    """Bytecode in which monitoring has put its own opcodes (those that still tell what they cover)."""
    events = sys.monitoring.events
    tool = sys.monitoring.PROFILER_ID
    sys.monitoring.use_tool_id(tool, "test")
    wanted = events.PY_START | events.PY_RETURN | events.PY_YIELD | events.CALL | events.JUMP
    wanted |= events.BRANCH if MINOR < 14 else events.BRANCH_LEFT | events.BRANCH_RIGHT
    for function in (mixed, tree, walk, positions):
        sys.monitoring.set_local_events(tool, function.__code__, wanted)
    mixed(1)
    for function in (mixed, tree, walk, positions):
        assert b"" != function.__code__._co_code_adaptive != function.__code__.co_code
        deopt(function.__code__)


if __name__ == "__main__":
    if sys.argv[1] == "cold":
        cold(sys.argv[2:])
    else:
        hot()
