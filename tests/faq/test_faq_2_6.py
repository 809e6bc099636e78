"""FAQ 2.6: why was the application refused?

问：如何查询注册登记相关申请审批不通过的原因？
答：1)“注册登记申请”审批不通过原因，暂时无法在“企业资质”系统中查询，只能联系海关咨询。
2)“注册信息变更申请”审批不通过原因，可使用电子口岸 IC/IKEY
卡（选择“卡介质”方式）登录“企业资质”系统，在查询—申请单查询中查看回执。
"""

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from filings.models import Event
from filings.rules import scenarios
from tests.api.client import Answer, Caller, World
from tests.printing.paper import text

pytestmark = pytest.mark.faq("2.6")

CANARY, CODE, INSIDE = "金丝雀<b>&原因", "CANARY-CODE", "CANARY-INSIDE"
WORDS = {"reason_code": CODE, "public_comment": CANARY, "internal_comment": INSIDE}


def rejected(world: World, kind: str, role: str = "card", **more: Any) -> str:
    """A filing of a role that an officer refused, with the canary for a reason. Returns its id."""
    filing: str = world.make("filing", kind=kind, state="rejected", uscc=world.uscc(role), **{**WORDS, **more})["id"]
    return filing


def texts(node: Any) -> Iterator[str]:
    """Every key and every text of an answer."""
    match node:
        case dict():
            for key, value in node.items():
                yield key
                yield from texts(value)
        case list():
            for value in node:
                yield from texts(value)
        case str():
            yield node


def tells(answer: Answer, words: str = CANARY) -> bool:
    return any(words in text for text in texts(answer.json)) or words in answer.body.decode("utf-8", "replace")


def places(filing: str) -> list[str]:
    """Everywhere an enterprise can look by the API after a refusal."""
    return [
        f"/filings/{filing}",
        f"/filings/{filing}/timeline",
        f"/filings/{filing}/receipts",
        f"/filings/{filing}/transmitted",
        f"/filings/{filing}/attachments",
        "/filings",
        "/filings?status=审批不通过",
        "/receipts",
        "/enquiries/overview",
        "/enquiries/filings",
        "/enquiries/filings?business_type=企业变更",
        "/enquiries/filings?business_type=企业注销",
        "/enterprise",
        "/tickets",
        "/mandates",
        "/enterprise/backfill-requirement",
        "/sessions/current",
    ]


@pytest.mark.parametrize("medium", ["password", "card"])
def test_of_a_registration_the_reason_is_in_no_answer_whatever_the_login(medium: str, world: World) -> None:
    who = (
        world.make("card", username="cardless")["card_token"]
        if medium == "card"
        else world.accounts["cardless"]["token"]
    )
    filing, mine = rejected(world, "registration", "cardless"), Caller(token=who)
    assert mine.get("/sessions/current")["medium"] == medium
    answers = [mine.get(path).ok(200) for path in places(filing)]
    receipts = [row["id"] for row in mine.get("/receipts")["results"]]
    answers += [mine.post(f"/receipts/{receipt}/acknowledge").ok(200) for receipt in receipts]
    answers += [mine.post(f"/filings/{filing}/copy").ok(201), mine.get("/filings"), mine.delete(f"/filings/{filing}")]
    answers += [mine.post(f"/filings/{filing}/declare"), mine.patch(f"/filings/{filing}", {"content": {}})]
    answers += [mine.post("/forms/registration/state", {"content": {}, "filing": filing})]
    for answer in answers:
        for words in (CANARY, CODE, INSIDE, "reason_code", "internal"):
            assert not tells(answer, words)
        assert "reason" not in texts(answer["results"] if "results" in (answer.json or {}) else {})


