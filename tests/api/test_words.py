"""Whatever is wrong with what a program sends, it is told in words of ours: what is wrong, what was given, what would
be right."""

from __future__ import annotations

import json
from typing import Any

import pytest
from rest_framework.exceptions import ValidationError

import filings.forms.lab
import filings.forms.portal
from filings.forms.language import Body, Secret, Told, faults_of
from filings.rules.annual import SHEET
from filings.rules.kinds import KINDS
from filings.rules.sheet import Group, Rows, Sheet
from tests.api.addresses import taken, writes
from tests.api.client import CONTROL, Answer, Caller, World
from tests.words import of_a_framework

WRONG: dict[str, Any] = {
    "a text": "不对",
    "nothing in it": "",
    "blanks": "  ",
    "too long": "长" * 20_001,
    "two lines": "一\n二",
    "not seen": "一\u200b二",
    "NUL": "一\0二",
    "a day there is not": "2021-02-30",
    "a number": 12345,
    "a fraction": 1.5,
    "below": -1,
    "beyond": 2**63,
    "true": True,
    "null": None,
    "an array": ["不对"],
    "an empty array": [],
    "an object": {"不对": 1},
    "an empty object": {},
}


def bodies(above: type[Body] = Body) -> list[type[Body]]:
    """Every body of both planes, those within others too."""
    return [
        one
        for below in above.__subclasses__()
        for one in (below, *bodies(below))
        if one.__module__.startswith("filings.")
    ]


def errors_of(body: type[Body], data: Any) -> dict[str, tuple[str, str]]:
    """Pointer → code and words."""
    try:
        body(data=data).run_validation(data)
    except ValidationError as error:
        return {one.pointer: (one.code, one.detail) for one in faults_of(error)}
    return {}


def spoilt(sheet: type[Sheet], value: Any) -> dict[str, Any]:
    """A content with one value in every field."""
    content: dict[str, Any] = {}
    for name, item in sheet.items.items():
        match item:
            case Group():
                content[name] = dict.fromkeys(item.fields, value)
            case Rows():
                content[name] = [dict.fromkeys(item.fields, value)]
            case _:
                content[name] = value
    return content


def clean(answer: Answer) -> None:
    """Nothing of a framework's is in what is told, and every word of it is Chinese."""
    if answer.status < 400:
        return
    assert of_a_framework(answer.body.decode()) == []
    for error in answer.json["errors"]:
        assert any("\u4e00" <= one <= "\u9fff" for one in error["detail"]), error


def test_there_are_bodies_and_the_detector_knows_the_frameworks_words() -> None:
    assert len(bodies()) > 30
    for said in (
        "该字段是必填项。",
        "输入一个有效的日期。",
        "请确保这个字段不能超过 100 个字符。",
        "This field may not be blank.",
    ):
        assert of_a_framework(said), said
    assert of_a_framework("企业中文名称最多 100 个字，填写了 105 个字") == []


@pytest.mark.parametrize("what", WRONG)
@pytest.mark.parametrize("body", bodies(), ids=lambda body: body.__qualname__)
def test_a_body_tells_every_member_in_words_of_ours(body: type[Body], what: str) -> None:
    members = body().fields
    told = errors_of(body, dict.fromkeys(members, WRONG[what]))
    assert of_a_framework("\n".join(words for _, words in told.values())) == []
    for pointer, (code, words) in told.items():
        member = members.get(pointer.strip("/"))
        if member is not None and code in (
            "type_mismatch",
            "invalid",
            "unknown_code",
            "max_length",
            "min_value",
            "max_value",
        ):
            assert isinstance(member, Secret) or "填写" in words, (pointer, code, words)


@pytest.mark.parametrize("data", [None, [], "x", 5, True, {"没有的": 1}, {}], ids=repr)
@pytest.mark.parametrize("body", bodies(), ids=lambda body: body.__qualname__)
def test_a_body_that_is_none_tells_so(body: type[Body], data: Any) -> None:
    told = errors_of(body, data)
    assert of_a_framework("\n".join(words for _, words in told.values())) == []
    for pointer, (code, words) in told.items():
        assert code not in ("required", "type_mismatch") or pointer == "/" or "（例如 " in words or "登录" in words, (
            pointer,
            words,
        )


@pytest.mark.parametrize("body", bodies(), ids=lambda body: body.__qualname__)
def test_every_member_has_a_right_value_to_give_and_takes_it(body: type[Body]) -> None:
    for name, member in body().fields.items():
        assert isinstance(member, Told), name
        assert member.right is not None, name
        member.run_validation(member.right)


def test_a_password_is_never_repeated() -> None:
    for wrong in ("p" * 129, "秘密\0的", 12345678, ["secret"]):
        told = errors_of(filings.forms.portal.Register, {**filings.forms.portal.Register.example, "password": wrong})
        assert set(told) == {"/password"}
        for piece in ("ppp", "秘密", "12345678", "secret"):
            assert piece not in told["/password"][1]


@pytest.mark.parametrize("what", WRONG)
def test_no_address_of_either_plane_lets_a_frameworks_words_through(world: World, what: str) -> None:
    draft = world.draft()
    pieces = {
        "filing": draft,
        "sandbox": world.id,
        "uscc": "91440399MAMK00013C",
        "n": "1",
        "kind": "registration",
        "receipt": "R000001",
        "ticket": "T000001",
        "mandate": "M000001",
        "card": "SIMC00000002",
        "queued": "Q000001",
        "checkpoint": "none",
        "webhook": "none",
        "fault": "X000001",
        "year": "2020",
        "what": "enterprise",
        "action": "reject",
        "exercise": "faq-2-10",
        "attempt": Caller(CONTROL).post("/exercises/faq-2-6/attempts").ok(201)["id"],
    }
    for method, path in writes():
        if method == "DELETE" or path.endswith(("/reset", "/import")) or "attachments" in path:
            continue
        plane = path[: path.index("/v1/") + 3]
        caller = Caller(plane, world.accounts["cardless"]["token"], documented=False)
        clean(caller.call(method, path.format(**pieces), dict.fromkeys(taken(plane, method, path), WRONG[what])))


@pytest.mark.parametrize("what", WRONG)
@pytest.mark.parametrize("kind", KINDS)
def test_every_field_of_every_sheet_tells_it_in_words_of_ours(world: World, kind: str, what: str) -> None:
    world.control.put(f"/ledgers/mofcom/{world.uscc()}", {})
    caller = world.caller("card", "card")
    for answer in (
        caller.post("/filings", {"kind": kind, "content": spoilt(KINDS[kind].sheet, WRONG[what])}),
        caller.post(f"/forms/{kind}/state", {"content": spoilt(KINDS[kind].sheet, WRONG[what])}),
    ):
        assert of_a_framework(answer.body.decode()) == []
    clean(caller.post("/annual-reports", {"year": 2020, "content": spoilt(SHEET, WRONG[what])}))


@pytest.mark.parametrize("kind", KINDS)
def test_a_declaration_that_lacks_everything_tells_it_in_words_of_ours(world: World, kind: str) -> None:
    answer = world.caller("card", "card").post(f"/forms/{kind}/state", {"content": {}})
    assert of_a_framework(json.dumps(answer.json, ensure_ascii=False)) == []
