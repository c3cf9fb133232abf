"""Programs in which counting calls is hard: one function each, chosen by the first argument.

What is exact is fib(n), which is called 2 * F(n + 1) - 1 times: 465 for n = 12.
"""

import os
import signal
import sys
import threading


def fib(n):
    return n if n < 2 else fib(n - 1) + fib(n - 2)


def threads():
    """fib(12) in each of 8 threads, started from threads, too."""

    def start_another(depth):
        fib(12)
        if depth:
            one = threading.Thread(target=start_another, args=(depth - 1,))
            one.start()
            one.join()

    many = [threading.Thread(target=start_another, args=(1,)) for _ in range(4)]
    for one in many:
        one.start()
    for one in many:
        one.join()


def at_once():
    """Threads that run interleaved and are inside each other's calls."""
    sys.setswitchinterval(1e-5)
    many = [threading.Thread(target=fib, args=(18,)) for _ in range(3)]
    for one in many:
        one.start()
    for one in many:
        one.join()


def forks():
    """The child and the parent count for themselves: fib(12) twice, and once before."""
    fib(12)
    child = os.fork()
    fib(12)
    if child == 0:
        os._exit(0)
    os.waitpid(child, 0)


def forks_and_returns():
    """The child leaves by the way that it came."""
    child = os.fork()
    fib(12)
    if child == 0:
        sys.exit(0)
    os.waitpid(child, 0)


def killed():
    fib(12)
    os.kill(os.getpid(), signal.SIGKILL)


def ends_at_once():
    fib(12)
    os._exit(7)


def executes():
    fib(12)
    os.execv(sys.executable, [sys.executable, "-c", "print('another')"])


def raises():
    fib(12)
    raise ValueError("said")


def profiled():
    """A profiler inside the program counts as it does alone."""
    import cProfile

    profile = cProfile.Profile()
    profile.enable()
    fib(12)
    profile.disable()
    counts = {
        entry.code.co_name: entry.callcount
        for entry in profile.getstats()
        if not isinstance(entry.code, str)
    }
    print(counts["fib"])
    fib(12)


def profile_function():
    """sys.setprofile sees what it sees alone, and sys.getprofile says so."""
    seen = []

    def see(frame, event, argument):
        if frame.f_code is fib.__code__:
            seen.append(event)

    print(sys.getprofile())
    sys.setprofile(see)
    fib(12)
    print(sys.getprofile() is see)
    sys.setprofile(None)
    print(sys.getprofile(), len(seen))
    fib(12)


def traced():
    """As a debugger, or a coverage tool up to 3.11."""
    lines = []

    def see(frame, event, argument):
        if frame.f_code is fib.__code__:
            lines.append(event)
            return see
        return None

    sys.settrace(see)
    fib(12)
    sys.settrace(None)
    print(sorted((name, lines.count(name)) for name in set(lines)))


def monitored():
    """As a coverage tool from 3.12 on: each line once, then no more of it."""
    tool, lines = sys.monitoring.COVERAGE_ID, []

    def see(code, line):
        if code is fib.__code__:
            lines.append(line)
        return sys.monitoring.DISABLE

    sys.monitoring.use_tool_id(tool, "coverage")
    sys.monitoring.register_callback(tool, sys.monitoring.events.LINE, see)
    sys.monitoring.set_events(tool, sys.monitoring.events.LINE)
    fib(12)
    sys.monitoring.set_events(tool, 0)
    sys.monitoring.free_tool_id(tool)
    print(len(lines))


def looks_around():
    """What a program could see of us."""
    print(sys.getprofile(), sys.gettrace(), threading._profile_hook)
    print([one for one in sys.modules if "lancehead" in one])
    print([name for name in os.environ if name.startswith(("LANCEHEAD", "LD_PRELOAD"))])
    print(sys._getframe().f_back.f_code.co_name, sys._getframe().f_back.f_back)
    print(len(os.listdir("/proc/self/fd")))


if __name__ == "__main__":
    globals()[sys.argv[1]]()
