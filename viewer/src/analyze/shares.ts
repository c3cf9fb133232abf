// Shares with intervals of many rows at once. They cost a pass over all samples, so they are made for
// the rows that are looked at, some at a time.
import type { Keys } from './keys.ts';
import type { Selection } from './selection.ts';
import { widen } from './statistics.ts';

/** A figure and what share of the selection it is; `time` in ns, the rest from 0 to 1. */
export interface Share {
  time: number;
  share: number;
  low: number;
  high: number;
}

/** Rows that one pass can take: a bit for each. */
export const BATCH = 30;

export type Measure = 'own' | 'self' | 'total';

/** For each stack a bit for each of `rows` (keys, at most BATCH) that the stack belongs to. */
export function masksOfKeys(
  selection: Selection,
  keys: Keys,
  rows: readonly number[],
  measure: Measure,
): Int32Array {
  const { stacks, places } = selection.recording;
  const bit = new Int32Array(keys.count);
  rows.forEach((key, i) => (bit[key]! |= 1 << i));
  const ofPlace = new Int32Array(places.count);
  for (let place = 0; place < places.count; ++place) {
    if (measure === 'own') {
      ofPlace[place] = keys.own[place]! >= 0 ? bit[keys.own[place]!]! : 0;
      continue;
    }
    for (let at = keys.start[place]!; at < keys.start[place + 1]!; ++at) {
      ofPlace[place]! |= bit[keys.list[at]!]!;
    }
  }
  const masks = new Int32Array(stacks.count);
  for (let stack = 0; stack < stacks.count; ++stack) {
    const place = stacks.place[stack]!;
    const parent = stacks.parent[stack]!;
    const above = measure === 'total' && parent >= 0 ? masks[parent]! : 0;
    masks[stack] = above | (place >= 0 ? ofPlace[place]! : 0);
  }
  return masks;
}

/** Shares of `count` rows, where `masks` tells for each stack which of them it belongs to. */
export function sharesOfMasks(
  selection: Selection,
  masks: Int32Array,
  count: number,
  floor = 0,
): Share[] {
  const { stack } = selection.recording.samples;
  return estimate(selection, count, floor, (row) => {
    const top = stack[row]!;
    return top >= 0 ? masks[top]! : 0;
  });
}

/** The share of all samples whose row `isHit`. */
export function shareOf(selection: Selection, isHit: (row: number) => boolean, floor = 0): Share {
  return estimate(selection, 1, floor, (row) => (isHit(row) ? 1 : 0))[0]!;
}

function estimate(
  selection: Selection,
  count: number,
  floor: number,
  maskOf: (row: number) => number,
): Share[] {
  const { rows, weights: all } = selection;
  const { weights, unit } = all;
  const sum = new Float64Array(count);
  const squares = new Float64Array(count);
  const products = new Float64Array(count);
  let lastMask = 0;
  let last = 0;
  for (let i = 0; i < rows.length; ++i) {
    const mask = maskOf(rows[i]!);
    const one = unit[i]!;
    for (let bits = mask | lastMask; bits !== 0; bits &= bits - 1) {
      const bit = bits & -bits;
      const row = 31 - Math.clz32(bit);
      const isHit = (mask & bit) !== 0;
      if (isHit) {
        sum[row]! += weights[i]!;
      }
      if (i > 0) {
        const difference = (isHit ? one : 0) - ((lastMask & bit) !== 0 ? last : 0);
        squares[row]! += difference * difference;
        products[row]! += difference * (one - last);
      }
    }
    lastMask = mask;
    last = one;
  }
  return Array.from(sum, (time, row) => {
    const share = all.share(time);
    const interval = all.interval(time, squares[row]!, products[row]!);
    const { low, high } = widen(interval, share, selection.recording.unseenShare, floor);
    return { time, share, low, high };
  });
}
