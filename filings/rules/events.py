"""The language of the trail: what happens, what each event tells, what falls due, and by which verb a deed is known.

Timeline, coverage, console and lessons read it; whoever writes down something else than is declared here fails its
tests, and a world that holds something else is not imported. The names are the simulator's own.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from django.db.models import TextChoices

from filings.rules.words import CardType, Department, Mode, Paper, Qualification, Standing, Status, Topic, UserType


class EventName(TextChoices):
    """What happens."""

    SESSION_OPENED = "session.opened", "登录"
    ACCOUNT_REGISTERED = "account.registered", "注册账户"
    REFUSED = "refused", "被拒绝"
    FILING_CREATED = "filing.created", "新增"
    FILING_SAVED = "filing.saved", "暂存"
    FILING_DELETED = "filing.deleted", "删除"
    FILING_DECLARED = "filing.declared", "申报"
    FILING_SENT = "filing.sent", "发往海关"
    FILING_STORED = "filing.stored", "海关入库"
    FILING_MANUAL_REVIEW = "filing.manual_review", "转人工审核"
    FILING_APPROVED = "filing.approved", "审批通过"
    FILING_REJECTED = "filing.rejected", "审批不通过"
    RECEIPT_VIEWED = "receipt.viewed", "查看回执"
    TICKET_CREATED = "ticket.created", "联系"
    TICKET_ANSWERED = "ticket.answered", "答复"
    MANDATE_GIVEN = "mandate.given", "给予代理授权"
    MANDATE_REVOKED = "mandate.revoked", "撤销代理授权"
    BACKFILL_SUPPLIED = "backfill.supplied", "补录备案信息"
    CARD_APPLIED = "card.applied", "申请入网"
    CARD_ISSUED = "card.issued", "制发卡"
    CARD_CANCELLED = "card.cancelled", "注销卡"
    CARD_PIN_CHANGED = "card.pin_changed", "修改卡密码"
    CARD_LOCKED = "card.locked", "卡被锁定"
    DOCUMENT_PREVIEWED = "document.previewed", "打印预览"
    DOCUMENT_DOWNLOADED = "document.downloaded", "下载文书"
    CERTIFICATE_ISSUED = "certificate.issued", "签发电子签章证书"
    CONTROL_INSTALLED = "control.installed", "安装客户端控件"
    CONTROL_RESTARTED = "control.restarted", "重启客户端控件"
    CONTROL_UPDATED = "control.updated", "更新客户端控件"
    COMMERCE_UPDATED = "commerce.updated", "经营者备案更新"
    MIRROR_SYNCED = "mirror.synced", "备案信息同步"
    ANNUAL_REPORT_SUBMITTED = "annual_report.submitted", "年报申报"
    ANNUAL_REPORT_SUPPLEMENTED = "annual_report.supplemented", "年报补录"
    RECORD_CHECKED = "record.checked", "查询基本信息"
    CLOCK_ADVANCED = "clock.advanced", "时钟推进"
    ANSWER_GIVEN = "answer.given", "回答问题"


ARRIVALS: Mapping[EventName, Status] = MappingProxyType(
    {EventName.FILING_CREATED: Status.DRAFT}
    | {EventName(f"filing.{status}"): status for status in Status if status is not Status.DRAFT}
)
"""The events by which a filing arrives in a status."""

REACHED: Mapping[str, EventName] = MappingProxyType({status.value: name for name, status in ARRIVALS.items()})
"""The event of each status reached."""


class Verb(TextChoices):
    """By what a deed is known, whichever face it is done at: a refusal is noted by it. Those of a filing are its
    actions."""

    # the applicant
    FILL = "fill", "填写"
    CREATE = "create", "新增"
    SAVE = "save", "暂存"
    DELETE = "delete", "删除"
    COPY = "copy", "复制为新申请"
    ATTACH = "attach", "上传附件"
    DETACH = "detach", "删除附件"
    DECLARE = "declare", "申报"
    READ_RECEIPTS = "read_receipts", "查看回执"
    ACKNOWLEDGE = "acknowledge", "确认回执"
    LOG_IN = "log_in", "登录"
    LOG_OUT = "log_out", "退出"
    REGISTER = "register", "注册账户"
    CONTACT = "contact", "联系"
    GIVE_MANDATE = "give_mandate", "给予代理授权"
    REVOKE_MANDATE = "revoke_mandate", "撤销代理授权"
    BACKFILL = "backfill", "补录备案信息"
    APPLY_FOR_CARD = "apply_for_card", "申请入网"
    CANCEL_CARD = "cancel_card", "注销卡"
    CHANGE_PIN = "change_pin", "修改卡密码"
    ISSUE_CERTIFICATE = "issue_certificate", "申请电子签章证书"
    MEND_CONTROL = "mend_control", "处理客户端控件"
    UPDATE_COMMERCE = "update_commerce", "更新经营者备案"
    SUBMIT_REPORT = "submit_report", "年报申报"
    SUPPLEMENT_REPORT = "supplement_report", "年报补录"
    PRINT_CERTIFICATE = "print_certificate", "打印备案证明"
    # the authorities
    SEND = "send", "发往海关"
    STORE = "store", "海关入库"
    ROUTE_MANUAL = "route_manual", "转人工审核"
    APPROVE = "approve", "审批通过"
    REJECT = "reject", "审批不通过"
    DECIDE = "decide", "审批"
    HOLD = "hold", "挂起"
    RELEASE = "release", "放行"
    WALK = "advance", "推进申请单"
    # whoever tests or trains
    BY_HAND = "by_hand", "改由人办理"
    PIN_SCENARIO = "pin_scenario", "指定情景"
    SET_SCENARIO = "set_scenario", "设置缺省情景"
    QUEUE_SCENARIO = "queue_scenario", "排入情景队列"
    UNQUEUE_SCENARIO = "unqueue_scenario", "取出情景队列"
    INJECT_RECEIPT = "inject_receipt", "注入回执"
    ADVANCE_CLOCK = "advance_clock", "推进时钟"
    SET_CLOCK = "set_clock", "设置时钟"
    ENTER_SITUATION = "enter_situation", "进入场面"
    LAY_LEDGER = "lay_ledger", "改写台账"
    SYNC_MIRROR = "sync_mirror", "同步备案信息"
    EXPIRE_SESSIONS = "expire_sessions", "结束登录"
    CREATE_SANDBOX = "create_sandbox", "新建沙箱"
    KEEP_SANDBOX = "keep_sandbox", "设置沙箱"
    MAKE = "make", "布置"
    PUT_FAULT = "put_fault", "布置故障"
    TAKE_FAULT = "take_fault", "撤去故障"
    CLEAR_JOURNAL = "clear_journal", "清空请求日志"
    REGISTER_WEBHOOK = "register_webhook", "登记接收地址"
    REMOVE_WEBHOOK = "remove_webhook", "删除接收地址"
    ACKNOWLEDGE_DELIVERIES = "acknowledge_deliveries", "确认收到通知"
    KEEP_CHECKPOINT = "keep_checkpoint", "保存检查点"
    RESTORE_CHECKPOINT = "restore_checkpoint", "恢复检查点"
    DROP_CHECKPOINT = "drop_checkpoint", "删除检查点"
    BEGIN_ATTEMPT = "begin_attempt", "开始练习"
    ANSWER_QUESTIONS = "answer_questions", "回答问题"
    CHECK_ATTEMPT = "check_attempt", "检查"
    TAKE_HINT = "take_hint", "查看提示"


ANSWERS = (Verb.SEND, Verb.STORE, Verb.ROUTE_MANUAL, Verb.APPROVE, Verb.REJECT)
"""The steps by which the authorities answer a declaration."""


class Due(TextChoices):
    """What falls due by itself, on a sandbox's clock."""

    REPLY = "reply", "答复申报"
    ANSWER = "answer", "部门答复"
    SYNC = "sync", "同步备案信息"
    USD = "usd", "返回美元出资金额"
    PUBLICISE = "publicise", "年报公示"
    ISSUE_CARD = "issue_card", "制发卡"


