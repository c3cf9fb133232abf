// Intervals of the rows in view, made between frames.
import { useMemo, useReducer, useRef } from 'preact/hooks';
import type { Selection } from '../analyze/selection.ts';
import { BATCH, masksOfKeys, sharesOfMasks, type Measure, type Share } from '../analyze/shares.ts';
import { soon } from './busy.ts';
import type { KeySet } from './data.ts';

// So few at a time that a pass over the largest recording fits into a frame.
const AT_ONCE = Math.min(BATCH, 8);

/** Shares of rows that were asked for already; null for others, which are then made. */
export function useRowShares(set: KeySet, selection: Selection, floor: number) {
  const [, redraw] = useReducer((n: number) => n + 1, 0);
  const known = useMemo(() => new Map<string, Share | null>(), [set, selection, floor]);
  const current = useRef(known);
  current.current = known;
  const wanted = useRef<[number, Measure][]>([]);
  const isRunning = useRef(false);
  const step = () => {
    const measure = wanted.current[0]?.[1];
    const of = current.current;
    if (measure === undefined) {
      isRunning.current = false;
      redraw(0);
      return;
    }
    const rows: number[] = [];
    wanted.current = wanted.current.filter(([row, one]) => {
      const takes = one === measure && rows.length < AT_ONCE;
      if (takes) {
        rows.push(row);
      }
      return !takes;
    });
    const masks = masksOfKeys(selection, set.keys, rows, measure);
    sharesOfMasks(selection, masks, rows.length, floor).forEach((share, i) =>
      of.set(`${measure}${rows[i]!}`, share),
    );
    soon(latest.current);
  };
  const latest = useRef(step);
  latest.current = step;
  const asked = useRef(known);
  if (asked.current !== known) {
    asked.current = known;
    wanted.current = [];
  }
  return (row: number, measure: Measure): Share | null => {
    const key = `${measure}${row}`;
    const share = known.get(key);
    if (share === undefined) {
      known.set(key, null);
      wanted.current.push([row, measure]);
      if (!isRunning.current) {
        isRunning.current = true;
        soon(() => latest.current());
      }
    }
    return share ?? null;
  };
}
