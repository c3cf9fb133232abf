// Frames whose name or file holds a text.
import type { Recording } from '../model.ts';

/** For each function whether it matches; null where nothing is searched for. */
export function matchingFunctions(recording: Recording, text: string): Uint8Array | null {
  const wanted = text.trim().toLowerCase();
  if (wanted === '') {
    return null;
  }
  const { functions, files } = recording;
  const ofFile = files.map((file) => file.path.toLowerCase().includes(wanted));
  return Uint8Array.from(functions.name, (name, id) =>
    name.toLowerCase().includes(wanted) || ofFile[functions.file[id]!] === true ? 1 : 0,
  );
}

/** For each stack whether any of its frames matches. */
export function matchingStacks(recording: Recording, matches: Uint8Array): Int32Array {
  const { stacks, places } = recording;
  const hits = new Int32Array(stacks.count);
  for (let stack = 0; stack < stacks.count; ++stack) {
    const parent = stacks.parent[stack]!;
    const place = stacks.place[stack]!;
    const owner = place < 0 ? -1 : places.function[place]!;
    hits[stack] =
      (parent >= 0 && hits[parent] === 1) || (owner >= 0 && matches[owner] === 1) ? 1 : 0;
  }
  return hits;
}
