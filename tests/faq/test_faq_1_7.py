"""FAQ 1.7: can one enterprise file for another?

问：单一窗口是否具备企业代办备案功能？
答：具备代办备案功能，目前单一窗口企业资质模块已经可以进行代办备案业务了。进入对应的注册备案模块后，选择“代理”即可。
"""

from typing import Any

import pytest

from filings.models import Event, Filing, Mandate
from tests.api.client import Answer, Caller, World

pytestmark = pytest.mark.faq("1.7")


def body(world: World, principal: str = "cardless", kind: str = "registration", **more: Any) -> dict[str, Any]:
    content = world.sheet(principal) if kind == "registration" else {"remarks": "代办"}
    return {"kind": kind, "filing_mode": "agent", "principal": world.uscc(principal), "content": content, **more}


def drafted(world: World, **more: Any) -> str:
    draft: str = world.caller("agent", "card").post("/filings", body(world, **more)).ok(201)["id"]
    return draft


def give(world: World, principal: str = "card", **more: Any) -> Answer:
    return world.caller(principal).post("/mandates", {"agent": world.uscc("agent"), **more}).ok(201)


def mandate_of(world: World) -> str:
    (mandate,) = world.caller().get("/mandates").ok(200)["results"]
    identifier: str = mandate["id"]
    return identifier


# ── filing for another ────────────────────────────────────────────────────────────────────────────────────────────


def test_an_agent_under_a_mandate_files_and_both_are_named(world: World) -> None:
    filing = world.caller("agent", "card").post("/filings", body(world)).ok(201)
    assert (filing["filing_mode"], filing["enterprise"]["uscc"]) == ("agent", world.uscc("cardless"))
    assert filing["agent"]["uscc"] == world.uscc("agent")
    declared = world.submit(filing["id"], "agent").ok(200)
    message = world.caller().get(f"/filings/{filing['id']}/transmitted").ok(200)["message"]
    assert (message["filing_mode"], message["agent"]["uscc"]) == ("agent", world.uscc("agent"))
    assert declared["content"]["uscc"] == world.uscc("cardless")
    event = Event.objects.get(sandbox__key=world.id, name="filing.declared")
    assert (event.actor, event.uscc, event.data["filing_mode"]) == ("agent", world.uscc("cardless"), "agent")


def test_both_see_it_and_each_in_its_lists(world: World) -> None:
    filing = drafted(world)
    for role in ("agent", "cardless"):
        for path in ("/filings", "/enquiries/overview", "/enquiries/filings"):
            assert [row["id"] for row in world.caller(role).get(path)["results"]] == [filing]


@pytest.mark.parametrize("kind", ["registration", "change", "deregistration"])
@pytest.mark.parametrize("uscc", ["card", "91440399MAMK99999X", "x"])
def test_without_a_mandate_an_agent_is_refused_in_one_way_whether_the_principal_exists_or_not(
    uscc: str, kind: str, world: World
) -> None:
    principal = world.uscc("card") if uscc == "card" else uscc
    content = {"kind": kind, "filing_mode": "agent", "principal": principal, "content": {"nonsense": 1}}
    refused = world.caller("agent", "card").post("/filings", content, X_Request_Id="r").refused(403, "mandate_required")
    assert (refused.errors, refused["faq"]) == ({"/principal": "mandate_required"}, "1.7")
    unknown = world.caller("agent", "card").post("/filings", {**content, "principal": "nobody"}, X_Request_Id="r")
    assert refused.body == unknown.body


@pytest.mark.parametrize("written", ["{}", "  {} ", "full width", "lower case"])
def test_the_principal_is_read_however_it_is_typed(written: str, world: World) -> None:
    uscc = world.uscc("cardless")
    wide = "".join(chr(ord(char) + 0xFEE0) for char in uscc)
    typed = {"full width": wide, "lower case": uscc.lower()}.get(written, written.format(uscc))
    filing = world.caller("agent").post("/filings", {**body(world), "principal": typed}).ok(201)
    assert filing["enterprise"]["uscc"] == uscc


def test_for_itself_an_enterprise_chooses_self(world: World) -> None:
    refused = world.caller("agent").post("/filings", {**body(world), "principal": world.uscc("agent")})
    assert refused.refused(422, "agent_is_principal")["remedy"] == "把申请方式改为自理"


