"""FAQ 1.4: how is 特殊贸易区域 chosen in the customs registration?

问：单一窗口申请海关企业注册备案时特殊贸易区域如何选择？
答：深圳企业（非前海自贸区企业）可选择（44039999-深圳市其他地区）。
"""

import pytest

from filings.models import Enterprise
from tests.api.client import Caller, World

pytestmark = pytest.mark.faq("1.4")

OTHER_AREA = "44039999"


def in_qianhai(world: World, known: bool | None) -> None:
    """Whether the firm of `cardless` lies in Qianhai: the world's own fact, which no applicant can write."""
    Enterprise.objects.filter(sandbox__key=world.id, uscc=world.accounts["cardless"]["uscc"]).update(in_qianhai=known)


def recommended(world: World, **content: str) -> str | None:
    state = world.caller().post("/forms/registration/state", {"content": {"district": "440304", **content}}).ok(200)
    return state["fields"]["special_trade_zone"]["recommended"]


def codes(filing: dict) -> list[str]:
    return [one["code"] for one in filing["warnings"]]


@pytest.mark.parametrize(("known", "advised"), [(False, OTHER_AREA), (True, None), (None, None)])
def test_it_is_recommended_to_a_shenzhen_firm_known_to_be_outside_qianhai_and_to_no_other(
    known: bool | None, advised: str | None, world: World
) -> None:
    in_qianhai(world, known)
    assert recommended(world) == advised
    assert recommended(world, district="110101") is None


def test_the_table_has_it_in_the_words_of_the_entry(anyone: Caller) -> None:
    for typed in (
        "44039999",
        "44039999-深圳市其他地区",
        "44039999深圳市其他地区",
        "深圳市其他地区",
        "４４０３９９９９",
    ):
        rows = anyone.get(f"/codes/special_trade_zones?q={typed}").ok(200)["results"]
        assert [(row["code"], row["name"]) for row in rows if row["code"] == OTHER_AREA] == [
            (OTHER_AREA, "深圳市其他地区")
        ]


def test_a_firm_outside_qianhai_declares_with_it_without_a_word(world: World) -> None:
    declared = world.declare(world.draft(special_trade_zone=OTHER_AREA)).ok(200)
    assert not {"qianhai_zone_mismatch", "not_recommended_trade_zone"} & set(codes(declared.json))
    assert (
        world.caller().get(f"/filings/{declared['id']}/transmitted")["message"]["content"]["special_trade_zone"]
        == OTHER_AREA
    )


def test_a_qianhai_firm_that_chooses_it_is_warned_and_not_refused(world: World) -> None:
    in_qianhai(world, True)
    declared = world.declare(world.draft(special_trade_zone=OTHER_AREA)).ok(200)
    told = [one for one in declared["warnings"] if one["code"] == "qianhai_zone_mismatch"]
    assert [(one["pointer"], one["faq"], one["provenance"]) for one in told] == [
        ("/content/special_trade_zone", "1.4", "ours")
    ]


def test_nobody_is_warned_of_qianhai_while_it_is_not_known(world: World) -> None:
    in_qianhai(world, None)
    assert "qianhai_zone_mismatch" not in codes(world.declare(world.draft(special_trade_zone=OTHER_AREA)).json)


def test_another_area_of_shenzhen_is_accepted_with_a_warning(world: World) -> None:
    other = next(
        row["code"] for row in Caller().get("/codes/special_trade_zones?q=4403")["results"] if row["code"] != OTHER_AREA
    )
    declared = world.declare(world.draft(special_trade_zone=other)).ok(200)
    assert "not_recommended_trade_zone" in codes(declared.json)


@pytest.mark.parametrize("written", ["4403999", "440399990", "4403-9999", "44030000", "44039999-深圳市其他地区"])
def test_what_is_not_the_eight_digits_of_a_row_is_refused_in_the_draft_already(written: str, world: World) -> None:
    answer = world.caller().patch(f"/filings/{world.draft()}", {"content": {"special_trade_zone": written}})
    assert answer.errors == {"/content/special_trade_zone": "unknown_code"}


def test_an_area_of_shenzhen_for_a_firm_of_another_city_is_refused_on_declaring(world: World) -> None:
    draft = world.draft(city="441300", district="441302", customs_office="5341", special_trade_zone=OTHER_AREA)
    refused = world.declare(draft).refused(422, "trade_zone_region_mismatch")
    assert (refused.errors, refused["faq"]) == ({"/content/special_trade_zone": "trade_zone_region_mismatch"}, "1.4")
