// The lines and expressions that frames stand on, numbered as src/analyze/places.cpp numbers them.
import { NONE, type Recording } from '../model.ts';
import { splitLines, utf8Length } from '../text.ts';
import { singleKeys, type Keys } from './keys.ts';

const DEEPEST_NESTING = 100;

export interface Line {
  file: number;
  line: number;
  /** Functions that have instructions on it, such as a comprehension. */
  functions: number[];
}

/** A source range that instructions of a line belong to; columns in bytes of UTF-8. */
export interface Expression {
  /** Which of the lines. */
  line: number;
  column: number;
  endLine: number;
  endColumn: number;
  /** How many expressions of the line lie around it. */
  depth: number;
  /** A place that stands on it. */
  place: number;
}

export interface Lines {
  lines: Line[];
  expressions: Expression[];
  /** Which line a place is on, or NONE. */
  lineOfPlace: Int32Array;
  lineKeys: Keys;
  expressionKeys: Keys;
  /** CSR: expressions of line l are expressionStart[l] to expressionStart[l + 1]. */
  expressionStart: Int32Array;
}

const sources = new WeakMap<Recording, Map<number, string[] | null>>();

/** Lines of a file's text; null where it is not kept. */
export function sourceLines(recording: Recording, file: number): string[] | null {
  let known = sources.get(recording);
  if (!known) {
    known = new Map();
    sources.set(recording, known);
  }
  let lines = known.get(file);
  if (lines === undefined) {
    const text = recording.files[file]?.text ?? null;
    lines = text === null ? null : splitLines(text);
    known.set(file, lines);
  }
  return lines;
}

/**
 * What is left of a line without blanks, a comment that follows it, and the colon of a header; in
 * bytes. A `#` inside a string is taken for a comment, which only makes an expression of a statement.
 */
function statementBounds(line: string): [begin: number, end: number] {
  const blank = /^[ \t\f]*/.exec(line)?.[0].length ?? 0;
  const comment = line.indexOf('#', blank);
  let end = comment < 0 ? line.length : comment;
  while (end > blank && (line[end - 1] === ' ' || line[end - 1] === '\t')) {
    --end;
  }
  return [utf8Length(line.slice(0, blank)), utf8Length(line.slice(0, end))];
}

/**
 * Whether the place is that of the whole statement: its instructions are the statement's own work,
 * such as a store, a return or the jump of a loop.
 */
function isStatement(recording: Recording, place: number): boolean {
  const { places, functions } = recording;
  const column = places.column[place]!;
  if (column < 0 || places.endColumn[place]! < 0) {
    return true;
  }
  const line = places.line[place]!;
  const oneLine = places.endLine[place]! === line;
  const text = sourceLines(recording, functions.file[places.function[place]!]!)?.[line - 1];
  if (text === undefined) {
    return !oneLine;
  }
  const [begin, end] = statementBounds(text);
  return column <= begin && (!oneLine || places.endColumn[place]! >= end);
}

function numberLines(recording: Recording): { lines: Line[]; lineOfPlace: Int32Array } {
  const { places, functions } = recording;
  const lines: Line[] = [];
  const lineOfPlace = new Int32Array(places.count).fill(NONE);
  const known = new Map<string, number>();
  // As in the recording's report, equal paths are one file.
  const idOfPath = new Map<string, number>();
  const fileIds = recording.files.map(({ path }, file) => {
    const id = idOfPath.get(path) ?? file;
    idOfPath.set(path, id);
    return id;
  });
  for (let place = 0; place < places.count; ++place) {
    const owner = places.function[place]!;
    const line = places.line[place]!;
    if (owner < 0 || line <= 0 || functions.compiled[owner] === 1) {
      continue;
    }
    const file = functions.file[owner]!;
    const key = `${file >= 0 ? fileIds[file]! : "none"}:${line}`;
    let row = known.get(key);
    if (row === undefined) {
      row = lines.length;
      known.set(key, row);
      lines.push({ file, line, functions: [] });
    }
    const owners = lines[row]!.functions;
    if (!owners.includes(owner)) {
      owners.push(owner);
    }
    lineOfPlace[place] = row;
  }
  return { lines, lineOfPlace };
}

interface FoundExpression extends Expression {
  places: number[];
}

function findExpressions(recording: Recording, lineOfPlace: Int32Array): FoundExpression[] {
  const { places } = recording;
  const found = new Map<string, FoundExpression>();
  for (let place = 0; place < places.count; ++place) {
    const line = lineOfPlace[place]!;
    if (line < 0 || isStatement(recording, place)) {
      continue;
    }
    const column = places.column[place]!;
    const endLine = places.endLine[place]!;
    const endColumn = places.endColumn[place]!;
    const key = `${line}:${column}:${endLine}:${endColumn}`;
    const known = found.get(key);
    if (known) {
      known.places.push(place);
    } else {
      found.set(key, { line, column, endLine, endColumn, depth: 0, place, places: [place] });
    }
  }
  // An outer range comes before what it contains: it begins earlier or ends later.
  return [...found.values()].sort(
    (a, b) =>
      a.line - b.line || a.column - b.column || b.endLine - a.endLine || b.endColumn - a.endColumn,
  );
}

function isAround(outer: Expression, inner: Expression): boolean {
  return (
    outer.line === inner.line &&
    outer.column <= inner.column &&
    (inner.endLine < outer.endLine ||
      (inner.endLine === outer.endLine && inner.endColumn <= outer.endColumn))
  );
}

/**
 * For each expression those around it and itself, outermost first. Ranges of syntax lie one inside the
 * other, so a stack of the open ones is enough; damaged ones lose some that are around.
 */
function nest(expressions: Expression[]): number[][] {
  let open: number[] = [];
  return expressions.map((expression, i) => {
    open = open.slice();
    while (
      open.length > 0 &&
      (open.length >= DEEPEST_NESTING || !isAround(expressions[open.at(-1)!]!, expression))
    ) {
      open.pop();
    }
    expression.depth = open.length;
    open.push(i);
    return open;
  });
}

function expressionKeys(count: number, found: FoundExpression[], around: number[][]): Keys {
  const own = new Int32Array(count).fill(NONE);
  found.forEach((expression, i) => {
    for (const place of expression.places) {
      own[place] = i;
    }
  });
  const start = new Int32Array(count + 1);
  const list: number[] = [];
  for (let place = 0; place < count; ++place) {
    start[place] = list.length;
    if (own[place]! >= 0) {
      list.push(...around[own[place]!]!);
    }
  }
  start[count] = list.length;
  return { count: found.length, start, list: Int32Array.from(list), own };
}

export function findLines(recording: Recording): Lines {
  const { lines, lineOfPlace } = numberLines(recording);
  const found = findExpressions(recording, lineOfPlace);
  const around = nest(found);
  const expressionStart = new Int32Array(lines.length + 1);
  for (const expression of found) {
    ++expressionStart[expression.line + 1]!;
  }
  for (let line = 0; line < lines.length; ++line) {
    expressionStart[line + 1]! += expressionStart[line]!;
  }
  return {
    lines,
    expressions: found,
    lineOfPlace,
    lineKeys: singleKeys(lines.length, lineOfPlace),
    expressionKeys: expressionKeys(recording.places.count, found, around),
    expressionStart,
  };
}
