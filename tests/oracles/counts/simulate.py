"""Predicts 'line' events from the executed instructions alone, and compares.

    python simulate.py OUT.json PROGRAM [ARGS...]

runs PROGRAM under sys.settrace with frame.f_trace_opcodes, which gives an 'opcode' event for
each instruction, and works out from the instructions and the code object's line table which 'line'
events there have to be: the rules of LINE_EVENTS.md, as code.  OUT.json gets

  frames, events    how many frames (each continuation of a generator is one more), 'line' events
  wrong             where prediction and truth differ: the whole sequence of such a frame
  lines             {file: {line: 'line' events}}, to be held against a run without opcode events
  branches          for each code object that ran, by the key of reference.py: {offset: [went on, jumped]}
                    of every conditional jump and loop that was executed, `offset` being that of the
                    instruction itself and not of its EXTENDED_ARG.  A condition or an iterator that
                    raised is in neither number.

Needs nothing but the standard library of any CPython from 3.8 to 3.15.
"""

import atexit
import bisect
import collections
import dis
import os
import sys
import threading

import reference

VERSION = sys.version_info[:2]
NO_LINE = -1


class Table:
    """What all versions need: the opcodes, and when an exception led to a handler of this frame."""

    # These raise without an 'exception' event, or with one; either way the next is a handler.
    RAISING = {"RERAISE", "RAISE_VARARGS"}

    def __init__(self, code):
        self.text = code.co_code
        self.exits = {
            i.argval for i in dis.get_instructions(code) if i.opname in ("FOR_ITER", "SEND")
        }

        self.branches = {}  # offset of a prefix or of the jump -> (that of the jump, next, targets)
        prefixes = []
        found = list(dis.get_instructions(code))
        for at, i in enumerate(found):
            prefixes.append(i.offset)
            if i.opname == "EXTENDED_ARG":
                continue
            if i.opname == "FOR_ITER" or {"JUMP", "IF"} <= set(i.opname.split("_")):
                targets = {i.argval}
                if i.opname == "FOR_ITER" and VERSION >= (3, 12):
                    # At its end a loop also skips the END_FOR there, 3.13 a POP_TOP as well.
                    targets |= {i.argval + 2, i.argval + (4 if VERSION == (3, 13) else 2)}
                branch = i.offset, found[at + 1].offset, targets
                self.branches.update((offset, branch) for offset in prefixes)
            prefixes = []

    def outcomes(self, steps, counts):
        """Adds to `counts` how often each branch went on and jumped."""
        last = None
        for kind, offset, _ in steps:
            if kind != "opcode":
                continue
            if last is not None:
                jump, following, targets = last
                if offset == jump:
                    continue
                if offset == following:
                    counts[jump][0] += 1
                elif offset in targets:
                    counts[jump][1] += 1
            last = self.branches.get(offset)

    def name(self, offset):
        while dis.opname[self.text[offset]] == "EXTENDED_ARG":
            offset += 2
        return dis.opname[self.text[offset]]

    def argument(self, offset):
        high = 0
        while dis.opname[self.text[offset]] == "EXTENDED_ARG":
            high = high << 8 | self.text[offset + 1]
            offset += 2
        return high << 8 | self.text[offset + 1]

    def unwinds(self, previous, following, raised):
        """Whether `following` is a handler to which an exception led from `previous`.

        `raised` says that there was an 'exception' event since `previous`; a StopIteration that
        ends a loop or a `yield from` makes one too.
        """
        if previous < 0:
            return False
        name = self.name(previous)
        if name in self.RAISING:
            return True
        if name == "END_ASYNC_FOR":
            return raised or following in getattr(self, "handlers", ())
        if not raised:
            return False
        if name == "YIELD_FROM":
            return following != previous + 2
        if name in ("FOR_ITER", "SEND"):
            return following not in self.exits and following - 2 not in self.exits
        return True


