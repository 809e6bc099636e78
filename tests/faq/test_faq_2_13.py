"""FAQ 2.13: filed, and the publicity platform still says 未报送.

问：企业现已完成海关年报报送，但在“中国海关企业进出口信用信息公示平台”仍显示“未报送”，应如何处理？
答：该问题是由于数据传输滞后导致，请企业耐心等待。如在 2021 年 7 月
1日后仍显示为“未报送”的，企业可登录“中国（深圳）国际贸易单一窗口”网站，
选择“标准版应用”下的“企业资质”-“关企合作平台”-“企业年报管理”-“年报补录”，通过年报补报功能补报海关年报信息。在此之前不会影响企业正常办理海关业务。
"""

import pytest

from filings.lab.faults import glitches
from filings.models import Event, Sandbox
from tests.api.client import Answer, Caller, World
from tests.faq.boundaries import before, since

pytestmark = [pytest.mark.faq("2.13"), pytest.mark.django_db]


def at(moment: str, **more: object) -> World:
    return World(clock={"mode": "frozen", "now": moment}, **more)


def lagging(moment: str) -> World:
    return at(moment, situation="publicity_lag")


def shown(world: World, year: int = 2020, asker: str = "card", role: str = "card") -> str:
    rows = world.caller(asker).get(f"/publicity/{world.accounts[role]['uscc']}").ok(200)["results"]
    return next(row["publicity_status_label"] for row in rows if row["year"] == year)


def supplement(world: World, year: int | str = 2020, role: str = "card", body: dict | None = None) -> Answer:
    return world.caller(role).post(f"/annual-reports/{year}/supplement", body)


def events(world: World) -> list[str]:
    rows = Event.objects.filter(sandbox__key=world.id, name__startswith="annual_report.").order_by("seq")
    return [event.name for event in rows]


# ── the platform ──────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_report_is_shown_a_day_after_it_was_made() -> None:
    world = at("2021-05-20T10:00:00+08:00")
    assert shown(world) == "未报送"
    made = world.caller("card").post("/annual-reports", {"year": 2020}).ok(201)
    assert (made["publicity_status"], made["publicised_at"]) == ("not_reported", None)
    world.wait(hours=23, minutes=59, seconds=59)
    assert shown(world) == "未报送"
    world.wait(seconds=1)
    assert shown(world) == "已报送"
    assert world.caller("card").get("/annual-reports")["results"][0]["publicised_at"] == "2021-05-21T10:00:00+08:00"
    assert events(world) == ["annual_report.submitted"]


@pytest.mark.parametrize(
    ("submitted", "status"),
    [
        ("2021-06-30T23:59:59+08:00", "已报送"),
        ("2021-06-30T15:59:59Z", "已报送"),
        ("2021-07-01T00:00:00+08:00", "超期报送"),
        ("2021-06-30T16:00:00Z", "超期报送"),
    ],
)
def test_one_made_after_june_is_taken_and_shown_as_late(submitted: str, status: str) -> None:
    world = at(submitted)
    world.caller("card").post("/annual-reports", {"year": 2020}).ok(201)
    world.advance(until="idle")
    assert shown(world) == status


def test_what_was_never_reported_is_overdue_from_july_on_and_who_need_not_need_not() -> None:
    world = at("2021-06-30T23:59:59+08:00")
    assert (shown(world), shown(world, role="category:00000100")) == ("未报送", "不需要")
    world.wait(seconds=1)
    assert (shown(world), shown(world, role="category:00000100")) == ("超期未报送", "不需要")


def test_anybody_logged_in_may_ask_about_anybody_on_record_and_learns_what_is_public(
    world: World, anyone: Caller
) -> None:
    uscc = world.accounts["card"]["uscc"]
    world.caller("card").post(
        "/annual-reports", {"year": 2020, "content": {"remarks": "CANARY", "contact_name": "CANARY"}}
    ).ok(201)
    for role in ("personal", "cardless", "agent", "card"):
        told = world.caller(role).get(f"/publicity/{uscc}").ok(200)
        assert (told["platform"], told["uscc"]) == ("中国海关企业进出口信用信息公示平台（模拟）", uscc)
        assert b"CANARY" not in told.body
    anyone.get(f"/publicity/{uscc}").refused(401, "not_authenticated")
    for nobody in (world.accounts["cardless"]["uscc"], "91440399MAMK00013D", "x", "%00"):
        world.caller("card").get(f"/publicity/{nobody}").refused(404, "not_found")


