"""The Julia program, and the seconds that it took as the last line. It stands beside julia.py."""

import sys
import time

import julia

began = time.perf_counter()
julia.main(sys.argv[1:])
print(time.perf_counter() - began)
