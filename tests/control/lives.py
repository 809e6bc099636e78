"""Eight client programs, each with a sandbox of its own: together they use every part of both planes a client has a
use for.

Each is a fixed list of calls, one after the other; none asks what time it is, what there is beside it, or by chance.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from tests.api.client import PDF, PNG, Answer, World, signature
from tests.control.misbehaviours import MEETS
from tests.control.traces import plain
from tests.factories import SOMEBODY
from tests.receiving import Receiver

Life = Callable[[World, Receiver], None]
LADDER = ("/timeline", "/receipts", "/transmitted", "")
NEXT = {"until": "next_event"}


def clerk(world: World, ear: Receiver) -> None:
    """Fills in a registration, is refused, mends it, declares, and watches it come through step by step."""
    mine = world.caller()
    mine.get("/sessions/current")
    mine.get("/forms/registration")
    wrong = world.sheet(customs_office="5301", express_operator=True)
    mine.post("/forms/registration/state", {"content": wrong})
    mine.post("/filings", {"kind": "registration", "content": wrong}, Idempotency_Key="a").refused(
        422, "express_not_allowed"
    )
    body = {
        "kind": "registration",
        "client_reference": "ERP-1",
        "content": world.sheet(customs_office="5301", postcode="5180"),
    }
    draft = mine.post("/filings", body, Idempotency_Key="b").ok(201)["id"]
    mine.post("/filings", body, Idempotency_Key="b").ok(201)
    mine.upload(draft, PDF).ok(201)
    mine.upload(draft, PNG, "执照.png", type="licence").ok(201)
    mine.upload(draft, b"MZ", "坏.pdf").ok(415)
    mine.get(f"/filings/{draft}/attachments").ok(200)
    mine.delete(f"/filings/{draft}/attachments/2").ok(204)
    mine.post(f"/filings/{draft}/declare").ok(422)
    mine.patch(f"/filings/{draft}", {"content": {"postcode": "518048"}}, If_Match='"v1"').refused(
        412, "precondition_failed"
    )
    mine.patch(f"/filings/{draft}", {"content": {"postcode": "518048", "customs_office": "5355"}}).ok(200)
    mine.post(f"/filings/{draft}/declare", Idempotency_Key="c").ok(200)
    mine.post(f"/filings/{draft}/declare", Idempotency_Key="c").ok(200)
    second = mine.post("/filings", {"kind": "registration", "content": world.sheet()}).ok(201)["id"]
    mine.post(f"/filings/{second}/declare").refused(409, "open_application_exists")
    while world.advance(**NEXT)["fired"]:
        for part in LADDER:
            mine.get(f"/filings/{draft}{part}").ok(200)
        world.control.get(f"/filings/{draft}/explain").ok(200)
    mine.get(f"/filings/{draft}/record-form.pdf?disposition=attachment").ok(200)
    mine.get("/enterprise").ok(200)
    mine.get("/enterprise/certificate.pdf").ok(200)
    mailbox = mine.get("/receipts").ok(200)["results"]
    for receipt in mailbox[:2]:
        mine.post(f"/receipts/{receipt['id']}/acknowledge").ok(200)
    mine.get("/receipts").ok(200)
    mine.get(f"/receipts?after={mailbox[2]['id']}").ok(200)
    mine.post(f"/filings/{second}/declare").refused(409, "already_registered_at_customs")
    mine.delete(f"/filings/{second}").ok(204)
    for path in (
        "/filings?client_reference=ERP-1",
        "/enquiries/overview",
        "/enquiries/filings",
        "/codes/customs_offices?division=440304",
    ):
        mine.get(path).ok(200)
    journal(world)


def broker(world: World, ear: Receiver) -> None:
    """Files for others under their mandates, for as long as these last."""
    agent, principal = world.caller("agent", "card"), world.caller("card")
    filed = {
        "kind": "registration",
        "filing_mode": "agent",
        "principal": world.uscc("cardless"),
        "content": world.sheet(),
    }
    one = agent.post("/filings", filed).ok(201)["id"]
    agent.post("/filings", {**filed, "principal": world.uscc()}).refused(403, "mandate_required")
    given = principal.post("/mandates", {"agent": world.uscc("agent"), "valid_to": "2021-12-02"}).ok(201)["id"]
    other = agent.post(
        "/filings", {"kind": "change", "filing_mode": "agent", "principal": world.uscc(), "content": {}}
    ).ok(201)["id"]
    agent.patch(
        f"/filings/{other}", {"content": {"address_cn": "广东省深圳市福田区福中三路1009号", "remarks": "代理"}}
    ).ok(200)
    for who in (agent, world.caller("cardless")):
        who.get("/mandates").ok(200)
        who.get("/filings").ok(200)
    world.control.post("/scenario-queue", {"scenario": "reject; reason=name_mismatch", "match": {"kind": "change"}}).ok(
        201
    )
    agent.post(f"/filings/{other}/declare").ok(200)
    agent.post(f"/filings/{one}/declare", X_Sim_Scenario="slow; days=3").ok(200)
    world.wait(days=1, hours=2)
    agent.get(f"/filings/{other}/receipts").ok(200)
    world.caller("agent").get(f"/filings/{other}/receipts").refused(403, "card_login_required")
    agent.post(f"/filings/{other}/copy").ok(201)
    world.wait(days=1)
    agent.get(f"/filings/{other}/receipts").refused(403, "mandate_required")
    agent.post(f"/filings/{other}/copy").refused(403, "mandate_required")
    principal.delete(f"/mandates/{given}")
    for row in world.caller("cardless").get("/mandates").ok(200)["results"]:
        world.caller("cardless").delete(f"/mandates/{row['id']}").ok(204)
    world.wait(days=2)
    agent.get(f"/filings/{one}").ok(200)
    agent.post("/filings", filed).refused(403, "mandate_required")
    for who in (agent, principal, world.caller("cardless")):
        who.get("/receipts").ok(200)
    journal(world)


def officer(world: World, ear: Receiver) -> None:
    """Plays customs by hand, with every verb there is, and asks what of the simulator was met."""
    mine = world.caller()
    world.control.put("/scenario", {"scenario": "by_hand"}).ok(200)
    filing = world.draft()
    world.control.put(f"/filings/{filing}/scenario", {"scenario": "stuck; at=declared"}).ok(200)
    world.declare(filing).ok(200)
    world.act(filing, "approve").refused(409, "illegal_transition")
    for verb in ("send", "hold", "store", "release", "route_manual"):
        world.act(filing, verb).ok(200)
        world.wait(minutes=7)
    world.control.post(f"/filings/{filing}/receipts", {"status": "sent", "at": "2021-12-01T09:00:30+08:00"}).ok(201)
    world.act(filing, "reject", reason_code="other", public_comment="外", internal_comment="内").ok(200)
    again = mine.post(f"/filings/{filing}/copy").ok(201)["id"]
    mine.patch(f"/filings/{again}", {"content": {"remarks": "再报"}}).ok(200)
    world.declare(again).ok(200)
    world.act(again, "advance", to="approved").ok(200)
    for one in (filing, again):
        mine.get(f"/filings/{one}/timeline").ok(200)
        mine.get(f"/filings/{one}/receipts").ok(200)
        world.control.get(f"/filings/{one}/explain").ok(200)
    world.control.put(f"/ledgers/customs/{world.uscc('cardless')}", {"valid_until": "2021-12-31"}).ok(200)
    world.control.put(f"/ledgers/mofcom/{world.uscc('cardless')}", {"state": "stale"}).ok(200)
    mine.get("/enterprise").ok(200)
    world.control.post("/sync", {"uscc": world.uscc("cardless")}).ok(200)
    mine.get("/enterprise").ok(200)
    world.control.get("/filings").ok(200)
    world.control.get("/coverage").ok(200)
    journal(world)


def unlucky(world: World, ear: Receiver) -> None:
    """Meets failures of transport, by number and by chance, and comes through by asking again with the same key."""
    mine = world.caller()
    put(world, "status; code=500", probability=0.3, match={"path": "/api/v1/tickets*"})
    for _ in range(20):
        mine.get("/tickets")
    body = {"kind": "registration", "content": world.sheet()}
    for fault, key in (("cut_before_commit", "x"), ("cut_after_commit", "y"), ("status; code=503; retry_after=1", "z")):
        put(world, fault, times=1, match={"method": "POST", "account": "cardless"})
        mine.post("/filings", body, Idempotency_Key=key)
        mine.post("/filings", body, Idempotency_Key=key).ok(201)
    put(world, "status; code=502", match={"path": "/api/v1/cards*", "method": "GET", "account": "card"})
    mine.get("/filings", X_Sim_Fault="latency; ms=15").ok(200)
    mine.get("/filings", X_Sim_Fault="no such").refused(400, "unknown_fault")
    left = world.control.get("/faults").ok(200)["results"]
    for one in left:
        world.control.delete(f"/faults/{one['id']}").ok(204)
    for match in (
        {"method": "POST", "path": "/api/v1/filings", "status": 201},
        {"path": "/api/v1/tickets", "status": 500},
    ):
        world.control.post("/journal/verify", {"match": match, "count": {"at_least": 1}}).ok(200)
    journal(world)


def listener(world: World, ear: Receiver) -> None:
    """Is told of every status by webhook, twice, late or out of order, and takes down what it hears."""
    made = world.control.post("/webhooks", {"url": ear.url}).ok(201)
    ear.heard.clear()
    for fault in ("", "duplicate", "drop", "reorder"):
        if fault:
            put(world, fault, times=1)
        world.submit(world.draft("card", postcode="518000"), "card", "card", "by_hand").refused(
            409, "already_registered_at_customs"
        )
        filing = world.submit(world.change(remarks=f"第{fault}次"), scenario="approve; pace=fast").ok(200)["id"]
        world.advance(until="idle")
        world.wait(days=1, hours=1)
        mine = [one for one in ear.heard if one.verify(made["secret"])["data"]["filing"]["id"] == filing]
        # How often each arrives beyond once hangs on who sends it; which there are, and what they say, does not.
        once = sorted({one.id: one.body.decode() for one in mine}.values())
        world.control.trace.append(plain({"asked": f"to be told of {filing}", "status": len(once), "told": once}))
        assert len(mine) > len(once) or fault != "duplicate"
    world.control.post("/journal/verify", {"match": {"path": "*/declare"}, "count": {"exactly": 8}}).ok(200)
    rows = world.control.get("/deliveries").ok(200)["results"]
    assert {row["state"] for row in rows} == {"delivered"}
    world.control.delete(f"/webhooks/{made['id']}").ok(204)
    journal(world)


def traveller(world: World, ear: Receiver) -> None:
    """Goes forward in time and back to where it was, by checkpoint, reset and export."""
    mine = world.caller()
    filing = world.declared(scenario="approve")
    world.wait(minutes=30)
    world.control.post("/checkpoints", {"name": "half way"}).ok(201)
    for scenario in ("approve", "reject"):
        world.control.put(f"/filings/{filing}/scenario", {"scenario": scenario}).ok(200)
        world.advance(until="idle")
        mine.get(f"/filings/{filing}/timeline").ok(200)
        mine.get("/enterprise").ok(200)
        world.control.post("/checkpoints/half way/restore").ok(200)
    mine.get(f"/filings/{filing}").ok(200)
    world.control.put("/clock", {"mode": "frozen", "now": "2022-03-01T08:00:00+08:00"}).ok(200)
    world.control.put("/clock", {"mode": "frozen", "now": "2022-01-01T08:00:00+08:00"}).refused(422, "clock_backwards")
    mine.get(f"/filings/{filing}").ok(200)
    world.control.get("/checkpoints").ok(200)
    carried = world.control.get("/export?checkpoint=half way").json
    elsewhere = world.by("/control/v1").post("/sandboxes/import", carried).ok(201)
    again = world.by(f"/control/v1/sandboxes/{elsewhere['id']}")
    again.post("/clock/advance", {"until": "idle"}).ok(200)
    again.get("/filings").ok(200)
    again.delete("").ok(204)
    world.control.post("/reset").ok(200)
    mine.get("/filings").ok(200)
    world.declared()
    world.control.get("/filings").ok(200)
    journal(world)


def tourist(world: World, ear: Receiver) -> None:
    """Goes through situations and meets what is documented in them."""
    for situation in (
        "overdue_mirror",
        "stale_form",
        "mandate_expired",
        "usd_wrong",
        "branches_registered",
        "several_statuses",
    ):
        told = world.enter(situation)
        for filing in told.json.get("filings", []):
            world.control.get(f"/filings/{filing}/explain").ok(200)
    for role in ("card", "cardless"):
        for path in ("/enterprise", "/filings", "/mandates", "/enquiries/overview"):
            world.caller(role).get(path).ok(200)
    world.control.post("/situation", {"situation": "standard"}).ok(200)
    for name in ("mofcom_lookup_fails", "card_reader_unplugged", "seal_certificate_fails", "publicity_lag"):
        put(world, name, match={"uscc": world.uscc()})
        assert MEETS[name](world)
    made = [world.make(what).json for what in ("enterprise", "account")]
    world.make("card", username=made[1]["username"])
    world.make("filing", uscc=made[0]["uscc"], state="manual_review", age="PT30H")
    world.control.get("/filings").ok(200)
    journal(world)


def card_holder(world: World, ear: Receiver) -> None:
    """Logs in by card and by signature, changes and ends a record, seals, reports and asks."""
    who, mine = world.accounts["card"], world.caller("card", "card")
    world.login().ok(201)
    world.login(card_no=who["card_no"], pin="00000000").refused(401, "wrong_credentials")
    key = world.control.get(f"/cards/{who['card_no']}/key").ok(200)["private_key"]
    random = world.by().post("/sessions/challenge", {"sandbox": world.id, "card_no": who["card_no"]}).ok(201)["random"]
    world.login(card_no=who["card_no"], random=random, signature=signature(key, random)).ok(201)
    mine.post("/cards", SOMEBODY).ok(201)
    world.wait(minutes=31)
    mine.post("/cards/2/change-pin", {"old_pin": "88888888", "new_pin": "24681357"}).ok(200)
    mine.post("/cards/2/change-pin", {"old_pin": "88888888", "new_pin": "13572468"}).ok(422)
    mine.get("/cards").ok(200)
    mine.post("/seal-certificates").ok(201)
    mine.post("/seal-certificates").refused(429, "certificate_hourly_limit")
    world.wait(hours=1)
    mine.post("/seal-certificates").ok(201)
    mine.get("/seal-certificates").ok(200)
    mine.get("/seal-certificates/2/download?format=p12").ok(200)
    mine.get("/annual-reports/eligibility?year=2020").ok(200)
    mine.post("/annual-reports", {"year": 2020, "content": {"remarks": "补"}}).ok(201)
    mine.get(f"/publicity/{world.uscc()}").ok(200)
    mine.get("/enterprise/backfill-requirement").ok(200)
    change = world.change(address_cn="广东省深圳市福田区福中三路1008号", name_en="HAINA TRAINING")
    world.submit(change, scenario="reject; reason=address_mismatch").ok(200)
    world.wait(days=2)
    mine.get(f"/filings/{change}/receipts").ok(200)
    second = mine.post(f"/filings/{change}/copy").ok(201)["id"]
    world.submit(second, scenario="approve_auto").ok(200)
    world.wait(days=2)
    questions: list[Answer] = [
        mine.post("/tickets", {"desk": "customs", "topic": topic, **more}).ok(201)
        for topic, more in (("sync", {}), ("reason", {"filing": change}), ("usd", {}))
    ]
    mine.post(
        "/tickets",
        {"desk": "customs_inspection", "topic": "phantom_section", "uscc": world.uscc(), "enterprise_name": "x"},
    )
    world.wait(hours=1)
    for one in questions:
        mine.get(f"/tickets/{one['id']}").ok(200)
    for deed in ("install", "restart", "update"):
        mine.post(f"/client-control/{deed}").ok(200)
    commerce = world.begin("mofcom_change", medium="password", name_en="HAINA").ok(201)["id"]
    world.submit(commerce, scenario="approve").ok(200)
    world.advance(until="idle")
    ending = world.begin("deregistration", reason="停止经营").ok(201)["id"]
    world.submit(ending, scenario="approve").ok(200)
    world.advance(until="idle")
    for one in (change, second, commerce, ending):
        mine.get(f"/filings/{one}").ok(200)
        mine.get(f"/filings/{one}/timeline").ok(200)
    mine.get("/enterprise").ok(200)
    mine.get("/enterprise/certificate.pdf").refused(409, "certificate_deregistered")
    mine.get("/receipts").ok(200)
    world.control.get(f"/ledgers/customs/{world.uscc()}").ok(200)
    world.control.patch(f"/cards/{who['card_no']}", {"status": "locked"}).ok(200)
    world.login().refused(401, "card_unusable")
    journal(world)


def put(world: World, fault: str, **more: object) -> None:
    world.control.post("/faults", {"fault": fault, **more}).ok(201)


def journal(world: World) -> None:
    """What the simulator wrote down of this client: its exchanges and nobody else's."""
    world.control.get("/journal?limit=500").ok(200)
    world.control.get("").ok(200)


LIVES: Mapping[str, Life] = {
    one.__name__: one for one in (clerk, broker, officer, unlucky, listener, traveller, tourist, card_holder)
}
