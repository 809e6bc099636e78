"""The code tables: what the FAQ says of them (1.2, 1.3, 1.4, 2.2), and that nothing invented looks official."""

import itertools
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

import pytest

from filings.rules.codes import (
    TABLES,
    Code,
    city_of,
    county,
    division_chain,
    documented,
    economic_kind,
    office_serves,
    offices_for,
    recommended,
)
from filings.rules.words import Category, Provenance

PROJECT = Path(__file__).parents[2]

GUANGDONG, SHENZHEN, FUTIAN = "440000", "440300", "440304"
GUANGZHOU, TIANHE = "440100", "440106"
HUIZHOU, HUICHENG = "441300", "441302"

SHENZHEN_COUNTIES = [row.code for row in TABLES["divisions"].search(parent=SHENZHEN)]
LABEL_TABLES = [
    "id_types",
    "organization_types",
    "investment_methods",
    "parent_relations",
    "declarant_actions",
    "cross_border_types",
]


def codes(rows: Iterable[Code]) -> list[str]:
    return [row.code for row in rows]


# The tables


@pytest.mark.parametrize(
    ("table", "count"),
    [
        ("customs_offices", 30),
        ("economic_zones", 8),
        ("special_trade_zones", 32),
        ("categories", 6),
        ("economic_types", 34),
    ],
)
def test_every_row_of_the_data_is_there(table: str, count: int) -> None:
    assert len(TABLES[table].rows) == count


@pytest.mark.parametrize("name", TABLES)
def test_every_table_finds_each_of_its_codes(name: str) -> None:
    table = TABLES[name]
    assert table.name == name
    assert table.title
    for row in table.rows:
        found = table.get(row.code)
        assert found is not None
        assert found.name == row.name


@pytest.mark.parametrize("name", [name for name in TABLES if name != "divisions"])
def test_a_code_stands_once_in_its_table(name: str) -> None:
    assert len(set(codes(TABLES[name].rows))) == len(TABLES[name].rows)


@pytest.mark.parametrize("name", TABLES)
def test_an_unknown_code_is_none_not_an_error(name: str) -> None:
    assert TABLES[name].get("no such code") is None
    assert TABLES[name].get("") is None


@pytest.mark.parametrize("name", LABEL_TABLES)
def test_where_the_real_codes_are_unknown_the_code_is_the_label_and_says_so(name: str) -> None:
    for row in TABLES[name].rows:
        assert row.code == row.name
        assert row.provenance in (Provenance.OURS, Provenance.ASSUMED)


@pytest.mark.parametrize(
    ("table", "labels"),
    [
        ("id_types", "居民身份证 护照 港澳居民来往内地通行证 台湾居民来往大陆通行证 外国人永久居留身份证 其他"),
        ("organization_types", "企业 机关 事业单位 社会团体 其他"),
        ("investment_methods", "货币 实物 知识产权 土地使用权 其他"),
        ("parent_relations", "母/子公司 总/分公司 其他"),
        ("declarant_actions", "备案 变更 注销"),
    ],
)
def test_the_labels_are_those_of_the_contract(table: str, labels: str) -> None:
    assert codes(TABLES[table].rows) == labels.split()


def test_the_categories_are_the_words_of_the_field() -> None:
    assert [(row.code, row.name) for row in TABLES["categories"].rows] == Category.choices


def test_what_the_faq_says_of_a_category_stands_in_its_row() -> None:
    def marked(flag: str) -> set[str]:
        return {row.name for row in TABLES["categories"].rows if row.extra[flag]}

    everyone = set(Category.labels)
    assert marked("express_allowed") == {"报关企业", "特殊监管区域双重身份企业"}
    assert marked("certificate_printable") == everyone - {"特殊监管区域双重身份企业"}
    assert marked("annual_report_due") == everyone - {"临时注册登记单位"}


def test_only_the_codes_the_faq_prints_are_called_documented() -> None:
    documented = {
        (table.name, row.code) for table in TABLES.values() for row in table.rows if row.provenance == "documented"
    }
    assert documented == {("customs_offices", "5355"), ("special_trade_zones", "44039999")}


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("CHN", "中国"),
        ("HKG", "中国香港"),
        ("MAC", "中国澳门"),
        ("TWN", "中国台湾"),
        ("USA", "美国"),
        ("KOR", "韩国"),
        ("KHM", "柬埔寨"),
    ],
)
def test_countries_have_chinese_names(code: str, name: str) -> None:
    row = TABLES["countries"].get(code)
    assert row is not None
    assert row.name == name


