"""What the pages behind the counter share: the door, the frame, and the words for what happened and what is coming.

Access is the control plane's own rule (CONTRACT §3), by whichever face it is used.
"""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import wraps
from typing import Any

from django.conf import settings
from django.core import signing
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import rotate_token
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods, require_POST

from filings import agenda, control_access, visits
from filings.lab import demo, explaining, worlds
from filings.models import Event, Filing, Sandbox, Visit, authority
from filings.models.sandbox import secret_digest
from filings.rules import scenarios
from filings.rules.appraisal import Problem
from filings.rules.numbers import fold
from filings.rules.refusals import CATALOGUE, Refusal, invalid
from filings.rules.words import EVENTS, ClockMode, Medium, Party, Status
from filings.web.doors import SAID, onward, page

COOKIE = "sim_control"
"""Holds the control token or a sandbox's control key, signed; asked again of `control_access` at each request."""

SALT = "filings.web.backstage"
KEPT = timedelta(hours=12)

ON_A_PAGE = 20
RECENT = 12
"""Events, due things and filings on a sandbox's page."""

CONTROL = "/control/v1"

SAYINGS = {
    "created": "沙箱已建立",
    "reset": "已重置：回到新建时的样子",
    "erased": "沙箱已删除",
    "demo_stays": "演示沙箱不能删除，可以重置",
    "pinned": "已保留：不会过期",
    "unpinned": "已取消保留：一段时间不用后自动清除",
    "advanced": "时钟已推进",
    "clock_set": "时钟已设置",
    "scenario_set": "缺省情景已设置，对以后的申报有效",
    "scenario_pinned": "已为该申请单指定情景",
    "entered": "已进入场面",
    "held": "已挂起：不再自动办理",
    "released": "已放行：继续自动办理",
    "send": "已发往海关",
    "store": "已入库",
    "route_manual": "已转人工审核",
    "approve": "已审批通过",
    "reject": "已审批不通过，回执已发出",
    "by_hand": "本单已改由人办理，不再自动推进",
    "left": "已退出",
}

VERBS = {edge["action"]: edge["label"] for edge in Filing.edges()} | {
    "answer": "部门答复",
    "publicise": "年报公示",
    "deliver": "推送通知",
}
"""What the authorities do, in words."""

_FILING = re.compile(r"F\d{6,9}")

_KEYLESS = frozenset({"control_unauthorized", "control_forbidden"})

View = Callable[..., HttpResponse]


# ── the door ──────────────────────────────────────────────────────────────────────────────────────────────────────


def behind_the_counter(view: View) -> View:
    """A view for whoever holds the control plane, or this sandbox's key: called with the sandbox if the address names one.

    Its clock has caught up before anything is shown. Refusals are told on a page of their own; the lack of a key, by the login.
    """

    @wraps(view)
    def enter(request: HttpRequest, sandbox: str = "", **kwargs: Any) -> HttpResponse:
        key = key_held(request)
        found = visits.sandbox_or_none(sandbox) if sandbox else own(key)
        try:
            control_access.admit(request, found, key)
        except Refusal as refusal:
            return _ask(request, refusal)
        try:
            if sandbox:
                if found is None:
                    raise Refusal("not_found", f"没有名为“{sandbox[:40]}”的沙箱")
                come_to(found)
                kwargs["sandbox"] = found
            return view(request, **kwargs)
        except Refusal as refusal:
            if refusal.code in _KEYLESS:
                return _ask(request, refusal)
            return notice(request, refusal, found if sandbox else None)

    return enter


def key_held(request: HttpRequest) -> str:
    """The key the browser was given at the login, or "" for none, an old or a tampered one."""
    try:
        return str(signing.loads(request.COOKIES.get(COOKIE, ""), salt=SALT, max_age=KEPT))
    except signing.BadSignature:
        return ""


def own(key: str) -> Sandbox | None:
    """The sandbox whose control key this is."""
    return worlds.sandboxes().filter(control_key_digest=secret_digest(key)).first() if key else None


def holds_all(request: HttpRequest) -> bool:
    """Whether the visitor may use the whole plane, not one sandbox only."""
    return control_access.open_here(request) or control_access.may(key_held(request), None)