@pytest.mark.parametrize("medium", ["password", "card"])
def test_nor_is_what_customs_found_in_the_register_for_a_registration(medium: str, world: World) -> None:
    """Every value the register holds is a canary; only its own page, which is public, and customs tell them."""
    held = {
        "name_cn": "金丝雀公司",
        "legal_representative": "金丝雀",
        "address_cn": "金丝雀路1号",
        "economic_type": "310",
    }
    world.control.put(f"/ledgers/market/{world.uscc('cardless')}", {**held, "registered_capital": "77777.77"}).ok(200)
    filing = world.declared(scenario="inspect")
    world.advance(until="idle")
    token = world.accounts["cardless"]["token"]
    if medium == "card":
        token = world.make("card", username="cardless")["card_token"]
    mine = Caller(token=token)
    assert mine.get(f"/filings/{filing}").ok(200)["status"] == "rejected"
    found = ["金丝雀", "77777.77", "310 中外合资", "登记为", "应上传", "name_mismatch", "attachment_missing"]
    found += [words for one in scenarios.REASONS.values() for words in (one.public, one.internal)]
    for path in places(filing):
        answer = mine.get(path).ok(200)
        assert not [words for words in found if tells(answer, words)], path
    for page, html in pages(token, filing).items():
        assert not [words for words in found if words in html], page
    ticket = mine.post("/tickets", {"desk": "customs", "topic": "reason", "filing": filing}).ok(201)["id"]
    world.wait(hours=1)
    told = mine.get(f"/tickets/{ticket}").ok(200)
    assert (told["outcome"], "登记为“金丝雀公司”" in told["answer"]) == ("told", True)
    assert not tells(told, "另有不符")


def test_its_receipts_are_read_by_password_and_have_no_such_key(world: World) -> None:
    filing = rejected(world, "registration", "cardless")
    rows = world.caller().get(f"/filings/{filing}/receipts").ok(200)["results"]
    assert [row["status"] for row in rows] == ["sent", "stored", "manual_review", "rejected"]
    assert all("reason" not in row for row in rows)
    assert rows[-1]["text"] == "审批不通过"


def test_customs_tells_it_to_whoever_asks_there(world: World) -> None:
    filing, mine = rejected(world, "registration", "cardless"), world.caller()
    asked = {
        desk: mine.post("/tickets", {"desk": desk, "topic": "reason", "filing": filing}).ok(201)["id"]
        for desk in ("platform", "customs")
    }
    world.wait(hours=1)
    told = {desk: mine.get(f"/tickets/{ticket}").ok(200) for desk, ticket in asked.items()}
    assert (told["customs"]["outcome"], told["customs"]["answer"]) == ("told", CANARY)
    assert (told["platform"]["outcome"], tells(told["platform"])) == ("other_desk", False)
    assert not tells(told["customs"], INSIDE)


@pytest.mark.parametrize("kind", ["change", "deregistration"])
def test_of_the_others_the_receipts_need_a_login_by_card_and_then_tell_why(kind: str, world: World) -> None:
    filing = rejected(world, kind)
    refused = world.caller("card").get(f"/filings/{filing}/receipts").refused(403, "card_login_required")
    assert (refused["faq"], tells(refused)) == ("1.5", False)
    rows = world.caller("card", "card").get(f"/filings/{filing}/receipts").ok(200)["results"]
    assert [row["reason"] for row in rows] == [None, None, None, CANARY]
    assert not any(INSIDE in text or CODE in text for text in texts(rows))


@pytest.mark.parametrize("kind", ["change", "deregistration"])
def test_by_password_the_reason_of_the_others_is_nowhere_either(kind: str, world: World) -> None:
    filing, mine = rejected(world, kind), world.caller("card")
    for path in places(filing):
        assert not tells(mine.get(path)), path
    for row in mine.get("/receipts")["results"]:
        assert "reason" not in row
        assert not tells(mine.post(f"/receipts/{row['id']}/acknowledge").ok(200))
    assert mine.get(f"/filings/{filing}")["status_label"] == "审批不通过"


@pytest.mark.parametrize("kind", ["change", "deregistration"])
def test_by_card_it_is_in_the_receipt_and_the_mailbox_and_nowhere_else(kind: str, world: World) -> None:
    filing, mine = rejected(world, kind), world.caller("card", "card")
    telling = [path for path in places(filing) if tells(mine.get(path).ok(200))]
    assert telling == [f"/filings/{filing}/receipts", "/receipts"]
    last = mine.get("/receipts")["results"][-1]
    assert last["reason"] == CANARY
    assert mine.post(f"/receipts/{last['id']}/acknowledge").ok(200)["reason"] == CANARY


def test_of_a_change_customs_points_to_the_receipt_for_it_is_read_by_card_only(world: World) -> None:
    filing, mine = rejected(world, "change"), world.caller("card")
    ticket = mine.post("/tickets", {"desk": "customs", "topic": "reason", "filing": filing}).ok(201)["id"]
    world.wait(hours=1)
    told = mine.get(f"/tickets/{ticket}").ok(200)
    assert (told["outcome"], tells(told)) == ("by_card", False)
    assert "查询—申请单查询中查看回执" in told["answer"]


