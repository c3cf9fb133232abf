"""A program with known stacks that waits: the memory images of tests/data/images are made of it.

It writes to its standard output what a reader of its memory must find, in the words of
tests/support/recorded_process.h, as the interpreter itself knows it; then an empty line. All its
threads wait by then, and stay where they are until the standard input is closed.
"""

import os
import sys
import threading

try:
    import _interpreters as interpreters
except ImportError:
    try:
        import _xxinterpreters as interpreters
    except ImportError:
        try:
            import _xxsubinterpreters as interpreters
        except ImportError:
            interpreters = None

LINES = []
ARRIVED = threading.Semaphore(0)
GATE = threading.Lock()
KEPT = []


def in_words(value):
    """A constant as the reader shows it."""
    if value is None or value is True or value is False or isinstance(value, float):
        return repr(value)
    if isinstance(value, int):
        return repr(value) if abs(value) < 1 << 60 else "..."
    if isinstance(value, str):
        return "'" + value[:60] + ("\u2026" if len(value) > 60 else "") + "'"
    return "..."


def describe(code):
    """The lines of one code object."""
    cells = code.co_cellvars
    if sys.version_info >= (3, 11):
        cells = tuple(name for name in cells if name not in code.co_varnames)
    if sys.version_info >= (3, 10):
        table = code.co_linetable
    else:
        table = code.co_lnotab
    qualified = getattr(code, "co_qualname", code.co_name)
    start = "code " + qualified + " "
    LINES.append(start + "name " + code.co_name)
    LINES.append(start + "file " + code.co_filename)
    LINES.append(start + "first line " + str(code.co_firstlineno))
    LINES.append(start + "arguments " + str(code.co_argcount))
    LINES.append(start + "flags " + str(code.co_flags))
    LINES.append(start + "bytecode " + code.co_code.hex())
    LINES.append(start + "line table " + table.hex())
    LINES.append(start + "exception table " + getattr(code, "co_exceptiontable", b"").hex())
    LINES.append(start + "names " + "|".join(code.co_names))
    LINES.append(start + "variables " + "|".join(code.co_varnames + cells + code.co_freevars))
    LINES.append(start + "constants " + "|".join(in_words(value) for value in code.co_consts))


def report():
    """Writes what there is, but for the frame of this function."""
    own = sys._getframe()
    codes = set()
    for frame in sys._current_frames().values():
        names = []
        if frame is own:
            frame = frame.f_back
        while frame is not None:
            code = frame.f_code
            names.append("%s (%s:%d)" % (code.co_name, code.co_filename, frame.f_lineno))
            codes.add(code)
            frame = frame.f_back
        LINES.append("stack " + " > ".join(reversed(names)))
    for code in codes:
        describe(code)
    for thread in threading.enumerate():
        LINES.append("thread name " + thread.name)
    LINES[:] = [line.replace("\n", "\\n") for line in LINES]
    text = "".join(line + "\n" for line in sorted(LINES, key=as_bytes))
    out = (text + "\n").encode("utf-8", "surrogatepass")
    while out:
        out = out[os.write(1, out) :]


def as_bytes(text):
    return text.encode("utf-8", "surrogatepass")


def workers_in_place():
    """How many of the workers are back from what they call before they wait."""
    frames = sys._current_frames().values()
    return sum(frame.f_code.co_name == "stay" for frame in frames)


def renamed(function, name, file_name):
    """The function under a name that the parser might refuse."""
    changes = {"co_name": name, "co_filename": file_name}
    if hasattr(function.__code__, "co_qualname"):
        changes["co_qualname"] = name
    function.__code__ = function.__code__.replace(**changes)
    return function


def wait_for_end():
    for _ in range(2):
        ARRIVED.acquire()
    while workers_in_place() < 2:
        os.sched_yield()
    report(), os.read(0, 1), os._exit(0)


def numbers(first, second=2.5, *more, keyword=None):
    """Constants and variables of every kind."""
    kept = first
    small, negative, large, huge = 7, -300, 1 << 40, 1 << 70
    half, whole, true, text = 0.5, 2.0, True, "\u6e2c\u8a66"
    inner = lambda: (kept, first)  # noqa: E731
    yield small, negative, large, huge
    yield from walk(inner, half, whole, true, text, more, keyword, second)


def walk(*values):
    for value in values:
        waiting()
        yield value


def waiting():
    try:
        wait_for_end()
    finally:
        ARRIVED.release()


def consume():
    return [value for value in numbers(3) if value]


def deep(levels):
    if levels:
        return deep(levels - 1)
    return consume()


def latin(function):
    return function()


def two_bytes(function):
    return function()


def four_bytes(function):
    return function()


def half_a_pair(function):
    return function()


def very_long(function):
    return function()


class Worker:
    def stay(self):
        ARRIVED.release(), GATE.acquire()


async def task(worker):
    worker.stay()


def run_task(worker):
    task(worker).send(None)


renamed(latin, "caf\u00e9", "/app/\u00fcber.py")
renamed(two_bytes, "\u03bb\u03cc\u03b3\u03bf\u03c2", "/app/\u6e2c\u8a66.py")
renamed(four_bytes, "\U00010428\U0001d7d8", "/app/\U0001f40d.py")
renamed(half_a_pair, "half_\ud83d", "/app/half_\udc80.py")
renamed(very_long, "l" + "o" * 300 + "ng", "/app/long.py")
# Where the standard library stands is not the same everywhere.
for method in (
    threading.Thread._bootstrap,
    threading.Thread._bootstrap_inner,
    threading.Thread.run,
):
    renamed(method, method.__name__, "/lib/threading.py")


def main():
    count = 1
    if interpreters is not None:
        KEPT.append(interpreters.create())
        count += 1
    LINES.append("interpreters " + " ".join(str(number) for number in range(count)))
    LINES.append("threads waiting 3")
    GATE.acquire()
    worker = Worker()
    for target, arguments, name in (
        (worker.stay, (), "caf\u00e9 \U0001f40d"),
        (run_task, (worker,), "\u6e2c\u8a66"),
    ):
        threading.Thread(target=target, args=arguments, name=name, daemon=True).start()
    chain = [latin, two_bytes, four_bytes, half_a_pair, very_long, lambda: deep(60)]
    while len(chain) > 1:
        inner = chain.pop()
        chain[-1] = (lambda outer, function: lambda: outer(function))(chain[-1], inner)
    chain[0]()


main()
