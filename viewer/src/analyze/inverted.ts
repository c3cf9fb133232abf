// Trees that are read from the callee up, and the two trees around one function.
import { NONE, type Recording } from '../model.ts';
import { TreeBuilder, sumUp, type FrameKinds, type NodeTimes, type Tree } from './tree.ts';

export interface TimedTree {
  tree: Tree;
  times: NodeTimes;
}

/** Where a way to the root begins, and the ns that it carries. */
interface Seeds {
  stack: Int32Array;
  weight: Float64Array;
}

// A node that is narrower than this part of the whole is not opened.
const FINEST = 1 / 20000;
const DEEPEST = 1000;

function keyOf(recording: Recording, kinds: FrameKinds, stack: number): number {
  const place = recording.stacks.place[stack]!;
  return place < 0 ? NONE : kinds.ofPlace[place]!;
}

/**
 * Level by level from the seeds' frames to the root. Yields between slices of work, so that a page
 * stays alive while it is built.
 */
function* upwards(
  recording: Recording,
  kinds: FrameKinds,
  seeds: Seeds,
  fold: boolean,
): Generator<undefined, TimedTree> {
  const { stacks } = recording;
  const builder = new TreeBuilder();
  const cursor = seeds.stack.slice();
  const weight = seeds.weight.slice();
  const nodeOf = new Int32Array(cursor.length);
  const total: number[] = [0];
  let whole = 0;
  for (const one of weight) {
    whole += one;
  }
  const self: number[] = [];
  let active = cursor.length;
  let work = 0;
  for (let level = 0; active > 0 && level < DEEPEST; ++level) {
    const before = builder.count;
    let kept = 0;
    for (let i = 0; i < active; ++i) {
      const parentNode = nodeOf[i]!;
      let stack = cursor[i]!;
      while (
        stack >= 0 &&
        (keyOf(recording, kinds, stack) < 0 ||
          (fold && parentNode > 0 && keyOf(recording, kinds, stack) === builder.keyOf(parentNode)))
      ) {
        stack = stacks.parent[stack]!;
      }
      if (stack < 0) {
        self[parentNode] = (self[parentNode] ?? 0) + weight[i]!;
        continue;
      }
      const node = builder.below(parentNode, keyOf(recording, kinds, stack));
      total[node] = (total[node] ?? 0) + weight[i]!;
      cursor[kept] = stacks.parent[stack]!;
      weight[kept] = weight[i]!;
      nodeOf[kept] = node;
      ++kept;
      if (++work % 20000 === 0) {
        yield;
      }
    }
    active = 0;
    for (let i = 0; i < kept; ++i) {
      const node = nodeOf[i]!;
      if (node >= before && total[node]! < whole * FINEST) {
        self[node] = (self[node] ?? 0) + weight[i]!;
        continue;
      }
      cursor[active] = cursor[i]!;
      weight[active] = weight[i]!;
      nodeOf[active] = node;
      ++active;
    }
  }
  const tree = builder.finish();
  return {
    tree,
    times: sumUp(
      tree,
      Float64Array.from({ length: tree.count }, (_, node) => self[node] ?? 0),
    ),
  };
}

/** The whole program, callees first: below each function the ones that it was called from. */
export function invertedTree(
  recording: Recording,
  kinds: FrameKinds,
  stackSelf: Float64Array,
  fold: boolean,
): Generator<undefined, TimedTree> {
  return upwards(recording, kinds, positive(stackSelf), fold);
}

function positive(weights: Float64Array): Seeds {
  const stack: number[] = [];
  for (let row = 0; row < weights.length; ++row) {
    if (weights[row]! > 0) {
      stack.push(row);
    }
  }
  return {
    stack: Int32Array.from(stack),
    weight: Float64Array.from(stack, (row) => weights[row]!),
  };
}

