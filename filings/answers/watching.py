"""What a test harness sees and does to the wire: coverage, journal, faults, webhooks."""

from __future__ import annotations

from typing import Annotated, Any

from django.db.models import TextChoices
from msgspec import UNSET, UnsetType

from filings.answers.base import EVENT, Answer, Instant, Page, named, one_of, said
from filings.rules.faults import TITLES
from filings.rules.words import DeliveryState

FAULT_SORT = named("FaultSort", TITLES, "；".join(f"{name} {title}" for name, title in TITLES.items()))


class CoveragePart(TextChoices):
    """What of a client's coverage is counted apart."""

    STATE = "state", "状态"
    EDGE = "edge", "流转"
    REFUSAL = "refusal", "拒绝"
    SCENARIO = "scenario", "情景"
    SITUATION = "situation", "场面"
    GLITCH = "glitch", "异常"
    FAQ = "faq", "常见问题"


class CoverageRow(Answer):
    """One thing to meet, and whether it was."""

    name: str
    title: str
    faq: str | None
    met: bool


class CoverageShare(Answer):
    """How much of a part was met."""

    part: Annotated[str, one_of(CoveragePart)]
    title: str
    met: int
    of: int
    rows: list[CoverageRow]


class Coverage(Answer):
    """What a client has met of all there is to meet: of one sandbox, or of several as one."""

    rules_version: str
    parts: list[CoverageShare]
    sandbox: Annotated[str, said("只看一个沙箱时")] | UnsetType = UNSET
    sandboxes: Annotated[list[str], said("几个沙箱合起来看时")] | UnsetType = UNSET


class FaultParameter(Answer):
    """What a fault can be told."""

    name: str
    title: str
    default: str


class FaultKind(Answer):
    """A fault there is."""

    name: str
    title: str
    of: Annotated[str, FAULT_SORT]
    faq: str | None
    match: Annotated[list[str], said("可按什么限定")]
    parameters: list[FaultParameter]


class FaultLimits(Answer):
    """What a fault is limited to."""

    method: str | UnsetType = UNSET
    path: str | UnsetType = UNSET
    account: str | UnsetType = UNSET
    event: str | UnsetType = UNSET
    uscc: str | UnsetType = UNSET


class Fault(Answer):
    """A fault in force."""

    id: str
    fault: str
    of: Annotated[str, FAULT_SORT]
    match: FaultLimits
    left: int | None
    probability: float | None
    expires_at: Instant | None
    fired: int


class Faults(Answer):
    results: list[Fault]
    catalogue: list[FaultKind]


class Half(Answer):
    """A request or its answer; what is secret is masked."""

    headers: dict[str, str]
    body: Annotated[Any, said("JSON 或文本")]


class Exchange(Answer):
    """A request of the business plane and what was answered."""

    id: int
    at: Instant
    at_real: Instant
    method: str
    path: str
    query: str | None
    status: int
    code: str | None
    account: str | None
    medium: str | None
    filing: str | None
    scenario: str | None
    fault: str | None
    milliseconds: float
    request_id: str
    request: Half
    response: Half


class JournalPage(Page):
    results: list[Exchange]


class NearMiss(Answer):
    """An exchange that misses by one thing only."""

    id: int
    method: str
    path: str
    status: int
    differs: str


class Verified(Answer):
    """Whether it went as expected."""

    ok: bool
    found: int
    near_misses: list[NearMiss]


class Webhook(Answer):
    """A receiver, without its secret."""

    id: str
    url: Annotated[str | None, said("null：由接收程序自取")]
    events: list[Annotated[str, EVENT]]
    enabled: Annotated[bool, said("接收程序答复 410 后为 false")]
    created_at: Instant
    disabled_at: Instant | None


class Webhooks(Answer):
    results: list[Webhook]


class RegisteredWebhook(Webhook):
    """A new receiver, with the secret its messages are signed by."""

    secret: Annotated[str, said("whsec_…，登记时给出的或系统生成的，只告知这一次；按 Standard Webhooks 验证签名")]


class Acknowledged(Answer):
    """What a receiver has of what it collected."""

    acknowledged: Annotated[int, said("这一次确认了几个；不在待取之列的不计")]


class Attempt(Answer):
    """One sending of a message, and what came of it."""

    n: int
    at: Annotated[Instant, said("沙箱时钟")]
    at_real: Instant
    outcome: Annotated[str, named("AttemptOutcome", ("delivered", "failed"))]
    status: int | None
    error: str | None
    duration_ms: int
    response: Annotated[str | None, said("答复的开头")]
    fault: Annotated[str | None, said("遇到的送达类故障")]


class Delivery(Answer):
    """A message to one receiver, and its attempts."""

    id: str
    webhook: str
    webhook_id: Annotated[str, said("webhook-id，重试时不变")]
    event: Annotated[str, EVENT]
    filing: str
    state: Annotated[str, one_of(DeliveryState)]
    state_label: str
    at: Instant
    next_attempt_at: Instant | None
    attempts: list[Attempt]
    body: Annotated[str, said("所签名的原文")]


class DeliveryPage(Page):
    results: list[Delivery]
