// What a table has rows of: functions, lines or expressions; and which frames belong to which row.
//
// A frame may belong to several rows (an expression and those around it). A row takes a sample's time
// once, however often it stands on the stack: `firsts` are the stacks on which a row appears the first
// time, seen from the root.
import { NONE, type Recording } from '../model.ts';

export interface Keys {
  count: number;
  /** CSR: the keys of place p are list[start[p]] to list[start[p + 1]]. */
  start: Int32Array;
  list: Int32Array;
  /** The one key whose own time a sample with this place on top is; NONE. */
  own: Int32Array;
}

/** Keys where each place has one, or NONE. */
export function singleKeys(count: number, own: Int32Array): Keys {
  const start = new Int32Array(own.length + 1);
  let used = 0;
  for (let place = 0; place < own.length; ++place) {
    start[place] = used;
    used += own[place]! >= 0 ? 1 : 0;
  }
  start[own.length] = used;
  return { count, start, list: own.filter((key) => key >= 0), own };
}

export function functionKeys(recording: Recording): Keys {
  return singleKeys(recording.functions.count, recording.places.function);
}

/** Pairs of a stack and a key that is on it, but not on its parent; by stack. */
export interface Firsts {
  stack: Int32Array;
  key: Int32Array;
}

export function findFirsts(recording: Recording, keys: Keys): Firsts {
  const { stacks } = recording;
  const { next, child } = childLists(stacks.parent);
  const depthOfKey = new Int32Array(keys.count);
  const isFirst = new Uint8Array(keys.list.length === 0 ? 0 : countPairs(recording, keys));
  const offset = pairOffsets(recording, keys);
  // Depth first, with the number of frames of each key on the way from the root.
  const enter = (stack: number) => {
    const place = stacks.place[stack]!;
    if (place >= 0) {
      for (let at = keys.start[place]!, i = offset[stack]!; at < keys.start[place + 1]!; ++at, ++i) {
        const key = keys.list[at]!;
        isFirst[i] = depthOfKey[key]! === 0 ? 1 : 0;
        ++depthOfKey[key]!;
      }
    }
  };
  const leave = (stack: number) => {
    const place = stacks.place[stack]!;
    if (place >= 0) {
      for (let at = keys.start[place]!; at < keys.start[place + 1]!; ++at) {
        --depthOfKey[keys.list[at]!]!;
      }
    }
  };
  for (let root = 0; root < stacks.count; ++root) {
    if (stacks.parent[root]! >= 0) {
      continue;
    }
    let stack = root;
    enter(stack);
    for (;;) {
      if (child[stack]! >= 0) {
        stack = child[stack]!;
        enter(stack);
        continue;
      }
      while (stack !== root && next[stack]! < 0) {
        leave(stack);
        stack = stacks.parent[stack]!;
      }
      leave(stack);
      if (stack === root) {
        break;
      }
      stack = next[stack]!;
      enter(stack);
    }
  }
  return collectFirsts(recording, keys, isFirst, offset);
}

/** For each row of a forest its first child and its next sibling, or NONE. */
export function childLists(parent: Int32Array): { child: Int32Array; next: Int32Array } {
  const child = new Int32Array(parent.length).fill(NONE);
  const next = new Int32Array(parent.length).fill(NONE);
  for (let row = parent.length - 1; row >= 0; --row) {
    const above = parent[row]!;
    if (above >= 0) {
      next[row] = child[above]!;
      child[above] = row;
    }
  }
  return { child, next };
}

function keysOn(recording: Recording, keys: Keys, stack: number): number {
  const place = recording.stacks.place[stack]!;
  return place < 0 ? 0 : keys.start[place + 1]! - keys.start[place]!;
}

function countPairs(recording: Recording, keys: Keys): number {
  let pairs = 0;
  for (let stack = 0; stack < recording.stacks.count; ++stack) {
    pairs += keysOn(recording, keys, stack);
  }
  return pairs;
}

function pairOffsets(recording: Recording, keys: Keys): Int32Array {
  const offset = new Int32Array(recording.stacks.count);
  let pairs = 0;
  for (let stack = 0; stack < offset.length; ++stack) {
    offset[stack] = pairs;
    pairs += keysOn(recording, keys, stack);
  }
  return offset;
}

function collectFirsts(
  recording: Recording,
  keys: Keys,
  isFirst: Uint8Array,
  offset: Int32Array,
): Firsts {
  let size = 0;
  for (const first of isFirst) {
    size += first;
  }
  const firsts = { stack: new Int32Array(size), key: new Int32Array(size) };
  let used = 0;
  for (let stack = 0; stack < offset.length; ++stack) {
    const place = recording.stacks.place[stack]!;
    const count = keysOn(recording, keys, stack);
    for (let i = 0; i < count; ++i) {
      if (isFirst[offset[stack]! + i] === 1) {
        firsts.stack[used] = stack;
        firsts.key[used] = keys.list[keys.start[place]! + i]!;
        ++used;
      }
    }
  }
  return firsts;
}

/** The ns of each key: on top, on top with the keys inside it, and anywhere on the stack. */
export interface KeyTimes {
  own: Float64Array;
  self: Float64Array;
  total: Float64Array;
}

export function keyTimes(
  recording: Recording,
  keys: Keys,
  firsts: Firsts,
  times: { self: Float64Array; total: Float64Array },
): KeyTimes {
  const own = new Float64Array(keys.count);
  const self = new Float64Array(keys.count);
  const total = new Float64Array(keys.count);
  const { stacks } = recording;
  for (let stack = 0; stack < stacks.count; ++stack) {
    const place = stacks.place[stack]!;
    const weight = times.self[stack]!;
    if (place < 0 || weight === 0) {
      continue;
    }
    if (keys.own[place]! >= 0) {
      own[keys.own[place]!]! += weight;
    }
    for (let at = keys.start[place]!; at < keys.start[place + 1]!; ++at) {
      self[keys.list[at]!]! += weight;
    }
  }
  for (let i = 0; i < firsts.stack.length; ++i) {
    total[firsts.key[i]!]! += times.total[firsts.stack[i]!]!;
  }
  return { own, self, total };
}
