"""A world of the simulated single window for each test: save it as conftest.py, or name it in your `pytest_plugins`.
Needs pytest only. BASE is where the simulator listens; beyond loopback its control plane opens to SIM_CONTROL_TOKEN."""

import json
import os
from types import SimpleNamespace
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest


def plane(root, token=""):
    """One plane of the simulator as the holder of a token: `call("POST", "/filings", {...}, Idempotency_Key="1")`."""

    def call(method, path, body=None, **headers):
        sent = {"Content-Type": "application/json", "Authorization": f"Bearer {token}"}
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}
        address = os.environ.get("BASE", "http://127.0.0.1:8000") + root + path
        try:
            answer = urlopen(Request(address, None if body is None else json.dumps(body).encode(), sent, method=method))
        except HTTPError as refusal:  # an answer like any other: problem+json
            answer = refusal
        with answer:
            text = answer.read()
        return SimpleNamespace(status=answer.status, headers=answer.headers, json=json.loads(text or "null"))

    return call


@pytest.fixture
def world():
    """A sandbox, its clock frozen at 2021-12-01 09:00, deleted afterwards; `world.portal[role]` acts in it."""
    made = plane("/control/v1", os.environ.get("SIM_CONTROL_TOKEN", ""))("POST", "/sandboxes", {}).json
    control = plane(f"/control/v1/sandboxes/{made['id']}", made["control_key"])
    portal = {account["role"]: plane("/api/v1", account["token"]) for account in made["accounts"]}
    reference = plane("/first-steps")("GET", "/reference-registration.json").json
    yield SimpleNamespace(control=control, portal=portal, reference=reference)
    control("DELETE", "")
