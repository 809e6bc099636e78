"""The same deed on a page and by the API: the same refusals in the same order, and the same trail."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from filings.lab.worlds import cast
from filings.models import Event
from filings.web.console import checkpoints, deeds, faults, overview, webhooks
from tests.api.client import PDF, Caller, World
from tests.web.test_sheet import EMPTY, POSTED

pytestmark = pytest.mark.django_db

NEW = "/filings/new?kind=registration"
REMARKS = {"remarks": "又及"}


def trail(world: World) -> list[tuple[Any, ...]]:
    """What happened, but for when and what a change was: by whom, by which medium, to what, and all that is told of
    it."""
    rows = Event.objects.filter(sandbox__key=world.id).order_by("seq")
    return [(row.name, row.party, row.actor, row.medium, row.uscc, row.subject, row.version, row.data) for row in rows]


def page(world: World, role: str = "cardless", medium: str = "token") -> Client:
    client = Client()
    client.cookies["sim_session"] = world.accounts[role][medium]
    return client


def file(name: str = "备案信息表.pdf", body: bytes = PDF) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, body, content_type="application/pdf")


def posted(world: World, filing: str, **more: Any) -> dict[str, Any]:
    """A draft's page as a browser sends it back."""
    version = world.caller().get(f"/filings/{filing}")["version"]
    return POSTED | {"version": version} | more


def drafted(world: World) -> str:
    return str(world.caller().post("/filings", {"kind": "registration", "content": dict(cast.REFERENCE)}).ok(201)["id"])


def create(mine: Caller) -> str:
    return str(mine.post("/filings", {"kind": "registration", "content": dict(cast.REFERENCE)}).ok(201)["id"])


Deed = Callable[[World, str], Any]

DEEDS: dict[str, tuple[Deed, Deed]] = {
    "暂存": (
        lambda world, draft: world.caller().patch(f"/filings/{draft}", {"content": REMARKS}).ok(200),
        lambda world, draft: page(world).post(f"/filings/{draft}", posted(world, draft, **REMARKS)),
    ),
    "申报 as it is": (
        lambda world, draft: world.caller().post(f"/filings/{draft}/declare").ok(200),
        lambda world, draft: page(world).post(f"/filings/{draft}", posted(world, draft, do="declare")),
    ),
    "申报 with a change": (
        lambda world, draft: [
            world.caller().patch(f"/filings/{draft}", {"content": REMARKS}).ok(200),
            world.caller().post(f"/filings/{draft}/declare").ok(200),
        ],
        lambda world, draft: page(world).post(f"/filings/{draft}", posted(world, draft, do="declare", **REMARKS)),
    ),
    "申报 a new page": (
        lambda world, draft: world.caller().post(f"/filings/{create(world.caller())}/declare").ok(200),
        lambda world, draft: page(world).post(NEW, POSTED | {"do": "declare"}),
    ),
    "attach": (
        lambda world, draft: world.caller().upload(draft, PDF, "备案信息表.pdf").ok(201),
        lambda world, draft: page(world).post(f"/filings/{draft}", posted(world, draft, do="attach", file=file())),
    ),
    "detach": (
        lambda world, draft: [
            world.caller().upload(draft, PDF, "备案信息表.pdf").ok(201),
            world.caller().delete(f"/filings/{draft}/attachments/1").ok(204),
        ],
        lambda world, draft: [
            page(world).post(f"/filings/{draft}", posted(world, draft, file=file())),
            page(world).post(f"/filings/{draft}", posted(world, draft, do="detach:1")),
        ],
    ),
    "delete": (
        lambda world, draft: world.caller().delete(f"/filings/{draft}").ok(204),
        lambda world, draft: page(world).post(f"/filings/{draft}/delete", {"version": 1}),
    ),
    "register": (
        lambda world, draft: (
            Caller()
            .post(
                "/accounts",
                {
                    "sandbox": world.id,
                    "username": "new",
                    "password": "12345678",
                    "user_type": "personal",
                    "display_name": "新",
                },
            )
            .ok(201)
        ),
        lambda world, draft: Client().post(
            "/register",
            {
                "sandbox": world.id,
                "username": "new",
                "password": "12345678",
                "user_type": "personal",
                "display_name": "新",
            },
        ),
    ),
    "log in by password": (
        lambda world, draft: (
            Caller().post("/sessions", {"sandbox": world.id, "username": "card", "password": cast.PASSWORD}).ok(201)
        ),
        lambda world, draft: Client().post(
            "/login", {"sandbox": world.id, "username": "card", "password": cast.PASSWORD}
        ),
    ),
    "the clock": (
        lambda world, draft: world.advance(by="PT1H"),
        lambda world, draft: Client().post(f"/console/sandboxes/{world.id}", {"do": "advance:PT1H"}),
    ),
    "contact": (
        lambda world, draft: (
            world.caller().post("/tickets", {"desk": "platform", "topic": "status", "filing": draft}).ok(201)
        ),
        lambda world, draft: page(world).post("/tickets", {"desk": "platform", "topic": "status", "filing": draft}),
    ),
}


