// The flame graph: icicle or flame, callers or callees first, by weight or in order of time.
import { batch } from '@preact/signals';
import { useCallback, useMemo, useState } from 'preact/hooks';
import { NONE } from '../model.ts';
import { invertedTree } from '../analyze/inverted.ts';
import { layOut } from '../analyze/layout.ts';
import { axisOf, layOutInTime } from '../analyze/time_order.ts';
import { nodeAt, pathOf, frameKinds } from '../analyze/tree.ts';
import { useSliced } from './busy.ts';
import { BoxCanvas } from './box_canvas.tsx';
import { Choice, Toggle } from './controls.tsx';
import { matches, recording, selection, times, tree, treeTimes } from './data.ts';
import { NodeDetails } from './details.tsx';
import {
  describeNode,
  functionOf,
  nodeColor,
  nodeName,
  NodeTip,
  type ShownTree,
} from './frames.tsx';
import * as state from './state.ts';
import { shownInvertedTree, shownSampleTree } from './trees.ts';

// A box narrower than this many CSS pixels is not drawn.
const LEAST = 0.7;

/** The tree of the chosen direction; null while it is being built. */
export function useShownTree(): ShownTree | null {
  const callees = state.direction.value === 'callees' && state.order.value !== 'time';
  const now = recording.value;
  const fold = state.fold.value;
  const chosenBy = state.by.value;
  const kinds = useMemo(() => frameKinds(now, chosenBy), [now, chosenBy]);
  const self = callees ? times.value.self : null;
  const inverted = useSliced(
    function* () {
      if (!self) {
        return null;
      }
      const made = yield* invertedTree(now, kinds, self, fold);
      return shownInvertedTree(now, kinds, made, selection.peek(), fold);
    },
    [now, kinds, self, fold],
  );
  const plain = useMemo(
    () => (callees ? null : shownSampleTree(tree.value, treeTimes.value, selection.value)),
    [callees, callees || tree.value, callees || treeTimes.value],
  );
  return callees ? inverted : plain;
}

/** A function that tells whether a node matches the search; null where there is none. */
export function useMatch(shown: ShownTree | null): ((node: number) => boolean) | null {
  const hits = matches.value;
  return useMemo(
    () =>
      hits && shown
        ? (node) => {
            const owner = functionOf(shown, node);
            return owner >= 0 && hits[owner] === 1;
          }
        : null,
    [hits, shown],
  );
}

export function FlameToolbar({ sunburst = false }: { sunburst?: boolean }) {
  const reset = () => (state.zoom.value = []);
  return (
    <div class="toolbar" role="toolbar" aria-label="Flame graph">
      {sunburst ? null : (
        <Choice
          label="Order"
          testid="order"
          target={state.order}
          onChange={reset}
          options={[
            ['heavy', 'Left-heavy', 'Equal paths are one box, the widest left'],
            ['time', 'In time', 'Samples one after the other, thread by thread'],
          ]}
        />
      )}
      <Choice
        label="Root"
        testid="direction"
        target={state.direction}
        onChange={reset}
        options={[
          ['callers', 'Callers first', 'From main down to what it called'],
          ['callees', 'Callees first', 'From where the time was spent to what it was called from'],
        ]}
      />
      <Choice
        label="Merge by"
        testid="by"
        target={state.by}
        onChange={reset}
        options={[
          ['function', 'Functions'],
          ['line', 'Lines'],
        ]}
      />
      <Choice
        label="Apart by"
        testid="group"
        target={state.group}
        onChange={reset}
        options={[
          ['merged', 'Merged', 'All threads together'],
          ['process', 'By process'],
          ['thread', 'By thread'],
        ]}
      />
      {sunburst ? null : (
        <Toggle target={state.upward} testid="upward" title="Roots at the bottom">
          Flames up
        </Toggle>
      )}
      <Toggle
        target={state.fold}
        testid="fold"
        title="A function that calls itself directly is one box"
      >
        Fold recursion
      </Toggle>
      <button
        type="button"
        class="toggle"
        data-testid="zoom-reset"
        disabled={state.zoom.value.length === 0 && !state.span.value}
        onClick={() => {
          state.zoom.value = [];
          state.span.value = null;
        }}
      >
        Reset zoom
      </button>
    </div>
  );
}

function back(): void {
  if (state.order.value === 'time') {
    state.span.value = null;
  } else {
    state.zoom.value = state.zoom.value.slice(0, -1);
  }
}

/** Keeps a span within 0 to 1; null for the whole. */
function spanOf(begin: number, end: number) {
  const width = Math.min(1, Math.max(1e-7, end - begin));
  const from = Math.min(1 - width, Math.max(0, begin));
  return width >= 1 ? null : { begin: from, end: from + width };
}

export function FlameView() {
  const shown = useShownTree();
  const [active, setActive] = useState(NONE);
  const inTime = state.order.value === 'time';
  const chosen = selection.value;
  const axis = useMemo(() => (inTime ? axisOf(chosen) : null), [inTime, chosen]);
  const path = state.zoom.value;
  const span = state.span.value ?? { begin: 0, end: 1 };
  const root = useMemo(() => (shown ? nodeAt(shown.tree, path) : 0), [shown, path]);
  const place = useCallback(
    (width: number) => {
      if (inTime && axis) {
        const whole = axis.at(-1) ?? 0;
        const columns = Math.max(100, Math.round(width));
        return layOutInTime(
          tree.value,
          chosen,
          axis,
          span.begin * whole,
          span.end * whole,
          columns,
        );
      }
      return layOut(shown!.tree, shown!.times, root, LEAST / width);
    },
    [shown, root, axis, chosen, span.begin, span.end, inTime],
  );
  const color = useMemo(
    () => (shown ? nodeColor(shown) : null),
    [shown, nodeColor],
  );
  const isMatch = useMatch(shown);
  return (
    <div class="view" data-testid="view-flame" role="region" aria-label="Flame graph">
      <FlameToolbar />
      <div class="split">
        {shown && color ? (
          <BoxCanvas
            layOut={place}
            upward={state.upward.value}
            label={inTime ? 'Flame graph in order of time' : 'Flame graph'}
            testid="flame-canvas"
            color={nodeColor(shown)}
            text={(node) => nodeName(recording.value, shown, node)}
            isMatch={isMatch}
            tip={(node) => <NodeTip shown={shown} node={node} />}
            describe={(node) => describeNode(shown, node)}
            active={active < shown.tree.count ? active : NONE}
            onActive={(node) => {
              setActive(node);
              const owner = functionOf(shown, node);
              if (owner >= 0) {
                state.chosen.value = owner;
              }
            }}
            onOpen={(node, begin, end) => {
              if (inTime) {
                const width = span.end - span.begin;
                state.span.value = spanOf(span.begin + begin * width, span.begin + end * width);
              } else {
                state.zoom.value = pathOf(shown.tree, node);
              }
            }}
            onBack={() => batch(back)}
            onWheelZoom={(at, factor) => {
              if (!inTime) {
                return;
              }
              const width = span.end - span.begin;
              const middle = span.begin + at * width;
              state.span.value = spanOf(middle - at * width * factor, middle + (1 - at) * width * factor);
            }}
            onPan={
              inTime
                ? (part) => {
                    const now = state.span.value ?? { begin: 0, end: 1 };
                    const width = now.end - now.begin;
                    state.span.value = spanOf(now.begin + part * width, now.end + part * width);
                  }
                : undefined
            }
          />
        ) : (
          <div class="boxes empty">Building the graph…</div>
        )}
        <NodeDetails shown={shown} node={shown && active < shown.tree.count ? active : NONE} />
      </div>
    </div>
  );
}
