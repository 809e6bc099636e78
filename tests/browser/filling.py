"""Filling a sheet as a clerk does, field by field: boxes of codes by what is typed into them."""

from collections.abc import Mapping
from typing import Any

from playwright.sync_api import Locator, Page, expect

from filings.lab.worlds import cast

DIVISIONS = ("province", "city", "district")
FUTIAN = ("440000", "440300", "440304")


def field(page: Page, name: str) -> Locator:
    return page.locator(f'[data-field="{name}"]')


def says(page: Page, name: str) -> Locator:
    """What is said below a field."""
    return page.locator(f'[data-says="{name}"]')


def type_code(page: Page, name: str, typed: str, key: str = "Enter") -> None:
    """As a clerk in a hurry: the code and the key at once, before any list has arrived."""
    field(page, name).focus()
    page.keyboard.insert_text(typed)
    page.keyboard.press(key)


def choose_division(page: Page, *codes: str) -> None:
    for name, code in zip(DIVISIONS, codes, strict=False):
        type_code(page, name, code, "Tab")
    for name, code in zip(DIVISIONS, codes, strict=False):
        expect(field(page, name)).to_have_attribute("data-code", code)


def fill_managers(page: Page) -> None:
    page.get_by_role("tab", name="管理人员").click()
    person = cast.REFERENCE["legal_representative"]
    for group in ("legal_representative", "finance_manager", "customs_manager"):
        for key in ("name", "id_number", "phone", "mobile", "email"):
            field(page, f"{group}.{key}").fill(person[key])
        field(page, f"{group}.id_type").select_option(person["id_type"])


def fill_investor(page: Page) -> None:
    page.get_by_role("tab", name="出资者信息").click()
    field(page, "investors.0.name").fill("张演练")
    type_code(page, "investors.0.country", "CHN", "Tab")
    field(page, "investors.0.method").select_option("货币")
    field(page, "investors.0.amount").fill("500.00")
    type_code(page, "investors.0.currency", "人民币", "Tab")
    expect(field(page, "investors.0.country")).to_have_value("CHN 中国")
    expect(field(page, "investors.0.currency")).to_have_value("CNY 人民币")


def fill_registration(page: Page, **changes: Any) -> dict[str, Any]:
    """The whole blank page as the reference registration has it, with changes. Returns what was filled in."""
    content = {**cast.REFERENCE, **changes}
    for name in (
        "name_cn",
        "name_en",
        "address_cn",
        "address_en",
        "postcode",
        "industry",
        "registered_capital",
        "established_on",
        "business_scope",
    ):
        field(page, name).fill(content[name])
    field(page, "category").select_option(content["category"])
    field(page, "organization_type").select_option("企业")
    choose_division(page, *FUTIAN)
    type_code(page, "customs_office", "5355")
    expect(field(page, "customs_office")).to_have_value("5355 福中海关")
    expect(field(page, "customs_office")).to_have_attribute("data-code", "5355")
    type_code(page, "economic_zone", "０１", "Tab")
    expect(field(page, "economic_zone")).to_have_value("01 经济特区")
    type_code(page, "special_trade_zone", "44039999-深圳市其他地区")
    expect(field(page, "special_trade_zone")).to_have_value("44039999 深圳市其他地区")
    type_code(page, "economic_type", "150", "Tab")
    type_code(page, "capital_currency", "CNY", "Tab")
    expect(field(page, "capital_currency")).to_have_value("CNY 人民币")
    fill_managers(page)
    fill_investor(page)
    return content


def transcribe(page: Page, content: Mapping[str, Any]) -> None:
    """Fill in a blank registration with a content, tab by tab, whatever each box is; a grey one is left."""
    for name, value in content.items():
        if isinstance(value, dict):
            for key, inner in value.items():
                _put(page, f"{name}.{key}", inner)
        elif isinstance(value, list) and value and isinstance(value[0], dict):
            for n, row in enumerate(value):
                if not field(page, f"{name}.{n}.{next(iter(row))}").count():
                    _open(page, page.locator(f'[data-add="{name}"]'))
                    page.locator(f'[data-add="{name}"]').click()
                for key, inner in row.items():
                    _put(page, f"{name}.{n}.{key}", inner)
        else:
            _put(page, name, value)


def _put(page: Page, name: str, value: Any) -> None:
    box = field(page, name)
    if value in (None, [], "") or not box.count():
        return
    _open(page, box)
    kind = str(box.evaluate("(e) => e.matches('select') ? 'select' : e.closest('.combo') ? 'combo' : e.tagName"))
    if kind == "DIV":
        for one in value if isinstance(value, list) else [str(value).lower()]:
            tick = box.locator(f'input[value="{one}"]')
            if not tick.is_checked():  # one that is grey until the state of the sheet has come is waited for
                tick.check()
    elif kind == "select":
        expect(box.locator(f'option[value="{value}"]')).to_be_attached()
        if box.is_enabled():
            box.select_option(value)
    elif box.is_editable():
        if kind == "combo":
            type_code(page, name, value, "Tab")
            expect(box).to_have_attribute("data-code", value)
        else:
            box.fill(str(value))


def _open(page: Page, box: Locator) -> None:
    """Turn to the tab a box is on."""
    panel = box.evaluate("(e) => e.closest('[role=tabpanel]')?.getAttribute('aria-labelledby')")
    if panel:
        page.locator(f"#{panel}").click()
