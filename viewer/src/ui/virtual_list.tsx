// A long list of rows of one height, of which only those in view are in the page.
import {
  Virtualizer,
  elementScroll,
  observeElementOffset,
  observeElementRect,
} from '@tanstack/virtual-core';
import type { ComponentChildren } from 'preact';
import { useLayoutEffect, useReducer, useRef, useState } from 'preact/hooks';

interface Props {
  count: number;
  /** CSS pixels. */
  rowHeight: number;
  label: string;
  testid: string;
  role?: 'rowgroup' | 'list';
  class?: string;
  /** The row to keep in view; it is scrolled to when it changes. */
  active?: number;
  align?: 'auto' | 'center';
  row(index: number): ComponentChildren;
  onKeyDown?(event: KeyboardEvent): void;
  /** Told which rows are in view. */
  onRange?(first: number, last: number): void;
}

export function VirtualList(props: Props) {
  const ref = useRef<HTMLDivElement>(null);
  const [, redraw] = useReducer((n: number) => n + 1, 0);
  const [list] = useState(
    () =>
      new Virtualizer<HTMLDivElement, HTMLDivElement>({
        count: props.count,
        getScrollElement: () => ref.current,
        estimateSize: () => props.rowHeight,
        overscan: 8,
        observeElementRect,
        observeElementOffset,
        scrollToFn: elementScroll,
        onChange: () => redraw(0),
      }),
  );
  list.setOptions({
    ...list.options,
    count: props.count,
    estimateSize: () => props.rowHeight,
  });
  useLayoutEffect(() => list._didMount(), []);
  useLayoutEffect(() => list._willUpdate());
  const { active = -1, align = 'auto' } = props;
  useLayoutEffect(() => {
    if (active >= 0 && active < props.count) {
      list.scrollToIndex(active, { align });
    }
  }, [active, props.count, align]);
  const items = list.getVirtualItems();
  const first = items[0]?.index ?? 0;
  const last = items.at(-1)?.index ?? -1;
  const { onRange } = props;
  useLayoutEffect(() => onRange?.(first, last));
  return (
    <div
      class={`list ${props.class ?? ''}`}
      ref={ref}
      tabIndex={0}
      role={props.role ?? 'list'}
      aria-label={props.label}
      data-testid={props.testid}
      onKeyDown={props.onKeyDown}
    >
      <div class="list-all" style={{ height: `${list.getTotalSize()}px` }}>
        <div class="list-seen" style={{ transform: `translateY(${items[0]?.start ?? 0}px)` }}>
          {items.map(({ index }) => props.row(index))}
        </div>
      </div>
    </div>
  );
}
