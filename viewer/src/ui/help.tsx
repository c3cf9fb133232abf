// Keys, and what the figures mean.
import { signal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';

export const isHelpOpen = signal(false);

const KEYS: [string, string][] = [
  ['1 … 7', 'the views, in the order of their tabs'],
  ['/', 'search'],
  ['t', 'the timeline'],
  ['g', 'the graph, list or code of the view'],
  ['w, b, c', 'wall, busy or CPU time'],
  ['d', 'light, dark, or as the system has it'],
  ['?', 'this help'],
  ['Escape', 'back: out of a zoom, a search, a stretch of time'],
];
const GRAPH_KEYS: [string, string][] = [
  ['arrows', 'to the caller, a callee, the box left or right'],
  ['Enter, click', 'zoom in, and mark'],
  ['Escape, Backspace', 'zoom out'],
  ['+ and −, Shift+wheel', 'in order of time: closer and farther; drag to move'],
];
const TIMELINE_KEYS: [string, string][] = [
  ['left, right', 'move; with Ctrl farther, with Shift choose a stretch'],
  ['up, down', 'another thread'],
  ['Enter', 'only this thread'],
  ['Escape, double click', 'all of the time again'],
];
const LIST_KEYS: [string, string][] = [
  ['up, down, Page, Home, End', 'move'],
  ['Enter', 'to the line, or to callers and callees'],
  ['Tab', 'from list to list'],
];

function Keys({ title, keys }: { title: string; keys: [string, string][] }) {
  return (
    <section>
      <h3>{title}</h3>
      <dl class="keys">
        {keys.map(([key, meaning]) => (
          <div key={key}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{meaning}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

export function Help() {
  const ref = useRef<HTMLDialogElement>(null);
  const open = isHelpOpen.value;
  useEffect(() => {
    const dialog = ref.current!;
    if (open && !dialog.open) {
      dialog.showModal();
    } else if (!open && dialog.open) {
      dialog.close();
    }
  }, [open]);
  return (
    <dialog
      ref={ref}
      class="help"
      aria-label="Help"
      data-testid="help-dialog"
      onClose={() => (isHelpOpen.value = false)}
    >
      <div class="columns">
        <Keys title="Everywhere" keys={KEYS} />
        <Keys title="Graphs" keys={GRAPH_KEYS} />
        <Keys title="Timeline" keys={TIMELINE_KEYS} />
        <Keys title="Lists and source" keys={LIST_KEYS} />
      </div>
      <h3>What the figures mean</h3>
      <p>
        <b>self</b>: the program was in that very place. <b>total</b>: there, or in something called
        from there; a recursion counts once. An expression's self holds the expressions inside it; own
        is what is left without them.
      </p>
      <p>
        A range such as <i>0.7–1.3 %</i> holds the true share of this run's time in 95 of 100 cases.
      </p>
      <p>
        <b>Wall</b> is all time of the threads, <b>busy</b> leaves out what they lay blocked,{' '}
        <b>CPU</b> is the time on a processor. The stretch of time, the thread and the clock that are
        chosen hold in every view, and stand in this page's address.
      </p>
      <button
        type="button"
        class="toggle"
        data-testid="help-close"
        onClick={() => (isHelpOpen.value = false)}
      >
        Close
      </button>
    </dialog>
  );
}
