"""Ending logins at once: what a client does when its session is over, which no advance of a clock brings about."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q

from filings.lab.worlds import people
from filings.models import Challenge, Sandbox, Session, wall
from filings.rules.refusals import Refusal


@dataclass(frozen=True, slots=True)
class Ended:
    """How many logins were ended, and how many random texts can no longer be signed."""

    sessions: int
    challenges: int


@transaction.atomic
def expire(sandbox: Sandbox, username: str = "") -> Ended:
    """End every session and challenge of an account, or of the sandbox, as if its time were over.

    The tokens handed out at the opening end too; a reset brings them back, as it brings back all of the opening.
    Raises 404.
    """
    if username and (words := people.no_account(sandbox, username)):
        remedy = "请核对 account；沙箱开始时的账户见 GET /control/v1/sandboxes/{sandbox} 答复中的 accounts"
        raise Refusal("not_found", words, remedy=remedy)
    alive = Q(sandbox=sandbox) & (Q(expires_at=None) | Q(expires_at__gt=wall()))
    whose, signing = (Q(account__username=username), Q(card__account__username=username)) if username else (Q(), Q())
    return Ended(
        sessions=Session.objects.filter(alive, whose).delete()[0],
        challenges=Challenge.objects.filter(alive, signing).delete()[0],
    )
