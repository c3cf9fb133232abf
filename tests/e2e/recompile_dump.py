"""Prints the code objects of source files for tests/tools/recompile_code.cpp; plain 3.8 syntax.

Runs inside each interpreter, with the prefix that its files have outside, and the paths of files as
the interpreter sees them.
"""

import sys
import types


def tree(code):
    yield code
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            yield from tree(constant)


def text(name):
    return name.encode("utf-8", "surrogatepass").hex()


def words(names):
    return ",".join(map(text, names)) or "-"


def show(code):
    table = code.co_linetable if sys.version_info >= (3, 10) else code.co_lnotab
    variables = code.co_varnames + code.co_cellvars + code.co_freevars
    print(
        "code",
        text(code.co_name),
        code.co_firstlineno,
        code.co_flags,
        code.co_code.hex() or "-",
        table.hex() or "-",
        words(code.co_names),
        words(variables),
    )


def main(prefix, optimize, paths):
    for path in paths:
        with open(path, "rb") as file:
            source = file.read()
        try:
            code = compile(source, path, "exec", 0, True, optimize)
        except (SyntaxError, ValueError):
            continue
        print("file", path, prefix + path)
        for inner in tree(code):
            show(inner)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), sys.argv[3:])
