"""查询 and 沟通: the home page, 综合查询, 申请单查询, 基本信息查询, contacts with the departments."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe
from msgspec import to_builtins
from msgspec.structs import asdict, replace

from filings import desk
from filings.counters.tickets import contact
from filings.forms.portal import Contact
from filings.lab.worlds.demo import KEPT_HOURS
from filings.manners.filling import FORM, Filling
from filings.manners.screens import onward
from filings.models import Filing, Visit
from filings.record import enquiries
from filings.record.facts import account_facts
from filings.record.trail import attempt, note_checked, refusals_noted
from filings.rules import guards
from filings.rules.advice import PLATFORM_PHONE, REASON_AT_CUSTOMS, REASON_BY_CARD
from filings.rules.entitlements import not_printable_by
from filings.rules.events import Verb
from filings.rules.faq import ENTRIES
from filings.rules.kinds import BUSINESS_TYPES, KINDS
from filings.rules.offices import OFFICES
from filings.rules.refusals import Refusal
from filings.rules.words import Department, Qualification, Standing, Status, Topic
from filings.web.doors import page, refusal_page, visited
from filings.web.listing import ON_A_PAGE, Listing
from filings.web.papers import lying_of
from filings.web.picking import names_of

RECENT = 6
"""Filings on the home page."""


@require_safe
@visited
def home(request: HttpRequest, visit: Visit) -> HttpResponse:
    """What can be done here, and how one's own things stand."""
    recent = [enquiries.overview(filing) for filing in _newest(visit)[:RECENT]]
    stands = enquiries.enterprise(visit) if visit.enterprise else None
    principals = enquiries.principals(visit)
    return page(
        request,
        "home",
        visit,
        waiting=list(enquiries.waiting(visit).items()),
        kept_hours=KEPT_HOURS,
        recent=recent,
        stands=stands,
        principals=principals,
        lying=lying_of(visit, (None if stands and stands.registered else visit.enterprise, *principals)),
    )


@require_safe
@visited
def overview(request: HttpRequest, visit: Visit) -> HttpResponse:
    """综合查询: every kind, status only (FAQ 2.5)."""
    return page(request, "overview", visit, **_overview(request, visit).drawn())


@require_safe
@visited
def overview_file(request: HttpRequest, visit: Visit, kind: str) -> HttpResponse:
    """What 综合查询 lists, as a file."""
    return _overview(request, visit).file("综合查询", kind)


def _overview(request: HttpRequest, visit: Visit) -> Listing:
    return Listing(request, visit, enquiries.filings(visit))


@require_safe
@visited
def filings(request: HttpRequest, visit: Visit) -> HttpResponse:
    """申请单查询: by 申请业务类型, so that a change is not found under 企业注册登记 (FAQ 1.9)."""
    chosen = _business_type(request)
    listing = _filings(request, visit, chosen)
    return page(request, "filings", visit, business_types=BUSINESS_TYPES, chosen=chosen, **listing.drawn())


@require_safe
@visited
def filings_file(request: HttpRequest, visit: Visit, kind: str) -> HttpResponse:
    """What 申请单查询 lists, as a file."""
    chosen = _business_type(request)
    return _filings(request, visit, chosen).file(f"申请单查询_{chosen}", kind)


def _business_type(request: HttpRequest) -> str:
    asked = request.GET.get("business_type", "")
    return asked if asked in BUSINESS_TYPES else BUSINESS_TYPES[0]


def _filings(request: HttpRequest, visit: Visit, chosen: str) -> Listing:
    kinds = [kind.name for kind in KINDS.values() if kind.business_type == chosen]
    return Listing(request, visit, enquiries.filings(visit).filter(kind__in=kinds), business_type=chosen)


@require_safe
@visited
def receipts(request: HttpRequest, visit: Visit, filing: str) -> HttpResponse:
    """回执: of a registration without reasons; of a change or a deregistration by card, with them (FAQ 2.6)."""
    found = desk.find(visit, filing)
    try:
        with refusals_noted(visit, Verb.READ_RECEIPTS, filing):
            rows = enquiries.receipts_of(visit, found)
    except Refusal as refusal:
        return refusal_page(request, refusal, visit, filing=found, quoted=REASON_BY_CARD)
    read = [enquiries.read_receipt(visit, receipt) for receipt in rows]
    desk.note_viewed(visit, found)
    return page(
        request,
        "receipts",
        visit,
        filing=found,
        kind=KINDS[found.kind],
        receipts=read,
        reason_at_customs=REASON_AT_CUSTOMS,
    )


@require_safe
@visited
def enterprise(request: HttpRequest, visit: Visit) -> HttpResponse:
    """基本信息查询: what the single window's mirror says (FAQ 2.1, 2.4, 2.15)."""
    if visit.enterprise is None:
        raise Refusal("not_enterprise_user")
    read = enquiries.enterprise(visit)
    note_checked(visit, "mirror", read.standing, to_builtins(read))
    categories = names_of("categories", read.categories)
    qualifications = [Qualification(qualification).label for qualification in read.qualifications]
    barred = read.standing == Standing.NORMAL and not read.capabilities.print_certificate
    return page(
        request,
        "enterprise",
        visit,
        read=read,
        categories=categories,
        qualifications=qualifications,
        entry=ENTRIES["2.4"],
        not_printable=ENTRIES[not_printable_by(read.categories)] if barred else None,
        history=[
            replace(former, categories=names_of("categories", former.categories)) for former in reversed(read.history)
        ],
    )


@require_http_methods(FORM)
@visited
def tickets(request: HttpRequest, visit: Visit) -> HttpResponse:
    """联系记录: asking a department, and what it answered."""
    refusal = None
    if request.method == "POST":
        try:
            attempt(visit, Verb.CONTACT, lambda: _contact(visit, request))
            return onward(reverse("tickets"), "contacted")
        except Refusal as error:
            refusal = error
    rows = Paginator(enquiries.tickets(visit), ON_A_PAGE).get_page(request.GET.get("page"))
    about = enquiries.filings(visit).filter(public_id__in=[ticket.filing for ticket in rows])
    numbers = {filing.public_id: filing.number for filing in about.only("public_id", "number")}
    return page(
        request,
        "tickets",
        visit,
        form=Filling(Contact, request.POST or request.GET, refusal),
        departments=_departments(visit),
        own=[(filing.public_id, f"{filing.number} {Status(filing.status).label}") for filing in _newest(visit)[:50]],
        rows=[asdict(enquiries.read_ticket(ticket)) | {"number": numbers.get(ticket.filing)} for ticket in rows],
        pages=rows,
    )


def _newest(visit: Visit) -> QuerySet[Filing]:
    return (
        enquiries.filings(visit)
        .select_related("enterprise")
        .defer("content", "transmitted", "warnings")
        .order_by("-serial")
    )


def _departments(visit: Visit) -> list[dict[str, Any]]:
    """The departments, with the telephone of the platform (FAQ 1.9).

    Of one that keeps hours: whether it is open now, and when it opens (FAQ 2.12).
    """
    now, rows = visit.now, [(department, OFFICES.get(department)) for department in Department]
    return [
        {
            "code": department.value,
            "label": department.label,
            "office": office,
            "phone": PLATFORM_PHONE if department is Department.PLATFORM else "",
        }
        | ({"open": office.open_at(now), "opens_at": office.next_open(now)} if office else {})
        for department, office in rows
    ]


def _contact(visit: Visit, request: HttpRequest) -> None:
    guards.demand((guards.enterprise_user,), account_facts(visit))
    given = Contact.from_post(request.POST)
    contact(visit, Department(given.pop("desk")), Topic(given.pop("topic")), **given)
