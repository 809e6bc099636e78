"""What an approval writes into the ledger of the authority that gives it."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from types import MappingProxyType
from typing import Any

from filings.rules.codes import TABLES
from filings.rules.dates import years_later
from filings.rules.laying import lay
from filings.rules.matching import paired
from filings.rules.numbers import amount as spelt
from filings.rules.sheets.mofcom_change import recorded
from filings.rules.sheets.registration import INVESTORS
from filings.rules.words import Category, Qualification, RecordState

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
        "investors": with_known_usd(content["investors"], ()),
        "content": dict(content),
    }


def registered_record(content: Mapping[str, Any], ledger: Mapping[str, Any], on: date, serial: int) -> dict[str, Any]:
    """A registration's facts; a record it takes the place of is kept among the former ones (FAQ 2.20)."""
    former = [*ledger.get("former", ()), former_record(ledger)] if ledger.get("registered_on") else []
    return {**registration_record(content, on, serial), "former": former}


def changed_record(content: Mapping[str, Any], ledger: Mapping[str, Any], on: date, serial: int) -> dict[str, Any]:
    """What an approved change leaves on record: the sheet with the changes over it, categories added, never one taken
    away.

    The customs code is a new one only if the region or the economic zone changes (public). Investors keep the USD
    amount they had until customs returns another (FAQ 2.16).
    """
    before = ledger["content"]
    sheet = lay(before, content)
    added = sheet.pop("added_categories", [])
    record: dict[str, Any] = {"content": sheet, "categories": [*ledger["categories"], *added]}
    if any(before.get(name) and before[name] != sheet.get(name) for name in ("city", "economic_zone")):
        record["customs_code"] = customs_code(sheet, serial)
    if "investors" in content:
        record["investors"] = with_known_usd(sheet.get("investors", ()), ledger["investors"])
    return record


def deregistered_record(content: Mapping[str, Any], ledger: Mapping[str, Any], on: date, serial: int) -> dict[str, Any]:
    """What an approved 注销申请 leaves on record: the day it ended."""
    return {"deregistered_on": on}


def commerce_record(content: Mapping[str, Any], ledger: Mapping[str, Any], on: date, serial: int) -> dict[str, Any]:
    """What an approved 商务部变更申请 leaves on record with the commerce authorities: the changes over what was
    there."""
    return {"state": RecordState.CURRENT, "updated_on": on, "content": lay(ledger["content"], recorded(content))}


def former_record(ledger: Mapping[str, Any]) -> dict[str, Any]:
    """A closed record in short, as it stays in the history."""
    days = {
        name: ledger[name].isoformat() if ledger[name] else None
        for name in ("registered_on", "valid_until", "deregistered_on")
    }
    return {**days, "categories": list(ledger["categories"]), "customs_code": ledger["customs_code"]}


USD_FOR_ONE: Mapping[str, Decimal] = MappingProxyType(
    {
        "USD": Decimal(1),
        "CNY": Decimal("0.157"),
        "HKD": Decimal("0.128"),
        "EUR": Decimal("1.13"),
        "JPY": Decimal("0.0088"),
        "GBP": Decimal("1.33"),
    }
)
"""The rates this simulator's customs reckons by: round numbers, ours; which rates customs takes is not known."""


def in_usd(amount: str, currency: str) -> str | None:
    """An amount in USD at the simulator's own rates; None for a currency it has none for.

    To as many places as the amount has, two at least (ours): an amount in USD is itself.
    """
    rate = USD_FOR_ONE.get(currency)
    if rate is None:
        return None
    places = max(2, len(amount.partition(".")[2]))
    return spelt(f"{(Decimal(amount) * rate).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP):f}")


def with_known_usd(investors: Iterable[Mapping[str, Any]], known: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Investors with the USD amount on record for each, matched by name and country, None for one that is new (FAQ
    2.16)."""
    rows, before = list(investors), list(known)
    there = paired(INVESTORS, rows, before)
    return [
        {**row, "amount_usd": None if at is None else before[at].get("amount_usd")}
        for row, at in zip(rows, there, strict=True)
    ]


def with_returned_usd(investors: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Investors with the USD amounts customs returns after its review (FAQ 2.16)."""
    return [
        {**investor, "amount_usd": in_usd(investor["amount"], investor["currency"])}
        if _reckoned(investor)
        else dict(investor)
        for investor in investors
    ]


def _reckoned(investor: Mapping[str, Any]) -> bool:
    return bool(investor.get("amount") and investor.get("currency"))


def customs_code(content: Mapping[str, Any], serial: int) -> str:
    """海关注册编码, ten characters: city (4), economic zone (1), economic kind (1; 9 for 临时), serial (4). Shape
    public."""
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
    """A serial in digits as long as they suffice, then with a letter in front, in the alphabet that customs codes
    use."""
    if number < 10**width:
        return f"{number:0{width}d}"
    number, places = number - 10**width, ""
    for _ in range(width - 1):
        number, rest = divmod(number, len(SERIALS))
        places = SERIALS[rest] + places
    letters = SERIALS[10:]
    return letters[number % len(letters)] + places
