"""Nobody passes who has not done the work, whatever is done instead; and honest work passes in whatever order and
spelling."""

from __future__ import annotations

from typing import Any

import pytest

from filings.models import Event
from filings.rules.exercises.cases import case
from filings.rules.exercises.loading import catalogue
from filings.rules.exercises.schema import Step
from tests.api.client import Caller
from tests.training.programs import Program, verdicts
from tests.training.test_transcribing import read_off

pytestmark = pytest.mark.django_db(databases="__all__")


def golden(exercise: str) -> list[Step]:
    return list(catalogue()[exercise].exercise.golden)


# ── what is laid, or done by others ───────────────────────────────────────────────────────────────────────────────


def test_a_filing_that_is_laid_at_the_control_plane_is_nobodys_work() -> None:
    """It stands there in the name of the account, approved and in order; but nobody declared it."""
    program = Program("first-filing")
    client, agent = program.case.value("X"), program.begun["accounts"][0]["uscc"]
    body = {"uscc": client, "agent": agent, "state": "approved", "content": read_off(program)}
    laid = program.world.post("/fixtures/filing", body).ok(201)["id"]
    assert program.caller("G", "card").get(f"/filings/{laid}").ok(200)["status"] == "approved"
    found = program.check()
    assert verdicts(found) == dict.fromkeys(verdicts(found), "not_yet")
    assert found["score"] == 0
    deeds = Event.objects.filter(sandbox__key=program.sandbox, subject=laid, party="applicant")
    assert {deed.actor for deed in deeds} == {""}


def test_what_is_laid_is_no_mistake_either() -> None:
    program = Program("faq-2-4")
    program.world.post("/fixtures/filing", {"uscc": program.begun["accounts"][0]["uscc"], "kind": "registration"}).ok(
        201
    )
    program.play(golden("faq-2-4"))
    found = program.check()
    assert (found["passed"], found["mistakes"]) == (True, [])


def test_a_situation_laid_over_it_is_nobodys_work() -> None:
    program = Program("faq-2-13")
    program.world.post("/situation", {"situation": "stale_form", "uscc": program.begun["accounts"][0]["uscc"]}).ok(200)
    assert program.check()["score"] == 0


@pytest.mark.parametrize("medium", ["password", "card"])
def test_a_colleagues_work_is_not_the_learners(medium: str) -> None:
    program = Program("faq-1-9")
    made = program.world.post("/fixtures/account", {"uscc": program.begun["accounts"][0]["uscc"]}).ok(201)
    token = made["token"]
    if medium == "card":
        token = program.world.post("/fixtures/card", {"username": made["username"]}).ok(201)["card_token"]
    colleague = Caller(token=token)
    filings = program.case.filings
    colleague.post(f"/filings/{filings['first']}/declare").ok(200)
    colleague.post("/tickets", {"desk": "platform", "topic": "status", "filing": filings["second"]}).ok(201)
    colleague.post("/tickets", {"desk": "customs", "topic": "status", "filing": filings["third"]}).ok(201)
    found = program.check()
    assert (found["passed"], found["score"]) == (False, 0)


def test_what_an_authority_does_by_hand_is_not_the_learners() -> None:
    """Synchronised by whoever holds the control plane: the state is right, and nobody asked customs for it."""
    program = Program("faq-2-4")
    program.world.post("/sync", {"uscc": program.begun["accounts"][0]["uscc"]}).ok(200)
    found = verdicts(program.check())
    assert found["asked_customs"] == "not_yet"
    assert not program.check()["passed"]


def test_a_filing_approved_by_hand_must_agree_with_the_papers_all_the_same() -> None:
    program = Program("first-filing")
    sheet = read_off(program)
    agent = program.caller("G", "card")
    body = {
        "kind": "registration",
        "filing_mode": "agent",
        "principal": sheet["uscc"],
        "content": sheet | {"name_en": "EDITED AFTER SESSION"},
    }
    filing = agent.post("/filings", body).ok(201)["id"]
    agent.post(f"/filings/{filing}/declare").ok(200)
    program.world.post(f"/filings/{filing}/actions/advance", {"to": "approved"}).ok(200)
    found = program.check()
    assert verdicts(found)["as_the_papers_say"] == "fail"
    assert [one["pointer"] for one in found["differences"]] == ["/content/name_en"]


def test_what_is_refused_is_not_done() -> None:
    program = Program("faq-2-20")
    mine = program.caller("A", "card")
    program.play(golden("faq-2-20")[:1])  # a draft of the deregistration
    draft = mine.post("/filings", {"kind": "registration", "content": {"category": "10000000"}}).ok(201)["id"]
    assert mine.post(f"/filings/{draft}/declare").status in (409, 422)
    assert set(verdicts(program.check()).values()) == {"not_yet"}


def test_guessing_an_answer_without_asking_is_not_enough() -> None:
    """The right words, by chance, before the receipt was read and customs had answered."""
    program = Program("faq-2-6")
    right = program.case.chosen["why"]
    answers = {"change_reason": right["change"], "registration_reason": right["registration"]}
    program.mine.post("/answers", answers).ok(204)
    found = verdicts(program.check())
    assert (found["change_reason"], found["registration_reason"]) == ("pass", "pass")
    assert (found["receipt_read"], found["customs_asked"]) == ("fail", "fail")
    program.play(golden("faq-2-6")[:3])
    assert not program.check()["passed"], "answered before it was known"
    program.mine.post("/answers", answers).ok(204)
    assert program.check()["passed"]


