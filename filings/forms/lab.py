"""The forms of the laboratory: what trainers and testers do to a sandbox, by the control plane or in the console."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from typing import Any, ClassVar

from django.http import QueryDict
from django.utils.duration import duration_iso_string
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from filings.forms.language import (
    Amount,
    Body,
    Chosen,
    Code,
    Content,
    Day,
    Instant,
    Name,
    Secret,
    Several,
    Text,
    Told,
    Way,
    Whole,
    Yes,
    number,
    says,
)
from filings.lab.worlds.situations import SITUATIONS
from filings.rules import faults, scenarios
from filings.rules.codes import TABLES
from filings.rules.kinds import KINDS
from filings.rules.sheet import Rows
from filings.rules.sheets.registration import Registration
from filings.rules.texts import WrongValue, shown, unaddressable
from filings.rules.webhooks import EVENTS, SECRET, secret_fault
from filings.rules.words import (
    CardStatus,
    CardType,
    Category,
    ClockMode,
    Degree,
    MarketState,
    RecordState,
    Status,
    UserType,
)


def _duration(**parts: str) -> str:
    """How a duration is written (ISO 8601): weeks, days and time parts, one at least; a fraction may be of any."""
    weeks, days, hours, minutes, seconds = (f"({digits}(?:[.,][0-9]{{1,6}})?{sign})?" for sign, digits in parts.items())
    return f"^P(?=[0-9]|T[0-9]){weeks}{days}(T(?=[0-9]){hours}{minutes}{seconds})?$"


ANY_DURATION = _duration(**dict.fromkeys("WDHMS", "[0-9]{1,8}"))
DURATION = _duration(W="[0-9]{1,2}", D="[0-5]?[0-9]{1,3}", H="[0-9]{1,4}", M="[0-9]{1,5}", S="[0-9]{1,6}")
"""What the documents tell of it: so much of each that LONGEST holds them all together. More of one is taken, and
judged."""

LONGEST = timedelta(days=366 * 20)
ENDS = (Status.APPROVED, Status.REJECTED)


@extend_schema_field(
    {
        "type": "string",
        "pattern": DURATION,
        "description": "ISO 8601 时长，最长二十年",
        "examples": ["PT1H", "P1D", "P2W", "P1DT12H"],
    }
)
class Duration(Told):
    """An ISO 8601 duration in weeks, days, hours, minutes, seconds; forward, and at most twenty years.

    Years and months are not taken: how long one is depends on where it begins.
    """

    sample = "PT1H"

    def to_internal_value(self, data: Any) -> timedelta:
        written = re.fullmatch(ANY_DURATION, data) if type(data) is str else None
        if written is None:
            hint = "；年和月长短不一，请换算为天" if type(data) is str and re.match(r"P[0-9]+[YM]", data) else ""
            self.wrong("invalid", f"应为 ISO 8601 时长：周、天、时、分、秒，例如 PT1H、P1D、P2W、P1DT12H{hint}", data)
        weeks, days, _, hours, minutes, seconds = written.groups()
        parts = {"weeks": weeks, "days": days, "hours": hours, "minutes": minutes, "seconds": seconds}
        found = timedelta(**{name: float(text[:-1].replace(",", ".")) for name, text in parts.items() if text})
        if found > LONGEST:
            self.wrong("too_long", "时长最多二十年", data)
        return found

    def to_representation(self, value: timedelta) -> str:
        return duration_iso_string(value)


class Real(Told):
    """A number above 0, and no more than the most."""

    control = "real"
    what: ClassVar[str]
    most: ClassVar[int]

    def meant(self, text: str) -> Any:
        return number(text)

    def to_internal_value(self, data: Any) -> float:
        if type(data) not in (int, float) or not 0 < data <= self.most:
            self.wrong("invalid", f"{self.what}应为大于 0、不超过 {self.most} 的数字", data)
        return float(data)

    def to_representation(self, value: float) -> float:
        return value


@extend_schema_field({"type": "number", "exclusiveMinimum": 0, "maximum": 100000})
class Rate(Real):
    """How many sandbox seconds pass in a real one."""

    sample, what, most = 60, "倍速", 100_000


@extend_schema_field(
    {"type": "string", "minLength": 1, "maxLength": 60, "pattern": r"^(\.{0,2}[^/.\x00-\x1f]|\.\.\.)[^/\x00-\x1f]*$"}
)
class CheckpointName(Text):
    """A name that can stand in an address."""

    sample = "申报之前"

    def to_internal_value(self, data: Any) -> str:
        name = super().to_internal_value(data)
        if fault := unaddressable(name):
            self.wrong("not_printable", f"检查点名称{fault}", data)
        return name


@extend_schema_field({"type": "string", "enum": list(SITUATIONS)})
class SituationName(Text):
    """A situation by its name; an unknown one is told with those there are."""

    sample = "standard"


class ScenarioText(Chosen):
    """A scenario with its parameters."""

    sample = "approve"
    catalogue = scenarios.SORT


class FaultText(Chosen):
    """A fault with its parameters."""

    sample = "status; code=503"
    catalogue = faults.SORT


class OfTable(Code):
    """A code of a code table."""

    def __init__(self, table: str, **kwargs: Any) -> None:
        super().__init__(help_text=f"代码表 {table}", **kwargs)
        self.table = table

    @property
    def _spectacular_annotation(self) -> dict[str, Any]:
        """What the documents say: asked for when one is made, for the tables are long."""
        codes = "|".join(row.code for row in TABLES[self.table].rows)
        return {"field": {"type": "string", "pattern": f"^(?:{codes})$"}}

    def tidy(self, data: str) -> str:
        code = super().tidy(data)
        if TABLES[self.table].get(code) is None:
            raise WrongValue("unknown_code", f"应为代码表 {self.table} 中的代码，填写的是{shown(data)}")
        return code


class ClockWanted(Body):
    mode = Name(choices=ClockMode.choices, required=False, label="时钟方式")
    now = Instant(required=False, label="时刻")
    rate = Rate(required=False, label="倍速", help_text="仅用于“倍速”：现实 1 秒走多少秒；不填为 1")


class SetClock(ClockWanted):
    mode = Name(choices=ClockMode.choices, label="时钟方式")


class NewSandbox(Body):
    example = {"name": "演练", "situation": "standard", "scenario": "approve"}

    name = Text(required=False, max_length=100, label="名称", help_text="例如：三月班 第二组")
    situation = SituationName(required=False, max_length=60, label="场面")
    clock = ClockWanted(required=False)
    scenario = ScenarioText(required=False, max_length=200, label="情景")
    seed = Whole(
        required=False, min_value=0, max_value=2**62, label="种子", help_text="同一种子、同样的调用，得到同样的编号"
    )
    ttl_hours = Whole(required=False, min_value=1, max_value=24 * 366, label="保留小时数", help_text="自最近一次使用起")
    pinned = Yes(required=False, label="保留（不过期）")
    login_lock = Yes(required=False, label="连续输错密码时锁定登录")
    exercise = Text(
        required=False,
        max_length=40,
        label="练习",
        help_text="置于该练习开始时的场面；场面、时钟、情景由练习决定，不再给出。目录见 GET /control/v1/exercises",
        sample="faq-2-4",
    )


class AttemptWanted(Body):
    """How an exercise is to be begun."""

    example = {"seed": 7, "mode": "guided"}

    seed = Whole(
        required=False, min_value=0, max_value=2**62, label="种子", help_text="同一种子，同一场面；没有给出的，随机"
    )
    mode = Name(choices=Degree.choices, required=False, label="方式")


@extend_schema_field({"type": ["object", "array", "string", "number", "boolean"]})
class Part(Told, serializers.JSONField):
    """A part of a JSON body."""

    control = "json"

    def meant(self, text: str) -> Any:
        try:
            return json.loads(text)
        except (ValueError, RecursionError) as error:
            return error

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, Exception):
            where = f"，第 {data.lineno} 行第 {data.colno} 列有误" if isinstance(data, json.JSONDecodeError) else ""
            self.wrong("invalid", f"应为 JSON{where}")
        return super().to_internal_value(data)


class Verification(Body):
    """How many exchanges of which sort there should have been."""

    example = {"match": {"method": "POST", "path": "/api/v1/filings/*/declare"}, "count": {"at_least": 1}}

    class ExchangeMatch(Body):
        method = Text(required=False, max_length=8, label="方法")
        path = Text(
            required=False, max_length=300, label="路径", help_text="业务接口的地址，可从 /api/v1 之后写起；* 代表任意"
        )
        status = Whole(required=False, min_value=100, max_value=599, label="状态码")
        account = Text(required=False, max_length=60, label="账户")
        body = Part(required=False, allow_null=True, label="请求体的一部分", help_text="JSON：所列成员须在且相等")

    class Count(Body):
        ways = {
            "ExactCount": Way(["exactly"], without=["at_least", "at_most"]),
            "LeastCount": Way(["at_least"], without=["exactly"]),
            "MostCount": Way(["at_most"], without=["exactly", "at_least"]),
        }

        exactly = Whole(required=False, min_value=0, max_value=1_000_000, label="恰好")
        at_least = Whole(required=False, min_value=0, max_value=1_000_000, label="至少")
        at_most = Whole(required=False, min_value=0, max_value=1_000_000, label="至多")

        def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
            if not attrs or ("exactly" in attrs and len(attrs) > 1):
                raise serializers.ValidationError(
                    {"exactly": ["给出 exactly（恰好），或 at_least（至少）、at_most（至多）"]}, code="ambiguous"
                )
            return attrs

    match = ExchangeMatch()
    count = Count(required=False)


@extend_schema_field({"type": "number", "exclusiveMinimum": 0, "maximum": 1})
class Probability(Real):
    """A chance above 0, at most 1."""

    sample, what, most = 0.5, "概率", 1


class NewFault(Body):
    """A failure for what matches; `*` stands for anything. Of a transport fault: method, path, account; of a delivery:
    event, uscc; of a glitch: uscc. What could never strike is refused."""

    class FaultMatch(Body):
        method = Name(choices=["GET", "POST", "PATCH", "DELETE"], required=False, label="方法")
        path = Text(
            required=False, max_length=200, label="路径", help_text="业务接口的地址，可从 /api/v1 之后写起；* 代表任意"
        )
        account = Text(
            required=False, max_length=60, label="账户", help_text="用户名，须已在沙箱中；* 代表任意，含以后建立的"
        )
        event = Text(
            required=False, max_length=40, label="事件", help_text="通知的事件，例如 filing.approved；* 代表任意"
        )
        uscc = Code(
            required=False,
            max_length=18,
            label="统一社会信用代码",
            help_text="企业，须已在沙箱中；通知类可用 * 代表任意",
        )

    ways = {"CountedFault": Way(without=["probability"]), "ChanceFault": Way(["probability"], without=["times"])}
    example = {
        "fault": "status; code=503",
        "match": {"method": "POST", "path": "/api/v1/filings/*/declare"},
        "times": 2,
    }

    fault = FaultText(max_length=200, label="故障")
    match = FaultMatch(required=False)
    times = Whole(required=False, min_value=1, max_value=1_000_000, label="次数", help_text="不填为不限")
    probability = Probability(required=False, label="概率", help_text="0 到 1；与次数只能给出一个")
    ttl_seconds = Whole(
        required=False, min_value=1, max_value=86_400 * 7, label="有效秒数", help_text="现实时间；不填则直到撤去"
    )

    def typed(self, post: QueryDict, name: str) -> Any:
        """What the chosen fault does not look at is hidden on the page, and left out."""
        post = post.copy()
        if chosen := faults.FAULTS.get(post.get("fault", "")):
            hidden = {f"match__{field}" for field in self.FaultMatch().fields if field not in faults.MATCHES[chosen.of]}
            for member in hidden | ({"times", "probability", "ttl_seconds"} if chosen.of == "glitch" else set()):
                post.pop(member, None)
        return super().typed(post, name)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if "times" in attrs and "probability" in attrs:
            raise serializers.ValidationError(
                {"times": ["次数（times）与概率（probability）只能给出一个"]}, code="ambiguous"
            )
        return attrs


class NewCheckpoint(Body):
    """A state to come back to."""

    name = CheckpointName(max_length=60, label="名称")
    replace = Yes(required=False, label="同名的覆盖")


class Queued(Body):
    """Which declarations a scenario is for."""

    example = {"scenario": "reject; reason=address_mismatch", "match": {"kind": "registration"}, "times": 1}

    class WantedMatch(Body):
        kind = Name(
            choices=[(kind.name, kind.label) for kind in KINDS.values()],
            required=False,
            allow_null=True,
            label="业务类型",
        )
        uscc = Code(required=False, allow_null=True, max_length=40, label="企业")

    scenario = ScenarioText(max_length=200, label="情景")
    match = WantedMatch(required=False)
    times = Whole(required=False, min_value=1, max_value=10_000, label="次数")


class RawReceipt(Body):
    """A receipt as a wire may bring it."""

    status = Name(choices=[(status.value, status.label) for status in Status if status != Status.DRAFT])
    text = Text(long=True, required=False, max_length=200)
    at = Instant(required=False)
    reason_code = Text(required=False, max_length=40)
    public_comment = Text(long=True, required=False, max_length=500)
    internal_comment = Text(long=True, required=False, max_length=500)


@extend_schema_field({"type": "string", "format": "uri", "pattern": "^https?://", "maxLength": 2000})
class Url(Text):
    """An address; whether it may be called is judged when it is taken down."""


@extend_schema_field({"type": "string", "pattern": SECRET, "maxLength": 94})
class SigningSecret(Secret):
    """A key to sign by, as Standard Webhooks writes it."""

    sample = "whsec_" + "c2ltdWxhdGVkIHNpZ25pbmcgc2VjcmV0"

    def to_internal_value(self, data: Any) -> str:
        secret = super().to_internal_value(data)
        if fault := secret_fault(secret):
            self.wrong("invalid", fault, data)
        return secret


EVENT_LABELS = {event: str(Status(event.removeprefix("filing.")).label) for event in EVENTS}
"""What each event tells of, in words."""


class WebhookWanted(Body):
    """A receiver of status changes; without an address it collects them itself."""

    example = {"url": "https://93.184.215.14/hook", "events": ["filing.approved", "filing.rejected"]}

    url = Url(
        max_length=2000,
        allow_null=True,
        label="接收地址",
        help_text="http 或 https；本机和内网的地址须列入 SIM_WEBHOOK_ALLOW。null：由接收程序自取，不由系统发送",
    )
    events = Several(
        child=Name(choices=list(EVENT_LABELS.items())),
        required=False,
        min_length=1,
        max_length=len(EVENTS),
        label="事件",
        help_text="不选为全部",
    )
    secret = SigningSecret(
        required=False, label="密钥", help_text="whsec_ 加 24 到 64 字节的 base64；没有给出的由系统生成"
    )


class Collected(Body):
    """What a receiver has of what it collected."""

    example = {"deliveries": ["del_0123456789abcdef01234567"]}

    deliveries = Several(child=Text(max_length=40), min_length=1, max_length=500)


class PatchSandbox(Body):
    magic_names = Yes(required=False)
    login_lock = Yes(required=False)
    name = Text(required=False, max_length=100, allow_blank=True)
    pinned = Yes(required=False)
    ttl_hours = Whole(required=False, min_value=1, max_value=24 * 366)


class Advance(Body):
    ways = {
        "AdvanceBy": Way(["by"], without=["to", "until"]),
        "AdvanceTo": Way(["to"], without=["by", "until"]),
        "AdvanceUntil": Way(["until"], without=["by", "to"]),
    }
    example = {"by": "PT1H"}

    by = Duration(required=False)
    to = Instant(required=False)
    until = Name(choices=["next_event", "idle"], required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if len(attrs) != 1:
            raise serializers.ValidationError({"by": ["by、to、until 须给出一个且只给一个"]}, code="ambiguous")
        return attrs


class SituationWanted(Body):
    situation = SituationName(max_length=60, label="场面")
    uscc = Code(required=False, max_length=40, label="关于哪家企业")


class ScenarioWanted(Body):
    example = {"scenario": "reject; reason=address_mismatch"}

    scenario = ScenarioText(max_length=200, label="情景")


class Nothing(Body):
    """What takes no words."""


class Rejection(Body):
    """Why a filing is not approved."""

    example = {"reason_code": "address_mismatch"}

    reason_code = Text(required=False, max_length=40, label="原因")
    public_comment = Text(
        long=True, required=False, max_length=500, label="申请人可知的意见", help_text="不填则用原因的文字"
    )
    internal_comment = Text(
        long=True,
        required=False,
        max_length=500,
        label="仅海关内部的意见",
        help_text="申请人的任何页面、接口、通知都看不到",
    )


class Destination(Rejection):
    """How far a filing is walked; the words are a rejection's."""

    example = {"to": "approved"}

    to = Name(choices=[status.value for status in Status if status != Status.DRAFT])


