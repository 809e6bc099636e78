"""讲师台: sandboxes, their clocks, scenarios and situations, for a person.

What the control plane does by API (CONTRACT §3) is done here by buttons. Each act tells the call that does the same, so
that a trainer's click can become a tester's script.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods
from rest_framework.exceptions import ValidationError

from filings import control_access, desk, visits
from filings.lab import cast, clock, demo, explaining, situations, worlds
from filings.lab.situations import Situation
from filings.manners.bodies import Instant
from filings.models import Sandbox, Visit
from filings.rules import scenarios
from filings.rules.appraisal import Problem
from filings.rules.dates import rfc3339
from filings.rules.numbers import fold
from filings.rules.refusals import Refusal, invalid
from filings.rules.words import ClockMode, Medium, Status
from filings.trail import attempt
from filings.web.backstage import (
    ON_A_PAGE,
    RECENT,
    VERBS,
    behind_the_counter,
    coming,
    counter_page,
    curl,
    errors_of,
    happened,
    holds_all,
    key_held,
    last_seq,
    officer_visit,
    picked,
    picker,
    reachable,
    rows_of,
    scenario_words,
    words_of,
)
from filings.web.doors import onward

WIPING = ("standard", "empty")
"""Situations that begin a sandbox's world anew."""

STEPS: Mapping[str, tuple[str, str, Any]] = {
    "PT1M": ("快进 1 分钟", "by", timedelta(minutes=1)),
    "PT10M": ("10 分钟", "by", timedelta(minutes=10)),
    "PT1H": ("1 小时", "by", timedelta(hours=1)),
    "P1D": ("1 天", "by", timedelta(days=1)),
    "next_event": ("到下一事件", "until", "next_event"),
    "idle": ("到空闲", "until", "idle"),
}
"""How far the clock may be advanced by a button: its words, and the argument of `clock.advance`."""


def _calls(request: HttpRequest, sandbox: Sandbox) -> dict[str, str]:
    at = f"/sandboxes/{sandbox.key}"
    advances = [curl(request, "POST", f"{at}/clock/advance", {key: name}) for name, (_, key, _) in STEPS.items()]
    return {
        "advance": "\n".join(advances),
        "clock": curl(request, "PUT", f"{at}/clock", {"mode": sandbox.clock_mode, "now": rfc3339(sandbox.now())}),
        "scenario": curl(request, "PUT", f"{at}/scenario", {"scenario": sandbox.scenario}),
        "situation": curl(request, "POST", f"{at}/situation", {"situation": USUAL}),
        "reset": curl(request, "POST", f"{at}/reset"),
        "delete": curl(request, "DELETE", at),
        "pin": curl(request, "PATCH", at, {"pinned": not sandbox.pinned}),
        "read": curl(request, "GET", at),
        "filings": curl(request, "GET", f"{at}/filings"),
    }


USUAL = next(one.name for one in situations.SITUATIONS.values() if one.about)
"""The situation the chooser opens with: the first that wipes nothing."""

# ── the sandboxes ─────────────────────────────────────────────────────────────────────────────────────────────────


