"""从头再来: a demo of one's own, in one press; the one everybody shares stays for looking."""

from __future__ import annotations

from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import rotate_token
from django.urls import reverse
from django.views.decorators.http import require_POST

from filings import control_access, visits
from filings.lab.worlds import cast, demo, worlds
from filings.manners import cookies
from filings.manners.entering import anybody
from filings.manners.screens import COOKIE, onward
from filings.models import Sandbox, Visit
from filings.rules.refusals import Refusal
from filings.rules.words import Medium
from filings.web.doors import refusal_page

HELD = "sim_demo"
"""Holds the key of one's own demo, so that one finds it again, or is told that it is gone."""

REMEMBERED = timedelta(days=7)


@require_POST
def begin(request: HttpRequest) -> HttpResponse:
    """Make it, in place of the one this browser has, and come in: as who one is in a demo, else as who begins."""
    visit = anybody(request)
    player, medium = _player(visit)
    try:
        if old := held(request):
            worlds.erase(old)
        sandbox = demo.begin_own(control_access.caller(request))
        if medium is Medium.CARD:
            token = visits.log_in_by_card(sandbox, player.card, cast.PIN).token
        else:
            token = visits.log_in(sandbox, player.username, cast.PASSWORD).token
    except Refusal as refusal:
        return refusal_page(request, refusal, visit)
    rotate_token(request)
    response = onward(reverse("home"), "demo_begun")
    cookies.keep(response, COOKIE, token, visits.LASTS)
    cookies.keep(response, HELD, sandbox.key, REMEMBERED)
    return response


def held(request: HttpRequest) -> Sandbox | None:
    """The demo of one's own that this browser has."""
    return demo.own(request.COOKIES.get(HELD, ""))


def gone(request: HttpRequest) -> bool:
    """Whether the one it had has been cleared away."""
    return bool(request.COOKIES.get(HELD)) and held(request) is None


def _player(visit: Visit | None) -> tuple[cast.Player, Medium]:
    first = cast.PLAYERS[0]
    if visit is None or visit.account is None or not demo.whose(visit.sandbox):
        return first, Medium.PASSWORD
    player = next((player for player in cast.PLAYERS if player.role == visit.account.role), first)
    by_card = visit.medium is Medium.CARD and bool(player.card)
    return player, Medium.CARD if by_card else Medium.PASSWORD