class LedgerInvestor(Body):
    name = Text(max_length=100)
    country = Text(max_length=3)
    method = Text(max_length=20, required=False, allow_null=True, sample="货币")
    amount = Amount(required=False, allow_null=True)
    currency = Text(max_length=3, required=False, allow_null=True)
    amount_usd = Amount(required=False, allow_null=True)


_INVESTORS = Registration.items["investors"]
assert isinstance(_INVESTORS, Rows)
MOST_INVESTORS = _INVESTORS.max_rows
"""As many as a sheet has."""


def _once(categories: list[str]) -> None:
    if len(set(categories)) != len(categories):
        raise serializers.ValidationError("经营类别重复", code="duplicate")
    if Category.DUAL in categories and len(categories) > 1:
        raise serializers.ValidationError(
            "特殊监管区域双重身份企业不可以有其他经营类别（FAQ 2.20）", code="dual_is_alone"
        )


@extend_schema_field(
    {"type": "array", "items": {"type": "string", "enum": Category.values}, "maxItems": 6, "uniqueItems": True}
)
class Categories(Several):
    """The categories of a record, each once."""


class LedgerFacts(Body):
    """Facts to be laid over a record of the customs ledger."""

    categories = Categories(child=Name(choices=Category.choices), required=False, max_length=6, validators=[_once])
    registered_on = Day(required=False, allow_null=True)
    valid_until = Day(required=False, allow_null=True)
    deregistered_on = Day(required=False, allow_null=True)
    customs_code = Text(required=False, allow_null=True, max_length=10)
    inspection_number = Text(required=False, allow_null=True, max_length=10)
    customs_qualified_on = Day(required=False, allow_null=True)
    inspection_qualified_on = Day(required=False, allow_null=True)
    in_qianhai = Yes(required=False, allow_null=True)
    investors = LedgerInvestor(
        required=False,
        many=True,
        max_length=MOST_INVESTORS,
        error_messages={"max_length": f"出资者最多 {MOST_INVESTORS} 行"},
    )


