"""Values as programs send them: taken in any of their spellings, kept, transmitted and returned in one."""

from __future__ import annotations

import json
from typing import Any

import pytest

from filings.rules.numbers import synthetic_uscc
from tests.api.client import World, document, reference

TRANSMITTED = "/filings/{}/transmitted"


def sent(world: World, filing: str, role: str = "cardless") -> dict[str, Any]:
    """What a declaration sends to customs."""
    told: dict[str, Any] = world.caller(role).get(TRANSMITTED.format(filing)).ok(200)["message"]
    return told["content"]


def test_a_licences_scope_is_taken_as_a_word_processor_ends_its_lines(world: World) -> None:
    scope = "一般项目：\r\n货物进出口\r技术进出口\x85销售代理"
    filing = world.draft(business_scope=scope, remarks="一\r\n二")
    assert (
        world.caller().get(f"/filings/{filing}")["content"]["business_scope"]
        == "一般项目：\n货物进出口\n技术进出口\n销售代理"
    )
    world.declare(filing).ok(200)
    assert sent(world, filing)["business_scope"] == "一般项目：\n货物进出口\n技术进出口\n销售代理"
    assert sent(world, filing)["remarks"] == "一\n二"


@pytest.mark.parametrize("name", ["name_cn", "address_cn"])
@pytest.mark.parametrize(("inside", "named"), [("\n", "换行符（U+000A）"), ("\t", "制表符（U+0009）")])
def test_a_line_of_text_with_a_line_end_in_it_is_refused_by_name(
    world: World, name: str, inside: str, named: str
) -> None:
    answer = world.caller().post("/filings", {"kind": "registration", "content": {name: f"深圳{inside}云帆"}})
    assert answer.status == 422
    assert f"第 3 个字符是{named}" in answer["errors"][0]["detail"]


def test_a_firm_whose_legal_representative_is_from_hong_kong_is_filed(world: World) -> None:
    person = {
        **reference()["legal_representative"],
        "id_type": "护照",
        "id_number": "K12345678",
        "mobile": "+852 9123 4567",
        "phone": "（0755）83165355转8001",
    }
    filing = world.draft(legal_representative=person)
    world.declare(filing).ok(200)
    kept = sent(world, filing)["legal_representative"]
    assert (kept["mobile"], kept["phone"]) == ("+85291234567", "0755-83165355-8001")
    assert world.caller().get(f"/filings/{filing}")["content"]["legal_representative"] == kept


def test_capital_is_kept_sent_and_returned_to_the_last_place(world: World) -> None:
    rows = [
        {**reference()["investors"][0], "amount": "166.6667"},
        {**reference()["investors"][0], "name": "王演练", "amount": "333.333300"},
    ]
    filing = world.draft(registered_capital="1234.567800", investors=rows)
    world.declare(filing, X_Sim_Scenario="approve; pace=fast").ok(200)
    world.advance(until="idle")
    told = world.caller().get(f"/filings/{filing}")["content"]
    assert sent(world, filing)["registered_capital"] == told["registered_capital"] == "1234.5678"
    assert [(row["amount"], row["amount_usd"]) for row in told["investors"]] == [
        ("166.6667", "26.1667"),
        ("333.3333", "52.3333"),
    ]


def test_the_document_tells_how_an_amount_is_written() -> None:
    schemas = document("/api/v1")["components"]["schemas"]
    assert (
        schemas["RegistrationContent"]["properties"]["registered_capital"]["pattern"]
        == r"^([0-9]{1,14}(\.[0-9]{1,6})?)?$"
    )
    investor = document("/control/v1")["components"]["schemas"]["LedgerInvestor"]["properties"]
    assert "{1,6}" in json.dumps(investor["amount"])


