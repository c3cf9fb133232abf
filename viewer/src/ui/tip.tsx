// The one tooltip of the page.
import { signal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';

interface Tip {
  x: number;
  y: number;
  content: ComponentChildren;
}

const tip = signal<Tip | null>(null);

/** Shows `content` beside a point of the window, in CSS pixels. */
export function showTip(x: number, y: number, content: ComponentChildren): void {
  tip.value = { x, y, content };
}

export function hideTip(): void {
  tip.value = null;
}

const DISTANCE = 14;

export function TipBox() {
  const ref = useRef<HTMLDivElement>(null);
  const now = tip.value;
  useLayoutEffect(() => {
    const box = ref.current;
    if (!box || !now) {
      return;
    }
    const { width, height } = box.getBoundingClientRect();
    const right = now.x + DISTANCE + width > window.innerWidth;
    const below = now.y + DISTANCE + height > window.innerHeight;
    const x = right ? Math.max(4, now.x - DISTANCE - width) : now.x + DISTANCE;
    const y = below ? Math.max(4, now.y - DISTANCE - height) : now.y + DISTANCE;
    box.style.transform = `translate(${Math.round(x)}px, ${Math.round(y)}px)`;
  });
  return now ? (
    <div class="tip" role="tooltip" data-testid="tip" ref={ref}>
      {now.content}
    </div>
  ) : null;
}
