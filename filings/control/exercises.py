"""Exercises for programs: the catalogue, attempts, and the same checks over a client's own run."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from rest_framework.request import Request

from filings import control_access, printing
from filings.answers import papers
from filings.answers import training as answers
from filings.control.endpoint import Control, OfSandbox, come_to
from filings.control.formats import FORMATS, Told, answered, told_in
from filings.forms import lab as bodies
from filings.lab.grading import attempts, reporting
from filings.lab.worlds import exercising, worlds
from filings.manners.endpoint import LOCATION, Endpoint, Reply
from filings.manners.operations import OpenApiParameter, extend_schema
from filings.manners.wire import json_response
from filings.models import Attempt, HintTaken, Visit, authority
from filings.rules.dates import at, rfc3339
from filings.rules.events import Verb
from filings.rules.exercises.cases import Case, unfilled
from filings.rules.exercises.grading import Evaluation
from filings.rules.exercises.loading import catalogue
from filings.rules.exercises.schema import VARIANTS, Exercise, Question
from filings.rules.faq import ENTRIES
from filings.rules.refusals import absent
from filings.rules.words import Degree, Disposition, Party
from singlewindow import hosts

TAG = ["exercises"]
HOW = OpenApiParameter("disposition", str, enum=Disposition.values, description="缺省为 inline")


def read_exercise(exercise: Exercise) -> answers.Exercise:
    """An exercise as the catalogue tells it."""
    return answers.Exercise(
        id=exercise.id,
        version=exercise.version,
        title=exercise.title,
        faq=exercise.faq,
        validity=ENTRIES[exercise.faq[0]].validity,
        minutes=exercise.minutes,
        capstone=exercise.capstone,
        modes=Degree.values,
        variants=VARIANTS,
        symptom=unfilled(exercise, exercise.symptom),
        task=unfilled(exercise, exercise.task),
        checks=[answers.CheckAsked(check.id, unfilled(exercise, check.say)) for check in exercise.checks],
        answers=[_question(question, unfilled(exercise, question.ask)) for question in exercise.answers],
    )


def read_begun(begun: attempts.Begun, request: Request) -> answers.BegunAttempt:
    """An attempt that has just begun, with the one secret that is told once."""
    attempt, case = begun.attempt, attempts.case_of(begun.attempt)
    return answers.BegunAttempt(
        id=attempt.public_id,
        exercise=attempt.exercise,
        version=attempt.version,
        seed=attempt.seed,
        mode=attempt.mode,
        sandbox=begun.sandbox.key,
        control_key=begun.control_key,
        accounts=worlds.tokens(begun.sandbox),
        symptom=case.filled(case.exercise.symptom),
        task=case.filled(case.exercise.task),
        answers=_questions(case),
        dossier=hosts.address(request._request, f"{_address(attempt)}/dossier") if case.client else None,
        started_at=rfc3339(attempt.started_at),
    )


def _address(attempt: Attempt) -> str:
    return "/".join(("/control/v1", "attempts", attempt.public_id))


def _questions(case: Case) -> list[answers.Question]:
    return [_question(question, case.filled(question.ask)) for question in case.exercise.answers]


def _question(question: Question, ask: str) -> answers.Question:
    choices = [answers.Choice(choice.value, choice.label) for choice in question.choices]
    return answers.Question(question.id, ask, question.type.value, choices)


def read_attempt(attempt: Attempt) -> answers.ExerciseAttempt:
    """How an attempt stands."""
    return answers.ExerciseAttempt(
        id=attempt.public_id,
        exercise=attempt.exercise,
        version=attempt.version,
        seed=attempt.seed,
        mode=attempt.mode,
        state=attempt.state,
        sandbox=attempt.sandbox.key if attempt.sandbox else None,
        started_at=rfc3339(attempt.started_at),
        ended_at=at(attempt.ended_at),
        evaluations=[
            answers.EvaluationKept(kept.n, rfc3339(kept.at), kept.up_to_seq, kept.passed, kept.score)
            for kept in attempt.evaluations.order_by("n").defer("body", "state")
        ],
        hints=[read_hint(taken) for taken in attempt.hints.order_by("level")],
    )


def read_hint(taken: HintTaken) -> answers.HintOpened:
    """A hint that was opened."""
    return answers.HintOpened(taken.level, rfc3339(taken.at), attempts.words_of(taken))


class Exercises(Control):
    @extend_schema(operation_id="list_exercises", tags=TAG, summary="练习目录", responses=answers.Exercises)
    def get(self, request: Request) -> HttpResponse:
        return json_response(answers.Exercises([read_exercise(loaded.exercise) for loaded in catalogue().values()]))


class OneExercise(Control):
    @extend_schema(operation_id="read_exercise", tags=TAG, summary="一个练习；不含答案", responses=answers.Exercise)
    def get(self, request: Request, exercise: str) -> HttpResponse:
        return json_response(read_exercise(exercising.exercise_of(exercise)))


class Attempts(Control):
    verbs = {"POST": Verb.BEGIN_ATTEMPT}

    @extend_schema(
        operation_id="begin_attempt",
        tags=TAG,
        summary="开始一个练习：另建沙箱，置于练习开始时的场面；同一种子，同一场面",
        request=bodies.AttemptWanted,
        parameters=[LOCATION],
        responses={201: answers.BegunAttempt},
    )
    def post(self, request: Request, exercise: str) -> HttpResponse:
        body = self.body(request, bodies.AttemptWanted)

        def work() -> Reply:
            begun = attempts.begin(exercise, **body)
            location = {"Location": _address(begun.attempt)}
            return Reply(read_begun(begun, request), 201, location, begun.sandbox)

        return self.deed(request, work)


class OfAttempt(Endpoint):
    """An address about one attempt; the control key of its sandbox opens it too, as long as that is there."""

    attempt: Attempt
    visit: Visit | None

    def admit(self, request: Request) -> None:
        found = attempts.find_or_none(self.kwargs["attempt"])
        sandbox = found.sandbox if found else None
        control_access.admit(request._request, sandbox)
        if found is None:
            raise absent("练习记录", self.kwargs["attempt"])
        self.attempt, self.visit = found, None
        if sandbox is not None:
            come_to(sandbox)
            self.visit = authority(sandbox, Party.CUSTOMS, sandbox.now(), by_hand=True)


class OneAttempt(OfAttempt):
    @extend_schema(
        operation_id="read_attempt",
        tags=TAG,
        summary="练习的情况：检查过几次、看过哪些提示",
        responses=answers.ExerciseAttempt,
    )
    def get(self, request: Request, attempt: str) -> HttpResponse:
        return json_response(read_attempt(self.attempt))


class Dossier(OfAttempt):
    @extend_schema(operation_id="read_dossier", tags=TAG, summary="材料包（模拟样张）", responses=papers.Dossier)
    def get(self, request: Request, attempt: str) -> HttpResponse:
        return json_response(papers.dossier(attempts.documents(self.attempt)))


class DossierFile(OfAttempt):
    parameters = frozenset({"disposition"})
    sends = ("application/pdf",)

    @extend_schema(
        operation_id="read_dossier_pdf",
        tags=TAG,
        summary="材料包的 PDF（模拟样张）",
        parameters=[HOW],
        responses={(200, "application/pdf"): bytes},
    )
    def get(self, request: Request, attempt: str) -> HttpResponseBase:
        how = printing.disposition(request.query_params.get("disposition"))
        client, _ = attempts.papers(self.attempt)
        return printing.hand_over_papers(attempts.documents(self.attempt), client.name_cn, how)


class Answers(OfAttempt):
    verbs = {"POST": Verb.ANSWER_QUESTIONS}

    @extend_schema(
        operation_id="answer_questions",
        tags=TAG,
        summary="回答任务的问题：以问题的 id 为名；可以再答，以最后一次为准",
        request={
            "application/json": {
                "type": "object",
                "additionalProperties": {"description": "选择题为选项的 value，是非题为 true 或 false，问答题为文字"},
                "examples": [{"A": True}],
            }
        },
        responses={204: None},
    )
    def post(self, request: Request, attempt: str) -> HttpResponse:
        given: Any = request.data

        def work() -> Reply:
            attempts.answer(self.attempt, given)
            return Reply(None, 204)

        return self.deed(request, work)


class Check(OfAttempt):
    verbs = {"POST": Verb.CHECK_ATTEMPT}

    @extend_schema(
        operation_id="check_attempt",
        tags=TAG,
        summary="检查：逐项说明通过、未通过或尚未，以及凭据",
        request=bodies.Nothing,
        responses=answers.Judgement,
    )
    def post(self, request: Request, attempt: str) -> HttpResponse:
        self.body(request, bodies.Nothing)
        return self.deed(request, lambda: Reply(answers.judgement(attempts.check(self.attempt))))


class Hints(OfAttempt):
    verbs = {"POST": Verb.TAKE_HINT}

    @extend_schema(
        operation_id="take_hint",
        tags=TAG,
        summary="看下一条提示：方向、规则原文、步骤；考核中没有提示",
        request=bodies.Nothing,
        responses=answers.HintOpened,
    )
    def post(self, request: Request, attempt: str) -> HttpResponse:
        self.body(request, bodies.Nothing)
        return self.deed(request, lambda: Reply(read_hint(attempts.hint(self.attempt))))


class Conformance(Told, OfSandbox):
    verbs = {"POST": Verb.CHECK_ATTEMPT}

    @extend_schema(
        operation_id="check_conformance",
        tags=TAG,
        summary="对以 exercise 新建的沙箱作同样的检查",
        request=bodies.Nothing,
        parameters=[told_in("junit 中未通过和尚未的为 failure")],
        responses=answered(answers.Judgement),
    )
    def post(self, request: Request, sandbox: str) -> HttpResponse:
        self.body(request, bodies.Nothing)
        wanted = self.wanted(request)
        if wanted == "json":
            return self.deed(request, lambda: Reply(answers.judgement(self._judged()[1])))
        with self.visit.held():
            attempt, found = self._judged()
        if wanted == "junit":
            report = reporting.junit(attempt, found)
            return HttpResponse(report, content_type=f"{FORMATS['junit']}; charset=utf-8")
        context = {"attempt": attempt, "exercise": attempts.exercise_of(attempt), "judgement": found}
        return render(request._request, "control/conformance.html", context)

    def _judged(self) -> tuple[Attempt, Evaluation]:
        attempt = attempts.of(self.sandbox)
        return attempt, attempts.check(attempt)
