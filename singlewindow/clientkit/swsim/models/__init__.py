"""What is sent and answered, on both planes.

Made by tools/generate.py out of the OpenAPI documents: not to be edited.
"""

from __future__ import annotations

import sys
from typing import Any, Literal, TypeAlias

if sys.version_info >= (3, 11):
    from typing import NotRequired, TypedDict
else:
    from typing_extensions import NotRequired, TypedDict


class About(TypedDict):
    uscc: str
    name_cn: str
    accounts: list[str]
    """该企业的账户（用户名）"""


class Account(TypedDict):
    username: str
    user_type: UserType
    display_name: str
    enterprise: EnterpriseName | None


class AccountName(TypedDict):
    username: str
    user_type: UserType
    display_name: str


AccountWanted: TypeAlias = "EnterpriseAccountWanted | PersonalAccountWanted"


class Acknowledged(TypedDict):
    acknowledged: int
    """这一次确认了几个；不在待取之列的不计"""


Advance: TypeAlias = "AdvanceBy | AdvanceTo | AdvanceUntil"


class AdvanceBy(TypedDict):
    by: str
    """ISO 8601 时长，最长二十年"""


class AdvanceTo(TypedDict):
    to: str


class AdvanceUntil(TypedDict):
    until: Literal["next_event", "idle"]


class Advanced(TypedDict):
    now: str
    fired: list[Fired]
    deliveries: list[Delivered]


class Advice(TypedDict):
    code: Literal[
        "contact_customs",
        "contact_customs_inspection",
        "contact_mofcom",
        "contact_platform",
        "decided",
        "submit",
        "wait",
    ]
    text: str
    contact: str | None


class AnnualForm(TypedDict):
    year: int
    sections: list[FormGroup]
    anomaly: AnnualFormAnomaly | None
    advice: Advice | None
    submitted: bool
    values: AnnualReportContent


AnnualFormAnomaly: TypeAlias = Literal["customs_section_without_registration"]


class AnnualReport(TypedDict):
    year: int
    publicity_status: Publicity
    publicity_status_label: str
    id: str
    submitted_at: str
    supplemented_at: str | None
    publicised_at: str | None
    supplement: BackfillOpening
    content: AnnualReportContent


class AnnualReportContent(TypedDict):
    """海关年报"""

    uscc: NotRequired[str | None]
    """统一社会信用代码；只读：取自海关备案记录"""
    name_cn: NotRequired[str | None]
    """企业名称；只读：取自海关备案记录"""
    customs_code: NotRequired[str | None]
    """海关注册编码；只读：取自海关备案记录"""
    categories: NotRequired[list[str] | None]
    """企业经营类别；只读：取自海关备案记录；代码表 categories"""
    registered_on: NotRequired[str | None]
    """海关注册时间；只读：取自海关备案记录"""
    contact_name: NotRequired[str | None]
    """年报联系人"""
    contact_phone: NotRequired[str | None]
    """联系电话"""
    traded: NotRequired[bool | None]
    """本年度是否有进出口业务；必填：始终"""
    import_amount: NotRequired[str | None]
    """本年度进口额(万美元)；必填：本年度有进出口业务；只读：除非本年度有进出口业务"""
    export_amount: NotRequired[str | None]
    """本年度出口额(万美元)；必填：本年度有进出口业务；只读：除非本年度有进出口业务"""
    declaration_count: NotRequired[str | None]
    """本年度报关单数量；必填：本年度有进出口业务；只读：除非本年度有进出口业务"""
    processing_trade: NotRequired[bool | None]
    """是否开展加工贸易；只读：除非本年度有进出口业务"""
    cross_border_types: NotRequired[list[str] | None]
    """跨境贸易电子商务类型；代码表 cross_border_types"""
    remarks: NotRequired[str | None]
    """备注；可分行，换行以 LF 保存"""


class AnnualReportPage(TypedDict):
    results: list[AnnualReport]
    next: str | None
    previous: str | None


class ApprovedFilingWanted(TypedDict):
    """content 为该类申请的内容。"""

    kind: NotRequired[Kind]
    state: Literal["approved"]
    uscc: NotRequired[str]
    agent: NotRequired[str]
    """由此企业代理申报；没有授权的补上"""
    content: NotRequired[SheetContent]
    client_reference: NotRequired[str]
    age: NotRequired[str]
    """已在该状态停留多久，例如 PT30H"""


class Attachment(TypedDict):
    n: int
    type: AttachmentType
    type_label: str
    filename: str
    content_type: str
    size: int
    sha256: str
    uploaded_at: str


AttachmentType: TypeAlias = Literal["record_form", "licence", "other"]
"""record_form 《报关单位备案信息表》；licence 营业执照；other 其他"""


class Attachments(TypedDict):
    results: list[Attachment]


class Attempt(TypedDict):
    n: int
    at: str
    """沙箱时钟"""
    at_real: str
    outcome: AttemptOutcome
    status: int | None
    error: str | None
    duration_ms: int
    response: str | None
    """答复的开头"""
    fault: str | None
    """遇到的送达类故障"""


AttemptOutcome: TypeAlias = Literal["delivered", "failed"]

AttemptState: TypeAlias = Literal["started", "passed", "abandoned"]
"""started 进行中；passed 通过；abandoned 已放弃"""


class AttemptWanted(TypedDict):
    seed: NotRequired[int]
    """种子：同一种子，同一场面；没有给出的，随机"""
    mode: NotRequired[Literal["guided", "practice", "exam"]]
    """方式"""


class Backfill(TypedDict):
    qualification: Qualification
    number: str | None
    remarks: str | None
    at: str


class BackfillOpening(TypedDict):
    open: bool
    opens_at: str


class BackfillRequirement(TypedDict):
    required: bool
    answer: str
    determination: Determination
    lacking: Qualification | None
    customs_qualified_on: str | None
    inspection_qualified_on: str | None
    faq: str
    provenance: Provenance


class BegunAttempt(TypedDict):
    id: str
    exercise: str
    version: int
    seed: int
    mode: ExerciseMode
    sandbox: str
    """沙箱的 id"""
    control_key: str
    accounts: list[SandboxAccount]
    """任务交给第一个账户"""
    symptom: str
    task: str
    answers: list[Question]
    """任务要求回答的问题"""
    dossier: str | None
    """材料包；没有材料的为 null"""
    started_at: str


class Block(TypedDict):
    code: str
    sentence: str | None
    faq: str | None
    pointer: str | None


Book: TypeAlias = Literal["customs", "mofcom", "market", "mirror"]
"""customs 海关台账；mofcom 商务部台账；market 市场监管登记；mirror 单一窗口"""


class Capabilities(TypedDict):
    print_certificate: bool


class Card(TypedDict):
    card_no: str
    type: CardType
    holder_name: str
    username: str
    uscc: str | None
    status: CardStatus
    status_label: str
    valid_until: str | None


class CardKey(TypedDict):
    card_no: str
    algorithm: str
    private_key: str
    public_key: str


class CardLogIn(TypedDict):
    sandbox: NotRequired[str]
    """演练环境：由培训或测试的一方告知；不填为公用的演示环境"""
    card_no: str
    """卡号"""
    pin: str
    """卡密码（PIN）"""


class CardPage(TypedDict):
    results: list[EnterpriseCard]
    next: str | None
    previous: str | None


class CardStanding(TypedDict):
    status: CardStatus
    valid_until: NotRequired[str]


CardStatus: TypeAlias = Literal["applied", "active", "locked", "cancelled", "expired"]
"""applied 待制发；active 有效；locked 已锁定；cancelled 已注销；expired 已过期"""

CardType: TypeAlias = Literal["legal_person", "operator", "declarant"]
"""legal_person 法人卡；operator 操作员卡；declarant 报关员卡"""


class CardWanted(TypedDict):
    username: NotRequired[str]
    uscc: NotRequired[str]
    type: NotRequired[CardType]
    pin: NotRequired[str]
    holder_name: NotRequired[str]
    holder_id_type: NotRequired[str]
    holder_id_number: NotRequired[str]
    valid_until: NotRequired[str]
    status: NotRequired[CardStatus]


Category: TypeAlias = Literal["10000000", "20000000", "01000000", "00100000", "00010000", "00000100"]
"""10000000 进出口货物收发货人；20000000 进出口货物收发货人分支机构；01000000 报关企业；00100000 报关企业分支机构；00010000 特殊监管区域双重身份企业；00000100
临时注册登记单位
"""


class Challenge(TypedDict):
    random: str
    """供卡签名，只能用一次"""
    expires_at: str


class ChallengeWanted(TypedDict):
    sandbox: NotRequired[str]
    """演练环境：由培训或测试的一方告知；不填为公用的演示环境"""
    card_no: str
    """卡号"""


class ChanceFault(TypedDict):
    fault: str
    """故障"""
    match: NotRequired[FaultMatch]
    probability: float
    """概率：0 到 1；与次数只能给出一个"""
    ttl_seconds: NotRequired[int]
    """有效秒数：现实时间；不填则直到撤去"""


_Change = TypedDict("_Change", {"from": "Any"})


class Change(_Change):
    pointer: str
    to: Any
    """文字、布尔值、数组或 null"""
    reason: str


