"""The field's own words: every closed set of terms, with the label the screens show.

Statuses and their labels are FAQ 1.9, verbatim; codes are the simulator's own names.
"""

from django.db.models import TextChoices


class Provenance(TextChoices):
    """How a rule, a field or a text is known. Nothing `ours` is ever passed off as official."""

    DOCUMENTED = "documented", "FAQ 载明"
    PUBLIC = "public", "公开资料"
    ASSUMED = "assumed", "推定"
    OURS = "ours", "本系统自定"


class Degree(TextChoices):
    """How much help there is in an exercise: 引导 shows the simulator's own, 真实 only what the portal would show, 考核 is
    judged once."""

    GUIDED = "guided", "引导"
    PRACTICE = "practice", "真实"
    EXAM = "exam", "考核"


class AttemptState(TextChoices):
    """How an attempt stands; one that was passed stays so."""

    STARTED = "started", "进行中"
    PASSED = "passed", "通过"
    ABANDONED = "abandoned", "已放弃"


class Status(TextChoices):
    """The seven statuses of FAQ 1.9."""

    DRAFT = "draft", "暂存"
    DECLARED = "declared", "已申报"
    SENT = "sent", "成功发往海关"
    STORED = "stored", "海关入库成功"
    MANUAL_REVIEW = "manual_review", "转人工审核"
    APPROVED = "approved", "审批通过"
    REJECTED = "rejected", "审批不通过"

    @property
    def stage(self) -> "Stage":
        return _STAGES[self]


class Stage(TextChoices):
    """The four groups ①–④ in which FAQ 1.9 answers; derived from the status, never stored."""

    NOT_SUBMITTED = "not_submitted", "未提交"
    IN_TRANSIT = "in_transit", "在途"
    AT_CUSTOMS = "at_customs", "海关处理"
    DECIDED = "decided", "已有审批结果"


_STAGES = {
    Status.DRAFT: Stage.NOT_SUBMITTED,
    Status.DECLARED: Stage.IN_TRANSIT,
    Status.SENT: Stage.IN_TRANSIT,
    Status.STORED: Stage.AT_CUSTOMS,
    Status.MANUAL_REVIEW: Stage.AT_CUSTOMS,
    Status.APPROVED: Stage.DECIDED,
    Status.REJECTED: Stage.DECIDED,
}

UNDECIDED = (Status.DECLARED, Status.SENT, Status.STORED, Status.MANUAL_REVIEW)
"""Declared and not yet decided: an enterprise may have one filing in these at a time."""


class Waiting(TextChoices):
    """What waits for a clerk at the filings of an enterprise."""

    DRAFT = "draft", "暂存未申报"
    UNDECIDED = "undecided", "已申报待审批"
    REFUSED = "refused", "不通过待重新申请"
    RECEIPTS = "receipts", "有新回执"


class Party(TextChoices):
    """Who acts. Every transition belongs to one party."""

    APPLICANT = "applicant", "申请人"
    PLATFORM = "platform", "单一窗口"
    CUSTOMS = "customs", "海关"
    MOFCOM = "mofcom", "商务部门"


class Medium(TextChoices):
    """How an account logged in. A session has one medium, whatever cards its account owns (FAQ 1.5)."""

    PASSWORD = "password", "账号密码"
    CARD = "card", "卡介质"


class CardType(TextChoices):
    """The three cards of an enterprise (FAQ 2.14)."""

    LEGAL_PERSON = "legal_person", "法人卡"
    OPERATOR = "operator", "操作员卡"
    DECLARANT = "declarant", "报关员卡"


class CardStatus(TextChoices):
    """How a card stands; 过期 is judged by its date, not kept."""

    APPLIED = "applied", "待制发"
    ACTIVE = "active", "有效"
    LOCKED = "locked", "已锁定"
    CANCELLED = "cancelled", "已注销"
    EXPIRED = "expired", "已过期"


class UserType(TextChoices):
    """FAQ 2.3: only an 企业用户 may file."""

    ENTERPRISE = "enterprise", "企业用户"
    PERSONAL = "personal", "个人用户"


class Mode(TextChoices):
    """申请方式 (FAQ 1.7)."""

    SELF = "self", "自理"
    AGENT = "agent", "代理"


