"""The entries that are complete: each shown by the API and in a browser, each quoted text where the document has it."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

from filings.rules import faq, words
from filings.rules.refusals import CATALOGUE
from filings.rules.sheets.change import Change

COMPLETE = [
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

TESTS = Path(__file__).parent.parent
QUOTED = {
    "无匹配数据": "2.2",
    "当前用户不是企业用户，无法操作": "2.3",
    "上级单位关系必填": "2.10",
    "不能重复注册": "2.14",
    "目前系统允许用户每一小时可以申请一次最新证书下载": "1.6",
    "连接客户端控件服务失败，请重试": "2.8",
    "商务部申报失败：您要修改的信息再经营者备案系统查询不到，请核查！": "2.9",
    "暂存": "1.9", "已申报": "1.9", "成功发往海关": "1.9", "海关入库成功": "1.9", "转人工审核": "1.9", "审批通过": "1.9", "审批不通过": "1.9",
    "福中海关": "1.2", "5355": "1.2", "经济特区": "1.3", "44039999-深圳市其他地区": "1.4",
    "0755-83165355": "1.9",
    "报关单位备案证明": "1.10", "《报关单位备案信息表》": "2.17", "直接打印可能会导致不清晰的情况，请下载到本地电脑后再打印": "2.7",
    "报关事项": "2.12", "深圳海关企业管理和稽查处": "2.12", "0755-84397137、84397138": "2.12",
    "未报送": "2.13", "关企合作平台": "2.13", "企业年报管理": "2.13", "年报补录": "2.13",
    "不需要": "1.1", "卡介质": "1.5", "代理": "1.7", "企业未注册成功": "2.4", "超期": "2.15", "特殊监管区域双重身份企业": "2.20",
    "美元的出资金额，这个字段不是在“单一窗口”录入的，是海关审核后返回的。无法在“单一窗口”进行修改": "2.16",
    "经营类别是“特殊监管区域双重身份企业”的企业不可以新增其他“经营类别”": "2.20", "申请单查询": "2.6",
    "检验检疫备案号": "2.1", "综合查询": "2.5", "是否为快件运营企业": "2.19",
}  # fmt: skip
"""Texts of the document that the simulator repeats word for word, and the entry each stands in."""


@cache
def marked(*folders: str) -> dict[str, list[str]]:
    """FAQ entry → the tests that carry its marker, read from the source: by decorator, or for a whole file by `pytestmark`."""
    found: dict[str, list[str]] = {}
    for folder in folders:
        for file in sorted((TESTS / folder).rglob("test_*.py")):
            tree = ast.parse(file.read_text(encoding="utf-8"))
            of_file = [
                entry
                for node in tree.body
                if isinstance(node, ast.Assign) and _names(node, "pytestmark")
                for entry in _entries(node.value)
            ]
            for node in ast.walk(tree):
                if isinstance(node, ast.FunctionDef) and node.name.startswith("test"):
                    for entry in {*of_file, *(entry for one in node.decorator_list for entry in _entries(one))}:
                        found.setdefault(entry, []).append(f"{folder}/{file.name}::{node.name}")
    return found


def _names(node: ast.Assign, name: str) -> bool:
    return any(isinstance(target, ast.Name) and target.id == name for target in node.targets)


def _entries(node: ast.expr) -> list[str]:
    calls = [
        one
        for one in ast.walk(node)
        if isinstance(one, ast.Call) and isinstance(one.func, ast.Attribute) and one.func.attr == "faq"
    ]
    return [str(argument.value) for call in calls for argument in call.args if isinstance(argument, ast.Constant)]


def squeezed(text: str) -> str:
    return re.sub(r"\s", "", text)


@pytest.mark.parametrize("entry", COMPLETE)
def test_each_complete_entry_has_a_test_of_the_api(entry: str) -> None:
    assert marked("faq", "api", "control").get(entry), f"no test of the API is marked faq({entry!r})"


@pytest.mark.parametrize("entry", COMPLETE)
def test_each_complete_entry_has_a_test_in_a_browser(entry: str) -> None:
    assert marked("browser").get(entry), f"no browser test is marked faq({entry!r})"


def test_no_marker_names_an_entry_there_is_not() -> None:
    folders = [one.name for one in TESTS.iterdir() if one.is_dir()]
    assert set(marked(*folders)) <= set(faq.ENTRIES)


def test_a_missing_marker_would_be_noticed() -> None:
    assert "9.9" not in marked("faq")
    assert len(marked("faq")["2.10"]) >= 5


@pytest.mark.parametrize(("text", "entry"), QUOTED.items())
def test_each_quoted_text_is_in_the_document_and_in_its_entry(text: str, entry: str) -> None:
    document = squeezed((TESTS / "rules" / "faq.txt").read_text(encoding="utf-8"))
    assert text in document
    assert text in squeezed(faq.ENTRIES[entry].question + faq.ENTRIES[entry].answer)
    assert text not in document.replace(text, "")


def test_the_simulators_own_words_for_them_are_the_quoted_ones() -> None:
    labels = {text for text, entry in QUOTED.items() if entry == "1.9" and not text.startswith("0755")}
    assert set(words.Status.labels) == labels
    assert CATALOGUE["not_enterprise_user"].detail == "当前用户不是企业用户，无法操作"
    assert CATALOGUE["parent_relation_required"].detail == "上级单位关系必填"
    assert CATALOGUE["card_holder_is_legal_person"].detail == "不能重复注册"
    assert CATALOGUE["certificate_hourly_limit"].detail == "目前系统允许用户每一小时可以申请一次最新证书下载"
    assert CATALOGUE["client_control_unavailable"].detail == "连接客户端控件服务失败，请重试"
    assert CATALOGUE["mofcom_record_not_found"].detail == "商务部申报失败：您要修改的信息再经营者备案系统查询不到，请核查！"
    assert words.Standing.NOT_REGISTERED.label == "企业未注册成功"
    assert (words.Standing.OVERDUE.label, words.Medium.CARD.label, words.Mode.AGENT.label) == ("超期", "卡介质", "代理")
    assert words.Category.DUAL.label == "特殊监管区域双重身份企业"


@pytest.mark.parametrize(
    ("code", "entry"),
    [
        ("card_login_required", "1.5"),
        ("category_locked", "2.20"),
        ("not_enterprise_user", "2.3"),
        ("parent_relation_required", "2.10"),
    ],
)
def test_what_is_given_out_as_documented_is_in_the_document(code: str, entry: str) -> None:
    text = squeezed(faq.ENTRIES[entry].question + faq.ENTRIES[entry].answer)
    assert (CATALOGUE[code].faq, CATALOGUE[code].provenance) == (entry, words.Provenance.DOCUMENTED)
    assert squeezed(CATALOGUE[code].detail) in text


def test_the_words_of_grey_fields_are_those_of_the_document() -> None:
    usd = Change.items["investors"].fields["amount_usd"].locked_words  # type: ignore[union-attr]
    assert squeezed(usd) == squeezed(faq.ENTRIES["2.16"].answer).removeprefix("答：").rstrip("。")
    said = squeezed(faq.ENTRIES["2.20"].answer)
    for name in ("category", "added_categories"):
        assert all(part in said for part in Change.items[name].locked_words.split("。"))  # type: ignore[union-attr]
