"""The sheets: what they ask, and how they stand while being filled."""

from __future__ import annotations

from django.http import HttpResponse
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request

from filings import desk, enquiries
from filings.api import shapes
from filings.api.endpoint import Counter
from filings.facts import facts
from filings.forms import portal as bodies
from filings.manners.wire import json_response
from filings.rules.describing import describe
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
    @extend_schema(operation_id="list_forms", tags=["表单"], summary="表单一览", responses=shapes.Forms)
    def get(self, request: Request) -> HttpResponse:
        return json_response({"results": [{"kind": kind.name, "label": kind.label} for kind in KINDS.values()]})


class Form(Counter):
    @extend_schema(operation_id="read_form", tags=["表单"], summary="表单的分组与字段", parameters=[KIND], responses=shapes.Form)
    def get(self, request: Request, kind: str) -> HttpResponse:
        found = kind_named(kind)
        told = {"kind": found.name, "label": found.label, "promised_working_days": found.promised_in}
        return json_response({**told, "groups": describe(found.sheet)})


class FormState(Counter):
    verbs = {"POST": Verb.FILL}

    @extend_schema(
        operation_id="form_state",
        tags=["表单"],
        summary="填写中的表单：每个字段的底色、默认值、推荐值与原因",
        parameters=[KIND],
        request=bodies.Filling,
        responses=shapes.FormState,
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
            {
                "fields": {name: state.as_dict() for name, state in appraisal.states().items()},
                "errors": [error.as_dict() for error in appraisal.errors],
                "warnings": [warning.as_dict() for warning in appraisal.warnings],
                "changes": appraisal.changes,
            }
        )
