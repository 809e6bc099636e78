"""What the control plane answers, for its OpenAPI document."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers as s

from filings.lab.marks import Part
from filings.lab.situations import BOOKS
from filings.manners.paging import CURSOR
from filings.models import DeliveryState
from filings.rules.kinds import KINDS
from filings.rules.webhooks import EVENTS
from filings.rules.words import (
    CardStatus,
    CardType,
    Category,
    ClockMode,
    Mode,
    Party,
    Provenance,
    RecordState,
    Stage,
    Status,
    UserType,
)

PAGING = [
    OpenApiParameter("limit", {"type": "integer", "minimum": 1, "maximum": 500, "default": 50}),
    OpenApiParameter("cursor", {"type": "string", "pattern": CURSOR}, description="由 next、previous 给出"),
]


class Clock(s.Serializer[Any]):
    mode = s.ChoiceField(ClockMode.choices)
    now = s.DateTimeField()
    rate = s.FloatField()


class Account(s.Serializer[Any]):
    role = s.CharField()
    username = s.CharField()
    password = s.CharField()
    token = s.CharField()
    card_no = s.CharField(required=False)
    pin = s.CharField(required=False)
    card_token = s.CharField(required=False)
    user_type = s.ChoiceField(UserType.choices)
    display_name = s.CharField()
    uscc = s.CharField(allow_null=True)


class Enterprise(s.Serializer[Any]):
    uscc = s.CharField()
    name_cn = s.CharField()


class Checkpoint(s.Serializer[Any]):
    name = s.CharField()
    taken_at = s.DateTimeField()
    clock_at = s.DateTimeField()
    rows = s.IntegerField()


class Checkpoints(s.Serializer[Any]):
    results = Checkpoint(many=True)


class Snapshot(s.Serializer[Any]):
    """A sandbox's whole state, as exported."""

    format = s.CharField()
    schema = s.CharField(help_text="结构摘要：只能导入结构相同的版本")
    rules_version = s.CharField()
    simulator = s.CharField()
    sandbox = s.DictField()
    clock = s.DictField()
    tables = s.DictField()
    contents = s.DictField(child=s.CharField(), help_text="附件的内容（base64），各以其 SHA-256 为名")


class Match(s.Serializer[Any]):
    kind = s.ChoiceField(list(KINDS), allow_null=True)
    uscc = s.CharField(allow_null=True)


class QueuedScenario(s.Serializer[Any]):
    id = s.CharField()
    scenario = s.CharField()
    match = Match()
    left = s.IntegerField()


class Queue(s.Serializer[Any]):
    results = QueuedScenario(many=True)


class InjectedReceipt(s.Serializer[Any]):
    id = s.CharField()
    filing = s.CharField()
    at = s.DateTimeField()
    status = s.ChoiceField(Status.choices)
    text = s.CharField()


class SetAside(s.Serializer[Any]):
    """What could not be carried out when it was due: its data are wrong."""

    at = s.DateTimeField()
    verb = s.CharField()
    subject = s.CharField()
    trouble = s.CharField(help_text="出了什么错")


class Sandbox(s.Serializer[Any]):
    id = s.CharField()
    name = s.CharField()
    situation = s.CharField()
    clock = Clock()
    scenario = s.CharField()
    seed = s.IntegerField()
    pinned = s.BooleanField()
    magic_names = s.BooleanField()
    login_lock = s.BooleanField(help_text="连续输错密码五次后锁定登录，渐增至十五分钟")
    created_at = s.DateTimeField()
    expires_at = s.DateTimeField(allow_null=True)
    next_event_at = s.DateTimeField(allow_null=True)


class Share(s.Serializer[Any]):
    used = s.IntegerField()
    limit = s.IntegerField()


class Usage(s.Serializer[Any]):
    """How much a sandbox holds, and may hold."""

    attached_bytes = Share(help_text="附件的字节数，检查点中的在内，相同的文件只计一次")
    checkpoints = Share()
    filings = Share()


class SandboxWithAccounts(Sandbox):
    accounts = Account(many=True)
    enterprises = Enterprise(many=True)
    set_aside = SetAside(many=True)
    usage = Usage()


class OpenedSandbox(SandboxWithAccounts):
    control_key = s.CharField()


class SandboxPage(s.Serializer[Any]):
    results = Sandbox(many=True)
    next = s.URLField(allow_null=True)
    previous = s.URLField(allow_null=True)


class Fired(s.Serializer[Any]):
    at = s.DateTimeField()
    verb = s.CharField()
    subject = s.CharField()
    outcome = s.CharField()


class Delivered(s.Serializer[Any]):
    """An attempt that fell due in an advance."""

    id = s.CharField()
    webhook = s.CharField()
    event = s.ChoiceField(EVENTS)
    attempt = s.IntegerField()
    outcome = s.ChoiceField(["delivered", "failed", "pending"])
    at = s.DateTimeField()


