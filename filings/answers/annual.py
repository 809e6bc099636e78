"""海关年报, and what the publicity platform shows (FAQ 2.11–2.13)."""

from __future__ import annotations

from typing import Annotated, Any

from filings.answers.base import Answer, Day, Instant, Page, laid_out, named, one_of, said
from filings.answers.forms import FormGroup
from filings.rules.advice import Advice
from filings.rules.annual import ANOMALY, Duty
from filings.rules.words import Category, Provenance, Publicity


class DutyPart(Answer):
    """One of the three parts of FAQ 2.11."""

    rule: str
    ok: bool
    sentence: str
    found: str
    faq: str | None
    provenance: Annotated[str, one_of(Provenance)]


class Eligibility(Answer):
    """Whether an enterprise must report a year."""

    year: int
    required: bool
    reasons: Annotated[list[DutyPart], said("三项条件，全部列出")]
    opens_on: Day
    due_on: Day

    @classmethod
    def of(cls, duty: Duty) -> Eligibility:
        parts = [
            DutyPart(
                reason.name, reason.ok, reason.sentence, reason.found, reason.rule.faq, reason.rule.provenance.value
            )
            for reason in duty.reasons
        ]
        return cls(duty.year, duty.required, parts, duty.opens_on.isoformat(), duty.due_on.isoformat())


class AnnualForm(Answer):
    """The page of a year, and whether it is wrong (FAQ 2.12)."""

    year: int
    sections: list[FormGroup]
    anomaly: Annotated[str, named("AnnualFormAnomaly", [ANOMALY])] | None
    advice: Advice | None
    submitted: bool
    values: Annotated[dict[str, Any], laid_out("AnnualReportContent")]


class BackfillOpening(Answer):
    """Whether 补录 is open."""

    open: bool
    opens_at: Instant


class PublicityOfYear(Answer):
    """年报情况 of one year, as the platform shows it."""

    year: int
    publicity_status: Annotated[str, one_of(Publicity)]
    publicity_status_label: str


class AnnualReport(PublicityOfYear):
    """A report as its enterprise reads it."""

    id: str
    submitted_at: Instant
    supplemented_at: Instant | None
    publicised_at: Instant | None
    supplement: BackfillOpening
    content: Annotated[dict[str, Any], laid_out("AnnualReportContent")]


class AnnualReportPage(Page):
    results: list[AnnualReport]


class Publicised(Answer):
    """What the publicity platform tells of an enterprise: it speaks from the customs ledger."""

    platform: str
    uscc: str
    name_cn: str | None
    customs_code: str | None
    categories: list[Annotated[str, one_of(Category)]]
    registered_on: Day
    valid_until: Annotated[Day | None, said("报关有效期；null 为长期")]
    deregistered: bool
    results: list[PublicityOfYear]
