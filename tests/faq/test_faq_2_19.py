"""FAQ 2.19: 是否为快件运营企业 stands at 否 and cannot be changed.

问：……在基本信息表中，“是否为快件运营企业”字段默认为“否”，不可更改，应如何处理?
答：只有在“企业经营类别”字段选择“报关企业”和“特殊监管双重身份企业”时，“是否快件运营企业”单选框方可以选择“是”。选择其他企业经营类别时，该字段都为“否”，且置灰不可更改。
"""

import pytest

from tests.api.client import World

pytestmark = pytest.mark.faq("2.19")

CATEGORIES = {
    "10000000": False,  # 进出口货物收发货人
    "20000000": False,  # 进出口货物收发货人分支机构
    "01000000": True,  # 报关企业
    "00100000": False,  # 报关企业分支机构
    "00010000": True,  # 特殊监管区域双重身份企业
    "00000100": False,  # 临时注册登记单位
}
every_category = pytest.mark.parametrize(("category", "allowed"), CATEGORIES.items())


@every_category
@pytest.mark.parametrize("express", [True, False])
def test_yes_is_taken_for_two_categories_only(category: str, allowed: bool, express: bool, world: World) -> None:
    answer = world.caller().post(
        "/filings", {"kind": "registration", "content": world.sheet(category=category, express_operator=express)}
    )
    if express and not allowed:
        refused = answer.refused(422, "express_not_allowed")
        assert refused.errors == {"/content/express_operator": "express_not_allowed"}
        assert (refused["faq"], refused["provenance"]) == ("2.19", "documented")
        assert world.caller().get("/filings")["results"] == []
    else:
        declared = world.declare(answer.ok(201)["id"]).ok(200)
        assert declared["content"]["express_operator"] is express
        message = world.caller().get(f"/filings/{declared['id']}/transmitted")["message"]
        assert (message["content"]["category"], message["content"]["express_operator"]) == (category, express)


@every_category
def test_the_form_is_grey_unless_the_category_allows_it(category: str, allowed: bool, world: World) -> None:
    field = (
        world.caller()
        .post("/forms/registration/state", {"content": {"category": category}})
        .ok(200)["fields"]["express_operator"]
    )
    assert (field["editable"], field["shade"] == "readonly", field["value"], field["default"]) == (
        allowed,
        not allowed,
        False,
        False,
    )
    assert bool(field["reason"]) == (not allowed)


def test_without_a_category_it_is_no_and_grey(world: World) -> None:
    field = world.caller().post("/forms/registration/state", {"content": {}}).ok(200)["fields"]["express_operator"]
    assert (field["shade"], field["value"]) == ("readonly", False)
    world.caller().post("/filings", {"kind": "registration", "content": {"express_operator": True}}).refused(
        422, "express_not_allowed"
    )


def test_left_out_it_is_no(world: World) -> None:
    for category in CATEGORIES:
        sheet = world.sheet(category=category, express_operator=None)
        assert (
            world.caller()
            .post("/filings", {"kind": "registration", "content": sheet})
            .ok(201)["content"]["express_operator"]
            is False
        )


def test_a_changed_category_sets_it_back_and_the_answer_says_so(world: World) -> None:
    draft, mine = world.draft(category="01000000", express_operator=True), world.caller()
    saved = mine.patch(f"/filings/{draft}", {"content": {"category": "10000000"}}).ok(200)
    assert saved["content"]["express_operator"] is False
    assert [(one["pointer"], one["from"], one["to"]) for one in saved["changes"]] == [
        ("/content/express_operator", True, False)
    ]
    again = mine.patch(f"/filings/{draft}", {"content": {"category": "01000000"}}).ok(200)
    assert (again["content"]["express_operator"], again["changes"]) == (False, [])


@pytest.mark.parametrize(
    "body", [b'{"category": "%s", "express_operator": true}', b'{"express_operator": true, "category": "%s"}']
)
def test_the_order_of_fields_in_one_patch_does_not_matter(body: bytes, world: World) -> None:
    draft, mine = world.draft(), world.caller()
    assert (
        mine.call("PATCH", f"/filings/{draft}", b'{"content": %s}' % (body % b"01000000")).ok(200)["content"][
            "express_operator"
        ]
        is True
    )
    refused = mine.call("PATCH", f"/filings/{draft}", b'{"content": %s}' % (body % b"10000000")).refused(
        422, "express_not_allowed"
    )
    assert refused.errors == {"/content/express_operator": "express_not_allowed"}
    assert mine.get(f"/filings/{draft}")["content"]["category"] == "01000000"


@pytest.mark.parametrize("written", ["是", "Y", "true", 1, "1", [True]])
def test_only_true_and_false_are_words_for_it(written: object, world: World) -> None:
    answer = world.caller().post(
        "/filings", {"kind": "registration", "content": {"category": "01000000", "express_operator": written}}
    )
    assert (answer.status, answer.errors) == (422, {"/content/express_operator": "type_mismatch"})


def test_the_shorter_name_the_entry_uses_finds_the_category(world: World) -> None:
    rows = world.caller().get("/codes/categories?q=特殊监管双重身份企业").ok(200)["results"]
    assert [(row["code"], row["name"]) for row in rows] == [("00010000", "特殊监管区域双重身份企业")]
    told = {row["code"]: row["express_allowed"] for row in world.caller().get("/codes/categories")["results"]}
    assert told == CATEGORIES
