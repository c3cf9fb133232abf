// Figures as a person reads them. Times are nanoseconds.
import type { Share } from './analyze/shares.ts';

const UNITS: [number, string][] = [
  [1e9, 's'],
  [1e6, 'ms'],
  [1e3, 'µs'],
];

function digits3(value: number): string {
  return value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2);
}

/** Such as `12.3 ms`. */
export function time(ns: number): string {
  const size = Math.abs(ns);
  const sign = ns < 0 ? '−' : '';
  if (size >= 600e9) {
    const minutes = Math.floor(size / 60e9);
    return `${sign}${minutes} min ${Math.round((size - minutes * 60e9) / 1e9)} s`;
  }
  for (const [unit, name] of UNITS) {
    if (size >= unit * 0.9995) {
      return `${sign}${digits3(size / unit)} ${name}`;
    }
  }
  return `${sign}${Math.round(size)} ns`;
}

/** Such as `1.0 %`. */
export function percent(share: number): string {
  const value = share * 100;
  return `${value >= 99.95 ? value.toFixed(0) : value.toFixed(1)} %`;
}

/** Half of the interval, such as `±0.3`, in points of percent. */
export function plusMinus(share: Share): string {
  const half = ((share.high - share.low) / 2) * 100;
  return `±${half >= 9.95 ? half.toFixed(0) : half < 0.05 ? half.toFixed(2) : half.toFixed(1)}`;
}

/** Such as `1.0 % (0.7 to 1.3 %)`. */
export function interval(share: Share): string {
  const low = (share.low * 100).toFixed(1);
  return `${percent(share.share)} (${low} to ${(share.high * 100).toFixed(1)} %)`;
}

const WHOLE = new Intl.NumberFormat('en');

export function count(value: number): string {
  return WHOLE.format(value);
}

export function plural(value: number, one: string, many = `${one}s`): string {
  return `${count(value)} ${value === 1 ? one : many}`;
}
