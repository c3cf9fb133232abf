// Functions, lines and expressions, with what the chosen one was called from and calls.
import { useMemo, useState } from 'preact/hooks';
import type { ComponentChildren } from 'preact';
import { toCsv, toTabs } from '../csv.ts';
import * as format from '../format.ts';
import { NONE } from '../model.ts';
import { calleesOf, callersOf } from '../analyze/inverted.ts';
import { childrenByTotal, } from '../analyze/layout.ts';
import { orderRows, rowText, type SortBy } from '../analyze/rows.ts';
import { EXPRESSION_FLOOR } from '../analyze/statistics.ts';
import { frameKinds } from '../analyze/tree.ts';
import { masksOfKeys, sharesOfMasks, type Measure, type Share } from '../analyze/shares.ts';
import { visible } from '../text.ts';
import { soon, useSliced } from './busy.ts';
import { heat } from './colors.ts';
import { Choice } from './controls.tsx';
import {
  expressionTimes,
  functionTimes,
  lines,
  lineTimes,
  recording,
  selection,
  tableSet,
  times,
} from './data.ts';
import { FunctionFigures, FunctionLinks } from './details.tsx';
import { clockWords, functionColor } from './frames.tsx';
import { filePath, functionName, shortPlace } from './name.tsx';
import { useRowShares } from './row_shares.ts';
import * as state from './state.ts';
import { VirtualList } from './virtual_list.tsx';

const ROW_HEIGHT = 24;
const NEIGHBOURS = 50;
const EXPORTED_AT_ONCE = 8;

function tableTimes() {
  switch (state.rowKind.value) {
    case 'function':
      return functionTimes.value;
    case 'line':
      return lineTimes.value;
    case 'expression':
      return expressionTimes.value;
  }
}

function callsByFunction(): Map<number, number> {
  return new Map(recording.value.counted?.map((row) => [row.function, row.calls]) ?? []);
}

const HEADS: [SortBy, string][] = [
  ['self', 'Self'],
  ['total', 'Total'],
  ['calls', 'Calls'],
  ['name', 'Name'],
  ['place', 'Place'],
];

function shownHeads(): [SortBy, string][] {
  const hasCalls = recording.value.counted !== null && state.rowKind.value === 'function';
  const own: [SortBy, string][] = state.rowKind.value === 'expression' ? [['own', 'Own']] : [];
  return [
    ...HEADS.slice(0, 1),
    ...own,
    ...HEADS.slice(1).filter(([key]) => key !== 'calls' || hasCalls),
  ];
}

function Head() {
  return (
    <div class="row head" role="row">
      {shownHeads().map(([key, name]) => {
        const isSorted = state.sort.value === key;
        return (
          <div
            key={key}
            role="columnheader"
            class={`cell cell-${key}`}
            aria-sort={isSorted ? (state.ascending.value ? 'ascending' : 'descending') : 'none'}
          >
            <button
              type="button"
              data-testid={`sort-${key}`}
              onClick={() => {
                const isText = key === 'name' || key === 'place';
                state.ascending.value = isSorted ? !state.ascending.value : isText;
                state.sort.value = key;
              }}
            >
              {name}
              {isSorted ? (state.ascending.value ? ' ▲' : ' ▼') : ''}
            </button>
          </div>
        );
      })}
    </div>
  );
}

function TimeCell({ kind, time, share }: { kind: string; time: number; share: Share | null }) {
  const all = selection.value.weights;
  const part = all.share(time);
  const width = `${(part * 100).toFixed(2)}%`;
  return (
    <div
      role="cell"
      class={`cell cell-${kind} bar-cell`}
      style={{
        backgroundImage: `linear-gradient(to right, ${heat(part)} ${width}, transparent ${width})`,
      }}
      title={share ? `${format.time(time)}, ${format.interval(share)}` : format.time(time)}
    >
      <span>{format.time(time)}</span>
      <span class="percent">{format.percent(part)}</span>
      <span class="faint pm">{share ? format.plusMinus(share) : ''}</span>
    </div>
  );
}

