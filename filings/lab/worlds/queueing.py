"""Which scenario answers: the queue for the next matching declarations, and what is pinned to one filing."""

from __future__ import annotations

from django.db import transaction
from django.db.models import QuerySet

from filings import desk
from filings.answers import handling
from filings.lab.watching import marks
from filings.lab.worlds import people
from filings.models import Filing, QueuedScenario, Sandbox, Visit
from filings.rules import scenarios
from filings.rules.appraisal import Problem
from filings.rules.numbers import uscc_told
from filings.rules.refusals import absent, invalid


@transaction.atomic
def put(sandbox: Sandbox, scenario: str, *, kind: str = "", uscc: str = "", times: int = 1) -> QueuedScenario:
    """Let a scenario answer the next `times` declarations of a kind and an enterprise, of any if not named. Raises 400
    and 422."""
    chosen = str(scenarios.parse(scenario))
    if uscc and (fault := uscc_told(uscc)):
        raise invalid([Problem("/match/uscc", "uscc_invalid", fault)])
    if uscc and (words := people.no_enterprise(sandbox, uscc)):
        raise invalid([Problem("/match/uscc", "never_matches", f"{words}；以后才有的，请在有了之后排入")])
    serial = sandbox.tick(serials=1).serial
    return QueuedScenario.objects.create(
        sandbox=sandbox, serial=serial, public_id=f"Q{serial:06d}", scenario=chosen, kind=kind, uscc=uscc, left=times
    )


def waiting(sandbox: Sandbox) -> QuerySet[QueuedScenario]:
    """What still waits, first come first."""
    return QueuedScenario.objects.filter(sandbox=sandbox).order_by("serial")


def take_back(sandbox: Sandbox, public_id: str) -> None:
    """Take a scenario out of the queue. Raises 404."""
    if not waiting(sandbox).filter(public_id=public_id).delete()[0]:
        raise absent("排队情景", public_id)


def read(queued: QueuedScenario) -> handling.QueuedScenario:
    """A place in the queue as the control plane tells it."""
    match = handling.QueueMatch(queued.kind or None, queued.uscc or None)
    return handling.QueuedScenario(queued.public_id, queued.scenario, match, queued.left)


@transaction.atomic
def pin(visit: Visit, filing: str, scenario: str) -> Filing:
    """Let a scenario answer this filing, whatever else would. One that is declared is answered by it from now on.
    Raises 400 and 404."""
    pinned = desk.answer_by(visit, filing, scenario, "pinned")
    if pinned.scenario:
        marks.remember(visit.sandbox, marks.Part.SCENARIO, [scenarios.parse(pinned.scenario).scenario.name])
    return pinned
