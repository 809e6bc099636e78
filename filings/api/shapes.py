"""What the business plane answers, for the OpenAPI document; a test holds the answers to it."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema_field, inline_serializer
from rest_framework import serializers as s

from filings.manners.paging import CURSOR, TEXT
from filings.rules.faq import ENTRIES
from filings.rules.kinds import KINDS
from filings.rules.words import (
    CardStatus,
    CardType,
    Category,
    Desk,
    Medium,
    Mode,
    Provenance,
    Publicity,
    Qualification,
    Shade,
    Stage,
    Standing,
    Status,
    Topic,
    UserType,
)

MOMENT = {"type": "string", "anyOf": [{"format": "date"}, {"format": "date-time"}], "pattern": "^(19|2[0-2])[0-9]{2}-"}
FILTERS = [
    OpenApiParameter("kind", str, enum=list(KINDS)),
    OpenApiParameter("status", str, enum=[*Status.values, *Status.labels], description="状态代码或中文名称"),
    OpenApiParameter("since", MOMENT, description="自此日期或时刻起新增的"),
    OpenApiParameter("until", MOMENT, description="此日期或时刻之前新增的"),
    OpenApiParameter("client_reference", TEXT),
]
PLACE = OpenApiParameter("cursor", {"type": "string", "pattern": CURSOR}, description="由 next、previous 给出")
PAGING = [OpenApiParameter("limit", {"type": "integer", "minimum": 1, "maximum": 500, "default": 50}), PLACE]
UPLOAD = {
    "type": "object",
    "additionalProperties": False,
    "required": ["file"],
    "properties": {
        "file": {"type": "string", "format": "binary"},
        "type": {"type": "string", "enum": ["record_form", "licence", "other"], "default": "other"},
    },
}


@extend_schema_field({"anyOf": [{"$ref": f"#/components/schemas/{kind.sheet.__name__}Content"} for kind in KINDS.values()]})
class SheetContent(s.JSONField):
    """A sheet's content, whole: every key, null where nothing is filled."""


@extend_schema_field({"type": ["string", "boolean", "array"]})
class AnyValue(s.JSONField):
    """A field's value."""


class Party(s.Serializer[Any]):
    uscc = s.CharField()
    name_cn = s.CharField()


class AccountBrief(s.Serializer[Any]):
    username = s.CharField()
    user_type = s.ChoiceField(UserType.choices)
    display_name = s.CharField()


class Account(AccountBrief):
    enterprise = Party(allow_null=True)


class Who(s.Serializer[Any]):
    medium = s.ChoiceField(Medium.choices)
    expires_at = s.DateTimeField(allow_null=True)
    account = AccountBrief()
    enterprise = Party(allow_null=True)


class LoggedIn(Who):
    token = s.CharField()


class FormName(s.Serializer[Any]):
    kind = s.CharField()
    label = s.CharField()  # type: ignore[assignment]


class Forms(s.Serializer[Any]):
    results = FormName(many=True)


class FormField(s.Serializer[Any]):
    name = s.CharField()
    label = s.CharField()  # type: ignore[assignment]
    type = s.CharField()
    max_length = s.IntegerField(allow_null=True)
    code_table = s.CharField(allow_null=True)
    default = AnyValue(allow_null=True)
    hint = s.CharField(allow_null=True)
    faq = s.CharField(allow_null=True)
    provenance = s.ChoiceField(Provenance.choices)
    required_when = s.CharField(allow_null=True)
    locked_when = s.CharField(allow_null=True)


class FormGroup(s.Serializer[Any]):
    name = s.CharField()
    tab = s.CharField()
    title = s.CharField()
    fields_ = FormField(many=True)

    def get_fields(self) -> dict[str, Any]:
        fields = super().get_fields()
        fields["fields"] = fields.pop("fields_")
        return fields


class Form(FormName):
    promised_working_days = s.IntegerField(allow_null=True, help_text="承诺办结的工作日数（公开资料）；null：没有公开资料")
    groups = FormGroup(many=True)


class Fault(s.Serializer[Any]):
    pointer = s.CharField()
    code = s.CharField()
    detail = s.CharField()
    faq = s.CharField(allow_null=True)


class Notice(Fault):
    provenance = s.ChoiceField(Provenance.choices)


