"""Two books that disagree: the customs ledger under control, the mirror that lags, and what sets it right."""

import pytest

from tests.api.client import World


def uscc(world: World, role: str = "card") -> str:
    return world.accounts[role]["uscc"]


def shown(world: World, role: str = "card") -> dict:
    return world.caller(role).get("/enterprise").ok(200).json


def test_the_ledger_is_the_authoritys_and_the_mirror_does_not_move_until_a_sync(world: World) -> None:
    at = f"/ledgers/customs/{uscc(world)}"
    before = world.control.get(at).ok(200).json
    laid = world.control.put(at, {"valid_until": "2021-11-30"}).ok(200).json
    assert laid == {**before, "valid_until": "2021-11-30"}
    assert shown(world)["standing"] == "normal"
    assert world.control.post("/sync", {"uscc": uscc(world)}).ok(200)["synced"] == [uscc(world)]
    assert (shown(world)["standing"], shown(world)["standing_label"]) == ("overdue", "超期")


def test_a_record_is_made_where_there_is_none(world: World) -> None:
    at = f"/ledgers/customs/{uscc(world, 'cardless')}"
    world.control.get(at).refused(404, "not_found")
    facts = {
        "categories": ["10000000"],
        "registered_on": "2020-05-01",
        "customs_code": "4403160099",
        "in_qianhai": True,
    }
    laid = world.control.put(at, facts).ok(200).json
    assert {name: laid[name] for name in facts} == facts
    assert laid["valid_until"] is None
    world.caller("cardless").post(f"/filings/{world.draft()}/declare").refused(409, "already_registered_at_customs")


def test_a_fact_about_qianhai_alone_registers_nobody(world: World) -> None:
    world.control.put(f"/ledgers/customs/{uscc(world, 'cardless')}", {"in_qianhai": True}).ok(200)
    declared = world.caller("cardless").post(f"/filings/{world.draft()}/declare").ok(200)
    assert "qianhai_zone_mismatch" in [warning["code"] for warning in declared["warnings"]]


@pytest.mark.parametrize(
    ("facts", "pointer"),
    [
        ({"categories": ["00010000", "10000000"]}, "/categories"),
        ({"categories": ["1"]}, "/categories/0"),
        ({"registered_on": "2020-02-30"}, "/registered_on"),
        ({"registered_on": 20200101}, "/registered_on"),
        ({"in_qianhai": "否"}, "/in_qianhai"),
        ({"investors": [{"name": "张演练"}]}, "/investors/0/country"),
        ({"usd": "1"}, "/usd"),
    ],
)
def test_a_fact_that_cannot_be_is_refused_and_nothing_is_laid(facts: dict, pointer: str, world: World) -> None:
    at = f"/ledgers/customs/{uscc(world)}"
    before = world.control.get(at).ok(200).json
    assert (
        pointer
        in world.control.put(at, {**facts, "customs_code": "4403160099"})
        .refused(422, world.control.put(at, facts).json["code"])
        .errors
    )
    assert world.control.get(at).ok(200).json == before


def test_a_credit_code_that_cannot_be_has_no_record(world: World) -> None:
    assert world.control.put("/ledgers/customs/91440399MAMK00013D", {}).ok(422).errors == {"/uscc": "uscc_invalid"}


def test_customs_knows_the_enterprise_and_the_window_does_not_until_customs_is_asked(world: World) -> None:
    world.control.post("/situation", {"situation": "not_synced"}).ok(200)
    assert (shown(world)["standing"], shown(world)["standing_label"]) == ("not_registered", "企业未注册成功")

    clerk = world.caller("card")
    clerk.post(f"/filings/{world.draft('card')}/declare").refused(409, "already_registered_at_customs")
    asked = clerk.post("/tickets", {"desk": "customs", "topic": "sync"}).ok(201)
    again = clerk.post("/tickets", {"desk": "customs", "topic": "sync"}).refused(409, "duplicate_ticket")
    assert again["ticket"] == asked["id"]
    assert shown(world)["standing"] == "not_registered"
    world.wait(minutes=30)
    assert clerk.get(f"/tickets/{asked['id']}").ok()["outcome"] == "synced"
    assert shown(world)["standing"] == "normal"


def test_an_overdue_mirror_is_set_right_only_if_the_record_stands(world: World) -> None:
    clerk = world.caller("card")
    world.control.post("/situation", {"situation": "overdue_mirror"}).ok(200)
    assert shown(world)["standing_label"] == "超期"
    world.control.put(f"/ledgers/customs/{uscc(world)}", {"valid_until": "2021-11-30"}).ok(200)
    refused = clerk.post("/tickets", {"desk": "customs", "topic": "sync"}).ok(201)
    world.wait(minutes=30)
    assert clerk.get(f"/tickets/{refused['id']}").ok()["outcome"] == "record_expired"
    assert shown(world)["standing"] == "overdue"

    world.control.put(f"/ledgers/customs/{uscc(world)}", {"valid_until": "2021-12-01"}).ok(200)
    clerk.post("/tickets", {"desk": "customs", "topic": "sync"}).ok(201)
    world.wait(minutes=30)
    assert shown(world)["standing"] == "normal", "valid through its last day"


def test_a_sync_of_an_enterprise_that_is_not_there_is_told(world: World) -> None:
    refused = world.control.post("/sync", {"uscc": "91440399MAMK99999X"}).refused(404, "not_found")
    assert "91440399MAMK99999X" in refused["detail"]
    assert refused.errors.keys() == {"/uscc"}
