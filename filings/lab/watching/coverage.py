"""What a client has met of all there is to meet: states, edges, refusals, scenarios, situations, glitches, the thirty
entries.

The full list is the register's. What was met is read off what a sandbox only ever adds to, its events and its journal,
so nothing is written while a client works; what a lever puts in force is marked as it does so, and before traces are
taken away (a world replaced, a journal cleared or trimmed) what they told is kept. So what is met stays met, through
reset and restore as well: a suite resets between its tests, and its coverage is that of all of them. Only a new
sandbox has met nothing.

An entry of the FAQ is met when its behaviour was:
- a refusal that cites it was answered: its own words were told;
- or something else that cites it was so (a state a filing reached, a scenario that answers a declaration, a situation
entered, a
  misbehaviour in force) and then, or later, the client made a call that shows it, which was answered, or refused in an
  entry's words: that of the entry's exercise; of FAQ 1.9 also declaring and 申请单查询, which tell a filing's status.
  That a lever put a world so is not yet that a client met it.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import TypeVar
from xml.etree import ElementTree

from django.conf import settings
from django.db import InterfaceError, OperationalError, transaction
from django.db.models import F, Max, Min, Q, QuerySet, Window
from django.db.models.functions import Lag

from filings.lab.watching import marks, tail
from filings.lab.watching.explaining import machine
from filings.lab.watching.marks import Mark, Part
from filings.lab.worlds.situations import SITUATIONS
from filings.models import Event, Exchange, Filing, Glitch, Sandbox, wall
from filings.prepared import PreparedValues
from filings.rules import faq, scenarios
from filings.rules.events import ARRIVALS, EventName
from filings.rules.exercises.loading import of_entry
from filings.rules.glitches import GLITCHES
from filings.rules.kinds import KINDS
from filings.rules.refusals import CATALOGUE
from filings.rules.register import REGISTER
from filings.rules.words import Party, Status

log = logging.getLogger(__name__)

Key = TypeVar("Key")


@dataclass(frozen=True, slots=True)
class Row:
    """One thing to meet."""

    part: Part
    name: str
    title: str
    faq: str | None = None


@cache
def full() -> tuple[Row, ...]:
    """Everything a client can meet, in the order of the parts."""
    return tuple(_full())


def _full() -> Iterator[Row]:
    machines = [(kind, machine(kind)) for kind in KINDS.values()]
    for kind, drawn in machines:
        for state in drawn.states:
            yield Row(Part.STATE, f"{kind.name}.{state.code}", f"{kind.label}：{state.label}", "1.9")
    for kind, drawn in machines:
        for edge in drawn.edges:
            title = f"{kind.label}：{Status(edge.from_).label} → {Status(edge.to).label}"
            yield Row(Part.EDGE, f"{kind.name}.{edge.from_}-{edge.to}", title)
    guarding = {rule.code for rule in REGISTER.values()}
    for code, wording in CATALOGUE.items():
        if wording.faq or code in guarding:
            yield Row(Part.REFUSAL, code, wording.detail, wording.faq)
    for scenario in scenarios.CATALOGUE.values():
        yield Row(Part.SCENARIO, scenario.name, scenario.title, scenario.faq)
    for situation in SITUATIONS.values():
        yield Row(Part.SITUATION, situation.name, situation.title, situation.faq)
    for glitch in GLITCHES.values():
        yield Row(Part.GLITCH, glitch.name, glitch.title, glitch.faq)
    for number in faq.ENTRIES:
        yield Row(Part.FAQ, number, of_entry(number).title, number)


def met(sandbox: Sandbox) -> dict[Mark, datetime]:
    """What was met in this sandbox since it was made, whatever became of its worlds, with when it first was (wall
    time)."""
    if settings.SIM_JOURNAL:
        tail.settle()
    found = _first([*marks.kept(sandbox).items(), *_traces(sandbox)])
    return found | {mark: wall() for mark in _entries(sandbox, found) if mark not in found}


def keep(sandbox: Sandbox) -> None:
    """Remember what the present traces tell, before they go. In the caller's transaction.

    Where somebody spoilt them in the database they go untold: a world can always be begun anew.
    """
    with _untold_if_spoilt(sandbox), transaction.atomic():
        marks.keep(sandbox, met(sandbox))


def keep_unhurried(sandbox: Sandbox) -> None:
    """The same in a transaction of its own, held for the writing alone. Raises 404 where the sandbox is gone."""
    found: Mapping[Mark, datetime] = {}
    with _untold_if_spoilt(sandbox):
        found = met(sandbox)
    with transaction.atomic():
        sandbox.lock_anew()
        marks.keep(sandbox, found)


@contextmanager
def _untold_if_spoilt(sandbox: Sandbox) -> Iterator[None]:
    try:
        yield
    except (OperationalError, InterfaceError):
        raise
    except Exception:
        log.exception("sandbox %s: what was met in it cannot be told, and is not kept", sandbox.key)


def entered(sandbox: Sandbox, situation: str) -> None:
    """Remember that a situation was entered."""
    marks.remember(sandbox, Part.SITUATION, [situation])


def _first(found: Iterable[tuple[Key, datetime]]) -> dict[Key, datetime]:
    first: dict[Key, datetime] = {}
    for key, at in found:
        first[key] = min(at, first.get(key, at))
    return first


def _traces(sandbox: Sandbox) -> Iterator[tuple[Mark, datetime]]:
    """What the present world tells: its events, the journal, what is in force."""
    now = wall()
    for kind, name, at in _ARRIVED.all(sandbox.pk):
        yield (Part.STATE.value, f"{kind}.{ARRIVALS[EventName(name)]}"), at
    for kind, came_from, name in _CAME_FROM.all(sandbox.pk):
        if came_from:
            yield (Part.EDGE.value, f"{kind}.{ARRIVALS[EventName(came_from)]}-{ARRIVALS[EventName(name)]}"), now
    answered = _ANSWERED.all(sandbox.key) if settings.SIM_JOURNAL else []
    for code, at in (*_REFUSED.all(sandbox.pk), *answered):
        yield (Part.REFUSAL.value, code), at
    for text, at in (*_ACTED.all(sandbox.pk), *((text, now) for (text,) in _SETTLED.all(sandbox.pk))):
        yield (Part.SCENARIO.value, scenarios.parse(text).scenario.name), at
    for (name,) in _IN_FORCE.all(sandbox.pk):
        yield (Part.GLITCH.value, name), now


def _arrivals(sandbox: int) -> QuerySet[Event]:
    return Event.objects.filter(sandbox=sandbox, name__in=ARRIVALS).order_by()


_ARRIVED = PreparedValues(
    lambda sandbox: _arrivals(sandbox).values_list("data__kind", "name").annotate(at=Min("at_real")), -1
)
_CAME_FROM = PreparedValues(
    lambda sandbox: (
        _arrivals(sandbox)
        .annotate(before=Window(Lag("name"), partition_by=[F("subject")], order_by=[F("seq").asc()]))
        .values_list("data__kind", "before", "name")
        .distinct()
    ),
    -1,
)
_REFUSED = PreparedValues(
    lambda sandbox: (
        Event.objects.filter(sandbox=sandbox, name=EventName.REFUSED, party=Party.APPLICANT)
        .order_by()
        .values_list("data__code")
        .annotate(at=Min("at_real"))
    ),
    -1,
)
_ANSWERED = PreparedValues(
    lambda key: (
        Exchange.objects.filter(sandbox=key).exclude(code="").order_by().values_list("code").annotate(at=Min("at_real"))
    ),
    "a key",
)
_ACTED = PreparedValues(
    lambda sandbox: (
        _arrivals(sandbox).filter(data__has_key="scenario").values_list("data__scenario").annotate(at=Min("at_real"))
    ),
    -1,
)
_SETTLED = PreparedValues(
    lambda sandbox: (
        Filing.objects.filter(sandbox=sandbox).exclude(scenario="").order_by().values_list("scenario").distinct()
    ),
    -1,
)
_IN_FORCE = PreparedValues(
    lambda sandbox: Glitch.objects.filter(sandbox=sandbox).order_by().values_list("name").distinct(), -1
)


# ── the entries ───────────────────────────────────────────────────────────────────────────────────────────────────

_SHOWN_BY = {"1.9": ("POST /filings/{filing}/declare", "GET /enquiries/filings")}
"""Calls that show an entry's behaviour besides that of its exercise."""


