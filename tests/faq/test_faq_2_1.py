"""FAQ 2.1: where is the approved 检验检疫备案号 to be seen?

问：如何查看已审核通过的出入境检验检疫备案号？
答：登录系统后，可在【海关通用资质】中，“注册登记申请”-“检验检疫备案号”查看。
"""

import pytest

from filings.models import Mirror
from tests.api.client import World

pytestmark = pytest.mark.faq("2.1")


def test_after_the_approval_it_stands_in_the_enterprise_and_in_the_registration(world: World) -> None:
    filing, mine = world.draft(), world.caller()
    world.bring(filing, "approved")
    number = mine.get("/enterprise").ok(200)["inspection_number"]
    assert number
    assert len(number) == 10
    assert mine.get(f"/filings/{filing}")["content"]["inspection_number"] == number


@pytest.mark.parametrize("status", ["draft", "declared", "sent", "stored", "manual_review", "rejected"])
def test_in_any_other_status_there_is_none(status: str, world: World) -> None:
    filing, mine = world.draft(), world.caller()
    world.bring(filing, status)
    assert mine.get("/enterprise").ok(200)["inspection_number"] is None
    assert mine.get(f"/filings/{filing}")["content"]["inspection_number"] is None


def test_approved_and_not_yet_synced_it_is_still_empty(world: World) -> None:
    filing, mine = world.draft(), world.caller()
    world.bring(filing, "approved")
    Mirror.objects.filter(sandbox__key=world.id, uscc=world.accounts["cardless"]["uscc"]).delete()
    assert mine.get("/enterprise")["inspection_number"] is None
    assert mine.get(f"/filings/{filing}")["content"]["inspection_number"] is None
    world.control.post("/sync", {"uscc": world.accounts["cardless"]["uscc"]}).ok(200)
    assert mine.get("/enterprise")["inspection_number"]


def test_every_firm_has_its_own(world: World) -> None:
    roles = [role for role in world.accounts if role not in ("cardless", "personal")]
    numbers = [world.caller(role).get("/enterprise")["inspection_number"] for role in roles]
    assert len(set(numbers)) == len(roles) == 8
    assert None not in numbers


@pytest.mark.parametrize("written", ["4700600001", "x"])
def test_no_client_can_write_it(written: str, world: World) -> None:
    draft, mine = world.draft(), world.caller()
    refused = mine.patch(f"/filings/{draft}", {"content": {"inspection_number": written}}).refused(
        422, "field_readonly"
    )
    assert refused.errors == {"/content/inspection_number": "field_readonly"}
    assert [error["faq"] for error in refused["errors"]] == ["2.1"]
    mine.post("/filings", {"kind": "registration", "content": {"inspection_number": written}}).refused(
        422, "field_readonly"
    )
    mine.patch(f"/filings/{draft}", {"content": {"inspection_number": None}}).ok(200)


def test_the_form_shows_it_grey_and_says_when_it_comes(world: World) -> None:
    field = world.caller().post("/forms/registration/state", {"content": {}})["fields"]["inspection_number"]
    assert (field["shade"], field["editable"], field["value"], field["faq"]) == ("readonly", False, None, "2.1")
    assert "审批通过后" in field["reason"]


def test_a_registration_anew_does_not_show_the_number_of_the_record_that_ended(world: World) -> None:
    caller, uscc = world.caller("card"), world.accounts["card"]["uscc"]

    def shown() -> str | None:
        fields = caller.post("/forms/registration/state", {"content": {}}).ok(200)["fields"]
        number: str | None = fields["inspection_number"]["value"]
        return number

    assert shown() == caller.get("/enterprise")["inspection_number"] is not None
    world.control.put(f"/ledgers/customs/{uscc}", {"deregistered_on": "2021-11-30"}).ok(200)
    world.control.post("/sync", {"uscc": uscc}).ok(200)
    assert shown() is None


def test_another_enterprise_sees_nothing_of_it(world: World) -> None:
    filing = world.draft()
    world.bring(filing, "approved")
    world.caller("card").get(f"/filings/{filing}").refused(404, "not_found")
    assert (
        world.caller("card").get("/enterprise")["inspection_number"]
        != world.caller().get("/enterprise")["inspection_number"]
    )
