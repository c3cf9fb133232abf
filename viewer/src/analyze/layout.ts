// Boxes of a tree: which nodes are wide enough to be seen, and where.
import type { NodeTimes, Tree } from './tree.ts';

/** Boxes in order of drawing: a parent before its children. x and width are parts of the whole, 0 to 1. */
export interface Boxes {
  count: number;
  node: Int32Array;
  x: Float64Array;
  width: Float64Array;
  depth: Int32Array;
  /** Levels in all. */
  levels: number;
}

export class BoxList {
  private nodes: number[] = [];
  private xs: number[] = [];
  private widths: number[] = [];
  private depths: number[] = [];

  push(node: number, x: number, width: number, depth: number): void {
    this.nodes.push(node);
    this.xs.push(x);
    this.widths.push(width);
    this.depths.push(depth);
  }

  finish(): Boxes {
    let levels = 0;
    for (const depth of this.depths) {
      levels = Math.max(levels, depth + 1);
    }
    return {
      count: this.nodes.length,
      node: Int32Array.from(this.nodes),
      x: Float64Array.from(this.xs),
      width: Float64Array.from(this.widths),
      depth: Int32Array.from(this.depths),
      levels,
    };
  }
}

/**
 * The nodes that a zoom shows: those above `root` across the whole width, then `root` and what is
 * below it. A node narrower than `least` (part of the width) is left out, and so are its children.
 */
export function layOut(tree: Tree, times: NodeTimes, root: number, least: number): Boxes {
  const boxes = new BoxList();
  const above: number[] = [];
  for (let node = root; node >= 0; node = tree.parent[node]!) {
    above.push(node);
  }
  const whole = times.total[root]!;
  above.reverse().forEach((node, depth) => boxes.push(node, 0, 1, depth));
  if (whole > 0) {
    placeChildren(tree, times, root, above.length, whole, least, boxes);
  }
  return boxes.finish();
}

function placeChildren(
  tree: Tree,
  times: NodeTimes,
  root: number,
  depth: number,
  whole: number,
  least: number,
  boxes: BoxList,
): void {
  const open: [node: number, x: number, depth: number][] = [[root, 0, depth]];
  for (let at = 0; at < open.length; ++at) {
    const [node, begin, level] = open[at]!;
    let x = begin;
    for (const child of childrenByTotal(tree, times, node)) {
      const width = times.total[child]! / whole;
      if (width < least) {
        break;
      }
      boxes.push(child, x, width, level);
      if (tree.start[child + 1]! > tree.start[child]!) {
        open.push([child, x, level + 1]);
      }
      x += width;
    }
  }
}

/** Children that have time, largest first; equal ones in order of appearance. */
export function childrenByTotal(tree: Tree, times: NodeTimes, node: number): number[] {
  const children: number[] = [];
  for (let at = tree.start[node]!; at < tree.start[node + 1]!; ++at) {
    const child = tree.child[at]!;
    if (times.total[child]! > 0) {
      children.push(child);
    }
  }
  return children.length < 2
    ? children
    : children.sort((a, b) => times.total[b]! - times.total[a]! || a - b);
}
