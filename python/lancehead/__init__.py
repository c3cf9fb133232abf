"""What a program may say to the profiler lancehead, and the command ``python -m lancehead``.

Nothing here is needed to profile: ``lancehead run script.py`` profiles a program that does not
know of it. Where the program is not being profiled, nothing here does anything.

    from lancehead import profile

    @profile
    def slow(): ...

names the functions whose lines are of interest: see :func:`profile`.
"""

from lancehead._profile import profile

__all__ = ["__version__", "profile"]


def __getattr__(name: str) -> str:
    if name == "__version__":
        # Only whoever asks pays for the import.
        from importlib.metadata import version

        return version("lancehead")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