@require_http_methods(["GET", "POST"])
@behind_the_counter
def sandboxes(request: HttpRequest) -> HttpResponse:
    """Every sandbox one may enter, and a new one."""
    refusal = None
    if request.method == "POST":
        try:
            return _create(request)
        except Refusal as error:
            refusal = error
    asked = request.GET.get("q", "").replace("\0", "").strip()
    rows = reachable(request)
    if asked:
        rows = rows.filter(Q(name__icontains=asked) | Q(key__icontains=asked))
    pages = Paginator(rows, ON_A_PAGE).get_page(request.GET.get("page"))
    given = request.POST if refusal else None
    return counter_page(
        request, "trainer/sandboxes", status=refusal.wording.status if refusal else 200, refusal=refusal, given=given, asked=asked,
        rows=[_summary(one) for one in pages], pages=pages, whole=holds_all(request), errors=errors_of(refusal),
        keep=urlencode({"q": asked}) + "&" if asked else "", situations=_situations(),
        picker=picker(scenarios.DEFAULT, given), clock_modes=ClockMode.choices,
        curl=curl(request, "POST", "/sandboxes", {"situation": "standard", "scenario": scenarios.DEFAULT, "clock": {"mode": "frozen"}}),
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@behind_the_counter
def one_sandbox(request: HttpRequest, sandbox: Sandbox) -> HttpResponse:
    """A sandbox with everything a trainer turns: clock, scenario, situation; and how it stands."""
    refusal = None
    if request.method == "POST":
        verb, _, what = request.POST.get("do", "").partition(":")
        if verb not in _DEEDS:
            raise Refusal("not_found")
        before = last_seq(sandbox)
        try:
            saying = attempt(officer_visit(sandbox), verb, lambda: _DEEDS[verb](request, sandbox, what))
        except Refusal as error:
            refusal = error
            sandbox = visits.sandbox(sandbox.key)
        else:
            told = {"after": before, "did": request.POST["do"]} if verb in _TELLING else {}
            return onward(reverse("trainer_sandbox", args=[sandbox.key]) + (f"?{urlencode(told)}" if told else ""), saying)
    given = request.POST if refusal else None
    after = request.GET.get("after", "")
    fired = happened(sandbox, after=int(after), last=200) if after.isdecimal() and len(after) < 10 else None
    filings = explaining.seen_by_customs(sandbox).select_related("enterprise").order_by("-serial")
    return counter_page(
        request, "trainer/sandbox", sandbox, status=refusal.wording.status if refusal else 200, refusal=refusal, given=given,
        errors=errors_of(refusal), did=request.GET.get("did", ""), fired=fired, recent=happened(sandbox, last=RECENT)[::-1],
        coming=coming(sandbox), steps=[(name, words) for name, (words, _, _) in STEPS.items()], clock_modes=ClockMode.choices,
        picker=picker(sandbox.scenario, given), scenario=scenario_words(sandbox.scenario), situations=_situations(), usual=USUAL,
        enterprises=worlds.enterprises(sandbox), accounts=_accounts(sandbox),
        filings=rows_of(sandbox, filings[:RECENT]), count=filings.count(), situation=_situation_title(sandbox),
        calls=_calls(request, sandbox), reset_words=_RESET, erase_words=_ERASE, wiping=" ".join(WIPING),
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@behind_the_counter
def reset(request: HttpRequest, sandbox: Sandbox) -> HttpResponse:
    """重置, after asking."""
    if request.method == "GET":
        return counter_page(request, "trainer/ask", sandbox, deed="reset", words=_RESET, curl=_calls(request, sandbox)["reset"])
    worlds.reset(sandbox)
    return onward(reverse("trainer_sandbox", args=[sandbox.key]), "reset")


@require_http_methods(["GET", "POST"])
@behind_the_counter
def erase(request: HttpRequest, sandbox: Sandbox) -> HttpResponse:
    """删除, after asking; the demo sandbox stays, for everybody starts there."""
    if sandbox.key == demo.KEY:
        return onward(reverse("trainer_sandbox", args=[sandbox.key]), "demo_stays")
    if request.method == "GET":
        return counter_page(request, "trainer/ask", sandbox, deed="delete", words=_ERASE, curl=_calls(request, sandbox)["delete"])
    worlds.erase(sandbox)
    return onward(reverse("trainer"), "erased")


@require_http_methods(["GET", "POST"])
@behind_the_counter
def one_filing(request: HttpRequest, sandbox: Sandbox, filing: str) -> HttpResponse:
    """Why a filing is where it is, what will move it, and the scenario pinned to it."""
    visit, refusal = officer_visit(sandbox), None
    found = desk.find(visit, filing)
    if request.method == "POST":
        verb = request.POST.get("do", "")
        if verb not in _FILING_DEEDS:
            raise Refusal("not_found")
        try:
            saying = attempt(visit, f"{verb} {filing}", lambda: _FILING_DEEDS[verb](request, visit, filing))
            return onward(reverse("trainer_filing", args=[sandbox.key, filing]), saying)
        except Refusal as error:
            refusal = error
    at = f"/sandboxes/{sandbox.key}/filings/{filing}"
    chosen = found.pinned_scenario or found.scenario or sandbox.scenario
    return counter_page(
        request, "trainer/filing", sandbox, status=refusal.wording.status if refusal else 200, refusal=refusal, filing=found,
        told=explaining.explain(sandbox, found), row=rows_of(sandbox, [found])[0], trail=happened(sandbox, filing=filing),
        picker=picker(chosen, request.POST if refusal else None), open=found.status not in (Status.APPROVED, Status.REJECTED),
        may=[VERBS[verb] for verb in desk.authorities_may(found)],
        pinned=scenario_words(found.pinned_scenario), default=scenario_words(sandbox.scenario),
        calls={
            "explain": curl(request, "GET", f"{at}/explain"),
            "pin": curl(request, "PUT", f"{at}/scenario", {"scenario": chosen}),
            "hold": curl(request, "POST", f"{at}/actions/{'release' if found.held else 'hold'}"),
        },
    )  # fmt: skip


def _create(request: HttpRequest) -> HttpResponse:
    """Make a sandbox; its control key is told on this page and never again."""
    control_access.admit(request, None, key_held(request))
    mode, moment, rate = _clock_given(request)
    opened = attempt(
        None,
        "create",
        lambda: worlds.create(
            name=words_of(request, "name", "名称", 100), situation=request.POST.get("situation", "standard"), mode=mode, now=moment,
            rate=rate or 1.0, scenario=picked(request), pinned="pinned" in request.POST,
        ),
    )  # fmt: skip
    sandbox = opened.sandbox
    return counter_page(
        request, "trainer/created", sandbox, status=201, control_key=opened.control_key, accounts=_accounts(sandbox),
        calls=_calls(request, sandbox),
    )  # fmt: skip


def _summary(sandbox: Sandbox) -> dict[str, Any]:
    filings = explaining.seen_by_customs(sandbox)
    return {
        "sandbox": sandbox,
        "situation": _situation_title(sandbox),
        "scenario": scenario_words(sandbox.scenario),
        "clock": ClockMode(sandbox.clock_mode).label,
        "now": sandbox.now(),
        "filings": filings.count(),
        "undecided": filings.exclude(status__in=(Status.DRAFT, Status.APPROVED, Status.REJECTED)).count(),
    }


def _situations() -> list[tuple[str, list[Situation]]]:
    """The catalogue by FAQ entry; the whole worlds, and what no entry tells of, each under a heading of their own."""
    groups: dict[str, list[Situation]] = {}
    for one in situations.SITUATIONS.values():
        heading = f"常见问题 {one.faq}" if one.faq else "整体场面" if one.about is None else "公开资料"
        groups.setdefault(heading, []).append(one)
    return list(groups.items())


def _situation_title(sandbox: Sandbox) -> str:
    situation = situations.SITUATIONS.get(sandbox.situation)
    return situation.title if situation else sandbox.situation


def _accounts(sandbox: Sandbox) -> list[dict[str, Any]]:
    """The accounts of the opening world, each with its way to the login, filled in as far as an address may be: no secret."""
    notes = {player.role: player.note for player in cast.PLAYERS}
    firms = {one["uscc"]: one["name_cn"] for one in worlds.enterprises(sandbox)}
    rows = []
    for told in worlds.tokens(sandbox):
        by_password = {"sandbox": sandbox.key, "username": told["username"]}
        by_card = {"sandbox": sandbox.key, "medium": Medium.CARD.value, "card_no": told["card_no"]} if "card_no" in told else None
        rows.append(
            {
                "role": told["role"],
                "note": notes.get(told["role"], ""),
                "username": told["username"],
                "password": told["password"],
                "card_no": told.get("card_no", ""),
                "pin": told.get("pin", ""),
                "enterprise": firms.get(told["uscc"], ""),
                "uscc": told["uscc"] or "",
                "by_password": f"{reverse('login')}?{urlencode(by_password)}",
                "by_card": f"{reverse('login')}?{urlencode(by_card)}" if by_card else "",
            }
        )
    return rows


def _clock_given(request: HttpRequest) -> tuple[str, datetime | None, float | None]:
    """The clock as typed. Raises 422 with every error at once."""
    given, problems = request.POST, []
    mode, typed, rate = given.get("mode", ""), fold(given.get("now", "")).strip(), None
    if mode not in ClockMode.values:
        problems.append(Problem("/mode", "required", "请选择时钟方式"))
    moment = None
    if typed:
        try:
            moment = Instant().run_validation(typed.replace(" ", "T", 1))
        except ValidationError:
            problems.append(Problem("/now", "invalid", "时刻应写作 2021-12-01 09:00，在 1990 年至 2200 年之间"))
    if mode == ClockMode.SCALED:
        try:
            rate = float(fold(given.get("rate", "")).strip())
        except ValueError:
            rate = math.nan
        if not 0 < rate <= 100_000:
            problems.append(Problem("/rate", "invalid", "倍速应大于 0，不超过 100000"))
    if problems:
        raise invalid(problems)
    return mode, moment, rate


def _advance(request: HttpRequest, sandbox: Sandbox, what: str) -> str:
    if what not in STEPS:
        raise Refusal("not_found")
    _, name, value = STEPS[what]
    clock.advance(sandbox, **{name: value})
    return "advanced"


def _set_clock(request: HttpRequest, sandbox: Sandbox, what: str) -> str:
    mode, moment, rate = _clock_given(request)
    clock.set_clock(sandbox, mode, moment, rate)
    return "clock_set"


def _set_scenario(request: HttpRequest, sandbox: Sandbox, what: str) -> str:
    worlds.answer_by(sandbox, picked(request))
    return "scenario_set"


def _enter(request: HttpRequest, sandbox: Sandbox, what: str) -> str:
    name = request.POST.get("situation", "")
    if name in WIPING and "sure" not in request.POST:
        raise invalid([Problem("/sure", "required", "请确认清除本沙箱现有的数据")])
    worlds.enter(sandbox, name, fold(words_of(request, "uscc", "统一社会信用代码", 40)).upper())
    return "entered"


def _pin(request: HttpRequest, sandbox: Sandbox, what: str) -> str:
    worlds.keep(sandbox, pinned=what == "yes")
    return "pinned" if what == "yes" else "unpinned"


_DEEDS: dict[str, Callable[[HttpRequest, Sandbox, str], str]] = {
    "advance": _advance,
    "clock": _set_clock,
    "scenario": _set_scenario,
    "situation": _enter,
    "pin": _pin,
}
"""What the buttons of a sandbox's page do; each answers its saying."""

_TELLING = frozenset({"advance", "clock"})
"""Deeds after which the page tells what happened by them."""


def _pin_scenario(request: HttpRequest, visit: Visit, filing: str) -> str:
    desk.answer_by(visit, filing, picked(request), "pinned")
    return "scenario_pinned"


def _hold(request: HttpRequest, visit: Visit, filing: str) -> str:
    desk.hold(visit, filing, True)
    return "held"


def _release(request: HttpRequest, visit: Visit, filing: str) -> str:
    desk.hold(visit, filing, False)
    return "released"


_FILING_DEEDS: dict[str, Callable[[HttpRequest, Visit, str], str]] = {
    "scenario": _pin_scenario,
    "hold": _hold,
    "release": _release,
}

_RESET = "沙箱回到新建时的样子：申请单、回执、联系记录全部清除，时钟和缺省情景复原；账户和接口令牌不变。"
_ERASE = "沙箱连同其中的企业、账户、申请单全部删除，不能恢复。"
