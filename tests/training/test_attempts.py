"""Attempts as programs have them, over HTTP alone: the exercises solved and failed, answers, hints, one check in an
exam; and what the business plane tells of all this: nothing."""

from __future__ import annotations

import json
import re
from datetime import datetime, timedelta
from typing import Any

import pytest

from filings.lab.grading import attempts as grading_attempts
from filings.models import Attempt, Event
from filings.rules.exercises.loading import catalogue
from filings.rules.exercises.schema import VARIANTS, Wrong
from tests.api.client import CONTROL, Caller
from tests.training.programs import Program, verdicts

pytestmark = pytest.mark.django_db(databases="__all__")

EIGHT = ("first-filing", "faq-1-1", "faq-1-9", "faq-2-4", "faq-2-6", "faq-2-10", "faq-2-13", "faq-2-20")
PLANE = Caller(CONTROL)


@pytest.mark.parametrize("exercise", EIGHT)
@pytest.mark.parametrize("seed", [0, 3])
def test_a_program_solves_it(exercise: str, seed: int) -> None:
    program = Program(exercise, seed)
    before = program.check()
    assert not before["passed"]
    program.play(catalogue()[exercise].exercise.golden)
    found = program.check()
    assert (found["passed"], found["score"], found["mistakes"], found["differences"]) == (True, 100, [], []), found
    assert all(check["evidence"] for check in found["checks"])
    stands = program.mine.get("").ok(200)
    assert (stands["state"], [kept["passed"] for kept in stands["evaluations"]]) == ("passed", [False, True])


WRONG = [(exercise, wrong) for exercise in EIGHT for wrong in catalogue()[exercise].exercise.wrong]


@pytest.mark.parametrize(("exercise", "wrong"), WRONG, ids=lambda part: part if isinstance(part, str) else part.name)
def test_a_program_fails_it(exercise: str, wrong: Wrong) -> None:
    program = Program(exercise)
    program.play(wrong.steps)
    found = program.check()
    assert not found["passed"]
    assert found["score"] < 100
    assert {mistake["id"] for mistake in found["mistakes"]} >= set(wrong.fires)
    assert all(mistake["say"] and mistake["evidence"] for mistake in found["mistakes"])
    assert program.mine.get("").ok(200)["state"] == "started"


# ── the catalogue ─────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_catalogue_tells_what_is_asked_and_no_answer() -> None:
    told = PLANE.get("/exercises").ok(200)
    assert [exercise["id"] for exercise in told["results"]] == list(catalogue())
    for exercise in told["results"]:
        assert PLANE.get(f"/exercises/{exercise['id']}").ok(200).json == exercise
        assert (exercise["modes"], exercise["variants"]) == (["guided", "practice", "exam"], VARIANTS)
        assert "$" not in json.dumps(exercise, ensure_ascii=False)
    words = told.body.decode()
    for loaded in catalogue().values():
        for hint in loaded.exercise.hints:
            assert hint not in words
        assert loaded.exercise.debrief not in words


def test_an_unknown_exercise_is_told_with_the_nearest() -> None:
    for answer in (PLANE.get("/exercises/faq-2-01"), PLANE.post("/exercises/faq-2-01/attempts")):
        assert "faq-2-1" in answer.refused(404, "unknown_exercise")["nearest"]
    PLANE.post("/sandboxes", {"exercise": "faq-9-9"}).refused(404, "unknown_exercise")


# ── seeds ─────────────────────────────────────────────────────────────────────────────────────────────────────────

OWN = re.compile(r"(sb-[0-9a-f]{12}|ctl_\w+|tok_\w+|A[0-9a-f]{16}|练习 [^\"]*)")


def exported(program: Program) -> Any:
    """The whole of a world but for its own name and secrets, and the moments of wall time."""
    body = program.world.get("/export").ok(200).json
    text = OWN.sub("·", json.dumps(body, sort_keys=True, ensure_ascii=False))
    whole = json.loads(text)

    def bare(part: Any) -> Any:
        if isinstance(part, dict):
            return {name: bare(inner) for name, inner in part.items() if name not in WALL}
        if isinstance(part, list):
            return [bare(inner) for inner in part]
        return part

    return bare(whole)


