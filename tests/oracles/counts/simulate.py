"""Predicts 'line' events from the executed instructions alone, and compares.

    python simulate.py OUT.json PROGRAM [ARGS...]

runs PROGRAM under sys.settrace with frame.f_trace_opcodes, which gives an 'opcode' event for
each instruction, and works out from the instructions and the code object's line table which 'line'
events there have to be: the rules of LINE_EVENTS.md, as code.  OUT.json gets

  frames, events    how many frames (each continuation of a generator is one more), 'line' events
  wrong             where prediction and truth differ: the whole sequence of such a frame
  lines             {file: {line: 'line' events}}, to be held against a run without opcode events

Needs nothing but the standard library of any CPython from 3.8 to 3.15.
"""

import atexit
import collections
import dis
import json
import os
import sys
import threading

import reference

VERSION = sys.version_info[:2]
NO_LINE = -1


class Lines38:
    """3.8 and 3.9: ranges of co_lnotab, and a window that lives as long as one call of the evaluator."""

    def __init__(self, code):
        self.ranges = []  # (first address, address behind, line)
        address, line, start = 0, code.co_firstlineno, 0
        steps = list(zip(code.co_lnotab[::2], code.co_lnotab[1::2]))
        for width, change in steps:
            change = change - 256 if change > 127 else change
            address += width
            if change:
                if address > start:
                    self.ranges.append((start, address, line))
                start = address
                line += change
        self.ranges.append((start, float("inf"), line))
        self.text = code.co_code
        self.targets = {
            i.argval for i in dis.get_instructions(code) if i.opname == "FOR_ITER"
        }

    def range_of(self, offset):
        return next(one for one in self.ranges if one[0] <= offset < one[1])

    def unwinds(self, raised, following):
        """Whether an 'exception' event led to a handler; StopIteration can also end a loop."""
        name = dis.opname[self.text[raised]]
        if name == "YIELD_FROM":
            return following != raised + 2
        at = raised
        while dis.opname[self.text[at]] == "EXTENDED_ARG":
            at += 2
        if dis.opname[self.text[at]] == "FOR_ITER":
            return following not in self.targets
        return True

    def predict(self, steps):
        previous, start, end = -1, 0, -1
        raised = None
        for kind, offset in steps:
            if kind == "exception":
                raised = offset
            if kind != "opcode":
                continue
            if VERSION == (3, 9) and raised is not None and self.unwinds(raised, offset):
                # An exception was caught: does the handler count as a line of its own?
                outside = not start <= raised < end
                update = raised == start or raised < previous
                if outside or (not update and start > 0):
                    previous = float("inf")
            raised = None
            if not start <= offset < end:
                start, end, line = self.range_of(offset)
            if offset == start or offset < previous:
                yield offset, line
            previous = offset


class Lines310:
    """3.10 and 3.11: the line of the previous instruction, and backward jumps."""

    def __init__(self, code):
        self.code = code
        self.lines = {}
        for start, end, line in code.co_lines():
            for offset in range(start, end, 2):
                self.lines[offset] = NO_LINE if line is None else line
        self.text = code.co_code
        self.entry = -1
        if VERSION == (3, 11):
            self.entry = next(
                i.offset for i in dis.get_instructions(code) if i.opname == "RESUME"
            )

    def predict(self, steps):
        previous = -1
        for kind, offset in steps:
            if kind in ("call", "exception"):
                previous = offset
            if kind != "opcode":
                continue
            last = NO_LINE if previous <= self.entry else self.lines[previous]
            line = self.lines[offset]
            back = offset < previous
            if VERSION == (3, 11) and dis.opname[self.text[offset]] == "SEND":
                back = False
            if line != NO_LINE and (line != last or back):
                yield offset, line
            previous = offset


