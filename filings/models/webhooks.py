"""The receivers of webhooks, and what is on its way to them."""

from __future__ import annotations

from django.db import models

from filings.models import proofs
from filings.models.fields import JSONField
from filings.models.sandbox import Beside, InSandbox, wall
from filings.rules.words import DeliveryState


class Webhook(Beside):
    """A receiver of the test harness. `events` empty: all of them; `url` empty: it collects them itself.

    It stays through reset and restore, and is not in a snapshot: its secret stays here.
    """

    key = models.CharField(max_length=20)
    url = models.CharField(max_length=2000, blank=True)
    events = JSONField(default=list)
    secret = models.CharField(max_length=100)
    created_at = models.DateTimeField(default=wall)
    disabled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["sandbox", "key"], name="webhook_key")]

    def __str__(self) -> str:
        return f"{self.key} {self.url}"


class Delivery(InSandbox):
    """One event on its way to one webhook: outbox and log in one. Written in the transaction of the event.

    `webhook` is only the key: a delivery belongs to the world, its receiver does not. `at` and `due_at` are on the
    sandbox's clock; `locked_until` and `tried_at` on the wall. `attempts` are `{n, at, at_real, outcome, status, error,
    duration_ms, response, fault}`. `held_until`: a fault makes it wait for another delivery, at the latest until then;
    the value stays as a mark of that.
    """

    key = models.CharField(max_length=40)
    webhook = models.CharField(max_length=20)
    message = models.CharField(max_length=40)
    event = models.CharField(max_length=40, validators=[proofs.webhook_event])
    filing = models.CharField(max_length=12)
    uscc = models.CharField(max_length=18, validators=[proofs.credit_code])
    body = models.TextField(validators=[proofs.json_text])
    at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=DeliveryState.choices, default=DeliveryState.PENDING)
    due_at = models.DateTimeField()
    held_until = models.DateTimeField(null=True)
    attempts = JSONField(default=list, validators=[proofs.attempts])
    tried_at = models.DateTimeField(null=True)
    locked_until = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["sandbox", "key"], name="delivery_key")]
        indexes = [
            models.Index(
                fields=["sandbox", "webhook", "due_at", "id"],
                condition=models.Q(state=DeliveryState.PENDING),
                name="delivery_due",
            ),
            models.Index(
                fields=["sandbox", "webhook", "id"],
                condition=models.Q(state=DeliveryState.WAITING),
                name="delivery_waiting",
            ),
            models.Index(fields=["sandbox", "message"], name="delivery_message"),
            models.Index(fields=["sandbox", "tried_at"], name="delivery_tried"),
        ]

    def __str__(self) -> str:
        return f"{self.key} {self.event}"
