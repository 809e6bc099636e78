"""What is remembered. Only desk, enquiries, agenda, lab and the authorities touch `.objects`."""

from filings.models.backfill import Backfill
from filings.models.client_control import ClientControl
from filings.models.desks import Ticket
from filings.models.filing import Attachment, Filing
from filings.models.glitches import Glitch
from filings.models.ledgers import CustomsRecord, Mirror, MofcomRecord
from filings.models.people import Account, Card, Challenge, Enterprise, Mandate, Session
from filings.models.sandbox import Sandbox, one, wall
from filings.models.trail import Agenda, Event, Receipt, Served
from filings.models.visit import Visit, authority

__all__ = [
    "Account",
    "Agenda",
    "Attachment",
    "Backfill",
    "Card",
    "Challenge",
    "ClientControl",
    "CustomsRecord",
    "Enterprise",
    "Event",
    "Filing",
    "Glitch",
    "Mandate",
    "Mirror",
    "MofcomRecord",
    "Receipt",
    "Sandbox",
    "Served",
    "Session",
    "Ticket",
    "Visit",
    "authority",
    "one",
    "wall",
]
