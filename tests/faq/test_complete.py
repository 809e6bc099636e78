"""The thirty entries: each shown by the API and in a browser, where it happens, each forced by a situation and tried
by an exercise, those that turn on a date from both sides of it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.urls import NoReverseMatch, Resolver404, resolve, reverse

from filings.lab.worlds.situations import SITUATIONS
from filings.rules import faq
from filings.rules.exercises.loading import catalogue, of_entry
from filings.rules.exercises.schema import Exercise, Screen
from filings.rules.kinds import KINDS
from tests.api.client import World
from tests.faq.boundaries import BOUNDARIES, both_ways
from tests.faq.traced import TESTS, counted, every_test, expects, marked, sided, speaks_of

TURNING = frozenset({"1.6", "1.8", "2.11", "2.13", "2.14"})
"""Entries that turn on a date or a distance."""


def lacks(entry: str) -> list[str]:
    """What an entry still lacks."""
    exercise = of_entry(entry)
    there = {
        "a test of the API that makes its call": [
            one for one in marked("faq", "api", "control").get(entry, ()) if calls(one, exercise.call)
        ],
        "a test in a browser that opens its screen": [
            one for one in marked("browser").get(entry, ()) if opens(one, exercise.screen)
        ],
        "a situation": [situation for situation in SITUATIONS.values() if situation.faq == entry],
    }
    if entry in TURNING:
        there |= {f"a test of the API {side} its boundary": sided(side).get(entry) for side in ("before", "since")}
    return [what for what, found in there.items() if not found]


def calls(test: str, call: str) -> bool:
    """Whether a test speaks of the address of a call, whatever it fills in."""
    return _addressed(test, re.sub(r"\\{.*?\\}", r"[^/\n]+", re.escape(call.partition(" ")[2])))


def opens(test: str, screen: Screen) -> bool:
    """Whether a test opens a screen: by its address (the sheet of a filing is also the new page's) or by its label in
    the menu."""
    address = re.escape(_address(screen))
    sheet = f"|{re.escape(reverse('filing_new'))}" if screen.page == "filing" else ""
    return screen.label in speaks_of(test).splitlines() or _addressed(
        test, address.replace("F000001", r"[^/\n]+") + sheet
    )


def _addressed(test: str, address: str) -> bool:
    return re.search(rf"^(?:{address})(?:[?#*]|$)", speaks_of(test), re.MULTILINE) is not None


@pytest.mark.parametrize("entry", faq.ENTRIES)
def test_an_entry_lacks_nothing(entry: str) -> None:
    assert lacks(entry) == []


def test_no_marker_names_an_entry_there_is_not() -> None:
    folders = [one.name for one in TESTS.iterdir() if one.is_dir()]
    assert set(marked(*folders)) <= set(faq.ENTRIES)


def test_a_missing_marker_would_be_noticed() -> None:
    assert "9.9" not in marked("faq")
    assert len(marked("faq")["2.10"]) >= 5
    assert "2.2" not in sided("before")
    assert all("test_faq_1_8" in one for one in sided("since")["1.8"])


def test_every_test_expects_something() -> None:
    assert [name for name, test in every_test(".") if not expects(test)] == []


def test_a_test_that_shows_nothing_would_not_be_counted() -> None:
    def asserts(world: World) -> None:
        assert world

    def awaits(world: World) -> None:
        world.caller().get("/x").ok(200)

    def calls_alone(world: World) -> None:
        world.caller().get("/x")

    assert counted(asserts)
    assert counted(awaits)
    assert counted(test_that_asserts_by_a_helper)
    assert not counted(calls_alone)
    assert not counted(pytest.mark.skip(asserts))


def test_that_asserts_by_a_helper() -> None:
    holds("2.10")


def holds(entry: str) -> None:
    assert entry in faq.ENTRIES


def test_a_test_of_another_thing_under_the_same_marker_would_not_do() -> None:
    test = "faq/test_faq_2_13.py::test_of_2021_it_opens_a_year_later"
    assert test in marked("faq")["2.13"]
    assert calls(test, "POST /annual-reports/{year}/supplement"), "by a helper of its file"
    assert not calls(test, "GET /annual-reports/eligibility")
    assert calls(
        "faq/test_faq_1_8.py::test_until_19_april_2018_at_midnight_one_alone_was_possible",
        "POST /filings/{filing}/declare",
    )
    shown = "browser/test_commerce.py::test_with_a_card_the_control_is_restarted_and_its_version_checked"
    assert opens(shown, Screen(label="客户端控件", page="client_control"))
    assert not opens(shown, Screen(label="商务部统一服务平台（模拟）", page="commerce"))


def test_every_entry_that_turns_on_a_date_has_its_boundary_in_both_ways_of_writing() -> None:
    assert set(BOUNDARIES) >= TURNING
    assert both_ways(BOUNDARIES["1.8"].last) == ["2018-04-19T23:59:59+08:00", "2018-04-19T15:59:59Z"]
    assert both_ways(BOUNDARIES["2.13"].first) == ["2021-07-01T00:00:00+08:00", "2021-06-30T16:00:00Z"]
    assert both_ways(BOUNDARIES["1.6"].last)[1] == "2021-12-01T01:59:59.999999Z"


# ── the exercises ─────────────────────────────────────────────────────────────────────────────────────────────────

OF_ENTRIES = [loaded.exercise for loaded in catalogue().values() if not loaded.exercise.capstone]


def test_there_is_an_exercise_of_each_entry_in_the_documents_order() -> None:
    assert [exercise.faq for exercise in OF_ENTRIES] == [[entry] for entry in faq.ENTRIES]
    assert [of_entry(entry) for entry in faq.ENTRIES] == OF_ENTRIES


def _address(screen: Screen) -> str:
    return reverse(screen.page, args=["F000001"] if screen.filing else [])


def addresses(one: Exercise) -> dict[str, bool]:
    """Whether an exercise's screen and call are there."""
    method, _, path = one.call.partition(" ")
    assert method in ("GET", "POST")
    return {one.screen.page: _named(one.screen), one.call: _resolves(f"/api/v1{path}")}


def _named(screen: Screen) -> bool:
    try:
        return bool(_address(screen))
    except NoReverseMatch:
        return False


def _resolves(path: str) -> bool:
    try:
        resolve(path.replace("{", "").replace("}", ""))
    except Resolver404:
        return False
    return True


def test_every_screen_and_call_named_is_there() -> None:
    assert [
        name for loaded in catalogue().values() for name, there in addresses(loaded.exercise).items() if not there
    ] == []


def test_what_an_exercise_calls_its_screen_is_in_the_menu() -> None:
    menu = (Path(settings.BASE_DIR) / "templates/web/parts/_nav.html").read_text("utf-8")
    places = {*re.findall(r">([^<>{}]+)<", menu), *(kind.label for kind in KINDS.values())}
    assert {loaded.exercise.screen.label for loaded in catalogue().values()} - places == OFF_THE_MENU


OFF_THE_MENU = {"打印预览", "报关单位备案证明"}
"""Where a button of another page leads."""
