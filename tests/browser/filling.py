"""Filling a sheet as a clerk does: boxes of codes by what is typed into them."""

from playwright.sync_api import Locator, Page, expect

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
