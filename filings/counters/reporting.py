"""海关年报: reporting a year, and sending again a report that never came through (FAQ 2.11, 2.12, 2.13)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from msgspec import to_builtins
from msgspec.structs import asdict

from filings.answers import annual as answers
from filings.answers.forms import FormGroup
from filings.models import Agenda, AnnualReport, CustomsRecord, Enterprise, Sandbox, Visit, row_or_none
from filings.record.facts import account_facts, annual_facts, misbehaves
from filings.record.trail import note, note_checked
from filings.rules import annual, guards
from filings.rules.appraisal import Problem, appraise
from filings.rules.dates import at, local_date, on, rfc3339
from filings.rules.entitlements import standing
from filings.rules.events import Due, EventName
from filings.rules.facts import Facts, registered
from filings.rules.refusals import Refusal, absent, invalid
from filings.rules.register import Values
from filings.rules.words import Publicity

together = transaction.atomic(savepoint=False)

PLATFORM = "中国海关企业进出口信用信息公示平台（模拟）"


# ── reporting ─────────────────────────────────────────────────────────────────────────────────────────────────────


@together
def submit(visit: Visit, year: int, content: Mapping[str, Any], *, browser: bool = False) -> AnnualReport:
    """年报申报. After 30 June it is still taken, and will read 超期报送.

    The refusals come in this order: the account rule (2.3), a page that is wrong (2.12), the three parts (2.11), the
    calendar, a report that was made already, and then every field error at once.
    """
    about, known = _own(visit)
    expect_year(year, known)
    if annual.phantom_customs_section(Values(), known):
        raise Refusal("phantom_section")
    duty = judged(year, known)
    if not duty.required:
        words = f"不需要报送{year}年度海关年报，不符合的条件：{duty.failing}"
        raise Refusal("not_required", words, extra=asdict(answers.Eligibility.of(duty)))
    if not annual.reporting_open(Values(year=year), known):
        raise Refusal("report_not_open", extra={"opens_at": rfc3339(annual.opens_at(year))})
    if earlier := report_of(visit, year):
        raise Refusal("already_submitted", extra={"year": year, "submitted_at": rfc3339(earlier.submitted_at)})
    filled = _filled({**annual.blank(known), **content}, known, content, browser)
    assert visit.account is not None
    tick = visit.sandbox.tick(events=1, serials=1)
    report = AnnualReport.objects.create(
        sandbox=visit.sandbox,
        serial=tick.serial,
        public_id=f"A{tick.serial:06d}",
        enterprise=about,
        account=visit.account,
        year=year,
        content=filled,
        submitted_at=visit.now,
    )
    note(visit, EventName.ANNUAL_REPORT_SUBMITTED, tick=tick, subject=report.public_id, year=year)
    lag = misbehaves(visit.sandbox, "publicity_lag", about.uscc)
    if wait := annual.publicised_after(lag.args if lag else None):
        Agenda.put(visit.sandbox, visit.now + wait, Due.PUBLICISE, report.public_id)
    return report


@together
def supplement(
    visit: Visit, year: int, patch: Mapping[str, Any] | None = None, *, browser: bool = False
) -> AnnualReport:
    """年报补录: send again a report that the platform does not show yet. A patch (RFC 7396) corrects the report.

    Doing it again changes nothing. It goes the usual way: what held up the first report does not hold up this one.
    """
    _, known = _own(visit)
    report = report_of(visit, year)
    if report is None:
        raise Refusal("not_submitted")
    if report.publicised_at is not None:
        raise Refusal("already_reported", extra={"publicised_at": rfc3339(report.publicised_at)})
    if report.supplemented_at is None and not annual.backfill_open(Values(year=year), known):
        opening = rfc3339(annual.backfill_opens_at(year))
        raise Refusal("backfill_not_open", extra={"opens_at": opening, "business_affected": False})
    content = _filled(annual.SHEET.merge(report.content, patch), known, patch, browser) if patch else report.content
    if report.supplemented_at is not None:
        return report
    report.content = content
    report.supplemented_at = visit.now
    report.save(update_fields=["content", "supplemented_at"])
    note(visit, EventName.ANNUAL_REPORT_SUPPLEMENTED, subject=report.public_id, year=year)
    _hasten(visit.sandbox, report, visit.now + annual.PUBLICISED_AFTER)
    return report


def judged(year: int, known: Facts) -> annual.Duty:
    """The three parts of FAQ 2.11. Raises 422 if they cannot be judged: for a year to come, or a record without its
    date."""
    expect_year(year, known)
    if not annual.registration_date_known(Values(year=year), known):
        raise Refusal("registration_date_missing")
    return annual.duty(year, known)


def expect_year(year: int, known: Facts) -> None:
    """Raises 422 for a report year that has not begun."""
    if not annual.year_has_begun(Values(year=year), known):
        raise invalid([Problem("/year", "future_report_year", f"{year}年度尚未开始，不能判断是否需要报送", "2.11")])


# ── reading ───────────────────────────────────────────────────────────────────────────────────────────────────────


def eligibility(visit: Visit, year: int) -> answers.Eligibility:
    """Whether the visit's enterprise must report a year: the three parts, always all of them."""
    _, known = _own(visit)
    return answers.Eligibility.of(judged(year, known))