/** The outermost frames of a key: each sample that has it on its stack is below exactly one. */
export function outermost(recording: Recording, kinds: FrameKinds, key: number): Int32Array {
  const { stacks } = recording;
  const above = new Uint8Array(stacks.count);
  const found: number[] = [];
  for (let stack = 0; stack < stacks.count; ++stack) {
    const parent = stacks.parent[stack]!;
    if (parent >= 0 && above[parent] === 1) {
      above[stack] = 1;
    } else if (keyOf(recording, kinds, stack) === key) {
      above[stack] = 1;
      found.push(stack);
    }
  }
  return Int32Array.from(found);
}

/** What the outermost frames of a key were called from; node 1 is the key itself. */
export function callersOf(
  recording: Recording,
  kinds: FrameKinds,
  key: number,
  stackTotal: Float64Array,
  fold: boolean,
): Generator<undefined, TimedTree> {
  const stack = outermost(recording, kinds, key).filter((row) => stackTotal[row]! > 0);
  const weight = Float64Array.from(stack, (row) => stackTotal[row]!);
  return upwards(recording, kinds, { stack, weight }, fold);
}

export interface CalleeTree extends TimedTree {
  /** The node that each stack stands on, or NONE. */
  nodeOfStack: Int32Array;
}

/** What is below the outermost frames of a key; node 1 is the key itself. */
export function calleesOf(
  recording: Recording,
  kinds: FrameKinds,
  key: number,
  stackSelf: Float64Array,
  fold: boolean,
): CalleeTree {
  const { stacks } = recording;
  const builder = new TreeBuilder();
  const nodeOfStack = new Int32Array(stacks.count).fill(NONE);
  for (const stack of outermost(recording, kinds, key)) {
    nodeOfStack[stack] = builder.below(0, key);
  }
  for (let stack = 0; stack < stacks.count; ++stack) {
    const parent = stacks.parent[stack]!;
    if (nodeOfStack[stack]! >= 0 || parent < 0 || nodeOfStack[parent]! < 0) {
      continue;
    }
    const below = keyOf(recording, kinds, stack);
    const node = nodeOfStack[parent]!;
    nodeOfStack[stack] =
      below < 0 ? node : fold ? builder.belowFolded(node, below) : builder.below(node, below);
  }
  const tree = builder.finish();
  const self = new Float64Array(tree.count);
  for (let stack = 0; stack < stacks.count; ++stack) {
    if (nodeOfStack[stack]! >= 0) {
      self[nodeOfStack[stack]!]! += stackSelf[stack]!;
    }
  }
  return { tree, times: sumUp(tree, self), nodeOfStack };
}

/** For each stack whether its top frames, from the top, are `path`; folded as the tree was. */
export function stacksEndingWith(
  recording: Recording,
  kinds: FrameKinds,
  path: readonly number[],
  fold: boolean,
): Uint8Array {
  const { stacks } = recording;
  const hits = new Uint8Array(stacks.count);
  for (let top = 0; top < stacks.count; ++top) {
    let stack = top;
    let matched = 0;
    let last = NONE;
    while (stack >= 0 && matched < path.length) {
      const key = keyOf(recording, kinds, stack);
      if (key >= 0 && !(fold && matched > 0 && key === last)) {
        if (key !== path[matched]) {
          break;
        }
        last = key;
        ++matched;
      }
      stack = stacks.parent[stack]!;
    }
    hits[top] = matched === path.length ? 1 : 0;
  }
  return hits;
}

/**
 * For each stack whether it is on or below an outermost frame of path[0] that was called along `path`.
 */
export function stacksCalledAlong(
  recording: Recording,
  kinds: FrameKinds,
  path: readonly number[],
  fold: boolean,
): Uint8Array {
  const { stacks } = recording;
  const ends = stacksEndingWith(recording, kinds, path, fold);
  const hits = new Uint8Array(stacks.count);
  for (const stack of outermost(recording, kinds, path[0] ?? NONE)) {
    hits[stack] = ends[stack]!;
  }
  for (let stack = 0; stack < stacks.count; ++stack) {
    const parent = stacks.parent[stack]!;
    hits[stack]! |= parent >= 0 ? hits[parent]! : 0;
  }
  return hits;
}
