"""国家企业信用信息公示（模拟）, and customs' desk that shows what it finds there."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from filings import desk
from filings.lab.worlds import cast, fixtures
from filings.models import Filing, MarketRecord, Receipt, Sandbox, Visit
from filings.rules.scenarios import REASONS
from tests.factories import FilingFactory, SandboxFactory, pdf
from tests.web.pages import Page, words

pytestmark = pytest.mark.django_db

FIRM = f"/market/{cast.CARDLESS.uscc}"


def hold(sandbox: Sandbox, **facts: Any) -> None:
    """What market regulation holds of `cardless` from now on."""
    MarketRecord.objects.filter(sandbox=sandbox, uscc=cast.CARDLESS.uscc).update(**facts)


def found(answer: Any) -> list[str]:
    """The credit codes of the firms in a list."""
    return Page(answer).texts("tbody code")


# ── the register ──────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("role", ["cardless", "agent", "personal"])
def test_whoever_is_logged_in_finds_any_firm_by_its_code_or_its_name(role: str, enter: Callable[..., Client]) -> None:
    client, dual = enter(role), cast.BY_CATEGORY[next(one for one in cast.BY_CATEGORY if one.name == "DUAL")]
    for asked in (dual.uscc, dual.uscc.lower(), f" {dual.uscc[:17]} ", "双城演练", dual.name_cn):
        assert found(client.get("/market/", {"q": asked})) == [dual.uscc]
    page = client.get(f"/market/{dual.uscc}")
    for told in (
        dual.name_cn,
        dual.uscc,
        "150 有限责任（公司）",
        "张演练",
        "500.00 万 CNY 人民币",
        "2020-06-18",
        "长期",
        cast.IN_A_ZONE["address_cn"],
    ):
        assert told in words(page)
    assert Page(page).find('[data-held="state"]').text == "存续（在营、开业、在册）"


def test_it_says_that_it_is_the_simulators_own_stand_in(enter: Callable[..., Client]) -> None:
    for at in ("/market/", FIRM):
        told = words(enter().get(at))
        assert "国家企业信用信息公示（模拟）" in told
        assert "是本系统自己的替代品" in told
    assert Page(enter().get("/")).has('nav a[href="/market/"]')


def test_nothing_asked_finds_nothing_and_much_is_told_in_pages(sandbox: Sandbox, enter: Callable[..., Client]) -> None:
    assert found(enter().get("/market/")) == []
    assert "没有查询到" in words(enter().get("/market/", {"q": "无此企业"}))
    for _ in range(21):
        fixtures.enterprise(sandbox)
    first = enter().get("/market/", {"q": "深圳"})
    assert len(found(first)) == 20
    (further,) = Page(first).all('a[rel="next"]')
    assert len(found(enter().get("/market/" + str(further["href"])))) == 10


@pytest.mark.parametrize("asked", ["%", "_", "\0", "'", "长" * 3000, "\\"])
def test_whatever_is_asked_is_looked_for_as_it_stands(asked: str, enter: Callable[..., Client]) -> None:
    answer = enter().get("/market/", {"q": asked})
    assert (answer.status_code, found(answer)) == (200, [])


def test_a_firm_it_does_not_hold_and_one_of_another_world_are_not_there(
    sandbox: Sandbox, enter: Callable[..., Client]
) -> None:
    other = fixtures.enterprise(SandboxFactory())
    assert enter().get(f"/market/{other.uscc}").status_code == 404
    assert found(enter().get("/market/", {"q": other.uscc})) == []
    answer = Client().get(FIRM)
    assert (answer.status_code, answer["Location"]) == (302, f"/login?next={FIRM.replace('/', '%2F')}")


def test_what_the_register_does_not_say_is_a_dash(sandbox: Sandbox, enter: Callable[..., Client]) -> None:
    hold(sandbox, **dict.fromkeys(("name_cn", "economic_type", "registered_capital", "capital_currency"), None))
    hold(sandbox, state="deregistered")
    page = Page(enter().get(FIRM))
    assert page.find('[data-held="registered_capital"]').text == "—"
    assert page.find('[data-held="state"]').text == "注销"
    assert found(enter().get("/market/", {"q": cast.CARDLESS.uscc})) == [cast.CARDLESS.uscc]


def test_customs_has_the_same_register_with_the_calls_that_lay_it(client: Client, sandbox: Sandbox) -> None:
    assert found(client.get(f"/customs/{sandbox.key}/market/", {"q": "云帆"})) == [cast.CARDLESS.uscc]
    page = Page(client.get(f"/customs/{sandbox.key}{FIRM}"))
    assert cast.REFERENCE["address_cn"] in page
    assert f"/control/v1/sandboxes/{sandbox.key}/ledgers/market/{cast.CARDLESS.uscc}" in page
    assert client.get(f"/customs/{sandbox.key}/market/x").status_code == 404
    assert client.get("/customs/nowhere/market/").status_code == 404


# ── customs' desk ─────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def filed(cardless: Visit) -> Filing:
    """A declared registration with its 备案信息表; a person plays customs."""
    filing = FilingFactory(visit=cardless)
    desk.attach(cardless, filing.public_id, pdf)
    desk.perform(cardless, filing.public_id, "declare")
    desk.answer_by(cardless, filing.public_id, "by_hand", "pinned")
    return desk.find(cardless, filing.public_id)


def at_customs(client: Client, filing: Filing) -> Page:
    return Page(client.get(f"/customs/{filing.sandbox.key}/{filing.public_id}"))


def compared(page: Page) -> dict[str, tuple[str, str, str]]:
    """The comparison on a page: label → declared, register, result."""
    cells = page.texts('[aria-labelledby="h-compared"] tbody td')
    return {cells[n]: (cells[n + 1], cells[n + 2], cells[n + 3]) for n in range(0, len(cells), 4)}


def test_a_person_who_plays_customs_sees_the_comparison_before_deciding(
    client: Client, sandbox: Sandbox, filed: Filing
) -> None:
    agreeing = compared(at_customs(client, filed))
    assert {result for *_, result in agreeing.values()} == {"相符"}
    hold(sandbox, address_cn="别处1号", legal_representative=None)
    told = compared(at_customs(client, filed))
    assert told["工商注册地址"] == (cast.REFERENCE["address_cn"], "别处1号", "不符")
    assert told["法定代表人（负责人）姓名"] == ("张演练", "没有", "不比对")
    assert [label for label, (*_, result) in told.items() if result == "不符"] == ["工商注册地址"]


def test_a_rejection_is_filled_in_from_the_first_difference_and_may_be_changed(
    client: Client, sandbox: Sandbox, filed: Filing
) -> None:
    hold(sandbox, address_cn="别处1号", registered_capital="600.00")
    for verb in ("send", "store"):
        at = at_customs(client, filed)
        client.post(f"/customs/{sandbox.key}/{filed.public_id}", {"do": verb, "version": at.value("version")})
    page = at_customs(client, filed)
    assert page.has('option[value="capital_mismatch"][selected]')
    public = f"{REASONS['capital_mismatch'].public}：申报为“500.00”，登记为“600.00”"
    assert page.value("public_comment") == public
    assert page.value("internal_comment") == f"{REASONS['capital_mismatch'].internal}；另有不符：工商注册地址"
    html = client.get(f"/customs/{sandbox.key}/{filed.public_id}").content.decode()
    filled = dict(re.findall(r'<i data-code="(\w+)" data-public="([^"]*)"', html))
    assert filled["capital_mismatch"] == public
    assert filled["address_mismatch"].endswith("登记为“别处1号”")
    assert filled["name_mismatch"] == REASONS["name_mismatch"].public
    given = {"do": "reject", "version": page.value("version"), "reason_code": "other", "public_comment": "另有原因"}
    assert client.post(f"/customs/{sandbox.key}/{filed.public_id}", given).status_code == 303
    receipt = Receipt.objects.get(filing=filed, status="rejected")
    assert (receipt.reason_code, receipt.reason) == ("other", "另有原因")
    assert not at_customs(client, filed).has('[aria-labelledby="h-compared"]')


def test_where_all_agrees_nothing_is_filled_in(client: Client, sandbox: Sandbox, filed: Filing) -> None:
    for verb in ("send", "store"):
        version = at_customs(client, filed).value("version")
        client.post(f"/customs/{sandbox.key}/{filed.public_id}", {"do": verb, "version": version})
    page = at_customs(client, filed)
    assert (page.value("public_comment"), page.value("internal_comment")) == ("", "")
    assert not page.has("option[selected][value=attachment_missing]")


@pytest.mark.parametrize("kind", ["deregistration", "mofcom_change"])
def test_of_other_kinds_and_of_drafts_nothing_is_compared(
    kind: str, client: Client, sandbox: Sandbox, draft: Filing
) -> None:
    other = fixtures.filing(sandbox, kind=kind, state="declared", uscc=cast.CARD.uscc)
    for filing in (other, draft):
        assert not at_customs(client, filing).has('[aria-labelledby="h-compared"]')


def test_the_console_tells_what_will_be_compared_and_how_it_stands(
    client: Client, sandbox: Sandbox, filed: Filing, cardless: Visit
) -> None:
    at = f"/console/sandboxes/{sandbox.key}/filings/{filed.public_id}"
    assert not Page(client.get(at)).has('[aria-labelledby="h-compared"]')
    desk.answer_by(cardless, filed.public_id, "inspect; attachments=licence", "pinned")
    page = Page(client.get(at))
    assert "按现在的登记，将审批不通过" in page
    assert compared(page)["附件"] == ("《报关单位备案信息表》", "营业执照", "不符")
    assert "海关比对市场监管登记和附件后审批（要求的附件：营业执照）" in page
