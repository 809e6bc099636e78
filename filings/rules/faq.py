"""The FAQ this simulator is built to: the thirty entries of 企业资质常见问题, verbatim, and what holds of each today."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from types import MappingProxyType
from typing import Literal

from filings.rules.words import Provenance

Validity = Literal["current", "moved", "historic", "unknown"]


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


def _load() -> dict[str, Entry]:
    rows = json.loads((files(__package__) / "data" / "faq.json").read_text(encoding="utf-8"))
    return {row["id"]: Entry(**row | {"today_provenance": Provenance(row["today_provenance"])}) for row in rows}


ENTRIES: Mapping[str, Entry] = MappingProxyType(_load())
"""The entries by id (`part.item`, as everything in this project cites them), in the order 1.1…1.10, 2.1…2.20."""
