"""A sandbox's page: its clock, its scenarios, its situation, how it stands."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods
from rest_framework.serializers import ValidationError

from filings.forms.lab import Advance, Expired, Queued, ScenarioWanted, SetClock, SituationWanted
from filings.forms.language import Yes
from filings.lab.watching import explaining
from filings.lab.webhooks import delivering
from filings.lab.worlds import cast, clock, logins, queueing, situations, worlds
from filings.manners.filling import FORM
from filings.manners.screens import onward
from filings.models import QueuedScenario, Sandbox, wall
from filings.rules.dates import rfc3339
from filings.rules.events import EventName
from filings.rules.kinds import KINDS
from filings.rules.numbers import whole
from filings.rules.refusals import Refusal, absent
from filings.rules.words import Medium
from filings.web.backstage import behind_the_counter, curl, inside
from filings.web.console.deeds import Deed, do, forms
from filings.web.console.framing import STEPS, console_page
from filings.web.telling import RECENT, coming, happened, last_seq, rows_of, scenario_words, set_aside

RESETTING = "沙箱回到新建时的样子：申请单、回执、联系记录全部清除，时钟和缺省情景复原；账户和接口令牌、检查点、通知的接收地址不变。"
ERASING = "沙箱连同其中的企业、账户、申请单、检查点全部删除，不能恢复。"

USUAL = next(situation.name for situation in situations.SITUATIONS.values() if situation.about)
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
    after = whole(request.GET.get("after", ""))
    since = happened(sandbox, after=after, last=200) if after is not None else None
    fired = None if since is None else [event for event in since if event.name != EventName.CLOCK_ADVANCED]
    filings = explaining.seen_by_customs(sandbox).select_related("enterprise").order_by("-serial")
    drawn = forms(
        request,
        _DEEDS,
        refusal,
        clock={"mode": sandbox.clock_mode, "rate": 60},
        scenario={"scenario": sandbox.scenario},
        queue={"scenario": "reject", "times": 1},
        situation={"situation": USUAL},
    )
    return console_page(
        request,
        "overview",
        sandbox,
        **drawn,
        did=request.GET.get("did", ""),
        fired=fired,
        recent=happened(sandbox, last=RECENT)[::-1],
        coming=coming(sandbox),
        aside=set_aside(sandbox),
        queue=[(queued, scenario_words(queued.scenario), _for_whom(queued)) for queued in queueing.waiting(sandbox)],
        scenario=scenario_words(sandbox.scenario),
        situations=situation_groups(),
        enterprises=[
            (enterprise.uscc, f"{enterprise.uscc} {enterprise.name_cn}") for enterprise in worlds.enterprises(sandbox)
        ],
        accounts=accounts_of(sandbox),
        filings=rows_of(sandbox, filings[:RECENT]),
        count=filings.count(),
        situation=situation_title(sandbox),
        calls=_calls(request, sandbox),
        wiping=" ".join(worlds.WHOLE),
        resetting=RESETTING,
        erasing=ERASING,
    )


def _for_whom(queued: QueuedScenario) -> str:
    """Which declarations a queued scenario is for, in words; "" for any."""
    return "，".join(filter(None, (KINDS[queued.kind].label if queued.kind in KINDS else queued.kind, queued.uscc)))


def _act(request: HttpRequest, sandbox: Sandbox) -> HttpResponse | Refusal:
    """Do what was pressed; after the clock was moved, tell what happened by that and make the deliveries that are
    due."""
    pressed, before, began = request.POST.get("do", ""), last_seq(sandbox), wall()
    page = reverse("console_sandbox", args=[sandbox.key])
    outcome = do(request, sandbox, _DEEDS, page)
    if isinstance(outcome, Refusal) or pressed.partition(":")[0] not in _TELLING:
        return outcome
    sandbox.read_anew()
    delivering.deliver(sandbox, began)
    back = request.POST.get("next", "")
    query = {"after": before, "did": pressed[:40]}
    return onward(back if inside(request, back) else f"{page}?{urlencode(query)}", "advanced")


def situation_groups() -> list[tuple[str, list[tuple[str, str]]]]:
    """The catalogue by FAQ entry; the whole worlds, and what no entry tells of, each under a heading of their own."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for situation in situations.SITUATIONS.values():
        heading = (
            f"常见问题 {situation.faq}" if situation.faq else "整体场面" if situation.about is None else "公开资料"
        )
        groups.setdefault(heading, []).append((situation.name, situation.title))
    return list(groups.items())


