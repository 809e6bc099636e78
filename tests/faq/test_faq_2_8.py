"""FAQ 2.8: `连接客户端控件服务失败，请重试` on uploading an attachment in 商务部变更申请.

答：无卡用户请安装客户端控件，有卡用户请重启客户端控件并确认版本为最新。
"""

from itertools import product

import pytest

from filings.models import Account, Attachment, ClientControl, Event, Sandbox
from filings.rules.client_control import LATEST, OLDER, answers
from tests.api.client import PDF, PNG, Caller, World

pytestmark = pytest.mark.faq("2.8")

WORDS = "连接客户端控件服务失败，请重试"
REMEDY = "无卡用户请安装客户端控件，有卡用户请重启客户端控件并确认版本为最新"

ROLES = {"cardless": "password", "card": "card"}
"""无卡用户 and 有卡用户, each as it logs in."""

TABLE = [
    (role, installed, running, newest, installed and running and newest)
    for role, installed, running, newest in product(ROLES, (True, False), (True, False), (True, False))
]


def who(world: World, role: str) -> Caller:
    return world.caller(role, ROLES[role])


def change(world: World, role: str = "cardless", **content: str) -> str:
    """A draft of 商务部变更申请."""
    body = {"kind": "mofcom_change", "content": content or {"address_cn": "广东省深圳市福田区福中三路1008号"}}
    identifier: str = who(world, role).post("/filings", body).ok(201)["id"]
    return identifier


def force(world: World, situation: str, role: str) -> None:
    world.control.post("/situation", {"situation": situation, "uscc": world.accounts[role]["uscc"]}).ok(200)


def test_the_table_has_sixteen_rows_of_which_two_serve() -> None:
    assert len(TABLE) == 16
    assert [row[:4] for row in TABLE if row[4]] == [("cardless", True, True, True), ("card", True, True, True)]


@pytest.mark.parametrize(("role", "installed", "running", "newest", "serves"), TABLE)
def test_exactly_a_control_that_is_installed_running_and_newest_takes_a_file(
    role: str, installed: bool, running: bool, newest: bool, serves: bool, world: World
) -> None:
    account = Account.objects.get(sandbox__key=world.id, role=role)
    version = LATEST if newest else OLDER
    ClientControl.objects.create(
        sandbox=account.sandbox, account=account, installed=installed, running=running, version=version
    )
    told = who(world, role).get("/client-control").ok(200).json
    assert told == {"installed": installed, "running": running, "version": version, "latest": LATEST}
    draft = change(world, role)
    answer = who(world, role).upload(draft, PDF, "营业执照.pdf", type="licence")
    if serves:
        answer.ok(201)
    else:
        answer.refused(503, "client_control_unavailable")
    assert Attachment.objects.filter(filing__public_id=draft, sandbox__key=world.id).count() == int(serves)


@pytest.mark.parametrize("role", ROLES)
def test_it_starts_installed_running_and_newest(role: str, world: World) -> None:
    assert who(world, role).get("/client-control").ok(200).json == {
        "installed": True,
        "running": True,
        "version": LATEST,
        "latest": LATEST,
    }
    who(world, role).upload(change(world, role)).ok(201)


@pytest.mark.parametrize("situation", ["control_missing", "control_stopped", "control_outdated"])
def test_the_refusal_says_the_very_words_and_the_way_out(situation: str, world: World) -> None:
    force(world, situation, "cardless")
    refused = who(world, "cardless").upload(change(world)).refused(503, "client_control_unavailable")
    assert (refused["detail"], refused["faq"], refused["provenance"], refused["remedy"]) == (
        WORDS,
        "2.8",
        "documented",
        REMEDY,
    )
    assert int(refused.headers["Retry-After"]) > 0


def test_nothing_is_stored_and_the_draft_keeps_its_text(world: World) -> None:
    draft = change(world, name_en="YUNFAN TRAINING TRADE CO., LTD.")
    mine = who(world, "cardless")
    before = mine.get(f"/filings/{draft}").json
    force(world, "control_missing", "cardless")
    mine.upload(draft).refused(503, "client_control_unavailable")
    assert mine.get(f"/filings/{draft}").json == before
    assert mine.get(f"/filings/{draft}/attachments").ok(200)["results"] == []


@pytest.mark.parametrize("situation", ["control_missing", "control_stopped", "control_outdated"])
def test_retrying_alone_heals_nothing_nor_does_waiting(situation: str, world: World) -> None:
    force(world, situation, "card")
    draft, mine = change(world, "card"), who(world, "card")
    for _ in range(3):
        mine.upload(draft).refused(503, "client_control_unavailable")
        world.wait(hours=1)
    refusals = Event.objects.filter(sandbox__key=world.id, name="refused", data__code="client_control_unavailable")
    assert refusals.count() == 3


