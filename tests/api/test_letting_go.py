"""What is held for an exchange is let go when it is answered, not when the collector of garbage comes by."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator

import pytest

from filings.manners.endpoint import Asked, Endpoint
from tests.api.client import Answer, World

EXCHANGES: dict[str, Callable[[World, str], Answer]] = {
    "a reading": lambda world, filing: world.caller().get(f"/filings/{filing}").ok(),
    "a deed": lambda world, filing: world.caller().patch(f"/filings/{filing}", {"content": {"remarks": "一"}}).ok(),
    "a refusal": lambda world, filing: world.caller().get("/filings/F999999").refused(404, "not_found"),
    "a body that is none": lambda world, filing: (
        world.caller().patch(f"/filings/{filing}", b"{").refused(400, "malformed_json")
    ),
    "control": lambda world, filing: world.control.get("/clock").ok(),
}


def held() -> int:
    """How many requests and addresses there are in this process."""
    return sum(issubclass(type(one), Endpoint | Asked) for one in gc.get_objects())


@pytest.fixture
def uncollected() -> Iterator[None]:
    gc.disable()
    yield
    gc.enable()


@pytest.mark.django_db
@pytest.mark.parametrize("exchange", EXCHANGES.values(), ids=EXCHANGES)
def test_neither_request_nor_address_outlives_the_exchange(
    exchange: Callable[[World, str], Answer], world: World, uncollected: None
) -> None:
    filing = world.draft()
    exchange(world, filing)  # the documents, made when they are first looked at, keep some for good
    before = held()
    exchange(world, filing)
    assert held() == before
