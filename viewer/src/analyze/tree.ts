// Trees of call paths. A node stands behind its parent; node 0 is the root, above every path.
import { NONE, type Recording } from '../model.ts';
import { PairMap } from './pair_map.ts';
import type { Selection } from './selection.ts';

/** What a node is: a function, a line of one (`function`, `line`), or a thread or process. */
export interface FrameKinds {
  count: number;
  function: Int32Array;
  /** 0 where frames are functions. */
  line: Int32Array;
  /** A place that has this kind, or NONE. */
  place: Int32Array;
  ofPlace: Int32Array;
}

export type FrameBy = 'function' | 'line';
export type GroupBy = 'merged' | 'process' | 'thread';

/** The shape of a tree, without figures. */
export interface Tree {
  count: number;
  parent: Int32Array;
  /** Rows of FrameKinds; contexts c of grouped trees are `kinds.count + c`; NONE at the root. */
  key: Int32Array;
  depth: Int32Array;
  /** CSR: children of node n are child[start[n]] to child[start[n + 1]]. */
  start: Int32Array;
  child: Int32Array;
  /** A frame that called itself directly was folded into the node. */
  recursive: Uint8Array;
}

export interface NodeTimes {
  self: Float64Array;
  total: Float64Array;
}

export function frameKinds(recording: Recording, by: FrameBy): FrameKinds {
  const { places, functions } = recording;
  if (by === 'function') {
    const place = new Int32Array(functions.count).fill(NONE);
    for (let row = places.count - 1; row >= 0; --row) {
      if (places.function[row]! >= 0) {
        place[places.function[row]!] = row;
      }
    }
    return {
      count: functions.count,
      function: Int32Array.from(place, (_, id) => id),
      line: new Int32Array(functions.count),
      place,
      ofPlace: places.function,
    };
  }
  const map = new PairMap();
  const rows: number[] = [];
  const ofPlace = new Int32Array(places.count).fill(NONE);
  for (let row = 0; row < places.count; ++row) {
    const owner = places.function[row]!;
    if (owner >= 0) {
      const line = functions.compiled[owner] === 1 ? 0 : places.line[row]!;
      const kind = map.number(owner, line);
      if (kind === rows.length) {
        rows.push(row);
      }
      ofPlace[row] = kind;
    }
  }
  const place = Int32Array.from(rows);
  return {
    count: rows.length,
    function: place.map((row) => places.function[row]!),
    line: place.map((row) => places.line[row]!),
    place,
    ofPlace,
  };
}

/** Grows a tree node by node. */
export class TreeBuilder {
  private readonly map: PairMap;
  private parents: number[] = [NONE];
  private keys: number[] = [NONE];
  private depths: number[] = [0];
  private folded = new Set<number>();

  constructor(expected = 1024) {
    this.map = new PairMap(expected);
    this.map.number(NONE, NONE);
  }

  get count(): number {
    return this.parents.length;
  }

  keyOf(node: number): number {
    return this.keys[node]!;
  }

  below(parent: number, key: number): number {
    const node = this.map.number(parent, key);
    if (node === this.parents.length) {
      this.parents.push(parent);
      this.keys.push(key);
      this.depths.push(this.depths[parent]! + 1);
    }
    return node;
  }

  /** Like below(), but a frame that calls itself directly stays one node. */
  belowFolded(parent: number, key: number): number {
    if (parent > 0 && this.keys[parent] === key) {
      this.folded.add(parent);
      return parent;
    }
    return this.below(parent, key);
  }

  finish(): Tree {
    const parent = Int32Array.from(this.parents);
    const recursive = new Uint8Array(parent.length);
    this.folded.forEach((node) => (recursive[node] = 1));
    const { start, child } = childrenOf(parent);
    return {
      count: parent.length,
      parent,
      key: Int32Array.from(this.keys),
      depth: Int32Array.from(this.depths),
      start,
      child,
      recursive,
    };
  }
}

function childrenOf(parent: Int32Array): { start: Int32Array; child: Int32Array } {
  const start = new Int32Array(parent.length + 1);
  for (let node = 1; node < parent.length; ++node) {
    ++start[parent[node]! + 1]!;
  }
  for (let node = 0; node < parent.length; ++node) {
    start[node + 1]! += start[node]!;
  }
  const used = start.slice();
  const child = new Int32Array(Math.max(0, parent.length - 1));
  for (let node = 1; node < parent.length; ++node) {
    child[used[parent[node]!]!++] = node;
  }
  return { start, child };
}

