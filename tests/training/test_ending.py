"""An attempt outlives its world: what it was stays readable, and is judged as it was; what nobody acted in is
forgotten."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command

from filings.lab.grading import rows
from filings.lab.worlds import worlds
from filings.models import Attempt, Evaluation, Sandbox, wall
from filings.rules.exercises.loading import catalogue
from tests.api.client import CONTROL, Caller, World, world
from tests.training.programs import Program
from tests.training.rewriting import Rewrite

pytestmark = pytest.mark.django_db(databases="__all__")

__all__ = ["world"]

PLANE = Caller(CONTROL)
GOLDEN = catalogue()["faq-2-4"].exercise.golden


def expired(program: Program) -> None:
    Sandbox.objects.filter(key=program.sandbox).update(used_at=wall() - timedelta(days=400))
    assert worlds.clear_expired() == 1


def restored(program: Program) -> None:
    program.world.post("/checkpoints", {"name": "here"}).ok(201)
    program.world.post("/checkpoints/here/restore").ok(200)


ENDINGS: dict[str, Callable[[Program], Any]] = {
    "deleted": lambda program: program.world.delete("").ok(204),
    "expired": expired,
    "reset": lambda program: program.world.post("/reset").ok(200),
    "restored": restored,
    "another world": lambda program: program.world.post("/situation", {"situation": "standard"}).ok(200),
    "an empty world": lambda program: program.world.post("/situation", {"situation": "empty"}).ok(200),
}
every = pytest.mark.parametrize("how", ENDINGS)


@every
def test_when_its_world_goes_an_attempt_stays_with_all_that_was_judged(how: str) -> None:
    program = Program("faq-2-4", mode="guided")
    program.play(GOLDEN[:2])
    judged = program.check()
    program.mine.post("/hints").ok(200)
    before = program.mine.get("").ok(200).json
    ENDINGS[how](program)
    after = program.mine.get("").ok(200).json
    assert (after["state"], after["sandbox"]) == ("abandoned", None)
    assert after["ended_at"]
    assert {**after, "state": "started", "sandbox": program.sandbox, "ended_at": None} == before
    assert program.check() == judged, "it is judged by what was kept of it"
    program.mine.post("/answers", {"A": True}).refused(409, "attempt_over")
    program.mine.post("/hints").refused(409, "attempt_over")


@every
def test_what_has_passed_stays_passed(how: str) -> None:
    program = Program("faq-2-4")
    program.play(GOLDEN)
    assert program.check()["passed"]
    ENDINGS[how](program)
    assert program.mine.get("").ok(200)["state"] == "passed"
    assert program.check()["passed"]


@every
def test_what_nobody_acted_in_is_forgotten(how: str) -> None:
    program = Program("faq-2-4")
    program.caller().get("/filings").ok(200)  # looking about is no deed
    ENDINGS[how](program)
    program.mine.get("").refused(404, "not_found")


def test_the_papers_stay_readable() -> None:
    program = Program("first-filing")
    papers = program.mine.get("/dossier").ok(200).json
    program.check()
    program.world.delete("").ok(204)
    assert program.mine.get("/dossier").ok(200).json == papers


def test_a_restored_world_is_no_longer_the_attempt() -> None:
    """Neither what a checkpoint holds, nor what is done after it, is anybody's at the exercise: it is begun anew."""
    program = Program("faq-2-4")
    program.play(GOLDEN)
    program.world.post("/checkpoints", {"name": "done"}).ok(201)
    program.world.post("/reset").ok(200)
    program.world.post("/checkpoints/done/restore").ok(200)
    program.world.post("/conformance").refused(409, "no_attempt")
    program.world.post("/reset").ok(200)
    assert not program.world.post("/conformance").ok(200)["passed"]


def test_a_world_that_is_carried_away_is_no_attempt() -> None:
    program = Program("faq-2-4")
    program.play(GOLDEN)
    carried = program.world.get("/export").ok(200).json
    there = PLANE.post("/sandboxes/import", carried).ok(201)
    assert there["exercise"] is None
    PLANE.post(f"/sandboxes/{there['id']}/conformance").refused(409, "no_attempt")
    assert program.check()["passed"]


# ── a client's own run ────────────────────────────────────────────────────────────────────────────────────────────


def a_run(seed: int = 0) -> World:
    return World(exercise="faq-2-4", seed=seed)


def done(run: World) -> None:
    mine, second = run.caller("A"), run.caller("B")
    mine.get(f"/publicity/{run.uscc('A')}").ok(200)
    second.get(f"/publicity/{run.uscc('B')}").ok(200)
    mine.post("/tickets", {"desk": "customs", "topic": "sync"}).ok(201)
    run.wait(hours=1)


def test_a_sandbox_of_an_exercise_is_an_attempt_and_reset_another() -> None:
    run = a_run()
    assert run.opened["exercise"] == "faq-2-4"
    done(run)
    first = run.control.post("/conformance").ok(200)
    assert first["passed"]
    run.control.post("/reset").ok(200)
    again = run.control.post("/conformance").ok(200)
    assert (again["passed"], again["score"]) == (False, 0)
    attempts = list(Attempt.objects.order_by("id"))
    assert [(attempt.state, attempt.sandbox is None) for attempt in attempts] == [("passed", True), ("started", False)]
    done(run)  # the tokens are the same
    assert run.control.post("/conformance").ok(200).json == first.json


