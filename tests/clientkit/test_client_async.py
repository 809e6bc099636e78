"""The asynchronous half: the same words, awaited."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from swsim import AsyncSingleWindow, AsyncWorld, NotReached, Problem
from swsim.serving import Server

Work = Callable[[AsyncSingleWindow], Awaitable[None]]


@pytest.fixture
def run(server: Server) -> Callable[[Work], None]:
    """Lets a coroutine work with a client."""

    def run(work: Work) -> None:
        async def whole() -> None:
            async with AsyncSingleWindow(server.url) as sw:
                await work(sw)

        asyncio.run(whole())

    return run


def test_a_registration_goes_its_way(run: Callable[[Work], None]) -> None:
    async def work(sw: AsyncSingleWindow) -> None:
        async with sw.world(seed=7) as world:
            clerk = world.account("cardless")
            filing = await clerk.file(world.sample("registration"))
            await filing.declare()
            await filing.until("approved")
            assert [step["to"] for step in await filing.timeline()][-1] == "approved"
            assert (await clerk.read_enterprise())["standing"] == "normal"
            assert await world.verify(method="POST", path="/filings/*/declare", exactly=1) == 1
        assert world.id not in {one["id"] for one in await sw.worlds()}

    run(work)


def test_a_world_may_be_awaited_instead_of_entered(run: Callable[[Work], None]) -> None:
    async def work(sw: AsyncSingleWindow) -> None:
        world = await sw.world()
        same = await sw.open_world(world.id, world.control_key)
        async with sw.import_world(await same.export()) as other:
            assert other.id != world.id
        await world.delete()
        with pytest.raises(Problem) as gone:
            async with sw.open_world(world.id):
                pass
        assert gone.value.status == 404

    run(work)


def test_many_worlds_at_once(run: Callable[[Work], None]) -> None:
    async def one(world: AsyncWorld, scenario: str) -> str:
        filing = await world.account().file()
        await filing.declare(scenario=scenario)
        await filing.until("decided")
        return filing.status

    async def work(sw: AsyncSingleWindow) -> None:
        worlds = await asyncio.gather(*[sw.world() for _ in range(4)])
        scenarios = ["approve", "reject; reason=address_mismatch"] * 2
        ended = await asyncio.gather(*map(one, worlds, scenarios))
        assert ended == ["approved", "rejected"] * 2
        await asyncio.gather(*[world.delete() for world in worlds])

    run(work)


def test_what_never_comes_is_told(run: Callable[[Work], None]) -> None:
    async def work(sw: AsyncSingleWindow) -> None:
        async with sw.world(scenario="stuck; at=sent") as world:
            filing = await (await world.account().file()).declare()
            with pytest.raises(NotReached, match="is sent and will not be approved"):
                await filing.until("approved")

    run(work)


def test_a_card_signs_and_pages_are_followed(run: Callable[[Work], None]) -> None:
    async def work(sw: AsyncSingleWindow) -> None:
        async with sw.world() as world:
            clerk = world.account("card", card=True)
            assert (await clerk.login_by_challenge())["medium"] == "card"
            await world.fixture("account", username="made")
            assert world.account("made").enterprise is not None
            for _ in range(3):
                await (await clerk.file(kind="change")).delete()
                await clerk.file(kind="change")
            page = await clerk.list_filings(limit=1)
            assert len(await clerk.every(page)) == 3

    run(work)
