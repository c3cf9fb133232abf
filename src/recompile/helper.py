"""Finds the source position of each instruction by compiling again.

Runs inside the interpreter that ran the program, with that interpreter's own compiler. It parses and
compiles source text that it is handed; it runs nothing of it and imports nothing but what it needs
itself. Requests come from the standard input, answers go to the standard output (protocol.h).

Before 3.11 a line table knows lines only, but what it calls a line is ours to choose: each node of
the syntax tree gets a line of its own, its number. Compiled from that tree, the line table names the
node of each instruction. The bytecode must be that of the program, or nothing is believed.
"""

import _ast
import sys

MINOR = sys.version_info[1]
SYNTAX_TREE_ONLY = 0x400
NONE = 0xFFFFFFFF
EXTENDED_ARG, NOP, LOAD_METHOD, CALL_METHOD = 144, 9, 160, 161  # in 3.8 to 3.10

MATCHED, NOT_FOUND, OTHER_BYTECODE, OTHER_LINES, AMBIGUOUS, NOT_ALIGNED = range(6)


class Input:
    """The numbers, bytes and texts of the request."""

    def __init__(self, stream):
        self.stream = stream

    def number(self):
        data = self.stream.read(4)
        if len(data) != 4:
            raise EOFError
        return int.from_bytes(data, "little")

    def bytes(self):
        size = self.number()
        data = self.stream.read(size)
        if len(data) != size:
            raise EOFError
        return data

    def text(self):
        data = self.bytes()
        try:
            return data.decode("utf-8", "surrogatepass")
        except UnicodeDecodeError:
            return data.decode("utf-8", "replace")

    def texts(self):
        count = self.number()
        return None if count == NONE else [self.text() for _ in range(count)]


def agree(recorded, own):
    """Whether names are equal, as far as all of them could be read from the program's memory."""
    return not recorded or "" in recorded or len(recorded) != len(own) or recorded == own


class Wanted:
    """A code object of the program, as it was recorded."""

    def __init__(self, source):
        self.name = source.text()
        self.first_line = source.number()
        self.flags = source.number()
        self.bytecode = source.bytes()
        self.line_table = source.bytes()
        self.names = source.texts()
        self.variables = source.texts()
        self.constants = source.texts()

    def same_names(self, code):
        variables = code.co_varnames + code.co_cellvars + code.co_freevars
        return agree(self.names, list(code.co_names)) and agree(
            self.variables and sorted(set(self.variables)), sorted(set(variables))
        )

    def same_constants(self, code):
        if self.constants is None or len(self.constants) != len(code.co_consts):
            return True
        for text, value in zip(self.constants, code.co_consts):
            if type(value) in (int, str) and text != "..." and text != repr(value):
                return False
        return True


# Line tables


