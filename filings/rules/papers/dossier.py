"""材料包: a client's papers, each with what it prints, and which places of the registration sheet that settles.

Whatever a clerk has to fill can be read off a paper, or follows from it by a code table or an entry of the FAQ
(1.2 to 1.4, 1.8). How the papers look is modelled on public samples; their wording is ours.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from django.db.models import TextChoices

from filings.rules.codes import TABLES
from filings.rules.dates import years_later
from filings.rules.papers.traps import Trap

if TYPE_CHECKING:
    from filings.rules.papers.clients import Client, Person

LONG_TERM, NOTHING = "长期", "无"

MARKET_OFFICE = "深圳市市场监督管理局（模拟）"
POLICE = "深圳市公安局（模拟）"
LANDLORD = "深圳市演练物业管理有限公司"


class PaperKind(TextChoices):
    """What a paper is."""

    LICENCE = "licence", "营业执照"
    PARENT_LICENCE = "parent_licence", "总公司营业执照"
    IDENTITY_CARD = "identity_card", "居民身份证"
    RESOLUTION = "resolution", "股东会决议"
    LEASE = "lease", "房屋租赁合同"
    NAME_CHANGE = "name_change", "登记通知书"
    INFORMATION = "information", "企业信息及联系人登记表"
    MANDATE = "mandate", "授权委托书"


@dataclass(frozen=True, slots=True)
class PaperField:
    """Something a paper prints.

    settles   pointers into a registration whose values are read off here
    follows   pointers whose values follow from what is printed, by a code table or an entry of the FAQ
    """

    label: str
    value: str
    settles: tuple[str, ...] = ()
    follows: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DossierPaper:
    """A paper of a dossier. `title` tells it from every other of the same dossier."""

    kind: PaperKind
    title: str
    fields: tuple[PaperField, ...]


class Agent(NamedTuple):
    """Whom a client mandates to file for it."""

    name_cn: str
    uscc: str


ROLES = {
    "legal_representative": "法定代表人（负责人）",
    "finance_manager": "财务负责人",
    "customs_manager": "关务负责人",
}
_ORDINALS = "一二三"


def dossier(client: Client, agent: Agent | None) -> tuple[DossierPaper, ...]:
    """The papers of a client in the order one reads them."""
    return tuple(_papers(client, agent))


def _papers(client: Client, agent: Agent | None) -> Iterator[DossierPaper]:
    yield DossierPaper(PaperKind.LICENCE, "营业执照", tuple(_licence(client)))
    if client.parent:
        yield DossierPaper(PaperKind.PARENT_LICENCE, "总公司营业执照（复印件）", tuple(_parent_licence(client)))
    if client.former_name:
        yield DossierPaper(PaperKind.NAME_CHANGE, "登记通知书（名称变更）", tuple(_name_change(client)))
    for person in dict.fromkeys(client.managers.values()):
        names = [name for name, manager in client.managers.items() if manager == person]
        title = f"居民身份证（{'、'.join(ROLES[name].replace('（负责人）', '') for name in names)}）"
        yield DossierPaper(PaperKind.IDENTITY_CARD, title, tuple(_identity_card(client, names, person)))
    yield DossierPaper(PaperKind.RESOLUTION, _resolution_title(client), tuple(_resolution(client)))
    yield DossierPaper(PaperKind.LEASE, "房屋租赁合同", tuple(_lease(client)))
    yield DossierPaper(PaperKind.INFORMATION, "企业信息及联系人登记表", tuple(_information(client)))
    if agent:
        yield DossierPaper(PaperKind.MANDATE, "授权委托书", tuple(_mandate(client, agent)))


def _licence(client: Client) -> Iterator[PaperField]:
    branch = client.parent is not None
    yield PaperField("统一社会信用代码", client.uscc, _at("uscc"))
    yield PaperField("名称", client.name_cn, _at("name_cn"))
    yield PaperField("类型", client.licence_type)
    yield PaperField(
        "营业场所" if branch else "住所",
        client.address_cn,
        _at("address_cn"),
        _at("province", "city", "district", "customs_office", "economic_zone"),
    )
    yield PaperField(
        "负责人" if branch else "法定代表人", client.legal_representative.name, _at("legal_representative/name")
    )
    if not branch:
        yield PaperField(
            "注册资本", _money(client.capital, client.currency), _at("registered_capital", "capital_currency")
        )
    yield PaperField("成立日期", _day(client.established_on), _at("established_on"))
    yield PaperField("营业期限", _term(client.established_on, client.valid_until), _at("valid_until"))
    yield PaperField("经营范围", client.trade.scope, _at("business_scope"))
    yield PaperField("登记机关", MARKET_OFFICE)
    yield PaperField("登记日期", _day(client.renamed_on or client.established_on))


def _parent_licence(client: Client) -> Iterator[PaperField]:
    parent = client.parent
    assert parent is not None
    yield PaperField("统一社会信用代码", parent.uscc, _at("parent_uscc"))
    yield PaperField("名称", parent.name_cn, _at("parent_name"))
    yield PaperField("类型", "有限责任公司（自然人投资或控股）")
    yield PaperField("住所", parent.address_cn)
    yield PaperField("法定代表人", parent.legal_representative)
    yield PaperField("注册资本", _money(parent.capital, "CNY"))
    yield PaperField("成立日期", _day(parent.established_on))
    yield PaperField("营业期限", _term(parent.established_on, None))
    yield PaperField("经营范围", client.trade.scope)
    yield PaperField("登记机关", MARKET_OFFICE)
    yield PaperField("登记日期", _day(parent.established_on))


def _name_change(client: Client) -> Iterator[PaperField]:
    assert client.former_name is not None
    assert client.renamed_on is not None
    yield PaperField("变更前名称", client.former_name)
    yield PaperField("变更后名称", client.name_cn)
    yield PaperField("统一社会信用代码", f"{client.uscc}（不变）")
    yield PaperField("变更事项", "名称变更，准予登记；原营业执照已收回")
    yield PaperField("登记机关", MARKET_OFFICE)
    yield PaperField("登记日期", _day(client.renamed_on))


def _identity_card(client: Client, managers: Sequence[str], person: Person) -> Iterator[PaperField]:
    of_it = [*managers, *(f"declarants/{n}" for n, declarant in enumerate(client.declarants) if declarant == person)]
    yield PaperField("姓名", person.name, _at(*(f"{name}/name" for name in managers)))
    yield PaperField("性别", person.sex)
    yield PaperField("民族", "汉")
    yield PaperField("出生", _day(person.born))
    yield PaperField("住址", person.home)
    yield PaperField(
        "公民身份号码",
        person.id_number,
        _at(*(f"{whose}/id_number" for whose in of_it)),
        _at(*(f"{whose}/id_type" for whose in of_it)),
    )
    yield PaperField("签发机关", POLICE)
    yield PaperField("有效期限", LONG_TERM)


def _resolution_title(client: Client) -> str:
    if client.parent:
        return "总公司决定（营运资金）"
    return "股东决定（出资情况）" if len(client.investors) == 1 else "股东会决议（出资情况）"


def _resolution(client: Client) -> Iterator[PaperField]:
    if client.parent:
        yield PaperField("作出决定的公司", client.parent.name_cn)
        yield PaperField("决定事项", f"设立{client.name_cn}，向其拨付营运资金；分公司不具有法人资格，没有注册资本")
        holder, paid = "出资单位", "拨付营运资金"
    else:
        yield PaperField("公司名称", client.former_name or client.name_cn)
        words = _money(client.capital, client.currency)
        yield PaperField("决议事项", f"公司注册资本为{words}，由下列股东按本决议认缴并已缴足")
        holder, paid = "股东", "出资额"
    for n, investor in enumerate(client.investors):
        who = f"{holder}{_ORDINALS[n]}" if len(client.investors) > 1 else holder
        yield PaperField(f"{who}名称", investor.name, _at(f"investors/{n}/name"))
        yield PaperField(f"{who}国别（地区）", _name("countries", investor.country), _at(f"investors/{n}/country"))
        yield PaperField(f"{who}出资方式", investor.method, _at(f"investors/{n}/method"))
        yield PaperField(
            f"{who}{paid}" if holder == "股东" else paid,
            _money(investor.amount, client.currency),
            _at(f"investors/{n}/amount", f"investors/{n}/currency"),
        )
    yield PaperField("日期", _day(client.established_on))


def _lease(client: Client) -> Iterator[PaperField]:
    begins = client.today - timedelta(days=90)
    yield PaperField("出租方（甲方）", LANDLORD)
    yield PaperField("承租方（乙方）", client.former_name or client.name_cn)
    yield PaperField("房屋地址", client.lease_address)
    yield PaperField("房屋用途", "办公")
    yield PaperField("租赁期限", f"{_day(begins)}至{_day(years_later(begins, 3) - timedelta(days=1))}")
    if Trap.LEASE_SPELLING in client.traps:
        yield PaperField("特别约定", "房屋地址为楼宇管理处的习惯写法；乙方办理各项登记，以营业执照记载的住所为准")
    if client.former_name:
        yield PaperField("备注", "本合同以乙方当时的名称签订")
    yield PaperField("签订日期", _day(begins))


def _information(client: Client) -> Iterator[PaperField]:
    yield PaperField("申请业务", "报关单位备案（首次注册登记）", follows=_at("filing_scope"))
    yield PaperField("企业名称", client.name_cn)
    yield PaperField("企业英文名称", client.name_en, _at("name_en"))
    yield PaperField("英文地址", client.address_en, _at("address_en"))
    yield PaperField("邮政编码", client.place.postcode, _at("postcode"))
    yield PaperField("企业经营类别", client.category.label, _at("category"))
    yield PaperField("是否经营进出境快件", "是" if client.express_operator else "否", _at("express_operator"))
    yield PaperField(
        "是否前海自贸区企业",
        "是，位于蛇口片区的非海关特殊监管区域" if client.in_qianhai else "否",
        follows=_at("special_trade_zone"),
    )
    yield PaperField("经济类型（GB/T 12402）", _name("economic_types", client.economic_type), _at("economic_type"))
    yield PaperField("组织机构类型", client.organization_type, _at("organization_type"))
    yield PaperField("行业种类（GB/T 4754）", f"{client.trade.industry} {client.trade.industry_name}", _at("industry"))
    yield PaperField("跨境贸易电子商务类型", "、".join(client.cross_border_types) or NOTHING, _at("cross_border_types"))
    if client.parent:
        yield PaperField(
            "注册资本", f"{_money(client.capital, client.currency)}（分公司没有注册资本，填 0）",
            _at("registered_capital", "capital_currency"),
        )  # fmt: skip
        yield PaperField("与上级单位关系", "总/分公司", _at("parent_relation"))
    else:
        yield PaperField("上级单位", NOTHING, follows=_at("parent_relation", "parent_uscc", "parent_name"))
    for name, person in client.managers.items():
        yield PaperField(f"{ROLES[name]}固定电话", person.phone, _at(f"{name}/phone"))
        yield PaperField(f"{ROLES[name]}移动电话", person.mobile, _at(f"{name}/mobile"))
        yield PaperField(f"{ROLES[name]}电子邮箱", person.email, _at(f"{name}/email"))
    for n, person in enumerate(client.declarants):
        yield PaperField("报关人员姓名", person.name, _at(f"declarants/{n}/name"))
        yield PaperField("报关人员业务种类", "备案", _at(f"declarants/{n}/action"))
    if not client.declarants:
        yield PaperField("报关人员", NOTHING)
    yield PaperField("填表日期", _day(client.today))


def _mandate(client: Client, agent: Agent) -> Iterator[PaperField]:
    yield PaperField("委托人", client.name_cn)
    yield PaperField("委托人统一社会信用代码", client.uscc)
    yield PaperField("受托人", agent.name_cn)
    yield PaperField("受托人统一社会信用代码", agent.uscc)
    yield PaperField("委托事项", "在“单一窗口”以代理方式办理报关单位备案（企业注册登记）的录入和申报")
    until = years_later(client.today, 1) - timedelta(days=1)
    yield PaperField("委托期限", f"{_day(client.today)}至{_day(until)}")
    yield PaperField("签署日期", _day(client.today))


def _at(*names: str) -> tuple[str, ...]:
    return tuple(f"/content/{name}" for name in names)


def _name(table: str, code: str) -> str:
    row = TABLES[table].get(code)
    assert row is not None
    return row.name


def _day(day: date) -> str:
    return f"{day.year}年{day.month:02d}月{day.day:02d}日"


def _term(begins: date, ends: date | None) -> str:
    return f"{_day(begins)}至{_day(ends) if ends else LONG_TERM}"


def _money(value: Decimal, currency: str) -> str:
    """An amount as papers print it: 123.4567万元（人民币）."""
    return f"{value:.4f}万元（{_name('currencies', currency)}）"


def settled(papers: Sequence[DossierPaper]) -> dict[str, tuple[DossierPaper, PaperField, bool]]:
    """For each place of the sheet the first paper that settles it, at which label, and whether it is read off there
    (else it follows)."""
    found: dict[str, tuple[DossierPaper, PaperField, bool]] = {}
    for paper in papers:
        for field in paper.fields:
            for pointers, read_off in ((field.settles, True), (field.follows, False)):
                for pointer in pointers:
                    found.setdefault(pointer, (paper, field, read_off))
    return found
