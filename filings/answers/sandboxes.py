"""Sandboxes, their clocks and situations, and their states kept under a name."""

from __future__ import annotations

from typing import Annotated, Any

from msgspec import UNSET, UnsetType

from filings.answers.base import EVENT, Answer, Instant, Page, named, one_of, said
from filings.answers.enterprises import EnterpriseName
from filings.rules.words import ClockMode, Provenance, UserType


class Clock(Answer):
    """How a sandbox's clock runs, and where it stands."""

    mode: Annotated[str, one_of(ClockMode)]
    now: Instant
    rate: float


class SandboxAccount(Answer):
    """An account of the opening world with its credentials."""

    role: str
    username: str
    password: str
    token: str
    user_type: Annotated[str, one_of(UserType)]
    display_name: str
    uscc: str | None
    card_no: Annotated[str, said("仅持卡的账户")] | UnsetType = UNSET
    pin: Annotated[str, said("仅持卡的账户")] | UnsetType = UNSET
    card_token: Annotated[str, said("仅持卡的账户：以卡介质登录的令牌")] | UnsetType = UNSET


class SetAside(Answer):
    """What could not be carried out when it was due: its data are wrong."""

    at: Instant
    verb: str
    subject: str
    trouble: Annotated[str, said("出了什么错")]


class Sandbox(Answer):
    """A sandbox, without its secrets."""

    id: str
    name: str
    situation: str
    exercise: Annotated[str | None, said("是哪个练习的场面；其他沙箱为 null")]
    clock: Clock
    scenario: str
    seed: int
    pinned: bool
    magic_names: bool
    login_lock: Annotated[bool, said("连续输错密码五次后锁定登录，渐增至十五分钟")]
    created_at: Instant
    expires_at: Instant | None
    next_event_at: Instant | None


class Share(Answer):
    """How much there is of something, and how much there may be."""

    used: int
    limit: int


class Usage(Answer):
    """How much a sandbox holds of what is limited."""

    attached_bytes: Annotated[Share, said("附件的字节数，检查点中的在内，相同的文件只计一次")]
    checkpoints: Share
    filings: Share


class SandboxWithAccounts(Sandbox):
    """A sandbox with who is in it, what of it could not be carried out, and how much it holds."""

    accounts: list[SandboxAccount]
    enterprises: list[EnterpriseName]
    set_aside: list[SetAside]
    usage: Usage


class OpenedSandbox(SandboxWithAccounts):
    """A new sandbox, with the key to it."""

    control_key: str


class SandboxPage(Page):
    results: list[Sandbox]


class Fired(Answer):
    """What happened in an advance."""

    at: Instant
    verb: str
    subject: str
    outcome: Annotated[str, said("done 已发生；set_aside 因数据有误被搁置；其他为不再办理的原因")]


class Delivered(Answer):
    """An attempt that fell due in an advance."""

    id: str
    webhook: str
    event: Annotated[str, EVENT]
    attempt: int
    outcome: Annotated[str, named("DeliveredOutcome", ("delivered", "failed", "pending"))]
    at: Instant


class Advanced(Answer):
    """What came of an advance."""

    now: Instant
    fired: list[Fired]
    deliveries: list[Delivered]


class Situation(Answer):
    """A named world."""

    name: str
    title: str
    about: Annotated[str, said("不指明企业时，关于这个账户的企业")] | None
    faq: str | None
    provenance: Annotated[str, one_of(Provenance)]


class Situations(Answer):
    results: list[Situation]


class About(EnterpriseName):
    """Whom a situation is about."""

    accounts: Annotated[list[str], said("该企业的账户（用户名）")]


class ChangedRecord(Answer):
    """A record that says something else now."""

    book: Annotated[
        str,
        named(
            "Book",
            ("customs", "mofcom", "market", "mirror"),
            "customs 海关台账；mofcom 商务部台账；market 市场监管登记；mirror 单一窗口",
        ),
    ]
    uscc: str


class Entered(Answer):
    """A situation that was entered: whom it is about, when, and what was changed."""

    situation: str
    title: str
    faq: str | None
    at: Annotated[Instant, said("沙箱时钟")]
    about: Annotated[About | None, said("关于哪家企业；整个场面从头布置的为 null")]
    filings: list[str]
    tickets: list[str]
    mandates: list[str]
    cards: list[str]
    seal_certificates: list[int]
    annual_reports: Annotated[list[int], said("报告年度")]
    accounts: Annotated[list[str], said("新增的账户（用户名）；密码与演示账户相同")]
    enterprises: Annotated[list[str], said("新增或改动的企业")]
    client_controls: Annotated[list[str], said("客户端控件改变了的账户")]
    records: list[ChangedRecord]
    glitches: Annotated[list[str], said("生效的页面异常")]


class Ended(Answer):
    """Logins that were ended."""

    account: Annotated[str | None, said("只限这个账户的；null 为全部")]
    sessions: Annotated[int, said("结束了几个登录")]
    challenges: Annotated[int, said("作废了几个待签名的随机数")]


class Synced(Answer):
    """Whose mirror was written anew."""

    synced: list[str]


class Checkpoint(Answer):
    """A state to come back to."""

    name: str
    taken_at: Instant
    clock_at: Instant
    rows: int


class Checkpoints(Answer):
    results: list[Checkpoint]


class Snapshot(Answer):
    """A sandbox's whole state, as exported."""

    format: str
    schema: Annotated[str, said("结构摘要：只能导入结构相同的版本")]
    rules_version: str
    simulator: str
    sandbox: dict[str, Any]
    clock: dict[str, Any]
    tables: dict[str, Any]
    contents: Annotated[dict[str, str], said("附件的内容（base64），各以其 SHA-256 为名")]
