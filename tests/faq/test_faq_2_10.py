"""FAQ 2.10: 与上级单位关系 is yellow, and `上级单位关系必填`.

问：……系统填制页面栏目为：与上级单位关系一栏显示为黄色底色，且出现提示：上级单位关系必填的提示，无法完成下一步操作。
答：正常情况下此项应为白色底色的选填项，用户可点击页面左上方的（删除）按钮，重新填制一个新的页面，新的页面将会显示该项为白色底色的选填项，用户即可继续操作。
"""

import pytest

from filings.models import Event
from tests.api.client import World

pytestmark = pytest.mark.faq("2.10")

WORDS = "上级单位关系必填"


@pytest.fixture
def defective(world: World) -> str:
    """A draft of `cardless` on whose page the field is yellow."""
    draft = world.draft()
    about = {"situation": "stale_form", "uscc": world.accounts["cardless"]["uscc"]}
    assert world.control.post("/situation", about).ok(200)["filings"] == [draft]
    return draft


def field(world: World, filing: str | None = None) -> dict:
    body = {"content": {}} if filing is None else {"content": {}, "filing": filing}
    return world.caller().post("/forms/registration/state", body).ok(200)["fields"]["parent_relation"]


def test_the_defective_draft_cannot_be_declared_and_says_so_in_the_very_words(defective: str, world: World) -> None:
    refused = world.declare(defective).refused(422, "parent_relation_required")
    assert (refused["detail"], refused["faq"], refused["provenance"]) == (WORDS, "2.10", "documented")
    assert refused.errors == {"/content/parent_relation": "parent_relation_required"}
    assert refused["errors"][0]["detail"] == WORDS
    assert "删除" in refused["remedy"]
    assert world.caller().get(f"/filings/{defective}")["status"] == "draft"


def test_the_form_is_yellow_for_that_draft_and_white_for_every_other(defective: str, world: World) -> None:
    assert {key: field(world, defective)[key] for key in ("shade", "required", "editable")} == {
        "shade": "required",
        "required": True,
        "editable": True,
    }
    for filing in (None, world.draft()):
        assert {key: field(world, filing)[key] for key in ("shade", "required", "value")} == {
            "shade": "optional",
            "required": False,
            "value": None,
        }


def test_deleted_and_filled_anew_it_declares_with_the_field_empty(defective: str, world: World) -> None:
    world.caller().delete(f"/filings/{defective}").ok(204)
    declared = world.declare(world.draft()).ok(200)
    assert declared["content"]["parent_relation"] is None


def test_a_copy_does_not_inherit_the_defect(defective: str, world: World) -> None:
    copied = world.caller().post(f"/filings/{defective}/copy").ok(201)
    assert (copied["copied_from"], copied["content"]["parent_relation"]) == (defective, None)
    assert field(world, copied["id"])["shade"] == "optional"
    world.declare(copied["id"]).ok(200)


def test_it_is_a_defect_of_the_page_and_not_a_rule_so_any_value_passes(defective: str, world: World) -> None:
    world.caller().patch(f"/filings/{defective}", {"content": {"parent_relation": "其他"}}).ok(200)
    world.declare(defective).ok(200)


def test_saving_and_reading_do_not_cure_it(defective: str, world: World) -> None:
    mine = world.caller()
    mine.patch(f"/filings/{defective}", {"content": {"remarks": "一"}}).ok(200)
    mine.get(f"/filings/{defective}").ok(200)
    world.declare(defective).refused(422, "parent_relation_required")
    world.wait(days=2)
    world.declare(defective).refused(422, "parent_relation_required")


def test_among_other_faults_it_is_one_of_all(defective: str, world: World) -> None:
    world.caller().patch(f"/filings/{defective}", {"content": {"name_en": None}}).ok(200)
    assert world.declare(defective).errors == {
        "/content/name_en": "required",
        "/content/parent_relation": "parent_relation_required",
    }


def test_the_deleted_draft_is_gone_from_every_list_and_kept_in_the_trail(defective: str, world: World) -> None:
    mine = world.caller()
    mine.delete(f"/filings/{defective}").ok(204)
    assert mine.get(f"/filings/{defective}").status == 404
    for path in ("/filings", "/enquiries/overview", "/enquiries/filings"):
        assert mine.get(path)["results"] == []
    kept = Event.objects.filter(sandbox__key=world.id, subject=defective).order_by("seq")
    assert [event.name for event in kept] == ["filing.created", "filing.deleted"]
    mine.delete(f"/filings/{defective}").refused(404, "not_found")


@pytest.mark.parametrize("status", ["declared", "sent", "stored", "manual_review", "approved", "rejected"])
def test_only_a_draft_can_be_deleted(status: str, world: World) -> None:
    filing = world.draft()
    world.bring(filing, status)
    refused = world.caller().delete(f"/filings/{filing}").refused(409, "illegal_transition")
    assert (refused["from"], refused["action"], refused["allowed"]) == (status, "delete", ["copy"])


def test_the_trainer_is_told_of_the_glitch_and_the_applicant_is_not(defective: str, world: World) -> None:
    assert world.control.get(f"/filings/{defective}/explain").ok(200)["glitches"] == [
        {"name": "stale_form", "faq": "2.10"}
    ]
    assert b"stale" not in world.caller().get(f"/filings/{defective}").body


def test_where_there_is_no_draft_the_situation_begins_one(world: World) -> None:
    (begun,) = world.control.post("/situation", {"situation": "stale_form"}).ok(200)["filings"]
    assert world.caller("card").get(f"/filings/{begun}").ok(200)["status"] == "draft"


def test_a_sandbox_can_be_opened_in_this_situation(db: None) -> None:
    world = World(situation="stale_form")
    (row,) = world.control.get("/filings").ok(200)["results"]
    assert world.control.get(f"/filings/{row['id']}/explain")["glitches"]
