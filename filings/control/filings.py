"""Scenarios, and acting on filings as the authorities do."""

from __future__ import annotations

from functools import partial

from django.http import HttpResponse
from rest_framework.request import Request

from filings import desk
from filings.answers import handling as answers
from filings.control.endpoint import Control, OfSandbox
from filings.customs import officer
from filings.forms import lab as bodies
from filings.lab.watching import explaining
from filings.lab.worlds import queueing, worlds
from filings.manners.endpoint import Reply
from filings.manners.operations import OpenApiParameter, extend_schema
from filings.manners.paging import PAGE, PAGING, page
from filings.manners.wire import json_response
from filings.models import Filing
from filings.record.enquiries import party
from filings.rules import scenarios
from filings.rules.dates import rfc3339
from filings.rules.events import Verb
from filings.rules.kinds import KINDS, REGISTRATION
from filings.rules.refusals import Refusal, absent
from filings.rules.words import Status

TAG = ["filings"]
ACTIONS = ["send", "store", "route_manual", "approve", "hold", "release"]
"""What takes no words; `reject` and `advance` do."""


def read_filing(filing: Filing) -> answers.HandledFiling:
    """A filing as its handlers see it; the applicant's view is the business plane's."""
    return answers.HandledFiling(
        id=filing.public_id,
        number=filing.number,
        kind=filing.kind,
        enterprise=party(filing.enterprise),
        filing_mode=filing.filing_mode,
        status=filing.status,
        status_label=Status(filing.status).label,
        status_since=rfc3339(filing.status_since),
        version=filing.version,
        held=filing.held,
        scenario=filing.scenario or filing.pinned_scenario or None,
        allowed=desk.authorities_may(filing),
    )


class Scenarios(Control):
    @extend_schema(
        operation_id="list_scenarios", tags=["scenarios"], summary="情景目录与节奏", responses=answers.Scenarios
    )
    def get(self, request: Request) -> HttpResponse:
        reasons = [
            answers.RejectionReason(reason.code, reason.public, reason.internal)
            for reason in scenarios.REASONS.values()
        ]
        return json_response(answers.Scenarios(explaining.scenario_catalogue(), reasons))


class DefaultScenario(OfSandbox):
    verbs = {"PUT": Verb.SET_SCENARIO}

    @extend_schema(
        operation_id="set_scenario",
        tags=["scenarios"],
        summary="设置沙箱的缺省情景",
        request=bodies.ScenarioWanted,
        responses=answers.ChosenScenario,
    )
    def put(self, request: Request, sandbox: str) -> HttpResponse:
        chosen = str(scenarios.parse(self.body(request, bodies.ScenarioWanted)["scenario"]))

        def work() -> Reply:
            worlds.answer_by(self.sandbox, chosen)
            return Reply(answers.ChosenScenario(chosen))

        return self.deed(request, work)


class ScenarioQueue(OfSandbox):
    verbs = {"POST": Verb.QUEUE_SCENARIO}

    @extend_schema(
        operation_id="list_scenario_queue",
        tags=["scenarios"],
        summary="情景队列，先到先用",
        responses=answers.ScenarioQueue,
    )
    def get(self, request: Request, sandbox: str) -> HttpResponse:
        return json_response(
            answers.ScenarioQueue([queueing.read(queued) for queued in queueing.waiting(self.sandbox)])
        )

    @extend_schema(
        operation_id="queue_scenario",
        tags=["scenarios"],
        summary="让一个情景答复以后若干次符合条件的申报",
        request=bodies.Queued,
        responses={201: answers.QueuedScenario},
    )
    def post(self, request: Request, sandbox: str) -> HttpResponse:
        body = self.body(request, bodies.Queued)
        match = body.get("match", {})

        def work() -> Reply:
            queued = queueing.put(
                self.sandbox,
                body["scenario"],
                kind=match.get("kind") or "",
                uscc=match.get("uscc") or "",
                times=body.get("times", 1),
            )
            return Reply(queueing.read(queued), 201)

        return self.deed(request, work)


class OneQueued(OfSandbox):
    verbs = {"DELETE": Verb.UNQUEUE_SCENARIO}

    @extend_schema(operation_id="unqueue_scenario", tags=["scenarios"], summary="从队列中取出", responses={204: None})
    def delete(self, request: Request, sandbox: str, queued: str) -> HttpResponse:
        def work() -> Reply:
            queueing.take_back(self.sandbox, queued)
            return Reply(None, 204)

        return self.deed(request, work)


class RawReceipts(OfSandbox):
    verbs = {"POST": Verb.INJECT_RECEIPT}

    @extend_schema(
        operation_id="inject_receipt",
        tags=TAG,
        summary="注入一份原始回执：重复的、迟到的、次序颠倒的；状态不变",
        request=bodies.RawReceipt,
        responses={201: answers.InjectedReceipt},
    )
    def post(self, request: Request, sandbox: str, filing: str) -> HttpResponse:
        body = self.body(request, bodies.RawReceipt)

        def work() -> Reply:
            made = desk.inject(self.visit, filing, Status(body.pop("status")), **body)
            return Reply(answers.InjectedReceipt(made.public_id, filing, rfc3339(made.at), made.status, made.text), 201)

        return self.deed(request, work)


