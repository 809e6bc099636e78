"""FAQ 1.8: can a first registration be for 报关 alone?

问：企业申请报关和报检的资质备案时首次注册能否只申报报关企业资质备案？
答：不能，应海关总署 2018 年第 28 号公告。自 2018 年 4月 20 日起，企业在海关注册登记或者备案后，将同时取得报关报检资质。
"""

import pytest

from filings.models import CustomsRecord
from tests.api.client import World
from tests.faq.boundaries import BOUNDARIES, before, since

pytestmark = [pytest.mark.faq("1.8"), pytest.mark.django_db]

ALONE = [["customs"], ["inspection"]]


def at(moment: str) -> World:
    return World(clock={"mode": "frozen", "now": moment})


def old_enough(world: World, **changes: object) -> str:
    return world.draft(established_on="2015-06-18", **changes)


@pytest.mark.parametrize("scope", ALONE)
@since("1.8", "2018-04-20T00:00:00Z", "2021-12-01T09:00:00+08:00")
def test_from_20_april_2018_one_alone_is_refused_with_the_announcements_name(moment: str, scope: list[str]) -> None:
    world = at(moment)
    refused = world.declare(old_enough(world, filing_scope=scope)).refused(422, "single_qualification_not_allowed")
    assert refused.errors == {"/content/filing_scope": "single_qualification_not_allowed"}
    assert "海关总署2018年第28号公告" in refused["detail"].replace(" ", "")
    assert "自2018年4月20日起" in refused["detail"]
    assert (refused["faq"], refused["provenance"]) == ("1.8", "documented")


@pytest.mark.parametrize("scope", ALONE)
@before("1.8", "2018-04-19T00:00:00+08:00", "2018-04-19T23:59:59.999999+08:00")
def test_until_19_april_2018_at_midnight_one_alone_was_possible(moment: str, scope: list[str]) -> None:
    world = at(moment)
    declared = world.declare(old_enough(world, filing_scope=scope)).ok(200)
    assert declared["content"]["filing_scope"] == scope
    world.advance(until="idle")
    shown = world.caller().get("/enterprise").ok(200)
    assert (shown["registered"], shown["qualifications"]) == (True, scope)


@pytest.mark.parametrize("written", [None, ["customs", "inspection"], ["inspection", "customs", "customs"]])
@pytest.mark.parametrize("moment", ["2018-04-19T23:59:59+08:00", "2018-04-20T00:00:00+08:00"])
def test_both_together_or_nothing_said_gives_both_with_one_date(moment: str, written: list[str] | None) -> None:
    world = at(moment)
    declared = world.declare(old_enough(world, filing_scope=written)).ok(200)
    assert declared["content"]["filing_scope"] == ["customs", "inspection"]
    world.advance(until="idle")
    assert world.caller().get("/enterprise")["qualifications"] == ["customs", "inspection"]
    record = CustomsRecord.objects.get(sandbox__key=world.id, uscc=declared["enterprise"]["uscc"])
    assert record.customs_qualified_on == record.inspection_qualified_on == record.registered_on is not None


def test_a_draft_of_the_19th_declared_on_the_20th_is_judged_when_it_is_declared() -> None:
    world = at("2018-04-19T23:59:59+08:00")
    draft = old_enough(world, filing_scope=["customs"])
    world.advance(to="2018-04-20T00:00:00+08:00")
    world.declare(draft).refused(422, "single_qualification_not_allowed")
    assert world.caller().get(f"/filings/{draft}")["status"] == "draft"
    world.caller().patch(f"/filings/{draft}", {"content": {"filing_scope": None}}).ok(200)
    world.declare(draft).ok(200)


def test_declared_on_the_19th_and_approved_on_the_20th_keeps_what_it_was_declared_for() -> None:
    world = at("2018-04-19T23:59:59+08:00")
    world.declare(old_enough(world, filing_scope=["customs"])).ok(200)
    world.advance(until="idle")
    assert world.now.isoformat() == "2018-04-20T23:59:59+08:00"
    assert world.caller().get("/enterprise")["qualifications"] == ["customs"]


def test_a_draft_for_one_alone_may_be_saved_and_is_warned_at_once() -> None:
    world = at("2018-04-20T00:00:00+08:00")
    read = world.caller().get(f"/filings/{old_enough(world, filing_scope=['customs'])}")
    assert ("/content/filing_scope", "1.8") in [(one["pointer"], one["faq"]) for one in read["warnings"]]


@pytest.mark.parametrize(
    ("moment", "shade"), [("2018-04-19T23:59:59+08:00", "required"), ("2018-04-20T00:00:00+08:00", "readonly")]
)
def test_the_form_gives_no_choice_from_that_day_on(moment: str, shade: str) -> None:
    field = at(moment).caller().post("/forms/registration/state", {"content": {}}).ok(200)["fields"]["filing_scope"]
    assert (field["shade"], field["value"]) == (shade, ["customs", "inspection"])
    if shade == "readonly":
        assert "海关总署2018年第28号公告" in field["reason"]


@pytest.mark.parametrize("written", [["customs", "print"], "customs", [1], {"customs": True}])
def test_what_is_no_qualification_is_refused_whatever_the_day(written: object) -> None:
    answer = (
        at(BOUNDARIES["1.8"].first)
        .caller()
        .post("/filings", {"kind": "registration", "content": {"filing_scope": written}})
    )
    assert (answer.status, set(answer.errors)) == (422, {"/content/filing_scope"})
