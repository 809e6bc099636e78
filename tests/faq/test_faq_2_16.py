"""FAQ 2.16: of the two amounts of an investment the one in USD is grey.

问：企业在“单一窗口”企业资质系统操作变更申请时，出资者信息—出资金额显示两个，有一个可以变更，另一个美元的出资金额字段灰色，无法变更，应如何处理？
答：美元的出资金额，这个字段不是在“单一窗口”录入的，是海关审核后返回的。无法在“单一窗口”进行修改，若企业需修改，请向主管海关企管部门申请。
"""

from typing import Any

import pytest

from tests.api.client import Answer, World

pytestmark = pytest.mark.faq("2.16")

OWN = {"name": "张演练", "country": "CHN", "method": "货币", "amount": "500.00", "currency": "CNY"}
USD = "78.50"
"""500.00 at the simulator's own rate."""

AT = "/content/investors/0/amount_usd"


def investors(answer: Answer) -> list[tuple[str, str | None]]:
    return [(row["amount"], row["amount_usd"]) for row in answer["content"]["investors"]]


def save(world: World, draft: str, *rows: dict[str, Any]) -> Answer:
    return world.caller("card", "card").patch(f"/filings/{draft}", {"content": {"investors": list(rows)}})


def approved(world: World, *rows: dict[str, Any]) -> str:
    """A change of the investors, approved."""
    draft = world.change(investors=list(rows))
    world.submit(draft, scenario="approve").ok(200)
    world.advance(until="idle")
    return draft


def ask(world: World, desk: str = "customs") -> Answer:
    mine = world.caller("card")
    ticket = mine.post("/tickets", {"desk": desk, "topic": "usd"}).ok(201)["id"]
    world.wait(hours=1)
    return mine.get(f"/tickets/{ticket}").ok(200)


def test_on_a_change_the_usd_amount_is_grey_in_the_very_words_and_the_other_is_not(world: World) -> None:
    state = world.caller("card", "card").post("/forms/change/state", {"content": {}}).ok(200)["fields"]
    usd, own = state["investors.0.amount_usd"], state["investors.0.amount"]
    assert (usd["shade"], usd["editable"], usd["value"], usd["faq"]) == ("readonly", False, USD, "2.16")
    assert usd["reason"].startswith(
        "美元的出资金额，这个字段不是在“单一窗口”录入的，是海关审核后返回的。无法在“单一窗口”进行修改"
    )
    assert (own["shade"], own["editable"], own["value"]) == ("required", True, "500.00")


@pytest.mark.parametrize("sent", ["78.51", "0", "0.00", "78.5001", "1e2", "７８.５１", "-1"])
def test_another_amount_is_refused_at_its_place(sent: str, world: World) -> None:
    draft = world.change()
    refused = save(world, draft, {**OWN, "amount_usd": sent})
    assert (refused.status, set(refused.errors)) == (422, {AT})
    assert refused.errors[AT] in ("field_readonly", "invalid")
    assert world.caller("card").get(f"/filings/{draft}")["version"] == 1


@pytest.mark.parametrize("sent", [78.50, 78, True, ["78.50"], {"$set": "78.50"}])
def test_an_amount_is_a_text_and_never_a_float(sent: Any, world: World) -> None:
    assert save(world, world.change(), {**OWN, "amount_usd": sent}).errors == {AT: "type_mismatch"}


@pytest.mark.parametrize("sent", [USD, "78.5", "７８.５０"])
def test_the_same_amount_is_no_change(sent: str, world: World) -> None:
    draft = world.change()
    saved = save(world, draft, {**OWN, "amount_usd": sent}).ok(200)
    assert (investors(saved), saved["changed"]) == ([("500.00", USD)], ["remarks"])


@pytest.mark.parametrize("row", [OWN, {**OWN, "amount_usd": None}])
def test_left_out_it_is_kept(row: dict, world: World) -> None:
    assert investors(save(world, world.change(), row).ok(200)) == [("500.00", USD)]


def test_a_new_amount_leaves_the_usd_amount_until_customs_returns_another(world: World) -> None:
    world.enter("usd_delayed")
    draft = approved(world, {**OWN, "amount": "1000.00"})
    assert world.caller("card").get(f"/filings/{draft}")["status"] == "approved"
    assert investors(world.caller("card").get(f"/filings/{draft}")) == [("1000.00", USD)]


def test_after_the_approval_customs_returns_it(world: World) -> None:
    draft = approved(world, {**OWN, "amount": "1000.00"})
    assert investors(world.caller("card").get(f"/filings/{draft}")) == [("1000.00", "157.00")]
    ledger = world.control.get(f"/ledgers/customs/{world.uscc()}").ok(200)
    assert [(row["amount"], row["amount_usd"]) for row in ledger["investors"]] == [("1000.00", "157.00")]


