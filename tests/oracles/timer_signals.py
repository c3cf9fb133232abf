"""1 000 timer signals, 2 ms apart, counted as they arrive.

Signals that come while the program is ready to run but has no CPU merge into one, which is
nobody's fault; how long that was, the kernel counts (`run_delay_ns`), and `excused`
is the most signals that can have merged in that time.  Time in which a tracer held the
program is not in it.

Truth: handled + excused is at least `wanted`.
Bound: no more than 5 signals short of that.
"""

import math
import signal
from time import monotonic_ns

from oracle import finish, options, read_proc, ready

handled = []


def on_alarm(number, frame):
    handled.append(monotonic_ns())


def work(wanted, give_up_ns):
    """Short calls until all signals have come, so that there is much to sample."""
    n = 0
    while len(handled) < wanted and monotonic_ns() < give_up_ns:
        n += step(n)
    return n


def step(n):
    return 1


def run_delay_ns(given):
    """How long this thread has been ready to run without a CPU, since it began."""
    return int(read_proc(given, "thread-self/schedstat").split()[1])


def oracle_main(wanted, interval, given):
    signal.signal(signal.SIGALRM, on_alarm)
    delay = run_delay_ns(given)
    start = monotonic_ns()
    # 1 000 intervals and a half, so that the timer is stopped between two signals.
    end = start + int((wanted + 0.5) * interval * 1e9)
    signal.setitimer(signal.ITIMER_REAL, interval, interval)
    work(wanted, end)
    signal.setitimer(signal.ITIMER_REAL, 0)
    delay = run_delay_ns(given) - delay
    return {
        "handled": len(handled),
        "wanted": wanted,
        "run_delay_ns": delay,
        "excused": math.ceil(delay / (interval * 1e9)),
    }


if __name__ == "__main__":
    given = options(__doc__, signals=1000, interval=0.002)
    ready(given)
    finish(**oracle_main(given.signals, given.interval, given))
