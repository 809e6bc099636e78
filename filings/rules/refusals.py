"""Every refusal the simulator gives: a stable code, the words, the way out, and how they are known.

Words that the FAQ quotes stand here verbatim and are `documented`; all others are house texts, never presented as official.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from filings.rules.appraisal import Problem
from filings.rules.words import Provenance

DOCUMENTED, ASSUMED, OURS = Provenance.DOCUMENTED, Provenance.ASSUMED, Provenance.OURS


@dataclass(frozen=True, slots=True)
class Wording:
    """How one refusal reads. `status` is its HTTP status; `detail` the words, `remedy` the way out."""

    status: int
    title: str
    detail: str
    remedy: str = ""
    faq: str | None = None
    provenance: Provenance = OURS


CATALOGUE: dict[str, Wording] = {
    # who may do what
    "not_enterprise_user": Wording(
        403, "不是企业用户", "当前用户不是企业用户，无法操作", "企业注册单一窗口账户时应选择企业用户注册", "2.3", DOCUMENTED
    ),
    "card_login_required": Wording(
        403, "需要卡介质登录", "只有有卡用户使用卡介质方式登录才能进行海关通用资质中“变更申请”、“注销申请”等相关操作", "请退出后选择“卡介质”方式登录", "1.5", DOCUMENTED
    ),
    "mandate_required": Wording(403, "没有有效的代理授权", "对该企业的代理授权已失效", "请委托企业重新授权", "1.7", OURS),
    "agent_not_found": Wording(404, "找不到代理企业", "单一窗口没有该统一社会信用代码的企业用户", "请核对代理企业的统一社会信用代码", "1.7", OURS),
    "mandate_exists": Wording(409, "已有有效的代理授权", "已给予该企业有效的代理授权", "请查看已有的代理授权", "1.7", OURS),
    "agent_is_principal": Wording(422, "代理企业与被代理企业相同", "为本企业申报请选择“自理”", "把申请方式改为自理", "1.7", OURS),
    # state
    "illegal_transition": Wording(409, "当前状态不允许此操作", "当前状态不允许此操作", "请查看申请单当前状态及可进行的操作"),
    "open_application_exists": Wording(
        409, "已有在途申请", "该企业已有一份已申报、尚未审批的申请单", "请等待该申请单审批后再申报", None, OURS
    ),
    "already_registered_at_customs": Wording(
        409, "海关已有有效备案", "该企业在海关已有有效的注册登记备案，不能重复申请注册登记",
        "请先自行确认海关注册登记备案在有效期内，如确认无误可联系海关同步信息", "2.4", OURS,
    ),
    "backfill_not_needed": Wording(409, "不需要补录", "该企业不需要补录企业备案信息", "无需办理", "1.1", OURS),
    "not_registered": Wording(
        409, "企业未注册登记", "单一窗口没有该企业的备案，或备案已注销，不能申请变更或注销", "请先办理注册登记申请；海关已有备案的，可联系海关同步信息", "2.4", OURS
    ),
    "enterprise_overdue": Wording(
        409, "企业状态为超期", "单一窗口显示企业状态为“超期”，无法办理业务",
        "请企业联系主管海关企管部门确认企业海关编码是否有效，是否超期。如没有超期请海关给电子口岸做数据同步，海关同步成功后，企业在“单一窗口”企业资质中查询状态是否正常",
        "2.15", OURS,
    ),
    "nothing_changed": Wording(422, "没有变更内容", "变更申请没有变更任何一项", "请修改需要变更的内容后再申报"),
    "branches_not_deregistered": Wording(
        409, "分支机构尚未注销", "该企业名下仍有未注销的分支机构，不能注销", "请先注销全部分支机构", None, Provenance.PUBLIC
    ),
    "not_declared": Wording(409, "尚未申报", "申请单尚未申报，没有发往海关的电子数据", "请先申报"),
    "duplicate_ticket": Wording(409, "已有相同的联系事项", "同一事项已经联系过，请等待答复", "请查看已有的联系记录"),
    "desk_not_concerned": Wording(422, "该部门不受理此事项", "该部门不受理此事项", "请查看状态后的处理建议，联系对应的部门"),
    "username_taken": Wording(409, "用户名已被使用", "该用户名已被使用", "请换一个用户名"),
    "enterprise_exists": Wording(409, "企业已存在", "该沙箱已有这个统一社会信用代码的企业", "请换一个统一社会信用代码，或直接使用已有的企业"),
    "enterprise_has_account": Wording(409, "企业已有账户", "该企业已注册单一窗口账户", "请使用已有的企业账户登录"),
    "precondition_failed": Wording(412, "申请单已被修改", "申请单在您读取之后已被修改（If-Match 不符）", "请重新读取后再操作"),
    "precondition_invalid": Wording(400, "If-Match 格式不正确", 'If-Match 应为读取时返回的 ETag，例如 "v3"', "请使用读取时返回的 ETag"),
    # content
    "invalid_content": Wording(422, "填写内容有误", "填写内容有误，请按提示修改", "请按 errors 中的提示逐项修改"),
    # one fault alone in a sheet speaks for the whole answer
    "category_locked": Wording(
        422, "填写内容有误", "“经营类别”已经审批通过不可以变更", "若需要调整“经营类别”，请先做企业注销后，重新备案", "2.20", DOCUMENTED
    ),
    "parent_relation_required": Wording(
        422, "填写内容有误", "上级单位关系必填",
        "正常情况下此项应为白色底色的选填项，用户可点击页面左上方的（删除）按钮，重新填制一个新的页面，新的页面将会显示该项为白色底色的选填项，用户即可继续操作",
        "2.10", DOCUMENTED,
    ),
    "express_not_allowed": Wording(
        422, "填写内容有误", "选择其他企业经营类别时，该字段都为“否”，且置灰不可更改", "只有企业经营类别为报关企业或特殊监管区域双重身份企业时方可选择“是”", "2.19", DOCUMENTED
    ),
    "single_qualification_not_allowed": Wording(
        422, "填写内容有误", "企业在海关注册登记或者备案后，将同时取得报关报检资质", "请同时申报报关和报检资质", "1.8", DOCUMENTED
    ),
    "field_readonly": Wording(422, "填写内容有误", "只读项不可更改", "请不要提交只读项，或保持其原值"),
    "uscc_mismatch": Wording(422, "填写内容有误", "统一社会信用代码与申请企业不一致", "请填写申请企业的统一社会信用代码"),
    "region_chain_invalid": Wording(422, "填写内容有误", "行政区划前后不一致", "行政区划三个级别都需要选择，例如广东省、深圳市、福田区", "2.2", OURS),
    "office_region_mismatch": Wording(422, "填写内容有误", "注册海关不在所选行政区划内", "深圳企业可选择福中海关输入代码 5355", "1.2", OURS),
    "trade_zone_region_mismatch": Wording(
        422, "填写内容有误", "特殊贸易区域不属于企业所在城市", "深圳企业（非前海自贸区企业）可选择（44039999-深圳市其他地区）", "1.4", OURS
    ),
    "unknown_field": Wording(422, "填写内容有误", "没有这个字段", "请对照 GET /api/v1/forms/registration 的字段名"),
    "too_many_attachments": Wording(409, "附件数量过多", "每份申请单最多 20 个附件", "请删除不需要的附件"),
    "attachment_too_large": Wording(413, "附件过大", "附件不能超过 10 MB", "请压缩后重新上传"),
    "attachment_type_not_allowed": Wording(415, "附件类型不符", "附件只接受 pdf、jpg、png，且内容须与扩展名一致", "请转换为 pdf、jpg 或 png"),
    # manners
    "malformed_json": Wording(400, "JSON 格式不正确", "请求体不是合法的 JSON 对象", "请检查请求体"),
    "unknown_parameter": Wording(400, "未知的查询参数", "未知的或不合法的查询参数", "请查看接口文档"),
    "unknown_scenario": Wording(400, "未知的情景", "没有这个情景或参数", "请查看 GET /control/v1/scenarios"),
    "unknown_situation": Wording(400, "未知的场面", "没有这个场面", "请查看 GET /control/v1/situations"),
    "not_authenticated": Wording(401, "未登录", "没有令牌，或令牌已失效", "请先 POST /api/v1/sessions 登录"),
    "wrong_credentials": Wording(401, "登录失败", "用户名或密码不正确", "请核对用户名、密码和沙箱"),
    "card_unusable": Wording(401, "卡不能使用", "该卡已锁定、注销或过期，不能登录", "请更换有效的卡；卡锁定的，请到制卡点解锁", "1.5", OURS),
    "card_reader_unavailable": Wording(
        503, "读卡器不可用", "[读卡器底层库]打开读卡器失败:错误码=50200", "请检查读卡器连接后重试", "1.5", Provenance.PUBLIC
    ),
    "control_forbidden": Wording(403, "无权使用控制接口", "控制接口需要令牌", "请在 Authorization: Bearer 中给出 SIM_CONTROL_TOKEN 或该沙箱的 control_key"),
    "control_unauthorized": Wording(401, "控制接口需要令牌", "控制接口需要令牌", "请在 Authorization: Bearer 中给出 SIM_CONTROL_TOKEN 或该沙箱的 control_key"),
    "cross_site": Wording(403, "拒绝跨站请求", "拒绝来自其他网站的请求", "请从本系统的页面或客户端软件发出请求"),
    "not_found": Wording(404, "找不到", "没有这个资源", "请核对地址和编号"),
    "method_not_allowed": Wording(405, "方法不允许", "该地址不支持此方法", "请查看 Allow 响应头"),
    "not_acceptable": Wording(406, "无法提供所请求的格式", "只提供 application/json", "请在 Accept 中接受 application/json"),
    "payload_too_large": Wording(413, "请求体过大", "请求体过大", "请减小请求体"),
    "unsupported_media_type": Wording(415, "不支持的内容类型", "请求体应为 application/json", "请设置 Content-Type: application/json"),
    "idempotency_key_reused": Wording(422, "幂等键已用于其他内容", "同一个 Idempotency-Key 已用于不同的请求体", "请为新的请求使用新的幂等键"),
    "idempotency_key_invalid": Wording(400, "幂等键不合法", "Idempotency-Key 应为 1 到 255 个可见 ASCII 字符", "请使用 UUID"),
    "idempotency_in_flight": Wording(409, "相同请求正在处理", "相同 Idempotency-Key 的请求正在处理", "请稍后重试"),
    "csrf_failed": Wording(403, "页面已过期", "页面已过期，请刷新后重试", "请刷新页面"),
    "not_ready": Wording(503, "尚未就绪", "数据库不可用或结构尚未更新", "请稍后重试"),
    # control plane
    "clock_backwards": Wording(422, "时钟只能向前", "沙箱时钟只能向前走", "如需回到过去，请重置沙箱"),
    "sandbox_exists": Wording(409, "沙箱名称已被使用", "已有同名的沙箱", "请换一个名称"),
    "world_reset": Wording(409, "沙箱刚被重置", "沙箱在请求处理期间被重置，本次操作未生效", "请重新读取后再操作"),
    "too_much_work": Wording(409, "到期事件过多", "一次推进触发的事件过多", "请分几次推进"),
}  # fmt: skip


class Refusal(Exception):
    """The simulator says no, in the words of the catalogue.

    errors  field errors, all at once
    extra   members of the answer beyond the common ones, such as `allowed` or `filing`
    """

    def __init__(
        self,
        code: str,
        detail: str = "",
        *,
        errors: Sequence[Problem] = (),
        extra: dict[str, Any] | None = None,
        headers: dict[str, str] | None = None,
    ) -> None:
        self.code = code
        self.wording = CATALOGUE[code]
        self.detail = detail or self.wording.detail
        self.errors = list(errors)
        self.extra = extra or {}
        self.headers = headers or {}
        super().__init__(f"{code}: {self.detail}")


def invalid(errors: Sequence[Problem]) -> Refusal:
    """422 with every field error at once; where all say the same thing, the answer says it too, in its words."""
    codes = {error.code for error in errors}
    only = codes.pop() if len(codes) == 1 else ""
    return Refusal(only, errors[0].detail, errors=errors) if only in CATALOGUE else Refusal("invalid_content", errors=errors)