class ChangeContent(TypedDict):
    """注册信息变更申请"""

    filing_scope: NotRequired[list[str] | None]
    """备案资质；必填：始终；只读：备案时已经取得的资质；代码表 qualifications；FAQ 1.8"""
    customs_code: NotRequired[str | None]
    """海关注册编码；只读：审批通过后由海关返填"""
    inspection_number: NotRequired[str | None]
    """检验检疫备案号；只读：审批通过后由海关返填；FAQ 2.1"""
    uscc: NotRequired[str | None]
    """统一社会信用代码；必填：企业不是临时注册登记单位；只读：统一社会信用代码是备案的企业标识"""
    name_cn: NotRequired[str | None]
    """企业中文名称；必填：始终"""
    category: NotRequired[str | None]
    """企业经营类别；必填：始终；只读：“经营类别”已经审批通过不可以变更；代码表 categories；FAQ 2.20"""
    express_operator: NotRequired[bool | None]
    """是否为快件运营企业；只读：除非已备案或新增的企业经营类别中有报关企业或特殊监管区域双重身份企业；FAQ 2.19"""
    name_en: NotRequired[str | None]
    """企业英文名称；必填：企业不是临时注册登记单位"""
    address_cn: NotRequired[str | None]
    """工商注册地址；必填：始终；FAQ 2.17"""
    postcode: NotRequired[str | None]
    """邮政编码；必填：始终"""
    address_en: NotRequired[str | None]
    """企业英文地址；必填：企业不是临时注册登记单位"""
    province: NotRequired[str | None]
    """省（自治区、直辖市）；必填：始终；代码表 divisions；FAQ 2.2"""
    city: NotRequired[str | None]
    """市（地区）；必填：始终；代码表 divisions；FAQ 2.2"""
    district: NotRequired[str | None]
    """区（县）；必填：始终；代码表 divisions；FAQ 2.2"""
    customs_office: NotRequired[str | None]
    """注册海关；必填：始终；只读：注册海关只在注册登记时填写；变更注册地海关另行申请；代码表 customs_offices"""
    economic_zone: NotRequired[str | None]
    """经济区划；必填：始终；代码表 economic_zones；FAQ 1.3"""
    special_trade_zone: NotRequired[str | None]
    """特殊贸易区域；必填：始终；代码表 special_trade_zones；FAQ 1.4"""
    economic_type: NotRequired[str | None]
    """经济类型；必填：始终；代码表 economic_types"""
    organization_type: NotRequired[str | None]
    """组织机构类型；必填：始终；代码表 organization_types"""
    industry: NotRequired[str | None]
    """行业种类；四位数字；必填：始终"""
    cross_border_types: NotRequired[list[str] | None]
    """跨境贸易电子商务类型；代码表 cross_border_types"""
    registered_capital: NotRequired[str | None]
    """注册资本(万)；必填：始终"""
    capital_currency: NotRequired[str | None]
    """注册资本币制；必填：始终；代码表 currencies"""
    established_on: NotRequired[str | None]
    """成立日期；YYYY-MM-DD；必填：始终"""
    valid_until: NotRequired[str | None]
    """营业期限；YYYY-MM-DD，长期不填"""
    business_scope: NotRequired[str | None]
    """经营范围；可分行，换行以 LF 保存；必填：始终"""
    parent_relation: NotRequired[str | None]
    """与上级单位关系；必填：该草稿的页面把“与上级单位关系”显示为必填（页面异常）；代码表 parent_relations；FAQ 2.10"""
    parent_uscc: NotRequired[str | None]
    """上级单位统一社会信用代码"""
    parent_name: NotRequired[str | None]
    """上级单位名称"""
    remarks: NotRequired[str | None]
    """备注；可分行，换行以 LF 保存"""
    legal_representative: NotRequired[ChangeLegalRepresentative | None]
    finance_manager: NotRequired[ChangeFinanceManager | None]
    customs_manager: NotRequired[ChangeCustomsManager | None]
    investors: NotRequired[list[ChangeInvestorsRow] | None]
    """出资者信息"""
    declarants: NotRequired[list[ChangeDeclarantsRow] | None]
    """报关人员"""
    added_categories: NotRequired[list[str] | None]
    """新增经营类别；只读：经营类别是特殊监管区域双重身份企业；代码表 categories；FAQ 2.20"""


class ChangeCustomsManager(TypedDict):
    """关务负责人"""

    name: NotRequired[str | None]
    """姓名；必填：始终"""
    id_type: NotRequired[str | None]
    """身份证件类型；必填：始终；代码表 id_types"""
    id_number: NotRequired[str | None]
    """身份证件号码；必填：始终"""
    phone: NotRequired[str | None]
    """固定电话"""
    mobile: NotRequired[str | None]
    """移动电话；境外号码以 + 开头；必填：始终"""
    email: NotRequired[str | None]
    """电子邮箱"""


class ChangeDeclarantsRow(TypedDict):
    """报关人员"""

    name: NotRequired[str | None]
    """姓名；必填：始终"""
    id_type: NotRequired[str | None]
    """身份证件类型；必填：始终；代码表 id_types"""
    id_number: NotRequired[str | None]
    """身份证件号码；必填：始终"""
    action: NotRequired[str | None]
    """业务种类；必填：始终；代码表 declarant_actions"""


class ChangeFiling(TypedDict):
    kind: Literal["change"]
    id: str
    number: str
    """18 位，SIM 开头"""
    kind_label: str
    filing_mode: Mode
    status: Status
    status_label: str
    stage: Stage
    version: int
    enterprise: EnterpriseName
    agent: EnterpriseName | None
    content: ChangeContent
    changed: NotRequired[list[str]]
    """仅变更申请：与备案不同的字段"""
    warnings: list[Notice]
    advice: Advice | None
    """在“真实”和“考核”的练习中为 null"""
    actions: list[str]
    """此刻可以办理的"""
    created_at: str
    declared_at: str | None
    status_since: str
    copied_from: str | None
    client_reference: str | None
    changes: NotRequired[list[Change]]
    """仅暂存的答复：随其他字段而改变的只读字段"""


class ChangeFinanceManager(TypedDict):
    """财务负责人"""

    name: NotRequired[str | None]
    """姓名；必填：始终"""
    id_type: NotRequired[str | None]
    """身份证件类型；必填：始终；代码表 id_types"""
    id_number: NotRequired[str | None]
    """身份证件号码；必填：始终"""
    phone: NotRequired[str | None]
    """固定电话"""
    mobile: NotRequired[str | None]
    """移动电话；境外号码以 + 开头；必填：始终"""
    email: NotRequired[str | None]
    """电子邮箱"""


class ChangeInvestorsRow(TypedDict):
    """出资者信息"""

    name: NotRequired[str | None]
    """出资者名称；必填：始终"""
    country: NotRequired[str | None]
    """出资国别；必填：始终；代码表 countries"""
    method: NotRequired[str | None]
    """出资方式；必填：始终；代码表 investment_methods"""
    amount: NotRequired[str | None]
    """出资金额(万)；必填：始终；FAQ 2.16"""
    currency: NotRequired[str | None]
    """出资金额币制；必填：始终；代码表 currencies"""
    amount_usd: NotRequired[str | None]
    """出资金额(万美元)；只读：由海关审核后返回，无法在“单一窗口”修改；FAQ 2.16"""


class ChangeLegalRepresentative(TypedDict):
    """法定代表人（负责人）"""

    name: NotRequired[str | None]
    """姓名；必填：始终"""
    id_type: NotRequired[str | None]
    """身份证件类型；必填：始终；代码表 id_types"""
    id_number: NotRequired[str | None]
    """身份证件号码；必填：始终"""
    phone: NotRequired[str | None]
    """固定电话"""
    mobile: NotRequired[str | None]
    """移动电话；境外号码以 + 开头；必填：始终"""
    email: NotRequired[str | None]
    """电子邮箱"""


class ChangedRecord(TypedDict):
    book: Book
    uscc: str


class CheckAsked(TypedDict):
    id: str
    say: str


class CheckJudged(TypedDict):
    id: str
    verdict: Verdict
    say: str
    evidence: list[Proof]


class Checkpoint(TypedDict):
    name: str
    taken_at: str
    clock_at: str
    rows: int


class Checkpoints(TypedDict):
    results: list[Checkpoint]


class Choice(TypedDict):
    value: str
    label: str


class ChosenBy(TypedDict):
    name: str
    title: str
    text: str
    source: str
    source_label: str


class ChosenScenario(TypedDict):
    scenario: str


class ClientControl(TypedDict):
    installed: bool
    running: bool
    version: str | None
    latest: str


class Clock(TypedDict):
    mode: ClockMode
    now: str
    rate: float


ClockMode: TypeAlias = Literal["real", "frozen", "scaled"]
"""real 实时；frozen 冻结；scaled 倍速"""


class ClockWanted(TypedDict):
    mode: NotRequired[Literal["real", "frozen", "scaled"]]
    """时钟方式"""
    now: NotRequired[str]
    """时刻"""
    rate: NotRequired[float]
    """倍速：仅用于“倍速”：现实 1 秒走多少秒；不填为 1"""


class CodeRow(TypedDict):
    code: str
    name: str
    parent: str | None
    recommended: bool
    provenance: Provenance
    level: NotRequired[int]
    """1 省，2 市，3 区县"""
    district: NotRequired[str]
    note: NotRequired[str]
    customs_code_digit: NotRequired[str]
    """海关编码第五位"""
    express_allowed: NotRequired[bool]
    certificate_printable: NotRequired[bool]
    annual_report_due: NotRequired[bool]
    aliases: NotRequired[list[str]]
    economic_kind_digit: NotRequired[str]
    """海关编码第六位"""
    economic_kind_provenance: NotRequired[Provenance]


class CodeRows(TypedDict):
    results: list[CodeRow]
    next: str | None
    previous: str | None
    message: str | None
    hint: CodeTableHint | None


CodeTableHint: TypeAlias = Literal["division_incomplete", "no_office"]


class CodeTableName(TypedDict):
    name: str
    title: str


class CodeTables(TypedDict):
    results: list[CodeTableName]


class Collected(TypedDict):
    deliveries: list[str]


class CommerceFacts(TypedDict):
    state: NotRequired[RecordState]
    updated_on: NotRequired[str | None]
    name_cn: NotRequired[str | None]
    name_en: NotRequired[str | None]
    address_cn: NotRequired[str | None]
    legal_representative: NotRequired[str | None]
    registered_capital: NotRequired[str | None]
    """金额，两位至六位小数"""


