"""A package next to the program: relative imports, a cycle, a reload, a star import."""
import importlib
import os
import runpy
import sys

from helpers import shapes
from helpers.shapes import area as measure
from helpers.star import *
import helpers.cycle_a


def lazily():
    import helpers.late as late
    return late.value()


print(measure(3), shapes.perimeter(2), starred(), helpers.cycle_a.both(), lazily(), lazily())
importlib.reload(shapes)
print(shapes.area(4), shapes.loads)
try:
    import helpers.broken
except ZeroDivisionError:
    print("broken", "helpers.broken" in sys.modules)
try:
    from helpers import missing
except ImportError:
    print("missing")
folder = os.path.dirname(os.path.abspath(__file__))
space = runpy.run_path(os.path.join(folder, "helpers", "script.py"), run_name="somebody")
print(space["answer"], space["__name__"])
with open(os.path.join(folder, "helpers", "script.py")) as file:
    code = compile(file.read(), file.name, "exec")
for name in ("x", "y"):
    space = {"__name__": name, "__file__": file.name}
    exec(code, space)
    print(space["answer"])
