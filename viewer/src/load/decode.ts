// From the JSON of MODEL.md to the model, believing nothing.
import {
  CLOCKS,
  NONE,
  type Change,
  type ChangeKind,
  type Clock,
  type Comparison,
  type Context,
  type Functions,
  type Instruction,
  type Model,
  type Places,
  type Recording,
  type Samples,
  type SourceFile,
  type Stacks,
  type Verdict,
} from '../model.ts';
import { decodeCounted } from './decode_counted.ts';
import { decodeSummary } from './decode_summary.ts';
import {
  ModelError,
  asArray,
  asNumber,
  asObject,
  asText,
  checkIds,
  fail,
  fill,
  numberOr,
  textOr,
  type Json,
} from './reader.ts';

const VERSION = 1;

function decodeFile(value: unknown, row: number): SourceFile {
  const where = `files[${row}]`;
  const file = asObject(value, where);
  return {
    path: asText(file['path'], `${where}.path`),
    module: textOr(file['module'], '', `${where}.module`),
    own: file['own'] === true || file['own'] === 1,
    text: textOr(file['text'], null, `${where}.text`),
  };
}

function decodeFunctions(value: unknown, files: number): Functions {
  const columns = asObject(value, 'functions');
  const name = asArray(columns['name'], 'functions.name');
  const count = name.length;
  const compiled = new Uint8Array(count);
  if (columns['compiled'] !== undefined && columns['compiled'] !== null) {
    fill(compiled, columns['compiled'], 'functions.compiled');
  }
  const file = fill(new Int32Array(count), columns['file'], 'functions.file');
  return {
    count,
    name: name.map((text, row) => asText(text, `functions.name[${row}]`)),
    file: checkIds(file, files, 'functions.file', true),
    firstLine: fill(new Int32Array(count), columns['first_line'], 'functions.first_line'),
    kind: fill(new Uint8Array(count), columns['kind'], 'functions.kind'),
    compiled,
  };
}

function decodePlaces(value: unknown, functions: number): Places {
  const columns = asObject(value, 'places');
  const count = asArray(columns['function'], 'places.function').length;
  const column = (name: string) =>
    fill(new Int32Array(count), columns[name], `places.${name}`);
  return {
    count,
    function: checkIds(column('function'), functions, 'places.function', true),
    line: column('line'),
    endLine: column('end_line'),
    column: column('column'),
    endColumn: column('end_column'),
  };
}

function decodeStacks(value: unknown, places: number): Stacks {
  const columns = asObject(value, 'stacks');
  const count = asArray(columns['parent'], 'stacks.parent').length;
  const parent = fill(new Int32Array(count), columns['parent'], 'stacks.parent');
  for (let row = 0; row < count; ++row) {
    if (parent[row]! < NONE || parent[row]! >= row) {
      fail(`stacks.parent[${row}]`, 'an earlier row');
    }
  }
  const place = fill(new Int32Array(count), columns['place'], 'stacks.place');
  return { count, parent, place: checkIds(place, places, 'stacks.place', true) };
}

function decodeContext(value: unknown, row: number): Context {
  const where = `contexts[${row}]`;
  const context = asObject(value, where);
  const parent = numberOr(context['parent'], NONE, `${where}.parent`);
  if (parent >= row) {
    fail(`${where}.parent`, 'an earlier row');
  }
  return {
    kind: context['kind'] === 'process' ? 'process' : 'thread',
    parent,
    osId: numberOr(context['os_id'], 0, `${where}.os_id`),
    name: textOr(context['name'], null, `${where}.name`),
    begin: numberOr(context['begin_ns'], 0, `${where}.begin_ns`),
    end: numberOr(context['end_ns'], 0, `${where}.end_ns`),
  };
}

function decodeSamples(value: unknown, waits: unknown, contexts: number, stacks: number): Samples {
  const columns = asObject(value, 'samples');
  const count = asArray(columns['time'], 'samples.time').length;
  const wide = (name: string, delta = false) =>
    fill(new Float64Array(count), columns[name], `samples.${name}`, delta);
  const ids = (name: string, rows: number) =>
    checkIds(
      fill(new Int32Array(count), columns[name], `samples.${name}`, true),
      rows,
      `samples.${name}`,
      true,
    );
  const samples: Samples = {
    count,
    thread: ids('thread', contexts),
    time: wide('time', true),
    wall: wide('wall'),
    cpu: wide('cpu'),
    stack: ids('stack', stacks),
    state: fill(new Uint8Array(count), columns['state'], 'samples.state'),
    flags: fill(new Uint8Array(count), columns['flags'], 'samples.flags'),
    looks: fill(new Int32Array(count), columns['count'], 'samples.count'),
    held: wide('held'),
    holder: new Int32Array(count).fill(NONE),
  };
  fillHolders(samples, waits, contexts);
  return samples;
}

function fillHolders(samples: Samples, value: unknown, contexts: number): void {
  if (value === undefined || value === null) {
    return;
  }
  const columns = asObject(value, 'waits');
  const rows = asArray(columns['sample'], 'waits.sample').length;
  const sample = fill(new Int32Array(rows), columns['sample'], 'waits.sample');
  const holder = fill(new Int32Array(rows), columns['holder'], 'waits.holder');
  checkIds(sample, samples.count, 'waits.sample', false);
  checkIds(holder, contexts, 'waits.holder', true);
  for (let row = 0; row < rows; ++row) {
    samples.holder[sample[row]!] = holder[row]!;
  }
}