class CommerceLedger(TypedDict):
    uscc: str
    state: RecordState
    updated_on: str | None
    name_cn: str | None
    name_en: str | None
    address_cn: str | None
    legal_representative: str | None
    registered_capital: str | None


class Compared(TypedDict):
    pointer: str
    label: str
    declared: str
    """申报的内容；空为没有填写"""
    register: str | None
    """市场监管登记的内容，或者要求的附件；null 为登记中没有，不比对"""
    differs: bool
    reason: str
    """不符时的原因代码"""


Contact: TypeAlias = "ContactPlatform | ContactCustoms | ContactCustomsInspection | ContactMofcom"


class ContactCustoms(TypedDict):
    desk: Literal["customs"]
    topic: Literal["status", "sync", "reason", "record_update", "usd", "phantom_section"]
    """事项"""
    filing: NotRequired[str | None]
    """申请单"""
    uscc: NotRequired[str | None]
    """统一社会信用代码：联系稽查处时必填"""
    enterprise_name: NotRequired[str | None]
    """企业名称：联系稽查处时必填"""
    text: NotRequired[str | None]
    """说明"""


class ContactCustomsInspection(TypedDict):
    desk: Literal["customs_inspection"]
    topic: Literal["status", "sync", "reason", "record_update", "usd", "phantom_section"]
    """事项"""
    filing: NotRequired[str | None]
    """申请单"""
    uscc: str
    """统一社会信用代码：联系稽查处时必填"""
    enterprise_name: str
    """企业名称：联系稽查处时必填"""
    text: NotRequired[str | None]
    """说明"""


class ContactMofcom(TypedDict):
    desk: Literal["mofcom"]
    topic: Literal["status", "sync", "reason", "record_update", "usd", "phantom_section"]
    """事项"""
    filing: NotRequired[str | None]
    """申请单"""
    uscc: NotRequired[str | None]
    """统一社会信用代码：联系稽查处时必填"""
    enterprise_name: NotRequired[str | None]
    """企业名称：联系稽查处时必填"""
    text: NotRequired[str | None]
    """说明"""


class ContactPlatform(TypedDict):
    desk: Literal["platform"]
    topic: Literal["status", "sync", "reason", "record_update", "usd", "phantom_section"]
    """事项"""
    filing: NotRequired[str | None]
    """申请单"""
    uscc: NotRequired[str | None]
    """统一社会信用代码：联系稽查处时必填"""
    enterprise_name: NotRequired[str | None]
    """企业名称：联系稽查处时必填"""
    text: NotRequired[str | None]
    """说明"""


Count: TypeAlias = "ExactCount | LeastCount | MostCount"


class CountedFault(TypedDict):
    fault: str
    """故障"""
    match: NotRequired[FaultMatch]
    times: NotRequired[int]
    """次数：不填为不限"""
    ttl_seconds: NotRequired[int]
    """有效秒数：现实时间；不填则直到撤去"""


class Coverage(TypedDict):
    rules_version: str
    parts: list[CoverageShare]
    sandbox: NotRequired[str]
    """只看一个沙箱时"""
    sandboxes: NotRequired[list[str]]
    """几个沙箱合起来看时"""


CoveragePart: TypeAlias = Literal["state", "edge", "refusal", "scenario", "situation", "glitch", "faq"]
"""state 状态；edge 流转；refusal 拒绝；scenario 情景；situation 场面；glitch 异常；faq 常见问题"""


class CoverageRow(TypedDict):
    name: str
    title: str
    faq: str | None
    met: bool


class CoverageShare(TypedDict):
    part: CoveragePart
    title: str
    met: int
    of: int
    rows: list[CoverageRow]


class Delivered(TypedDict):
    id: str
    webhook: str
    event: WebhookEvent
    attempt: int
    outcome: DeliveredOutcome
    at: str


DeliveredOutcome: TypeAlias = Literal["delivered", "failed", "pending"]


class Delivery(TypedDict):
    id: str
    webhook: str
    webhook_id: str
    """webhook-id，重试时不变"""
    event: WebhookEvent
    filing: str
    state: DeliveryState
    state_label: str
    at: str
    next_attempt_at: str | None
    attempts: list[Attempt]
    body: str
    """所签名的原文"""


class DeliveryPage(TypedDict):
    results: list[Delivery]
    next: str | None
    previous: str | None


DeliveryState: TypeAlias = Literal["pending", "waiting", "delivered", "failed", "withdrawn"]
"""pending 待送达；waiting 待取；delivered 已送达；failed 未能送达；withdrawn 已撤回"""


class Deprecation(TypedDict):
    what: str
    """接口或成员，按文档的写法"""
    since: str
    """自此日起不再推荐"""
    gone_on: str
    """自此日起，新版本可能不再有"""
    instead: str
    """改用什么"""


class DeregistrationContent(TypedDict):
    """注销申请"""

    reason: NotRequired[str | None]
    """注销原因；注销前应办结海关手续；有分支机构的，应先注销全部分支机构（公开资料）；必填：始终"""
    remarks: NotRequired[str | None]
    """备注；可分行，换行以 LF 保存"""


class DeregistrationFiling(TypedDict):
    kind: Literal["deregistration"]
    id: str
    number: str
    """18 位，SIM 开头"""
    kind_label: str
    filing_mode: Mode
    status: Status
    status_label: str
    stage: Stage
    version: int
    enterprise: EnterpriseName
    agent: EnterpriseName | None
    content: DeregistrationContent
    changed: NotRequired[list[str]]
    """仅变更申请：与备案不同的字段"""
    warnings: list[Notice]
    advice: Advice | None
    """在“真实”和“考核”的练习中为 null"""
    actions: list[str]
    """此刻可以办理的"""
    created_at: str
    declared_at: str | None
    status_since: str
    copied_from: str | None
    client_reference: str | None
    changes: NotRequired[list[Change]]
    """仅暂存的答复：随其他字段而改变的只读字段"""


Desk: TypeAlias = Literal["platform", "customs", "customs_inspection", "mofcom"]
"""platform 单一窗口客服；customs 主管海关；customs_inspection 深圳海关企业管理和稽查处；mofcom 商务部门"""


class Destination(TypedDict):
    reason_code: NotRequired[str]
    """原因"""
    public_comment: NotRequired[str]
    """申请人可知的意见：不填则用原因的文字"""
    internal_comment: NotRequired[str]
    """仅海关内部的意见：申请人的任何页面、接口、通知都看不到"""
    to: Literal["declared", "sent", "stored", "manual_review", "approved", "rejected"]


Determination: TypeAlias = Literal["not_needed", "needed", "not_applicable", "not_registered", "backfilled"]


class Difference(TypedDict):
    pointer: str
    """申请表中的位置（JSON Pointer）；缺少一行的，为该表"""
    label: str
    yours: str
    """填写的内容，代码附名称"""
    document: str
    """材料所载"""
    where: str
    """载于哪份材料的哪一栏"""


class Dossier(TypedDict):
    documents: list[DossierDocument]


class DossierDocument(TypedDict):
    kind: PaperKind
    title: str
    fields: list[DossierField]


class DossierField(TypedDict):
    label: str
    value: str


class DutyPart(TypedDict):
    rule: str
    ok: bool
    sentence: str
    found: str
    faq: str | None
    provenance: Provenance


_Edge = TypedDict("_Edge", {"from": "Status"})


class Edge(_Edge):
    action: str
    to: Status
    by: Party
    label: str


class Eligibility(TypedDict):
    year: int
    required: bool
    reasons: list[DutyPart]
    """三项条件，全部列出"""
    opens_on: str
    due_on: str


class Ended(TypedDict):
    account: str | None
    """只限这个账户的；null 为全部"""
    sessions: int
    """结束了几个登录"""
    challenges: int
    """作废了几个待签名的随机数"""


class Entered(TypedDict):
    situation: str
    title: str
    faq: str | None
    at: str
    """沙箱时钟"""
    about: About | None
    """关于哪家企业；整个场面从头布置的为 null"""
    filings: list[str]
    tickets: list[str]
    mandates: list[str]
    cards: list[str]
    seal_certificates: list[int]
    annual_reports: list[int]
    """报告年度"""
    accounts: list[str]
    """新增的账户（用户名）；密码与演示账户相同"""
    enterprises: list[str]
    """新增或改动的企业"""
    client_controls: list[str]
    """客户端控件改变了的账户"""
    records: list[ChangedRecord]
    glitches: list[str]
    """生效的页面异常"""


class Enterprise(TypedDict):
    uscc: str
    name_cn: str
    registered: bool
    standing: Standing
    standing_label: str
    customs_code: str | None
    inspection_number: str | None
    categories: list[str]
    qualifications: list[Qualification]
    registered_on: str | None
    valid_until: str | None
    synced_at: str | None
    history: list[FormerRecord]
    capabilities: Capabilities


class EnterpriseAccountWanted(TypedDict):
    uscc: NotRequired[str]
    username: NotRequired[str]
    password: NotRequired[str]
    user_type: NotRequired[Literal["enterprise"]]
    display_name: NotRequired[str]


class EnterpriseCard(TypedDict):
    n: int
    type: CardType
    type_label: str
    card_no: str | None
    """制发后给出"""
    holder_name: str
    holder_id_type: str | None
    holder_id_number: str | None
    username: str
    status: CardStatus
    status_label: str
    applied_at: str
    issued_at: str | None
    cancelled_at: str | None
    valid_until: str | None
    warnings: list[Notice]
    simulated: bool


class EnterpriseName(TypedDict):
    uscc: str
    name_cn: str


class EnterpriseWanted(TypedDict):
    uscc: NotRequired[str]
    name_cn: NotRequired[str]
    category: NotRequired[Category]
    in_qianhai: NotRequired[bool | None]
    mirrored: NotRequired[bool]
    """单一窗口是否也有这份备案；缺省为是"""
    registered_on: NotRequired[str]
    valid_until: NotRequired[str | None]
    deregistered_on: NotRequired[str | None]
    customs_qualified_on: NotRequired[str | None]
    inspection_qualified_on: NotRequired[str | None]
    market: NotRequired[MarketFacts]


