"""What a tester may want to force, entry by entry, and how it is forced here: a situation, a fault, a scenario, a
role, the clock, a ledger.

A situation is shown by the catalogue's own test; whatever else is named comes with the test that shows it.
"""

from __future__ import annotations

import time
from datetime import datetime

import pytest

from filings.answers.staging import Ledger
from filings.lab.worlds import cast
from filings.lab.worlds.situations import SITUATIONS
from filings.rules import faq, faults, scenarios
from filings.rules.codes import county
from filings.rules.words import Category
from tests.api.client import Caller, World
from tests.faq.traced import marked

TABLE = """
1.1  situation backfill_both_before
1.1  situation backfill_only_customs
1.1  situation backfill_second_on_20180801
1.2  situation office_table_stale
1.2  situation office_renamed
1.3  situation zone_missing
1.4  situation in_qianhai
1.4  situation trade_zone_missing
1.5  role cardless                      test_without_a_card_the_attempt_leaves_no_row_but_an_event
1.5  situation card_expired
1.5  situation card_reader_unplugged
1.6  situation seal_certificate_at_59_59
1.6  situation seal_certificate_at_60_00
1.6  situation seal_certificate_fails
1.6  clock 2021-12-01T10:00:00+08:00    test_of_twenty_at_once_when_the_hour_is_over_one_is_given
1.7  situation mandate_expired
1.7  situation mandate_revoked
1.8  clock 2018-04-19T23:59:59+08:00    test_until_19_april_2018_at_midnight_one_alone_was_possible
1.8  clock 2018-04-20T00:00:00+08:00    test_from_20_april_2018_one_alone_is_refused_with_the_announcements_name
1.8  clock 2018-04-19T10:00:00+08:00    test_a_draft_of_the_19th_declared_on_the_20th_is_judged_when_it_is_declared
1.9  situation stuck_draft
1.9  situation stuck_declared
1.9  situation stuck_sent
1.9  situation stuck_stored
1.9  situation stuck_manual_review
1.9  situation customs_sees_nothing
1.10 role category:*                    test_five_of_the_six_categories_may_print_it
1.10 fault status; code=503             test_while_the_printer_is_down_nothing_is_printed_and_the_wait_is_told
2.1  situation mirror_lag_one_day
2.1  ledger inspection_number           test_a_record_without_its_number_shows_none
2.2  situation division_incomplete
2.2  division 110101                    test_a_county_whose_city_has_no_office_says_so_by_another_hint
2.3  role personal                      test_a_personal_user_is_refused_every_write_in_the_very_words
2.4  situation not_synced
2.4  situation not_synced_expired
2.4  situation sync_fails_once
2.5  fault latency; ms=3000             test_a_slow_enquiry_is_slow_alone
2.5  situation several_statuses
2.6  situation rejected_registration
2.6  situation rejected_change
2.6  situation rejected_change_no_reason
2.7  situation print_blurred
2.8  situation control_missing
2.8  situation control_stopped
2.8  situation control_outdated
2.8  situation control_flaky
2.9  situation mofcom_record_missing
2.9  situation mofcom_record_stale
2.9  fault status; code=504             test_a_declaration_that_times_out_leaves_the_draft_and_the_next_goes_through
2.10 situation stale_form
2.10 role cardless                      test_the_yellow_field_can_come_back_once_more
2.11 situation annual_registered_20201231
2.11 situation annual_registered_20210101
2.11 situation annual_deregistered
2.11 situation annual_category_temp
2.12 situation phantom_customs_section
2.12 clock 2021-12-03T12:10:00+08:00    test_it_is_there_in_its_hours_only
2.13 situation publicity_lag
2.13 clock 2021-06-30T23:59:59+08:00    test_before_july_it_says_wait_and_that_nothing_is_affected
2.13 clock 2021-07-01T00:00:00+08:00    test_from_july_on_the_report_is_sent_again_and_comes_through
2.14 clock 2021-10-18T23:59:59+08:00    test_before_the_nineteenth_of_october_in_shenzhen_the_legal_person_may_hold_two
2.14 clock 2021-10-19T00:00:00+08:00    test_from_the_nineteenth_of_october_in_shenzhen_on_no_more
2.14 situation card_legal_pending
2.14 situation card_legal_ends_in_x
2.15 situation overdue_mirror
2.15 situation overdue_at_customs
2.16 situation usd_delayed
2.16 situation usd_wrong
2.17 situation print_truncated
2.17 role cardless                      test_a_credit_code_that_is_really_missing_is_another_matter
2.18 situation dual_not_printable
2.19 role category:*                    test_yes_is_taken_for_two_categories_only
2.19 situation express_greyed
2.20 situation dual
2.20 scenario reject                    test_a_refused_deregistration_leaves_it_locked
2.20 scenario slow; days=11             test_a_slow_deregistration_is_waited_for
"""


