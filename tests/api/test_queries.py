"""How many queries an exchange costs: pinned, and the same however much there is to look through (PERFORMANCE)."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.api.client import Answer, World

BUDGET = {
    "read": 3,
    "list": 3,
    "overview": 3,
    "state of a draft": 7,
    "state of a blank": 5,
    "create": 9,
    "patch": 10,
    "declare": 13,
    "print": 7,
    "certificate": 6,
    "eligibility": 4,
    "annual form": 5,
    "annual reports": 3,
    "publicity": 5,
    "report": 10,
}
LOCKED = {"patch", "declare", "report"}
"""Where the database has row locks, a write takes its sandbox's first: one statement more."""


def allowed(name: str) -> int:
    return BUDGET[name] + (name in LOCKED and connection.features.has_select_for_update)


def exchanges(world: World) -> dict[str, Callable[[], Answer]]:
    mine, draft = world.caller(), world.draft()
    body = {"kind": "registration", "content": world.sheet()}
    card, uscc = world.caller("card"), world.accounts["card"]["uscc"]
    return {
        "read": lambda: mine.get(f"/filings/{draft}"),
        "list": lambda: mine.get("/filings?limit=500"),
        "overview": lambda: mine.get("/enquiries/overview?limit=500"),
        "state of a draft": lambda: mine.post("/forms/registration/state", {"content": {}, "filing": draft}),
        "state of a blank": lambda: mine.post("/forms/registration/state", {"content": world.sheet()}),
        "create": lambda: mine.post("/filings", body),
        "patch": lambda: mine.patch(f"/filings/{draft}", {"content": {"remarks": "一"}}),
        "eligibility": lambda: card.get("/annual-reports/eligibility?year=2020"),
        "annual form": lambda: card.get("/annual-reports/form?year=2020"),
        "annual reports": lambda: card.get("/annual-reports"),
        "publicity": lambda: mine.get(f"/publicity/{uscc}"),
        "report": lambda: card.post("/annual-reports", {"year": 2020}),
        "declare": lambda: mine.post(f"/filings/{draft}/declare"),
        "print": lambda: mine.get(f"/filings/{draft}/record-form.pdf"),
        "certificate": lambda: world.caller("card").get("/enterprise/certificate.pdf"),
    }


def cost(exchange: Callable[[], Answer]) -> tuple[int, list[str]]:
    """Queries of one exchange, without the savepoints that stand for transactions inside a test."""
    with CaptureQueriesContext(connection) as caught:
        exchange().ok()
    queries = [
        one["sql"]
        for one in caught.captured_queries
        if "SAVEPOINT" not in one["sql"] and not one["sql"].startswith(("BEGIN", "COMMIT"))
    ]
    return len(queries), queries


@pytest.mark.parametrize("name", BUDGET)
def test_an_exchange_costs_what_it_is_allowed(name: str, world: World) -> None:
    exchange = exchanges(world)[name]
    number, queries = cost(exchange)
    assert number == allowed(name), "\n".join(one[:200] for one in queries)


@pytest.mark.parametrize("name", ["read", "list", "overview", "state of a draft", "create", "declare", "print"])
def test_it_costs_no_more_in_a_world_that_is_full(name: str, world: World) -> None:
    for _ in range(12):
        filing = world.draft()
        world.bring(filing, "rejected")
    assert cost(exchanges(world)[name])[0] == allowed(name)