@pytest.mark.parametrize(
    ("wanted", "errors"),
    [
        ({"filing_mode": "agent"}, {"/principal": "required"}),
        ({"filing_mode": "agent", "principal": None}, {"/principal": "required"}),
        ({"filing_mode": "self", "principal": "91440399MAMK00013C"}, {"/principal": "not_allowed"}),
        ({"principal": "91440399MAMK00013C"}, {"/principal": "not_allowed"}),
        ({"filing_mode": "代理", "principal": "91440399MAMK00013C"}, {"/filing_mode": "unknown_code"}),
    ],
)
def test_mode_and_principal_belong_together(wanted: dict, errors: dict, world: World) -> None:
    refused = world.caller("agent").post("/filings", {"kind": "registration", "content": {}, **wanted})
    assert (refused.status, refused.errors) == (422, errors)


@pytest.mark.parametrize("declared", [False, True])
def test_the_mode_of_a_filing_is_settled_when_it_is_made(declared: bool, world: World) -> None:
    filing = world.declared() if declared else world.draft()
    refused = world.caller().patch(
        f"/filings/{filing}", {"content": {}, "filing_mode": "agent", "principal": world.uscc("card")}
    )
    assert refused.status == (409 if declared else 422)
    assert world.caller().get(f"/filings/{filing}")["filing_mode"] == "self"


def test_a_deregistered_principal_has_nothing_to_change(world: World) -> None:
    give(world)
    world.ledger(deregistered_on="2021-11-01")
    world.caller("agent", "card").post("/filings", body(world, "card", "change")).refused(409, "not_registered")


def test_an_agent_reads_nothing_else_of_its_principal(world: World) -> None:
    drafted(world)
    own = world.draft()
    agent = world.caller("agent", "card")
    for path in ("", "/timeline", "/receipts", "/transmitted", "/attachments"):
        agent.get(f"/filings/{own}{path}").refused(404, "not_found")
    agent.patch(f"/filings/{own}", {"content": {}}).refused(404, "not_found")
    agent.post(f"/filings/{own}/declare").refused(404, "not_found")
    agent.post(f"/filings/{own}/copy").refused(404, "not_found")
    agent.delete(f"/filings/{own}").refused(404, "not_found")
    assert agent.get("/enterprise")["uscc"] == world.uscc("agent")
    agent.post("/forms/registration/state", {"content": {}, "filing": own}).refused(404, "not_found")


# ── the mandate over time ─────────────────────────────────────────────────────────────────────────────────────────


def test_a_mandate_is_read_by_its_two_parties_each_in_its_role(world: World) -> None:
    given = give(world, valid_to="2022-06-30")
    assert (given["role"], given["status"], given["status_label"], given["valid_to"]) == (
        "principal",
        "active",
        "有效",
        "2022-06-30",
    )
    assert given.headers["Location"] == f"/api/v1/mandates/{given['id']}"
    held = {row["id"]: row for row in world.caller("agent").get("/mandates").ok(200)["results"]}
    assert (held[given["id"]]["role"], held[given["id"]]["principal"]["uscc"]) == ("agent", world.uscc("card"))
    assert given["id"] not in world.caller("cardless").get("/mandates").body.decode()


@pytest.mark.parametrize(
    ("moment", "stands"),
    [
        ("2021-12-31T23:59:59+08:00", True),
        ("2022-01-01T00:00:00+08:00", False),
        ("2021-12-31T15:59:59Z", True),
        ("2021-12-31T16:00:00Z", False),
    ],
)
def test_it_stands_through_its_last_day_in_shenzhen(moment: str, stands: bool, world: World) -> None:
    given, agent = give(world, valid_to="2021-12-31"), world.caller("agent", "card")
    draft = drafted(world, principal="card", kind="change")
    world.advance(to=moment)
    (row,) = [row for row in agent.get("/mandates")["results"] if row["id"] == given["id"]]
    assert (row["status"], row["status_label"]) == (("active", "有效") if stands else ("expired", "已到期"))
    assert agent.post("/filings", body(world, "card", "change")).status == (201 if stands else 403)
    assert agent.patch(f"/filings/{draft}", {"content": {"remarks": "又"}}).status == (200 if stands else 403)
    assert world.submit(draft, "agent").status == (200 if stands else 403)


def test_one_that_ran_out_before_the_declaration_leaves_the_draft(world: World) -> None:
    world.enter("mandate_expired")
    (row,) = world.caller("agent").get("/filings")["results"]
    refused = world.submit(row["id"], "agent").refused(403, "mandate_required")
    assert (refused["faq"], refused["provenance"]) == ("1.7", "ours")
    kept = world.caller("agent").get(f"/filings/{row['id']}").ok(200)
    assert (kept["status"], kept["version"]) == ("draft", row["version"])
    assert Event.objects.filter(sandbox__key=world.id, name="refused", data__code="mandate_required").exists()


