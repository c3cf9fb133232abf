// What differs between two recordings.
import { useMemo, useState } from 'preact/hooks';
import * as format from '../format.ts';
import { NONE, type Change } from '../model.ts';
import { findLines } from '../analyze/lines.ts';
import { rowText, type RowKind } from '../analyze/rows.ts';
import { visible } from '../text.ts';
import { changeColor } from './colors.ts';
import { comparison, model } from './data.ts';
import { functionName } from './name.tsx';
import { baseName } from '../text.ts';
import { goSandwich, goToLine, shown } from './state.ts';
import { isDark } from './theme.ts';
import { VirtualList } from './virtual_list.tsx';
import { batch, signal } from '@preact/signals';
import { Choice, Toggle } from './controls.tsx';

const kindShown = signal<RowKind>('function');
const withSame = signal(false);

/** What a change is of, in the recording that still has it. */
function useChangeTexts() {
  const all = model.value!;
  const lines = useMemo(() => all.recordings.map((one) => findLines(one)), [all]);
  return (change: Change) => {
    const which = change.b >= 0 ? 1 : 0;
    const id = which === 1 ? change.b : change.a;
    const of = all.recordings[which]!;
    if (change.kind === 'function') {
      return { which, ...rowText(of, () => lines[which]!, 'function', id) };
    }
    const found = lines[which]!;
    const row = change.kind === 'line' ? found.lineOfPlace[id]! : found.expressionKeys.own[id]!;
    const owner = of.places.function[id] ?? NONE;
    if (row < 0) {
      return {
        which,
        name: functionName(of, owner),
        function: owner,
        file: of.functions.file[owner] ?? NONE,
        line: of.places.line[id] ?? 0,
      };
    }
    return { which, ...rowText(of, () => found, change.kind, row), function: owner };
  };
}

export function ChangesView() {
  const made = comparison.value;
  const textOf = useChangeTexts();
  const [active, setActive] = useState(NONE);
  const kind = kindShown.value;
  const all = withSame.value;
  const rows = useMemo(
    () =>
      (made?.changes ?? [])
        .filter((change) => change.kind === kind && (all || change.verdict !== 'same'))
        .sort((a, b) => Math.abs(b.after - b.before) - Math.abs(a.after - a.before)),
    [made, kind, all],
  );
  if (!made) {
    return null;
  }
  const open = (index: number) => {
    const change = rows[index];
    if (change) {
      const text = textOf(change);
      batch(() => {
        shown.value = text.which;
        if (change.kind === 'function') {
          goSandwich(text.function);
        } else {
          goToLine(text.file, text.line);
        }
      });
    }
  };
  const dark = isDark.value;
  return (
    <div class="view" data-testid="view-changes" role="region" aria-label="Changes">
      <div class="toolbar" role="toolbar" aria-label="Changes">
        <Choice
          label="Rows"
          testid="change-rows"
          target={kindShown}
          options={[
            ['function', 'Functions'],
            ['line', 'Lines'],
            ['expression', 'Expressions'],
          ]}
        />
        <Toggle target={withSame} testid="with-same">
          Also unchanged ones
        </Toggle>
        <span class="note" data-testid="verdict">
          <bdi>{visible(made.verdict)}</bdi>
        </span>
        <span class="faint">
          The whole of both runs, whatever thread or stretch of time is chosen.
        </span>
      </div>
      <div class="grid grid-changes" role="table" aria-label="Changes">
        <div class="row head" role="row">
          {['Change', 'Between', 'Before', 'After', 'Name', 'Place'].map((name) => (
            <div key={name} role="columnheader" class={`cell cell-${name.toLowerCase()}`}>
              {name}
            </div>
          ))}
        </div>
        {rows.length === 0 ? (
          <p class="empty" data-testid="empty">
            Nothing changed beyond the noise.
          </p>
        ) : null}
        <VirtualList
          count={rows.length}
          rowHeight={24}
          label="Changes"
          testid="change-list"
          role="rowgroup"
          active={active}
          onKeyDown={(event) => {
            const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
            if (step !== 0) {
              setActive(Math.max(0, Math.min(rows.length - 1, active + step)));
              event.preventDefault();
            } else if (event.key === 'Enter') {
              open(active);
            }
          }}
          row={(index) => {
            const change = rows[index]!;
            const text = textOf(change);
            const difference = change.after - change.before;
            const path = model.value!.recordings[text.which]!.files[text.file]?.path ?? '';
            return (
              <div
                key={index}
                class="row"
                role="row"
                aria-selected={index === active}
                data-testid="change-row"
                onClick={() => setActive(index)}
                onDblClick={() => open(index)}
              >
                <div role="cell" class="cell cell-change">
                  <span class="swatch" style={{ background: changeColor(change, dark) }} />
                  {difference > 0 ? '+' : ''}
                  {format.time(difference)}
                </div>
                <div role="cell" class="cell cell-between faint">
                  {format.time(change.low)} … {format.time(change.high)}
                </div>
                <div role="cell" class="cell cell-before">
                  {change.a < 0 ? 'new' : format.time(change.before)}
                </div>
                <div role="cell" class="cell cell-after">
                  {change.b < 0 ? 'gone' : format.time(change.after)}
                </div>
                <div role="cell" class="cell cell-name">
                  <span class="verdict">{change.verdict}</span>{' '}
                  <bdi class="name">{visible(text.name.slice(0, 400))}</bdi>
                </div>
                <div role="cell" class="cell cell-place faint">
                  <bdi>{visible(baseName(path))}</bdi>
                  {text.line > 0 ? `:${text.line}` : ''}
                </div>
              </div>
            );
          }}
        />
      </div>
    </div>
  );
}
