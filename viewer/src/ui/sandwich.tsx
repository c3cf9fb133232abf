// One function between what called it and what it called.
import { useCallback, useMemo, useState } from 'preact/hooks';
import { NONE } from '../model.ts';
import { calleesOf, callersOf } from '../analyze/inverted.ts';
import { layOut } from '../analyze/layout.ts';
import { frameKinds } from '../analyze/tree.ts';
import { useSliced } from './busy.ts';
import { BoxCanvas } from './box_canvas.tsx';
import { Toggle } from './controls.tsx';
import { functionTimes, recording, selection, times } from './data.ts';
import { NodeDetails } from './details.tsx';
import { describeNode, functionOf, nodeColor, nodeName, NodeTip, type ShownTree } from './frames.tsx';
import { useMatch } from './flame.tsx';
import { functionName } from './name.tsx';
import { topOf } from './overview.tsx';
import * as state from './state.ts';
import { shownCallees, shownCallers } from './trees.ts';

const LEAST = 0.7;

function Half({ shown, upward, label, testid, onActive }: {
  shown: ShownTree;
  upward: boolean;
  label: string;
  testid: string;
  onActive(shown: ShownTree, node: number): void;
}) {
  const [zoomed, setZoomed] = useState<{ of: ShownTree; root: number }>({ of: shown, root: 1 });
  const [active, setActive] = useState(NONE);
  const root = zoomed.of === shown ? zoomed.root : 1;
  const place = useCallback(
    (width: number) => {
      const boxes = layOut(shown.tree, shown.times, root, LEAST / width);
      // The root above the function itself says nothing.
      return {
        ...boxes,
        depth: boxes.depth.map((depth) => depth - 1),
        levels: boxes.levels - 1,
      };
    },
    [shown, root],
  );
  return (
    <BoxCanvas
      layOut={place}
      upward={upward}
      label={label}
      testid={testid}
      color={nodeColor(shown)}
      text={(node) => nodeName(recording.value, shown, node)}
      isMatch={useMatch(shown)}
      tip={(node) => <NodeTip shown={shown} node={node} />}
      describe={(node) => describeNode(shown, node)}
      active={active < shown.tree.count ? active : NONE}
      onActive={(node) => {
        setActive(node);
        onActive(shown, node);
      }}
      onOpen={(node) => setZoomed({ of: shown, root: Math.max(1, node) })}
      onBack={() => setZoomed({ of: shown, root: Math.max(1, shown.tree.parent[root] ?? 1) })}
    />
  );
}

export function SandwichView() {
  const of = recording.value;
  const now = selection.value;
  const { self, total } = times.value;
  const fold = state.fold.value;
  const asked = state.chosen.value;
  const hottest = useMemo(() => topOf(functionTimes.value.own, 1)[0] ?? NONE, [now]);
  const id = asked >= 0 && asked < of.functions.count ? asked : hottest;
  const kinds = useMemo(() => frameKinds(of, 'function'), [of]);
  const callers = useSliced(
    function* () {
      if (id < 0) {
        return null;
      }
      const made = yield* callersOf(of, kinds, id, total, fold);
      return shownCallers(of, kinds, made, now, fold);
    },
    [of, kinds, id, total, fold],
  );
  const callees = useMemo(
    () =>
      id < 0 ? null : shownCallees(of, kinds, calleesOf(of, kinds, id, self, fold), now),
    [of, kinds, id, self, fold],
  );
  const [picked, setPicked] = useState<{ shown: ShownTree; node: number } | null>(null);
  const current = picked && (picked.shown === callers || picked.shown === callees) ? picked : null;
  const isEmpty = !callees || callees.tree.count < 2 || !(callees.times.total[0]! > 0);
  const pick = (shown: ShownTree, node: number) => setPicked({ shown, node });
  return (
    <div class="view" data-testid="view-sandwich" role="region" aria-label="Callers and callees">
      <div class="toolbar" role="toolbar" aria-label="Callers and callees">
        <strong class="clip" data-testid="sandwich-function">
          <bdi class="name">{id < 0 ? '' : functionName(of, id)}</bdi>
        </strong>
        <Toggle target={state.fold} testid="fold">
          Fold recursion
        </Toggle>
        <button
          type="button"
          class="toggle"
          data-testid="sandwich-choose"
          disabled={!current || functionOf(current.shown, current.node) < 0}
          onClick={() => current && state.goSandwich(functionOf(current.shown, current.node))}
        >
          Show the marked function
        </button>
      </div>
      <div class="split">
        {isEmpty ? (
          <p class="boxes empty" data-testid="empty">
            {id < 0
              ? 'No function has time in what is chosen.'
              : 'This function has no time in what is chosen.'}
          </p>
        ) : (
          <div class="halves">
            <h3>Callers</h3>
            {callers ? (
              <Half
                shown={callers}
                upward={true}
                label="Callers"
                testid="callers-canvas"
                onActive={pick}
              />
            ) : (
              <div class="boxes empty">Building the graph…</div>
            )}
            <h3>Callees</h3>
            <Half
              shown={callees}
              upward={false}
              label="Callees"
              testid="callees-canvas"
              onActive={pick}
            />
          </div>
        )}
        <NodeDetails shown={current?.shown ?? null} node={current?.node ?? NONE} />
      </div>
    </div>
  );
}
