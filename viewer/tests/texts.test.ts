import assert from 'node:assert/strict';
import { test } from 'node:test';
import { toCsv } from '../src/csv.ts';
import * as format from '../src/format.ts';
import { highlight } from '../src/highlight.ts';
import { cut, indexOfByte, splitLines, utf8Length, visible } from '../src/text.ts';
import { pieces } from '../src/ui/code_line.tsx';
import { finish } from './made.ts';

test('what cannot be seen is written out', () => {
  assert.equal(visible('a\u202eb\u0000c\u200d\n'), 'a\\u202eb\\x00c\\u200d\\x0a');
  assert.equal(visible('\ud800x'), '\\ud800x');
  assert.equal(visible('\u{e0041}'), '\\U000e0041');
  assert.equal(visible('größe 名前 🐍 שלום'), 'größe 名前 🐍 שלום');
});

test('bytes of UTF-8 become columns', () => {
  const line = 'aß名🐍b';
  assert.equal(utf8Length(line), 11);
  assert.deepEqual(
    [0, 1, 3, 6, 10, 11, 99].map((at) => indexOfByte(line, at)),
    [0, 1, 2, 3, 5, 6, 6],
  );
  // Inside a character: its begin.
  assert.equal(indexOfByte(line, 8), 3);
});

test('a cut never parts a pair', () => {
  assert.equal(cut('a🐍b', 3), 'a…');
  assert.equal(cut('abc', 3), 'abc');
});

test('lines end as they do for Python', () => {
  assert.deepEqual(splitLines('a\r\nb\rc\n'), ['a', 'b', 'c']);
});

test('times and shares read well', () => {
  assert.equal(format.time(1234), '1.23 µs');
  assert.equal(format.time(999.7e6), '1.00 s');
  assert.equal(format.time(-5e6), '−5.00 ms');
  assert.equal(format.time(754e9), '12 min 34 s');
  assert.equal(format.percent(0.0123), '1.2 %');
  assert.equal(format.percent(1), '100 %');
});

test('a table holds no formula', () => {
  assert.equal(toCsv([['=1+1', 'a"b', 2]]), '\'=1+1,"a""b",2\r\n');
});

test('tokens know their line, in strings of several lines too', () => {
  const tokens = finish(highlight(['def f():', '    """a', '    b"""', '    return 12']));
  assert.deepEqual(
    tokens.map((line) => line.map((token) => token.class)),
    [
      ['tok-keyword', 'tok-definition'],
      ['tok-string'],
      ['tok-string'],
      ['tok-keyword', 'tok-number'],
    ],
  );
});

test('a line falls into pieces by token and innermost expression', () => {
  const shades = [
    { row: 0, column: 4, endColumn: 12, color: 'red' },
    { row: 1, column: 7, endColumn: 8, color: 'red' },
  ];
  const parts = pieces('x = "ß" + 1', [{ from: 4, to: 7, class: 'tok-string' }], shades);
  assert.deepEqual(
    parts.map(({ from, to, class: style, shade }) => [from, to, style, shade?.row ?? null]),
    [
      [0, 4, '', null],
      [4, 6, 'tok-string', 0],
      [6, 7, 'tok-string', 1],
      [7, 11, '', 0],
    ],
  );
});
