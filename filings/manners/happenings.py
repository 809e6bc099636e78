"""What happened in a sandbox, in words: an event as pages tell it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from filings.rules.dates import local
from filings.rules.events import IN_WORDS, EventName
from filings.rules.refusals import CATALOGUE
from filings.rules.words import Department, Medium, Party, Topic

_FILING = re.compile(r"F\d{6,9}")


@dataclass(frozen=True, slots=True)
class Happening:
    """An event as it is told: what, of which filing, by whom, how."""

    seq: int
    name: str
    at: datetime | None
    label: str
    subject: str
    who: str
    how: str
    words: str

    @property
    def filing(self) -> bool:
        """Whether it happened to a filing, which has a page: there are enterprises, cards and annual reports as
        well."""
        return bool(_FILING.fullmatch(self.subject))


def told(
    *,
    seq: int,
    name: str,
    at: datetime,
    party: str,
    actor: str,
    medium: str,
    firm: str,
    subject: str,
    data: Mapping[str, Any],
) -> Happening:
    """An event in words. Raises AttributeError, TypeError or ValueError for one that somebody spoilt."""
    applicant = party == Party.APPLICANT
    moved = name.startswith("filing.")
    by_medium = f"{Medium(medium).label}登录" if medium else ""
    return Happening(
        seq=seq,
        name=name,
        at=local(at),
        label=str(EventName(name).label) if name in EventName.values else name,
        subject=subject,
        who=f"{Party(party).label}{f' {actor}' if applicant and actor else ''}",
        how=by_medium if applicant else ("人工操作" if data.get("by_hand") else "按情景自动" if moved else ""),
        words=_words(name, data, subject, firm),
    )


def _words(name: str, data: Mapping[str, Any], subject: str, firm: str) -> str:
    """What there is to say besides: of a refusal to do what, and why; of a question to whom and about what; of a
    report its year; of no subject whose it is."""
    refusal = CATALOGUE.get(data.get("code", "")) if name == EventName.REFUSED else None
    if refusal:
        return f"{IN_WORDS.get(data.get('verb', ''), '操作')}：{refusal.title}"
    if name in (EventName.TICKET_CREATED, EventName.TICKET_ANSWERED):
        return f"{Department(data['desk']).label}：{Topic(data['topic']).label}"
    return f"{data['year']} 年度" if "year" in data else "" if subject else firm
