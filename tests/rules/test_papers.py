"""The papers of made-up clients: the same for everybody, right and whole, and what differs from them is found."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from copy import deepcopy
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from filings.lab.worlds import cast
from filings.rules import numbers
from filings.rules.appraisal import appraise
from filings.rules.codes import TABLES
from filings.rules.dates import SHANGHAI
from filings.rules.faq import ENTRIES
from filings.rules.papers import (
    BY_RULE,
    NOT_COMPARED,
    Agent,
    Client,
    PaperKind,
    Trap,
    client,
    differences,
)
from filings.rules.papers.dossier import ROLES, settled
from filings.rules.sheet import Choices, Field, Group, Rows
from filings.rules.sheets.registration import Registration
from tests.rules.known import errors, judged, known, warnings

TODAY = date(2021, 12, 1)
SEEDS = range(200)
AGENT = Agent(cast.AGENT.name_cn, cast.AGENT.uscc)

seeds = st.integers(0, 2**63 - 1)
of_traps = st.sets(st.sampled_from(Trap))


def of(seed: int = 1, *traps: Trap) -> Client:
    return client(seed, TODAY, traps)


def printed(about: Client, kind: PaperKind) -> dict[str, str]:
    """What a paper prints under its labels."""
    paper = next(paper for paper in about.documents(AGENT) if paper.kind == kind)
    return {field.label: field.value for field in paper.fields}


# ── who a client is ───────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("where", "districts", "in_qianhai"),
    [
        ("440308", {"440308"}, False),
        ("440305", {"440305"}, False),
        ("qianhai", {"440305"}, True),
        ("elsewhere", {f"4403{n:02d}" for n in (3, 4, 5, 6, 7, 8, 9, 10, 11)}, False),
    ],
)
def test_a_client_lies_where_it_is_told_to(where: str, districts: set[str], in_qianhai: bool) -> None:
    clients = [client(seed, TODAY, (), where) for seed in SEEDS]
    assert {about.district for about in clients} == districts
    assert {about.in_qianhai for about in clients} == {in_qianhai}
    assert all(about.place.name in about.address_cn for about in clients)


def test_a_place_that_is_not_in_the_stock_is_refused() -> None:
    with pytest.raises(ValueError, match="440199"):
        client(1, TODAY, (), "440199")


def test_the_same_seed_is_the_same_client_in_every_process() -> None:
    asked = "from datetime import date; from filings.rules.papers import client; c = client(7, date(2021, 12, 1))"
    shown = "import hashlib; print(hashlib.sha256(repr((c, c.documents())).encode()).hexdigest())"
    told = {
        subprocess.run(
            [sys.executable, "-c", f"{asked}; {shown}"],
            env={"PYTHONHASHSEED": salt, "PYTHONPATH": "."},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for salt in ("0", "1")
    }
    assert len(told) == 1
    assert client(7, TODAY) == client(7, TODAY)


def test_a_client_is_what_it_was_when_this_was_written() -> None:
    """Else attempts that are under way would be about somebody else: a change here is one of the exercises' version."""
    about = client(7, TODAY)
    assert (about.uscc, about.name_cn, about.legal_representative.name, about.traps) == (
        "91440399MAMPG90NXR",
        "深圳市朔峰演练进出口有限公司",
        "周清和",
        (Trap.EXPIRING,),
    )


def test_other_seeds_are_other_clients() -> None:
    clients = [client(seed, TODAY) for seed in SEEDS]
    assert len({about.uscc for about in clients}) == len(clients)
    assert len({about.name_cn for about in clients}) > len(clients) * 0.9
    assert len({about.address_cn for about in clients}) == len(clients)


def test_it_is_visibly_made_up_and_belongs_to_nobody() -> None:
    of_the_cast = {firm.uscc for firm in cast.FIRMS} | {numbers.synthetic_uscc(serial) for serial in range(1000)}
    for about in (client(seed, TODAY) for seed in SEEDS):
        assert "演练" in about.name_cn
        codes = [about.uscc, *([about.parent.uscc] if about.parent else [])]
        assert all(numbers.uscc_fault(code) is None and code[2:8] == "440399" for code in codes)
        assert not of_the_cast & set(codes)
        assert len(set(codes)) == len(codes)
        people = list(about.managers.values())
        for of_people in ("name", "id_number", "mobile", "phone", "email"):
            assert len({getattr(person, of_people) for person in people}) == 3
        assert all(numbers.id_card_fault(person.id_number) is None for person in people)
        assert all(person.born.year in range(1890, 1900) and person.id_number[:6] == "440399" for person in people)
        assert all(person.phone.startswith("0755-0") and person.email.endswith(".example") for person in people)


