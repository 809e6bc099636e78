"""What was exchanged, and whether it was as expected."""

from __future__ import annotations

from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connections
from django.test.utils import CaptureQueriesContext

from filings import desk
from filings.lab.faults import addresses
from filings.lab.watching import journal
from filings.models import Sandbox
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
        world.caller()
        .post("/filings", {"kind": "registration", "content": {"remarks": "一"}}, Idempotency_Key="k")
        .ok(201)["id"]
    )
    world.caller().patch(f"/filings/{filing}", {"content": {"category": 1}}).refused(422, "invalid_content")
    second, first = told(world)
    assert (first["method"], first["path"], first["status"], first["account"], first["medium"]) == (
        "POST",
        "/api/v1/filings",
        201,
        "cardless",
        "password",
    )
    assert first["request"]["body"] == {"kind": "registration", "content": {"remarks": "一"}}
    assert first["request"]["headers"]["Idempotency-Key"] == "k"
    assert (first["response"]["body"]["id"], first["response"]["headers"]["ETag"]) == (filing, '"v1"')
    assert first["at"] == "2021-12-01T09:00:00+08:00"
    assert (second["status"], second["code"], second["filing"]) == (422, "invalid_content", filing)


def test_a_defect_of_ours_is_written_down_as_its_client_is_told_of_it(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def defect(*args: Any) -> None:
        raise ZeroDivisionError

    filing = world.caller().post("/filings", {"kind": "registration"}).ok(201)["id"]
    monkeypatch.setattr(desk, "copy", defect)
    with pytest.raises(ZeroDivisionError):  # the server logs it, and answers 500
        world.caller().post(f"/filings/{filing}/copy")
    last, _ = told(world)
    assert [last[name] for name in ("path", "status", "code")] == [
        f"/api/v1/filings/{filing}/copy",
        500,
        "internal_error",
    ]
    assert last["response"]["body"]["code"] == "internal_error"


def test_an_exchange_costs_no_statement_where_the_journal_is_a_file_and_else_one(world: World) -> None:
    filing = world.caller().post("/filings", {"kind": "registration"}).ok(201)["id"]
    with CaptureQueriesContext(connections[settings.JOURNAL]) as asked:
        world.caller().get(f"/filings/{filing}").ok(200)
    told = [one["sql"].split()[0] for one in asked if "exchange" in one["sql"]]
    assert told == (["INSERT"] if settings.JOURNAL == "default" else [])
    assert not [one["sql"] for one in asked if one["sql"].startswith(("BEGIN", "SAVEPOINT"))]


def test_secrets_are_masked_and_tokens_never_kept(world: World, anyone: Caller) -> None:
    who = world.accounts["card"]
    anyone.post("/sessions", {"sandbox": world.id, "card_no": who["card_no"], "pin": who["pin"]}).ok(201)
    (login,) = told(world)
    assert login["request"]["body"] == {"sandbox": world.id, "card_no": who["card_no"], "pin": "***"}
    assert login["response"]["body"]["token"] == "***"
    world.caller().get("/filings").ok(200)
    kept = repr(list(journal.of(Sandbox(key=world.id)).values()))
    assert not [secret for secret in (who["pin"], who["token"], who["password"], "Bearer") if secret in kept]


def test_it_tells_the_fault_that_struck_and_the_scenario_asked_for(world: World) -> None:
    world.declare(X_Sim_Scenario="reject; reason=other").ok(200)
    world.caller().get("/filings", X_Sim_Fault="status; code=503").refused(503, "injected_fault")
    faulty, declared, _ = told(world)
    assert (faulty["fault"], faulty["status"], declared["scenario"]) == (
        "status; code=503",
        503,
        "reject; reason=other",
    )


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
    assert not journal.of(Sandbox(key=other_world.id)).exists()


def test_only_the_newest_are_kept(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(journal, "KEPT", 5)
    monkeypatch.setattr(journal, "GO_AT_ONCE", 3)
    for _ in range(9):
        world.caller().get("/filings").ok(200)
    newest = told(world)[:5]
    call_command("worker", "--once")
    assert told(world) == newest


# ── verifying ─────────────────────────────────────────────────────────────────────────────────────────────────────


def test_it_counts_what_fits_and_judges_by_exactly_at_least_at_most(world: World) -> None:
    for category in ("10000000", "01000000", "10000000"):
        world.caller().post("/filings", {"kind": "registration", "content": reference(category=category)}).ok(201)
    wanted = {"method": "POST", "path": "/api/v1/filings", "body": {"content": {"category": "10000000"}}}
    assert verified(world, wanted, exactly=2)["ok"]
    assert verified(world, wanted) == {
        "ok": True,
        "found": 2,
        "near_misses": [
            {
                "id": told(world)[1]["id"],
                "method": "POST",
                "path": "/api/v1/filings",
                "status": 201,
                "differs": "same method, path; other body at /content/category",
            }
        ],
    }
    assert not verified(world, wanted, exactly=1)["ok"]
    assert verified(world, wanted, at_least=1, at_most=2)["ok"]
    assert not verified(world, wanted, at_most=1)["ok"]
    assert verified(world, {"path": "/api/v1/*", "status": 422}, exactly=0) == {
        "ok": True,
        "found": 0,
        "near_misses": [
            {
                "id": row["id"],
                "method": "POST",
                "path": row["path"],
                "status": 201,
                "differs": "same path; other status 201",
            }
            for row in told(world)
        ],
    }


@pytest.mark.parametrize(
    "body",
    [{}, {"match": {"colour": 1}}, {"match": {}, "count": {}}, {"match": {}, "count": {"exactly": 1, "at_least": 1}}],
)
def test_a_question_that_means_nothing_is_told(body: dict[str, Any], world: World) -> None:
    world.control.post("/journal/verify", body).ok(422)


def test_without_it_nothing_is_written(world: World, settings: Any) -> None:
    settings.SIM_JOURNAL = False
    world.caller().get("/filings").ok(200)
    assert told(world) == []


# ── what could never be found ─────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("match", "found"),
    [
        ({"path": "/filings"}, 2),
        ({"path": "filings"}, 2),
        ({"path": "/filings/{filing}"}, 1),
        ({"path": "/filings*", "method": "get"}, 2),
        ({"path": "/api/v1/filings", "method": "POST"}, 1),
        ({"method": "P*"}, 1),
        ({"account": "cardless"}, 3),
        ({"account": "card*"}, 3),
    ],
)
def test_a_path_may_be_written_from_the_plane_on_and_a_method_in_small_letters(
    match: dict[str, Any], found: int, world: World
) -> None:
    filing = world.draft()
    world.caller().get("/filings").ok(200)
    world.caller().get(f"/filings/{filing}").ok(200)
    assert verified(world, match, exactly=found)["ok"]


@pytest.mark.parametrize(
    ("match", "at", "told"),
    [
        ({"path": "/filigns"}, "path", "最接近的是 /api/v1/filings"),
        ({"path": "/api/v1/filings/"}, "path", "/api/v1/filings"),
        ({"path": "/filings?kind=change"}, "path", "没有任何业务接口的地址"),
        ({"path": "/faq"}, "path", "它的往来不记录"),
        ({"path": "/control/v1/*"}, "path", "没有任何业务接口的地址"),
        ({"method": "PSOT"}, "method", "没有方法“PSOT”"),
        ({"account": "crad"}, "account", "最接近的是 card"),
    ],
)
def test_that_what_cannot_happen_did_not_is_no_answer(match: dict[str, Any], at: str, told: str, world: World) -> None:
    """A mistyped match with `exactly: 0` would be met for ever."""
    refused = world.control.post("/journal/verify", {"match": match, "count": {"exactly": 0}}).refused(
        422, "never_matches"
    )
    assert refused.errors == {f"/match/{at}": "never_matches"}
    assert told in refused["errors"][0]["detail"]


def test_a_method_no_address_takes_and_an_account_that_went_with_a_reset_may_be_asked_for(world: World) -> None:
    world.caller().put("/filings", {}).refused(405, "method_not_allowed")
    made = world.make("account", username="gone-tomorrow")
    Caller(token=made["token"]).get("/filings").ok(200)
    world.control.post("/reset").ok(200)
    assert verified(world, {"method": "PUT", "path": "/filings"}, exactly=1)["ok"]
    assert verified(world, {"account": "gone-tomorrow"}, exactly=1)["ok"]


def test_without_a_journal_nothing_is_verified(world: World, settings: Any) -> None:
    settings.SIM_JOURNAL = False
    world.control.post("/journal/verify", {"match": {}, "count": {"exactly": 0}}).refused(409, "journal_off")


@pytest.mark.parametrize("beginning", ["/filings", "filings", "/api/v1/filings", "/api/v1/fil", "/api", "/"])
def test_it_is_read_by_how_a_path_begins_whole_or_from_the_plane_on(beginning: str, world: World) -> None:
    world.caller().get("/filings").ok(200)
    assert [row["path"] for row in told(world, f"?path={beginning}")] == ["/api/v1/filings"]


def test_a_beginning_that_no_path_has_is_told(world: World) -> None:
    refused = world.control.get("/journal?path=/filigns").refused(400, "never_matches")
    assert "/api/v1/filings" in refused["detail"]


def test_of_every_open_address_it_says_truly_whether_its_exchanges_are_written_down(world: World) -> None:
    password = {"sandbox": world.id, "username": "a", "password": "long enough"}
    bodies = {
        "/api/v1/sessions": password,
        "/api/v1/sessions/challenge": {"sandbox": world.id, "card_no": "SIMC00000002"},
        "/api/v1/accounts": {**password, "user_type": "personal", "display_name": "甲"},
    }
    mine = Caller(token=world.accounts["card"]["token"], documented=False)
    for address in addresses.addresses():
        if address.struck:
            continue
        (method,) = address.methods
        before = journal.of(Sandbox(key=world.id)).count()
        mine.call(method, address.pattern.replace("*", "countries"), bodies.get(address.route))
        assert (journal.of(Sandbox(key=world.id)).count() > before) is address.journalled, address.pattern
