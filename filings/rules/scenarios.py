"""How the authorities answer one declaration: a scenario is a value, an ordered list of replies with their pace.

An empty rest of the list is "stuck". The catalogue is data of the rules floor, so that the declaring transaction can
settle and store the scenario and its first reply; the replies themselves are given by `filings.customs`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any

from filings.rules.naming import Parameter, read, sort, value_of, written
from filings.rules.roads import BY_CUSTOMS, Road
from filings.rules.words import Provenance, Status

PACES: Mapping[str, Mapping[str, timedelta]] = {
    "normal": {
        "send": timedelta(minutes=1),
        "store": timedelta(minutes=10),
        "route_manual": timedelta(hours=1),
        "decision": timedelta(hours=24),
    },
    "fast": {
        "send": timedelta(seconds=2),
        "store": timedelta(seconds=10),
        "route_manual": timedelta(seconds=20),
        "decision": timedelta(seconds=60),
    },
}
"""When each reply comes, counted from the declaration. Ours; told by `GET /control/v1/scenarios`."""


@dataclass(frozen=True, slots=True)
class Reason:
    """Why an officer says no: what the applicant may come to know, and what stays inside customs."""

    code: str
    public: str
    internal: str


REASONS = {
    reason.code: reason
    for reason in (
        Reason("address_mismatch", "工商注册地址与营业执照登记的住所不一致", "比对市场监管登记信息，住所不符"),
        Reason("name_mismatch", "企业中文名称与营业执照不一致", "比对市场监管登记信息，名称不符"),
        Reason("office_mismatch", "注册海关选择有误，应由企业所在地海关办理", "非本关管辖，应由所在地海关受理"),
        Reason("materials_incomplete", "《报关单位备案信息表》未加盖公章或不完整", "附件缺章，无法核验"),
        Reason("person_unverified", "法定代表人身份信息核验未通过", "身份信息核验不通过"),
        Reason("not_in_register", "没有查询到企业的市场监管登记", "市场监管登记中没有该统一社会信用代码"),
        Reason("not_in_business", "企业的市场监管登记不是存续状态", "比对市场监管登记信息，登记状态不符"),
        Reason(
            "representative_mismatch", "法定代表人（负责人）与营业执照不一致", "比对市场监管登记信息，法定代表人不符"
        ),
        Reason("capital_mismatch", "注册资本与营业执照不一致", "比对市场监管登记信息，注册资本不符"),
        Reason("economic_type_mismatch", "经济类型与营业执照的类型不一致", "比对市场监管登记信息，类型不符"),
        Reason("attachment_missing", "应上传的附件没有上传，或者类型不符", "附件不齐，无法核验"),
        Reason("record_mismatch", "变更内容与营业执照登记的信息不一致", "比对市场监管登记信息，变更内容不符"),
        Reason("other", "不符合备案条件，请联系主管海关", "其他原因"),
    )
}
"""Reasons for 审批不通过; codes and texts ours, modelled on public reasons."""


ATTACHMENTS: Mapping[str, tuple[str, ...]] = {
    "none": (),
    "record_form": ("record_form",),
    "licence": ("licence",),
    "record_form+licence": ("record_form", "licence"),
}
"""Which attachments customs asks for, by their types. 《报关单位备案信息表》 is what one has to hand in (public)."""

PACE = Parameter("pace", "节奏", ("normal", "fast"), default="normal")


@dataclass(frozen=True, slots=True)
class Scenario:
    """A named way of answering. `replies` are verbs of the lifecycle in order; on a road of fewer steps, those it has.

    The last may be DECIDE: whether it is approved or rejected is settled at its moment, by what customs then finds.

    by_hand  a person answers
    unseen   customs does not see what it has received
    """

    name: str
    title: str
    replies: tuple[str, ...]
    parameters: tuple[Parameter, ...] = ()
    faq: str | None = None
    provenance: Provenance = Provenance.OURS
    kinds: tuple[str, ...] = ("registration", "change", "deregistration", "mofcom_change")
    by_hand: bool = False
    unseen: bool = False

    @property
    def visits(self) -> tuple[Status, ...]:
        """The statuses a declaration to customs passes through, as far as the scenario goes by itself and is known
        beforehand."""
        return self.visits_on(BY_CUSTOMS)

    def replies_on(self, road: Road) -> tuple[str, ...]:
        """The replies that a road has; a decision every road has."""
        return tuple(verb for verb in self.replies if verb in (*road.verbs, DECIDE))

    def visits_on(self, road: Road) -> tuple[Status, ...]:
        """The same on a road."""
        return (Status.DECLARED, *(ARRIVES[verb] for verb in self.replies_on(road) if verb != DECIDE))

    @property
    def outcomes(self) -> tuple[Status, ...]:
        """The decisions it may come to by itself."""
        last = self.replies[-1] if self.replies else ""
        return _DECIDED if last == DECIDE else tuple(end for end in _DECIDED if ARRIVES.get(last) is end)


ARRIVES = {
    "send": Status.SENT,
    "store": Status.STORED,
    "route_manual": Status.MANUAL_REVIEW,
    "approve": Status.APPROVED,
    "reject": Status.REJECTED,
}
"""Where each reply leads."""

DECIDE = "decide"
"""The reply that is settled at its moment: to approve, or to reject."""

_DECIDED = (Status.APPROVED, Status.REJECTED)

_UP_TO_MANUAL = ("send", "store", "route_manual")
_STOPS = (Status.DECLARED, Status.SENT, Status.STORED, Status.MANUAL_REVIEW)

CATALOGUE = {
    scenario.name: scenario
    for scenario in (
        Scenario("approve", "审批通过（经人工审核）", (*_UP_TO_MANUAL, "approve"), (PACE,), "1.9"),
        Scenario("approve_auto", "审批通过（不经人工审核）", ("send", "store", "approve"), (PACE,), "1.9"),
        Scenario(
            "reject",
            "审批不通过",
            (*_UP_TO_MANUAL, "reject"),
            (Parameter("reason", "原因", tuple(REASONS), default="materials_incomplete"), PACE),
            "2.6",
        ),
        Scenario(
            "stuck",
            "长时间停留",
            _UP_TO_MANUAL,
            (Parameter("at", "停留的状态", tuple(status.value for status in _STOPS), default="sent"), PACE),
            "1.9",
        ),
        Scenario(
            "customs_cannot_see",
            "已入库但海关看不到数据",
            ("send", "store"),
            (PACE,),
            "1.9",
            kinds=("registration", "change", "deregistration"),
            unseen=True,
        ),
        Scenario(
            "slow",
            "审批缓慢",
            (*_UP_TO_MANUAL, "approve"),
            (Parameter("days", "审批天数", numbers=range(1, 366), default="10"), PACE),
            "1.9",
        ),
        Scenario(
            "inspect",
            "海关比对市场监管登记和附件后审批",
            (*_UP_TO_MANUAL, DECIDE),
            (Parameter("attachments", "要求的附件", tuple(ATTACHMENTS), default="record_form"), PACE),
            "1.9",
            kinds=("registration", "change"),
        ),
        Scenario("by_hand", "由人扮演海关", (), by_hand=True),
    )
}

SORT = sort("scenario", "情景", "unknown_scenario", "PUT /control/v1/sandboxes/{sandbox}/scenario", CATALOGUE)

DEFAULT = "approve"

_NOTHING_GIVEN: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Chosen:
    """A scenario with its parameters, as named by one string `name; key=value; key=value`."""

    scenario: Scenario
    given: Mapping[str, str] = field(default_factory=lambda: _NOTHING_GIVEN)

    def __str__(self) -> str:
        return written(self.scenario.name, self.given)

    def get(self, name: str) -> str:
        """A parameter's value, given or default; "" if the scenario has none of that name."""
        return value_of(self.scenario, self.given, name)


