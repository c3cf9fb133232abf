"""The tables of a recording and of a profile, declared once.

Each table and each column has one sentence that says what it holds. From this file
`tools/generate_schema.py` writes the C++ columns, and `docs/format.md`.

Column types
    u8 u16 u32 u64 i32 i64   integers
    text                     UTF-8; lone surrogates are kept (WTF-8)
    blob                     bytes
    id(TABLE)                the row of another table, or none (0xFFFFFFFF)
    ids(TABLE)               a list of such rows
    enum(NAME)               one of the enumerations below
    flags(NAME)              a set of them

Units: ns (nanoseconds since the recording began, or a duration), bytes, ppm (parts of a million).

Column encodings (how a chunk stores the column before it is compressed)
    plain         each value as a varint (signed types zig-zag)
    delta         the difference from the row before, zig-zag varint
    minus_delta   the value less the column `of`'s difference from its row before, zig-zag varint
    minus         the value less the column `of` in the same row, zig-zag varint

`scale` says that all values of a column are multiples of it; they are stored divided by it, and
the writer rounds. `default` is what a row holds where nothing else is said. `moment` marks points in
time, as against durations; negative ones stand for none. `earlier` says of an id
of the table's own rows that it only refers to rows before, so that following it comes to an end.

A change to this file is a change of the format: raise FORMAT_VERSION, write the upgrader, and add
a line to `docs/format-changelog.md`.
"""

from dataclasses import dataclass, field

FORMAT_VERSION = 3


@dataclass(frozen=True)
class Column:
    name: str
    type: str
    doc: str
    unit: str = ""
    encoding: str = "plain"
    of: str = ""
    scale: int = 1
    default: int = 0
    moment: bool = False
    earlier: bool = False


@dataclass(frozen=True)
class Table:
    """`number` is the table's number in a file and never changes or returns."""

    number: int
    name: str
    row: str
    kind: str
    doc: str
    columns: list = field(default_factory=list)


@dataclass(frozen=True)
class Enum:
    name: str
    doc: str
    values: list
    is_flags: bool = False


def id_of(table):
    return f"id({table})"


def ids_of(table):
    return f"ids({table})"


def enum(name):
    return f"enum({name})"


def flags(name):
    return f"flags({name})"