class CommerceFacts(Body):
    """Facts to be laid over a record of the commerce authorities' ledger; a new one is in order unless told
    otherwise."""

    state = Name(choices=RecordState.choices, required=False)
    updated_on = Day(required=False, allow_null=True)
    name_cn = Text(required=False, allow_null=True, max_length=100)
    name_en = Text(required=False, allow_null=True, max_length=150)
    address_cn = Text(required=False, allow_null=True, max_length=255)
    legal_representative = Text(required=False, allow_null=True, max_length=50)
    registered_capital = Amount(required=False, allow_null=True)


class MarketFacts(Body):
    """Facts to be laid over what market regulation holds of an enterprise, named and spelt as on the registration
    sheet; null: the register does not say, of `valid_until`: 长期."""

    state = Name(choices=MarketState.choices, required=False, label="登记状态")
    name_cn = Text(required=False, allow_null=True, max_length=100)
    legal_representative = Text(required=False, allow_null=True, max_length=50, label="法定代表人姓名", sample="张演练")
    registered_capital = Amount(required=False, allow_null=True)
    capital_currency = OfTable("currencies", required=False, allow_null=True, max_length=3, sample="CNY")
    address_cn = Text(required=False, allow_null=True, max_length=255)
    economic_type = OfTable("economic_types", required=False, allow_null=True, max_length=3, sample="150")
    business_scope = Text(long=True, required=False, allow_null=True, max_length=2000, sample="货物进出口")
    established_on = Day(required=False, allow_null=True)
    valid_until = Day(required=False, allow_null=True)


