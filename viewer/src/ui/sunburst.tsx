// The call tree as rings: the root in the middle, callees around their callers.
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { NONE } from '../model.ts';
import { layOut, type Boxes } from '../analyze/layout.ts';
import { nodeAt, pathOf } from '../analyze/tree.ts';
import { fitText, useCanvas } from './canvas.ts';
import { recording } from './data.ts';
import { NodeDetails } from './details.tsx';
import { FlameToolbar, useMatch, useShownTree } from './flame.tsx';
import { describeNode, functionOf, nodeColor, nodeName, NodeTip } from './frames.tsx';
import * as state from './state.ts';
import { styleColor } from './theme.ts';
import { hideTip, showTip } from './tip.tsx';

const RINGS = 12;
// An arc narrower than this part of the circle is not drawn.
const LEAST = 0.0015;
const HOLE = 1.6;
const TURN = 2 * Math.PI;
const TOP = -Math.PI / 2;

/** Boxes of `root` and below, `root` at depth 0, at most RINGS deep. */
function ringsOf(boxes: Boxes, above: number): number[] {
  const kept: number[] = [];
  for (let i = 0; i < boxes.count; ++i) {
    const depth = boxes.depth[i]! - above;
    if (depth >= 0 && depth <= RINGS) {
      kept.push(i);
    }
  }
  return kept;
}

