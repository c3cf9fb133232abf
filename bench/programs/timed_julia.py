"""Runs the Julia program of examples/, which lies beside this file, and prints how long it took."""

import sys
import time

import julia

began = time.perf_counter()
julia.main([sys.argv[1]])
print("elapsed", time.perf_counter() - began)
