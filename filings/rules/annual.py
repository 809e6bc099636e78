"""海关年报: who must report, when, what the page asks, and what the publicity platform shows (FAQ 2.11, 2.12, 2.13).

The dates of the FAQ are those of report year 2020. Read for any report year Y, 2021年1月1日 is 1 January of Y+1 and
2021年7月1日 is 1 July of Y+1. Everything is judged on the customs ledger: the duty is owed to customs, and a mirror
that lags (FAQ 2.4) neither makes one nor takes it away.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from filings.rules.advice import Advice
from filings.rules.dates import SHANGHAI
from filings.rules.entitlements import reports_annually
from filings.rules.facts import Facts, registered
from filings.rules.offices import OFFICES
from filings.rules.register import Rule, Values, rule
from filings.rules.sheet import Section
from filings.rules.sheets.annual_report import CUSTOMS_SECTION, AnnualReport
from filings.rules.words import Category, Department, Provenance, Publicity

SHEET = AnnualReport

BACKFILL_OPEN_INCLUSIVE = True
"""Whether 年报补录 is open on 1 July itself. "7月1日后" beside "在此之前不会影响" reads so that it is. Ours."""

PUBLICISED_AFTER = timedelta(hours=24)
"""How long a report is on its way to the publicity platform when nothing lags. Ours."""

FIRST_YEAR = 2000
"""Customs' annual reports are younger; an earlier year is a slip. Ours."""

YEARS_SHOWN = 5
"""How many report years the publicity platform shows, and a page offers. Ours."""

ANOMALY = "customs_section_without_registration"

CONTACT_INSPECTION = Advice(
    "contact_customs_inspection",
    "如遇该情况，企业可联系深圳海关企业管理和稽查处，提供“统一社会信用代码”、“企业名称”等内容，由海关联系技术部门和市场监管部门进行甄别处置。",
    OFFICES[Department.CUSTOMS_INSPECTION].contact,
)
"""FAQ 2.12, verbatim."""


# ── who must report (2.11) ────────────────────────────────────────────────────────────────────────────────────────


@rule(
    "企业经营类别为进出口货物收发货人、进出口货物收发货人分支机构、报关企业、报关企业分支机构、特殊监管区域双重身份企业",
    faq="2.11",
)
def category_reports(values: Values, facts: Facts) -> bool:
    return reports_annually(facts.ledger.get("categories") or ())


@rule("海关注册时间在报告年度次年1月1日之前", faq="2.11")
def registered_before_next_year(values: Values, facts: Facts) -> bool:
    on = facts.ledger.get("registered_on")
    return on is not None and on < date(values.year + 1, 1, 1)


@rule("企业处于未注销状态", faq="2.11")
def not_deregistered(values: Values, facts: Facts) -> bool:
    return facts.ledger.get("deregistered_on") is None


@rule("报告年度已经开始", faq="2.11", provenance=Provenance.OURS, code="future_report_year")
def year_has_begun(values: Values, facts: Facts) -> bool:
    return values.year <= facts.today.year


@rule("海关备案记录写明海关注册时间", faq="2.11", provenance=Provenance.OURS, code="registration_date_missing")
def registration_date_known(values: Values, facts: Facts) -> bool:
    """A record with categories and no date is incomplete: the answer is not known. No record at all is an answer."""
    return not facts.ledger.get("categories") or facts.ledger.get("registered_on") is not None


@dataclass(frozen=True, slots=True)
class Reason:
    """One of the three parts: its rule, whether it holds, what the customs record says of it."""

    rule: Rule
    ok: bool
    sentence: str
    found: str

    @property
    def name(self) -> str:
        return self.rule.name


@dataclass(frozen=True, slots=True)
class Duty:
    """Whether an enterprise must report a year: all three parts, always told."""

    year: int
    reasons: tuple[Reason, Reason, Reason]

    @property
    def required(self) -> bool:
        return all(reason.ok for reason in self.reasons)

    @property
    def failing(self) -> str:
        """The parts that do not hold, in words."""
        return "；".join(reason.sentence for reason in self.reasons if not reason.ok)

    @property
    def opens_on(self) -> date:
        """The first day of reporting."""
        return opens_at(self.year).date()

    @property
    def due_on(self) -> date:
        """The last day on which it is not late."""
        return (backfill_opens_at(self.year) - timedelta(days=1)).date()


