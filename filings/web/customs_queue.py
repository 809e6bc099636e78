"""海关审核台: a person plays the single window's platform and customs, for one sandbox, through the same door as
anybody else.

What is said here inside customs never shows on an applicant's page (FAQ 2.6).
"""

from __future__ import annotations

import json
from functools import partial
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from filings import control_access, desk, visits
from filings.customs import officer
from filings.customs.inspection import inspection
from filings.forms.lab import Rejection
from filings.forms.language import Name
from filings.lab.watching import explaining
from filings.lab.worlds import demo
from filings.manners.filling import FORM, Filling
from filings.manners.screens import onward
from filings.models import Filing, Sandbox, Visit
from filings.models.filing import ACTIONS
from filings.record import enquiries
from filings.record.trail import attempt
from filings.rules import scenarios
from filings.rules.attachments import TYPES
from filings.rules.events import IN_WORDS, Verb
from filings.rules.inspecting import Inspection
from filings.rules.kinds import KINDS
from filings.rules.refusals import Refusal, absent
from filings.rules.words import Status
from filings.web.backstage import (
    ON_A_PAGE,
    behind_the_counter,
    come_to,
    counter_page,
    curl,
    key_held,
    officer_visit,
    own,
    reachable,
)
from filings.web.drawing import show
from filings.web.posting import version_of
from filings.web.telling import happened, rows_of, scenario_words

MOST_SANDBOXES = 100
"""How many sandboxes the chooser lists; the console finds the rest."""

BY_HAND = "by_hand"

_OTHER_VERBS = ("hold", "release", BY_HAND)


class ByOfficer(Rejection):
    """Whoever rejects by hand says why, by a reason of the catalogue (FAQ 2.6)."""

    reason_code = Name(  # type: ignore[assignment]
        choices=[(reason.code, reason.public) for reason in scenarios.REASONS.values()], label="原因"
    )


@require_safe
@behind_the_counter
def queue(request: HttpRequest) -> HttpResponse:
    """Every filing of a sandbox, newest first; by status."""
    sandbox = _chosen(request)
    come_to(sandbox)
    every = explaining.seen_by_customs(sandbox)
    statuses = list(every.order_by().values_list("status", flat=True))
    counts = [(status.value, status.label, statuses.count(status.value)) for status in Status]
    asked = request.GET.get("status", "")
    asked = asked if asked in Status.values else ""
    rows = every.filter(status=asked) if asked else every
    rows = rows.select_related("enterprise", "agent").defer("content", "transmitted", "warnings").order_by("-serial")
    pages = Paginator(rows, ON_A_PAGE).get_page(request.GET.get("page"))
    keep = {"sandbox": sandbox.key} | ({"status": asked} if asked else {})
    return counter_page(
        request,
        "customs/queue",
        sandbox,
        face="customs",
        counts=counts,
        total=len(statuses),
        asked=asked,
        pages=pages,
        rows=rows_of(sandbox, pages),
        keep=urlencode(keep) + "&",
        sandboxes=_others(request, sandbox),
        scenario=scenario_words(sandbox.scenario),
        by_hand=scenarios.parse(sandbox.scenario).scenario.by_hand,
        kinds={kind.name: kind.label for kind in KINDS.values()},
    )


@require_http_methods(FORM)
@behind_the_counter
def one_filing(request: HttpRequest, sandbox: Sandbox, filing: str) -> HttpResponse:
    """A filing as customs has it, and what may be done with it now."""
    visit = officer_visit(sandbox)
    desk.find(visit, filing)
    refusal = None
    if request.method == "POST":
        verb = request.POST.get("do", "")
        if verb not in ACTIONS.keys() - {"declare"} and verb not in _OTHER_VERBS:
            raise absent("操作", verb, "名")
        try:
            attempt(visit, Verb(verb), lambda: _act(request, visit, filing, verb), filing)
            return onward(reverse("customs_filing", args=[sandbox.key, filing]), _SAYINGS.get(verb, verb))
        except Refusal as error:
            refusal = error
    return _page(request, visit, desk.find(visit, filing), refusal)


@require_safe
@behind_the_counter
def attachment(request: HttpRequest, sandbox: Sandbox, filing: str, n: int) -> HttpResponse:
    """An attachment, as a download that no browser will run."""
    found = desk.find(officer_visit(sandbox), filing).attachments.filter(n=n).first()
    if found is None:
        raise absent("附件", n)
    return enquiries.download(found)