def reachable(request: HttpRequest) -> QuerySet[Sandbox]:
    """The sandboxes a visitor may enter, pinned ones first, then the newest."""
    rows = worlds.sandboxes().order_by("-pinned", "-id")
    return rows if holds_all(request) else rows.filter(control_key_digest=secret_digest(key_held(request)))


def come_to(sandbox: Sandbox) -> None:
    """Note a sandbox's use and let happen what is due."""
    visits.used(sandbox)
    agenda.catch_up(sandbox)


@require_http_methods(["GET", "POST"])
def login(request: HttpRequest) -> HttpResponse:
    """Ask for the control token or a sandbox's control key; kept in a signed cookie no script reads."""
    if request.method == "GET":
        return _ask(request, None)
    key = request.POST.get("token", "").strip()
    where = own(key)
    try:
        control_access.admit(request, where, key)
        if not control_access.may(key, where):
            raise Refusal("control_forbidden")
    except Refusal as refusal:
        return _ask(request, refusal)
    rotate_token(request)
    home = reverse("trainer_sandbox", args=[where.key]) if where else reverse("trainer")
    to = request.POST.get("next", "")
    response = onward(to if _inside(request, to) else home)
    response.set_cookie(
        COOKIE, signing.dumps(key, salt=SALT), max_age=int(KEPT.total_seconds()), httponly=True, samesite="Strict",
        secure=settings.SESSION_COOKIE_SECURE,
    )  # fmt: skip
    return response


@require_POST
def logout(request: HttpRequest) -> HttpResponse:
    """Forget the key."""
    response = onward(reverse("trainer_login"), "left")
    response.delete_cookie(COOKIE, samesite="Strict")
    return response


def _inside(request: HttpRequest, to: str) -> bool:
    return to.startswith((reverse("trainer"), reverse("customs"))) and url_has_allowed_host_and_scheme(to, {request.get_host()})


def _ask(request: HttpRequest, refusal: Refusal | None) -> HttpResponse:
    """The login; with a refusal, its words, never the key that was given."""
    if refusal and refusal.code == "cross_site":
        return notice(request, refusal)
    to = request.POST.get("next") or request.GET.get("next") or (request.get_full_path() if request.method == "GET" else "")
    words = ""
    if refusal and refusal.code == "control_forbidden":
        given_now = "token" in request.POST
        words = "口令不正确，请核对后重新输入" if given_now else "当前口令不能打开这里：它属于另一个沙箱，或者已经失效"
    return counter_page(
        request, "trainer/login", face=_face(request), status=refusal.wording.status if refusal else 200, words=words,
        next=to if _inside(request, to) else "", open_here=control_access.open_here(request),
    )  # fmt: skip


# ── what these pages share ────────────────────────────────────────────────────────────────────────────────────────


def counter_page(
    request: HttpRequest,
    template: str,
    sandbox: Sandbox | None = None,
    *,
    status: int = 200,
    face: str = "trainer",
    **context: Any,
) -> HttpResponse:
    """A page in the frame of those behind the counter, with what the last deed had to say."""
    saying = request.COOKIES.get(SAID, "")
    key = key_held(request)
    frame = {
        "face": face, "sandbox": sandbox, "now": sandbox.now() if sandbox else None, "said": SAYINGS.get(saying),
        "key_held": bool(key), "modes": dict(ClockMode.choices), "demo": demo.KEY,
    }  # fmt: skip
    response = page(request, template, None, status=status, **(frame | context))
    if saying in SAYINGS:
        response.delete_cookie(SAID)
    return response


def notice(request: HttpRequest, refusal: Refusal, sandbox: Sandbox | None = None) -> HttpResponse:
    """A refusal as a page of this frame."""
    return counter_page(request, "trainer/notice", sandbox, face=_face(request), status=refusal.wording.status, refusal=refusal)


def _face(request: HttpRequest) -> str:
    return "customs" if request.path.startswith(reverse("customs")) else "trainer"


def officer_visit(sandbox: Sandbox) -> Visit:
    """A person at work for customs, for the trail."""
    return authority(sandbox, Party.CUSTOMS, sandbox.now(), by_hand=True)


def words_of(request: HttpRequest, name: str, label: str, longest: int) -> str:
    """A typed text, without what no database keeps. Raises 422 for one that is too long."""
    text = request.POST.get(name, "").replace("\0", "").strip()
    if len(text) > longest:
        raise invalid([Problem(f"/{name}", "max_length", f"{label}最多 {longest} 个字")])
    return text