def situation_title(sandbox: Sandbox) -> str:
    """The situation a sandbox was opened in."""
    situation = situations.SITUATIONS.get(sandbox.situation)
    return situation.title if situation else sandbox.situation


def accounts_of(sandbox: Sandbox) -> list[dict[str, Any]]:
    """The accounts of the opening world, each with its way to the login, filled in as far as an address may be: no
    secret."""
    notes = {player.role: player.note for player in cast.PLAYERS}
    firms = {enterprise.uscc: enterprise.name_cn for enterprise in worlds.enterprises(sandbox)}
    rows = []
    for token in worlds.tokens(sandbox):
        by_password = {"sandbox": sandbox.key, "username": token.username}
        by_card = (
            {"sandbox": sandbox.key, "medium": Medium.CARD.value, "card_no": token.card_no} if token.card_no else None
        )
        rows.append(
            {
                "role": token.role,
                "note": notes.get(token.role, ""),
                "username": token.username,
                "password": token.password,
                "card_no": token.card_no or "",
                "pin": token.pin or "",
                "enterprise": firms.get(token.uscc or "", ""),
                "uscc": token.uscc or "",
                "by_password": f"{reverse('login')}?{urlencode(by_password)}",
                "by_card": f"{reverse('login')}?{urlencode(by_card)}" if by_card else "",
            }
        )
    return rows


def _advance(request: HttpRequest, sandbox: Sandbox, what: str) -> str:
    if what not in STEPS:
        raise absent("操作", what, "名")
    clock.advance(sandbox, **Advance.read({STEPS[what][1]: what}))
    return "advanced"


def _set_clock(request: HttpRequest, sandbox: Sandbox, given: dict[str, Any]) -> str:
    clock.set_clock(sandbox, given["mode"], given.get("now"), given.get("rate", 1.0))
    return "clock_set"


def _set_scenario(request: HttpRequest, sandbox: Sandbox, given: dict[str, Any]) -> str:
    worlds.answer_by(sandbox, given["scenario"])
    return "scenario_set"


def _queue(request: HttpRequest, sandbox: Sandbox, given: dict[str, Any]) -> str:
    queueing.put(sandbox, given["scenario"], **given.get("match", {}), times=given.get("times", 1))
    return "queued"


def _take_back(request: HttpRequest, sandbox: Sandbox, what: str) -> str:
    queueing.take_back(sandbox, what)
    return "unqueued"


class SituationMeant(SituationWanted):
    """On the page, what wipes a sandbox wants to be meant."""

    sure = Yes(
        required=False,
        label="清除本沙箱现有的数据",
        help_text="“标准场面”和“空场面”从头布置，现有的申请单和账户全部清除",
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if not attrs.pop("sure", False) and attrs["situation"] in worlds.WHOLE:
            raise ValidationError({"sure": ["请确认清除本沙箱现有的数据"]}, code="required")
        return attrs


def _enter(request: HttpRequest, sandbox: Sandbox, given: dict[str, Any]) -> str:
    worlds.enter(sandbox, given["situation"], given.get("uscc", ""))
    return "entered"


def _expire(request: HttpRequest, sandbox: Sandbox, given: dict[str, Any]) -> str:
    logins.expire(sandbox, given.get("account", ""))
    return "expired"


def _pin(request: HttpRequest, sandbox: Sandbox, what: str) -> str:
    worlds.keep(sandbox, pinned=what == "yes")
    return "pinned" if what == "yes" else "unpinned"


def _magic(request: HttpRequest, sandbox: Sandbox, what: str) -> str:
    worlds.keep(sandbox, magic_names=what == "yes")
    return "magic_on" if what == "yes" else "magic_off"


_DEEDS = {
    "advance": Deed(_advance, in_turns=True),
    "clock": Deed(_set_clock, SetClock, in_turns=True),
    "scenario": Deed(_set_scenario, ScenarioWanted),
    "queue": Deed(_queue, Queued, at="q-"),
    "unqueue": Deed(_take_back),
    "situation": Deed(_enter, SituationMeant),
    "pin": Deed(_pin),
    "magic": Deed(_magic),
    "expire": Deed(_expire, Expired),
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
