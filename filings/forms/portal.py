"""The forms of the portal: what its users fill in, and client software sends to the business plane."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from filings.forms.language import Body, Code, Content, Day, Name, Secret, Text, Way, Whole, says
from filings.rules.annual import FIRST_YEAR
from filings.rules.cards import FACTORY_PIN, PIN_LENGTH, number_fault
from filings.rules.codes import TABLES
from filings.rules.kinds import KINDS
from filings.rules.numbers import A_FIRM
from filings.rules.offices import OFFICES
from filings.rules.texts import like, shown
from filings.rules.words import CardType, Department, Mode, Status, Topic, UserType, Waiting

_CREDENTIALS = {"username", "password", "card_no", "pin", "random", "signature"}


@extend_schema_field(
    {
        "type": "string",
        "minLength": 1,
        "maxLength": 200,
        "examples": [
            "MEUCIQC/hz3KCjp301h6t9FM7SM/zAWfQfgcEEVt7ToZK7i9zQIgHANOxf/zZBN53nHhwnXHVJikm+FY+tu9v43PcKoBe4o=",
            "v4c9ygo6d9NYerfRTO0jP8wFn0H4HBBFbe06GSu4vc0cA07F//NkE3neceHCdcdUmKSb4Vj6272/jc9wqgF7ig==",
        ],
    }
)
class Signature(Text):
    """A card's signature."""


