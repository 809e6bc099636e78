"""How each of the thirty entries is met here: on which screen, by which call, in which situation, and what to try.

One table, read by the FAQ's pages (去试一试), by the documents and by the tests that trace every entry.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from filings.rules.dates import SHANGHAI
from filings.rules.words import Medium


@dataclass(frozen=True, slots=True)
class Screen:
    """A page: its label in the menu, the name of its address, what is asked of it; `of_filing`: of the situation's
    filing."""

    label: str
    name: str
    query: str = ""
    tab: str = ""
    of_filing: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Exercise:
    """One entry to be tried.

    title, behaviour  what it is about, in Chinese and in English
    call              the business API's call that shows it
    situation         the world it is tried in, about the enterprise of `role`
    role, medium      who tries it, and how they are logged in
    now               where the clock stands (None: where a sandbox usually opens)
    draft             a filing of this kind is begun besides
    say               what to try
    """

    entry: str
    title: str
    behaviour: str
    screen: Screen
    call: str
    situation: str
    role: str = "card"
    medium: Medium = Medium.PASSWORD
    now: datetime | None = None
    draft: str = ""
    say: str


def _new(label: str, kind: str, tab: str = "") -> Screen:
    return Screen(label, "filing_new", f"kind={kind}", tab)


_REGISTRATION = Screen("注册登记申请", "filing", of_filing=True)
_CHANGE, _MOFCOM_CHANGE = "注册信息变更申请", "商务部变更申请"
_ENTERPRISE = Screen("基本信息查询", "enterprise")

EXERCISES: Mapping[str, Exercise] = MappingProxyType(
    {
        exercise.entry: exercise
        for exercise in (
            Exercise(
                entry="1.1",
                title="2018年8月1日前已有两项资质的企业不需要补录",
                behaviour="no 补录 for who held both qualifications before 2018-08-01",
                screen=Screen("企业备案信息补录", "backfill"),
                call="GET /enterprise/backfill-requirement",
                situation="backfill_both_before",
                say="看一看：报关、报检两项资质都在2018年8月1日前取得的企业，补录页面回答“不需要”，也没有可填的表。",
            ),
            Exercise(
                entry="1.2",
                title="注册海关：深圳企业推荐福中海关 5355",
                behaviour="注册海关 5355 福中海关 recommended to Shenzhen enterprises",
                screen=_REGISTRATION,
                call="GET /codes/{table}",
                situation="office_not_chosen",
                role="cardless",
                say="在“注册海关”中键入 5355 回车，看福中海关自动填入；再改选另一个海关，看提示。",
            ),
            Exercise(
                entry="1.3",
                title="经济区划：深圳企业推荐经济特区",
                behaviour="经济区划 01 经济特区 recommended to Shenzhen enterprises",
                screen=_REGISTRATION,
                call="POST /forms/{kind}/state",
                situation="zone_not_chosen",
                role="cardless",
                say="按“采用”接受“经济区划”的推荐，再改选“一般经济区域”，看提示。",
            ),
            Exercise(
                entry="1.4",
                title="特殊贸易区域：非前海企业推荐 44039999",
                behaviour="特殊贸易区域 44039999 recommended outside Qianhai",
                screen=_REGISTRATION,
                call="POST /forms/{kind}/state",
                situation="trade_zone_not_chosen",
                role="cardless",
                say="按“采用”接受“特殊贸易区域”的推荐：本企业不在前海，应为 44039999-深圳市其他地区。",
            ),
            Exercise(
                entry="1.5",
                title="变更、注销申请须用卡介质登录",
                behaviour="change and deregistration need a login by card",
                screen=_new(_CHANGE, "change"),
                call="POST /filings",
                situation="standard",
                say="本企业有卡，但您是用账号密码登录的，所以不能变更。退出后选“卡介质”，用卡号 SIMC00000002、密码 88888888 登录本沙箱再试。",
            ),
            Exercise(
                entry="1.6",
                title="电子签章证书每小时可申请一次",
                behaviour="a seal certificate once an hour, to the second",
                screen=Screen("电子签章证书", "seal_certificates"),
                call="POST /seal-certificates",
                situation="seal_certificate_at_59_59",
                say="上次申请在 59 分 59 秒之前：现在还不能申请。快进 1 分钟再申请。",
            ),
            Exercise(
                entry="1.7",
                title="代办备案：选择“代理”",
                behaviour="filing for another enterprise: 代理, under its mandate",
                screen=_new("注册登记申请", "registration"),
                call="POST /filings",
                situation="standard",
                role="agent",
                medium=Medium.CARD,
                say="申请方式改选“代理”，委托企业选深圳市云帆演练国际贸易有限公司：这份申请就是为它办的。",
            ),
            Exercise(
                entry="1.8",
                title="首次注册不能只申报报关资质",
                behaviour="from 2018-04-20 a registration is for both qualifications",
                screen=_REGISTRATION,
                call="POST /filings/{filing}/declare",
                situation="one_qualification_draft",
                role="cardless",
                say="这份草稿只勾了报关资质：按“申报”看提示，再勾上报检。",
            ),
            Exercise(
                entry="1.9",
                title="长时间没有审批：看状态，找对部门",
                behaviour="seven statuses; whom to contact in each when it takes long",
                screen=_REGISTRATION,
                call="GET /filings/{filing}",
                situation="stuck_sent",
                role="cardless",
                say="这份申请“成功发往海关”已 30 小时：看右上角的状态和处理建议，按建议联系对应的部门，再快进 1 小时看答复。",
            ),
            Exercise(
                entry="1.10",
                title="五类企业可以打印报关单位备案证明",
                behaviour="who may print 报关单位备案证明",
                screen=_ENTERPRISE,
                call="GET /enterprise/certificate.pdf",
                situation="consignee_branch",
                say="本企业是进出口货物收发货人分支机构，在可以打印之列：按“打印报关单位备案证明”。",
            ),
            Exercise(
                entry="2.1",
                title="检验检疫备案号在注册登记申请中查看",
                behaviour="检验检疫备案号 is read in the sheet once approved",
                screen=_REGISTRATION,
                call="GET /enterprise",
                situation="approved_registration",
                role="cardless",
                say="这份申请已审批通过：在第一栏“申请信息”中找到“检验检疫备案号”。",
            ),
            Exercise(
                entry="2.2",
                title="注册海关无匹配数据：行政区划选齐三级",
                behaviour="无匹配数据 until all three levels of 行政区划 are chosen",
                screen=_REGISTRATION,
                call="GET /codes/{table}",
                situation="division_incomplete",
                role="cardless",
                say="打开“注册海关”，看到“无匹配数据”；再选区（县）为福田区，重新打开。",
            ),
            Exercise(
                entry="2.3",
                title="个人用户不能申报",
                behaviour="当前用户不是企业用户，无法操作",
                screen=_new("注册登记申请", "registration"),
                call="POST /filings",
                situation="registered_as_personal",
                role="personal",
                say="您是用个人用户的账户登录的：读提示，按“注册企业用户账户”另行注册。",
            ),
            Exercise(
                entry="2.4",
                title="已有备案却显示企业未注册成功",
                behaviour="企业未注册成功 though customs has the record: ask customs to synchronise",
                screen=_ENTERPRISE,
                call="GET /enterprise",
                situation="not_synced",
                say="海关已有本企业的有效备案，这里却显示“企业未注册成功”：按两步处理，联系主管海关同步，快进 1 小时再查询。",
            ),
            Exercise(
                entry="2.5",
                title="综合查询查看申报审批状态",
                behaviour="综合查询 shows the status of every filing",
                screen=Screen("综合查询", "overview"),
                call="GET /enquiries/overview",
                situation="several_statuses",
                role="cardless",
                say="本企业有三份申请单：说出每一份的状态，再点开一份，看右上角的状态是否相同。",
            ),
            Exercise(
                entry="2.6",
                title="审批不通过的原因",
                behaviour="why it was refused: of a change by card in 回执, of a registration from customs only",
                screen=Screen("申请单查询", "filings", "business_type=企业变更"),
                call="GET /filings/{filing}/receipts",
                situation="rejected_change",
                medium=Medium.CARD,
                say="您已用卡介质登录：打开这份审批不通过的变更申请，在回执中查看原因。",
            ),
            Exercise(
                entry="2.7",
                title="打印不清晰：先下载再打印",
                behaviour="unclear when printed directly: download first",
                screen=Screen("报关单位备案证明", "certificate"),
                call="GET /enterprise/certificate.pdf",
                situation="print_blurred",
                say="“直接打印”的文件不清晰：改按“下载”，打开下载的文件比较。",
            ),
            Exercise(
                entry="2.8",
                title="连接客户端控件服务失败，请重试",
                behaviour="连接客户端控件服务失败，请重试: install, or restart and update the client control",
                screen=_new(_MOFCOM_CHANGE, "mofcom_change"),
                call="POST /filings/{filing}/attachments",
                situation="control_missing",
                role="cardless",
                say="暂存后上传一个附件，看提示。您没有卡：先安装客户端控件，再重新上传。",
            ),
            Exercise(
                entry="2.9",
                title="商务部变更：经营者备案系统查询不到",
                behaviour="商务部申报失败 until commerce has the record, or it is done on its own platform",
                screen=_new(_MOFCOM_CHANGE, "mofcom_change"),
                call="POST /filings/{filing}/declare",
                situation="mofcom_record_missing",
                say="填一项变更后申报，看提示；联系商务部更新数据，快进 1 小时，再申报。",
            ),
            Exercise(
                entry="2.10",
                title="上级单位关系必填：删除后重新填制",
                behaviour="the yellow 与上级单位关系 of a stale page, healed by 删除",
                screen=_REGISTRATION,
                call="POST /filings/{filing}/declare",
                situation="stale_form",
                role="cardless",
                say="“与上级单位关系”显示为黄色必填：不要编造，按左上角的“删除”，在新的页面中它又是白色的选填项。",
            ),
            Exercise(
                entry="2.11",
                title="哪些企业需要报送海关年报",
                behaviour="who must file 海关年报: three parts, for any report year",
                screen=Screen("年报申报", "annual_reports", "year=2020"),
                call="GET /annual-reports/eligibility",
                situation="annual_registered_20210101",
                say="本企业2021年1月1日注册：看三项条件中哪一项不符合；再看2021年度。",
            ),
            Exercise(
                entry="2.12",
                title="非海关注册登记企业，年报有“报关事项”",
                behaviour="报关事项 shown to an enterprise not registered with customs; a department with hours settles it",
                screen=Screen("年报申报", "annual_reports", "year=2020"),
                call="POST /tickets",
                situation="phantom_customs_section",
                now=datetime(2021, 3, 5, 12, 10, tzinfo=SHANGHAI),
                say="不要填报。联系深圳海关企业管理和稽查处：现在是星期五 12:10，不在联系时间，请快进后再联系。",
            ),
            Exercise(
                entry="2.13",
                title="年报已报送仍显示未报送",
                behaviour="未报送 while the publicity platform lags; 年报补录 from 1 July on",
                screen=Screen("年报补录", "annual_supplement"),
                call="POST /annual-reports/{year}/supplement",
                situation="publicity_lag",
                now=datetime(2021, 6, 30, 23, 59, 59, tzinfo=SHANGHAI),
                say="现在是2021年6月30日最后一秒：还只能等待。快进 1 分钟到7月1日，再办理年报补录，快进 1 天后到公示平台查询。",
            ),
            Exercise(
                entry="2.14",
                title="法人卡持卡人不可再申请操作员卡、报关员卡",
                behaviour="from 2021-10-19 the holder of the 法人卡 gets no other card: 不能重复注册",
                screen=Screen("新入网", "cards"),
                call="POST /cards",
                situation="card_legal_held",
                say="用法人卡持卡人的证件号码申请一张操作员卡，看提示；再为另一个人申请。",
            ),
            Exercise(
                entry="2.15",
                title="状态为超期：请海关核对后同步",
                behaviour="超期 in the mirror only: customs confirms and synchronises",
                screen=_ENTERPRISE,
                call="GET /enterprise",
                situation="overdue_mirror",
                say="这里显示“超期”，业务办不了：联系主管海关同步信息，快进 1 小时，再查询状态。",
            ),
            Exercise(
                entry="2.16",
                title="美元的出资金额由海关返回",
                behaviour="the USD amount is customs' to return; grey in 变更申请",
                screen=_new(_CHANGE, "change", "tab-investors"),
                call="POST /forms/{kind}/state",
                situation="usd_wrong",
                medium=Medium.CARD,
                say="在“出资者信息”中比较两个出资金额：一个可以变更，美元的是灰色。美元金额有误，应向主管海关企管部门申请。",
            ),
            Exercise(
                entry="2.17",
                title="备案信息表打印显示不全，电子数据完整",
                behaviour="《报关单位备案信息表》 prints cut, the data sent are whole",
                screen=Screen("打印预览", "filing_print", of_filing=True),
                call="GET /filings/{filing}/record-form.pdf",
                situation="print_truncated",
                role="cardless",
                draft="registration",
                say="比较打印的表格和电子数据：表格显示不全，数据是完整的，不影响审批。返回申请单直接申报。",
            ),
            Exercise(
                entry="2.18",
                title="双重身份企业没有打印按钮",
                behaviour="no print button for 特殊监管区域双重身份企业",
                screen=_ENTERPRISE,
                call="GET /enterprise/certificate.pdf",
                situation="dual_not_printable",
                say="备案已审批通过，却没有“打印报关单位备案证明”的按钮：读一读原因。",
            ),
            Exercise(
                entry="2.19",
                title="是否为快件运营企业只对两类企业开放",
                behaviour="是否为快件运营企业 opens for two categories only",
                screen=_REGISTRATION,
                call="POST /forms/{kind}/state",
                situation="express_greyed",
                role="cardless",
                say="“是否为快件运营企业”是灰色的“否”：把“企业经营类别”改为报关企业，看它打开；再改回来。",
            ),
            Exercise(
                entry="2.20",
                title="双重身份企业变更经营类别：先注销，后重新备案",
                behaviour="an approved 经营类别 is not changed: deregister, then file anew",
                screen=_new(_CHANGE, "change"),
                call="POST /filings",
                situation="dual",
                medium=Medium.CARD,
                say="“企业经营类别”是灰色，不可变更，也不可新增。要调整它，请先办注销申请，审批通过后重新注册登记。",
            ),
        )
    }
)
"""The thirty, by entry."""