@pytest.mark.parametrize("deed", DEEDS)
def test_a_deed_leaves_the_same_trail_on_either_face(deed: str) -> None:
    by_api, by_page = World(), World()
    for world, do in zip((by_api, by_page), DEEDS[deed], strict=True):
        do(world, drafted(world))
    assert len(trail(by_api)) > 1
    assert trail(by_page) == trail(by_api)


CHANGE = {"kind": "change", "content": {"remarks": "一"}}

REFUSED: dict[str, tuple[str, str, str, Deed, Deed]] = {
    "the account": (
        "create",
        "",
        "not_enterprise_user",
        lambda world, draft: world.caller("personal").post(
            "/filings", {"kind": "registration", "content": {"nonsense": 1}}
        ),
        lambda world, draft: page(world, "personal").post(NEW, EMPTY | {"category": "nonsense"}),
    ),
    "the medium": (
        "create",
        "",
        "card_login_required",
        lambda world, draft: world.caller("card").post("/filings", CHANGE | {"content": {"nonsense": 1}}),
        lambda world, draft: page(world, "card").post(
            "/filings/new?kind=change", {"do": "save", "address_cn": "长" * 999}
        ),
    ),
    "the medium, before a file is looked at": (
        "attach",
        "",
        "card_login_required",
        lambda world, draft: world.caller("card").upload(world.change(), b"?", "x.exe"),
        lambda world, draft: page(world, "card").post(
            "/filings/new?kind=change", {"do": "attach", "file": file("x.exe", b"?")}
        ),
    ),
    "the version": (
        "save",
        "F",
        "precondition_failed",
        lambda world, draft: world.caller().patch(f"/filings/{draft}", {"content": {"category": "?"}}, If_Match='"v9"'),
        lambda world, draft: page(world).post(f"/filings/{draft}", posted(world, draft, version="9", category="?")),
    ),
    "the state": (
        "save",
        "F",
        "illegal_transition",
        lambda world, draft: [world.declare(draft).ok(200), world.caller().patch(f"/filings/{draft}", {"content": 7})],
        lambda world, draft: [
            world.declare(draft).ok(200),
            page(world).post(f"/filings/{draft}", EMPTY | {"category": "?"}),
        ],
    ),
    "the fields": (
        "declare",
        "F",
        "invalid_content",
        lambda world, draft: [
            world.caller().patch(f"/filings/{draft}", {"content": {"postcode": "12", "industry": None}}).ok(200),
            world.caller().post(f"/filings/{draft}/declare"),
        ],
        lambda world, draft: [
            world.caller().patch(f"/filings/{draft}", {"content": {"postcode": "12", "industry": None}}).ok(200),
            page(world).post(f"/filings/{draft}", posted(world, draft, do="declare", postcode="12", industry="")),
        ],
    ),
    "a file of another type": (
        "attach",
        "F",
        "attachment_type_not_allowed",
        lambda world, draft: world.caller().upload(draft, b"?", "x.exe"),
        lambda world, draft: page(world).post(
            f"/filings/{draft}", posted(world, draft, do="attach", file=file("x.exe", b"?"))
        ),
    ),
    "a reason by password": (
        "read_receipts",
        "F",
        "card_login_required",
        lambda world, draft: world.caller("card").get(f"/filings/{world.change()}/receipts"),
        lambda world, draft: page(world, "card").get(f"/filings/{world.change()}/receipts"),
    ),
    "a name that is taken": (
        "register",
        "",
        "username_taken",
        lambda world, draft: Caller().post(
            "/accounts",
            {
                "sandbox": world.id,
                "username": "card",
                "password": "12345678",
                "user_type": "personal",
                "display_name": "新",
            },
        ),
        lambda world, draft: Client().post(
            "/register",
            {
                "sandbox": world.id,
                "username": "card",
                "password": "12345678",
                "user_type": "personal",
                "display_name": "新",
            },
        ),
    ),
    "a step that is not open": (
        "approve",
        "F",
        "illegal_transition",
        lambda world, draft: world.act(draft, "approve"),
        lambda world, draft: Client().post(f"/customs/{world.id}/{draft}", {"do": "approve", "version": 1}),
    ),
    "a step that is not open, before its words are read": (
        "reject",
        "F",
        "illegal_transition",
        lambda world, draft: world.act(draft, "reject", reason_code=7),
        lambda world, draft: Client().post(f"/customs/{world.id}/{draft}", {"do": "reject", "version": 1}),
    ),
    "the fields of a small form": (
        "apply_for_card",
        "",
        "invalid_content",
        lambda world, draft: world.caller("card").post("/cards", {"type": "x"}),
        lambda world, draft: page(world, "card").post("/cards", {"type": "x"}),
    ),
    "the fields of a lever": (
        "queue_scenario",
        "",
        "invalid_content",
        lambda world, draft: world.control.post("/scenario-queue", {"scenario": "approve", "times": 0}),
        lambda world, draft: Client().post(
            f"/console/sandboxes/{world.id}", {"do": "queue", "scenario": "approve", "times": "0"}
        ),
    ),
    "the clock set back": (
        "set_clock",
        "",
        "clock_backwards",
        lambda world, draft: world.control.put("/clock", {"mode": "frozen", "now": "2001-01-01T00:00:00+08:00"}),
        lambda world, draft: Client().post(
            f"/console/sandboxes/{world.id}", {"do": "clock", "mode": "frozen", "now": "2001-01-01 00:00"}
        ),
    ),
}
"""How a deed is refused, whatever else is wrong with it: its verb, whether about a filing, the code; by the API, on a
page."""