def test_a_ledger_takes_amounts_and_nothing_else(world: World) -> None:
    at = f"/ledgers/customs/{world.uscc()}"
    row = {"name": "张演练", "country": "CHN", "currency": "CNY"}
    told = world.control.put(at, {"investors": [{**row, "amount": "166.666700", "amount_usd": "26"}]}).ok(200)[
        "investors"
    ][0]
    assert (told["amount"], told["amount_usd"]) == ("166.6667", "26.00")
    for wrong in ("五百", "1e3", "-1", "1.2345678", ""):
        answer = world.control.put(at, {"investors": [{**row, "amount": wrong}]})
        assert (answer.status, list(answer.errors)) == (422, ["/investors/0/amount"])
    assert (
        world.control.put(f"/ledgers/mofcom/{world.uscc()}", {"registered_capital": "500"}).ok(200)[
            "registered_capital"
        ]
        == "500.00"
    )


@pytest.mark.faq("2.16")
def test_an_investor_in_other_brackets_keeps_its_usd_amount_and_one_that_lost_it_is_told(world: World) -> None:
    row = {
        "name": "演练投资（香港）有限公司",
        "country": "HKG",
        "method": "货币",
        "amount": "100.00",
        "currency": "HKD",
    }
    world.ledger(investors=[{**row, "amount_usd": "12.80"}])
    draft = world.change(investors=[{**row, "name": "演练投资(香港)有限公司"}])
    told = world.caller("card", "card").get(f"/filings/{draft}")
    assert [(one["name"], one["amount_usd"]) for one in told["content"]["investors"]] == [
        ("演练投资(香港)有限公司", "12.80")
    ]
    assert not [one for one in told["warnings"] if one["code"] == "amount_usd_lost"]
    saved = (
        world.caller("card", "card")
        .patch(f"/filings/{draft}", {"content": {"investors": [{**row, "name": "别的公司"}]}})
        .ok(200)
    )
    (warning,) = [one for one in saved["warnings"] if one["code"] == "amount_usd_lost"]
    assert warning["pointer"] == "/content/investors/0/amount_usd"
    assert saved["content"]["investors"][0]["amount_usd"] is None


def test_an_unlikely_document_is_a_warning_on_a_card_too(world: World) -> None:
    card = {
        "type": "operator",
        "holder_name": "李演练",
        "holder_id_type": "外国人永久居留身份证",
        "holder_id_number": "ABC",
    }
    made = world.caller().post("/cards", card).ok(201)
    assert [(one["pointer"], one["code"], one["provenance"]) for one in made["warnings"]] == [
        ("/holder_id_number", "id_number_unlikely", "public")
    ]
    assert world.caller().post("/cards", {**card, "holder_id_number": "USA440380010101"}).ok(201)["warnings"] == []


@pytest.mark.faq("1.7")
def test_an_agents_credit_code_with_a_wrong_check_digit_is_told_so(world: World) -> None:
    answer = world.caller().post("/mandates", {"agent": "91440399MAMK00013D"}).refused(404, "agent_not_found")
    assert answer.errors == {"/agent": "uscc_invalid"}
    assert "校验位不正确，填写的是“91440399MAMK00013D”" in answer["detail"]
    assert world.caller().post("/mandates", {"agent": synthetic_uscc(999)}).refused(404, "agent_not_found").errors == {
        "/agent": "agent_not_found"
    }


def test_comments_and_questions_are_long_texts(world: World) -> None:
    filing = world.change()
    world.submit(filing).ok(200)
    world.act(filing, "advance", to="rejected", public_comment="一\r\n二\r三", internal_comment="甲\x85乙").ok(200)
    receipts = world.caller("card", "card").get(f"/filings/{filing}/receipts")["results"]
    assert receipts[-1]["reason"] == "一\n二\n三"
    ticket = world.caller().post("/tickets", {"desk": "platform", "topic": "status", "text": "请问\r\n何时"}).ok(201)
    assert ticket["text"] == "请问\n何时"
    wrong = world.caller().post("/filings", {"kind": "registration", "client_reference": "PO\n1"})
    assert wrong.errors == {"/client_reference": "line_break"}
