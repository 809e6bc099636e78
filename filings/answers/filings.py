"""Filings, their way, their receipts and attachments, as the applicant reads them."""

from __future__ import annotations

from typing import Annotated, Any

from msgspec import UNSET, UnsetType, defstruct, field

from filings.answers.base import EVENT, KIND, Answer, Instant, Page, laid_out, named, one_of, said
from filings.answers.enterprises import EnterpriseName
from filings.answers.forms import Change, Notice
from filings.rules.advice import Advice
from filings.rules.attachments import TYPES
from filings.rules.kinds import KINDS, Kind
from filings.rules.words import Mode, Stage, Status


class Filing(Answer, kw_only=True):
    """A filing as it reads: one class for each kind, told apart by `kind`, each with its own content."""

    id: str
    number: Annotated[str, said("18 位，SIM 开头")]
    kind_label: str
    filing_mode: Annotated[str, one_of(Mode)]
    status: Annotated[str, one_of(Status)]
    status_label: str
    stage: Annotated[str, one_of(Stage)]
    version: int
    enterprise: EnterpriseName
    agent: EnterpriseName | None
    content: dict[str, Any]
    changed: Annotated[list[str], said("仅变更申请：与备案不同的字段")] | UnsetType = UNSET
    warnings: list[Notice]
    advice: Annotated[Advice | None, said("在“真实”和“考核”的练习中为 null")]
    actions: Annotated[list[str], said("此刻可以办理的")]
    created_at: Instant
    declared_at: Instant | None
    status_since: Instant
    copied_from: str | None
    client_reference: str | None
    changes: Annotated[list[Change], said("仅暂存的答复：随其他字段而改变的只读字段")] | UnsetType = UNSET

    @property
    def kind(self) -> str:
        """Which kind of filing."""
        return str(self.__struct_config__.tag)


def _of(kind: Kind) -> type[Filing]:
    sheet = kind.sheet.__name__
    content = ("content", Annotated[dict[str, Any], laid_out(f"{sheet}Content")])
    return defstruct(
        f"{sheet}Filing",
        [content],
        bases=(Filing,),
        module=__name__,
        tag_field="kind",
        tag=kind.name,
        frozen=True,
        kw_only=True,
    )  # type: ignore[return-value]


Filing.alternatives = {kind.name: _of(kind) for kind in KINDS.values()}


class FilingPage(Page):
    results: list[Filing]


class OverviewRow(Answer):
    """A row of 综合查询: status only (FAQ 2.5)."""

    id: str
    number: str
    kind: Annotated[str, KIND]
    kind_label: str
    enterprise: EnterpriseName
    status: Annotated[str, one_of(Status)]
    status_label: str
    declared_at: Instant | None
    status_since: Instant


class OverviewPage(Page):
    results: list[OverviewRow]


class Step(Answer):
    """A change of status."""

    seq: int
    at: Instant
    from_: Annotated[str, one_of(Status)] | None = field(name="from")
    to: Annotated[str, one_of(Status)]
    label: str
    by: str


class Timeline(Answer):
    results: list[Step]


class Receipt(Answer):
    """回执."""

    id: str
    filing: str
    number: str
    kind: Annotated[str, KIND]
    at: Instant
    status: Annotated[str, one_of(Status)]
    status_label: str
    text: str
    acknowledged_at: Instant | None
    simulated: bool
    reason: Annotated[str | None, said("仅变更、注销申请，且仅在卡介质登录时给出（FAQ 2.6）")] | UnsetType = UNSET


class ReceiptPage(Page):
    results: list[Receipt]


class Transmitted(Answer):
    """The electronic message sent to customs."""

    sha256: str
    text: Annotated[str, said("所发送的原文，sha256 由它算出")]
    message: dict[str, Any]


class Attachment(Answer):
    """A file without its body."""

    n: int
    type: Annotated[str, named("AttachmentType", TYPES, "；".join(f"{name} {label}" for name, label in TYPES.items()))]
    type_label: str
    filename: str
    content_type: str
    size: int
    sha256: str
    uploaded_at: Instant


class Attachments(Answer):
    results: list[Attachment]


class FilingOfEvent(Answer):
    """What an event is about."""

    filing: Filing


class FilingEvent(Answer):
    """A status change, as it is told by webhook (Standard Webhooks); never a reason."""

    type: Annotated[str, EVENT]
    timestamp: Annotated[Instant, said("沙箱时钟")]
    data: FilingOfEvent
