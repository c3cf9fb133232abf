// A recording as the page holds it: columns of numbers, rows of texts. See MODEL.md.
// Times are nanoseconds. An id is the number of a row; NONE is no row.

export const NONE = -1;

export const CLOCKS = ['wall', 'busy', 'cpu'] as const;
export type Clock = (typeof CLOCKS)[number];

/** States of a thread, as `samples.state` numbers them. */
export enum State {
  Running = 0,
  WaitsForGil = 1,
  Blocked = 2,
  Stopped = 3,
  Unknown = 4,
}

export const FLAG_COLLECTING = 1;
export const FLAG_WITH_GIL = 2;

export enum FunctionKind {
  Python = 0,
  Native = 1,
  Builtin = 2,
  Marker = 3,
}

export interface SourceFile {
  path: string;
  module: string;
  own: boolean;
  text: string | null;
}

export interface Functions {
  count: number;
  name: string[];
  file: Int32Array;
  firstLine: Int32Array;
  kind: Uint8Array;
  /** Compiled traces ran in it: its samples tell the function, not the line. */
  compiled: Uint8Array;
}

/** Where a frame can stand. Columns are bytes of UTF-8 within the line; NONE is unknown. */
export interface Places {
  count: number;
  function: Int32Array;
  line: Int32Array;
  endLine: Int32Array;
  column: Int32Array;
  endColumn: Int32Array;
}

/** Paths of frames: a parent stands in an earlier row. `place` is the frame on top. */
export interface Stacks {
  count: number;
  parent: Int32Array;
  place: Int32Array;
}

export interface Context {
  kind: 'process' | 'thread';
  parent: number;
  osId: number;
  name: string | null;
  begin: number;
  end: number;
}

/** By thread, then by time. A row stands for the stretch of `wall` ns that ends at `time`. */
export interface Samples {
  count: number;
  thread: Int32Array;
  time: Float64Array;
  wall: Float64Array;
  cpu: Float64Array;
  stack: Int32Array;
  state: Uint8Array;
  flags: Uint8Array;
  /** Looks in the row. */
  looks: Int32Array;
  held: Float64Array;
  /** The context that had the GIL for which a sample waited, or NONE. */
  holder: Int32Array;
}

export interface Branch {
  line: number;
  column: number | null;
  endLine: number;
  endColumn: number | null;
  kind: string;
  yes: number;
  no: number;
}

export interface CallSite {
  line: number;
  column: number | null;
  endLine: number;
  endColumn: number | null;
  calls: number;
}

/** Exact counts of one function. */
export interface Counted {
  function: number;
  calls: number;
  lines: [line: number, hits: number][];
  branches: Branch[];
  callSites: CallSite[];
}

export interface Instruction {
  place: number;
  text: string;
  form: string;
}

export interface Loss {
  reason: string;
  count: number;
  ns: number;
}

/** What was recorded, how well, and at what cost; as in docs/json.md. */
export interface Summary {
  command: string;
  python: string;
  processes: number;
  threads: number;
  wall_ns: number;
  cpu_ns: number;
  samples: number;
  stopped_samples: number;
  lost: number;
  losses: Loss[];
  wanted_rate_hz: number;
  reached_rate_hz: number;
  stops: number;
  time_lost_ns: number;
  profiler_cpu_ns: number;
  ended_well: boolean;
  complete: boolean;
  damage: string[];
}

export interface Recording {
  name: string;
  summary: Summary;
  unseenShare: number;
  clock: Clock;
  growing: boolean;
  resolution: number;
  files: SourceFile[];
  functions: Functions;
  places: Places;
  stacks: Stacks;
  contexts: Context[];
  samples: Samples;
  counted: Counted[] | null;
  instructions: Instruction[] | null;
}

export type ChangeKind = 'function' | 'line' | 'expression';
export type Verdict = 'slower' | 'faster' | 'same';

/** A difference of time between two recordings, in ns; low and high bound it. */
export interface Change {
  kind: ChangeKind;
  a: number;
  b: number;
  before: number;
  after: number;
  low: number;
  high: number;
  verdict: Verdict;
}

export interface SameLines {
  file: number;
  other: number;
  runs: [first: number, firstInOther: number, length: number][];
}

export interface Comparison {
  /** For each function of the second recording the one of the first, or NONE. */
  functions: Int32Array;
  lines: SameLines[];
  changes: Change[];
  verdict: string;
}

export interface Model {
  recordings: Recording[];
  comparison: Comparison | null;
}