class EvaluationKept(TypedDict):
    n: int
    at: str
    up_to_seq: int
    """评到第几个事件"""
    passed: bool
    score: int


class ExactCount(TypedDict):
    exactly: int
    """恰好"""


class Exchange(TypedDict):
    id: int
    at: str
    at_real: str
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


class ExchangeMatch(TypedDict):
    method: NotRequired[str]
    """方法"""
    path: NotRequired[str]
    """路径：业务接口的地址，可从 /api/v1 之后写起；* 代表任意"""
    status: NotRequired[int]
    """状态码"""
    account: NotRequired[str]
    """账户"""
    body: NotRequired[Any]
    """请求体的一部分：JSON：所列成员须在且相等"""


class Exercise(TypedDict):
    id: str
    version: int
    title: str
    faq: list[FaqEntryId]
    validity: Validity
    minutes: int
    capstone: bool
    modes: list[ExerciseMode]
    variants: int
    """有几种不同的场面；种子决定是哪一种"""
    symptom: str
    task: str
    checks: list[CheckAsked]
    answers: list[Question]


class ExerciseAttempt(TypedDict):
    id: str
    exercise: str
    version: int
    seed: int
    mode: ExerciseMode
    state: AttemptState
    sandbox: str | None
    """沙箱已不在的为 null"""
    started_at: str
    ended_at: str | None
    evaluations: list[EvaluationKept]
    hints: list[HintOpened]


ExerciseMode: TypeAlias = Literal["guided", "practice", "exam"]
"""guided 引导；practice 真实；exam 考核"""


class Exercises(TypedDict):
    results: list[Exercise]


class Expired(TypedDict):
    account: NotRequired[str]
    """用户名：不填为全部账户"""


class Explanation(TypedDict):
    filing: str
    status: Status
    status_label: str
    status_since: str
    scenario: ChosenBy | None
    pinned_scenario: str | None
    glitches: list[GlitchInForce]
    held: bool
    rules: list[FiredRule]
    blocks: list[Block]
    next_event: NextEvent | None
    inspection: Inspection | None
    """情景 inspect 在审批时的比对；null 为不比对"""
    set_aside: list[SetAside]
    advice: Advice
    unblock: list[str]


class FaqEntries(TypedDict):
    results: list[FaqEntry]


class FaqEntry(TypedDict):
    id: FaqEntryId
    part: str
    question: str
    answer: str
    validity: Validity
    today: str
    today_provenance: Provenance


FaqEntryId: TypeAlias = Literal[
    "1.1",
    "1.2",
    "1.3",
    "1.4",
    "1.5",
    "1.6",
    "1.7",
    "1.8",
    "1.9",
    "1.10",
    "2.1",
    "2.2",
    "2.3",
    "2.4",
    "2.5",
    "2.6",
    "2.7",
    "2.8",
    "2.9",
    "2.10",
    "2.11",
    "2.12",
    "2.13",
    "2.14",
    "2.15",
    "2.16",
    "2.17",
    "2.18",
    "2.19",
    "2.20",
]


class Fault(TypedDict):
    id: str
    fault: str
    of: FaultSort
    match: FaultLimits
    left: int | None
    probability: float | None
    expires_at: str | None
    fired: int


class FaultKind(TypedDict):
    name: str
    title: str
    of: FaultSort
    faq: str | None
    match: list[str]
    """可按什么限定"""
    parameters: list[FaultParameter]


class FaultLimits(TypedDict):
    method: NotRequired[str]
    path: NotRequired[str]
    account: NotRequired[str]
    event: NotRequired[str]
    uscc: NotRequired[str]


class FaultMatch(TypedDict):
    method: NotRequired[Literal["GET", "POST", "PATCH", "DELETE"]]
    """方法"""
    path: NotRequired[str]
    """路径：业务接口的地址，可从 /api/v1 之后写起；* 代表任意"""
    account: NotRequired[str]
    """账户：用户名，须已在沙箱中；* 代表任意，含以后建立的"""
    event: NotRequired[str]
    """事件：通知的事件，例如 filing.approved；* 代表任意"""
    uscc: NotRequired[str]
    """统一社会信用代码：企业，须已在沙箱中；通知类可用 * 代表任意"""


class FaultParameter(TypedDict):
    name: str
    title: str
    default: str


FaultSort: TypeAlias = Literal["transport", "delivery", "glitch"]
"""transport 传输；delivery 通知；glitch 页面异常"""


class Faults(TypedDict):
    results: list[Fault]
    catalogue: list[FaultKind]


class FieldError(TypedDict):
    pointer: str
    """何处：JSON 指针"""
    code: str
    detail: str
    faq: str | None


class FieldState(TypedDict):
    shade: Shade
    editable: bool
    required: bool
    value: Any
    """文字、布尔值、数组或 null"""
    default: Any
    """文字、布尔值、数组或 null"""
    recommended: str | None
    reason: str | None
    faq: str | None


Filing: TypeAlias = "RegistrationFiling | ChangeFiling | DeregistrationFiling | MofcomChangeFiling"


class FilingEvent(TypedDict):
    type: WebhookEvent
    timestamp: str
    """沙箱时钟"""
    data: FilingOfEvent


class FilingOfEvent(TypedDict):
    filing: Filing


class FilingPage(TypedDict):
    results: list[Filing]
    next: str | None
    previous: str | None


FilingWanted: TypeAlias = "UndecidedFilingWanted | ApprovedFilingWanted | RejectedFilingWanted"
"""content 为该类申请的内容。"""


class Filling(TypedDict):
    content: dict[str, Any]
    """填写中的内容；不合规定之处在答复中逐项说明"""
    filing: NotRequired[str | None]


class Fired(TypedDict):
    at: str
    verb: str
    subject: str
    outcome: str
    """done 已发生；set_aside 因数据有误被搁置；其他为不再办理的原因"""


class FiredRule(TypedDict):
    code: str
    sentence: str | None
    faq: str | None


class Form(TypedDict):
    kind: str
    label: str
    promised_working_days: int | None
    """承诺办结的工作日数（公开资料）；null：没有公开资料"""
    groups: list[FormGroup]


class FormField(TypedDict):
    name: str
    """组内以点相连，行以 * 代替序号，例如 investors.*.amount"""
    label: str
    type: str
    max_length: int | None
    code_table: str | None
    default: Any
    """文字、布尔值、数组或 null"""
    hint: str | None
    faq: str | None
    provenance: Provenance
    required_when: str | None
    locked_when: str | None


class FormGroup(TypedDict):
    name: str
    tab: str
    title: str
    fields: list[FormField]


class FormName(TypedDict):
    kind: str
    label: str


class FormState(TypedDict):
    fields: dict[str, FieldState]
    """以字段名为键：组内以点相连，行以序号，例如 investors.0.amount"""
    errors: list[Notice]
    warnings: list[Notice]
    changes: list[Change]


class FormerRecord(TypedDict):
    customs_code: str | None
    categories: list[str]
    registered_on: str | None
    valid_until: str | None
    deregistered_on: str | None


class Forms(TypedDict):
    results: list[FormName]


class GlitchInForce(TypedDict):
    name: str
    faq: str


class Guard(TypedDict):
    name: str
    sentence: str
    code: str
    faq: str | None
    provenance: Provenance
    kinds: list[str]


class Half(TypedDict):
    headers: dict[str, str]
    body: Any
    """JSON 或文本"""


class HandledFiling(TypedDict):
    id: str
    number: str
    kind: Kind
    enterprise: EnterpriseName
    filing_mode: Mode
    status: Status
    status_label: str
    status_since: str
    version: int
    held: bool
    scenario: str | None
    allowed: list[str]


class HandledFilingPage(TypedDict):
    results: list[HandledFiling]
    next: str | None
    previous: str | None


class HandledKind(TypedDict):
    kind: str
    label: str
    handlers: list[Party]
    """依次办理的部门"""


class HintOpened(TypedDict):
    level: int
    at: str
    text: str


class InjectedReceipt(TypedDict):
    id: str
    filing: str
    at: str
    status: Status
    text: str


class Inspection(TypedDict):
    outcome: Status
    compared: list[Compared]


class JournalPage(TypedDict):
    results: list[Exchange]
    next: str | None
    previous: str | None


class Judgement(TypedDict):
    passed: bool
    score: int
    """通过的检查占百分之几"""
    checks: list[CheckJudged]
    mistakes: list[MistakeMade]
    differences: list[Difference]
    """与材料包不一致之处"""


Kind: TypeAlias = Literal["registration", "change", "deregistration", "mofcom_change"]
"""registration 注册登记申请；change 注册信息变更申请；deregistration 注销申请；mofcom_change 商务部变更申请"""


class LeastCount(TypedDict):
    at_least: int
    """至少"""
    at_most: NotRequired[int]
    """至多"""


class Ledger(TypedDict):
    uscc: str
    categories: list[Category]
    registered_on: str | None
    valid_until: str | None
    deregistered_on: str | None
    customs_code: str | None
    inspection_number: str | None
    customs_qualified_on: str | None
    inspection_qualified_on: str | None
    in_qianhai: bool | None
    investors: list[LedgerInvestor]


class LedgerFacts(TypedDict):
    categories: NotRequired[list[Category]]
    registered_on: NotRequired[str | None]
    valid_until: NotRequired[str | None]
    deregistered_on: NotRequired[str | None]
    customs_code: NotRequired[str | None]
    inspection_number: NotRequired[str | None]
    customs_qualified_on: NotRequired[str | None]
    inspection_qualified_on: NotRequired[str | None]
    in_qianhai: NotRequired[bool | None]
    investors: NotRequired[list[LedgerInvestor]]


