"""Nothing of one enterprise reaches another, another sandbox or nobody: every route × every identity, with a canary in every text field.

A first version: it holds status line, headers and body of every answer against the canaries of a filing the caller may not see.
"""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.urls import URLPattern, URLResolver, get_resolver

from filings.models import CustomsRecord, Enterprise
from filings.rules.sheet import Text
from filings.rules.sheets.registration import Registration
from tests.api.client import PDF, Answer, Caller, World
from tests.factories import SOMEBODY
from tests.printing.paper import text

CANARY = "ZZCANARYZZ"
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")
ENDING = {("DELETE", "/api/v1/sessions/current"), ("POST", "/api/v1/cards/1/cancel")}
"""What would end the very session the net is cast with."""

STRANGERS = (
    "anonymous",
    "another enterprise",
    "the same enterprise of another sandbox",
    "a personal user",
    "a broker without a mandate",
)


def business_routes() -> list[str]:
    """Every path of the business plane, from the urlconf."""
    found: list[str] = []

    def walk(patterns: list[Any], prefix: str) -> None:
        for one in patterns:
            path = prefix + str(one.pattern)
            if isinstance(one, URLResolver):
                walk(one.url_patterns, path)
            elif isinstance(one, URLPattern) and path.startswith("/api/v1/"):
                found.append(re.sub(r"<\w+:(\w+)>", r"{\1}", path))

    walk(get_resolver(django_settings.ROOT_URLCONF).url_patterns, "/")
    return found


def canaries(world: World) -> dict[str, Any]:
    """A registration with the canary in every field that takes words."""
    sheet = world.sheet(declarants=[{"id_type": "护照", "id_number": "E12345678", "action": "备案"}])
    for name, field in Registration.walk():
        if not isinstance(field, Text) or field.folded or name in ("uscc", "customs_code", "inspection_number"):
            continue
        match name.split("."):
            case [alone]:
                sheet[alone] = f"{CANARY}{alone}"
            case [rows, "*", key]:
                sheet[rows] = [{**sheet[rows][0], key: f"{CANARY}{key}"}]
            case [group, key]:
                sheet[group] = {**sheet[group], key: f"{CANARY}@{key}.example"}
    return sheet


@pytest.fixture
def secret(world: World) -> dict[str, str]:
    """A rejected filing, a draft, a ticket of `cardless`, with canaries everywhere. Returns what stands in for each piece of a path."""
    mine = world.caller()
    body = {"kind": "registration", "client_reference": f"{CANARY}-reference", "content": canaries(world)}
    filing = mine.post("/filings", body).ok(201)["id"]
    mine.upload(filing, PDF + CANARY.encode(), f"{CANARY}.pdf").ok(201)
    mine.post(f"/filings/{filing}/declare", X_Sim_Scenario="by_hand").ok(200)
    world.act(
        filing,
        "advance",
        to="rejected",
        reason_code=f"{CANARY}-code",
        public_comment=f"{CANARY}-public",
        internal_comment=f"{CANARY}-internal",
    ).ok(200)
    draft = mine.post(f"/filings/{filing}/copy").ok(201)["id"]
    ticket = mine.post("/tickets", {"desk": "customs", "topic": "reason", "filing": filing, "text": f"{CANARY}-question"}).ok(
        201
    )["id"]
    uscc = world.accounts["cardless"]["uscc"]
    world.control.put(f"/ledgers/customs/{uscc}", {"categories": ["10000000"], "registered_on": "2020-01-01"}).ok(200)
    report = {"contact_name": f"{CANARY}-contact", "remarks": f"{CANARY}-remarks"}
    mine.post("/annual-reports", {"year": 2020, "content": report}).ok(201)
    # Off the ledger again: the name of an enterprise on it is public, on the publicity platform.
    CustomsRecord.objects.filter(sandbox__key=world.id, uscc=uscc).delete()
    Enterprise.objects.filter(sandbox__key=world.id, uscc=uscc).update(name_cn=f"{CANARY}-name")
    mine.post("/cards", SOMEBODY | {"holder_name": f"{CANARY}-holder"}).ok(201)
    mine.post("/seal-certificates").ok(201)
    receipt = mine.get("/receipts")["results"][0]["id"]
    return {"filing": filing, "draft": draft, "ticket": ticket, "receipt": receipt, "uscc": uscc, "year": "2020"}


