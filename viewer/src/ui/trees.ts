// The trees that views draw, with the means to weigh their nodes.
import { NONE, type Recording } from '../model.ts';
import {
  stacksCalledAlong,
  stacksEndingWith,
  type CalleeTree,
  type TimedTree,
} from '../analyze/inverted.ts';
import type { Selection } from '../analyze/selection.ts';
import { shareOf, type Share } from '../analyze/shares.ts';
import {
  pathOf,
  subtree,
  type FrameKinds,
  type NodeTimes,
  type SampleTree,
} from '../analyze/tree.ts';
import type { ShownTree } from './frames.tsx';

function remembered(make: (node: number) => Share): (node: number) => Share {
  const known = new Map<number, Share>();
  return (node) => {
    let share = known.get(node);
    if (!share) {
      share = make(node);
      known.set(node, share);
    }
    return share;
  };
}

/** Callers first: each sample has its node. */
export function shownSampleTree(
  made: SampleTree,
  times: NodeTimes,
  selection: Selection,
): ShownTree {
  const { nodeOfSample } = made;
  return {
    tree: made.tree,
    kinds: made.kinds,
    times,
    share: remembered((node) => {
      const within = subtree(made.tree, node);
      return shareOf(selection, (row) => within[nodeOfSample[row]!] === 1);
    }),
    selfShare: remembered((node) => shareOf(selection, (row) => nodeOfSample[row] === node)),
  };
}

/** Callees first: a node is the samples whose stacks end with its path. */
export function shownInvertedTree(
  recording: Recording,
  kinds: FrameKinds,
  made: TimedTree,
  selection: Selection,
  fold: boolean,
): ShownTree {
  const { stack } = recording.samples;
  const share = remembered((node) => {
    if (node === 0) {
      return shareOf(selection, () => true);
    }
    const hits = stacksEndingWith(recording, kinds, pathOf(made.tree, node), fold);
    return shareOf(selection, (row) => stack[row]! >= 0 && hits[stack[row]!] === 1);
  });
  return {
    tree: made.tree,
    kinds,
    times: made.times,
    share,
    // What a function does itself is all of it here: its callers only tell it apart.
    selfShare: share,
  };
}

/** The callers of a function: a node is the samples that it was called along the node's path in. */
export function shownCallers(
  recording: Recording,
  kinds: FrameKinds,
  made: TimedTree,
  selection: Selection,
  fold: boolean,
): ShownTree {
  const { stack } = recording.samples;
  const share = remembered((node) => {
    const path = pathOf(made.tree, Math.max(1, node));
    const hits = stacksCalledAlong(recording, kinds, path, fold);
    return shareOf(selection, (row) => stack[row]! >= 0 && hits[stack[row]!] === 1);
  });
  return { tree: made.tree, kinds, times: made.times, share, selfShare: share };
}

/** The callees of a function. */
export function shownCallees(
  recording: Recording,
  kinds: FrameKinds,
  made: CalleeTree,
  selection: Selection,
): ShownTree {
  const { stack } = recording.samples;
  const nodeOf = (row: number) => (stack[row]! < 0 ? NONE : made.nodeOfStack[stack[row]!]!);
  return {
    tree: made.tree,
    kinds,
    times: made.times,
    share: remembered((node) => {
      const within = subtree(made.tree, node);
      return shareOf(selection, (row) => nodeOf(row) > 0 && within[nodeOf(row)] === 1);
    }),
    selfShare: remembered((node) => shareOf(selection, (row) => nodeOf(row) === node)),
  };
}
