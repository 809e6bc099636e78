"""Desks, code tables, FAQ, version."""

from __future__ import annotations

from django.http import HttpResponse
from rest_framework.request import Request

from filings import answers, visits
from filings.api.endpoint import Counter, Open, bearer
from filings.counters import tickets
from filings.forms import portal as bodies
from filings.manners.endpoint import LOCATION, Reply
from filings.manners.operations import OpenApiParameter, extend_schema
from filings.manners.paging import PAGE, PAGING, PLACE, page, sheet
from filings.manners.wire import json_response
from filings.models import Visit
from filings.record import enquiries
from filings.record.facts import stale_tables
from filings.rules import codes, faq
from filings.rules.events import Verb
from filings.rules.numbers import fold
from filings.rules.refusals import absent
from filings.rules.version import CONTRACT_VERSION, DEPRECATIONS, RULES_VERSION, VERSION
from filings.rules.words import Department, Topic


class Tickets(Counter):
    verbs = {"POST": Verb.CONTACT}
    parameters = PAGE

    @extend_schema(
        operation_id="list_tickets",
        tags=["tickets"],
        summary="联系记录，新的在前",
        parameters=PAGING,
        responses=answers.helping.TicketPage,
    )
    def get(self, request: Request) -> HttpResponse:
        return json_response(
            page(
                answers.helping.TicketPage,
                request,
                enquiries.tickets(self.visit),
                lambda found: [enquiries.read_ticket(ticket) for ticket in found],
            )
        )

    @extend_schema(
        operation_id="contact_desk",
        tags=["tickets"],
        summary="联系单一窗口客服、海关或商务部门；深圳海关企业管理和稽查处有联系时间（FAQ 2.12）",
        request=bodies.Contact,
        parameters=[LOCATION],
        responses={201: answers.helping.Ticket},
    )
    def post(self, request: Request) -> HttpResponse:
        def work() -> Reply:
            self.demand_enterprise()
            body = self.body(request, bodies.Contact)
            ticket = tickets.contact(
                self.visit,
                Department(body["desk"]),
                Topic(body["topic"]),
                **{name: body.get(name) or "" for name in ("filing", "uscc", "enterprise_name", "text")},
            )
            return Reply(enquiries.read_ticket(ticket), 201, {"Location": f"/api/v1/tickets/{ticket.public_id}"})

        return self.deed(request, work)


class OneTicket(Counter):
    @extend_schema(operation_id="read_ticket", tags=["tickets"], summary="联系记录", responses=answers.helping.Ticket)
    def get(self, request: Request, ticket: str) -> HttpResponse:
        found = enquiries.tickets(self.visit).filter(public_id=ticket).first()
        if found is None:
            raise absent("联系记录", ticket)
        return json_response(enquiries.read_ticket(found))


ROWS, MOST = 500, 5000
"""How many rows of a code table one page holds unless asked, and at the most: its users want tables whole. Ours."""


def read_code(row: codes.Code, recommended: str | None = None) -> answers.helping.CodeRow:
    """A row of a code table."""
    return answers.helping.CodeRow(
        row.code, row.name, row.parent, row.code == recommended, row.provenance.value, **row.extra
    )


class Codes(Open):
    journalled = False

    @extend_schema(
        operation_id="list_code_tables", tags=["codes"], summary="代码表一览", responses=answers.helping.CodeTables
    )
    def get(self, request: Request) -> HttpResponse:
        names = [answers.helping.CodeTableName(table.name, table.title) for table in codes.TABLES.values()]
        return json_response(answers.helping.CodeTables(names))


class CodeTable(Open):
    visit: Visit | None = None

    def admit(self, request: Request) -> None:
        """Open to all; whoever says who he is gets the advice meant for his enterprise (FAQ 1.4), and the table as it
        is served to it."""
        if token := bearer(request):
            self.visit = visits.arrive(token)

    parameters = frozenset({"q", "parent", "division"}) | PAGE

    @extend_schema(
        operation_id="read_code_table",
        tags=["codes"],
        summary="代码表：按代码前缀或名称查找（FAQ 1.2–1.4、2.2）",
        parameters=[
            OpenApiParameter("table", str, OpenApiParameter.PATH, enum=list(codes.TABLES)),
            OpenApiParameter("q", str),
            OpenApiParameter("parent", str),
            OpenApiParameter("division", str, description="区县代码"),
            OpenApiParameter("limit", {"type": "integer", "minimum": 1, "maximum": MOST, "default": ROWS}),
            PLACE,
        ],
        responses=answers.helping.CodeRows,
    )
    def get(self, request: Request, table: str) -> HttpResponse:
        if table not in codes.TABLES:
            raise absent("代码表", table, "名")
        stale = stale_tables(self.visit)
        asked = request.query_params
        q, division = asked.get("q", ""), fold(asked.get("division", ""))
        recommended = None
        if self.visit is None or self.visit.helped:
            in_qianhai = enquiries.in_qianhai(self.visit) if self.visit else None
            recommended = codes.recommended(table, division or None, in_qianhai=in_qianhai)
        if table == "customs_offices":
            answer = codes.offices_for(division or None, q, stale=stale)
            rows, words = answer.results, {"message": answer.message, "hint": answer.hint}
        else:
            rows = codes.served(table, stale).search(q, parent=asked.get("parent"), first=recommended)
            words = {"message": None if rows else codes.NO_MATCH, "hint": None}
        part = sheet(
            answers.helping.CodeRows,
            request,
            rows,
            lambda row: read_code(row, recommended),
            default=ROWS,
            most=MOST,
            **words,
        )
        return json_response(part)


class Faq(Open):
    journalled = False

    @extend_schema(
        operation_id="list_faq", tags=["faq"], summary="三十条常见问题", responses=answers.helping.FaqEntries
    )
    def get(self, request: Request) -> HttpResponse:
        return json_response(answers.helping.FaqEntries([read_entry(entry) for entry in faq.ENTRIES.values()]))


class FaqEntry(Open):
    journalled = False

    @extend_schema(
        operation_id="read_faq",
        tags=["faq"],
        summary="一条常见问题",
        responses=answers.helping.FaqEntry,
        parameters=[OpenApiParameter("entry", str, OpenApiParameter.PATH, enum=list(faq.ENTRIES))],
    )
    def get(self, request: Request, entry: str) -> HttpResponse:
        if entry not in faq.ENTRIES:
            raise absent("常见问题", entry)
        return json_response(read_entry(faq.ENTRIES[entry]))


def read_entry(entry: faq.Entry) -> answers.helping.FaqEntry:
    """An entry verbatim, with what holds of it today."""
    return answers.helping.FaqEntry(
        id=entry.id,
        part=entry.part,
        question=entry.question,
        answer=entry.answer,
        validity=entry.validity,
        today=entry.today,
        today_provenance=entry.today_provenance.value,
    )


class Version(Open):
    journalled = False

    @extend_schema(
        operation_id="version",
        tags=["system"],
        summary="系统、接口约定、规则的版本，以及将要取消的",
        responses=answers.helping.Version,
    )
    def get(self, request: Request) -> HttpResponse:
        going = [
            answers.helping.Deprecation(
                notice.what, notice.since.isoformat(), notice.gone_on.isoformat(), notice.instead
            )
            for notice in DEPRECATIONS
        ]
        return json_response(answers.helping.Version(VERSION, CONTRACT_VERSION, RULES_VERSION, going, simulated=True))
