"""What a client has met of all there is to meet: states, edges, refusals, scenarios, situations, glitches, the thirty entries.

The full list is the register's; what was met is read off the sandbox's own traces, so nothing is written while a client works. What
a world's traces told is kept when the world is replaced.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from xml.etree import ElementTree

from django.db.models import F, OuterRef, Subquery, TextChoices, Window
from django.db.models.functions import Lag

from filings.lab import journal
from filings.lab.exercises import EXERCISES
from filings.lab.explaining import machine
from filings.lab.situations import SITUATIONS
from filings.models import Covered, Event, Fault, Filing, Glitch, Sandbox
from filings.rules import faq, scenarios
from filings.rules.glitches import GLITCHES
from filings.rules.kinds import KINDS
from filings.rules.refusals import CATALOGUE
from filings.rules.register import REGISTER
from filings.rules.words import Status


class Part(TextChoices):
    """What is counted apart."""

    STATE = "state", "状态"
    EDGE = "edge", "流转"
    REFUSAL = "refusal", "拒绝"
    SCENARIO = "scenario", "情景"
    SITUATION = "situation", "场面"
    GLITCH = "glitch", "异常"
    FAQ = "faq", "常见问题"


Mark = tuple[str, str]
"""A part and a name in it."""


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
        for state in drawn["states"]:
            yield Row(Part.STATE, f"{kind.name}.{state['code']}", f"{kind.label}：{state['label']}", "1.9")
    for kind, drawn in machines:
        for edge in drawn["edges"]:
            title = f"{kind.label}：{Status(edge['from']).label} → {Status(edge['to']).label}"
            yield Row(Part.EDGE, f"{kind.name}.{edge['from']}-{edge['to']}", title)
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
        yield Row(Part.FAQ, number, EXERCISES[number].title, number)


def met(sandbox: Sandbox) -> set[Mark]:
    """What was met in this sandbox since it was made, whatever became of its worlds."""
    marks = set(Covered.objects.filter(sandbox=sandbox).values_list("part", "name")) | _traces(sandbox)
    return marks | _entries(sandbox, marks)


def keep(sandbox: Sandbox) -> None:
    """Remember what the present world tells, before it is replaced. In the caller's transaction."""
    _write(sandbox, met(sandbox))


def entered(sandbox: Sandbox, situation: str) -> None:
    """Remember that a situation was entered."""
    _write(sandbox, {(Part.SITUATION.value, situation)})


def _write(sandbox: Sandbox, marks: set[Mark]) -> None:
    Covered.objects.bulk_create(
        (Covered(sandbox=sandbox, part=part, name=name) for part, name in sorted(marks)), ignore_conflicts=True
    )


def _traces(sandbox: Sandbox) -> set[Mark]:
    kinds = Filing.objects.filter(sandbox=sandbox, public_id=OuterRef("subject")).values("kind")
    steps = (
        Event.objects.filter(sandbox=sandbox, name__in=_ARRIVING)
        .annotate(
            kind=Subquery(kinds), before=Window(Lag("name"), partition_by=[F("subject")], order_by=[F("seq").asc()]),
        )
        .order_by()
        .values_list("kind", "before", "name")
        .distinct()
    )  # fmt: skip
    marks: set[Mark] = set()
    for kind, before, name in steps:
        if kind:
            marks.add((Part.STATE, f"{kind}.{_ARRIVING[name]}"))
            if before:
                marks.add((Part.EDGE, f"{kind}.{_ARRIVING[before]}-{_ARRIVING[name]}"))
    refused = Event.objects.filter(sandbox=sandbox, name="refused").order_by().values_list("data__code", flat=True).distinct()
    marks |= {(Part.REFUSAL, code) for code in {*refused} | journal.codes(sandbox)}
    used = Filing.objects.filter(sandbox=sandbox).exclude(scenario="").order_by().values_list("scenario", flat=True).distinct()
    marks |= {(Part.SCENARIO, scenarios.parse(text).scenario.name) for text in used}
    in_force = Glitch.objects.filter(sandbox=sandbox).order_by().values_list("name", flat=True).distinct()
    struck = Fault.objects.filter(sandbox=sandbox, fired__gt=0).order_by().values_list("name", flat=True).distinct()
    return marks | {(Part.GLITCH, name) for name in (*in_force, *struck) if name in GLITCHES}


_ARRIVING: Mapping[str, str] = {"filing.created": Status.DRAFT.value} | {
    f"filing.{status.value}": status.value for status in Status if status is not Status.DRAFT
}
"""The events by which a filing arrives in a status."""


def _entries(sandbox: Sandbox, marks: set[Mark]) -> set[Mark]:
    """An entry is met when a refusal that cites it was given, or its call was made where a situation of it was entered."""
    cited = {CATALOGUE[name].faq for part, name in marks if part == Part.REFUSAL and name in CATALOGUE}
    staged = {SITUATIONS[name].faq for part, name in marks if part == Part.SITUATION and name in SITUATIONS}
    calls = journal.calls(sandbox) if staged - cited else set()
    for number in sorted(one for one in staged - cited if one):
        method, pattern = _call(number)
        if any(verb == method and pattern.fullmatch(path) for verb, path in calls):
            cited.add(number)
    return {(Part.FAQ, number) for number in cited if number}


@cache
def _call(number: str) -> tuple[str, re.Pattern[str]]:
    method, _, path = EXERCISES[number].call.partition(" ")
    return method, re.compile(r"/api/v1" + re.sub(r"\\\{\w+\\\}", "[^/]+", re.escape(path)))


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


def shares(sandbox: Sandbox) -> list[Share]:
    """The coverage of a sandbox, part by part."""
    marks = met(sandbox)
    return [Share(part, tuple((row, (row.part.value, row.name) in marks) for row in full() if row.part is part)) for part in Part]


def junit(name: str, told: list[Share]) -> bytes:
    """Coverage as a JUnit report: one suite a part, what was not met is skipped."""
    root = ElementTree.Element("testsuites", name=name)
    for share in told:
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