def test_given_anew_the_draft_goes_its_way(world: World) -> None:
    draft = world.enter("mandate_expired")["filings"][0]
    world.caller().post("/mandates", {"agent": world.uscc("agent")}).ok(201)
    assert world.submit(draft, "agent").ok(200)["status"] == "declared"
    statuses = [row["status"] for row in world.caller().get("/mandates")["results"]]
    assert statuses == ["active", "expired"]


def test_while_one_stands_there_is_no_second(world: World) -> None:
    first = mandate_of(world)
    refused = world.caller().post("/mandates", {"agent": world.uscc("agent")}).refused(409, "mandate_exists")
    assert refused["mandate"] == first
    world.caller().delete(f"/mandates/{first}").ok(204)
    second = world.caller().post("/mandates", {"agent": world.uscc("agent")}).ok(201)["id"]
    assert [(row["id"], row["status"]) for row in world.caller().get("/mandates")["results"]] == [
        (second, "active"),
        (first, "revoked"),
    ]


@pytest.mark.parametrize("who", ["cardless", "agent"])
def test_either_party_revokes_it_and_again_is_the_same(who: str, world: World) -> None:
    mandate = mandate_of(world)
    for _ in range(2):
        world.caller(who).delete(f"/mandates/{mandate}").ok(204)
    (row,) = world.caller().get("/mandates")["results"]
    assert (row["status"], row["status_label"], row["revoked_at"]) == ("revoked", "已撤销", "2021-12-01T09:00:00+08:00")
    event = Event.objects.get(sandbox__key=world.id, name="mandate.revoked")
    assert (event.actor, event.data) == (who, {"agent": world.uscc("agent"), "principal": world.uscc("cardless")})
    world.caller("agent").post("/filings", body(world)).refused(403, "mandate_required")


@pytest.mark.parametrize("who", ["card", "personal", "category:01000000"])
def test_nobody_else_revokes_it_or_knows_of_it(who: str, world: World) -> None:
    refused = world.caller(who).delete(f"/mandates/{mandate_of(world)}")
    refused.refused(*((403, "not_enterprise_user") if who == "personal" else (404, "not_found")))
    assert Mandate.objects.get(sandbox__key=world.id).revoked_at is None


def test_revoked_in_flight_customs_goes_on(world: World) -> None:
    filing = world.enter("mandate_revoked")["filings"][0]
    world.advance(until="idle")
    assert world.caller("agent").get(f"/filings/{filing}")["status"] == "approved"
    assert world.caller().get("/enterprise")["standing"] == "normal"


def test_revoked_between_draft_and_declaration_it_is_refused_before_the_fields(world: World) -> None:
    draft = drafted(world)
    world.caller("agent").patch(f"/filings/{draft}", {"content": {"address_cn": None}}).ok(200)
    world.caller().delete(f"/mandates/{mandate_of(world)}").ok(204)
    assert world.submit(draft, "agent").refused(403, "mandate_required")["errors"] == []
    world.caller("agent").patch(f"/filings/{draft}", {"content": {"nonsense": 1}}).refused(403, "mandate_required")
    world.caller("agent").delete(f"/filings/{draft}").ok(204)


def test_without_its_mandate_the_agent_is_told_nothing_more_of_its_principals_record(world: World) -> None:
    given = give(world)
    draft, agent = drafted(world, principal="card", kind="change"), world.caller("agent", "card")
    assert agent.get(f"/filings/{draft}")["content"]["address_cn"]
    world.caller("card").delete(f"/mandates/{given['id']}").ok(204)
    content = agent.get(f"/filings/{draft}").ok(200)["content"]
    assert (content["remarks"], content["address_cn"], content["customs_code"], content["investors"]) == (
        None,
        None,
        None,
        [],
    )
    assert agent.get("/filings")["results"][0]["content"] == content
    assert world.caller("card").get(f"/filings/{draft}")["content"]["address_cn"]


CANARY = "金丝雀演练"
"""Stands in the draft, and nowhere else."""


def said(content: Any) -> list[Any]:
    """Everything a content says, its groups' members one by one."""
    return [leaf for one in content.values() for leaf in said(one)] if isinstance(content, dict) else [content]


