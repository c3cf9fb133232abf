"""Runs a program under sys.settrace and writes how often each of its lines was hit.

    python reference.py OUT.json PROGRAM [ARGS...]

PROGRAM runs as `python PROGRAM ARGS...` would run it: as `__main__`, with its own folder first in
sys.path, with its output, its traceback and its exit code.  What is counted are the events of
sys.settrace and threading.settrace in code whose file lies in the program's folder; OUT.json gets
one entry for each code object of these files, also for those that never ran:

  file, line, name   the file relative to the program's folder, co_firstlineno, co_name
  index              tells code objects apart that agree in these three: the how-manieth it is in a
                     walk of the code tree, parents before children, children in the order of
                     co_consts.  So it depends on the source and the compiler alone, never on
                     the order of execution; a file that is run or loaded twice adds to
                     the same entries.
  starts             'call' events that start a frame; those that continue a generator or a coroutine,
                     by send or by throw, are `resumes`
  lines              {line: 'line' events}, of all frames of this code object, generators' included
  returns            'return' events.  In every version they come for a yield as well, and for
                     a frame that an exception leaves.
  exceptions         'exception' events

A frame starts when its f_lasti is -1 (up to 3.10) or stands at a `RESUME` whose argument ends in two
zero bits (from 3.11 on).  An exception that is thrown into a generator that was never started makes
a frame that runs no instruction: this is a resume here.

A child made by os.fork() counts from zero and writes OUT.json.1, the next one OUT.json.2, a child
of the first one OUT.json.1.1; also if it ends by os._exit().  A process writes after its threads have
been joined and after the functions that the program gave to atexit; what a teardown of modules
still runs is not counted.  Which line events there are at all is told in LINE_EVENTS.md.

Needs nothing but the standard library of any CPython from 3.8 to 3.15.
"""

import atexit
import collections
import json
import os
import sys
import threading
import types

try:
    from opcode import opmap
except ImportError:  # pragma: no cover
    opmap = {}

RESUME = opmap.get("RESUME", -1) if sys.version_info >= (3, 11) else None


class Record:
    """What was counted for one code object.

    Events are appended to lists, because that is the one thing which no switch of threads tears.
    """

    def __init__(self):
        self.calls = []
        self.lines = []
        self.returns = []
        self.exceptions = []

    def clear(self):
        for events in (self.calls, self.lines, self.returns, self.exceptions):
            del events[:]


def starts_here(code, lasti):
    """Whether a 'call' event at this f_lasti starts a frame."""
    if RESUME is None:
        return lasti < 0
    text = code.co_code
    return lasti >= 0 and text[lasti] == RESUME and text[lasti + 1] & 3 == 0


class Reference:
    """Counts the events of one process."""

    def __init__(self, out, folder):
        self.out = out
        self.folder = os.path.join(os.path.abspath(folder), "")
        self.children = 0
        self.records = {}  # (file, line, name, index) -> Record
        self.tracers = {}  # id of a code object -> its tracer, or None where it is not of interest
        self.keys = {}  # id of a code object -> its key in records
        self.alive = []  # keeps the code objects, so that no id comes twice
        self.names = {}

    def relative(self, filename):
        if filename not in self.names:
            path = os.path.abspath(filename)
            known = not filename.startswith("<") and path.startswith(self.folder)
            self.names[filename] = path[len(self.folder) :] if known else None
        return self.names[filename]

    def register(self, root):
        """Gives each code object of a tree its record."""
        seen = collections.Counter()
        todo = [root]
        while todo:
            code = todo.pop()
            file = self.relative(code.co_filename)
            self.alive.append(code)
            if file is None:
                self.tracers[id(code)] = None
                continue
            key = (file, code.co_firstlineno, code.co_name)
            index = seen[key]
            seen[key] += 1
            record = self.records.setdefault(key + (index,), Record())
            self.keys[id(code)] = key + (index,)
            if id(code) not in self.tracers:
                self.tracers[id(code)] = self.make_tracer(code, record)
            children = [one for one in code.co_consts if isinstance(one, types.CodeType)]
            todo.extend(reversed(children))

    def make_tracer(self, code, record):
        add_call = record.calls.append
        add_line = record.lines.append
        add_return = record.returns.append
        add_exception = record.exceptions.append

        def tracer(frame, event, arg):
            if event == "line":
                add_line(frame.f_lineno)
            elif event == "call":
                add_call(starts_here(code, frame.f_lasti))
            elif event == "return":
                add_return(None)
            elif event == "exception":
                # Thrown into a generator before its first instruction.
                add_exception(RESUME is None and frame.f_lasti < 0)
            return tracer

        return tracer

    def trace(self, frame, event, arg):
        """The function for sys.settrace."""
        code = frame.f_code
        key = id(code)
        if key not in self.tracers:
            self.register(code)
        tracer = self.tracers[key]
        return None if tracer is None else tracer(frame, event, arg)

    def result(self):
        entries = []
        for key in sorted(self.records):
            file, line, name, index = key
            record = self.records[key]
            before_any = sum(record.exceptions)
            entries.append(
                {
                    "file": file,
                    "line": line,
                    "name": name,
                    "index": index,
                    "starts": sum(record.calls) - before_any,
                    "resumes": len(record.calls) - sum(record.calls) + before_any,
                    "lines": dict(sorted(collections.Counter(record.lines).items())),
                    "returns": len(record.returns),
                    "exceptions": len(record.exceptions),
                }
            )
        return {"python": list(sys.version_info[:3]), "codes": entries}

    def forget(self):
        """What a child does at its beginning."""
        for record in self.records.values():
            record.clear()

    def write(self):
        """Writes what was counted until now; without a tracer, so that nothing is added."""
        was = sys.gettrace()
        sys.settrace(None)
        text = json.dumps(self.result(), indent=1)
        with open(self.out + ".part", "w") as file:
            file.write(text + "\n")
        os.replace(self.out + ".part", self.out)
        sys.settrace(was)

    def wrap_os(self):
        fork, leave = os.fork, os._exit

        def counted_fork():
            self.children += 1
            child = fork()
            if child == 0:
                self.out += ".%d" % self.children
                self.children = 0
                self.forget()
            return child

        def counted_exit(status):
            self.write()
            leave(status)

        os.fork, os._exit = counted_fork, counted_exit


def run_program(path, arguments, before=None):
    """Runs a program as `python PATH ARGUMENTS...`; `before(code)` is called when all is ready."""
    sys.argv = [path] + list(arguments)
    sys.path[0] = os.path.dirname(os.path.abspath(path))
    with open(path, "rb") as file:
        source = file.read()
    module = types.ModuleType("__main__")
    module.__dict__.update(__file__=path, __builtins__=__builtins__, __cached__=None)
    sys.modules["__main__"] = module
    try:
        code = compile(source, path, "exec", dont_inherit=True)
        if before is not None:
            before(code)
        exec(code, module.__dict__)
    except (SystemExit, KeyboardInterrupt):
        raise
    except BaseException as error:
        sys.stdout.flush()
        # The traceback begins in the program.
        trace = error.__traceback__.tb_next
        sys.excepthook(type(error), error.with_traceback(trace), trace)
        status = 1
    else:
        status = 0
    sys.exit(status)


def main(out, path, *arguments):
    reference = Reference(os.path.abspath(out), os.path.dirname(os.path.abspath(path)))
    reference.wrap_os()
    atexit.register(reference.write)

    def before(code):
        reference.register(code)
        threading.settrace(reference.trace)
        sys.settrace(reference.trace)

    run_program(path, arguments, before)


if __name__ == "__main__":
    main(*sys.argv[1:])
