"""What happened in a sandbox, what is coming, how its filings stand: in the words of the pages behind the counter."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from filings import agenda
from filings.lab.watching import explaining
from filings.manners.happenings import Happening, told
from filings.models import Agenda, Event, Filing, Sandbox
from filings.rules import scenarios
from filings.rules.attachments import TYPES
from filings.rules.dates import local
from filings.rules.events import IN_WORDS
from filings.rules.refusals import Refusal
from filings.rules.words import Status

_FILING = re.compile(r"F\d{6,9}")

RECENT = 12
"""Events, due things and filings on a sandbox's page."""


def span(wait: timedelta) -> str:
    """How long, in words."""
    seconds = max(0, int(wait.total_seconds()))
    days, rest = divmod(seconds, 24 * 3600)
    hours, rest = divmod(rest, 3600)
    minutes, seconds = divmod(rest, 60)
    if days:
        return f"{days} 天 {hours} 小时" if hours else f"{days} 天"
    if hours:
        return f"{hours} 小时 {minutes} 分钟" if minutes else f"{hours} 小时"
    return f"{minutes} 分钟" if minutes else f"{seconds} 秒"


def happened(sandbox: Sandbox, *, filing: str = "", after: int = 0, last: int | None = None) -> list[Happening]:
    """What happened in a sandbox, or to one filing, refusals included; oldest first, the `last` so many."""
    rows = explaining.events(sandbox, filing=filing, after=after, last=last)
    return [_told_or_not(event) for event in rows]


SPOILT = "无法读出：数据库中的这一行有误"
"""Stands for what cannot be told because somebody spoilt it in the database: the page tells the rest."""


def _told_or_not(event: Event) -> Happening:
    try:
        return _told(event)
    except (AttributeError, KeyError, TypeError, ValueError, OverflowError):
        return Happening(event.seq, event.name, None, SPOILT, "", "", "", "")


def _told(event: Event) -> Happening:
    return told(
        seq=event.seq,
        name=event.name,
        at=event.at,
        party=event.party,
        actor=event.actor,
        medium=event.medium,
        firm=event.uscc,
        subject=event.subject,
        data=event.data,
    )


def last_seq(sandbox: Sandbox) -> int:
    """The number of the newest event."""
    return next((event.seq for event in happened(sandbox, last=1)), 0)


def scenario_words(text: str) -> str:
    """A scenario string as a person reads it; one there is not, as it is written."""
    if not text:
        return ""
    try:
        chosen = scenarios.parse(text)
    except Refusal:
        return text
    labels = {
        p.name: (p.title, choice_label(p.name, value))
        for p in chosen.scenario.parameters
        if (value := chosen.given.get(p.name))
    }
    given = "；".join(f"{title}：{label}" for title, label in labels.values())
    return f"{chosen.scenario.title}（{given}）" if given else chosen.scenario.title


_PACES = {"normal": "普通", "fast": "快"}


def choice_label(name: str, value: str, long: bool = False) -> str:
    """A parameter's value in words; of a pace, `long`, when each reply comes."""
    match name:
        case "reason":
            return scenarios.REASONS[value].public
        case "attachments":
            return "、".join(TYPES[type] for type in scenarios.ATTACHMENTS[value]) or "不要求"
        case "at":
            return Status(value).label
        case "pace":
            waits = "，".join(
                f"{IN_WORDS.get(verb, '审批')} {span(wait)}" for verb, wait in scenarios.PACES[value].items()
            )
            return f"{_PACES[value]}（申报后：{waits}）" if long else _PACES[value]
    return value


@dataclass(frozen=True, slots=True)
class Coming:
    """A thing on the agenda."""

    at: datetime | None
    label: str
    subject: str
    wait: str

    @property
    def filing(self) -> bool:
        """Whether it is about a filing, which has a page."""
        return bool(_FILING.fullmatch(self.subject))


def coming(sandbox: Sandbox, subjects: Iterable[str] | None = None) -> list[Coming]:
    """What is due next, of all or of some filings."""
    rows = agenda.upcoming(sandbox)
    if subjects is not None:
        rows = rows.filter(subject__in=list(subjects))
    now = sandbox.now()
    found = rows if subjects is not None else rows[:RECENT]
    return [_coming(row, now) for row in found]


def _coming(row: Agenda, now: datetime) -> Coming:
    try:
        return Coming(local(row.at), IN_WORDS.get(row.deed, row.deed), row.subject, span(row.at - now))
    except (AttributeError, TypeError, OverflowError):
        return Coming(None, IN_WORDS.get(row.deed, row.deed), row.subject, SPOILT)


@dataclass(frozen=True, slots=True)
class Aside(Coming):
    """A thing on the agenda that could not be carried out, and what was wrong."""

    trouble: str


def set_aside(sandbox: Sandbox, subject: str = "") -> list[Aside]:
    """What waits to be scheduled anew, of a sandbox or of one filing; the first so many."""
    rows = agenda.set_aside(sandbox, subject)[:RECENT]
    return [
        Aside(_coming(row, row.at).at, IN_WORDS.get(row.verb, row.verb), row.subject, "", row.trouble) for row in rows
    ]


@dataclass(frozen=True, slots=True)
class Row:
    """A filing in a list: how long it stands, who answers it, what comes next."""

    filing: Filing
    age: str
    scenario: str
    next: Coming | None


def rows_of(sandbox: Sandbox, filings: Iterable[Filing]) -> list[Row]:
    """Filings as these pages list them; the agenda is asked once for all."""
    filings, now = list(filings), sandbox.now()
    due: dict[str, Coming] = {}
    for arrival in coming(sandbox, [filing.public_id for filing in filings]):
        due.setdefault(arrival.subject, arrival)
    return [
        Row(
            filing,
            _age(filing, now),
            scenario_words(filing.scenario or filing.pinned_scenario),
            due.get(filing.public_id),
        )
        for filing in filings
    ]


def _age(filing: Filing, now: datetime) -> str:
    return span(now - filing.status_since) if filing.status_since else SPOILT