@pytest.mark.parametrize("situation", ["control_missing", "control_stopped", "control_outdated"])
def test_a_user_without_a_card_installs(situation: str, world: World) -> None:
    force(world, situation, "cardless")
    draft, mine = change(world), who(world, "cardless")
    mine.upload(draft).refused(503, "client_control_unavailable")
    assert mine.post("/client-control/install").ok(200).json == {
        "installed": True,
        "running": True,
        "version": LATEST,
        "latest": LATEST,
    }
    mine.upload(draft).ok(201)
    assert events(world) == ["control.installed"]


def test_a_user_with_a_card_restarts_and_makes_sure_of_the_version(world: World) -> None:
    force(world, "control_outdated", "card")
    force(world, "control_stopped", "card")
    draft, mine = change(world, "card"), who(world, "card")
    assert mine.get("/client-control").json == {"installed": True, "running": False, "version": OLDER, "latest": LATEST}
    mine.post("/client-control/restart").ok(200)
    mine.upload(draft).refused(503, "client_control_unavailable")
    mine.post("/client-control/update").ok(200)
    mine.upload(draft).ok(201)
    assert events(world) == ["control.restarted", "control.updated"]


def test_the_newest_version_that_stands_still_serves_nobody(world: World) -> None:
    force(world, "control_outdated", "card")
    force(world, "control_stopped", "card")
    draft, mine = change(world, "card"), who(world, "card")
    assert mine.post("/client-control/update").ok(200)["running"] is False
    mine.upload(draft).refused(503, "client_control_unavailable")
    mine.post("/client-control/restart").ok(200)
    mine.upload(draft).ok(201)


@pytest.mark.parametrize("action", ["restart", "update"])
def test_what_is_not_installed_is_neither_restarted_nor_updated(action: str, world: World) -> None:
    force(world, "control_missing", "card")
    mine = who(world, "card")
    assert mine.get("/client-control").json == {"installed": False, "running": False, "version": None, "latest": LATEST}
    mine.post(f"/client-control/{action}").refused(409, "control_not_installed")
    assert events(world) == []


def test_the_control_is_asked_before_the_file_is_looked_at(world: World) -> None:
    draft, mine = change(world), who(world, "cardless")
    force(world, "control_stopped", "cardless")
    mine.upload(draft, b"MZ", "virus.exe").refused(503, "client_control_unavailable")
    mine.upload(draft, b"x" * (10 * 2**20 + 1)).refused(503, "client_control_unavailable")
    mine.post("/client-control/restart").ok(200)
    mine.upload(draft, b"MZ", "virus.exe").refused(415, "attachment_type_not_allowed")


def test_who_it_is_and_how_the_filing_stands_come_before_the_control(world: World) -> None:
    draft = change(world)
    force(world, "control_stopped", "cardless")
    world.caller("personal").upload(draft).refused(403, "not_enterprise_user")
    world.caller("card").upload(draft).refused(404, "not_found")
    who(world, "cardless").post(f"/filings/{draft}/declare", X_Sim_Scenario="by_hand").ok(200)
    who(world, "cardless").upload(draft).refused(409, "illegal_transition")


def test_one_that_comes_and_goes_comes_again_however_often_it_was_away(world: World) -> None:
    force(world, "control_flaky", "cardless")
    draft = change(world)
    begun = Sandbox.objects.get(key=world.id).events_taken
    away = next(seed for seed in range(10_000) if not any(answers(seed, begun + n) for n in range(6)))
    Sandbox.objects.filter(key=world.id).update(seed=away)
    tries = [who(world, "cardless").upload(draft).status for _ in range(30)]
    assert tries[:6] == [503] * 6
    assert 201 in tries


def test_taking_a_file_off_needs_no_control(world: World) -> None:
    draft, mine = change(world), who(world, "cardless")
    n = mine.upload(draft).ok(201)["n"]
    force(world, "control_stopped", "cardless")
    mine.delete(f"/filings/{draft}/attachments/{n}").ok(204)


def test_attachments_of_customs_filings_do_not_go_through_it(world: World) -> None:
    force(world, "control_missing", "cardless")
    who(world, "cardless").upload(world.draft(), PNG, "备案信息表.png").ok(201)


def test_everybody_has_a_control_of_his_own(world: World, other_world: World) -> None:
    force(world, "control_missing", "cardless")
    assert who(world, "card").get("/client-control")["installed"] is True
    assert who(other_world, "cardless").get("/client-control")["installed"] is True


def test_an_installation_with_a_key_is_one_installation(world: World) -> None:
    mine = who(world, "cardless")
    first = mine.post("/client-control/install", Idempotency_Key="k").ok(200)
    again = mine.post("/client-control/install", Idempotency_Key="k").ok(200)
    assert (again.json, again.headers["Idempotency-Replayed"]) == (first.json, "true")
    assert events(world) == ["control.installed"]


def events(world: World) -> list[str]:
    return list(
        Event.objects.filter(sandbox__key=world.id, name__startswith="control.")
        .order_by("seq")
        .values_list("name", flat=True)
    )
