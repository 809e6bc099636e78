"""FAQ 2.5: how is the approval status looked up?

问：如何查询企业资质申报审批状态？
答：用户进入企业资质申请界面，选择“综合查询”即可查看当前的申报审批状态。
"""

import pytest

from tests.api.client import World

pytestmark = pytest.mark.faq("2.5")

LABELS = {
    "draft": "暂存",
    "declared": "已申报",
    "sent": "成功发往海关",
    "stored": "海关入库成功",
    "manual_review": "转人工审核",
    "approved": "审批通过",
    "rejected": "审批不通过",
}


def test_nobody_who_filed_nothing_is_shown_anything(world: World) -> None:
    answer = world.caller().get("/enquiries/overview").ok(200)
    assert answer.json == {"results": [], "next": None, "previous": None}


@pytest.mark.parametrize("status", LABELS)
def test_the_same_status_stands_in_all_three_places(status: str, world: World) -> None:
    filing, mine = world.draft(), world.caller()
    world.bring(filing, status)
    places = [mine.get(path)["results"][0] for path in ("/enquiries/overview", "/enquiries/filings", "/filings")] + [
        mine.get(f"/filings/{filing}").json
    ]
    assert {(place["id"], place["status"], place["status_label"], place["status_since"]) for place in places} == {
        (filing, status, LABELS[status], "2021-12-01T09:00:00+08:00")
    }


@pytest.mark.parametrize(("status", "label"), LABELS.items())
def test_it_can_be_asked_for_by_code_and_by_label(status: str, label: str, world: World) -> None:
    filing, other = world.draft(), world.draft()
    world.bring(filing, status)
    for asked in (status, label):
        found = [row["id"] for row in world.caller().get(f"/enquiries/overview?status={asked}").ok(200)["results"]]
        assert found == ([other, filing] if status == "draft" else [filing])
    world.caller().get("/enquiries/overview?status=nearly").refused(400, "unknown_parameter")


def test_it_tells_the_status_and_never_why(world: World) -> None:
    filing = world.draft()
    world.bring(filing, "rejected", public_comment="CANARY-REASON", internal_comment="CANARY-INSIDE")
    answer = world.caller().get("/enquiries/overview").ok(200)
    assert set(answer["results"][0]) == {
        "id",
        "number",
        "kind",
        "kind_label",
        "enterprise",
        "status",
        "status_label",
        "declared_at",
        "status_since",
    }
    assert b"CANARY" not in answer.body


def test_filters_by_kind_and_time_hold_together(world: World) -> None:
    first, mine = world.draft(), world.caller()
    world.wait(days=1)
    second = world.draft()

    def found(query: str) -> list[str]:
        return [row["id"] for row in mine.get(f"/enquiries/overview?{query}").ok(200)["results"]]

    assert found("kind=registration") == [second, first]
    assert found("since=2021-12-02") == [second]
    assert found("until=2021-12-02") == [first]
    assert found("since=2021-12-01T09:00:00%2B08:00&until=2021-12-01T09:00:01%2B08:00") == [first]
    assert found("since=2021-12-01T01:00:00Z&until=2021-12-02T01:00:00Z") == [first]
    for wrong in ("kind=change2", "since=yesterday", "until=2021-13-01", "from=2021-12-01", "since=0001-01-01"):
        mine.get(f"/enquiries/overview?{wrong}").refused(400, "unknown_parameter")


def test_pages_neither_repeat_nor_skip_while_filings_arrive(world: World) -> None:
    filings, mine = [world.draft() for _ in range(7)], world.caller()
    seen, address = [], "/enquiries/overview?limit=2"
    while address:
        answer = mine.get(address).ok(200)
        seen += [row["id"] for row in answer["results"]]
        world.draft()
        address = answer["next"]
    assert seen == filings[::-1]


def test_an_agent_and_its_principal_both_see_what_was_filed_and_no_one_else(world: World) -> None:
    body = {
        "kind": "registration",
        "filing_mode": "agent",
        "principal": world.accounts["cardless"]["uscc"],
        "content": world.sheet(),
    }
    filing = world.caller("agent", "card").post("/filings", body).ok(201)["id"]
    own = world.draft()
    shown = {
        role: [row["id"] for row in world.caller(role).get("/enquiries/overview")["results"]]
        for role in ("agent", "cardless", "card", "personal")
    }
    assert shown == {"agent": [filing], "cardless": [own, filing], "card": [], "personal": []}
