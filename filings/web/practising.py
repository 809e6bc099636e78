"""去试一试: into an entry's situation in a sandbox of one's own, and back to where one was."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import rotate_token
from django.urls import reverse
from django.views.decorators.http import require_POST

from filings import control_access, visits
from filings.lab.grading import practice
from filings.lab.worlds import cast
from filings.models import Visit
from filings.rules.refusals import Refusal
from filings.rules.words import Medium
from filings.web import cookies
from filings.web.doors import COOKIE, anybody, leads_back, onward, refusal_page, visited

BEFORE = "sim_before"
"""Holds the token of the session one practises away from."""


@require_POST
def begin(request: HttpRequest, entry: str) -> HttpResponse:
    """Make the sandbox, come in as who fits, and go to the screen. The session the browser had is kept for
    afterwards."""
    visit = anybody(request)
    try:
        begun = practice.begin(entry, control_access.caller(request))
        token = _log_in(begun)
    except Refusal as refusal:
        return refusal_page(request, refusal, visit)
    rotate_token(request)
    response = onward(_address(begun), "practice_begun")
    if visit and practice.tried_in(visit.sandbox) is None:
        cookies.keep(response, BEFORE, request.COOKIES[COOKIE], visits.LASTS)
    elif visit is None:
        cookies.drop(response, BEFORE)
    cookies.keep(response, COOKIE, token, visits.LASTS)
    return response


@require_POST
@visited
def go_on(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Let time pass in one's practice (`do` names how much), or end it."""
    step = request.POST.get("do", "")
    if step != "end":
        practice.advance(visit.sandbox, step)
        return onward(_back(request), "practice_advanced")
    tried = practice.tried_in(visit.sandbox)
    practice.end(visit.sandbox)
    response = onward(reverse("faq_entry", args=[tried.entry]) if tried else reverse("faq"), "practice_ended")
    if before := request.COOKIES.get(BEFORE):
        cookies.keep(response, COOKIE, before, visits.LASTS)
    else:
        cookies.drop(response, COOKIE)
    cookies.drop(response, BEFORE)
    return response


def _log_in(begun: practice.Begun) -> str:
    if begun.exercise.medium is Medium.CARD:
        return visits.log_in_by_card(begun.sandbox, begun.player.card, cast.PIN).token
    return visits.log_in(begun.sandbox, begun.player.username, cast.PASSWORD).token


def _address(begun: practice.Begun) -> str:
    screen = begun.exercise.screen
    address = reverse(screen.name, args=[begun.filing] if screen.of_filing else [])
    return address + (f"?{screen.query}" if screen.query else "") + (f"#{screen.tab}" if screen.tab else "")


def _back(request: HttpRequest) -> str:
    """Where the button was pressed."""
    to = request.POST.get("next", "")
    return to if leads_back(request, to) else reverse("home")
