#!/usr/bin/env python3
"""Writes the opcode tables of src/code/opcodes from the interpreters themselves.

Opcode numbers and families differ from one minor version of CPython to the next, so each version
has its own table, asked from that version's own `opcode` and `dis` modules. Give one command for
each interpreter; the file of each version is rewritten, the others stay:

    tools/generate_opcodes.py python3.8 python3.13 "chroot /srv/sid /usr/bin/python3.15"

The output depends on nothing but the interpreters: run twice, the files are the same.
"""

import argparse
import json
import pathlib
import shlex
import subprocess
import sys

# Runs inside each interpreter: plain 3.8 syntax, no modules but its own.
PROBE = r"""
import dis, importlib.util, json, opcode, sys

minor = sys.version_info[1]
names = {}
for name, op in opcode.opmap.items():
    if op < 256:
        names[op] = name
bases = {}
if minor >= 13:
    import _opcode_metadata
    for name, op in _opcode_metadata._specialized_opmap.items():
        names[op] = name
    families = _opcode_metadata._specializations
elif minor >= 11:
    families = opcode._specializations
    # The numbers of specialised forms are given out in order to what is left (Lib/dis.py).
    for op, name in enumerate(dis._all_opname):
        if not name.startswith("<") and op < 256:
            names[op] = name
else:
    families = {}
numbers = {name: op for op, name in names.items()}
for base, forms in families.items():
    for form in forms:
        bases[numbers[form]] = numbers[base]
for form, base in getattr(dis, "deoptmap", {}).items():
    bases[numbers[form]] = numbers[base]

if minor >= 13:
    caches = {numbers[n]: c for n, c in opcode._inline_cache_entries.items() if n in numbers}
elif minor >= 11:
    caches = {op: c for op, c in enumerate(opcode._inline_cache_entries) if c}
else:
    caches = {}
if hasattr(opcode, "hasarg"):
    has_arg = [op for op in opcode.hasarg if op < 256]
else:
    has_arg = [op for op in names if op >= opcode.HAVE_ARGUMENT]


def texts(getter, other=()):
    # Lists that dis prints from; later versions keep them in C.
    try:
        import _opcode
        return list(getattr(_opcode, getter)())
    except (ImportError, AttributeError):
        return list(other)


binary = texts("get_nb_ops", getattr(opcode, "_nb_ops", ()))
common = getattr(opcode, "_common_constants", ())
print(json.dumps({
    "version": list(sys.version_info[:3]),
    "level": sys.version_info[3],
    "magic": int.from_bytes(importlib.util.MAGIC_NUMBER[:2], "little"),
    "names": names,
    "bases": bases,
    "caches": caches,
    "has_arg": has_arg,
    "relative": [op for op in opcode.hasjrel if op < 256],
    "absolute": [op for op in opcode.hasjabs if op < 256],
    "operands": {
        "kConstant": [op for op in opcode.hasconst if op < 256],
        "kName": [op for op in opcode.hasname if op < 256],
        "kLocal": [op for op in opcode.haslocal if op < 256],
        "kCell": [op for op in opcode.hasfree if op < 256],
        "kComparison": [op for op in opcode.hascompare if op < 256],
    },
    "lists": {
        "comparisons": list(opcode.cmp_op),
        "binary_operators": [symbol for _, symbol in binary],
        "intrinsics_1": texts("get_intrinsic1_descs", getattr(opcode, "_intrinsic_1_descs", ())),
        "intrinsics_2": texts("get_intrinsic2_descs", getattr(opcode, "_intrinsic_2_descs", ())),
        "common_constants": [
            one.__name__ if isinstance(one, type) else repr(one) for one in common
        ],
        "special_methods": texts("get_special_method_names"),
    },
}))
"""

# These stand in the place of another instruction, whose opcode is kept elsewhere.
HIDING = {"INSTRUMENTED_LINE", "INSTRUMENTED_INSTRUCTION", "ENTER_EXECUTOR", "TRACE_RECORD"}

# Specialised calls of 3.11 that do the work of the CALL behind them, too; the other PRECALLs
# leave it to CALL.
PRECALL_ALONE = {"PRECALL_ADAPTIVE", "PRECALL_BOUND_METHOD", "PRECALL_PYFUNC"}


def probe(command):
    done = subprocess.run(
        [*shlex.split(command), "-I", "-S", "-B", "-c", PROBE], capture_output=True, text=True
    )
    if done.returncode:
        sys.exit(f"The interpreter `{command}` could not be asked for its opcodes:\n{done.stderr}")
    facts = json.loads(done.stdout)
    for key in ("names", "bases", "caches"):
        facts[key] = {int(op): value for op, value in facts[key].items()}
    return facts


