// What threads did, and when.
import { FLAG_COLLECTING, NONE, State, type Recording, type Samples } from '../model.ts';
import { partWithin, type Selection, type TimeRange } from './selection.ts';

/** Rows of samples of one thread, from `first` to before `last`. */
export interface ThreadRows {
  context: number;
  first: number;
  last: number;
}

export function threadsOf(samples: Samples): ThreadRows[] {
  const threads: ThreadRows[] = [];
  for (let row = 0; row < samples.count; ++row) {
    const context = samples.thread[row]!;
    const open = threads.at(-1);
    if (open?.context === context) {
      open.last = row + 1;
    } else {
      threads.push({ context, first: row, last: row + 1 });
    }
  }
  return threads;
}

/** The ns that samples stand for, from the first to the last. */
export function spanOfSamples(samples: Samples): TimeRange {
  let begin = Infinity;
  let end = -Infinity;
  for (let row = 0; row < samples.count; ++row) {
    begin = Math.min(begin, samples.time[row]! - samples.wall[row]!);
    end = Math.max(end, samples.time[row]!);
  }
  return begin < end ? { begin, end } : { begin: 0, end: 1 };
}

export enum Lane {
  Running = 0,
  Ready = 1,
  WaitsForGil = 2,
  Blocked = 3,
  Stopped = 4,
  Unknown = 5,
  Collecting = 6,
}
export const LANES = 7;

function laneOf(state: State): Lane {
  switch (state) {
    case State.Running:
      return Lane.Running;
    case State.WaitsForGil:
      return Lane.WaitsForGil;
    case State.Blocked:
      return Lane.Blocked;
    case State.Stopped:
      return Lane.Stopped;
    default:
      return Lane.Unknown;
  }
}

/** ns by lane of one thread in `columns` equal stretches of `span`: [column * LANES + lane]. */
export function activity(
  samples: Samples,
  { first, last }: ThreadRows,
  span: TimeRange,
  columns: number,
): Float32Array {
  const lanes = new Float32Array(columns * LANES);
  const width = (span.end - span.begin) / columns;
  for (let row = first; row < last; ++row) {
    const end = samples.time[row]!;
    const wall = samples.wall[row]!;
    const from = (end - wall - span.begin) / width;
    const to = (end - span.begin) / width;
    const lane = laneOf(samples.state[row]! as State);
    const running =
      lane === Lane.Running && wall > 0 ? Math.min(1, samples.cpu[row]! / wall) : 0;
    const collects = (samples.flags[row]! & FLAG_COLLECTING) !== 0;
    const firstColumn = Math.max(0, Math.min(columns - 1, Math.floor(from)));
    const lastColumn = Math.max(0, Math.min(columns - 1, Math.floor(to)));
    for (let column = firstColumn; column <= lastColumn; ++column) {
      const part = Math.min(to, column + 1) - Math.max(from, column);
      const ns = Math.max(0, part) * width;
      const at = column * LANES;
      if (lane === Lane.Running) {
        lanes[at + Lane.Running]! += ns * running;
        lanes[at + Lane.Ready]! += ns * (1 - running);
      } else {
        lanes[at + lane]! += ns;
      }
      if (collects) {
        lanes[at + Lane.Collecting]! += ns;
      }
    }
  }
  return lanes;
}

/** The row of a thread that stands for a moment (ns), or NONE. */
export function rowAt(samples: Samples, { first, last }: ThreadRows, moment: number): number {
  let low = first;
  let high = last;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (samples.time[middle]! < moment) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low < last && samples.time[low]! - samples.wall[low]! <= moment ? low : NONE;
}

/** What time was spent on, in ns; the meanings are those of docs/json.md. */
export interface Split {
  context: number;
  looks: number;
  wall: number;
  cpu: number;
  running: number;
  ready: number;
  waiting: number;
  blocked: number;
  stopped: number;
  unknown: number;
  collecting: number;
}

/** A split for each thread of the selection, whatever its clock. */
export function splitsOf({ recording, rows, filter }: Selection): Split[] {
  const { samples } = recording;
  const splits: Split[] = [];
  let split: Split | undefined;
  for (const row of rows) {
    const context = samples.thread[row]!;
    if (split?.context !== context) {
      split = {
        context,
        looks: 0,
        wall: 0,
        cpu: 0,
        running: 0,
        ready: 0,
        waiting: 0,
        blocked: 0,
        stopped: 0,
        unknown: 0,
        collecting: 0,
      };
      splits.push(split);
    }
    const part = filter.range ? partWithin(samples, row, filter.range) : 1;
    addTo(split, samples, row, part);
  }
  for (const one of splits) {
    // CPU time is shared out over windows, so it may exceed the time in which a thread could run.
    const able = one.running;
    one.running = Math.min(one.cpu, able);
    one.ready = able - one.running;
  }
  return splits;
}

function addTo(split: Split, samples: Samples, row: number, part: number): void {
  const wall = samples.wall[row]! * part;
  split.looks += samples.looks[row]!;
  split.wall += wall;
  split.cpu += samples.cpu[row]! * part;
  switch (laneOf(samples.state[row]! as State)) {
    case Lane.WaitsForGil:
      split.waiting += wall;
      break;
    case Lane.Blocked:
      split.blocked += wall;
      break;
    case Lane.Stopped:
      split.stopped += wall;
      break;
    case Lane.Unknown:
      split.unknown += wall;
      break;
    default:
      split.running += wall;
  }
  if ((samples.flags[row]! & FLAG_COLLECTING) !== 0) {
    split.collecting += wall;
  }
}

/** How long (ns) a thread waited for the GIL while another one had it; the longest first. */
export interface GilWait {
  waiter: number;
  holder: number;
  time: number;
}

export function gilWaits({ recording, rows, filter }: Selection): GilWait[] {
  const { samples } = recording;
  const found = new Map<string, GilWait>();
  for (const row of rows) {
    if ((samples.state[row]! as State) !== State.WaitsForGil) {
      continue;
    }
    const waiter = samples.thread[row]!;
    const holder = samples.holder[row]!;
    const key = `${waiter} ${holder}`;
    const part = filter.range ? partWithin(samples, row, filter.range) : 1;
    const wait = found.get(key) ?? { waiter, holder, time: 0 };
    wait.time += samples.wall[row]! * part;
    found.set(key, wait);
  }
  return [...found.values()].sort((a, b) => b.time - a.time);
}

/** The place on top of a row of samples, or NONE. */
export function placeOnTop({ samples, stacks }: Recording, row: number): number {
  const stack = samples.stack[row]!;
  return stack < 0 ? NONE : stacks.place[stack]!;
}
