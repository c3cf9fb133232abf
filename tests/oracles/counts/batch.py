"""Runs many programs under the reference or the simulation, from one interpreter.

    python batch.py JOBS.json

JOBS.json holds a list of jobs, done one after the other, each in a child made by fork, so that
the interpreter and the library are loaded only once:

  run         "reference" or "simulate"
  program     the program, and `out`, the file for its JSON
  stdout      the file that its standard output goes to, and `stderr` likewise

Prints the list of the exit codes, -n for signal n, as JSON.
"""

# Most of it is only what the programs import, so that not every child loads it.
import asyncio  # noqa: F401
import dataclasses  # noqa: F401
import functools  # noqa: F401
import gc
import json
import os
import runpy  # noqa: F401
import sys
import typing  # noqa: F401

import reference
import simulate


def redirect(path, descriptor):
    opened = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o666)
    os.dup2(opened, descriptor)
    os.close(opened)


def main(jobs_file):
    with open(jobs_file) as file:
        jobs = json.load(file)
    gc.freeze()  # no child has to look at what was loaded here
    codes = []
    for job in jobs:
        child = os.fork()
        if child == 0:
            redirect(job["stdout"], 1)
            redirect(job["stderr"], 2)
            run = reference.main if job["run"] == "reference" else simulate.main
            run(job["out"], job["program"])
        status = os.waitpid(child, 0)[1]
        codes.append(-os.WTERMSIG(status) if os.WIFSIGNALED(status) else os.WEXITSTATUS(status))
    print(json.dumps(codes))


if __name__ == "__main__":
    main(sys.argv[1])
