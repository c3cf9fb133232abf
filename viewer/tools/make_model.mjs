// Makes models (MODEL.md) to look at and to test with.
//
//   node tools/make_model.mjs KIND FILE [--page PAGE]
//
// KIND is small, big, hostile, counted or compared. FILE gets the gzip of the JSON; with --page it gets
// the page PAGE with the data inside.
import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { gzipSync } from 'node:zlib';

/** A small generator with a seed (mulberry32): the same model in every run. */
function random(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

function deltas(values) {
  let last = 0;
  return values.map((value) => {
    const step = value - last;
    last = value;
    return step;
  });
}

class Recorder {
  files = [];
  functions = { name: [], file: [], first_line: [], kind: [] };
  places = { function: [], line: [], end_line: [], column: [], end_column: [] };
  stacks = { parent: [], place: [] };
  contexts = [];
  rows = [];
  waits = { sample: [], holder: [] };

  file(path, module, own, text) {
    this.files.push({ path, module, own, text });
    return this.files.length - 1;
  }

  function(name, file, first_line, kind = 0) {
    const { functions } = this;
    functions.name.push(name);
    functions.file.push(file);
    functions.first_line.push(first_line);
    functions.kind.push(kind);
    return functions.name.length - 1;
  }

  place(owner, line, column = -1, end_column = -1, end_line = line) {
    const { places } = this;
    places.function.push(owner);
    places.line.push(line);
    places.end_line.push(end_line);
    places.column.push(column);
    places.end_column.push(end_column);
    return places.function.length - 1;
  }

  stack(parent, place) {
    this.stacks.parent.push(parent);
    this.stacks.place.push(place);
    return this.stacks.parent.length - 1;
  }

  context(kind, parent, os_id, name, begin_ns, end_ns) {
    this.contexts.push({ kind, parent, os_id, name, begin_ns, end_ns });
    return this.contexts.length - 1;
  }

  sample(row) {
    this.rows.push({ state: 0, flags: 2, count: 1, held: 0, ...row });
    return this.rows.length - 1;
  }

  finish(more) {
    const column = (name) => this.rows.map((row) => row[name]);
    const wall = this.rows.reduce((most, row) => Math.max(most, row.time), 0);
    return {
      name: 'made.lancehead',
      unseen_share: 0.002,
      clock: 'wall',
      growing: false,
      resolution_ns: 0,
      files: this.files,
      functions: this.functions,
      places: this.places,
      stacks: this.stacks,
      contexts: this.contexts,
      samples: {
        thread: deltas(column('thread')),
        time: deltas(column('time')),
        wall: column('wall'),
        cpu: column('cpu'),
        stack: deltas(column('stack')),
        state: column('state'),
        flags: column('flags'),
        count: column('count'),
        held: column('held'),
      },
      waits: this.waits,
      counted: null,
      instructions: null,
      ...more,
      summary: {
        command: 'python made.py --rows 100000',
        python: '3.13.0',
        processes: this.contexts.filter(({ kind }) => kind === 'process').length,
        threads: this.contexts.filter(({ kind }) => kind === 'thread').length,
        wall_ns: wall,
        cpu_ns: Math.round(column('cpu').reduce((sum, cpu) => sum + cpu, 0)),
        samples: this.rows.length,
        stopped_samples: 0,
        lost: 12,
        losses: [
          { reason: 'late', count: 9, ns: 9e6 },
          { reason: 'changed', count: 3, ns: 3e6 },
        ],
        wanted_rate_hz: 1000,
        reached_rate_hz: 998.5,
        stops: 0,
        time_lost_ns: 1.2e6,
        profiler_cpu_ns: 31e6,
        ended_well: true,
        complete: true,
        damage: [],
        ...more?.summary,
      },
    };
  }
}

const PROGRAM = `"""Words of a text, counted."""
import json
import re

WORD = re.compile(r"[\\w']+")


def read(path):
    with open(path, encoding="utf-8") as lines:
        return lines.read()


def count(text):
    found = {}
    for word in WORD.findall(text.lower()):
        if len(word) > 3 and not word.isdigit():
            found[word] = found.get(word, 0) + 1
    return found


def weigh(found, größe, 名前="ß"):
    return sum(n * len(w) ** 2 for w, n in found.items()) + größe * len("🐍" + 名前)


def walk(node, depth=0):
    if depth < 12:
        return walk(node, depth + 1) + 1
    return weigh(node, 3)


def main():
    text = read("words.txt")
    for _ in range(100):
        found = count(text)
        walk(found)
    print(json.dumps(found))
`;

const JSON_TEXT = `def dumps(obj):
    return encode(obj)


def encode(obj):
    return "".join(str(x) for x in obj)
`;

/** Bytes of UTF-8 before and after the first \`part\` of a line. */
function columns(text, line, part) {
  const source = text.split('\n')[line - 1];
  const at = source.indexOf(part);
  if (at < 0) {
    throw new Error(`line ${line} has no ${part}`);
  }
  const begin = Buffer.byteLength(source.slice(0, at));
  return [begin, begin + Buffer.byteLength(part)];
}

/** A program of three threads in two processes; \`slow\` makes one line slower. */
function small({ seed = 1, slow = 1, counted = false, name = 'small.lancehead' } = {}) {
  const draw = random(seed);
  const make = new Recorder();
  const own = make.file('/home/me/words/words.py', 'words', true, PROGRAM);
  const json = make.file('/usr/lib/python3.13/json/__init__.py', 'json', false, JSON_TEXT);
  const gone = make.file('<frozen importlib._bootstrap>', 'importlib', false, null);
  const f = {
    module: make.function('<module>', own, 1),
    read: make.function('read', own, 8),
    count: make.function('count', own, 13),
    weigh: make.function('weigh', own, 21),
    genexpr: make.function('weigh.<locals>.<genexpr>', own, 22),
    walk: make.function('walk', own, 25),
    main: make.function('main', own, 31),
    dumps: make.function('dumps', json, 1),
    encode: make.function('encode', json, 5),
    load: make.function('_find_and_load', gone, 1360),
    findall: make.function('re.Pattern.findall', -1, 0, 2),
    native: make.function('_sre_match', -1, 0, 1),
  };
  const at = (owner, line, part) => {
    const text = owner === f.dumps || owner === f.encode ? JSON_TEXT : PROGRAM;
    return part === undefined
      ? make.place(owner, line)
      : make.place(owner, line, ...columns(text, line, part));
  };
  const process = make.context('process', -1, 4100, 'python', 0, 4e9);
  const threads = [
    make.context('thread', process, 4100, 'MainThread', 0, 4e9),
    make.context('thread', process, 4107, 'reader-1', 2e8, 3.6e9),
  ];
  const child = make.context('process', process, 4200, null, 1e9, 3e9);
  threads.push(make.context('thread', child, 4200, 'MainThread', 1e9, 3e9));

  const root = make.stack(-1, at(f.module, 31, 'def main():'));
  const main = (line, part) => make.stack(root, at(f.main, line, part));
  const inCount = main(34, 'count(text)');
  const inWalk = main(35, 'walk(found)');
  const leaves = [];
  const leaf = (stack, weight) => leaves.push({ stack, weight });
  leaf(make.stack(main(32, 'read("words.txt")'), at(f.read, 10, 'lines.read()')), 4);
  const findall = make.stack(inCount, at(f.count, 15, 'WORD.findall(text.lower())'));
  const builtin = make.stack(findall, make.place(f.findall, 0));
  leaf(make.stack(builtin, make.place(f.native, 0)), 18);
  leaf(make.stack(inCount, at(f.count, 15, 'text.lower()')), 3);
  leaf(make.stack(inCount, at(f.count, 16, 'len(word) > 3')), 6);
  leaf(make.stack(inCount, at(f.count, 16, 'word.isdigit()')), 9);
  leaf(make.stack(inCount, at(f.count, 17, 'found.get(word, 0)')), 14 * slow);
  leaf(make.stack(inCount, at(f.count, 17, 'found.get(word, 0) + 1')), 5);
  leaf(make.stack(inCount, at(f.count, 17, 'found[word] = found.get(word, 0) + 1')), 4);
  let walk = inWalk;
  for (let depth = 0; depth < 6; ++depth) {
    walk = make.stack(walk, at(f.walk, 27, 'walk(node, depth + 1)'));
    leaf(make.stack(walk, at(f.walk, 26, 'depth < 12')), 0.6);
  }
  const weigh = make.stack(walk, at(f.walk, 28, 'weigh(node, 3)'));
  const sum = make.stack(weigh, at(f.weigh, 22, 'sum(n * len(w) ** 2 for w, n in found.items())'));
  leaf(make.stack(sum, at(f.genexpr, 22, 'n * len(w) ** 2')), 7);
  leaf(make.stack(sum, at(f.genexpr, 22, 'len(w) ** 2')), 9);
  leaf(make.stack(sum, at(f.genexpr, 22, 'len(w)')), 4);
  leaf(make.stack(weigh, at(f.weigh, 22, 'len("🐍" + 名前)')), 3);
  leaf(make.stack(weigh, at(f.weigh, 22, '"🐍" + 名前')), 2);
  const dumps = make.stack(main(36, 'json.dumps(found)'), at(f.dumps, 2, 'encode(obj)'));
  leaf(make.stack(dumps, at(f.encode, 6, 'str(x)')), 5);
  leaf(make.stack(root, at(f.load, 1360)), 2);
  const all = leaves.reduce((total, { weight }) => total + weight, 0);
  const pick = () => {
    let rest = draw() * all;
    return (leaves.find(({ weight }) => (rest -= weight) < 0) ?? leaves[0]).stack;
  };
  const busyWith = (row, stack) => make.sample({ ...row, stack, cpu: Math.round(row.wall * 0.97) });
  threads.forEach((thread, which) => {
    const { begin_ns, end_ns } = make.contexts[thread];
    let stack = pick();
    for (let time = begin_ns; time < end_ns;) {
      const wall = Math.round(1e6 + draw() * 1e6);
      time += wall;
      if (draw() < 0.3) {
        stack = pick();
      }
      const row = { thread, time, wall };
      const dice = draw();
      if (which === 1 && dice < 0.45) {
        const sample = make.sample({ ...row, stack, cpu: 0, state: 1, flags: 0 });
        make.waits.sample.push(sample);
        make.waits.holder.push(threads[0]);
      } else if (which === 2 && dice < 0.5) {
        make.sample({ ...row, stack: leaves[0].stack, cpu: 0, state: 2, flags: 0 });
      } else if (which === 0 && time > 2e9 && time < 2.15e9) {
        make.sample({ ...row, stack, cpu: wall, flags: 3 });
      } else {
        busyWith(row, stack);
      }
    }
  });
  const place = make.places.line.findIndex(
    (line, i) => line === 17 && make.places.end_column[i] > 0,
  );
  return make.finish({
    name,
    instructions: {
      place: [place, place, place + 1],
      text: ['CALL_METHOD_DESCRIPTOR_FAST found.get', 'LOAD_FAST word', 'BINARY_OP_ADD_INT +'],
      form: ['specialised', '', 'adaptive'],
    },
    counted: counted
      ? [
          {
            function: f.count,
            calls: 100,
            lines: [
              [14, 100],
              [15, 1200100],
              [16, 1200000],
              [17, 734211],
              [18, 100],
            ],
            branches: [
              {
                line: 15,
                column: 4,
                end_line: 17,
                end_column: 48,
                kind: 'loop',
                yes: 1200000,
                no: 100,
              },
              {
                line: 16,
                column: 11,
                end_line: 16,
                end_column: 24,
                kind: 'condition',
                yes: 760000,
                no: 440000,
              },
            ],
            call_sites: [{ line: 17, column: 26, end_line: 17, end_column: 44, calls: 734211 }],
          },
          {
            function: f.walk,
            calls: 1300,
            lines: [
              [26, 1300],
              [27, 1200],
              [28, 100],
            ],
            branches: [
              {
                line: 26,
                column: null,
                end_line: 26,
                end_column: null,
                kind: 'condition',
                yes: 1200,
                no: 100,
              },
            ],
            call_sites: [],
          },
          {
            function: f.read,
            calls: 1,
            lines: [
              [9, 1],
              [10, 1],
              [11, 0],
            ],
            branches: [],
            call_sites: [],
          },
        ]
      : null,
  });
}

/** As much as the page is ever given: 250 000 rows, 100 000 stacks. */
function big({ rows = 250000, stacks = 100000, functions = 6000, files = 240, threads = 12 } = {}) {
  const draw = random(7);
  const make = new Recorder();
  for (let i = 0; i < files; ++i) {
    const lines = Array.from({ length: 900 }, (_, line) =>
      line % 9 === 0
        ? `def function_${i}_${line}(value, other):`
        : `    value = other.call_${line}(value + ${line}, "text ${i}")  # line ${line}`,
    );
    make.file(
      `/srv/app/package_${i % 40}/module_${i}.py`,
      `package_${i % 40}`,
      i < 60,
      lines.join('\n') + '\n',
    );
  }
  for (let i = 0; i < functions; ++i) {
    const line = 1 + 9 * Math.floor(draw() * 99);
    make.function(`Class${i % 500}.method_${i}`, i % files, line);
  }
  const places = [];
  for (let i = 0; i < functions; ++i) {
    const lines = [1, 2, 3, 5].map((more) => make.functions.first_line[i] + more);
    places.push(
      lines.flatMap((line) => [
        make.place(i, line, 12, 60),
        make.place(i, line, 12, 24),
        make.place(i, line),
      ]),
    );
  }
  const depth = [];
  const calls = Array.from({ length: functions }, () =>
    Array.from({ length: 5 }, () => Math.floor(draw() * functions)),
  );
  const tops = [];
  for (let i = 0; i < stacks; ++i) {
    // Mostly deeper, below a recent stack: real trees are long and thin.
    const parent =
      i < 10
        ? -1
        : draw() < 0.7
          ? Math.floor(i - 1 - draw() * Math.min(i, 40))
          : Math.floor(draw() * i);
    const isDeep = parent >= 0 && depth[parent] > 60;
    const from = isDeep ? Math.floor(draw() * 10) : parent;
    const owner = from < 0 ? i % functions : calls[tops[from]][Math.floor(draw() ** 2 * 5)];
    const choices = places[owner];
    make.stack(from, choices[Math.floor(draw() * choices.length)]);
    depth.push(from < 0 ? 0 : depth[from] + 1);
    tops.push(owner);
  }
  const process = make.context('process', -1, 100, 'python', 0, 120e9);
  const perThread = Math.ceil(rows / threads);
  for (let t = 0; t < threads; ++t) {
    const thread = make.context('thread', process, 101 + t, `worker-${t}`, 0, 120e9);
    let stack = Math.floor(draw() * stacks);
    let time = 0;
    for (let i = 0; i < perThread && make.rows.length < rows; ++i) {
      const wall = Math.round((120e9 / perThread) * (0.6 + 0.8 * draw()));
      time += wall;
      if (draw() < 0.6) {
        stack = Math.floor(draw() * stacks);
      }
      const dice = draw();
      const state = dice < 0.7 ? 0 : dice < 0.85 ? 1 : 2;
      const sample = make.sample({
        thread,
        time,
        wall,
        stack,
        state,
        cpu: state === 0 ? Math.round(wall * 0.95) : 0,
        flags: (state === 0 ? 2 : 0) + (draw() < 0.01 ? 1 : 0),
        count: 4,
      });
      if (state === 1) {
        make.waits.sample.push(sample);
        make.waits.holder.push(1 + Math.floor(draw() * (t + 1)));
      }
    }
  }
  return make.finish({ name: 'big.lancehead', resolution_ns: 1e6, clock: 'busy' });
}

const HOSTILE = [
  '<script>window.hit = 1</script>',
  '"><img src=x onerror="window.hit=1">',
  '</script><!-- &lt;b&gt; -->',
  "'; alert(1); //",
  'user\u202egpj.exe\u2066\u2069',
  'zero\u200bwidth\u200d\ufeff\u00ad',
  'null\u0000byte\u001b[31mred\u0007\n\ttwo',
  'שלום עולם',
  '👩‍👩‍👧‍👦🐍𝒳',
  '\ud800lone',
  'x'.repeat(10000),
  '=cmd|calc!A1',
  '__proto__',
  'constructor',
  '%POLICY% $& $1',
  '',
];

function hostile() {
  const make = new Recorder();
  const text = HOSTILE.map(
    (name) => `value = ${JSON.stringify(name)} + other  # ${name.slice(0, 200)}`,
  ).join('\n');
  const process = make.context('process', -1, 1, HOSTILE[0], 0, 1e9);
  const thread = make.context('thread', process, 2, HOSTILE[4], 0, 1e9);
  let parent = -1;
  let time = 0;
  HOSTILE.forEach((name, i) => {
    const file = make.file(`/tmp/${name}.py`, name.slice(0, 40), i % 2 === 0, text);
    const owner = make.function(name, file, i + 1);
    const stack = make.stack(parent, make.place(owner, i + 1, 8, 30));
    parent = stack;
    for (let n = 0; n < 20; ++n) {
      time += 1e6;
      make.sample({ thread, time, wall: 1e6, cpu: 1e6, stack });
    }
  });
  return make.finish({
    name: HOSTILE[1],
    instructions: { place: [0], text: [HOSTILE[0]], form: ['specialised'] },
    summary: {
      command: HOSTILE.join(' '),
      damage: [HOSTILE[1], HOSTILE[4]],
      complete: false,
      python: HOSTILE[0],
    },
  });
}

function timesByFunction(recording) {
  const times = new Map();
  let stack = 0;
  recording.samples.stack.forEach((step, row) => {
    stack += step;
    const owner = recording.places.function[recording.stacks.place[stack]];
    times.set(owner, (times.get(owner) ?? 0) + recording.samples.wall[row]);
  });
  return times;
}

function compared() {
  const before = small({ name: 'before.lancehead' });
  const after = small({ seed: 2, slow: 2.6, name: 'after.lancehead' });
  const [a, b] = [timesByFunction(before), timesByFunction(after)];
  const change = (kind, id, from, to) => {
    const noise = 0.06 * Math.max(from, to) + 2e7;
    const difference = to - from;
    const verdict = Math.abs(difference) < noise ? 'same' : difference > 0 ? 'slower' : 'faster';
    return {
      kind,
      a: id,
      b: id,
      before_ns: from,
      after_ns: to,
      low_ns: difference - noise,
      high_ns: difference + noise,
      verdict,
    };
  };
  const changes = after.functions.name.map((_, id) =>
    change('function', id, a.get(id) ?? 0, b.get(id) ?? 0),
  );
  const place = after.places.line.indexOf(17);
  changes.push(change('line', place, 1.1e9, 2.1e9));
  changes.push(change('expression', place, 0.7e9, 1.7e9));
  return {
    recordings: [before, after],
    comparison: {
      functions: after.functions.name.map((_, id) => id),
      lines: [{ file: 0, other: 0, runs: [[1, 1, PROGRAM.split('\n').length]] }],
      changes,
      verdict: 'The second run is slower: count takes longer.',
    },
  };
}

const KINDS = {
  small: () => ({ recordings: [small()] }),
  counted: () => ({ recordings: [small({ counted: true })] }),
  big: () => ({ recordings: [big()] }),
  hostile: () => ({ recordings: [hostile()] }),
  compared,
};

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { page: { type: 'string' } },
});
const [kind, file] = positionals;
if (!file || !(kind in KINDS)) {
  throw new Error(`usage: make_model.mjs ${Object.keys(KINDS).join('|')} FILE [--page PAGE]`);
}
const model = { format: 'lancehead-page', version: 1, ...KINDS[kind]() };
const packed = gzipSync(JSON.stringify(model));
if (values.page) {
  const data = `<script id="lancehead-data" type="application/octet-stream">${packed.toString('base64')}</script>`;
  writeFileSync(
    file,
    readFileSync(values.page, 'utf8').replace('<!--lancehead-data-->', () => data),
  );
} else {
  writeFileSync(file, packed);
}
