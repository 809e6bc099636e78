"""The six categories and what follows from each, whole: FAQ 1.10 and 2.18, 2.11, 2.19, 2.20 at once."""

import pytest

from filings.rules.words import Category
from tests.api.client import World

pytestmark = [pytest.mark.django_db]

TABLE = """
                              prints  reports  express  adds
进出口货物收发货人            ✓       ✓        ✗        ✓
进出口货物收发货人分支机构    ✓       ✓        ✗        ✓
报关企业                      ✓       ✓        ✓        ✓
报关企业分支机构              ✓       ✓        ✗        ✓
特殊监管区域双重身份企业      ✗       ✓        ✓        ✗
临时注册登记单位              ✓       ✗        ✗        ✓
"""
ROWS = {line.split()[0]: tuple(cell == "✓" for cell in line.split()[1:]) for line in TABLE.strip().splitlines()[1:]}


def test_the_table_has_every_category() -> None:
    assert list(ROWS) == [one.label for one in Category]
    assert {len(row) for row in ROWS.values()} == {4}


@pytest.mark.faq("1.10")
@pytest.mark.faq("2.11")
@pytest.mark.faq("2.18")
@pytest.mark.faq("2.19")
@pytest.mark.faq("2.20")
@pytest.mark.parametrize("category", Category, ids=lambda one: one.label)
def test_each_row_of_it(category: Category, world: World) -> None:
    prints, reports, express, adds = ROWS[category.label]
    role = f"category:{category.value}"
    firm = world.caller(role)
    assert firm.get("/enterprise/certificate.pdf").status == (200 if prints else 403)
    (told, *_) = firm.get("/annual-reports/eligibility?year=2020").ok(200)["reasons"]
    assert told["ok"] is reports
    filing = {"kind": "registration", "content": world.sheet(category=category.value, express_operator=True)}
    refused = [error["code"] for error in world.caller().post("/filings", filing).json.get("errors", ())]
    assert refused == ([] if express else ["express_not_allowed"])
    other = Category.BROKER if category is not Category.BROKER else Category.CONSIGNEE
    assert world.begin("change", role, added_categories=[other.value]).status == (201 if adds else 422)


@pytest.mark.faq("1.10")
@pytest.mark.faq("2.11")
def test_without_a_category_it_is_no_everywhere_and_no_error(world: World) -> None:
    world.ledger(categories=[])
    firm = world.caller("card")
    assert firm.get("/enterprise").ok(200)["capabilities"] == {"print_certificate": False}
    firm.get("/enterprise/certificate.pdf").refused(403, "category_not_printable")
    told = firm.get("/annual-reports/eligibility?year=2020").ok(200)
    assert (told["required"], told["reasons"][0]["ok"]) == (False, False)
