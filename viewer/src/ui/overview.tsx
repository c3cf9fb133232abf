// What was recorded, how well, and where its time went first.
import { useMemo } from 'preact/hooks';
import { gilWaits, splitsOf, type Split } from '../analyze/activity.ts';
import { masksOfKeys, sharesOfMasks, type Measure } from '../analyze/shares.ts';
import * as format from '../format.ts';
import { NONE, type Recording, type Summary } from '../model.ts';
import { visible } from '../text.ts';
import { sourceLines } from '../analyze/lines.ts';
import {
  comparison,
  functionSet,
  functionTimes,
  lines,
  lineSet,
  lineTimes,
  recording,
  selection,
  type KeySet,
} from './data.ts';
import { clockWords, functionColor } from './frames.tsx';
import { contextName, filePath, functionName, shortPlace } from './name.tsx';
import { context, goSandwich, goToLine } from './state.ts';
import { Legend } from './timeline.tsx';
import { STATE_COLORS } from './colors.ts';
import { isDark } from './theme.ts';

const TOP = 10;

function Figure({ name, children, note }: { name: string; children: string; note?: string }) {
  return (
    <div class="figure">
      <dt>{name}</dt>
      <dd>
        <b>{children}</b>
        {note ? <span class="faint"> {note}</span> : null}
      </dd>
    </div>
  );
}

function Figures({ summary }: { summary: Summary }) {
  const cost = summary.wall_ns > 0 ? summary.time_lost_ns / summary.wall_ns : 0;
  return (
    <dl class="cards" data-testid="summary">
      <Figure name="Wall time">{format.time(summary.wall_ns)}</Figure>
      <Figure
        name="CPU time"
        note={
          summary.wall_ns > 0 ? `${format.percent(summary.cpu_ns / summary.wall_ns)} of a CPU` : ''
        }
      >
        {format.time(summary.cpu_ns)}
      </Figure>
      <Figure name="Samples" note={`${Math.round(summary.reached_rate_hz)} looks a second`}>
        {format.count(summary.samples)}
      </Figure>
      <Figure name="Lost" note={summary.lost === 0 ? 'nothing' : 'looks that gave no stack'}>
        {format.count(summary.lost)}
      </Figure>
      <Figure name="The program was held" note={`${format.percent(cost)} of its time`}>
        {format.time(summary.time_lost_ns)}
      </Figure>
      <Figure name="The profiler used" note="of CPU time, beside the program">
        {format.time(summary.profiler_cpu_ns)}
      </Figure>
    </dl>
  );
}

function Damage({ of }: { of: Recording }) {
  const { summary } = of;
  const sentences = summary.damage.map(visible);
  if (!summary.complete && sentences.length === 0) {
    sentences.push('The recording is not complete.');
  }
  if (!summary.ended_well && !of.growing) {
    sentences.push('The end of the recording is missing: the costs above are not whole.');
  }
  return (
    <>
      {of.growing ? (
        <p class="note" data-testid="growing">
          The program is running still; this page follows it.
        </p>
      ) : null}
      {sentences.length > 0 ? (
        <div class="warning" role="note" data-testid="damage">
          {sentences.map((sentence) => (
            <p key={sentence}>
              <bdi>{sentence}</bdi>
            </p>
          ))}
        </div>
      ) : null}
      {summary.losses.length > 0 ? (
        <p class="faint" data-testid="losses">
          Lost looks:{' '}
          {summary.losses
            .map((loss) => `${format.count(loss.count)} ${visible(loss.reason)}`)
            .join(', ')}
          . {of.unseenShare > 0 ? `Intervals are widened by ${format.percent(of.unseenShare)}.` : ''}
        </p>
      ) : null}
      {of.resolution > 0 ? (
        <p class="faint">
          There were so many samples that those alike within {format.time(of.resolution)} are shown as
          one.
        </p>
      ) : null}
    </>
  );
}

