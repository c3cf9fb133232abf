// Numbers pairs of numbers, in typed arrays: what a Map of strings would do, without garbage.

const EMPTY = -1;

export class PairMap {
  private size = 0;
  private mask: number;
  private slots: Int32Array;
  private firsts: Int32Array;
  private seconds: Int32Array;

  constructor(expected = 1024) {
    let capacity = 1024;
    while (capacity < expected * 2) {
      capacity *= 2;
    }
    this.mask = capacity - 1;
    this.slots = new Int32Array(capacity).fill(EMPTY);
    this.firsts = new Int32Array(capacity / 2);
    this.seconds = new Int32Array(capacity / 2);
  }

  get count(): number {
    return this.size;
  }

  /** The number of the pair; a new one is numbered `count`. */
  number(first: number, second: number): number {
    let slot = this.slotOf(first, second);
    const known = this.slots[slot]!;
    if (known !== EMPTY) {
      return known;
    }
    if (this.size === this.firsts.length) {
      this.grow();
      slot = this.slotOf(first, second);
    }
    this.slots[slot] = this.size;
    this.firsts[this.size] = first;
    this.seconds[this.size] = second;
    return this.size++;
  }

  private slotOf(first: number, second: number): number {
    let hash = Math.imul(first, 0x9e3779b1) ^ Math.imul(second, 0x85ebca6b);
    hash ^= hash >>> 15;
    let slot = hash & this.mask;
    for (;;) {
      const known = this.slots[slot]!;
      if (
        known === EMPTY ||
        (this.firsts[known]! === first && this.seconds[known]! === second)
      ) {
        return slot;
      }
      slot = (slot + 1) & this.mask;
    }
  }

  private grow(): void {
    const { firsts, seconds } = this;
    this.mask = this.mask * 2 + 1;
    this.slots = new Int32Array(this.mask + 1).fill(EMPTY);
    this.firsts = new Int32Array(firsts.length * 2);
    this.firsts.set(firsts);
    this.seconds = new Int32Array(seconds.length * 2);
    this.seconds.set(seconds);
    for (let number = 0; number < this.size; ++number) {
      this.slots[this.slotOf(firsts[number]!, seconds[number]!)] = number;
    }
  }
}
