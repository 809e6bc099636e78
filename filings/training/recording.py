"""What is recorded of a learner: told, handed over, deleted; and the record of self-study with its verification."""

from __future__ import annotations

from urllib.parse import quote, urljoin

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from filings import learners, printing
from filings.lab.grading import certifying, learning, progress, rows
from filings.manners import cookies
from filings.manners.entering import anybody
from filings.manners.entering import leave as leave_exercise
from filings.manners.filling import FORM
from filings.manners.screens import onward
from filings.models import Learner
from filings.rules.dates import local, local_date
from filings.rules.refusals import Refusal
from filings.training.doors import known, page
from singlewindow import hosts


@require_safe
@known
def record(request: HttpRequest, learner: Learner) -> HttpResponse:
    """All that is recorded of a learner, and what can be done with it."""
    recorded = learning.recorded(learner)
    return page(
        request,
        "record",
        learner,
        parts=progress.course(learner),
        attempts=len(recorded["attempts"]),
        checks=sum(each["asked"] for attempt in recorded["attempts"] for each in attempt["evaluations"]),
        hints=sum(len(attempt["hints"]) for attempt in recorded["attempts"]),
        mistakes=progress.diary(learner),
        kept_days=learners.KEPT.days,
    )


@require_safe
@known
def record_json(request: HttpRequest, learner: Learner) -> HttpResponse:
    """The same as a file."""
    name = quote(f"学习记录_{learner.name}.json", safe="")
    return JsonResponse(
        learning.recorded(learner),
        json_dumps_params={"ensure_ascii": False, "indent": 1},
        headers={"Content-Disposition": f"attachment; filename*=UTF-8''{name}"},
    )


@require_safe
@known
def record_pdf(request: HttpRequest, learner: Learner) -> HttpResponse:
    """The record of self-study, to be printed."""
    from filings.printing.self_study import Studied, StudyRecord

    found = certifying.record(learner)
    paper = StudyRecord(
        name=learner.name,
        training_class=learner.training_class.name if learner.training_class else "",
        dated=f"{local_date(found.at)}",
        rules_version=found.rules_version,
        summary=f"{found.all} 个练习中，通过 {found.passed} 个；共看过 {found.hints} 条提示",
        parts=[
            (
                f"{part.title}（通过 {part.passed} / {len(part.places)}）",
                [
                    Studied(place.number or "综合", place.exercise.title, place.standing.label, place.hints)
                    for place in part.places
                ],
            )
            for part in found.parts
        ],
        code=found.code,
        address=urljoin(hosts.address(request), reverse("learn_verify", args=[found.code])),
    )
    return printing.hand_over_study_record(paper, printing.disposition(request.GET.get("disposition")))


@require_http_methods(FORM)
@known
def forget(request: HttpRequest, learner: Learner) -> HttpResponse:
    """忘记我: asked first; then all that is recorded of them goes."""
    if request.method != "POST":
        return page(request, "forget", learner)
    response = onward(reverse("learn"), "forgotten")
    visit = anybody(request)
    attempt = rows.of(visit.sandbox) if visit else None
    if attempt and attempt.learner == learner.key:
        leave_exercise(request, response)
    learners.forget(learner)
    cookies.drop(response, learners.COOKIE)
    return response


@require_safe
def verify(request: HttpRequest, code: str) -> HttpResponse:
    """核验: what is true of a record of self-study. Open to whoever holds the paper."""
    found = certifying.opened(code)
    if found is None:
        return page(request, "notice", refusal=Refusal("not_found", "没有这份自学记录，或学员已删除自己的记录"))
    return page(request, "verify", found=found, at=local(found.at))
