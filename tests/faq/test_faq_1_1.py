"""FAQ 1.1: must a firm that held both qualifications before 2018-08-01 still 补录 its data?

问：企业在 2018 年 8 月 1 日前已经同时拥有了报关资质和报检资质，是否仍需在单一窗口企业资质备案模块中补录企业备案信息？
答：不需要。
"""

from typing import Any

import pytest

from filings.models import Backfill, Event
from tests.api.client import Caller, World

pytestmark = pytest.mark.faq("1.1")

BEFORE, LAST_DAY, FIRST_DAY_AFTER = "2017-03-01", "2018-07-31", "2018-08-01"
NEEDED, NOT_NEEDED, NOT_APPLICABLE = "needed", "not_needed", "not_applicable"


def held(world: World, customs: str | None, inspection: str | None, role: str = "card") -> Caller:
    """Somebody of an enterprise that holds its qualifications since these days, by the customs ledger."""
    days = [day for day in (customs, inspection) if day]
    world.ledger(
        role, customs_qualified_on=customs, inspection_qualified_on=inspection, registered_on=min(days, default=BEFORE)
    )
    return world.caller(role)


def test_a_firm_that_held_both_before_that_day_need_not_in_the_very_words(world: World) -> None:
    told = held(world, BEFORE, LAST_DAY).get("/enterprise/backfill-requirement").ok(200)
    assert (told["required"], told["answer"], told["faq"], told["provenance"]) == (False, "不需要", "1.1", "documented")


def test_and_if_it_tries_nothing_is_recorded(world: World) -> None:
    mine = held(world, BEFORE, BEFORE)
    refused = mine.post("/enterprise/backfill", {"number": "4403160001"}).refused(409, "backfill_not_needed")
    assert (refused["determination"], refused["answer"], refused["faq"]) == (NOT_NEEDED, "不需要", "1.1")
    assert not Backfill.objects.exists()
    assert not Event.objects.filter(sandbox__key=world.id, name="backfill.supplied").exists()
    assert Event.objects.get(sandbox__key=world.id, name="refused").data["code"] == "backfill_not_needed"


@pytest.mark.parametrize(
    ("customs", "inspection", "determination", "lacking"),
    [
        (LAST_DAY, LAST_DAY, NOT_NEEDED, None),
        (LAST_DAY, FIRST_DAY_AFTER, NEEDED, "inspection"),
        (FIRST_DAY_AFTER, LAST_DAY, NEEDED, "customs"),
        (FIRST_DAY_AFTER, FIRST_DAY_AFTER, NOT_APPLICABLE, None),
        (BEFORE, None, NEEDED, "inspection"),
        (None, BEFORE, NEEDED, "customs"),
        ("2018-05-02", "2018-05-02", NOT_NEEDED, None),
        ("2021-06-01", "2021-06-01", NOT_APPLICABLE, None),
        (FIRST_DAY_AFTER, None, NEEDED, "inspection"),
        (None, FIRST_DAY_AFTER, NEEDED, "customs"),
    ],
)
def test_each_of_the_days_is_looked_at(
    customs: str | None, inspection: str | None, determination: str, lacking: str | None, world: World
) -> None:
    told = held(world, customs, inspection).get("/enterprise/backfill-requirement").ok(200)
    assert (told["determination"], told["lacking"], told["required"]) == (
        determination,
        lacking,
        determination == NEEDED,
    )
    assert (told["customs_qualified_on"], told["inspection_qualified_on"]) == (customs, inspection)
    assert told["provenance"] == ("documented" if determination == NOT_NEEDED else "assumed")
    assert (told["answer"] == "不需要") is (determination == NOT_NEEDED)


def test_whoever_lacks_one_supplies_it_once_and_is_done(world: World) -> None:
    mine = held(world, BEFORE, None)
    kept = mine.post("/enterprise/backfill", {"number": "4700600001", "remarks": "补录"}).ok(201)
    assert (kept["qualification"], kept["number"], kept["remarks"]) == ("inspection", "4700600001", "补录")
    assert kept["at"] == "2021-12-01T09:00:00+08:00"
    told = mine.get("/enterprise/backfill-requirement")
    assert (told["required"], told["determination"], told["answer"]) == (False, "backfilled", "已补录")
    mine.post("/enterprise/backfill", {}).refused(409, "backfill_not_needed")
    assert Backfill.objects.count() == 1
    assert Event.objects.get(sandbox__key=world.id, name="backfill.supplied").data == {"qualification": "inspection"}


def test_the_same_request_sent_twice_supplies_once(world: World) -> None:
    mine = held(world, BEFORE, None)
    first = mine.post("/enterprise/backfill", {}, Idempotency_Key="one").ok(201)
    again = mine.post("/enterprise/backfill", {}, Idempotency_Key="one").ok(201)
    assert (again.json, again.headers["Idempotency-Replayed"]) == (first.json, "true")


