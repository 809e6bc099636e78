"""FAQ 2.20: a 特殊监管区域双重身份企业 wants to become a 进出口货物收发货人.

问：企业反映在“单一窗口”-“企业资质系统”-“海关备案信息”里备案的“经营类别”是“特殊监管区域双重身份企业”，现在需要将“经营类别”变更为“进出口货物收发货人”，
但系统“经营类别”项为灰色不可以修改，显示:“特殊监管区域双重身份企业”。应如何处理?
答：“经营类别”已经审批通过不可以变更，经营类别是“特殊监管区域双重身份企业”的企业不可以新增其他“经营类别”。若需要调整“经营类别”，请先做企业注销后，重新备案。
"""

from typing import Any

import pytest

from filings.rules.words import Category
from tests.api.client import Answer, Caller, World

pytestmark = pytest.mark.faq("2.20")

DUAL, CONSIGNEE, BROKER = Category.DUAL.value, Category.CONSIGNEE.value, Category.BROKER.value
ROLE = f"category:{DUAL}"
WORDS = "“经营类别”已经审批通过不可以变更"

MAY_ADD = {
    Category.CONSIGNEE: True,
    Category.CONSIGNEE_BRANCH: True,
    Category.BROKER: True,
    Category.BROKER_BRANCH: True,
    Category.DUAL: False,
    Category.TEMPORARY: True,
}
"""Who may add another 经营类别 (inferred for all but 双重身份)."""


def field(world: World, name: str, role: str = ROLE, **content: Any) -> dict[str, Any]:
    state = world.caller(role, "card").post("/forms/change/state", {"content": content}).ok(200)
    found: dict[str, Any] = state["fields"][name]
    return found


def begun(world: World, kind: str, role: str = ROLE, medium: str = "card", **content: Any) -> str:
    draft: str = world.begin(kind, role, medium, **content).ok(201)["id"]
    return draft


def through(world: World, kind: str, role: str = ROLE, scenario: str = "approve", **content: Any) -> str:
    """A filing of the role, declared and decided."""
    sheet = world.sheet(role, **content) if kind == "registration" else content
    filing = begun(world, kind, role, **sheet)
    world.submit(filing, role, scenario=scenario).ok(200)
    world.advance(until="idle")
    return filing


def of(world: World, role: str = ROLE) -> Answer:
    return world.caller(role).get("/enterprise").ok(200)


# ── it is grey ────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_category_is_grey_shows_what_is_on_record_and_says_why(world: World) -> None:
    shown = field(world, "category")
    assert (shown["shade"], shown["editable"], shown["value"], shown["faq"]) == ("readonly", False, DUAL, "2.20")
    assert shown["reason"] == f"{WORDS}。若需要调整“经营类别”，请先做企业注销后，重新备案"
    table = Caller().get("/codes/categories")["results"]
    assert next(row["name"] for row in table if row["code"] == DUAL) == "特殊监管区域双重身份企业"


@pytest.mark.parametrize("category", Category.values)
def test_it_is_grey_for_every_category(category: str, world: World) -> None:
    role = f"category:{category}"
    assert field(world, "category", role)["value"] == category
    begun(world, "change", role, category=category, remarks="同")
    other = CONSIGNEE if category != CONSIGNEE else BROKER
    refused = world.begin("change", role, category=other).refused(422, "category_locked")
    assert (refused.errors, refused["faq"]) == ({"/content/category": "category_locked"}, "2.20")
    assert refused["detail"].startswith(WORDS)


@pytest.mark.parametrize("category", Category.values)
def test_a_dual_firm_adds_none(category: str, world: World) -> None:
    refused = world.begin("change", ROLE, added_categories=[category]).refused(422, "category_locked")
    assert refused.errors == {"/content/added_categories": "category_locked"}
    assert "不可以新增其他“经营类别”" in refused["detail"]


@pytest.mark.parametrize("category", MAY_ADD)
def test_who_may_add_another_category(category: Category, world: World) -> None:
    role = f"category:{category.value}"
    assert field(world, "added_categories", role)["editable"] is MAY_ADD[category]
    other = BROKER if category != Category.BROKER else CONSIGNEE
    begin = world.begin("change", role, added_categories=[other])
    assert begin.status == (201 if MAY_ADD[category] else 422)
    if MAY_ADD[category]:
        assert world.submit(begin["id"], role).ok(200)["changed"] == ["added_categories"]


