"""FAQ 2.3: `当前用户不是企业用户，无法操作`.

问：企业申请海关企业注册登记时显示“ 当前用户不是企业用户，无法操作“应该如何操作？
答：企业注册单一窗口账户时应选择企业用户注册。
"""

import pytest

from filings.models import Filing
from filings.rules.numbers import uscc_complete
from tests.api.client import Caller, World, reference

pytestmark = pytest.mark.faq("2.3")

WORDS = "当前用户不是企业用户，无法操作"
NEW = uscc_complete("91440399MAMK0990")


def writes(world: World) -> list[tuple[str, str]]:
    draft, declared = world.draft(), world.declared()
    return [
        ("POST", "/filings"),
        ("PATCH", f"/filings/{draft}"),
        ("DELETE", f"/filings/{draft}"),
        ("POST", f"/filings/{draft}/declare"),
        ("POST", f"/filings/{declared}/copy"),
        ("POST", f"/filings/{draft}/attachments"),
        ("DELETE", f"/filings/{draft}/attachments/1"),
        ("POST", "/forms/registration/state"),
        ("POST", "/tickets"),
    ]


def test_a_personal_user_is_refused_every_write_in_the_very_words(world: World) -> None:
    attempts, before = writes(world), Filing.objects.count()
    for method, path in attempts:
        answer = (
            world.caller("personal")
            .call(method, path, {"kind": "registration", "content": reference()})
            .refused(403, "not_enterprise_user")
        )
        assert (answer["detail"], answer["faq"], answer["provenance"]) == (WORDS, "2.3", "documented")
        assert answer["remedy"] == "企业注册单一窗口账户时应选择企业用户注册"
        assert answer["errors"] == []
    assert Filing.objects.count() == before
    assert world.caller("personal").get("/filings")["results"] == []


@pytest.mark.parametrize("body", [{}, {"kind": "nothing"}, {"kind": "registration", "content": {"category": 1}}])
def test_it_comes_before_any_look_at_the_fields(body: dict, world: World) -> None:
    assert world.caller("personal").post("/filings", body).refused(403, "not_enterprise_user")["errors"] == []
    world.caller("personal").call("POST", "/filings", b"not even json").refused(403, "not_enterprise_user")


def test_an_enterprise_user_passes(world: World) -> None:
    world.caller().post("/filings", {"kind": "registration", "content": reference()}).ok(201)


def test_a_personal_user_may_read_all_help_and_who_he_is(world: World) -> None:
    personal = world.caller("personal")
    for path in (
        "/faq",
        "/faq/2.3",
        "/codes",
        "/forms",
        "/forms/registration",
        "/sessions/current",
        "/filings",
        "/enquiries/overview",
        "/receipts",
        "/tickets",
    ):
        personal.get(path).ok(200)
    assert personal.get("/sessions/current")["account"]["user_type"] == "personal"


def test_the_way_out_is_a_new_account_as_an_enterprise_user(world: World, anyone: Caller) -> None:
    world.caller("personal").post("/filings", {}).refused(403, "not_enterprise_user")
    account = {
        "sandbox": world.id,
        "username": "zhang",
        "password": "long enough",
        "user_type": "enterprise",
        "display_name": "深圳市新演练有限公司",
        "uscc": NEW,
    }
    assert anyone.post("/accounts", account).ok(201)["enterprise"] == {"uscc": NEW, "name_cn": "深圳市新演练有限公司"}
    token = anyone.post("/sessions", {"sandbox": world.id, "username": "zhang", "password": "long enough"}).ok(201)[
        "token"
    ]
    content = reference(uscc=NEW, name_cn="深圳市新演练有限公司")
    filing = anyone.post("/filings", {"kind": "registration", "content": content}, token).ok(201)["id"]
    assert anyone.post(f"/filings/{filing}/declare", token=token).ok(200)["status"] == "declared"


def test_one_person_may_hold_both_kinds_of_account(world: World, anyone: Caller) -> None:
    person = {"sandbox": world.id, "password": "long enough", "display_name": "张演练"}
    anyone.post("/accounts", {**person, "username": "zhang-1", "user_type": "personal"}).ok(201)
    anyone.post("/accounts", {**person, "username": "zhang-2", "user_type": "enterprise", "uscc": NEW}).ok(201)
    anyone.post("/accounts", {**person, "username": "zhang-2", "user_type": "personal"}).refused(409, "username_taken")
    anyone.post("/accounts", {**person, "username": "zhang-3", "user_type": "enterprise", "uscc": NEW}).refused(
        409, "enterprise_has_account"
    )


@pytest.mark.parametrize("uscc", [None, "", "91440399MAMK00013D", "x"])
def test_an_enterprise_user_needs_the_credit_code_of_an_enterprise(
    uscc: str | None, world: World, anyone: Caller
) -> None:
    account = {
        "sandbox": world.id,
        "username": "zhang",
        "password": "long enough",
        "user_type": "enterprise",
        "display_name": "张",
    }
    answer = anyone.post("/accounts", account if uscc is None else {**account, "uscc": uscc})
    assert (answer.status, set(answer.errors)) == (422, {"/uscc"})


def test_no_write_changes_what_kind_of_user_one_is(world: World, anyone: Caller) -> None:
    personal = world.caller("personal")
    for method in ("PATCH", "PUT", "POST"):
        personal.call(method, "/sessions/current", {"user_type": "enterprise"}).refused(405, "method_not_allowed")
    who = world.accounts["personal"]
    body = {"sandbox": world.id, "username": who["username"], "password": who["password"], "user_type": "enterprise"}
    assert anyone.post("/sessions", body).errors == {"/user_type": "unknown_field"}
    assert personal.get("/sessions/current")["account"]["user_type"] == "personal"
