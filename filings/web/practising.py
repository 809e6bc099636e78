"""去试一试: into an entry's exercise in a sandbox of one's own, what is done at it, and back to where one was."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import rotate_token
from django.urls import reverse
from django.views.decorators.http import require_POST

from filings import control_access, visits
from filings.forms.lab import Advance
from filings.lab.grading import attempts, guests, rows
from filings.lab.worlds import clock, worlds
from filings.manners import cookies
from filings.manners.entering import anybody, enter, leave, log_in
from filings.manners.screens import COOKIE, leads_back, onward
from filings.models import Attempt, Visit
from filings.rules.exercises import loading
from filings.rules.faq import ENTRIES
from filings.rules.refusals import Refusal, absent
from filings.rules.words import Medium
from filings.web.doors import refusal_page, visited
from filings.web.exercise_panel import STEPS

PANEL = "#exercise"
"""Where the panel stands on every page."""


@require_POST
def begin(request: HttpRequest, entry: str) -> HttpResponse:
    """Begin the entry's exercise, come in as its first account, and go to the screen. The session the browser had is
    kept for afterwards."""
    try:
        if entry not in ENTRIES:
            raise absent("常见问题", entry)
        attempt = guests.begin(loading.id_of(entry), control_access.caller(request)).attempt
        return enter(request, attempt, "practice_begun")
    except Refusal as refusal:
        return refusal_page(request, refusal, anybody(request))


@require_POST
@visited
def go_on(request: HttpRequest, visit: Visit) -> HttpResponse:
    """What is done at an exercise: `do` names it, `answer.…` are the answers. Raises 404 where there is none."""
    attempt = attempt_of(visit)
    what, _, which = request.POST.get("do", "").partition(":")
    if what not in _DEEDS:
        raise Refusal("not_found")
    return _DEEDS[what](request, visit, attempt, which)


def attempt_of(visit: Visit) -> Attempt:
    """The attempt in whose world one is. Raises 404."""
    attempt = rows.of(visit.sandbox)
    if attempt is None:
        raise Refusal("not_found")
    attempt.sandbox = visit.sandbox
    return attempt


# ── what is done ──────────────────────────────────────────────────────────────────────────────────────────────────


def _check(request: HttpRequest, visit: Visit, attempt: Attempt, which: str) -> HttpResponse:
    """Check, by the answers that stand in the panel."""
    with visit.held():
        if given := _given(request):
            attempts.answer(attempt, given)
        found = attempts.check(attempt)
    return onward(_back(request) + PANEL, "practice_passed" if found.passed else "practice_checked")


def _answer(request: HttpRequest, visit: Visit, attempt: Attempt, which: str) -> HttpResponse:
    with visit.held():
        attempts.answer(attempt, _given(request))
    return onward(_back(request) + PANEL, "practice_answered")


def _given(request: HttpRequest) -> dict[str, str]:
    """The answers of the panel; what was left empty is none."""
    return {
        name.removeprefix("answer."): str(value)
        for name, value in request.POST.items()
        if name.startswith("answer.") and str(value).strip()
    }


def _hint(request: HttpRequest, visit: Visit, attempt: Attempt, which: str) -> HttpResponse:
    try:
        with visit.held():
            attempts.hint(attempt)
    except Refusal as refusal:
        if refusal.code != "hint_not_yet":
            raise
        return onward(_back(request) + PANEL, "hint_not_yet")
    return onward(_back(request) + PANEL)


def _forward(request: HttpRequest, visit: Visit, attempt: Attempt, which: str) -> HttpResponse:
    """Let time pass: so long, or to a day or a moment."""
    if which in STEPS:
        clock.advance(visit.sandbox, **Advance.read({"by": which}))
    elif which == "to":
        clock.advance(visit.sandbox, **Advance.from_post(request.POST, ("to",)))
    else:
        raise Refusal("not_found")
    return onward(_back(request), "practice_advanced")


def _go_on_as(request: HttpRequest, visit: Visit, attempt: Attempt, which: str) -> HttpResponse:
    """Go on as another account of the exercise, or as the same by another medium: `do=as:clerk-b:card`."""
    username, _, medium = which.partition(":")
    if username not in attempt.accounts or medium not in Medium.values:
        raise Refusal("not_found")
    token = log_in(attempt, username, Medium(medium))
    visits.log_out(visit)
    rotate_token(request)
    response = onward(_back(request), "practice_switched")
    cookies.keep(response, COOKIE, token, visits.LASTS)
    return response


def _end(request: HttpRequest, visit: Visit, attempt: Attempt, which: str) -> HttpResponse:
    """Throw one's own world away, and be who one was. Raises 404 where it is a program's."""
    if not guests.is_one(attempt):
        raise Refusal("not_found")
    entry = attempts.exercise_of(attempt).faq[0]
    worlds.erase(visit.sandbox)
    response = onward(reverse("faq_entry", args=[entry]), "practice_ended")
    leave(request, response)
    return response


_DEEDS: Mapping[str, Callable[[HttpRequest, Visit, Attempt, str], HttpResponse]] = MappingProxyType(
    {
        "check": _check,
        "answer": _answer,
        "hint": _hint,
        "forward": _forward,
        "as": _go_on_as,
        "end": _end,
    }
)


# ── from where to where ───────────────────────────────────────────────────────────────────────────────────────────


def _back(request: HttpRequest) -> str:
    """Where the button was pressed."""
    to = request.POST.get("next", "")
    return to if leads_back(request, to) else reverse("home")