def test_the_years_are_told_newest_first_and_no_more_than_five(world: World) -> None:
    world.control.put(f"/ledgers/customs/{world.accounts['card']['uscc']}", {"registered_on": "2001-03-04"}).ok(200)
    rows = world.caller("card").get(f"/publicity/{world.accounts['card']['uscc']}")["results"]
    assert [row["year"] for row in rows] == [2020, 2019, 2018, 2017, 2016]


# ── the lag, and the way out ──────────────────────────────────────────────────────────────────────────────────────


@before("2.13", "2021-05-20T10:00:00+08:00")
def test_before_july_it_says_wait_and_that_nothing_is_affected(moment: str) -> None:
    world = lagging(moment)
    assert shown(world) == "未报送"
    refused = supplement(world).refused(409, "backfill_not_open")
    assert (refused["opens_at"], refused["business_affected"]) == ("2021-07-01T00:00:00+08:00", False)
    assert (refused["faq"], refused["provenance"]) == ("2.13", "documented")
    assert refused["detail"].endswith("在此之前不会影响企业正常办理海关业务")
    assert events(world) == []


@since("2.13", "2021-12-01T09:00:00+08:00")
def test_from_july_on_the_report_is_sent_again_and_comes_through(moment: str) -> None:
    world = lagging(moment)
    world.wait(days=60)
    assert shown(world) == "未报送"
    sent = supplement(world).ok(201)
    assert sent["supplemented_at"] == world.now.isoformat()
    supplement(world, body={"content": {"remarks": 1}}).ok(422)
    assert (sent["supplement"]["open"], sent["publicity_status"]) == (False, "not_reported")
    world.wait(hours=24)
    assert shown(world) == "已报送"
    supplement(world).refused(409, "already_reported")
    assert events(world) == ["annual_report.supplemented"]


def test_of_2021_it_opens_a_year_later() -> None:
    world = lagging("2022-06-30T23:59:59+08:00")
    assert supplement(world, 2021).refused(409, "backfill_not_open")["opens_at"] == "2022-07-01T00:00:00+08:00"
    world.wait(seconds=1)
    supplement(world, 2021).ok(201)


def test_sent_again_twice_is_the_same_as_once() -> None:
    world = lagging("2021-07-02T10:00:00+08:00")
    first = supplement(world, body={"content": {"remarks": "补报"}}).ok(201)
    world.wait(hours=1)
    assert supplement(world, body={"content": {"remarks": "再补"}}).ok(201).json == first.json
    assert first["content"]["remarks"] == "补报"
    assert events(world) == ["annual_report.supplemented"]
    world.advance(until="idle")
    assert world.caller("card").get("/annual-reports")["results"][0]["publicised_at"] == "2021-07-03T10:00:00+08:00"


def test_what_is_sent_again_is_judged_like_the_first(world: World) -> None:
    world.control.post("/situation", {"situation": "publicity_lag"}).ok(200)
    refused = supplement(world, body={"content": {"traded": True}})
    assert (refused.status, refused.errors["/content/import_amount"]) == (422, "required")
    assert supplement(world, body={"content": {"name_cn": "x"}}).refused(422, "field_readonly")
    assert events(world) == []


@pytest.mark.parametrize("moment", ["2021-05-20T10:00:00+08:00", "2021-07-02T10:00:00+08:00"])
def test_what_was_never_reported_cannot_be_sent_again(moment: str) -> None:
    world = at(moment)
    supplement(world).refused(409, "not_submitted")
    supplement(world, 2035).refused(409, "not_submitted")
    for nothing in ("x", "20", "20200", "1999"):
        supplement(world, nothing).refused(404, "not_found")


