"""Runs functions whose names and file names are markup, quotes, bidirectional and very long text."""

import os
import sys
import time

NAMES = [
    "<img src=x onerror=window.pwned=1>",
    "</script><script>window.pwned=2</script>",
    "\"'`&amp;{{constructor}}",
    "\u202eevil\u2066\u200f",
    "a" * 10_000,
    "\U0001f40d\u0301\u0000end",
    "__proto__",
]
SOURCE = """def f(until, clock):
    '</script><script>window.pwned=3</script> <!-- <img src=x onerror=window.pwned=4>'
    while clock() < until: \u0065\u0301 = '\u202e\U0001f40d' + "<b>" * 3 ; clock() ; clock()
"""
folder = sys.argv[1]
for name in NAMES:
    path = os.path.join(folder, name[:60].replace("/", "_").replace("\0", "_") + ".py")
    with open(path, "w", encoding="utf-8") as file:
        file.write(SOURCE)
    code = compile(SOURCE, path, "exec").co_consts[0]
    changes = {"co_name": name}
    if hasattr(code, "co_qualname"):
        changes["co_qualname"] = name
    scope = {}
    function = type(lambda: 0)(code.replace(**changes), scope)
    function(time.perf_counter() + 0.15, time.perf_counter)