class LedgerInvestor(TypedDict):
    name: str
    country: str
    method: NotRequired[str | None]
    amount: NotRequired[str | None]
    """金额，两位至六位小数"""
    currency: NotRequired[str | None]
    amount_usd: NotRequired[str | None]
    """金额，两位至六位小数"""


LogIn: TypeAlias = "PasswordLogIn | CardLogIn | SignatureLogIn"


class LoggedIn(TypedDict):
    medium: Medium
    expires_at: str | None
    account: AccountName
    enterprise: EnterpriseName | None
    token: str


class Machine(TypedDict):
    kind: Kind
    states: list[State]
    edges: list[Edge]
    guards: list[Guard]
    kinds: list[HandledKind]
    actions: dict[str, Party]
    mermaid: str


class MadeAccount(TypedDict):
    username: str
    user_type: UserType
    display_name: str
    password: str
    token: str
    uscc: str | None


class MadeCard(TypedDict):
    card_no: str
    type: CardType
    holder_name: str
    username: str
    uscc: str | None
    status: CardStatus
    status_label: str
    valid_until: str | None
    pin: str
    card_token: str


class MadeEnterprise(TypedDict):
    uscc: str
    name_cn: str
    in_qianhai: bool | None


class Mandate(TypedDict):
    id: str
    role: MandateRole
    principal: EnterpriseName
    agent: EnterpriseName
    status: MandateStatus
    status_label: str
    valid_to: str | None
    given_at: str
    revoked_at: str | None


class MandatePage(TypedDict):
    results: list[Mandate]
    next: str | None
    previous: str | None


MandateRole: TypeAlias = Literal["principal", "agent"]

MandateStatus: TypeAlias = Literal["active", "expired", "revoked"]


class MarketFacts(TypedDict):
    state: NotRequired[Literal["in_business", "revoked", "deregistered"]]
    """登记状态"""
    name_cn: NotRequired[str | None]
    legal_representative: NotRequired[str | None]
    """法定代表人姓名"""
    registered_capital: NotRequired[str | None]
    """金额，两位至六位小数"""
    capital_currency: NotRequired[str | None]
    """代码表 currencies"""
    address_cn: NotRequired[str | None]
    economic_type: NotRequired[str | None]
    """代码表 economic_types"""
    business_scope: NotRequired[str | None]
    established_on: NotRequired[str | None]
    valid_until: NotRequired[str | None]


class MarketLedger(TypedDict):
    uscc: str
    state: MarketState
    name_cn: str | None
    legal_representative: str | None
    registered_capital: str | None
    capital_currency: str | None
    address_cn: str | None
    economic_type: str | None
    business_scope: str | None
    established_on: str | None
    valid_until: str | None


MarketState: TypeAlias = Literal["in_business", "revoked", "deregistered"]
"""in_business 存续（在营、开业、在册）；revoked 吊销，未注销；deregistered 注销"""

Medium: TypeAlias = Literal["password", "card"]
"""password 账号密码；card 卡介质"""


class Merged(TypedDict):
    sandboxes: list[str]


class MistakeMade(TypedDict):
    id: str
    say: str
    evidence: list[Proof]


Mode: TypeAlias = Literal["self", "agent"]
"""self 自理；agent 代理"""


class MofcomChangeContent(TypedDict):
    """商务部变更申请"""

    name_cn: NotRequired[str | None]
    """企业中文名称"""
    name_en: NotRequired[str | None]
    """企业英文名称；不含全角标点"""
    address_cn: NotRequired[str | None]
    """住所"""
    legal_representative: NotRequired[str | None]
    """法定代表人姓名"""
    registered_capital: NotRequired[str | None]
    """注册资本(万)"""
    remarks: NotRequired[str | None]
    """备注；可分行，换行以 LF 保存"""


class MofcomChangeFiling(TypedDict):
    kind: Literal["mofcom_change"]
    id: str
    number: str
    """18 位，SIM 开头"""
    kind_label: str
    filing_mode: Mode
    status: Status
    status_label: str
    stage: Stage
    version: int
    enterprise: EnterpriseName
    agent: EnterpriseName | None
    content: MofcomChangeContent
    changed: NotRequired[list[str]]
    """仅变更申请：与备案不同的字段"""
    warnings: list[Notice]
    advice: Advice | None
    """在“真实”和“考核”的练习中为 null"""
    actions: list[str]
    """此刻可以办理的"""
    created_at: str
    declared_at: str | None
    status_since: str
    copied_from: str | None
    client_reference: str | None
    changes: NotRequired[list[Change]]
    """仅暂存的答复：随其他字段而改变的只读字段"""


class MostCount(TypedDict):
    at_most: int
    """至多"""


class NearMiss(TypedDict):
    id: int
    method: str
    path: str
    status: int
    differs: str


class NewAnnualReport(TypedDict):
    year: int
    content: NotRequired[AnnualReportContent]


class NewBackfill(TypedDict):
    number: NotRequired[str | None]
    """原备案或登记证号：最多 20 个字"""
    remarks: NotRequired[str | None]
    """备注"""


class NewCard(TypedDict):
    type: Literal["legal_person", "operator", "declarant"]
    """卡类型：新入网的企业一般先申请法人卡，再申请操作员卡、报关员卡；自 2021 年 10 月 19 日起，法人卡的持卡人不能再申请后两种卡。"""
    holder_name: str
    """持卡人姓名"""
    holder_id_type: Literal[
        "居民身份证", "护照", "港澳居民来往内地通行证", "台湾居民来往大陆通行证", "外国人永久居留身份证", "其他"
    ]
    """证件类型"""
    holder_id_number: str
    """证件号码：提交时校验是否已申请本企业法人卡"""


class NewChange(TypedDict):
    """代理（filing_mode 为 agent）须给出 principal；自理不填。"""

    kind: Literal["change"]
    filing_mode: NotRequired[Literal["self", "agent"]]
    principal: NotRequired[str | None]
    """代理时：被代理企业的统一社会信用代码"""
    client_reference: NotRequired[str | None]
    content: NotRequired[ChangeContent]


class NewCheckpoint(TypedDict):
    name: str
    """名称"""
    replace: NotRequired[bool]
    """同名的覆盖"""


class NewDeregistration(TypedDict):
    """代理（filing_mode 为 agent）须给出 principal；自理不填。"""

    kind: Literal["deregistration"]
    filing_mode: NotRequired[Literal["self", "agent"]]
    principal: NotRequired[str | None]
    """代理时：被代理企业的统一社会信用代码"""
    client_reference: NotRequired[str | None]
    content: NotRequired[DeregistrationContent]


NewFault: TypeAlias = "CountedFault | ChanceFault"

NewFiling: TypeAlias = "NewRegistration | NewChange | NewDeregistration | NewMofcomChange"
"""代理（filing_mode 为 agent）须给出 principal；自理不填。"""


class NewMandate(TypedDict):
    agent: str
    """代理企业的统一社会信用代码"""
    valid_to: NotRequired[str | None]
    """有效期至：YYYY-MM-DD，含当日；不填则至撤销为止"""


class NewMofcomChange(TypedDict):
    """代理（filing_mode 为 agent）须给出 principal；自理不填。"""

    kind: Literal["mofcom_change"]
    filing_mode: NotRequired[Literal["self", "agent"]]
    principal: NotRequired[str | None]
    """代理时：被代理企业的统一社会信用代码"""
    client_reference: NotRequired[str | None]
    content: NotRequired[MofcomChangeContent]


class NewPin(TypedDict):
    old_pin: str
    """原密码：默认密码为 88888888，应及时修改"""
    new_pin: str
    """新密码：8 位数字，不能是默认密码 88888888"""


class NewRegistration(TypedDict):
    """代理（filing_mode 为 agent）须给出 principal；自理不填。"""

    kind: Literal["registration"]
    filing_mode: NotRequired[Literal["self", "agent"]]
    principal: NotRequired[str | None]
    """代理时：被代理企业的统一社会信用代码"""
    client_reference: NotRequired[str | None]
    content: NotRequired[RegistrationContent]


class NewSandbox(TypedDict):
    name: NotRequired[str]
    """名称：例如：三月班 第二组"""
    situation: NotRequired[
        Literal[
            "standard",
            "empty",
            "backfill_both_before",
            "backfill_only_customs",
            "backfill_second_on_20180801",
            "office_not_chosen",
            "office_table_stale",
            "office_renamed",
            "zone_not_chosen",
            "zone_missing",
            "trade_zone_not_chosen",
            "trade_zone_missing",
            "in_qianhai",
            "card_expired",
            "card_cancelled",
            "card_locked",
            "card_reader_unplugged",
            "seal_certificate_at_59_59",
            "seal_certificate_at_60_00",
            "seal_certificate_fails",
            "mandate_expired",
            "mandate_revoked",
            "one_qualification_draft",
            "stuck_draft",
            "stuck_declared",
            "stuck_sent",
            "stuck_stored",
            "stuck_manual_review",
            "customs_sees_nothing",
            "consignee_branch",
            "approved_registration",
            "mirror_lag_one_day",
            "division_incomplete",
            "registered_as_personal",
            "not_synced",
            "not_synced_expired",
            "sync_fails_once",
            "mirror_lag",
            "several_statuses",
            "rejected_registration",
            "rejected_change",
            "rejected_change_no_reason",
            "print_blurred",
            "control_missing",
            "control_stopped",
            "control_outdated",
            "control_flaky",
            "mofcom_record_missing",
            "mofcom_record_stale",
            "mofcom_lookup_fails",
            "stale_form",
            "annual_registered_20201231",
            "annual_registered_20210101",
            "annual_deregistered",
            "annual_category_temp",
            "phantom_customs_section",
            "publicity_lag",
            "publicity_lag_ten_days",
            "card_legal_held",
            "card_legal_pending",
            "card_legal_cancelled",
            "card_legal_ends_in_x",
            "card_legal_elsewhere",
            "overdue_mirror",
            "overdue_at_customs",
            "usd_delayed",
            "usd_wrong",
            "print_truncated",
            "dual_not_printable",
            "express_greyed",
            "dual",
            "deregistered",
            "branches_registered",
        ]
    ]
    """场面"""
    clock: NotRequired[ClockWanted]
    scenario: NotRequired[str]
    """情景"""
    seed: NotRequired[int]
    """种子：同一种子、同样的调用，得到同样的编号"""
    ttl_hours: NotRequired[int]
    """保留小时数：自最近一次使用起"""
    pinned: NotRequired[bool]
    """保留（不过期）"""
    login_lock: NotRequired[bool]
    """连续输错密码时锁定登录"""
    exercise: NotRequired[str]
    """练习：置于该练习开始时的场面；场面、时钟、情景由练习决定，不再给出。目录见 GET /control/v1/exercises"""


