"""Two thousand inputs that nobody should send, to every address by every verb: never a 5xx, never a draft lost or
changed by what was refused.

The short form of tests/inputs.py, which sends a hundred thousand. Deterministic: one seed, and every address that
writes is visited as often as any other.
"""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from filings import desk
from filings.models import Filing
from filings.record import trail
from tests import inputs
from tests.api.addresses import writes
from tests.api.client import World
from tests.inputs import state

INPUTS = 2000


def test_there_is_something_to_try() -> None:
    assert len(writes()) >= 20
    assert ("PATCH", "/api/v1/filings/{filing}") in writes()
    assert ("POST", "/control/v1/sandboxes") in writes()


@pytest.mark.django_db(databases="__all__")
def test_two_thousand_bad_inputs_break_nothing(loopback: None) -> None:
    tally = inputs.run(INPUTS)
    assert tally.broken == []
    met = {str(address) for address in tally.answers}
    assert {f"{method} {path}" for method, path in writes()} <= met
    for one in (
        "POST /filings/new",
        "POST /console/sandboxes/{sandbox}/journal",
        "GET /console/",
        "POST /login",
        "GET /healthz",
    ):
        assert one in met
    statuses = tally.statuses
    assert tally.inside > INPUTS * 0.8
    assert sum(count for status, count in statuses.items() if status < 400) > INPUTS / 5
    assert statuses[422] > INPUTS / 20
    assert {400, 401, 403, 404, 409, 415} <= statuses.keys()


@pytest.mark.parametrize(
    ("method", "path", "defect"),
    [
        ("PATCH", "/api/v1/filings/{filing}", "save"),
        ("POST", "/filings/{filing}", "save"),
        ("GET", "/customs/{sandbox}/{filing}", "find"),
    ],
)
def test_a_defect_anywhere_would_be_noticed(
    method: str, path: str, defect: str, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def planted(*args: Any, **kwargs: Any) -> None:
        raise ValueError("planted")

    draft, token = world.draft(), world.accounts["cardless"]["token"]
    monkeypatch.setattr(desk, defect, planted)
    headers = {"Authorization": f"Bearer {token}", "Cookie": f"sim_session={token}"}
    sent = inputs.Sent(
        method, path.format(filing=draft, sandbox=world.id), "", headers, "application/json", b'{"content": {}}'
    )
    tally, client = inputs.Tally(), Client(raise_request_exception=False)
    with inputs.listening() as heard:
        assert not inputs.meets(client, tally, inputs.Address(method, path), sent, documented=False, heard=heard)
    assert tally.broken[0].endswith("500")
    assert "planted" in tally.broken[1]
    assert tally.statuses == {500: 1}


def test_a_draft_that_a_refusal_changed_would_be_noticed(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    draft, before = world.draft(), state()
    monkeypatch.setattr(trail, "note_refusal", lambda *args: Filing.objects.filter(public_id=draft).update(version=9))
    world.caller().patch(f"/filings/{draft}", {"content": {"nothing": 1}}).refused(422, "unknown_field")
    assert state() != before