class Lines38(Table):
    """3.8 and 3.9: ranges of co_lnotab, and a window that lives as long as one call of the evaluator."""

    def __init__(self, code):
        super().__init__(code)
        self.ranges = []  # (first address, address behind, line)
        address, line, start = 0, code.co_firstlineno, 0
        for width, change in zip(code.co_lnotab[::2], code.co_lnotab[1::2]):
            change = change - 256 if change > 127 else change
            address += width
            if change:
                if address > start:
                    self.ranges.append((start, address, line))
                start = address
                line += change
        self.ranges.append((start, float("inf"), line))
        self.starts = [one[0] for one in self.ranges]

    def range_of(self, offset):
        return self.ranges[bisect.bisect_right(self.starts, offset) - 1]

    def predict(self, steps, memory):
        before, previous, start, end = steps[0][1], -1, 0, -1
        raised = False
        # The line of the last event; it outlives a yield.
        shown = memory.setdefault("shown", steps[0][2])
        for kind, offset, _ in steps:
            raised = raised or kind == "exception"
            if kind != "opcode":
                continue
            if VERSION == (3, 9) and self.unwinds(before, offset, raised):
                outside = not start <= before < end
                update = before == start or before < previous
                if outside or (not update and start > 0):
                    previous = float("inf")
            raised = False
            line = shown
            if not start <= offset < end:
                start, end, line = self.range_of(offset)
            if offset == start or offset < previous:
                memory["shown"] = shown = line
                yield offset, line
            before = previous = offset


class LineTable(Table):
    """From 3.10 on each instruction has its line, or none."""

    def __init__(self, code):
        super().__init__(code)
        self.lines = {}
        for start, end, line in code.co_lines():
            for offset in range(start, end, 2):
                self.lines[offset] = NO_LINE if line is None else line


class Blocks310:
    """3.10: where the exceptions were raised that are being handled, for RERAISE."""

    SETUPS = {"SETUP_FINALLY", "SETUP_WITH", "SETUP_ASYNC_WITH"}

    def __init__(self, table, memory):
        self.table = table
        self.blocks = memory.setdefault("blocks", [])

    def leave(self, offset):
        """After the instruction at `offset` went well."""
        name = self.table.name(offset)
        if name in self.SETUPS:
            self.blocks.append(None)
        elif name in ("POP_BLOCK", "POP_EXCEPT"):
            self.blocks.pop()

    def raises(self, offset, following):
        """What counts as the previous instruction in the handler at `following`."""
        if self.table.name(offset) == "RERAISE" and self.table.argument(offset):
            offset = self.blocks[-1]
        while self.blocks.pop() is not None:
            pass
        self.blocks.append(offset)
        return offset


class Blocks311:
    """From 3.11 on: the same, with a table of the handlers and the depth of the stack."""

    def __init__(self, table, memory):
        self.table = table
        self.kept = memory.setdefault("kept", {})

    def leave(self, offset):
        pass

    def raises(self, offset, following):
        if self.table.name(offset) == "RERAISE" and self.table.argument(offset) and self.kept:
            offset = self.kept[max(self.kept)]
        for entry in self.table.entries:
            if entry.target == following:
                for depth in [one for one in self.kept if one >= entry.depth]:
                    del self.kept[depth]
                if entry.lasti:
                    self.kept[entry.depth] = offset
                break
        return offset


class Lines310(LineTable):
    """3.10 and 3.11: the line of the previous instruction, and backward jumps."""

    def __init__(self, code):
        super().__init__(code)
        self.entry = -1
        if VERSION == (3, 11):
            self.entry = next(i.offset for i in dis.get_instructions(code) if i.opname == "RESUME")
            self.entries = dis._parse_exception_table(code)
            self.handlers = {entry.target for entry in self.entries}

    def predict(self, steps, memory):
        blocks = (Blocks310 if VERSION == (3, 10) else Blocks311)(self, memory)
        previous, raised, fresh = steps[0][1], False, True
        for kind, offset, _ in steps:
            raised = raised or kind == "exception"
            if kind != "opcode":
                continue
            if self.unwinds(previous, offset, raised):
                previous = blocks.raises(previous, offset)
            elif not fresh:
                blocks.leave(previous)
            raised = fresh = False
            last = NO_LINE if previous <= self.entry else self.lines[previous]
            line = self.lines[offset]
            back = offset < previous and dis.opname[self.text[offset]] != "SEND"
            if line != NO_LINE and (line != last or back):
                yield offset, line
            previous = offset