@dataclass(frozen=True, slots=True)
class Reply:
    """The next thing an authority does with a filing: a verb, when, with what words."""

    verb: str
    at: datetime
    words: Mapping[str, Any]


def parse(text: str) -> Chosen:
    """Read `name; key=value`. Raises Refusal 400 `unknown_scenario` that lists the nearest names."""
    return Chosen(*read(text, SORT))


def by_name(name_cn: str) -> str | None:
    """The scenario a magic name asks for: `SIM_REJECT 深圳市…` is answered by `reject`, `SIM_APPROVE_AUTO …` by
    `approve_auto`."""
    word = name_cn.split(maxsplit=1)[0] if name_cn.strip() else ""
    name = word.removeprefix("SIM_").lower()
    return name if word.startswith("SIM_") and word.isupper() and name in CATALOGUE else None


def bare_name(name_cn: str) -> str:
    """A name without what it asks for by magic, which is no part of it."""
    return name_cn.split(maxsplit=1)[-1] if by_name(name_cn) else name_cn


def next_reply(
    chosen: Chosen, status: Status, declared_at: datetime, now: datetime, road: Road = BY_CUSTOMS
) -> Reply | None:
    """What the scenario does next with a filing in this status; None: nothing, until somebody acts.

    Replies fall due at a fixed distance from the declaration; one overtaken by deeds of others is due at once.
    """
    replies, visits = chosen.scenario.replies_on(road), chosen.scenario.visits_on(road)
    if chosen.get("at") == status:
        return None
    if status in visits[: len(replies)]:
        verb = replies[visits.index(status)]
    elif status is Status.MANUAL_REVIEW and chosen.scenario.outcomes:
        verb = replies[-1]  # sent to review by a person, past what the scenario had in mind
    else:
        return None
    pace = PACES[chosen.get("pace") or "normal"]
    wait = pace.get(verb, pace["decision"])
    if verb == "approve" and (days := chosen.get("days")):
        wait = timedelta(days=int(days))
    words = {"reason_code": chosen.given.get("reason") or road.usual_reason} if verb == "reject" else {}
    return Reply(verb, max(declared_at + wait, now), words)
