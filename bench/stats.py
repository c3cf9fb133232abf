"""The statistics of the benchmarks: ratios of neighbours and of pairs, with intervals.

Everything is drawn with a fixed seed, so that the same data give the same table.
"""

from __future__ import annotations

import dataclasses
import math
import random
import statistics
from collections.abc import Callable, Sequence

RESAMPLES = 2000
SEED = 20


@dataclasses.dataclass(frozen=True)
class Estimate:
    """A value with its 95 % interval, from `count` observations."""

    value: float
    low: float
    high: float
    count: int

    def __str__(self) -> str:
        return f"{self.value:.4g} [{self.low:.4g}, {self.high:.4g}]"

    def fixed(self, digits: int) -> str:
        """As text with so many digits after the point."""
        return f"{self.value:.{digits}f} [{self.low:.{digits}f}, {self.high:.{digits}f}]"


def quantile(values: Sequence[float], share: float) -> float:
    """The value below which a share of the values lies, interpolated between neighbours."""
    ordered = sorted(values)
    place = share * (len(ordered) - 1)
    below = math.floor(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (ordered[above] - ordered[below]) * (place - below)


def trimmed_mean(values: Sequence[float], share: float = 0.1) -> float:
    """The mean without the smallest and the largest `share` of the values."""
    ordered = sorted(values)
    cut = int(len(ordered) * share)
    return statistics.fmean(ordered[cut : len(ordered) - cut])


def bootstrap(
    values: Sequence[float],
    statistic: Callable[[Sequence[float]], float] = statistics.fmean,
    block: int = 1,
) -> Estimate:
    """A statistic with the 95 % interval of its bootstrap distribution.

    Values that follow each other may depend on each other: `block` of them are drawn together.
    """
    count = len(values)
    if count < 2 * block:
        raise ValueError(f"{count} values are too few for blocks of {block}")
    draw = random.Random(SEED)
    # Blocks may go round the end, so that each value is drawn equally often.
    circle = [*values, *values[: block - 1]]
    found = []
    for _ in range(RESAMPLES):
        sample: list[float] = []
        while len(sample) < count:
            start = draw.randrange(count)
            sample += circle[start : start + block]
        found.append(statistic(sample[:count]))
    return Estimate(statistic(values), quantile(found, 0.025), quantile(found, 0.975), count)


def _exp(estimate: Estimate) -> Estimate:
    return Estimate(
        math.exp(estimate.value), math.exp(estimate.low), math.exp(estimate.high), estimate.count
    )


def paired_ratio(numerators: Sequence[float], denominators: Sequence[float]) -> Estimate:
    """The ratio of two series measured in pairs, such as times of interleaved runs."""
    if len(numerators) != len(denominators):
        raise ValueError("the series have different lengths")
    logs = [math.log(a / b) for a, b in zip(numerators, denominators)]
    return _exp(bootstrap(logs, statistics.median))


def slowdown(rates: Sequence[tuple[int, float]]) -> Estimate:
    """How much slower the windows of even number are than their odd neighbours.

    `rates` are (number of the window, work per second); a window may be missing. Each even window
    is compared with the mean of the odd ones before and after it, so that a drift that is steady
    over three windows has no effect. Both ends of the distribution are cut off by a tenth: a
    window in which a neighbour took the CPU says nothing about the sensor.
    """
    by_number = dict(rates)
    logs = []
    for number, rate in rates:
        before, after = by_number.get(number - 1), by_number.get(number + 1)
        if number % 2 == 0 and before and after and rate:
            logs.append(math.log((before + after) / 2 / rate))
    # Two neighbouring comparisons share a window.
    return _exp(bootstrap(logs, trimmed_mean, block=4))


def window_rates(
    marks: Sequence[tuple[int, int]], window_ns: int, edge_ns: int
) -> list[tuple[int, float]]:
    """Work per second in each window of the monotonic clock.

    `marks` are (clock in ns, work done so far), ever increasing; window k reaches from
    k * window_ns to (k + 1) * window_ns. `edge_ns` at either end of a window are left out, while
    the sensor switches over. Only whole windows are given.
    """
    rates = []
    first = -(-marks[0][0] // window_ns)
    last = marks[-1][0] // window_ns
    position = 0
    for number in range(first, last):
        start = number * window_ns + edge_ns
        end = (number + 1) * window_ns - edge_ns
        done_at_start, position = _work_at(marks, start, position)
        done_at_end, position = _work_at(marks, end, position)
        rates.append((number, (done_at_end - done_at_start) * 1e9 / (end - start)))
    return rates


def unit_rates(
    clocks: Sequence[int], window_ns: int, edge_ns: int, longest: float
) -> list[tuple[int, float]]:
    """Units per second in each window, from the undisturbed ones alone.

    `clocks` are the moments between units that are all the same. Units that lasted longer than
    `longest` times the median were disturbed, most often by a neighbour that took the CPU; they
    and those that touch an edge of a window are left out. This is much sharper than window_rates
    on a busy machine, but blind to a sensor that holds the program for long.
    """
    lengths = [b - a for a, b in zip(clocks, clocks[1:])]
    limit = longest * statistics.median(lengths)
    found: dict[int, list[int]] = {}
    for start, length in zip(clocks, lengths):
        number = start // window_ns
        inside = (
            start >= number * window_ns + edge_ns
            and start + length <= (number + 1) * window_ns - edge_ns
        )
        if inside and length <= limit:
            found.setdefault(number, []).append(length)
    return [(n, len(units) * 1e9 / sum(units)) for n, units in sorted(found.items())]


def _work_at(marks: Sequence[tuple[int, int]], clock: int, position: int) -> tuple[float, int]:
    """The work done at a moment, between two marks in proportion; searches on from `position`."""
    while marks[position + 1][0] < clock:
        position += 1
    (t0, n0), (t1, n1) = marks[position], marks[position + 1]
    return n0 + (n1 - n0) * (clock - t0) / (t1 - t0), position


def difference(first: Sequence[float], second: Sequence[float]) -> Estimate:
    """The difference of the means of two independent series, first minus second."""
    draw = random.Random(SEED)
    found = [
        statistics.fmean(draw.choices(first, k=len(first)))
        - statistics.fmean(draw.choices(second, k=len(second)))
        for _ in range(RESAMPLES)
    ]
    return Estimate(
        statistics.fmean(first) - statistics.fmean(second),
        quantile(found, 0.025),
        quantile(found, 0.975),
        len(first) + len(second),
    )


def rule_of_three(failures: int, trials: int) -> float:
    """The most, with 95 % confidence, that a share can be of which `failures` were seen."""
    if failures == 0:
        return min(1.0, 3.0 / trials)
    z = 1.645
    share = failures / trials
    middle = (share + z * z / (2 * trials)) / (1 + z * z / trials)
    half = z * math.sqrt(share * (1 - share) / trials + z * z / (4 * trials * trials))
    return min(1.0, middle + half / (1 + z * z / trials))
