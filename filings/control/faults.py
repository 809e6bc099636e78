"""Faults: failures of transport and delivery, and the documented glitches by their situations' names."""

from __future__ import annotations

from django.http import HttpResponse
from rest_framework.request import Request

from filings.answers import watching as answers
from filings.control.endpoint import OfSandbox
from filings.forms import lab as bodies
from filings.lab.faults import faults as lab
from filings.manners.endpoint import Reply
from filings.manners.operations import extend_schema
from filings.manners.wire import json_response
from filings.rules import faults
from filings.rules.events import Verb

TAG = ["faults"]


class Faults(OfSandbox):
    verbs = {"POST": Verb.PUT_FAULT}

    @extend_schema(operation_id="list_faults", tags=TAG, summary="有效的故障，以及故障目录", responses=answers.Faults)
    def get(self, request: Request, sandbox: str) -> HttpResponse:
        catalogue = [
            answers.FaultKind(
                fault.name,
                fault.title,
                fault.of,
                fault.faq,
                list(faults.MATCHES[fault.of]),
                [answers.FaultParameter(p.name, p.title, p.default) for p in fault.parameters],
            )
            for fault in faults.FAULTS.values()
        ]
        return json_response(answers.Faults([lab.read(fault) for fault in lab.in_force(self.sandbox)], catalogue))

    @extend_schema(
        operation_id="put_fault",
        tags=TAG,
        summary="布置一个故障：按条件、次数、概率、时限",
        request=bodies.NewFault,
        responses={201: answers.Fault},
    )
    def post(self, request: Request, sandbox: str) -> HttpResponse:
        body = self.body(request, bodies.NewFault)
        fault, match = body.pop("fault"), body.pop("match", {})

        def work() -> Reply:
            return Reply(lab.read(lab.put(self.sandbox, fault, match, **body)), 201)

        return self.deed(request, work)


class OneFault(OfSandbox):
    verbs = {"DELETE": Verb.TAKE_FAULT}

    @extend_schema(operation_id="take_fault_away", tags=TAG, summary="撤去故障", responses={204: None})
    def delete(self, request: Request, sandbox: str, fault: str) -> HttpResponse:
        def work() -> Reply:
            lab.take_away(self.sandbox, fault)
            return Reply(None, 204)

        return self.deed(request, work)
