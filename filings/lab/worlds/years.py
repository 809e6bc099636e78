"""An enterprise's past as 海关年报 needs it: what it reported."""

from __future__ import annotations

from datetime import timedelta

from filings.models import Agenda, AnnualReport, Enterprise, Sandbox, authority
from filings.record.facts import annual_facts
from filings.rules import annual
from filings.rules.appraisal import appraise
from filings.rules.dates import local_date
from filings.rules.events import Due
from filings.rules.words import Party

REPORTED_BEFORE_THE_END = timedelta(days=42)
"""A report of the past was made so long before its time was over. Ours."""


def report_last_year(sandbox: Sandbox, about: Enterprise) -> int | None:
    """The report of the last full year is made, in time, and not shown; one that is there goes back to that. Returns
    the year.

    None is planted for an enterprise that owes none.
    """
    now = sandbox.now()
    year = local_date(now).year - 1
    account = about.accounts.order_by("id").first()
    known = annual_facts(authority(sandbox, Party.CUSTOMS, now), about)
    there = AnnualReport.objects.filter(sandbox=sandbox, enterprise=about, year=year).first()
    if there:
        there.supplemented_at = there.publicised_at = None
        there.save(update_fields=["supplemented_at", "publicised_at"])
        Agenda.strike(sandbox, Due.PUBLICISE, there.public_id)
        return year
    if account is None or not annual.duty(year, known).required:
        return None
    serial = sandbox.tick(serials=1).serial
    AnnualReport.objects.create(
        sandbox=sandbox,
        serial=serial,
        public_id=f"A{serial:06d}",
        enterprise=about,
        account=account,
        year=year,
        content=appraise(annual.SHEET, annual.blank(known), known, declaring=True).values,
        submitted_at=min(now, annual.backfill_opens_at(year) - REPORTED_BEFORE_THE_END),
    )
    return year
