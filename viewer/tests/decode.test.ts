import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeModel } from '../src/load/decode.ts';
import { madeJson } from './made.ts';

function refuses(change: (json: ReturnType<typeof madeJson>) => void, message: RegExp): void {
  const json = madeJson([{ stack: 'main f' }, { stack: 'main g' }]);
  change(json);
  assert.throws(() => decodeModel(json), message);
}

test('columns of differences become values', () => {
  const { samples } = decodeModel(madeJson([{ stack: 'f' }, { stack: 'g' }, { stack: '' }]))
    .recordings[0]!;
  assert.deepEqual(Array.from(samples.time), [10, 20, 30]);
  assert.deepEqual(Array.from(samples.stack), [0, 1, -1]);
  assert.deepEqual(Array.from(samples.thread), [1, 1, 1]);
});

test('what is no model is refused with a sentence', () => {
  assert.throws(() => decodeModel({}), /not those of a lancehead recording/);
  assert.throws(() => decodeModel(null), /the whole is not an object/);
  refuses((json) => (json.version = 2), /version 2, but this page reads version 1/);
  refuses((json) => json.recordings.pop(), /no recording/);
});

test('what is damaged is refused', () => {
  refuses((json) => json.recordings[0]!.samples.wall.pop(), /samples.wall is not a column of 2/);
  refuses(
    (json) => (json.recordings[0]!.stacks.parent[0] = 0),
    /parent\[0\] is not an earlier row/,
  );
  refuses((json) => (json.recordings[0]!.places.function[0] = 7), /places.function\[0\]/);
  refuses((json) => (json.recordings[0]!.samples.stack[0] = 70), /samples.stack\[0\]/);
  refuses(
    (json) => (json.recordings[0]!.functions.name[0] = 3 as never),
    /name\[0\] is not a text/,
  );
});
