"""FAQ 1.9: what if an application is not decided for a long time?

问：注册登记申请或注册信息变更申请长时间没有审批该如何处理？
答：……您查询的到状态有如下几种：①如果状态是暂存，表示您的申请没有提交，请您提交申请。②如果状态长时间为已申报或成功发往海关，请您联系 0755-83165355。
③如果状态长时间为海关入库成功或者转人工审核，请您联系海关。如果海关看不到数据，由海关联系技术部门处理。④如果状态是审批通过或审批不通过，表示已经有审批结果。
"""

import pytest

from tests.api.client import Caller, World

pytestmark = pytest.mark.faq("1.9")

SUBMIT, WAIT, DONE = ("submit", "请您提交申请"), ("wait", "等待"), ("decided", "已经有审批结果")
PLATFORM = ("contact_platform", "请您联系 0755-83165355")
CUSTOMS = ("contact_customs", "请您联系海关。如果海关看不到数据，由海关联系技术部门处理")
STATES = {
    "draft": ("暂存", "not_submitted", SUBMIT, SUBMIT),
    "declared": ("已申报", "in_transit", WAIT, PLATFORM),
    "sent": ("成功发往海关", "in_transit", WAIT, PLATFORM),
    "stored": ("海关入库成功", "at_customs", WAIT, CUSTOMS),
    "manual_review": ("转人工审核", "at_customs", WAIT, CUSTOMS),
    "approved": ("审批通过", "decided", DONE, DONE),
    "rejected": ("审批不通过", "decided", DONE, DONE),
}


@pytest.mark.parametrize("old", [False, True], ids=["fresh", "old"])
@pytest.mark.parametrize("status", STATES)
def test_each_status_has_its_label_its_group_and_its_next_step(status: str, old: bool, world: World) -> None:
    filing = world.draft()
    world.bring(filing, status)
    if old:
        world.wait(hours=30)
    read = world.caller().get(f"/filings/{filing}").ok(200)
    label, stage, fresh, aged = STATES[status]
    assert (read["status"], read["status_label"], read["stage"]) == (status, label, stage)
    assert read["status_since"] == "2021-12-01T09:00:00+08:00"
    assert (read["advice"]["code"], read["advice"]["text"]) == (aged if old else fresh)


@pytest.mark.parametrize("status", ["declared", "stored"])
def test_a_long_time_is_more_than_24_hours_in_that_status(status: str, world: World) -> None:
    filing = world.draft()
    world.bring(filing, status)
    world.wait(hours=24)
    assert world.caller().get(f"/filings/{filing}")["advice"]["code"] == "wait"
    world.wait(microseconds=1)
    assert world.caller().get(f"/filings/{filing}")["advice"]["code"] != "wait"


def test_the_time_begins_anew_with_every_status(world: World) -> None:
    filing = world.declared()
    world.wait(hours=30)
    world.act(filing, "send").ok(200)
    assert world.caller().get(f"/filings/{filing}")["advice"]["code"] == "wait"


def test_the_advice_tells_whom_to_contact(world: World) -> None:
    filing = world.declared()
    world.wait(hours=25)
    assert world.caller().get(f"/filings/{filing}")["advice"]["contact"] == "0755-83165355"
    world.act(filing, "advance", to="stored").ok(200)
    world.wait(hours=25)
    assert world.caller().get(f"/filings/{filing}")["advice"]["contact"] == "海关"


def test_to_read_the_advice_changes_nothing(world: World) -> None:
    filing = world.declared()
    world.wait(hours=30)
    first = world.caller().get(f"/filings/{filing}").ok(200)
    assert world.caller().get(f"/filings/{filing}").json == first.json


def test_a_registration_is_among_the_registrations_and_never_among_the_changes(world: World) -> None:
    filing, mine = world.declared(), world.caller()
    listed = {
        name: [row["id"] for row in mine.get(f"/enquiries/filings?{name}").ok(200)["results"]]
        for name in ("", "business_type=企业注册登记", "business_type=企业变更", "business_type=企业注销")
    }
    assert listed == {
        "": [filing],
        "business_type=企业注册登记": [filing],
        "business_type=企业变更": [],
        "business_type=企业注销": [],
    }
    mine.get("/enquiries/filings?business_type=注册").refused(400, "unknown_parameter")


STUCK = [
    ("stuck; at=declared", "declared", "platform"),
    ("stuck; at=sent", "sent", "platform"),
    ("stuck; at=stored", "stored", "customs"),
    ("stuck; at=manual_review", "manual_review", "customs"),
    ("customs_cannot_see", "stored", "customs"),
]


@pytest.mark.parametrize(("scenario", "stays", "desk"), STUCK)
def test_whoever_follows_the_advice_gets_a_decision_and_the_other_desk_cannot_help(
    scenario: str, stays: str, desk: str, world: World
) -> None:
    filing, mine = world.declared(scenario=scenario), world.caller()
    world.wait(hours=30)
    assert mine.get(f"/filings/{filing}")["status"] == stays
    wrong = "customs" if desk == "platform" else "platform"
    for asked in (wrong, desk):
        ticket = mine.post("/tickets", {"desk": asked, "topic": "status", "filing": filing}).ok(201)["id"]
        world.wait(minutes=30)
        answered = mine.get(f"/tickets/{ticket}").ok(200)
        assert (answered["status"] == "answered", answered["outcome"] == "other_desk") == (True, asked == wrong)
        if asked == wrong:
            world.wait(hours=30)
            assert mine.get(f"/filings/{filing}")["status"] == stays
    if scenario == "customs_cannot_see":
        assert answered["answer"] == "海关看不到数据，已由海关联系技术部门处理"
    world.advance(until="idle")
    assert mine.get(f"/filings/{filing}")["status"] == "approved"


def test_a_draft_is_submitted_and_nobody_need_be_called(world: World) -> None:
    draft, mine = world.draft(), world.caller()
    ticket = mine.post("/tickets", {"desk": "customs", "topic": "status", "filing": draft}).ok(201)["id"]
    world.advance(until="idle")
    assert mine.get(f"/tickets/{ticket}")["outcome"] == "nothing_to_do"
    assert mine.get(f"/filings/{draft}")["status"] == "draft"


def test_the_seven_labels_are_told_by_the_machine_too() -> None:
    told = Caller("/control/v1").get("/machine").ok(200)
    assert {state["code"]: (state["label"], state["stage"]) for state in told["states"]} == {
        code: row[:2] for code, row in STATES.items()
    }
