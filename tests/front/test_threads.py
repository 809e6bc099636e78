"""One thread answers at a time, and nobody waits behind one that is not done in a moment."""

from __future__ import annotations

import asyncio
import threading
import time
import weakref
from collections.abc import Awaitable, Callable

import pytest

from singlewindow import front
from singlewindow.front import Threads


def tried(what: Callable[[Threads], Awaitable[None]], most: int = 2) -> None:
    async def within() -> None:
        await asyncio.wait_for(what(Threads(most)), 20)

    asyncio.run(within())


def test_short_work_is_done_by_one_thread_in_the_order_in_which_it_came(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(front, "MOMENT", 10)  # however busy the machine is
    done: list[tuple[int, str]] = []

    async def ask(threads: Threads) -> None:
        def work(n: int) -> int:
            done.append((n, threading.current_thread().name))
            return n

        assert await asyncio.gather(*(threads.turn(work, n) for n in range(200))) == [*range(200)]

    tried(ask)
    assert [n for n, _ in done] == [*range(200)]
    assert len({name for _, name in done}) == 1


def test_beside_work_that_waits_another_thread_goes_on_and_that_of_before_is_told_too() -> None:
    async def ask(threads: Threads) -> None:
        over = threading.Event()
        slow = threads.turn(over.wait, 15)
        began = time.monotonic()
        assert [await threads.turn(int, n) for n in "123"] == [1, 2, 3]
        assert front.MOMENT / 2 < time.monotonic() - began < 5
        assert not slow.done()
        over.set()
        assert await slow is True
        assert [await threads.turn(int, n) for n in "456"] == [4, 5, 6]

    tried(ask)


def test_when_all_threads_wait_what_is_left_is_done_as_soon_as_one_is_free() -> None:
    async def ask(threads: Threads) -> None:
        over = [threading.Event(), threading.Event()]
        slow = [threads.turn(one.wait, 15) for one in over]
        left = [threads.turn(int, n) for n in "12"]
        await asyncio.sleep(front.MOMENT * 5)
        assert not any(one.done() for one in left)
        over[0].set()
        assert [await one for one in left] == [1, 2]
        assert not slow[1].done()
        over[1].set()
        assert [await one for one in slow] == [True, True]

    tried(ask)


def test_what_fails_fails_to_who_waits_for_it_and_to_nobody_else() -> None:
    async def ask(threads: Threads) -> None:
        failing, given_up, other = threads.turn(int, "x"), threads.turn(int, "1"), threads.turn(int, "2")
        given_up.cancel()
        with pytest.raises(ValueError, match="invalid literal"):
            await failing
        assert await other == 2

    tried(ask)


def test_nothing_is_kept_of_what_was_done() -> None:
    class Large:
        pass

    async def ask(threads: Threads) -> None:
        large = Large()
        gone = weakref.ref(large)
        await threads.turn(lambda one: None, large)
        del large
        await asyncio.sleep(front.MOMENT * 3)
        assert gone() is None

    tried(ask)
