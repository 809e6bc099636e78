"""What fits a pattern, and whether anything ever can."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from filings.rules.patterns import can_fit, fits, fits_any, is_exact

DECLARE = "/api/v1/filings/<str:filing>/declare"
CANCEL = "/api/v1/cards/<int:n>/cancel"


@pytest.mark.parametrize(
    ("text", "pattern", "right"),
    [
        ("/api/v1/filings", "/api/v1/filings", True),
        ("/api/v1/filings/F1/declare", "*/declare", True),
        ("abc", "*", True),
        ("", "*", True),
        ("/api/v1/filings/F1", "/api/v1/filings", False),
        ("a?b", "a?b", True),
        ("axb", "a?b", False),
        ("a[b]", "a[b]", True),
        ("ab", "a[b]", False),
        ("FILING.SENT", "filing.*", False),
    ],
)
def test_a_star_is_anything_and_every_other_character_itself(text: str, pattern: str, right: bool) -> None:
    assert fits(text, pattern) is right
    assert fits_any(pattern, ["nothing of it", text]) is right


def test_without_a_star_it_is_one_text() -> None:
    assert (is_exact("card"), is_exact("card?"), is_exact("c*")) == (True, True, False)


@pytest.mark.parametrize(
    ("pattern", "route", "right"),
    [
        (DECLARE.replace("<str:filing>", "F000001"), DECLARE, True),
        ("/api/v1/filings/*/declare", DECLARE, True),
        ("*", DECLARE, True),
        ("*/declare", DECLARE, True),
        ("/api/v1/filings*", DECLARE, True),
        ("*F000001*", DECLARE, True),
        ("/api/*/decl*", DECLARE, True),
        ("/api/v1/filings/中文/declare", DECLARE, True),
        ("/api/v1/filings/a b/declare", DECLARE, True),
        ("/api/v1/filings", DECLARE, False),
        ("/api/v1/filings//declare", DECLARE, False),
        ("/api/v1/filings/a/b/declare", DECLARE, False),
        ("/filings*", DECLARE, False),
        ("/api/v1/filings/?/declared", DECLARE, False),
        ("*.pdf", DECLARE, False),
        ("", DECLARE, False),
        ("/api/v1/cards/7/cancel", CANCEL, True),
        ("/api/v1/cards/7*/cancel", CANCEL, True),
        ("/api/v1/cards/x/cancel", CANCEL, False),
        ("/api/v1/cards/7/*/cancel", CANCEL, False),
        ("/api/v1/cards/*x*/cancel", CANCEL, False),
    ],
)
def test_whether_an_address_of_a_route_can_ever_fit(pattern: str, route: str, right: bool) -> None:
    assert can_fit(pattern, route) is right


@given(st.text("ab/*", max_size=8), st.text("ab/*", max_size=8), st.text("ab", min_size=1, max_size=3))
def test_what_does_fit_could(before: str, after: str, place: str) -> None:
    """A pattern made of an address by stars can fit its route; one that fits an address of the route was said to be
    able to."""
    route, address = "/a/<str:x>/b", f"/a/{place}/b"
    assert can_fit(re.sub("a", "*", address), route)
    pattern = f"{before}{place}{after}"
    if fits(address, pattern):
        assert can_fit(pattern, route)


@pytest.mark.parametrize("pattern", ["*a" * 100, "*" * 200, "a*" * 100, "?" * 200])
def test_a_pattern_made_to_be_slow_is_not(pattern: str) -> None:
    assert can_fit(pattern, DECLARE) is (set(pattern) == {"*"})
    assert fits("a" * 300, pattern) is ("?" not in pattern)
