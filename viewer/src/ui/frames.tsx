// What a node of any tree is called, how it is coloured, and what is said of it.
import { NONE, type Recording } from '../model.ts';
import type { Share } from '../analyze/shares.ts';
import type { FrameKinds, NodeTimes, Tree } from '../analyze/tree.ts';
import * as format from '../format.ts';
import { changeColor, functionColors } from './colors.ts';
import { changes, recording, selection, usedClock } from './data.ts';
import { contextName, functionName, filePath, Name, shortPlace } from './name.tsx';
import { computed } from '@preact/signals';
import { isDark } from './theme.ts';

export interface ShownTree {
  tree: Tree;
  kinds: FrameKinds;
  times: NodeTimes;
  /** The share of a node with its callees, with its interval; costs a pass over the samples. */
  share(node: number): Share;
  selfShare(node: number): Share;
}

/** The function of a node, or NONE where it is the root, a thread or a process. */
export function functionOf({ tree, kinds }: ShownTree, node: number): number {
  const key = tree.key[node] ?? NONE;
  return key >= 0 && key < kinds.count ? kinds.function[key]! : NONE;
}

export function lineOf({ tree, kinds }: ShownTree, node: number): number {
  const key = tree.key[node] ?? NONE;
  return key >= 0 && key < kinds.count ? kinds.line[key]! : 0;
}

export function nodeName(of: Recording, shown: ShownTree, node: number): string {
  const key = shown.tree.key[node] ?? NONE;
  if (key < 0) {
    return 'all';
  }
  if (key >= shown.kinds.count) {
    return contextName(of, key - shown.kinds.count);
  }
  const name = functionName(of, shown.kinds.function[key]!);
  const line = shown.kinds.line[key]!;
  return line > 0 ? `${name}:${line}` : name;
}

const colors = computed(() => functionColors(recording.value, isDark.value));

/** A colour for each node: of its module, or of its change where two recordings are compared. */
export function nodeColor(shown: ShownTree): (node: number) => string {
  const dark = isDark.value;
  const plain = dark ? '#8d939e' : '#d5d8de';
  const changed = changes.value;
  const ofFunction = colors.value;
  return (node) => {
    const owner = functionOf(shown, node);
    if (owner < 0) {
      return plain;
    }
    return changed
      ? changeColor(changed.ofFunction.get(owner), dark)
      : (ofFunction[owner] ?? plain);
  };
}

export function functionColor(id: number): string {
  const changed = changes.value;
  return changed
    ? changeColor(changed.ofFunction.get(id), isDark.value)
    : (colors.value[id] ?? 'transparent');
}

const CLOCK_WORDS = { wall: 'wall time', busy: 'busy time', cpu: 'CPU time' };

export function clockWords(): string {
  return CLOCK_WORDS[usedClock.value];
}

export function ShareText({ share }: { share: Share }) {
  return (
    <span class="share">
      <b>{format.time(share.time)}</b> <span>{format.percent(share.share)}</span>{' '}
      <span class="faint">
        {(share.low * 100).toFixed(1)}–{(share.high * 100).toFixed(1)} %
      </span>
    </span>
  );
}

export function ChangeText({ id }: { id: number }) {
  const change = changes.value?.ofFunction.get(id);
  if (!change) {
    return null;
  }
  const difference = change.after - change.before;
  return (
    <div>
      {change.verdict === 'same'
        ? 'unchanged within noise: '
        : `${change.verdict} by ${format.time(Math.abs(difference))}: `}
      {format.time(change.before)} → {format.time(change.after)}
    </div>
  );
}

/** The content of a tooltip. */
export function NodeTip({ shown, node }: { shown: ShownTree; node: number }) {
  const of = recording.value;
  const owner = functionOf(shown, node);
  const file = owner < 0 ? NONE : of.functions.file[owner]!;
  const line = lineOf(shown, node) || (owner < 0 ? 0 : of.functions.firstLine[owner]!);
  return (
    <>
      <div class="tip-name">
        <Name text={nodeName(of, shown, node)} />
      </div>
      {file >= 0 ? (
        <div class="faint clip">
          <bdi>{filePath(of, file)}</bdi>
          {line > 0 ? `:${line}` : ''}
        </div>
      ) : null}
      <table class="tip-figures">
        <tbody>
          <tr>
            <th>total</th>
            <td>
              <ShareText share={shown.share(node)} />
            </td>
          </tr>
          <tr>
            <th>self</th>
            <td>
              <ShareText share={shown.selfShare(node)} />
            </td>
          </tr>
        </tbody>
      </table>
      {owner >= 0 ? <ChangeText id={owner} /> : null}
      {shown.tree.recursive[node] === 1 ? <div class="faint">calls itself directly</div> : null}
    </>
  );
}

/** One sentence about a node for those who hear. */
export function describeNode(shown: ShownTree, node: number): string {
  const total = shown.times.total[node] ?? 0;
  const self = shown.times.self[node] ?? 0;
  const all = selection.value.weights;
  return (
    `${nodeName(recording.value, shown, node)}: total ${format.time(total)}, ` +
    `${format.percent(all.share(total))}; self ${format.time(self)}, ` +
    `${format.percent(all.share(self))}; level ${shown.tree.depth[node] ?? 0}`
  );
}

export { shortPlace };
