"""A client's papers on a page: every paper an article of its own, whole, escaped, marked as made up."""

from __future__ import annotations

import json
from datetime import date

import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from filings.answers.papers import differences, dossier
from filings.lab.worlds import cast
from filings.manners import wire
from filings.rules.papers import Agent, Trap, client
from filings.rules.papers import differences as found_in
from filings.rules.refusals import Refusal
from filings.web.papers import dossier_file, dossier_page
from tests.web.pages import Page

AGENT = Agent(cast.AGENT.name_cn, cast.AGENT.uscc)
ABOUT = client(9, date(2021, 12, 1), Trap)


def opened() -> HttpResponse:
    return dossier_page(RequestFactory().get("/"), ABOUT, AGENT, "/dossier.pdf")


def test_each_paper_is_an_article_under_its_title_with_all_it_prints() -> None:
    page = Page(opened())
    told = ABOUT.documents(AGENT)
    assert page.texts("h1") == [f"材料包 {ABOUT.name_cn}"]
    assert page.texts("article.paper h2") == [paper.title for paper in told]
    assert page.texts("article.paper dt") == [field.label for paper in told for field in paper.fields]
    assert page.texts("article.paper dd") == [field.value for paper in told for field in paper.fields]


def test_the_list_at_the_head_leads_to_each() -> None:
    page = Page(opened())
    links = [link["href"] for link in page.all(".leads a")]
    assert links == [f"#{article['id']}" for article in page.all("article.paper")]
    assert page.texts(".leads a") == [paper.title for paper in ABOUT.documents(AGENT)]


def test_every_paper_is_marked_and_the_file_is_to_be_had() -> None:
    page = Page(opened())
    assert page.texts("article.paper .specimen") == ["模拟样张"] * len(ABOUT.documents(AGENT))
    assert [link["href"] for link in page.all(".lead a")] == [
        "/dossier.pdf?disposition=attachment",
        "/dossier.pdf?disposition=inline",
    ]


def test_the_file_is_shown_or_kept_and_nothing_else() -> None:
    asked = RequestFactory().get("/", {"disposition": "attachment"})
    assert dossier_file(asked, ABOUT, AGENT)["Content-Disposition"].startswith("attachment")
    assert dossier_file(RequestFactory().get("/"), ABOUT, AGENT).content.startswith(b"%PDF-")
    with pytest.raises(Refusal, match="disposition"):
        dossier_file(RequestFactory().get("/", {"disposition": "elsewhere"}), ABOUT, AGENT)


def test_programs_are_told_what_the_papers_print_and_nothing_of_what_it_settles() -> None:
    told = json.loads(wire.json_response(dossier(ABOUT.documents(AGENT))).content)
    assert told == {
        "documents": [
            {
                "kind": paper.kind.value,
                "title": paper.title,
                "fields": [{"label": field.label, "value": field.value} for field in paper.fields],
            }
            for paper in ABOUT.documents(AGENT)
        ]
    }


def test_programs_are_told_what_differs() -> None:
    found = found_in(ABOUT.content() | {"industry": "0001"}, ABOUT)
    assert json.loads(wire.json_response(differences(found)).content) == [
        {
            "pointer": "/content/industry",
            "label": "行业种类",
            "yours": "0001",
            "document": f"{ABOUT.trade.industry} {ABOUT.trade.industry_name}",
            "where": "企业信息及联系人登记表“行业种类（GB/T 4754）”",
        }
    ]
