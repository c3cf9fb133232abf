// Which samples a question is about, and how much each of them counts.
import { State, type Clock, type Recording, type Samples } from '../model.ts';
import { SampleWeights } from './statistics.ts';

/** Nanoseconds since the beginning of the recording. */
export interface TimeRange {
  begin: number;
  end: number;
}

export interface Filter {
  clock: Clock;
  /** A thread or a process; NONE is all. */
  context: number;
  range: TimeRange | null;
}

export interface Selection {
  filter: Filter;
  recording: Recording;
  /** Rows of samples, by thread, then by time. */
  rows: Int32Array;
  /** What each row counts, in ns; in the same order. */
  weights: SampleWeights;
}

/** The ns that a row counts on a clock. */
export function weightOf(samples: Samples, row: number, clock: Clock): number {
  switch (clock) {
    case 'wall':
      return samples.wall[row]!;
    case 'cpu':
      return samples.cpu[row]!;
    case 'busy': {
      const state = samples.state[row]! as State;
      return state === State.Blocked || state === State.Stopped ? 0 : samples.wall[row]!;
    }
  }
}

/** For each context whether it is `context` or below it. */
export function contextsWithin(recording: Recording, context: number): Uint8Array {
  const within = new Uint8Array(recording.contexts.length);
  recording.contexts.forEach((row, id) => {
    const below = row.parent >= 0 && within[row.parent] === 1;
    within[id] = context < 0 || id === context || below ? 1 : 0;
  });
  return within;
}

/** The part of the row's stretch that lies within the range, from 0 to 1. */
export function partWithin(samples: Samples, row: number, range: TimeRange): number {
  const end = samples.time[row]!;
  const length = samples.wall[row]!;
  if (length <= 0) {
    return end > range.begin && end <= range.end ? 1 : 0;
  }
  const overlap = Math.min(end, range.end) - Math.max(end - length, range.begin);
  return overlap >= length ? 1 : Math.max(0, overlap / length);
}

export function select(recording: Recording, filter: Filter): Selection {
  const { samples } = recording;
  const within = contextsWithin(recording, filter.context);
  const rows = new Int32Array(samples.count);
  const weights = new Float64Array(samples.count);
  const unit = new Float64Array(samples.count);
  let size = 0;
  for (let row = 0; row < samples.count; ++row) {
    const thread = samples.thread[row]!;
    if (thread < 0 ? filter.context >= 0 : within[thread] === 0) {
      continue;
    }
    const part = filter.range ? partWithin(samples, row, filter.range) : 1;
    if (part > 0) {
      const weight = Math.max(0, weightOf(samples, row, filter.clock) * part);
      rows[size] = row;
      weights[size] = weight;
      unit[size] = weight / Math.max(1, samples.looks[row]! * part);
      ++size;
    }
  }
  return {
    filter,
    recording,
    rows: rows.subarray(0, size),
    weights: new SampleWeights(weights.subarray(0, size), unit.subarray(0, size)),
  };
}

/** The ns on top of each stack, and of samples without one. */
export interface StackTimes {
  self: Float64Array;
  total: Float64Array;
  without: number;
}

export function stackTimes(selection: Selection): StackTimes {
  const { stacks, samples } = selection.recording;
  const self = new Float64Array(stacks.count);
  const { rows } = selection;
  const { weights } = selection.weights;
  let without = 0;
  for (let i = 0; i < rows.length; ++i) {
    const stack = samples.stack[rows[i]!]!;
    if (stack < 0) {
      without += weights[i]!;
    } else {
      self[stack]! += weights[i]!;
    }
  }
  const total = self.slice();
  // A stack stands behind its parent, so one pass from the back sums all.
  for (let stack = stacks.count - 1; stack >= 0; --stack) {
    const parent = stacks.parent[stack]!;
    if (parent >= 0) {
      total[parent]! += total[stack]!;
    }
  }
  return { self, total, without };
}