def rows() -> list[tuple[str, str, str, str]]:
    """Entry, sort, what, and the test that shows it ("" for a situation)."""
    found = []
    for line in TABLE.strip().splitlines():
        entry, sort, rest = line.split(maxsplit=2)
        what, _, test = rest.partition("  ")
        found.append((entry, sort, what.strip(), test.strip()))
    return found


def there(entry: str, sort: str, what: str) -> bool:
    """Whether this simulator has it."""
    match sort:
        case "situation":
            return what in SITUATIONS and SITUATIONS[what].faq == entry
        case "fault":
            return faults.parse(what).fault.of == "transport"
        case "scenario":
            return bool(scenarios.parse(what))
        case "role":
            wanted = {f"category:{code}" for code in Category.values} if what == "category:*" else {what}
            return wanted <= {player.role for player in cast.PLAYERS}
        case "clock":
            return datetime.fromisoformat(what).tzinfo is not None
        case "ledger":
            return what in Ledger.__struct_fields__
        case "division":
            return county(what) is not None
    return False


def test_every_entry_is_in_the_table_in_the_documents_order() -> None:
    assert list(dict.fromkeys(entry for entry, *_ in rows())) == list(faq.ENTRIES)


@pytest.mark.parametrize(("entry", "sort", "what", "test"), rows())
def test_each_can_be_forced_and_is_shown(entry: str, sort: str, what: str, test: str) -> None:
    assert there(entry, sort, what)
    assert bool(test) != (sort == "situation")
    if test:
        assert test in [one.partition("::")[2] for one in marked("faq")[entry]]


def test_what_is_not_there_would_be_noticed() -> None:
    assert not there("1.2", "situation", "zone_missing")
    assert not there("1.2", "role", "nobody")
    assert not there("1.2", "magic", "standard")


# ── what has no test elsewhere ────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.faq("1.10")
@pytest.mark.faq("2.7")
def test_while_the_printer_is_down_nothing_is_printed_and_the_wait_is_told(world: World) -> None:
    path = "/enterprise/certificate.pdf?disposition=attachment"
    fault = {"fault": "status; code=503; retry_after=30", "match": {"path": "*.pdf"}, "times": 1}
    world.control.post("/faults", fault).ok(201)
    refused = world.caller("card").get(path).refused(503, "injected_fault")
    assert (refused.headers["Retry-After"], b"%PDF" in refused.body) == ("30", False)
    assert world.caller("card").get(path).ok(200).body.startswith(b"%PDF")


@pytest.mark.faq("2.1")
def test_a_record_without_its_number_shows_none(world: World) -> None:
    world.ledger(inspection_number=None)
    shown = world.caller("card").get("/enterprise").ok(200)
    assert (shown["standing"], shown["inspection_number"]) == ("normal", None)
    fields = world.caller("card").post("/forms/registration/state", {"content": {}}).ok(200)["fields"]
    assert fields["inspection_number"]["value"] is None


@pytest.mark.faq("2.5")
def test_a_slow_enquiry_is_slow_alone(world: World) -> None:
    world.control.post("/faults", {"fault": "latency; ms=400", "match": {"path": "*/enquiries/overview"}}).ok(201)

    def took(path: str) -> float:
        began = time.monotonic()
        world.caller().get(path).ok(200)
        return time.monotonic() - began

    assert took("/enquiries/overview") >= 0.4 > took("/enquiries/filings")


@pytest.mark.faq("2.9")
def test_a_declaration_that_times_out_leaves_the_draft_and_the_next_goes_through(world: World) -> None:
    draft = world.begin("mofcom_change", medium="password", name_en="NEW NAME").ok(201)["id"]
    world.control.post("/faults", {"fault": "status; code=504", "match": {"path": "*/declare"}, "times": 1}).ok(201)
    unforeseen = Caller(token=world.accounts["card"]["token"], documented=False)
    unforeseen.post(f"/filings/{draft}/declare").refused(504, "injected_fault")
    assert world.caller("card").get(f"/filings/{draft}").ok(200)["status"] == "draft"
    world.submit(draft, medium="password").ok(200)


@pytest.mark.faq("2.10")
def test_the_yellow_field_can_come_back_once_more(world: World) -> None:
    for _ in range(2):
        draft = world.draft()
        world.enter("stale_form", uscc=world.uscc("cardless"))
        assert world.declare(draft).errors == {"/content/parent_relation": "parent_relation_required"}
        world.caller().delete(f"/filings/{draft}").ok(204)
    world.declare(world.draft()).ok(200)