def lines_of_lnotab(table, first_line, units):
    lines, line = [], first_line
    for at in range(0, len(table) - 1, 2):
        lines += [line] * (table[at] // 2)
        line += table[at + 1] - (256 if table[at + 1] > 127 else 0)
        if len(lines) > units:
            break
    return (lines + [line] * units)[:units]


def lines_of(code, table=None):
    """The line of each unit of two bytes, by the code's own line table or another one."""
    units = len(code.co_code) // 2
    if MINOR < 10:
        return lines_of_lnotab(table or code.co_lnotab, code.co_firstlineno, units)
    if table is not None:
        code = code.replace(co_linetable=table)
    lines = []
    for begin, end, line in code.co_lines():
        if end > 2 * units:
            break
        lines += [line] * ((end - begin) // 2)
    return lines


def same_lines(wanted, code):
    own = code.co_linetable if MINOR >= 10 else code.co_lnotab
    return own == wanted.line_table or lines_of(code) == lines_of(code, wanted.line_table)


# The syntax tree


def children(node):
    for field in node._fields:
        value = getattr(node, field, None)
        if isinstance(value, _ast.AST):
            yield value
        elif isinstance(value, list):
            for item in value:
                if isinstance(item, _ast.AST):
                    yield item


def has_place(node):
    return "lineno" in node._attributes


def place_of(node):
    return (node.lineno, node.end_lineno, node.col_offset, node.end_col_offset)


def preorder(tree):
    stack = [tree]
    while stack:
        node = stack.pop()
        yield node
        stack += reversed(list(children(node)))


# What stands between the first word of a compound statement and its colon. The statement's own
# instructions are shown there, for its end is that of its whole body.
HEADS = {
    "FunctionDef": ("args", "returns"),
    "AsyncFunctionDef": ("args", "returns"),
    "ClassDef": ("bases", "keywords"),
    "For": ("iter",),
    "AsyncFor": ("iter",),
    "While": ("test",),
    "If": ("test",),
    "With": ("items",),
    "AsyncWith": ("items",),
    "Match": ("subject",),
    "Try": (),
    "ExceptHandler": ("type",),
}


def head_place(node, lines):
    """The place of a compound statement's head."""
    end = (node.lineno, node.col_offset)
    for field in HEADS[type(node).__name__]:
        value = getattr(node, field)
        for part in value if isinstance(value, list) else [value]:
            for inner in preorder(part) if part is not None else ():
                if has_place(inner):
                    end = max(end, (inner.end_lineno, inner.end_col_offset))
    if end == (node.lineno, node.col_offset):
        line = lines[node.lineno - 1] if node.lineno <= len(lines) else b""
        name = getattr(node, "name", None) or ""
        at = line.find(name.encode("utf-8", "replace"), node.col_offset) if name else -1
        if at < 0 or type(node).__name__ == "ExceptHandler":
            word = "except" if type(node).__name__ == "ExceptHandler" else "try"
            end = (node.lineno, node.col_offset + len(word))
        else:
            end = (node.lineno, at + len(name.encode("utf-8")))
    return (node.lineno, end[0], node.col_offset, end[1])


# f-strings. Until 3.11 the places inside them are found by searching for the text, and can be off:
# they are believed only where the source has there what the tree says.


def text_lines(source):
    """The lines of the source in UTF-8, as the columns of the tree count them."""
    encoding = "utf-8"
    if b"coding" in b"".join(source.splitlines(True)[:2]):
        import tokenize

        encoding = tokenize.detect_encoding(iter(source.splitlines(True)).__next__)[0]
    text = source.decode(encoding, "replace")
    text = text[1:] if text.startswith("\ufeff") else text
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return [line.encode("utf-8", "replace") for line in text.split("\n")]


def same_tree(one, other):
    stack = [(one, other)]
    while stack:
        one, other = stack.pop()
        if type(one) is not type(other):
            return False
        if isinstance(one, _ast.AST):
            stack += [(getattr(one, f, None), getattr(other, f, None)) for f in one._fields]
        elif isinstance(one, list):
            if len(one) != len(other):
                return False
            stack += zip(one, other)
        elif one != other:
            return False
    return True


def is_where_it_says(value, lines):
    if value.lineno != value.end_lineno or not 0 < value.lineno <= len(lines):
        return False
    line = lines[value.lineno - 1]
    before = line[: value.col_offset].rstrip(b" \t(")
    if (len(before) - len(before.rstrip(b"{"))) % 2 == 0:
        return False
    text = line[value.col_offset : value.end_col_offset]
    try:
        found = compile(b"(" + text + b")", "", "eval", SYNTAX_TREE_ONLY, True)
    except (SyntaxError, ValueError):
        return False
    return same_tree(found.body, value)


def misplaced(tree, lines):
    """For nodes inside f-strings whose own places are wrong: the place of the whole f-string."""
    wrong = {}
    for node in preorder(tree):
        if not isinstance(node, _ast.JoinedStr) or id(node) in wrong:
            continue
        values = [part.value for part in node.values if isinstance(part, _ast.FormattedValue)]
        places = [place_of(value) for value in values]
        for value in values:
            if places.count(place_of(value)) > 1 or not is_where_it_says(value, lines):
                for inner in preorder(value):
                    wrong[id(inner)] = place_of(node)
    return wrong


# Equal lambdas and comprehensions on one line: the compiler keeps one code object for them, for it
# compares first lines. It must find their numbers equal, too.

SMALL_SCOPES = (_ast.Lambda, _ast.ListComp, _ast.SetComp, _ast.DictComp, _ast.GeneratorExp)


def scope_nodes(node):
    """The nodes that are compiled into a small scope of its own, and the node itself."""
    outside = set()
    if not isinstance(node, _ast.Lambda):
        outside = {id(inner) for inner in preorder(node.generators[0].iter)}
    return [inner for inner in preorder(node) if id(inner) not in outside]


def shape(nodes):
    """Equal for equal trees."""
    found = []
    for node in nodes:
        values = [getattr(node, field, None) for field in node._fields]
        plain = [repr(v) for v in values if not isinstance(v, (_ast.AST, list))]
        lengths = [len(v) for v in values if isinstance(v, list)]
        found.append((type(node), tuple(plain), tuple(lengths)))
    return tuple(found)


def twins(nodes):
    """Pairs of nodes inside scopes that compile to equal code, the first one first."""
    lines = {}
    for node in nodes:
        if isinstance(node, SMALL_SCOPES):
            lines.setdefault(node.lineno, []).append(node)
    for scopes in lines.values():
        seen = {}
        for scope in scopes if len(scopes) > 1 else ():
            inner = scope_nodes(scope)
            first = seen.setdefault(shape(inner), inner)
            if first is not inner:
                yield from ((a, b) for a, b in zip(first, inner) if has_place(a))


class Places:
    """The syntax tree of a file, whose nodes have their numbers for lines, and their real places."""

    def __init__(self, tree, source):
        self.lines = text_lines(source)
        wrong = misplaced(tree, self.lines)
        nodes = [node for node in preorder(tree) if has_place(node)]
        self.nodes = [None] + nodes
        self.places = [None] + [wrong.get(id(node)) or self.own_place(node) for node in nodes]
        numbers = {id(node): number for number, node in enumerate(nodes, 1)}
        for one, other in twins(nodes):
            # Neither can be told from the other, but their numbers must be the same.
            self.places[numbers[id(one)]] = self.places[numbers[id(other)]] = None
            numbers[id(other)] = numbers[id(one)]
        for node in nodes:
            node.lineno = node.end_lineno = numbers[id(node)]
            node.col_offset = node.end_col_offset = 0
        self.calls = {
            node.func.lineno: node.lineno
            for node in nodes
            if isinstance(node, _ast.Call) and isinstance(node.func, _ast.Attribute)
        }
        self.methods = {call: method for method, call in self.calls.items()}

    def own_place(self, node):
        if type(node).__name__ in HEADS:
            return head_place(node, self.lines)
        return place_of(node)

    def find(self, number, line, opcode):
        """The place of the node with this number, for an instruction on this line; None if not."""
        if not number or number >= len(self.nodes):
            return None
        # 3.8 and 3.9 count a method's look-up to the call, 3.10 the call to the look-up.
        if opcode == LOAD_METHOD:
            number = self.methods.get(number, number)
        elif opcode == CALL_METHOD:
            number = self.calls.get(number, number)
        place = self.places[number]
        if place and place[0] != line and opcode in (LOAD_METHOD, CALL_METHOD):
            place = self.from_name_on(number)
        return place if place and place[0] == line else None

    def are_of_twins(self, numbers):
        known = [number for number in numbers if number and number < len(self.nodes)]
        return bool(known) and not any(self.places[number] for number in known)

    def from_name_on(self, number):
        """The place of a method's look-up or call without the lines above the method's name."""
        method = self.methods.get(number, number)
        if self.places[method] is None:
            return None
        node, (_, line, _, column) = self.nodes[method], self.places[method]
        name = getattr(node, "attr", "").encode("utf-8", "replace")
        if not name or not self.lines[line - 1][:column].endswith(name):
            return None
        return (line, self.places[number][1], column - len(name), self.places[number][3])


# Compiling and comparing


class Compilation:
    """The code objects of a file, each with its twin from the numbered tree where one is needed."""

    def __init__(self, source, path, flags, optimize):
        plain = compile(source, path, "exec", flags, True, optimize)
        twin, self.places = None, None
        if MINOR < 11:
            tree = compile(source, path, "exec", flags | SYNTAX_TREE_ONLY, True, optimize)
            self.places = Places(tree, source)
            twin = compile(tree, path, "exec", flags, True, optimize)
        self.by_name = {}
        stack = [(plain, twin)]
        while stack:
            code, twin = stack.pop()
            self.by_name.setdefault((code.co_name, code.co_firstlineno), []).append((code, twin))
            stack += pair_inner(code, twin)

    def find(self, wanted):
        """Outcome, code and twin for a code object of the program."""
        pairs = self.by_name.get((wanted.name, wanted.first_line), [])
        steps = (
            (NOT_FOUND, lambda code: True),
            (OTHER_BYTECODE, lambda code: code.co_code == wanted.bytecode),
            (OTHER_BYTECODE, wanted.same_names),
            (OTHER_LINES, lambda code: same_lines(wanted, code)),
        )
        for outcome, is_right in steps:
            pairs = [pair for pair in pairs if is_right(pair[0])]
            if not pairs:
                return outcome, None, None
        if len(pairs) > 1:
            pairs = [pair for pair in pairs if wanted.same_constants(pair[0])] or pairs
        if len(pairs) > 1:
            return AMBIGUOUS, None, None
        return (MATCHED,) + pairs[0]

    def recover(self, wanted):
        """Outcome and ranges of (begin, end, line, end line, column, end column)."""
        outcome, code, twin = self.find(wanted)
        if outcome != MATCHED:
            return outcome, []
        if MINOR >= 11:
            return MATCHED, ranges(list(code.co_positions()))
        numbers = node_numbers(code, twin) if twin is not None else None
        if numbers is None:
            return NOT_ALIGNED, []
        if self.places.are_of_twins(numbers):
            return AMBIGUOUS, []
        units = zip(numbers, lines_of(code), code.co_code[::2])
        return MATCHED, ranges([self.places.find(*unit) for unit in units])


def pair_inner(code, twin):
    inner = [value for value in code.co_consts if isinstance(value, type(code))]
    if twin is None:
        return [(value, None) for value in inner]
    twins = [value for value in twin.co_consts if isinstance(value, type(code))]
    same = [value.co_name for value in inner] == [value.co_name for value in twins]
    return list(zip(inner, twins if same else [None] * len(inner)))


def node_numbers(code, twin):
    """The number of the node of each unit, None where there is none; None if the two differ."""
    numbers = lines_of(twin)
    if code.co_code == twin.co_code:
        return numbers
    if MINOR != 10:
        return None
    # 3.10 keeps a NOP where it would lose a line otherwise, and joins jumps only within a line;
    # now there are more lines.
    mine, others = stripped(code.co_code), stripped(twin.co_code)
    if [one[2:] for one in mine] != [one[2:] for one in others]:
        return None
    result = [None] * (len(code.co_code) // 2)
    for (begin, end, *_), (_, last, *_) in zip(mine, others):
        result[begin:end] = [numbers[last - 1]] * (end - begin)
    return result


def stripped(bytecode):
    """(begin, end, opcode, argument) without NOPs, in units; jumps are only said to be jumps."""
    import opcode

    jumps = set(opcode.hasjrel + opcode.hasjabs) - {opcode.opmap["FOR_ITER"]}
    found, begin, extended = [], 0, 0
    for unit in range(len(bytecode) // 2):
        op, arg = bytecode[2 * unit], bytecode[2 * unit + 1] | extended << 8
        if op == EXTENDED_ARG:
            extended = arg
            continue
        if op != NOP:
            is_jump = op in jumps or op == opcode.opmap["FOR_ITER"]
            found.append((begin, unit + 1, "jump" if op in jumps else op, 0 if is_jump else arg))
        begin, extended = unit + 1, 0
    return found


def ranges(places):
    """Joins the units that share a place."""
    found = []
    for unit, place in enumerate(places):
        if not place or None in place or place[0] < 1:
            continue
        if found and found[-1][1] == 2 * unit and found[-1][2:] == tuple(place):
            found[-1] = (found[-1][0], 2 * unit + 2) + tuple(place)
        else:
            found.append((2 * unit, 2 * unit + 2) + tuple(place))
    return found


def future_flags():
    import __future__

    names = __future__.all_feature_names
    flags = [getattr(__future__, name).compiler_flag for name in names]
    # In 3.8 and later, the flags of features that are part of the language are harmless.
    total = 0
    for flag in flags:
        total |= flag
    return total


def recover_file(source, path, optimize, wanted):
    """The best outcome for each code object, over the ways in which the file can be compiled."""
    mask = future_flags() & ~0x10  # nested_scopes shares its bit with CO_NESTED
    levels = [0, 1, 2] if optimize == NONE else [optimize]
    ways = [(0, level) for level in levels]
    ways += [(flags, levels[0]) for flags in sorted({one.flags & mask for one in wanted}) if flags][
        :2
    ]
    results = [None] * len(wanted)
    for flags, level in ways:
        left = [i for i, done in enumerate(results) if done is None or done[0] != MATCHED]
        if not left:
            break
        compilation = Compilation(source, path, flags, level)
        for index in left:
            outcome, found = compilation.recover(wanted[index])
            if outcome == MATCHED or results[index] is None:
                results[index] = (outcome, found)
    return results


# The conversation


def u32(*numbers):
    return b"".join(number.to_bytes(4, "little") for number in numbers)


def blob(data):
    return u32(len(data)) + data


def answer_file(request):
    optimize = request.number()
    path = request.text()
    source = request.bytes()
    wanted = [Wanted(request) for _ in range(request.number())]
    try:
        results = recover_file(source, path, optimize, wanted)
    except BaseException as error:  # of any kind: it is about this file only
        message = "%s: %s" % (type(error).__name__, error)
        return u32(1) + blob(message.encode("utf-8", "replace")[:500])
    parts = [u32(0)]
    for outcome, found in results:
        parts.append(u32(outcome, len(found)))
        parts += [u32(*one) for one in found]
    return b"".join(parts)


def main():
    sys.setrecursionlimit(20000)
    output = sys.stdout.buffer
    magic = sys.modules["_frozen_importlib_external"].MAGIC_NUMBER
    output.write(b"LHR1" + u32(sys.hexversion, int.from_bytes(magic[:2], "little")))
    output.flush()
    request = Input(sys.stdin.buffer)
    for _ in range(request.number()):
        output.write(blob(answer_file(request)))
        output.flush()


if __name__ == "__main__":
    main()