function SplitBar({ split }: { split: Split }) {
  const [running, waits, blocked, stopped, unknown] = STATE_COLORS[isDark.value ? 'dark' : 'light'];
  const parts: [number, string, string][] = [
    [split.running, running!, 'on a CPU'],
    [split.ready, `${running!}66`, 'ready'],
    [split.waiting, waits!, 'waits for the GIL'],
    [split.blocked, blocked!, 'blocked'],
    [split.stopped, stopped!, 'stopped'],
    [split.unknown, unknown!, 'unknown'],
  ];
  return (
    <div class="bar" aria-hidden="true">
      {parts.map(([time, color, name]) =>
        time > 0 ? (
          <span
            key={name}
            title={`${name}: ${format.time(time)}`}
            style={{ flexGrow: String(time / split.wall), background: color }}
          />
        ) : null,
      )}
    </div>
  );
}

function depthOf(of: Recording, id: number): number {
  let depth = 0;
  for (let at = of.contexts[id]?.parent ?? NONE; at >= 0; at = of.contexts[at]?.parent ?? NONE) {
    ++depth;
  }
  return depth;
}

function Threads({ of }: { of: Recording }) {
  const now = selection.value;
  const splits = useMemo(() => new Map(splitsOf(now).map((one) => [one.context, one])), [now]);
  const ids = of.contexts.map((_, id) => id);
  const order: number[] = [];
  const visit = (id: number) => {
    order.push(id);
    ids.filter((child) => of.contexts[child]!.parent === id).forEach(visit);
  };
  ids.filter((id) => of.contexts[id]!.parent < 0).forEach(visit);
  const cell = (time: number | undefined) => (
    <td class="number">{time ? format.time(time) : ''}</td>
  );
  return (
    <table class="plain" data-testid="threads">
      <thead>
        <tr>
          <th>Process or thread</th>
          <th class="number">Samples</th>
          <th class="number">Wall</th>
          <th class="number">CPU</th>
          <th class="number">Waits for GIL</th>
          <th class="number">Blocked</th>
          <th class="number">GC</th>
          <th class="wide">What it did</th>
        </tr>
      </thead>
      <tbody>
        {order.slice(0, 200).map((id) => {
          const split = splits.get(id);
          return (
            <tr key={id} aria-selected={context.value === id}>
              <td style={{ paddingLeft: `${8 + depthOf(of, id) * 16}px` }}>
                <button
                  type="button"
                  class="link"
                  aria-pressed={context.value === id}
                  data-testid={`context-${id}`}
                  onClick={() => (context.value = context.value === id ? NONE : id)}
                >
                  <bdi>{contextName(of, id)}</bdi>
                </button>
              </td>
              <td class="number">{split ? format.count(split.looks) : ''}</td>
              {cell(split?.wall)}
              {cell(split?.cpu)}
              {cell(split?.waiting)}
              {cell(split?.blocked)}
              {cell(split?.collecting)}
              <td class="wide">{split ? <SplitBar split={split} /> : null}</td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

function GilWaits({ of }: { of: Recording }) {
  const now = selection.value;
  const waits = useMemo(() => gilWaits(now).slice(0, TOP), [now]);
  return waits.length > 0 ? (
    <section>
      <h2>Who waited for the GIL, and behind whom</h2>
      <table class="plain" data-testid="gil-waits">
        <tbody>
          {waits.map(({ waiter, holder, time }) => (
            <tr key={`${waiter} ${holder}`}>
              <td class="number">
                <b>{format.time(time)}</b>
              </td>
              <td>
                <bdi>{contextName(of, waiter)}</bdi>
              </td>
              <td>
                <span class="faint">behind </span>
                <bdi>{holder < 0 ? '(nobody seen)' : contextName(of, holder)}</bdi>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  ) : null;
}

function useHottest(set: KeySet, self: Float64Array, measure: Measure) {
  const now = selection.value;
  return useMemo(() => {
    const top = topOf(self, TOP);
    return sharesOfMasks(now, masksOfKeys(now, set.keys, top, measure), top.length).map(
      (share, i) => ({ id: top[i]!, share }),
    );
  }, [now, set, self, measure]);
}

/** The rows with the largest values above 0, largest first. */
export function topOf(values: Float64Array, count: number): number[] {
  const rows: number[] = [];
  for (let row = 0; row < values.length; ++row) {
    if (values[row]! > 0 && (rows.length < count || values[row]! > values[rows.at(-1)!]!)) {
      let at = rows.length;
      while (at > 0 && values[rows[at - 1]!]! < values[row]!) {
        --at;
      }
      rows.splice(at, 0, row);
      rows.length = Math.min(rows.length, count);
    }
  }
  return rows;
}

function Hottest({ of }: { of: Recording }) {
  const functions = useHottest(functionSet.value, functionTimes.value.own, 'own');
  const hotLines = useHottest(lineSet.value, lineTimes.value.own, 'own');
  const most = Math.max(functions[0]?.share.share ?? 1, hotLines[0]?.share.share ?? 1);
  return (
    <div class="columns">
      <section>
        <h2>Hottest functions, by own {clockWords()}</h2>
        <ol class="hot" data-testid="hot-functions">
          {functions.map(({ id, share }) => (
            <li key={id}>
              <span class="number">
                {format.percent(share.share)} <span class="faint">{format.plusMinus(share)}</span>
              </span>
              <span class="hot-bar">
                <span
                  style={{
                    width: `${(share.share / most) * 100}%`,
                    background: functionColor(id),
                  }}
                />
              </span>
              <button type="button" class="link" onClick={() => goSandwich(id)}>
                <bdi class="name">{functionName(of, id)}</bdi>
              </button>
              <span class="faint clip">{shortPlace(of, id, of.functions.firstLine[id]!)}</span>
            </li>
          ))}
        </ol>
      </section>
      <section>
        <h2>Hottest lines</h2>
        <ol class="hot" data-testid="hot-lines">
          {hotLines.map(({ id, share }) => {
            const { file, line, functions: owners } = lines.value.lines[id]!;
            const text = sourceLines(of, file)?.[line - 1]?.trim();
            return (
              <li key={id}>
                <span class="number">
                  {format.percent(share.share)} <span class="faint">{format.plusMinus(share)}</span>
                </span>
                <span class="hot-bar">
                  <span
                    style={{
                      width: `${(share.share / most) * 100}%`,
                      background: functionColor(owners[0] ?? NONE),
                    }}
                  />
                </span>
                <button type="button" class="link" onClick={() => goToLine(file, line)}>
                  <bdi class="name code">
                    {text ? visible(text.slice(0, 300)) : functionName(of, owners[0] ?? NONE)}
                  </bdi>
                </button>
                <span class="faint clip" title={`${filePath(of, file)}:${line}`}>
                  {shortPlace(of, owners[0] ?? NONE, line)}
                </span>
              </li>
            );
          })}
        </ol>
      </section>
    </div>
  );
}

export function Overview() {
  const of = recording.value;
  const verdict = comparison.value?.verdict;
  return (
    <div class="view scroll" data-testid="view-overview" role="region" aria-label="Overview">
      <div class="page">
        <h1 class="command">
          <bdi class="name whole">{visible(of.summary.command) || visible(of.name)}</bdi>
        </h1>
        <p class="faint">
          {of.summary.python ? `Python ${visible(of.summary.python)}, ` : ''}
          {format.plural(of.summary.processes, 'process', 'processes')},{' '}
          {format.plural(of.summary.threads, 'thread')}; recorded in{' '}
          <bdi>{visible(of.name)}</bdi>
        </p>
        {verdict ? (
          <p class="note" data-testid="verdict">
            <bdi>{visible(verdict)}</bdi>
          </p>
        ) : null}
        <Damage of={of} />
        <Figures summary={of.summary} />
        <Hottest of={of} />
        <section>
          <h2>Processes and threads</h2>
          <Legend />
          <Threads of={of} />
        </section>
        <GilWaits of={of} />
      </div>
    </div>
  );
}
