"""FAQ 2.9: `商务部申报失败：您要修改的信息再经营者备案系统查询不到，请核查！`

答：首先请用户联系商务部确认企业信息是否正常，若商务部数据不是最新，请商务部工作人员协助更新或在商务部统一服务平台进行业务办理。
"""

import threading

import pytest
from django.db import connection

from filings.models import Event, Filing, MofcomRecord
from tests.api.client import Answer, Caller, World, http

pytestmark = pytest.mark.faq("2.9")

WORDS = "商务部申报失败：您要修改的信息再经营者备案系统查询不到，请核查！"
"""With 再, not 在: clients may match it. `mofcom_record_not_found` is the stable handle."""

REMEDY = "首先请用户联系商务部确认企业信息是否正常，若商务部数据不是最新，请商务部工作人员协助更新或在商务部统一服务平台进行业务办理"
CHANGE = {
    "name_en": "HAINA TRAINING TRADE CO., LTD.",
    "address_cn": "广东省深圳市福田区福中三路1008号",
    "registered_capital": "800.00",
}
BOOK = "/ledgers/mofcom/{}"


def draft(world: World, role: str = "card", **content: str | None) -> str:
    body = {"kind": "mofcom_change", "content": {**CHANGE, **content}}
    identifier: str = world.caller(role).post("/filings", body).ok(201)["id"]
    return identifier


def declare(world: World, filing: str, role: str = "card", **headers: str) -> Answer:
    return world.caller(role).post(f"/filings/{filing}/declare", **headers)


def book(world: World, role: str = "card") -> str:
    return BOOK.format(world.accounts[role]["uscc"])


def force(world: World, situation: str, role: str = "card") -> None:
    world.control.post("/situation", {"situation": situation, "uscc": world.accounts[role]["uscc"]}).ok(200)


def ask(world: World, desk: str, filing: str, topic: str = "record_update", role: str = "card") -> tuple[str, str]:
    """What a desk answers."""
    mine = world.caller(role)
    ticket = mine.post("/tickets", {"desk": desk, "topic": topic, "filing": filing}).ok(201)["id"]
    world.wait(minutes=30)
    told = mine.get(f"/tickets/{ticket}").ok(200)
    return told["outcome"], told["answer"]


@pytest.mark.parametrize("situation", ["mofcom_record_missing", "mofcom_record_stale"])
def test_what_commerce_does_not_have_as_it_should_is_not_found_in_the_very_words(situation: str, world: World) -> None:
    filing = draft(world)
    force(world, situation)
    before = world.caller("card").get(f"/filings/{filing}").json
    refused = declare(world, filing).refused(422, "mofcom_record_not_found")
    assert (refused["detail"], refused["faq"], refused["provenance"], refused["remedy"]) == (
        WORDS,
        "2.9",
        "documented",
        REMEDY,
    )
    assert refused["errors"] == []
    assert world.caller("card").get(f"/filings/{filing}").json == before
    assert before["status"] == "draft"


@pytest.mark.parametrize("situation", ["mofcom_record_missing", "mofcom_record_stale"])
def test_commerce_is_asked_brings_its_data_up_to_date_and_the_declaration_is_accepted(
    situation: str, world: World
) -> None:
    force(world, situation)
    filing = draft(world)
    declare(world, filing).refused(422, "mofcom_record_not_found")
    assert ask(world, "mofcom", filing)[0] == "record_updated"
    assert world.control.get(book(world)).ok(200)["state"] == "current"
    assert declare(world, filing).ok(200)["status"] == "declared"


def test_before_the_answer_comes_nothing_has_changed(world: World) -> None:
    force(world, "mofcom_record_stale")
    filing = draft(world)
    asked = {"desk": "mofcom", "topic": "record_update", "filing": filing}
    first = world.caller("card").post("/tickets", asked).ok(201)["id"]
    assert world.caller("card").post("/tickets", asked).refused(409, "duplicate_ticket")["ticket"] == first
    world.wait(minutes=29)
    declare(world, filing).refused(422, "mofcom_record_not_found")
    world.wait(minutes=1)
    declare(world, filing).ok(200)


def test_where_the_record_is_in_order_commerce_says_so(world: World) -> None:
    outcome, answer = ask(world, "mofcom", draft(world))
    assert outcome == "in_order"
    assert "数据正常" in answer


