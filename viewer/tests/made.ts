// Small recordings, written as a person would draw them.
import type { Clock, Recording } from '../src/model.ts';
import { decodeModel } from '../src/load/decode.ts';

interface Row {
  /** Frames from the root: `function`, or `function:line`, or `function:line:column-end`. */
  stack: string;
  wall?: number;
  cpu?: number;
  state?: number;
  thread?: number;
  count?: number;
}

/** JSON of a recording in which each row of samples follows the one before without a gap. */
export function madeJson(rows: readonly Row[], text: string | null = null) {
  const functions: string[] = [];
  const places: string[] = [];
  const stacks: string[] = [];
  const parents: number[] = [];
  const stackPlaces: number[] = [];
  const number = (list: string[], name: string) => {
    const known = list.indexOf(name);
    return known >= 0 ? known : list.push(name) - 1;
  };
  const stackOf = (path: string): number => {
    let parent = -1;
    const frames = path.split(' ').filter((frame) => frame !== '');
    frames.forEach((frame, depth) => {
      const way = frames.slice(0, depth + 1).join(' ');
      let row = stacks.indexOf(way);
      if (row < 0) {
        row = stacks.push(way) - 1;
        parents.push(parent);
        stackPlaces.push(number(places, frame));
        number(functions, frame.split(':')[0]!);
      }
      parent = row;
    });
    return parent;
  };
  const delta = (values: number[]) => values.map((value, i) => value - (values[i - 1] ?? 0));
  const clocks = new Map<number, number>();
  const times = rows.map(({ wall = 10, thread = 1 }) => {
    const time = (clocks.get(thread) ?? 0) + wall;
    clocks.set(thread, time);
    return time;
  });
  const stack = rows.map((row) => stackOf(row.stack));
  const column = (part: 'column' | 'end') =>
    places.map((place) => {
      const range = place.split(':')[2]?.split('-').map(Number);
      return range ? range[part === 'column' ? 0 : 1]! : -1;
    });
  const lines = places.map((place) => Number(place.split(':')[1] ?? 1));
  return {
    format: 'lancehead-page',
    version: 1,
    recordings: [
      {
        name: 'made',
        summary: { command: 'made' },
        unseen_share: 0,
        clock: 'wall' as Clock,
        growing: false,
        resolution_ns: 0,
        files: [{ path: '/made.py', module: 'made', own: true, text }],
        functions: {
          name: functions,
          file: functions.map(() => 0),
          first_line: functions.map(() => 1),
          kind: functions.map(() => 0),
        },
        places: {
          function: places.map((place) => functions.indexOf(place.split(':')[0]!)),
          line: lines,
          end_line: lines,
          column: column('column'),
          end_column: column('end'),
        },
        stacks: { parent: parents, place: stackPlaces },
        contexts: [
          { kind: 'process', parent: -1, os_id: 1, name: 'p', begin_ns: 0, end_ns: 1e9 },
          { kind: 'thread', parent: 0, os_id: 1, name: 'one', begin_ns: 0, end_ns: 1e9 },
          { kind: 'thread', parent: 0, os_id: 2, name: 'two', begin_ns: 0, end_ns: 1e9 },
        ],
        samples: {
          thread: delta(rows.map(({ thread = 1 }) => thread)),
          time: delta(times),
          wall: rows.map(({ wall = 10 }) => wall),
          cpu: rows.map(({ cpu, wall = 10 }) => cpu ?? wall),
          stack: delta(stack),
          state: rows.map(({ state = 0 }) => state),
          flags: rows.map(() => 0),
          count: rows.map(({ count = 1 }) => count),
          held: rows.map(() => 0),
        },
        waits: { sample: [], holder: [] },
        counted: null,
        instructions: null,
      },
    ],
  };
}

export function made(rows: readonly Row[], text: string | null = null): Recording {
  return decodeModel(madeJson(rows, text)).recordings[0]!;
}

/** The last result of work in slices. */
export function finish<T>(work: Generator<undefined, T>): T {
  for (;;) {
    const step = work.next();
    if (step.done) {
      return step.value;
    }
  }
}