def test_a_firm_that_is_not_registered_is_to_register(world: World) -> None:
    told = world.caller().get("/enterprise/backfill-requirement").ok(200)
    assert (told["required"], told["determination"], told["answer"]) == (
        False,
        "not_registered",
        "企业尚未注册登记，请办理注册登记申请",
    )
    assert (
        world.caller().post("/enterprise/backfill", {}).refused(409, "backfill_not_needed")["answer"] == told["answer"]
    )


def test_a_record_with_neither_qualification_has_none_to_supplement(world: World) -> None:
    told = held(world, None, None).get("/enterprise/backfill-requirement").ok(200)
    assert (told["determination"], told["required"], told["provenance"]) == ("not_registered", False, "ours")


def test_a_deregistered_firm_is_to_register_too(world: World) -> None:
    mine = held(world, BEFORE, BEFORE)
    world.ledger(deregistered_on="2021-11-01")
    assert mine.get("/enterprise/backfill-requirement")["determination"] == "not_registered"


def test_it_is_the_customs_ledger_that_counts_not_what_the_single_window_shows(world: World) -> None:
    world.ledger(synced=False, customs_qualified_on=BEFORE, inspection_qualified_on=BEFORE)
    assert world.caller("card").get("/enterprise/backfill-requirement")["determination"] == NOT_NEEDED


@pytest.mark.parametrize("day", ["2018-02-30", "20180731", "2018-7-31", "", 20180731, "2018-07-31T23:59:59+08:00"])
def test_what_is_no_date_is_refused_and_does_not_read_as_no(day: Any, world: World) -> None:
    refused = world.control.put(f"/ledgers/customs/{world.uscc()}", {"customs_qualified_on": day})
    assert (refused.status, set(refused.errors)) == (422, {"/customs_qualified_on"})


@pytest.mark.parametrize(
    ("moment", "determination"),
    [
        ("2018-07-31T23:59:59+08:00", NOT_NEEDED),
        ("2018-08-01T00:00:00+08:00", NOT_APPLICABLE),
        ("2018-07-31T15:59:59Z", NOT_NEEDED),
        ("2018-07-31T16:00:00Z", NOT_APPLICABLE),
    ],
)
def test_an_approval_counts_by_its_day_in_shenzhen(moment: str, determination: str, db: None) -> None:
    world = World(clock={"mode": "frozen", "now": moment})
    filing = world.draft(established_on="2010-06-18")
    world.bring(filing, "approved")
    assert world.caller().get("/enterprise/backfill-requirement")["determination"] == determination


@pytest.mark.parametrize(
    "moment",
    ["2018-07-31T23:59:59+08:00", "2018-08-01T00:00:00+08:00", "2018-07-31T16:00:00Z", "2022-03-01T00:00:00+08:00"],
)
def test_the_answer_does_not_hang_on_the_day_it_is_asked(moment: str, db: None) -> None:
    world = World(clock={"mode": "frozen", "now": moment})
    assert held(world, LAST_DAY, LAST_DAY).get("/enterprise/backfill-requirement")["determination"] == NOT_NEEDED
    assert held(world, LAST_DAY, None).get("/enterprise/backfill-requirement")["determination"] == NEEDED


@pytest.mark.parametrize(
    ("situation", "determination"),
    [("backfill_both_before", NOT_NEEDED), ("backfill_only_customs", NEEDED), ("backfill_second_on_20180801", NEEDED)],
)
def test_a_tester_can_bring_each_about(situation: str, determination: str, world: World) -> None:
    world.enter(situation)
    assert world.caller("card").get("/enterprise/backfill-requirement")["determination"] == determination
    world.enter(situation, uscc=world.uscc("cardless"))
    assert world.caller().get("/enterprise/backfill-requirement")["determination"] == determination


def test_a_personal_user_has_nothing_to_supply(world: World) -> None:
    world.caller("personal").get("/enterprise/backfill-requirement").refused(403, "not_enterprise_user")
    world.caller("personal").post("/enterprise/backfill", {"number": 1}).refused(403, "not_enterprise_user")


@pytest.mark.parametrize(
    ("body", "errors"),
    [
        ({"number": 1}, {"/number": "type_mismatch"}),
        ({"number": "1" * 21}, {"/number": "max_length"}),
        ({"qualification": "customs"}, {"/qualification": "unknown_field"}),
    ],
)
def test_what_is_supplied_is_read_strictly(body: dict, errors: dict, world: World) -> None:
    refused = held(world, BEFORE, None).post("/enterprise/backfill", body)
    assert (refused.status, refused.errors) == (422, errors)
