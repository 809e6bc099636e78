"""注册信息变更申请: the registration sheet laid over the approved record. What customs has settled is grey, each with
its reason."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, ClassVar

from filings.rules import conditions
from filings.rules.facts import Facts
from filings.rules.register import Values, rule, unless
from filings.rules.sheet import Check, Choices, Field, Section, Source, Tab
from filings.rules.sheets.registration import Registration
from filings.rules.words import Category, Provenance

DUAL_ADDS_NOTHING = "经营类别是“特殊监管区域双重身份企业”的企业不可以新增其他“经营类别”。若需要调整“经营类别”，请先做企业注销后，重新备案"


@rule("“经营类别”已经审批通过不可以变更", faq="2.20", code="category_locked")
def category_approved(values: Values, facts: Facts) -> bool:
    return True


@rule("经营类别是特殊监管区域双重身份企业", faq="2.20", code="category_locked")
def approved_as_dual(values: Values, facts: Facts) -> bool:
    return Category.DUAL in facts.mirror.get("categories", ())


@rule("统一社会信用代码是备案的企业标识", provenance=Provenance.OURS, code="field_readonly")
def names_the_enterprise(values: Values, facts: Facts) -> bool:
    return True


@rule("备案时已经取得的资质", faq="1.8", provenance=Provenance.OURS, code="field_readonly")
def qualified_already(values: Values, facts: Facts) -> bool:
    return True


@rule("注册海关只在注册登记时填写；变更注册地海关另行申请", provenance=Provenance.PUBLIC, code="field_readonly")
def office_is_kept(values: Values, facts: Facts) -> bool:
    return True


@rule(
    "新增的经营类别不与已有的重复，也不是特殊监管区域双重身份企业",
    faq="2.20",
    provenance=Provenance.ASSUMED,
    code="category_not_addable",
)
def addable_categories(values: Values, facts: Facts) -> bool:
    return not {*facts.mirror.get("categories", ()), Category.DUAL.value} & {*(values.added_categories or ())}


@rule(
    "已备案或新增的企业经营类别中有报关企业或特殊监管区域双重身份企业",
    faq="2.19",
    provenance=Provenance.ASSUMED,
    code="express_not_allowed",
)
def express_allowed_to_one(values: Values, facts: Facts) -> bool:
    has = {values.category, *facts.mirror.get("categories", ()), *(values.added_categories or ())}
    return bool(has & {Category.BROKER.value, Category.DUAL.value})


@rule("注册地在现注册海关的辖区内；变更注册地海关另行申请", provenance=Provenance.PUBLIC, code="office_region_mismatch")
def stays_with_its_office(values: Values, facts: Facts) -> bool:
    return conditions.office_in_region(values, facts)


def of_sheet(name: str) -> Source:
    """What the sheet as approved says."""
    return lambda facts, siblings: facts.record.get(name)


def _like(name: str, **more: Any) -> Any:
    """A field of the registration, other in some respects."""
    field = Registration.items[name]
    assert isinstance(field, Field)
    return replace(field, **more)


def _grey(name: str, **more: Any) -> Any:
    """A field of the registration, grey here: it holds what the record says."""
    return _like(name, **{"fixed": of_sheet(name), "locked_code": "field_readonly", **more})


class Change(Registration):
    """注册信息变更申请."""

    filing_scope = _grey(
        "filing_scope", locked=qualified_already, locked_words="资质在注册登记时已经取得，不在变更之列", default=None
    )
    uscc = _grey(
        "uscc",
        locked=names_the_enterprise,
        fixed=lambda facts, siblings: facts.uscc,
        locked_words="统一社会信用代码是备案的企业标识，不可变更",
        faq=None,
    )
    name_cn = _like("name_cn", recommend=None)
    category = _grey(
        "category",
        locked=category_approved,
        locked_code="category_locked",
        faq="2.20",
        locked_words="“经营类别”已经审批通过不可以变更。若需要调整“经营类别”，请先做企业注销后，重新备案",
    )
    added_categories = Choices(
        label="新增经营类别",
        table="categories",
        locked=approved_as_dual,
        locked_code="category_locked",
        locked_words=DUAL_ADDS_NOTHING,
        faq="2.20",
        span=3,
    )
    express_operator = _like("express_operator", locked=unless(express_allowed_to_one))
    customs_office = _grey(
        "customs_office",
        locked=office_is_kept,
        locked_words="变更申请不填注册海关：变更注册地海关须另行申请",
        hint="",
        recommend=None,
        provenance=Provenance.PUBLIC,
        faq=None,
    )

    tabs: ClassVar[tuple[Tab, ...]] = tuple(
        Tab(
            tab.name,
            tab.title,
            tuple(
                Section(section.name, section.title, (*section.fields, "added_categories"))
                if section.name == "enterprise"
                else section
                for section in tab.sections
            ),
        )
        for tab in Registration.tabs
    )

    checks: ClassVar[tuple[Check, ...]] = (
        *(
            check
            for check in Registration.checks
            if check.rule
            not in (
                conditions.both_qualifications,
                conditions.office_in_region,
                conditions.recommended_office,
                conditions.office_of_huizhou,
                conditions.dual_avoids_futian,
            )
        ),
        Check(
            stays_with_its_office,
            "district",
            "注册地不在现注册海关的辖区内：变更申请不能变更注册海关，须另行申请变更注册地海关（公开资料）",
        ),
        Check(
            addable_categories, "added_categories", "新增的经营类别不能与已有的重复，也不能是特殊监管区域双重身份企业"
        ),
    )
