"""电子签章证书: how often one may be applied for (FAQ 1.6)."""

from __future__ import annotations

from datetime import datetime, timedelta

from filings.rules.facts import Facts
from filings.rules.register import Values, rule

EVERY = timedelta(hours=1)
"""FAQ 1.6: one successful application an hour, of one account for its enterprise."""

PASSWORD = "88888888"  # noqa: S105 - told with every certificate: the keys are synthetic
"""What opens every PKCS#12 file. Ours."""

VALID = timedelta(days=365)
"""How long a certificate is good. Ours."""


def next_at(issued_at: datetime) -> datetime:
    """From when on the account may apply again: exactly an hour later is allowed, a microsecond less is not."""
    return issued_at + EVERY


def seconds_to(moment: datetime, now: datetime) -> int:
    """Whole seconds until a moment, rounded up: what Retry-After tells."""
    return -(-(moment - now) // timedelta(seconds=1))


def in_words(seconds: int) -> str:
    """So many seconds as the page counts them down."""
    return f"{seconds // 60} 分 {seconds % 60} 秒"


@rule("距本账户上次成功申请电子签章证书已满一小时", faq="1.6", code="certificate_hourly_limit")
def hour_over(values: Values, facts: Facts) -> bool:
    return facts.seal_issued_at is None or facts.now >= next_at(facts.seal_issued_at)
