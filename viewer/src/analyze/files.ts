// Files with their time, and what is known of each of their lines.
import { NONE, type Branch, type CallSite, type Instruction, type Recording } from '../model.ts';
import { singleKeys, type Keys } from './keys.ts';
import type { Lines } from './lines.ts';

export function fileKeys(recording: Recording): Keys {
  const { places, functions } = recording;
  const own = places.function.map((owner) => (owner < 0 ? NONE : functions.file[owner]!));
  return singleKeys(recording.files.length, own);
}

/** What is exact of one line. */
export interface LineCounts {
  hits: number;
  branches: Branch[];
  callSites: CallSite[];
}

/** Counts by line of a file; null where nothing was counted in the recording. */
export function countsOfFile(recording: Recording, file: number): Map<number, LineCounts> | null {
  if (!recording.counted) {
    return null;
  }
  const found = new Map<number, LineCounts>();
  const of = (line: number) => {
    let counts = found.get(line);
    if (!counts) {
      counts = { hits: 0, branches: [], callSites: [] };
      found.set(line, counts);
    }
    return counts;
  };
  for (const row of recording.counted) {
    if (row.function < 0 || recording.functions.file[row.function] !== file) {
      continue;
    }
    for (const [line, hits] of row.lines) {
      // Functions that share a line (a comprehension) each run it; the most often is told.
      of(line).hits = Math.max(of(line).hits, hits);
    }
    row.branches.forEach((branch) => of(branch.line).branches.push(branch));
    row.callSites.forEach((site) => of(site.line).callSites.push(site));
  }
  return found;
}

/** Rows of the lines of a file, by the number of the line. */
export function rowsOfFile(recording: Recording, lines: Lines, file: number): Map<number, number> {
  const path = recording.files[file]?.path;
  const rows = new Map<number, number>();
  lines.lines.forEach((line, row) => {
    if (line.file === file || recording.files[line.file]?.path === path) {
      rows.set(line.line, row);
    }
  });
  return rows;
}

/** Instructions of hot places, by place. */
export function instructionsByPlace(recording: Recording): Map<number, Instruction[]> {
  const found = new Map<number, Instruction[]>();
  for (const one of recording.instructions ?? []) {
    const list = found.get(one.place) ?? [];
    list.push(one);
    found.set(one.place, list);
  }
  return found;
}
