"""What is remembered. Only desk, enquiries, agenda, lab and the authorities touch `.objects`."""

from filings.models.backfill import Backfill
from filings.models.desks import Ticket
from filings.models.filing import Attachment, Filing
from filings.models.glitches import Glitch
from filings.models.ledgers import CustomsRecord, Mirror
from filings.models.people import Account, Card, Challenge, Enterprise, Mandate, Session
from filings.models.sandbox import Sandbox, one, wall
from filings.models.seals import SealAuthority, SealCertificate
from filings.models.trail import Agenda, Event, Receipt, Served
from filings.models.visit import Visit, authority

__all__ = [
    "Account",
    "Agenda",
    "Attachment",
    "Backfill",
    "Card",
    "Challenge",
    "CustomsRecord",
    "Enterprise",
    "Event",
    "Filing",
    "Glitch",
    "Mandate",
    "Mirror",
    "Receipt",
    "Sandbox",
    "SealAuthority",
    "SealCertificate",
    "Served",
    "Session",
    "Ticket",
    "Visit",
    "authority",
    "one",
    "wall",
]
