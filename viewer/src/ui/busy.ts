// Long work in slices, so that no frame waits for it.
import { useEffect, useState } from 'preact/hooks';

const SLICE = 12; // ms

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
    const work = start();
    const slice = () => {
      const until = performance.now() + SLICE;
      while (!isOver) {
        const step = work.next();
        if (step.done) {
          setResult(() => step.value);
          return;
        }
        if (performance.now() > until) {
          soon(slice);
          return;
        }
      }
    };
    slice();
    return () => {
      isOver = true;
    };
  }, inputs);
  return result;
}