class Filings(OfSandbox):
    parameters = PAGE

    @extend_schema(
        operation_id="list_sandbox_filings",
        tags=TAG,
        summary="沙箱内的申请单，新的在前",
        parameters=PAGING,
        responses=answers.HandledFilingPage,
    )
    def get(self, request: Request, sandbox: str) -> HttpResponse:
        rows = explaining.seen_by_customs(self.sandbox).select_related("enterprise")
        return json_response(
            page(answers.HandledFilingPage, request, rows, lambda found: [read_filing(filing) for filing in found])
        )


class PinnedScenario(OfSandbox):
    verbs = {"PUT": Verb.PIN_SCENARIO}

    @extend_schema(
        operation_id="pin_scenario",
        tags=["scenarios"],
        summary="为一份申请单指定情景",
        request=bodies.ScenarioWanted,
        responses=answers.ChosenScenario,
    )
    def put(self, request: Request, sandbox: str, filing: str) -> HttpResponse:
        chosen = str(scenarios.parse(self.body(request, bodies.ScenarioWanted)["scenario"]))

        def work() -> Reply:
            queueing.pin(self.visit, filing, chosen)
            return Reply(answers.ChosenScenario(chosen))

        return self.deed(request, work)


class Rejecting(OfSandbox):
    verbs = {"POST": Verb.REJECT}

    @extend_schema(
        operation_id="reject_filing",
        tags=TAG,
        summary="审批不通过，连同给企业看的和内部的原因",
        request=bodies.Rejection,
        responses=answers.HandledFiling,
    )
    def post(self, request: Request, sandbox: str, filing: str) -> HttpResponse:
        def work() -> Reply:
            read = partial(self.body, request, bodies.Rejection)
            return Reply(
                read_filing(officer.act(self.sandbox, filing, Verb.REJECT, self.sandbox.now(), by_hand=True, read=read))
            )

        return self.deed(request, work)


class Walking(OfSandbox):
    verbs = {"POST": Verb.WALK}

    @extend_schema(
        operation_id="advance_filing",
        tags=TAG,
        summary="推进到一个状态，途经的每个状态都有回执",
        request=bodies.Destination,
        responses=answers.HandledFiling,
    )
    def post(self, request: Request, sandbox: str, filing: str) -> HttpResponse:
        words = self.body(request, bodies.Destination)
        to = Status(words.pop("to"))
        return self.deed(
            request, lambda: Reply(read_filing(officer.advance(self.sandbox, filing, to, self.sandbox.now(), **words)))
        )


class Action(OfSandbox):
    @extend_schema(
        operation_id="act_on_filing",
        tags=TAG,
        summary="以单一窗口、海关或商务部门的身份处理；hold 使申请单停住，release 使它继续",
        request=bodies.Nothing,
        responses=answers.HandledFiling,
        parameters=[OpenApiParameter("action", str, OpenApiParameter.PATH, enum=ACTIONS)],
    )
    def post(self, request: Request, sandbox: str, filing: str, action: str) -> HttpResponse:
        if action not in ACTIONS:
            raise absent("操作", action, "名", remedy=f"可以办理的为 {'、'.join([*ACTIONS, 'reject', 'advance'])}")
        self.body(request, bodies.Nothing)
        return self.deed(request, lambda: Reply(read_filing(self._act(filing, action))))

    @property
    def verb(self) -> Verb:
        return Verb(self.kwargs["action"])

    def _act(self, filing: str, action: str) -> Filing:
        if action in ("hold", "release"):
            return desk.hold(self.visit, filing, action == "hold")
        return officer.act(self.sandbox, filing, action, self.sandbox.now(), by_hand=True)


class Explain(OfSandbox):
    @extend_schema(
        operation_id="explain_filing", tags=TAG, summary="为什么在这里，怎样才会动", responses=answers.Explanation
    )
    def get(self, request: Request, sandbox: str, filing: str) -> HttpResponse:
        return json_response(explaining.explain(self.sandbox, desk.find(self.visit, filing)))


class Machine(Control):
    parameters = frozenset({"kind"})

    @extend_schema(
        operation_id="machine",
        tags=["scenarios"],
        summary="一类申请的状态机：JSON 与 Mermaid",
        responses=answers.Machine,
        parameters=[
            OpenApiParameter("kind", str, enum=list(KINDS), description="缺省为 registration；海关三类申请的流转相同")
        ],
    )
    def get(self, request: Request) -> HttpResponse:
        kind = KINDS.get(request.query_params.get("kind", REGISTRATION.name))
        if kind is None:
            raise Refusal("unknown_parameter", f"kind 应为 {'、'.join(KINDS)} 之一")
        return json_response(explaining.machine(kind))