def test_if_customs_wrote_none_there_is_none_to_read_and_one_asks(world: World) -> None:
    (filing,) = world.enter("rejected_change_no_reason")["filings"]
    mine = world.caller("card", "card")
    assert mine.get(f"/filings/{filing}/receipts").ok(200)["results"][-1]["reason"] is None
    ticket = mine.post("/tickets", {"desk": "customs", "topic": "reason", "filing": filing}).ok(201)["id"]
    world.wait(hours=1)
    assert mine.get(f"/tickets/{ticket}")["answer"] == "请补充材料后重新申报"


def test_an_approved_change_has_receipts_without_a_reason(world: World) -> None:
    filing = world.make("filing", kind="change", state="approved", uscc=world.uscc())["id"]
    rows = world.caller("card", "card").get(f"/filings/{filing}/receipts").ok(200)["results"]
    assert [(row["status"], row["reason"]) for row in rows] == [
        ("sent", None),
        ("stored", None),
        ("manual_review", None),
        ("approved", None),
    ]


@pytest.mark.parametrize("status", ["cancelled", "expired", "locked"])
def test_a_card_that_has_ended_reads_none(status: str, world: World) -> None:
    filing, mine = rejected(world, "change"), world.caller("card", "card")
    world.control.patch(f"/cards/{world.accounts['card']['card_no']}", {"status": status}).ok(200)
    for path in (f"/filings/{filing}/receipts", "/receipts"):
        answer = mine.get(path).refused(401, "card_unusable")
        assert answer["card_status"] == status
        assert not tells(answer)


def test_that_it_was_looked_at_is_noted_once_and_by_which_medium(world: World) -> None:
    filing = rejected(world, "change")
    world.caller("card").get(f"/filings/{filing}/receipts").refused(403, "card_login_required")
    world.caller("card", "card").get("/receipts").ok(200)
    assert not Event.objects.filter(sandbox__key=world.id, name="receipt.viewed").exists()
    for _ in range(3):
        world.caller("card", "card").get(f"/filings/{filing}/receipts").ok(200)
    event = Event.objects.get(sandbox__key=world.id, name="receipt.viewed")
    assert (event.actor, event.medium, event.subject) == ("card", "card", filing)
    assert event.data == {"kind": "change", "status": "rejected"}
    refusal = Event.objects.get(sandbox__key=world.id, name="refused")
    assert (refusal.subject, refusal.data["verb"], refusal.data["code"]) == (
        filing,
        "read_receipts",
        "card_login_required",
    )


def test_a_receipt_that_came_since_is_another_look(world: World) -> None:
    filing = world.make("filing", kind="change", state="stored", uscc=world.uscc())["id"]
    mine = world.caller("card", "card")
    mine.get(f"/filings/{filing}/receipts").ok(200)
    world.act(filing, "approve").ok(200)
    mine.get(f"/filings/{filing}/receipts").ok(200)
    mine.get(f"/filings/{filing}/receipts").ok(200)
    assert Event.objects.filter(sandbox__key=world.id, name="receipt.viewed").count() == 2


def by_agent(world: World) -> tuple[str, str]:
    """A refused change the agent filed for `card`, and the mandate."""
    mandate = world.caller("card").post("/mandates", {"agent": world.uscc("agent")}).ok(201)["id"]
    return rejected(world, "change", agent=world.uscc("agent")), mandate


def test_an_agent_reads_it_by_its_own_card_under_its_mandate_only(world: World) -> None:
    filing, mandate = by_agent(world)
    agent = world.caller("agent", "card")
    world.caller("agent").get(f"/filings/{filing}/receipts").refused(403, "card_login_required")
    assert tells(agent.get(f"/filings/{filing}/receipts").ok(200))
    assert tells(agent.get("/receipts").ok(200))
    world.caller("card").delete(f"/mandates/{mandate}").ok(204)
    assert not tells(agent.get(f"/filings/{filing}/receipts").refused(403, "mandate_required"))
    mailbox = agent.get("/receipts").ok(200)
    assert (len(mailbox["results"]), tells(mailbox)) == (4, False)
    assert not tells(agent.post(f"/receipts/{mailbox['results'][-1]['id']}/acknowledge").ok(200))
    assert tells(world.caller("card", "card").get(f"/filings/{filing}/receipts").ok(200))


