// Colours: of modules, of heat, of change. All can be told apart by colour-blind people.
import { FunctionKind, type Change, type Recording } from '../model.ts';

// Paul Tol's "light" scheme, made for black text on fields.
const MODULES: readonly [number, number, number][] = [
  [119, 170, 221],
  [238, 136, 102],
  [238, 221, 136],
  [255, 170, 187],
  [153, 221, 255],
  [68, 187, 153],
  [187, 204, 51],
  [170, 170, 0],
];
const PLAIN: [number, number, number] = [205, 205, 205];

/** FNV-1a: the same text has the same colour in every recording. */
export function stableHash(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; ++i) {
    hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  }
  hash ^= hash >>> 13;
  return Math.imul(hash, 0x5bd1e995) >>> 0;
}

function css([r, g, b]: readonly [number, number, number], light: number): string {
  const part = (value: number) => Math.round(Math.min(255, Math.max(0, value * light)));
  return `rgb(${part(r)},${part(g)},${part(b)})`;
}

/** The colour of a module's functions: one hue for the module, a shade for the function. */
export function moduleColor(module: string, name: string, native: boolean, dark: boolean): string {
  const base = native || module === '' ? PLAIN : MODULES[stableHash(module) % MODULES.length]!;
  const shade = ((stableHash(name) % 7) - 3) * 0.022;
  return css(base, (dark ? 0.86 : 1) + shade);
}

/** A colour for each function of a recording. */
export function functionColors(recording: Recording, dark: boolean): string[] {
  const { functions, files } = recording;
  return functions.name.map((name, id) => {
    const kind = functions.kind[id]! as FunctionKind;
    const native = kind === FunctionKind.Native || kind === FunctionKind.Builtin;
    return moduleColor(files[functions.file[id]!]?.module ?? '', name, native, dark);
  });
}

/** Heat as a colour to lay over a background; `part` from 0 to 1. */
export function heat(part: number): string {
  if (!(part > 0)) {
    return 'transparent';
  }
  const alpha = 0.1 + 0.65 * Math.sqrt(Math.min(1, part));
  return `rgba(230,97,1,${alpha.toFixed(3)})`;
}

const SLOWER: [number, number, number] = [230, 97, 1];
const FASTER: [number, number, number] = [60, 130, 210];

/** From blue (faster) over grey (the same, or within the noise) to orange (slower). */
export function changeColor(change: Change | undefined, dark: boolean): string {
  const grey: [number, number, number] = dark ? [150, 150, 150] : [208, 208, 208];
  if (!change || change.verdict === 'same') {
    return css(grey, 1);
  }
  const most = Math.max(change.before, change.after, 1);
  const part = 0.35 + 0.65 * Math.min(1, Math.abs(change.after - change.before) / most);
  const end = change.verdict === 'slower' ? SLOWER : FASTER;
  const mix = (i: 0 | 1 | 2) => grey[i] + (end[i] - grey[i]) * part;
  return css([mix(0), mix(1), mix(2)], 1);
}

/** Colours of a thread's states on the timeline; also told apart by lightness. */
export const STATE_COLORS = {
  light: ['#1b9e77', '#e66101', '#c3c9d4', '#8a8f99', '#e3d9c8'],
  dark: ['#35c69a', '#fd8d3c', '#4a5160', '#6b7280', '#5c5546'],
};
export const GC_COLOR = '#c51b7d';
