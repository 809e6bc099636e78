"""Whoever guesses a secret waits: after five wrong ones in a row, longer each time, up to a quarter of an hour. Ours,
on wall time."""

from __future__ import annotations

import hashlib
from datetime import timedelta

from django.db import transaction

from filings.models import Guesses, row_or_none, wall
from filings.rules.refusals import Refusal

FREE = 5
"""Wrong secrets in a row before one waits."""

FIRST, LONGEST = timedelta(seconds=30), timedelta(minutes=15)
"""The first wait and the longest; each is twice the one before."""

FORGOTTEN = timedelta(days=1)
"""After so long without a guess the count begins anew."""


def check(*subject: str) -> None:
    """Raise 429 while whoever this is about has to wait, whether the secret is right or wrong."""
    found = row_or_none(Guesses.objects.filter(subject=_digest(*subject)))
    if found is not None and found.until is not None and (left := found.until - wall()) > timedelta():
        seconds = max(1, round(left.total_seconds()))
        raise Refusal(
            "too_many_attempts", f"连续输错次数过多，请在 {seconds} 秒后再试", headers={"Retry-After": str(seconds)}
        )


@transaction.atomic
def wrong(secret: str, *subject: str) -> None:
    """Count a wrong secret; the same one given again is a mistake, not a guess."""
    now, given = wall(), _digest(secret)[:16]
    found, _ = Guesses.objects.select_for_update().get_or_create(subject=_digest(*subject))
    if now - found.at > FORGOTTEN:
        found.failures, found.last = 0, []
    if given in found.last:
        return
    found.failures += 1
    found.last, found.at = [*found.last, given][-FREE:], now
    if found.failures >= FREE:
        found.until = now + min(LONGEST, FIRST * 2 ** min(found.failures - FREE, 10))
    found.save()


def right(*subject: str) -> None:
    """Forget the wrong ones."""
    Guesses.objects.filter(subject=_digest(*subject)).delete()


def forget_old() -> None:
    """Remove the counts nobody added to for long."""
    Guesses.objects.filter(at__lt=wall() - FORGOTTEN).delete()


def _digest(*words: str) -> str:
    return hashlib.sha256("\0".join(words).encode("utf-8", "surrogatepass")).hexdigest()
