"""What may be awaited for a value, or entered as that value's own context."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Generator
from contextlib import AbstractAsyncContextManager
from functools import wraps
from types import TracebackType
from typing import Any, Generic, ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T", bound=AbstractAsyncContextManager[Any])


class Opening(Generic[T]):
    """`world = await sw.world()` and `async with sw.world() as world:` alike."""

    def __init__(self, work: Coroutine[Any, Any, T]) -> None:
        self._work = work
        self._opened: T | None = None

    def __await__(self) -> Generator[Any, None, T]:
        return self._work.__await__()

    async def __aenter__(self) -> T:
        self._opened = await self._work
        await self._opened.__aenter__()
        return self._opened

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._opened is not None
        await self._opened.__aexit__(kind, error, trace)


def opening(work: Callable[P, Coroutine[Any, Any, T]]) -> Callable[P, Opening[T]]:
    """A coroutine function whose answer may be entered as it is."""

    @wraps(work)
    def opened(*args: P.args, **kwargs: P.kwargs) -> Opening[T]:
        return Opening(work(*args, **kwargs))

    return opened