class Sync(Body):
    uscc = Code(required=False, max_length=40)


class EnterpriseWanted(Body):
    """An enterprise; with a category or any fact of a record it is registered at customs. What market regulation holds
    agrees with its sheet, but for what is named of it."""

    uscc = Code(required=False, max_length=40)
    name_cn = Text(required=False, max_length=100)
    category = Name(choices=Category.choices, required=False)
    in_qianhai = Yes(required=False, allow_null=True)
    mirrored = Yes(required=False, help_text="单一窗口是否也有这份备案；缺省为是")
    registered_on = Day(required=False)
    valid_until = Day(required=False, allow_null=True)
    deregistered_on = Day(required=False, allow_null=True)
    customs_qualified_on = Day(required=False, allow_null=True)
    inspection_qualified_on = Day(required=False, allow_null=True)
    market = MarketFacts(required=False)


class AccountWanted(Body):
    """A portal account; an 企业用户 of a new enterprise unless one is named."""

    ways = {
        "EnterpriseAccountWanted": Way(only={"user_type": says(UserType.ENTERPRISE)}),
        "PersonalAccountWanted": Way(["user_type"], without=["uscc"], only={"user_type": says(UserType.PERSONAL)}),
    }

    uscc = Code(required=False, max_length=40)
    username = Text(required=False, max_length=60)
    password = Secret(required=False, max_length=128)
    user_type = Name(choices=UserType.choices, required=False)
    display_name = Text(required=False, max_length=100)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if attrs.get("user_type") == UserType.PERSONAL and "uscc" in attrs:
            raise serializers.ValidationError({"uscc": ["个人用户不属于企业"]}, code="not_allowed")
        return attrs