def test_what_one_account_did_in_another_attempt_is_not_of_this() -> None:
    first, second = Program("faq-2-4", 1), Program("faq-2-4", 1)
    first.play(golden("faq-2-4"))
    assert first.check()["passed"]
    assert second.check()["score"] == 0


def test_what_was_there_at_the_beginning_is_not_done() -> None:
    """The filings of the world were declared by its accounts; before the attempt began."""
    program = Program("faq-1-9")
    there = Event.objects.filter(sandbox__key=program.sandbox, name="filing.declared")
    assert there.count() >= 3
    assert all("seq" not in proof for check in program.check()["checks"] for proof in check["evidence"])


# ── honest work ───────────────────────────────────────────────────────────────────────────────────────────────────


def test_in_another_order() -> None:
    program, steps = Program("faq-1-9"), golden("faq-1-9")
    program.play(reversed(steps))
    assert program.check()["passed"]


def test_with_drafts_that_were_begun_and_given_up() -> None:
    program = Program("faq-2-20")
    mine = program.caller("A", "card")
    for _ in range(3):
        mine.post("/filings", {"kind": "deregistration", "content": {}}).ok(201)
    program.play(golden("faq-2-20"))
    assert program.check()["passed"]


def test_by_who_asks_customs_why_it_was_rejected() -> None:
    """FAQ 1.9 says that a decided filing needs no hurrying; 2.6, whom to ask for the reason."""
    seed = next(n for n in range(60) if case(catalogue()["faq-1-9"].exercise, n).filled("$decided") == "rejected")
    program = Program("faq-1-9", seed)
    about = {"topic": "reason", "filing": program.case.filings["fourth"]}
    program.caller("G", "card").post("/tickets", {"desk": "customs", **about}).ok(201)
    program.play(golden("faq-1-9"))
    found = program.check()
    assert (found["passed"], found["mistakes"]) == (True, [])
    program.caller("G", "card").post("/tickets", {"desk": "platform", **about}).ok(201)
    assert not program.check()["passed"], "and whom not"


def test_with_a_mistake_that_was_mended_before_it_mattered() -> None:
    """The invented superior is taken out again; that it stood there is still told."""
    program = Program("faq-2-10")
    draft = program.case.filings["draft"]
    mine = program.caller()
    mine.patch(f"/filings/{draft}", {"content": {"parent_relation": "母/子公司"}}).ok(200)
    program.play(golden("faq-2-10"))
    found = program.check()
    assert (found["passed"], [mistake["id"] for mistake in found["mistakes"]]) == (True, ["invented_superior"])


@pytest.mark.parametrize("spelt", ["{0}", " {0} ", "４７０{1}", "{2}"])
def test_in_other_spellings(spelt: str) -> None:
    program = Program("faq-2-1")
    steps = golden("faq-2-1")
    program.play(steps[:-1])
    known = program._filled(dict(steps[-1].answer))
    told = {name: spelt.format(value, value[3:], f"{value[:5]} {value[5:]}") for name, value in known.items()}
    assert all(value.startswith("470") for value in known.values())
    program.mine.post("/answers", told).ok(204)
    assert program.check()["passed"]


def test_by_an_account_that_was_registered_on_the_way() -> None:
    program = Program("faq-2-3")
    program.play(golden("faq-2-3"))
    assert program.check()["passed"]
    registered = Event.objects.filter(sandbox__key=program.sandbox, name="account.registered")
    assert registered.exists()


@pytest.mark.parametrize(
    "exercise", ["faq-1-9", "faq-2-4", "faq-2-6", "faq-2-10", "faq-2-13", "faq-2-15", "faq-2-20", "first-filing"]
)
def test_however_late_it_is_checked(exercise: str) -> None:
    program = Program(exercise, seed=3)
    program.play(golden(exercise))
    program.advance("P5D")
    assert program.check()["passed"]


def test_looking_about_asking_for_help_and_checking_often_cost_nothing() -> None:
    program = Program("faq-2-13", mode="guided")
    mine = program.caller()
    for step in golden("faq-2-13"):
        for path in ("/enterprise", "/filings", "/annual-reports", "/faq/2.13", "/receipts"):
            mine.get(path).ok(200)
        program.check()
        program.mine.post("/hints")
        program.play([step])
    found = program.check()
    assert (found["passed"], found["score"], found["mistakes"]) == (True, 100, [])


def test_the_same_by_the_pages(client: Any) -> None:
    """What is done on a page is done: the verdicts do not ask by which face."""
    program = Program("faq-2-4")
    for role in ("A", "B"):
        client.cookies["sim_session"] = program.accounts[role]["token"]
        uscc = program.accounts[role]["uscc"]
        assert client.get(f"/publicity?uscc={uscc}").status_code == 200
    client.cookies["sim_session"] = program.accounts["A"]["token"]
    assert client.post("/tickets", {"desk": "customs", "topic": "sync"}).status_code in (200, 302, 303)
    program.advance("PT1H")
    assert program.check()["passed"]
