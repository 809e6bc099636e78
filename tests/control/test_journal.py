"""What was exchanged, and whether it was as expected."""

from __future__ import annotations

from typing import Any

import pytest

from filings.lab import journal
from filings.models import Exchange
from tests.api.client import Caller, World, reference

pytestmark = pytest.mark.django_db(databases="__all__")


def told(world: World, query: str = "") -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = world.control.get(f"/journal{query}").ok(200)["results"]
    return rows


def verified(world: World, match: dict[str, Any], **count: int) -> dict[str, Any]:
    body = {"match": match, **({"count": count} if count else {})}
    return dict(world.control.post("/journal/verify", body).ok(200).json)


def test_every_exchange_is_written_down_newest_first_with_both_its_halves(world: World) -> None:
    filing = (
        world.caller().post("/filings", {"kind": "registration", "content": {"remarks": "一"}}, Idempotency_Key="k").ok(201)["id"]
    )
    world.caller().patch(f"/filings/{filing}", {"content": {"category": 1}}).refused(422, "invalid_content")
    second, first = told(world)
    assert (first["method"], first["path"], first["status"], first["account"], first["medium"]) == (
        "POST", "/api/v1/filings", 201, "cardless", "password",
    )  # fmt: skip
    assert first["request"]["body"] == {"kind": "registration", "content": {"remarks": "一"}}
    assert first["request"]["headers"]["Idempotency-Key"] == "k"
    assert (first["response"]["body"]["id"], first["response"]["headers"]["ETag"]) == (filing, '"v1"')
    assert first["at"] == "2021-12-01T09:00:00+08:00"
    assert (second["status"], second["code"], second["filing"]) == (422, "invalid_content", filing)


def test_secrets_are_masked_and_tokens_never_kept(world: World, anyone: Caller) -> None:
    who = world.accounts["card"]
    anyone.post("/sessions", {"sandbox": world.id, "card_no": who["card_no"], "pin": who["pin"]}).ok(201)
    (login,) = told(world)
    assert login["request"]["body"] == {"sandbox": world.id, "card_no": who["card_no"], "pin": "***"}
    assert login["response"]["body"]["token"] == "***"
    world.caller().get("/filings").ok(200)
    kept = repr(list(Exchange.objects.filter(sandbox=world.id).values()))
    assert not [secret for secret in (who["pin"], who["token"], who["password"], "Bearer") if secret in kept]


def test_it_tells_the_fault_that_struck_and_the_scenario_asked_for(world: World) -> None:
    world.declare(X_Sim_Scenario="reject; reason=other").ok(200)
    world.caller().get("/filings", X_Sim_Fault="status; code=503").refused(503, "injected_fault")
    faulty, declared, _ = told(world)
    assert (faulty["fault"], faulty["status"], declared["scenario"]) == ("status; code=503", 503, "reject; reason=other")


def test_it_is_asked_by_what_one_looks_for(world: World) -> None:
    draft = world.draft()
    world.caller("card").get("/enterprise").ok(200)
    world.caller().get(f"/filings/{draft}").ok(200)
    world.caller().get("/filings/F999999").refused(404, "not_found")
    assert len(told(world)) == 4
    assert [row["path"] for row in told(world, "?account=card")] == ["/api/v1/enterprise"]
    assert [row["status"] for row in told(world, f"?filing={draft}")] == [200]
    assert [row["status"] for row in told(world, "?status=404&method=GET")] == [404]
    assert [row["code"] for row in told(world, "?code=not_found")] == ["not_found"]
    assert len(told(world, "?path=/api/v1/filings")) == 3
    world.control.get("/journal?status=4xx").refused(400, "unknown_parameter")


def test_pages_of_it_neither_repeat_nor_skip(world: World) -> None:
    for _ in range(7):
        world.caller().get("/filings").ok(200)
    seen, url = [], "/journal?limit=3"
    while url:
        page = world.control.get(url).ok(200)
        seen += [row["id"] for row in page["results"]]
        url = page["next"]
    assert seen == sorted(seen, reverse=True)
    assert len(set(seen)) == 7


def test_another_sandbox_s_exchanges_are_not_in_it_and_clearing_spares_them(world: World, other_world: World) -> None:
    world.caller().get("/filings").ok(200)
    other_world.caller().get("/filings").ok(200)
    world.control.delete("/journal").ok(204)
    assert (told(world), len(told(other_world))) == ([], 1)
    other_world.control.post("/reset").ok(200)
    assert len(told(other_world)) == 1
    Caller("/control/v1").delete(f"/sandboxes/{other_world.id}").ok(204)
    assert not Exchange.objects.filter(sandbox=other_world.id).exists()


def test_only_the_newest_are_kept(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(journal, "KEPT", 5)
    monkeypatch.setattr(journal, "TRIMMED_EVERY", 1)
    for _ in range(9):
        world.caller().get("/filings").ok(200)
    assert len(told(world)) == 5


# ── verifying ─────────────────────────────────────────────────────────────────────────────────────────────────────


def test_it_counts_what_fits_and_judges_by_exactly_at_least_at_most(world: World) -> None:
    for category in ("10000000", "01000000", "10000000"):
        world.caller().post("/filings", {"kind": "registration", "content": reference(category=category)}).ok(201)
    wanted = {"method": "POST", "path": "/api/v1/filings", "body": {"content": {"category": "10000000"}}}
    assert verified(world, wanted, exactly=2)["ok"]
    assert verified(world, wanted) == {
        "ok": True, "found": 2,
        "near_misses": [{"id": told(world)[1]["id"], "method": "POST", "path": "/api/v1/filings", "status": 201,
                         "differs": "same method, path; other body at /content/category"}],
    }  # fmt: skip
    assert not verified(world, wanted, exactly=1)["ok"]
    assert verified(world, wanted, at_least=1, at_most=2)["ok"]
    assert not verified(world, wanted, at_most=1)["ok"]
    assert verified(world, {"path": "/api/v1/*", "status": 422}, exactly=0) == {"ok": True, "found": 0, "near_misses": [
        {"id": row["id"], "method": "POST", "path": row["path"], "status": 201, "differs": "same path; other status 201"} for row in told(world)
    ]}  # fmt: skip


@pytest.mark.parametrize(
    "body", [{}, {"match": {"colour": 1}}, {"match": {}, "count": {}}, {"match": {}, "count": {"exactly": 1, "at_least": 1}}]
)
def test_a_question_that_means_nothing_is_told(body: dict[str, Any], world: World) -> None:
    world.control.post("/journal/verify", body).ok(422)


def test_without_it_nothing_is_written(world: World, settings: Any) -> None:
    settings.SIM_JOURNAL = False
    world.caller().get("/filings").ok(200)
    assert told(world) == []
