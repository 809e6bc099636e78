"""Telling the test harness of status changes: the message is written in the transaction of the change.

It has only words that the applicant may read, so never a reason (FAQ 2.6). The lab sends it, or hands it out to a
receiver that collects.
"""

from __future__ import annotations

import hashlib

from msgspec.json import encode

from filings.answers.filings import FilingEvent, FilingOfEvent
from filings.models import Delivery, DeliveryState, Filing, Visit, Webhook
from filings.prepared import PreparedInsert, PreparedValues
from filings.record import enquiries
from filings.rules.dates import rfc3339
from filings.rules.events import REACHED

_LISTENING = PreparedValues(
    lambda sandbox: (
        Webhook.objects.filter(sandbox=sandbox, disabled_at=None).order_by("id").values_list("key", "url", "events")
    ),
    1,
)
_DELIVERY = PreparedInsert(Delivery)


def post(visit: Visit, filing: Filing) -> None:
    """One event for the status a filing has just reached: a delivery, due now, for every webhook that wants it; of one
    without an address, waiting to be collected."""
    event = REACHED[filing.status]
    wanted = [
        (key, DeliveryState.PENDING if url else DeliveryState.WAITING)
        for key, url, events in _LISTENING.all(visit.sandbox.pk)
        if not events or event in events
    ]
    if not wanted:
        return
    message, body = _message(visit, filing), _body(visit, filing)
    _DELIVERY.add_all(
        {
            "sandbox_id": visit.sandbox.pk,
            "key": f"del_{_digest(message, key)}",
            "webhook": key,
            "message": message,
            "event": event,
            "filing": filing.public_id,
            "uscc": filing.enterprise.uscc,
            "body": body,
            "at": visit.now,
            "due_at": visit.now,
            "state": state,
        }
        for key, state in wanted
    )


def _message(visit: Visit, filing: Filing) -> str:
    """The `webhook-id` of a change: the same for all receivers and retries, another after a reset."""
    sandbox = visit.sandbox
    return f"msg_{_digest(sandbox.control_key_digest, str(sandbox.epoch), filing.public_id, str(filing.version))}"


def _body(visit: Visit, filing: Filing) -> str:
    """Standard Webhooks' payload. `timestamp` is the moment on the sandbox's clock; the header's is the wall's."""
    event = FilingEvent(REACHED[filing.status], rfc3339(visit.now), FilingOfEvent(enquiries.read(visit, filing)))
    return encode(event).decode()


def _digest(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:24]
