"""FAQ 1.9: what to do about a filing, and whom to contact when it takes long."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from filings.rules.dates import local
from filings.rules.roads import BY_CUSTOMS, Road
from filings.rules.words import Party, Stage, Status

STUCK_AFTER = timedelta(hours=24)
"""From when on it is 长时间. The FAQ gives no figure: ours. Exactly this long is not yet 长时间."""

PLATFORM_PHONE = "0755-83165355"


@dataclass(frozen=True, slots=True)
class Advice:
    """The next step: a stable code, the words (FAQ 1.9 ①–④), the contact if there is one."""

    code: Literal[
        "submit",
        "wait",
        "contact_platform",
        "contact_customs",
        "contact_mofcom",
        "contact_customs_inspection",
        "decided",
    ]
    text: str
    contact: str | None


REASON_AT_CUSTOMS = "“注册登记申请”审批不通过原因，暂时无法在“企业资质”系统中查询，只能联系海关咨询。"
REASON_BY_CARD = "“注册信息变更申请”审批不通过原因，可使用电子口岸 IC/IKEY 卡（选择“卡介质”方式）登录“企业资质”系统，在查询—申请单查询中查看回执。"
"""FAQ 2.6, verbatim: where to learn why a registration, and a change, was refused."""

SUBMIT = Advice("submit", "请您提交申请", None)
WAIT = Advice("wait", "等待", None)
CONTACT_PLATFORM = Advice("contact_platform", f"请您联系 {PLATFORM_PHONE}", PLATFORM_PHONE)
CONTACT_CUSTOMS = Advice("contact_customs", "请您联系海关。如果海关看不到数据，由海关联系技术部门处理", "海关")
CONTACT_MOFCOM = Advice("contact_mofcom", "请您联系商务部门", "商务部门")
DECIDED = Advice("decided", "已经有审批结果", None)

CONTACTS = {Party.PLATFORM: CONTACT_PLATFORM, Party.CUSTOMS: CONTACT_CUSTOMS, Party.MOFCOM: CONTACT_MOFCOM}
"""Whom to contact, by who has the filing. That of 商务部变更 is ours: FAQ 1.9 speaks of customs."""


def advice(status: Status, since: datetime, now: datetime, road: Road = BY_CUSTOMS) -> Advice:
    """What FAQ 1.9 advises in this status, entered at `since`. Pure; it changes nothing."""
    stage = status.stage
    if stage is Stage.NOT_SUBMITTED:
        return SUBMIT
    if stage is Stage.DECIDED:
        return DECIDED
    if now - since <= STUCK_AFTER:
        return WAIT
    return CONTACTS[road.holders[status]]


def waiting(status: Status, since: datetime, road: Road = BY_CUSTOMS) -> str:
    """What 等待 means: who has the filing, that nothing is to be done, and what to do if it takes long. Ours."""
    holder = road.holders[status]
    until = local(since + STUCK_AFTER)
    return (
        f"申请单现在由{holder.label}处理，不需要您操作。"
        f"到 {until:%Y-%m-%d %H:%M} 状态仍是“{status.label}”的，{CONTACTS[holder].text}"
    )