class Lines312(LineTable):
    """3.12 and later: a bit for each instruction that may start a line, and the previous one."""

    NEVER = {"END_ASYNC_FOR", "END_FOR", "END_SEND", "RESUME"}
    if VERSION >= (3, 14):
        NEVER |= {"POP_ITER"}
    FORWARD = {"JUMP_FORWARD"} | {
        "POP_JUMP_IF_" + name for name in ("FALSE", "TRUE", "NONE", "NOT_NONE")
    }

    def __init__(self, code):
        super().__init__(code)
        found = list(dis.get_instructions(code))
        resume = [i.offset for i in found if i.opname == "RESUME"]
        first = resume[0] if resume else 0
        self.starts = set()
        self.target = {}
        current = NO_LINE
        for i in found:
            if i.offset < first or i.opname in self.NEVER:
                continue
            line = self.lines[i.offset]
            if line not in (current, NO_LINE):
                self.starts.add(i.offset)
            current = line
        for at, i in enumerate(found):
            if i.offset < first:
                continue
            following = found[at + 1].offset if at + 1 < len(found) else len(self.text)
            target = None
            if i.opname in self.FORWARD:
                target = following + 2 * i.arg
            elif i.opname in ("FOR_ITER", "SEND"):
                target = following + 2 * i.arg + 2
            elif i.opname in ("JUMP_BACKWARD", "JUMP_BACKWARD_NO_INTERRUPT"):
                target = following - 2 * i.arg
            if target is not None:
                self.target[i.offset] = target
                if self.lines[target] != NO_LINE:
                    self.starts.add(target)
        self.entries = dis._parse_exception_table(code)
        self.handlers = {entry.target for entry in self.entries}
        for target in self.handlers:
            if self.lines[target] != NO_LINE and self.name(target) != "END_ASYNC_FOR":
                self.starts.add(target)

    def predict(self, steps, memory):
        blocks = Blocks311(self, memory)
        previous, raised = steps[0][1], False
        for kind, offset, _ in steps:
            raised = raised or kind == "exception"
            if kind != "opcode":
                continue
            if self.unwinds(previous, offset, raised):
                previous = blocks.raises(previous, offset)
            raised = False
            if offset in self.starts:
                line = self.lines[offset]
                if line != self.lines[previous] or dis.opname[self.text[previous]] == "RESUME":
                    yield offset, line
            if dis.opname[self.text[offset]] == "JUMP_BACKWARD":
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
        self.before = {}  # id of a frame's events -> how many there were before a fork
        self.memories = {}  # id of a frame -> what the rules have to keep from yield to yield
        self.running = {}  # id of a frame -> its code object, the events since it was entered

    def make_tracer(self, code, record):
        def tracer(frame, event, arg):
            steps = []
            if reference.starts_here(code, frame.f_lasti):
                self.memories[id(frame)] = {}
            memory = self.memories.setdefault(id(frame), {})
            self.frames.append((code, steps, memory))
            self.running[id(frame)] = code, steps

            def step(frame, event, arg):
                steps.append((event, frame.f_lasti, frame.f_lineno))
                if event == "return":
                    self.running.pop(id(frame), None)
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
            if not self.tracers.get(id(code)):
                return monitoring.DISABLE
            known, steps = self.running.get(id(sys._getframe(1)), (None, None))
            if known is code:
                steps.append(("opcode", offset, None))
            return None

        monitoring.use_tool_id(monitoring.PROFILER_ID, "simulate")
        monitoring.register_callback(
            monitoring.PROFILER_ID, monitoring.events.INSTRUCTION, instruction
        )
        monitoring.set_events(monitoring.PROFILER_ID, monitoring.events.INSTRUCTION)

    def forget(self):
        # The instructions before a fork tell what those behind it mean; only the lines start anew.
        self.before = {id(steps): len(steps) for _, steps, _ in self.frames}

    def result(self):
        tables = {}
        wrong, events = [], 0
        lines = collections.defaultdict(collections.Counter)
        branches = collections.defaultdict(lambda: collections.defaultdict(lambda: [0, 0]))
        for code, steps, memory in self.frames:
            if id(code) not in tables:
                tables[id(code)] = Lines(code)
            truth = [(lasti, line) for event, lasti, line in steps if event == "line"]
            guess = list(tables[id(code)].predict(steps, memory))
            events += len(truth)
            new = steps[self.before.get(id(steps), 0) :]
            tables[id(code)].outcomes(new, branches[self.keys[id(code)]])
            for event, _, line in new:
                if event == "line":
                    lines[self.relative(code.co_filename)][line] += 1
            if [line for _, line in truth] != [line for _, line in guess]:
                wrong.append([code.co_name, code.co_firstlineno, guess, steps])
        return {
            "frames": len(self.frames),
            "events": events,
            "wrong": wrong,
            "lines": lines,
            "branches": [
                dict(zip(("file", "line", "name", "index"), key), outcomes=branches[key])
                for key in sorted(branches)
            ],
        }


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
