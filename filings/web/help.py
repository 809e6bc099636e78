"""常见问题 as the portal's own help, the statement of what is how known, and the lifecycle as a picture. Open to
everybody."""

from __future__ import annotations

from itertools import groupby
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from filings.lab.watching import fidelity as stated
from filings.manners.entering import anybody
from filings.models import Filing
from filings.rules import faq
from filings.rules.exercises import loading
from filings.rules.kinds import KINDS, Kind
from filings.rules.refusals import Refusal
from filings.rules.version import RULES_VERSION
from filings.rules.words import Provenance, Status
from filings.web.charting import chart
from filings.web.doors import page, refusal_page

LONGEST = 100
"""Characters of a search that are looked at. Ours."""


# ── the thirty entries ────────────────────────────────────────────────────────────────────────────────────────────


@require_safe
def entries(request: HttpRequest) -> HttpResponse:
    """All thirty, or those a search finds, by part."""
    asked = _asked(request, "q")
    found = faq.search(asked)
    return page(request, "faq", anybody(request), asked=asked, found=found, all=len(faq.ENTRIES))


@require_safe
def entry(request: HttpRequest, entry: str) -> HttpResponse:
    """One entry: how it stands today, the quotation, who cites it, and the way to try it."""
    visit = anybody(request)
    if entry not in faq.ENTRIES:
        return refusal_page(request, Refusal("not_found", "常见问题没有这一条"), visit)
    ids = list(faq.ENTRIES)
    here = ids.index(entry)
    return page(
        request,
        "faq_entry",
        visit,
        entry=faq.ENTRIES[entry],
        exercise=loading.of_entry(entry),
        cited=_by_sort(stated.statements(not request.GET.get("names"), faq=entry)),
        before=ids[here - 1] if here else "",
        after=ids[here + 1] if here + 1 < len(ids) else "",
    )


# ── what is how known ─────────────────────────────────────────────────────────────────────────────────────────────


@require_safe
def fidelity(request: HttpRequest) -> HttpResponse:
    """Everything the simulator states, with its provenance and its entry; with `names`, for who writes programs."""
    wanted = _wanted(request)
    plain = not request.GET.get("names")
    shown = stated.statements(plain, **wanted)
    return page(
        request,
        "fidelity",
        anybody(request),
        wanted=wanted,
        shown=_by_sort(shown),
        found=len(shown),
        counts=stated.counts(plain).items(),
        sorts=stated.Sort.choices,
        provenances=Provenance.choices,
        entries=list(faq.ENTRIES),
        meaning=stated.IN_PLAIN_WORDS if plain else stated.MEANING,
        not_simulated=stated.NOT_SIMULATED,
        rules_version=RULES_VERSION,
        query=urlencode({name: value for name, value in wanted.items() if value}),
    )


@require_safe
def fidelity_json(request: HttpRequest) -> JsonResponse:
    """The same for programs."""
    return JsonResponse(
        {
            "rules_version": RULES_VERSION,
            "meaning": stated.MEANING,
            "not_simulated": stated.NOT_SIMULATED,
            "counts": {provenance.value: n for provenance, n in stated.counts().items()},
            "results": [_read(statement) for statement in stated.statements(**_wanted(request))],
        },
        json_dumps_params={"ensure_ascii": False},
    )


def _read(statement: stated.Statement) -> dict[str, Any]:
    return {
        "sort": statement.sort.value,
        "sort_label": statement.sort.label,
        "name": statement.name,
        "words": statement.words,
        "more": statement.more or None,
        "provenance": statement.provenance.value,
        "faq": statement.faq,
    }


def _wanted(request: HttpRequest) -> dict[str, str]:
    """The filters that are understood; any other value filters nothing."""
    known = {"sort": stated.Sort.values, "provenance": Provenance.values, "faq": list(faq.ENTRIES)}
    return {name: value if (value := _asked(request, name)) in values else "" for name, values in known.items()}


def _by_sort(rows: list[stated.Statement]) -> list[tuple[str, list[stated.Statement]]]:
    return [(str(sort.label), list(group)) for sort, group in groupby(rows, key=lambda statement: statement.sort)]


# ── the lifecycle ─────────────────────────────────────────────────────────────────────────────────────────────────


@require_safe
def machine(request: HttpRequest) -> HttpResponse:
    """The states and edges of a filing as a picture and as a table, and what stands before each deed of the
    applicant."""
    edges = Filing.edges()
    return page(
        request,
        "machine",
        anybody(request),
        chart=chart(list(Status), edges),
        edges=edges,
        guarded=[(kind.label, _guards(kind)) for kind in KINDS.values()],
    )


def _guards(kind: Kind) -> list[dict[str, Any]]:
    """What stands before a kind's deeds, in the order in which it is asked; told as plain values, for a template would
    ask a rule."""
    return [
        {"sentence": fromkey.sentence, "provenance": fromkey.provenance, "faq": fromkey.faq}
        for fromkey in dict.fromkeys(kind.guards)
    ]


def _asked(request: HttpRequest, name: str) -> str:
    return request.GET.get(name, "").replace("\0", "").strip()[:LONGEST]
