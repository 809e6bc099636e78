"""控制台: every sandbox one may enter; making, importing, resetting, deleting one.

What the control plane does by API is done in the console by buttons. Each act tells the call that does the
same, so that a click can become a script.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from filings import control_access
from filings.forms.lab import NewSandbox
from filings.lab.watching import explaining
from filings.lab.worlds import demo, snapshots, worlds
from filings.manners.filling import FORM
from filings.manners.reading import snapshot_object
from filings.manners.screens import onward
from filings.models import Sandbox
from filings.record.trail import attempt
from filings.rules import scenarios
from filings.rules.appraisal import Problem
from filings.rules.events import Verb
from filings.rules.refusals import Refusal, invalid
from filings.rules.words import ClockMode, Status
from filings.web.backstage import ON_A_PAGE, behind_the_counter, counter_page, curl, holds_all, key_held, reachable
from filings.web.console.choosing import Choosing
from filings.web.console.overview import ERASING, RESETTING, accounts_of, situation_groups, situation_title
from filings.web.telling import scenario_words


@require_http_methods(FORM)
@behind_the_counter
def sandboxes(request: HttpRequest) -> HttpResponse:
    """Every sandbox one may enter, and a new one."""
    refusal = None
    if request.method == "POST":
        try:
            return _opened(request, _import(request) if "import" in request.POST else _create(request))
        except Refusal as error:
            refusal = error
    asked = request.GET.get("q", "").replace("\0", "").strip()
    rows = reachable(request)
    if asked:
        rows = rows.filter(Q(name__icontains=asked) | Q(key__icontains=asked))
    pages = Paginator(rows, ON_A_PAGE).get_page(request.GET.get("page"))
    opening: dict[str, Any] = {"scenario": scenarios.DEFAULT, "clock__mode": ClockMode.FROZEN, "clock__rate": 60}
    return counter_page(
        request,
        "console/sandboxes",
        form=Choosing(NewSandbox, request.POST, refusal, **opening),
        asked=asked,
        rows=[_summary(page) for page in pages],
        pages=pages,
        whole=holds_all(request),
        keep=urlencode({"q": asked}) + "&" if asked else "",
        situations=situation_groups(),
        calls={
            "create": curl(
                request,
                "POST",
                "/sandboxes",
                {"situation": "standard", "scenario": scenarios.DEFAULT, "clock": {"mode": "frozen"}},
            ),
            "import": curl(request, "POST", "/sandboxes/import", file="snapshot.json"),
        },
    )


@require_http_methods(FORM)
@behind_the_counter
def reset(request: HttpRequest, sandbox: Sandbox) -> HttpResponse:
    """重置, after asking."""
    if request.method != "POST":
        call = curl(request, "POST", f"/sandboxes/{sandbox.key}/reset")
        return counter_page(request, "console/ask", sandbox, deed="reset", words=RESETTING, curl=call)
    worlds.reset(sandbox)
    return onward(reverse("console_sandbox", args=[sandbox.key]), "reset")


@require_http_methods(FORM)
@behind_the_counter
def erase(request: HttpRequest, sandbox: Sandbox) -> HttpResponse:
    """删除, after asking; the demo sandbox stays, for everybody starts there."""
    if sandbox.key == demo.KEY:
        return onward(reverse("console_sandbox", args=[sandbox.key]), "demo_stays")
    if request.method != "POST":
        call = curl(request, "DELETE", f"/sandboxes/{sandbox.key}")
        return counter_page(request, "console/ask", sandbox, deed="delete", words=ERASING, curl=call)
    worlds.erase(sandbox)
    return onward(reverse("console"), "erased")


def _create(request: HttpRequest) -> worlds.Opened:
    control_access.admit(request, None, key_held(request))
    given = NewSandbox.from_post(request.POST)
    return attempt(None, Verb.CREATE_SANDBOX, lambda: worlds.create(**given.pop("clock", {}), **given))


def _import(request: HttpRequest) -> worlds.Opened:
    """A sandbox from an exported snapshot."""
    control_access.admit(request, None, key_held(request))
    file = request.FILES.get("snapshot")
    if file is None:
        raise invalid([Problem("/snapshot", "required", "请选择由“导出”得到的快照文件")])
    return snapshots.imported(snapshot_object(file))


def _opened(request: HttpRequest, opened: worlds.Opened) -> HttpResponse:
    """A sandbox just made; its control key is told on this page and never again."""
    sandbox = opened.sandbox
    return counter_page(
        request,
        "console/created",
        sandbox,
        status=201,
        control_key=opened.control_key,
        accounts=accounts_of(sandbox),
        call=curl(request, "GET", f"/sandboxes/{sandbox.key}"),
    )


def _summary(sandbox: Sandbox) -> dict[str, Any]:
    filings = explaining.seen_by_customs(sandbox)
    return {
        "sandbox": sandbox,
        "situation": situation_title(sandbox),
        "scenario": scenario_words(sandbox.scenario),
        "clock": ClockMode(sandbox.clock_mode).label,
        "now": sandbox.now(),
        "filings": filings.count(),
        "undecided": filings.exclude(status__in=(Status.DRAFT, Status.APPROVED, Status.REJECTED)).count(),
    }
