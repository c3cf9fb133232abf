// Shares of time with their intervals: what src/analyze/statistics.h says of them holds here, and the
// figures are the same.
//
// A row of samples may stand for several looks that were equal. Their weights are taken to be equal,
// too, so that within a row neighbours do not differ.

export interface Interval {
  /** Bounds of a share, both within 0 to 1. */
  low: number;
  high: number;
}

const NORMAL_95 = 1.959964;

// However still the program, a tenth of the variance of independent draws is kept: neighbours that
// never differ may also mean a schedule in step with the program.
const LEAST_DESIGN_EFFECT = 0.1;

/** A single cheap instruction is known no better than this, whatever the number of samples. */
export const EXPRESSION_FLOOR = 0.008;

function clamp(value: number): number {
  return Math.min(1, Math.max(0, value));
}

/** Wilson's interval for a share that `effective` independent draws have given. */
export function wilson(share: number, effective: number): Interval {
  if (!(effective > 0)) {
    return { low: 0, high: 1 };
  }
  const square = NORMAL_95 * NORMAL_95;
  const center = (share + square / (2 * effective)) / (1 + square / effective);
  const half =
    (NORMAL_95 / (1 + square / effective)) *
    Math.sqrt((share * (1 - share)) / effective + square / (4 * effective * effective));
  return { low: Math.max(0, center - half), high: Math.min(1, center + half) };
}

/**
 * Widened by what bias can do: `unseen` is the share of time whose looks failed, all of which may
 * belong here or nowhere; `floor` the least half width that the way of looking can vouch for.
 */
export function widen(interval: Interval, share: number, unseen: number, floor: number): Interval {
  const lost = clamp(unseen);
  const low = interval.low * (1 - lost);
  const high = interval.high * (1 - lost) + lost;
  return {
    low: Math.max(0, Math.min(low, share - floor)),
    high: Math.min(1, Math.max(high, share + floor)),
  };
}

/** The weights of chosen rows of samples, in order of time, thread by thread; in ns. */
export class SampleWeights {
  readonly total: number;
  readonly sumOfSquares: number;
  /** Over neighbouring looks: the sum of (w[i+1] - w[i])^2. */
  readonly squaredDifferences: number;

  /** `unit[i]` is what each look of row i counts, `weights[i]` what all of them do. */
  constructor(
    readonly weights: Float64Array,
    readonly unit: Float64Array,
  ) {
    let total = 0;
    let squares = 0;
    let differences = 0;
    let before = 0;
    for (let i = 0; i < weights.length; ++i) {
      const one = unit[i]!;
      total += weights[i]!;
      squares += weights[i]! * one;
      differences += i > 0 ? (one - before) * (one - before) : 0;
      before = one;
    }
    this.total = total;
    this.sumOfSquares = squares;
    this.squaredDifferences = differences;
  }

  get size(): number {
    return this.weights.length;
  }

  share(sum: number): number {
    return this.total > 0 ? clamp(sum / this.total) : 0;
  }

  /**
   * Without bias; see widen(). `hitSquares` is the sum of d^2 over neighbours, d the difference of
   * their weight within the row of the table, `hitWeights` that of d times the difference of weights.
   */
  interval(sum: number, hitSquares: number, hitWeights: number): Interval {
    if (!(this.total > 0)) {
      return { low: 0, high: 1 };
    }
    const p = this.share(sum);
    const draws = (this.total * this.total) / this.sumOfSquares;
    const independent = p * (1 - p) * this.sumOfSquares;
    if (!(independent > 0)) {
      return wilson(p, draws);
    }
    const neighbours = (hitSquares - 2 * p * hitWeights + p * p * this.squaredDifferences) / 2;
    return wilson(p, draws / Math.max(neighbours / independent, LEAST_DESIGN_EFFECT));
  }
}
