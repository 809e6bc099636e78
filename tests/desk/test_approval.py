"""What an approval writes into the customs ledger, and which day's rules it is judged by (FAQ 1.8, 2.1)."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from filings import desk
from filings.customs import officer
from filings.lab.worlds import cast
from filings.models import CustomsRecord, Enterprise, Filing, Mirror, Visit
from filings.record import enquiries
from filings.rules.approval import customs_code, inspection_number, registration_record
from filings.rules.dates import SHANGHAI
from filings.rules.words import Status
from tests.factories import FilingFactory, later, refused, sheet_of

DAY = date(2021, 12, 1)
BOTH = ["customs", "inspection"]


def content(**more: Any) -> dict[str, Any]:
    return {**cast.REFERENCE, **more}


# ── numbers ───────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("serial", "more", "code"),
    [
        (7, {}, "4403160007"),
        (1234, {"economic_zone": "09"}, "4403961234"),
        (1, {"economic_type": "110"}, "4403110001"),
        (1, {"economic_type": "310"}, "4403130001"),
        (1, {"economic_type": "330"}, "4403140001"),
        (1, {"category": "00000100"}, "4403190001"),
        (9999, {"city": "440100", "economic_zone": "02"}, "4401269999"),
    ],
)
def test_a_customs_code_tells_city_zone_and_kind_before_its_serial(
    serial: int, more: dict[str, Any], code: str
) -> None:
    assert customs_code(content(**more), serial) == code


def test_customs_codes_stay_apart_and_ten_characters_long_beyond_four_digits() -> None:
    serials = [*range(1, 2000), *range(9_990, 10_050), *range(29_700, 32_000), *range(500_000, 500_500)]
    codes = [customs_code(content(), serial) for serial in serials]
    assert len(set(codes)) == len(serials)
    assert {len(code) for code in codes} == {10}
    assert not set("".join(codes)) & set("IOSVZ")


@pytest.mark.parametrize(
    ("category", "number"),
    [
        ("10000000", "4700600042"),
        ("20000000", "4700600042"),
        ("01000000", "4700900042"),
        ("00100000", "4700900042"),
        ("00010000", "4700600042"),
        ("00000100", "4700600042"),
    ],
)
@pytest.mark.faq("2.1")
def test_an_inspection_number_tells_agents_from_others(category: str, number: str) -> None:
    assert inspection_number(category, 42) == number


# ── the record ────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("category", ["10000000", "20000000", "01000000", "00100000", "00010000"])
def test_a_record_is_valid_for_good(category: str) -> None:
    assert registration_record(content(category=category), DAY, 1)["valid_until"] is None


@pytest.mark.parametrize(("on", "until"), [(DAY, date(2022, 12, 1)), (date(2020, 2, 29), date(2021, 2, 28))])
def test_a_temporary_unit_is_on_record_for_a_year(on: date, until: date) -> None:
    assert registration_record(content(category="00000100"), on, 1)["valid_until"] == until


@pytest.mark.parametrize(
    ("scope", "both"), [(BOTH, (DAY, DAY)), (["customs"], (DAY, None)), (["inspection"], (None, DAY))]
)
@pytest.mark.faq("1.8")
def test_the_qualifications_declared_begin_on_the_same_day(scope: list[str], both: tuple[Any, Any]) -> None:
    record = registration_record(content(filing_scope=scope), DAY, 1)
    assert (record["customs_qualified_on"], record["inspection_qualified_on"]) == both


@pytest.mark.django_db
@pytest.mark.faq("2.1")
def test_an_approval_enters_both_books_and_is_shown_where_the_faq_says(cardless: Visit) -> None:
    filing = FilingFactory(visit=cardless, status="approved")
    ledger = CustomsRecord.objects.get(sandbox=cardless.sandbox, uscc=filing.enterprise.uscc)
    mirror = Mirror.objects.get(sandbox=cardless.sandbox, uscc=filing.enterprise.uscc)
    assert ledger.as_facts() == mirror.as_facts()
    assert (ledger.categories, ledger.registered_on, ledger.valid_until) == (["10000000"], DAY, None)
    assert ledger.customs_qualified_on == ledger.inspection_qualified_on == DAY
    assert ledger.content == filing.content
    assert ledger.inspection_number[:5] == "47006"
    shown = enquiries.read(cardless, filing).content
    assert (shown["customs_code"], shown["inspection_number"]) == (ledger.customs_code, ledger.inspection_number)
    about = enquiries.enterprise(cardless)
    assert (about.inspection_number, about.standing, about.qualifications) == (ledger.inspection_number, "normal", BOTH)


@pytest.mark.django_db
@pytest.mark.parametrize("status", ["draft", "declared", "sent", "stored", "manual_review", "rejected"])
@pytest.mark.faq("2.1")
def test_short_of_an_approval_there_is_no_record_and_no_number(status: str, cardless: Visit) -> None:
    filing = FilingFactory(visit=cardless, status=status)
    assert not CustomsRecord.objects.filter(sandbox=cardless.sandbox, uscc=filing.enterprise.uscc).exists()
    assert not Mirror.objects.filter(sandbox=cardless.sandbox, uscc=filing.enterprise.uscc).exists()
    assert enquiries.read(cardless, filing).content["inspection_number"] is None
    assert enquiries.enterprise(cardless).inspection_number is None


@pytest.mark.django_db
@pytest.mark.faq("2.1")
def test_the_number_is_read_from_the_mirror_so_it_is_missing_until_the_mirror_is_synced(cardless: Visit) -> None:
    filing = FilingFactory(visit=cardless, status="approved")
    Mirror.objects.filter(sandbox=cardless.sandbox, uscc=filing.enterprise.uscc).delete()
    assert enquiries.read(cardless, filing).content["inspection_number"] is None
    assert enquiries.enterprise(cardless).standing_label == "企业未注册成功"


@pytest.mark.django_db
@pytest.mark.faq("2.1")
def test_no_two_enterprises_of_a_sandbox_have_the_same_numbers(cardless: Visit) -> None:
    FilingFactory(visit=cardless, status="approved")
    records = CustomsRecord.objects.filter(sandbox=cardless.sandbox)
    assert len({record.customs_code for record in records}) == len(records) == 9
    assert len({record.inspection_number for record in records}) == 9


@pytest.mark.django_db
@pytest.mark.parametrize("code", ["customs_code", "inspection_number"])
@pytest.mark.faq("2.1")
def test_no_applicant_writes_the_numbers_customs_gives(code: str, draft: Filing, cardless: Visit) -> None:
    with refused("field_readonly") as refusal:
        desk.save(cardless, draft.public_id, {code: "4403160007"})
    assert [error.pointer for error in refusal.value.errors] == [f"/content/{code}"]


@pytest.mark.django_db
def test_an_approval_dates_from_the_day_in_shenzhen_not_in_greenwich(cardless: Visit) -> None:
    filing = FilingFactory(visit=cardless, status="manual_review")
    officer.act(cardless.sandbox, filing.public_id, "approve", datetime(2021, 12, 31, 16, 0, tzinfo=UTC))
    assert CustomsRecord.objects.get(sandbox=cardless.sandbox, uscc=filing.enterprise.uscc).registered_on == date(
        2022, 1, 1
    )


@pytest.mark.django_db
@pytest.mark.faq("2.20")
def test_a_new_registration_takes_the_place_of_one_that_was_cancelled(card: Visit) -> None:
    record = CustomsRecord.objects.get(sandbox=card.sandbox, uscc=card.enterprise.uscc)
    CustomsRecord.objects.filter(pk=record.pk).update(deregistered_on=date(2021, 6, 1), categories=["00010000"])
    FilingFactory(visit=card, status="approved")
    renewed = CustomsRecord.objects.get(sandbox=card.sandbox, uscc=card.enterprise.uscc)
    assert (renewed.deregistered_on, renewed.categories, renewed.registered_on) == (None, ["10000000"], DAY)
    assert renewed.customs_code != record.customs_code


# ── which day counts ──────────────────────────────────────────────────────────────────────────────────────────────

LAST_MOMENT = datetime(2018, 4, 19, 23, 59, 59, tzinfo=SHANGHAI)
FIRST_MOMENT = datetime(2018, 4, 20, tzinfo=SHANGHAI)
ONE_ONLY = [["customs"], ["inspection"]]


@pytest.fixture
def in_2018(cardless: Visit) -> Callable[..., Visit]:
    """`cardless`, at a moment of 2018."""
    return lambda moment: later(cardless, at=moment)


def draft_of(visit: Visit, scope: list[str]) -> Filing:
    sheet = sheet_of(visit.enterprise) | {"filing_scope": scope, "established_on": "2017-01-01"}
    return desk.open_filing(visit, "registration", sheet)


def declare(visit: Visit, filing: Filing) -> Filing:
    return desk.perform(replace(visit, scenario="by_hand"), filing.public_id, "declare")


@pytest.mark.django_db
@pytest.mark.parametrize("scope", ONE_ONLY)
@pytest.mark.parametrize(
    "moment", [LAST_MOMENT, LAST_MOMENT.astimezone(UTC), datetime(2018, 4, 19, 15, 59, 59, tzinfo=UTC)]
)
@pytest.mark.faq("1.8")
def test_through_the_19th_of_april_2018_one_qualification_alone_is_declared(
    scope: list[str], moment: datetime, in_2018: Callable[..., Visit]
) -> None:
    visit = in_2018(moment)
    assert declare(visit, draft_of(visit, scope)).status == "declared"


@pytest.mark.django_db
@pytest.mark.parametrize("scope", ONE_ONLY)
@pytest.mark.parametrize("moment", [FIRST_MOMENT, datetime(2018, 4, 19, 16, 0, tzinfo=UTC)])
@pytest.mark.faq("1.8")
def test_from_the_20th_in_shenzhen_it_is_refused_though_greenwich_still_has_the_19th(
    scope: list[str], moment: datetime, in_2018: Callable[..., Visit]
) -> None:
    visit = in_2018(moment)
    filing = draft_of(visit, scope)
    with refused("single_qualification_not_allowed") as refusal:
        declare(visit, filing)
    assert [(error.pointer, error.faq) for error in refusal.value.errors] == [("/content/filing_scope", "1.8")]
    assert "海关总署2018年第28号公告" in refusal.value.detail


@pytest.mark.django_db
@pytest.mark.faq("1.8")
def test_a_draft_of_the_19th_is_judged_on_the_day_it_is_declared(in_2018: Callable[..., Visit]) -> None:
    before, after = in_2018(LAST_MOMENT), in_2018(FIRST_MOMENT)
    filing = draft_of(before, ["customs"])
    assert "single_qualification_not_allowed" not in [warning["code"] for warning in filing.warnings]
    with refused("single_qualification_not_allowed"):
        declare(after, filing)
    saved, _ = desk.save(after, filing.public_id, {"remarks": "第二天"})
    assert "single_qualification_not_allowed" in [warning["code"] for warning in saved.warnings]
    desk.save(after, filing.public_id, {"filing_scope": BOTH})
    assert declare(after, filing).status == "declared"


@pytest.mark.django_db
@pytest.mark.faq("1.8")
def test_what_was_declared_on_the_19th_is_approved_later_as_it_was_declared(in_2018: Callable[..., Visit]) -> None:
    visit = in_2018(LAST_MOMENT)
    filing = declare(visit, draft_of(visit, ["customs"]))
    officer.advance(visit.sandbox, filing.public_id, Status.APPROVED, LAST_MOMENT + timedelta(days=3))
    record = CustomsRecord.objects.get(sandbox=visit.sandbox, uscc=filing.enterprise.uscc)
    assert (record.customs_qualified_on, record.inspection_qualified_on) == (date(2018, 4, 22), None)
    assert enquiries.enterprise(in_2018(FIRST_MOMENT)).qualifications == ["customs"]


@pytest.mark.django_db
@pytest.mark.faq("1.8")
def test_a_scope_left_out_is_both(cardless: Visit) -> None:
    sheet = {name: value for name, value in sheet_of(cardless.enterprise).items() if name != "filing_scope"}
    filing = desk.open_filing(cardless, "registration", sheet)
    assert filing.content["filing_scope"] == BOTH
    assert declare(cardless, filing).status == "declared"


@pytest.mark.django_db
@pytest.mark.faq("1.4")
def test_an_approval_forgets_nothing_that_is_known_of_qianhai(cardless: Visit) -> None:
    Enterprise.objects.filter(pk=cardless.enterprise.pk).update(in_qianhai=True)
    filing = FilingFactory(visit=cardless, status="approved")
    assert CustomsRecord.objects.get(sandbox=cardless.sandbox, uscc=filing.enterprise.uscc).in_qianhai is None
    assert Enterprise.objects.get(pk=cardless.enterprise.pk).in_qianhai is True
