"""How a client meets each documented misbehaviour, seen over HTTP and no other way: whether it is in force, and about
`card`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta

from tests.api.client import Answer, World
from tests.printing.paper import text

Meets = Callable[[World], bool]


def not_listed(table: str, code: str, name: str) -> Meets:
    """FAQ 1.2–1.4: a code is not found, under its name, in the table of its own district."""

    def meets(world: World) -> bool:
        rows = world.caller("card").get(f"/codes/{table}?division=440304&q={code}").ok(200)["results"]
        return (code, name) not in [(row["code"], row["name"]) for row in rows]

    return meets


def control_flaky(world: World) -> bool:
    """FAQ 2.8: of sixteen tries to upload a file, the control being in order, some fail."""
    draft = world.begin("mofcom_change", medium="password", name_en="NEW NAME").ok(201)["id"]
    tries = []
    for _ in range(16):
        tries.append(told(answer := world.caller("card").upload(draft), 503, "client_control_unavailable"))
        if not tries[-1]:
            world.caller("card").delete(f"/filings/{draft}/attachments/{answer['n']}").ok(204)
    assert not all(tries)
    return any(tries)


def blurred(world: World) -> bool:
    """FAQ 2.7: a certificate printed directly is not what is downloaded."""
    inline, saved = (
        world.caller("card").get(f"/enterprise/certificate.pdf?disposition={how}").ok(200)
        for how in ("inline", "attachment")
    )
    return inline.body != saved.body


def truncated(world: World) -> bool:
    """FAQ 2.17: a record form does not show the credit code it was filed under."""
    draft = world.change()
    return world.uscc() not in text(world.caller("card").get(f"/filings/{draft}/record-form.pdf").ok(200).body)


def usd_delayed(world: World) -> bool:
    """FAQ 2.16: a year after a change was approved its amount in USD has not come back."""
    row = {"name": "张演练", "country": "CHN", "method": "货币", "amount": "1000.00", "currency": "CNY"}
    world.submit(world.change(investors=[row]), scenario="approve").ok(200)
    world.wait(days=365)
    ledger = world.control.get(f"/ledgers/customs/{world.uscc()}").ok(200)
    return [one["amount_usd"] for one in ledger["investors"]] != ["157.00"]


def sync_fails(world: World) -> bool:
    """FAQ 2.4: customs' desk answers that the first synchronisation failed."""
    return asked(world, "sync") == "sync_failed"


def seal_fails(world: World) -> bool:
    """FAQ 1.6: no 电子签章证书 is issued."""
    return told(world.caller("card").post("/seal-certificates"), 503, "seal_certificate_unavailable")


def reader_unplugged(world: World) -> bool:
    """FAQ 1.5: no card can log in."""
    return told(world.login(), 503, "card_reader_unavailable")


def phantom_section(world: World) -> bool:
    """FAQ 2.12: the annual report of an enterprise that customs does not have shows 报关事项."""
    world.ledger(deregistered_on="2021-11-30")
    form = world.caller("cardless").get("/annual-reports/form?year=2020").ok(200)
    return bool(form["anomaly"] == "customs_section_without_registration")


def not_publicised(within: timedelta) -> Meets:
    """FAQ 2.13: a report made now is not shown so much later."""

    def meets(world: World) -> bool:
        world.caller("card").post("/annual-reports", {"year": 2020}).ok(201)
        world.wait(seconds=within.total_seconds())
        shown = world.caller("card").get(f"/publicity/{world.uscc()}").ok(200)["results"]
        return {row["year"]: row["publicity_status"] for row in shown}[2020] not in ("reported", "reported_late")

    return meets


def not_at_commerce(world: World) -> bool:
    """FAQ 2.9: a change cannot be declared to the commerce authorities."""
    draft = world.begin("mofcom_change", medium="password", name_en="NEW NAME").ok(201)["id"]
    return told(world.submit(draft, medium="password"), 422, "mofcom_record_not_found")


def mirror_lags(world: World) -> bool:
    """FAQ 2.4: a year after a registration was approved the single window does not show it."""
    world.submit(world.draft(), "cardless", "password", "approve").ok(200)
    world.wait(days=365)
    return bool(world.caller().get("/enterprise").ok(200)["standing"] == "not_registered")


def asked(world: World, topic: str, role: str = "card", filing: str = "") -> str:
    """What customs' desk makes of a question."""
    body = {"desk": "customs", "topic": topic, **({"filing": filing} if filing else {})}
    ticket = world.caller(role).post("/tickets", body).ok(201)["id"]
    world.wait(hours=1)
    outcome: str = world.caller(role).get(f"/tickets/{ticket}")["outcome"]
    return outcome


def told(answer: Answer, status: int, code: str) -> bool:
    """Whether an answer is that refusal, and not an effect instead."""
    assert answer.status in (status, 200, 201), (answer.status, answer.body.decode())
    return bool(answer.json.get("code") == code)


MEETS: Mapping[str, Meets] = {
    "office_table_stale": not_listed("customs_offices", "5355", "福中海关"),
    "office_renamed": not_listed("customs_offices", "5355", "福中海关"),
    "zone_missing": not_listed("economic_zones", "01", "经济特区"),
    "trade_zone_missing": not_listed("special_trade_zones", "44039999", "深圳市其他地区"),
    "control_flaky": control_flaky,
    "print_blurred": blurred,
    "print_truncated": truncated,
    "usd_delayed": usd_delayed,
    "sync_fails_once": sync_fails,
    "seal_certificate_fails": seal_fails,
    "card_reader_unplugged": reader_unplugged,
    "phantom_customs_section": phantom_section,
    "publicity_lag": not_publicised(timedelta(days=300)),
    "mofcom_lookup_fails": not_at_commerce,
    "mirror_lag": mirror_lags,
}