@given(seeds, of_traps)
@settings(max_examples=150, deadline=None)
def test_investors_pay_in_the_capital_and_dates_follow_each_other(seed: int, traps: set[Trap]) -> None:
    about = client(seed, TODAY, traps)
    paid = sum(investor.amount for investor in about.investors)
    assert 1 <= len(about.investors) <= 3
    assert len({investor.name for investor in about.investors}) == len(about.investors)
    assert all(investor.amount > 0 for investor in about.investors)
    assert about.capital == (0 if about.parent else paid)
    assert about.established_on < TODAY
    assert about.valid_until is None or about.valid_until > TODAY
    assert about.renamed_on is None or about.established_on < about.renamed_on < TODAY


def test_all_kinds_of_clients_come() -> None:
    clients = [client(seed, TODAY) for seed in SEEDS]
    assert {about.category.value for about in clients} == {"10000000", "20000000", "01000000", "00100000"}
    assert {about.economic_type for about in clients} == {"173", "159", "230", "210"}
    assert {about.currency for about in clients} == {"CNY", "HKD", "USD"}
    assert {about.in_qianhai for about in clients} == {about.express_operator for about in clients} == {True, False}
    assert {len(about.investors) for about in clients} == {1, 2, 3}
    assert {len(about.traps) for about in clients} == {0, 1, 2}
    assert {trap for about in clients for trap in about.traps} == set(Trap)


@pytest.mark.parametrize("today", [TODAY, date(2018, 4, 20), date(2024, 2, 29)])
def test_its_sheet_declares_cleanly_and_without_a_warning_but_of_the_form(today: date) -> None:
    for about in (client(seed, today) for seed in SEEDS):
        now = datetime(today.year, today.month, today.day, 9, tzinfo=SHANGHAI)
        judgement = judged(about.content(), known(now=now, uscc=about.uscc, in_qianhai=about.in_qianhai))
        assert errors(judgement) == []
        assert warnings(judgement) == [("/attachments", "record_form_missing")]
        shaped = Registration.shape(judgement.values)
        assert shaped == Registration.shape(about.content()), "nothing was set right"


def test_the_market_register_has_of_it_what_its_papers_say() -> None:
    for about in (client(seed, TODAY) for seed in SEEDS):
        market, content = about.market(), about.content()
        assert set(market) == {
            "uscc",
            "name_cn",
            "legal_representative",
            "registered_capital",
            "capital_currency",
            "address_cn",
            "economic_type",
            "business_scope",
            "established_on",
            "valid_until",
        }
        assert market.pop("legal_representative") == content["legal_representative"]["name"]
        assert market == {name: content.get(name) for name in market}


# ── its papers ────────────────────────────────────────────────────────────────────────────────────────────────────


