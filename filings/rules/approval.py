"""What an approval writes into the customs ledger."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from filings.rules.codes import TABLES
from filings.rules.dates import years_later
from filings.rules.words import Category, Qualification

CIQ_OFFICE = "4700"
"""First four characters of a Shenzhen 检验检疫备案号: 47 public, 00 ours."""

SERIALS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
"""Positions 7-10 of a customs code may be letters (public)."""


def registration_record(content: Mapping[str, Any], on: date, serial: int) -> dict[str, Any]:
    """The facts an approved 注册登记申请 establishes.

    Both qualifications begin together (FAQ 1.8) unless the filing was declared for one alone, before 2018-04-20.
    报关单位备案 is long-term valid (`valid_until` None), 临时 one year (public: 令253 art. 8).
    """
    scope, temporary = content["filing_scope"], content["category"] == Category.TEMPORARY
    return {
        "categories": [content["category"]],
        "registered_on": on,
        "valid_until": years_later(on, 1) if temporary else None,
        "deregistered_on": None,
        "customs_code": customs_code(content, serial),
        "inspection_number": inspection_number(content["category"], serial),
        "customs_qualified_on": on if Qualification.CUSTOMS in scope else None,
        "inspection_qualified_on": on if Qualification.INSPECTION in scope else None,
        "investors": [dict(investor) for investor in content["investors"]],
        "content": dict(content),
    }


def customs_code(content: Mapping[str, Any], serial: int) -> str:
    """海关注册编码, ten characters: city (4), economic zone (1), economic kind (1; 9 for 临时), serial (4). Shape public."""
    zone = TABLES["economic_zones"].get(content["economic_zone"])
    kind = TABLES["economic_types"].get(content["economic_type"])
    assert zone is not None
    assert kind is not None
    sixth = "9" if content["category"] == Category.TEMPORARY else kind.extra["economic_kind_digit"]
    return f"{content['city'][:4]}{zone.extra['customs_code_digit']}{sixth}{_letters(serial, 4)}"


def inspection_number(category: str, serial: int) -> str:
    """检验检疫备案号, ten characters: office (4, public), 9 for agents else 6 (assumed), serial (5)."""
    agent = category in (Category.BROKER, Category.BROKER_BRANCH)
    return f"{CIQ_OFFICE}{'9' if agent else '6'}{serial % 100000:05d}"


def _letters(number: int, width: int) -> str:
    """A serial in digits as long as they suffice, then with a letter in front, in the alphabet that customs codes use."""
    if number < 10**width:
        return f"{number:0{width}d}"
    number, places = number - 10**width, ""
    for _ in range(width - 1):
        number, rest = divmod(number, len(SERIALS))
        places = SERIALS[rest] + places
    letters = SERIALS[10:]
    return letters[number % len(letters)] + places
