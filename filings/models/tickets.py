"""Contacting a department and being answered."""

from __future__ import annotations

from django.db import models

from filings.models import proofs
from filings.models.people import Account, Enterprise
from filings.models.sandbox import InSandbox
from filings.rules.words import Department, Topic


class Ticket(InSandbox):
    """A question to a department; the answer comes on the sandbox's clock."""

    serial = models.PositiveIntegerField()
    public_id = models.CharField(max_length=12, validators=[proofs.Numbered("T", 6)])
    desk = models.CharField(max_length=20, choices=Department.choices)
    topic = models.CharField(max_length=20, choices=Topic.choices)
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="tickets")
    enterprise = models.ForeignKey(Enterprise, on_delete=models.CASCADE, related_name="tickets")
    filing = models.CharField(max_length=12, blank=True)
    uscc = models.CharField(max_length=40, blank=True)
    enterprise_name = models.CharField(max_length=100, blank=True)
    text = models.CharField(max_length=500, blank=True)
    created_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=40, blank=True)
    answer = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["sandbox", "public_id"], name="ticket_public_id"),
            models.UniqueConstraint(
                fields=["enterprise", "desk", "topic", "filing"],
                condition=models.Q(answered_at=None),
                name="ticket_asked_once",
            ),
        ]

    def __str__(self) -> str:
        return self.public_id