WALL = {"at_real", "created_at", "used_at", "clock_set_at", "opened_at", "exported_at", "expires_at", "token_digest"}
"""What is of wall time, or secret."""


@pytest.mark.parametrize("exercise", EIGHT)
def test_the_same_seed_gives_the_same_world_and_another_another(exercise: str) -> None:
    first, again, other = Program(exercise, 7), Program(exercise, 7), Program(exercise, 8)
    assert exported(first) == exported(again)
    assert exported(first) != exported(other)
    told = [
        {name: value for name, value in program.begun.json.items() if name in ("task", "symptom", "answers", "seed")}
        for program in (first, again, other)
    ]
    assert told[0] == told[1] != told[2]
    if first.begun["dossier"]:
        papers = [program.mine.get("/dossier").ok(200).json for program in (first, again, other)]
        assert papers[0] == papers[1] != papers[2]


def test_without_a_seed_it_is_by_chance_and_told() -> None:
    seeds = {PLANE.post("/exercises/faq-1-1/attempts").ok(201)["seed"] for _ in range(4)}
    assert len(seeds) > 1


# ── answers ───────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("exercise", "given", "faults"),
    [
        ("faq-1-1", {}, {"": "required"}),
        ("faq-1-1", {"A": "maybe"}, {"/A": "invalid"}),
        ("faq-1-1", {"A": 1}, {"/A": "invalid"}),
        ("faq-1-1", {"A": None}, {"/A": "invalid"}),
        ("faq-1-1", {"A": ["yes"]}, {"/A": "invalid"}),
        ("faq-1-1", {"A": "YES"}, {"/A": "invalid"}),
        ("faq-1-1", {"E": True, "F": True, "A": "x"}, {"/E": "unknown_field", "/F": "unknown_field", "/A": "invalid"}),
        ("faq-1-1", {"a/b": True}, {"/a~1b": "unknown_field"}),
        ("faq-2-6", {"change_reason": "sun spots"}, {"/change_reason": "invalid"}),
        ("faq-2-6", {"change_reason": True}, {"/change_reason": "invalid"}),
        ("faq-2-1", {"first": ""}, {"/first": "invalid"}),
        ("faq-2-1", {"first": " "}, {"/first": "invalid"}),
        ("faq-2-1", {"first": "1" * 201}, {"/first": "invalid"}),
        ("faq-2-1", {"first": "1\n2"}, {"/first": "invalid"}),
        ("faq-2-10", {"A": True}, {"/A": "unknown_field"}),
    ],
)
def test_an_answer_that_cannot_be_is_refused_and_none_of_it_given(
    exercise: str, given: dict[str, Any], faults: dict[str, str]
) -> None:
    program = Program(exercise)
    right = {
        question["id"]: question["choices"][0]["value"] if question["choices"] else "yes"
        for question in program.begun["answers"][1:]
    }
    refused = program.mine.post("/answers", {**right, **given} if given and right else given)
    assert refused.status == 422
    assert refused.errors == faults
    assert answered(program) == 0


def answered(program: Program) -> int:
    """How often answers were given."""
    return Event.objects.filter(sandbox__key=program.sandbox, name="answer.given").count()


@pytest.mark.parametrize("body", [[1], "yes", 3, True])
def test_answers_are_an_object(body: Any) -> None:
    Program("faq-1-1").mine.post("/answers", body).refused(400, "malformed_json")


def test_the_last_answer_counts_and_others_stand() -> None:
    program = Program("faq-1-1")
    right = program.case.chosen["at"]
    turned = {"yes": "no", "no": "yes"}
    program.mine.post("/answers", {name: turned[right[f"r{name.lower()}"]] for name in "ABCD"}).ok(204)
    assert {verdicts(program.check())[name] for name in "ABCD"} == {"fail"}
    program.mine.post("/answers", {"A": right["ra"] == "yes", "B": right["rb"]}).ok(204)
    assert [verdicts(program.check())[name] for name in "ABCD"] == ["pass", "pass", "fail", "fail"]
    program.mine.post("/answers", {"C": right["rc"], "D": right["rd"]}).ok(204)
    assert program.check()["passed"]


