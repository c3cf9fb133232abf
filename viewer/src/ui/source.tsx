// The program's files, with time beside each line and within it.
import { computed } from '@preact/signals';
import { useMemo } from 'preact/hooks';
import * as format from '../format.ts';
import { countsOfFile, fileKeys, instructionsByPlace, rowsOfFile } from '../analyze/files.ts';
import { findFirsts, keyTimes } from '../analyze/keys.ts';
import { sourceLines } from '../analyze/lines.ts';
import { expressionText } from '../analyze/rows.ts';
import { masksOfKeys, sharesOfMasks } from '../analyze/shares.ts';
import { EXPRESSION_FLOOR } from '../analyze/statistics.ts';
import { NONE, type Branch, type Change } from '../model.ts';
import { highlight, type Token } from '../highlight.ts';
import { baseName, visible } from '../text.ts';
import { useSliced } from './busy.ts';
import { CodeLine, type Shade } from './code_line.tsx';
import { changeColor, heat } from './colors.ts';
import {
  changes,
  expressionSet,
  expressionTimes,
  lines,
  lineSet,
  lineTimes,
  recording,
  selection,
  times,
} from './data.ts';
import { ShareText } from './frames.tsx';
import { filePath, functionName } from './name.tsx';
import { useRowShares } from './row_shares.ts';
import * as state from './state.ts';
import { isDark } from './theme.ts';
import { hideTip, showTip } from './tip.tsx';
import { VirtualList } from './virtual_list.tsx';

const ROW_HEIGHT = 20;
const FILE_HEIGHT = 40;
const MEASURES = ['own', 'self', 'total'] as const;

const fileSet = computed(() => {
  const keys = fileKeys(recording.value);
  return { keys, firsts: findFirsts(recording.value, keys) };
});
const fileTimes = computed(() =>
  keyTimes(recording.value, fileSet.value.keys, fileSet.value.firsts, times.value),
);
const instructions = computed(() => instructionsByPlace(recording.value));

/** Files with time, the hottest first; then the others that have text. */
const fileOrder = computed(() => {
  const { own, total } = fileTimes.value;
  const { files } = recording.value;
  return files
    .map((_, id) => id)
    .filter((id) => total[id]! > 0 || files[id]!.text !== null)
    .sort((a, b) => own[b]! - own[a]! || total[b]! - total[a]! || a - b);
});

function shownFile(): number {
  const asked = state.file.value;
  if (asked >= 0 && asked < recording.value.files.length) {
    return asked;
  }
  const { files } = recording.value;
  const order = fileOrder.value;
  return (
    order.find((id) => files[id]!.own && files[id]!.text !== null && fileTimes.value.total[id]! > 0) ??
    order[0] ??
    NONE
  );
}

function FileList({ current }: { current: number }) {
  const order = fileOrder.value;
  const { files } = recording.value;
  const { own, total } = fileTimes.value;
  const all = selection.value.weights;
  const active = order.indexOf(current);
  const open = (index: number) => {
    const id = order[Math.max(0, Math.min(order.length - 1, index))];
    if (id !== undefined) {
      state.file.value = id;
      state.line.value = 0;
    }
  };
  return (
    <nav class="files" aria-label="Files">
      <VirtualList
        count={order.length}
        rowHeight={FILE_HEIGHT}
        label="Files, by own time"
        testid="file-list"
        active={active}
        onKeyDown={(event) => {
          const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
          if (step !== 0) {
            open(active + step);
            event.preventDefault();
          }
        }}
        row={(index) => {
          const id = order[index]!;
          const self = all.share(own[id]!);
          return (
            <div
              key={id}
              class="file"
              role="listitem"
              aria-current={id === current}
              data-testid="file"
              title={visible(files[id]!.path)}
              onClick={() => open(index)}
            >
              <div class="file-name">
                <bdi>{visible(baseName(files[id]!.path))}</bdi>
                {files[id]!.text === null ? <span class="faint"> no text</span> : null}
              </div>
              <div class="file-figures">
                <span class="file-heat" style={{ background: heat(self) }} />
                <span title="self">{format.percent(self)}</span>
                <span class="faint" title="total">
                  of {format.percent(all.share(total[id]!))}
                </span>
              </div>
            </div>
          );
        }}
      />
    </nav>
  );
}