def test_that_each_of_both_looked_is_noted(world: World) -> None:
    filing, _ = by_agent(world)
    for role in ("agent", "card", "agent", "card"):
        world.caller(role, "card").get(f"/filings/{filing}/receipts").ok(200)
    events = Event.objects.filter(sandbox__key=world.id, name="receipt.viewed").order_by("seq")
    assert [(event.actor, event.uscc) for event in events] == [("agent", world.uscc()), ("card", world.uscc())]


def test_nor_does_customs_tell_an_agent_whose_mandate_has_ended(world: World) -> None:
    filing = rejected(world, "registration", "cardless", agent=world.uscc("agent"))
    (mandate,) = (row["id"] for row in world.caller().get("/mandates")["results"])
    world.caller().delete(f"/mandates/{mandate}").ok(204)
    asked = {}
    for role in ("agent", "cardless"):
        asked[role] = (
            world.caller(role).post("/tickets", {"desk": "customs", "topic": "reason", "filing": filing}).ok(201)["id"]
        )
    world.wait(hours=1)
    told = {role: world.caller(role).get(f"/tickets/{ticket}").ok(200) for role, ticket in asked.items()}
    assert {role: (answer["outcome"], tells(answer)) for role, answer in told.items()} == {
        "agent": ("no_mandate", False),
        "cardless": ("told", True),
    }


# ── on the screens, as the owner ──────────────────────────────────────────────────────────────────────────────────

PAGES = [
    "/",
    "/filings/{filing}",
    "/filings/{filing}/print",
    "/enquiries/overview",
    "/enquiries/overview?status=rejected",
    "/enquiries/filings",
    "/enquiries/filings?business_type=企业变更",
    "/enquiries/filings?business_type=企业注销",
    "/enterprise",
    "/tickets",
    "/faq",
    "/filings/new?kind=registration",
    "/filings/{filing}/delete",
]


def pages(token: str, filing: str) -> dict[str, str]:
    client = Client()
    client.cookies["sim_session"] = token
    return {page: client.get(page.format(filing=filing)).content.decode() for page in PAGES}


@pytest.mark.parametrize("kind", ["registration", "change", "deregistration"])
def test_by_password_no_page_tells_it(kind: str, world: World) -> None:
    role = "cardless" if kind == "registration" else "card"
    filing = rejected(world, kind, role)
    for page, html in pages(world.accounts[role]["token"], filing).items():
        assert not any(words in html for words in ("金丝雀", CODE, INSIDE)), page


def test_by_card_no_page_tells_it_of_a_registration(world: World) -> None:
    filing = rejected(world, "registration", "cardless")
    card = world.make("card", username="cardless")["card_token"]
    for page, html in pages(card, filing).items():
        assert not any(words in html for words in ("金丝雀", CODE, INSIDE)), page


@pytest.mark.parametrize("kind", ["change", "deregistration"])
def test_by_card_a_page_that_tells_it_of_a_change_escapes_it_and_tells_no_more(kind: str, world: World) -> None:
    filing = rejected(world, kind)
    told = pages(world.accounts["card"]["card_token"], filing)
    for page, html in told.items():
        assert "金丝雀<b>" not in html, page
        assert not any(words in html for words in (CODE, INSIDE)), page
    assert "金丝雀" not in told["/enquiries/overview"]


@pytest.mark.parametrize(
    ("kind", "role"), [("registration", "cardless"), ("change", "card"), ("deregistration", "card")]
)
def test_no_paper_tells_it(kind: str, role: str, world: World) -> None:
    filing = rejected(world, kind, role)
    token = world.make("card", username=role)["card_token"]
    paper = Caller(token=token).get(f"/filings/{filing}/record-form.pdf").ok(200)
    assert (world.uscc(role) in text(paper.body), "金丝雀" in text(paper.body), CODE in text(paper.body)) == (
        True,
        False,
        False,
    )


@pytest.mark.parametrize(
    ("situation", "role", "label"),
    [("rejected_registration", "cardless", "企业注册登记"), ("rejected_change", "card", "企业变更")],
)
def test_a_tester_can_bring_each_about(situation: str, role: str, label: str, world: World) -> None:
    (filing,) = world.enter(situation)["filings"]
    (row,) = world.caller(role).get(f"/enquiries/filings?business_type={label}")["results"]
    assert (row["id"], row["status"]) == (filing, "rejected")