class Category(TextChoices):
    """企业经营类别: codes public, names as in FAQ 1.10, 2.11, 2.19."""

    CONSIGNEE = "10000000", "进出口货物收发货人"
    CONSIGNEE_BRANCH = "20000000", "进出口货物收发货人分支机构"
    BROKER = "01000000", "报关企业"
    BROKER_BRANCH = "00100000", "报关企业分支机构"
    DUAL = "00010000", "特殊监管区域双重身份企业"
    TEMPORARY = "00000100", "临时注册登记单位"


class Qualification(TextChoices):
    """报关资质 and 报检资质: since 2018-04-20 always granted together (FAQ 1.8)."""

    CUSTOMS = "customs", "报关"
    INSPECTION = "inspection", "报检"


class Standing(TextChoices):
    """What 基本信息查询 says of an enterprise: the mirror's word, not the ledger's (FAQ 2.4, 2.15)."""

    NORMAL = "normal", "正常"
    OVERDUE = "overdue", "超期"
    DEREGISTERED = "deregistered", "已注销"
    NOT_REGISTERED = "not_registered", "企业未注册成功"


class RecordState(TextChoices):
    """How the record of the commerce authorities stands; one that is not there has no state (FAQ 2.9)."""

    CURRENT = "current", "正常"
    STALE = "stale", "非最新"


class MarketState(TextChoices):
    """登记状态: how an enterprise stands with market regulation, as the public register words it (public)."""

    IN_BUSINESS = "in_business", "存续（在营、开业、在册）"
    REVOKED = "revoked", "吊销，未注销"
    DEREGISTERED = "deregistered", "注销"


class Shade(TextChoices):
    """底色: yellow is required, white is optional, grey is read-only (FAQ 2.10, 2.16, 2.19, 2.20)."""

    REQUIRED = "required", "必填"
    OPTIONAL = "optional", "选填"
    READONLY = "readonly", "只读"


class Department(TextChoices):
    """Whom an enterprise may contact."""

    PLATFORM = "platform", "单一窗口客服"
    CUSTOMS = "customs", "主管海关"
    CUSTOMS_INSPECTION = "customs_inspection", "深圳海关企业管理和稽查处"
    MOFCOM = "mofcom", "商务部门"


class Topic(TextChoices):
    """What a contact is about."""

    STATUS = "status", "申请长时间无结果"
    SYNC = "sync", "备案信息同步"
    REASON = "reason", "审批不通过原因"
    RECORD_UPDATE = "record_update", "备案信息更新"
    USD = "usd", "美元出资金额"
    PHANTOM_SECTION = "phantom_section", "未在海关注册登记，年报有“报关事项”"


class Paper(TextChoices):
    """The documents that can be printed (FAQ 1.10, 2.17, 2.18)."""

    RECORD_FORM = "record_form", "报关单位备案信息表"
    CERTIFICATE = "certificate", "报关单位备案证明"


class Disposition(TextChoices):
    """How a document is handed over: printed directly, or downloaded first (FAQ 2.7)."""

    INLINE = "inline", "直接打印"
    ATTACHMENT = "attachment", "下载"


class Publicity(TextChoices):
    """年报情况: what the publicity platform shows of one enterprise and one report year (public; 未报送 is FAQ
    2.13)."""

    NOT_REQUIRED = "not_required", "不需要"
    NOT_REPORTED = "not_reported", "未报送"
    REPORTED = "reported", "已报送"
    REPORTED_LATE = "reported_late", "超期报送"
    OVERDUE = "overdue_unreported", "超期未报送"


class ClockMode(TextChoices):
    """How a sandbox's clock runs."""

    REAL = "real", "实时"
    FROZEN = "frozen", "冻结"
    SCALED = "scaled", "倍速"


class DeliveryState(TextChoices):
    """How a delivery stands; `waiting`: its receiver collects it; `withdrawn`: its webhook was deleted or has asked for
    no more (410)."""

    PENDING = "pending", "待送达"
    WAITING = "waiting", "待取"
    DELIVERED = "delivered", "已送达"
    FAILED = "failed", "未能送达"
    WITHDRAWN = "withdrawn", "已撤回"
