"""Which numbers are prime?  Trial division, and where its time goes.

A number is prime when no number from 2 to its square root divides it.  How
long that takes depends on the answer: 10 000 000 is even, so one step is
enough; 10 000 019 is prime, so all 3 161 possible divisors are tried.  The
program counts the primes below a limit, and a profile shows that the few
numbers that are prime take nearly all of the time.

    python3 examples/primes.py            # the primes below 500 000
    python3 examples/primes.py 5000       # the primes below 5 000
"""

import math
import sys

# The number of primes below a limit, from the tables of the prime-counting function.
KNOWN_COUNTS = {
    100: 25,
    1000: 168,
    5000: 669,
    10000: 1229,
    100000: 9592,
    200000: 17984,
    500000: 41538,
    1000000: 78498,
}


def is_prime(number):
    """Whether number is prime, and how many divisors were tried to know it."""
    steps = 0
    for divisor in range(2, math.isqrt(number) + 1):
        steps += 1
        if number % divisor == 0:
            return False, steps
    return number > 1, steps


def survey(limit):
    """How many numbers below limit are prime, and the steps spent on each kind."""
    primes = 0
    steps_on_primes = 0
    steps_on_others = 0
    for number in range(limit):
        prime, steps = is_prime(number)
        if prime:
            primes += 1
            steps_on_primes += steps
        else:
            steps_on_others += steps
    return primes, steps_on_primes, steps_on_others


def sieve(limit):
    """The same count by the sieve of Eratosthenes: another way, so a check."""
    is_candidate = bytearray([1]) * limit
    is_candidate[:2] = bytes(len(is_candidate[:2]))
    for number in range(2, math.isqrt(max(limit - 1, 0)) + 1):
        if is_candidate[number]:
            multiples = range(number * number, limit, number)
            is_candidate[multiples.start :: number] = bytes(len(multiples))
    return sum(is_candidate)


def main(arguments):
    if len(arguments) > 1 or not all(a.isdigit() for a in arguments):
        print("usage: primes.py [LIMIT]   (a whole number, such as 5000)", file=sys.stderr)
        return 2
    limit = int(arguments[0]) if arguments else 500000

    for number, wanted, wanted_steps in ((10000000, False, 1), (10000019, True, 3161)):
        prime, steps = is_prime(number)
        print(f"{number}: {'prime' if prime else 'not prime'} after {steps} steps")
        if (prime, steps) != (wanted, wanted_steps):
            print(f"but it must be {wanted} after {wanted_steps} steps", file=sys.stderr)
            return 1

    primes, on_primes, on_others = survey(limit)
    print(f"Primes below {limit}: {primes}")
    print(f"Steps spent on primes: {on_primes}, on the others: {on_others}")
    expected = KNOWN_COUNTS.get(limit, sieve(limit))
    if primes != expected:
        print(f"Found {primes} primes, but there are {expected}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
