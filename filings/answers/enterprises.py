"""What an enterprise is told of itself: 基本信息, mandates, 补录, its cards and seal certificates, its 客户端控件."""

from __future__ import annotations

from typing import Annotated

from filings.answers.base import Answer, Day, Instant, Page, named, one_of, said
from filings.answers.forms import Notice
from filings.rules.words import CardStatus, CardType, Provenance, Qualification, Standing


class EnterpriseName(Answer):
    """An enterprise in short."""

    uscc: str
    name_cn: str


class Capabilities(Answer):
    """What an enterprise may do."""

    print_certificate: bool


class FormerRecord(Answer):
    """A record that was ended, or written over by the next registration."""

    customs_code: str | None
    categories: list[str]
    registered_on: Day | None
    valid_until: Day | None
    deregistered_on: Day | None


class Enterprise(EnterpriseName):
    """What the single window's mirror says of an enterprise (FAQ 2.1, 2.4, 2.15)."""

    registered: bool
    standing: Annotated[str, one_of(Standing)]
    standing_label: str
    customs_code: str | None
    inspection_number: str | None
    categories: list[str]
    qualifications: list[Annotated[str, one_of(Qualification)]]
    registered_on: Day | None
    valid_until: Day | None
    synced_at: Instant | None
    history: list[FormerRecord]
    capabilities: Capabilities


class BackfillRequirement(Answer):
    """Whether an enterprise must supply what it lacks, and the dates it is judged by (FAQ 1.1)."""

    required: bool
    answer: str
    determination: Annotated[
        str, named("Determination", ("not_needed", "needed", "not_applicable", "not_registered", "backfilled"))
    ]
    lacking: Annotated[str, one_of(Qualification)] | None
    customs_qualified_on: Day | None
    inspection_qualified_on: Day | None
    faq: str
    provenance: Annotated[str, one_of(Provenance)]


class Backfill(Answer):
    """What was supplied."""

    qualification: Annotated[str, one_of(Qualification)]
    number: str | None
    remarks: str | None
    at: Instant


class Mandate(Answer):
    """Who lets whom file for it (FAQ 1.7)."""

    id: str
    role: Annotated[str, named("MandateRole", ("principal", "agent"))]
    principal: EnterpriseName
    agent: EnterpriseName
    status: Annotated[str, named("MandateStatus", ("active", "expired", "revoked"))]
    status_label: str
    valid_to: Day | None
    given_at: Instant
    revoked_at: Instant | None


class MandatePage(Page):
    results: list[Mandate]


class EnterpriseCard(Answer):
    """A card as its enterprise reads it; its PIN is told to nobody (FAQ 2.14)."""

    n: int
    type: Annotated[str, one_of(CardType)]
    type_label: str
    card_no: Annotated[str, said("制发后给出")] | None
    holder_name: str
    holder_id_type: str | None
    holder_id_number: str | None
    username: str
    status: Annotated[str, one_of(CardStatus)]
    status_label: str
    applied_at: Instant
    issued_at: Instant | None
    cancelled_at: Instant | None
    valid_until: Day | None
    warnings: list[Notice]
    simulated: bool


class CardPage(Page):
    results: list[EnterpriseCard]


class SealCertificate(Answer):
    """电子签章证书 (FAQ 1.6)."""

    n: int
    latest: bool
    serial_number: str
    username: str
    issued_at: Instant
    valid_until: Instant
    superseded_at: Instant | None
    next_at: Annotated[Instant, said("自此时刻起，该账户可再次申请（FAQ 1.6）")]
    p12_password: str
    simulated: bool


class SealCertificatePage(Page):
    results: list[SealCertificate]


class ClientControl(Answer):
    """客户端控件 of an account (FAQ 2.8)."""

    installed: bool
    running: bool
    version: str | None
    latest: str
