// The page: toolbar, timeline, and the view that was chosen.
import { signal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { NONE } from '../model.ts';
import { ChangesView } from './changes.tsx';
import { comparison, model } from './data.ts';
import { FlameView } from './flame.tsx';
import { Help, isHelpOpen } from './help.tsx';
import { Overview } from './overview.tsx';
import { SandwichView } from './sandwich.tsx';
import { SourceView } from './source.tsx';
import * as state from './state.ts';
import { SunburstView } from './sunburst.tsx';
import { TableView } from './table.tsx';
import { Timeline } from './timeline.tsx';
import { TipBox, hideTip } from './tip.tsx';
import { SEARCH_ID, shownTabs, Tabs, Toolbar } from './toolbar.tsx';

/** A sentence that says why there is nothing to see, or that the view is behind. */
export const failure = signal('');

function View() {
  switch (state.view.value) {
    case 'overview':
      return <Overview />;
    case 'flame':
      return <FlameView />;
    case 'sunburst':
      return <SunburstView />;
    case 'sandwich':
      return <SandwichView />;
    case 'source':
      return <SourceView />;
    case 'table':
      return <TableView />;
    case 'changes':
      return comparison.value ? <ChangesView /> : <Overview />;
  }
}

function isTyping(event: KeyboardEvent): boolean {
  const target = event.target;
  return (
    target instanceof HTMLInputElement ||
    target instanceof HTMLSelectElement ||
    target instanceof HTMLTextAreaElement
  );
}

function focusOn(selector: string): void {
  document.querySelector<HTMLElement>(selector)?.focus();
}

function back(): void {
  if (state.search.value !== '') {
    state.search.value = '';
  } else if (state.zoom.value.length > 0) {
    state.zoom.value = [];
  } else if (state.range.value) {
    state.range.value = null;
  } else if (state.context.value !== NONE) {
    state.context.value = NONE;
  }
}

function onKey(event: KeyboardEvent): void {
  if (event.ctrlKey || event.metaKey || event.altKey || isHelpOpen.value || isTyping(event)) {
    return;
  }
  const tab = shownTabs()[Number(event.key) - 1];
  if (tab) {
    state.view.value = tab[0];
    event.preventDefault();
    return;
  }
  const actions: Record<string, () => void> = {
    '/': () => document.getElementById(SEARCH_ID)?.focus(),
    t: () => focusOn('[data-testid=timeline-canvas]'),
    g: () => focusOn('#view canvas, #view .code, #view .list'),
    w: () => (state.clock.value = 'wall'),
    b: () => (state.clock.value = 'busy'),
    c: () => (state.clock.value = 'cpu'),
    d: () => {
      const at = state.THEMES.indexOf(state.theme.value);
      state.theme.value = state.THEMES[(at + 1) % state.THEMES.length] ?? 'auto';
    },
    '?': () => (isHelpOpen.value = true),
    Escape: back,
  };
  const action = actions[event.key];
  if (action) {
    action();
    event.preventDefault();
  }
}

export function App() {
  const shown = state.view.value;
  useEffect(() => {
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, []);
  useEffect(hideTip, [shown]);
  if (!model.value) {
    return failure.value === '' ? (
      <p class="boot" data-testid="loading">
        Reading the recording…
      </p>
    ) : (
      <p class="boot failure" role="alert" data-testid="error">
        {failure.value}
      </p>
    );
  }
  return (
    <>
      <Toolbar />
      {failure.value === '' ? null : (
        <p class="failure" role="alert" data-testid="error">
          {failure.value}
        </p>
      )}
      <Timeline />
      <Tabs />
      <div id="view" class="main" role="tabpanel" aria-labelledby={`tab-${shown}`}>
        <View />
      </div>
      <Help />
      <TipBox />
    </>
  );
}
