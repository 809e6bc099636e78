"""How many queries an exchange costs: pinned, and the same however much there is to look through."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from filings import agenda
from tests.api.client import CONTROL, Answer, Caller, World

BUDGET = {
    "read": 2,
    "list": 3,
    "overview": 3,
    "state of a draft": 6,
    "state of a blank": 4,
    "create": 8,
    "patch": 10,
    "declare": 13,
    "print": 7,
    "certificate": 6,
    "eligibility": 3,
    "annual form": 4,
    "annual reports": 2,
    "publicity": 4,
    "report": 10,
}
OF_A_CHANGE = {
    "read a change": 3,
    "list changes": 4,
    "list as agent": 5,
    "receipts": 4,
    "receipts as agent": 6,
    "mailbox": 2,
    "mailbox as agent": 3,
    "mandates": 2,
    "enterprise": 2,
    "backfill requirement": 3,
    "state of a change": 6,
    "patch a change": 11,
    "declare a change": 14,
    "declare a deregistration": 14,
}
"""What changes, deregistrations and mandates cost: a mirror read once for all, a mandate asked once for all."""


def allowed(name: str) -> int:
    return {**BUDGET, **OF_A_CHANGE}[name]


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


def of_a_change(world: World) -> dict[str, Callable[[], Answer]]:
    """Exchanges of `card` about changes, and of its agent; what is noted once has been noted already."""
    mine, agent = world.caller("card", "card"), world.caller("agent", "card")
    if not mine.get("/mandates")["results"]:
        mine.post("/mandates", {"agent": world.uscc("agent")}).ok(201)
    filed = world.make("filing", kind="change", state="rejected", uscc=world.uscc(), agent=world.uscc("agent"))["id"]
    rejected = world.make("filing", kind="change", state="rejected", uscc=world.uscc())["id"]
    draft, ending = world.change(), world.begin("deregistration", reason="停止经营").ok(201)["id"]
    mine.get(f"/filings/{rejected}/receipts").ok(200)
    agent.get(f"/filings/{filed}/receipts").ok(200)
    mine.get("/enterprise").ok(200)
    return {
        "read a change": lambda: mine.get(f"/filings/{draft}"),
        "list changes": lambda: mine.get("/filings?kind=change&limit=500"),
        "list as agent": lambda: agent.get("/filings?limit=500"),
        "receipts": lambda: mine.get(f"/filings/{rejected}/receipts"),
        "receipts as agent": lambda: agent.get(f"/filings/{filed}/receipts"),
        "mailbox": lambda: mine.get("/receipts?limit=500"),
        "mailbox as agent": lambda: agent.get("/receipts?limit=500"),
        "mandates": lambda: mine.get("/mandates?limit=500"),
        "enterprise": lambda: mine.get("/enterprise"),
        "backfill requirement": lambda: mine.get("/enterprise/backfill-requirement"),
        "state of a change": lambda: mine.post("/forms/change/state", {"content": {}, "filing": draft}),
        "patch a change": lambda: mine.patch(f"/filings/{draft}", {"content": {"remarks": "又"}}),
        "declare a change": lambda: mine.post(f"/filings/{draft}/declare"),
        "declare a deregistration": lambda: mine.post(f"/filings/{ending}/declare"),
    }


def cost(exchange: Callable[[], Answer]) -> tuple[int, list[str]]:
    """Queries of one exchange, without the savepoints that stand for transactions inside a test."""
    with CaptureQueriesContext(connection) as caught:
        exchange().ok()
    queries = [
        query["sql"]
        for query in caught.captured_queries
        if "SAVEPOINT" not in query["sql"] and not query["sql"].startswith(("BEGIN", "COMMIT"))
    ]
    return len(queries), queries


@pytest.mark.parametrize("name", BUDGET)
def test_an_exchange_costs_what_it_is_allowed(name: str, world: World) -> None:
    exchange = exchanges(world)[name]
    number, queries = cost(exchange)
    assert number == allowed(name), "\n".join(query[:200] for query in queries)


@pytest.mark.parametrize("name", ["read", "list", "overview", "state of a draft", "create", "declare", "print"])
def test_it_costs_no_more_in_a_world_that_is_full(name: str, world: World) -> None:
    for _ in range(12):
        filing = world.draft()
        world.bring(filing, "rejected")
    assert cost(exchanges(world)[name])[0] == allowed(name)


@pytest.mark.parametrize("name", OF_A_CHANGE)
def test_an_exchange_about_a_change_costs_what_it_is_allowed(name: str, world: World) -> None:
    number, queries = cost(of_a_change(world)[name])
    assert number == allowed(name), "\n".join(query[:200] for query in queries)


def test_none_of_them_costs_more_in_a_world_that_is_full(world: World) -> None:
    for n in range(50):
        world.change(remarks=f"第{n}次")
    for role in ("card", "category:10000000", "category:00100000"):
        for _ in range(3):
            world.make("filing", kind="change", state="rejected", uscc=world.uscc(role), agent=world.uscc("agent"))
        for agent in ("category:01000000", "cardless"):
            world.caller(role).post("/mandates", {"agent": world.uscc(agent)}).ok(201)
    every = of_a_change(world)
    assert len(every["list changes"]()["results"]) > 50
    assert {name: cost(exchange)[0] for name, exchange in every.items() if not name.startswith("declare")} == {
        name: allowed(name) for name in every if not name.startswith("declare")
    }


def test_a_look_at_the_record_writes_only_what_it_shows_anew(world: World) -> None:
    mine = world.caller("card")
    first = cost(lambda: mine.get("/enterprise"))[0]
    assert cost(lambda: mine.get("/enterprise"))[0] == allowed("enterprise") < first


OF_FOUR_REPLIES = 39
"""Of each: what is due, the filing, its change with event and receipt, who listens, what comes next in place of it
(after the last: nothing)."""

OF_A_WORLD = {"make one": 21, "begin it anew": 57}
"""At the most: PostgreSQL takes rows in by a stream."""


def test_an_advance_costs_the_same_few_statements_a_filing(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(agenda, "TURN", 60)

    def until_idle(filings: int) -> int:
        for _ in range(filings):
            world.make("filing", state="declared", scenario="reject")
        return cost(lambda: world.control.post("/clock/advance", {"until": "idle"}))[0]

    one, three = until_idle(1), until_idle(3)
    assert three - one == 2 * OF_FOUR_REPLIES
    assert one - OF_FOUR_REPLIES < 12


def test_a_world_is_made_and_begun_anew_by_few_statements(world: World) -> None:
    for _ in range(2):
        made = cost(lambda: Caller(CONTROL).post("/sandboxes", {}))[0]
        anew = cost(lambda: world.control.post("/reset"))[0]
    assert made <= OF_A_WORLD["make one"]
    assert anew <= OF_A_WORLD["begin it anew"]
