"""故障: failures of transport and delivery, and documented glitches, put in force for what matches."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from filings.lab import faults as lab
from filings.models import Fault, Sandbox
from filings.rules import faults
from filings.rules.appraisal import Problem
from filings.rules.refusals import invalid
from filings.rules.webhooks import EVENTS
from filings.web.backstage import behind_the_counter, curl
from filings.web.console.choosing import FAULTS, picked, picker
from filings.web.console.deeds import Deed, do
from filings.web.console.framing import console_page
from filings.web.posted import FORM, Posted

USUAL = "status; code=503"
"""What the chooser opens with."""

METHODS = ("GET", "POST", "PATCH", "DELETE")

LABELS = {"method": "方法", "path": "路径", "account": "账户", "uscc": "统一社会信用代码", "event": "事件"}


@require_http_methods(FORM)
@behind_the_counter
def in_force(request: HttpRequest, sandbox: Sandbox) -> HttpResponse:
    """The faults in force, and another one."""
    refusal = None
    if request.method == "POST":
        outcome = do(request, sandbox, _DEEDS, reverse("console_faults", args=[sandbox.key]))
        if isinstance(outcome, HttpResponse):
            return outcome
        refusal = outcome
    sorts = [
        (title, [(one.name, one.title, one.faq) for one in faults.FAULTS.values() if one.of == sort])
        for sort, title in faults.TITLES.items()
    ]
    takers = {
        member: " ".join(one.name for one in faults.FAULTS.values() if member in faults.MATCHES[one.of]) for member in LABELS
    } | {"limits": " ".join(one.name for one in faults.FAULTS.values() if one.of != "glitch")}  # fmt: skip
    return console_page(
        request, "faults", sandbox, refusal, rows=[_told(request, sandbox, one) for one in lab.in_force(sandbox)], sorts=sorts,
        picker=picker(FAULTS, USUAL, request.POST if refusal else None), takers=takers, events=EVENTS, methods=METHODS,
        call=curl(request, "POST", f"/sandboxes/{sandbox.key}/faults", {"fault": USUAL}),
        listing=curl(request, "GET", f"/sandboxes/{sandbox.key}/faults"),
    )  # fmt: skip


def _told(request: HttpRequest, sandbox: Sandbox, fault: Fault) -> dict[str, Any]:
    kind = faults.FAULTS[fault.name]
    return {
        "fault": fault, "title": kind.title, "faq": kind.faq, "sort": faults.TITLES[kind.of],
        "match": "；".join(f"{label} {fault.match[name]}" for name, label in LABELS.items() if name in fault.match),
        "call": curl(request, "DELETE", f"/sandboxes/{sandbox.key}/faults/{fault.public_id}"),
    }  # fmt: skip


def _put(request: HttpRequest, sandbox: Sandbox, what: str) -> str:
    posted, chosen = Posted(request), picked(FAULTS, request)
    sort = faults.parse(chosen).fault.of
    given = {name: posted.text(f"match__{name}", LABELS[name], 200) for name in faults.MATCHES[sort] if name != "uscc"}
    given |= {"uscc": posted.code("match__uscc")} if "uscc" in faults.MATCHES[sort] else {}
    match = {name: value for name, value in given.items() if value}
    times, share = posted.number("times", "次数", range(1, 1_000_001)), posted.real("probability", "概率", 1)
    lasting = posted.number("ttl_seconds", "有效秒数", range(1, 86_400 * 7 + 1))
    posted.expect_sound()
    if sort == "glitch":
        times = share = lasting = None
    if times and share:
        raise invalid([Problem("/times", "ambiguous", "次数与概率只能填写一个")])
    lab.put(sandbox, chosen, match, times=times, probability=share, ttl_seconds=lasting)
    return "fault_put"


def _take_away(request: HttpRequest, sandbox: Sandbox, what: str) -> str:
    lab.take_away(sandbox, what)
    return "fault_taken"


_DEEDS: Mapping[str, Deed] = {"put": _put, "take": _take_away}