IN_WORDS: Mapping[str, str] = MappingProxyType(dict(Due.choices) | dict(Verb.choices))
"""Every deed in words, be it somebody's or one that falls due."""


# ── what is told ──────────────────────────────────────────────────────────────────────────────────────────────────

Payload = dict[str, Any]
"""What is told besides, by member: a type, `T | None`, a tuple of the words it may be, `[T]` for a list of T, a
payload for an object.

A member whose name ends in `?` is told where there is something to tell.
"""

SOURCES = ("mirror", "publicity")
"""What tells of a record: the single window, and the publicity platform."""

_FILING: Payload = {"kind": str, "filing_mode": Mode, "status": Status}
_STEP: Payload = _FILING | {"from": Status, "scenario": str, "by_hand?": bool}
_FIELD: Payload = {"name": str, "old": str | None, "new": str | None}
_TICKET: Payload = {"ticket": str, "desk": Department, "topic": Topic}
_MANDATE: Payload = {"agent": str, "principal": str}
_CARD: Payload = {"type": CardType}
_DOCUMENT: Payload = {"document": Paper, "number": str, "sha256": str}
_CONTROL: Payload = {"control": str}
_REPORT: Payload = {"year": int}

PAYLOADS: Mapping[str, Payload] = MappingProxyType(
    {
        **dict.fromkeys(ARRIVALS, _STEP),
        EventName.SESSION_OPENED: {},
        EventName.ACCOUNT_REGISTERED: {"user_type": UserType},
        EventName.REFUSED: {"verb": Verb, "code": str, "faq": str | None},
        EventName.FILING_CREATED: _FILING | {"copied_from?": str},
        EventName.FILING_SAVED: _FILING | {"fields?": [_FIELD], "attached?": str, "detached?": str},
        EventName.FILING_DELETED: _FILING | {"stale_form": bool},
        EventName.RECEIPT_VIEWED: {"kind": str, "status": Status},
        EventName.TICKET_CREATED: _TICKET,
        EventName.TICKET_ANSWERED: _TICKET | {"outcome": str},
        EventName.MANDATE_GIVEN: _MANDATE | {"valid_to": str | None},
        EventName.MANDATE_REVOKED: _MANDATE,
        EventName.BACKFILL_SUPPLIED: {"qualification": Qualification},
        **dict.fromkeys((name for name in EventName if name.startswith("card.")), _CARD),
        EventName.DOCUMENT_PREVIEWED: _DOCUMENT,
        EventName.DOCUMENT_DOWNLOADED: _DOCUMENT,
        EventName.CERTIFICATE_ISSUED: {"n": int},
        **dict.fromkeys((name for name in EventName if name.startswith("control.")), _CONTROL),
        EventName.COMMERCE_UPDATED: {},
        EventName.MIRROR_SYNCED: {"source": SOURCES, "changed": [str], "year?": int},
        EventName.ANNUAL_REPORT_SUBMITTED: _REPORT,
        EventName.ANNUAL_REPORT_SUPPLEMENTED: _REPORT,
        EventName.RECORD_CHECKED: {"source": SOURCES, "standing": Standing},
        EventName.CLOCK_ADVANCED: {"from": str, "to": str},
        EventName.ANSWER_GIVEN: {"answers": [{"id": str, "value": str}]},
    }
)
"""What each event tells besides."""

DUE_WORDS: Mapping[str, Payload] = MappingProxyType(
    {due: {} for due in Due}
    | {
        Due.REPLY: {
            "verb": (*ANSWERS, Verb.DECIDE),
            "reason_code?": str,
            "public_comment?": str,
            "internal_comment?": str,
        }
    }
)
"""What is said to whoever acts when something falls due: to an authority what it is to do, to others nothing."""
