"""What a page's POST says is what a program would have sent; one declaration judges both."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest
from django.http import QueryDict

from filings.forms.lab import NewFault, NewSandbox, Queued, SetClock, Verification, WebhookWanted
from filings.forms.language import Body
from filings.forms.portal import LogIn, NewCard, NewMandate, Register
from filings.rules.dates import SHANGHAI
from filings.rules.refusals import Refusal
from tests.factories import SOMEBODY

FIRM = "91440399MAMK00013C"


def post(**typed: Any) -> QueryDict:
    made = QueryDict(mutable=True)
    for name, value in typed.items():
        made.setlist(name, value if isinstance(value, list) else [value])
    return made


@pytest.mark.parametrize(
    ("form", "typed", "read"),
    [
        (
            NewMandate,
            {"agent": " ９１440399mamk00013c ", "valid_to": "２０２１-12-31"},
            {"agent": FIRM, "valid_to": date(2021, 12, 31)},
        ),
        (NewMandate, {"agent": FIRM, "valid_to": "  ", "do": "x"}, {"agent": FIRM}),
        (
            SetClock,
            {"mode": "scaled", "now": "2021-12-01 09:00", "rate": "６０.5"},
            {"mode": "scaled", "now": datetime(2021, 12, 1, 9, tzinfo=SHANGHAI), "rate": 60.5},
        ),
        (
            NewSandbox,
            {"name": "", "clock__mode": "real", "pinned": "true", "seed": "42"},
            {"clock": {"mode": "real"}, "pinned": True, "seed": 42},
        ),
        (
            NewSandbox,
            {"scenario": "reject", "p-reason": "name_mismatch", "p-pace": "normal", "p-days": "9"},
            {"scenario": "reject; reason=name_mismatch"},
        ),
        (Queued, {"scenario": "approve", "match__kind": "", "match__uscc": ""}, {"scenario": "approve"}),
        (
            WebhookWanted,
            {"url": "http://a.example/", "events": ["filing.sent", "filing.approved"]},
            {"url": "http://a.example/", "events": ["filing.sent", "filing.approved"]},
        ),
        (
            Verification,
            {"match__body": '{"a": [1]}', "match__status": "200"},
            {"match": {"body": {"a": [1]}, "status": 200}},
        ),
        (Verification, {}, {"match": {}}),
        (
            NewFault,
            {"fault": "status", "p-code": "５０２", "match__event": "filing.sent", "match__path": "/filings"},
            {"fault": "status; code=502", "match": {"path": "/filings"}},
        ),
        (NewFault, {"fault": "print_truncated", "times": "3", "match__path": "/filings"}, {"fault": "print_truncated"}),
    ],
)
def test_what_is_typed_is_what_a_program_would_send(
    form: type[Body], typed: dict[str, Any], read: dict[str, Any]
) -> None:
    assert form.from_post(post(**typed)) == read


def test_a_password_is_read_to_the_letter() -> None:
    typed = {"username": "zhang", "password": " " * 8, "user_type": "personal", "display_name": "张"}
    assert Register.from_post(post(**typed))["password"] == " " * 8


def test_a_page_without_some_of_the_members_reads_the_others() -> None:
    typed = {"username": "zhang", "password": "x", "card_no": "SIMC00000002", "pin": ""}
    assert LogIn.from_post(post(**typed), ("sandbox", "username", "password")) == {"username": "zhang", "password": "x"}
    with pytest.raises(Refusal) as refused:
        LogIn.from_post(post(**typed), ("sandbox", "card_no", "pin"))
    assert [(error.pointer, error.code) for error in refused.value.errors] == [("/pin", "required")]


@pytest.mark.parametrize(
    ("changes", "at"),
    [
        ({}, []),
        ({"type": ""}, ["/type"]),
        ({"holder_name": " "}, ["/holder_name"]),
        ({"holder_name": "长" * 51}, ["/holder_name"]),
        ({"holder_id_type": "驾驶证"}, ["/holder_id_type"]),
        ({"holder_id_number": ""}, ["/holder_id_number"]),
        ({"holder_id_number": "11010118900101001"}, ["/holder_id_number"]),
        ({"holder_id_type": "护照", "holder_id_number": "1" * 31}, ["/holder_id_number"]),
        (dict.fromkeys(SOMEBODY, ""), ["/type", "/holder_name", "/holder_id_type", "/holder_id_number"]),
    ],
)
@pytest.mark.parametrize("read", [NewCard.read, lambda given: NewCard.from_post(post(**given))], ids=["API", "page"])
def test_an_application_is_faulted_everywhere_at_once(read: Any, changes: dict[str, str], at: list[str]) -> None:
    found = []
    try:
        read(SOMEBODY | changes)
    except Refusal as refusal:
        found = [problem.pointer for problem in refusal.errors]
    assert found == at


@pytest.mark.parametrize("typed", ["{", "[1", "真", '{"a": 1,}'])
def test_a_part_that_is_no_json_is_told_by_its_place(typed: str) -> None:
    with pytest.raises(Refusal) as refused:
        Verification.from_post(post(match__body=typed))
    assert [error.pointer for error in refused.value.errors] == ["/match/body"]
    assert "应为 JSON，第 1 行第 " in refused.value.errors[0].detail