@pytest.mark.parametrize("desk", ["customs", "platform"])
def test_contacting_anybody_else_about_it_does_not_help(desk: str, world: World) -> None:
    force(world, "mofcom_record_missing")
    filing = draft(world)
    outcome, answer = ask(world, desk, filing)
    assert (outcome, answer) == ("other_desk", "经营者备案信息请联系商务部门")
    declare(world, filing).refused(422, "mofcom_record_not_found")
    world.control.get(book(world)).refused(404, "not_found")


def test_editing_ones_own_data_until_it_passes_does_not_help(world: World) -> None:
    force(world, "mofcom_record_stale")
    filing, mine = draft(world), world.caller("card")
    for name in ("甲", "乙", "丙"):
        mine.patch(f"/filings/{filing}", {"content": {"name_cn": name}}).ok(200)
        declare(world, filing).refused(422, "mofcom_record_not_found")


def test_data_in_order_that_are_still_not_found_are_the_single_windows_to_mend(world: World) -> None:
    force(world, "mofcom_lookup_fails")
    filing = draft(world)
    declare(world, filing).refused(422, "mofcom_record_not_found")
    assert world.control.get(book(world)).ok(200)["state"] == "current"
    assert ask(world, "mofcom", filing)[0] == "in_order"
    declare(world, filing).refused(422, "mofcom_record_not_found")
    assert ask(world, "platform", filing)[0] == "lookup_mended"
    declare(world, filing).ok(200)


def test_the_faults_of_a_sheet_are_told_before_commerce_is_asked(world: World) -> None:
    force(world, "mofcom_record_missing")
    refused = declare(world, draft(world, name_en="HAINA，LTD．"))
    assert refused.errors == {"/content/name_en": "full_width_punctuation"}
    empty = world.caller("card").post("/filings", {"kind": "mofcom_change", "content": {"remarks": "无"}}).ok(201)["id"]
    assert declare(world, empty).errors == {"/content/name_cn": "nothing_changed"}


@pytest.mark.parametrize("role", ["cardless", "card", "category:01000000"])
@pytest.mark.faq("1.5")
def test_it_needs_no_card_only_an_enterprise_user(role: str, world: World) -> None:
    assert declare(world, draft(world, role), role).ok(200)["status"] == "declared"


def test_a_personal_user_is_refused_first(world: World) -> None:
    refused = world.caller("personal").post("/filings", {"kind": "mofcom_change"}).refused(403, "not_enterprise_user")
    assert refused["detail"] == "当前用户不是企业用户，无法操作"


def test_approved_it_stands_in_the_commerce_ledger_and_not_in_that_of_customs(world: World) -> None:
    customs = f"/ledgers/customs/{world.accounts['card']['uscc']}"
    before, shown = world.control.get(customs).ok(200).json, world.caller("card").get("/enterprise").json
    had = world.control.get(book(world)).ok(200).json
    filing = draft(world)
    declare(world, filing, X_Sim_Scenario="approve").ok(200)
    world.advance(until="idle")
    told = world.caller("card").get(f"/filings/{filing}").ok(200)
    assert (told["status"], told["status_label"]) == ("approved", "审批通过")
    assert world.control.get(book(world)).ok(200).json == {**had, **CHANGE, "updated_on": "2021-12-02"}
    assert world.control.get(customs).ok(200).json == before
    assert world.caller("card").get("/enterprise").json == shown


def test_its_way_is_short_and_the_commerce_authorities_decide(world: World) -> None:
    filing = draft(world)
    declare(world, filing, X_Sim_Scenario="approve").ok(200)
    world.advance(until="idle")
    steps = world.caller("card").get(f"/filings/{filing}/timeline").ok(200)["results"]
    assert [(step["to"], step["by"]) for step in steps] == [
        ("draft", "申请人"),
        ("declared", "申请人"),
        ("approved", "商务部门"),
    ]
    receipts = world.caller("card").get(f"/filings/{filing}/receipts").ok(200)["results"]
    assert [(row["status"], "reason" in row) for row in receipts] == [("approved", False)]


