// What each thread did over time. Dragging chooses the stretch that all views are about.
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { NONE, State } from '../model.ts';
import {
  activity,
  Lane,
  LANES,
  placeOnTop,
  rowAt,
  spanOfSamples,
  threadsOf,
  type ThreadRows,
} from '../analyze/activity.ts';
import * as format from '../format.ts';
import { GC_COLOR, STATE_COLORS } from './colors.ts';
import { useCanvas, type Surface } from './canvas.ts';
import { recording } from './data.ts';
import { contextName, functionName, shortPlace } from './name.tsx';
import { context, range } from './state.ts';
import { isDark, styleColor } from './theme.ts';
import { hideTip, showTip } from './tip.tsx';

const AXIS = 20;
const STATE_NAMES = ['running or ready', 'waits for the GIL', 'blocked', 'stopped', 'unknown'];

/** Heights shrink with the number of threads: a canvas has an end. CSS pixels. */
function rowHeight(threads: number): number {
  return threads <= 6 ? 22 : threads <= 40 ? 15 : Math.max(3, Math.floor(6000 / threads));
}

function laneColors(dark: boolean): string[] {
  const [running, waits, blocked, stopped, unknown] = STATE_COLORS[dark ? 'dark' : 'light'];
  return [running!, `${running!}66`, waits!, blocked!, stopped!, unknown!];
}

/** Round steps for an axis of `span` ns with about `count` marks. */
function axisStep(span: number, count: number): number {
  const rough = span / Math.max(1, count);
  const power = 10 ** Math.floor(Math.log10(rough));
  return [1, 2, 5, 10].map((part) => part * power).find((step) => step >= rough) ?? power * 10;
}

export function Legend() {
  const colors = laneColors(isDark.value);
  const names = ['on a CPU', 'ready', 'waits for the GIL', 'blocked', 'stopped', 'unknown'];
  return (
    <ul class="legend" aria-label="Colours of the timeline">
      {names.map((name, lane) => (
        <li key={name}>
          <span class="swatch" style={{ background: colors[lane] }} />
          {name}
        </li>
      ))}
      <li>
        <span class="swatch" style={{ background: GC_COLOR }} />
        garbage collection
      </li>
    </ul>
  );
}

function useTimelineData() {
  const now = recording.value;
  return useMemo(
    () => ({ now, threads: threadsOf(now.samples), span: spanOfSamples(now.samples) }),
    [now],
  );
}

function MomentTip({ thread, moment }: { thread: ThreadRows; moment: number }) {
  const of = recording.value;
  const row = rowAt(of.samples, thread, moment);
  const place = row < 0 ? NONE : placeOnTop(of, row);
  const owner = place < 0 ? NONE : of.places.function[place]!;
  const state = row < 0 ? NONE : of.samples.state[row]!;
  const holder = row < 0 ? NONE : of.samples.holder[row]!;
  return (
    <>
      <div class="tip-name">
        <bdi>{contextName(of, thread.context)}</bdi>
      </div>
      <div>{format.time(moment)} after the beginning</div>
      <div>
        {row < 0 ? 'not looked at' : (STATE_NAMES[state] ?? 'unknown')}
        {(state as State) === State.WaitsForGil && holder >= 0 ? (
          <>
            , held by <bdi>{contextName(of, holder)}</bdi>
          </>
        ) : null}
        {row >= 0 && (of.samples.flags[row]! & 1) !== 0 ? ', collecting garbage' : ''}
      </div>
      {owner >= 0 ? (
        <div class="clip">
          in <bdi>{functionName(of, owner)}</bdi>{' '}
          <span class="faint">{shortPlace(of, owner, of.places.line[place]!)}</span>
        </div>
      ) : null}
    </>
  );
}

