"""Filings as their handlers see them, what answers them, and why they are where they are."""

from __future__ import annotations

from typing import Annotated

from msgspec import field

from filings.answers.base import KIND, Answer, Instant, Page, one_of, said
from filings.answers.enterprises import EnterpriseName
from filings.answers.sandboxes import SetAside
from filings.rules.advice import Advice
from filings.rules.words import Mode, Party, Provenance, Stage, Status


class HandledFiling(Answer):
    """A filing as its handlers see it; the applicant's view is the business plane's."""

    id: str
    number: str
    kind: Annotated[str, KIND]
    enterprise: EnterpriseName
    filing_mode: Annotated[str, one_of(Mode)]
    status: Annotated[str, one_of(Status)]
    status_label: str
    status_since: Instant
    version: int
    held: bool
    scenario: str | None
    allowed: list[str]


class HandledFilingPage(Page):
    results: list[HandledFiling]


class InjectedReceipt(Answer):
    """A receipt put in by hand."""

    id: str
    filing: str
    at: Instant
    status: Annotated[str, one_of(Status)]
    text: str


class ScenarioParameter(Answer):
    """What a scenario can be told, and what it takes."""

    name: str
    title: str
    choices: list[str] | None
    minimum: int | None
    maximum: int | None
    default: str


class Scenario(Answer):
    """How the authorities answer one declaration."""

    name: str
    title: str
    parameters: list[ScenarioParameter]
    kinds: list[Annotated[str, KIND]]
    visits: Annotated[
        list[Annotated[str, one_of(Status)]], said("海关各类申请经过的状态；审批结果届时才定的，不在其中")
    ]
    visits_by_kind: dict[str, list[Annotated[str, one_of(Status)]]]
    outcomes: Annotated[list[Annotated[str, one_of(Status)]], said("可能的审批结果；空为没有")]
    pace: Annotated[dict[str, dict[str, int]], said("各步的等待，秒")]
    faq: str | None
    provenance: Annotated[str, one_of(Provenance)]


class RejectionReason(Answer):
    """A reason for which a filing can be refused."""

    code: str
    public: str
    internal: str


class Scenarios(Answer):
    results: list[Scenario]
    reasons: list[RejectionReason]


class ChosenScenario(Answer):
    """The scenario that answers from now on."""

    scenario: str


class QueueMatch(Answer):
    """Which declarations a queued scenario is for."""

    kind: Annotated[str, KIND] | None
    uscc: str | None


class QueuedScenario(Answer):
    """A place in the queue."""

    id: str
    scenario: str
    match: QueueMatch
    left: int


class ScenarioQueue(Answer):
    results: list[QueuedScenario]


class ChosenBy(Answer):
    """The scenario of a filing, and who chose it."""

    name: str
    title: str
    text: str
    source: str
    source_label: str


class GlitchInForce(Answer):
    """A documented misbehaviour a filing has met."""

    name: str
    faq: str


class FiredRule(Answer):
    """A rule that spoke."""

    code: str
    sentence: str | None
    faq: str | None


class Block(FiredRule):
    """What would refuse a declaration as things stand."""

    pointer: str | None


class NextEvent(Answer):
    """What comes next, and when."""

    at: Instant
    verb: str
    label: str


class Compared(Answer):
    """One thing that customs compares: what is declared, and what the register says or is asked for."""

    pointer: str
    label: str
    declared: Annotated[str, said("申报的内容；空为没有填写")]
    register: Annotated[str | None, said("市场监管登记的内容，或者要求的附件；null 为登记中没有，不比对")]
    differs: bool
    reason: Annotated[str, said("不符时的原因代码")]


class Inspection(Answer):
    """What customs compares before it decides, as it stands now; it decides by how it stands then."""

    outcome: Annotated[str, one_of(Status)]
    compared: list[Compared]


class Explanation(Answer):
    """Why a filing is where it is, and what would move it."""

    filing: str
    status: Annotated[str, one_of(Status)]
    status_label: str
    status_since: Instant
    scenario: ChosenBy | None
    pinned_scenario: str | None
    glitches: list[GlitchInForce]
    held: bool
    rules: list[FiredRule]
    blocks: list[Block]
    next_event: NextEvent | None
    inspection: Annotated[Inspection | None, said("情景 inspect 在审批时的比对；null 为不比对")]
    set_aside: list[SetAside]
    advice: Advice
    unblock: list[str]


class State(Answer):
    """A status a filing can be in."""

    code: Annotated[str, one_of(Status)]
    label: str
    stage: Annotated[str, one_of(Stage)]
    stage_label: str


class Edge(Answer):
    """A step from one status to another."""

    action: str
    from_: Annotated[str, one_of(Status)] = field(name="from")
    to: Annotated[str, one_of(Status)]
    by: Annotated[str, one_of(Party)]
    label: str


class Guard(Answer):
    """A rule that stands before a deed."""

    name: str
    sentence: str
    code: str
    faq: str | None
    provenance: Annotated[str, one_of(Provenance)]
    kinds: list[str]


class HandledKind(Answer):
    """A kind of filing, and who handles it."""

    kind: str
    label: str
    handlers: Annotated[list[Annotated[str, one_of(Party)]], said("依次办理的部门")]


class Machine(Answer):
    """States, edges and guards of a kind's lifecycle."""

    kind: Annotated[str, KIND]
    states: list[State]
    edges: list[Edge]
    guards: list[Guard]
    kinds: list[HandledKind]
    actions: dict[str, Annotated[str, one_of(Party)]]
    mermaid: str