def test_rejected_it_changes_nothing_and_commerce_tells_why(world: World) -> None:
    had = world.control.get(book(world)).ok(200).json
    filing = draft(world)
    declare(world, filing, X_Sim_Scenario="reject").ok(200)
    world.advance(until="idle")
    assert world.caller("card").get(f"/filings/{filing}").ok(200)["status"] == "rejected"
    assert world.control.get(book(world)).ok(200).json == had
    assert ask(world, "customs", filing, "reason") == ("other_desk", "审批不通过原因请联系商务部门咨询")
    assert ask(world, "mofcom", filing, "reason") == ("told", "变更内容与营业执照登记的信息不一致")
    again = world.caller("card").post(f"/filings/{filing}/copy").ok(201)
    assert (again["kind"], again["copied_from"], again["content"]["name_en"]) == (
        "mofcom_change",
        filing,
        CHANGE["name_en"],
    )


def test_it_is_found_under_a_business_type_of_its_own_and_in_the_overview(world: World) -> None:
    filing, mine = draft(world), world.caller("card")
    for name in ("企业注册登记", "企业变更", "企业注销"):
        assert mine.get(f"/enquiries/filings?business_type={name}").ok(200)["results"] == []
    for path in ("/enquiries/filings?business_type=商务部变更", "/enquiries/overview"):
        (row,) = mine.get(path).ok(200)["results"]
        assert (row["id"], row["kind_label"], row["status_label"]) == (filing, "商务部变更申请", "暂存")


def test_an_enterprise_declares_one_filing_at_a_time_of_whatever_kind(world: World) -> None:
    """One declared, undecided filing per enterprise."""
    first, second = draft(world, "cardless"), draft(world, "cardless")
    declare(world, first, "cardless", X_Sim_Scenario="by_hand").ok(200)
    assert declare(world, second, "cardless").refused(409, "open_application_exists")["filing"] == first
    assert world.declare().refused(409, "open_application_exists")["filing"] == first
    world.act(first, "approve").ok(200)
    declare(world, second, "cardless").ok(200)


def test_an_agent_files_under_its_mandate(world: World) -> None:
    agent, principal = world.caller("agent"), world.accounts["cardless"]["uscc"]
    body = {"kind": "mofcom_change", "filing_mode": "agent", "principal": principal, "content": CHANGE}
    filing = agent.post("/filings", body).ok(201)["id"]
    force(world, "mofcom_record_missing", "cardless")
    agent.post(f"/filings/{filing}/declare").refused(422, "mofcom_record_not_found")
    world.control.put(BOOK.format(principal), {}).ok(200)
    agent.post(f"/filings/{filing}/declare", X_Sim_Scenario="approve").ok(200)
    world.advance(until="idle")
    assert world.control.get(BOOK.format(principal)).ok(200)["name_en"] == CHANGE["name_en"]


def by_agent(world: World) -> str:
    """A draft the agent has begun for `cardless`."""
    body = {
        "kind": "mofcom_change",
        "filing_mode": "agent",
        "principal": world.accounts["cardless"]["uscc"],
        "content": CHANGE,
    }
    identifier: str = world.caller("agent").post("/filings", body).ok(201)["id"]
    return identifier


@pytest.mark.faq("1.7")
@pytest.mark.parametrize(
    ("situation", "desk", "outcome"),
    [
        ("mofcom_record_missing", "mofcom", "record_updated"),
        ("mofcom_record_stale", "mofcom", "record_updated"),
        ("mofcom_lookup_fails", "platform", "lookup_mended"),
    ],
)
def test_an_agent_who_names_the_filing_is_answered_about_its_principal(
    situation: str, desk: str, outcome: str, world: World
) -> None:
    force(world, situation, "cardless")
    had = world.control.get(book(world, "agent")).ok(200).json
    filing = by_agent(world)
    declare(world, filing, "agent").refused(422, "mofcom_record_not_found")
    assert ask(world, desk, filing, role="agent")[0] == outcome
    declare(world, filing, "agent").ok(200)
    assert world.control.get(book(world, "agent")).ok(200).json == had


@pytest.mark.faq("1.7")
def test_without_its_mandate_an_agent_moves_nothing_of_its_principals(world: World) -> None:
    force(world, "mofcom_record_missing", "cardless")
    filing = by_agent(world)
    force(world, "mandate_expired", "cardless")
    assert ask(world, "mofcom", filing, role="agent")[0] == "no_mandate"
    world.control.get(book(world, "cardless")).refused(404, "not_found")


