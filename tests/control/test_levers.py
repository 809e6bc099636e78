"""The levers as a test suite pulls them: against the server as it is run, over real connections, a receiver on any
free port."""

from __future__ import annotations

import base64
import time
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.api.client import World
from tests.control.traces import Recorder
from tests.receiving import Receiver, receiver
from tests.serving import Far, server

pytestmark = pytest.mark.django_db


@pytest.fixture
def ear() -> Iterator[Receiver]:
    with receiver() as opened:
        yield opened


def test_a_suite_forces_faults_reads_its_coverage_and_lets_its_logins_end(tmp_path: Path, ear: Receiver) -> None:
    secret = "whsec_" + base64.b64encode(bytes(range(32))).decode()
    with server(tmp_path, allow=("localhost:*",)) as wire:

        def by(prefix: str = "/api/v1", token: str | None = None) -> Recorder:
            return Far(prefix, token, documented=False, wire=wire)

        world, other = World(by), World(by)
        control, mine = world.control, world.caller()
        # a fault by a path from the plane on strikes; one that never could is told, and so is a name of another sort
        control.post(
            "/faults", {"fault": "status; code=503", "match": {"path": "/filings", "method": "GET"}, "times": 1}
        ).ok(201)
        assert [mine.get("/filings").status for _ in range(2)] == [503, 200]
        never = control.post("/faults", {"fault": "drop", "match": {"event": "approved", "path": "/filings"}})
        assert never.refused(422, "never_matches").errors == {
            "/match/path": "never_matches",
            "/match/event": "never_matches",
        }
        told = control.post("/faults", {"fault": "control_missing"}).refused(400, "unknown_fault")
        assert f"/sandboxes/{world.id}/situation" in told["remedy"]
        entered = control.post("/situation", {"situation": "stuck_sent"}).ok(200)
        assert (entered["about"]["accounts"], entered["at"]) == (["cardless"], "2021-12-01T09:00:00+08:00")
        # what is stuck is seen, healed by the desk, and stays met; of two sandboxes as one, in each format
        (filing,) = entered["filings"]
        mine.get(f"/filings/{filing}").ok(200)
        mine.post("/tickets", {"desk": "platform", "topic": "status", "filing": filing}).ok(201)
        control.post("/clock/advance", {"by": "P1W"}).ok(200)
        assert mine.get(f"/filings/{filing}").ok(200)["status"] == "approved"
        other.begin("change", "card", "password").refused(403, "card_login_required")
        both = {"sandboxes": [world.id, other.id]}
        merged = by("/control/v1").post("/coverage", both).ok(200)
        met = {(part["part"], row["name"]) for part in merged["parts"] for row in part["rows"] if row["met"]}
        assert met >= {("scenario", "stuck"), ("scenario", "approve"), ("faq", "1.9"), ("faq", "1.5")}
        report = by("/control/v1").post("/coverage", both, Accept="application/xml").ok(200)
        assert ElementTree.fromstring(report.body).tag == "testsuites"
        page = by("/control/v1").post("/coverage", both, Accept="text/html").ok(200)
        assert page.headers["Content-Type"].startswith("text/html")
        # its own secret, on whatever port was free
        assert control.post("/webhooks", {"url": ear.url, "secret": secret}).ok(201)["secret"] == secret
        world.submit(world.change(), scenario="by_hand").ok(200)
        until = time.monotonic() + 30
        while not ear.heard and time.monotonic() < until:
            time.sleep(0.02)
        assert ear.heard[0].verify(secret)["type"] == "filing.declared"
        # the hour of FAQ 1.6, then the end of a login, and what is no duration
        world.caller("card").post("/seal-certificates").ok(201)
        again = world.caller("card").post("/seal-certificates").refused(429, "certificate_hourly_limit")
        assert (again.headers["Retry-After"], again["retry_at"]) == ("3600", "2021-12-08T10:00:00+08:00")
        control.post("/clock/advance", {"by": "P30D"}).ok(200)
        world.caller("card").get("/sessions/current").ok(200)
        assert control.post("/sessions/expire", {"account": "card"}).ok(200)["sessions"] == 2
        world.caller("card").get("/sessions/current").refused(401, "not_authenticated")
        control.post("/clock/advance", {"by": "P"}).refused(422, "invalid_content")
