"""故障: failures of transport and delivery, and documented glitches, put in force for what matches."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from filings.forms.lab import NewFault
from filings.lab.faults import faults as lab
from filings.manners.filling import FORM
from filings.models import Fault, Sandbox
from filings.rules import faults
from filings.rules.webhooks import EVENTS
from filings.web.backstage import behind_the_counter, curl
from filings.web.console.deeds import Deed, do, forms
from filings.web.console.framing import console_page

USUAL = "status; code=503"
"""What the chooser opens with."""

LABELS = {name: member.called for name, member in NewFault.FaultMatch().controls.items()}
"""What a fault may be limited to, in words."""


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
    takers = {
        member: " ".join(fault.name for fault in faults.FAULTS.values() if member in faults.MATCHES[fault.of])
        for member in LABELS
    } | {"limits": " ".join(fault.name for fault in faults.FAULTS.values() if fault.of != "glitch")}
    return console_page(
        request,
        "faults",
        sandbox,
        **forms(request, _DEEDS, refusal, put={"fault": USUAL}),
        takers=takers,
        rows=[_told(request, sandbox, fault) for fault in lab.in_force(sandbox)],
        events=[(event, event) for event in EVENTS],
        call=curl(request, "POST", f"/sandboxes/{sandbox.key}/faults", {"fault": USUAL}),
        listing=curl(request, "GET", f"/sandboxes/{sandbox.key}/faults"),
    )


def _told(request: HttpRequest, sandbox: Sandbox, fault: Fault) -> dict[str, Any]:
    kind = faults.FAULTS[fault.name]
    return {
        "fault": fault,
        "title": kind.title,
        "faq": kind.faq,
        "sort": faults.TITLES[kind.of],
        "match": "；".join(f"{label} {fault.match[name]}" for name, label in LABELS.items() if name in fault.match),
        "call": curl(request, "DELETE", f"/sandboxes/{sandbox.key}/faults/{fault.public_id}"),
    }


def _put(request: HttpRequest, sandbox: Sandbox, given: dict[str, Any]) -> str:
    lab.put(sandbox, **given)
    return "fault_put"


def _take_away(request: HttpRequest, sandbox: Sandbox, what: str) -> str:
    lab.take_away(sandbox, what)
    return "fault_taken"


_DEEDS = {"put": Deed(_put, NewFault), "take": Deed(_take_away)}
