"""FAQ 2.2: the 注册海关 picker says 无匹配数据.

问：企业选择注册海关时显示无匹配数据该如何操作？
答：企业申请注册登记申请时行政区划三个级别都需要选择，例如广东省、深圳市、福田区。
"""

from itertools import product

import pytest

from tests.api.client import Caller, World

pytestmark = pytest.mark.faq("2.2")

LEVELS = {"province": "440000", "city": "440300", "district": "440304"}


@pytest.mark.parametrize("division", ["", "440000", "440300", "44", "999999", "深圳市", "4403041"])
def test_short_of_a_county_there_is_no_matching_data_and_the_reason_is_told(division: str, anyone: Caller) -> None:
    answer = anyone.get(f"/codes/customs_offices?division={division}").ok(200)
    assert (answer["results"], answer["message"], answer["hint"]) == ([], "无匹配数据", "division_incomplete")


def test_without_a_division_at_all_it_is_the_same(anyone: Caller) -> None:
    answer = anyone.get("/codes/customs_offices?q=5355").ok(200)
    assert (answer["results"], answer["message"], answer["hint"]) == ([], "无匹配数据", "division_incomplete")


@pytest.mark.parametrize("division", ["440304", "４４０３０４", " 440304", "440305"])
def test_with_the_county_there_are_offices(division: str, anyone: Caller) -> None:
    answer = anyone.get(f"/codes/customs_offices?division={division}").ok(200)
    assert answer["results"]
    assert (answer["message"], answer["hint"]) == (None, None)


@pytest.mark.parametrize("division", ["110101", "440103", "441900", "442000", "460400"])
def test_a_county_whose_city_has_no_office_says_so_by_another_hint(division: str, anyone: Caller) -> None:
    answer = anyone.get(f"/codes/customs_offices?division={division}").ok(200)
    assert (answer["results"], answer["message"], answer["hint"]) == ([], "无匹配数据", "no_office")


@pytest.mark.parametrize(
    "present", list(product([True, False], repeat=3)), ids=lambda p: "".join("01"[one] for one in p)
)
def test_of_the_eight_ways_to_fill_three_levels_only_the_full_one_declares(
    present: tuple[bool, ...], world: World
) -> None:
    missing = {name: None for name, given in zip(LEVELS, present, strict=True) if not given}
    answer = world.declare(world.draft(**missing))
    assert (answer.status == 200) == all(present)
    if missing:
        assert answer.errors == {f"/content/{name}": "required" for name in missing}
        assert {error["faq"] for error in answer["errors"]} == {"2.2"}


@pytest.mark.parametrize(
    "chain",
    [
        ("440000", "440100", "440304"),
        ("110000", "440300", "440304"),
        ("440000", "440300", "440103"),
        ("440300", "440000", "440304"),
        ("440304", "440304", "440304"),
    ],
)
def test_levels_that_do_not_lie_in_one_another_are_refused(chain: tuple[str, str, str], world: World) -> None:
    place = dict(zip(LEVELS, chain, strict=True))
    errors = world.declare(world.draft(**place)).errors
    assert errors["/content/district"] == "region_chain_invalid"


def test_a_chain_that_does_not_hold_may_wait_in_a_draft(world: World) -> None:
    draft = world.draft(province="110000")
    kept = world.caller().get(f"/filings/{draft}").ok(200)
    assert kept["status"] == "draft"
    assert [kept["content"][level] for level in LEVELS] == ["110000", "440300", "440304"]


def test_municipalities_with_their_repeated_names_are_told_apart_by_code(anyone: Caller) -> None:
    repeated = [row for row in anyone.get("/codes/divisions?q=市辖区")["results"] if row["level"] == 2]
    assert len({row["code"] for row in repeated}) == len(repeated) >= 4
    assert {row["parent"] for row in repeated} >= {"110000", "120000", "310000", "500000"}


def test_the_three_levels_are_offered_one_inside_the_other(anyone: Caller) -> None:
    provinces = [row["code"] for row in anyone.get("/codes/divisions?limit=5000")["results"] if row["level"] == 1]
    assert "440000" in provinces
    cities = [row["code"] for row in anyone.get("/codes/divisions?parent=440000")["results"]]
    assert {"440100", "440300", "441900"} <= set(cities)
    assert ("440304", "福田区") in [
        (row["code"], row["name"]) for row in anyone.get("/codes/divisions?parent=440300")["results"]
    ]


def test_a_city_without_counties_counts_as_its_own_county(world: World) -> None:
    place = {"city": "441900", "district": "441900", "special_trade_zone": "99999999", "customs_office": None}
    assert world.declare(world.draft(**place)).errors == {"/content/customs_office": "required"}