class NextEvent(TypedDict):
    at: str
    verb: str
    label: str


Nothing: TypeAlias = "dict[str, Any]"


class Notice(TypedDict):
    pointer: str
    code: str
    detail: str
    faq: str | None
    provenance: Provenance


class OpenedSandbox(TypedDict):
    id: str
    name: str
    situation: str
    exercise: str | None
    """是哪个练习的场面；其他沙箱为 null"""
    clock: Clock
    scenario: str
    seed: int
    pinned: bool
    magic_names: bool
    login_lock: bool
    """连续输错密码五次后锁定登录，渐增至十五分钟"""
    created_at: str
    expires_at: str | None
    next_event_at: str | None
    accounts: list[SandboxAccount]
    enterprises: list[EnterpriseName]
    set_aside: list[SetAside]
    usage: Usage
    control_key: str


class OverviewPage(TypedDict):
    results: list[OverviewRow]
    next: str | None
    previous: str | None


class OverviewRow(TypedDict):
    id: str
    number: str
    kind: Kind
    kind_label: str
    enterprise: EnterpriseName
    status: Status
    status_label: str
    declared_at: str | None
    status_since: str


PaperKind: TypeAlias = Literal[
    "licence", "parent_licence", "identity_card", "resolution", "lease", "name_change", "information", "mandate"
]
"""licence 营业执照；parent_licence 总公司营业执照；identity_card 居民身份证；resolution 股东会决议；lease 房屋租赁合同；name_change 登记通知书；
information 企业信息及联系人登记表；mandate 授权委托书
"""

Party: TypeAlias = Literal["applicant", "platform", "customs", "mofcom"]
"""applicant 申请人；platform 单一窗口；customs 海关；mofcom 商务部门"""


class PasswordLogIn(TypedDict):
    sandbox: NotRequired[str]
    """演练环境：由培训或测试的一方告知；不填为公用的演示环境"""
    username: str
    """用户名"""
    password: str
    """密码"""


class Patch(TypedDict):
    content: SheetContent


class PatchSandbox(TypedDict):
    magic_names: NotRequired[bool]
    login_lock: NotRequired[bool]
    name: NotRequired[str]
    pinned: NotRequired[bool]
    ttl_hours: NotRequired[int]


class PersonalAccountWanted(TypedDict):
    username: NotRequired[str]
    password: NotRequired[str]
    user_type: Literal["personal"]
    display_name: NotRequired[str]


_Problem = TypedDict("_Problem", {"from": "NotRequired[Status]"})


class Problem(_Problem):
    type: str
    """问题的名称，与 code 一一对应；不是可以打开的地址"""
    title: str
    status: int
    detail: str
    """何处不对；FAQ 有原文的，一字不差"""
    instance: str
    code: str
    """稳定的代码"""
    faq: str | None
    provenance: Provenance
    remedy: str
    """怎么办"""
    errors: list[FieldError]
    request_id: str
    to: NotRequired[str | None]
    """要到达的状态或时刻"""
    action: NotRequired[str]
    allowed: NotRequired[list[str]]
    """此刻可以办理的"""
    reachable: NotRequired[list[str]]
    """可以推进到的状态"""
    retry_at: NotRequired[str]
    """自此时刻起可以再试，按沙箱时钟"""
    filing: NotRequired[str | None]
    ticket: NotRequired[str]
    mandate: NotRequired[str]
    version: NotRequired[int]
    """申请单现在的版本"""
    card_status: NotRequired[CardStatus | None]
    standing: NotRequired[Standing]
    categories: NotRequired[list[str]]
    branches: NotRequired[int]
    """尚未注销的分支机构有几家"""
    next_open_at: NotRequired[str]
    year: NotRequired[int]
    required: NotRequired[bool]
    reasons: NotRequired[list[DutyPart]]
    opens_on: NotRequired[str]
    due_on: NotRequired[str]
    opens_at: NotRequired[str]
    submitted_at: NotRequired[str]
    publicised_at: NotRequired[str]
    business_affected: NotRequired[bool]
    determination: NotRequired[str]
    answer: NotRequired[str]
    nearest: NotRequired[list[str]]
    """与所给最接近的名称"""
    known: NotRequired[list[str]]
    """可用的名称"""
    now: NotRequired[str]
    """沙箱时钟此刻"""
    fired: NotRequired[int]
    """已经发生了几件事"""
    schema: NotRequired[str]
    """本系统的结构摘要"""
    fault: NotRequired[str]
    """遇到的故障"""
    limit: NotRequired[int]
    """最多可以有多少"""
    used: NotRequired[int]
    """已有多少"""


class Proof(TypedDict):
    seq: NotRequired[int]
    """事件"""
    path: NotRequired[str]
    """状态中的位置"""
    first: NotRequired[int]
    """查找的范围，自此事件起"""
    last: NotRequired[int]
    """到此事件止"""


Provenance: TypeAlias = Literal["documented", "public", "assumed", "ours"]
"""documented FAQ 载明；public 公开资料；assumed 推定；ours 本系统自定"""


class Publicised(TypedDict):
    platform: str
    uscc: str
    name_cn: str | None
    customs_code: str | None
    categories: list[Category]
    registered_on: str
    valid_until: str | None
    """报关有效期；null 为长期"""
    deregistered: bool
    results: list[PublicityOfYear]


Publicity: TypeAlias = Literal["not_required", "not_reported", "reported", "reported_late", "overdue_unreported"]
"""not_required 不需要；not_reported 未报送；reported 已报送；reported_late 超期报送；overdue_unreported 超期未报送"""


class PublicityOfYear(TypedDict):
    year: int
    publicity_status: Publicity
    publicity_status_label: str


Qualification: TypeAlias = Literal["customs", "inspection"]
"""customs 报关；inspection 报检"""


class Question(TypedDict):
    id: str
    ask: str
    type: QuestionType
    choices: list[Choice]


QuestionType: TypeAlias = Literal["yes_no", "choice", "text"]
"""yes_no 是或否；choice 选一项；text 文字"""


class QueueMatch(TypedDict):
    kind: Kind | None
    uscc: str | None


class Queued(TypedDict):
    scenario: str
    """情景"""
    match: NotRequired[WantedMatch]
    times: NotRequired[int]
    """次数"""


class QueuedScenario(TypedDict):
    id: str
    scenario: str
    match: QueueMatch
    left: int


class RawReceipt(TypedDict):
    status: Literal["declared", "sent", "stored", "manual_review", "approved", "rejected"]
    text: NotRequired[str]
    at: NotRequired[str]
    reason_code: NotRequired[str]
    public_comment: NotRequired[str]
    internal_comment: NotRequired[str]


class Receipt(TypedDict):
    id: str
    filing: str
    number: str
    kind: Kind
    at: str
    status: Status
    status_label: str
    text: str
    acknowledged_at: str | None
    simulated: bool
    reason: NotRequired[str | None]
    """仅变更、注销申请，且仅在卡介质登录时给出（FAQ 2.6）"""


class ReceiptPage(TypedDict):
    results: list[Receipt]
    next: str | None
    previous: str | None


RecordState: TypeAlias = Literal["current", "stale"]
"""current 正常；stale 非最新"""

Register: TypeAlias = "RegisterEnterpriseUser | RegisterPersonalUser"


class RegisterEnterpriseUser(TypedDict):
    sandbox: NotRequired[str]
    """演练环境：由培训或测试的一方告知；不填为公用的演示环境"""
    username: str
    """用户名"""
    password: str
    """密码：至少 8 位；请勿使用真实密码"""
    user_type: Literal["enterprise"]
    display_name: str
    """企业名称或姓名"""
    uscc: str
    """统一社会信用代码：企业用户必填，18 位"""


class RegisterPersonalUser(TypedDict):
    sandbox: NotRequired[str]
    """演练环境：由培训或测试的一方告知；不填为公用的演示环境"""
    username: str
    """用户名"""
    password: str
    """密码：至少 8 位；请勿使用真实密码"""
    user_type: Literal["personal"]
    display_name: str
    """企业名称或姓名"""
    uscc: NotRequired[str]
    """统一社会信用代码：企业用户必填，18 位"""


class RegisteredWebhook(TypedDict):
    id: str
    url: str | None
    """null：由接收程序自取"""
    events: list[WebhookEvent]
    enabled: bool
    """接收程序答复 410 后为 false"""
    created_at: str
    disabled_at: str | None
    secret: str
    """whsec_…，登记时给出的或系统生成的，只告知这一次；按 Standard Webhooks 验证签名"""