class Advanced(s.Serializer[Any]):
    now = s.DateTimeField()
    fired = Fired(many=True)
    deliveries = Delivered(many=True)


class Webhook(s.Serializer[Any]):
    id = s.CharField()
    url = s.CharField()
    events = s.ListField(child=s.ChoiceField(EVENTS))
    enabled = s.BooleanField(help_text="接收程序答复 410 后为 false")
    created_at = s.DateTimeField()
    disabled_at = s.DateTimeField(allow_null=True)


class Webhooks(s.Serializer[Any]):
    results = Webhook(many=True)


class RegisteredWebhook(Webhook):
    secret = s.CharField(help_text="whsec_…，登记时给出的或系统生成的，只告知这一次；按 Standard Webhooks 验证签名")


class Attempt(s.Serializer[Any]):
    n = s.IntegerField()
    at = s.DateTimeField(help_text="沙箱时钟")
    at_real = s.DateTimeField()
    outcome = s.ChoiceField(["delivered", "failed"])
    status = s.IntegerField(allow_null=True)
    error = s.CharField(allow_null=True)
    duration_ms = s.IntegerField()
    response = s.CharField(allow_null=True, help_text="答复的开头")
    fault = s.CharField(allow_null=True, help_text="遇到的送达类故障")


class Delivery(s.Serializer[Any]):
    id = s.CharField()
    webhook = s.CharField()
    webhook_id = s.CharField(help_text="webhook-id，重试时不变")
    event = s.ChoiceField(EVENTS)
    filing = s.CharField()
    state = s.ChoiceField(DeliveryState.choices)
    state_label = s.CharField()
    at = s.DateTimeField()
    next_attempt_at = s.DateTimeField(allow_null=True)
    attempts = Attempt(many=True)
    body = s.CharField(help_text="所签名的原文")


class DeliveryPage(s.Serializer[Any]):
    results = Delivery(many=True)
    next = s.URLField(allow_null=True)
    previous = s.URLField(allow_null=True)


class Situation(s.Serializer[Any]):
    name = s.CharField()
    title = s.CharField()
    about = s.CharField(allow_null=True, help_text="不指明企业时，关于这个账户的企业")
    faq = s.CharField(allow_null=True)
    provenance = s.ChoiceField(Provenance.choices)


class Situations(s.Serializer[Any]):
    results = Situation(many=True)


class About(Enterprise):
    accounts = s.ListField(child=s.CharField(), help_text="该企业的账户（用户名）")


class ChangedRecord(s.Serializer[Any]):
    book = s.ChoiceField(BOOKS, help_text="customs 海关台账；mofcom 商务部台账；mirror 单一窗口")
    uscc = s.CharField()


class Entered(s.Serializer[Any]):
    """A situation that was entered: whom it is about, when, and what was changed."""

    situation = s.CharField()
    title = s.CharField()
    faq = s.CharField(allow_null=True)
    at = s.DateTimeField(help_text="沙箱时钟")
    about = About(allow_null=True, help_text="关于哪家企业；整个场面从头布置的为 null")
    filings = s.ListField(child=s.CharField())
    tickets = s.ListField(child=s.CharField())
    mandates = s.ListField(child=s.CharField())
    cards = s.ListField(child=s.CharField())
    seal_certificates = s.ListField(child=s.IntegerField())
    annual_reports = s.ListField(child=s.IntegerField(), help_text="报告年度")
    accounts = s.ListField(child=s.CharField(), help_text="新增的账户（用户名）；密码与演示账户相同")
    enterprises = s.ListField(child=s.CharField(), help_text="新增或改动的企业")
    client_controls = s.ListField(child=s.CharField(), help_text="客户端控件改变了的账户")
    records = ChangedRecord(many=True)
    glitches = s.ListField(child=s.CharField(), help_text="生效的页面异常")


class Parameter(s.Serializer[Any]):
    name = s.CharField()
    title = s.CharField()
    choices = s.ListField(child=s.CharField(), allow_null=True)
    minimum = s.IntegerField(allow_null=True)
    maximum = s.IntegerField(allow_null=True)
    default = s.CharField()


class Scenario(s.Serializer[Any]):
    name = s.CharField()
    title = s.CharField()
    parameters = Parameter(many=True)
    kinds = s.ListField(child=s.ChoiceField(list(KINDS)))
    visits = s.ListField(child=s.ChoiceField(Status.choices), help_text="海关各类申请经过的状态")
    visits_by_kind = s.DictField(child=s.ListField(child=s.ChoiceField(Status.choices)))
    pace = s.DictField(child=s.DictField(child=s.IntegerField()))
    faq = s.CharField(allow_null=True)
    provenance = s.ChoiceField(Provenance.choices)


