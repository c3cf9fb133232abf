"""Programs that note their own progress: the targets of the measurement of slowdown.

    progress.py julia FILE SECONDS     the loop of the Julia set
    progress.py calls FILE SECONDS     nothing but calls of short functions

The work is cut into units that are all the same and last about half a millisecond. After each,
the monotonic clock is put into an array made beforehand; the array is written to FILE at the
end. That is all that is added to the work: one call of the clock and one store a unit.

Runs on CPython 3.8 to 3.15 with the standard library alone.
"""

import sys
from array import array
from itertools import repeat
from time import monotonic_ns

UNIT_NS = 500_000
C = complex(-0.62772, -0.42193)


def calculate_z(maxiter, zs, cs, output):
    for i in range(len(zs)):
        n = 0
        z = zs[i]
        c = cs[i]
        while n < maxiter and abs(z) < 2:
            z = z * z + c
            n += 1
        output[i] = n


def julia_unit(size):
    """A unit of work: `size` points spread evenly over the square."""
    zs = [complex(-1.8 + 3.6 * (k * 0.618034 % 1), -1.8 + 3.6 * k / size) for k in range(size)]
    cs = [C] * size
    output = [0] * size
    return lambda: calculate_z(300, zs, cs, output)


def inner_a():
    pass


def inner_b():
    pass


def outer_a():
    inner_a()


def outer_b():
    inner_b()


def call_much(count):
    for _ in repeat(None, count):
        outer_a()
        outer_b()


def calls_unit(size):
    """A unit of work: `size` rounds of four calls."""
    return lambda: call_much(size)


def fitting_size(make_unit):
    """The size of a unit that lasts about UNIT_NS: the quickest of some tries is believed."""
    size = 16
    while True:
        unit = make_unit(size)
        quickest = UNIT_NS
        for _ in range(20):
            start = monotonic_ns()
            unit()
            quickest = min(quickest, monotonic_ns() - start)
        if quickest >= UNIT_NS // 4:
            return max(1, size * UNIT_NS // quickest)
        size *= 2


def work(unit, clocks, until):
    """Does units and notes the clock after each; returns how many."""
    done = 0
    while done < len(clocks):
        unit()
        now = monotonic_ns()
        clocks[done] = now
        done += 1
        if now > until:
            break
    return done


def main(arguments):
    kind, path, seconds = arguments
    make_unit = {"julia": julia_unit, "calls": calls_unit}[kind]
    unit = make_unit(fitting_size(make_unit))
    nanoseconds = int(float(seconds) * 1e9)
    clocks = array("q", bytes(8 * (4 * nanoseconds // UNIT_NS + 1000)))
    done = work(unit, clocks, monotonic_ns() + nanoseconds)
    with open(path, "wb") as file:
        clocks[:done].tofile(file)


if __name__ == "__main__":
    main(sys.argv[1:])
