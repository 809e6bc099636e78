"""What each situation of a first registration and of categories is, checked over HTTP."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from filings.lab.worlds import cast
from tests.api.client import Caller, World

Told = dict[str, Any]


def content(world: World, told: Told) -> dict[str, Any]:
    (filing,) = told["filings"]
    read: dict[str, Any] = world.caller().get(f"/filings/{filing}").ok(200)["content"]
    return read


def state(world: World, told: Told, field: str) -> dict[str, Any]:
    body = {"content": content(world, told), "filing": told["filings"][0]}
    body["content"] = {
        name: value for name, value in body["content"].items() if name not in ("customs_code", "inspection_number")
    }
    fields: dict[str, Any] = world.caller().post("/forms/registration/state", body).ok(200)["fields"]
    found: dict[str, Any] = fields[field]
    return found


def _not_chosen(field: str, recommended: str | None) -> Callable[[World, Told], None]:
    def check(world: World, told: Told) -> None:
        assert content(world, told)[field] is None
        assert state(world, told, field)["recommended"] == recommended

    return check


def _one_qualification(world: World, told: Told) -> None:
    world.declare(told["filings"][0]).refused(422, "single_qualification_not_allowed")


def _printable(printable: bool) -> Callable[[World, Told], None]:
    def check(world: World, told: Told) -> None:
        assert world.caller("card").get("/enterprise").ok(200)["capabilities"]["print_certificate"] is printable
        assert world.caller("card").get("/enterprise/certificate.pdf").status == (200 if printable else 403)

    return check


def _approved(world: World, told: Told) -> None:
    assert content(world, told)["inspection_number"]


def _two_levels(world: World, told: Told) -> None:
    read = content(world, told)
    assert (read["province"], read["city"], read["district"], read["customs_office"]) == (
        "440000",
        "440300",
        None,
        None,
    )


def _personal(world: World, told: Told) -> None:
    login = {"sandbox": world.id, "username": told["accounts"][0], "password": cast.PASSWORD}
    token = Caller().post("/sessions", login).ok(201)["token"]
    Caller(token=token).post("/filings", {"kind": "registration"}).refused(403, "not_enterprise_user")


def _several(world: World, told: Told) -> None:
    read = {row["id"]: row["status_label"] for row in world.caller().get("/enquiries/overview").ok(200)["results"]}
    assert {read[one] for one in told["filings"]} == {"审批不通过", "海关入库成功", "暂存"}


def _express(world: World, told: Told) -> None:
    field = state(world, told, "express_operator")
    assert (field["shade"], field["value"]) == ("readonly", False)


CHECKS: dict[str, Callable[[World, Told], None]] = {
    "office_not_chosen": _not_chosen("customs_office", "5355"),
    "zone_not_chosen": _not_chosen("economic_zone", "01"),
    "trade_zone_not_chosen": _not_chosen("special_trade_zone", "44039999"),
    "in_qianhai": _not_chosen("special_trade_zone", None),
    "one_qualification_draft": _one_qualification,
    "consignee_branch": _printable(True),
    "approved_registration": _approved,
    "division_incomplete": _two_levels,
    "registered_as_personal": _personal,
    "several_statuses": _several,
    "dual_not_printable": _printable(False),
    "express_greyed": _express,
}
