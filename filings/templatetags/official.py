"""Official words on a page: cut from the catalogue or the FAQ where they are shown, never copied into a template."""

from __future__ import annotations

from django import template

from filings.models import Filing
from filings.rules.advice import waiting
from filings.rules.kinds import KINDS
from filings.rules.words import Status

register = template.Library()

_POINTS = "，。；"


@register.filter
def steps(words: str, beginnings: str) -> list[str]:
    """A text cut before each of `beginnings` (given with commas between), without the points at the cuts.

    Raises ValueError for one that is not in the text, in that order: the page no longer fits the words.
    """
    found: list[str] = []
    for beginning in beginnings.split(","):
        at = words.index(beginning)
        found.append(words[:at].rstrip(_POINTS))
        words = words[at:]
    return [*found, words.rstrip(_POINTS)]


@register.filter
def waited_for(filing: Filing) -> str:
    """What a filing waits for, and what to do when that takes long (FAQ 1.9)."""
    return waiting(Status(filing.status), filing.status_since, KINDS[filing.kind].road)
