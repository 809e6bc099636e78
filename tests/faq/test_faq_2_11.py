"""FAQ 2.11: which enterprises must file the customs annual report?

问：符合哪些条件的企业需要报送海关年报？
答：1）企业经营类别为进出口货物收发货人、进出口货物收发货人分支机构、报关企业、报关企业分支机构、特殊监管区域双重身份企业；
2）海关注册时间在 2021 年 1 月 1日之前的；3）企业处于未注销状态。
"""

import pytest

from filings.models import AnnualReport
from filings.rules.words import Category
from tests.api.client import Answer, World
from tests.faq.boundaries import before, since

pytestmark = [pytest.mark.faq("2.11"), pytest.mark.django_db]

RULES = ["category_reports", "registered_before_next_year", "not_deregistered"]


def asked(world: World, year: int | str = 2020, role: str = "card") -> Answer:
    return world.caller(role).get(f"/annual-reports/eligibility?year={year}")


def lay(world: World, role: str = "card", **facts: object) -> None:
    world.control.put(f"/ledgers/customs/{world.accounts[role]['uscc']}", facts).ok(200)


def failing(answer: Answer) -> list[str]:
    assert [reason["rule"] for reason in answer["reasons"]] == RULES
    return [reason["rule"] for reason in answer["reasons"] if not reason["ok"]]


def test_all_three_parts_are_always_told(world: World) -> None:
    told = asked(world).ok(200)
    assert (told["year"], told["required"], failing(told)) == (2020, True, [])
    assert [reason["sentence"] for reason in told["reasons"]][1:] == [
        "海关注册时间在2021年1月1日之前",
        "企业处于未注销状态",
    ]
    assert (told["opens_on"], told["due_on"]) == ("2021-01-01", "2021-06-30")
    assert {reason["faq"] for reason in told["reasons"]} == {"2.11"}


@pytest.mark.parametrize("category", Category.values)
def test_by_category_as_the_table_says(category: str, world: World) -> None:
    told = asked(world, role=f"category:{category}").ok(200)
    assert told["reasons"][0]["ok"] is (category != "00000100")


@pytest.mark.parametrize(
    ("year", "on", "required"),
    [
        (2020, "2020-12-31", True),
        (2020, "2021-01-01", False),
        (2021, "2021-01-01", True),
        (2021, "2021-12-31", True),
        (2021, "2022-01-01", False),
        (2019, "2019-12-31", True),
        (2019, "2020-01-01", False),
        (2019, "2020-02-29", False),
    ],
)
def test_the_day_it_registered_counts_by_report_year(year: int, on: str, required: bool, world: World) -> None:
    lay(world, registered_on=on)
    told = asked(world, year).ok(200)
    assert told["required"] is required
    assert failing(told) == ([] if required else ["registered_before_next_year"])


def approved_at(moment: str) -> World:
    """A world in the spring of 2021 whose `cardless` enterprise was registered at a moment of the winter."""
    world = World(clock={"mode": "frozen", "now": "2020-12-31T10:00:00+08:00"})
    filing = world.declared()
    world.advance(to=moment)
    world.act(filing, "advance", to="approved").ok(200)
    world.advance(to="2021-03-01T00:00:00+08:00")
    return world


@before("2.11")
def test_who_was_approved_in_the_last_second_of_the_year_in_shenzhen_must_report_it(moment: str) -> None:
    world = approved_at(moment)
    assert asked(world, role="cardless").ok(200)["required"] is True
    world.caller().post("/annual-reports", {"year": 2020}).ok(201)


@since("2.11")
def test_who_was_approved_in_the_first_second_of_the_next_year_in_shenzhen_need_not(moment: str) -> None:
    world = approved_at(moment)
    assert asked(world, role="cardless").ok(200)["required"] is False
    world.caller().post("/annual-reports", {"year": 2020}).refused(409, "not_required")


def test_several_categories_one_suffices(world: World) -> None:
    lay(world, categories=["00000100", "10000000"])
    assert asked(world).ok(200)["required"] is True


def test_deregistered_now_is_no_longer_whatever_it_was_that_year_and_registered_anew_the_new_date_counts(
    world: World,
) -> None:
    lay(world, deregistered_on="2021-11-30")
    assert failing(asked(world).ok(200)) == ["not_deregistered"]
    lay(world, deregistered_on=None, registered_on="2021-12-01")
    assert failing(asked(world).ok(200)) == ["registered_before_next_year"]
    assert asked(world, 2021).ok(200)["required"] is True


def test_the_single_windows_lag_takes_no_duty_away(world: World) -> None:
    world.control.post("/situation", {"situation": "not_synced"}).ok(200)
    assert asked(world).ok(200)["required"] is True


def test_who_was_never_registered_need_not(world: World) -> None:
    assert failing(asked(world, role="cardless").ok(200)) == ["category_reports", "registered_before_next_year"]


def test_a_record_without_its_date_is_no_answer(world: World) -> None:
    lay(world, registered_on=None)
    assert asked(world).refused(422, "registration_date_missing")["faq"] == "2.11"
    world.caller("card").post("/annual-reports", {"year": 2020}).refused(422, "registration_date_missing")


