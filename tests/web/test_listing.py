"""综合查询 and 申请单查询 looked through: filters, columns, files; and what waits on the home page."""

from __future__ import annotations

import csv
from collections.abc import Callable
from io import BytesIO, StringIO
from typing import Any

import openpyxl
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from filings import desk
from filings.lab.worlds import cast, fixtures
from filings.models import Enterprise, Filing, Sandbox, Visit
from filings.rules.words import Status
from filings.web.listing import COLUMNS, HEADS
from tests.factories import FilingFactory, later
from tests.web.pages import Page

pytestmark = pytest.mark.django_db

OVERVIEW, FILINGS = "/enquiries/overview", "/enquiries/filings"


def numbers(page: Page) -> list[str]:
    return page.texts("tbody td:first-child a")


@pytest.fixture
def three(cardless: Visit) -> list[Filing]:
    """A draft, a refused one declared a day later, and one declared two days later."""
    draft = FilingFactory(visit=cardless)
    refused = FilingFactory(visit=later(cardless, days=1), status=Status.REJECTED)
    return [draft, refused, FilingFactory(visit=later(cardless, days=2), status=Status.DECLARED)]


class TestFilters:
    @pytest.mark.parametrize(
        ("asked", "found"),
        [
            ({}, (2, 1, 0)),
            ({"status": "rejected"}, (1,)),
            ({"since": "2021-12-02"}, (2, 1)),
            ({"until": "２０２１-１２-02"}, (1,)),
            ({"since": "2021-12-03", "until": "2021-12-03"}, (2,)),
            ({"waiting": "draft"}, (0,)),
            ({"waiting": "undecided"}, (2,)),
            ({"enterprise": "云帆"}, (2, 1, 0)),
            ({"enterprise": "海纳"}, ()),
            ({"enterprise": cast.CARDLESS.uscc[:10].lower()}, (2, 1, 0)),
        ],
    )
    def test_what_is_asked_for_is_found_and_stays_in_its_box(
        self, enter: Callable[..., Client], three: list[Filing], asked: dict[str, str], found: tuple[int, ...]
    ) -> None:
        page = Page(enter().get(OVERVIEW, asked))
        assert numbers(page) == [three[n].number for n in found]
        for name, value in asked.items():
            if name != "enterprise":
                assert page.value(name) == value
        assert page.link("重置") == OVERVIEW

    def test_a_part_of_the_number_is_enough(self, enter: Callable[..., Client], three: list[Filing]) -> None:
        assert numbers(Page(enter().get(OVERVIEW, {"number": f" {three[1].number[3:].lower()} "}))) == [three[1].number]

    @pytest.mark.parametrize(
        ("asked", "words"),
        [
            ({"since": "2021-13-01"}, "申报日期自：没有这一天"),
            ({"since": "2021-12-02", "until": "2021-12-01"}, "不能早于申报日期自"),
            ({"status": "nonsense"}, "状态：应为"),
            ({"waiting": "x"}, "待办：应为"),
        ],
    )
    def test_what_cannot_be_is_told_at_its_box_and_nothing_is_listed(
        self, enter: Callable[..., Client], three: list[Filing], asked: dict[str, str], words: str
    ) -> None:
        for at in (OVERVIEW, FILINGS):
            answer = enter().get(at, asked)
            page = Page(answer)
            assert answer.status_code == 422
            assert words in page.find(".sum")
            assert page.has(".looking .bad .err")
            assert numbers(page) == []
            assert enter().get(f"{at}.csv", asked).status_code == 422

    @pytest.mark.faq("1.7")
    def test_an_enterprise_is_asked_for_by_who_files_for_others(
        self, enter: Callable[..., Client], sandbox: Sandbox, agent: Visit
    ) -> None:
        assert not Page(enter("agent").get(OVERVIEW)).has('[name="enterprise"]')
        for firm in (cast.CARDLESS, cast.AGENT):
            fixtures.filing(
                sandbox,
                kind="registration" if firm is cast.CARDLESS else "change",
                uscc=firm.uscc,
                **({"agent": cast.AGENT.uscc} if firm is cast.CARDLESS else {}),
            )
        page = Page(enter("agent").get(OVERVIEW, {"enterprise": "云帆"}))
        assert page.value("enterprise") == "云帆"
        assert page.texts("tbody td:nth-child(3)") == [cast.CARDLESS.name_cn]

    def test_a_form_keeps_the_business_type_and_the_columns_keep_the_form(
        self, enter: Callable[..., Client], three: list[Filing]
    ) -> None:
        page = Page(enter().get(FILINGS, {"business_type": "企业注册登记", "status": "rejected", "sort": "-since"}))
        assert page.value("business_type") == "企业注册登记"
        assert page.value("sort") == "-since"
        assert page.link("业务").count("status=rejected") == 1
        assert "sort=kind" in page.link("业务")
        assert "status=rejected" in page.link("CSV")