def _entries(sandbox: Sandbox, found: Mapping[Mark, datetime]) -> set[Mark]:
    """The entries whose behaviour was met."""
    cites = _cites()
    cited = {number for mark in found if mark[0] == Part.REFUSAL and (number := cites.get(mark))}
    since = _first((number, at) for mark, at in found.items() if (number := cites.get(mark)) and number not in cited)
    calls = _SHOWING.all(sandbox.key) if since and settings.SIM_JOURNAL else []
    shown = {
        number
        for number, at in since.items()
        if any(
            last >= at and call.fullmatch(f"{method} {path}") for method, path, last in calls for call in _calls(number)
        )
    }
    return {(Part.FAQ.value, number) for number in cited | shown}


_SHOWING = PreparedValues(
    lambda key: (
        Exchange.objects.filter(
            Q(status__lt=400) | Q(code__in=[code for code, wording in CATALOGUE.items() if wording.faq]), sandbox=key
        )
        .order_by()
        .values_list("method", "path")
        .annotate(last=Max("at_real"))
    ),
    "a key",
)


@cache
def _cites() -> dict[Mark, str]:
    """The entry that each thing to be met cites."""
    return {(row.part.value, row.name): row.faq for row in full() if row.faq and row.part is not Part.FAQ}


@cache
def _calls(number: str) -> tuple[re.Pattern[str], ...]:
    """The calls that show an entry's behaviour."""
    calls = (of_entry(number).call, *_SHOWN_BY.get(number, ()))
    return tuple(
        re.compile(re.sub(r"\\\{\w+\\\}", "[^/]+", re.escape(call.replace(" ", " /api/v1", 1)))) for call in calls
    )


# ── told ──────────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Share:
    """How far a part is covered. `rows` pairs each thing with whether it was met."""

    part: Part
    rows: tuple[tuple[Row, bool], ...]

    @property
    def met(self) -> int:
        return sum(was for _, was in self.rows)

    @property
    def of(self) -> int:
        return len(self.rows)


def shares(*sandboxes: Sandbox) -> list[Share]:
    """The coverage of a sandbox, or of several as one, part by part."""
    was = {mark for sandbox in sandboxes for mark in met(sandbox)}
    return [
        Share(part, tuple((row, (part.value, row.name) in was) for row in full() if row.part is part)) for part in Part
    ]


def junit(name: str, shares: list[Share]) -> bytes:
    """Coverage as a JUnit report: one suite a part, what was not met is skipped."""
    root = ElementTree.Element("testsuites", name=name)
    for share in shares:
        suite = ElementTree.SubElement(
            root,
            "testsuite",
            name=share.part.value,
            tests=str(share.of),
            skipped=str(share.of - share.met),
            failures="0",
            errors="0",
        )
        for row, was in share.rows:
            case = ElementTree.SubElement(suite, "testcase", classname=f"coverage.{share.part.value}", name=row.name)
            if not was:
                ElementTree.SubElement(case, "skipped", message=f"未触及：{row.title}")
    return ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
