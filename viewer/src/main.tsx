// Starts the page, and follows a recording that grows.
import { render } from 'preact';
import { effect } from '@preact/signals';
import { isWritten, loadModel, loadState } from './load/fetch.ts';
import { ModelError } from './load/reader.ts';
import { visible } from './text.ts';
import { App, failure } from './ui/app.tsx';
import { model, recording } from './ui/data.ts';
import { followAddress } from './ui/state.ts';
import { followTheme } from './ui/theme.ts';

const POLL = 2000; // ms

function sentence(error: unknown): string {
  return error instanceof ModelError
    ? error.message
    : `The page failed: ${error instanceof Error ? error.message : String(error)}`;
}

async function load(): Promise<void> {
  const next = await loadModel();
  failure.value = '';
  model.value = next;
}

async function follow(): Promise<void> {
  let revision = NaN;
  for (;;) {
    await new Promise((resume) => setTimeout(resume, POLL));
    try {
      const state = await loadState();
      if (state.revision !== revision) {
        await load();
        revision = state.revision;
      }
      failure.value = '';
      if (!state.growing) {
        return;
      }
    } catch (error) {
      failure.value = sentence(error);
    }
  }
}

async function start(): Promise<void> {
  const root = document.getElementById('app')!;
  root.replaceChildren();
  followAddress();
  followTheme();
  render(<App />, root);
  effect(() => {
    const { name, summary } = recording.value;
    document.title = `${visible(summary.command || name).slice(0, 100)} – lancehead`;
  });
  try {
    await load();
    performance.mark('lancehead-loaded');
  } catch (error) {
    failure.value = sentence(error);
    return;
  }
  if (!isWritten() && recording.value.growing) {
    await follow();
  }
}

void start();
