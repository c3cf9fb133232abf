// What the person has chosen. All of it stands in the address, so that a view can be shared.
import { signal, batch, effect, untracked } from '@preact/signals';
import { CLOCKS, NONE, type Clock } from '../model.ts';
import type { TimeRange } from '../analyze/selection.ts';
import type { FrameBy, GroupBy } from '../analyze/tree.ts';

export const VIEWS = [
  'overview',
  'flame',
  'sunburst',
  'sandwich',
  'source',
  'table',
  'changes',
] as const;
export type View = (typeof VIEWS)[number];

export const ORDERS = ['heavy', 'time'] as const;
export type Order = (typeof ORDERS)[number];
export const DIRECTIONS = ['callers', 'callees'] as const;
/** Which end of a stack stands at the root. */
export type Direction = (typeof DIRECTIONS)[number];
const BYS = ['function', 'line'] as const satisfies readonly FrameBy[];
const GROUPS = ['merged', 'process', 'thread'] as const satisfies readonly GroupBy[];
export const ROW_KINDS = ['function', 'line', 'expression'] as const;
export type RowKind = (typeof ROW_KINDS)[number];
export const THEMES = ['auto', 'light', 'dark'] as const;
export type Theme = (typeof THEMES)[number];

export const view = signal<View>('overview');
/** A thread or a process; NONE is all. */
export const context = signal(NONE);
/** null is the recording's own. */
export const clock = signal<Clock | null>(null);
export const range = signal<TimeRange | null>(null);
export const search = signal('');
/** Which recording of two is shown. */
export const shown = signal(1);

export const by = signal<FrameBy>('function');
export const group = signal<GroupBy>('merged');
export const order = signal<Order>('heavy');
export const direction = signal<Direction>('callers');
/** Roots at the bottom. */
export const upward = signal(false);
export const fold = signal(false);
/** Keys from the root to the node that fills the width. */
export const zoom = signal<readonly number[]>([]);
/** The part of the axis that is shown in order of time, 0 to 1. */
export const span = signal<TimeRange | null>(null);

/** The function that details, callers and callees are of; NONE. */
export const chosen = signal(NONE);
export const file = signal(NONE);
export const line = signal(0);

export const rowKind = signal<RowKind>('function');
export const sort = signal('self');
export const ascending = signal(false);
export const rowFilter = signal('');

export const theme = signal<Theme>('auto');

interface Field {
  name: string;
  /** Empty where the field has its first value. */
  write(): string;
  read(text: string): void;
  /** Whether a change makes a step for the browser's back button. */
  steps: boolean;
}

function field<T>(
  name: string,
  target: { value: T },
  toText: (value: T) => string,
  fromText: (text: string) => T,
  steps = false,
): Field {
  const first = target.value;
  return {
    name,
    steps,
    write: () => (target.value === first ? '' : toText(target.value)),
    read: (text) => (target.value = text === '' ? first : fromText(text)),
  };
}

function choice<T extends string>(
  name: string,
  target: { value: T },
  values: readonly T[],
  steps = false,
): Field {
  const first = target.value;
  return field(name, target, String, (text) => values.find((one) => one === text) ?? first, steps);
}

function number(name: string, target: { value: number }, steps = false): Field {
  const first = target.value;
  const read = (text: string) => {
    const value = Number.parseInt(text, 10);
    return Number.isSafeInteger(value) ? value : first;
  };
  return field(name, target, String, read, steps);
}

function flag(name: string, target: { value: boolean }): Field {
  return field(
    name,
    target,
    (value) => (value ? '1' : '0'),
    (text) => text === '1',
  );
}

function pair(name: string, target: { value: TimeRange | null }): Field {
  return field(
    name,
    target,
    (value) => (value ? `${value.begin}_${value.end}` : ''),
    (text) => {
      const [begin = NaN, end = NaN] = text.split('_').map(Number);
      return Number.isFinite(begin) && Number.isFinite(end) && begin < end ? { begin, end } : null;
    },
  );
}

const text = (name: string, target: { value: string }) => field(name, target, String, String);

const FIELDS: Field[] = [
  choice('view', view, VIEWS, true),
  number('thread', context),
  field(
    'clock',
    clock,
    (value) => value ?? '',
    (value): Clock | null => CLOCKS.find((one) => one === value) ?? null,
  ),
  pair('range', range),
  text('search', search),
  number('run', shown),
  choice('by', by, BYS),
  choice('group', group, GROUPS),
  choice('order', order, ORDERS),
  choice('from', direction, DIRECTIONS),
  flag('up', upward),
  flag('fold', fold),
  field<readonly number[]>(
    'zoom',
    zoom,
    (keys) => keys.map((key) => key.toString(36)).join('.'),
    (value) =>
      value
        .split('.')
        .map((key) => Number.parseInt(key, 36))
        .filter(Number.isSafeInteger),
    true,
  ),
  pair('span', span),
  number('chosen', chosen, true),
  number('file', file, true),
  number('line', line, true),
  choice('rows', rowKind, ROW_KINDS),
  text('sort', sort),
  flag('rising', ascending),
  text('filter', rowFilter),
  choice('theme', theme, THEMES),
];

function toHash(fields: Field[]): string {
  const parts = new URLSearchParams();
  for (const one of fields) {
    const value = one.write();
    if (value !== '') {
      parts.set(one.name, value);
    }
  }
  return parts.toString();
}

function readHash(): void {
  const parts = new URLSearchParams(location.hash.slice(1));
  batch(() => {
    for (const one of FIELDS) {
      const value = parts.get(one.name) ?? '';
      if (one.write() !== value) {
        one.read(value);
      }
    }
  });
}

/** Reads the address, and keeps it and the choices alike from now on. */
export function followAddress(): void {
  readHash();
  let steps = toHash(FIELDS.filter((one) => one.steps));
  let timer: number | undefined;
  let isFirst = true;
  const write = () => {
    timer = undefined;
    const next = untracked(() => toHash(FIELDS.filter((one) => one.steps)));
    const hash = '#' + untracked(() => toHash(FIELDS));
    if (hash === (location.hash || '#')) {
      return;
    }
    if (next === steps) {
      history.replaceState(null, '', hash);
    } else {
      history.pushState(null, '', hash);
    }
    steps = next;
  };
  effect(() => {
    toHash(FIELDS);
    if (isFirst) {
      isFirst = false;
      return;
    }
    // A drag changes the range for each frame; browsers refuse so many changes of the address.
    timer ??= window.setTimeout(write, 150);
  });
  const follow = () => {
    window.clearTimeout(timer);
    timer = undefined;
    readHash();
    steps = toHash(FIELDS.filter((one) => one.steps));
  };
  window.addEventListener('popstate', follow);
  window.addEventListener('hashchange', follow);
}

/** Shows a line of a file. */
export function goToLine(toFile: number, toLine: number): void {
  batch(() => {
    file.value = toFile;
    line.value = toLine;
    view.value = 'source';
  });
}

/** Shows what a function is called from and calls. */
export function goSandwich(id: number): void {
  batch(() => {
    chosen.value = id;
    view.value = 'sandwich';
  });
}
