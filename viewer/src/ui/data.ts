// What follows from the model and the choices, each thing worked out once and only when asked for.
import { computed, signal } from '@preact/signals';
import { NONE, type Model, type Recording } from '../model.ts';
import { findFirsts, functionKeys, keyTimes, type Firsts, type Keys } from '../analyze/keys.ts';
import { findLines } from '../analyze/lines.ts';
import { matchingFunctions, matchingStacks } from '../analyze/search.ts';
import { select, stackTimes } from '../analyze/selection.ts';
import { shareOf } from '../analyze/shares.ts';
import { nodeTimes, sampleTree } from '../analyze/tree.ts';
import { by, clock, context, fold, group, order, range, rowKind, search, shown } from './state.ts';

export const model = signal<Model | null>(null);

const EMPTY: Recording = {
  name: '',
  summary: {
    command: '',
    python: '',
    processes: 0,
    threads: 0,
    wall_ns: 0,
    cpu_ns: 0,
    samples: 0,
    stopped_samples: 0,
    lost: 0,
    losses: [],
    wanted_rate_hz: 0,
    reached_rate_hz: 0,
    stops: 0,
    time_lost_ns: 0,
    profiler_cpu_ns: 0,
    ended_well: true,
    complete: true,
    damage: [],
  },
  unseenShare: 0,
  clock: 'wall',
  growing: false,
  resolution: 0,
  files: [],
  functions: {
    count: 0,
    name: [],
    file: new Int32Array(),
    firstLine: new Int32Array(),
    kind: new Uint8Array(),
    compiled: new Uint8Array(),
  },
  places: {
    count: 0,
    function: new Int32Array(),
    line: new Int32Array(),
    endLine: new Int32Array(),
    column: new Int32Array(),
    endColumn: new Int32Array(),
  },
  stacks: { count: 0, parent: new Int32Array(), place: new Int32Array() },
  contexts: [],
  samples: {
    count: 0,
    thread: new Int32Array(),
    time: new Float64Array(),
    wall: new Float64Array(),
    cpu: new Float64Array(),
    stack: new Int32Array(),
    state: new Uint8Array(),
    flags: new Uint8Array(),
    looks: new Int32Array(),
    held: new Float64Array(),
    holder: new Int32Array(),
  },
  counted: null,
  instructions: null,
};

/** Number of the recording that is shown: the last one of two unless the other was asked for. */
export const shownIndex = computed(() => {
  const recordings = model.value?.recordings.length ?? 0;
  return Math.max(0, Math.min(shown.value, recordings - 1));
});
export const recording = computed(() => model.value?.recordings[shownIndex.value] ?? EMPTY);
export const comparison = computed(() => model.value?.comparison ?? null);

export const usedClock = computed(() => clock.value ?? recording.value.clock);
const usedContext = computed(() =>
  context.value < recording.value.contexts.length ? context.value : NONE,
);

export const selection = computed(() =>
  select(recording.value, {
    clock: usedClock.value,
    context: usedContext.value,
    range: range.value,
  }),
);
export const times = computed(() => stackTimes(selection.value));

const forTime = computed(() => order.value === 'time');
// In order of time, threads stand one behind the other, so that they must not share boxes.
const usedGroup = computed(() =>
  forTime.value && group.value === 'merged' && severalThreads.value ? 'thread' : group.value,
);
const severalThreads = computed(
  () => recording.value.contexts.filter(({ kind }) => kind === 'thread').length > 1,
);

export const tree = computed(() =>
  sampleTree(recording.value, { by: by.value, group: usedGroup.value, fold: fold.value }),
);
export const treeTimes = computed(() => nodeTimes(tree.value, selection.value));

export const lines = computed(() => findLines(recording.value));

export interface KeySet {
  keys: Keys;
  firsts: Firsts;
}

function keySet(keys: () => Keys) {
  return computed<KeySet>(() => {
    const made = keys();
    return { keys: made, firsts: findFirsts(recording.value, made) };
  });
}

export const functionSet = keySet(() => functionKeys(recording.value));
export const lineSet = keySet(() => lines.value.lineKeys);
export const expressionSet = keySet(() => lines.value.expressionKeys);

function timesOf(set: { readonly value: KeySet }) {
  return computed(() =>
    keyTimes(recording.value, set.value.keys, set.value.firsts, times.value),
  );
}

export const functionTimes = timesOf(functionSet);
export const lineTimes = timesOf(lineSet);
export const expressionTimes = timesOf(expressionSet);

export const tableSet = computed(() => {
  switch (rowKind.value) {
    case 'function':
      return functionSet.value;
    case 'line':
      return lineSet.value;
    case 'expression':
      return expressionSet.value;
  }
});

export const matches = computed(() => matchingFunctions(recording.value, search.value));
export const found = computed(() => {
  const hits = matches.value;
  if (!hits) {
    return null;
  }
  const stacks = matchingStacks(recording.value, hits);
  const { stack } = recording.value.samples;
  const share = shareOf(selection.value, (row) => stack[row]! >= 0 && stacks[stack[row]!] === 1);
  let functions = 0;
  const { total } = functionTimes.value;
  for (let id = 0; id < hits.length; ++id) {
    functions += hits[id] === 1 && total[id]! > 0 ? 1 : 0;
  }
  return { share, functions };
});

/** Verdicts and relative changes of functions and places of the recording that is shown. */
export const changes = computed(() => {
  const made = comparison.value;
  if (!made) {
    return null;
  }
  const second = shownIndex.value === 1;
  const ofFunction = new Map<number, (typeof made.changes)[number]>();
  const ofPlace = new Map<number, (typeof made.changes)[number]>();
  for (const change of made.changes) {
    const id = second ? change.b : change.a;
    if (id >= 0) {
      (change.kind === 'function' ? ofFunction : ofPlace).set(id, change);
    }
  }
  return { ofFunction, ofPlace };
});
