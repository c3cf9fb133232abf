// A canvas that fills its element at the screen's own resolution and draws at most once a frame.
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';

export interface Surface {
  context: CanvasRenderingContext2D;
  /** CSS pixels. */
  width: number;
  height: number;
}

export type Draw = (surface: Surface) => void;

/** Gives a ref for the canvas, and a function that asks for a new drawing. */
export function useCanvas(draw: Draw) {
  const ref = useRef<HTMLCanvasElement>(null);
  const latest = useRef(draw);
  latest.current = draw;
  const frame = useRef(0);
  const paint = () => {
    frame.current = 0;
    const canvas = ref.current;
    const context = canvas?.getContext('2d');
    if (!canvas || !context) {
      return;
    }
    const { clientWidth: width, clientHeight: height } = canvas;
    const ratio = window.devicePixelRatio || 1;
    const wide = Math.round(width * ratio);
    const high = Math.round(height * ratio);
    if (canvas.width !== wide || canvas.height !== high) {
      canvas.width = wide;
      canvas.height = high;
    }
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, width, height);
    latest.current({ context, width, height });
  };
  const redraw = () => {
    frame.current ||= requestAnimationFrame(paint);
  };
  useLayoutEffect(redraw);
  useEffect(() => {
    const canvas = ref.current!;
    const observer = new ResizeObserver(redraw);
    observer.observe(canvas);
    return () => {
      observer.disconnect();
      cancelAnimationFrame(frame.current);
      frame.current = 0;
    };
  }, []);
  return { ref, redraw };
}

const widths = new Map<string, number>();

/** The width of a text in CSS pixels, in the font that the context has. */
export function textWidth(context: CanvasRenderingContext2D, text: string): number {
  let width = widths.get(text);
  if (width === undefined) {
    if (widths.size > 20000) {
      widths.clear();
    }
    width = context.measureText(text).width;
    widths.set(text, width);
  }
  return width;
}

/** The text cut with an ellipsis so that it fits; empty where not even two letters do. */
export function fitText(context: CanvasRenderingContext2D, text: string, room: number): string {
  // No text that fits any screen is longer, and measuring a huge one takes long.
  const start = text.length > 400 ? text.slice(0, 400) : text;
  const width = textWidth(context, start);
  if (width <= room) {
    return start;
  }
  let length = Math.floor((room / width) * start.length) - 1;
  while (length > 1) {
    const shorter = start.slice(0, length) + '…';
    if (context.measureText(shorter).width <= room) {
      return shorter;
    }
    length -= Math.max(1, Math.floor(length / 10));
  }
  return '';
}