class CardWanted(Body):
    """A card of an account, or of an enterprise's first account."""

    username = Text(required=False, max_length=60)
    uscc = Code(required=False, max_length=40)
    type = Name(choices=CardType.choices, required=False)
    pin = Secret(required=False, max_length=20)
    holder_name = Text(required=False, max_length=50)
    holder_id_type = Text(required=False, max_length=20)
    holder_id_number = Text(required=False, max_length=30)
    valid_until = Day(required=False)
    status = Name(choices=CardStatus.choices, required=False)


class CardStanding(Body):
    """How a card is to stand."""

    status = Name(choices=CardStatus.choices)
    valid_until = Day(required=False)


_REASON = ("reason_code", "public_comment", "internal_comment")
"""Why a filing is not approved."""


class FilingWanted(Body):
    """A filing that lands in a state with a legal history."""

    ways = {
        "UndecidedFilingWanted": Way(
            without=_REASON, only={"state": {"enum": [status.value for status in Status if status not in ENDS]}}
        ),
        "ApprovedFilingWanted": Way(["state"], without=["scenario", *_REASON], only={"state": says(Status.APPROVED)}),
        "RejectedFilingWanted": Way(["state"], without=["scenario"], only={"state": says(Status.REJECTED)}),
    }
    held = "content 为该类申请的内容。"
    example = {"kind": "registration", "state": "rejected", "reason_code": "address_mismatch"}

    kind = Name(choices=[(kind.name, kind.label) for kind in KINDS.values()], required=False)
    state = Name(choices=Status.choices, required=False)
    uscc = Code(required=False, max_length=40)
    agent = Code(required=False, max_length=40, help_text="由此企业代理申报；没有授权的补上")
    content = Content(required=False)
    client_reference = Text(required=False, max_length=100)
    age = Duration(required=False, help_text="已在该状态停留多久，例如 PT30H")
    scenario = ScenarioText(required=False, max_length=200)
    reason_code = Text(required=False, max_length=40)
    public_comment = Text(long=True, required=False, max_length=500)
    internal_comment = Text(long=True, required=False, max_length=500)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        state, words = attrs.get("state"), attrs.keys() & {*_REASON}
        idle = {name: ["只有审批不通过的申请单有原因"] for name in sorted(words) if state != Status.REJECTED}
        if state in ENDS and "scenario" in attrs:
            idle["scenario"] = ["已有审批结果的申请单不再由情景答复"]
        if idle:
            raise serializers.ValidationError(idle, code="not_allowed")
        return attrs


class Merged(Body):
    """Sandboxes looked at as one."""

    example = {"sandboxes": ["demo"]}

    sandboxes = Several(child=Text(max_length=40), min_length=1, max_length=500)


class Expired(Body):
    """Whose logins end: an account's, or all of the sandbox."""

    account = Text(required=False, max_length=60, label="用户名", help_text="不填为全部账户")