class Change(s.Serializer[Any]):
    pointer = s.CharField()
    to = AnyValue(allow_null=True)
    reason = s.CharField()

    def get_fields(self) -> dict[str, Any]:
        return {**super().get_fields(), "from": AnyValue(allow_null=True)}


class FieldState(s.Serializer[Any]):
    shade = s.ChoiceField(Shade.choices)
    editable = s.BooleanField()
    required = s.BooleanField()  # type: ignore[assignment]
    value = AnyValue(allow_null=True)
    default = AnyValue(allow_null=True)
    recommended = s.CharField(allow_null=True)
    reason = s.CharField(allow_null=True)
    faq = s.CharField(allow_null=True)


class FormState(s.Serializer[Any]):
    errors_ = Notice(many=True)
    warnings = Notice(many=True)
    changes = Change(many=True)

    def get_fields(self) -> dict[str, Any]:
        fields = super().get_fields()
        return {"fields": s.DictField(child=FieldState()), "errors": fields.pop("errors_"), **fields}


class Advice(s.Serializer[Any]):
    code = s.ChoiceField(["submit", "wait", "contact_platform", "contact_customs", "contact_mofcom", "decided"])
    text = s.CharField()
    contact = s.CharField(allow_null=True)


class OverviewRow(s.Serializer[Any]):
    id = s.CharField()
    number = s.CharField(min_length=18, max_length=18)
    kind = s.ChoiceField(list(KINDS))
    kind_label = s.CharField()
    enterprise = Party()
    status = s.ChoiceField(Status.choices)
    status_label = s.CharField()
    declared_at = s.DateTimeField(allow_null=True)
    status_since = s.DateTimeField()


class Filing(OverviewRow):
    filing_mode = s.ChoiceField(Mode.choices)
    stage = s.ChoiceField(Stage.choices)
    version = s.IntegerField(min_value=1)
    agent = Party(allow_null=True)
    content = SheetContent()
    changed = s.ListField(child=s.CharField(), required=False, help_text="仅变更申请：与备案不同的字段")
    warnings = Notice(many=True)
    advice = Advice()
    actions = s.ListField(child=s.CharField())
    created_at = s.DateTimeField()
    copied_from = s.CharField(allow_null=True)
    client_reference = s.CharField(allow_null=True)


class Saved(Filing):
    changes = Change(many=True)


class Step(s.Serializer[Any]):
    seq = s.IntegerField()
    at = s.DateTimeField()
    to = s.ChoiceField(Status.choices)
    label = s.CharField()  # type: ignore[assignment]
    by = s.CharField()

    def get_fields(self) -> dict[str, Any]:
        return {**super().get_fields(), "from": s.ChoiceField(Status.choices, allow_null=True)}


class Timeline(s.Serializer[Any]):
    results = Step(many=True)


class Receipt(s.Serializer[Any]):
    id = s.CharField()
    filing = s.CharField()
    number = s.CharField()
    kind = s.ChoiceField(list(KINDS))
    at = s.DateTimeField()
    status = s.ChoiceField(Status.choices)
    status_label = s.CharField()
    text = s.CharField()
    acknowledged_at = s.DateTimeField(allow_null=True)
    simulated = s.BooleanField()
    reason = s.CharField(required=False, allow_null=True, help_text="仅变更、注销申请，且仅在卡介质登录时给出（FAQ 2.6）")


class Transmitted(s.Serializer[Any]):
    sha256 = s.CharField()
    text = s.CharField()
    message = s.DictField()


class Attachment(s.Serializer[Any]):
    n = s.IntegerField()
    type = s.ChoiceField(["record_form", "licence", "other"])
    type_label = s.CharField()
    filename = s.CharField()
    content_type = s.CharField()
    size = s.IntegerField()
    sha256 = s.CharField()
    uploaded_at = s.DateTimeField()


class Attachments(s.Serializer[Any]):
    results = Attachment(many=True)


class Capabilities(s.Serializer[Any]):
    print_certificate = s.BooleanField()


class FormerRecord(s.Serializer[Any]):
    customs_code = s.CharField(allow_null=True)
    categories = s.ListField(child=s.CharField())
    registered_on = s.DateField(allow_null=True)
    valid_until = s.DateField(allow_null=True)
    deregistered_on = s.DateField(allow_null=True)


