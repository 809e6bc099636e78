"""What the departments answer, and what follows from it (FAQ 1.9, 2.4, 2.6, 2.9, 2.12, 2.15).

Texts are ours unless the FAQ has them.
"""

from __future__ import annotations

from datetime import datetime

from filings import desk
from filings.customs import commerce
from filings.customs.returning import return_usd
from filings.customs.sync import sync
from filings.models import CustomsRecord, Enterprise, Filing, Receipt, Sandbox, Ticket, authority, mend
from filings.record.facts import annual_facts, mandate, misbehaves, seen_by
from filings.record.trail import note
from filings.rules import scenarios
from filings.rules.advice import PLATFORM_PHONE
from filings.rules.annual import phantom_customs_section
from filings.rules.dates import local_date
from filings.rules.entitlements import standing
from filings.rules.events import EventName
from filings.rules.kinds import KINDS
from filings.rules.register import Values
from filings.rules.words import Department, Party, RecordState, Standing, Status, Topic


def answer(sandbox: Sandbox, public_id: str, now: datetime) -> None:
    """Answer a ticket at its moment; a department that is the right one also mends what it can."""
    ticket = (
        Ticket.objects.select_related("enterprise")
        .filter(sandbox=sandbox, public_id=public_id, answered_at=None)
        .first()
    )
    if ticket is None:
        return
    reply = _REPLIES.get(Topic(ticket.topic), _elsewhere)
    ticket.outcome, ticket.answer = reply(sandbox, ticket, now)
    ticket.answered_at = now
    ticket.save(update_fields=["outcome", "answer", "answered_at"])
    visit = authority(sandbox, _BEHIND.get(Department(ticket.desk), Party.CUSTOMS), now)
    note(
        visit,
        EventName.TICKET_ANSWERED,
        subject=ticket.filing,
        uscc=ticket.enterprise.uscc,
        ticket=ticket.public_id,
        desk=ticket.desk,
        topic=ticket.topic,
        outcome=ticket.outcome,
    )


_BEHIND = {Department.PLATFORM: Party.PLATFORM, Department.CUSTOMS: Party.CUSTOMS, Department.MOFCOM: Party.MOFCOM}
"""Who works in a department."""

_NO_MANDATE = ("no_mandate", "委托企业的代理授权已失效，不能告知")

_DEPARTMENT_OF = {party: department for department, party in _BEHIND.items()}
_ELSEWHERE = {Department.PLATFORM: PLATFORM_PHONE, Department.CUSTOMS: "海关", Department.MOFCOM: "商务部门"}


def _status(sandbox: Sandbox, ticket: Ticket, now: datetime) -> tuple[str, str]:
    """FAQ 1.9 ②③: the platform mends what has not reached customs, customs what has."""
    filing = _filing(sandbox, ticket, now)
    if filing is None:
        return "no_filing", "请告知申请单编号"
    holder = KINDS[filing.kind].road.holders.get(Status(filing.status))
    if holder is None:
        return "nothing_to_do", f"申请单状态为“{Status(filing.status).label}”，无需处理"
    if ticket.desk != _DEPARTMENT_OF[holder]:
        return (
            "other_desk",
            f"申请单状态为“{Status(filing.status).label}”，请您联系{_ELSEWHERE[_DEPARTMENT_OF[holder]]}",
        )
    chosen = scenarios.parse(filing.scenario)
    if filing.held or chosen.scenario.by_hand:
        return "in_progress", "申请单正在办理，请等待"
    pace = chosen.get("pace")
    mended = f"approve; pace={pace}" if pace else "approve"
    if scenarios.DECIDE in chosen.scenario.replies:
        mended = str(chosen)  # to ask how it stands is no way around what customs looks at
    desk.answer_by(authority(sandbox, Party.CUSTOMS, now), filing.public_id, mended, "ticket")
    if holder is Party.PLATFORM:
        return "resent", "数据传输异常已处理，请稍后查询状态"
    return (
        ("technical", "海关看不到数据，已由海关联系技术部门处理")
        if chosen.scenario.unseen
        else ("urged", "已转审核人员办理，请稍后查询状态")
    )


def _sync(sandbox: Sandbox, ticket: Ticket, now: datetime) -> tuple[str, str]:
    """FAQ 2.4, 2.15: customs syncs a record that stands, and no other."""
    if ticket.desk != Department.CUSTOMS:
        return "other_desk", "备案信息同步请联系海关"
    about = _about(sandbox, ticket, now)
    if about is None:
        return _NO_MANDATE
    record = CustomsRecord.of(sandbox, about.uscc)
    match standing(record.as_facts() if record else {}, local_date(now)):
        case Standing.NORMAL if misbehaves(sandbox, "sync_fails_once", about.uscc):
            mend(sandbox, "sync_fails_once", about.uscc)
            return "sync_failed", "同步未成功，请再次联系海关"
        case Standing.NORMAL:
            sync(sandbox, now, about.uscc)
            return "synced", "海关注册登记备案有效，已同步信息，请重新查询"
        case Standing.OVERDUE:
            return "record_expired", "企业海关备案已超期，不能同步"
        case Standing.DEREGISTERED:
            return "record_deregistered", "企业海关备案已注销，不能同步"
        case _:
            return "not_registered", "海关没有该企业的注册登记备案，请办理注册登记申请"