class LogIn(Body):
    """By password, by card and PIN, or by card and a signature over a challenge."""

    ways = {
        name: Way(needs, without=_CREDENTIALS - {*needs})
        for name, needs in (
            ("PasswordLogIn", ("username", "password")),
            ("CardLogIn", ("card_no", "pin")),
            ("SignatureLogIn", ("card_no", "random", "signature")),
        )
    }
    example = {"sandbox": "demo", "username": "card", "password": "Demo-2021"}

    sandbox = Text(
        required=False, max_length=40, label="演练环境", help_text="由培训或测试的一方告知；不填为公用的演示环境"
    )
    username = Text(required=False, max_length=60, label="用户名")
    password = Secret(required=False, max_length=128, label="密码")
    card_no = Code(required=False, max_length=20, label="卡号")
    pin = Secret(required=False, max_length=20, label="卡密码（PIN）")
    random = Text(
        required=False, max_length=64, label="随机数", help_text="由 POST /api/v1/sessions/challenge 取得，只能用一次"
    )
    signature = Signature(
        long=True,
        required=False,
        max_length=200,
        label="签名（base64）",
        help_text="以卡的私钥对 random 的文本（ASCII）作 ECDSA P-256/SHA-256 签名，DER 或 r‖s（IEEE P1363，64 字节），再作 base64；空白不计",
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        by_card = bool({"card_no", "pin", "random", "signature"} & attrs.keys())
        by_signature = bool({"random", "signature"} & attrs.keys())
        if by_card and ("username" in attrs or "password" in attrs):
            raise serializers.ValidationError({"card_no": ["账号密码与卡介质只能选择一种"]}, code="ambiguous")
        if by_signature and "pin" in attrs:
            raise serializers.ValidationError({"pin": ["卡密码与签名只能选择一种"]}, code="ambiguous")
        wanted: tuple[str, ...] = ("card_no", "pin") if by_card else ("username", "password")
        wanted = ("card_no", "random", "signature") if by_signature else wanted
        wanted = tuple(name for name in self.context.get("only", ()) if name != "sandbox") or wanted
        missing = [name for name in wanted if name not in attrs]
        if missing:
            words = f"必填：登录须同时给出{'、'.join(self.controls[name].called for name in wanted)}"
            raise serializers.ValidationError({name: [words] for name in missing}, code="required")
        return attrs


class ChallengeWanted(Body):
    """Which card will sign."""

    sandbox = Text(
        required=False, max_length=40, label="演练环境", help_text="由培训或测试的一方告知；不填为公用的演示环境"
    )
    card_no = Code(max_length=20, label="卡号")


class NewMandate(Body):
    """Whom one lets file for one's own enterprise."""

    example = {"agent": "91440399MAMK00128J", "valid_to": "2022-12-31"}

    agent = Code(max_length=40, label="代理企业的统一社会信用代码")
    valid_to = Day(required=False, allow_null=True, label="有效期至", help_text="YYYY-MM-DD，含当日；不填则至撤销为止")


class NewBackfill(Body):
    """What is supplied of the lacking qualification."""

    number = Text(required=False, allow_null=True, max_length=20, label="原备案或登记证号", help_text="最多 20 个字")
    remarks = Text(long=True, required=False, allow_null=True, max_length=500, label="备注")


class NewCard(Body):
    """Who is to hold a card of one's own enterprise."""

    example = {
        "type": "operator",
        "holder_name": "王演练",
        "holder_id_type": "护照",
        "holder_id_number": "E00000000",
    }

    type = Name(
        choices=CardType.choices,
        label="卡类型",
        help_text="新入网的企业一般先申请法人卡，再申请操作员卡、报关员卡；自 2021 年 10 月 19 日起，法人卡的持卡人不能再申请后两种卡。",
    )
    holder_name = Text(max_length=50, label="持卡人姓名")
    holder_id_type = Name(choices=[row.code for row in TABLES["id_types"].rows], label="证件类型")
    holder_id_number = Text(max_length=30, label="证件号码", help_text="提交时校验是否已申请本企业法人卡")

    def validate_holder_id_number(self, number: str) -> str:
        """Told together with whatever else is wrong."""
        if fault := number_fault(str(self.initial_data.get("holder_id_type")), number):
            raise serializers.ValidationError(fault, code="id_number_invalid")
        return number


@extend_schema_field({"type": "string", "pattern": f"^[0-9]{{{PIN_LENGTH}}}$"})
class Pin(Secret):
    """A PIN as it may be set."""


class NewPin(Body):
    """A card's PIN and what it shall be."""

    example = {"old_pin": "88888888", "new_pin": "20211201"}

    old_pin = Secret(max_length=20, label="原密码", help_text=f"默认密码为 {FACTORY_PIN}，应及时修改")
    new_pin = Pin(max_length=20, label="新密码", help_text="8 位数字，不能是默认密码 88888888")


class Register(Body):
    """A portal account."""

    ways = {
        "RegisterEnterpriseUser": Way(["uscc"], only={"user_type": says(UserType.ENTERPRISE)}),
        "RegisterPersonalUser": Way(only={"user_type": says(UserType.PERSONAL)}),
    }
    example = {
        "sandbox": "demo",
        "username": "zhang",
        "password": "Demo-2021",
        "user_type": "personal",
        "display_name": "张演练",
    }

    sandbox = Text(
        required=False, max_length=40, label="演练环境", help_text="由培训或测试的一方告知；不填为公用的演示环境"
    )
    username = Text(min_length=1, max_length=60, label="用户名")
    password = Secret(min_length=8, max_length=128, label="密码", help_text="至少 8 位；请勿使用真实密码")
    user_type = Name(choices=UserType.choices, label="用户类型", help_text="企业注册单一窗口账户时应选择企业用户注册。")
    display_name = Text(min_length=1, max_length=100, label="企业名称或姓名")
    uscc = Code(required=False, max_length=40, label="统一社会信用代码", help_text="企业用户必填，18 位")


class NewFiling(Body):
    """A draft."""

    ways = {
        f"New{kind.sheet.__name__}": Way(
            only={"kind": says(kind.name), "content": {"$ref": f"#/components/schemas/{kind.sheet.__name__}Content"}}
        )
        for kind in KINDS.values()
    }
    held = "代理（filing_mode 为 agent）须给出 principal；自理不填。"
    example = {"kind": "change", "content": {"address_cn": "广东省深圳市福田区福中三路1008号"}}

    kind = Name(choices=[(kind.name, kind.label) for kind in KINDS.values()])
    filing_mode = Name(choices=Mode.choices, default=Mode.SELF)
    principal = Text(required=False, allow_null=True, max_length=40, help_text="代理时：被代理企业的统一社会信用代码")
    client_reference = Text(required=False, allow_null=True, max_length=100)
    content = Content(required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if attrs["filing_mode"] == Mode.AGENT and not attrs.get("principal"):
            raise serializers.ValidationError(
                {"principal": [f"代理须指明被代理企业的统一社会信用代码{like(A_FIRM)}"]}, code="required"
            )
        if attrs["filing_mode"] == Mode.SELF and attrs.get("principal"):
            raise serializers.ValidationError(
                {
                    "principal": [
                        f"自理不填被代理企业，填写的是{shown(attrs['principal'])}；为其他企业申报的，filing_mode 应为 agent"
                    ]
                },
                code="not_allowed",
            )
        return attrs


class Enquiry(Body):
    """Which filings are looked for."""

    example = {"number": "SIM202112010000010", "since": "2021-12-01", "until": "2021-12-31", "enterprise": "云帆"}

    number = Code(required=False, max_length=18, label="申请单编号")
    status = Name(choices=Status.choices, required=False, label="状态")
    waiting = Name(choices=Waiting.choices, required=False, label="待办")
    since = Day(required=False, label="申报日期自")
    until = Day(required=False, label="申报日期至")
    enterprise = Text(required=False, max_length=100, label="申请企业")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if "since" in attrs and "until" in attrs and attrs["until"] < attrs["since"]:
            raise serializers.ValidationError({"until": ["不能早于申报日期自"]}, code="order")
        return attrs


class Patch(Body):
    """A merge patch of a draft."""

    content = Content()


@extend_schema_field({"type": "object", "description": "填写中的内容；不合规定之处在答复中逐项说明"})
class Begun(Content):
    """A sheet's content while it is being filled: whatever is in it is judged, nothing refused."""


class Filling(Body):
    """A sheet as it is being filled."""

    content = Begun()
    filing = Text(required=False, allow_null=True, max_length=12)


class Contact(Body):
    """A question to a department."""

    ways = {
        f"Contact{department.name.title().replace('_', '')}": Way(
            [*OFFICES[department].needs] if department in OFFICES else [], only={"desk": says(department.value)}
        )
        for department in Department
    }
    example = {"desk": "platform", "topic": "status", "text": "请问申请单何时发往海关？"}

    desk = Name(choices=Department.choices, label="联系部门")
    topic = Name(choices=Topic.choices, label="事项")
    filing = Text(required=False, allow_null=True, max_length=12, label="申请单")
    uscc = Code(required=False, allow_null=True, max_length=40, label="统一社会信用代码", help_text="联系稽查处时必填")
    enterprise_name = Text(
        required=False, allow_null=True, max_length=100, label="企业名称", help_text="联系稽查处时必填"
    )
    text = Text(long=True, required=False, allow_null=True, max_length=500, label="说明")


@extend_schema_field({"$ref": "#/components/schemas/AnnualReportContent"})
class AnnualContent(Content):
    """An annual report's content, laid over what the page begins with."""


class NewAnnualReport(Body):
    """A report of one year."""

    example = {"year": 2020}

    year = Whole(min_value=FIRST_YEAR, max_value=9998)
    content = AnnualContent(required=False)


class Supplement(Body):
    """What is to be mended in a report sent again; nothing, if it was right."""

    content = AnnualContent(required=False)
