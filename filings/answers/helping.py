"""Departments, code tables, the FAQ, the version."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from msgspec import UNSET, UnsetType

from filings.answers.base import ENTRY, Answer, Day, Instant, Page, named, one_of, said
from filings.rules.faq import VALIDITIES
from filings.rules.words import Department, Provenance, Topic


class Ticket(Answer):
    """A contact with a department, and its answer once it has come."""

    id: str
    desk: Annotated[str, one_of(Department, "Desk")]
    desk_label: str
    topic: Annotated[str, one_of(Topic)]
    topic_label: str
    filing: str | None
    uscc: str | None
    enterprise_name: str | None
    text: str | None
    status: Annotated[str, named("TicketStatus", ("open", "answered"))]
    created_at: Instant
    answered_at: Instant | None
    outcome: str | None
    answer: str | None


class TicketPage(Page):
    results: list[Ticket]


class CodeTableName(Answer):
    """A code table by its title."""

    name: str
    title: str


class CodeTables(Answer):
    results: list[CodeTableName]


class CodeRow(Answer):
    """A row of a code table; after the common members those of some tables."""

    code: str
    name: str
    parent: str | None
    recommended: bool
    provenance: Annotated[str, one_of(Provenance)]
    level: Annotated[int, said("1 省，2 市，3 区县")] | UnsetType = UNSET
    district: str | UnsetType = UNSET
    note: str | UnsetType = UNSET
    customs_code_digit: Annotated[str, said("海关编码第五位")] | UnsetType = UNSET
    express_allowed: bool | UnsetType = UNSET
    certificate_printable: bool | UnsetType = UNSET
    annual_report_due: bool | UnsetType = UNSET
    aliases: Sequence[str] | UnsetType = UNSET
    economic_kind_digit: Annotated[str, said("海关编码第六位")] | UnsetType = UNSET
    economic_kind_provenance: Annotated[str, one_of(Provenance)] | UnsetType = UNSET


class CodeRows(Page):
    """A part of a code table; why there is nothing, where there is nothing."""

    results: list[CodeRow]
    message: str | None
    hint: Annotated[str, named("CodeTableHint", ("division_incomplete", "no_office"))] | None


class FaqEntry(Answer):
    """An entry verbatim, with what holds of it today."""

    id: Annotated[str, ENTRY]
    part: str
    question: str
    answer: str
    validity: Annotated[
        str, named("Validity", VALIDITIES, "；".join(f"{name} {words}" for name, words in VALIDITIES.items()))
    ]
    today: str
    today_provenance: Annotated[str, one_of(Provenance)]


class FaqEntries(Answer):
    results: list[FaqEntry]


class Deprecation(Answer):
    """Something of the contract that is to go away."""

    what: Annotated[str, said("接口或成员，按文档的写法")]
    since: Annotated[Day, said("自此日起不再推荐")]
    gone_on: Annotated[Day, said("自此日起，新版本可能不再有")]
    instead: Annotated[str, said("改用什么")]


class Version(Answer):
    """Which version of the system, of its contract, and of its rules."""

    version: str
    contract_version: Annotated[str, said("接口约定的版本：主版本.次版本；次版本只增加，主版本才删改")]
    rules_version: str
    deprecations: list[Deprecation]
    simulated: bool