def covers_next(name):
    """Whether the form also executes the instruction behind it."""
    return (
        "__" in name
        or name == "BINARY_OP_INPLACE_ADD_UNICODE"
        or (name.startswith("COMPARE_OP_") and name.endswith("_JUMP"))
        or (name.startswith("PRECALL_") and name not in PRECALL_ALONE)
    )


def is_pair(name, numbers):
    """Whether the name is that of two instructions joined, such as STORE_FAST_LOAD_FAST."""
    parts = [at for at, char in enumerate(name) if char == "_"]
    return any(name[:at] in numbers and name[at + 1 :] in numbers for at in parts)


def rows(facts):
    numbers = {name: op for op, name in facts["names"].items()}
    for op, name in sorted(facts["names"].items()):
        base = facts["bases"].get(op, op)
        flags = []
        if name.startswith("INSTRUMENTED_"):
            flags.append("kInstrumented")
            base = numbers.get(name[len("INSTRUMENTED_") :], op)
        if name in HIDING:
            flags.append("kHides")
        if base in facts["has_arg"]:
            flags.append("kHasArg")
        if base in facts["relative"]:
            flags.append("kJump")
            if "BACKWARD" in facts["names"][base] or facts["names"][base] == "END_ASYNC_FOR":
                flags.append("kBackward")
        if base in facts["absolute"]:
            flags.extend(["kJump", "kAbsolute"])
        for operand, of in facts["operands"].items():
            if base in of:
                flags.append(operand)
        if "__" in name or (base == op and is_pair(name, numbers)):
            flags.append("kPair")
        if covers_next(name):
            flags.append("kCoversNext")
        caches = 0 if name in HIDING else facts["caches"].get(base, 0)
        yield op, name, base, caches, " | ".join(flags) or "0"


def filled(words, width=100):
    """Lines that hold the words, with commas."""
    line = "   "
    for word in words:
        if len(line) + len(word) + 2 > width:
            yield line
            line = "   "
        line += f" {word},"
    yield line


def render_lists(facts):
    """The lists that arguments are numbers in, as C++ arrays, and the table of them."""
    arrays, fields = [], []
    for name, texts in facts["lists"].items():
        if texts:
            constant = "k" + name.title().replace("_", "")
            arrays.append(f"constexpr std::string_view {constant}[] = {{")
            arrays += [*filled([json.dumps(text) for text in texts]), "};", ""]
            fields.append(f"    .{name} = {constant},")
    return [*arrays, "constexpr ArgumentTexts kTexts = {", *fields, "};"]


def render(facts):
    major, minor, micro = facts["version"]
    lines = [
        f"// The opcodes of CPython {major}.{minor}, written by tools/generate_opcodes.py from "
        f"{major}.{minor}.{micro}: do not edit.",
        '#include "code/opcodes.h"',
        "",
        "namespace lancehead::code {",
        "namespace {",
        "",
        "// clang-format off",
        *render_lists(facts),
        "",
        "// Opcode, name, base opcode, units of inline cache, traits.",
        "constexpr OpcodeRow kRows[] = {",
    ]
    for op, name, base, caches, flags in rows(facts):
        lines.append(f'    {{{op}, "{name}", {base}, {caches}, {flags}}},')
    lines += [
        "};",
        "// clang-format on",
        "",
        "}  // namespace",
        "",
        f"const OpcodeTable& opcodes_{major}_{minor}() {{",
        "  static constexpr OpcodeTable kTable = "
        f"make_opcode_table({minor}, {facts['magic']}, kRows, kTexts);",
        "  return kTable;",
        "}",
        "",
        "}  // namespace lancehead::code",
        "",
    ]
    return "\n".join(lines)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("interpreters", nargs="+", metavar="COMMAND")
    folder = pathlib.Path(__file__).resolve().parent.parent / "src" / "code" / "opcodes"
    parser.add_argument("--out", type=pathlib.Path, default=folder, help="the folder to write to")
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    for command in options.interpreters:
        facts = probe(command)
        if facts["level"] != "final":
            sys.exit(
                f"`{command}` is a pre-release, whose opcodes may still change: use a final one."
            )
        major, minor, _ = facts["version"]
        path = options.out / f"opcodes_{major}_{minor}.cpp"
        path.write_text(render(facts))
        print(f"{path}: {len(facts['names'])} opcodes")


if __name__ == "__main__":
    main()
