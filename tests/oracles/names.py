"""Names in every width that CPython stores: Latin-1, two bytes, four bytes, surrogates.

Functions, their files and the threads that run them have names of each width, from
one letter to longer than any fixed buffer.  A lone surrogate cannot be encoded;
how it is shown is free, but it must not cost the stack.

Truth: `functions` maps the name of each function to that of its file and of its
thread, each with an equal share of the time.
Bound: all of the samples readable; all names exact but for lone surrogates.
"""

import threading
from time import perf_counter_ns

from oracle import finish, options, ready

NAMES = {
    "ascii": "plain",
    "latin1": "caf\u00e9_\u00fc\u00df",
    "greek": "\u03bb\u03cc\u03b3\u03bf\u03c2",
    "han": "\u6e2c\u8a66\u51fd\u6578",
    "astral": "\U00010428\U00010429_\U0001d7d8",
    "long": "l" + "o" * 3000 + "ng",
    "long_han": "\u9577" * 1500,
    "emoji": "hot \U0001f525 snake \U0001f40d",
    "control": "tab\there;semi\nline",
    "surrogate": "half_\ud83d_\udc80",
}

SOURCE = """
def placeholder(deadline):
    n = 0
    while clock() < deadline:
        n += 1
    return n
"""


def make_function(name, file_name):
    """A function whose code has these names, which the parser might refuse."""
    namespace = {"clock": perf_counter_ns}
    exec(compile(SOURCE, "file", "exec"), namespace)
    function = namespace["placeholder"]
    code = function.__code__
    changes = {"co_name": name, "co_filename": file_name}
    if hasattr(code, "co_qualname"):
        changes["co_qualname"] = name
    function.__code__ = code.replace(**changes)
    return function


def oracle_main(seconds):
    truth = {}
    for kind, name in NAMES.items():
        file_name = f"/nowhere/{name}.py"
        function = make_function(name, file_name)
        deadline = perf_counter_ns() + int(seconds * 1e9 / len(NAMES))
        thread_name = name[:200]
        thread = threading.Thread(target=function, args=(deadline,))
        # Up to 3.13 the name is Python's alone; newer ones tell it to the system, which
        # must be able to encode it.
        try:
            thread.name = thread_name
            thread.start()
        except (UnicodeError, ValueError):
            thread_name = kind
            thread = threading.Thread(target=function, args=(deadline,), name=kind)
            thread.start()
        thread.join()
        truth[name] = {"kind": kind, "file": file_name, "thread": thread_name}
    return truth


if __name__ == "__main__":
    given = options(__doc__, seconds=2.0)
    ready(given)
    functions = oracle_main(given.seconds)
    finish(functions=functions, share=1 / len(functions))