def test_every_country_is_named_in_chinese() -> None:
    assert [row.name for row in TABLES["countries"].rows if row.name.isascii()] == []


def test_the_usual_currencies_come_first_and_accounting_units_not_at_all() -> None:
    currencies = TABLES["currencies"]
    assert codes(currencies.rows[:6]) == ["CNY", "USD", "HKD", "EUR", "JPY", "GBP"]
    assert [row.name for row in currencies.rows[:6]] == ["人民币", "美元", "港元", "欧元", "日元", "英镑"]
    assert currencies.get("XOF")
    assert not any(currencies.get(code) for code in ("XXX", "XTS", "XAU", "XDR", "CHE", "USN"))


@pytest.mark.parametrize(
    ("economic_type", "kind"),
    [
        ("151", "1"),
        ("320", "2"),
        ("310", "3"),
        ("330", "4"),
        ("120", "5"),
        ("150", "6"),
        ("173", "6"),
        ("175", "7"),
        ("900", "9"),
        ("", "9"),
    ],
)
def test_an_economic_type_gives_the_sixth_digit_of_the_customs_code(economic_type: str, kind: str) -> None:
    assert economic_kind(economic_type) == kind
    if row := TABLES["economic_types"].get(economic_type):
        assert row.extra == {"economic_kind_digit": kind, "economic_kind_provenance": Provenance.ASSUMED}


def test_an_economic_zone_gives_the_fifth_digit_of_the_customs_code() -> None:
    assert [row.extra["customs_code_digit"] for row in TABLES["economic_zones"].rows] == list("12345679")


# Searching


@pytest.mark.parametrize(
    "typed", ["5355", "５３５５", "5355 ", "　5355", "福中海关", "福中", "5355-福中海关", "5355 福中海关"]
)
def test_the_office_is_found_however_it_is_typed(typed: str) -> None:
    assert codes(TABLES["customs_offices"].search(typed)) == ["5355"]


def test_a_code_is_found_by_its_beginning_only() -> None:
    search = TABLES["customs_offices"].search
    assert codes(search("535")) == ["5352", "5353", "5355", "5356", "5357", "5358"]
    assert search("53555") == ()
    assert search("355") == ()


@pytest.mark.parametrize("typed", ["44039999", "44039999-深圳市其他地区", "44039999深圳市其他地区", "深圳市其他"])
def test_the_trade_zone_is_found_with_or_without_the_hyphen(typed: str) -> None:
    assert codes(TABLES["special_trade_zones"].search(typed)) == ["44039999"]


@pytest.mark.parametrize("typed", ["cny", "ＣＮＹ", "人民币"])
def test_case_does_not_matter(typed: str) -> None:
    assert codes(TABLES["currencies"].search(typed)) == ["CNY"]


def test_a_name_printed_in_full_width_is_found_as_printed_and_in_half_width() -> None:
    search = TABLES["economic_types"].search
    assert codes(search("国有独资（公司）")) == codes(search("国有独资(公司)")) == ["151"]


def test_the_short_name_of_faq_2_19_finds_the_category() -> None:
    assert codes(TABLES["categories"].search("特殊监管双重身份企业")) == [Category.DUAL]


def test_an_empty_search_gives_the_whole_table_in_order() -> None:
    zones = TABLES["economic_zones"]
    assert zones.search() == zones.search("  ") == zones.rows


def test_the_recommended_row_is_moved_to_the_front_and_the_rest_keep_their_order() -> None:
    offices = TABLES["customs_offices"]
    assert codes(offices.search(first="5355", limit=3)) == ["5355", "5301", "5302"]
    assert codes(offices.search("5301", first="5355")) == ["5301"]


def test_children_are_found_by_their_parent() -> None:
    divisions = TABLES["divisions"]
    assert SHENZHEN in codes(divisions.search(parent=GUANGDONG))
    assert FUTIAN in SHENZHEN_COUNTIES
    assert len(SHENZHEN_COUNTIES) == 9
    assert codes(divisions.search("福田", parent=SHENZHEN)) == [FUTIAN]
    assert divisions.search(parent="999999") == ()


