"""Modules that the program helper_modules imports."""
from . import shapes
