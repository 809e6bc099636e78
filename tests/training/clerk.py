"""A clerk who fills in a registration from a client's papers: from the JSON of a dossier, the code tables anybody may
read, and what the FAQ says (1.2 to 1.4, 1.8). It knows nothing of how the papers were made."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import Any

from tests.api.client import Answer, Caller

MANAGERS = {"legal_representative": "法定代表人", "finance_manager": "财务负责人", "customs_manager": "关务负责人"}


class Papers:
    """The papers of a dossier, by title."""

    def __init__(self, dossier: Answer | Mapping[str, Any]) -> None:
        self.papers = {
            paper["title"]: {field["label"]: field["value"] for field in paper["fields"]}
            for paper in dossier["documents"]
        }

    def of(self, *beginnings: str) -> dict[str, str]:
        """The first paper whose title begins so; nothing where there is none."""
        return next((fields for title, fields in self.papers.items() if title.startswith(beginnings)), {})

    def card_of(self, role: str) -> dict[str, str]:
        """The identity card of who has a role; one may have several."""
        return next(fields for title, fields in self.papers.items() if re.match(f"居民身份证（.*{role}", title))


def transcribed(dossier: Answer | Mapping[str, Any]) -> dict[str, Any]:
    """The registration of a client, as its papers say it."""
    papers = Papers(dossier)
    licence, told = papers.of("营业执照"), papers.of("企业信息")
    address = licence.get("住所") or licence["营业场所"]
    capital, currency = money(licence.get("注册资本") or told["注册资本"])
    until = licence["营业期限"].partition("至")[2]
    sheet: dict[str, Any] = {
        "filing_scope": ["customs", "inspection"],  # FAQ 1.8
        "uscc": licence["统一社会信用代码"],
        "name_cn": licence["名称"],
        "name_en": told["企业英文名称"],
        "category": code("categories", told["企业经营类别"]),
        "express_operator": told["是否经营进出境快件"] == "是",
        "address_cn": address,
        "address_en": told["英文地址"],
        "postcode": told["邮政编码"],
        "province": "440000",
        "city": "440300",
        "district": code("divisions", re.findall(r"深圳市(\w\w区)", address)[0]),
        "customs_office": "5355",  # FAQ 1.2
        "economic_zone": code("economic_zones", "经济特区"),  # FAQ 1.3
        # FAQ 1.4; a firm of Qianhai tells where in it it lies.
        "special_trade_zone": "44039999"
        if told["是否前海自贸区企业"] == "否"
        else code("special_trade_zones", re.findall("蛇口", told["是否前海自贸区企业"])[0]),
        "economic_type": code("economic_types", told["经济类型（GB/T 12402）"]),
        "organization_type": told["组织机构类型"],
        "industry": told["行业种类（GB/T 4754）"][:4],
        "cross_border_types": [kind for kind in told["跨境贸易电子商务类型"].split("、") if kind != "无"],
        "registered_capital": capital,
        "capital_currency": currency,
        "business_scope": licence["经营范围"],
        "established_on": day(licence["成立日期"]),
        "investors": investors(papers.of("股东", "总公司决定")),
        "declarants": [],
    }
    if until != "长期":
        sheet["valid_until"] = day(until)
    for name, role in MANAGERS.items():
        card = papers.card_of(role)
        reached = {label.rpartition("）")[2] or label: value for label, value in told.items() if label.startswith(role)}
        sheet[name] = {
            "name": card["姓名"],
            "id_type": "居民身份证",
            "id_number": card["公民身份号码"],
            **{
                field: next(value for label, value in reached.items() if label.endswith(word))
                for field, word in (("phone", "固定电话"), ("mobile", "移动电话"), ("email", "电子邮箱"))
            },
        }
    if "报关人员姓名" in told:
        known = {person["name"]: person["id_number"] for person in (sheet[name] for name in MANAGERS)}
        who = told["报关人员姓名"]
        sheet["declarants"] = [
            {"name": who, "id_type": "居民身份证", "id_number": known[who], "action": told["报关人员业务种类"]}
        ]
    if parent := papers.of("总公司营业执照"):
        sheet |= {
            "parent_relation": told["与上级单位关系"],
            "parent_uscc": parent["统一社会信用代码"],
            "parent_name": parent["名称"],
        }
    return sheet


def investors(resolution: Mapping[str, str]) -> list[dict[str, str]]:
    """Who paid in what, in the order of the resolution."""
    names = [label.removesuffix("名称") for label in resolution if re.fullmatch("(股东|出资单位)[一二三]?名称", label)]
    found = []
    for who in names:
        amount, currency = money(resolution.get(f"{who}出资额") or resolution["拨付营运资金"])
        found.append(
            {
                "name": resolution[f"{who}名称"],
                "country": code("countries", resolution[f"{who}国别（地区）"]),
                "method": resolution[f"{who}出资方式"],
                "amount": amount,
                "currency": currency,
            }
        )
    return found


def money(printed: str) -> tuple[str, str]:
    """123.4567万元（人民币）"""
    found = re.match(r"([0-9.]+)万元（(\w+)）", printed)
    assert found, printed
    return found[1], code("currencies", found[2])


def day(printed: str) -> str:
    """2021年12月01日"""
    found = re.fullmatch(r"(\d{4})年(\d\d)月(\d\d)日", printed)
    assert found, printed
    return "-".join(found.groups())


@cache
def code(table: str, name: str) -> str:
    """The code of a name: the row that is called so, or the only one whose name has it."""
    more = "&parent=440300" if table == "divisions" else ""
    rows = Caller().get(f"/codes/{table}?q={name}&limit=500{more}").ok(200)["results"]
    exact = [row["code"] for row in rows if row["name"] == name] or [row["code"] for row in rows if name in row["name"]]
    assert exact, f"{table} has no {name}"
    return str(exact[0])