# ── behind the pages ──────────────────────────────────────────────────────────────────────────────────────────────

_SAYINGS = {"hold": "held", "release": "released"}


def _chosen(request: HttpRequest) -> Sandbox:
    """The sandbox asked for, under its own rule of access; else one's own, else the demo."""
    key = key_held(request)
    asked = request.GET.get("sandbox", "").replace("\0", "").strip()
    mine = own(key)
    if not asked and mine is not None and not control_access.may(key, None):
        return mine
    found = visits.sandbox_or_none(asked or demo.KEY)
    control_access.admit(request, found, key)
    if found is None:
        raise absent("沙箱", asked or demo.KEY, "名")
    return found


def _others(request: HttpRequest, sandbox: Sandbox) -> list[Sandbox]:
    """The sandboxes to choose from, this one always among them."""
    rows = list(reachable(request)[:MOST_SANDBOXES])
    return rows if sandbox in rows else [sandbox, *rows]


def _act(request: HttpRequest, visit: Visit, filing: str, verb: str) -> Filing:
    """Do what a button says, if the filing still stands as the page showed it. Raises 409, 412 and 422."""
    if verb in ("hold", "release"):
        return desk.hold(visit, filing, verb == "hold")
    if verb == BY_HAND:
        return desk.answer_by(visit, filing, BY_HAND, "pinned")
    seen = version_of(request.POST) or ()
    return officer.act(
        visit.sandbox,
        filing,
        verb,
        visit.now,
        by_hand=True,
        if_match=seen,
        read=partial(ByOfficer.from_post, request.POST),
    )


def _page(request: HttpRequest, visit: Visit, filing: Filing, refusal: Refusal | None) -> HttpResponse:
    sandbox, kind, allowed = visit.sandbox, KINDS[filing.kind], desk.authorities_may(filing)
    sent = enquiries.transmitted(filing) if filing.transmitted else None
    content = sent.message["content"] if sent else enquiries.read(visit, filing).content
    chosen = scenarios.parse(filing.scenario or filing.pinned_scenario or sandbox.scenario)
    at = f"/sandboxes/{sandbox.key}/filings/{filing.public_id}/actions"
    found = inspection(visit, filing)
    words = _words(found)
    verbs = [*allowed, *(["release" if filing.held else "hold"] if allowed else [])]
    return counter_page(
        request,
        "customs/filing",
        sandbox,
        face="customs",
        filing=filing,
        kind=kind,
        row=rows_of(sandbox, [filing])[0],
        drawn=show(kind.sheet, content, filing.base),
        sent=sent,
        pretty=json.dumps(sent.message, ensure_ascii=False, indent=2) if sent else "",
        attachments=filing.attachments.order_by("n"),
        types=dict(TYPES),
        receipts=filing.receipts.order_by("serial"),
        compared=found,
        reasons=words,
        trail=happened(sandbox, filing=filing.public_id),
        acts=[(verb, IN_WORDS[verb], filing.hand(verb).label) for verb in allowed if verb != "reject"],
        rejectable="reject" in allowed,
        undecided=bool(allowed),
        decided=filing.status in (Status.APPROVED, Status.REJECTED),
        by_hand=chosen.scenario.by_hand,
        unseen=chosen.scenario.unseen,
        scenario=scenario_words(str(chosen)),
        form=Filling(ByOfficer, request.POST, refusal, **(found.rejection if found else {})),
        tried=IN_WORDS.get(request.POST.get("do", ""), "") if refusal else "",
        calls="\n".join(curl(request, "POST", f"{at}/{verb}", _BODIES.get(verb)) for verb in verbs),
    )


def _words(found: Inspection | None) -> dict[str, tuple[str, str]]:
    """What each reason fills in, for the applicant and inside customs: of one that was found, what was found."""
    known = {code: (reason.public, reason.internal) for code, reason in scenarios.REASONS.items()}
    if found is None:
        return known
    rejections = [found.rejection, *(difference.rejection for difference in found.differences[1:])]
    return known | {
        words["reason_code"]: (words["public_comment"], words["internal_comment"])
        for words in reversed(rejections)
        if words
    }


_BODIES: dict[str, dict[str, Any]] = {
    "reject": {"reason_code": "materials_incomplete", "public_comment": "…", "internal_comment": "…"}
}
