// The pane beside a graph: all that is known of the chosen node and its function.
import { useMemo } from 'preact/hooks';
import { NONE } from '../model.ts';
import { masksOfKeys, sharesOfMasks } from '../analyze/shares.ts';
import * as format from '../format.ts';
import { functionSet, recording, selection } from './data.ts';
import { ChangeText, functionOf, lineOf, nodeName, ShareText, type ShownTree } from './frames.tsx';
import { filePath, functionName, Name } from './name.tsx';
import { goSandwich, goToLine } from './state.ts';
import * as state from './state.ts';

/** Self and total of one function over the whole selection, with their intervals. */
export function useFunctionShares(id: number) {
  const now = selection.value;
  const { keys } = functionSet.value;
  return useMemo(() => {
    if (id < 0 || id >= keys.count) {
      return null;
    }
    const share = (measure: 'own' | 'total') =>
      sharesOfMasks(now, masksOfKeys(now, keys, [id], measure), 1)[0]!;
    return { self: share('own'), total: share('total') };
  }, [now, keys, id]);
}

export function FunctionFigures({ id }: { id: number }) {
  const shares = useFunctionShares(id);
  const counted = recording.value.counted?.find((row) => row.function === id);
  return shares ? (
    <dl class="figures">
      <dt>self</dt>
      <dd data-testid="detail-self">
        <ShareText share={shares.self} />
      </dd>
      <dt>total</dt>
      <dd data-testid="detail-total">
        <ShareText share={shares.total} />
      </dd>
      {counted ? (
        <>
          <dt>calls</dt>
          <dd>
            <b>{format.count(counted.calls)}</b>
            {counted.calls > 0 ? (
              <span class="faint"> {format.time(shares.total.time / counted.calls)} each</span>
            ) : null}
          </dd>
        </>
      ) : null}
    </dl>
  ) : null;
}

export function FunctionLinks({ id, line }: { id: number; line: number }) {
  const { functions } = recording.value;
  const file = functions.file[id] ?? NONE;
  const target = line || (functions.firstLine[id] ?? 0);
  return (
    <div class="buttons">
      {file >= 0 ? (
        <button type="button" data-testid="to-source" onClick={() => goToLine(file, target)}>
          Source
        </button>
      ) : null}
      <button type="button" data-testid="to-sandwich" onClick={() => goSandwich(id)}>
        Callers and callees
      </button>
      <button
        type="button"
        data-testid="to-search"
        onClick={() => (state.search.value = functions.name[id] ?? '')}
      >
        Search
      </button>
    </div>
  );
}

function FunctionHead({ id, line }: { id: number; line: number }) {
  const of = recording.value;
  const file = of.functions.file[id]!;
  const shownLine = line || of.functions.firstLine[id]!;
  return (
    <>
      <h2>
        <bdi class="name whole">{functionName(of, id)}</bdi>
      </h2>
      {file >= 0 ? (
        <p class="faint path">
          <bdi>{filePath(of, file)}</bdi>
          {shownLine > 0 ? `:${shownLine}` : ''}
        </p>
      ) : null}
    </>
  );
}

interface Props {
  shown: ShownTree | null;
  node: number;
}

export function NodeDetails({ shown, node }: Props) {
  const owner = shown && node >= 0 ? functionOf(shown, node) : state.chosen.value;
  const of = recording.value;
  const known = owner >= 0 && owner < of.functions.count;
  const line = shown && node >= 0 ? lineOf(shown, node) : 0;
  return (
    <aside class="details" aria-label="Details" data-testid="details">
      {known ? (
        <FunctionHead id={owner} line={line} />
      ) : shown && node >= 0 ? (
        <h2>
          <Name text={nodeName(of, shown, node)} />
        </h2>
      ) : (
        <p class="faint">Click a box, or move with the arrow keys, to see its figures here.</p>
      )}
      {shown && node >= 0 ? (
        <>
          <h3>This path</h3>
          <dl class="figures">
            <dt>self</dt>
            <dd>
              <ShareText share={shown.selfShare(node)} />
            </dd>
            <dt>total</dt>
            <dd>
              <ShareText share={shown.share(node)} />
            </dd>
          </dl>
        </>
      ) : null}
      {known ? (
        <>
          <h3>The function on all paths</h3>
          <FunctionFigures id={owner} />
          <ChangeText id={owner} />
          <FunctionLinks id={owner} line={line} />
        </>
      ) : null}
    </aside>
  );
}