class BackfillRequirement(s.Serializer[Any]):
    required = s.BooleanField()  # type: ignore[assignment]
    answer = s.CharField()
    determination = s.ChoiceField(["not_needed", "needed", "not_applicable", "not_registered", "backfilled"])
    lacking = s.ChoiceField(Qualification.choices, allow_null=True)
    customs_qualified_on = s.DateField(allow_null=True)
    inspection_qualified_on = s.DateField(allow_null=True)
    faq = s.CharField()
    provenance = s.ChoiceField(Provenance.choices)


class Backfill(s.Serializer[Any]):
    qualification = s.ChoiceField(Qualification.choices)
    number = s.CharField(allow_null=True)
    remarks = s.CharField(allow_null=True)
    at = s.DateTimeField()


class Mandate(s.Serializer[Any]):
    id = s.CharField()
    role = s.ChoiceField(["principal", "agent"])
    principal = Party()
    agent = Party()
    status = s.ChoiceField(["active", "expired", "revoked"])
    status_label = s.CharField()
    valid_to = s.DateField(allow_null=True)
    given_at = s.DateTimeField()
    revoked_at = s.DateTimeField(allow_null=True)


class EnterpriseCard(s.Serializer[Any]):
    n = s.IntegerField(min_value=1)
    type = s.ChoiceField(CardType.choices)
    type_label = s.CharField()
    card_no = s.CharField(allow_null=True, help_text="制发后给出")
    holder_name = s.CharField()
    holder_id_type = s.CharField(allow_null=True)
    holder_id_number = s.CharField(allow_null=True)
    username = s.CharField()
    status = s.ChoiceField(CardStatus.choices)
    status_label = s.CharField()
    applied_at = s.DateTimeField()
    issued_at = s.DateTimeField(allow_null=True)
    cancelled_at = s.DateTimeField(allow_null=True)
    valid_until = s.DateField(allow_null=True)
    warnings = Notice(many=True)
    simulated = s.BooleanField()


class SealCertificate(s.Serializer[Any]):
    n = s.IntegerField(min_value=1)
    latest = s.BooleanField()
    serial_number = s.CharField()
    username = s.CharField()
    issued_at = s.DateTimeField()
    valid_until = s.DateTimeField()
    superseded_at = s.DateTimeField(allow_null=True)
    next_at = s.DateTimeField(help_text="自此时刻起，该账户可再次申请（FAQ 1.6）")
    p12_password = s.CharField()
    simulated = s.BooleanField()


class Challenge(s.Serializer[Any]):
    random = s.CharField()
    expires_at = s.DateTimeField()


class Enterprise(s.Serializer[Any]):
    uscc = s.CharField()
    name_cn = s.CharField()
    registered = s.BooleanField()
    standing = s.ChoiceField(Standing.choices)
    standing_label = s.CharField()
    customs_code = s.CharField(allow_null=True)
    inspection_number = s.CharField(allow_null=True)
    categories = s.ListField(child=s.CharField())
    qualifications = s.ListField(child=s.ChoiceField(Qualification.choices))
    registered_on = s.DateField(allow_null=True)
    valid_until = s.DateField(allow_null=True)
    synced_at = s.DateTimeField(allow_null=True)
    history = FormerRecord(many=True)
    capabilities = Capabilities()


class ClientControl(s.Serializer[Any]):
    installed = s.BooleanField()
    running = s.BooleanField()
    version = s.CharField(allow_null=True)
    latest = s.CharField()


class Ticket(s.Serializer[Any]):
    id = s.CharField()
    desk = s.ChoiceField(Desk.choices)
    desk_label = s.CharField()
    topic = s.ChoiceField(Topic.choices)
    topic_label = s.CharField()
    filing = s.CharField(allow_null=True)
    uscc = s.CharField(allow_null=True)
    enterprise_name = s.CharField(allow_null=True)
    text = s.CharField(allow_null=True)
    status = s.ChoiceField(["open", "answered"])
    created_at = s.DateTimeField()
    answered_at = s.DateTimeField(allow_null=True)
    outcome = s.CharField(allow_null=True)
    answer = s.CharField(allow_null=True)


class Reason(s.Serializer[Any]):
    rule = s.CharField()
    ok = s.BooleanField()
    sentence = s.CharField()
    found = s.CharField()
    faq = s.CharField()
    provenance = s.ChoiceField(Provenance.choices)


