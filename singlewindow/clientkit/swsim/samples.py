"""Contents that declare cleanly, by the rules this kit was made for.

A registration is one of the enterprise of `cardless`, which is not registered yet; all else is of an enterprise that
is, such as that of `card`. People and firms are synthetic: codes and numbers pass their check digits and are nobody's.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, TypeAlias

from swsim.spelling import merged
from swsim.words import say

SampleKind: TypeAlias = Literal["registration", "change", "deregistration", "mofcom_change", "annual_report"]

_PERSON = {
    "name": "张演练",
    "id_type": "居民身份证",
    "id_number": "110101189001010016",
    "phone": "0755-83160000",
    "mobile": "13800000001",
    "email": "p1@example.com",
}

SAMPLES: Mapping[SampleKind, Mapping[str, Any]] = {
    "registration": {
        "filing_scope": ["customs", "inspection"],
        "uscc": "91440399MAMK00013C",
        "name_cn": "深圳市云帆演练国际贸易有限公司",
        "name_en": "SHENZHEN YUNFAN TRAINING TRADE CO., LTD.",
        "address_cn": "广东省深圳市福田区福中三路1006号",
        "address_en": "1006 Fuzhong 3rd Road, Futian, Shenzhen",
        "postcode": "518048",
        "category": "10000000",
        "express_operator": False,
        "province": "440000",
        "city": "440300",
        "district": "440304",
        "customs_office": "5355",
        "economic_zone": "01",
        "special_trade_zone": "44039999",
        "economic_type": "150",
        "organization_type": "企业",
        "industry": "5199",
        "cross_border_types": [],
        "registered_capital": "500.00",
        "capital_currency": "CNY",
        "business_scope": "货物进出口",
        "established_on": "2020-06-18",
        "legal_representative": _PERSON,
        "finance_manager": _PERSON,
        "customs_manager": _PERSON,
        "investors": [{"name": "张演练", "country": "CHN", "method": "货币", "amount": "500.00", "currency": "CNY"}],
        "declarants": [],
    },
    "change": {"address_cn": "广东省深圳市福田区福中三路1008号"},
    "deregistration": {"reason": "停止经营"},
    "mofcom_change": {"address_cn": "广东省深圳市福田区福中三路1008号"},
    "annual_report": {
        "contact_name": "张演练",
        "contact_phone": "0755-83160000",
        "traded": True,
        "import_amount": "500.00",
        "export_amount": "500.00",
        "declaration_count": "120",
        "processing_trade": False,
        "cross_border_types": [],
    },
}
"""By kind; the simulator's own tests declare each of them."""


def sample(kind: SampleKind, **changes: Any) -> dict[str, Any]:
    """A content of a kind, with changes laid over it as a merge patch: objects member by member, None takes away.

    Raises LookupError that lists the kinds.
    """
    if kind not in SAMPLES:
        kinds = ", ".join(SAMPLES)
        raise LookupError(say(f"No sample of {kind}; there are {kinds}", f"没有 {kind} 的样例；现有 {kinds}"))
    return merged(SAMPLES[kind], changes)
