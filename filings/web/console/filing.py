"""Why a filing is where it is, what will move it, and the scenario pinned to it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from filings import desk
from filings.forms.lab import ScenarioWanted
from filings.lab.watching import explaining
from filings.lab.worlds import queueing
from filings.manners.filling import FORM
from filings.manners.screens import onward
from filings.models import Sandbox, Visit
from filings.record.trail import attempt
from filings.rules.events import IN_WORDS, Verb
from filings.rules.refusals import Refusal, absent
from filings.rules.words import Status
from filings.web.backstage import behind_the_counter, curl, officer_visit
from filings.web.console.deeds import Deed, forms
from filings.web.console.framing import console_page
from filings.web.telling import happened, rows_of, scenario_words, set_aside


@require_http_methods(FORM)
@behind_the_counter
def one_filing(request: HttpRequest, sandbox: Sandbox, filing: str) -> HttpResponse:
    """Why a filing is where it is, what will move it, and the scenario pinned to it."""
    visit, refusal = officer_visit(sandbox), None
    found = desk.find(visit, filing)
    if request.method == "POST":
        verb = request.POST.get("do", "")
        if verb not in _DEEDS:
            raise absent("操作", verb, "名")
        try:
            saying = attempt(visit, _VERBS[verb], lambda: str(_DEEDS[verb].work(request, visit, filing)), filing)
            return onward(reverse("console_filing", args=[sandbox.key, filing]), saying)
        except Refusal as error:
            refusal = error
    at = f"/sandboxes/{sandbox.key}/filings/{filing}"
    chosen = found.pinned_scenario or found.scenario or sandbox.scenario
    return console_page(
        request,
        "filing",
        sandbox,
        **forms(request, _DEEDS, refusal, scenario={"scenario": chosen}),
        filing=found,
        explained=explaining.explain(sandbox, found),
        row=rows_of(sandbox, [found])[0],
        trail=happened(sandbox, filing=filing),
        open=found.status not in (Status.APPROVED, Status.REJECTED),
        aside=set_aside(sandbox, filing),
        may=[IN_WORDS[verb] for verb in desk.authorities_may(found)],
        pinned=scenario_words(found.pinned_scenario),
        default=scenario_words(sandbox.scenario),
        calls={
            "explain": curl(request, "GET", f"{at}/explain"),
            "pin": curl(request, "PUT", f"{at}/scenario", {"scenario": chosen}),
            "hold": curl(request, "POST", f"{at}/actions/{'release' if found.held else 'hold'}"),
        },
    )


def _pin(request: HttpRequest, visit: Visit, filing: str) -> str:
    queueing.pin(visit, filing, ScenarioWanted.from_post(request.POST)["scenario"])
    return "scenario_pinned"


def _hold(request: HttpRequest, visit: Visit, filing: str) -> str:
    held = request.POST["do"] == "hold"
    desk.hold(visit, filing, held)
    return "held" if held else "released"


_DEEDS = {"scenario": Deed(_pin, ScenarioWanted), "hold": Deed(_hold), "release": Deed(_hold)}

_VERBS = {"scenario": Verb.PIN_SCENARIO, "hold": Verb.HOLD, "release": Verb.RELEASE}