export function SunburstView() {
  const shown = useShownTree();
  const path = state.zoom.value;
  const root = useMemo(() => (shown ? nodeAt(shown.tree, path) : 0), [shown, path]);
  const boxes = useMemo(() => (shown ? layOut(shown.tree, shown.times, root, LEAST) : null), [
    shown,
    root,
  ]);
  const [active, setActive] = useState(NONE);
  const hovered = useRef(-1);
  const isMatch = useMatch(shown);
  const above = shown ? shown.tree.depth[root]! : 0;
  const kept = useMemo(() => (boxes ? ringsOf(boxes, above) : []), [boxes, above]);
  const color = shown ? nodeColor(shown) : () => '';
  const rings = kept.reduce((most, i) => Math.max(most, boxes!.depth[i]! - above), 0);

  const geometry = (width: number, height: number) => {
    const radius = Math.max(10, Math.min(width, height) / 2 - 8);
    const thick = radius / (HOLE + Math.max(3, rings));
    return { x: width / 2, y: height / 2, thick };
  };
  const { ref, redraw } = useCanvas(({ context, width, height }) => {
    if (!boxes || !shown) {
      return;
    }
    const { x, y, thick } = geometry(width, height);
    const edge = styleColor('--bg');
    const arc = (i: number) => {
      const depth = boxes.depth[i]! - above;
      const inner = depth === 0 ? 0 : (HOLE + depth - 1) * thick;
      const outer = (HOLE + depth) * thick;
      const from = TOP + boxes.x[i]! * TURN;
      const to = from + boxes.width[i]! * TURN;
      context.beginPath();
      context.arc(x, y, outer, from, to);
      context.arc(x, y, inner, to, from, true);
      context.closePath();
    };
    context.lineWidth = 1;
    context.strokeStyle = edge;
    for (const i of kept) {
      context.globalAlpha = isMatch && !isMatch(boxes.node[i]!) ? 0.25 : 1;
      context.fillStyle = color(boxes.node[i]!);
      arc(i);
      context.fill();
      if (boxes.width[i]! * TURN * thick > 1.5) {
        context.stroke();
      }
    }
    context.globalAlpha = 1;
    labels(context, x, y, thick);
    const outline = (node: number, style: string, wide: number) => {
      const i = kept.find((one) => boxes.node[one] === node);
      if (i !== undefined) {
        arc(i);
        context.lineWidth = wide;
        context.strokeStyle = style;
        context.stroke();
      }
    };
    outline(hovered.current < 0 ? -1 : boxes.node[hovered.current]!, styleColor('--text'), 1.5);
    outline(active, styleColor('--accent'), 3);
  });

  function labels(context: CanvasRenderingContext2D, x: number, y: number, thick: number): void {
    context.font = '11px system-ui, sans-serif';
    context.textBaseline = 'middle';
    context.textAlign = 'center';
    context.fillStyle = '#15181e';
    for (const i of kept) {
      const depth = boxes!.depth[i]! - above;
      const middle = (HOLE + depth - 0.5) * thick;
      const long = boxes!.width[i]! * TURN * middle;
      const name = nodeName(recording.peek(), shown!, boxes!.node[i]!);
      if (depth === 0) {
        const text = fitText(context, name, thick * HOLE * 1.7);
        context.fillText(text, x, y);
        continue;
      }
      if (long < 14) {
        continue;
      }
      const turn = TOP + (boxes!.x[i]! + boxes!.width[i]! / 2) * TURN;
      // Across the ring where it is wide enough, else along the radius.
      const along = long > thick * 1.4;
      const text = fitText(context, name, (along ? Math.min(long * 0.8, 400) : thick) - 6);
      if (text === '' || (along && boxes!.width[i]! > 0.5)) {
        if (along && text !== '') {
          context.fillText(text, x + Math.cos(turn) * middle, y + Math.sin(turn) * middle);
        }
        continue;
      }
      context.save();
      context.translate(x + Math.cos(turn) * middle, y + Math.sin(turn) * middle);
      const left = Math.cos(turn) < 0;
      const below = Math.sin(turn) > 0;
      context.rotate(along ? turn + (below ? -Math.PI / 2 : Math.PI / 2) : turn + (left ? Math.PI : 0));
      context.fillText(text, 0, 0);
      context.restore();
    }
    context.textAlign = 'start';
  }

  useEffect(redraw, [active]);

  const at = (event: MouseEvent): number => {
    const box = ref.current!.getBoundingClientRect();
    const { x, y, thick } = geometry(box.width, box.height);
    const dx = event.clientX - box.left - x;
    const dy = event.clientY - box.top - y;
    const distance = Math.hypot(dx, dy) / thick;
    const depth = distance < HOLE ? 0 : Math.floor(distance - HOLE) + 1;
    const part = ((Math.atan2(dy, dx) - TOP + 2 * TURN) % TURN) / TURN;
    return (
      kept.find(
        (i) =>
          boxes!.depth[i]! - above === depth &&
          part >= boxes!.x[i]! &&
          part < boxes!.x[i]! + boxes!.width[i]!,
      ) ?? -1
    );
  };
  const mark = (node: number) => {
    setActive(node);
    const owner = shown ? functionOf(shown, node) : NONE;
    if (owner >= 0) {
      state.chosen.value = owner;
    }
  };
  const open = (node: number) => {
    if (!shown || node < 0) {
      return;
    }
    mark(node);
    // The middle leads back out.
    state.zoom.value =
      node === root ? state.zoom.value.slice(0, -1) : pathOf(shown.tree, node);
  };
  const move = (event: KeyboardEvent): boolean => {
    const now = kept.findIndex((i) => boxes!.node[i] === active);
    if (now < 0) {
      mark(root);
      return true;
    }
    const i = kept[now]!;
    const depth = boxes!.depth[i]!;
    const row = kept.filter((one) => boxes!.depth[one] === depth);
    const place = row.indexOf(i);
    let next: number | undefined;
    switch (event.key) {
      case 'ArrowRight':
        next = row[(place + 1) % row.length];
        break;
      case 'ArrowLeft':
        next = row[(place + row.length - 1) % row.length];
        break;
      case 'ArrowDown':
        next = kept.find((one) => shown!.tree.parent[boxes!.node[one]!] === active);
        break;
      case 'ArrowUp':
        next = kept.find((one) => boxes!.node[one] === shown!.tree.parent[active]);
        break;
      default:
        return false;
    }
    if (next !== undefined) {
      mark(boxes!.node[next]!);
    }
    return true;
  };
  return (
    <div class="view" data-testid="view-sunburst" role="region" aria-label="Sunburst">
      <FlameToolbar sunburst />
      <div class="split">
        <div class="sunburst">
          <canvas
            ref={ref}
            class="layer"
            tabIndex={0}
            role="application"
            aria-roledescription="sunburst"
            aria-label="Sunburst. Left and right move along a ring, up and down between rings, Enter zooms in, Escape zooms out."
            data-testid="sunburst-canvas"
            onPointerMove={(event) => {
              const i = at(event);
              if (i !== hovered.current) {
                hovered.current = i;
                redraw();
              }
              if (i >= 0 && shown) {
                showTip(
                  event.clientX,
                  event.clientY,
                  <NodeTip shown={shown} node={boxes!.node[i]!} />,
                );
              } else {
                hideTip();
              }
            }}
            onPointerLeave={() => {
              hovered.current = -1;
              hideTip();
              redraw();
            }}
            onClick={(event) => {
              const i = at(event);
              open(i < 0 ? -1 : boxes!.node[i]!);
            }}
            onKeyDown={(event) => {
              if (event.key === 'Enter' || event.key === ' ') {
                open(active);
              } else if (event.key === 'Escape' || event.key === 'Backspace') {
                state.zoom.value = state.zoom.value.slice(0, -1);
              } else if (!boxes || !move(event)) {
                return;
              }
              event.preventDefault();
              event.stopPropagation();
            }}
          />
          <div class="unseen" aria-live="polite" data-testid="sunburst-canvas-live">
            {shown && active >= 0 && active < shown.tree.count ? describeNode(shown, active) : ''}
          </div>
        </div>
        <NodeDetails shown={shown} node={shown && active < shown.tree.count ? active : NONE} />
      </div>
    </div>
  );
}