/** A tree with, for each row of samples, the node that it stood on. */
export interface SampleTree {
  tree: Tree;
  kinds: FrameKinds;
  nodeOfSample: Int32Array;
}

export interface TreeOptions {
  by: FrameBy;
  group: GroupBy;
  /** Whether a frame that calls itself directly is one node. */
  fold: boolean;
}

function groupOf(recording: Recording, thread: number, group: GroupBy): number {
  if (group === 'merged' || thread < 0) {
    return NONE;
  }
  let context = thread;
  while (group === 'process') {
    const row = recording.contexts[context];
    if (!row || row.kind === 'process' || row.parent < 0) {
      break;
    }
    context = row.parent;
  }
  return context;
}

/** The tree of all samples, callers first. Its shape depends on no filter, so it is made once. */
export function sampleTree(recording: Recording, options: TreeOptions): SampleTree {
  const { samples, stacks } = recording;
  const kinds = frameKinds(recording, options.by);
  const builder = new TreeBuilder(stacks.count);
  const nodeOfSample = new Int32Array(samples.count);
  const nodeOfStack = new Int32Array(stacks.count);
  const stampOfStack = new Int32Array(stacks.count).fill(NONE - 1);
  const way: number[] = [];
  let thread = NONE - 1;
  let group = NONE;
  let root = 0;
  for (let row = 0; row < samples.count; ++row) {
    if (samples.thread[row]! !== thread) {
      thread = samples.thread[row]!;
      group = groupOf(recording, thread, options.group);
      root = group < 0 ? 0 : builder.below(0, kinds.count + group);
    }
    let stack = samples.stack[row]!;
    while (stack >= 0 && stampOfStack[stack] !== group) {
      way.push(stack);
      stack = stacks.parent[stack]!;
    }
    let node = stack < 0 ? root : nodeOfStack[stack]!;
    while (way.length > 0) {
      const next = way.pop()!;
      const place = stacks.place[next]!;
      const key = place < 0 ? NONE : kinds.ofPlace[place]!;
      if (key >= 0) {
        node = options.fold ? builder.belowFolded(node, key) : builder.below(node, key);
      }
      nodeOfStack[next] = node;
      stampOfStack[next] = group;
    }
    nodeOfSample[row] = node;
  }
  return { tree: builder.finish(), kinds, nodeOfSample };
}

/** Sums what lies on each node up to the root. */
export function sumUp(tree: Tree, self: Float64Array): NodeTimes {
  const total = self.slice();
  for (let node = tree.count - 1; node > 0; --node) {
    total[tree.parent[node]!]! += total[node]!;
  }
  return { self, total };
}

export function nodeTimes(tree: SampleTree, selection: Selection): NodeTimes {
  const self = new Float64Array(tree.tree.count);
  const { rows } = selection;
  const { weights } = selection.weights;
  for (let i = 0; i < rows.length; ++i) {
    self[tree.nodeOfSample[rows[i]!]!]! += weights[i]!;
  }
  return sumUp(tree.tree, self);
}

/** Keys from below the root to the node. */
export function pathOf(tree: Tree, node: number): number[] {
  const path: number[] = [];
  for (let at = node; at > 0; at = tree.parent[at]!) {
    path.push(tree.key[at]!);
  }
  return path.reverse();
}

/** The node at the end of a path of keys, as far as it is there. */
export function nodeAt(tree: Tree, path: readonly number[]): number {
  let node = 0;
  for (const key of path) {
    let found = NONE;
    for (let at = tree.start[node]!; at < tree.start[node + 1]!; ++at) {
      if (tree.key[tree.child[at]!] === key) {
        found = tree.child[at]!;
        break;
      }
    }
    if (found < 0) {
      break;
    }
    node = found;
  }
  return node;
}

/** For each node whether it is `node` or below it. */
export function subtree(tree: Tree, node: number): Uint8Array {
  const within = new Uint8Array(tree.count);
  within[node] = 1;
  for (let at = node + 1; at < tree.count; ++at) {
    within[at] = within[tree.parent[at]!]!;
  }
  return within;
}