def span(wait: timedelta) -> str:
    """How long, in words."""
    seconds = max(0, int(wait.total_seconds()))
    days, rest = divmod(seconds, 24 * 3600)
    hours, rest = divmod(rest, 3600)
    minutes, seconds = divmod(rest, 60)
    if days:
        return f"{days} 天 {hours} 小时" if hours else f"{days} 天"
    if hours:
        return f"{hours} 小时 {minutes} 分钟" if minutes else f"{hours} 小时"
    return f"{minutes} 分钟" if minutes else f"{seconds} 秒"


@dataclass(frozen=True, slots=True)
class Happening:
    """An event as these pages tell it: what, of which filing, by whom, how."""

    seq: int
    at: datetime
    label: str
    subject: str
    who: str
    how: str
    words: str

    @property
    def filing(self) -> bool:
        """Whether it happened to a filing, which has a page: there are enterprises, cards and annual reports as well."""
        return bool(_FILING.fullmatch(self.subject))


def happened(sandbox: Sandbox, *, filing: str = "", after: int = 0, last: int | None = None) -> list[Happening]:
    """What happened in a sandbox, or to one filing, refusals included; oldest first, the `last` so many."""
    rows = explaining.events(sandbox, filing=filing, after=after, last=last)
    return [_told(event) for event in rows]


def _told(event: Event) -> Happening:
    data, applicant = event.data, event.party == Party.APPLICANT
    refusal = CATALOGUE.get(data.get("code", "")) if event.name == "refused" else None
    medium = f"{Medium(event.medium).label}登录" if event.medium else ""
    moved = event.name.startswith("filing.")
    return Happening(
        seq=event.seq,
        at=event.at,
        label=EVENTS.get(event.name, event.name),
        subject=event.subject if event.name != "refused" else "",
        who=f"{Party(event.party).label}{f' {event.actor}' if applicant else ''}",
        how=medium if applicant else ("人工操作" if data.get("by_hand") else "按情景自动" if moved else ""),
        words=_refused(event.subject, refusal.title) if refusal else ("" if event.subject else event.uscc),
    )


def _refused(deed: str, title: str) -> str:
    verb = VERBS.get(deed.partition(" ")[0])
    return f"{verb}：{title}" if verb else title


def last_seq(sandbox: Sandbox) -> int:
    """The number of the newest event."""
    return next((one.seq for one in happened(sandbox, last=1)), 0)


def scenario_words(text: str) -> str:
    """A scenario string as a person reads it."""
    if not text:
        return ""
    chosen = scenarios.parse(text)
    labels = {
        p.name: (p.title, _choice_label(p.name, value)) for p in chosen.scenario.parameters if (value := chosen.given.get(p.name))
    }
    given = "；".join(f"{title}：{label}" for title, label in labels.values())
    return f"{chosen.scenario.title}（{given}）" if given else chosen.scenario.title


@dataclass(frozen=True, slots=True)
class Coming:
    """A thing on the agenda."""

    at: datetime
    label: str
    subject: str
    wait: str

    @property
    def filing(self) -> bool:
        """Whether it is about a filing, which has a page."""
        return bool(_FILING.fullmatch(self.subject))


def coming(sandbox: Sandbox, subjects: Iterable[str] | None = None) -> list[Coming]:
    """What is due next, of all or of some filings."""
    rows = agenda.upcoming(sandbox)
    if subjects is not None:
        rows = rows.filter(subject__in=list(subjects))
    now = sandbox.now()
    found = rows if subjects is not None else rows[:RECENT]
    return [
        Coming(row.at, VERBS.get(verb := row.args.get("verb", row.verb), verb), row.subject, span(row.at - now)) for row in found
    ]


# ── the calls that do the same ────────────────────────────────────────────────────────────────────────────────────


def curl(request: HttpRequest, method: str, path: str, body: Mapping[str, Any] | None = None) -> str:
    """A call of the control API, ready for a shell. The token stays out of it."""
    parts = ["curl", *(["-X", method] if method != "GET" else []), shlex.quote(request.build_absolute_uri(CONTROL + path))]
    if not control_access.open_here(request):
        parts += ["-H", '"Authorization: Bearer $SIM_CONTROL_TOKEN"']
    if body is not None:
        parts += ["-H", "'Content-Type: application/json'", "-d", shlex.quote(json.dumps(body, ensure_ascii=False))]
    return " ".join(parts)