class Eligibility(s.Serializer[Any]):
    year = s.IntegerField()
    required = s.BooleanField()  # type: ignore[assignment]
    reasons = s.ListField(child=Reason(), min_length=3, max_length=3)
    opens_on = s.DateField()
    due_on = s.DateField()


@extend_schema_field({"$ref": "#/components/schemas/AnnualReportContent"})
class AnnualContent(s.JSONField):
    """A report's content, whole."""


class InspectionAdvice(s.Serializer[Any]):
    code = s.ChoiceField(["contact_customs_inspection"])
    text = s.CharField()
    contact = s.CharField()


class AnnualForm(s.Serializer[Any]):
    year = s.IntegerField()
    sections = FormGroup(many=True)
    anomaly = s.ChoiceField(["customs_section_without_registration"], allow_null=True)
    advice = InspectionAdvice(allow_null=True)
    submitted = s.BooleanField()
    values = AnnualContent()


class BackfillOpening(s.Serializer[Any]):
    open = s.BooleanField()
    opens_at = s.DateTimeField()


class PublicityOfYear(s.Serializer[Any]):
    year = s.IntegerField()
    publicity_status = s.ChoiceField(Publicity.choices)
    publicity_status_label = s.ChoiceField(Publicity.labels)


class AnnualReport(PublicityOfYear):
    id = s.CharField()
    submitted_at = s.DateTimeField()
    supplemented_at = s.DateTimeField(allow_null=True)
    publicised_at = s.DateTimeField(allow_null=True)
    supplement = BackfillOpening()
    content = AnnualContent()


class Publicised(s.Serializer[Any]):
    platform = s.CharField()
    uscc = s.CharField()
    name_cn = s.CharField(allow_null=True)
    customs_code = s.CharField(allow_null=True)
    categories = s.ListField(child=s.ChoiceField(Category.choices))
    registered_on = s.DateField()
    valid_until = s.DateField(allow_null=True, help_text="报关有效期；null 为长期")
    deregistered = s.BooleanField()
    results = PublicityOfYear(many=True)


class CodeTableName(s.Serializer[Any]):
    name = s.CharField()
    title = s.CharField()


class CodeTables(s.Serializer[Any]):
    results = CodeTableName(many=True)


@extend_schema_field(
    {
        "type": "object",
        "required": ["code", "name", "parent", "recommended", "provenance"],
        "properties": {
            "code": {"type": "string"},
            "name": {"type": "string"},
            "parent": {"type": ["string", "null"]},
            "recommended": {"type": "boolean"},
            "provenance": {"type": "string", "enum": Provenance.values},
        },
        "additionalProperties": True,
    }
)
class CodeRow(s.JSONField):
    """A row of a code table; some tables add columns of their own."""


class CodeRows(s.Serializer[Any]):
    results = s.ListField(child=CodeRow())
    next = s.URLField(allow_null=True)
    previous = s.URLField(allow_null=True)
    message = s.CharField(allow_null=True)
    hint = s.ChoiceField(["division_incomplete", "no_office"], allow_null=True)


class FaqEntry(s.Serializer[Any]):
    id = s.ChoiceField(list(ENTRIES))
    part = s.CharField()
    question = s.CharField()
    answer = s.CharField()
    validity = s.ChoiceField(["current", "moved", "historic", "unknown"])
    today = s.CharField()
    today_provenance = s.ChoiceField(Provenance.choices)


class FaqEntries(s.Serializer[Any]):
    results = FaqEntry(many=True)


class Version(s.Serializer[Any]):
    version = s.CharField()
    rules_version = s.CharField()
    simulated = s.BooleanField()


def _page(row: type[s.Serializer[Any]]) -> Any:
    return inline_serializer(
        f"{row.__name__}Page",
        {"results": row(many=True), "next": s.URLField(allow_null=True), "previous": s.URLField(allow_null=True)},
    )


FilingPage = _page(Filing)
OverviewPage = _page(OverviewRow)
ReceiptPage = _page(Receipt)
TicketPage = _page(Ticket)
MandatePage = _page(Mandate)
AnnualReportPage = _page(AnnualReport)
CardPage = _page(EnterpriseCard)
SealCertificatePage = _page(SealCertificate)
