"""The statistics of the benchmarks find what was put in, and intervals hold the truth."""

import math
import random
import statistics

import pytest
import stats

WINDOW = 100_000_000
EDGE = 5_000_000


def marks_of(rate_of_window, windows, step_ns=1_000_000):
    """Progress marks of a program whose speed in window k is rate_of_window(k) units a second."""
    marks, clock, done = [], 0, 0.0
    while clock <= windows * WINDOW:
        marks.append((clock, done))
        done += rate_of_window(clock // WINDOW) * step_ns / 1e9
        clock += step_ns
    return marks


def test_quantiles_and_trimmed_means():
    assert stats.quantile([4, 1, 3, 2], 0.5) == 2.5
    assert stats.quantile([5], 0.9) == 5
    assert stats.quantile(list(range(101)), 0.95) == 95
    assert stats.trimmed_mean([1000, *[2] * 8, -1000]) == 2


def test_window_rates_leave_out_the_edges_and_parts():
    rates = stats.window_rates(marks_of(lambda k: 1000 + k, 5)[3:], WINDOW, EDGE)
    assert [number for number, _ in rates] == [1, 2, 3, 4]
    for number, rate in rates:
        assert rate == pytest.approx(1000 + number)


def test_a_slowdown_is_found_under_a_drift():
    def rate(window):
        return (1000 + 7 * window) / (1.02 if window % 2 == 0 else 1.0)

    found = stats.slowdown(stats.window_rates(marks_of(rate, 60), WINDOW, EDGE))
    assert found.value == pytest.approx(1.02, abs=1e-4)
    assert found.low <= found.value <= found.high
    assert found.count == 29


def test_no_slowdown_is_found_where_there_is_none():
    found = stats.slowdown([(k, 1000.0) for k in range(20)])
    assert (found.value, found.low, found.high) == (1, 1, 1)


def test_a_few_disturbed_windows_have_no_effect():
    rates = [(k, 1000.0 if k not in (3, 8, 14) else 500.0) for k in range(80)]
    assert stats.slowdown(rates).value == pytest.approx(1, abs=0.005)


def test_a_missing_window_costs_only_its_neighbours():
    rates = [(k, 1000.0) for k in range(40) if k != 5]
    assert stats.slowdown(rates).count == 17


def test_undisturbed_units_give_the_speed_between_disturbances():
    draw = random.Random(3)
    clocks, clock = [], 0
    while clock < 4 * WINDOW:
        clocks.append(clock)
        slow = 1.03 if clock // WINDOW % 2 == 0 else 1.0
        clock += int(500_000 * slow) + (4_000_000 if draw.random() < 0.05 else 0)
    rates = dict(stats.unit_rates(clocks, WINDOW, EDGE, longest=3))
    assert set(rates) == {0, 1, 2, 3}
    assert rates[1] == pytest.approx(2000, rel=1e-6)
    assert rates[2] == pytest.approx(2000 / 1.03, rel=1e-6)


def test_a_paired_ratio_needs_pairs():
    ratio = stats.paired_ratio([2.0, 4.0, 8.0], [1.0, 2.0, 4.0])
    assert (ratio.value, ratio.low, ratio.high) == pytest.approx((2, 2, 2))
    with pytest.raises(ValueError, match="different lengths"):
        stats.paired_ratio([1.0], [1.0, 2.0])


def test_too_few_values_are_refused():
    with pytest.raises(ValueError, match="too few"):
        stats.bootstrap([1.0, 2.0, 3.0], block=4)


def test_the_intervals_hold_the_truth():
    """Of 200 experiments about 190 must; 175 is far out of what chance does (p < 1e-6)."""
    draw = random.Random(5)
    held = 0
    for _ in range(200):
        values = [draw.gauss(1.0, 0.2) for _ in range(40)]
        estimate = stats.bootstrap(values)
        held += estimate.low <= 1.0 <= estimate.high
    assert held >= 175


def test_the_intervals_of_slowdown_hold_the_truth():
    draw = random.Random(6)
    held = 0
    for _ in range(100):
        rates = []
        for window in range(80):
            slow = 1.02 if window % 2 == 0 else 1.0
            rates.append((window, 1000 / slow * math.exp(draw.gauss(0, 0.03))))
        estimate = stats.slowdown(rates)
        held += estimate.low <= 1.02 <= estimate.high
    assert held >= 82


def test_a_difference_of_means():
    draw = random.Random(7)
    first = [draw.gauss(5, 1) for _ in range(50)]
    second = [draw.gauss(3, 1) for _ in range(50)]
    found = stats.difference(first, second)
    assert found.value == pytest.approx(statistics.fmean(first) - statistics.fmean(second))
    assert found.low < 2 < found.high
    assert found.high - found.low < 1.2


def test_the_bound_on_what_was_never_seen():
    assert stats.rule_of_three(0, 1_000_000) == 3e-6
    assert stats.rule_of_three(0, 1) == 1
    assert 0.01 < stats.rule_of_three(10, 1000) < 0.02


def test_the_same_data_give_the_same_table():
    values = [math.sin(k) + 2 for k in range(50)]
    assert stats.bootstrap(values) == stats.bootstrap(values)
    assert stats.bootstrap(values).fixed(2).count(".") == 3
