"""Pinyin initials, by which the boxes of codes find."""

import pytest

from filings.rules.codes import TABLES, offices_for
from filings.rules.initials import initials


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("广东省", "gds"),
        ("深圳市", "szs"),
        ("重庆市", "cqs"),
        ("厦门市", "xms"),
        ("长沙市", "css"),
        ("六安市", "las"),
        ("浚县", "xx"),
        ("朝阳市", "cys"),
        ("其他有限责任（公司）", "qtyxzrgs"),
        ("科科斯 (基林) 群岛", "kksjlqd"),
        ("深圳市云帆演练国际贸易有限公司", "szsyfylgjmyyxgs"),
        ("SIM 演练 2", "simyl2"),
        ("", ""),
    ],
)
def test_a_name_by_its_initials(name: str, letters: str) -> None:
    assert initials(name) == letters


def test_every_row_can_be_found_by_letters() -> None:
    rows = [row for table in TABLES.values() for row in table.rows]
    assert [row.name for row in rows if not (initials(row.name).isascii() and initials(row.name).isalnum())] == []


def test_a_table_is_searched_by_them_only_where_that_is_asked() -> None:
    divisions = TABLES["divisions"]
    assert [row.code for row in divisions.search("sz", "440000", spoken=True)] == ["440300"]
    assert divisions.search("sz", "440000") == ()
    assert [row.code for row in offices_for("440304", "fzhg", spoken=True).results] == ["5355"]
    assert offices_for("440304", "fzhg").results == ()