# Divisions


def test_the_three_levels_hang_together() -> None:
    divisions = TABLES["divisions"]
    for row in divisions.rows:
        parent = divisions.get(row.parent) if row.parent else None
        assert (parent.extra["level"] if parent else 0) == row.extra["level"] - 1


@pytest.mark.parametrize(
    ("code", "city_code"), [(FUTIAN, SHENZHEN), (HUICHENG, HUIZHOU), ("110101", "110100"), ("419001", "419000")]
)
def test_a_county_knows_its_city(code: str, city_code: str) -> None:
    assert city_of(code) == city_code


@pytest.mark.parametrize("code", [None, "", GUANGDONG, SHENZHEN, "440399", "4403", "999999"])
def test_what_is_not_a_county_has_no_city(code: str | None) -> None:
    assert city_of(code) is None
    assert county(code) is None


@pytest.mark.parametrize(("code", "province"), [("441900", GUANGDONG), ("442000", GUANGDONG), ("460400", "460000")])
def test_a_city_without_counties_is_chosen_at_three_levels(code: str, province: str) -> None:
    pseudo = county(code)
    city = TABLES["divisions"].get(code)
    assert pseudo is not None
    assert city is not None
    assert (pseudo.extra["level"], pseudo.parent) == (3, code)
    assert (city.extra["level"], city.parent) == (2, province)
    assert TABLES["divisions"].search(parent=code) == (pseudo,)
    assert city_of(code) == code
    assert division_chain(province, code, code)
    assert offices_for(code).hint == "no_office"


@pytest.mark.parametrize("present", list(itertools.product([True, False], repeat=3)))
def test_the_levels_of_one_place_agree_whichever_of_them_are_present(present: tuple[bool, bool, bool]) -> None:
    assert division_chain(
        *(code if there else None for code, there in zip((GUANGDONG, SHENZHEN, FUTIAN), present, strict=True))
    )
    assert division_chain(
        *(code if there else "" for code, there in zip((GUANGDONG, SHENZHEN, FUTIAN), present, strict=True))
    )


@pytest.mark.parametrize(
    "chain",
    [
        (GUANGDONG, GUANGZHOU, FUTIAN),
        ("110000", SHENZHEN, FUTIAN),
        ("110000", None, FUTIAN),
        ("110000", SHENZHEN, None),
        (None, GUANGZHOU, FUTIAN),
        (GUANGDONG, SHENZHEN, "440399"),
        (GUANGDONG, "449900", None),
        ("990000", None, None),
        (SHENZHEN, SHENZHEN, FUTIAN),
        (GUANGDONG, SHENZHEN, SHENZHEN),
        ("110000", "441900", "441900"),
    ],
)
def test_levels_of_different_places_do_not(chain: tuple[str | None, str | None, str | None]) -> None:
    assert not division_chain(*chain)


# Offices (FAQ 1.2, 2.2)


@pytest.mark.parametrize("division", [None, "", " ", GUANGDONG, SHENZHEN, "44", "440399", "不是代码"])
def test_an_incomplete_division_has_no_matching_data(division: str | None) -> None:
    answer = offices_for(division)
    assert (answer.results, answer.message, answer.hint) == ((), "无匹配数据", "division_incomplete")


@pytest.mark.parametrize("division", [TIANHE, "110101", "441900"])
def test_a_county_without_an_office_says_the_same_with_another_hint(division: str) -> None:
    answer = offices_for(division)
    assert (answer.results, answer.message, answer.hint) == ((), "无匹配数据", "no_office")


@pytest.mark.parametrize("division", [*SHENZHEN_COUNTIES, "４４０３０４"])
def test_every_district_of_shenzhen_is_offered_all_its_offices_with_5355_first(division: str) -> None:
    answer = offices_for(division)
    assert (answer.results[0].code, answer.results[0].name) == ("5355", "福中海关")
    assert len(answer.results) == 25
    assert (answer.message, answer.hint) == (None, None)


def test_huizhou_is_offered_its_own_offices_the_one_a_public_guide_names_first() -> None:
    assert codes(offices_for(HUICHENG).results) == ["5341", "5315", "5331", "5338"]


