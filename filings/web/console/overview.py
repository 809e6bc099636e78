"""A sandbox's page: its clock, its scenarios, its situation, how it stands."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from filings.lab import cast, clock, delivering, explaining, logins, queueing, situations, worlds
from filings.lab.situations import Situation
from filings.models import QueuedScenario, Sandbox, wall
from filings.rules.appraisal import Problem
from filings.rules.dates import rfc3339
from filings.rules.events import EventName
from filings.rules.kinds import KINDS
from filings.rules.numbers import whole
from filings.rules.refusals import Refusal, absent, invalid
from filings.rules.words import ClockMode, Medium
from filings.web.backstage import behind_the_counter, curl, inside
from filings.web.console.choosing import SCENARIOS, picked, picker
from filings.web.console.deeds import Deed, do
from filings.web.console.framing import STEPS, console_page
from filings.web.doors import onward
from filings.web.posted import FORM, Posted
from filings.web.telling import RECENT, coming, happened, last_seq, rows_of, scenario_words, set_aside

RESETTING = (
    "沙箱回到新建时的样子：申请单、回执、联系记录全部清除，时钟和缺省情景复原；账户和接口令牌、检查点、通知的接收地址不变。"
)
ERASING = "沙箱连同其中的企业、账户、申请单、检查点全部删除，不能恢复。"

USUAL = next(one.name for one in situations.SITUATIONS.values() if one.about)
"""The situation the chooser opens with: the first that wipes nothing."""


@require_http_methods(FORM)
@behind_the_counter
def overview(request: HttpRequest, sandbox: Sandbox) -> HttpResponse:
    """A sandbox with what is turned here: clock, scenarios, situation; and how it stands."""
    refusal = None
    if request.method == "POST":
        outcome = _act(request, sandbox)
        if isinstance(outcome, HttpResponse):
            return outcome
        refusal = outcome
    given = request.POST if refusal else None
    after = whole(request.GET.get("after", ""))
    since = happened(sandbox, after=after, last=200) if after is not None else None
    fired = None if since is None else [one for one in since if one.name != EventName.CLOCK_ADVANCED]
    filings = explaining.seen_by_customs(sandbox).select_related("enterprise").order_by("-serial")
    queuing = given if given and given.get("do") == "queue" else None
    return console_page(
        request, "overview", sandbox, refusal, did=request.GET.get("did", ""), fired=fired, recent=happened(sandbox, last=RECENT)[::-1],
        coming=coming(sandbox), aside=set_aside(sandbox), clock_modes=ClockMode.choices,
        picker=picker(SCENARIOS, sandbox.scenario, None if queuing else given), queue_picker=picker(SCENARIOS, "reject", queuing),
        queuing=queuing, queue=[(one, scenario_words(one.scenario), _for_whom(one)) for one in queueing.waiting(sandbox)], kinds=KINDS.values(),
        scenario=scenario_words(sandbox.scenario), situations=situation_groups(), usual=USUAL,
        enterprises=worlds.enterprises(sandbox), accounts=accounts_of(sandbox),
        filings=rows_of(sandbox, filings[:RECENT]), count=filings.count(), situation=situation_title(sandbox),
        calls=_calls(request, sandbox), wiping=" ".join(worlds.WHOLE), resetting=RESETTING, erasing=ERASING,
    )  # fmt: skip


def _for_whom(queued: QueuedScenario) -> str:
    """Which declarations a queued scenario is for, in words; "" for any."""
    return "，".join(filter(None, (KINDS[queued.kind].label if queued.kind in KINDS else queued.kind, queued.uscc)))


def _act(request: HttpRequest, sandbox: Sandbox) -> HttpResponse | Refusal:
    """Do what was pressed; after the clock was moved, tell what happened by that and make the deliveries that are due."""
    pressed, before, began = request.POST.get("do", ""), last_seq(sandbox), wall()
    page = reverse("console_sandbox", args=[sandbox.key])
    outcome = do(request, sandbox, _DEEDS, page, in_turns=_TELLING)
    if isinstance(outcome, Refusal) or pressed.partition(":")[0] not in _TELLING:
        return outcome
    sandbox.read_anew()
    delivering.deliver(sandbox, began)
    back = request.POST.get("next", "")
    told = {"after": before, "did": pressed[:40]}
    return onward(back if inside(request, back) else f"{page}?{urlencode(told)}", "advanced")


def situation_groups() -> list[tuple[str, list[Situation]]]:
    """The catalogue by FAQ entry; the whole worlds, and what no entry tells of, each under a heading of their own."""
    groups: dict[str, list[Situation]] = {}
    for one in situations.SITUATIONS.values():
        heading = f"常见问题 {one.faq}" if one.faq else "整体场面" if one.about is None else "公开资料"
        groups.setdefault(heading, []).append(one)
    return list(groups.items())


def situation_title(sandbox: Sandbox) -> str:
    """The situation a sandbox was opened in."""
    situation = situations.SITUATIONS.get(sandbox.situation)
    return situation.title if situation else sandbox.situation


def accounts_of(sandbox: Sandbox) -> list[dict[str, Any]]:
    """The accounts of the opening world, each with its way to the login, filled in as far as an address may be: no secret."""
    notes = {player.role: player.note for player in cast.PLAYERS}
    firms = {one.uscc: one.name_cn for one in worlds.enterprises(sandbox)}
    rows = []
    for told in worlds.tokens(sandbox):
        by_password = {"sandbox": sandbox.key, "username": told.username}
        by_card = {"sandbox": sandbox.key, "medium": Medium.CARD.value, "card_no": told.card_no} if told.card_no else None
        rows.append(
            {
                "role": told.role,
                "note": notes.get(told.role, ""),
                "username": told.username,
                "password": told.password,
                "card_no": told.card_no or "",
                "pin": told.pin or "",
                "enterprise": firms.get(told.uscc or "", ""),
                "uscc": told.uscc or "",
                "by_password": f"{reverse('login')}?{urlencode(by_password)}",
                "by_card": f"{reverse('login')}?{urlencode(by_card)}" if by_card else "",
            }
        )
    return rows


def clock_given(posted: Posted) -> tuple[str, datetime | None, float | None]:
    """A clock as typed: how it runs, where it stands, how fast."""
    mode = posted.text("mode", "时钟方式", 20)
    if mode not in ClockMode.values:
        posted.wrong("mode", "required", "请选择时钟方式")
    moment, rate = posted.moment("now", "时刻"), None
    if mode == ClockMode.SCALED:
        rate = posted.real("rate", "倍速", 100_000)
        if rate is None:
            posted.wrong("rate", "required", "请填写倍速")
    return mode, moment, rate


def _advance(request: HttpRequest, sandbox: Sandbox, what: str) -> str:
    if what not in STEPS:
        raise absent("操作", what, "名")
    _, name, value = STEPS[what]
    clock.advance(sandbox, **{name: value})
    return "advanced"


def _set_clock(request: HttpRequest, sandbox: Sandbox, what: str) -> str:
    posted = Posted(request)
    mode, moment, rate = clock_given(posted)
    posted.expect_sound()
    clock.set_clock(sandbox, mode, moment, rate)
    return "clock_set"


def _set_scenario(request: HttpRequest, sandbox: Sandbox, what: str) -> str:
    worlds.answer_by(sandbox, picked(SCENARIOS, request))
    return "scenario_set"


def _queue(request: HttpRequest, sandbox: Sandbox, what: str) -> str:
    posted = Posted(request)
    times = posted.number("times", "次数", range(1, 10_001)) or 1
    kind, uscc = posted.text("match__kind", "业务类型", 20), posted.code("match__uscc")
    if kind and kind not in KINDS:
        posted.wrong("match__kind", "invalid", "请选择业务类型")
    posted.expect_sound()
    queueing.put(sandbox, picked(SCENARIOS, request), kind=kind, uscc=uscc, times=times)
    return "queued"


def _take_back(request: HttpRequest, sandbox: Sandbox, what: str) -> str:
    queueing.take_back(sandbox, what)
    return "unqueued"


def _enter(request: HttpRequest, sandbox: Sandbox, what: str) -> str:
    posted = Posted(request)
    name, uscc = posted.text("situation", "场面", 60), posted.code("uscc")
    if name in worlds.WHOLE and not posted.ticked("sure"):
        raise invalid([Problem("/sure", "required", "请确认清除本沙箱现有的数据")])
    posted.expect_sound()
    worlds.enter(sandbox, name, uscc)
    return "entered"


def _pin(request: HttpRequest, sandbox: Sandbox, what: str) -> str:
    worlds.keep(sandbox, pinned=what == "yes")
    return "pinned" if what == "yes" else "unpinned"


def _expire(request: HttpRequest, sandbox: Sandbox, what: str) -> str:
    posted = Posted(request)
    account = posted.text("account", "用户名", 60)
    posted.expect_sound()
    logins.expire(sandbox, account)
    return "expired"


def _magic(request: HttpRequest, sandbox: Sandbox, what: str) -> str:
    worlds.keep(sandbox, magic_names=what == "yes")
    return "magic_on" if what == "yes" else "magic_off"


_DEEDS: Mapping[str, Deed] = {
    "advance": _advance,
    "clock": _set_clock,
    "scenario": _set_scenario,
    "queue": _queue,
    "unqueue": _take_back,
    "situation": _enter,
    "pin": _pin,
    "magic": _magic,
    "expire": _expire,
}

_TELLING = frozenset({"advance", "clock"})
"""Deeds after which the page tells what happened by them."""


def _calls(request: HttpRequest, sandbox: Sandbox) -> dict[str, str]:
    at = f"/sandboxes/{sandbox.key}"
    return {
        "clock": curl(request, "PUT", f"{at}/clock", {"mode": sandbox.clock_mode, "now": rfc3339(sandbox.now())}),
        "scenario": curl(request, "PUT", f"{at}/scenario", {"scenario": sandbox.scenario}),
        "queue": curl(request, "POST", f"{at}/scenario-queue", {"scenario": "reject", "times": 1}),
        "situation": curl(request, "POST", f"{at}/situation", {"situation": USUAL}),
        "reset": curl(request, "POST", f"{at}/reset"),
        "delete": curl(request, "DELETE", at),
        "pin": curl(request, "PATCH", at, {"pinned": not sandbox.pinned}),
        "magic": curl(request, "PATCH", at, {"magic_names": not sandbox.magic_names}),
        "expire": curl(request, "POST", f"{at}/sessions/expire", {}),
        "read": curl(request, "GET", at),
        "filings": curl(request, "GET", f"{at}/filings"),
    }
