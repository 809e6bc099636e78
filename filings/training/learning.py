"""In and out, the course as a map, and the 错题本."""

from __future__ import annotations

from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import rotate_token
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from filings import control_access, learners, visits
from filings.forms.training import LONGEST_NOTE, ComeBack, ComeIn, LearnersNote
from filings.lab.grading import learning, progress, rows
from filings.manners import cookies
from filings.manners.entering import anybody
from filings.manners.entering import leave as leave_exercise
from filings.manners.filling import FORM, Filling
from filings.manners.screens import onward
from filings.models import Learner
from filings.rules.refusals import Refusal
from filings.training.doors import known, page, who
from filings.training.exercising import Tried
from filings.training.mapping import Map

CODE = "sim_return_code"
"""Holds the return code until its learner has noted it."""

CODE_SHOWN = timedelta(minutes=30)
"""How long it is shown. Ours."""


# ── in and out ────────────────────────────────────────────────────────────────────────────────────────────────────


@require_POST
def come_in(request: HttpRequest) -> HttpResponse:
    """Somebody new: by a name, and the code of a class if they are in one."""
    try:
        made, code = learners.come_in(**ComeIn.from_post(request.POST))
    except Refusal as refusal:
        return _door(request, new=refusal)
    response = _in(request, made, onward(reverse("learn_code")))
    cookies.keep(response, CODE, code, CODE_SHOWN)
    return response


@require_POST
def come_back(request: HttpRequest) -> HttpResponse:
    """Somebody who was here: by name and return code."""
    try:
        given = ComeBack.from_post(request.POST)
        found = learners.come_back(given["name"], given["return_code"], control_access.caller(request))
    except Refusal as refusal:
        return _door(request, back=refusal)
    return _in(request, found, onward(reverse("learn"), "back"))


@never_cache
@require_safe
@known
def return_code(request: HttpRequest, learner: Learner) -> HttpResponse:
    """The return code, large and to be printed; it is told only here."""
    code = request.COOKIES.get(CODE, "")
    return page(request, "code", learner, code=code) if code else onward(reverse("learn"))


@require_POST
@known
def leave(request: HttpRequest, learner: Learner) -> HttpResponse:
    """Out, and out of the exercise this browser is in."""
    response = onward(reverse("learn"), "left")
    visit = anybody(request)
    attempt = rows.of(visit.sandbox) if visit else None
    if visit and attempt and attempt.learner == learner.key:
        visits.log_out(visit)
        leave_exercise(request, response)
    cookies.drop(response, learners.COOKIE)
    cookies.drop(response, CODE)
    return response


def _in(request: HttpRequest, learner: Learner, response: HttpResponse) -> HttpResponse:
    rotate_token(request)
    cookies.keep(response, learners.COOKIE, learners.token(learner), learners.LASTS)
    return response


def _door(request: HttpRequest, *, new: Refusal | None = None, back: Refusal | None = None) -> HttpResponse:
    """The page before the course, with what was refused of either form."""
    return page(
        request,
        "door",
        new=Filling(ComeIn, request.POST if new else None, new, at="new-"),
        back=Filling(ComeBack, request.POST if back else None, back, at="back-"),
        refusal=new or back,
    )


# ── the course ────────────────────────────────────────────────────────────────────────────────────────────────────


@require_safe
def course(request: HttpRequest) -> HttpResponse:
    """The course as a map, what comes next, and what was done last."""
    learner = who(request)
    if learner is None:
        return _door(request)
    parts = progress.course(learner)
    response = page(
        request,
        "course",
        learner,
        maps=[Map.of(part) for part in parts],
        next=progress.next_place(parts),
        due=sum(row.due for row in progress.diary(learner)),
        latest=[Tried.of(attempt) for attempt in learning.latest(learner)],
        passed=sum(part.passed for part in parts),
        all=sum(len(part.places) for part in parts),
    )
    if CODE in request.COOKIES:
        cookies.drop(response, CODE)
    return response


# ── 错题本 ────────────────────────────────────────────────────────────────────────────────────────────────────────


@require_http_methods(FORM)
@known
def diary(request: HttpRequest, learner: Learner) -> HttpResponse:
    """The wrong moves, due ones first; what the learner notes there is kept."""
    refusal = None
    if request.method == "POST":
        try:
            given = LearnersNote.from_post(request.POST)
            progress.note(learner, given["exercise"], given["move"], given.get("note", ""))
            return onward(f"{reverse('learn_diary')}#{given['exercise']}-{given['move']}", "noted")
        except Refusal as error:
            refusal = error
    remembered = progress.diary(learner)
    return page(request, "diary", learner, rows=remembered, typed=request.POST, refusal=refusal, longest=LONGEST_NOTE)