ENUMS = [
    Enum(
        "SourceStatus",
        "Whether the text of a source file is in the recording.",
        [
            ("kept", "The text is here."),
            ("left_out", "The text was left out by request (--no-sources)."),
            ("missing", "The file could not be read."),
            ("changed", "The text is here, but the file changed after the program read it."),
            ("not_a_file", "The name is not that of a file, such as <string> or <frozen os>."),
        ],
    ),
    Enum(
        "CodeKind",
        "What kind of code a row of `codes` stands for.",
        [
            ("python", "A CPython code object."),
            ("native", "A native function."),
            ("builtin", "A function of the interpreter written in C."),
            ("marker", "Not code: a mark in a stack, such as a part that could not be read."),
        ],
    ),
    Enum(
        "LineTableKind",
        "The format of a code object's line table.",
        [
            ("none", "No table."),
            ("lnotab", "Pairs of unsigned address and signed line differences (3.8, 3.9)."),
            ("linetable", "Pairs of length and line difference, PEP 626 (3.10)."),
            ("locations", "Location entries with columns, PEP 657 (3.11 and later)."),
        ],
    ),
    Enum(
        "PositionOrigin",
        "Where a source position comes from.",
        [
            ("line_table", "The code object's own line table."),
            ("recompiled", "The source was compiled again and the bytecode found equal."),
        ],
    ),
    Enum(
        "ContextKind",
        "The level of a row of `contexts`.",
        [
            ("process", "A process."),
            ("interpreter", "An interpreter of a process."),
            ("thread", "A thread that runs Python."),
            ("native_thread", "A thread that Python does not know."),
            ("task", "An asyncio task."),
            ("greenlet", "A greenlet."),
        ],
    ),
    Enum(
        "ContextChange",
        "What happened to a context.",
        [
            ("named", "It was given a name, or another one."),
            ("ended", "It ended."),
            ("executed", "The process replaced its program (exec)."),
        ],
    ),
    Enum(
        "ThreadState",
        "What a thread was doing at a sample.",
        [
            ("unknown", "The state could not be read."),
            ("holds_gil", "It held the GIL and was running or ready to run."),
            ("waits_for_gil", "It waited for the GIL."),
            ("without_gil", "It was running or ready to run without the GIL, in native code."),
            ("blocked", "It waited in a system call."),
            ("stopped", "It was stopped by a signal or a debugger."),
        ],
    ),
    Enum(
        "Look",
        "How a sample was taken.",
        [
            ("read", "Memory was read while the thread could run, and found still."),
            ("stop", "The thread was stopped for the read."),
            ("kernel", "The kernel walked the stack in the thread's own interrupt."),
            ("signal", "A signal handler inside the thread walked the stack."),
        ],
    ),
    Enum(
        "SampleFlags",
        "What else is known of a sample.",
        [
            ("collecting", "The interpreter was collecting garbage."),
            ("compiled_trace", "The thread had run compiled traces: lines may be wrong."),
            ("tail_cut", "The part of the stack nearest the root could not be read."),
            ("tail_unverified", "That part was read, but not proven to belong to the rest."),
            ("not_started", "The top frame had not begun to run."),
            ("has_gil", "The thread held the GIL."),
        ],
        is_flags=True,
    ),
    Enum(
        "LossReason",
        "Why time of a thread has no sample.",
        [
            ("unreadable", "Memory could not be read."),
            ("changed", "The stack moved while it was read, and the thread could not be stopped."),
            ("implausible", "What was read cannot be a stack."),
            ("stop_failed", "The thread did not stop in time."),
            ("late", "The profiler itself did not get a CPU in time."),
            ("budget", "The budget was spent, and the thread ended before it allowed more."),
            ("starting", "The interpreter was not yet up."),
            ("ending", "The interpreter or thread was going away."),
            ("replaced", "The process replaced its program (exec)."),
        ],
    ),
    Enum(
        "MetricKind",
        "How the values of a metric came about.",
        [
            ("sampled", "Sampled: an estimate."),
            ("exact", "Counted: exact."),
            ("gauge", "A level read at points in time."),
        ],
    ),
    Enum(
        "SessionFlags",
        "Traits of the interpreter and of the recording.",
        [
            ("free_threaded", "The interpreter was built without a GIL."),
            ("jit", "The interpreter ran compiled traces."),
            ("no_columns", "The interpreter ran with -X no_debug_ranges."),
            ("may_stop", "Threads could be stopped."),
            ("debugged", "Another tracer was attached."),
        ],
        is_flags=True,
    ),
    Enum(
        "AllocationDomain",
        "Which allocator gave the memory.",
        [
            ("malloc", "malloc and its relatives."),
            ("mmap", "mmap."),
            ("pymem_raw", "PyMem_Raw."),
            ("pymem", "PyMem."),
            ("pyobject", "PyObject."),
        ],
    ),
]

