"""A client's papers on a page: every paper an article of its own, whole, escaped, marked as made up."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date

import pytest
from django.http import HttpResponse
from django.test import Client, RequestFactory

from filings import desk
from filings.answers.papers import differences, dossier
from filings.lab.worlds import cast
from filings.manners import wire
from filings.models import Filing, Mandate, Sandbox, Visit
from filings.rules.dates import local_date
from filings.rules.papers import Agent, Trap, client
from filings.rules.papers import differences as found_in
from filings.rules.refusals import Refusal
from filings.rules.words import Mode
from filings.web.papers import dossier_file, dossier_page
from tests.factories import FilingFactory
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


# ── of the standard world ─────────────────────────────────────────────────────────────────────────────────────────

NEW = "/filings/new?kind=registration"
FOR_IT = f"{NEW}&filing_mode=agent&principal={cast.CARDLESS.uscc}"


@pytest.fixture
def lying(sandbox: Sandbox) -> list[str]:
    """All that the papers of `cardless` print today."""
    about = cast.client(cast.CARDLESS.uscc, local_date(sandbox.now()))
    assert about
    return [field.value for paper in about.documents() for field in paper.fields]


@pytest.mark.django_db
def test_they_lie_beside_the_registration_of_whom_they_are_of(
    enter: Callable[..., Client], lying: list[str], draft: Filing
) -> None:
    client = enter("cardless")
    for address in (NEW, f"/filings/{draft.public_id}"):
        beside = Page(client.get(address)).find("#papers:not([hidden])")
        assert beside.texts("dd") == lying
        assert set(beside.texts(".specimen")) == {"模拟样张"}
        alone = beside.link("单独打开")
        assert Page(client.get(alone)).texts("article.paper dd") == lying
        assert client.get(beside.link("打开 PDF")).content.startswith(b"%PDF-")


@pytest.mark.django_db
def test_before_an_agent_they_lie_once_it_has_chosen_whom_it_files_for(
    enter: Callable[..., Client], lying: list[str], visit: Callable[..., Visit]
) -> None:
    client = enter("agent")
    assert Page(client.get(NEW)).has("#papers[hidden]")
    beside = Page(client.get(FOR_IT)).find("#papers:not([hidden])")
    assert beside.texts("dd")[: len(lying)] == lying
    assert cast.AGENT.name_cn in beside.find(".p-mandate")
    assert cast.AGENT.name_cn in Page(client.get("/papers"))
    asked = {"kind": "registration", "investors": "", "declarants": ""}
    chosen = asked | {"filing_mode": "agent", "principal": cast.CARDLESS.uscc}
    assert [client.post("/filings/state", what).json()["papers"] for what in (asked, chosen)] == [False, True]
    draft = desk.open_filing(visit("agent"), "registration", {}, mode=Mode.AGENT, principal=cast.CARDLESS.uscc)
    assert Page(client.get(f"/filings/{draft.public_id}")).has("#papers:not([hidden])")
    Mandate.objects.update(revoked_at=draft.created_at)
    assert not Page(client.get(f"/filings/{draft.public_id}")).has("#papers")
    assert client.get("/papers").status_code == 404


@pytest.mark.django_db
def test_nobody_else_has_any_and_no_other_sheet(enter: Callable[..., Client]) -> None:
    for role, medium in (("card", "card_token"), ("category:10000000", "card_token"), ("personal", "token")):
        client = enter(role, medium)
        for address in (NEW, "/filings/new?kind=change", "/"):
            assert not Page(client.get(address)).has('#papers, a[href="/papers"]'), (role, address)
        assert client.get("/papers").status_code == 404
        assert client.get("/papers.pdf").status_code == 404
    assert not Page(enter("agent", "card_token").get("/filings/new?kind=change")).has("#papers")


@pytest.mark.django_db
def test_the_home_page_leads_to_them_until_the_firm_is_registered(
    enter: Callable[..., Client], visit: Callable[..., Visit]
) -> None:
    for role, to in (("cardless", NEW), ("agent", FOR_IT)):
        page = Page(enter(role).get("/"))
        assert (page.link("照材料包填"), page.link("查看材料包")) == (to, "/papers")
    FilingFactory(visit=visit("cardless"), status="approved")
    assert "照材料包填" not in Page(enter("cardless").get("/"))
