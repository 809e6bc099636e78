"""关企合作平台 / 企业年报管理: 年报申报, 年报补录, and the publicity platform (FAQ 2.11, 2.12, 2.13)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from filings.counters import reporting
from filings.manners.filling import FORM
from filings.manners.screens import onward
from filings.models import AnnualReport, Visit
from filings.record.facts import account_facts, annual_facts
from filings.record.trail import attempt
from filings.rules import annual, guards
from filings.rules.appraisal import Problem, appraise
from filings.rules.codes import TABLES
from filings.rules.dates import local_date
from filings.rules.events import Verb
from filings.rules.facts import Facts
from filings.rules.numbers import fold, whole
from filings.rules.refusals import Refusal
from filings.rules.register import Values
from filings.rules.words import Department
from filings.web.doors import page, visited
from filings.web.drawing import Drawn, draw, named, show, states, summary
from filings.web.posting import content_of


@require_http_methods(FORM)
@visited
def reports(request: HttpRequest, visit: Visit) -> HttpResponse:
    """年报申报: whether a year must be reported, its page, and what was reported."""
    known = _known(visit)
    year = _year(request, visit)
    if request.method != "POST":
        return _page(request, visit, known, year)
    content = content_of(annual.SHEET, request.POST)
    try:
        attempt(visit, Verb.SUBMIT_REPORT, lambda: reporting.submit(visit, year, content, browser=True))
    except Refusal as refusal:
        return _page(request, visit, known, year, content, refusal)
    return onward(f"{reverse('annual_reports')}?year={year}", "reported")


@require_http_methods(FORM)
@visited
def supplement(request: HttpRequest, visit: Visit) -> HttpResponse:
    """年报补录: what was reported and is not shown; when it may be sent again, and that nothing is hindered until
    then."""
    _known(visit)
    refusal = None
    if request.method == "POST":
        try:
            attempt(visit, Verb.SUPPLEMENT_REPORT, lambda: reporting.supplement(visit, _year(request, visit)))
            return onward(reverse("annual_supplement"), "supplemented")
        except Refusal as error:
            refusal = error
    rows = reporting.read_all(visit, reporting.reports(visit))
    waiting = [row for row in rows if row.publicised_at is None and row.supplemented_at is None]
    return page(
        request,
        "annual_supplement",
        visit,
        refusal=refusal,
        rows=rows,
        early=[row for row in waiting if not row.supplement.open],
    )


@require_safe
@visited
def publicity(request: HttpRequest, visit: Visit) -> HttpResponse:
    """The publicity platform: 年报情况 of any enterprise registered with customs."""
    own = visit.enterprise.uscc if visit.enterprise else ""
    asked = fold(request.GET.get("uscc", own).replace("\0", "")).upper()
    try:
        found = reporting.publicity(visit, asked) if asked else None
    except Refusal:
        found = None
    categories = [row.name for code in (found.categories if found else ()) if (row := TABLES["categories"].get(code))]
    return page(
        request, "publicity", visit, asked=asked, shown=found, categories=categories, platform=reporting.PLATFORM
    )


@require_POST
@visited
def state(request: HttpRequest, visit: Visit) -> HttpResponse:
    """How the page stands as it is filled."""
    known, patch = _known(visit), content_of(annual.SHEET, request.POST)
    appraisal = appraise(annual.SHEET, annual.SHEET.merge(annual.blank(known), patch), known, sent=patch, browser=True)
    body = {
        "fields": states(appraisal),
        "errors": [named(problem) for problem in appraisal.errors],
        "warnings": [],
        "changes": appraisal.changes,
    }
    return JsonResponse(body, json_dumps_params={"ensure_ascii": False})


# ── behind the pages ──────────────────────────────────────────────────────────────────────────────────────────────


def _page(
    request: HttpRequest,
    visit: Visit,
    known: Facts,
    year: int,
    content: Mapping[str, Any] | None = None,
    refusal: Refusal | None = None,
) -> HttpResponse:
    """The page of a year as it now stands; with a refusal, its errors or its words."""
    problems = refusal.errors if refusal else []
    report, wrong = reporting.report_of(visit, year), annual.phantom_customs_section(Values(), known)
    try:
        duty, untold = reporting.judged(year, known), None
    except Refusal as error:
        duty, untold = None, error
    opens = annual.opens_at(year) if not annual.reporting_open(Values(year=year), known) else None
    asks = report is None and (wrong or (duty is not None and duty.required and opens is None))
    return page(
        request,
        "annual_reports",
        visit,
        year=year,
        years=_years(visit, year),
        duty=duty,
        untold=untold,
        opens=opens,
        late=known.now >= annual.backfill_opens_at(year),
        report=report,
        asks=asks,
        drawn=_drawn(known, report, content, problems) if report or asks else None,
        refusal=refusal,
        wrong=wrong,
        problems=summary(annual.SHEET, problems),
        advice=annual.CONTACT_INSPECTION,
        office=Department.CUSTOMS_INSPECTION.label,
        rows=reporting.read_all(visit, reporting.reports(visit)),
    )


def _drawn(
    known: Facts, report: AnnualReport | None, content: Mapping[str, Any] | None, problems: Sequence[Problem]
) -> Drawn:
    """The sheet of this enterprise: to be read once reported, to be filled before; without the sections that are not
    its own."""
    if report:
        drawn = show(annual.SHEET, annual.SHEET.shape(report.content))
    else:
        drawn = draw(annual.SHEET, {**annual.blank(known), **(content or {})}, known, problems)
    shown = {section.name for section in annual.sections(known)} if not report else None
    for drawn_page in drawn.pages:
        drawn_page.blocks = [block for block in drawn_page.blocks if shown is None or block.name in shown]
    return drawn


def _known(visit: Visit) -> Facts:
    """What customs knows of the visit's enterprise. Raises 403 for anybody but an 企业用户 (FAQ 2.3)."""
    guards.demand((guards.enterprise_user,), account_facts(visit))
    assert visit.enterprise is not None
    return annual_facts(visit, visit.enterprise)


def _year(request: HttpRequest, visit: Visit) -> int:
    """The report year asked for, else the last full one."""
    asked = request.POST.get("year") or request.GET.get("year", "")
    last = local_date(visit.now).year - 1
    year = whole(asked)
    return year if year is not None and annual.FIRST_YEAR <= year <= last + 1 else last


def _years(visit: Visit, chosen: int) -> list[int]:
    """The report years to choose from, newest first: the one still running too, so that it can be looked ahead."""
    now = local_date(visit.now).year
    return sorted({chosen, *range(now - annual.YEARS_SHOWN, now + 1)}, reverse=True)
