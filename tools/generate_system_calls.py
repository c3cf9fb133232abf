#!/usr/bin/env python3
"""Writes src/analyze/system_call_table.h from the kernel's headers on this machine.

    tools/generate_system_calls.py > src/analyze/system_call_table.h

The numbers are not written: the compiler takes them from <sys/syscall.h>, so one table serves
every kind of machine. Names that a machine does not have are left out by #ifdef.
"""

import re
from pathlib import Path

# One header for each kind of machine, as far as they are installed; the union of their names.
HEADERS = [
    "/usr/include/x86_64-linux-gnu/asm/unistd_64.h",
    "/usr/include/aarch64-linux-gnu/asm/unistd_64.h",
    "/usr/include/asm-generic/unistd.h",
]
DEFINE = re.compile(r"^#define\s+__NR(?:3264)?_(\w+)\s", re.MULTILINE)
NOT_CALLS = {"syscalls", "arch_specific_syscall"}


def main():
    names = set()
    for header in HEADERS:
        if Path(header).exists():
            names |= set(DEFINE.findall(Path(header).read_text()))
    print("// Names of the kernel's system calls. Written by tools/generate_system_calls.py.")
    print("#pragma once\n\n#include <sys/syscall.h>\n\n#include <cstdint>\n")
    print("namespace lancehead::analyze {\n")
    print("struct SystemCall {\n  std::int32_t number;\n  const char* name;\n};\n")
    print("inline constexpr SystemCall kSystemCalls[] = {")
    for name in sorted(names - NOT_CALLS):
        print(f'#ifdef SYS_{name}\n    {{SYS_{name}, "{name}"}},\n#endif')
    print("};\n\n}  // namespace lancehead::analyze")


if __name__ == "__main__":
    main()