def test_of_a_registration_there_is_none_before_the_approval(world: World) -> None:
    filing, mine = world.draft(), world.caller()
    for status in ("draft", "declared", "sent", "stored", "manual_review"):
        world.bring(filing, status)
        assert investors(mine.get(f"/filings/{filing}")) == [("500.00", None)]
    world.act(filing, "approve").ok(200)
    assert investors(mine.get(f"/filings/{filing}")) == [("500.00", USD)]


def test_on_a_registration_it_is_grey_too(world: World) -> None:
    draft = world.draft()
    rows = [{**OWN, "amount_usd": "1.00"}]
    assert world.caller().patch(f"/filings/{draft}", {"content": {"investors": rows}}).errors == {AT: "field_readonly"}


def test_rows_are_known_by_name_and_country_in_whatever_order_they_come(world: World) -> None:
    second = {"name": "王演练", "country": "HKG", "method": "货币", "amount": "100.00", "currency": "HKD"}
    approved(world, OWN, second)
    draft = world.change()
    turned = save(world, draft, {**second, "amount_usd": "12.80"}, {**OWN, "amount_usd": USD}).ok(200)
    assert investors(turned) == [("100.00", "12.80"), ("500.00", USD)]
    assert save(world, draft, {**second, "amount_usd": USD}, OWN).errors == {AT: "field_readonly"}


@pytest.mark.parametrize("more", [{"name": "李演练"}, {"country": "HKG"}])
def test_a_row_that_is_not_on_record_has_none(more: dict, world: World) -> None:
    draft = world.change()
    assert investors(save(world, draft, {**OWN, **more}).ok(200)) == [("500.00", None)]
    assert save(world, draft, {**OWN, **more, "amount_usd": USD}).errors == {AT: "field_readonly"}


def test_one_without_a_rate_has_none_returned(world: World) -> None:
    draft = approved(world, {**OWN, "name": "王演练", "currency": "NOK"})
    assert investors(world.caller("card").get(f"/filings/{draft}")) == [("500.00", None)]


def test_whoever_wants_it_changed_applies_to_customs(world: World) -> None:
    world.enter("usd_wrong")
    draft = world.change()
    assert investors(world.caller("card").get(f"/filings/{draft}")) == [("500.00", "0.01")]
    assert save(world, draft, {**OWN, "amount_usd": USD}).errors == {AT: "field_readonly"}
    told = ask(world)
    assert (told["outcome"], told["answer"]) == ("usd_returned", "美元的出资金额已由海关重新返回，请查看")
    assert investors(world.caller("card").get(f"/filings/{draft}")) == [("500.00", USD)]


def test_the_platform_cannot_change_it(world: World) -> None:
    world.enter("usd_wrong")
    told = ask(world, "platform")
    assert (told["outcome"], "请向主管海关企管部门申请" in told["answer"]) == ("other_desk", True)


def test_a_delayed_return_comes_when_it_is_asked_for(world: World) -> None:
    world.enter("usd_delayed")
    draft = approved(world, {**OWN, "amount": "1000.00"})
    assert ask(world)["outcome"] == "usd_returned"
    assert investors(world.caller("card").get(f"/filings/{draft}")) == [("1000.00", "157.00")]


def test_of_an_enterprise_without_a_record_customs_returns_nothing(world: World) -> None:
    ticket = world.caller().post("/tickets", {"desk": "customs", "topic": "usd"}).ok(201)["id"]
    world.wait(hours=1)
    assert world.caller().get(f"/tickets/{ticket}")["outcome"] == "not_registered"


@pytest.mark.parametrize("name", ["__proto__", "constructor", "amount_usd_", "amount-usd"])
def test_no_other_name_reaches_it(name: str, world: World) -> None:
    refused = save(world, world.change(), {**OWN, name: {"amount_usd": "1.00"}})
    assert refused.errors == {f"/content/investors/0/{name}": "unknown_field"}


@pytest.mark.parametrize("rows", [{"0": OWN}, [[OWN]], [None], "x", {"0": {"amount_usd": "1.00"}}])
def test_rows_come_as_a_list_of_rows(rows: Any, world: World) -> None:
    refused = world.caller("card", "card").patch(f"/filings/{world.change()}", {"content": {"investors": rows}})
    assert refused.errors == {"/content/investors": "type_mismatch"}


def test_a_patch_by_another_standard_is_not_taken(world: World) -> None:
    patch = b'[{"op":"replace","path":"/content/investors/0/amount_usd","value":"1.00"}]'
    mine = world.caller("card", "card")
    refused = mine.call("PATCH", f"/filings/{world.change()}", patch, content_type="application/json-patch+json")
    refused.refused(415, "unsupported_media_type")


def test_it_is_not_sent_to_customs_which_has_it(world: World) -> None:
    draft = world.change(investors=[{**OWN, "amount": "1000.00"}])
    world.submit(draft).ok(200)
    message = world.caller("card").get(f"/filings/{draft}/transmitted").ok(200)["message"]
    assert message["content"]["investors"] == [{**OWN, "amount": "1000.00", "amount_usd": None}]
