"""Every refusal the simulator gives: a stable code, the words, the way out, and how they are known.

Words that the FAQ quotes stand here verbatim and are `documented`; all others are house texts, never presented as
official.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from filings.rules.appraisal import Problem
from filings.rules.words import Provenance

DOCUMENTED, ASSUMED, OURS = Provenance.DOCUMENTED, Provenance.ASSUMED, Provenance.OURS


@dataclass(frozen=True, slots=True)
class Wording:
    """How one refusal reads. `status` is its HTTP status; `detail` the words, `remedy` the way out; `retry_after`
    seconds, if any."""

    status: int
    title: str
    detail: str
    remedy: str = ""
    faq: str | None = None
    provenance: Provenance = OURS
    retry_after: int = 0


HOW_TO_SIGN = (
    "请先 POST /api/v1/sessions/challenge 取得 random，以卡的私钥对 random 的文本（64 个 ASCII 字符，不是它所写的 32 个字节）"
    "作 ECDSA P-256/SHA-256 签名，DER 或 r‖s（64 字节）均可，以 base64 填入 signature；每个 random 只能用一次，5 分钟内有效"
)
"""What a client that logs in by card has to do; told with every signature that is not right."""

CATALOGUE: dict[str, Wording] = {
    # who may do what
    "not_enterprise_user": Wording(
        403,
        "不是企业用户",
        "当前用户不是企业用户，无法操作",
        "企业注册单一窗口账户时应选择企业用户注册",
        "2.3",
        DOCUMENTED,
    ),
    "card_login_required": Wording(
        403,
        "需要卡介质登录",
        "只有有卡用户使用卡介质方式登录才能进行海关通用资质中“变更申请”、“注销申请”等相关操作",
        "请退出后选择“卡介质”方式登录",
        "1.5",
        DOCUMENTED,
    ),
    "mandate_required": Wording(
        403,
        "没有有效的代理授权",
        "没有该企业的有效代理授权：未曾授权，或授权已到期、已撤销",
        "请委托企业在“代理授权”中授权本企业",
        "1.7",
        OURS,
    ),
    "agent_not_found": Wording(
        404,
        "找不到代理企业",
        "单一窗口没有该统一社会信用代码的企业用户",
        "请核对代理企业的统一社会信用代码",
        "1.7",
        OURS,
    ),
    "mandate_exists": Wording(
        409, "已有有效的代理授权", "已给予该企业有效的代理授权", "请查看已有的代理授权", "1.7", OURS
    ),
    "agent_is_principal": Wording(
        422, "代理企业与被代理企业相同", "为本企业申报请选择“自理”", "把申请方式改为自理", "1.7", OURS
    ),
    # state
    "illegal_transition": Wording(
        409, "当前状态不允许此操作", "当前状态不允许此操作", "请查看申请单当前状态及可进行的操作"
    ),
    "open_application_exists": Wording(
        409, "已有在途申请", "该企业已有一份已申报、尚未审批的申请单", "请等待该申请单审批后再申报", None, OURS
    ),
    "already_registered_at_customs": Wording(
        409,
        "海关已有有效备案",
        "该企业在海关已有有效的注册登记备案，不能重复申请注册登记",
        "请先自行确认海关注册登记备案在有效期内，如确认无误可联系海关同步信息",
        "2.4",
        OURS,
    ),
    "backfill_not_needed": Wording(409, "不需要补录", "该企业不需要补录企业备案信息", "无需办理", "1.1", OURS),
    "not_registered": Wording(
        409,
        "企业未注册登记",
        "单一窗口没有该企业的备案，或备案已注销，不能申请变更或注销",
        "请先办理注册登记申请；海关已有备案的，可联系海关同步信息",
        "2.4",
        OURS,
    ),
    "enterprise_overdue": Wording(
        409,
        "企业状态为超期",
        "单一窗口显示企业状态为“超期”，无法办理业务",
        "请企业联系主管海关企管部门确认企业海关编码是否有效，是否超期。如没有超期请海关给电子口岸做数据同步，海关同步成功后，企业在“单一窗口”企业资质中查询状态是否正常",
        "2.15",
        OURS,
    ),
    "full_width_punctuation": Wording(
        422, "填写内容有误", "企业英文名称不能含有全角标点", "请改用半角标点", None, Provenance.PUBLIC
    ),
    "nothing_changed": Wording(422, "没有变更内容", "变更申请没有变更任何一项", "请修改需要变更的内容后再申报"),
    "branches_not_deregistered": Wording(
        409,
        "分支机构尚未注销",
        "该企业名下仍有未注销的分支机构，不能注销",
        "请先注销全部分支机构",
        None,
        Provenance.PUBLIC,
    ),
    "category_not_printable": Wording(
        403,
        "企业经营类别不可打印备案证明",
        "报关企业及其分支机构、进出口货物收发货人及其分支机构、临时注册登记单位可以打印《报关单位备案证明》",
        "若需要调整“经营类别”，请先做企业注销后，重新备案",
        "1.10",
        DOCUMENTED,
    ),
    "certificate_not_registered": Wording(
        409,
        "备案尚未审批通过",
        "单一窗口显示企业未注册成功，备案审批通过后方可打印《报关单位备案证明》",
        "请办理注册登记申请；已有海关注册登记备案的，可先自行确认在有效期内，如确认无误可联系海关同步信息",
        "2.4",
        OURS,
    ),
    "certificate_overdue": Wording(
        409,
        "企业状态为超期",
        "单一窗口显示企业状态为“超期”，不可打印《报关单位备案证明》",
        "请联系主管海关企管部门确认是否超期；没有超期的，请海关给电子口岸做数据同步后再打印",
        "2.15",
        OURS,
    ),
    "certificate_deregistered": Wording(
        409, "企业备案已注销", "企业备案已注销，不可打印《报关单位备案证明》", "请重新办理注册登记申请"
    ),
    "certificate_hourly_limit": Wording(
        429,
        "申请过于频繁",
        "目前系统允许用户每一小时可以申请一次最新证书下载",
        "请在可申请时间之后再申请",
        "1.6",
        DOCUMENTED,
    ),
    "seal_certificate_unavailable": Wording(
        503, "证书签发失败", "电子签章证书签发失败", "请稍后重试；签发失败不计入一小时", "1.6", OURS
    ),
    "card_holder_is_legal_person": Wording(
        409,
        "不能重复注册",
        "不能重复注册",
        "该证件号码已经申请本企业法人卡，请由其他人员申请操作员卡、报关员卡",
        "2.14",
        DOCUMENTED,
    ),
    "legal_person_card_exists": Wording(
        409, "已有法人卡", "本企业已申请法人卡", "需要更换持卡人的，请先注销原法人卡", "2.14", OURS
    ),
    "card_not_active": Wording(
        409, "卡不能使用", "该卡当前不能使用", "请查看卡的状态；卡锁定的，请到制卡点解锁", "1.5", OURS
    ),
    "wrong_pin": Wording(422, "填写内容有误", "原密码不正确", "请核对原密码；默认密码为 88888888"),
    "mofcom_record_not_found": Wording(
        422,
        "经营者备案系统查询不到",
        "商务部申报失败：您要修改的信息再经营者备案系统查询不到，请核查！",
        "首先请用户联系商务部确认企业信息是否正常，若商务部数据不是最新，请商务部工作人员协助更新或在商务部统一服务平台进行业务办理",
        "2.9",
        DOCUMENTED,
    ),
    "client_control_unavailable": Wording(
        503,
        "客户端控件不可用",
        "连接客户端控件服务失败，请重试",
        "无卡用户请安装客户端控件，有卡用户请重启客户端控件并确认版本为最新",
        "2.8",
        DOCUMENTED,
        5,
    ),
    "control_not_installed": Wording(
        409, "尚未安装客户端控件", "尚未安装客户端控件，不能重启或更新", "请安装客户端控件", "2.8", OURS
    ),
    "not_declared": Wording(409, "尚未申报", "申请单尚未申报，没有发往海关的电子数据", "请先申报"),
    "duplicate_ticket": Wording(409, "已有相同的联系事项", "同一事项已经联系过，请等待答复", "请查看已有的联系记录"),
    "desk_not_concerned": Wording(
        422, "该部门不受理此事项", "该部门不受理此事项", "请查看状态后的处理建议，联系对应的部门"
    ),
    "desk_closed": Wording(409, "不在联系时间", "该部门现在不在联系时间", "请在联系时间内再联系", "2.12", OURS),
    # 海关年报
    "future_report_year": Wording(
        422, "报告年度尚未开始", "报告年度尚未开始", "请选择已经开始的报告年度", "2.11", OURS
    ),
    "registration_date_missing": Wording(
        422,
        "缺少海关注册时间",
        "海关备案记录中没有海关注册时间，无法判断是否需要报送年报",
        "请联系主管海关核实备案记录",
        "2.11",
        OURS,
    ),
    "not_required": Wording(
        409, "不需要报送", "不需要报送该年度海关年报", "请查看三项条件中不符合的一项", "2.11", OURS
    ),
    "report_not_open": Wording(
        409, "尚未开始报送", "该年度海关年报自次年1月1日起报送", "请在报送期内报送", None, Provenance.PUBLIC
    ),
    "already_submitted": Wording(
        409, "已经报送", "该年度海关年报已经报送，不能重复报送", "请在“年报申报”中查看已报送的年报", None, OURS
    ),
    "phantom_section": Wording(
        409,
        "不应填报“报关事项”",
        "非海关注册登记企业不填报“报关事项”",
        "企业可联系深圳海关企业管理和稽查处，提供“统一社会信用代码”、“企业名称”等内容，由海关联系技术部门和市场监管部门进行甄别处置",
        "2.12",
        OURS,
    ),
    "not_submitted": Wording(
        409,
        "没有报送过",
        "该年度海关年报没有报送过，不能补录",
        "“年报补录”用于补报已经报送的年报；没有报送过的请办理“年报申报”",
        "2.13",
        OURS,
    ),
    "already_reported": Wording(
        409, "公示平台已显示报送", "公示平台已显示该年度年报，不需要补录", "请在公示平台查询", "2.13", OURS
    ),
    "backfill_not_open": Wording(
        409,
        "年报补录尚未开放",
        "该问题是由于数据传输滞后导致，请企业耐心等待。在此之前不会影响企业正常办理海关业务",
        "报告年度次年7月1日后仍显示为“未报送”的，选择“标准版应用”下的“企业资质”-“关企合作平台”-“企业年报管理”-“年报补录”，通过年报补报功能补报海关年报信息",
        "2.13",
        DOCUMENTED,
    ),
    "username_taken": Wording(409, "用户名已被使用", "该用户名已被使用", "请换一个用户名"),
    "enterprise_exists": Wording(
        409, "企业已存在", "已有这个统一社会信用代码的企业", "请换一个统一社会信用代码，或直接使用已有的企业"
    ),
    "enterprise_has_account": Wording(409, "企业已有账户", "该企业已注册单一窗口账户", "请使用已有的企业账户登录"),
    "precondition_failed": Wording(412, "申请单已被修改", "申请单在您打开之后已被修改", "请重新打开，核对后再操作"),
    "precondition_invalid": Wording(
        400,
        "If-Match 格式不正确",
        'If-Match 应为 *，或读取时返回的 ETag，例如 "v3"；可列出几个，以逗号分隔',
        "请使用读取时返回的 ETag",
    ),
    # content
    "invalid_content": Wording(422, "填写内容有误", "填写内容有误，请按提示修改", "请按 errors 中的提示逐项修改"),
    # one fault alone in a sheet speaks for the whole answer
    "category_locked": Wording(
        422,
        "填写内容有误",
        "“经营类别”已经审批通过不可以变更",
        "若需要调整“经营类别”，请先做企业注销后，重新备案",
        "2.20",
        DOCUMENTED,
    ),
    "parent_relation_required": Wording(
        422,
        "填写内容有误",
        "上级单位关系必填",
        "正常情况下此项应为白色底色的选填项，用户可点击页面左上方的（删除）按钮，重新填制一个新的页面，新的页面将会显示该项为白色底色的选填项，用户即可继续操作",
        "2.10",
        DOCUMENTED,
    ),
    "express_not_allowed": Wording(
        422,
        "填写内容有误",
        "选择其他企业经营类别时，该字段都为“否”，且置灰不可更改",
        "只有企业经营类别为报关企业或特殊监管区域双重身份企业时方可选择“是”",
        "2.19",
        DOCUMENTED,
    ),
    "single_qualification_not_allowed": Wording(
        422,
        "填写内容有误",
        "企业在海关注册登记或者备案后，将同时取得报关报检资质",
        "请同时申报报关和报检资质",
        "1.8",
        DOCUMENTED,
    ),
    "field_readonly": Wording(422, "填写内容有误", "只读项不可更改", "请不要提交只读项，或保持其原值"),
    "uscc_mismatch": Wording(
        422, "填写内容有误", "统一社会信用代码与申请企业不一致", "请填写申请企业的统一社会信用代码"
    ),
    "region_chain_invalid": Wording(
        422, "填写内容有误", "行政区划前后不一致", "行政区划三个级别都需要选择，例如广东省、深圳市、福田区", "2.2", OURS
    ),
    "office_region_mismatch": Wording(
        422, "填写内容有误", "注册海关不在所选行政区划内", "深圳企业可选择福中海关输入代码 5355", "1.2", OURS
    ),
    "trade_zone_region_mismatch": Wording(
        422,
        "填写内容有误",
        "特殊贸易区域不属于企业所在城市",
        "深圳企业（非前海自贸区企业）可选择（44039999-深圳市其他地区）",
        "1.4",
        OURS,
    ),
    "unknown_field": Wording(
        422,
        "填写内容有误",
        "没有这个字段",
        "请删去该字段，或对照接口文档改正字段名（申请单的见 GET /api/v1/forms/{kind}）",
    ),
    "too_many_attachments": Wording(409, "附件数量过多", "每份申请单最多 20 个附件", "请删除不需要的附件"),
    "attachments_full": Wording(
        409,
        "附件空间已满",
        "附件空间已满",
        "请删除不需要的附件或草稿；仍不够的，请告诉培训或测试的一方",
    ),
    "too_many_filings": Wording(
        409, "申请单数量过多", "一个演练环境最多 10000 份申请单", "请删除不需要的草稿；仍不够的，请告诉培训或测试的一方"
    ),
    "attachment_too_large": Wording(413, "附件过大", "附件不能超过 10 MB", "请压缩后重新上传"),
    "attachment_type_not_allowed": Wording(
        415, "附件类型不符", "附件只接受 pdf、jpg、png，且内容须与扩展名一致", "请转换为 pdf、jpg 或 png"
    ),
    # manners
    "malformed_json": Wording(400, "JSON 格式不正确", "请求体不是合法的 JSON 对象", "请按所指的位置改正请求体"),
    "malformed_multipart": Wording(
        400,
        "multipart 格式不正确",
        "请求体不是合法的 multipart/form-data",
        "请核对 boundary 和各部分的首部，或由 HTTP 客户端库生成请求体",
    ),
    "not_utf8": Wording(
        400,
        "不是 UTF-8 编码",
        "请求不是 UTF-8 编码",
        "请以 UTF-8 编码发送；写有 Content-Type 的，其中的 charset 应为 utf-8，或不写",
    ),
    "unsupported_encoding": Wording(
        415, "不支持的内容编码", "请求体不能压缩", "请不要压缩请求体，并去掉请求头 Content-Encoding"
    ),
    "unknown_parameter": Wording(400, "不合法的查询参数", "未知的或不合法的查询参数", "请改正或删去该查询参数"),
    "unknown_scenario": Wording(400, "未知的情景", "没有这个情景或参数", "请查看 GET /control/v1/scenarios"),
    "unknown_fault": Wording(
        400, "未知的故障", "没有这个故障或参数", "请查看 GET /control/v1/sandboxes/{sandbox}/faults 答复中的 catalogue"
    ),
    "injected_fault": Wording(503, "注入的故障", "按测试的要求返回错误（注入的故障）", "有 Retry-After 的，请按其重试"),
    "unknown_exercise": Wording(404, "未知的练习", "没有这个练习", "请查看 GET /control/v1/exercises"),
    "scenario_locked": Wording(
        409, "情景已锁定", "这是练习的沙箱，申报由练习自己的情景答复", "请在另建的沙箱中设置情景"
    ),
    "no_attempt": Wording(
        409,
        "没有练习可以检查",
        "这个沙箱不是练习的沙箱，或练习开始时的场面已被替换",
        "请以 POST /control/v1/sandboxes 的 exercise 新建，或重置该沙箱",
    ),
    "attempt_over": Wording(409, "练习已结束", "练习已结束，只能查看", "请重新开始这个练习"),
    "wrong_return_code": Wording(
        401, "没有找到", "没有这个姓名和返回码的学员", "请核对姓名和返回码；忘记了的，可以重新开始，或请讲师帮助"
    ),
    "hint_not_yet": Wording(
        409, "还不能看提示", "请先试着做一做，再看下一条提示", "先检查一次；最后一条在检查未通过之后"
    ),
    "no_hints": Wording(403, "没有提示", "考核中没有提示", "请在“引导”或“真实”中练习"),
    "checked_already": Wording(409, "已检查过", "考核只检查一次", "请重新开始这个练习"),
    "unknown_situation": Wording(400, "未知的场面", "没有这个场面", "请查看 GET /control/v1/situations"),
    "not_authenticated": Wording(401, "未登录", "尚未登录，或登录已失效", "请先 POST /api/v1/sessions 登录"),
    "wrong_credentials": Wording(401, "登录失败", "用户名或密码不正确", "请核对用户名、密码和演练环境"),
    "too_many_practices": Wording(
        429, "练习过多", "正在进行的练习太多，暂时不能再开始新的练习", "请结束不再需要的练习，或稍后再试"
    ),
    "too_many_attempts": Wording(429, "尝试次数过多", "连续输错次数过多，请稍后再试", "请核对后稍候再试"),
    "card_unusable": Wording(
        401, "卡不能使用", "该卡已锁定、注销或过期，不能登录", "请更换有效的卡；卡锁定的，请到制卡点解锁", "1.5", OURS
    ),
    "card_reader_unavailable": Wording(
        503,
        "读卡器不可用",
        "[读卡器底层库]打开读卡器失败:错误码=50200",
        "请检查读卡器连接后重试",
        "1.5",
        Provenance.PUBLIC,
    ),
    "control_forbidden": Wording(
        403,
        "无权使用控制接口",
        "控制接口需要令牌",
        "请在 Authorization: Bearer 中给出 SIM_CONTROL_TOKEN 或该沙箱的 control_key",
    ),
    "control_unauthorized": Wording(
        401,
        "控制接口需要令牌",
        "控制接口需要令牌",
        "请在 Authorization: Bearer 中给出 SIM_CONTROL_TOKEN 或该沙箱的 control_key",
    ),
    "cross_site": Wording(403, "拒绝跨站请求", "拒绝来自其他网站的请求", "请从本系统的页面或客户端软件发出请求"),
    "not_found": Wording(404, "找不到", "没有这个资源", "请核对地址和编号"),
    "method_not_allowed": Wording(405, "方法不允许", "该地址不支持此方法", "请查看 Allow 响应头"),
    "not_acceptable": Wording(
        406, "无法提供所请求的格式", "该地址不提供 Accept 所要的格式", "请在 Accept 中接受该地址提供的格式，或写 */*"
    ),
    "payload_too_large": Wording(413, "请求体过大", "请求体过大", "请减小请求体"),
    "request_timeout": Wording(408, "请求体没有按时到齐", "请求体没有在规定时间内到齐", "请检查网络后重新发送"),
    "body_incomplete": Wording(400, "请求体不完整", "请求体在到齐之前中断", "请重新发送完整的请求体"),
    "address_too_long": Wording(414, "地址过长", "地址和查询参数过长", "请缩短地址，或分几次查询"),
    "host_not_served": Wording(400, "主机名不符", "本服务不以此为名", "请改用所服务的名称"),
    "foreign_origin": Wording(403, "来源不符", "表单来自另一个地址", "请从本系统的地址打开页面"),
    "unsupported_media_type": Wording(
        415, "不支持的内容类型", "请求体应为 application/json", "请设置 Content-Type: application/json"
    ),
    "idempotency_key_reused": Wording(
        422, "幂等键已用于其他内容", "同一个 Idempotency-Key 已用于不同的请求体", "请为新的请求使用新的幂等键"
    ),
    "idempotency_key_invalid": Wording(
        400, "幂等键不合法", "Idempotency-Key 应为 1 到 255 个可见 ASCII 字符", "请使用 UUID"
    ),
    "idempotency_in_flight": Wording(409, "相同请求正在处理", "相同 Idempotency-Key 的请求正在处理", "请稍后重试"),
    "csrf_failed": Wording(403, "页面已过期", "页面已过期，请返回刷新后重试", "请刷新页面"),
    "bad_request": Wording(400, "请求不合法", "请求不合法", "请核对请求的首部和地址"),
    "internal_error": Wording(
        500, "内部错误", "系统内部错误，已记录", "请把 request_id 和当时的操作告诉运行本系统的人"
    ),
    "disk_full": Wording(
        503,
        "磁盘已满",
        "服务器的磁盘已满，本次操作没有生效",
        "请稍后重试；运行者请清出磁盘空间，无须重启",
        retry_after=30,
    ),
    "database_busy": Wording(503, "数据库正忙", "数据库被占用，本次操作没有生效", "请稍后重试", retry_after=1),
    "database_unavailable": Wording(
        503,
        "数据库不可用",
        "数据库没有应答，或不能写入，本次操作没有生效",
        "请稍后重试；运行者请检查 DATABASE_URL 和数据库服务",
        retry_after=5,
    ),
    "database_vanished": Wording(
        503,
        "数据库文件不见了",
        "数据库文件已被移走、删除或替换，不再受理",
        "请运行者放回原文件，或重新启动",
        retry_after=5,
    ),
    "schema_outdated": Wording(
        503, "尚未就绪", "数据库结构不是当前版本", "请重新启动 serve，它会更新数据库结构", retry_after=5
    ),
    # control plane
    "clock_backwards": Wording(422, "时钟只能向前", "沙箱时钟只能向前走", "如需回到过去，请重置沙箱"),
    "clock_advancing": Wording(409, "时钟正在推进", "该沙箱的时钟正在推进，尚未到达", "请稍后重试", retry_after=1),
    "demo_stays": Wording(409, "演示沙箱不能删除", "演示沙箱不能删除", "请改用重置"),
    "sandbox_exists": Wording(409, "沙箱名称已被使用", "已有同名的沙箱", "请换一个名称"),
    "checkpoint_exists": Wording(
        409, "检查点已存在", "已有同名的检查点", "请换一个名称、删除原有的，或以 replace: true 替换"
    ),
    "too_many_checkpoints": Wording(
        409, "检查点数量过多", "每个沙箱最多 50 个检查点", "请删除不需要的检查点，或以 replace: true 替换"
    ),
    "checkpoint_damaged": Wording(
        422,
        "检查点已损坏",
        "检查点的数据不完整，或在数据库中被改动过，不能恢复；沙箱没有变化",
        "请删除该检查点，重新保存一个",
    ),
    "snapshot_not_fitting": Wording(
        422, "快照不适用", "不是本系统导出的快照，或由结构、规则不同的版本导出", "请在导出它的同一版本中导入"
    ),
    "snapshot_faulty": Wording(
        422, "快照有误", "快照中有不能导入的数据", "请使用由“导出”得到、未经改动的快照；要改动的，按 errors 逐项改正"
    ),
    "never_matches": Wording(
        422,
        "条件永远不会成立",
        "没有任何请求或通知能符合这些条件",
        "请按 errors 中的提示改正条件；业务接口的全部地址见 GET /api/v1/schema",
    ),
    "journal_off": Wording(
        409, "没有往来记录", "本服务不记录往来（SIM_JOURNAL=off），无从核对", "请运行者去掉 SIM_JOURNAL=off 后重新启动"
    ),
    "receiver_not_allowed": Wording(
        422,
        "接收地址不可用",
        "接收地址只能是公网上的 http 或 https 地址",
        "本机或内网的接收程序，须由运行者以“主机:端口”列入 SIM_WEBHOOK_ALLOW",
    ),
    "too_many_webhooks": Wording(409, "接收地址过多", "每个沙箱最多登记 20 个接收地址", "请删除不需要的接收地址"),
    "world_reset": Wording(
        409, "演练数据刚被重置", "演练数据刚被重置，本次操作未生效", "请重新打开后再操作", retry_after=1
    ),
    "too_much_work": Wording(
        409,
        "到期事件过多",
        "一次推进触发的事件过多，时钟停在已办理的最后一个时刻",
        "请以 to 或 until 再次推进，直至到达",
    ),
}


class Refusal(Exception):
    """The simulator says no, in the words of the catalogue.

    faq, status, remedy  those of this refusal, where they are not the catalogue's own
    errors  field errors, all at once
    absent  of a 404: the piece of the address under which nothing was found; the answer then names the list that would
            hold it
    extra   members of the answer beyond the common ones, such as `allowed` or `filing`
    """

    def __init__(
        self,
        code: str,
        detail: str = "",
        *,
        faq: str = "",
        status: int = 0,
        remedy: str = "",
        errors: Sequence[Problem] = (),
        absent: str = "",
        extra: dict[str, Any] | None = None,
        headers: dict[str, str] | None = None,
    ) -> None:
        self.code = code
        own = {name: value for name, value in (("faq", faq), ("status", status), ("remedy", remedy)) if value}
        self.wording = replace(CATALOGUE[code], **own) if own else CATALOGUE[code]  # type: ignore[arg-type]
        self.detail = detail or self.wording.detail
        self.errors = list(errors)
        self.absent = absent
        self.extra = extra or {}
        again = {"Retry-After": str(self.wording.retry_after)} if self.wording.retry_after else {}
        self.headers = {**again, **(headers or {})}
        super().__init__(f"{code}: {self.detail}")

    def leading_to(self, sandbox: str) -> Refusal:
        """This refusal, its remedy about a sandbox leading to this one."""
        self.wording = replace(self.wording, remedy=self.wording.remedy.replace("{sandbox}", sandbox))
        return self


def absent(what: str, name: object, by: str = "", *, pointer: str = "", remedy: str = "") -> Refusal:
    """404 that says what was not found: `absent("申请单", "F000009")`, or by its name, `absent("沙箱", "mine",
    by="名")`.

    What may be another's goes without its number: it is told in the very words of what is not there at all. `pointer`
    is the member of the body that named it, if the address did not.
    """
    asked = str(name)
    detail = f"没有{by}为“{asked[:60]}”的{what}" if by else f"没有该{what}"
    errors = [Problem(pointer, "not_found", detail)] if pointer else []
    return Refusal("not_found", detail, remedy=remedy, errors=errors, absent="" if pointer or remedy else asked)


def refused_at(pointer: str, code: str, **extra: Any) -> Refusal:
    """A refusal of the catalogue that is about one member of what was sent."""
    wording = CATALOGUE[code]
    return Refusal(code, errors=[Problem(pointer, code, wording.detail, wording.faq, wording.provenance)], extra=extra)


def invalid(errors: Sequence[Problem]) -> Refusal:
    """422 with every field error at once; where all say the same thing, the answer says it too, in its words."""
    codes = {error.code for error in errors}
    only = codes.pop() if len(codes) == 1 else ""
    return (
        Refusal(only, errors[0].detail, errors=errors)
        if only in CATALOGUE
        else Refusal("invalid_content", errors=errors)
    )