def form(visit: Visit, year: int) -> answers.AnnualForm:
    """The page of a year: its sections, their content, and whether the page is wrong (FAQ 2.12)."""
    _, known = _own(visit)
    expect_year(year, known)
    report, shown = report_of(visit, year), annual.sections(known)
    names = {name for section in shown for name in section.fields}
    values = report.content if report else appraise(annual.SHEET, annual.blank(known), known).values
    wrong = annual.phantom_customs_section(Values(), known)
    return answers.AnnualForm(
        year=year,
        sections=[
            group for group in FormGroup.all_of(annual.SHEET) if group.name in {section.name for section in shown}
        ],
        anomaly=annual.ANOMALY if wrong else None,
        advice=annual.CONTACT_INSPECTION if wrong and visit.helped else None,
        submitted=report is not None,
        values={name: value for name, value in annual.SHEET.shape(values).items() if name in names},
    )


def reports(visit: Visit) -> QuerySet[AnnualReport]:
    """The reports of the visit's enterprise, newest first."""
    return AnnualReport.objects.filter(sandbox=visit.sandbox, enterprise=visit.enterprise).order_by("-serial")


def report_of(visit: Visit, year: int) -> AnnualReport | None:
    """The visit's enterprise's report of a year."""
    return row_or_none(AnnualReport.objects.filter(sandbox=visit.sandbox, enterprise=visit.enterprise, year=year))


def read(visit: Visit, report: AnnualReport) -> answers.AnnualReport:
    """A report as its enterprise reads it."""
    waits = report.publicised_at is None and report.supplemented_at is None
    status = _shown(report.year, visit.now, report)
    return answers.AnnualReport(
        year=report.year,
        publicity_status=status.value,
        publicity_status_label=status.label,
        id=report.public_id,
        submitted_at=rfc3339(report.submitted_at),
        supplemented_at=at(report.supplemented_at),
        publicised_at=at(report.publicised_at),
        supplement=answers.BackfillOpening(
            open=waits and annual.backfill_open(Values(year=report.year), account_facts(visit)),
            opens_at=rfc3339(annual.backfill_opens_at(report.year)),
        ),
        content=annual.SHEET.shape(report.content),
    )


def read_all(visit: Visit, rows: Iterable[AnnualReport]) -> list[answers.AnnualReport]:
    """Reports in the form their enterprise reads."""
    return [read(visit, report) for report in rows]


def publicity(visit: Visit, uscc: str) -> answers.Publicised:
    """What the publicity platform shows of an enterprise registered with customs. It is public: anybody may ask. Raises
    404.

    It reads the customs ledger: here an enterprise sees whether its own record is still valid (FAQ 2.4).
    """
    record = CustomsRecord.of(visit.sandbox, uscc)
    if record is None or record.registered_on is None:
        raise absent("海关备案企业", uscc, remedy="公示平台只有在海关备案的企业；请核对统一社会信用代码")
    enterprise = row_or_none(Enterprise.objects.filter(sandbox=visit.sandbox, uscc=uscc))
    made = (
        {r.year: r for r in AnnualReport.objects.filter(sandbox=visit.sandbox, enterprise=enterprise)}
        if enterprise
        else {}
    )
    known = Facts(now=visit.now, uscc=uscc, ledger=record.as_facts())
    last = local_date(visit.now).year - 1
    first = max(min(record.registered_on.year, last), last - annual.YEARS_SHOWN + 1)
    years = sorted({*range(first, last + 1), *made}, reverse=True)
    shown = {year: _shown(year, visit.now, made.get(year), annual.duty(year, known).required) for year in years}
    answer = answers.Publicised(
        platform=PLATFORM,
        uscc=uscc,
        name_cn=enterprise.name_cn if enterprise else record.content.get("name_cn"),
        customs_code=record.customs_code,
        categories=record.categories,
        registered_on=record.registered_on.isoformat(),
        valid_until=on(record.valid_until),
        deregistered=not registered(known.ledger),
        results=[answers.PublicityOfYear(year, status.value, status.label) for year, status in shown.items()],
    )
    if visit.enterprise is not None and visit.enterprise.uscc == uscc:
        note_checked(visit, "publicity", standing(known.ledger, known.today).value, to_builtins(answer))
    return answer


# ── behind the counter ────────────────────────────────────────────────────────────────────────────────────────────


def _own(visit: Visit) -> tuple[Enterprise, Facts]:
    """The visit's own enterprise and what customs knows of it. Raises 403 for anybody but an 企业用户 (FAQ 2.3)."""
    guards.demand((guards.enterprise_user,), account_facts(visit))
    assert visit.enterprise is not None
    return visit.enterprise, annual_facts(visit, visit.enterprise)


def _filled(content: Mapping[str, Any], known: Facts, sent: Mapping[str, Any], browser: bool) -> dict[str, Any]:
    appraisal = appraise(annual.SHEET, content, known, sent=sent, declaring=True, browser=browser)
    if appraisal.errors:
        raise invalid(appraisal.errors)
    return appraisal.values


def _hasten(sandbox: Sandbox, report: AnnualReport, moment: datetime) -> None:
    """Let the platform show the report at a moment. If it is on its way already, the earlier moment counts."""
    pending = Agenda.objects.filter(sandbox=sandbox, verb=Due.PUBLICISE, subject=report.public_id)
    if not pending.filter(at__lte=moment).exists():
        Agenda.strike(sandbox, Due.PUBLICISE, report.public_id)
        Agenda.put(sandbox, moment, Due.PUBLICISE, report.public_id)


def _shown(year: int, now: datetime, report: AnnualReport | None, required: bool = True) -> Publicity:
    """年报情况 of one year, as the platform shows it."""
    made = {"submitted_at": report.submitted_at, "publicised_at": report.publicised_at} if report else {}
    return annual.publicity(year, now, required=required, **made)
