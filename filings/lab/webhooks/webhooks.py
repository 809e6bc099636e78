"""Webhooks as the test harness holds them: receivers, and the log of what was sent to them."""

from __future__ import annotations

import secrets
from collections.abc import Sequence

from django.db import transaction
from django.db.models import QuerySet

from filings.answers import watching
from filings.lab.webhooks import delivering, reaching
from filings.models import Delivery, DeliveryState, Sandbox, Webhook, wall
from filings.rules import webhooks
from filings.rules.appraisal import Problem
from filings.rules.dates import at, rfc3339
from filings.rules.refusals import Refusal, absent, invalid

MOST = 20
"""Receivers of one sandbox. Ours."""


def expect_receiver(url: str) -> None:
    """Refuse an address no webhook may go to (422). It may ask the resolver, so it is done before any transaction."""
    try:
        reaching.check(url)
    except webhooks.Unreachable as error:
        raise invalid([Problem("/url", "receiver_not_allowed", str(error))]) from None


@transaction.atomic
def register(sandbox: Sandbox, url: str, events: Sequence[str] = (), secret: str = "") -> Webhook:
    """Tell a receiver, whose address was found good, of every status change from now on, or of those named.

    Signed by the secret it brings, else by a new one. Without an address it collects what waits for it. Raises 409.
    """
    if Webhook.objects.filter(sandbox=sandbox).count() >= MOST:
        raise Refusal("too_many_webhooks")
    wanted = [event for event in webhooks.EVENTS if event in events]
    return Webhook.objects.create(
        sandbox=sandbox,
        key=f"wh_{secrets.token_hex(8)}",
        url=url,
        events=wanted,
        secret=secret or webhooks.secret_of(secrets.token_bytes(32)),
    )


def receivers(sandbox: Sandbox) -> QuerySet[Webhook]:
    """The receivers of a sandbox, oldest first."""
    return Webhook.objects.filter(sandbox=sandbox).order_by("id")


@transaction.atomic
def remove(sandbox: Sandbox, key: str) -> None:
    """Tell a receiver no more; what had not reached it is withdrawn, the log stays. Raises 404."""
    if not receivers(sandbox).filter(key=key).delete()[0]:
        raise absent("接收地址", key)
    delivering.withdraw(sandbox.pk, key)


def waiting(sandbox: Sandbox, key: str) -> QuerySet[Delivery]:
    """What waits for a receiver that collects. Raises 404."""
    if not receivers(sandbox).filter(key=key).exists():
        raise absent("接收地址", key)
    return log(sandbox, key, DeliveryState.WAITING)


def acknowledge(sandbox: Sandbox, key: str, deliveries: Sequence[str]) -> int:
    """A receiver has what it collected: it waits no more. Tells of how many; what does not wait is passed over, so that
    to say it twice is no matter. Raises 404."""
    now = wall()
    attempt = {
        "n": 1,
        "at": rfc3339(sandbox.now()),
        "at_real": rfc3339(now),
        "outcome": "delivered",
        "status": None,
        "error": None,
        "duration_ms": 0,
        "response": None,
        "fault": None,
    }
    theirs = waiting(sandbox, key).filter(key__in=deliveries)
    return theirs.update(state=DeliveryState.DELIVERED, attempts=[attempt], tried_at=now)


def log(sandbox: Sandbox, webhook: str = "", state: str = "") -> QuerySet[Delivery]:
    """What was sent or is to be, of one receiver or in one state if named. Raises 400 for a state there is not."""
    if state and state not in DeliveryState.values:
        raise Refusal("unknown_parameter", f"state 应为 {'、'.join(DeliveryState.values)} 之一")
    if "\0" in webhook:
        raise Refusal("unknown_parameter", "webhook 含有空字符")
    chosen = {name: value for name, value in (("webhook", webhook), ("state", state)) if value}
    return Delivery.objects.filter(sandbox=sandbox, **chosen)


def read(webhook: Webhook) -> watching.Webhook:
    """A receiver as the control plane tells it, without its secret."""
    return watching.Webhook(
        id=webhook.key,
        url=webhook.url or None,
        events=webhook.events or list(webhooks.EVENTS),
        enabled=webhook.disabled_at is None,
        created_at=rfc3339(webhook.created_at),
        disabled_at=at(webhook.disabled_at),
    )


def read_delivery(delivery: Delivery) -> watching.Delivery:
    """A delivery with its attempts, and the body as it is signed."""
    pending = delivery.state == DeliveryState.PENDING
    return watching.Delivery(
        id=delivery.key,
        webhook=delivery.webhook,
        webhook_id=delivery.message,
        event=delivery.event,
        filing=delivery.filing,
        state=delivery.state,
        state_label=DeliveryState(delivery.state).label,
        at=rfc3339(delivery.at),
        next_attempt_at=rfc3339(delivery.due_at) if pending else None,
        attempts=[watching.Attempt(**attempt) for attempt in delivery.attempts],
        body=delivery.body,
    )