class Reason(s.Serializer[Any]):
    code = s.CharField()
    public = s.CharField()
    internal = s.CharField()


class Scenarios(s.Serializer[Any]):
    results = Scenario(many=True)
    reasons = Reason(many=True)


class Chosen(s.Serializer[Any]):
    scenario = s.CharField()


class Filing(s.Serializer[Any]):
    id = s.CharField()
    number = s.CharField()
    kind = s.ChoiceField(list(KINDS))
    enterprise = Enterprise()
    filing_mode = s.ChoiceField(Mode.choices)
    status = s.ChoiceField(Status.choices)
    status_label = s.CharField()
    status_since = s.DateTimeField()
    version = s.IntegerField()
    held = s.BooleanField()
    scenario = s.CharField(allow_null=True)
    allowed = s.ListField(child=s.CharField())


class FilingPage(s.Serializer[Any]):
    results = Filing(many=True)
    next = s.URLField(allow_null=True)
    previous = s.URLField(allow_null=True)


class ChosenBy(s.Serializer[Any]):
    name = s.CharField()
    title = s.CharField()
    text = s.CharField()
    source = s.CharField()  # type: ignore[assignment]
    source_label = s.CharField()


class Glitch(s.Serializer[Any]):
    name = s.CharField()
    faq = s.CharField()


class FiredRule(s.Serializer[Any]):
    code = s.CharField()
    sentence = s.CharField(allow_null=True)
    faq = s.CharField(allow_null=True)


class NextEvent(s.Serializer[Any]):
    at = s.DateTimeField()
    verb = s.CharField()
    label = s.CharField()  # type: ignore[assignment]


class Advice(s.Serializer[Any]):
    code = s.CharField()
    text = s.CharField()
    contact = s.CharField(allow_null=True)


class Block(FiredRule):
    pointer = s.CharField(allow_null=True)


class Explanation(s.Serializer[Any]):
    filing = s.CharField()
    status = s.ChoiceField(Status.choices)
    status_label = s.CharField()
    status_since = s.DateTimeField()
    scenario = ChosenBy(allow_null=True)
    pinned_scenario = s.CharField(allow_null=True)
    glitches = Glitch(many=True)
    held = s.BooleanField()
    rules = FiredRule(many=True)
    blocks = Block(many=True)
    next_event = NextEvent(allow_null=True)
    set_aside = SetAside(many=True)
    advice = Advice()
    unblock = s.ListField(child=s.CharField())


class Investor(s.Serializer[Any]):
    name = s.CharField()
    country = s.CharField()
    method = s.CharField(required=False, allow_null=True)
    amount = s.CharField(required=False, allow_null=True)
    currency = s.CharField(required=False, allow_null=True)
    amount_usd = s.CharField(required=False, allow_null=True)


class Ledger(s.Serializer[Any]):
    uscc = s.CharField()
    categories = s.ListField(child=s.ChoiceField(Category.choices))
    registered_on = s.DateField(allow_null=True)
    valid_until = s.DateField(allow_null=True)
    deregistered_on = s.DateField(allow_null=True)
    customs_code = s.CharField(allow_null=True)
    inspection_number = s.CharField(allow_null=True)
    customs_qualified_on = s.DateField(allow_null=True)
    inspection_qualified_on = s.DateField(allow_null=True)
    in_qianhai = s.BooleanField(allow_null=True)
    investors = Investor(many=True)


class CommerceLedger(s.Serializer[Any]):
    uscc = s.CharField()
    state = s.ChoiceField(RecordState.choices)
    updated_on = s.DateField(allow_null=True)
    name_cn = s.CharField(allow_null=True)
    name_en = s.CharField(allow_null=True)
    address_cn = s.CharField(allow_null=True)
    legal_representative = s.CharField(allow_null=True)
    registered_capital = s.CharField(allow_null=True)


class Synced(s.Serializer[Any]):
    synced = s.ListField(child=s.CharField())


class State(s.Serializer[Any]):
    code = s.ChoiceField(Status.choices)
    label = s.CharField()  # type: ignore[assignment]
    stage = s.ChoiceField(Stage.choices)
    stage_label = s.CharField()


class Edge(s.Serializer[Any]):
    action = s.CharField()
    to = s.ChoiceField(Status.choices)
    by = s.ChoiceField(Party.choices)
    label = s.CharField()  # type: ignore[assignment]

    def get_fields(self) -> dict[str, Any]:
        return {**super().get_fields(), "from": s.ChoiceField(Status.choices)}


class Guard(s.Serializer[Any]):
    name = s.CharField()
    sentence = s.CharField()
    code = s.CharField()
    faq = s.CharField(allow_null=True)
    provenance = s.ChoiceField(Provenance.choices)
    kinds = s.ListField(child=s.CharField())


