"""The FAQ this simulator is built to: the thirty entries of 企业资质常见问题, verbatim, and what holds of each
today."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Literal

from filings.rules.numbers import fold
from filings.rules.words import Provenance

Validity = Literal["current", "moved", "historic", "unknown"]

VALIDITIES: Mapping[Validity, str] = MappingProxyType(
    {"current": "仍然有效", "moved": "已有变动", "historic": "已成历史", "unknown": "尚不清楚"}
)
"""What `validity` says, in words."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One question and its answer as published, only the line breaks of the PDF joined.

    `validity` and `today` are not of the FAQ: they say what public sources show of the present system, `unknown` where
    none was found; `today_provenance` says how `today` is known.
    """

    id: str
    part: str
    question: str
    answer: str
    validity: Validity
    today: str
    today_provenance: Provenance

    @property
    def validity_label(self) -> str:
        return VALIDITIES[self.validity]


def _load() -> dict[str, Entry]:
    rows = json.loads((files(__package__) / "data" / "faq.json").read_text(encoding="utf-8"))
    return {row["id"]: Entry(**row | {"today_provenance": Provenance(row["today_provenance"])}) for row in rows}


ENTRIES: Mapping[str, Entry] = MappingProxyType(_load())
"""The entries by id (`part.item`, as everything in this project cites them), in the order 1.1…1.10, 2.1…2.20."""


# ── finding one ───────────────────────────────────────────────────────────────────────────────────────────────────

ALIASES = (
    ("海关企业通关资质", "海关企业通用资质"),
    ("海关通用资质", "海关企业通用资质"),
    ("通关资质", "通用资质"),
    ("特殊监管双重身份", "特殊监管区域双重身份"),
    ("双重身份的企业", "双重身份企业"),
    ("是否快件运营", "是否为快件运营"),
    ("补报", "补录"),
    ("注册机关", "注册海关"),
    ("代办", "代理"),
)
"""Words the document, or those who ask, use for one thing, each with the one it is searched by. The text itself is
never altered."""


def search(q: str) -> list[Entry]:
    """The entries in which every word of `q` occurs, in question, answer or number; width, case, blanks and aliases do
    not matter."""
    terms = [_searched(term) for term in fold(q).split()]
    return [entry for entry in ENTRIES.values() if all(term == entry.id or term in _text(entry.id) for term in terms)]


@cache
def _text(entry: str) -> str:
    return _searched(f"{ENTRIES[entry].question}\n{ENTRIES[entry].answer}")


def _searched(text: str) -> str:
    text = "".join(fold(text).casefold().split())
    for alias, word in ALIASES:
        text = text.replace(alias, word)
    return text
