"""A filing (申请单) and its lifecycle: seven statuses, each transition one line with its party (FAQ 1.9).

Which transitions a kind of filing has depends on the authorities on its road.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django_fsm import FSMField, transition

from filings.models import proofs
from filings.models.fields import JSONField
from filings.models.people import Account, Enterprise
from filings.models.sandbox import InSandbox
from filings.rules.kinds import KINDS
from filings.rules.words import UNDECIDED, Mode, Party, Status

ACTIONS: dict[str, tuple[Party, ...]] = {}
"""Every verb of the lifecycle with the parties that do it on some road."""


def on_road(kind: str, party: Party) -> bool:
    """Whether a party takes part in a kind of filing."""
    return party == Party.APPLICANT or party in KINDS[kind].road.handlers


def step(
    source: Status | tuple[Status, ...], target: Status, *, by: Party
) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """A transition with its party: none exists without one. The desk judges who may take it, django-fsm does not."""

    def mine(filing: Any) -> bool:
        return on_road(filing.kind, by)

    def mark(method: Callable[..., None]) -> Callable[..., None]:
        ACTIONS[method.__name__] = (*ACTIONS.get(method.__name__, ()), by)
        return transition(
            field="status",
            source=[source] if isinstance(source, Status) else list(source),
            target=target,
            conditions=[mine],
            custom={"party": by, "label": method.__doc__},
        )(method)

    return mark


class Filing(InSandbox):
    """One application, from 暂存 to 审批通过 or 审批不通过. Its draft content is a document; approval projects it into
    the ledger.

    `base` is the approved record a change was laid over when it was declared.
    """

    serial = models.PositiveIntegerField()
    public_id = models.CharField(max_length=12, validators=[proofs.Numbered("F", 6)])
    number = models.CharField(max_length=18, validators=[proofs.Numbered("SIM[0-9]{8}", 7)])
    kind = models.CharField(max_length=20, validators=[proofs.kind])
    filing_mode = models.CharField(max_length=10, choices=Mode.choices, default=Mode.SELF)
    status = FSMField(choices=Status.choices, default=Status.DRAFT, protected=True)
    version = models.PositiveIntegerField(default=1)
    enterprise = models.ForeignKey(Enterprise, on_delete=models.CASCADE, related_name="filings", db_index=False)
    agent = models.ForeignKey(
        Enterprise, null=True, on_delete=models.CASCADE, related_name="filings_as_agent", db_index=False
    )
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="filings")
    content = JSONField(default=dict)
    base = JSONField(default=dict)
    client_reference = models.CharField(max_length=100, blank=True)
    copied_from = models.CharField(max_length=12, blank=True)
    warnings = JSONField(default=list, validators=[proofs.warnings])
    stale_form = models.BooleanField(default=False)

    scenario = models.CharField(max_length=200, blank=True, validators=[proofs.scenario])
    scenario_source = models.CharField(max_length=20, blank=True)
    pinned_scenario = models.CharField(max_length=200, blank=True, validators=[proofs.scenario])
    held = models.BooleanField(default=False)

    created_at = models.DateTimeField()
    declared_at = models.DateTimeField(null=True)
    status_since = models.DateTimeField()
    transmitted = models.TextField(blank=True)
    transmitted_sha256 = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["sandbox", "public_id"], name="filing_public_id"),
            models.UniqueConstraint(fields=["sandbox", "number"], name="filing_number"),
            models.CheckConstraint(condition=models.Q(status__in=Status.values), name="filing_status_known"),
            models.UniqueConstraint(
                fields=["enterprise"], condition=models.Q(status__in=UNDECIDED), name="filing_one_open_per_enterprise"
            ),
        ]
        indexes = [
            models.Index(fields=["sandbox", "-serial"], name="filing_newest"),
            models.Index(fields=["enterprise", "-serial"], name="filing_of_enterprise"),
            models.Index(fields=["agent", "-serial"], name="filing_by_agent"),
            models.Index(fields=["sandbox", "status", "-serial"], name="filing_by_status"),
            models.Index(fields=["enterprise", "status", "-serial"], name="filing_of_enterprise_by_status"),
        ]

    def __str__(self) -> str:
        return self.number

    def clean(self) -> None:
        """Refuse a filing with a sheet of another kind, or with other content than was sent."""
        of_kind, declared = KINDS[self.kind], self.status != Status.DRAFT
        proofs.at("content", proofs.of_sheet, of_kind.sheet, self.content)
        proofs.at("base", proofs.of_sheet, of_kind.sheet, self.base)
        if declared != (self.declared_at is not None):
            raise ValidationError({"declared_at": proofs.Misfit("invalid", "申报过的才有申报时间")})
        if declared != bool(self.scenario):
            raise ValidationError({"scenario": proofs.Misfit("invalid", "申报过的才有答复它的情景")})
        sent = of_kind.sheet.shape(of_kind.whole(self.base, self.content)) if declared else None
        proofs.at("transmitted", proofs.transmitted, self.transmitted, self.transmitted_sha256, sent)

    @step(Status.DRAFT, Status.DECLARED, by=Party.APPLICANT)
    def declare(self) -> None:
        """申报"""

    @step(Status.DECLARED, Status.SENT, by=Party.PLATFORM)
    def send(self) -> None:
        """发往海关"""

    @step(Status.SENT, Status.STORED, by=Party.CUSTOMS)
    def store(self) -> None:
        """海关入库"""

    @step(Status.STORED, Status.MANUAL_REVIEW, by=Party.CUSTOMS)
    def route_manual(self) -> None:
        """转人工审核"""

    @step((Status.STORED, Status.MANUAL_REVIEW), Status.APPROVED, by=Party.CUSTOMS)
    @step(Status.DECLARED, Status.APPROVED, by=Party.MOFCOM)
    def approve(self) -> None:
        """审批通过"""

    @step((Status.STORED, Status.MANUAL_REVIEW), Status.REJECTED, by=Party.CUSTOMS)
    @step(Status.DECLARED, Status.REJECTED, by=Party.MOFCOM)
    def reject(self) -> None:
        """审批不通过"""

    @classmethod
    @cache
    def edges(cls) -> list[dict[str, Any]]:
        """The whole state machine: `{action, from, to, party, label}`, in the order of the lifecycle."""
        order = list(Status)
        status_field: Any = cls._meta.get_field("status")
        edges = [
            {
                "action": step.name,
                "from": Status(step.source),
                "to": Status(step.target),
                **step.custom,
            }
            for step in status_field.get_all_transitions(cls)
        ]
        return sorted(edges, key=lambda edge: (order.index(edge["from"]), order.index(edge["to"])))

    def steps(self, party: Party) -> list[str]:
        """The verbs that a party may do now."""
        return list(_steps(self.kind, self.status, party))

    def hand(self, verb: str) -> Party:
        """The party of a verb on this filing's road; of a verb that is not on it, its party elsewhere."""
        return next((party for party in ACTIONS[verb] if on_road(self.kind, party)), ACTIONS[verb][0])


@cache
def _steps(kind: str, status: str, party: Party) -> tuple[str, ...]:
    if not on_road(kind, party):
        return ()
    return tuple(edge["action"] for edge in Filing.edges() if edge["from"] == status and edge["party"] == party)


class Attachment(InSandbox):
    """A file attached to a draft. Its bytes are in the `Content` with its digest."""

    filing = models.ForeignKey(Filing, on_delete=models.CASCADE, related_name="attachments")
    n = models.PositiveIntegerField()
    type = models.CharField(max_length=20, validators=[proofs.attachment_type])
    filename = models.CharField(max_length=200)
    content_type = models.CharField(max_length=40, validators=[proofs.media_type])
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    uploaded_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["filing", "n"], name="attachment_n")]
        indexes = [models.Index(fields=["sandbox", "sha256"], name="attachment_content")]

    def __str__(self) -> str:
        return self.filename
