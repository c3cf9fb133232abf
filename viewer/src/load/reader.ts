// Reads unknown JSON member by member, and says where it is not what MODEL.md promises.

export class ModelError extends Error {}

export type Json = Record<string, unknown>;

export function fail(where: string, wanted: string): never {
  throw new ModelError(`The data of this page are damaged: ${where} is not ${wanted}.`);
}

export function asObject(value: unknown, where: string): Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Json)
    : fail(where, 'an object');
}

export function asArray(value: unknown, where: string): unknown[] {
  return Array.isArray(value) ? value : fail(where, 'a list');
}

export function asNumber(value: unknown, where: string): number {
  return typeof value === 'number' && Number.isFinite(value) ? value : fail(where, 'a number');
}

/** `fallback` where the member is missing or null. */
export function numberOr(value: unknown, fallback: number, where: string): number {
  return value === undefined || value === null ? fallback : asNumber(value, where);
}

export function asText(value: unknown, where: string): string {
  return typeof value === 'string' ? value : fail(where, 'a text');
}

export function textOr<T>(value: unknown, fallback: T, where: string): string | T {
  return value === undefined || value === null ? fallback : asText(value, where);
}

interface NumberColumn {
  length: number;
  [row: number]: number;
}

/** Copies a column into `target`; `delta` sums differences up. */
export function fill<T extends NumberColumn>(
  target: T,
  value: unknown,
  where: string,
  delta = false,
): T {
  const column = asArray(value, where);
  if (column.length !== target.length) {
    fail(where, `a column of ${target.length} rows`);
  }
  let sum = 0;
  for (let row = 0; row < column.length; ++row) {
    const number = column[row];
    if (typeof number !== 'number') {
      fail(`${where}[${row}]`, 'a number');
    }
    sum = delta ? sum + number : number;
    target[row] = sum;
  }
  return target;
}

/** Throws unless each id is NONE (where allowed) or a row below `rows`. */
export function checkIds(ids: Int32Array, rows: number, where: string, none: boolean): Int32Array {
  const least = none ? -1 : 0;
  for (let row = 0; row < ids.length; ++row) {
    const id = ids[row]!;
    if (id < least || id >= rows) {
      fail(`${where}[${row}]`, `the number of a row below ${rows}`);
    }
  }
  return ids;
}
