"""FAQ 1.2: how is 注册机关 chosen in the customs registration?

问：单一窗口申请海关企业注册备案时注册机关如何选择？
答：深圳企业可选择福中海关输入代码 5355。
"""

import pytest

from tests.api.client import Caller, World

pytestmark = pytest.mark.faq("1.2")

FUZHONG = {"code": "5355", "name": "福中海关"}


def offices(anyone: Caller, query: str) -> list[dict]:
    return anyone.get(f"/codes/customs_offices?{query}").ok(200)["results"]


def test_a_shenzhen_firm_that_types_5355_is_offered_fuzhong_customs_recommended(anyone: Caller) -> None:
    found = offices(anyone, "division=440304&q=5355")
    assert FUZHONG.items() <= found[0].items()
    assert (found[0]["recommended"], found[0]["provenance"]) == (True, "documented")


@pytest.mark.parametrize("typed", ["５３５５", "535", "5355 ", " 5355", "福中", "福中海关", "5355-福中海关"])
def test_however_it_is_typed_it_is_found(typed: str, anyone: Caller) -> None:
    assert "5355" in [row["code"] for row in offices(anyone, f"division=440304&q={typed}")]


@pytest.mark.parametrize("typed", ["53555", "355", "福州"])
def test_what_is_no_beginning_of_it_is_not_found(typed: str, anyone: Caller) -> None:
    answer = anyone.get(f"/codes/customs_offices?division=440304&q={typed}").ok(200)
    assert (answer["results"], answer["message"], answer["hint"]) == ([], "无匹配数据", None)


def test_it_comes_first_and_alone_recommended_in_every_district_of_shenzhen(anyone: Caller) -> None:
    districts = [row["code"] for row in anyone.get("/codes/divisions?parent=440300")["results"]]
    assert len(districts) >= 9
    for district in districts:
        found = offices(anyone, f"division={district}")
        assert len(found) > 5
        assert [row["code"] for row in found if row["recommended"]] == [found[0]["code"]] == ["5355"]


@pytest.mark.parametrize("district", ["440103", "441900", "110101"])
def test_outside_shenzhen_nothing_is_recommended(district: str, anyone: Caller) -> None:
    assert not [row for row in offices(anyone, f"division={district}") if row["recommended"] or row["code"] == "5355"]


def test_a_registration_with_5355_declares_without_a_word_about_it(world: World) -> None:
    declared = world.declare(world.draft(customs_office="5355")).ok(200)
    assert declared["content"]["customs_office"] == "5355"
    assert "not_recommended_office" not in [one["code"] for one in declared["warnings"]]


@pytest.mark.parametrize("written", ["５３５５", "5355 ", "　5355"])
def test_what_reaches_customs_is_the_code_itself(written: str, world: World) -> None:
    declared = world.declare(world.draft(customs_office=written)).ok(200)
    message = world.caller().get(f"/filings/{declared['id']}/transmitted").ok(200)["message"]
    assert message["content"]["customs_office"] == "5355"


@pytest.mark.parametrize("written", ["535", "53555", "福中海关", "0000"])
def test_what_is_no_code_of_the_table_is_refused_in_the_draft_already(written: str, world: World) -> None:
    answer = world.caller().post("/filings", {"kind": "registration", "content": {"customs_office": written}})
    assert (answer.status, answer.errors) == (422, {"/content/customs_office": "unknown_code"})


def test_another_shenzhen_office_is_accepted_with_a_warning_that_names_the_entry(world: World) -> None:
    draft = world.draft(customs_office="5301")
    declared = world.declare(draft).ok(200)
    told = [one for one in declared["warnings"] if one["code"] == "not_recommended_office"]
    assert [(one["pointer"], one["detail"], one["faq"]) for one in told] == [
        ("/content/customs_office", "深圳企业可选择福中海关输入代码 5355", "1.2")
    ]


def test_an_office_of_another_city_is_refused_on_declaring(world: World) -> None:
    refused = world.declare(world.draft(customs_office="5341")).refused(422, "office_region_mismatch")
    assert (refused.errors, refused["faq"]) == ({"/content/customs_office": "office_region_mismatch"}, "1.2")


def test_a_firm_of_huizhou_is_led_to_its_own_customs_by_a_public_guide(world: World) -> None:
    zone = Caller().get("/codes/economic_zones")["results"][-1]["code"]
    place = {"city": "441300", "district": "441302", "special_trade_zone": "99999999", "economic_zone": zone}
    declared = world.declare(world.draft(customs_office="5341", **place)).ok(200)
    assert not {one["code"] for one in declared["warnings"]} & {"not_recommended_office", "not_office_of_huizhou"}
    state = world.caller().post("/forms/registration/state", {"content": world.sheet(customs_office="5338", **place)})
    assert state["fields"]["customs_office"]["recommended"] == "5341"
    warned = {one["code"]: one["provenance"] for one in state["warnings"]}
    assert warned["not_office_of_huizhou"] == "public"
    assert "not_recommended_office" not in warned


def test_a_dual_firm_is_not_led_to_5355_but_to_the_customs_of_its_zone(world: World) -> None:
    state = world.caller().post("/forms/registration/state", {"content": world.sheet(category="00010000")})
    assert state["fields"]["customs_office"]["recommended"] is None
    assert {one["code"]: one["provenance"] for one in state["warnings"]}["dual_office_5355"] == "public"
    state = world.caller().post(
        "/forms/registration/state", {"content": world.sheet(category="00010000", customs_office="5321")}
    )
    assert not {one["code"] for one in state["warnings"]} & {"dual_office_5355", "not_recommended_office"}


def test_the_form_recommends_it_once_the_district_is_known(world: World) -> None:
    def recommended(**content: str) -> str | None:
        return world.caller().post("/forms/registration/state", {"content": content})["fields"]["customs_office"][
            "recommended"
        ]

    assert recommended(district="440304") == "5355"
    assert recommended(province="440000", city="440300") is None
