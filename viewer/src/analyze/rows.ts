// Rows of the tables: what they are called, and in which order they stand.
import { NONE, type Recording } from '../model.ts';
import { baseName, indexOfByte } from '../text.ts';
import type { KeyTimes } from './keys.ts';
import { sourceLines, type Lines } from './lines.ts';

export type RowKind = 'function' | 'line' | 'expression';

/** A row's texts, as the program has them, and where it stands. */
export interface RowText {
  name: string;
  /** Its function, or NONE. */
  function: number;
  file: number;
  line: number;
}

/** The source of an expression, or of its first line where it goes on. */
export function expressionText(recording: Recording, lines: Lines, row: number): string {
  const { line, column, endLine, endColumn } = lines.expressions[row]!;
  const place = lines.lines[line]!;
  const text = sourceLines(recording, place.file)?.[place.line - 1];
  if (text === undefined) {
    return `columns ${column}–${endColumn}`;
  }
  const begin = indexOfByte(text, column);
  return endLine === place.line
    ? text.slice(begin, indexOfByte(text, endColumn))
    : `${text.slice(begin)} …`;
}

export function rowText(
  recording: Recording,
  lines: () => Lines,
  kind: RowKind,
  row: number,
): RowText {
  const { functions } = recording;
  if (kind === 'function') {
    return {
      name: functions.name[row]!,
      function: row,
      file: functions.file[row]!,
      line: functions.firstLine[row]!,
    };
  }
  const all = lines();
  const place = all.lines[kind === 'line' ? row : all.expressions[row]!.line]!;
  const owner = place.functions[0] ?? NONE;
  const name =
    kind === 'line'
      ? (sourceLines(recording, place.file)?.[place.line - 1]?.trim() ??
        functions.name[owner] ??
        '')
      : expressionText(recording, all, row);
  return { name, function: owner, file: place.file, line: place.line };
}

export type SortBy = 'name' | 'place' | 'self' | 'own' | 'total' | 'calls';

/** Rows with time whose name or file holds `filter`, in order. */
export function orderRows(
  times: KeyTimes,
  textOf: (row: number) => RowText,
  recording: Recording,
  callsOf: (row: number) => number,
  by: SortBy,
  ascending: boolean,
  filter: string,
): Int32Array {
  const wanted = filter.trim().toLowerCase();
  const rows: number[] = [];
  for (let row = 0; row < times.total.length; ++row) {
    if (times.total[row]! > 0 && (wanted === '' || holds(recording, textOf(row), wanted))) {
      rows.push(row);
    }
  }
  return Int32Array.from(rows).sort(comparer(times, textOf, recording, callsOf, by, ascending));
}

function holds(recording: Recording, text: RowText, wanted: string): boolean {
  return (
    text.name.toLowerCase().includes(wanted) ||
    (recording.files[text.file]?.path.toLowerCase().includes(wanted) ?? false)
  );
}

function comparer(
  times: KeyTimes,
  textOf: (row: number) => RowText,
  recording: Recording,
  callsOf: (row: number) => number,
  by: SortBy,
  ascending: boolean,
): (a: number, b: number) => number {
  const sign = ascending ? 1 : -1;
  const tie = (a: number, b: number) =>
    times.self[b]! - times.self[a]! || times.total[b]! - times.total[a]! || a - b;
  if (by === 'name' || by === 'place') {
    const text = (row: number) => {
      const { name, file, line } = textOf(row);
      return by === 'name'
        ? name
        : `${baseName(recording.files[file]?.path ?? '')}:${String(line).padStart(8, '0')}`;
    };
    const known = new Map<number, string>();
    const remembered = (row: number) => {
      const value = known.get(row) ?? text(row);
      known.set(row, value);
      return value;
    };
    return (a, b) => {
      const [x, y] = [remembered(a), remembered(b)];
      return x === y ? tie(a, b) : x < y ? -sign : sign;
    };
  }
  const value = by === 'calls' ? callsOf : (row: number) => times[by][row]!;
  return (a, b) => (value(a) - value(b)) * sign || tie(a, b);
}
