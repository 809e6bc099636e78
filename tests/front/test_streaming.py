"""An export goes out piece by piece and comes back from a file: a large one is whole at both ends."""

from __future__ import annotations

import hashlib
import json
import random
from typing import Any

import httpx
import pytest

from tests.front.wires import head, sent

pytestmark = pytest.mark.django_db(databases="__all__")  # the served database is a copy of the tests' own

PDF = b"%PDF-1.4\n"
MB = 1024 * 1024


@pytest.fixture
def full(wire: httpx.Client, opened: dict[str, Any], token: str) -> list[bytes]:
    """Files attached in that world, of four megabytes in all."""
    auth = {"Authorization": f"Bearer {token}"}
    draft = wire.post("/api/v1/filings", json={"kind": "registration", "content": {}}, headers=auth).json()["id"]
    files = [PDF + random.Random(n).randbytes(2 * MB) for n in range(2)]
    for n, body in enumerate(files):
        sent = {"file": (f"{n}.pdf", body, "application/pdf")}
        assert wire.post(f"/api/v1/filings/{draft}/attachments", files=sent, headers=auth).status_code == 201
    return files


def test_a_large_export_goes_out_in_pieces_and_comes_back(
    wire: httpx.Client, opened: dict[str, Any], full: list[bytes]
) -> None:
    at = f"/control/v1/sandboxes/{opened['id']}"
    with wire.stream("GET", f"{at}/export") as answer:
        body = b"".join(answer.iter_bytes())
        assert (answer.status_code, int(answer.headers["Content-Length"])) == (200, len(body))
    assert sorted(json.loads(body)["contents"]) == sorted(hashlib.sha256(one).hexdigest() for one in full)
    told = wire.post("/control/v1/sandboxes/import", content=body, headers={"Content-Type": "application/json"})
    assert told.status_code == 201, told.text
    assert told.json()["usage"]["attached_bytes"]["used"] == sum(map(len, full))
    token = next(one["token"] for one in told.json()["accounts"] if one["role"] == "cardless")
    auth = {"Authorization": f"Bearer {token}"}
    draft = wire.get("/api/v1/filings", headers=auth).json()["results"][0]["id"]
    assert wire.get(f"/api/v1/filings/{draft}/attachments/2", headers=auth).content == full[1]


def test_who_asks_only_for_its_head_is_told_its_length(
    wire: httpx.Client, opened: dict[str, Any], full: list[bytes]
) -> None:
    told = sent(wire, head("HEAD", f"/control/v1/sandboxes/{opened['id']}/export"))
    assert told.status == 200
    assert int(told.headers["content-length"]) > 5 * MB
    assert told.body == b""


def test_who_leaves_amid_an_export_costs_the_others_nothing(
    wire: httpx.Client, opened: dict[str, Any], full: list[bytes]
) -> None:
    at = f"/control/v1/sandboxes/{opened['id']}"
    for _ in range(5):
        with wire.stream("GET", f"{at}/export") as answer:
            next(answer.iter_raw())
    assert wire.get(at).status_code == 200
    assert wire.get(f"{at}/export").status_code == 200


def test_an_import_in_chunks_is_read_too(wire: httpx.Client, opened: dict[str, Any], full: list[bytes]) -> None:
    body = wire.get(f"/control/v1/sandboxes/{opened['id']}/export").content
    pieces = (body[n : n + MB] for n in range(0, len(body), MB))
    told = wire.post("/control/v1/sandboxes/import", content=pieces, headers={"Content-Type": "application/json"})
    assert told.status_code == 201, told.text