class Lines312:
    """3.12 and later: a bit for each instruction that may start a line, and the previous one."""

    NEVER = {"END_ASYNC_FOR", "END_FOR", "END_SEND", "RESUME"}
    FORWARD = {"JUMP_FORWARD"} | {
        "POP_JUMP_IF_" + name for name in ("FALSE", "TRUE", "NONE", "NOT_NONE")
    }

    def __init__(self, code):
        self.lines = {}
        for start, end, line in code.co_lines():
            for offset in range(start, end, 2):
                self.lines[offset] = NO_LINE if line is None else line
        found = list(dis.get_instructions(code))
        self.name = {i.offset: i.opname for i in found}
        resume = [i.offset for i in found if i.opname == "RESUME"]
        self.first = resume[0] if resume else 0
        self.starts = set()
        current = NO_LINE
        for i in found:
            if i.offset < self.first or i.opname in self.NEVER:
                continue
            line = self.lines[i.offset]
            if line not in (current, NO_LINE):
                self.starts.add(i.offset)
            current = line
        self.target = {}
        for at, i in enumerate(found):
            following = found[at + 1].offset if at + 1 < len(found) else len(code.co_code)
            if i.offset < self.first:
                continue
            target = None
            if i.opname in self.FORWARD:
                target = following + 2 * i.arg
            elif i.opname in ("FOR_ITER", "SEND"):
                target = following + 2 * i.arg + 2
            elif i.opname in ("JUMP_BACKWARD", "JUMP_BACKWARD_NO_INTERRUPT"):
                target = following - 2 * i.arg
            if target is not None:
                if self.lines[target] != NO_LINE:
                    self.starts.add(target)
                self.target[i.offset] = target
        for entry in dis._parse_exception_table(code):
            if self.lines[entry.target] != NO_LINE and self.name[entry.target] != "END_ASYNC_FOR":
                self.starts.add(entry.target)

    def predict(self, steps):
        previous = None
        for kind, offset in steps:
            if kind == "call":
                previous = offset
            if kind != "opcode":
                continue
            if offset in self.starts:
                line = self.lines[offset]
                if line != self.lines[previous] or self.name[previous] == "RESUME":
                    yield offset, line
            if self.name[offset] == "JUMP_BACKWARD":
                target = self.target[offset]
                if self.lines[target] == self.lines[offset] != NO_LINE:
                    yield target, self.lines[target]
            previous = offset


Lines = Lines38 if VERSION < (3, 10) else Lines310 if VERSION < (3, 12) else Lines312


class Simulation(reference.Reference):
    """Keeps the events of each frame as they come."""

    def __init__(self, out, folder):
        super().__init__(out, folder)
        self.frames = []
        self.running = {}  # id of a frame -> the events since it was entered

    def make_tracer(self, code, record):
        def tracer(frame, event, arg):
            steps = []
            self.frames.append((code, steps))
            self.running[id(frame)] = steps

            def step(frame, event, arg):
                steps.append((event, frame.f_lasti, frame.f_lineno))
                return step

            frame.f_trace_opcodes = VERSION < (3, 13)
            return step(frame, event, arg)

        return tracer

    def watch_instructions(self):
        """Sees to it that there are 'opcode' events."""
        if VERSION < (3, 13):
            # 3.12 gives opcode events only if some frame asked for them before sys.settrace.
            sys._getframe().f_trace_opcodes = True
            return
        # From 3.13 on f_trace_opcodes takes effect too late for a frame that runs already.
        monitoring = sys.monitoring

        def instruction(code, offset):
            if self.tracers.get(id(code)):
                steps = self.running.get(id(sys._getframe(1)))
                if steps is not None:
                    steps.append(("opcode", offset, None))

        monitoring.use_tool_id(monitoring.PROFILER_ID, "simulate")
        monitoring.register_callback(
            monitoring.PROFILER_ID, monitoring.events.INSTRUCTION, instruction
        )
        monitoring.set_events(monitoring.PROFILER_ID, monitoring.events.INSTRUCTION)

    def result(self):
        tables = {}
        wrong, events = [], 0
        lines = collections.defaultdict(collections.Counter)
        for code, steps in self.frames:
            if id(code) not in tables:
                tables[id(code)] = Lines(code)
            truth = [(lasti, line) for event, lasti, line in steps if event == "line"]
            guess = list(tables[id(code)].predict((event, lasti) for event, lasti, _ in steps))
            events += len(truth)
            for _, line in truth:
                lines[self.relative(code.co_filename)][line] += 1
            if [line for _, line in truth] != [line for _, line in guess]:
                wrong.append([code.co_name, code.co_firstlineno, guess, steps])
        return {"frames": len(self.frames), "events": events, "wrong": wrong, "lines": lines}


def main(out, path, *arguments):
    simulation = Simulation(os.path.abspath(out), os.path.dirname(os.path.abspath(path)))
    simulation.wrap_os()
    atexit.register(simulation.write)

    def before(code):
        simulation.register(code)
        simulation.watch_instructions()
        threading.settrace(simulation.trace)
        sys.settrace(simulation.trace)

    reference.run_program(path, arguments, before)


if __name__ == "__main__":
    main(*sys.argv[1:])
