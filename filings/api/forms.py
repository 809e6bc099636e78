"""The sheets: what they ask, and how they stand while being filled."""

from __future__ import annotations

from django.http import HttpResponse
from rest_framework.request import Request

from filings import desk
from filings.answers import forms as answers
from filings.api.endpoint import Counter
from filings.forms import portal as bodies
from filings.manners.operations import OpenApiParameter, extend_schema
from filings.manners.wire import json_response
from filings.record import enquiries
from filings.record.facts import facts
from filings.rules.events import Verb
from filings.rules.kinds import KINDS, Kind
from filings.rules.refusals import absent

KIND = OpenApiParameter("kind", str, OpenApiParameter.PATH, enum=list(KINDS))


def kind_named(name: str) -> Kind:
    """A kind of filing. Raises 404."""
    if name not in KINDS:
        raise absent("申请", name, "名")
    return KINDS[name]


class Forms(Counter):
    @extend_schema(operation_id="list_forms", tags=["forms"], summary="表单一览", responses=answers.Forms)
    def get(self, request: Request) -> HttpResponse:
        return json_response(answers.Forms([answers.FormName(kind.name, kind.label) for kind in KINDS.values()]))


class Form(Counter):
    @extend_schema(
        operation_id="read_form", tags=["forms"], summary="表单的分组与字段", parameters=[KIND], responses=answers.Form
    )
    def get(self, request: Request, kind: str) -> HttpResponse:
        found = kind_named(kind)
        return json_response(
            answers.Form(found.name, found.label, found.promised_in, answers.FormGroup.all_of(found.sheet))
        )


class FormState(Counter):
    verbs = {"POST": Verb.FILL}

    @extend_schema(
        operation_id="form_state",
        tags=["forms"],
        summary="填写中的表单：每个字段的底色、默认值、推荐值与原因",
        parameters=[KIND],
        request=bodies.Filling,
        responses=answers.FormState,
    )
    def post(self, request: Request, kind: str) -> HttpResponse:
        of_kind = kind_named(kind)
        self.demand_enterprise()
        body = self.body(request, bodies.Filling)
        filing = desk.find(self.visit, body["filing"], pointer="/filing") if body.get("filing") else None
        if filing:
            enquiries.expect_told(self.visit, filing)
        known = facts(self.visit, filing)
        kept = filing.content if filing else of_kind.blank(known)
        appraisal = desk.appraisal_of(of_kind, known, kept, body["content"], declaring=True)
        return json_response(
            answers.FormState(
                fields={name: answers.FieldState.of(state) for name, state in appraisal.states().items()},
                errors=[answers.Notice.of(error) for error in appraisal.errors],
                warnings=[answers.Notice.of(warning) for warning in appraisal.warnings],
                changes=[answers.Change.of(change) for change in appraisal.changes],
            )
        )