# ── hints ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_hints_come_in_order_each_at_its_time(monkeypatch: pytest.MonkeyPatch) -> None:
    program, said = Program("faq-2-4"), catalogue()["faq-2-4"].exercise.hints
    hints = program.mine
    assert (first := hints.post("/hints").ok(200).json)["level"] == 1
    assert first["text"] == said[0]
    hints.post("/hints").refused(409, "hint_not_yet")
    program.check()
    assert hints.post("/hints").ok(200)["text"] == said[1]
    hints.post("/hints").refused(409, "hint_not_yet")  # that check was before the second hint
    program.play(catalogue()["faq-2-4"].exercise.wrong[0].steps[:1])
    program.check()
    assert (third := hints.post("/hints").ok(200).json)["level"] == 3
    again = hints.post("/hints").ok(200).json
    assert again == third
    stands = program.mine.get("").ok(200)
    assert [(hint["level"], hint["text"]) for hint in stands["hints"]] == list(enumerate(said, start=1))


def test_the_second_hint_comes_after_a_while_too(monkeypatch: pytest.MonkeyPatch) -> None:
    program = Program("faq-2-4")
    program.mine.post("/hints").ok(200)
    later = timedelta(seconds=grading_attempts.HINT_AFTER_SECONDS)
    wall = grading_attempts.wall
    monkeypatch.setattr(grading_attempts, "wall", lambda: wall() + later)
    assert program.mine.post("/hints").ok(200)["level"] == 2
    program.mine.post("/hints").refused(409, "hint_not_yet")


def test_once_passed_no_third_hint_is_due() -> None:
    program = Program("faq-2-4")
    program.mine.post("/hints").ok(200)
    program.check()
    program.mine.post("/hints").ok(200)
    program.play(catalogue()["faq-2-4"].exercise.golden)
    assert program.check()["passed"]
    program.mine.post("/hints").refused(409, "hint_not_yet")


# ── modes ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_an_exam_is_checked_once_and_gives_no_hints() -> None:
    program = Program("faq-1-1", mode="exam")
    program.mine.post("/hints").refused(403, "no_hints")
    program.check()
    program.mine.post("/check").refused(409, "checked_already")
    program.world.post("/conformance").refused(409, "checked_already")
    assert len(program.mine.get("").ok(200)["evaluations"]) == 1


def told_of_advice(program: Program, draft: str) -> tuple[list[Any], list[bool]]:
    """Every advice, and every `recommended`, that the business plane tells."""
    mine = program.caller("A")
    advice, recommended = [], []

    def walk(part: Any) -> None:
        if isinstance(part, dict):
            for name, inner in part.items():
                (advice if name == "advice" else recommended if name == "recommended" else []).append(inner)
                walk(inner)
        elif isinstance(part, list):
            for inner in part:
                walk(inner)

    for path in (
        f"/filings/{draft}",
        "/filings",
        "/forms/registration",
        "/enquiries/overview",
        "/codes/customs_offices?division=440304",
        "/codes/economic_zones",
        "/codes/special_trade_zones",
    ):
        walk(mine.get(path).ok(200).json)
    content = mine.get(f"/filings/{draft}").ok(200)["content"]
    walk(mine.post("/forms/registration/state", {"content": content}).ok(200).json)
    walk(mine.patch(f"/filings/{draft}", {"content": {"remarks": "x"}}).ok(200).json)
    return advice, recommended


@pytest.mark.parametrize("mode", ["guided", "practice", "exam"])
def test_advice_and_recommendations_are_given_in_guided_mode_alone(mode: str) -> None:
    program = Program("faq-1-2", mode=mode)
    advice, recommended = told_of_advice(program, program.case.filings["draft"])
    assert advice
    assert recommended
    if mode == "guided":
        assert any(advice)
        assert any(recommended)
    else:
        assert set(advice) == {None}
        assert set(recommended) == {False} or not any(recommended)