/** Rows of the table as texts and whole nanoseconds, with intervals; the page stays alive meanwhile. */
async function exported(rows: Int32Array): Promise<(string | number)[][]> {
  const now = selection.value;
  const of = recording.value;
  const kind = state.rowKind.value;
  const calls = callsByFunction();
  const floor = kind === 'expression' ? EXPRESSION_FLOOR : 0;
  const { keys } = tableSet.value;
  const sharesFor = (part: number[], measure: Measure) =>
    sharesOfMasks(now, masksOfKeys(now, keys, part, measure), part.length, floor);
  const figures = (share: Share) => [Math.round(share.time), share.share, share.low, share.high];
  const out: (string | number)[][] = [
    [
      'name',
      'file',
      'line',
      ...['self', 'total'].flatMap((name) => [
        `${name}_ns`,
        `${name}_share`,
        `${name}_low`,
        `${name}_high`,
      ]),
      'calls',
    ],
  ];
  for (let at = 0; at < rows.length; at += EXPORTED_AT_ONCE) {
    await new Promise<void>(soon);
    const part = Array.from(rows.subarray(at, at + EXPORTED_AT_ONCE));
    const self = sharesFor(part, 'self');
    const total = sharesFor(part, 'total');
    part.forEach((row, i) => {
      const text = rowText(of, () => lines.value, kind, row);
      out.push([
        text.name,
        of.files[text.file]?.path ?? '',
        text.line,
        ...figures(self[i]!),
        ...figures(total[i]!),
        kind === 'function' ? (calls.get(row) ?? '') : '',
      ]);
    });
  }
  return out;
}

async function copy(rows: Int32Array): Promise<void> {
  await navigator.clipboard.writeText(toTabs(await exported(rows)));
}

async function download(rows: Int32Array): Promise<void> {
  const blob = new Blob([toCsv(await exported(rows))], { type: 'text/csv' });
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = `lancehead-${state.rowKind.value}s.csv`;
  link.click();
  window.setTimeout(() => URL.revokeObjectURL(link.href), 10000);
}

interface Neighbour {
  id: number;
  time: number;
}