class RegistrationContent(TypedDict):
    """注册登记申请"""

    filing_scope: NotRequired[list[str] | None]
    """备案资质；必填：始终；只读：自2018年4月20日起同时取得报关报检资质；代码表 qualifications；FAQ 1.8"""
    customs_code: NotRequired[str | None]
    """海关注册编码；只读：审批通过后由海关返填"""
    inspection_number: NotRequired[str | None]
    """检验检疫备案号；只读：审批通过后由海关返填；FAQ 2.1"""
    uscc: NotRequired[str | None]
    """统一社会信用代码；必填：企业不是临时注册登记单位；FAQ 2.17"""
    name_cn: NotRequired[str | None]
    """企业中文名称；必填：始终"""
    category: NotRequired[str | None]
    """企业经营类别；必填：始终；代码表 categories；FAQ 2.19"""
    express_operator: NotRequired[bool | None]
    """是否为快件运营企业；只读：除非企业经营类别为报关企业或特殊监管区域双重身份企业；FAQ 2.19"""
    name_en: NotRequired[str | None]
    """企业英文名称；必填：企业不是临时注册登记单位"""
    address_cn: NotRequired[str | None]
    """工商注册地址；必填：始终；FAQ 2.17"""
    postcode: NotRequired[str | None]
    """邮政编码；必填：始终"""
    address_en: NotRequired[str | None]
    """企业英文地址；必填：企业不是临时注册登记单位"""
    province: NotRequired[str | None]
    """省（自治区、直辖市）；必填：始终；代码表 divisions；FAQ 2.2"""
    city: NotRequired[str | None]
    """市（地区）；必填：始终；代码表 divisions；FAQ 2.2"""
    district: NotRequired[str | None]
    """区（县）；必填：始终；代码表 divisions；FAQ 2.2"""
    customs_office: NotRequired[str | None]
    """注册海关；行政区划三个级别都选择后可选；必填：始终；代码表 customs_offices；FAQ 1.2"""
    economic_zone: NotRequired[str | None]
    """经济区划；必填：始终；代码表 economic_zones；FAQ 1.3"""
    special_trade_zone: NotRequired[str | None]
    """特殊贸易区域；必填：始终；代码表 special_trade_zones；FAQ 1.4"""
    economic_type: NotRequired[str | None]
    """经济类型；必填：始终；代码表 economic_types"""
    organization_type: NotRequired[str | None]
    """组织机构类型；必填：始终；代码表 organization_types"""
    industry: NotRequired[str | None]
    """行业种类；四位数字；必填：始终"""
    cross_border_types: NotRequired[list[str] | None]
    """跨境贸易电子商务类型；代码表 cross_border_types"""
    registered_capital: NotRequired[str | None]
    """注册资本(万)；必填：始终"""
    capital_currency: NotRequired[str | None]
    """注册资本币制；必填：始终；代码表 currencies"""
    established_on: NotRequired[str | None]
    """成立日期；YYYY-MM-DD；必填：始终"""
    valid_until: NotRequired[str | None]
    """营业期限；YYYY-MM-DD，长期不填"""
    business_scope: NotRequired[str | None]
    """经营范围；可分行，换行以 LF 保存；必填：始终"""
    parent_relation: NotRequired[str | None]
    """与上级单位关系；必填：该草稿的页面把“与上级单位关系”显示为必填（页面异常）；代码表 parent_relations；FAQ 2.10"""
    parent_uscc: NotRequired[str | None]
    """上级单位统一社会信用代码"""
    parent_name: NotRequired[str | None]
    """上级单位名称"""
    remarks: NotRequired[str | None]
    """备注；可分行，换行以 LF 保存"""
    legal_representative: NotRequired[RegistrationLegalRepresentative | None]
    finance_manager: NotRequired[RegistrationFinanceManager | None]
    customs_manager: NotRequired[RegistrationCustomsManager | None]
    investors: NotRequired[list[RegistrationInvestorsRow] | None]
    """出资者信息"""
    declarants: NotRequired[list[RegistrationDeclarantsRow] | None]
    """报关人员"""


class RegistrationCustomsManager(TypedDict):
    """关务负责人"""

    name: NotRequired[str | None]
    """姓名；必填：始终"""
    id_type: NotRequired[str | None]
    """身份证件类型；必填：始终；代码表 id_types"""
    id_number: NotRequired[str | None]
    """身份证件号码；必填：始终"""
    phone: NotRequired[str | None]
    """固定电话"""
    mobile: NotRequired[str | None]
    """移动电话；境外号码以 + 开头；必填：始终"""
    email: NotRequired[str | None]
    """电子邮箱"""


class RegistrationDeclarantsRow(TypedDict):
    """报关人员"""

    name: NotRequired[str | None]
    """姓名；必填：始终"""
    id_type: NotRequired[str | None]
    """身份证件类型；必填：始终；代码表 id_types"""
    id_number: NotRequired[str | None]
    """身份证件号码；必填：始终"""
    action: NotRequired[str | None]
    """业务种类；必填：始终；代码表 declarant_actions"""


class RegistrationFiling(TypedDict):
    kind: Literal["registration"]
    id: str
    number: str
    """18 位，SIM 开头"""
    kind_label: str
    filing_mode: Mode
    status: Status
    status_label: str
    stage: Stage
    version: int
    enterprise: EnterpriseName
    agent: EnterpriseName | None
    content: RegistrationContent
    changed: NotRequired[list[str]]
    """仅变更申请：与备案不同的字段"""
    warnings: list[Notice]
    advice: Advice | None
    """在“真实”和“考核”的练习中为 null"""
    actions: list[str]
    """此刻可以办理的"""
    created_at: str
    declared_at: str | None
    status_since: str
    copied_from: str | None
    client_reference: str | None
    changes: NotRequired[list[Change]]
    """仅暂存的答复：随其他字段而改变的只读字段"""


class RegistrationFinanceManager(TypedDict):
    """财务负责人"""

    name: NotRequired[str | None]
    """姓名；必填：始终"""
    id_type: NotRequired[str | None]
    """身份证件类型；必填：始终；代码表 id_types"""
    id_number: NotRequired[str | None]
    """身份证件号码；必填：始终"""
    phone: NotRequired[str | None]
    """固定电话"""
    mobile: NotRequired[str | None]
    """移动电话；境外号码以 + 开头；必填：始终"""
    email: NotRequired[str | None]
    """电子邮箱"""


class RegistrationInvestorsRow(TypedDict):
    """出资者信息"""

    name: NotRequired[str | None]
    """出资者名称；必填：始终"""
    country: NotRequired[str | None]
    """出资国别；必填：始终；代码表 countries"""
    method: NotRequired[str | None]
    """出资方式；必填：始终；代码表 investment_methods"""
    amount: NotRequired[str | None]
    """出资金额(万)；必填：始终；FAQ 2.16"""
    currency: NotRequired[str | None]
    """出资金额币制；必填：始终；代码表 currencies"""
    amount_usd: NotRequired[str | None]
    """出资金额(万美元)；只读：由海关审核后返回，无法在“单一窗口”修改；FAQ 2.16"""


class RegistrationLegalRepresentative(TypedDict):
    """法定代表人（负责人）"""

    name: NotRequired[str | None]
    """姓名；必填：始终"""
    id_type: NotRequired[str | None]
    """身份证件类型；必填：始终；代码表 id_types"""
    id_number: NotRequired[str | None]
    """身份证件号码；必填：始终"""
    phone: NotRequired[str | None]
    """固定电话"""
    mobile: NotRequired[str | None]
    """移动电话；境外号码以 + 开头；必填：始终"""
    email: NotRequired[str | None]
    """电子邮箱"""


class RejectedFilingWanted(TypedDict):
    """content 为该类申请的内容。"""

    kind: NotRequired[Kind]
    state: Literal["rejected"]
    uscc: NotRequired[str]
    agent: NotRequired[str]
    """由此企业代理申报；没有授权的补上"""
    content: NotRequired[SheetContent]
    client_reference: NotRequired[str]
    age: NotRequired[str]
    """已在该状态停留多久，例如 PT30H"""
    reason_code: NotRequired[str]
    public_comment: NotRequired[str]
    internal_comment: NotRequired[str]


class Rejection(TypedDict):
    reason_code: NotRequired[str]
    """原因"""
    public_comment: NotRequired[str]
    """申请人可知的意见：不填则用原因的文字"""
    internal_comment: NotRequired[str]
    """仅海关内部的意见：申请人的任何页面、接口、通知都看不到"""


class RejectionReason(TypedDict):
    code: str
    public: str
    internal: str


class Sandbox(TypedDict):
    id: str
    name: str
    situation: str
    exercise: str | None
    """是哪个练习的场面；其他沙箱为 null"""
    clock: Clock
    scenario: str
    seed: int
    pinned: bool
    magic_names: bool
    login_lock: bool
    """连续输错密码五次后锁定登录，渐增至十五分钟"""
    created_at: str
    expires_at: str | None
    next_event_at: str | None


class SandboxAccount(TypedDict):
    role: str
    username: str
    password: str
    token: str
    user_type: UserType
    display_name: str
    uscc: str | None
    card_no: NotRequired[str]
    """仅持卡的账户"""
    pin: NotRequired[str]
    """仅持卡的账户"""
    card_token: NotRequired[str]
    """仅持卡的账户：以卡介质登录的令牌"""


class SandboxPage(TypedDict):
    results: list[Sandbox]
    next: str | None
    previous: str | None


class SandboxWithAccounts(TypedDict):
    id: str
    name: str
    situation: str
    exercise: str | None
    """是哪个练习的场面；其他沙箱为 null"""
    clock: Clock
    scenario: str
    seed: int
    pinned: bool
    magic_names: bool
    login_lock: bool
    """连续输错密码五次后锁定登录，渐增至十五分钟"""
    created_at: str
    expires_at: str | None
    next_event_at: str | None
    accounts: list[SandboxAccount]
    enterprises: list[EnterpriseName]
    set_aside: list[SetAside]
    usage: Usage


class Scenario(TypedDict):
    name: str
    title: str
    parameters: list[ScenarioParameter]
    kinds: list[Kind]
    visits: list[Status]
    """海关各类申请经过的状态；审批结果届时才定的，不在其中"""
    visits_by_kind: dict[str, list[Status]]
    outcomes: list[Status]
    """可能的审批结果；空为没有"""
    pace: dict[str, dict[str, int]]
    """各步的等待，秒"""
    faq: str | None
    provenance: Provenance


