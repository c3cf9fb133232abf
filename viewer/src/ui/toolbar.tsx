// What holds for all views: thread, clock, stretch of time, search, theme.
import { useEffect, useRef } from 'preact/hooks';
import * as format from '../format.ts';
import { CLOCKS, NONE, type Clock } from '../model.ts';
import { visible } from '../text.ts';
import { comparison, found, model, recording, shownIndex, usedClock } from './data.ts';
import { contextName } from './name.tsx';
import { clock, context, range, search, shown, theme, THEMES, view, type View } from './state.ts';
import { isHelpOpen } from './help.tsx';

const TABS: [View, string][] = [
  ['overview', 'Overview'],
  ['flame', 'Flame graph'],
  ['sunburst', 'Sunburst'],
  ['sandwich', 'Sandwich'],
  ['source', 'Source'],
  ['table', 'Table'],
  ['changes', 'Changes'],
];

const CLOCK_TITLES: Record<Clock, string> = {
  wall: 'Wall time: all time of the threads',
  busy: 'Busy time: wall time in which a thread was not blocked',
  cpu: 'CPU time',
};

export function shownTabs(): [View, string][] {
  return TABS.filter(([id]) => id !== 'changes' || comparison.value);
}

export function Tabs() {
  const tabs = shownTabs();
  const onKeyDown = (event: KeyboardEvent) => {
    const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
    if (step !== 0) {
      const at = tabs.findIndex(([id]) => id === view.value);
      const [next] = tabs[(at + step + tabs.length) % tabs.length]!;
      view.value = next;
      document.getElementById(`tab-${next}`)?.focus();
      event.preventDefault();
    }
  };
  return (
    <div class="tabs" role="tablist" aria-label="Views" onKeyDown={onKeyDown}>
      {tabs.map(([id, name], number) => (
        <button
          key={id}
          id={`tab-${id}`}
          type="button"
          role="tab"
          aria-selected={view.value === id}
          aria-controls="view"
          tabIndex={view.value === id ? 0 : -1}
          title={`Key ${number + 1}`}
          data-testid={`tab-${id}`}
          onClick={() => (view.value = id)}
        >
          {name}
        </button>
      ))}
    </div>
  );
}

function ContextSelect() {
  const of = recording.value;
  return (
    <select
      aria-label="Thread or process"
      data-testid="thread"
      value={String(context.value)}
      onChange={(event) => (context.value = Number(event.currentTarget.value))}
    >
      <option value={String(NONE)}>All threads</option>
      {of.contexts.slice(0, 1000).map((row, id) => (
        <option key={id} value={String(id)}>
          {row.kind === 'process' ? 'Process ' : '  '}
          {contextName(of, id)}
        </option>
      ))}
    </select>
  );
}

export const SEARCH_ID = 'search';

function SearchBox() {
  const ref = useRef<HTMLInputElement>(null);
  const timer = useRef(0);
  const result = found.value;
  useEffect(() => {
    if (ref.current && document.activeElement !== ref.current) {
      ref.current.value = search.value;
    }
  }, [search.value]);
  return (
    <div class="search">
      <input
        id={SEARCH_ID}
        ref={ref}
        type="search"
        placeholder="Search functions and files  ( / )"
        aria-label="Search functions and files"
        data-testid="search"
        defaultValue={search.peek()}
        onInput={(event) => {
          const { value } = event.currentTarget;
          window.clearTimeout(timer.current);
          timer.current = window.setTimeout(() => (search.value = value), 60);
        }}
        onKeyDown={(event) => {
          if (event.key === 'Escape') {
            event.currentTarget.value = '';
            search.value = '';
            event.currentTarget.blur();
            event.stopPropagation();
          }
        }}
      />
      {result ? (
        <span class="found" role="status" data-testid="search-total">
          {format.plural(result.functions, 'function')}: {format.time(result.share.time)},{' '}
          {format.percent(result.share.share)}
        </span>
      ) : null}
    </div>
  );
}

const THEME_NAMES = { auto: 'Auto', light: 'Light', dark: 'Dark' };

export function Toolbar() {
  const chosen = range.value;
  const names = model.value?.recordings.map((one) => visible(one.name)) ?? [];
  return (
    <header class="top">
      <span class="brand">
        lancehead <bdi class="faint clip">{visible(recording.value.name)}</bdi>
      </span>
      {names.length > 1 ? (
        <select
          aria-label="Recording"
          data-testid="recording"
          value={String(shownIndex.value)}
          onChange={(event) => (shown.value = Number(event.currentTarget.value))}
        >
          {names.map((name, number) => (
            <option key={number} value={String(number)}>
              {number === 0 ? 'Before: ' : 'After: '}
              {name}
            </option>
          ))}
        </select>
      ) : null}
      <ContextSelect />
      <div class="choice" role="group" aria-label="Clock" data-testid="clock">
        {CLOCKS.map((one) => (
          <button
            key={one}
            type="button"
            title={CLOCK_TITLES[one]}
            aria-pressed={usedClock.value === one}
            data-testid={`clock-${one}`}
            onClick={() => (clock.value = one)}
          >
            {one === 'cpu' ? 'CPU' : one === 'wall' ? 'Wall' : 'Busy'}
          </button>
        ))}
      </div>
      {chosen ? (
        <button
          type="button"
          class="chip"
          data-testid="range"
          title="All of the time again"
          onClick={() => (range.value = null)}
        >
          {format.time(chosen.begin)} – {format.time(chosen.end)} ✕
        </button>
      ) : null}
      <SearchBox />
      <button
        type="button"
        class="toggle"
        data-testid="theme"
        aria-label={`Theme: ${THEME_NAMES[theme.value]}`}
        title="Light, dark, or as the system has it"
        onClick={() =>
          (theme.value = THEMES[(THEMES.indexOf(theme.value) + 1) % THEMES.length] ?? 'auto')
        }
      >
        {THEME_NAMES[theme.value]}
      </button>
      <button
        type="button"
        class="toggle"
        data-testid="help"
        aria-label="Help"
        title="Keys and meanings  ( ? )"
        onClick={() => (isHelpOpen.value = true)}
      >
        ?
      </button>
    </header>
  );
}