function NeighbourList({ title, testid, all, list }: {
  title: string;
  testid: string;
  all: number;
  list: Neighbour[] | null;
}) {
  return (
    <section>
      <h3>{title}</h3>
      {list === null ? <p class="faint">…</p> : null}
      {list?.length === 0 ? <p class="faint">none</p> : null}
      <ul class="neighbours" data-testid={testid}>
        {list?.map(({ id, time }) => (
          <li key={id}>
            <span class="number">
              {format.time(time)} <span class="faint">{format.percent(time / all)}</span>
            </span>
            <button type="button" class="link" onClick={() => (state.chosen.value = id)}>
              <bdi class="name">{id < 0 ? '(itself only)' : functionName(recording.value, id)}</bdi>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** Who called a function, and whom it called, with the time that went through. */
function Neighbours({ id }: { id: number }) {
  const of = recording.value;
  const { self, total } = times.value;
  const kinds = useMemo(() => frameKinds(of, 'function'), [of]);
  const callers = useSliced(
    function* () {
      const { tree, times: sums } = yield* callersOf(of, kinds, id, total, false);
      return childrenByTotal(tree, sums, 1)
        .slice(0, NEIGHBOURS)
        .map((node) => ({ id: tree.key[node]!, time: sums.total[node]! }));
    },
    [of, kinds, id, total],
  );
  const callees = useMemo(() => {
    const { tree, times: sums } = calleesOf(of, kinds, id, self, false);
    return tree.count < 2
      ? []
      : childrenByTotal(tree, sums, 1)
          .slice(0, NEIGHBOURS)
          .map((node) => ({ id: tree.key[node]!, time: sums.total[node]! }));
  }, [of, kinds, id, self]);
  const all = functionTimes.value.total[id] ?? 0;
  return (
    <>
      <NeighbourList title="Called from" testid="callers" all={all} list={callers} />
      <NeighbourList title="Calls" testid="callees" all={all} list={callees} />
    </>
  );
}

function Selected({ id, line }: { id: number; line: number }) {
  const of = recording.value;
  const isKnown = id >= 0 && id < of.functions.count;
  return (
    <aside class="details" aria-label="Details" data-testid="details">
      {isKnown ? (
        <>
          <h2>
            <bdi class="name whole">{functionName(of, id)}</bdi>
          </h2>
          <p class="faint path">
            <bdi>{filePath(of, of.functions.file[id]!)}</bdi>
          </p>
          <FunctionFigures id={id} />
          <FunctionLinks id={id} line={line} />
          <Neighbours id={id} />
        </>
      ) : (
        <p class="faint">Choose a row to see what it was called from and what it calls.</p>
      )}
    </aside>
  );
}

export function TableView() {
  const of = recording.value;
  const now = selection.value;
  const kind = state.rowKind.value;
  const set = tableSet.value;
  const keyTimes = tableTimes();
  const sort = shownHeads().find(([key]) => key === state.sort.value)?.[0] ?? 'self';
  const rising = state.ascending.value;
  const filter = state.rowFilter.value;
  const calls = useMemo(callsByFunction, [of]);
  const textOf = (row: number) => rowText(of, () => lines.value, kind, row);
  const rows = useMemo(
    () => orderRows(keyTimes, textOf, of, (row) => calls.get(row) ?? 0, sort, rising, filter),
    [keyTimes, of, kind, sort, rising, filter, calls],
  );
  const shareOf = useRowShares(set, now, kind === 'expression' ? EXPRESSION_FLOOR : 0);
  const [picked, setPicked] = useState({ kind, row: NONE });
  const active = picked.kind === kind ? rows.indexOf(picked.row) : -1;
  const pick = (index: number) => {
    const row = rows[Math.min(rows.length - 1, Math.max(0, index))];
    if (row !== undefined) {
      setPicked({ kind, row });
      state.chosen.value = textOf(row).function;
    }
  };
  const open = () => {
    if (active >= 0) {
      const text = textOf(rows[active]!);
      if (kind === 'function') {
        state.goSandwich(text.function);
      } else {
        state.goToLine(text.file, text.line);
      }
    }
  };
  const steps: Record<string, number> = {
    ArrowUp: -1,
    ArrowDown: 1,
    PageUp: -20,
    PageDown: 20,
    Home: -Infinity,
    End: Infinity,
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const step = steps[event.key];
    if (step !== undefined) {
      pick(active < 0 ? 0 : active + step);
      event.preventDefault();
    } else if (event.key === 'Enter') {
      open();
      event.preventDefault();
    }
  };
  const cells = (index: number): ComponentChildren => {
    const row = rows[index]!;
    const text = textOf(row);
    return shownHeads().map(([key]) => {
      switch (key) {
        case 'self':
          return (
            <TimeCell key={key} kind={key} time={keyTimes.self[row]!} share={shareOf(row, 'self')} />
          );
        case 'own':
          return (
            <TimeCell key={key} kind={key} time={keyTimes.own[row]!} share={shareOf(row, 'own')} />
          );
        case 'total':
          return (
            <TimeCell
              key={key}
              kind={key}
              time={keyTimes.total[row]!}
              share={shareOf(row, 'total')}
            />
          );
        case 'calls':
          return (
            <div key={key} role="cell" class="cell cell-calls">
              {calls.has(row) ? format.count(calls.get(row)!) : ''}
            </div>
          );
        case 'name':
          return (
            <div key={key} role="cell" class="cell cell-name">
              <span class="swatch" style={{ background: functionColor(text.function) }} />
              <bdi class={kind === 'function' ? 'name' : 'name code'}>
                {visible(text.name.slice(0, 400))}
              </bdi>
            </div>
          );
        case 'place':
          return (
            <div
              key={key}
              role="cell"
              class="cell cell-place faint"
              title={filePath(of, text.file)}
            >
              <bdi>{shortPlace(of, text.function, text.line)}</bdi>
            </div>
          );
      }
    });
  };
  return (
    <div class="view" data-testid="view-table" role="region" aria-label="Table">
      <div class="toolbar" role="toolbar" aria-label="Table">
        <Choice
          label="Rows"
          testid="rows"
          target={state.rowKind}
          options={[
            ['function', 'Functions'],
            ['line', 'Lines'],
            ['expression', 'Expressions'],
          ]}
        />
        <input
          type="search"
          placeholder="Only rows with…"
          aria-label="Only rows with this text"
          data-testid="row-filter"
          value={filter}
          onInput={(event) => (state.rowFilter.value = event.currentTarget.value)}
        />
        <span class="faint" role="status" data-testid="row-count">
          {format.plural(rows.length, 'row')}, {format.time(now.weights.total)} of {clockWords()}
        </span>
        <span class="space" />
        <button
          type="button"
          class="toggle"
          data-testid="copy"
          onClick={() => void copy(rows)}
        >
          Copy
        </button>
        <button type="button" class="toggle" data-testid="csv" onClick={() => void download(rows)}>
          CSV
        </button>
      </div>
      <div class="split">
        <div
          class={`grid grid-${kind}`}
          role="table"
          aria-label="Time by row"
          aria-rowcount={rows.length}
        >
          <Head />
          {rows.length === 0 ? (
            <p class="empty" data-testid="empty">
              No rows: nothing in what is chosen has time here.
            </p>
          ) : null}
          <VirtualList
            count={rows.length}
            rowHeight={ROW_HEIGHT}
            label="Rows"
            testid="table-rows"
            role="rowgroup"
            active={active}
            onKeyDown={onKeyDown}
            row={(index) => (
              <div
                key={rows[index]!}
                class="row"
                role="row"
                aria-rowindex={index + 1}
                aria-selected={index === active}
                data-testid="table-row"
                onClick={() => pick(index)}
                onDblClick={open}
              >
                {cells(index)}
              </div>
            )}
          />
        </div>
        <Selected
          id={state.chosen.value}
          line={active >= 0 && kind !== 'function' ? textOf(rows[active]!).line : 0}
        />
      </div>
    </div>
  );
}
