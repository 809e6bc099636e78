"""Telling the test harness of status changes: what is to be sent is written in the transaction of the change.

The words are those the applicant may read, so never a reason (FAQ 2.6). Sending is the lab's work.
"""

from __future__ import annotations

import hashlib

from msgspec.json import encode

from filings import enquiries
from filings.answers.filings import FilingEvent, FilingOfEvent
from filings.models import Delivery, DeliveryState, Filing, Visit, Webhook
from filings.models.prepared import Prepared
from filings.rules.dates import rfc3339

_LISTENING = Prepared(lambda sandbox: Webhook.objects.filter(sandbox=sandbox, disabled_at=None)[:1], 1)


def post(visit: Visit, filing: Filing) -> None:
    """One event for the status a filing has just reached: a delivery for every webhook that wants it, due at once."""
    if _LISTENING.one(visit.sandbox.pk) is None:
        return
    event = f"filing.{filing.status}"
    listening = Webhook.objects.filter(sandbox=visit.sandbox, disabled_at=None).order_by("id")
    wanted = [one for one in listening if not one.events or event in one.events]
    if not wanted:
        return
    message, body = _message(visit, filing), _body(visit, filing)
    Delivery.objects.bulk_create(
        Delivery(
            sandbox=visit.sandbox, key=f"del_{_digest(message, one.key)}", webhook=one.key, message=message,
            event=event, filing=filing.public_id, body=body, at=visit.now, due_at=visit.now,
        )
        for one in wanted
    )  # fmt: skip


def reread(visit: Visit, filing: Filing) -> None:
    """Write anew what is told of a change, where more belonged to it than the change itself; what is on its way stays."""
    waiting = Delivery.objects.filter(
        sandbox=visit.sandbox, message=_message(visit, filing), state=DeliveryState.PENDING, tried_at=None, locked_until=None
    )
    if waiting.exists():
        waiting.update(body=_body(visit, filing))


def _message(visit: Visit, filing: Filing) -> str:
    """The `webhook-id` of a change: one for all who are told, the same over retries, another in another life of the world."""
    sandbox = visit.sandbox
    return f"msg_{_digest(sandbox.control_key_digest, str(sandbox.epoch), filing.public_id, str(filing.version))}"


def _body(visit: Visit, filing: Filing) -> str:
    """Standard Webhooks' payload. `timestamp` is the moment on the sandbox's clock; the header's is the wall's."""
    told = FilingEvent(f"filing.{filing.status}", rfc3339(visit.now), FilingOfEvent(enquiries.read(visit, filing)))
    return encode(told).decode()


def _digest(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:24]