class ScenarioParameter(TypedDict):
    name: str
    title: str
    choices: list[str] | None
    minimum: int | None
    maximum: int | None
    default: str


class ScenarioQueue(TypedDict):
    results: list[QueuedScenario]


class ScenarioWanted(TypedDict):
    scenario: str
    """情景"""


class Scenarios(TypedDict):
    results: list[Scenario]
    reasons: list[RejectionReason]


class SealCertificate(TypedDict):
    n: int
    latest: bool
    serial_number: str
    username: str
    issued_at: str
    valid_until: str
    superseded_at: str | None
    next_at: str
    """自此时刻起，该账户可再次申请（FAQ 1.6）"""
    p12_password: str
    simulated: bool


class SealCertificatePage(TypedDict):
    results: list[SealCertificate]
    next: str | None
    previous: str | None


class SetAside(TypedDict):
    at: str
    verb: str
    subject: str
    trouble: str
    """出了什么错"""


class SetClock(TypedDict):
    mode: Literal["real", "frozen", "scaled"]
    """时钟方式"""
    now: NotRequired[str]
    """时刻"""
    rate: NotRequired[float]
    """倍速：仅用于“倍速”：现实 1 秒走多少秒；不填为 1"""


Shade: TypeAlias = Literal["required", "optional", "readonly"]
"""required 必填；optional 选填；readonly 只读"""


class Share(TypedDict):
    used: int
    limit: int


SheetContent: TypeAlias = "RegistrationContent | ChangeContent | DeregistrationContent | MofcomChangeContent"


class SignatureLogIn(TypedDict):
    sandbox: NotRequired[str]
    """演练环境：由培训或测试的一方告知；不填为公用的演示环境"""
    card_no: str
    """卡号"""
    random: str
    """随机数：由 POST /api/v1/sessions/challenge 取得，只能用一次"""
    signature: str
    """签名（base64）：以卡的私钥对 random 的文本（ASCII）作 ECDSA P-256/SHA-256 签名，DER 或 r‖s（IEEE P1363，64 字节），再作 base64；空白不计"""


class Situation(TypedDict):
    name: str
    title: str
    about: str | None
    """不指明企业时，关于这个账户的企业"""
    faq: str | None
    provenance: Provenance


class SituationWanted(TypedDict):
    situation: Literal[
        "standard",
        "empty",
        "backfill_both_before",
        "backfill_only_customs",
        "backfill_second_on_20180801",
        "office_not_chosen",
        "office_table_stale",
        "office_renamed",
        "zone_not_chosen",
        "zone_missing",
        "trade_zone_not_chosen",
        "trade_zone_missing",
        "in_qianhai",
        "card_expired",
        "card_cancelled",
        "card_locked",
        "card_reader_unplugged",
        "seal_certificate_at_59_59",
        "seal_certificate_at_60_00",
        "seal_certificate_fails",
        "mandate_expired",
        "mandate_revoked",
        "one_qualification_draft",
        "stuck_draft",
        "stuck_declared",
        "stuck_sent",
        "stuck_stored",
        "stuck_manual_review",
        "customs_sees_nothing",
        "consignee_branch",
        "approved_registration",
        "mirror_lag_one_day",
        "division_incomplete",
        "registered_as_personal",
        "not_synced",
        "not_synced_expired",
        "sync_fails_once",
        "mirror_lag",
        "several_statuses",
        "rejected_registration",
        "rejected_change",
        "rejected_change_no_reason",
        "print_blurred",
        "control_missing",
        "control_stopped",
        "control_outdated",
        "control_flaky",
        "mofcom_record_missing",
        "mofcom_record_stale",
        "mofcom_lookup_fails",
        "stale_form",
        "annual_registered_20201231",
        "annual_registered_20210101",
        "annual_deregistered",
        "annual_category_temp",
        "phantom_customs_section",
        "publicity_lag",
        "publicity_lag_ten_days",
        "card_legal_held",
        "card_legal_pending",
        "card_legal_cancelled",
        "card_legal_ends_in_x",
        "card_legal_elsewhere",
        "overdue_mirror",
        "overdue_at_customs",
        "usd_delayed",
        "usd_wrong",
        "print_truncated",
        "dual_not_printable",
        "express_greyed",
        "dual",
        "deregistered",
        "branches_registered",
    ]
    """场面"""
    uscc: NotRequired[str]
    """关于哪家企业"""


class Situations(TypedDict):
    results: list[Situation]


class Snapshot(TypedDict):
    format: str
    schema: str
    """结构摘要：只能导入结构相同的版本"""
    rules_version: str
    simulator: str
    sandbox: dict[str, Any]
    clock: dict[str, Any]
    tables: dict[str, Any]
    contents: dict[str, str]
    """附件的内容（base64），各以其 SHA-256 为名"""


Stage: TypeAlias = Literal["not_submitted", "in_transit", "at_customs", "decided"]
"""not_submitted 未提交；in_transit 在途；at_customs 海关处理；decided 已有审批结果"""

Standing: TypeAlias = Literal["normal", "overdue", "deregistered", "not_registered"]
"""normal 正常；overdue 超期；deregistered 已注销；not_registered 企业未注册成功"""


class State(TypedDict):
    code: Status
    label: str
    stage: Stage
    stage_label: str


Status: TypeAlias = Literal["draft", "declared", "sent", "stored", "manual_review", "approved", "rejected"]
"""draft 暂存；declared 已申报；sent 成功发往海关；stored 海关入库成功；manual_review 转人工审核；approved 审批通过；rejected 审批不通过"""

_Step = TypedDict("_Step", {"from": "Status | None"})


class Step(_Step):
    seq: int
    at: str
    to: Status
    label: str
    by: str


class Supplement(TypedDict):
    content: NotRequired[AnnualReportContent]


class Sync(TypedDict):
    uscc: NotRequired[str]


class Synced(TypedDict):
    synced: list[str]


class Ticket(TypedDict):
    id: str
    desk: Desk
    desk_label: str
    topic: Topic
    topic_label: str
    filing: str | None
    uscc: str | None
    enterprise_name: str | None
    text: str | None
    status: TicketStatus
    created_at: str
    answered_at: str | None
    outcome: str | None
    answer: str | None


class TicketPage(TypedDict):
    results: list[Ticket]
    next: str | None
    previous: str | None


TicketStatus: TypeAlias = Literal["open", "answered"]


class Timeline(TypedDict):
    results: list[Step]


Topic: TypeAlias = Literal["status", "sync", "reason", "record_update", "usd", "phantom_section"]
"""status 申请长时间无结果；sync 备案信息同步；reason 审批不通过原因；record_update 备案信息更新；usd 美元出资金额；phantom_section 未在海关注册登记，年报有“报关事项”"""


class Transmitted(TypedDict):
    sha256: str
    text: str
    """所发送的原文，sha256 由它算出"""
    message: dict[str, Any]


class UndecidedFilingWanted(TypedDict):
    """content 为该类申请的内容。"""

    kind: NotRequired[Kind]
    state: NotRequired[Literal["draft", "declared", "sent", "stored", "manual_review"]]
    uscc: NotRequired[str]
    agent: NotRequired[str]
    """由此企业代理申报；没有授权的补上"""
    content: NotRequired[SheetContent]
    client_reference: NotRequired[str]
    age: NotRequired[str]
    """已在该状态停留多久，例如 PT30H"""
    scenario: NotRequired[str]


class Usage(TypedDict):
    attached_bytes: Share
    """附件的字节数，检查点中的在内，相同的文件只计一次"""
    checkpoints: Share
    filings: Share


UserType: TypeAlias = Literal["enterprise", "personal"]
"""enterprise 企业用户；personal 个人用户"""

Validity: TypeAlias = Literal["current", "moved", "historic", "unknown"]
"""current 仍然有效；moved 已有变动；historic 已成历史；unknown 尚不清楚"""

Verdict: TypeAlias = Literal["pass", "fail", "not_yet", "error"]
"""pass 通过；fail 未通过；not_yet 尚未；error 检查出错"""


class Verification(TypedDict):
    match: ExchangeMatch
    count: NotRequired[Count]


class Verified(TypedDict):
    ok: bool
    found: int
    near_misses: list[NearMiss]


class Version(TypedDict):
    version: str
    contract_version: str
    """接口约定的版本：主版本.次版本；次版本只增加，主版本才删改"""
    rules_version: str
    deprecations: list[Deprecation]
    simulated: bool


class WantedMatch(TypedDict):
    kind: NotRequired[Literal["registration", "change", "deregistration", "mofcom_change", None]]
    """业务类型"""
    uscc: NotRequired[str | None]
    """企业"""


class Webhook(TypedDict):
    id: str
    url: str | None
    """null：由接收程序自取"""
    events: list[WebhookEvent]
    enabled: bool
    """接收程序答复 410 后为 false"""
    created_at: str
    disabled_at: str | None


WebhookEvent: TypeAlias = Literal[
    "filing.declared", "filing.sent", "filing.stored", "filing.manual_review", "filing.approved", "filing.rejected"
]


class WebhookWanted(TypedDict):
    url: str | None
    """接收地址：http 或 https；本机和内网的地址须列入 SIM_WEBHOOK_ALLOW。null：由接收程序自取，不由系统发送"""
    events: NotRequired[list[WebhookEvent]]
    """事件：不选为全部"""
    secret: NotRequired[str]
    """密钥：whsec_ 加 24 到 64 字节的 base64；没有给出的由系统生成"""


class Webhooks(TypedDict):
    results: list[Webhook]


class Who(TypedDict):
    medium: Medium
    expires_at: str | None
    account: AccountName
    enterprise: EnterpriseName | None
