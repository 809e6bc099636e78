"""Into the world of an exercise as its first account, and back to who one was."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import rotate_token
from django.urls import reverse

from filings import visits
from filings.lab.grading import attempts, rows
from filings.manners import cookies
from filings.manners.screens import COOKIE, onward
from filings.models import Attempt, Visit
from filings.rules.refusals import Refusal
from filings.rules.words import Medium

BEFORE = "sim_before"
"""Holds the token of the session one practises away from."""


def enter(request: HttpRequest, attempt: Attempt, saying: str) -> HttpResponse:
    """Come in as the first account of an attempt, where its exercise begins. The session the browser had is kept for
    afterwards, unless that was in a world of this kind too. Raises 401 where its card does not do."""
    before = anybody(request)
    token = log_in(attempt, attempt.accounts[0], attempts.exercise_of(attempt).world.medium)
    rotate_token(request)
    response = onward(screen(attempt), saying)
    if before is None:
        cookies.drop(response, BEFORE)
    elif not _practises(before):
        cookies.keep(response, BEFORE, request.COOKIES[COOKIE], visits.LASTS)
    cookies.keep(response, COOKIE, token, visits.LASTS)
    return response


def leave(request: HttpRequest, response: HttpResponse) -> None:
    """Be who one was before."""
    if before := request.COOKIES.get(BEFORE):
        cookies.keep(response, COOKIE, before, visits.LASTS)
    else:
        cookies.drop(response, COOKIE)
    cookies.drop(response, BEFORE)


def anybody(request: HttpRequest) -> Visit | None:
    """Who comes to a page that is open to everybody, if they are logged in at the portal."""
    token = request.COOKIES.get(COOKIE)
    try:
        return visits.arrive_on_screen(token) if token else None
    except Refusal:
        return None


def log_in(attempt: Attempt, username: str, medium: Medium) -> str:
    """A new login of one of an attempt's accounts. Raises 404, and 401 where its card does not do."""
    assert attempt.sandbox is not None
    return visits.log_in_as(attempt.sandbox, username, medium).token


def screen(attempt: Attempt) -> str:
    """Where an exercise begins."""
    case = attempts.case_of(attempt)
    begins = case.exercise.screen
    address = reverse(begins.page, args=[case.filled(begins.filing)] if begins.filing else [])
    query = case.filled(begins.query)
    return address + (f"?{query}" if query else "") + (f"#{begins.tab}" if begins.tab else "")


def _practises(visit: Visit) -> bool:
    """Whether one is in an exercise that one began oneself: to come back to it is to begin it, or to go on."""
    attempt = rows.of(visit.sandbox)
    return attempt is not None and bool(attempt.learner)
