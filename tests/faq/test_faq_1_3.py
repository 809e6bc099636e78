"""FAQ 1.3: how is 经济区划 chosen in the customs registration?

问：单一窗口申请海关企业注册备案时经济区划如何选择？
答：深圳企业可选择（经济特区）。
"""

import pytest

from tests.api.client import Caller, World

pytestmark = pytest.mark.faq("1.3")


def test_the_special_economic_zone_is_first_and_recommended_for_a_shenzhen_firm(anyone: Caller) -> None:
    rows = anyone.get("/codes/economic_zones?division=440304").ok(200)["results"]
    assert (rows[0]["code"], rows[0]["name"], rows[0]["recommended"]) == ("01", "经济特区", True)
    assert [row["name"] for row in rows if row["recommended"]] == ["经济特区"]


@pytest.mark.parametrize("division", ["", "division=110101", "division=440300", "division=440000"])
def test_for_a_firm_elsewhere_or_nowhere_yet_none_is_recommended(division: str, anyone: Caller) -> None:
    assert not [row for row in anyone.get(f"/codes/economic_zones?{division}")["results"] if row["recommended"]]


def test_another_zone_is_accepted_with_a_warning_that_names_the_entry(world: World) -> None:
    other = Caller().get("/codes/economic_zones")["results"][-1]["code"]
    declared = world.declare(world.draft(economic_zone=other)).ok(200)
    told = [
        (one["pointer"], one["detail"], one["faq"])
        for one in declared["warnings"]
        if one["code"] == "not_recommended_zone"
    ]
    assert told == [("/content/economic_zone", "深圳企业可选择（经济特区）", "1.3")]
    assert world.caller().get(f"/filings/{declared['id']}/transmitted")["message"]["content"]["economic_zone"] == other


def test_left_empty_it_may_be_saved_and_not_declared(world: World) -> None:
    draft = world.draft(economic_zone=None)
    assert world.declare(draft).errors == {"/content/economic_zone": "required"}
    assert world.caller().get(f"/filings/{draft}")["status"] == "draft"


@pytest.mark.parametrize("written", ["99", "1", "经济特区", "001"])
def test_what_is_no_code_of_the_table_is_refused_in_the_draft_already(written: str, world: World) -> None:
    answer = world.caller().patch(f"/filings/{world.draft()}", {"content": {"economic_zone": written}})
    assert answer.errors == {"/content/economic_zone": "unknown_code"}


def test_a_firm_that_moves_is_judged_anew_and_its_choice_is_left_alone(world: World) -> None:
    other = Caller().get("/codes/economic_zones")["results"][-1]["code"]
    draft, mine = world.draft(economic_zone=other), world.caller()

    def warned(filing: dict) -> bool:
        return "not_recommended_zone" in [one["code"] for one in filing["warnings"]]

    assert warned(mine.get(f"/filings/{draft}").json)
    away = {"province": "110000", "city": "110100", "district": "110101", "customs_office": None}
    moved = mine.patch(f"/filings/{draft}", {"content": away}).ok(200)
    assert not warned(moved.json)
    assert (moved["content"]["economic_zone"], moved["changes"]) == (other, [])
    back = mine.patch(
        f"/filings/{draft}", {"content": {"province": "440000", "city": "440300", "district": "440304"}}
    ).ok(200)
    assert warned(back.json)
    assert back["content"]["economic_zone"] == other


def test_the_form_recommends_it(world: World) -> None:
    state = world.caller().post("/forms/registration/state", {"content": {"district": "440304"}}).ok(200)
    zone = state["fields"]["economic_zone"]
    assert (zone["recommended"], zone["shade"], zone["faq"]) == ("01", "required", "1.3")