def _reason(sandbox: Sandbox, ticket: Ticket, now: datetime) -> tuple[str, str]:
    """FAQ 2.6: of a refused registration only customs can tell why; of a change it is read by card, if customs wrote
    it.

    Of any filing, who decided it is asked.
    """
    filing = _filing(sandbox, ticket, now)
    decider = _DEPARTMENT_OF[KINDS[filing.kind].road.decided_by] if filing else Department.CUSTOMS
    if ticket.desk != decider:
        return "other_desk", f"审批不通过原因请联系{_ELSEWHERE[decider]}咨询"
    if filing is None or filing.status != Status.REJECTED:
        return "not_rejected", "没有审批不通过的申请单"
    if _about(sandbox, ticket, now) is None:
        return _NO_MANDATE
    receipt = Receipt.objects.filter(filing=filing, status=Status.REJECTED).order_by("-serial").first()
    reason = receipt.reason.strip() if receipt else ""
    if reason and KINDS[filing.kind].reason_told:
        return "by_card", "可使用电子口岸 IC/IKEY 卡（选择“卡介质”方式）登录“企业资质”系统，在查询—申请单查询中查看回执"
    return "told", reason or "请补充材料后重新申报"


def _usd(sandbox: Sandbox, ticket: Ticket, now: datetime) -> tuple[str, str]:
    """FAQ 2.16: who wants the USD amount changed asks the competent customs, which returns it anew."""
    if ticket.desk != Department.CUSTOMS:
        return "other_desk", "美元出资金额由海关审核后返回，请向主管海关企管部门申请"
    about = _about(sandbox, ticket, now)
    if about is None:
        return _NO_MANDATE
    if not return_usd(sandbox, about.uscc):
        return "not_registered", "海关没有该企业的注册登记备案"
    sync(sandbox, now, about.uscc)
    return "usd_returned", "美元的出资金额已由海关重新返回，请查看"


def _phantom_section(sandbox: Sandbox, ticket: Ticket, now: datetime) -> tuple[str, str]:
    """FAQ 2.12: customs has the technical and the market-regulation departments sort out a section that should not be
    there."""
    if ticket.desk != Department.CUSTOMS_INSPECTION:
        return "other_desk", "该事项请联系深圳海关企业管理和稽查处"
    if ticket.enterprise_name != ticket.enterprise.name_cn:
        return "not_identified", "企业名称与统一社会信用代码不符，请核对后重新联系"
    known = annual_facts(authority(sandbox, Party.CUSTOMS, now), ticket.enterprise)
    if not phantom_customs_section(Values(), known):
        return "nothing_to_do", "经核实，该企业的年报填报内容没有异常"
    mend(sandbox, "phantom_customs_section", ticket.enterprise.uscc)
    return "mended", "已由海关联系技术部门和市场监管部门甄别处置，年报中不再有“报关事项”，请重新打开年报"


def _record_update(sandbox: Sandbox, ticket: Ticket, now: datetime) -> tuple[str, str]:
    """FAQ 2.9: the commerce authorities say whether their data are in order, and bring them up to date if not.

    Data that are in order and still not found are the single window's to mend.
    """
    about = _about(sandbox, ticket, now)
    if about is None:
        return _NO_MANDATE
    if ticket.desk == Department.PLATFORM and misbehaves(sandbox, "mofcom_lookup_fails", about.uscc):
        mend(sandbox, "mofcom_lookup_fails", about.uscc)
        return "lookup_mended", "查询经营者备案系统的异常已处理，请重新申报"
    if ticket.desk != Department.MOFCOM:
        return "other_desk", "经营者备案信息请联系商务部门"
    record = commerce.record_of(sandbox, about.uscc)
    if record is not None and record.state == RecordState.CURRENT:
        return "in_order", "数据正常。申报时仍提示查询不到的，请联系单一窗口客服"
    commerce.bring_up_to_date(sandbox, about, now)
    return "record_updated", "经营者备案信息已协助更新，请重新申报"


def _elsewhere(sandbox: Sandbox, ticket: Ticket, now: datetime) -> tuple[str, str]:
    return "other_desk", "该事项请在系统中办理或联系主管海关企管部门"


_REPLIES = {
    Topic.STATUS: _status,
    Topic.SYNC: _sync,
    Topic.REASON: _reason,
    Topic.USD: _usd,
    Topic.PHANTOM_SECTION: _phantom_section,
    Topic.RECORD_UPDATE: _record_update,
}


def _about(sandbox: Sandbox, ticket: Ticket, now: datetime) -> Enterprise | None:
    """Whom a question is about: of a filing that is named, whose it is; else who asks. None: an agent without a
    mandate (FAQ 1.7)."""
    filing = _filing(sandbox, ticket, now)
    if filing is None or filing.enterprise == ticket.enterprise:
        return ticket.enterprise
    stands = mandate(authority(sandbox, Party.CUSTOMS, now), filing.enterprise, ticket.enterprise)
    return filing.enterprise if stands else None


def _filing(sandbox: Sandbox, ticket: Ticket, now: datetime) -> Filing | None:
    return seen_by(authority(sandbox, Party.CUSTOMS, now)).filter(public_id=ticket.filing).first()