# ── picking a scenario ────────────────────────────────────────────────────────────────────────────────────────────

_PACES = {"normal": "普通", "fast": "快"}


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter as drawn: a list or a number, and the scenarios that take it."""

    name: str
    title: str
    choices: list[tuple[str, str]]
    minimum: int | None
    maximum: int | None
    value: str
    takers: str
    hint: str


@dataclass(frozen=True, slots=True)
class Picker:
    """The catalogue of scenarios with one chosen."""

    chosen: str
    text: str
    titles: list[tuple[str, str]]
    parameters: list[Parameter]


def picker(text: str, given: Mapping[str, Any] | None = None) -> Picker:
    """The catalogue to pick from, standing at `text` or at what was just given."""
    catalogue = explaining.scenario_catalogue()
    chosen = scenarios.parse(text or scenarios.DEFAULT)
    typed = given if given and "scenario" in given else {}
    drawn: dict[str, Parameter] = {}
    for parameter in (one for scenario in catalogue for one in scenario["parameters"]):
        name = parameter["name"]
        takers = [one["name"] for one in catalogue if name in {p["name"] for p in one["parameters"]}]
        drawn.setdefault(
            name,
            Parameter(
                name=name,
                title=parameter["title"],
                choices=[(value, _choice_label(name, value, long=True)) for value in parameter["choices"] or []],
                minimum=parameter["minimum"],
                maximum=parameter["maximum"],
                value=typed.get(f"p-{name}") or chosen.get(name) or parameter["default"],
                takers=" ".join(takers),
                hint="、".join(f"“{scenarios.CATALOGUE[one].title}”" for one in takers),
            ),
        )
    titles = [(one["name"], f"{one['title']}{'　常见问题 ' + one['faq'] if one['faq'] else ''}") for one in catalogue]
    parameters = sorted(drawn.values(), key=lambda one: one.name == scenarios.PACE.name)
    return Picker(typed.get("scenario") or chosen.scenario.name, str(chosen), titles, parameters)


def picked(request: HttpRequest) -> str:
    """The scenario string of a posted picker; what the chosen one does not take is left out. Raises 400 `unknown_scenario`."""
    name = request.POST.get("scenario", "")
    known = scenarios.CATALOGUE.get(name)
    given = {p: fold(request.POST.get(f"p-{p.name}", "")).strip() for p in known.parameters} if known else {}
    pairs = [f"{p.name}={value}" for p, value in given.items() if value and value != p.default]
    return str(scenarios.parse("; ".join([name, *pairs])))


def _choice_label(name: str, value: str, long: bool = False) -> str:
    match name:
        case "reason":
            return scenarios.REASONS[value].public
        case "at":
            return Status(value).label
        case "pace":
            waits = "，".join(f"{VERBS.get(verb, '审批')} {span(wait)}" for verb, wait in scenarios.PACES[value].items())
            return f"{_PACES[value]}（申报后：{waits}）" if long else _PACES[value]
    return value


# ── behind the pages ──────────────────────────────────────────────────────────────────────────────────────────────


def errors_of(refusal: Refusal | None) -> dict[str, str]:
    """What is wrong with which control of a form."""
    return {problem.pointer.strip("/"): problem.detail for problem in refusal.errors} if refusal else {}


@dataclass(frozen=True, slots=True)
class Row:
    """A filing in a list: how long it stands, who answers it, what comes next."""

    filing: Filing
    age: str
    scenario: str
    next: Coming | None


def rows_of(sandbox: Sandbox, filings: Iterable[Filing]) -> list[Row]:
    """Filings as these pages list them; the agenda is asked once for all."""
    filings, now = list(filings), sandbox.now()
    due: dict[str, Coming] = {}
    for one in coming(sandbox, [filing.public_id for filing in filings]):
        due.setdefault(one.subject, one)
    return [
        Row(one, span(now - one.status_since), scenario_words(one.scenario or one.pinned_scenario), due.get(one.public_id))
        for one in filings
    ]
