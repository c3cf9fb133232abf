import assert from 'node:assert/strict';
import { test } from 'node:test';
import { calleesOf, callersOf, invertedTree } from '../src/analyze/inverted.ts';
import { childrenByTotal, layOut } from '../src/analyze/layout.ts';
import { select, stackTimes } from '../src/analyze/selection.ts';
import { axisOf, layOutInTime, sampleAt } from '../src/analyze/time_order.ts';
import {
  frameKinds,
  nodeAt,
  nodeTimes,
  pathOf,
  sampleTree,
  subtree,
  type GroupBy,
  type NodeTimes,
  type Tree,
} from '../src/analyze/tree.ts';
import type { Recording } from '../src/model.ts';
import { finish, made } from './made.ts';

const ALL = { clock: 'wall', context: -1, range: null } as const;

function drawn(of: Recording, tree: Tree, times: NodeTimes, node = 0): string {
  return childrenByTotal(tree, times, node)
    .map((child) => {
      const name =
        of.functions.name[tree.key[child]!] ??
        of.contexts[tree.key[child]! - of.functions.count]?.name;
      const below = drawn(of, tree, times, child);
      return `${name ?? '?'}=${times.total[child]}${below ? `(${below})` : ''}`;
    })
    .join(' ');
}

function treeOf(of: Recording, fold = false, group: GroupBy = 'merged') {
  const tree = finish(sampleTree(of, { by: 'function', group, fold }));
  return { tree, times: nodeTimes(tree, select(of, ALL)) };
}

const RECURSIVE = made([
  { stack: 'main f f g' },
  { stack: 'main f f' },
  { stack: 'main g', wall: 5 },
  { stack: 'main f g f', wall: 5 },
]);

test('equal paths are one node, the widest first', () => {
  const { tree, times } = treeOf(RECURSIVE);
  assert.equal(drawn(RECURSIVE, tree.tree, times), 'main=30(f=25(f=20(g=10) g=5(f=5)) g=5)');
});

test('direct recursion folds into one node', () => {
  const { tree, times } = treeOf(RECURSIVE, true);
  assert.equal(drawn(RECURSIVE, tree.tree, times), 'main=30(f=25(g=15(f=5)) g=5)');
  assert.equal(tree.tree.recursive[nodeAt(tree.tree, pathOf(tree.tree, 2))], 1);
});

test('threads stand apart when asked to', () => {
  const of = made([{ stack: 'main f' }, { stack: 'main f', thread: 2, wall: 7 }]);
  const { tree, times } = treeOf(of, false, 'thread');
  assert.equal(drawn(of, tree.tree, times), 'one=10(main=10(f=10)) two=7(main=7(f=7))');
  const process = treeOf(of, false, 'process');
  assert.equal(drawn(of, process.tree.tree, process.times), 'p=17(main=17(f=17))');
});

test('callees first, each leaf stands over its callers', () => {
  const kinds = frameKinds(RECURSIVE, 'function');
  const { self } = stackTimes(select(RECURSIVE, ALL));
  const { tree, times } = finish(invertedTree(RECURSIVE, kinds, self, false));
  assert.equal(
    drawn(RECURSIVE, tree, times),
    'f=15(f=10(main=10) g=5(f=5(main=5))) g=15(f=10(f=10(main=10)) main=5)',
  );
});

test('around a function, each sample counts once', () => {
  const kinds = frameKinds(RECURSIVE, 'function');
  const sums = stackTimes(select(RECURSIVE, ALL));
  const f = RECURSIVE.functions.name.indexOf('f');
  const callers = finish(callersOf(RECURSIVE, kinds, f, sums.total, false));
  assert.equal(drawn(RECURSIVE, callers.tree, callers.times), 'f=25(main=25)');
  const callees = finish(calleesOf(RECURSIVE, kinds, f, sums.self, false));
  assert.equal(drawn(RECURSIVE, callees.tree, callees.times), 'f=25(f=20(g=10) g=5(f=5))');
});

test('a path leads to its node, and a longer one as far as it goes', () => {
  const { tree } = treeOf(RECURSIVE);
  for (let node = 0; node < tree.tree.count; ++node) {
    assert.equal(nodeAt(tree.tree, pathOf(tree.tree, node)), node);
  }
  assert.equal(nodeAt(tree.tree, [...pathOf(tree.tree, 2), 99]), 2);
  assert.equal(
    subtree(tree.tree, 0).every((one) => one === 1),
    true,
  );
});

test('a zoom shows what is above across the whole width', () => {
  const { tree, times } = treeOf(RECURSIVE);
  const root = nodeAt(tree.tree, [0, 1]);
  const boxes = layOut(tree.tree, times, root, 0);
  assert.deepEqual(Array.from(boxes.width.subarray(0, 3)), [1, 1, 1]);
  assert.deepEqual(Array.from(boxes.depth), [0, 1, 2, 3, 3, 4, 4]);
  assert.equal(layOut(tree.tree, times, root, 0.5).count, 4);
});

test('in order of time, runs of one path are one box', () => {
  const of = made([
    { stack: 'main f' },
    { stack: 'main f' },
    { stack: 'main g' },
    { stack: 'main f' },
  ]);
  const tree = finish(sampleTree(of, { by: 'function', group: 'merged', fold: false }));
  const chosen = select(of, ALL);
  const axis = axisOf(chosen);
  assert.equal(sampleAt(axis, 25), 2);
  assert.equal(sampleAt(axis, 40), 3);
  const boxes = layOutInTime(tree, chosen, axis, 0, 40, 100);
  const second = Array.from(boxes.depth)
    .map((depth, i) => [depth, boxes.x[i], boxes.width[i]])
    .filter(([depth]) => depth === 2);
  assert.deepEqual(second, [
    [2, 0, 0.5],
    [2, 0.5, 0.25],
    [2, 0.75, 0.25],
  ]);
  const window = layOutInTime(tree, chosen, axis, 10, 30, 100);
  assert.equal(window.levels, 3);
});
