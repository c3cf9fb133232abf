// Boxes in rows, drawn on a canvas: what flame graphs of all kinds are made of. It knows nothing of
// what the boxes stand for.
import { useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { ComponentChildren } from 'preact';
import type { Boxes } from '../analyze/layout.ts';
import { fitText, useCanvas, type Surface } from './canvas.ts';
import { isDark, styleColor } from './theme.ts';
import { hideTip, showTip } from './tip.tsx';

export const ROW = 19;
const FONT = '12px ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace';

export interface BoxCanvasProps {
  /** Makes the boxes for a width in CSS pixels; a new function makes new boxes. */
  layOut(width: number): Boxes;
  /** Roots at the bottom. */
  upward: boolean;
  label: string;
  testid: string;
  color(node: number): string;
  text(node: number): string;
  /** null where nothing is searched for, else whether the node is a match. */
  isMatch: ((node: number) => boolean) | null;
  /** Content of the tooltip. */
  tip(node: number): ComponentChildren;
  /** One sentence for those who hear. */
  describe(node: number): string;
  /** The node with a mark around it. */
  active: number;
  onActive(node: number): void;
  /** Also told where the box lies, as parts of the width. */
  onOpen(node: number, begin: number, end: number): void;
  onBack(): void;
  onWheelZoom?(at: number, factor: number): void;
  onPan?(part: number): void;
}

/** The number of the box that lies at a point; -1. */
function boxAt(boxes: Boxes, x: number, depth: number): number {
  for (let i = boxes.count - 1; i >= 0; --i) {
    if (boxes.depth[i] === depth && x >= boxes.x[i]! && x < boxes.x[i]! + boxes.width[i]!) {
      return i;
    }
  }
  return -1;
}

function nearest(boxes: Boxes, from: number, step: number, isRow: boolean): number {
  const depth = boxes.depth[from]! + (isRow ? step : 0);
  const middle = boxes.x[from]! + boxes.width[from]! / 2;
  let best = -1;
  let bestDistance = Infinity;
  for (let i = 0; i < boxes.count; ++i) {
    if (boxes.depth[i] !== depth || i === from) {
      continue;
    }
    const begin = boxes.x[i]!;
    const end = begin + boxes.width[i]!;
    if (isRow) {
      // Upwards the box above; downwards the widest that touches.
      const touches = end > boxes.x[from]! && begin < boxes.x[from]! + boxes.width[from]!;
      const distance = !touches ? Infinity : step < 0 ? 0 : -boxes.width[i]!;
      if (distance < bestDistance) {
        best = i;
        bestDistance = distance;
      }
    } else {
      const away = ((begin + end) / 2 - middle) * step;
      if (away > 0 && away < bestDistance) {
        best = i;
        bestDistance = away;
      }
    }
  }
  return best;
}

export function BoxCanvas(props: BoxCanvasProps) {
  const scroller = useRef<HTMLDivElement>(null);
  const [size, setSize] = useState({ width: 0, height: 0 });
  const boxes = useMemo(
    () => (size.width > 0 ? props.layOut(size.width) : null),
    [props.layOut, size.width],
  );
  const hovered = useRef(-1);
  const drag = useRef<{ x: number; moved: boolean } | null>(null);
  const high = Math.max((boxes?.levels ?? 0) * ROW + 2, size.height);

  const top = (depth: number) =>
    props.upward ? high - (depth + 1) * ROW : depth * ROW;

  const activeBox = useMemo(() => {
    if (!boxes) {
      return -1;
    }
    let best = -1;
    for (let i = 0; i < boxes.count; ++i) {
      if (boxes.node[i] === props.active && (best < 0 || boxes.width[i]! > boxes.width[best]!)) {
        best = i;
      }
    }
    return best;
  }, [boxes, props.active]);
  const keyed = useRef(-1);
  const marked =
    boxes && keyed.current >= 0 && boxes.node[keyed.current] === props.active
      ? keyed.current
      : activeBox;

  const draw = ({ context, width, height }: Surface) => {
    if (!boxes) {
      return;
    }
    const offset = scroller.current?.scrollTop ?? 0;
    const dark = isDark.peek();
    const line = styleColor('--bg');
    const faint = dark ? 0.25 : 0.35;
    context.font = FONT;
    context.textBaseline = 'middle';
    for (let i = 0; i < boxes.count; ++i) {
      const y = top(boxes.depth[i]!) - offset;
      if (y > height || y < -ROW) {
        continue;
      }
      const x = boxes.x[i]! * width;
      const wide = boxes.width[i]! * width;
      const node = boxes.node[i]!;
      const isMatch = props.isMatch?.(node) ?? true;
      context.globalAlpha = isMatch ? 1 : faint;
      context.fillStyle = props.color(node);
      const gap = wide > 3 ? 1 : wide > 1.5 ? 0.5 : 0;
      context.fillRect(x, y, wide - gap, ROW - 1);
      if (wide > 24) {
        const text = fitText(context, props.text(node), wide - 7);
        if (text !== '') {
          context.fillStyle = !isMatch && dark ? '#e6e6e6' : '#15181e';
          context.fillText(text, x + 3, y + ROW / 2);
        }
      }
    }
    context.globalAlpha = 1;
    const outline = (i: number, color: string, thick: number) => {
      if (i >= 0 && i < boxes.count) {
        const y = top(boxes.depth[i]!) - offset;
        context.lineWidth = thick;
        context.strokeStyle = color;
        const wide = Math.max(2, boxes.width[i]! * width - 1);
        context.strokeRect(boxes.x[i]! * width + 0.5, y + 0.5, wide - 1, ROW - 2);
      }
    };
    outline(hovered.current, styleColor('--text'), 1);
    outline(marked, line, 4);
    outline(marked, styleColor('--accent'), 2);
  };
  const { ref, redraw } = useCanvas(draw);

  useLayoutEffect(() => {
    const element = scroller.current!;
    const measure = () => setSize({ width: element.clientWidth, height: element.clientHeight });
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  useLayoutEffect(() => {
    if (props.upward && scroller.current) {
      scroller.current.scrollTop = high;
    }
  }, [props.upward, high, boxes]);

  const at = (event: MouseEvent): number => {
    if (!boxes || !ref.current) {
      return -1;
    }
    const box = ref.current.getBoundingClientRect();
    const y = event.clientY - box.top + (scroller.current?.scrollTop ?? 0);
    const depth = Math.floor(props.upward ? (high - y) / ROW : y / ROW);
    return boxAt(boxes, (event.clientX - box.left) / box.width, depth);
  };
  const point = (event: PointerEvent) => {
    const start = drag.current;
    if (start && props.onPan && (start.moved || Math.abs(event.clientX - start.x) > 4)) {
      props.onPan((start.x - event.clientX) / size.width);
      drag.current = { x: event.clientX, moved: true };
      hideTip();
      return;
    }
    const box = at(event);
    if (box !== hovered.current) {
      hovered.current = box;
      redraw();
    }
    if (box >= 0 && boxes) {
      showTip(event.clientX, event.clientY, props.tip(boxes.node[box]!));
    } else {
      hideTip();
    }
  };
  const open = (box: number) => {
    if (boxes && box >= 0) {
      keyed.current = -1;
      props.onActive(boxes.node[box]!);
      props.onOpen(boxes.node[box]!, boxes.x[box]!, boxes.x[box]! + boxes.width[box]!);
    }
  };
  const move = (step: number, isRow: boolean) => {
    if (!boxes || boxes.count === 0) {
      return;
    }
    const next = marked < 0 ? 0 : nearest(boxes, marked, step, isRow);
    if (next < 0) {
      return;
    }
    keyed.current = next;
    props.onActive(boxes.node[next]!);
    const element = scroller.current!;
    const y = top(boxes.depth[next]!);
    if (y < element.scrollTop) {
      element.scrollTop = y;
    } else if (y + ROW > element.scrollTop + element.clientHeight) {
      element.scrollTop = y + ROW - element.clientHeight;
    }
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) {
      return;
    }
    const down = props.upward ? -1 : 1;
    switch (event.key) {
      case 'ArrowUp':
        move(-down, true);
        break;
      case 'ArrowDown':
        move(down, true);
        break;
      case 'ArrowLeft':
        move(-1, false);
        break;
      case 'ArrowRight':
        move(1, false);
        break;
      case 'Enter':
      case ' ':
        open(marked);
        break;
      case 'Escape':
      case 'Backspace':
        props.onBack();
        break;
      case '+':
      case '=':
        props.onWheelZoom?.(0.5, 0.7);
        break;
      case '-':
        props.onWheelZoom?.(0.5, 1 / 0.7);
        break;
      default:
        return;
    }
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <div class="boxes" ref={scroller} onScroll={redraw}>
      <canvas
        ref={ref}
        class="boxes-canvas"
        tabIndex={0}
        role="application"
        aria-roledescription="flame graph"
        aria-label={`${props.label}. Arrow keys move, Enter zooms in, Escape zooms out.`}
        data-testid={props.testid}
        onKeyDown={onKeyDown}
        onPointerMove={point}
        onPointerDown={(event) => (drag.current = { x: event.clientX, moved: false })}
        onPointerUp={(event) => {
          const moved = drag.current?.moved ?? false;
          drag.current = null;
          if (!moved && event.button === 0) {
            open(at(event));
          }
        }}
        onPointerLeave={() => {
          drag.current = null;
          hovered.current = -1;
          hideTip();
          redraw();
        }}
        onWheel={(event) => {
          if (props.onWheelZoom && (event.ctrlKey || event.metaKey || event.shiftKey)) {
            event.preventDefault();
            const box = ref.current!.getBoundingClientRect();
            const delta = event.deltaY || event.deltaX;
            props.onWheelZoom(
              (event.clientX - box.left) / box.width,
              Math.exp(Math.max(-60, Math.min(60, delta)) * 0.008),
            );
          }
        }}
      />
      <div class="boxes-room" style={{ height: `${high - size.height}px` }} />
      <div class="unseen" aria-live="polite" data-testid={`${props.testid}-live`}>
        {props.active >= 0 ? props.describe(props.active) : ''}
      </div>
    </div>
  );
}
