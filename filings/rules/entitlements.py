"""What an enterprise is entitled to by its category (FAQ 1.10, 2.11, 2.18) and how its record stands."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from filings.rules.words import Category, Standing

MAY_PRINT_CERTIFICATE = frozenset(
    {Category.CONSIGNEE, Category.CONSIGNEE_BRANCH, Category.BROKER, Category.BROKER_BRANCH, Category.TEMPORARY}
)
"""FAQ 1.10 lists them; FAQ 2.18: 特殊监管区域双重身份企业 is not among them."""


MUST_REPORT = frozenset(
    {Category.CONSIGNEE, Category.CONSIGNEE_BRANCH, Category.BROKER, Category.BROKER_BRANCH, Category.DUAL}
)
"""FAQ 2.11 lists them; 临时注册登记单位 is not among them."""


def reports_annually(categories: Iterable[str]) -> bool:
    """Whether any of the categories must report to customs every year (FAQ 2.11)."""
    return any(category in MUST_REPORT for category in categories)


def certificate_printable(categories: Iterable[str]) -> bool:
    """Whether any of the categories may print 《报关单位备案证明》 (FAQ 1.10, 2.18)."""
    return any(category in MAY_PRINT_CERTIFICATE for category in categories)


def not_printable_by(categories: Iterable[str]) -> str:
    """The entry that says why the categories may not: 双重身份 has one of its own."""
    return "2.18" if Category.DUAL in categories else "1.10"


def standing(record: Mapping[str, Any], today: date) -> Standing:
    """What a record says of its enterprise; valid through the last day 24:00 (FAQ 2.4, 2.15)."""
    if not record or record["registered_on"] is None:
        return Standing.NOT_REGISTERED
    if record["deregistered_on"] is not None:
        return Standing.DEREGISTERED
    if record["valid_until"] is not None and record["valid_until"] < today:
        return Standing.OVERDUE
    return Standing.NORMAL
