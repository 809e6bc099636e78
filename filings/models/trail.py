"""Events, receipts, the agenda, and the requests that were already served."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import models

from filings.models import proofs
from filings.models.fields import JSONField
from filings.models.filing import Filing
from filings.models.people import Account
from filings.models.sandbox import InSandbox, Login, Sandbox, wall
from filings.prepared import PreparedDelete, PreparedInsert
from filings.rules.events import Due, EventName
from filings.rules.words import Medium, Party, Status


class Event(InSandbox):
    """An event: only ever added, numbered in its sandbox. The event of a filing's change carries the version it
    made."""

    seq = models.PositiveIntegerField()
    at = models.DateTimeField()
    at_real = models.DateTimeField(default=wall)
    name = models.CharField(max_length=40, choices=EventName.choices)
    party = models.CharField(max_length=10, choices=Party.choices)
    actor = models.CharField(max_length=60, blank=True)
    medium = models.CharField(max_length=10, choices=Medium.choices, blank=True)
    uscc = models.CharField(max_length=18, blank=True, validators=[proofs.credit_code])
    subject = models.CharField(max_length=40, blank=True)
    version = models.PositiveIntegerField(null=True)
    data = JSONField(default=dict)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["sandbox", "seq"], name="event_seq"),
            models.UniqueConstraint(
                fields=["sandbox", "subject", "version"],
                condition=models.Q(version__isnull=False),
                name="event_version",
            ),
        ]
        indexes = [models.Index(fields=["sandbox", "subject", "seq"], name="event_of_subject")]

    def __str__(self) -> str:
        return f"#{self.seq} {self.name}"

    def clean(self) -> None:
        proofs.at("data", proofs.event_data, self.data, self.name)


class Receipt(InSandbox):
    """回执: an authority's answer. `reason` is for the applicant where FAQ 2.6 allows it; `internal` never leaves
    customs.

    Enterprise and agent have a mailbox each: each looks at a receipt, and takes it out, independently.
    """

    filing = models.ForeignKey(Filing, on_delete=models.CASCADE, related_name="receipts")
    serial = models.PositiveIntegerField()
    public_id = models.CharField(max_length=12, validators=[proofs.Numbered("R", 6)])
    at = models.DateTimeField()
    status = models.CharField(max_length=20, choices=Status.choices)
    text = models.CharField(max_length=200)
    reason_code = models.CharField(max_length=40, blank=True)
    reason = models.TextField(blank=True)
    internal = models.TextField(blank=True)
    viewed_at = models.DateTimeField(null=True)
    agent_viewed_at = models.DateTimeField(null=True)
    acknowledged_at = models.DateTimeField(null=True)
    agent_acknowledged_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["sandbox", "public_id"], name="receipt_public_id")]
        indexes = [models.Index(fields=["sandbox", "serial"], name="receipt_serial")]

    def __str__(self) -> str:
        return self.public_id


class Agenda(InSandbox):
    """Something that falls due later: the authorities' replies, a department's answers, syncs.

    `trouble` is the error it met when it was due; then it is held, and set aside until somebody schedules it again.
    """

    at = models.DateTimeField()
    verb = models.CharField(max_length=20, choices=Due.choices)
    subject = models.CharField(max_length=40)
    args = JSONField(default=dict)
    held = models.BooleanField(default=False)
    trouble = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["sandbox", "held", "at", "id"], name="agenda_due"),
            models.Index(fields=["sandbox", "subject"], name="agenda_of_subject"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%F %T} {self.verb} {self.subject}"

    @property
    def deed(self) -> str:
        """What will be done; of a reply, by which step."""
        return str(self.args.get("verb", self.verb)) if isinstance(self.args, dict) else self.verb

    def clean(self) -> None:
        proofs.at("args", proofs.due_words, self.args, self.verb)

    @staticmethod
    def put(
        sandbox: Sandbox,
        at: datetime,
        verb: Due,
        subject: str,
        args: Mapping[str, Any] | None = None,
        *,
        held: bool = False,
    ) -> None:
        """Schedule something for a moment."""
        _DUE.add(sandbox_id=sandbox.pk, at=at, verb=verb, subject=subject, args=args or {}, held=held)

    @staticmethod
    def strike(sandbox: Sandbox, verb: Due, subject: str) -> None:
        """Cancel what was scheduled for a subject."""
        _STRUCK.run(sandbox.pk, verb.value, subject)


_DUE = PreparedInsert(Agenda)
_STRUCK = PreparedDelete(
    lambda sandbox, verb, subject: Agenda.objects.filter(sandbox=sandbox, subject=subject, verb=verb),
    1,
    "a verb",
    "a subject",
)


class Served(Login):
    """A request with an Idempotency-Key that was carried out, and its answer; written in the same transaction."""

    account = models.ForeignKey(Account, null=True, on_delete=models.CASCADE, related_name="+")
    scope = models.CharField(max_length=300)
    digest = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField()
    headers = JSONField(default=dict)
    body = models.BinaryField()
    at = models.DateTimeField(default=wall)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["sandbox", "scope"], name="served_scope"),
        ]
        indexes = [models.Index(fields=["scope"], name="served_by_scope")]

    def __str__(self) -> str:
        return self.scope
