// Long work in slices, so that no frame waits for it.
import { computed, signal, type ReadonlySignal } from '@preact/signals';
import { useEffect, useState } from 'preact/hooks';

const SLICE = 12; // ms
const LATER = 40; // ms

const channel = new MessageChannel();
const waiting: (() => void)[] = [];
channel.port1.onmessage = () => waiting.shift()?.();

/** Runs `job` as soon as the browser has looked at its events. */
export function soon(job: () => void): void {
  waiting.push(job);
  channel.port2.postMessage(null);
}

/**
 * Runs a generator slice by slice; a new one ends the one before. Gives its last result, which stays
 * until the next is there; null before the first.
 */
export function useSliced<T>(start: () => Generator<undefined, T>, inputs: unknown[]): T | null {
  const [result, setResult] = useState<T | null>(null);
  useEffect(() => {
    let isOver = false;
    runSliced(
      start(),
      () => isOver,
      (value) => setResult(() => value),
    );
    return () => {
      isOver = true;
    };
  }, inputs);
  return result;
}

/** Runs a generator slice by slice; `isOver` may end it early. */
export function runSliced<T>(
  work: Generator<undefined, T>,
  isOver: () => boolean,
  done: (result: T) => void,
): void {
  const slice = () => {
    const until = performance.now() + SLICE;
    while (!isOver()) {
      const step = work.next();
      if (step.done) {
        done(step.value);
        return;
      }
      if (performance.now() > until) {
        soon(slice);
        return;
      }
    }
  };
  slice();
}

/**
 * What a generator makes of an input, worked out in slices once somebody asks; null until it is there.
 * `inputs` must give the same object for the same input. `made` gives what was made before.
 */
export function sliced<I extends object, T>(
  inputs: ReadonlySignal<I>,
  start: (input: I) => Generator<undefined, T>,
  made: (input: I) => T | null = () => null,
): ReadonlySignal<T | null> {
  const result = signal<{ input: I; value: T } | null>(null);
  let running: I | null = null;
  return computed(() => {
    const input = inputs.value;
    const ready = result.value;
    if (ready?.input === input) {
      return ready.value;
    }
    const before = made(input);
    if (before) {
      return before;
    }
    if (running !== input) {
      running = input;
      // Not at once: whoever asks is in the middle of a drawing.
      soon(() =>
        runSliced(
          start(input),
          () => running !== input,
          (value) => {
            result.value = { input, value };
          },
        ),
      );
    }
    return null;
  });
}

/**
 * What `make` gives, made after the frame in which its inputs changed. Until then the old result, where
 * `isGood` says so of it.
 */
export function useLater<T>(
  make: () => T,
  inputs: unknown[],
  isGood: (old: T) => boolean = () => true,
): T | null {
  const [result, setResult] = useState<T | null>(null);
  useEffect(() => {
    // While a range is dragged the inputs change for each frame: only the last ones count.
    let isOver = false;
    const timer = window.setTimeout(() => {
      // One after the other, so that a frame may be drawn between two of them.
      soon(() => {
        if (!isOver) {
          setResult(() => make());
        }
      });
    }, LATER);
    return () => {
      isOver = true;
      window.clearTimeout(timer);
    };
  }, inputs);
  return result !== null && isGood(result) ? result : null;
}