def test_conformance_is_told_to_people_and_to_build_servers() -> None:
    run = a_run()
    run.caller("A").post("/tickets", {"desk": "customs", "topic": "sync"}).ok(201)
    told = run.control.post("/conformance").ok(200)
    page = run.control.post("/conformance?format=html").ok(200)
    assert page.headers["Content-Type"].startswith("text/html")
    for check in told["checks"]:
        assert check["say"] in page.body.decode()
    report = run.control.post("/conformance?format=junit").ok(200)
    assert report.headers["Content-Type"].startswith("application/xml")
    from xml.etree import ElementTree

    suite = ElementTree.fromstring(report.body)[0]
    verdicts = {
        case.get("name"): (case.find("failure") is not None and case.find("failure").get("type")) or "pass"
        for case in suite.iter("testcase")
    }  # type: ignore[union-attr]
    assert verdicts == {check["id"]: check["verdict"] for check in told["checks"]}
    assert suite.get("failures") == str(sum(verdict != "pass" for verdict in verdicts.values()))
    run.control.post("/conformance?format=pdf").ok(400)


def test_another_world_is_no_run_of_an_exercise(world: World) -> None:
    for query in ("", "?format=html", "?format=junit"):
        world.control.post(f"/conformance{query}").refused(409, "no_attempt")


# ── for how long ──────────────────────────────────────────────────────────────────────────────────────────────────


def test_what_ended_long_ago_is_forgotten() -> None:
    program, other = Program("faq-2-4"), Program("faq-1-1")
    for one in (program, other):
        one.check()
        one.world.delete("").ok(204)
    Attempt.objects.filter(public_id=program.id).update(ended_at=wall() - rows.KEPT - timedelta(hours=1))
    Attempt.objects.filter(public_id=other.id).update(ended_at=wall() - rows.KEPT + timedelta(hours=1))
    worlds.clear_expired()
    program.mine.get("").refused(404, "not_found")
    other.mine.get("").ok(200)
    assert Evaluation.objects.count() == 1


def test_one_under_way_is_not_forgotten_however_old() -> None:
    program = Program("faq-2-4")
    Attempt.objects.update(started_at=wall() - rows.KEPT * 3)
    worlds.clear_expired()
    program.mine.get("").ok(200)


# ── graded again ──────────────────────────────────────────────────────────────────────────────────────────────────


def regraded() -> list[str]:
    told = StringIO()
    call_command("exercises", "regrade", stdout=told)
    return told.getvalue().splitlines()


def test_a_stored_attempt_is_graded_again_the_same() -> None:
    for exercise, steps in (("faq-2-4", GOLDEN), ("faq-2-4", GOLDEN[:1]), ("faq-1-1", ())):
        program = Program(exercise)
        program.play(steps)
        program.check()
        if steps:
            program.world.delete("").ok(204)
    assert regraded() == []


@pytest.mark.parametrize("over", [False, True])
def test_after_a_change_the_differences_are_listed_and_nothing_is_overwritten(rewrite: Rewrite, over: bool) -> None:
    program = Program("faq-2-4")
    program.play(GOLDEN)
    program.check()
    if over:
        program.world.delete("").ok(204)
    before = list(Evaluation.objects.values()), list(Attempt.objects.values())
    rewrite("faq-2-4", "state: {path: firms.$A.standing, eq: normal}", "state: {path: firms.$A.standing, eq: overdue}")
    rewrite("faq-2-4", "id: asked_customs", "id: asked_the_right_ones")
    assert regraded() == [
        f"{program.id} faq-2-4 asked_customs: pass → None",
        f"{program.id} faq-2-4 asked_the_right_ones: None → pass",
        f"{program.id} faq-2-4 expired_left_alone: pass → not_yet",
        f"{program.id} faq-2-4 no_second_registration: pass → not_yet",
        f"{program.id} faq-2-4 shown: pass → not_yet",
        f"{program.id} faq-2-4 passed: True → False",
    ]
    assert (list(Evaluation.objects.values()), list(Attempt.objects.values())) == before


def test_what_came_after_the_last_check_is_not_looked_at() -> None:
    program = Program("faq-2-4")
    program.play(GOLDEN[:2])
    program.check()
    program.play(GOLDEN[2:])
    assert regraded() == []
    program.world.delete("").ok(204)
    assert regraded() == [], "what was kept at the end is later too"


def test_an_exercise_that_is_no_more_is_told(rewrite: Rewrite) -> None:
    program = Program("faq-2-4")
    program.check()
    from filings.rules.exercises import loading

    rewrite("faq-2-10", "minutes: 6", "minutes: 7")
    (loading.HERE / "faq-2-4.yaml").unlink()
    loading.catalogue.cache_clear()
    (line,) = regraded()
    assert line.startswith(f"{program.id} faq-2-4: ")
    assert program.mine.get("").ok(200)["exercise"] == "faq-2-4"
    program.mine.post("/check").refused(404, "unknown_exercise")


def test_what_is_kept_of_an_attempt_is_what_was_looked_at() -> None:
    program = Program("faq-2-6")
    program.play(catalogue()["faq-2-6"].exercise.golden)
    alive = json.dumps(program.check())
    program.world.delete("").ok(204)
    kept = json.dumps(program.check())
    assert kept == alive
    assert len(program.mine.get("").ok(200)["evaluations"]) == 1