def test_a_year_to_come_is_refused_and_the_running_one_is_told_but_not_yet_taken(world: World) -> None:
    for call in (
        asked(world, 2022),
        world.caller("card").get("/annual-reports/form?year=2022"),
        world.caller("card").post("/annual-reports", {"year": 2022}),
    ):
        assert call.refused(422, "future_report_year").errors == {"/year": "future_report_year"}
    assert asked(world, 2021).ok(200)["required"] is True
    refused = world.caller("card").post("/annual-reports", {"year": 2021}).refused(409, "report_not_open")
    assert refused["opens_at"] == "2022-01-01T00:00:00+08:00"


@pytest.mark.parametrize("year", ["", "20", "x", "２０２０", "02020", "1999", "9999", "2020.0", "-2020"])
def test_what_is_no_year_is_refused(year: str, world: World) -> None:
    asked(world, year).refused(400, "unknown_parameter")
    world.caller("card").get(f"/annual-reports/form?year={year}").refused(400, "unknown_parameter")


def test_who_need_not_is_refused_with_the_part_that_fails(world: World) -> None:
    lay(world, registered_on="2021-01-01", categories=["00000100"])
    refused = world.caller("card").post("/annual-reports", {"year": 2020}).refused(409, "not_required")
    assert failing(refused) == ["category_reports", "registered_before_next_year"]
    assert "海关注册时间在2021年1月1日之前" in refused["detail"]
    assert not AnnualReport.objects.exists()


def test_a_report_is_made_once_a_year(world: World) -> None:
    mine = world.caller("card")
    content = {"traded": True, "import_amount": "12.5", "export_amount": "0", "declaration_count": "３"}
    made = mine.post("/annual-reports", {"year": 2020, "content": content}).ok(201)
    assert (made["year"], made["submitted_at"]) == (2020, "2021-12-01T09:00:00+08:00")
    assert (made["content"]["import_amount"], made["content"]["declaration_count"]) == ("12.50", "3")
    assert made["content"]["uscc"] == world.accounts["card"]["uscc"]
    again = mine.post("/annual-reports", {"year": 2020}).refused(409, "already_submitted")
    assert again["submitted_at"] == made["submitted_at"]
    mine.post("/annual-reports", {"year": 2019}).refused(409, "not_required")
    assert [row["id"] for row in mine.get("/annual-reports").ok(200)["results"]] == [made["id"]]
    assert world.caller("agent").get("/annual-reports").ok(200)["results"] == []
    assert mine.get("/annual-reports/form?year=2020").ok(200)["submitted"] is True


def test_the_same_key_makes_one_report(world: World) -> None:
    mine = world.caller("card")
    first, second = (mine.post("/annual-reports", {"year": 2020}, Idempotency_Key="k").ok(201) for _ in range(2))
    assert first.body == second.body
    assert AnnualReport.objects.count() == 1


@pytest.mark.parametrize(
    ("body", "pointer", "code"),
    [
        ({}, "/year", "required"),
        ({"year": "2020"}, "/year", "type_mismatch"),
        ({"year": 99999}, "/year", "max_value"),
        ({"year": 2020, "content": []}, "/content", "type_mismatch"),
        ({"year": 2020, "content": {"profit": "1"}}, "/content/profit", "unknown_field"),
        ({"year": 2020, "content": {"name_cn": "另一企业"}}, "/content/name_cn", "field_readonly"),
        ({"year": 2020, "content": {"traded": "否"}}, "/content/traded", "type_mismatch"),
        ({"year": 2020, "content": {"contact_phone": "12"}}, "/content/contact_phone", "phone_invalid"),
    ],
)
def test_what_is_wrong_is_told_field_by_field(body: dict, pointer: str, code: str, world: World) -> None:
    answer = world.caller("card").post("/annual-reports", body)
    assert (answer.status, answer.errors) == (422, {pointer: code})
    assert not AnnualReport.objects.exists()


def test_a_personal_user_reports_nothing(world: World) -> None:
    personal = world.caller("personal")
    for path in ("", "/eligibility?year=2020", "/form?year=2020"):
        personal.get(f"/annual-reports{path}").refused(403, "not_enterprise_user")
    personal.post("/annual-reports", {"year": 2020}).refused(403, "not_enterprise_user")
    personal.post("/annual-reports/2020/supplement").refused(403, "not_enterprise_user")


@pytest.mark.parametrize(
    ("situation", "fails"),
    [
        ("annual_registered_20201231", []),
        ("annual_registered_20210101", ["registered_before_next_year"]),
        ("annual_deregistered", ["not_deregistered"]),
        ("annual_category_temp", ["category_reports"]),
    ],
)
@pytest.mark.parametrize("role", ["card", "cardless"])
def test_a_tester_can_bring_each_case_about_for_anybody(
    situation: str, fails: list[str], role: str, world: World
) -> None:
    world.control.post("/situation", {"situation": situation, "uscc": world.accounts[role]["uscc"]}).ok(200)
    assert failing(asked(world, role=role).ok(200)) == fails
    assert world.caller(role).get("/enterprise").ok(200)["registered"] is (situation != "annual_deregistered")