@pytest.mark.parametrize("mode", ["guided", "practice", "exam"])
def test_the_scenario_of_an_exercise_is_its_own(mode: str) -> None:
    program = Program("first-filing", mode=mode)
    program.world.put("/scenario", {"scenario": "approve"}).refused(409, "scenario_locked")
    assert program.world.get("").ok(200)["scenario"] == "inspect; pace=fast"
    agent = program.caller("G", "card")
    client = program.case.value("X")
    sheet = program._sheet("") | {"address_cn": "广东省深圳市福田区别处1号"}
    filed = agent.post(
        "/filings", {"kind": "registration", "filing_mode": "agent", "principal": client, "content": sheet}
    ).ok(201)["id"]
    agent.upload(filed).ok(201)
    agent.post(f"/filings/{filed}/declare", X_Sim_Scenario="approve; pace=fast").ok(200)
    program.advance("P2D")
    assert agent.get(f"/filings/{filed}").ok(200)["status"] == "rejected"
    assert program.world.get(f"/filings/{filed}/explain").ok(200)["scenario"]["name"] == "inspect"


LESSONS = re.compile("exercise|attempt|lesson|guided|practice|练习|提示|考核", re.IGNORECASE)


def test_the_business_plane_tells_nothing_of_lessons() -> None:
    program = Program("faq-2-10", mode="practice")
    mine, draft = program.caller(), program.case.filings["draft"]
    for path in (
        "/sessions/current",
        "/enterprise",
        "/filings",
        f"/filings/{draft}",
        f"/filings/{draft}/timeline",
        "/enquiries/overview",
        "/receipts",
        "/tickets",
        "/forms/registration",
        "/version",
    ):
        answer = mine.get(path).ok(200)
        assert not LESSONS.search(answer.body.decode().replace("演练", "")), path
        assert not LESSONS.search(str(answer.headers)), path


# ── idempotency ───────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_key_has_effect_once() -> None:
    begun = [PLANE.post("/exercises/faq-1-1/attempts", {"seed": 1}, Idempotency_Key="k") for _ in range(2)]
    assert begun[0].json == begun[1].json
    assert Attempt.objects.count() == 1
    mine = Caller(f"{CONTROL}/attempts/{begun[0]['id']}")
    for path, body in (("/answers", {"A": True}), ("/check", {}), ("/hints", {})):
        told = [mine.post(path, body, Idempotency_Key="one") for _ in range(2)]
        assert told[0].body == told[1].body
        assert told[1].headers["Idempotency-Replayed"] == "true"


def test_a_judgement_is_the_same_to_the_byte_and_kept_once() -> None:
    program = Program("faq-2-6")
    program.play(catalogue()["faq-2-6"].exercise.wrong[0].steps)
    told = [program.mine.post("/check").ok(200).body for _ in range(3)]
    assert len(set(told)) == 1
    assert program.world.post("/conformance").ok(200).body == told[0]
    assert [kept["n"] for kept in program.mine.get("").ok(200)["evaluations"]] == [1]


def test_what_an_attempt_tells_of_itself() -> None:
    program = Program("first-filing", 4, "exam")
    stands = program.mine.get("").ok(200)
    assert (stands["exercise"], stands["seed"], stands["mode"], stands["state"], stands["ended_at"]) == (
        "first-filing",
        4,
        "exam",
        "started",
        None,
    )
    assert stands["sandbox"] == program.sandbox
    assert datetime.fromisoformat(stands["started_at"]) == datetime.fromisoformat(program.begun["started_at"])
    assert program.begun.headers["Location"] == f"{CONTROL}/attempts/{program.id}"
    assert program.begun["accounts"][0]["role"] == "G"
    assert program.begun["dossier"] == f"http://testserver{CONTROL}/attempts/{program.id}/dossier"
    assert program.world.get("").ok(200)["exercise"] == "first-filing"


def test_a_dossier_as_a_file_says_that_it_is_made_up() -> None:
    program = Program("first-filing")
    printed = program.mine.get("/dossier.pdf?disposition=attachment").ok(200)
    assert printed.headers["Content-Type"] == "application/pdf"
    assert printed.headers["Content-Disposition"].startswith("attachment")
    assert printed.body.startswith(b"%PDF")
    Program("faq-1-1").mine.get("/dossier.pdf").refused(404, "not_found")
