"""Logging in by password or card, logging out, registering an account."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import rotate_token
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from filings import visits
from filings.lab import cast, demo
from filings.models import Sandbox, Visit
from filings.rules.events import Verb
from filings.rules.refusals import Refusal
from filings.rules.words import Medium, Party, UserType
from filings.trail import attempt
from filings.web import cookies
from filings.web.doors import COOKIE, again, kept, leads_back, onward, page
from filings.web.posted import FORM, Posted


@require_http_methods(FORM)
def login(request: HttpRequest) -> HttpResponse:
    """登录. A login is always a new session; the one the browser had before ends. What another page kept goes back to it."""
    given = request.POST if request.method == "POST" else request.GET
    refusal, challenge = None, None
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
            return response
    return page(
        request, "login", status=refusal.wording.status if refusal else 200, challenge=challenge, minutes=int(visits.CHALLENGE_LASTS.total_seconds() // 60),
        refusal=refusal, given=given, medium=given.get("medium", Medium.PASSWORD), media=Medium.choices,
        players=cast.PLAYERS if given.get("sandbox", "") in ("", demo.KEY) else (), password=cast.PASSWORD, pin=cast.PIN,
        kept=fields,
    )  # fmt: skip


@require_POST
def logout(request: HttpRequest) -> HttpResponse:
    """退出."""
    _leave(request)
    response = onward(reverse("login"), "logged_out")
    cookies.drop(response, COOKIE)
    return response


@require_http_methods(FORM)
def register(request: HttpRequest) -> HttpResponse:
    """账户注册: an enterprise registers as 企业用户 (FAQ 2.3)."""
    refusal, given = None, request.POST
    if request.method == "POST":
        try:
            where = visits.sandbox(_typed(request, "sandbox"))
            _register(where, Posted(request))
            return onward(f"{reverse('login')}?sandbox={where.key}", "registered")
        except Refusal as error:
            refusal = error
    return page(
        request, "register", status=refusal.wording.status if refusal else 200, refusal=refusal, user_types=UserType.choices,
        given=given or {"sandbox": request.GET.get("sandbox", ""), "user_type": UserType.ENTERPRISE},
        errors={problem.pointer.strip("/"): problem.detail for problem in refusal.errors} if refusal else {},
    )  # fmt: skip


def _log_in(request: HttpRequest) -> str:
    where = visits.sandbox(_typed(request, "sandbox"))
    if request.POST.get("medium") == Medium.CARD and request.POST.get("proof") == "signature":
        return _log_in_by_signature(request, where)
    if request.POST.get("medium") == Medium.CARD:
        return visits.log_in_by_card(where, _typed(request, "card_no"), request.POST.get("pin", "")).token
    return visits.log_in(where, _typed(request, "username"), request.POST.get("password", "")).token


class _ToBeSigned(Exception):
    """The card is asked to sign a random text before it is let in."""

    def __init__(self, random: str) -> None:
        super().__init__(random)
        self.random = random


def _log_in_by_signature(request: HttpRequest, where: Sandbox) -> str:
    """数字签名: first a random text is asked for, then its signature is judged."""
    number, random, signature = (_typed(request, name) for name in ("card_no", "random", "signature"))
    if not random or request.POST.get("do") == "another":
        raise _ToBeSigned(visits.challenge(where, number).random)
    return visits.log_in_by_signature(where, number, random, signature).token


def _typed(request: HttpRequest, name: str) -> str:
    """A line of text as posted; PostgreSQL cannot be asked for a NUL."""
    return request.POST.get(name, "").replace("\0", "").strip()


def _leave(request: HttpRequest) -> None:
    """End the session the browser holds, if any."""
    try:
        visits.log_out(visits.arrive(request.COOKIES.get(COOKIE, "")))
    except Refusal:
        return


def _register(where: Sandbox, posted: Posted) -> None:
    """What an account itself needs, every error at once; the enterprise is judged by `visits.register`. Lengths are ours."""
    user_type = posted.chosen("user_type", "用户类型必填", UserType.values)
    username = posted.text("username", "用户名", 60, required=True, example="zhang")
    password = posted.secret("password", "密码", 128, shortest=8)
    name = posted.text("display_name", "企业名称或姓名", 100, required=True, example="深圳市云帆演练国际贸易有限公司")
    uscc = posted.code("uscc", "统一社会信用代码")
    posted.expect_sound()
    registering = Visit(sandbox=where, party=Party.APPLICANT, now=where.now())
    attempt(registering, Verb.REGISTER, lambda: visits.register(where, username, password, UserType(user_type), name, uscc))


def _safe(request: HttpRequest, to: str) -> str:
    """An address of this site, or the home page."""
    return to if leads_back(request, to) else reverse("home")
