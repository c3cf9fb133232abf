import assert from 'node:assert/strict';
import { test } from 'node:test';
import { splitsOf } from '../src/analyze/activity.ts';
import { findFirsts, functionKeys, keyTimes, type Keys } from '../src/analyze/keys.ts';
import { findLines } from '../src/analyze/lines.ts';
import { orderRows, rowText } from '../src/analyze/rows.ts';
import { select, stackTimes, type Filter } from '../src/analyze/selection.ts';
import type { Recording } from '../src/model.ts';
import { finish, made } from './made.ts';

const ALL: Filter = { clock: 'wall', context: -1, range: null };

function timesOf(of: Recording, keys: Keys, filter = ALL) {
  return keyTimes(of, keys, finish(findFirsts(of, keys)), stackTimes(select(of, filter)));
}

function byName(of: Recording, filter = ALL) {
  const { own, total } = timesOf(of, functionKeys(of), filter);
  return Object.fromEntries(of.functions.name.map((name, id) => [name, [own[id], total[id]]]));
}

test('a recursion takes the time of a sample once', () => {
  const of = made([{ stack: 'main f f g f' }, { stack: 'main g', wall: 5 }, { stack: '' }]);
  assert.deepEqual(byName(of), { main: [0, 15], f: [10, 10], g: [5, 15] });
});

test('clocks, threads and stretches of time choose', () => {
  const of = made([
    { stack: 'main f', cpu: 8 },
    { stack: 'main g', state: 2, cpu: 0 },
    { stack: 'main g', thread: 2, cpu: 1, state: 1 },
  ]);
  assert.deepEqual(byName(of, { ...ALL, clock: 'busy' }), {
    main: [0, 20],
    f: [10, 10],
    g: [10, 10],
  });
  assert.deepEqual(byName(of, { ...ALL, clock: 'cpu' }), { main: [0, 9], f: [8, 8], g: [1, 1] });
  assert.deepEqual(byName(of, { ...ALL, context: 2 }), { main: [0, 10], f: [0, 0], g: [10, 10] });
  assert.deepEqual(byName(of, { ...ALL, context: 0 }), byName(of));
  // A row that lies partly within counts in part.
  assert.deepEqual(byName(of, { ...ALL, context: 1, range: { begin: 5, end: 12 } }), {
    main: [0, 7],
    f: [5, 5],
    g: [2, 2],
  });
});

test('expressions nest, and a whole statement is none', () => {
  const text = 'x = 1\ny = f(g(1), "ä") + h(2)\n';
  const of = made(
    [
      { stack: 'main:2:4-24' },
      { stack: 'main:2:6-10' },
      { stack: 'main:2:4-16' },
      { stack: 'main:2:0-24' },
      { stack: 'main:2' },
    ],
    text,
  );
  const found = finish(findLines(of));
  const { own, self, total } = timesOf(of, found.expressionKeys);
  assert.deepEqual(
    found.expressions.map(({ column, depth }, i) => [column, depth, own[i], self[i], total[i]]),
    [
      [4, 0, 10, 30, 30],
      [4, 1, 10, 20, 20],
      [6, 2, 10, 10, 10],
    ],
  );
  const texts = found.expressions.map((_, i) => rowText(of, () => found, 'expression', i).name);
  assert.deepEqual(texts, ['f(g(1), "ä") + h(2)', 'f(g(1), "ä"', 'g(1)']);
  const lines = timesOf(of, found.lineKeys);
  assert.deepEqual([lines.own[0], lines.total[0]], [50, 50]);
});

test('rows are filtered and sorted', () => {
  const of = made([{ stack: 'main beta' }, { stack: 'main alpha', wall: 30 }, { stack: 'main' }]);
  const times = timesOf(of, functionKeys(of));
  const order = (by: 'self' | 'total' | 'name', rising: boolean, filter = '') =>
    Array.from(
      orderRows(
        times,
        (row) => rowText(of, () => finish(findLines(of)), 'function', row),
        of,
        () => 0,
        by,
        rising,
        filter,
      ),
      (row) => of.functions.name[row],
    );
  assert.deepEqual(order('self', false), ['alpha', 'main', 'beta']);
  assert.deepEqual(order('total', false), ['main', 'alpha', 'beta']);
  assert.deepEqual(order('name', true), ['alpha', 'beta', 'main']);
  assert.deepEqual(order('self', false, 'ALPH'), ['alpha']);
});

test('time splits into what threads did', () => {
  const of = made([
    { stack: 'f', cpu: 6 },
    { stack: 'f', state: 1, cpu: 0 },
    { stack: 'f', state: 2, cpu: 0, wall: 20 },
  ]);
  const [split] = splitsOf(select(of, { ...ALL, clock: 'busy' }));
  assert.deepEqual(
    [split!.wall, split!.running, split!.ready, split!.waiting, split!.blocked],
    [40, 6, 4, 10, 20],
  );
});
