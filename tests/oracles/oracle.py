"""What the oracle programs share: arguments, a ready mark, and the last line.

An oracle is a program whose true profile is known by construction.  All of
its work is done beneath a function called oracle_main, a name that no library has, and it
ends its standard output with one JSON line: the facts that it counted about
itself, and what a profile of it may and may not show.  The keys with a common
meaning are

  chains   lists of function names, outermost first.  The functions of every
           sampled stack, from the first name of a chain on, must be a
           prefix of one of the chains; anything else is an impossible stack.
           "name*20" stands for 20 frames of that name.
  shares   function name -> the share of the wall time that was spent in it
           itself, measured by the program.
  totals   the same with the functions that it called.

Runs unchanged on CPython 3.8 to 3.15, with the standard library alone.
"""

import argparse
import json
import os
import sys


def options(doc, **defaults):
    """The program's options: `seconds=2.0` gives `--seconds S`.

    Every program takes `--ready FD` and `--proc FD` as well: see ready() and read_proc().
    """
    parser = argparse.ArgumentParser(
        description=doc, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--ready", type=int, default=-1, help="write a byte to this descriptor")
    parser.add_argument("--proc", type=int, default=-1, help="/proc, open as this descriptor")
    for name, default in sorted(defaults.items()):
        flag = "--" + name.replace("_", "-")
        if isinstance(default, bool):
            parser.add_argument(flag, action="store_true")
        else:
            parser.add_argument(flag, type=type(default), default=default)
    return parser.parse_args()


def ready(given):
    """Tells whoever started the program that the part to look at begins now."""
    if given.ready >= 0:
        os.write(given.ready, b"r")


def read_proc(given, path):
    """The text of a file of /proc, which in a bare chroot must have been opened before."""
    if given.proc < 0:
        with open("/proc/" + path) as file:
            return file.read()
    with open(os.open(path, os.O_RDONLY, dir_fd=given.proc)) as file:
        return file.read()


def finish(**facts):
    """Prints the facts as the last line of the output."""
    facts["python"] = list(sys.version_info[:3])
    sys.stdout.flush()
    sys.stdout.write(json.dumps(facts, sort_keys=True) + "\n")
    sys.stdout.flush()


def shares(nanoseconds, total):
    """{name: nanoseconds} as {name: share of total}."""
    return {name: ns / total for name, ns in nanoseconds.items()}
