"""新入网 and 电子签章证书 as rules: no database, no clock (FAQ 1.6, 2.14)."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from filings.rules import cards, seals
from filings.rules.dates import LEGAL_PERSON_CARD_ALONE_FROM, SHANGHAI
from filings.rules.facts import Facts
from filings.rules.faq import ENTRIES
from filings.rules.register import Values
from filings.rules.words import CardType

BOSS = "110101189001010016"
LAST, FIRST = datetime(2021, 10, 18, 23, 59, 59, tzinfo=SHANGHAI), datetime(2021, 10, 19, tzinfo=SHANGHAI)


def allowed(
    type: str = "operator", number: str = BOSS, now: datetime = FIRST, holders: tuple[str, ...] = (BOSS,)
) -> bool:
    values = Values(type=type, holder_id_number=number)
    return cards.holder_is_not_legal_person(values, Facts(now=now, legal_person_cards=holders))


# ── FAQ 2.14 ──────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.faq("2.14")
@pytest.mark.parametrize("type", CardType.values)
@pytest.mark.parametrize("zone", [SHANGHAI, UTC])
def test_the_legal_person_may_have_no_other_card_from_that_day_on(type: str, zone: Any) -> None:
    assert allowed(type, now=LAST.astimezone(zone))
    assert allowed(type, now=FIRST.astimezone(zone)) is (type == "legal_person")


@pytest.mark.faq("2.14")
def test_it_is_about_that_person_and_that_enterprise_only() -> None:
    assert allowed(number="110101189001010024")
    assert allowed(holders=())
    assert not allowed(holders=("110101189001010024", BOSS))


@pytest.mark.faq("2.14")
def test_the_day_is_the_faqs() -> None:
    assert f"{LEGAL_PERSON_CARD_ALONE_FROM:%Y 年 %-m 月 %-d 日}" in ENTRIES["2.14"].answer


@pytest.mark.parametrize(
    ("holders", "type", "free"),
    [
        ((), "legal_person", True),
        ((BOSS,), "legal_person", False),
        (("",), "legal_person", False),
        ((BOSS,), "operator", True),
    ],
)
def test_there_is_one_legal_persons_card(holders: tuple[str, ...], type: str, free: bool) -> None:
    facts = Facts(now=FIRST, legal_person_cards=holders)
    assert cards.no_legal_person_card(Values(type=type), facts) is free


@pytest.mark.parametrize(
    ("id_type", "typed", "kept"),
    [
        ("居民身份证", "110101900101004", "11010119900101004X"),
        ("居民身份证", "１１０１０１ 19900101 004x", "11010119900101004X"),
        ("护照", " Ｅ12345678 ", "E12345678"),
        ("护照", "e12345678", "e12345678"),
        ("其他", "110101900101004", "110101900101004"),
    ],
)
def test_only_an_identity_card_has_one_spelling(id_type: str, typed: str, kept: str) -> None:
    assert cards.holder_number(id_type, typed) == kept


def test_a_card_is_good_for_ten_years() -> None:
    assert cards.valid_until(date(2024, 2, 29)) == date(2034, 2, 28)


@pytest.mark.parametrize("pin", ["", "1234567", "１２３４５６７８", "abcdefgh", cards.FACTORY_PIN, "20211018"])
def test_a_new_pin_is_eight_digits_and_neither_the_factorys_nor_the_old_one(pin: str) -> None:
    assert cards.pin_fault(pin, "20211018")
    assert cards.pin_fault("20211019", "20211018") is None


# ── FAQ 1.6 ───────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.faq("1.6")
@pytest.mark.parametrize(
    ("after", "over", "seconds"),
    [
        (timedelta(), False, 3600),
        (timedelta(seconds=3599), False, 1),
        (timedelta(seconds=3599, microseconds=999_999), False, 1),
        (timedelta(seconds=3600), True, 0),
        (timedelta(days=1), True, -82800),
    ],
)
@pytest.mark.parametrize("zone", [SHANGHAI, UTC])
def test_an_hour_is_an_hour_to_the_microsecond(after: timedelta, over: bool, seconds: int, zone: Any) -> None:
    facts = Facts(now=(FIRST + after).astimezone(zone), seal_issued_at=FIRST)
    assert seals.hour_over(Values(), facts) is over
    assert seals.seconds_to(seals.next_at(FIRST), facts.now) == seconds


@pytest.mark.faq("1.6")
def test_the_first_time_there_is_no_hour() -> None:
    assert seals.hour_over(Values(), Facts(now=FIRST))


def test_a_wait_reads_in_minutes_and_seconds() -> None:
    assert [seals.in_words(seconds) for seconds in (3600, 3599, 1)] == ["60 分 0 秒", "59 分 59 秒", "0 分 1 秒"]
