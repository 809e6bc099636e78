"""A firm is registered; what the single window finds wrong is a note for a clerk, in the words of the ERP's screens."""

from __future__ import annotations

from typing import Any

import pytest
from erp.registrar import Registrar

from swsim.testing import World


def content(world: World, **changes: Any) -> dict[str, Any]:
    return world.sample("registration", **changes)


def test_a_registration_is_declared_and_approved_in_a_day(erp: Registrar, world: World) -> None:
    entry = erp.register("R-1", content(world))
    assert (entry.status, entry.number[:3]) == ("declared", "SIM")
    world.advance("P1D")
    [entry] = erp.refresh()
    assert (entry.status, entry.note) == ("approved", "")
    assert erp.standing() == "normal"
    world.verify(method="POST", path="/filings/*/declare", status=200, exactly=1)


def test_what_is_registered_twice_is_filed_once(erp: Registrar, world: World) -> None:
    assert erp.register("R-1", content(world)) == erp.register("R-1", content(world))
    assert len(world.account("cardless").filings()) == 1


def test_another_filing_waits_for_the_one_under_way(erp: Registrar, world: World) -> None:
    erp.register("R-1", content(world))
    assert erp.register("R-2", content(world)).note.startswith("open_application_exists")


def test_a_firm_that_customs_knows_is_not_registered_again(erp_of: Any, world: World) -> None:
    account = world.account("card")
    entry = erp_of("card").register("R-1", account.sample("registration"))
    assert entry.note.startswith("already_registered_at_customs")


WRONG = {
    "a check digit": ({"uscc": "91440399MAMK00013D"}, "统一社会信用代码："),
    "no name": ({"name_cn": ""}, "企业中文名称："),
    "a name too long": ({"name_cn": "长" * 200}, "企业中文名称："),
    "no address": ({"address_cn": None}, "工商注册地址："),
    "a postcode too short": ({"postcode": "51804"}, "邮政编码："),
    "no such office": ({"customs_office": "0000"}, "注册海关："),
    "an office elsewhere": ({"district": "440404"}, "注册海关："),
    "a district elsewhere": ({"province": "110000"}, "行政区划："),
    "no such category": ({"category": "99"}, "经营类别："),
    "express for others": ({"express_operator": True}, "express_operator："),
    "a capital below nothing": ({"registered_capital": "-1"}, "registered_capital："),
    "a capital in words": ({"registered_capital": "many"}, "registered_capital："),
    "no such currency": ({"capital_currency": "ZZZ"}, "capital_currency："),
    "founded tomorrow": ({"established_on": "2021-12-02"}, "established_on："),
    "somebody else's identity": (
        {"legal_representative": {"id_number": "110101189001010017"}},
        "legal_representative/",
    ),
    "no mobile": ({"legal_representative": {"mobile": "12"}}, "legal_representative/mobile："),
    "no address of mail": ({"legal_representative": {"email": "nobody"}}, "legal_representative/email："),
    "one qualification": ({"filing_scope": ["customs"]}, "filing_scope："),
    "nobody's money": ({"investors": []}, "投资人员："),
    "a field of its own": ({"warehouse": "7"}, "warehouse："),
}


@pytest.mark.parametrize("wrong", WRONG)
def test_what_is_wrong_is_a_note_and_is_filed_when_it_is_put_right(wrong: str, erp: Registrar, world: World) -> None:
    changes, noted = WRONG[wrong]
    entry = erp.register("R-1", content(world, **changes))
    assert entry.status == "to_correct"
    assert noted in entry.note
    if entry.filing:  # the single window keeps a draft of what it does not yet declare
        right = {name: content(world)[name] for name in changes}
        assert erp.correct("R-1", right).status == "declared"
    else:
        assert erp.register("R-2", content(world)).status == "declared"


@pytest.mark.parametrize(
    "reason",
    ["address_mismatch", "name_mismatch", "office_mismatch", "materials_incomplete", "person_unverified", "other"],
)
def test_what_customs_rejects_is_copied_corrected_and_approved(reason: str, erp: Registrar, world: World) -> None:
    world.scenario(f"reject; reason={reason}", times=1)
    first = erp.register("R-1", content(world))
    world.advance(until="idle")
    assert erp.refresh()[0].note == "审批不通过：请更正后重新申报"
    again = erp.correct("R-1", {"address_cn": "广东省深圳市福田区福中三路1010号"})
    assert (again.status, again.filing != first.filing) == ("declared", True)
    world.advance(until="idle")
    assert erp.refresh()[0].status == "approved"
