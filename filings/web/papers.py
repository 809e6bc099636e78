"""材料包 on screen: a made-up client's papers to read, to copy from and to print."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from filings import printing
from filings.lab.grading import attempts
from filings.lab.worlds import cast
from filings.models import Enterprise, Visit
from filings.record import enquiries
from filings.rules.dates import local_date
from filings.rules.papers import Agent, Client, DossierPaper
from filings.rules.refusals import Refusal
from filings.web.doors import page, visited
from filings.web.practising import attempt_of


class Lying(NamedTuple):
    """Papers that lie on the desk: whose they are, and the agent they name."""

    client: Client
    agent: Agent | None

    @property
    def papers(self) -> tuple[DossierPaper, ...]:
        return self.client.documents(self.agent)


@require_safe
@visited
def papers(request: HttpRequest, visit: Visit) -> HttpResponse:
    """材料包 of the exercise in whose world one is, elsewhere of a firm one may file for. 404 where there is none."""
    return dossier_page(request, *_lying(visit), reverse("papers_pdf"), visit)


@require_safe
@visited
def papers_pdf(request: HttpRequest, visit: Visit) -> HttpResponse:
    """The same as a file."""
    return dossier_file(request, *_lying(visit))


def lying_of(visit: Visit, firms: Iterable[Enterprise | None]) -> Lying | None:
    """The papers of the first of some firms of the standard world that has any, before who files for it."""
    own = visit.enterprise
    for firm in firms:
        if own and firm and (client := cast.client(firm.uscc, local_date(visit.now))):
            return Lying(client, None if firm.uscc == own.uscc else Agent(own.name_cn, own.uscc))
    return None


def _lying(visit: Visit) -> Lying:
    if visit.sandbox.exercise:
        return Lying(*attempts.papers(attempt_of(visit)))
    lying = lying_of(visit, (visit.enterprise, *enquiries.principals(visit)))
    if lying is None:
        raise Refusal("not_found", "没有材料包")
    return lying


def dossier_page(
    request: HttpRequest, client: Client, agent: Agent | None, pdf: str, visit: Visit | None = None
) -> HttpResponse:
    """A client's papers, with the letter for the agent; `pdf` is the address of the file."""
    return page(request, "dossier", visit, client=client, papers=client.documents(agent), pdf=pdf)


def dossier_file(request: HttpRequest, client: Client, agent: Agent | None) -> HttpResponse:
    """The file. Raises 400 for a way to have it that there is not."""
    how = printing.disposition(request.GET.get("disposition"))
    return printing.hand_over_papers(client.documents(agent), client.name_cn, how)