def test_an_added_category_stands_beside_the_first_from_its_approval_on(world: World) -> None:
    filing = through(world, "change", "card", added_categories=[BROKER])
    assert of(world, "card")["categories"] == [CONSIGNEE, BROKER]
    assert (field(world, "category", "card")["value"], field(world, "added_categories", "card")["value"]) == (
        CONSIGNEE,
        None,
    )
    assert world.caller("card").get(f"/filings/{filing}")["content"]["added_categories"] == [BROKER]


@pytest.mark.parametrize("added", [[CONSIGNEE], [DUAL], [BROKER, DUAL]])
def test_what_one_is_already_and_the_dual_kind_cannot_be_added(added: list[str], world: World) -> None:
    draft = begun(world, "change", "card", added_categories=added)
    assert world.submit(draft).errors == {"/content/added_categories": "category_not_addable"}


def test_a_copy_of_what_was_added_is_a_draft_all_the_same(world: World) -> None:
    filing = through(world, "change", "card", added_categories=[BROKER])
    copied = world.caller("card", "card").post(f"/filings/{filing}/copy").ok(201)
    assert copied["content"]["added_categories"] == [BROKER]
    assert world.submit(copied["id"]).errors == {"/content/added_categories": "category_not_addable"}


@pytest.mark.faq("2.16")
def test_a_new_page_after_the_deregistration_shows_nothing_customs_gave_before(world: World) -> None:
    through(world, "deregistration", reason="调整经营类别")
    mine, sheet = world.caller(ROLE, "card"), world.sheet(ROLE, category=CONSIGNEE)
    fields = mine.post("/forms/registration/state", {"content": sheet}).ok(200)["fields"]
    told = [fields[name]["value"] for name in ("customs_code", "inspection_number", "investors.0.amount_usd")]
    assert told == [None, None, None]
    rows = [{**sheet["investors"][0], "amount_usd": "78.50"}]
    refused = world.begin("registration", ROLE, **{**sheet, "investors": rows}).refused(422, "field_readonly")
    assert refused.errors == {"/content/investors/0/amount_usd": "field_readonly"}


@pytest.mark.faq("2.19")
def test_with_a_category_that_may_an_enterprise_may_be_an_express_operator(world: World) -> None:
    assert field(world, "express_operator", "card")["editable"] is False
    assert field(world, "express_operator", "card", added_categories=[BROKER])["editable"] is True
    through(world, "change", "card", added_categories=[BROKER], express_operator=True)
    assert field(world, "express_operator", "card")["value"] is True
    assert field(world, "express_operator", "card")["editable"] is True


def test_a_dual_category_laid_over_the_record_is_what_the_page_shows(world: World) -> None:
    world.enter("dual")
    assert field(world, "category", "card")["value"] == DUAL
    world.begin("change", "card", added_categories=[BROKER]).refused(422, "category_locked")


def test_so_is_one_laid_by_the_ledger_alone(world: World) -> None:
    world.ledger(categories=[DUAL])
    assert field(world, "category", "card")["value"] == DUAL
    draft = begun(world, "change", "card")
    assert world.caller("card").get(f"/filings/{draft}")["content"]["category"] == DUAL
    assert world.submit(draft).refused(422, "nothing_changed")["errors"] == []


def test_never_yet_approved_it_is_free(world: World) -> None:
    state = world.caller().post("/forms/registration/state", {"content": {}}).ok(200)["fields"]["category"]
    assert (state["shade"], state["editable"]) == ("required", True)
    filing = world.draft()
    world.bring(filing, "rejected")
    world.caller().patch(f"/filings/{world.draft(category=BROKER)}", {"content": {"category": DUAL}}).ok(200)


# ── 注销, then 重新备案 ─────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.faq("1.5")
@pytest.mark.faq("1.10")
@pytest.mark.faq("2.18")
def test_the_way_is_to_deregister_and_to_file_anew(world: World) -> None:
    before = of(world)
    assert (before["standing"], before["categories"], before["capabilities"]) == (
        "normal",
        [DUAL],
        {"print_certificate": False},
    )
    world.begin("deregistration", ROLE, "password", reason="调整经营类别").refused(403, "card_login_required")
    through(world, "deregistration", reason="调整经营类别")
    gone = of(world)
    assert (gone["standing"], gone["standing_label"], gone["registered"]) == ("deregistered", "已注销", False)
    assert gone["capabilities"] == {"print_certificate": False}
    through(world, "registration", category=CONSIGNEE)
    now = of(world)
    assert (now["standing"], now["categories"], now["capabilities"]) == (
        "normal",
        [CONSIGNEE],
        {"print_certificate": True},
    )
    assert (now["uscc"], now["registered_on"]) == (before["uscc"], "2021-12-03")
    assert now["customs_code"] != before["customs_code"]
    assert now["inspection_number"] != before["inspection_number"]
    assert now["history"] == [
        {
            "registered_on": before["registered_on"],
            "valid_until": None,
            "deregistered_on": "2021-12-02",
            "categories": [DUAL],
            "customs_code": before["customs_code"],
        }
    ]


