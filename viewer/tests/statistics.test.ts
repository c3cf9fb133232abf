import assert from 'node:assert/strict';
import { test } from 'node:test';
import { functionKeys } from '../src/analyze/keys.ts';
import { select } from '../src/analyze/selection.ts';
import { masksOfKeys, sharesOfMasks, shareOf } from '../src/analyze/shares.ts';
import { widen, wilson } from '../src/analyze/statistics.ts';
import { made } from './made.ts';

const ALL = { clock: 'wall', context: -1, range: null } as const;

function close(actual: number, expected: number, within = 1e-12): void {
  assert.ok(Math.abs(actual - expected) <= within, `${actual} is not ${expected}`);
}

test("Wilson's interval is that of the textbook", () => {
  const { low, high } = wilson(0.5, 100);
  close(low, 0.403832, 1e-6);
  close(high, 0.596168, 1e-6);
  assert.deepEqual(wilson(0.3, 0), { low: 0, high: 1 });
  assert.equal(wilson(0, 50).low, 0);
});

test('lost looks and a floor widen an interval', () => {
  const wide = widen({ low: 0.4, high: 0.6 }, 0.5, 0.1, 0);
  close(wide.low, 0.36);
  close(wide.high, 0.64);
  const floored = widen({ low: 0.499, high: 0.501 }, 0.5, 0, 0.008);
  close(floored.low, 0.492);
  close(floored.high, 0.508);
});

/** What ShareEstimator does, sample by sample. */
function byHand(weights: number[], hits: boolean[]) {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const squares = weights.reduce((sum, weight) => sum + weight * weight, 0);
  let sum = 0;
  let neighbours = 0;
  weights.forEach((weight, i) => (sum += hits[i] ? weight : 0));
  const p = sum / total;
  for (let i = 1; i < weights.length; ++i) {
    const hit = (hits[i] ? weights[i]! : 0) - (hits[i - 1] ? weights[i - 1]! : 0);
    neighbours += (hit - p * (weights[i]! - weights[i - 1]!)) ** 2;
  }
  const effect = Math.max(neighbours / 2 / (p * (1 - p) * squares), 0.1);
  return { p, ...wilson(p, (total * total) / squares / effect) };
}

test('a share has the interval that differences of neighbours give', () => {
  const names = ['f', 'f', 'g', 'f', 'g', 'g', 'f', 'f', 'f', 'g'];
  const walls = [10, 12, 9, 11, 10, 10, 14, 8, 10, 9];
  const of = made(names.map((name, i) => ({ stack: `main ${name}`, wall: walls[i]! })));
  const chosen = select(of, ALL);
  const f = of.functions.name.indexOf('f');
  const [share] = sharesOfMasks(chosen, masksOfKeys(chosen, functionKeys(of), [f], 'own'), 1);
  const hand = byHand(
    walls,
    names.map((name) => name === 'f'),
  );
  close(share!.share, hand.p);
  close(share!.low, hand.low, 1e-9);
  close(share!.high, hand.high, 1e-9);
  assert.deepEqual(
    shareOf(chosen, (row) => names[row] === 'f'),
    share,
  );
});

test('many rows at once have the shares that each has alone', () => {
  const of = made(
    Array.from({ length: 200 }, (_, i) => ({
      stack: `main f${i % 7} g${(i * i) % 5}`,
      wall: 5 + (i % 3),
    })),
  );
  const chosen = select(of, ALL);
  const keys = functionKeys(of);
  const ids = of.functions.name.map((_, id) => id);
  for (const measure of ['own', 'total'] as const) {
    const together = sharesOfMasks(chosen, masksOfKeys(chosen, keys, ids, measure), ids.length);
    ids.forEach((id) => {
      const alone = sharesOfMasks(chosen, masksOfKeys(chosen, keys, [id], measure), 1);
      assert.deepEqual(together[id], alone[0]);
    });
  }
});

test('a row of equal looks counts as that many', () => {
  const single = made(Array.from({ length: 40 }, (_, i) => ({ stack: i < 20 ? 'f' : 'g' })));
  const folded = made([
    { stack: 'f', wall: 200, count: 20 },
    { stack: 'g', wall: 200, count: 20 },
  ]);
  const share = (of: typeof single) =>
    shareOf(select(of, ALL), (row) => of.samples.stack[row] === 0);
  assert.deepEqual(share(folded), share(single));
});