function branchText({ kind, yes, no }: Branch): string {
  const words: Record<string, [string, string]> = {
    condition: ['true', 'false'],
    none_test: ['None', 'not None'],
    loop: ['item', 'end'],
    exception: ['match', 'no match'],
  };
  const [first, second] = words[kind] ?? ['yes', 'no'];
  return `${first} ${format.count(yes)} · ${second} ${format.count(no)}`;
}

function Instructions({ place }: { place: number }) {
  const list = instructions.value.get(place);
  return list ? (
    <ul class="instructions">
      {list.slice(0, 12).map((one, i) => (
        <li key={i}>
          <code>{visible(one.text)}</code>
          {one.form ? <span class={`form form-${one.form.replace(' ', '-')}`}>{one.form}</span> : null}
        </li>
      ))}
    </ul>
  ) : null;
}

function ExpressionTip({ row }: { row: number }) {
  const one = lines.value.expressions[row]!;
  const now = selection.value;
  const { keys } = expressionSet.value;
  const figures = useMemo(
    () =>
      MEASURES.map((measure) => ({
        measure,
        share: sharesOfMasks(now, masksOfKeys(now, keys, [row], measure), 1, EXPRESSION_FLOOR)[0]!,
      })),
    [now, keys, row],
  );
  return (
    <>
      <div class="tip-name code">
        <bdi>{visible(expressionText(recording.value, lines.value, row).slice(0, 300))}</bdi>
      </div>
      <table class="tip-figures">
        <tbody>
          {figures.map(({ measure, share }) => (
            <tr key={measure}>
              <th>{measure}</th>
              <td>
                <ShareText share={share} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <Instructions place={one.place} />
    </>
  );
}

interface LineInfo {
  file: number;
  line: number;
  row: number;
}

function LineDetails({ file, line, row }: LineInfo) {
  const of = recording.value;
  const now = selection.value;
  const shares = useRowShares(lineSet.value, now, 0);
  const expressionShares = useRowShares(expressionSet.value, now, EXPRESSION_FLOOR);
  const counts = useMemo(() => countsOfFile(of, file), [of, file])?.get(line);
  if (line <= 0) {
    return (
      <aside class="details" aria-label="Details" data-testid="details">
        <p class="faint">Click a line, or move with the arrow keys, to see its expressions here.</p>
      </aside>
    );
  }
  const found = lines.value;
  const owners = row >= 0 ? found.lines[row]!.functions : [];
  const from = row < 0 ? 0 : found.expressionStart[row]!;
  const to = row < 0 ? 0 : found.expressionStart[row + 1]!;
  const expressions: number[] = [];
  for (let at = from; at < to; ++at) {
    if (expressionTimes.value.total[at]! > 0) {
      expressions.push(at);
    }
  }
  const text = sourceLines(of, file)?.[line - 1];
  const self = row < 0 ? null : shares(row, 'own');
  const total = row < 0 ? null : shares(row, 'total');
  return (
    <aside class="details" aria-label="Details" data-testid="details">
      <h2>
        <bdi>{visible(baseName(of.files[file]?.path ?? ''))}</bdi>:{line}
      </h2>
      {text === undefined ? null : (
        <pre class="excerpt">
          <bdi>{visible(text.trim().slice(0, 500))}</bdi>
        </pre>
      )}
      <dl class="figures">
        <dt>self</dt>
        <dd data-testid="detail-self">{self ? <ShareText share={self} /> : '–'}</dd>
        <dt>total</dt>
        <dd data-testid="detail-total">{total ? <ShareText share={total} /> : '–'}</dd>
        {counts ? (
          <>
            <dt>hits</dt>
            <dd>
              <b>{format.count(counts.hits)}</b>
            </dd>
          </>
        ) : null}
      </dl>
      {counts?.branches.map((branch, i) => (
        <p key={i}>
          {branch.kind}: {branchText(branch)}
        </p>
      ))}
      {counts?.callSites.map((site, i) => (
        <p key={i}>
          call{site.column === null ? '' : ` at column ${site.column + 1}`}:{' '}
          {format.count(site.calls)} times
        </p>
      ))}
      {expressions.length > 0 ? (
        <>
          <h3>Expressions</h3>
          <ul class="expressions" data-testid="expressions">
            {expressions.slice(0, 100).map((id) => {
              const one = found.expressions[id]!;
              const share = expressionShares(id, 'own');
              return (
                <li key={id} style={{ marginLeft: `${Math.min(6, one.depth) * 12}px` }}>
                  <bdi class="code clip">{visible(expressionText(of, found, id).slice(0, 200))}</bdi>
                  <div>
                    <span class="faint">own </span>
                    {share ? <ShareText share={share} /> : format.time(expressionTimes.value.own[id]!)}
                  </div>
                  <Instructions place={one.place} />
                </li>
              );
            })}
          </ul>
        </>
      ) : null}
      {owners.length > 0 ? <h3>Functions here</h3> : null}
      {owners.map((id) => (
        <div key={id} class="owner">
          <bdi class="name">{functionName(of, id)}</bdi>
          <div class="buttons">
            <button
              type="button"
              data-testid="to-flame"
              onClick={() => {
                state.chosen.value = id;
                state.search.value = of.functions.name[id]!;
                state.view.value = 'flame';
              }}
            >
              Flame graph
            </button>
            <button type="button" data-testid="to-sandwich" onClick={() => state.goSandwich(id)}>
              Callers and callees
            </button>
          </div>
        </div>
      ))}
    </aside>
  );
}

function Code({ file }: { file: number }) {
  const of = recording.value;
  const found = lines.value;
  const text = sourceLines(of, file);
  const rows = useMemo(() => rowsOfFile(of, found, file), [of, found, file]);
  const counts = useMemo(() => countsOfFile(of, file), [of, file]);
  // A file without text still has lines with numbers.
  const numbers = useMemo(
    () =>
      text
        ? null
        : [...new Set([...rows.keys(), ...(counts?.keys() ?? [])])].sort((a, b) => a - b),
    [text, rows, counts],
  );
  const tokens = useSliced<Token[][] | null>(
    function* () {
      return text ? yield* highlight(text) : null;
    },
    [text],
  );
  const lineShareOf = useRowShares(lineSet.value, selection.value, 0);
  const { own, total } = lineTimes.value;
  const { own: ownOfExpression } = expressionTimes.value;
  const most = useMemo(() => {
    let largest = 0;
    for (const row of rows.values()) {
      largest = Math.max(largest, own[row]!);
    }
    return largest;
  }, [rows, own]);
  const count = text ? text.length : numbers!.length;
  const lineOf = (index: number) => (numbers ? numbers[index]! : index + 1);
  const active = numbers ? numbers.indexOf(state.line.value) : state.line.value - 1;
  const all = selection.value.weights;
  const changed = changes.value;
  const dark = isDark.value;
  const changeOfRow = useMemo(() => {
    if (!changed) {
      return null;
    }
    const byRow = new Map<number, Change>();
    for (const [place, change] of changed.ofPlace) {
      if (change.kind === 'line') {
        byRow.set(found.lineOfPlace[place]!, change);
      }
    }
    return byRow;
  }, [changed, found]);

  const shadesOf = (row: number): Shade[] => {
    const shades: Shade[] = [];
    const { line } = found.lines[row]!;
    for (let at = found.expressionStart[row]!; at < found.expressionStart[row + 1]!; ++at) {
      const one = found.expressions[at]!;
      if (expressionTimes.value.total[at]! > 0) {
        shades.push({
          row: at,
          column: one.column,
          endColumn: one.endLine > line ? -1 : one.endColumn,
          part: most > 0 ? ownOfExpression[at]! / most : 0,
        });
      }
    }
    return shades;
  };
  const move = (index: number) => {
    if (count > 0) {
      state.line.value = lineOf(Math.max(0, Math.min(count - 1, index)));
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
  const hottestFrom = (step: 1 | -1) => {
    // Between lines that matter: those with a twentieth of the hottest one's time.
    for (let at = active + step; at >= 0 && at < count; at += step) {
      const row = rows.get(lineOf(at));
      if (row !== undefined && own[row]! >= most / 20) {
        move(at);
        return;
      }
    }
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const step = steps[event.key];
    if (step !== undefined) {
      move(active < 0 ? 0 : active + step);
    } else if (event.key === 'n' || event.key === 'p') {
      hottestFrom(event.key === 'n' ? 1 : -1);
    } else {
      return;
    }
    event.preventDefault();
  };
  return (
    <div class="code-view">
      <div class="code-head">
        <span class="code-path clip">
          <bdi>{filePath(of, file)}</bdi>
        </span>
        {text ? null : <span class="faint">The text of this file is not kept.</span>}
      </div>
      <div class={`code-row head ${counts ? 'with-counts' : ''}`} aria-hidden="true">
        <span class="code-number">Line</span>
        <span class="code-time">Self</span>
        <span class="code-time">Total</span>
        {counts ? <span class="code-hits">Hits</span> : null}
        <span />
      </div>
      <VirtualList
        // A new file begins at its own beginning.
        key={file}
        count={count}
        rowHeight={ROW_HEIGHT}
        label="Source"
        testid="source-lines"
        class="code"
        active={active}
        align="center"
        onKeyDown={onKeyDown}
        row={(index) => {
          const line = lineOf(index);
          const row = rows.get(line) ?? NONE;
          const self = row < 0 ? 0 : own[row]!;
          const sum = row < 0 ? 0 : total[row]!;
          const change = changeOfRow?.get(row);
          const lineCounts = counts?.get(line);
          return (
            <div
              key={line}
              class={`code-row ${counts ? 'with-counts' : ''}`}
              role="listitem"
              aria-current={line === state.line.value}
              data-testid="source-line"
              data-line={line}
              onClick={() => (state.line.value = line)}
            >
              <span class="code-number">{line}</span>
              <span
                class="code-time"
                style={{
                  background: changed ? lineChange(change) : heat(most > 0 ? self / most : 0),
                }}
                onPointerMove={(event) => {
                  const share = row < 0 ? null : lineShareOf(row, 'own');
                  if (share && self > 0) {
                    showTip(event.clientX, event.clientY, <ShareText share={share} />);
                  }
                }}
                onPointerLeave={hideTip}
              >
                {self > 0 ? format.percent(all.share(self)) : ''}
              </span>
              <span class="code-time faint">
                {sum > 0 ? format.percent(all.share(sum)) : ''}
              </span>
              {counts ? (
                <span class={`code-hits ${lineCounts?.hits === 0 ? 'never' : ''}`}>
                  {lineCounts ? format.count(lineCounts.hits) : ''}
                </span>
              ) : null}
              <span class="code-rest">
                {text ? (
                  <CodeLine
                    text={text[index]!}
                    tokens={tokens?.[index] ?? []}
                    shades={row < 0 ? [] : shadesOf(row)}
                    onHover={(shade, event) => {
                      if (shade) {
                        showTip(
                          event.clientX,
                          event.clientY,
                          <ExpressionTip row={shade.row} />,
                        );
                      } else {
                        hideTip();
                      }
                    }}
                  />
                ) : (
                  <bdi class="faint">
                    {row < 0
                      ? ''
                      : found.lines[row]!.functions.map((id) => functionName(of, id)).join(', ')}
                  </bdi>
                )}
                {lineCounts?.branches.map((branch, i) => (
                  <span key={i} class="branch">
                    {branchText(branch)}
                  </span>
                ))}
              </span>
            </div>
          );
        }}
      />
    </div>
  );

  function lineChange(change: Parameters<typeof changeColor>[0]): string {
    return change && change.verdict !== 'same' ? changeColor(change, dark) : 'transparent';
  }
}

export function SourceView() {
  const current = shownFile();
  const rows = useMemo(
    () => rowsOfFile(recording.value, lines.value, current),
    [recording.value, lines.value, current],
  );
  const line = state.line.value;
  return (
    <div class="view" data-testid="view-source" role="region" aria-label="Source">
      <div class="split three">
        <FileList current={current} />
        {current < 0 ? (
          <p class="empty" data-testid="empty">
            The recording names no files.
          </p>
        ) : (
          <Code file={current} />
        )}
        <LineDetails file={current} line={line} row={rows.get(line) ?? NONE} />
      </div>
    </div>
  );
}
