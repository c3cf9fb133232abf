// Exact counts.
import type { Counted } from '../model.ts';
import { asArray, asNumber, asObject, checkIds, numberOr, textOr } from './reader.ts';

function columnOrNull(value: unknown, where: string): number | null {
  const column = numberOr(value, -1, where);
  return column < 0 ? null : column;
}

function decodeRange(value: unknown, where: string) {
  const json = asObject(value, where);
  const line = asNumber(json['line'], `${where}.line`);
  return {
    json,
    range: {
      line,
      column: columnOrNull(json['column'], `${where}.column`),
      endLine: numberOr(json['end_line'], line, `${where}.end_line`),
      endColumn: columnOrNull(json['end_column'], `${where}.end_column`),
    },
  };
}

function decodeRow(value: unknown, row: number, functions: number): Counted {
  const where = `counted[${row}]`;
  const json = asObject(value, where);
  const id = Int32Array.of(asNumber(json['function'], `${where}.function`));
  return {
    function: checkIds(id, functions, `${where}.function`, true)[0]!,
    calls: numberOr(json['calls'], 0, `${where}.calls`),
    lines: asArray(json['lines'] ?? [], `${where}.lines`).map((pair) => {
      const [line, hits] = asArray(pair, `${where}.lines`);
      return [asNumber(line, `${where}.lines`), asNumber(hits, `${where}.lines`)];
    }),
    branches: asArray(json['branches'] ?? [], `${where}.branches`).map((branch) => {
      const { json: row, range } = decodeRange(branch, `${where}.branches`);
      return {
        ...range,
        kind: textOr(row['kind'], 'condition', `${where}.branches.kind`),
        yes: asNumber(row['yes'], `${where}.branches.yes`),
        no: asNumber(row['no'], `${where}.branches.no`),
      };
    }),
    callSites: asArray(json['call_sites'] ?? [], `${where}.call_sites`).map((site) => {
      const { json: row, range } = decodeRange(site, `${where}.call_sites`);
      return { ...range, calls: asNumber(row['calls'], `${where}.call_sites.calls`) };
    }),
  };
}

export function decodeCounted(value: unknown, functions: number): Counted[] | null {
  if (value === undefined || value === null) {
    return null;
  }
  return asArray(value, 'counted').map((row, number) => decodeRow(row, number, functions));
}