def test_the_offer_can_be_searched_and_cut() -> None:
    assert codes(offices_for(FUTIAN, "５３５５").results) == ["5355"]
    assert codes(offices_for(FUTIAN, "535").results) == ["5355", "5352", "5356", "5357", "5358"]
    assert codes(offices_for(FUTIAN, limit=2).results) == ["5355", "5301"]


@pytest.mark.parametrize("typed", ["53555", "5341", "惠州", "5353"])
def test_a_search_that_finds_nothing_in_a_good_division_blames_nobody(typed: str) -> None:
    answer = offices_for(FUTIAN, typed)
    assert (answer.results, answer.message, answer.hint) == ((), "无匹配数据", None)


def test_west_kowloon_serves_no_division_of_the_mainland() -> None:
    counties = [row.code for row in TABLES["divisions"].rows if row.extra["level"] == 3]
    assert not any(office_serves("5353", code) for code in counties)
    assert TABLES["customs_offices"].get("5353")


@pytest.mark.parametrize(
    ("office", "division", "serves"),
    [
        ("5355", FUTIAN, True),
        ("5301", "440310", True),
        ("5341", HUICHENG, True),
        ("5341", FUTIAN, False),
        ("5355", HUICHENG, False),
        ("5355", TIANHE, False),
        ("5355", SHENZHEN, False),
        ("5355", "", False),
        ("9999", FUTIAN, False),
        ("", "", False),
    ],
)
def test_an_office_serves_every_district_of_its_own_city(office: str, division: str, serves: bool) -> None:
    assert office_serves(office, division) is serves


# Recommendations (FAQ 1.2–1.4)


@pytest.mark.parametrize("division", SHENZHEN_COUNTIES)
@pytest.mark.parametrize(
    ("table", "code"), [("customs_offices", "5355"), ("economic_zones", "01"), ("special_trade_zones", "44039999")]
)
def test_a_shenzhen_firm_outside_qianhai_is_advised_on_all_three(division: str, table: str, code: str) -> None:
    assert recommended(table, division, in_qianhai=False) == code
    assert TABLES[table].get(code)


def test_the_advised_names_are_those_of_the_faq() -> None:
    named = [
        TABLES[t].get(c)
        for t, c in (("customs_offices", "5355"), ("economic_zones", "01"), ("special_trade_zones", "44039999"))
    ]
    assert [row.name for row in named if row] == ["福中海关", "经济特区", "深圳市其他地区"]


@pytest.mark.parametrize("in_qianhai", [True, None])
def test_in_qianhai_or_unknown_no_trade_zone_is_advised_but_the_rest_stands(in_qianhai: bool | None) -> None:
    assert recommended("special_trade_zones", FUTIAN, in_qianhai) is None
    assert recommended("customs_offices", FUTIAN, in_qianhai) == "5355"
    assert recommended("economic_zones", FUTIAN, in_qianhai) == "01"


def test_what_the_document_advises_is_what_it_advises_to_shenzhen() -> None:
    advised = [("customs_offices", "5355"), ("economic_zones", "01"), ("special_trade_zones", "44039999")]
    assert all(documented(table, code) for table, code in advised)
    assert not any(
        documented(table, code) for table, code in [("customs_offices", "5341"), ("customs_offices", None), ("", "01")]
    )


@pytest.mark.parametrize("division", [None, "", GUANGDONG, SHENZHEN, HUICHENG, TIANHE, "441900"])
@pytest.mark.parametrize("table", ["customs_offices", "economic_zones", "special_trade_zones"])
def test_outside_shenzhen_nothing_is_advised_but_its_customs_to_huizhou(division: str | None, table: str) -> None:
    public = division == HUICHENG and table == "customs_offices"
    assert recommended(table, division, in_qianhai=False) == ("5341" if public else None)


def test_no_other_table_has_advice() -> None:
    advised = {name for name in TABLES if recommended(name, FUTIAN, in_qianhai=False)}
    assert advised == {"customs_offices", "economic_zones", "special_trade_zones"}


def test_importing_reads_no_table() -> None:
    script = """
import sys
from filings.rules.codes import TABLES
print(any("rows" in vars(table) for table in TABLES.values()), "pycountry" in sys.modules)
"""
    seen = subprocess.run([sys.executable, "-c", script], cwd=PROJECT, capture_output=True, text=True, check=True)
    assert seen.stdout.split() == ["False", "False"]
