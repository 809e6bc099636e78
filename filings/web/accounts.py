"""Logging in by password or card, logging out, registering an account."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.middleware.csrf import rotate_token
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from filings import visits
from filings.forms.portal import LogIn, Register
from filings.lab.worlds import cast, demo
from filings.manners import cookies
from filings.manners.filling import FORM, Filling
from filings.manners.screens import COOKIE, leads_back, onward
from filings.models import Sandbox, Visit
from filings.record.trail import attempt
from filings.rules.events import Verb
from filings.rules.refusals import Refusal
from filings.rules.words import Medium, Party, UserType
from filings.web import own_demo
from filings.web.doors import again, kept, page


@require_http_methods(FORM)
def login(request: HttpRequest) -> HttpResponse:
    """登录. A login is always a new session; the one the browser had before ends. What another page kept goes back to
    it."""
    given = request.POST if request.method == "POST" else request.GET
    refusal, challenge = None, None
    own = own_demo.held(request)
    key = given.get("sandbox", own.key if own else "")
    fields = kept(request.POST)
    if request.method == "POST" and given.get("do") != "come_back":
        try:
            token = _log_in(request)
        except _ToBeSigned as asked:
            challenge = asked.random
        except Refusal as error:
            refusal, challenge = error, given.get("random", "")
        else:
            _leave(request)
            rotate_token(request)
            response: HttpResponse = onward(_safe(request, given.get("next", "")))
            if fields:
                response = again(request, visits.arrive(token), _safe(request, given.get("again", "")), fields)
            cookies.keep(response, COOKIE, token, visits.LASTS)
            if own_demo.gone(request):
                cookies.drop(response, own_demo.HELD)
            return response
    return page(
        request,
        "login",
        where=_named(given),
        form=Filling(LogIn, given, refusal, sandbox=key),
        challenge=challenge,
        minutes=int(visits.CHALLENGE_LASTS.total_seconds() // 60),
        given=given,
        medium=given.get("medium", Medium.PASSWORD),
        media=Medium.choices,
        begins={"card_no" if given.get("medium") == Medium.CARD else "username": refusal is None},
        players=cast.PLAYERS if key in ("", demo.KEY, own.key if own else demo.KEY) else (),
        own_kept=own is not None and key == own.key,
        own_gone=own_demo.gone(request),
        kept_hours=demo.KEPT_HOURS,
        password=cast.PASSWORD,
        pin=cast.PIN,
        kept=fields,
        elsewhere="sandbox" in given,
    )


@require_POST
def logout(request: HttpRequest) -> HttpResponse:
    """退出. From the world of an exercise one comes to the login of that world."""
    left = _leave(request)
    where = f"?sandbox={left.sandbox.key}" if left and left.sandbox.exercise else ""
    response = onward(reverse("login") + where, "logged_out")
    cookies.drop(response, COOKIE)
    return response


@require_http_methods(FORM)
def register(request: HttpRequest) -> HttpResponse:
    """账户注册: an enterprise registers as 企业用户 (FAQ 2.3)."""
    refusal = None
    if request.method == "POST":
        try:
            wanted = Register.from_post(request.POST)
            where = visits.sandbox(wanted.pop("sandbox", ""))
            registering = Visit(sandbox=where, party=Party.APPLICANT, now=where.now())
            account = {**wanted, "user_type": UserType(wanted["user_type"])}
            attempt(registering, Verb.REGISTER, lambda: visits.register(where, **account))
            return onward(f"{reverse('login')}?sandbox={where.key}", "registered")
        except Refusal as error:
            refusal = error
    given = request.POST or request.GET
    form = Filling(Register, given, refusal, user_type=UserType.ENTERPRISE)
    return page(request, "register", where=_named(given), form=form, elsewhere="sandbox" in given)


def _named(given: QueryDict) -> Sandbox | None:
    """The sandbox that is named on the page, if there is one."""
    key = given.get("sandbox", "").replace("\0", "")
    return visits.sandbox_or_none(key) if key else None


def _log_in(request: HttpRequest) -> str:
    """By what was chosen on the page; what is typed for another way is not looked at."""
    if request.POST.get("medium") != Medium.CARD:
        given, where = _given(request, "username", "password")
        return visits.log_in(where, given["username"], given["password"]).token
    if request.POST.get("proof") != "signature":
        given, where = _given(request, "card_no", "pin")
        return visits.log_in_by_card(where, given["card_no"], given["pin"]).token
    if not request.POST.get("random") or request.POST.get("do") == "another":
        given, where = _given(request, "card_no")
        raise _ToBeSigned(visits.challenge(where, given["card_no"]).random)
    given, where = _given(request, "card_no", "random", "signature")
    return visits.log_in_by_signature(where, given["card_no"], given["random"], given["signature"]).token


def _given(request: HttpRequest, *names: str) -> tuple[dict[str, Any], Sandbox]:
    given = LogIn.from_post(request.POST, ("sandbox", *names))
    return given, visits.sandbox(given.get("sandbox", ""))


class _ToBeSigned(Exception):
    """The card is asked to sign a random text before it is let in."""

    def __init__(self, random: str) -> None:
        super().__init__(random)
        self.random = random


def _leave(request: HttpRequest) -> Visit | None:
    """End the session the browser holds, if any."""
    try:
        left = visits.arrive(request.COOKIES.get(COOKIE, ""))
    except Refusal:
        return None
    visits.log_out(left)
    return left


def _safe(request: HttpRequest, to: str) -> str:
    """An address of this site, or the home page."""
    return to if leads_back(request, to) else reverse("home")