@pytest.mark.parametrize("why", REFUSED)
def test_a_refusal_is_noted_the_same_on_either_face(why: str) -> None:
    verb, about, code, by_api, by_page = REFUSED[why]
    noted = []
    for do in (by_api, by_page):
        world = World()
        do(world, drafted(world))
        told = trail(world)[-1]
        assert (told[0], told[-1]["verb"], told[-1]["code"]) == ("refused", verb, code)
        noted.append((told[:5], told[5][:1], told[6:]))
    if why != "the medium, before a file is looked at":  # there is no draft yet on that page
        assert noted[0] == noted[1]
        assert noted[0][1] == about


def test_a_change_of_the_page_is_told_by_field_and_digest_and_never_by_its_content() -> None:
    world = World()
    draft = drafted(world)
    page(world).post(f"/filings/{draft}", posted(world, draft, remarks="金丝雀", postcode=""))
    event = Event.objects.get(sandbox__key=world.id, name="filing.saved")
    told = {one["name"]: (one["old"], one["new"]) for one in event.data["fields"]}
    assert set(told) == {"remarks", "postcode"}
    assert told["remarks"][0] is None
    assert told["postcode"][1] is None
    assert len(str(told["remarks"][1])) == len(str(told["postcode"][0])) == 64
    assert "金丝雀" not in json.dumps(trail(world), ensure_ascii=False)


def test_whoever_acts_by_card_is_on_record_as_such_though_nobody_logged_in() -> None:
    world = World()
    world.caller("card", "card").post("/filings", CHANGE).ok(201)
    page(world, "card", "card_token").post("/filings/new?kind=change", {"do": "save", "remarks": "一"})
    told = Event.objects.filter(sandbox__key=world.id)
    assert {(one.name, one.medium) for one in told} == {("filing.created", "card")}


def test_a_number_without_end_is_no_version() -> None:
    world = World()
    draft, mine = drafted(world), page(world)
    assert mine.post(f"/filings/{draft}", EMPTY | {"version": "9" * 5000}).status_code == 303
    act = Client().post(f"/customs/{world.id}/{draft}", {"do": "send", "version": "9" * 5000})
    assert act.status_code == 412


def test_every_button_of_the_console_is_known_by_a_verb() -> None:
    buttons = [*checkpoints._DEEDS, *faults._DEEDS, *overview._DEEDS, *webhooks._DEEDS, "clear"]
    assert sorted(buttons) == sorted(deeds.VERBS)


def test_nobody_waits_while_a_checkpoint_is_packed_or_unpacked_from_the_console() -> None:
    assert [verb for verb, deed in checkpoints._DEEDS.items() if not deed.in_turns] == []
