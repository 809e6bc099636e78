"""FAQ 1.1, from the dates of a record alone."""

from datetime import date
from typing import Any

import pytest

from filings.rules.backfill import BACKFILLED, NOT_APPLICABLE, NOT_NEEDED, NOT_REGISTERED, determination
from filings.rules.facts import NOTHING
from filings.rules.words import Qualification

pytestmark = pytest.mark.faq("1.1")

BEFORE, FROM = date(2018, 7, 31), date(2018, 8, 1)


def record(customs: date | None, inspection: date | None, **more: Any) -> dict[str, Any]:
    return {
        "registered_on": date(2017, 1, 1),
        "deregistered_on": None,
        "customs_qualified_on": customs,
        "inspection_qualified_on": inspection,
        **more,
    }


def test_both_before_is_not_needed_in_the_words_of_the_document() -> None:
    assert determination(record(BEFORE, BEFORE)) is NOT_NEEDED
    assert (NOT_NEEDED.answer, NOT_NEEDED.required, NOT_NEEDED.provenance) == ("不需要", False, "documented")


@pytest.mark.parametrize(
    ("customs", "inspection", "lacking"),
    [
        (BEFORE, FROM, Qualification.INSPECTION),
        (FROM, BEFORE, Qualification.CUSTOMS),
        (BEFORE, None, Qualification.INSPECTION),
        (None, BEFORE, Qualification.CUSTOMS),
        (FROM, None, Qualification.INSPECTION),
        (None, FROM, Qualification.CUSTOMS),
    ],
)
def test_one_alone_is_to_be_supplied_with_the_other(customs: date, inspection: date, lacking: Qualification) -> None:
    told = determination(record(customs, inspection))
    assert (told.code, told.required, told.lacking, told.provenance) == ("needed", True, lacking, "assumed")
    assert lacking.label in told.answer
    assert determination(record(customs, inspection), backfilled=True) is BACKFILLED


def test_both_together_from_then_on_is_none_of_this() -> None:
    assert determination(record(FROM, FROM)) is NOT_APPLICABLE
    assert determination(record(FROM, date(2021, 1, 1))) is NOT_APPLICABLE


@pytest.mark.parametrize(
    "ledger",
    [
        NOTHING,
        record(BEFORE, BEFORE, registered_on=None),
        record(BEFORE, BEFORE, deregistered_on=FROM),
        record(None, None),
    ],
)
def test_without_a_record_one_is_to_register(ledger: Any) -> None:
    assert determination(ledger) is NOT_REGISTERED
    assert determination(ledger, backfilled=True) is NOT_REGISTERED


def test_a_record_that_ran_out_is_still_one() -> None:
    assert determination(record(BEFORE, BEFORE, valid_until=BEFORE)) is NOT_NEEDED
