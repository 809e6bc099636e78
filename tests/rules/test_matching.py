"""Which row of a record a row of a sheet is (FAQ 2.16): by name and country, whatever the width, and in order."""

from typing import Any

import pytest

from filings.rules.approval import in_usd, with_known_usd, with_returned_usd
from filings.rules.matching import paired
from filings.rules.sheets.registration import INVESTORS

pytestmark = pytest.mark.faq("2.16")


def row(name: str, amount: str = "100.00", country: str = "HKG", **more: Any) -> dict[str, Any]:
    return {"name": name, "country": country, "method": "货币", "amount": amount, "currency": "HKD", **more}


WIDE, NARROW = "演练投资（香港）有限公司", "演练投资(香港)有限公司"


@pytest.mark.parametrize(
    ("sheet", "record"), [(NARROW, WIDE), (WIDE, NARROW), ("ＡＢＣ Ltd.", "ABC Ltd."), ("A　B", "A B")]
)
def test_the_width_of_brackets_and_letters_does_not_count(sheet: str, record: str) -> None:
    assert paired(INVESTORS, [row(sheet)], [row(record)]) == [0]
    told = with_known_usd([row(sheet)], [row(record, amount_usd="12.80")])
    assert (told[0]["name"], told[0]["amount_usd"]) == (sheet, "12.80")


@pytest.mark.parametrize("other", [row("演练投资【香港】有限公司"), row(WIDE, country="MAC"), row("abc")])
def test_another_name_or_country_is_another_investor(other: dict[str, Any]) -> None:
    assert paired(INVESTORS, [other], [row(WIDE)]) == [None]


def test_rows_of_one_name_follow_in_order_and_none_is_two() -> None:
    known = [row(WIDE, "100.00", amount_usd="12.80"), row(WIDE, "200.00", amount_usd="25.60")]
    assert [one["amount_usd"] for one in with_known_usd([row(NARROW, "150.00"), row(NARROW, "250.00")], known)] == [
        "12.80",
        "25.60",
    ]
    assert [
        one["amount_usd"] for one in with_known_usd([row(WIDE), row(WIDE, "200.00"), row(WIDE, "300.00")], known)
    ] == [
        "12.80",
        "25.60",
        None,
    ]


def test_a_row_that_is_as_it_was_is_itself_wherever_it_stands() -> None:
    known = [row(WIDE, "100.00"), row(WIDE, "200.00")]
    assert paired(INVESTORS, [row(WIDE, "200.00")], known) == [1]
    assert paired(INVESTORS, [row(WIDE, "300.00"), row(WIDE, "100.00")], known) == [1, 0]


@pytest.mark.parametrize(
    ("amount", "currency", "usd"),
    [
        ("500.00", "CNY", "78.50"),
        ("166.6667", "CNY", "26.1667"),
        ("1234.5678", "USD", "1234.5678"),
        ("100.01", "CNY", "15.70"),
        ("0.000001", "HKD", "0.00"),
        ("100.0001", "CNY", "15.70"),
        ("99999999999999.999999", "USD", "99999999999999.999999"),
        ("1.00", "XXX", None),
    ],
)
def test_customs_returns_as_many_places_as_the_amount_has(amount: str, currency: str, usd: str | None) -> None:
    assert in_usd(amount, currency) == usd
    assert with_returned_usd([row(WIDE, amount) | {"currency": currency}])[0]["amount_usd"] == usd