@pytest.fixture
def lapsed(world: World) -> str:
    """An agent's draft with a file, whose mandate was revoked since."""
    draft = drafted(world)
    agent = world.caller("agent", "card")
    agent.patch(f"/filings/{draft}", {"content": {"remarks": CANARY, "address_en": None}}).ok(200)
    agent.upload(draft, filename=f"{CANARY}.pdf").ok(201)
    world.caller().delete(f"/mandates/{mandate_of(world)}").ok(204)
    return draft


def test_without_its_mandate_the_draft_says_so_and_its_content_is_told_no_longer(lapsed: str, world: World) -> None:
    agent = world.caller("agent", "card")
    read = agent.get(f"/filings/{lapsed}").ok(200)
    (listed,) = agent.get("/filings").ok(200)["results"]
    assert listed == read.json
    assert [(one["pointer"], one["code"], one["faq"]) for one in read["warnings"]] == [
        ("/content", "mandate_required", "1.7")
    ]
    assert {str(one) for one in said(read["content"])} <= {"None", "[]"}
    assert (read["status"], read["enterprise"]["uscc"], read["filing_mode"]) == (
        "draft",
        world.uscc("cardless"),
        "agent",
    )
    for path in (f"/filings/{lapsed}/timeline", "/enquiries/overview", "/enquiries/filings", "/receipts"):
        assert CANARY not in agent.get(path).ok(200).body.decode()
    agent.get(f"/filings/{lapsed}/transmitted").refused(409, "not_declared")


def test_nor_by_any_other_way(lapsed: str, world: World) -> None:
    agent = world.caller("agent", "card")
    ways = {
        "its files": agent.get(f"/filings/{lapsed}/attachments"),
        "a file": agent.get(f"/filings/{lapsed}/attachments/1"),
        "its print": agent.get(f"/filings/{lapsed}/record-form.pdf"),
        "its state": agent.post("/forms/registration/state", {"content": {}, "filing": lapsed}),
        "a save": agent.patch(f"/filings/{lapsed}", {"content": {}}),
        "a save that is wrong": agent.patch(f"/filings/{lapsed}", {"content": {"address_cn": None}, "x": 1}),
        "a new file": agent.upload(lapsed),
        "a file taken off": agent.delete(f"/filings/{lapsed}/attachments/1"),
        "a copy": agent.post(f"/filings/{lapsed}/copy"),
        "a declaration": agent.post(f"/filings/{lapsed}/declare"),
    }
    for way, answer in ways.items():
        assert (answer.refused(403, "mandate_required")["errors"], CANARY in answer.body.decode()) == ([], False), way
    agent.delete(f"/filings/{lapsed}").ok(204)


def test_to_the_principal_and_under_a_new_mandate_it_is_told_as_before(lapsed: str, world: World) -> None:
    principal, agent = world.caller(), world.caller("agent", "card")
    assert principal.get(f"/filings/{lapsed}")["content"]["remarks"] == CANARY
    principal.get(f"/filings/{lapsed}/attachments/1").ok(200)
    principal.post("/mandates", {"agent": world.uscc("agent")}).ok(201)
    read = agent.get(f"/filings/{lapsed}").ok(200)
    assert (read["content"]["remarks"], [one["code"] for one in read["warnings"]]) == (CANARY, ["record_form_missing"])
    agent.get(f"/filings/{lapsed}/attachments/1").ok(200)
    agent.get(f"/filings/{lapsed}/record-form.pdf").ok(200)


def test_what_was_declared_under_it_stays_the_agents_to_follow(world: World) -> None:
    draft = drafted(world)
    agent = world.caller("agent", "card")
    agent.patch(f"/filings/{draft}", {"content": {"remarks": CANARY}}).ok(200)
    agent.upload(draft).ok(201)
    world.submit(draft, "agent").ok(200)
    world.caller().delete(f"/mandates/{mandate_of(world)}").ok(204)
    assert agent.get(f"/filings/{draft}").ok(200)["content"]["remarks"] == CANARY
    assert agent.get(f"/filings/{draft}/transmitted").ok(200)["message"]["content"]["remarks"] == CANARY
    for path in ("/timeline", "/receipts", "/attachments", "/attachments/1", "/record-form.pdf"):
        agent.get(f"/filings/{draft}{path}").ok(200)
    world.act(draft, "advance", to="approved").ok(200)
    read = agent.get(f"/filings/{draft}").ok(200)
    assert (read["status"], read["content"]["remarks"], read["content"]["customs_code"]) == ("approved", CANARY, None)