def test_the_platform_catching_up_meanwhile_is_told_when_it_is_sent() -> None:
    world = at("2021-06-30T23:00:00+08:00", situation="publicity_lag_ten_days")
    world.caller("card").post("/annual-reports", {"year": 2020}).ok(201)
    world.advance(to="2021-07-10T22:59:59+08:00")
    assert shown(world) == "未报送"
    assert world.caller("card").get("/annual-reports")["results"][0]["supplement"]["open"] is True
    world.wait(seconds=1)
    assert supplement(world).refused(409, "already_reported")["publicised_at"] == "2021-07-10T23:00:00+08:00"
    assert shown(world) == "已报送"


@pytest.mark.parametrize("days", [1, 3, 400])
def test_a_lag_of_so_many_days_drains_as_the_clock_goes(days: int) -> None:
    world = at("2021-05-20T10:00:00+08:00")
    glitches.put(Sandbox.objects.get(key=world.id), "publicity_lag", world.accounts["card"]["uscc"], days=days)
    world.caller("card").post("/annual-reports", {"year": 2020}).ok(201)
    fired = world.advance(until="idle")["fired"]
    assert [(one["verb"], one["outcome"]) for one in fired] == [("publicise", "done")]
    assert (world.now - world.now.replace(year=2021, month=5, day=20)).days == days
    assert shown(world) == "已报送"


def test_sent_again_it_is_not_held_up_by_a_lag_and_a_shorter_one_is_not_made_longer() -> None:
    world = at("2021-06-30T12:00:00+08:00", situation="publicity_lag_ten_days")
    world.caller("card").post("/annual-reports", {"year": 2020}).ok(201)
    world.advance(to="2021-07-10T00:00:00+08:00")
    supplement(world).ok(201)
    world.advance(until="idle")
    assert world.caller("card").get("/annual-reports")["results"][0]["publicised_at"] == "2021-07-10T12:00:00+08:00"


def test_a_lag_without_end_stays_and_the_situation_can_be_entered_again() -> None:
    world = at("2021-05-20T10:00:00+08:00")
    world.caller("card").post("/annual-reports", {"year": 2020}).ok(201)
    world.control.post("/situation", {"situation": "publicity_lag"}).ok(200)
    assert world.advance(until="idle")["fired"] == []
    world.wait(days=100)
    supplement(world).ok(201)
    world.control.post("/situation", {"situation": "publicity_lag"}).ok(200)
    assert supplement(world).ok(201)["supplemented_at"] == world.now.isoformat()


def test_the_situation_makes_no_report_for_who_owes_none(world: World) -> None:
    temporary = world.accounts["category:00000100"]["uscc"]
    world.control.post("/situation", {"situation": "publicity_lag", "uscc": temporary}).ok(200)
    assert world.caller("category:00000100").get("/annual-reports")["results"] == []


# ── nothing else is hindered ──────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("moment", ["2021-05-20T10:00:00+08:00", "2021-12-01T09:00:00+08:00"])
@pytest.mark.parametrize("situation", ["publicity_lag", "standard"])
def test_while_it_says_not_reported_all_other_business_goes_on(moment: str, situation: str) -> None:
    """Both for a report on its way and for one never made: the FAQ knows no hindrance, and the simulator makes none."""
    world = at(moment, situation=situation)
    clerk = world.caller("card", "card")
    assert shown(world) in ("未报送", "超期未报送")
    before = clerk.get("/enterprise").ok(200)
    assert (before["standing"], before["capabilities"]["print_certificate"]) == ("normal", True)
    draft = world.draft("card", established_on="2019-06-18")
    clerk.patch(f"/filings/{draft}", {"content": {"remarks": "照常办理"}}).ok(200)
    clerk.post("/tickets", {"desk": "customs", "topic": "sync"}).ok(201)
    filed = world.declare(world.draft(established_on="2019-06-18")).ok(200)
    world.advance(until="idle")
    assert world.caller().get(f"/filings/{filed['id']}")["status"] == "approved"
    assert clerk.get("/enterprise").ok(200)["standing"] == "normal"
