from typing import Callable, TypeVar, overload

_T = TypeVar("_T")

@overload
def profile(target: _T) -> _T: ...
@overload
def profile() -> Callable[[_T], _T]: ...
