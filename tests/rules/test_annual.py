"""海关年报 as rules alone: the three parts for any year, the two openings, what the platform shows, the desk's
hours."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from filings.answers.forms import FormGroup
from filings.rules import annual, offices
from filings.rules.appraisal import appraise
from filings.rules.dates import SHANGHAI
from filings.rules.entitlements import certificate_printable, reports_annually
from filings.rules.faq import ENTRIES
from filings.rules.refusals import CATALOGUE, Refusal
from filings.rules.register import Values
from filings.rules.words import Category, Department, Provenance, Publicity
from tests.rules.known import known

YEARS = range(2015, 2036)
DAY, MICROSECOND = timedelta(days=1), timedelta(microseconds=1)
TABLE = {
    "10000000": (True, True),
    "20000000": (True, True),
    "01000000": (True, True),
    "00100000": (True, True),
    "00010000": (False, True),
    "00000100": (True, False),
}
"""Who may print 报关单位备案证明 (FAQ 1.10, 2.18) and who reports annually (FAQ 2.11)."""


def record(**more: object) -> dict[str, object]:
    plain = {
        "categories": ["10000000"],
        "registered_on": date(2010, 1, 1),
        "deregistered_on": None,
        "valid_until": None,
    }
    return plain | more


def parts(year: int, **more: object) -> list[bool]:
    return [reason.ok for reason in annual.duty(year, known(ledger=record(**more))).reasons]


# ── who must report ───────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.faq("2.11")
@pytest.mark.parametrize("category", Category.values)
def test_five_of_the_six_categories_report(category: str) -> None:
    assert (certificate_printable([category]), reports_annually([category])) == TABLE[category]
    assert parts(2020, categories=[category]) == [TABLE[category][1], True, True]


@pytest.mark.faq("2.11")
def test_of_several_categories_one_suffices_and_an_unknown_one_is_no_error() -> None:
    assert parts(2020, categories=["00000100", "01000000"]) == [True, True, True]
    for none in ([], ["nonsense"], ["00000100", "nonsense"]):
        assert parts(2020, categories=none) == [False, True, True]


@pytest.mark.faq("2.11")
@pytest.mark.parametrize("year", YEARS)
def test_for_every_year_the_last_day_of_it_counts_and_the_next_does_not(year: int) -> None:
    limit = date(year + 1, 1, 1)
    assert parts(year, registered_on=limit - DAY) == [True, True, True]
    assert parts(year, registered_on=limit) == [True, False, True]
    assert annual.duty(year, known(ledger=record())).reasons[1].sentence == f"海关注册时间在{year + 1}年1月1日之前"


@pytest.mark.faq("2.11")
@given(
    year=st.sampled_from(YEARS),
    on=st.dates(date(2000, 1, 1), date(2040, 1, 1)),
    category=st.sampled_from(Category.values),
    gone=st.none() | st.dates(date(2000, 1, 1), date(2040, 1, 1)),
)
def test_it_is_required_if_and_only_if_all_three_parts_hold(
    year: int, on: date, category: str, gone: date | None
) -> None:
    duty = annual.duty(year, known(ledger=record(categories=[category], registered_on=on, deregistered_on=gone)))
    assert duty.required == (category != "00000100" and on < date(year + 1, 1, 1) and gone is None)
    assert [reason.rule.name for reason in duty.reasons] == [
        "category_reports",
        "registered_before_next_year",
        "not_deregistered",
    ]
    assert all(reason.found for reason in duty.reasons)
    assert bool(duty.failing) is not duty.required


@pytest.mark.faq("2.11")
def test_for_2020_the_sentences_are_the_faqs() -> None:
    words = ENTRIES["2.11"].answer.replace(" ", "").replace("\n", "")
    for reason in annual.duty(2020, known(ledger=record())).reasons:
        assert reason.sentence in words


@pytest.mark.faq("2.11")
def test_the_mirror_is_not_asked_and_nobody_is_on_no_record() -> None:
    assert annual.duty(2020, known(mirror=record())).required is False
    assert [reason.ok for reason in annual.duty(2020, known()).reasons] == [False, False, True]


@pytest.mark.faq("2.11")
@pytest.mark.parametrize(
    ("ledger", "told"),
    [
        (record(), True),
        ({}, True),
        (record(registered_on=None), False),
        ({"categories": [], "registered_on": None}, True),
    ],
)
def test_only_an_incomplete_record_leaves_it_untold(ledger: dict, told: bool) -> None:
    assert annual.registration_date_known(Values(year=2020), known(ledger=ledger)) is told


def test_a_year_that_has_not_begun_is_not_judged() -> None:
    eve = known(now=datetime(2021, 12, 31, 15, 59, 59, tzinfo=UTC))
    new_year = known(now=datetime(2021, 12, 31, 16, 0, tzinfo=UTC))
    assert annual.year_has_begun(Values(year=2021), eve)
    assert not annual.year_has_begun(Values(year=2022), eve)
    assert annual.year_has_begun(Values(year=2022), new_year)


# ── when ──────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.faq("2.13")
@pytest.mark.parametrize("year", YEARS)
def test_backfill_opens_with_the_first_moment_of_july_in_shenzhen(year: int) -> None:
    first = datetime(year + 1, 6, 30, 16, 0, tzinfo=UTC)
    assert annual.backfill_opens_at(year) == first == datetime(year + 1, 7, 1, tzinfo=SHANGHAI)
    for moment, is_open in ((first - MICROSECOND, False), (first, True), (first + DAY, True)):
        assert annual.backfill_open(Values(year=year), known(now=moment)) is is_open


@pytest.mark.faq("2.13")
def test_whether_the_first_moment_itself_is_open_is_one_constant(monkeypatch: pytest.MonkeyPatch) -> None:
    opening = annual.backfill_opens_at(2020)
    monkeypatch.setattr(annual, "BACKFILL_OPEN_INCLUSIVE", False)
    assert not annual.backfill_open(Values(year=2020), known(now=opening))
    assert annual.backfill_open(Values(year=2020), known(now=opening + MICROSECOND))


def test_reporting_begins_with_the_next_year() -> None:
    for moment, is_open in (("2020-12-31T15:59:59.999999", False), ("2020-12-31T16:00:00", True)):
        now = datetime.fromisoformat(moment).replace(tzinfo=UTC)
        assert annual.reporting_open(Values(year=2020), known(now=now)) is is_open


MAY, JUNE_END, JULY = (
    datetime(2021, 5, 20, tzinfo=SHANGHAI),
    datetime(2021, 6, 30, 23, 59, 59, tzinfo=SHANGHAI),
    datetime(2021, 7, 1, tzinfo=SHANGHAI),
)


@pytest.mark.faq("2.13")
@pytest.mark.parametrize(
    ("now", "required", "submitted", "publicised", "shown"),
    [
        (MAY, False, None, None, "不需要"),
        (JULY, False, None, None, "不需要"),
        (MAY, True, None, None, "未报送"),
        (JUNE_END, True, None, None, "未报送"),
        (JULY, True, None, None, "超期未报送"),
        (MAY, True, MAY, None, "未报送"),
        (JULY, True, MAY, None, "未报送"),
        (JULY, False, MAY, None, "未报送"),
        (JULY, True, MAY, MAY, "已报送"),
        (JULY, True, JUNE_END, JULY, "已报送"),
        (JULY, True, JULY, None, "未报送"),
        (JULY, True, JULY, JULY, "超期报送"),
        (JULY, False, MAY, JULY, "已报送"),
    ],
)
def test_what_the_platform_shows(
    now: datetime, required: bool, submitted: datetime | None, publicised: datetime | None, shown: str
) -> None:
    status = annual.publicity(2020, now, required=required, submitted_at=submitted, publicised_at=publicised)
    assert status.label == shown
    assert set(Publicity.labels) == {"不需要", "未报送", "已报送", "超期报送", "超期未报送"}


@pytest.mark.faq("2.13")
def test_how_long_a_report_is_on_its_way() -> None:
    assert annual.publicised_after(None) == DAY
    assert annual.publicised_after({"days": 10}) == 10 * DAY
    assert annual.publicised_after({}) is None


# ── the page ──────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.faq("2.12")
@pytest.mark.parametrize(
    ("ledger", "wrong", "shown", "anomaly"),
    [
        (record(), False, True, False),
        (record(), True, True, False),
        ({}, False, False, False),
        ({}, True, True, True),
        (record(deregistered_on=date(2021, 1, 1)), False, False, False),
        (record(deregistered_on=date(2021, 1, 1)), True, True, True),
    ],
)
def test_customs_matters_are_asked_of_those_registered_and_of_others_by_mistake(
    ledger: dict, wrong: bool, shown: bool, anomaly: bool
) -> None:
    facts = known(ledger=ledger, phantom_customs_section=wrong)
    assert ("报关事项" in [section.title for section in annual.sections(facts)]) is shown
    assert annual.phantom_customs_section(Values(), facts) is anomaly


def test_a_page_as_it_begins_can_be_sent_and_trade_asks_for_its_figures() -> None:
    facts = known(ledger=record(customs_code="4403160001"), name_cn="某公司")
    begun = appraise(annual.SHEET, annual.blank(facts), facts, declaring=True)
    assert begun.errors == []
    assert (begun.values["uscc"], begun.values["registered_on"], begun.values["traded"]) == (
        facts.uscc,
        "2010-01-01",
        False,
    )
    traded = appraise(annual.SHEET, {**begun.values, "traded": True}, facts, declaring=True)
    assert [problem.pointer for problem in traded.errors] == [
        f"/content/{name}" for name in ("import_amount", "export_amount", "declaration_count")
    ]
    sent = {"import_amount": "1"}
    grey = appraise(annual.SHEET, {**begun.values, **sent}, facts, sent=sent, declaring=True)
    assert [(problem.pointer, problem.code) for problem in grey.errors] == [
        ("/content/import_amount", "field_readonly")
    ]


def test_a_record_sent_back_as_it_was_read_is_taken_whatever_order_it_keeps() -> None:
    facts = known(ledger=record(categories=["01000000", "10000000"]))
    begun = appraise(annual.SHEET, annual.blank(facts), facts)
    assert appraise(annual.SHEET, begun.values, facts, declaring=True).errors == []


def test_no_field_of_the_page_is_passed_off_as_official() -> None:
    for group in FormGroup.all_of(annual.SHEET):
        assert {field.provenance for field in group.fields} <= {Provenance.OURS.value, Provenance.ASSUMED.value}


# ── the desk ──────────────────────────────────────────────────────────────────────────────────────────────────────

FRIDAY = "2021-12-03"


@pytest.mark.faq("2.12")
@pytest.mark.parametrize(
    ("moment", "is_open", "opens"),
    [
        (f"{FRIDAY}T08:59:59", False, f"{FRIDAY}T09:00:00"),
        (f"{FRIDAY}T09:00:00", True, None),
        (f"{FRIDAY}T11:59:59.999999", True, None),
        (f"{FRIDAY}T12:00:00", False, f"{FRIDAY}T13:30:00"),
        (f"{FRIDAY}T13:29:59", False, f"{FRIDAY}T13:30:00"),
        (f"{FRIDAY}T13:30:00", True, None),
        (f"{FRIDAY}T17:29:59", True, None),
        (f"{FRIDAY}T17:30:00", False, "2021-12-06T09:00:00"),
        ("2021-12-04T10:00:00", False, "2021-12-06T09:00:00"),
        ("2021-12-05T23:59:59", False, "2021-12-06T09:00:00"),
        ("2021-12-06T00:00:00", False, "2021-12-06T09:00:00"),
        ("2021-10-01T10:00:00", True, None),  # a public holiday: none are kept
    ],
)
def test_the_inspection_desk_keeps_its_hours_in_shenzhen(moment: str, is_open: bool, opens: str | None) -> None:
    office = offices.OFFICES[Department.CUSTOMS_INSPECTION]
    here = datetime.fromisoformat(moment).replace(tzinfo=SHANGHAI)
    for same in (here, here.astimezone(UTC)):
        assert office.open_at(same) is is_open
        assert office.next_open(same) == (datetime.fromisoformat(opens).replace(tzinfo=SHANGHAI) if opens else here)
        if is_open:
            offices.expect_open(Department.CUSTOMS_INSPECTION, same)
        else:
            with pytest.raises(Refusal) as refused:
                offices.expect_open(Department.CUSTOMS_INSPECTION, same)
            assert refused.value.extra == {"next_open_at": f"{opens}+08:00"}
    offices.expect_open(Department.CUSTOMS, here)


@pytest.mark.faq("2.12")
def test_phones_hours_and_way_out_are_the_faqs_own_words() -> None:
    words = "".join(ENTRIES["2.12"].answer.split())
    assert "".join(annual.CONTACT_INSPECTION.contact.split()) in words
    assert annual.CONTACT_INSPECTION.text in words
    assert CATALOGUE["phantom_section"].remedy in words


@pytest.mark.faq("2.13")
def test_wait_and_nothing_is_hindered_are_the_faqs_own_words() -> None:
    for sentence in CATALOGUE["backfill_not_open"].detail.split("。"):
        assert sentence in ENTRIES["2.13"].answer