class TestColumns:
    @pytest.mark.parametrize("column", COLUMNS)
    def test_each_goes_up_and_down(self, enter: Callable[..., Client], three: list[Filing], column: str) -> None:
        client = enter()
        up = Page(client.get(OVERVIEW, {"sort": column}))
        down = Page(client.get(OVERVIEW, {"sort": f"-{column}"}))
        head = COLUMNS[column][0]
        assert up.find("[aria-sort]").text == down.find("[aria-sort]").text == head
        assert (up.find("[aria-sort]")["aria-sort"], down.find("[aria-sort]")["aria-sort"]) == (
            "ascending",
            "descending",
        )
        assert f"sort=-{column}" in up.link(head)
        assert sorted(numbers(up)) == sorted(numbers(down)) == sorted(one.number for one in three)

    def test_the_status_goes_by_the_lifecycle_and_what_was_never_declared_stands_last(
        self, enter: Callable[..., Client], three: list[Filing]
    ) -> None:
        client, (draft, refused, declared) = enter(), (one.number for one in three)
        assert numbers(Page(client.get(OVERVIEW, {"sort": "status"}))) == [draft, declared, refused]
        for way in ("declared", "-declared"):
            assert numbers(Page(client.get(OVERVIEW, {"sort": way})))[-1] == draft

    def test_an_unknown_one_is_none(self, enter: Callable[..., Client], three: list[Filing]) -> None:
        page = Page(enter().get(OVERVIEW, {"sort": "content"}))
        assert numbers(page) == [one.number for one in reversed(three)]


class TestFiles:
    def rows(self, answer: Any) -> list[list[str]]:
        assert answer.content.startswith("\ufeff".encode()), "spreadsheets know it by that"
        return list(csv.reader(StringIO(answer.content.decode("utf-8-sig"))))

    def test_both_hold_what_is_listed_in_its_order(self, enter: Callable[..., Client], three: list[Filing]) -> None:
        client, asked = enter(), {"sort": "declared", "since": "2021-12-01"}
        text = self.rows(client.get(f"{OVERVIEW}.csv", asked))
        answer = client.get(f"{OVERVIEW}.xlsx", asked)
        book = openpyxl.load_workbook(BytesIO(answer.content))
        assert book.active is not None
        sheet = [[cell.value or "" for cell in row] for row in book.active.iter_rows()]
        assert text == sheet
        assert text[0] == list(HEADS)
        assert [row[0] for row in text[1:]] == [three[1].number, three[2].number]
        assert text[1][1:] == [
            "注册登记申请",
            cast.CARDLESS.name_cn,
            cast.CARDLESS.uscc,
            "自理",
            "审批不通过",
            "2021-12-02 09:00",
            "2021-12-02 09:00",
        ]
        assert "模拟环境" in book.active.oddFooter.center.text
        assert "%E6%A8%A1%E6%8B%9F" in answer["Content-Disposition"], "模拟 stands in its name"

    @pytest.mark.parametrize("evil", ['=HYPERLINK("http://x")', "+1", "-1", "@SUM(1)", "\t=1", "＝1+1", " =1"])
    def test_nothing_in_them_is_a_formula(
        self, enter: Callable[..., Client], draft: Filing, cardless: Visit, evil: str
    ) -> None:
        Enterprise.objects.filter(pk=draft.enterprise_id).update(name_cn=evil)
        client = enter()
        assert self.rows(client.get(f"{FILINGS}.csv"))[1][2] == f"'{evil}"
        book = openpyxl.load_workbook(BytesIO(client.get(f"{FILINGS}.xlsx").content))
        assert book.active is not None
        assert (book.active["C2"].value, book.active["C2"].data_type) == (evil, "s")

    def test_what_a_workbook_cannot_hold_stops_nothing(self, enter: Callable[..., Client], draft: Filing) -> None:
        Enterprise.objects.filter(pk=draft.enterprise_id).update(name_cn="云\x0b帆")
        book = openpyxl.load_workbook(BytesIO(enter().get(f"{OVERVIEW}.xlsx").content))
        assert book.active is not None
        assert book.active["C2"].value == "云帆"