export function Timeline() {
  const { now, threads, span } = useTimelineData();
  const dark = isDark.value;
  const chosen = range.value;
  const high = rowHeight(threads.length);
  const height = AXIS + threads.length * high;
  const cache = useRef<{ key: unknown; width: number; lanes: Float32Array[] } | null>(null);
  const [cursor, setCursor] = useState<{ at: number; row: number } | null>(null);
  const drag = useRef<number | null>(null);
  const anchor = useRef<number | null>(null);
  const length = span.end - span.begin;

  const base = useCanvas(({ context: canvas, width }: Surface) => {
    const columns = Math.max(1, Math.round(width));
    if (cache.current?.key !== now || cache.current.width !== columns) {
      cache.current = {
        key: now,
        width: columns,
        lanes: threads.map((thread) => activity(now.samples, thread, span, columns)),
      };
    }
    drawAxis(canvas, width, height);
    const colors = laneColors(dark);
    cache.current.lanes.forEach((lanes, row) =>
      drawThread(canvas, lanes, columns, AXIS + row * high, high - 1, colors, length / columns),
    );
  });

  function drawAxis(canvas: CanvasRenderingContext2D, width: number, tall: number): void {
    canvas.font = '11px system-ui, sans-serif';
    canvas.textBaseline = 'middle';
    const step = axisStep(length, width / 90);
    for (let mark = Math.ceil(span.begin / step) * step; mark <= span.end; mark += step) {
      const x = ((mark - span.begin) / length) * width;
      canvas.fillStyle = styleColor('--line');
      canvas.fillRect(Math.round(x), 0, 1, tall);
      canvas.fillStyle = styleColor('--faint');
      canvas.fillText(Math.abs(mark) < step / 2 ? '0' : format.time(mark), x + 4, AXIS / 2);
    }
  }

  const overlay = useCanvas(({ context: canvas, width, height: tall }: Surface) => {
    const at = (ns: number) => ((ns - span.begin) / length) * width;
    if (chosen) {
      const [left, right] = [at(chosen.begin), at(chosen.end)];
      canvas.fillStyle = dark ? 'rgba(10,12,16,.68)' : 'rgba(255,255,255,.72)';
      canvas.fillRect(0, AXIS, left, tall);
      canvas.fillRect(right, AXIS, width - right, tall);
      canvas.fillStyle = styleColor('--accent');
      canvas.fillRect(left - 1, 0, 2, tall);
      canvas.fillRect(right - 1, 0, 2, tall);
      canvas.globalAlpha = 0.16;
      canvas.fillRect(left, 0, right - left, AXIS);
      canvas.globalAlpha = 1;
    }
    if (cursor) {
      canvas.fillStyle = styleColor('--text');
      canvas.fillRect(Math.round(at(cursor.at)), 0, 1, tall);
      canvas.strokeStyle = styleColor('--accent');
      canvas.strokeRect(0.5, AXIS + cursor.row * high - 0.5, width - 1, high);
    }
  });

  useEffect(() => {
    setCursor(null);
  }, [now]);

  const momentOf = (event: MouseEvent): number => {
    const box = overlay.ref.current!.getBoundingClientRect();
    const part = Math.min(1, Math.max(0, (event.clientX - box.left) / box.width));
    return span.begin + part * length;
  };
  const threadOf = (event: MouseEvent): ThreadRows | undefined => {
    const box = overlay.ref.current!.getBoundingClientRect();
    return threads[Math.floor((event.clientY - box.top - AXIS) / high)];
  };
  const choose = (a: number, b: number) => {
    range.value =
      a === b ? null : { begin: Math.round(Math.min(a, b)), end: Math.round(Math.max(a, b)) };
  };
  const onPointerMove = (event: PointerEvent) => {
    const moment = momentOf(event);
    if (drag.current !== null) {
      if (Math.abs(moment - drag.current) > (length / base.ref.current!.clientWidth) * 3) {
        choose(drag.current, moment);
      }
      const chosenNow = range.peek();
      if (chosenNow) {
        showTip(
          event.clientX,
          event.clientY,
          <div>{format.time(chosenNow.end - chosenNow.begin)} chosen</div>,
        );
      }
      return;
    }
    const thread = threadOf(event);
    if (thread) {
      showTip(event.clientX, event.clientY, <MomentTip thread={thread} moment={moment} />);
    } else {
      hideTip();
    }
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const before = cursor ?? { at: span.begin + length / 2, row: 0 };
    const step = (event.ctrlKey ? 0.1 : 0.01) * length;
    let { at, row } = before;
    switch (event.key) {
      case 'ArrowLeft':
        at = Math.max(span.begin, at - step);
        break;
      case 'ArrowRight':
        at = Math.min(span.end, at + step);
        break;
      case 'Home':
        at = span.begin;
        break;
      case 'End':
        at = span.end;
        break;
      case 'ArrowUp':
        row = Math.max(0, row - 1);
        break;
      case 'ArrowDown':
        row = Math.min(threads.length - 1, row + 1);
        break;
      case 'Enter': {
        const id = threads[row]?.context ?? NONE;
        context.value = context.value === id ? NONE : id;
        break;
      }
      case 'Escape':
        range.value = null;
        anchor.current = null;
        break;
      default:
        return;
    }
    if (event.shiftKey && at !== before.at) {
      anchor.current ??= before.at;
      choose(anchor.current, at);
    } else if (!event.shiftKey) {
      anchor.current = null;
    }
    setCursor({ at, row });
    event.preventDefault();
    event.stopPropagation();
  };
  const spoken = cursor && threads[cursor.row];
  return (
    <section class="timeline" aria-label="Timeline" data-testid="timeline">
      <div class="timeline-labels" style={{ paddingTop: `${AXIS}px` }}>
        {high >= 12
          ? threads.map(({ context: id }) => (
              <button
                key={id}
                type="button"
                class="timeline-label"
                style={{ height: `${high}px` }}
                aria-pressed={context.value === id}
                title={`Only ${contextName(now, id)}`}
                data-testid={`timeline-thread-${id}`}
                onClick={() => (context.value = context.value === id ? NONE : id)}
              >
                <bdi>{contextName(now, id)}</bdi>
              </button>
            ))
          : null}
      </div>
      <div class="timeline-field" style={{ height: `${height}px` }}>
        <canvas class="layer" ref={base.ref} aria-hidden="true" />
        <canvas
          class="layer"
          ref={overlay.ref}
          tabIndex={0}
          role="application"
          aria-roledescription="timeline"
          aria-label="Timeline of threads. Left and right move, with Shift they choose a stretch of time, up and down change the thread, Enter chooses it, Escape clears."
          data-testid="timeline-canvas"
          onKeyDown={onKeyDown}
          onPointerDown={(event) => {
            if (event.button === 0) {
              overlay.ref.current!.setPointerCapture(event.pointerId);
              drag.current = momentOf(event);
            }
          }}
          onPointerMove={onPointerMove}
          onPointerUp={() => (drag.current = null)}
          onPointerCancel={() => (drag.current = null)}
          onPointerLeave={hideTip}
          onDblClick={() => (range.value = null)}
          onBlur={() => setCursor(null)}
        />
      </div>
      <div class="unseen" aria-live="polite" data-testid="timeline-live">
        {spoken ? <MomentTip thread={spoken} moment={cursor.at} /> : null}
        {chosen ? `${format.time(chosen.end - chosen.begin)} chosen` : ''}
      </div>
    </section>
  );
}

function drawThread(
  canvas: CanvasRenderingContext2D,
  lanes: Float32Array,
  columns: number,
  top: number,
  high: number,
  colors: readonly string[],
  full: number,
): void {
  for (let lane: number = Lane.Running; lane < Lane.Collecting; ++lane) {
    canvas.fillStyle = colors[lane]!;
    for (let column = 0; column < columns; ++column) {
      const at = column * LANES;
      const ns = lanes[at + lane]!;
      if (ns <= 0) {
        continue;
      }
      let below = 0;
      for (let other = 0; other < lane; ++other) {
        below += lanes[at + other]!;
      }
      const y = (below / full) * high;
      canvas.fillRect(column, top + high - y - (ns / full) * high, 1, (ns / full) * high);
    }
  }
  canvas.fillStyle = GC_COLOR;
  for (let column = 0; column < columns; ++column) {
    if (lanes[column * LANES + Lane.Collecting]! > 0.1 * full) {
      canvas.fillRect(column, top, 1, Math.max(2, high * 0.2));
    }
  }
}
