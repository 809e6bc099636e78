"""The parts of a sandbox's console: what a client developer forces, watches and keeps there."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from django.test import Client

from filings.lab.faults import faults
from filings.lab.watching import journal
from filings.lab.webhooks import webhooks
from filings.lab.worlds import cast, queueing, snapshots, worlds
from filings.models import Delivery, Filing, Sandbox, Visit
from tests.api.client import NOBODY, World, anyone, loopback, world
from tests.factories import FilingFactory
from tests.web.pages import Page, words

__all__ = ["anyone", "loopback", "world"]

pytestmark = pytest.mark.django_db


def at(sandbox: Sandbox, part: str) -> str:
    return f"/console/sandboxes/{sandbox.key}" + (f"/{part}" if part else "")


def do(client: Client, sandbox: Sandbox, part: str, what: str, **given: Any) -> Any:
    """Press a button; the page one comes to, or the refusal."""
    return client.post(at(sandbox, part), {"do": what, **given}, follow=True)


# ── the journal ───────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def busy(world: World) -> Sandbox:
    """A sandbox whose client has drafted a filing, mistaken itself, and declared."""
    cardless = world.caller()
    filing = cardless.post("/filings", {"kind": "registration", "content": {"remarks": "一"}}).ok(201)["id"]
    cardless.patch(f"/filings/{filing}", {"content": {"category": 1}}).refused(422, "invalid_content")
    cardless.get("/enterprise").ok(200)
    return worlds.sandboxes().get(key=world.id)


@pytest.mark.django_db(databases="__all__")
class TestTheJournal:
    def test_lists_what_a_client_sent_and_was_answered(self, client: Client, busy: Sandbox) -> None:
        page = words(client.get(at(busy, "journal")))
        assert "POST /api/v1/filings 201" in page
        assert "422 invalid_content" in page
        assert page.index("/api/v1/enterprise") < page.index("422 invalid_content") < page.index("/api/v1/filings 201")
        assert '"remarks": "一"' in page

    def test_is_filtered(self, client: Client, busy: Sandbox) -> None:
        assert "/api/v1/enterprise 200" not in words(client.get(at(busy, "journal"), {"path": "/api/v1/filings"}))
        refused = words(client.get(at(busy, "journal"), {"status": "422"}))
        assert "invalid_content" in refused
        assert "POST /api/v1/filings 201" not in refused
        for nonsense in ("ab", "２００", "99999999999999999999", "\0"):
            assert client.get(at(busy, "journal"), {"status": nonsense}).status_code == 200

    def test_answers_the_list_alone_to_the_page_that_keeps_itself_up_to_date(
        self, client: Client, busy: Sandbox
    ) -> None:
        rows = Page(client.get(at(busy, "journal"), {"part": "rows"}))
        assert len(rows.all("li")) == 3
        assert not rows.has("title, nav")

    def test_shows_one_exchange_whole_and_the_call_that_sends_it_again(self, client: Client, busy: Sandbox) -> None:
        one = journal.exchanges(busy, method="PATCH").get()
        page = words(client.get(at(busy, f"journal/{one.pk}")))
        assert 'curl -i -X PATCH http://testserver/api/v1/filings/F000010 -H "Authorization: Bearer $TOKEN"' in page
        assert client.get(at(busy, "journal/999999999")).status_code == 404

    def test_cuts_a_long_body_short_in_the_list_only(self, client: Client, world: World, busy: Sandbox) -> None:
        world.caller().post("/filings", {"kind": "registration", "content": {"remarks": "长" * 4000}})
        assert "内容已截短" in words(client.get(at(busy, "journal"), {"part": "rows"}))
        newest = journal.exchanges(busy).order_by("-id")[0]
        assert "长" * 4000 in words(client.get(at(busy, f"journal/{newest.pk}")))

    def test_verifies_and_names_what_missed_by_one_thing(self, client: Client, busy: Sandbox) -> None:
        asked = {"match__path": "/api/v1/filings", "match__method": "POST", "count__exactly": "1"}
        assert "符合预期 符合条件的请求有 1 次" in words(do(client, busy, "journal", "verify", **asked))
        other = asked | {"match__body": '{"content": {"remarks": "二"}}'}
        told = words(do(client, busy, "journal", "verify", **other))
        assert "不符合预期 符合条件的请求有 0 次" in told
        assert "other body at /content/remarks" in told
        assert '"二"' in told

    @pytest.mark.parametrize(
        ("given", "said"),
        [
            ({"match__body": "{"}, "请求体的一部分：应为 JSON，第 1 行第 2 列有误"),
            ({"match__status": "20"}, "状态码：应为 100 到 599 的整数"),
            ({"count__at_least": "-1"}, "至少：应为 0 到 1000000 的整数"),
            ({"count__exactly": "1"}, "给出 exactly（恰好），或 at_least（至少）、at_most（至多）"),
            ({"match__path": "x" * 301}, "路径：最多 300 个字"),
            ({"match__path": "/filigns"}, "最接近的是 /api/v1/filings"),
            ({"match__account": "crad"}, "最接近的是 card"),
        ],
    )
    def test_says_what_is_wrong_with_a_question(
        self, client: Client, busy: Sandbox, given: dict[str, str], said: str
    ) -> None:
        answer = do(client, busy, "journal", "verify", **({"count__at_least": "1"} | given))
        assert answer.status_code == 422
        assert said in words(answer)

    def test_takes_a_path_from_the_plane_on_and_tells_of_one_there_is_not(self, client: Client, busy: Sandbox) -> None:
        asked = {"match__path": "/filings", "match__method": "POST", "count__exactly": "1"}
        assert "符合预期 符合条件的请求有 1 次" in words(do(client, busy, "journal", "verify", **asked))
        assert "PATCH /api/v1/filings" in words(client.get(at(busy, "journal"), {"path": "/filings"}))
        unknown = client.get(at(busy, "journal"), {"path": "/filigns"})
        assert unknown.status_code == 400
        assert "最接近的是 /api/v1/filings" in words(unknown)
        assert "/filigns" in Page(unknown).values

    def test_is_cleared(self, client: Client, busy: Sandbox) -> None:
        assert "请求日志已清空" in words(do(client, busy, "journal", "clear"))
        assert not journal.of(busy).exists()


def test_where_no_journal_is_kept_the_page_says_so(client: Client, sandbox: Sandbox) -> None:
    assert "本服务没有记录请求（SIM_JOURNAL=off）" in words(client.get(at(sandbox, "journal")))


# ── webhooks ──────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_receivers_secret_is_told_once(client: Client, sandbox: Sandbox) -> None:
    made = do(client, sandbox, "webhooks", "register", url=f"http://{NOBODY}/hook", events=["filing.rejected"])
    hook = webhooks.receivers(sandbox).get()
    assert made.status_code == 201
    assert hook.secret in words(made)
    assert hook.events == ["filing.rejected"]
    listed = words(client.get(at(sandbox, "webhooks")))
    assert f"http://{NOBODY}/hook" in listed
    assert "审批不通过" in listed
    assert hook.secret not in listed


@pytest.mark.parametrize("url", ["http://169.254.169.254/", "http://10.0.0.1/", "ftp://example.com/", "", "x" * 3000])
def test_an_address_that_may_not_be_reached_is_refused_and_stays_in_its_box(
    client: Client, sandbox: Sandbox, url: str
) -> None:
    answer = do(client, sandbox, "webhooks", "register", url=url)
    assert answer.status_code == 422
    assert not webhooks.receivers(sandbox).exists()
    assert Page(answer).value("url") == url


def test_deliveries_are_listed_with_their_attempts_and_by_state(
    client: Client, sandbox: Sandbox, cardless: Visit
) -> None:
    webhooks.register(sandbox, f"http://{NOBODY}/hook")
    FilingFactory(visit=cardless, status="declared")
    page = words(client.get(at(sandbox, "webhooks"), {"part": "rows"}))
    assert "已申报" in page
    assert "待送达" in page
    assert "还没有尝试" in page
    assert "待送达 尝试" not in words(client.get(at(sandbox, "webhooks"), {"state": "delivered", "part": "rows"}))
    assert client.get(at(sandbox, "webhooks"), {"state": "nonsense", "webhook": "\0"}).status_code == 200


@pytest.mark.django_db(transaction=True)
def test_moving_the_clock_makes_the_deliveries_that_are_due(client: Client, sandbox: Sandbox, cardless: Visit) -> None:
    webhooks.register(sandbox, f"http://{NOBODY}/hook")
    FilingFactory(visit=cardless, status="declared")
    back = at(sandbox, "webhooks")
    answer = client.post(f"/console/sandboxes/{sandbox.key}", {"do": "advance:PT1M", "next": back})
    assert answer["Location"] == back
    assert [len(one.attempts) for one in Delivery.objects.filter(sandbox=sandbox, event="filing.declared")] == [2]
    tried = words(client.get(back, {"part": "rows"}))
    assert "尝试 2 次" in tried
    assert "失败" in tried


def test_the_way_back_from_the_clock_leads_nowhere_else(client: Client, sandbox: Sandbox) -> None:
    for evil in ("https://example.com/console/", "//example.com", "/login"):
        answer = client.post(f"/console/sandboxes/{sandbox.key}", {"do": "advance:PT1M", "next": evil})
        assert answer["Location"].startswith(f"/console/sandboxes/{sandbox.key}?")


def test_a_receiver_may_bring_its_secret(client: Client, sandbox: Sandbox) -> None:
    given = {"url": f"http://{NOBODY}/hook", "secret": "whsec_" + "A" * 32}
    refused = do(client, sandbox, "webhooks", "register", **given | {"secret": "whsec_" + "A" * 30})
    assert (refused.status_code, webhooks.receivers(sandbox).count()) == (422, 0)
    assert "whsec_ 之后应为标准 base64" in words(refused)
    assert given["secret"] in words(do(client, sandbox, "webhooks", "register", **given))
    assert webhooks.receivers(sandbox).get().secret == given["secret"]


def test_a_receiver_is_removed(client: Client, sandbox: Sandbox) -> None:
    hook = webhooks.register(sandbox, f"http://{NOBODY}/hook")
    assert "接收地址已删除" in words(do(client, sandbox, "webhooks", f"remove:{hook.key}"))
    assert not webhooks.receivers(sandbox).exists()
    assert do(client, sandbox, "webhooks", f"remove:{hook.key}").status_code == 404


# ── faults ────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_fault_is_put_in_force_for_what_matches_and_taken_away(client: Client, sandbox: Sandbox) -> None:
    given = {
        "fault": "status",
        "p-code": "５０２",
        "p-ms": "99",
        "match__path": "/api/v1/filings/*",
        "match__method": "POST",
        "match__event": "filing.sent",
        "times": "2",
        "ttl_seconds": "60",
    }
    page = words(do(client, sandbox, "faults", "put", **given))
    assert "故障已布置" in page
    assert "返回一个错误状态 status; code=502" in page
    assert "方法 POST；路径 /api/v1/filings/* 还有 2 次" in page
    found = faults.in_force(sandbox).get()
    assert found.match == {"method": "POST", "path": "/api/v1/filings/*"}  # an event is nothing to a fault of transport
    assert "故障已撤去" in words(do(client, sandbox, "faults", f"take:{found.public_id}"))
    assert not faults.in_force(sandbox).exists()


def test_a_glitch_is_put_by_its_situations_name(client: Client, sandbox: Sandbox) -> None:
    page = words(do(client, sandbox, "faults", "put", fault="print_truncated", times="3"))
    assert "打印的表格显示不全 print_truncated 页面异常" in page
    assert faults.in_force(sandbox).get().left is None


@pytest.mark.parametrize(
    ("given", "status", "said"),
    [
        ({"fault": "status", "p-code": "200"}, 400, "参数 code 不接受“200”"),
        ({"fault": "explode"}, 400, "没有名为“explode”的故障"),
        (
            {"fault": "latency", "times": "2", "probability": "0.5"},
            422,
            "次数（times）与概率（probability）只能给出一个",
        ),
        ({"fault": "latency", "probability": "2"}, 422, "概率应为大于 0、不超过 1 的数字，填写的是"),
        ({"fault": "latency", "probability": "nan"}, 422, "概率应为大于 0、不超过 1 的数字，填写的是"),
        ({"fault": "latency", "ttl_seconds": "0"}, 422, "有效秒数：应为 1 到 604800 的整数"),
        ({"fault": "control_missing"}, 400, "“control_missing”是场面（没有安装客户端控件，上传附件失败），不是故障"),
        ({"fault": "latency", "match__path": "/filigns"}, 422, "最接近的是 /api/v1/filings"),
        (
            {"fault": "latency", "match__path": "/enterprise", "match__method": "POST"},
            422,
            "/api/v1/enterprise 不接受 POST，只接受 GET",
        ),
        ({"fault": "latency", "match__account": "crad"}, 422, "沙箱中没有账户：“crad”，最接近的是 card"),
        ({"fault": "drop", "match__event": "filing.draft"}, 422, "没有事件“filing.draft”"),
        ({"fault": "drop", "match__uscc": "91440399MAMK00013X"}, 422, "91440399MAMK00013C"),
    ],
)
def test_what_a_fault_cannot_be_is_told(
    client: Client, sandbox: Sandbox, given: dict[str, str], status: int, said: str
) -> None:
    answer = do(client, sandbox, "faults", "put", **given)
    assert answer.status_code == status
    assert said in words(answer)
    assert not faults.in_force(sandbox).exists()
    for name in given:
        if name.startswith("match__"):
            assert Page(answer).has(f"#f-{name}")


def test_what_is_wrong_with_a_fault_stands_beside_its_control(client: Client, sandbox: Sandbox) -> None:
    page = Page(do(client, sandbox, "faults", "put", fault="latency", match__path="/filigns"))
    line = page.find('.line.bad:has(> label[for="f-match__path"])')
    assert line.value("match__path") == "/filigns"
    assert "/api/v1/filings" in line.find("p.err")


def test_a_path_from_the_plane_on_is_put_whole(client: Client, sandbox: Sandbox) -> None:
    assert "路径 /api/v1/filings/*/declare" in words(
        do(client, sandbox, "faults", "put", fault="latency", match__path="/filings/{filing}/declare")
    )


# ── scenarios in line, names that choose ──────────────────────────────────────────────────────────────────────────


def test_a_scenario_is_lined_up_and_taken_back(client: Client, sandbox: Sandbox) -> None:
    given = {
        "scenario": "reject",
        "p-reason": "name_mismatch",
        "match__kind": "change",
        "match__uscc": cast.CARD.uscc,
        "times": "3",
    }
    page = words(do(client, sandbox, "", "queue", **given).client.get(at(sandbox, "")))
    assert f"还有 3 次，注册信息变更申请，{cast.CARD.uscc}" in page
    queued = queueing.waiting(sandbox).get()
    assert queued.scenario == "reject; reason=name_mismatch"
    do(client, sandbox, "", f"unqueue:{queued.public_id}")
    assert not queueing.waiting(sandbox).exists()


def test_what_cannot_be_lined_up_is_told_and_kept_in_its_form(client: Client, sandbox: Sandbox) -> None:
    answer = do(client, sandbox, "", "queue", scenario="reject", times="0", match__kind="nonsense")
    assert answer.status_code == 422
    assert "次数：应为 1 到 10000 的整数" in words(answer)
    assert not queueing.waiting(sandbox).exists()


def test_names_that_choose_a_scenario_are_switched_off(client: Client, sandbox: Sandbox) -> None:
    do(client, sandbox, "", "magic:no")
    assert not Sandbox.objects.get(pk=sandbox.pk).magic_names
    do(client, sandbox, "", "magic:yes")
    assert Sandbox.objects.get(pk=sandbox.pk).magic_names


# ── checkpoints ───────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_state_is_kept_come_back_to_and_dropped(client: Client, sandbox: Sandbox, cardless: Visit) -> None:
    assert "检查点已保存" in words(do(client, sandbox, "checkpoints", "keep", name="起点 #1"))
    filing = FilingFactory(visit=cardless)
    assert "已恢复到检查点" in words(do(client, sandbox, "checkpoints", "restore:起点 #1"))
    assert not Filing.objects.filter(sandbox=sandbox, public_id=filing.public_id).exists()
    assert "检查点已删除" in words(do(client, sandbox, "checkpoints", "drop:起点 #1"))
    assert do(client, sandbox, "checkpoints", "restore:起点 #1").status_code == 404


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("", "名称：必填，没有给出"),
        ("a/b", "不能含有斜杠"),
        ("..", "不能只由一两个点组成"),
        ("x" * 61, "名称：最多 60 个字"),
        ("a\tb", "第 2 个字符是制表符（U+0009）"),
    ],
)
def test_a_name_that_no_address_can_hold_is_refused(client: Client, sandbox: Sandbox, name: str, said: str) -> None:
    answer = do(client, sandbox, "checkpoints", "keep", name=name)
    assert answer.status_code == 422
    assert said in words(answer)


def test_a_name_is_taken_over_only_when_that_is_meant(client: Client, sandbox: Sandbox) -> None:
    do(client, sandbox, "checkpoints", "keep", name="起点")
    assert do(client, sandbox, "checkpoints", "keep", name="起点").status_code == 409
    assert do(client, sandbox, "checkpoints", "keep", name="起点", replace="on").status_code == 200
    assert snapshots.checkpoints(sandbox).count() == 1


def test_a_world_is_carried_elsewhere(client: Client, sandbox: Sandbox, cardless: Visit) -> None:
    filing = FilingFactory(visit=cardless)
    do(client, sandbox, "checkpoints", "keep", name="带走")
    for query in ({}, {"checkpoint": "带走"}):
        answer = client.get(at(sandbox, "export"), query)
        assert "attachment" in answer["Content-Disposition"]
        file = io.BytesIO(answer.getvalue())
        file.name = "world.json"
        made = client.post("/console/import", {"import": "1", "snapshot": file})
        assert made.status_code == 201
        assert "沙箱已建立" in words(made)
        newest = worlds.sandboxes().order_by("-id")[0]
        assert Filing.objects.filter(sandbox=newest, public_id=filing.public_id).exists()
    assert client.get(at(sandbox, "export"), {"checkpoint": "别的"}).status_code == 404


@pytest.mark.parametrize(
    ("body", "status"), [(None, 422), (b"{", 400), (b"[]", 400), (json.dumps({"format": "else"}).encode(), 422)]
)
def test_a_file_that_is_no_snapshot_makes_no_sandbox(
    client: Client, sandbox: Sandbox, body: bytes | None, status: int
) -> None:
    given: dict[str, Any] = {"import": "1"}
    if body is not None:
        file = io.BytesIO(body)
        file.name = "world.json"
        given["snapshot"] = file
    before = worlds.sandboxes().count()
    assert client.post("/console/", given).status_code == status
    assert worlds.sandboxes().count() == before


def test_a_seed_makes_the_same_world_twice(client: Client) -> None:
    for _ in range(2):
        client.post(
            "/console/", {"situation": "standard", "scenario": "approve", "clock__mode": "frozen", "seed": "42"}
        )
    assert [sandbox.seed for sandbox in worlds.sandboxes()] == [42, 42]
    assert client.post("/console/", {"scenario": "approve", "clock__mode": "frozen", "seed": "x"}).status_code == 422


# ── coverage ──────────────────────────────────────────────────────────────────────────────────────────────────────


def test_coverage_shows_what_was_met_and_on_demand_only_what_was_not(
    client: Client, sandbox: Sandbox, cardless: Visit
) -> None:
    FilingFactory(visit=cardless, status="declared")
    whole, still_open = (client.get(at(sandbox, "coverage"), {"open": one}) for one in ("", "1"))
    assert "注册登记申请：已申报 registration.declared 1.9 已触及" in words(whole)
    assert "注册登记申请：审批通过 registration.approved 1.9 未触及" in words(still_open)
    assert "registration.declared" not in Page(still_open).texts("code")
    assert "registration.declared" in Page(whole).texts("code")
    report = client.get(at(sandbox, "coverage.xml"))
    assert report.content.startswith(b"<?xml")
    assert b'name="registration.declared" />' in report.content


# ── logins ────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_logins_are_ended_by_a_button_of_one_account_or_of_all(client: Client, world: World) -> None:
    sandbox = worlds.sandboxes().get(key=world.id)
    assert "登录已结束" in words(do(client, sandbox, "", "expire", account="card"))
    world.caller("card").get("/filings").refused(401, "not_authenticated")
    world.caller("agent").get("/filings").ok(200)
    refused = do(client, sandbox, "", "expire", account="crad")
    assert refused.status_code == 404
    assert "沙箱中没有账户：“crad”，最接近的是 card" in words(refused)
    assert "crad" in Page(refused).values
    do(client, sandbox, "", "expire", account="")
    world.caller("agent").get("/filings").refused(401, "not_authenticated")


# ── every part ────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("part", ["", "journal", "webhooks", "faults", "checkpoints"])
def test_a_button_there_is_not_is_not_found(client: Client, sandbox: Sandbox, part: str) -> None:
    assert do(client, sandbox, part, "explode").status_code == 404


@pytest.mark.parametrize("part", ["journal", "webhooks", "faults", "checkpoints"])
def test_the_clock_stands_above_every_part_it_moves_and_leads_back_to_it(
    client: Client, sandbox: Sandbox, part: str
) -> None:
    page = Page(client.get(at(sandbox, part)))
    assert page.value("next") == at(sandbox, part)
    assert page.has('button[value="advance:next_event"]')
