"""材料包 on screen: a made-up client's papers to read, to copy from and to print."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from filings import printing
from filings.lab.grading import attempts
from filings.models import Visit
from filings.rules.papers import Agent, Client
from filings.web.doors import page, visited
from filings.web.practising import attempt_of


@require_safe
@visited
def papers(request: HttpRequest, visit: Visit) -> HttpResponse:
    """材料包 of the exercise in whose world one is. 404 where there is none."""
    client, agent = attempts.papers(attempt_of(visit))
    return dossier_page(request, client, agent, reverse("papers_pdf"), visit)


@require_safe
@visited
def papers_pdf(request: HttpRequest, visit: Visit) -> HttpResponse:
    """The same as a file."""
    return dossier_file(request, *attempts.papers(attempt_of(visit)))


def dossier_page(
    request: HttpRequest, client: Client, agent: Agent | None, pdf: str, visit: Visit | None = None
) -> HttpResponse:
    """A client's papers, with the letter for the agent; `pdf` is the address of the file."""
    return page(request, "dossier", visit, client=client, papers=client.documents(agent), pdf=pdf)


def dossier_file(request: HttpRequest, client: Client, agent: Agent | None) -> HttpResponse:
    """The file. Raises 400 for a way to have it that there is not."""
    how = printing.disposition(request.GET.get("disposition"))
    return printing.hand_over_papers(client.documents(agent), client.name_cn, how)