class Kind(s.Serializer[Any]):
    kind = s.CharField()
    label = s.CharField()  # type: ignore[assignment]
    handlers = s.ListField(child=s.ChoiceField(Party.choices), help_text="依次办理的部门")


class Machine(s.Serializer[Any]):
    kind = s.ChoiceField(list(KINDS))
    states = State(many=True)
    edges = Edge(many=True)
    guards = Guard(many=True)
    kinds = Kind(many=True)
    actions = s.DictField(child=s.ChoiceField(Party.choices))
    mermaid = s.CharField()


class CoverageRow(s.Serializer[Any]):
    name = s.CharField()
    title = s.CharField()
    faq = s.CharField(allow_null=True)
    met = s.BooleanField()


class CoveragePart(s.Serializer[Any]):
    part = s.ChoiceField(Part.choices)
    title = s.CharField()
    met = s.IntegerField()
    of = s.IntegerField()
    rows = CoverageRow(many=True)


class Coverage(s.Serializer[Any]):
    sandbox = s.CharField()
    rules_version = s.CharField()
    parts = CoveragePart(many=True)


class MergedCoverage(s.Serializer[Any]):
    sandboxes = s.ListField(child=s.CharField())
    rules_version = s.CharField()
    parts = CoveragePart(many=True)


class Ended(s.Serializer[Any]):
    """Logins that were ended."""

    account = s.CharField(allow_null=True, help_text="只限这个账户的；null 为全部")
    sessions = s.IntegerField(help_text="结束了几个登录")
    challenges = s.IntegerField(help_text="作废了几个待签名的随机数")


class MadeEnterprise(Enterprise):
    in_qianhai = s.BooleanField(allow_null=True)


class MadeAccount(s.Serializer[Any]):
    username = s.CharField()
    password = s.CharField()
    token = s.CharField()
    user_type = s.ChoiceField(UserType.choices)
    display_name = s.CharField()
    uscc = s.CharField(allow_null=True)


class Card(s.Serializer[Any]):
    card_no = s.CharField()
    type = s.ChoiceField(CardType.choices)
    holder_name = s.CharField()
    username = s.CharField()
    uscc = s.CharField(allow_null=True)
    status = s.ChoiceField(CardStatus.choices)
    status_label = s.CharField()
    valid_until = s.DateField(allow_null=True)


class MadeCard(Card):
    pin = s.CharField()
    card_token = s.CharField()


class CardKey(s.Serializer[Any]):
    card_no = s.CharField()
    algorithm = s.CharField()
    private_key = s.CharField()
    public_key = s.CharField()


class Fault(s.Serializer[Any]):
    id = s.CharField()
    fault = s.CharField()
    of = s.ChoiceField(["transport", "delivery", "glitch"])
    match = s.DictField(child=s.CharField())
    left = s.IntegerField(allow_null=True)
    probability = s.FloatField(allow_null=True)
    expires_at = s.DateTimeField(allow_null=True)
    fired = s.IntegerField()


class FaultParameter(s.Serializer[Any]):
    name = s.CharField()
    title = s.CharField()
    default = s.CharField()


class FaultKind(s.Serializer[Any]):
    name = s.CharField()
    title = s.CharField()
    of = s.ChoiceField(["transport", "delivery", "glitch"])
    faq = s.CharField(allow_null=True)
    match = s.ListField(child=s.CharField(), help_text="可按什么限定")
    parameters = FaultParameter(many=True)


class Faults(s.Serializer[Any]):
    results = Fault(many=True)
    catalogue = FaultKind(many=True)


class AnyJson(s.JSONField):
    """A body: JSON of any kind, or text."""


class Half(s.Serializer[Any]):
    headers = s.DictField(child=s.CharField())
    body = AnyJson()


class Exchange(s.Serializer[Any]):
    id = s.IntegerField()
    at = s.DateTimeField()
    at_real = s.DateTimeField()
    method = s.CharField()
    path = s.CharField()
    query = s.CharField(allow_null=True)
    status = s.IntegerField()
    code = s.CharField(allow_null=True)
    account = s.CharField(allow_null=True)
    medium = s.CharField(allow_null=True)
    filing = s.CharField(allow_null=True)
    scenario = s.CharField(allow_null=True)
    fault = s.CharField(allow_null=True)
    milliseconds = s.FloatField()
    request_id = s.CharField()
    request = Half()
    response = Half()


class JournalPage(s.Serializer[Any]):
    results = Exchange(many=True)
    next = s.URLField(allow_null=True)
    previous = s.URLField(allow_null=True)


class NearMiss(s.Serializer[Any]):
    id = s.IntegerField()
    method = s.CharField()
    path = s.CharField()
    status = s.IntegerField()
    differs = s.CharField()


class Verified(s.Serializer[Any]):
    ok = s.BooleanField()
    found = s.IntegerField()
    near_misses = NearMiss(many=True)