TABLES = [
    Table(
        1,
        "strings",
        "String",
        "identity",
        "Each text of the recording, once.",
        [Column("text", "text", "The text.")],
    ),
    Table(
        2,
        "sources",
        "Source",
        "identity",
        "The files that code came from.",
        [
            Column("path", id_of("strings"), "The file name as the code object has it."),
            Column("status", enum("SourceStatus"), "Whether the text is here."),
            Column("modified", "i64", "Time of the last change of the file since 1970.", unit="ns"),
            Column("text", "blob", "The bytes of the file; empty where they are not kept."),
        ],
    ),
    Table(
        3,
        "sessions",
        "Session",
        "identity",
        "One row for each program image that was observed: a process, again after each exec.",
        [
            Column("process", id_of("contexts"), "The process."),
            Column("started", "i64", "When observation began.", unit="ns", moment=True),
            Column("wall_clock", "i64", "The same moment since 1970.", unit="ns"),
            Column("host", id_of("strings"), "Name of the host."),
            Column("boot_id", id_of("strings"), "The kernel's id of this boot."),
            Column("cpu_model", id_of("strings"), "The processor, as the kernel names it."),
            Column("cpu_count", "u32", "Processors that the process may use."),
            Column("cgroup_cpu", "u64", "CPU limit of its cgroup; 0 is none.", unit="ppm"),
            Column("cgroup_memory", "u64", "Memory limit of its cgroup; 0 is none.", unit="bytes"),
            Column("executable", id_of("strings"), "The file that was executed."),
            Column("arguments", ids_of("strings"), "The command line."),
            Column("directory", id_of("strings"), "The working directory."),
            Column("python_version", "u32", "PY_VERSION_HEX of the interpreter; 0 if not known."),
            Column("python_build", id_of("strings"), "The interpreter's version text."),
            Column("flags", flags("SessionFlags"), "Traits of the interpreter and the recording."),
            Column("period", "i64", "Mean time between samples that was asked for.", unit="ns"),
            Column(
                "budget",
                "u32",
                "Share of time that may be lost; none is 0xFFFFFFFF.",
                unit="ppm",
                default=0xFFFFFFFF,
            ),
            Column("profiler", id_of("strings"), "Version of the recorder."),
        ],
    ),
    Table(
        4,
        "contexts",
        "Context",
        "identity",
        "Processes, interpreters, threads, tasks and greenlets, as one tree.",
        [
            Column("kind", enum("ContextKind"), "The level."),
            Column(
                "parent", id_of("contexts"), "The context that this one lives in.", earlier=True
            ),
            Column("os_id", "u64", "Process id, interpreter id or kernel thread id."),
            Column(
                "started",
                "i64",
                "When it was first seen.",
                unit="ns",
                moment=True,
                encoding="delta",
            ),
        ],
    ),
    Table(
        5,
        "context_events",
        "ContextEvent",
        "event",
        "What happened to contexts after they were first seen.",
        [
            Column("context", id_of("contexts"), "The context."),
            Column("time", "i64", "When.", unit="ns", moment=True, encoding="delta"),
            Column("change", enum("ContextChange"), "What happened."),
            Column("name", id_of("strings"), "The new name, for `named`."),
        ],
    ),
    Table(
        6,
        "codes",
        "Code",
        "identity",
        "Code objects and native functions.",
        [
            Column("kind", enum("CodeKind"), "What kind of code."),
            Column("name", id_of("strings"), "Its name."),
            Column("qualified_name", id_of("strings"), "Its qualified name; the name before 3.11."),
            Column("source", id_of("sources"), "Where it is from."),
            Column("first_line", "u32", "The line of its definition; 0 is none."),
            Column("session", id_of("sessions"), "The interpreter that it was found in."),
            Column("code_flags", "u32", "co_flags."),
            Column("argument_count", "u32", "co_argcount."),
            Column("line_table_kind", enum("LineTableKind"), "The format of the line table."),
            Column("line_table", "blob", "The raw line table."),
            Column("exception_table", "blob", "The raw exception table (3.11 and later)."),
            Column("bytecode", "blob", "The instructions as found, specialised or not."),
            Column("names", ids_of("strings"), "co_names."),
            Column("variables", ids_of("strings"), "Names of locals, cells and free variables."),
            Column("constants", ids_of("strings"), "repr of short constants; `...` for others."),
            Column("content_hash", "blob", "16 bytes; the identity across processes and runs."),
        ],
    ),
    Table(
        7,
        "positions",
        "Position",
        "identity",
        "Source positions that the line table does not hold, found by compiling again.",
        [
            Column("code", id_of("codes"), "The code object.", encoding="delta"),
            Column("offset", "u32", "Byte offset of the instruction.", encoding="delta"),
            Column("origin", enum("PositionOrigin"), "Where the position comes from."),
            Column("line", "u32", "First line, from 1.", encoding="delta"),
            Column("end_line", "u32", "Last line.", encoding="minus", of="line"),
            Column("column", "u32", "First byte within the line, from 0."),
            Column("end_column", "u32", "The byte after the last."),
        ],
    ),
    Table(
        8,
        "frames",
        "Frame",
        "identity",
        "A place in code, interned.",
        [
            Column("code", id_of("codes"), "The code.", encoding="delta"),
            Column("offset", "i32", "Byte offset of the instruction; -1: not started."),
            Column("address", "u64", "Native address; 0 for Python frames."),
        ],
    ),
    Table(
        9,
        "stacks",
        "Stack",
        "identity",
        "A stack: a frame and the stack of its caller, interned; parents come first.",
        [
            Column(
                "parent", id_of("stacks"), "The caller's stack; none at the root.", earlier=True
            ),
            Column("frame", id_of("frames"), "The frame on top."),
        ],
    ),
    Table(
        10,
        "metrics",
        "Metric",
        "identity",
        "What the values of `counts` and `counter_samples` measure.",
        [
            Column("name", id_of("strings"), "Its name."),
            Column("unit", id_of("strings"), "Its unit."),
            Column("kind", enum("MetricKind"), "How its values came about."),
        ],
    ),
    Table(
        11,
        "samples",
        "Sample",
        "event",
        "One look at one thread.",
        [
            Column("time", "i64", "When.", unit="ns", moment=True, encoding="delta", scale=1000),
            Column("context", id_of("contexts"), "The thread.", encoding="delta"),
            Column("stack", id_of("stacks"), "Its stack; none where it had no Python frame."),
            Column(
                "weight",
                "i64",
                "The wall time that it stands for.",
                unit="ns",
                encoding="minus_delta",
                of="time",
                scale=1000,
            ),
            Column(
                "cpu_share",
                "u32",
                "How much of `weight` it ran on a CPU, by the kernel's account of its window; may "
                "be above 1.",
                unit="ppm",
                encoding="delta",
            ),
            Column("state", enum("ThreadState"), "What the thread was doing."),
            Column("look", enum("Look"), "How the sample was taken."),
            Column(
                "probability",
                "u32",
                "With what probability.",
                unit="ppm",
                encoding="delta",
                default=1_000_000,
            ),
            Column("held", "i64", "How long the thread was held still.", unit="ns", scale=1000),
            Column("flags", flags("SampleFlags"), "What else is known."),
            Column(
                "system_call", "i32", "Number of the system call it was in; -1 is none.", default=-1
            ),
            Column("gil_holder", id_of("contexts"), "For `waits_for_gil`: who held it."),
            Column("address", "u64", "Program counter where it was taken; 0 is none."),
        ],
    ),
    Table(
        12,
        "losses",
        "Loss",
        "event",
        "Time of a thread that has no sample.",
        [
            Column("time", "i64", "When.", unit="ns", moment=True, encoding="delta", scale=1000),
            Column("context", id_of("contexts"), "The thread, or the process where none is known."),
            Column("reason", enum("LossReason"), "Why."),
            Column("count", "u32", "How many samples."),
            Column("weight", "i64", "How much wall time.", unit="ns", scale=1000),
        ],
    ),
    Table(
        13,
        "counts",
        "Count",
        "event",
        "Exact counts. Of the metrics `runs` (stretches of code that begin at the offset), `jumps` "
        "(branches taken), `resumes` (control came behind a yield) and `raises` (exceptions that "
        "left there), all others follow; a code object that is counted has at least `runs` at its "
        "first offset.",
        [
            Column("code", id_of("codes"), "The code.", encoding="delta"),
            Column("offset", "i32", "Byte offset of the instruction.", encoding="delta"),
            Column("stack", id_of("stacks"), "The callers, where they are known."),
            Column("metric", id_of("metrics"), "What is counted."),
            Column("value", "u64", "How often."),
        ],
    ),
    Table(
        14,
        "calls",
        "Call",
        "event",
        "Exact calls along a call path.",
        [
            Column("context", id_of("contexts"), "The thread."),
            Column("caller", id_of("stacks"), "The calling stack; none at the root."),
            Column("callee", id_of("codes"), "What was called."),
            Column("count", "u64", "How often."),
            Column("primitive", "u64", "How often not from within itself."),
            Column("total", "i64", "Time until return.", unit="ns"),
            Column("self", "i64", "The part of it outside callees.", unit="ns"),
        ],
    ),
    Table(
        15,
        "allocations",
        "Allocation",
        "event",
        "Blocks of memory, sampled or all.",
        [
            Column("time", "i64", "When it was taken.", unit="ns", moment=True, encoding="delta"),
            Column(
                "freed",
                "i64",
                "When it was given back; -1: it was not.",
                unit="ns",
                moment=True,
                default=-1,
            ),
            Column("context", id_of("contexts"), "The thread."),
            Column("stack", id_of("stacks"), "Where."),
            Column("domain", enum("AllocationDomain"), "Which allocator."),
            Column("address", "u64", "Its address."),
            Column("block_size", "u64", "Its size.", unit="bytes"),
            Column("weight", "u64", "The bytes that it stands for.", unit="bytes"),
        ],
    ),
    Table(
        16,
        "spans",
        "Span",
        "event",
        "Named intervals.",
        [
            Column("time", "i64", "When it began.", unit="ns", moment=True, encoding="delta"),
            Column("duration", "i64", "How long; -1: not ended.", unit="ns", default=-1),
            Column("context", id_of("contexts"), "Where."),
            Column("name", id_of("strings"), "Its name."),
            Column("category", id_of("strings"), "Its category."),
            Column("parent", id_of("spans"), "The span around it."),
            Column("keys", ids_of("strings"), "Names of its arguments."),
            Column("values", ids_of("strings"), "Values of its arguments."),
        ],
    ),
    Table(
        17,
        "counter_samples",
        "CounterSample",
        "event",
        "Values of a metric over time.",
        [
            Column("time", "i64", "When.", unit="ns", moment=True, encoding="delta", scale=1000),
            Column("context", id_of("contexts"), "Of which process or thread."),
            Column("metric", id_of("metrics"), "Which metric."),
            Column("value", "i64", "The value."),
        ],
    ),
    Table(
        18,
        "bytecode_states",
        "BytecodeState",
        "event",
        "Bytecode of hot code as it was specialised at a time.",
        [
            Column("time", "i64", "When.", unit="ns", moment=True, encoding="delta"),
            Column("code", id_of("codes"), "The code."),
            Column("bytecode", "blob", "The instructions as found."),
        ],
    ),
    Table(
        19,
        "mappings",
        "Mapping",
        "event",
        "Files mapped into a process.",
        [
            Column("time", "i64", "When first seen.", unit="ns", moment=True, encoding="delta"),
            Column("process", id_of("contexts"), "The process."),
            Column("start", "u64", "First address."),
            Column("end", "u64", "The address after the last."),
            Column("file_offset", "u64", "Offset in the file.", unit="bytes"),
            Column("path", id_of("strings"), "The file."),
            Column("build_id", "blob", "Its build id, where it has one."),
        ],
    ),
    Table(
        20,
        "session_ends",
        "SessionEnd",
        "event",
        "How a session ended, and what observing it cost.",
        [
            Column("session", id_of("sessions"), "The session."),
            Column("time", "i64", "When.", unit="ns", moment=True),
            Column("exit_code", "i32", "Exit code; -1 where it did not exit by itself."),
            Column("signal", "i32", "The signal that ended it; 0 is none."),
            Column("user_cpu", "i64", "CPU time in user mode.", unit="ns"),
            Column("system_cpu", "i64", "CPU time in the kernel.", unit="ns"),
            Column("max_resident", "u64", "Highest resident size.", unit="bytes"),
            Column("profiler_cpu", "i64", "CPU time of the profiler itself.", unit="ns"),
            Column("stops", "u64", "How often a thread was stopped."),
            Column(
                "held",
                "i64",
                "Time for which threads were held, or delayed by readings.",
                unit="ns",
            ),
            Column(
                "stop_cost", "i64", "Calibrated cost of a stop beyond the held time.", unit="ns"
            ),
            Column("sweeps", "u64", "How often the process was looked at."),
            Column("sweep_time", "i64", "Time from the first sweep to the last.", unit="ns"),
        ],
    ),
    Table(
        21,
        "uncounted",
        "Uncounted",
        "identity",
        "Code that should have been counted, and could not be.",
        [
            Column("source", id_of("sources"), "Its file."),
            Column("name", id_of("strings"), "Its qualified name."),
            Column("first_line", "u32", "The line of its definition; 0 is none."),
            Column("reason", id_of("strings"), "Why it was not counted: the end of a sentence."),
        ],
    ),
    Table(
        22,
        "chosen",
        "Chosen",
        "identity",
        "Code of the functions that the program named with `profile`. Where there are any, exact "
        "counts of functions and lines are shown of these only.",
        [Column("code", id_of("codes"), "The code.")],
    ),
]