def places(sheet: type[Registration], content: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Every place of a content, as a pointer and as the field's name in NOT_COMPARED."""
    for name, item in sheet.items.items():
        match item:
            case Group():
                yield from ((f"/content/{name}/{key}", f"{name}.{key}") for key in item.fields)
            case Rows():
                for n in range(len(content[name])):
                    yield from ((f"/content/{name}/{n}/{key}", f"{name}.*.{key}") for key in item.fields)
            case _:
                yield f"/content/{name}", name


@given(seeds, of_traps)
@settings(max_examples=100, deadline=None)
def test_every_field_can_be_read_from_a_paper_or_follows_from_one(seed: int, traps: set[Trap]) -> None:
    about = client(seed, TODAY, traps)
    stands = settled(about.documents())
    wanted = {pointer for pointer, name in places(Registration, about.content()) if name not in NOT_COMPARED}
    assert set(stands) == wanted


def test_what_is_not_compared_is_a_field_and_has_a_reason() -> None:
    fields = dict(Registration.walk())
    assert set(NOT_COMPARED) <= set(fields)
    assert all(NOT_COMPARED.values())
    assert {name for name, field in fields.items() if field.returned} < set(NOT_COMPARED)


def test_what_follows_by_an_entry_of_the_faq_names_the_fields_own() -> None:
    for pointer, entry in BY_RULE.items():
        field = Registration.items[pointer.removeprefix("/content/")]
        assert isinstance(field, Field)
        assert field.faq == entry
        assert entry in ENTRIES


def value_of(content: dict[str, Any], pointer: str) -> Any:
    value: Any = content
    for key in pointer.removeprefix("/content/").split("/"):
        value = value[int(key)] if isinstance(value, list) else value.get(key)
    return value


def test_a_paper_prints_what_the_sheet_has() -> None:
    """By another way than the papers are written: the printed words are read back."""
    for about in (client(seed, TODAY) for seed in SEEDS):
        content = about.content()
        for pointer, (_, field, read_off) in settled(about.documents()).items():
            value, name = value_of(content, pointer), pointer.rpartition("/")[2]
            if not read_off:
                continue
            if name in ("amount", "registered_capital"):
                assert Decimal(field.value.partition("万元")[0]) == Decimal(value)
                assert len(field.value.partition("万元")[0].partition(".")[2]) == 4
            elif name == "established_on":
                assert datetime.strptime(field.value, "%Y年%m月%d日").date().isoformat() == value
            elif name == "valid_until":
                ends = field.value.partition("至")[2]
                assert ends == (f"{value[:4]}年{value[5:7]}月{value[8:]}日" if value else "长期")
            elif isinstance(value, bool):
                assert field.value == ("是" if value else "否")
            elif isinstance(value, list):
                assert field.value == ("、".join(value) or "无")
            elif name == "industry":
                assert field.value.split()[0] == value
            elif table := field_at(pointer).table:
                row = TABLES[table].get(value)
                assert row
                assert row.name in field.value
                assert [other.code for other in TABLES[table].rows if other.name == row.name] == [value], "no doubt"
            else:
                assert field.value == value


def field_at(pointer: str) -> Field:
    first, *rest = pointer.removeprefix("/content/").split("/")
    item = Registration.items[first]
    return item if isinstance(item, Field) else item.fields[rest[-1]]


def test_the_papers_are_those_a_clerk_is_given_and_each_has_a_title_of_its_own() -> None:
    for about in (client(seed, TODAY) for seed in SEEDS):
        papers = about.documents(AGENT)
        kinds = [paper.kind for paper in papers]
        assert len({paper.title for paper in papers}) == len(papers)
        assert kinds.count(PaperKind.IDENTITY_CARD) == 3
        assert (PaperKind.PARENT_LICENCE in kinds) == (about.parent is not None)
        assert (PaperKind.NAME_CHANGE in kinds) == (about.former_name is not None)
        assert set(kinds) >= set(PaperKind) - {PaperKind.PARENT_LICENCE, PaperKind.NAME_CHANGE}
        assert all(len({field.label for field in paper.fields}) == len(paper.fields) for paper in papers)
        assert all(field.value for paper in papers for field in paper.fields)


def test_the_mandate_letter_names_the_agent_and_is_there_only_with_one() -> None:
    letter = printed(of(), PaperKind.MANDATE)
    assert (letter["受托人"], letter["受托人统一社会信用代码"], letter["委托人"]) == (*AGENT, of().name_cn)
    assert all(paper.kind != PaperKind.MANDATE for paper in of().documents())


def test_roles_are_called_as_the_sheet_calls_them() -> None:
    assert {name: Registration.items[name].label for name in ROLES} == ROLES


# ── traps ─────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("trap", Trap)
def test_a_trap_is_there_when_asked_for_and_has_a_hint(trap: Trap) -> None:
    for seed in range(20):
        assert of(seed, trap).traps == (trap,)
        assert of(seed).traps == ()
    assert trap.hint
    assert trap.label


def test_an_address_longer_than_its_printed_field() -> None:
    for seed in range(20):
        assert 45 < len(of(seed, Trap.LONG_ADDRESS).address_cn) <= 255
        assert len(of(seed, Trap.LONG_ADDRESS).address_en) <= 255
        assert len(of(seed).address_cn) < 45


def test_names_with_characters_that_are_rare() -> None:
    for seed in range(20):
        about = of(seed, Trap.RARE_NAME, Trap.RAREST_NAME)
        assert about.legal_representative.name[1:] == "\u36c3"
        assert ord(about.customs_manager.name[1:]) > 0xFFFF
        assert printed(about, PaperKind.LICENCE)["法定代表人"] == about.legal_representative.name
        assert not any(ord(char) < 0x4E00 or ord(char) > 0x9FFF for char in of(seed).legal_representative.name)


def test_an_amount_with_four_places_is_kept_to_the_last() -> None:
    for seed in range(20):
        about = of(seed, Trap.FOUR_PLACES)
        assert len(about.content()["registered_capital"].partition(".")[2]) == 4
        assert f"{about.capital}万元" in printed(about, PaperKind.LICENCE)["注册资本"]
        assert len(of(seed).content()["registered_capital"].partition(".")[2]) == 2


def test_a_branch_has_a_parent_whose_licence_is_there() -> None:
    for seed in range(20):
        about = of(seed, Trap.BRANCH)
        assert about.parent
        assert about.category.label.endswith("分支机构")
        assert about.name_cn.startswith(about.parent.name_cn)
        licence = printed(about, PaperKind.PARENT_LICENCE)
        assert (licence["统一社会信用代码"], licence["名称"]) == (about.parent.uscc, about.parent.name_cn)
        assert about.content()["parent_relation"] == "总/分公司"
        assert "注册资本" not in printed(about, PaperKind.LICENCE)
        assert about.investors[0].name == about.parent.name_cn
        assert "parent_uscc" not in of(seed).content()


def test_a_licence_about_to_expire_still_stands() -> None:
    for seed in range(20):
        until = of(seed, Trap.EXPIRING).valid_until
        assert until
        assert timedelta(0) < until - TODAY <= timedelta(days=30)
        other = of(seed).valid_until
        assert other is None or other - TODAY > timedelta(days=365)


def test_a_lease_that_writes_the_address_otherwise_says_what_counts() -> None:
    for seed in range(20):
        about = of(seed, Trap.LEASE_SPELLING)
        lease = printed(about, PaperKind.LEASE)
        assert lease["房屋地址"] != printed(about, PaperKind.LICENCE)["住所"] == about.address_cn
        assert "以营业执照记载的住所为准" in lease["特别约定"]
        lease = printed(of(seed), PaperKind.LEASE)
        assert lease["房屋地址"] == of(seed).address_cn
        assert "特别约定" not in lease


def test_a_former_name_stands_on_older_papers_and_the_notice_tells_of_the_change() -> None:
    for seed in range(20):
        about = of(seed, Trap.FORMER_NAME)
        notice = printed(about, PaperKind.NAME_CHANGE)
        assert notice["变更前名称"] == about.former_name != about.name_cn == notice["变更后名称"]
        assert printed(about, PaperKind.LEASE)["承租方（乙方）"] == about.former_name
        assert printed(about, PaperKind.LICENCE)["名称"] == about.name_cn
        assert of(seed).former_name is None


# ── 对照检查 ──────────────────────────────────────────────────────────────────────────────────────────────────────


@given(seeds, of_traps)
@settings(max_examples=100, deadline=None)
def test_a_sheet_as_the_papers_have_it_differs_in_nothing(seed: int, traps: set[Trap]) -> None:
    about = client(seed, TODAY, traps)
    facts = known(uscc=about.uscc, in_qianhai=about.in_qianhai)
    assert differences(about.content(), about) == ()
    kept = appraise(Registration, about.content(), facts, declaring=True).values
    assert differences(Registration.shape(kept), about) == (), "as it is sent"


def changed(field: Field, value: Any) -> st.SearchStrategy[Any]:
    """Other values of a field, in its one spelling."""
    if isinstance(field, Choices):
        rows = [row.code for row in TABLES[field.table or ""].rows]
        other = st.sets(st.sampled_from(rows)).map(lambda chosen: field.clean(sorted(chosen)))
        return other.filter(lambda chosen: (chosen or field.default or []) != value)
    if field.table:
        return st.sampled_from([row.code for row in TABLES[field.table].rows if row.code != value])
    match field.type:
        case "flag":
            return st.just(not value)
        case "money":
            return st.decimals(0, 10**9, places=6).map(lambda amount: field.clean(f"{amount:f}")).filter(value.__ne__)
        case "date":
            return st.dates().map(date.isoformat).filter(lambda day: day != value)
    letters = st.text(st.characters(categories=["Lo", "Lu", "Nd"]), min_size=1, max_size=field.max_length)
    return letters.filter(lambda words: field.clean(words[: field.max_length]) not in (value, None))


def put(content: dict[str, Any], pointer: str, value: Any) -> None:
    *path, last = pointer.removeprefix("/content/").split("/")
    for key in path:
        content = content[int(key) if isinstance(content, list) else key]
    content[last] = value


@given(seeds, of_traps, st.data())
@settings(max_examples=300, deadline=None)
def test_whatever_one_field_is_changed_exactly_that_is_told(seed: int, traps: set[Trap], data: st.DataObject) -> None:
    about = client(seed, TODAY, traps)
    content = about.content()
    pointer = data.draw(st.sampled_from(sorted(settled(about.documents()))))
    field, value = field_at(pointer), value_of(content, pointer)
    other = data.draw(
        st.none() | changed(field, value) if value not in (None, [], field.default) else changed(field, value)
    )
    put(content, pointer, other)
    names = [row["name"] for row in content["investors"]]
    assume(len(set(names)) == len(names))
    (found,) = differences(content, about)
    assert found.pointer == pointer
    assert found.yours
    assert found.document
    assert found.where
    assert field.label in found.label


def test_a_difference_tells_both_values_as_people_read_them_and_where_the_right_one_stands() -> None:
    about = of(1)
    content = about.content() | {"customs_office": "5304", "established_on": "2001-01-01", "industry": "1234"}
    content["legal_representative"] = {**content["legal_representative"], "mobile": "13900000000"}
    content["investors"][0]["country"] = "ABW"
    told = {one.pointer: one for one in differences(content, about)}
    assert list(told) == [
        "/content/customs_office",
        "/content/industry",
        "/content/established_on",
        "/content/legal_representative/mobile",
        "/content/investors/0/country",
    ]
    office = told["/content/customs_office"]
    assert (office.label, office.yours, office.document) == ("注册海关", "5304 蛇口海关", "5355 福中海关")
    assert office.where == "营业执照“住所”，按常见问题 1.2"
    day = told["/content/established_on"]
    assert (day.yours, day.document) == ("2001-01-01", printed(about, PaperKind.LICENCE)["成立日期"])
    assert told["/content/legal_representative/mobile"].label == "法定代表人（负责人）：移动电话"
    country = told["/content/investors/0/country"]
    assert (country.label, country.yours, country.document) == (
        "出资者信息第1行：出资国别",
        "ABW 阿鲁巴",
        printed(about, PaperKind.RESOLUTION)["股东一国别（地区）"],
    )


def test_spelling_that_means_the_same_is_no_difference() -> None:
    about = next(one for one in (client(seed, TODAY, ()) for seed in SEEDS) if one.capital == 500)
    content = about.content()
    content |= {
        "uscc": f"　{about.uscc.lower()} ",
        "registered_capital": "５００",
        "name_cn": f" {about.name_cn} ",
        "express_operator": None,
        "filing_scope": None,
        "cross_border_types": None if not about.cross_border_types else list(about.cross_border_types),
        "customs_code": "4403160001",
        "remarks": "无",
    }
    content["finance_manager"]["phone"] = about.finance_manager.phone.replace("0755-", "（0755）")
    day = about.established_on
    content["established_on"] = f"{day.year}-{day.month}-{day.day}"
    assert differences(content, about) == ()


def with_several() -> Client:
    return next(one for one in (client(seed, TODAY, ()) for seed in SEEDS) if len(one.investors) == 3)


def test_investors_are_known_by_name_in_whatever_order() -> None:
    about = with_several()
    content = about.content()
    content["investors"].reverse()
    assert differences(content, about) == ()
    content["investors"][0]["amount"] = "1.00"
    (found,) = differences(content, about)
    assert found.pointer == "/content/investors/0/amount"
    assert found.where.endswith("“股东三出资额”")


def test_a_row_that_is_missing_and_a_row_too_many_are_told() -> None:
    about = with_several()
    content = about.content()
    gone = content["investors"].pop(1)
    (missing,) = differences(content, about)
    assert (missing.pointer, missing.yours) == ("/content/investors", "（未填写）")
    assert gone["name"] in missing.document
    assert missing.where == "股东会决议（出资情况）"
    content = about.content()
    content["investors"].append({**content["investors"][0], "name": "某人"})
    (many,) = differences(content, about)
    assert (many.pointer, many.label, many.document) == ("/content/investors/3", "出资者信息第4行", "无")
    assert "某人" in many.yours


def test_a_superior_that_was_made_up_is_told() -> None:
    about = of(1)
    found = differences(about.content() | {"parent_relation": "母/子公司"}, about)
    assert [(one.pointer, one.document) for one in found] == [("/content/parent_relation", "无")]
    assert found[0].where == "企业信息及联系人登记表“上级单位”"


@pytest.mark.parametrize(
    "content", [{}, {"investors": None, "legal_representative": None}, {"investors": "x", "uscc": 3}]
)
def test_whatever_the_content_is_it_is_compared(content: dict[str, Any]) -> None:
    about = of(1)
    told = [one.pointer for one in differences(deepcopy(content), about)]
    assert "/content/uscc" in told
    assert "/content/legal_representative/name" in told
    assert told.count("/content/investors") == len(about.investors)
