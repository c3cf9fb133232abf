"""The decorator ``profile``.

It tells the profiler by an audit event, which nobody hears in a program that is not profiled: so it
needs to know nothing of the profiler, and the program behaves the same with it and without.

lancehead also runs this text by itself, where a program wants ``profile`` as a builtin
and the package is not installed: it must need nothing but builtins.
"""

import sys

_FUNCTION = type(lambda: None)
_NOTHING = object()
# An object may claim without end that there is another one inside it.
_MOST_WRAPPERS = 100


def _inside(target):
    """What a wrapper wraps, if it says so; else itself."""
    # Static, class and bound methods have a function inside.
    names = ("__func__", "__wrapped__")
    if type(target).__module__ == "functools":
        names = ("__wrapped__", "func")  # partial, cached_property, lru_cache
    for name in names:
        inside = getattr(target, name, None)
        if inside is not None:
            return inside
    return target


def _choose(target, seen):
    """Names all Python functions that ``target`` is made of."""
    for _ in range(_MOST_WRAPPERS):
        wrapped, target = target, target if isinstance(target, type) else _inside(target)
        if target is wrapped:
            break
    if id(target) in seen:
        return
    seen[id(target)] = target
    if isinstance(target, type):
        for value in list(vars(target).values()):
            # A class may hold others that were only assigned to it: those are not its own.
            own = getattr(value, "__qualname__", "").startswith(target.__qualname__ + ".")
            if own or not isinstance(value, type):
                _choose(value, seen)
    elif isinstance(target, property):
        for accessor in (target.fget, target.fset, target.fdel):
            _choose(accessor, seen)
    elif isinstance(target, _FUNCTION):
        sys.audit("lancehead.profile", target)


def profile(target=_NOTHING):
    """Restricts exact counts to the functions that it decorates.

    Takes functions of all kinds (coroutines and generators, too), methods, ``classmethod``,
    ``staticmethod``, ``property`` and whole classes, and returns what it was given, unchanged::

        @profile
        def slow(): ...

        @profile()
        class Parser: ...

    When the program runs under ``lancehead run --counts`` or ``lancehead kernprof -l``, reports show
    the decorated functions only. In all other runs, such as those of unit tests, it does nothing.
    A function of a library, which is not counted otherwise, is counted from the call
    ``profile(function)`` on.
    """
    if target is _NOTHING:
        return profile
    try:
        _choose(target, {})
    except Exception:
        # A strange object must not break the program.
        pass
    return target