@pytest.mark.parametrize(
    ("wanted", "status", "code"),
    [
        ({"agent": "91440399MAMK99999X"}, 404, "agent_not_found"),
        ({"agent": "own"}, 422, "agent_is_principal"),
        ({"agent": "agent", "valid_to": "2021-11-30"}, 422, "in_the_past"),
        ({"agent": "agent", "valid_to": "2022-02-30"}, 422, "invalid"),
        ({"agent": "agent", "valid_to": "2022-6-1"}, 422, "invalid"),
        ({}, 422, "required"),
        ({"agent": "agent", "principal": "x"}, 422, "unknown_field"),
    ],
)
def test_a_mandate_is_given_to_a_known_other_for_days_to_come(
    wanted: dict, status: int, code: str, world: World
) -> None:
    names = {"own": world.uscc("card"), "agent": world.uscc("agent")}
    sent = {**wanted, **({"agent": names.get(wanted["agent"], wanted["agent"])} if "agent" in wanted else {})}
    refused = world.caller("card").post("/mandates", sent)
    assert refused.status == status
    assert code in (refused["code"], *refused.errors.values())
    assert Mandate.objects.filter(sandbox__key=world.id).count() == 1


def test_today_is_a_day_to_come(world: World) -> None:
    assert give(world, valid_to="2021-12-01")["status"] == "active"


def test_a_personal_user_gives_none(world: World) -> None:
    world.caller("personal").post("/mandates", {"nonsense": 1}).refused(403, "not_enterprise_user")
    assert world.caller("personal").get("/mandates").ok(200)["results"] == []


def test_the_agent_is_read_however_it_is_typed(world: World) -> None:
    wide = "".join(chr(ord(char) + 0xFEE0) for char in world.uscc("agent").lower())
    assert world.caller("card").post("/mandates", {"agent": wide}).ok(201)["agent"]["uscc"] == world.uscc("agent")


# ── what comes back ───────────────────────────────────────────────────────────────────────────────────────────────


def mailbox(who: Caller) -> list[str]:
    return [row["status"] for row in who.get("/receipts").ok(200)["results"]]


def test_each_has_a_mailbox_of_its_own(world: World) -> None:
    filing = drafted(world)
    world.submit(filing, "agent").ok(200)
    world.act(filing, "advance", to="stored").ok(200)
    agent, principal = world.caller("agent"), world.caller()
    assert mailbox(agent) == mailbox(principal) == ["sent", "stored"]
    first = agent.get("/receipts")["results"][0]["id"]
    assert agent.post(f"/receipts/{first}/acknowledge").ok(200)["acknowledged_at"]
    assert (mailbox(agent), mailbox(principal)) == (["stored"], ["sent", "stored"])
    assert principal.get("/receipts")["results"][0]["acknowledged_at"] is None
    principal.post(f"/receipts/{first}/acknowledge").ok(200)
    assert mailbox(principal) == ["stored"]
    world.caller("card").post(f"/receipts/{first}/acknowledge").refused(404, "not_found")


def test_a_copy_by_either_is_its_own_way_of_filing(world: World) -> None:
    filing = drafted(world)
    by_agent = world.caller("agent").post(f"/filings/{filing}/copy").ok(201)
    by_principal = world.caller().post(f"/filings/{filing}/copy").ok(201)
    assert (by_agent["filing_mode"], by_principal["filing_mode"], by_principal["agent"]) == ("agent", "self", None)
    world.caller().delete(f"/mandates/{mandate_of(world)}").ok(204)
    world.caller("agent").post(f"/filings/{filing}/copy").refused(403, "mandate_required")
    assert Filing.objects.filter(sandbox__key=world.id).count() == 3


def test_at_most_one_of_both_ways_is_on_its_way(world: World) -> None:
    filing, own = drafted(world), world.draft()
    world.submit(filing, "agent").ok(200)
    assert world.declare(own).refused(409, "open_application_exists")["filing"] == filing


def test_what_else_the_principal_has_on_its_way_is_not_named_to_its_agent(world: World) -> None:
    filing, own = drafted(world), world.declared()
    refused = world.submit(filing, "agent").refused(409, "open_application_exists")
    assert (refused["filing"], own in refused.body.decode()) == (None, False)
    world.act(own, "advance", to="rejected").ok(200)
    world.submit(filing, "agent").ok(200)
    second = world.caller("agent", "card").post(f"/filings/{filing}/copy").ok(201)["id"]
    assert world.submit(second, "agent").refused(409, "open_application_exists")["filing"] == filing