function decodeInstructions(value: unknown, places: number): Instruction[] | null {
  if (value === undefined || value === null) {
    return null;
  }
  const columns = asObject(value, 'instructions');
  const texts = asArray(columns['text'], 'instructions.text');
  const forms = asArray(columns['form'], 'instructions.form');
  const place = fill(new Int32Array(texts.length), columns['place'], 'instructions.place');
  checkIds(place, places, 'instructions.place', false);
  return texts.map((text, row) => ({
    place: place[row]!,
    text: asText(text, `instructions.text[${row}]`),
    form: textOr(forms[row], '', `instructions.form[${row}]`),
  }));
}

function decodeClock(value: unknown): Clock {
  return CLOCKS.find((clock) => clock === value) ?? fail('clock', 'wall, busy or cpu');
}

function decodeRecording(value: unknown): Recording {
  const json = asObject(value, 'a recording');
  const files = asArray(json['files'], 'files').map(decodeFile);
  const contexts = asArray(json['contexts'], 'contexts').map(decodeContext);
  const functions = decodeFunctions(json['functions'], files.length);
  const places = decodePlaces(json['places'], functions.count);
  const stacks = decodeStacks(json['stacks'], places.count);
  return {
    name: textOr(json['name'], '', 'name'),
    summary: decodeSummary(json['summary']),
    unseenShare: numberOr(json['unseen_share'], 0, 'unseen_share'),
    clock: decodeClock(json['clock']),
    growing: json['growing'] === true,
    resolution: numberOr(json['resolution_ns'], 0, 'resolution_ns'),
    files,
    functions,
    places,
    stacks,
    contexts,
    samples: decodeSamples(json['samples'], json['waits'], contexts.length, stacks.count),
    counted: decodeCounted(json['counted'], functions.count),
    instructions: decodeInstructions(json['instructions'], places.count),
  };
}

function decodeChange(value: unknown, row: number, a: Recording, b: Recording): Change {
  const where = `changes[${row}]`;
  const json = asObject(value, where);
  const kind = json['kind'] as ChangeKind;
  if (kind !== 'function' && kind !== 'line' && kind !== 'expression') {
    fail(`${where}.kind`, 'function, line or expression');
  }
  const verdict = json['verdict'] as Verdict;
  if (verdict !== 'slower' && verdict !== 'faster' && verdict !== 'same') {
    fail(`${where}.verdict`, 'slower, faster or same');
  }
  const rows = (recording: Recording) =>
    kind === 'function' ? recording.functions.count : recording.places.count;
  const id = (name: string, recording: Recording) => {
    const ids = Int32Array.of(numberOr(json[name], NONE, `${where}.${name}`));
    return checkIds(ids, rows(recording), `${where}.${name}`, true)[0]!;
  };
  const ns = (name: string) => asNumber(json[name], `${where}.${name}`);
  return {
    kind,
    a: id('a', a),
    b: id('b', b),
    before: ns('before_ns'),
    after: ns('after_ns'),
    low: ns('low_ns'),
    high: ns('high_ns'),
    verdict,
  };
}

function decodeRuns(value: unknown, where: string): [number, number, number][] {
  return asArray(value, where).map((run) => {
    const [first, other, length] = asArray(run, where);
    return [asNumber(first, where), asNumber(other, where), asNumber(length, where)];
  });
}

function decodeComparison(value: unknown, a: Recording, b: Recording): Comparison {
  const json = asObject(value, 'comparison');
  const functions = fill(
    new Int32Array(b.functions.count),
    json['functions'],
    'comparison.functions',
  );
  return {
    functions: checkIds(functions, a.functions.count, 'comparison.functions', true),
    lines: asArray(json['lines'] ?? [], 'comparison.lines').map((row) => {
      const lines = asObject(row, 'comparison.lines');
      return {
        file: asNumber(lines['file'], 'comparison.lines.file'),
        other: asNumber(lines['other'], 'comparison.lines.other'),
        runs: decodeRuns(lines['runs'], 'comparison.lines.runs'),
      };
    }),
    changes: asArray(json['changes'] ?? [], 'comparison.changes').map((row, number) =>
      decodeChange(row, number, a, b),
    ),
    verdict: textOr(json['verdict'], '', 'comparison.verdict'),
  };
}

/** Throws ModelError with a whole sentence where the JSON is not a model. */
export function decodeModel(value: unknown): Model {
  const json: Json = asObject(value, 'the whole');
  if (json['format'] !== 'lancehead-page') {
    throw new ModelError('The data of this page are not those of a lancehead recording.');
  }
  if (json['version'] !== VERSION) {
    throw new ModelError(
      `The data have version ${String(json['version'])}, but this page reads version ${VERSION}: ` +
        'page and data come from different versions of lancehead.',
    );
  }
  const recordings = asArray(json['recordings'], 'recordings').map(decodeRecording);
  const [a, b] = recordings;
  if (a === undefined) {
    throw new ModelError('The data of this page hold no recording.');
  }
  const compares = json['comparison'] !== undefined && json['comparison'] !== null;
  return {
    recordings,
    comparison: b && compares ? decodeComparison(json['comparison'], a, b) : null,
  };
}
