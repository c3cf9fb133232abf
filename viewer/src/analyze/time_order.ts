// Samples one after the other, as they came: runs of equal frames are one box.
import { BoxList, type Boxes } from './layout.ts';
import type { Selection } from './selection.ts';
import type { SampleTree } from './tree.ts';

/** Where each chosen sample begins on the common axis, in ns of the clock; one more for the end. */
export function axisOf(selection: Selection): Float64Array {
  const { weights } = selection.weights;
  const axis = new Float64Array(weights.length + 1);
  for (let i = 0; i < weights.length; ++i) {
    axis[i + 1] = axis[i]! + weights[i]!;
  }
  return axis;
}

/** The chosen sample that holds `position` ns of the axis. */
export function sampleAt(axis: Float64Array, position: number): number {
  let low = 0;
  let high = axis.length - 1;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (axis[middle + 1]! > position) {
      high = middle;
    } else {
      low = middle + 1;
    }
  }
  return Math.min(low, Math.max(0, axis.length - 2));
}

interface Open {
  node: number;
  begin: number;
}

/**
 * Boxes of the window from `begin` to `end` ns of the axis. Where there are more samples than
 * `columns`, one is taken for each column, as a screen can show no more.
 */
export function layOutInTime(
  tree: SampleTree,
  selection: Selection,
  axis: Float64Array,
  begin: number,
  end: number,
  columns: number,
): Boxes {
  const boxes = new BoxList();
  const { rows } = selection;
  const width = end - begin;
  if (rows.length === 0 || !(width > 0)) {
    return boxes.finish();
  }
  const first = sampleAt(axis, begin);
  const last = sampleAt(axis, end);
  const open: Open[] = [];
  const close = (depth: number, at: number) => {
    while (open.length > depth) {
      const { node, begin: from } = open.pop()!;
      boxes.push(node, (from - begin) / width, (at - from) / width, open.length);
    }
  };
  const path: number[] = [];
  const enter = (sample: number, at: number) => {
    path.length = 0;
    for (let node = tree.nodeOfSample[rows[sample]!]!; node >= 0; node = tree.tree.parent[node]!) {
      path.push(node);
    }
    path.reverse();
    let same = 0;
    while (same < path.length && same < open.length && open[same]!.node === path[same]) {
      ++same;
    }
    close(same, at);
    for (let depth = same; depth < path.length; ++depth) {
      open.push({ node: path[depth]!, begin: at });
    }
  };
  if (last - first <= columns) {
    for (let sample = first; sample <= last; ++sample) {
      enter(sample, Math.max(begin, axis[sample]!));
    }
  } else {
    for (let column = 0; column < columns; ++column) {
      const at = begin + (column / columns) * width;
      enter(sampleAt(axis, at + width / columns / 2), at);
    }
  }
  close(0, end);
  return boxes.finish();
}
