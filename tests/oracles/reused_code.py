"""Code objects that are made, run and freed, so that new ones take their addresses.

Function f_K belongs to file gen_K.py and begins in line K + 1; none other does.  All are
of the same shape, so the allocator gives each the place of one freed before.

Truth: a frame of f_K shows file gen_K.py and a line from K + 1 to K + 3; each has
about the same time; `even` and `odd` are the shares of the functions with an even and
an odd K. `reused` counts the code objects that lay at an address used before.
Bound: no frame with the name of one and the file or line of another; even and odd
shares inside the printed intervals.
"""

from time import monotonic, perf_counter_ns

from oracle import finish, options, ready


def run_once(number, work):
    """Makes f_<number>, runs it, and lets it go; gives its address."""
    name = f"f_{number}"
    source = "\n" * number + f"def {name}(n):\n    while n:\n        n -= 1\n"
    namespace = {}
    exec(compile(source, f"gen_{number}.py", "exec"), namespace)
    function = namespace[name]
    address = id(function.__code__)
    start = perf_counter_ns()
    function(work)
    spent = perf_counter_ns() - start
    # The function and its globals hold each other; without this they would wait for the collector.
    namespace.clear()
    return address, spent


def oracle_main(deadline, work, kinds):
    addresses = set()
    reused = 0
    runs = 0
    inside = [0, 0]
    number = 0
    start = perf_counter_ns()
    while monotonic() < deadline:
        address, spent = run_once(number, work)
        reused += address in addresses
        addresses.add(address)
        inside[number % 2] += spent
        runs += 1
        number = (number + 1) % kinds
    total = perf_counter_ns() - start
    return {"runs": runs, "reused": reused, "even": inside[0] / total, "odd": inside[1] / total}


if __name__ == "__main__":
    given = options(__doc__, seconds=2.0, work=20000, kinds=1000)
    ready(given)
    finish(kinds=given.kinds, **oracle_main(monotonic() + given.seconds, given.work, given.kinds))