def test_not_before_the_deregistration_is_approved(world: World) -> None:
    ending = begun(world, "deregistration", reason="调整经营类别")
    anew = begun(world, "registration", **world.sheet(ROLE, category=CONSIGNEE))
    world.submit(anew, ROLE).refused(409, "already_registered_at_customs")
    world.submit(ending, ROLE).ok(200)
    assert world.submit(anew, ROLE).refused(409, "open_application_exists")["filing"] == ending
    world.act(ending, "advance", to="manual_review").ok(200)
    world.submit(anew, ROLE).refused(409, "open_application_exists")
    assert of(world)["standing"] == "normal"
    world.act(ending, "approve").ok(200)
    world.submit(anew, ROLE).ok(200)


def test_a_refused_deregistration_leaves_it_locked(world: World) -> None:
    through(world, "deregistration", scenario="reject", reason="调整经营类别")
    assert of(world)["standing"] == "normal"
    assert field(world, "category")["editable"] is False
    anew = begun(world, "registration", **world.sheet(ROLE, category=CONSIGNEE))
    world.submit(anew, ROLE).refused(409, "already_registered_at_customs")


def test_a_slow_deregistration_is_waited_for(world: World) -> None:
    ending = begun(world, "deregistration", reason="调整经营类别")
    world.submit(ending, ROLE, scenario="slow; days=11").ok(200)
    world.wait(days=10, hours=23)
    assert of(world)["standing"] == "normal"
    world.wait(hours=1)
    assert of(world)["standing"] == "deregistered"


def test_a_change_on_its_way_bars_the_deregistration_and_the_other_way_round(world: World) -> None:
    change, ending = world.change(), world.begin("deregistration", reason="停止经营").ok(201)["id"]
    world.submit(change).ok(200)
    assert world.submit(ending).refused(409, "open_application_exists")["filing"] == change
    world.act(change, "advance", to="rejected").ok(200)
    world.submit(ending).ok(200)
    assert world.submit(world.change()).refused(409, "open_application_exists")["filing"] == ending


def test_once_deregistered_there_is_nothing_to_change_or_deregister(world: World) -> None:
    change, ending = world.change(), world.begin("deregistration", reason="停止经营").ok(201)["id"]
    world.enter("deregistered")
    world.begin("change", remarks="变更").refused(409, "not_registered")
    world.begin("deregistration", reason="停止经营").refused(409, "not_registered")
    for draft in (change, ending):
        world.submit(draft).refused(409, "not_registered")
        world.caller("card", "card").delete(f"/filings/{draft}").ok(204)


def test_branches_go_first(world: World) -> None:
    ending = world.begin("deregistration", reason="停止经营").ok(201)["id"]
    (branch,) = world.enter("branches_registered")["enterprises"]
    refused = world.submit(ending).refused(409, "branches_not_deregistered")
    assert (refused["branches"], refused["provenance"]) == (1, "public")
    world.control.put(f"/ledgers/customs/{branch}", {"deregistered_on": "2021-12-01"}).ok(200)
    world.submit(ending).ok(200)


def test_a_deregistration_says_why(world: World) -> None:
    draft = world.begin("deregistration").ok(201)["id"]
    assert world.submit(draft).errors == {"/content/reason": "required"}
    world.caller("card", "card").patch(f"/filings/{draft}", {"content": {"reason": "停止经营"}}).ok(200)
    declared = world.submit(draft).ok(200)
    assert declared["content"] == {"reason": "停止经营", "remarks": None}
    (row,) = world.caller("card").get("/enquiries/filings?business_type=企业注销")["results"]
    assert (row["id"], row["kind_label"]) == (draft, "注销申请")


def test_again_and_again_every_closed_record_stays_in_the_history(world: World) -> None:
    for category in (CONSIGNEE, BROKER):
        through(world, "deregistration", reason="调整经营类别")
        through(world, "registration", category=category)
    now = of(world)
    assert now["categories"] == [BROKER]
    assert [row["categories"] for row in now["history"]] == [[DUAL], [CONSIGNEE]]
    codes = [now["customs_code"], *(row["customs_code"] for row in now["history"])]
    assert len(set(codes)) == 3
