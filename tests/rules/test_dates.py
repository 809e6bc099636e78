"""Dates and instants as people write them."""

import pytest

from filings.rules.dates import day_written, moment_written

SPELLINGS = ["2020-05-06", "2020-5-6", "2020/5/6", "2020.05.06", "2020年5月6日", "2020 年 05 月 06 号", "20200506"]


@pytest.mark.parametrize("typed", [*SPELLINGS, "２０２０／５／６", "2020—5—6"])
def test_a_day_in_its_spellings(typed: str) -> None:
    assert day_written(typed) == "2020-05-06"


@pytest.mark.parametrize("typed", ["6/5/2020", "2020-5", "202056", "2020年5月", "昨天", "", "2020-05-06 09:00"])
def test_what_is_no_such_day_stays(typed: str) -> None:
    assert day_written(typed) == typed


@pytest.mark.parametrize("typed", ["2021/12/1 09:00", "2021年12月1日 09:00", " 20211201  09:00 "])
def test_a_moment_in_its_spellings(typed: str) -> None:
    assert moment_written(typed) == "2021-12-01 09:00"