def test_the_statements_stay_few_and_each_finds_its_rows_by_an_index(
    enter: Callable[..., Client], three: list[Filing]
) -> None:
    client = enter("agent")
    for asked in (
        "",
        "?status=draft",
        "?waiting=refused",
        "?waiting=receipts",
        "?since=2021-12-01&sort=since",
        "?number=1",
    ):
        client.get(OVERVIEW + asked)
        with CaptureQueriesContext(connection) as caught:
            client.get(OVERVIEW + asked)
        assert len(caught) <= 5
        if connection.vendor != "sqlite":
            continue
        for query in caught.captured_queries:
            with connection.cursor() as cursor:
                cursor.execute(f"EXPLAIN QUERY PLAN {query['sql']}")
                assert not [row for row in cursor.fetchall() if row[3].startswith("SCAN filings_")], query["sql"]


# ── the home page ─────────────────────────────────────────────────────────────────────────────────────────────────


def waits(client: Client) -> dict[str, str]:
    page = Page(client.get("/"))
    return {one.find("a")["href"].partition("waiting=")[2]: one.find("b").text for one in page.all(".waits li")}


class TestHome:
    def test_it_begins_with_what_waits_and_each_leads_to_just_that(
        self, enter: Callable[..., Client], three: list[Filing], cardless: Visit
    ) -> None:
        client = enter()
        assert waits(client) == {"draft": "1", "undecided": "1", "refused": "0", "receipts": "1"}
        for what, n in waits(client).items():
            assert len(numbers(Page(client.get(OVERVIEW, {"waiting": what})))) == int(n)
        page = Page(client.get("/"))
        assert page.texts("main h2")[:2] == ["待办", "最近的申请单"]
        assert "年报申报" not in page.find("main"), "the menu is not said twice"

    def test_a_refused_one_waits_until_another_is_begun_and_a_receipt_until_it_is_looked_at(
        self, enter: Callable[..., Client], rejected: Filing, cardless: Visit
    ) -> None:
        client = enter()
        assert waits(client) == {"draft": "0", "undecided": "0", "refused": "1", "receipts": "1"}
        assert Page(client.get(OVERVIEW, {"waiting": "receipts"})).link(f"查看回执 {rejected.number}")
        client.get(f"/filings/{rejected.public_id}/receipts")
        assert waits(client)["receipts"] == "0"
        desk.copy(cardless, rejected.public_id)
        assert waits(client) == {"draft": "1", "undecided": "0", "refused": "0", "receipts": "0"}

    @pytest.mark.faq("1.7")
    def test_an_agent_looks_at_receipts_for_itself(self, enter: Callable[..., Client], sandbox: Sandbox) -> None:
        fixtures.filing(sandbox, kind="registration", state="rejected", uscc=cast.CARDLESS.uscc, agent=cast.AGENT.uscc)
        principal, agent = enter(), enter("agent")
        assert waits(principal)["receipts"] == waits(agent)["receipts"] == "1"
        principal.get(Page(principal.get(OVERVIEW, {"waiting": "receipts"})).all("td:last-child a")[0]["href"])
        assert (waits(principal)["receipts"], waits(agent)["receipts"]) == ("0", "1")

    @pytest.mark.faq("2.3")
    def test_a_personal_user_has_nothing_waiting(self, enter: Callable[..., Client]) -> None:
        assert set(waits(enter("personal")).values()) == {"0"}

    def test_practising_is_one_click_away(self, enter: Callable[..., Client]) -> None:
        page = Page(enter().get("/"))
        assert page.find("nav").link("练习") == page.find("main").link("去练习") == "/learn/"
        faq = Page(enter().get("/faq"))
        assert len(faq.all("article")) == len(faq.all('article a[href$="#h-try"]')) == 30
        assert faq.link("去试一试 2.10") == "/faq/2.10#h-try"