def duty(year: int, facts: Facts) -> Duty:
    """FAQ 2.11 for a report year, at this moment: 未注销 is judged now, whatever the enterprise was in that year."""
    record, values = facts.ledger, Values(year=year)
    categories = "、".join(_label(code) for code in record.get("categories") or ())
    on, off = record.get("registered_on"), record.get("deregistered_on")
    nothing = "海关没有该企业的注册登记备案"
    parts: tuple[tuple[Rule, str, str], ...] = (
        (category_reports, category_reports.sentence, categories or nothing),
        (registered_before_next_year, f"海关注册时间在{year + 1}年1月1日之前", on.isoformat() if on else nothing),
        (
            not_deregistered,
            not_deregistered.sentence,
            f"{off.isoformat()} 注销" if off else "未注销" if on else nothing,
        ),
    )
    first, second, third = (
        Reason(condition, condition(values, facts), sentence, found) for condition, sentence, found in parts
    )
    return Duty(year, (first, second, third))


def _label(code: str) -> str:
    return Category(code).label if code in Category.values else code


# ── when (2.13) ───────────────────────────────────────────────────────────────────────────────────────────────────


def opens_at(year: int) -> datetime:
    """From when on a year is reported: 1 January of the next (public)."""
    return datetime(year + 1, 1, 1, tzinfo=SHANGHAI)


def backfill_opens_at(year: int) -> datetime:
    """1 July of the next year: the time to report is over (public), and 年报补录 opens (FAQ 2.13)."""
    return datetime(year + 1, 7, 1, tzinfo=SHANGHAI)


@rule("报送期已经开始（报告年度次年1月1日起）", provenance=Provenance.PUBLIC, code="report_not_open")
def reporting_open(values: Values, facts: Facts) -> bool:
    return facts.now >= opens_at(values.year)


@rule("年报补录已经开放（报告年度次年7月1日起）", faq="2.13", code="backfill_not_open")
def backfill_open(values: Values, facts: Facts) -> bool:
    opening = backfill_opens_at(values.year)
    return facts.now >= opening if BACKFILL_OPEN_INCLUSIVE else facts.now > opening


def publicised_after(lag: Mapping[str, Any] | None) -> timedelta | None:
    """How long a report takes to the publicity platform: so many `days` of a lag, never if the lag names none."""
    if lag is None:
        return PUBLICISED_AFTER
    return timedelta(days=lag["days"]) if "days" in lag else None


def publicity(
    year: int,
    now: datetime,
    *,
    required: bool,
    submitted_at: datetime | None = None,
    publicised_at: datetime | None = None,
) -> Publicity:
    """年报情况 of one year. A report on its way still reads 未报送, after 1 July too (FAQ 2.13); one never made is
    then 超期未报送.

    A report made after 30 June is taken, and reads 超期报送.
    """
    if submitted_at and publicised_at:
        return Publicity.REPORTED if submitted_at < backfill_opens_at(year) else Publicity.REPORTED_LATE
    if submitted_at:
        return Publicity.NOT_REPORTED
    if not required:
        return Publicity.NOT_REQUIRED
    return Publicity.NOT_REPORTED if now < backfill_opens_at(year) else Publicity.OVERDUE


# ── what the page asks (2.12) ─────────────────────────────────────────────────────────────────────────────────────


@rule("企业未在海关注册登记，年报却有“报关事项”（页面异常）", faq="2.12", code="phantom_section")
def phantom_customs_section(values: Values, facts: Facts) -> bool:
    return facts.phantom_customs_section and not registered(facts.ledger)


def sections(facts: Facts) -> tuple[Section, ...]:
    """The sections of this enterprise's page: 报关事项 for one registered with customs, and where the page is wrong."""
    shown = registered(facts.ledger) or phantom_customs_section(Values(), facts)
    return tuple(section for tab in SHEET.tabs for section in tab.sections if shown or section.name != CUSTOMS_SECTION)


def blank(facts: Facts) -> dict[str, Any]:
    """What a page begins with: the sheet's defaults, and whom the record names for customs matters."""
    manager = (facts.ledger.get("content") or {}).get("customs_manager") or {}
    contact = {"contact_name": manager.get("name"), "contact_phone": manager.get("mobile")}
    return {**SHEET.defaults(), **{name: value for name, value in contact.items() if value}}
