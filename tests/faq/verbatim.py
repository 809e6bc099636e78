"""The texts of the document that the simulator repeats word for word, each with a call and a page that serve it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from filings.lab.worlds import cast

Asked = tuple[str, str, Mapping[str, Any] | None]
"""A request: method, address, body. `{filing}` is the first filing of the situation, `{uscc}` the enterprise's code."""


def get(path: str) -> Asked:
    return "GET", path, None


def post(path: str, body: Mapping[str, Any] | None = None) -> Asked:
    return "POST", path, body or {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Quoted:
    """One text: its entry, where it is served, and in what world.

    api, page         the request of the business API, and of the web face, whose answer holds it
    situation         entered about the enterprise of `role`
    filing            the fixture of a filing made besides
    now               where the clock stands
    whole             it stands there by itself, as a value of the answer and a piece of the page, not within other
                      words
    """

    text: str
    entry: str
    api: Asked
    page: Asked
    situation: str = "standard"
    role: str = "cardless"
    medium: str = "password"
    filing: Mapping[str, Any] | None = None
    now: str = "2021-12-01T09:00:00+08:00"
    whole: bool = False

    def __str__(self) -> str:
        return self.text


FORM, NEW = get("/forms/registration"), get("/filings/new?kind=registration")
OFFICES = get("/codes/customs_offices?division=440304&q=5355")
FILING = get("/filings/{filing}")
ENTERPRISE = get("/enterprise")
SCHEMA = get("/schema")


def _status(text: str, state: str) -> Quoted:
    return Quoted(text=text, entry="1.9", api=FILING, page=FILING, filing={"state": state}, whole=True)


QUOTED = (
    Quoted(
        text="无匹配数据",
        entry="2.2",
        api=get("/codes/customs_offices?division=440300"),
        page=get("/codes/customs_offices?division=440300"),
    ),
    Quoted(
        text="当前用户不是企业用户，无法操作",
        entry="2.3",
        api=post("/filings", {"kind": "registration"}),
        page=NEW,
        role="personal",
    ),
    Quoted(
        text="企业未注册成功",
        entry="2.4",
        api=ENTERPRISE,
        page=ENTERPRISE,
        situation="not_synced",
        role="card",
        whole=True,
    ),
    Quoted(
        text="连接客户端控件服务失败，请重试",
        entry="2.8",
        api=post("/filings/{filing}/attachments"),
        page=post("/filings/{filing}", {"do": "attach"}),
        situation="control_missing",
        filing={"kind": "mofcom_change"},
    ),
    Quoted(
        text="商务部申报失败：您要修改的信息再经营者备案系统查询不到，请核查！",
        entry="2.9",
        api=post("/filings/{filing}/declare"),
        page=post("/filings/{filing}", {"do": "declare"}),
        situation="mofcom_record_missing",
        role="card",
        filing={"kind": "mofcom_change"},
    ),
    Quoted(
        text="上级单位关系必填",
        entry="2.10",
        api=post("/filings/{filing}/declare"),
        page=post("/filings/{filing}", {"do": "declare", "investors": "", "declarants": ""}),
        situation="stale_form",
    ),
    Quoted(
        text="未报送",
        entry="2.13",
        api=get("/publicity/{uscc}"),
        page=get("/publicity?uscc={uscc}"),
        situation="publicity_lag",
        role="card",
        whole=True,
    ),
    Quoted(
        text="不能重复注册",
        entry="2.14",
        api=post(
            "/cards",
            {
                "type": "operator",
                "holder_name": "张演练",
                "holder_id_type": "居民身份证",
                "holder_id_number": cast.REFERENCE["legal_representative"]["id_number"],
            },
        ),
        page=post(
            "/cards",
            {
                "type": "operator",
                "holder_name": "张演练",
                "holder_id_type": "居民身份证",
                "holder_id_number": cast.REFERENCE["legal_representative"]["id_number"],
            },
        ),
        situation="card_legal_held",
        role="card",
    ),
    Quoted(
        text="超期", entry="2.15", api=ENTERPRISE, page=ENTERPRISE, situation="overdue_mirror", role="card", whole=True
    ),
    # the statuses
    _status("暂存", "draft"),
    _status("已申报", "declared"),
    _status("成功发往海关", "sent"),
    _status("海关入库成功", "stored"),
    _status("转人工审核", "manual_review"),
    _status("审批通过", "approved"),
    _status("审批不通过", "rejected"),
    # codes and their names
    Quoted(text="福中海关", entry="1.2", api=OFFICES, page=OFFICES),
    Quoted(text="5355", entry="1.2", api=OFFICES, page=OFFICES),
    Quoted(text="经济特区", entry="1.3", api=get("/codes/economic_zones"), page=get("/codes/economic_zones")),
    Quoted(
        text="44039999-深圳市其他地区",
        entry="1.4",
        api=post("/filings/{filing}/copy"),
        page=FILING,
        filing={"content": {"special_trade_zone": "4403F992"}},
    ),
    # names of fields, ways and forms
    Quoted(text="代理", entry="1.7", api=SCHEMA, page=NEW),
    Quoted(
        text="卡介质",
        entry="1.5",
        api=post("/filings", {"kind": "change"}),
        page=get("/filings/new?kind=change"),
        role="card",
    ),
    Quoted(text="检验检疫备案号", entry="2.1", api=FORM, page=NEW),
    Quoted(text="综合查询", entry="2.5", api=SCHEMA, page=get("/enquiries/overview")),
    Quoted(text="申请单查询", entry="1.9", api=SCHEMA, page=get("/enquiries/filings")),
    Quoted(
        text="年报补录",
        entry="2.13",
        api=post("/annual-reports/2020/supplement"),
        page=get("/annual-reports/supplement"),
        situation="publicity_lag",
        role="card",
        now="2021-06-30T23:59:59+08:00",
    ),
    Quoted(
        text="报关单位备案证明",
        entry="1.10",
        api=get("/enterprise/certificate.pdf"),
        page=get("/enterprise/certificate"),
        situation="dual_not_printable",
        role="card",
    ),
    Quoted(text="《报关单位备案信息表》", entry="2.17", api=FILING, page=FILING, filing={}),
    Quoted(text="是否为快件运营企业", entry="2.19", api=FORM, page=NEW),
    Quoted(text="经营类别", entry="2.20", api=FORM, page=NEW),
    # telephone numbers
    Quoted(text="0755-83165355", entry="1.9", api=FILING, page=FILING, situation="stuck_sent"),
    Quoted(
        text="0755-84397137、84397138（周一至周五 9:00-12:00,13:30-17:30）",
        entry="2.12",
        api=get("/annual-reports/form?year=2020"),
        page=get("/annual-reports?year=2020"),
        situation="phantom_customs_section",
        role="card",
    ),
    # said besides
    Quoted(
        text="直接打印可能会导致不清晰的情况，请下载到本地电脑后再打印",
        entry="2.7",
        api=get("/faq/2.7"),
        page=get("/filings/{filing}/print"),
        filing={},
    ),
    Quoted(
        text="报关事项",
        entry="2.12",
        api=get("/annual-reports/form?year=2020"),
        page=get("/annual-reports?year=2020"),
        situation="phantom_customs_section",
        role="card",
    ),
    Quoted(
        text="深圳海关企业管理和稽查处",
        entry="2.12",
        api=post("/tickets", {"desk": "customs_inspection", "topic": "phantom_section"}),
        page=get("/tickets"),
        now="2021-12-04T09:00:00+08:00",
    ),
    Quoted(
        text="“标准版应用”下的“企业资质”-“关企合作平台”-“企业年报管理”-“年报补录”，通过年报补报功能补报海关年报信息",
        entry="2.13",
        api=post("/annual-reports/2020/supplement"),
        page=post("/annual-reports/supplement", {"year": "2020"}),
        situation="publicity_lag",
        role="card",
        now="2021-06-30T23:59:59+08:00",
    ),
    Quoted(
        text="在此之前不会影响企业正常办理海关业务",
        entry="2.13",
        api=post("/annual-reports/2020/supplement"),
        page=get("/annual-reports/supplement"),
        situation="publicity_lag",
        role="card",
        now="2021-06-30T23:59:59+08:00",
    ),
    Quoted(text="请您提交申请", entry="1.9", api=FILING, page=FILING, filing={}),
)
"""The messages, statuses, codes, labels and telephones the document quotes, and what else is said in its words."""
