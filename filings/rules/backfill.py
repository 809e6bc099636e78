"""FAQ 1.1: who need not 补录 企业备案信息, having held both qualifications before 2018-08-01."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from filings.rules.dates import BACKFILL_BEFORE
from filings.rules.facts import registered
from filings.rules.words import Provenance, Qualification


@dataclass(frozen=True, slots=True)
class Determination:
    """Whether 补录 is needed, in the document's words where it has them, and how that is known."""

    code: str
    required: bool
    answer: str
    provenance: Provenance
    lacking: Qualification | None = None


NOT_NEEDED = Determination("not_needed", False, "不需要", Provenance.DOCUMENTED)
NOT_APPLICABLE = Determination(
    "not_applicable", False, "不适用：两项资质在2018年8月1日以后同时取得", Provenance.ASSUMED
)
NOT_REGISTERED = Determination("not_registered", False, "企业尚未注册登记，请办理注册登记申请", Provenance.OURS)
BACKFILLED = Determination("backfilled", False, "已补录", Provenance.OURS)


def determination(ledger: Mapping[str, Any], backfilled: bool = False) -> Determination:
    """What FAQ 1.1 says of an enterprise by the dates of its two qualifications.

    Both before 2018-08-01: 不需要. Both from then on: they came together, 不适用. Otherwise one is lacking, or was
    that day: 需补录 (assumed; the document speaks of firms that held both). Without either there is nothing to
    supplement.
    """
    days = {qualification: ledger.get(f"{qualification.value}_qualified_on") for qualification in Qualification}
    if not registered(ledger) or not any(days.values()):
        return NOT_REGISTERED
    if all(_before(day) for day in days.values()):
        return NOT_NEEDED
    if all(day and not _before(day) for day in days.values()):
        return NOT_APPLICABLE
    if backfilled:
        return BACKFILLED
    lacking = next((qualification for qualification, day in days.items() if day is None), None)
    lacking = lacking or next(qualification for qualification, day in days.items() if not _before(day))
    return Determination("needed", True, f"需要补录{lacking.label}资质的备案信息", Provenance.ASSUMED, lacking)


def _before(day: date | None) -> bool:
    return day is not None and day < BACKFILL_BEFORE
