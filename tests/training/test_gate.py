"""The gate: every exercise passes it, and it catches what would make one worthless."""

from __future__ import annotations

import re
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from filings.lab.grading import gate
from filings.models import Attempt, Sandbox
from filings.rules.exercises import loading
from tests.training.rewriting import Rewrite

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("requests_in_one_transaction")]


def faults(exercise: str) -> dict[str, str]:
    """What the gate finds wrong, by the way on which it is."""
    runs = gate.verify(loading.catalogue()[exercise].exercise)
    return {run.name: run.fault for run in runs if run.fault}


@pytest.mark.parametrize("exercise", loading.catalogue())
def test_an_exercise_stands(exercise: str) -> None:
    """The right way passes, in five variants and with idle reads; nothing else does; each wrong way is noticed."""
    assert faults(exercise) == {}


def test_what_is_played_leaves_nothing(rewrite: Rewrite) -> None:
    list(gate.verify(loading.catalogue()["faq-2-10"].exercise))
    assert (Sandbox.objects.count(), Attempt.objects.exclude(sandbox=None).count()) == (0, 0)


PLANTED: dict[str, tuple[str, str, str, str, str]] = {
    # of which exercise, what is taken out, what is put in its place, on which way it is caught, and what is said
    "a check that passes whatever is done": (
        "faq-2-10",
        "checks:\n",
        "checks:\n  - {id: planted, say: x, state: {path: firms.$A.name_cn, known: true}}\n",
        "every check",
        "idle, whatever is done: planted",
    ),
    "a check that passes by any deed": (
        "faq-2-4",
        "checks:\n",
        "checks:\n  - {id: planted, say: x, any: [{exists: {event: record.checked}}, "
        "{exists: {event: filing.created}}, {exists: {event: ticket.created}}]}\n",
        "every check",
        "idle, whatever is done: planted",
    ),
    "a check of what nobody would do": (
        "faq-2-10",
        "checks:\n",
        "checks:\n  - {id: planted, say: x, absent: {event: card.cancelled}}\n",
        "every check",
        "idle, whatever is done: planted",
    ),
    "checks that pass on the start world": (
        "faq-2-10",
        "ALL CHECKS",
        "checks:\n  - {id: planted, say: x, state: {path: firms.$A.name_cn, known: true}, }\n\n",
        "nothing at all",
        "passes, though the learner did nothing",
    ),
    "a step that is not needed": (
        "faq-2-10",
        "golden:\n",
        "golden:\n  - get: /filings\n",
        "golden, less step 1",
        "passes",
    ),
    "a step that is in vain": (
        "faq-2-4",
        "  - post: /tickets\n    body: {desk: customs, topic: sync}\n  - advance: PT1H\n\nwrong",
        "  - post: /tickets\n    body: {desk: customs, topic: sync}\n  - advance: PT1H\n  - advance: PT1H\n\nwrong",
        "golden, less step 5",
        "passes",
    ),
    "a diagnoser that is silent": (
        "faq-2-10",
        "when:\n      any:\n        - all:",
        "when:\n      all:\n        - exists: {event: card.cancelled}\n        - all:",
        "wrong: invents a parent relation",
        "not noticed: invented_superior",
    ),
    "a diagnoser that blames the right way": (
        "faq-2-10",
        "        - exists: {event: filing.saved, firm: $A, data: {fields: {name: parent_relation}}}",
        "        - exists: {event: filing.declared}",
        "golden, seed 0",
        "noticed invented_superior",
    ),
    "a wrong way that passes": (
        "faq-2-10",
        "filing_mode: self, content: {parent_relation: 母/子公司, parent_name: 深圳市演练集团有限公司, "
        "parent_uscc: 91440399MAMK00013C}}",
        "filing_mode: self, content: {}}",
        "wrong: deletes, and invents it all the same",
        "passes",
    ),
    "a wrong way that goes nowhere": (
        "faq-2-10",
        "  - name: invents a parent relation\n    fires: [invented_superior]\n    steps:\n",
        "  - name: invents a parent relation\n    fires: [invented_superior]\n"
        "    steps:\n      - get: /filings/F999999\n",
        "wrong: invents a parent relation",
        "step 1: GET /api/v1/filings/F999999 was answered 404",
    ),
    "a check that is anybody's": (
        "faq-1-6",
        "CHECKS OF ANYBODY",
        "",
        "golden, by somebody else",
        "passes",
    ),
    "a check by one variant's value": (
        "faq-2-4",
        "state: {path: firms.$A.standing, eq: normal}",
        'state: {path: now, among: ["2021-09-01T10:00:00+08:00"]}',
        "golden, seed 1",
        "shown not_yet",
    ),
    "a check that looks behind the wrong word": (
        "faq-2-4",
        "state: {path: firms.$A.standing, eq: normal}",
        "state: {path: firms.$A.standing, at_least: 3}",
        "golden, seed 0",
        "the grader fails at shown",
    ),
}


@pytest.mark.parametrize("what", PLANTED)
def test_what_is_planted_in_an_exercise_is_caught(what: str, rewrite: Rewrite, monkeypatch: pytest.MonkeyPatch) -> None:
    exercise, old, new, way, said = PLANTED[what]
    text = (loading.HERE / f"{exercise}.yaml").read_text("utf-8")
    if old == "ALL CHECKS":
        # Who reads files refuses this one before: there is no deed in it.
        monkeypatch.setattr(loading, "tells_deed", lambda _: True)
        old = text[text.index("checks:\n") : text.index("diagnosers:\n")]
    elif old == "CHECKS OF ANYBODY":
        old = text[text.index("checks:\n") : text.index("diagnosers:\n")]
        new = re.sub(r"(\{event: [a-z_.]+)", r"\1, actor: anybody", old)
    rewrite(exercise, old, new)
    found = faults(exercise)
    assert said in found.get(way, ""), found


def test_the_command_tells_what_stands_and_what_does_not(rewrite: Rewrite) -> None:
    told = StringIO()
    call_command("exercises", "verify", "faq-2-10", stdout=told)
    assert re.search(r"^faq-2-10: \d+\.\d\d s\n1 exercises, \d+ runs, \d+\.\d s, 0 faults\n$", told.getvalue())
    rewrite("faq-2-10", "golden:\n", "golden:\n  - get: /filings\n")
    with pytest.raises(CommandError, match="the content does not stand"):
        call_command("exercises", "verify", "faq-2-10", stdout=told)
    assert "faq-2-10: golden, less step 1: passes\n" in told.getvalue()


def test_the_command_asks_for_exercises_there_are() -> None:
    with pytest.raises(CommandError, match="no such exercise: faq-9-9"):
        call_command("exercises", "verify", "faq-9-9")
    with pytest.raises(CommandError, match="name exercises, or say --all"):
        call_command("exercises", "verify")


def test_the_command_tells_the_line_of_what_cannot_be_read(rewrite: Rewrite) -> None:
    rewrite("faq-2-10", "minutes: 6", "minuets: 6", read=False)
    with pytest.raises(CommandError, match=r"faq-2-10\.yaml:7: .*minuets"):
        call_command("exercises", "verify", "faq-2-10")
