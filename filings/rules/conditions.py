"""The conditions of the documented fields and checks, each a rule of the register."""

from filings.rules import codes
from filings.rules.dates import BOTH_QUALIFICATIONS_FROM
from filings.rules.facts import Facts
from filings.rules.register import Values, rule
from filings.rules.words import Category, Provenance, Qualification

BOTH = [Qualification.CUSTOMS.value, Qualification.INSPECTION.value]
BRANCHES = (Category.CONSIGNEE_BRANCH, Category.BROKER_BRANCH)
SHENZHEN = "440300"


@rule("企业经营类别为报关企业或特殊监管区域双重身份企业", faq="2.19", code="express_not_allowed")
def express_allowed(values: Values, facts: Facts) -> bool:
    return values.category in (Category.BROKER, Category.DUAL)


@rule("该草稿的页面把“与上级单位关系”显示为必填（页面异常）", faq="2.10", code="parent_relation_required")
def stale_form(values: Values, facts: Facts) -> bool:
    return facts.stale_form


@rule("企业不是临时注册登记单位", provenance=Provenance.PUBLIC)
def not_temporary(values: Values, facts: Facts) -> bool:
    return values.category != Category.TEMPORARY


@rule("自2018年4月20日起同时取得报关报检资质", faq="1.8", code="single_qualification_not_allowed")
def qualifications_come_together(values: Values, facts: Facts) -> bool:
    return facts.today >= BOTH_QUALIFICATIONS_FROM and values.filing_scope in (None, BOTH)


@rule("同时申报报关和报检资质，或申报日期早于2018年4月20日", faq="1.8", code="single_qualification_not_allowed")
def both_qualifications(values: Values, facts: Facts) -> bool:
    return values.filing_scope == BOTH or facts.today < BOTH_QUALIFICATIONS_FROM


@rule("统一社会信用代码与申请企业一致", code="uscc_mismatch")
def own_uscc(values: Values, facts: Facts) -> bool:
    return values.uscc is None or facts.uscc is None or values.uscc == facts.uscc


@rule("行政区划三个级别前后一致", faq="2.2", code="region_chain_invalid")
def divisions_chain(values: Values, facts: Facts) -> bool:
    return codes.division_chain(values.province, values.city, values.district)


def division_chosen(values: Values) -> bool:
    """Whether all three levels are chosen, so that there are customs offices to choose from (FAQ 2.2)."""
    return bool(values.province and values.city and values.district)


@rule("注册海关在所选行政区划内", faq="2.2", code="office_region_mismatch")
def office_in_region(values: Values, facts: Facts) -> bool:
    return not (values.customs_office and values.district) or codes.office_serves(
        values.customs_office, values.district
    )


@rule("深圳企业选择推荐的注册海关（福中海关 5355）", faq="1.2", code="not_recommended_office")
def recommended_office(values: Values, facts: Facts) -> bool:
    in_huizhou = codes.city_of(values.district) == codes.HUIZHOU
    return in_huizhou or _as_recommended("customs_offices", values.customs_office, values, facts)


@rule("惠州企业选择惠州海关 5341", provenance=Provenance.PUBLIC, code="not_office_of_huizhou")
def office_of_huizhou(values: Values, facts: Facts) -> bool:
    in_huizhou = codes.city_of(values.district) == codes.HUIZHOU
    return not in_huizhou or _as_recommended("customs_offices", values.customs_office, values, facts)


@rule(
    "特殊监管区域双重身份企业选择所在特殊监管区域的海关，不选 5355",
    provenance=Provenance.PUBLIC,
    code="dual_office_5355",
)
def dual_avoids_futian(values: Values, facts: Facts) -> bool:
    return values.category != Category.DUAL or values.customs_office != "5355"


@rule("深圳企业选择推荐的经济区划（经济特区）", faq="1.3", code="not_recommended_zone")
def recommended_zone(values: Values, facts: Facts) -> bool:
    return _as_recommended("economic_zones", values.economic_zone, values, facts)


@rule(
    "深圳企业（非前海自贸区企业）选择推荐的特殊贸易区域（44039999-深圳市其他地区）",
    faq="1.4",
    code="not_recommended_trade_zone",
)
def recommended_trade_zone(values: Values, facts: Facts) -> bool:
    return _as_recommended("special_trade_zones", values.special_trade_zone, values, facts)


@rule(
    "前海自贸区企业不选择 44039999-深圳市其他地区", faq="1.4", provenance=Provenance.OURS, code="qianhai_zone_mismatch"
)
def not_other_area_in_qianhai(values: Values, facts: Facts) -> bool:
    return not (facts.in_qianhai and values.special_trade_zone == "44039999")


@rule("特殊贸易区域与所在城市一致", faq="1.4", provenance=Provenance.OURS, code="trade_zone_region_mismatch")
def trade_zone_in_region(values: Values, facts: Facts) -> bool:
    zone = values.special_trade_zone
    if not zone or not values.city or zone == "99999999":
        return True
    return zone.startswith("4403") == (values.city == SHENZHEN)


@rule("分支机构填写上级单位", provenance=Provenance.ASSUMED, code="parent_missing")
def branch_names_parent(values: Values, facts: Facts) -> bool:
    return values.category not in BRANCHES or bool(values.parent_uscc and values.parent_name)


@rule("成立日期不晚于申报当日", provenance=Provenance.ASSUMED, code="established_in_future")
def established_already(values: Values, facts: Facts) -> bool:
    return values.established_on is None or values.established_on <= facts.today.isoformat()


@rule("营业期限不早于成立日期", provenance=Provenance.ASSUMED, code="validity_before_establishment")
def valid_after_established(values: Values, facts: Facts) -> bool:
    return not (values.valid_until and values.established_on) or values.valid_until >= values.established_on


@rule("已上传《报关单位备案信息表》", faq="2.17", provenance=Provenance.OURS, code="record_form_missing")
def record_form_attached(values: Values, facts: Facts) -> bool:
    return facts.record_form_attached


def recommended(table: str, values: Values, facts: Facts) -> str | None:
    """The code advised for a sheet as filled: none of the city's offices to a 双重身份 firm, whose zone has its own
    (public)."""
    if table == "customs_offices" and values.category == Category.DUAL:
        return None
    return codes.recommended(table, values.district, facts.in_qianhai)


def _as_recommended(table: str, chosen: str | None, values: Values, facts: Facts) -> bool:
    advised = recommended(table, values, facts)
    return not chosen or advised is None or chosen == advised