def test_long_without_a_decision_commerce_is_to_be_contacted(world: World) -> None:
    filing, mine = draft(world), world.caller("card")
    declare(world, filing, X_Sim_Scenario="stuck").ok(200)
    world.wait(hours=25)
    told = mine.get(f"/filings/{filing}").ok(200)
    assert (told["status"], told["stage"]) == ("declared", "in_transit")
    assert told["advice"] == {"code": "contact_mofcom", "text": "请您联系商务部门", "contact": "商务部门"}
    assert ask(world, "platform", filing, "status")[0] == "other_desk"
    assert ask(world, "mofcom", filing, "status")[0] == "urged"
    world.advance(until="idle")
    assert mine.get(f"/filings/{filing}")["status"] == "approved"


@pytest.mark.django_db(transaction=True)
def test_of_several_declarations_at_once_exactly_one_is_accepted(db: None) -> None:
    world = World()
    filing, token = draft(world), world.accounts["card"]["token"]
    http()  # made before the threads, not by them
    begin, answers = threading.Barrier(4), []

    def declare_too() -> None:
        begin.wait()
        try:
            answers.append(Caller(token=token).post(f"/filings/{filing}/declare", X_Sim_Scenario="by_hand"))
        finally:
            connection.close()

    threads = [threading.Thread(target=declare_too) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answer.status for answer in answers) == [200, 409, 409, 409]
    assert {answer["code"] for answer in answers if answer.status == 409} == {"illegal_transition"}
    assert Event.objects.filter(subject=filing, name="filing.declared").count() == 1
    assert Filing.objects.get(public_id=filing).status == "declared"


# ── the ledger under control ──────────────────────────────────────────────────────────────────────────────────────


def test_every_enterprise_of_the_standard_world_is_on_record_with_commerce(world: World) -> None:
    for enterprise in world.opened["enterprises"]:
        told = world.control.get(BOOK.format(enterprise["uscc"])).ok(200)
        assert (told["state"], told["name_cn"]) == ("current", enterprise["name_cn"])
    assert MofcomRecord.objects.filter(sandbox__key=world.id).count() == len(world.opened["enterprises"])


def test_named_facts_are_laid_over_the_record_and_the_others_stay(world: World) -> None:
    had = world.control.get(book(world)).ok(200).json
    laid = (
        world.control.put(book(world), {"state": "stale", "name_en": "OLD NAME", "registered_capital": None})
        .ok(200)
        .json
    )
    assert laid == {**had, "state": "stale", "name_en": "OLD NAME", "registered_capital": None}
    declare(world, draft(world)).refused(422, "mofcom_record_not_found")
    world.control.put(book(world), {"state": "current", "updated_on": "2021-11-30"}).ok(200)
    declare(world, draft(world)).ok(200)


def test_a_record_is_made_where_there_is_none_current_and_of_today(world: World) -> None:
    force(world, "mofcom_record_missing")
    made = world.control.put(book(world), {"name_cn": "深圳市海纳演练进出口有限公司"}).ok(200)
    assert (made["state"], made["updated_on"], made["name_en"]) == ("current", "2021-12-01", None)


@pytest.mark.parametrize(
    ("facts", "pointer"),
    [({"state": "none"}, "/state"), ({"updated_on": "soon"}, "/updated_on"), ({"categories": []}, "/categories")],
)
def test_a_fact_that_cannot_be_is_refused_and_nothing_is_laid(facts: dict, pointer: str, world: World) -> None:
    had = world.control.get(book(world)).ok(200).json
    assert pointer in world.control.put(book(world), {**facts, "name_en": "X"}).ok(422).errors
    assert world.control.get(book(world)).ok(200).json == had


@pytest.mark.parametrize("state", ["draft", "declared", "approved", "rejected"])
def test_a_fixture_lands_there_by_legal_steps_whatever_commerce_had(state: str, world: World) -> None:
    force(world, "mofcom_record_missing")
    wanted = {"kind": "mofcom_change", "state": state, "uscc": world.accounts["card"]["uscc"]}
    assert world.control.post("/fixtures/filing", wanted).ok(201)["status"] == state
