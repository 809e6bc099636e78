"""What is remembered. Who may touch `.objects` is listed in `tests/test_layers.py`."""

from filings.models.annual import AnnualReport
from filings.models.attempts import Attempt, Evaluation, HintTaken
from filings.models.backfill import Backfill
from filings.models.checkpoints import Checkpoint, Holding
from filings.models.client_control import ClientControl
from filings.models.contents import Content
from filings.models.coverage import Covered
from filings.models.faults import Fault
from filings.models.filing import Attachment, Filing
from filings.models.glitches import Glitch, mend
from filings.models.guessing import Guesses
from filings.models.journal import Exchange
from filings.models.learners import Learner, Mistake, TrainingClass
from filings.models.ledgers import CustomsRecord, MarketRecord, Mirror, MofcomRecord
from filings.models.people import Account, Card, Challenge, Enterprise, Mandate, Session
from filings.models.queueing import QueuedScenario
from filings.models.sandbox import Sandbox, row_or_none, wall
from filings.models.seals import SealAuthority, SealCertificate
from filings.models.tickets import Ticket
from filings.models.trail import Agenda, Event, Receipt, Served
from filings.models.visit import Visit, authority
from filings.models.webhooks import Delivery, DeliveryState, Webhook

__all__ = [
    "Account",
    "Agenda",
    "AnnualReport",
    "Attachment",
    "Attempt",
    "Backfill",
    "Card",
    "Challenge",
    "Checkpoint",
    "ClientControl",
    "Content",
    "Covered",
    "CustomsRecord",
    "Delivery",
    "DeliveryState",
    "Enterprise",
    "Evaluation",
    "Event",
    "Exchange",
    "Fault",
    "Filing",
    "Glitch",
    "Guesses",
    "HintTaken",
    "Holding",
    "Learner",
    "Mandate",
    "MarketRecord",
    "Mirror",
    "Mistake",
    "MofcomRecord",
    "QueuedScenario",
    "Receipt",
    "Sandbox",
    "SealAuthority",
    "SealCertificate",
    "Served",
    "Session",
    "Ticket",
    "TrainingClass",
    "Visit",
    "Webhook",
    "authority",
    "mend",
    "row_or_none",
    "wall",
]