def caller(identity: str, world: World, other: World) -> Caller:
    return {
        "anonymous": Caller(),
        "another enterprise": world.caller("card", "card"),
        "the same enterprise of another sandbox": other.caller("cardless"),
        "a personal user": world.caller("personal"),
        "a broker without a mandate": world.caller("category:01000000", "card"),
        "its own": world.caller("cardless"),
    }[identity]


def everything(who: Caller, secret: dict[str, str], world: World) -> list[tuple[str, Answer]]:
    """Every route by every method with the foreign ids in it, and in the body where one can stand."""
    answers = []
    bodies = [
        {"content": {}},
        {"kind": "registration", "filing_mode": "agent", "principal": world.accounts["cardless"]["uscc"], "content": {}},
    ]
    bodies += [{"content": {}, "filing": secret["filing"]}, {"desk": "customs", "topic": "reason", "filing": secret["filing"]}]
    bodies += [{"username": "cardless", "password": "wrong", "sandbox": world.id}]
    for path in business_routes():
        for filing in (secret["filing"], secret["draft"]) if "{filing}" in path else ("",):
            pieces = {
                **secret,
                "filing": filing,
                "kind": "registration",
                "n": "1",
                "table": "divisions",
                "entry": "2.3",
                "mandate": "M000001",
                "action": "restart",
            }
            address = path.format(**pieces)
            for method in METHODS:
                if (method, address) in ENDING:
                    continue
                tried = bodies if method in ("POST", "PATCH") else [None]
                answers += [(f"{method} {address}", who.call(method, address, body)) for body in tried]
            queries = (
                f"?client_reference={CANARY}-reference",
                f"?after={secret['receipt']}",
                f"?q={CANARY}",
                "?limit=500",
                "?year=2020",
            )
            answers += [(f"GET {address}{query.replace(CANARY, '…')}", who.get(address + query)) for query in queries]
    return answers


def told(answer: Answer) -> str:
    """What an answer's body says; what is printed is read from the paper."""
    if (
        answer.body.startswith(b"%PDF")
        and answer.headers["Content-Type"] == "application/pdf"
        and CANARY.encode() not in answer.body
    ):
        return text(answer.body)
    return answer.body.decode("utf-8", "replace")


def leaks(answers: list[tuple[str, Answer]]) -> list[str]:
    """Where a canary is, though the caller did not send it."""
    return [
        f"{address}: {answer.status}"
        for address, answer in answers
        if CANARY in told(answer).replace(f"{CANARY}-reference", "").replace(f"q={CANARY}", "") or CANARY in repr(answer.headers)
    ]


@pytest.mark.parametrize("identity", STRANGERS)
def test_a_stranger_meets_no_canary_anywhere(identity: str, world: World, other_world: World, secret: dict[str, str]) -> None:
    answers = everything(caller(identity, world, other_world), secret, world)
    assert len(answers) > 200
    assert leaks(answers) == []
    for address, answer in answers:
        if secret["filing"] in address and "?" not in address and answer.status not in (405, 415, 400, 422):
            assert answer.status in (401, 403, 404) or identity.startswith("the same"), address


def test_the_owner_meets_them_so_the_net_is_not_empty(world: World, other_world: World, secret: dict[str, str]) -> None:
    found = leaks([(path, caller("its own", world, other_world).get(path.format(**secret))) for path in (
        "/filings/{filing}", "/filings", "/filings/{draft}", "/filings/{filing}/transmitted", "/filings/{filing}/attachments", "/filings/{filing}/attachments/1",
        "/tickets", "/tickets/{ticket}", "/enquiries/overview", "/enterprise", "/filings/{filing}/record-form.pdf",
        "/annual-reports", "/annual-reports/form?year=2020", "/cards",
    )])  # fmt: skip
    assert len(found) == 14


def test_even_the_owner_meets_no_reason(world: World, other_world: World, secret: dict[str, str]) -> None:
    for address, answer in everything(caller("its own", world, other_world), secret, world):
        for inner in ("code", "public", "internal"):
            assert f"{CANARY}-{inner}" not in told(answer), address


def test_two_sandboxes_hold_the_same_ids_and_never_the_same_rows(
    world: World, other_world: World, secret: dict[str, str]
) -> None:
    elsewhere = other_world.draft(remarks="elsewhere")
    assert elsewhere == secret["filing"]
    assert other_world.caller().get(f"/filings/{elsewhere}")["content"]["remarks"] == "elsewhere"
    assert [row["id"] for row in other_world.caller().get("/filings")["results"]] == [elsewhere]
    other_world.caller().get(f"/filings/{secret['draft']}").refused(404, "not_found")
