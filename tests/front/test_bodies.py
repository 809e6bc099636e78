"""A body is read however it is sent; one that is not to be had is told by name, and never taken for an empty one."""

from __future__ import annotations

import json
import socket
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.front.wires import chunks, head, heard, sent

pytestmark = pytest.mark.django_db(databases="__all__")  # the served database is a copy of the tests' own

REFERENCE = json.loads((Path(__file__).parents[2] / "docs" / "reference-registration.json").read_text("utf-8"))
JSON = "application/json"
PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
MB = 1024 * 1024


def bearer(token: str) -> str:
    return f"Bearer {token}"


def multipart(file: bytes, end: bytes = b"--\r\n") -> bytes:
    return (
        b'--x\r\nContent-Disposition: form-data; name="type"\r\n\r\nother\r\n'
        b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.pdf"\r\nContent-Type: application/pdf\r\n\r\n'
        + file
        + b"\r\n--x"
        + end
    )


@pytest.fixture
def draft(wire: httpx.Client, token: str) -> str:
    return str(wire.post("/api/v1/filings", json=REFERENCE, headers={"Authorization": bearer(token)}).json()["id"])


# ── in chunks ─────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_chunked_body_is_read_on_the_control_plane(wire: httpx.Client) -> None:
    told = sent(
        wire,
        head("POST", "/control/v1/sandboxes", Content_Type=JSON, Transfer_Encoding="chunked"),
        chunks(b'{"scen', b'ario":"reject"}'),
    )
    assert (told.status, told.json.get("scenario")) == (201, "reject"), told.json


def test_on_every_method(wire: httpx.Client, opened: dict[str, Any]) -> None:
    at = f"/control/v1/sandboxes/{opened['id']}"
    uscc = opened["accounts"][0]["uscc"]
    asked = [
        ("PATCH", at, {"name": "in chunks"}, 200),
        ("PUT", f"{at}/scenario", {"scenario": "reject"}, 200),
        ("PUT", f"{at}/ledgers/customs/{uscc}", {"customs_code": "4403960XYZ"}, 200),
        ("POST", f"{at}/fixtures/account", {"username": "chunked"}, 201),
    ]
    for method, path, body, status in asked:
        told = sent(
            wire, head(method, path, Content_Type=JSON, Transfer_Encoding="chunked"), chunks(json.dumps(body).encode())
        )
        assert told.status == status, (method, path, told.body)
        [(name, value)] = body.items()
        assert told.json[name] == value, (method, path)


def test_a_draft_in_many_small_chunks_and_its_patch(wire: httpx.Client, token: str) -> None:
    whole = json.dumps(REFERENCE, ensure_ascii=False).encode()
    parts = [whole[at : at + 7] for at in range(0, len(whole), 7)]
    made = sent(
        wire,
        head("POST", "/api/v1/filings", Authorization=bearer(token), Content_Type=JSON, Transfer_Encoding="chunked"),
        chunks(*parts),
    )
    assert made.status == 201
    assert made.json["content"]["name_cn"] == REFERENCE["content"]["name_cn"]
    patched = sent(
        wire,
        head(
            "PATCH",
            f"/api/v1/filings/{made.json['id']}",
            Authorization=bearer(token),
            Content_Type="application/merge-patch+json",
            Transfer_Encoding="chunked",
        ),
        chunks('{"content": {"remarks": "分块"}}'.encode()),
    )
    assert patched.json["content"]["remarks"] == "分块"


def test_an_upload_in_chunks(wire: httpx.Client, token: str, draft: str) -> None:
    told = sent(
        wire,
        head(
            "POST",
            f"/api/v1/filings/{draft}/attachments",
            Authorization=bearer(token),
            Content_Type="multipart/form-data; boundary=x",
            Transfer_Encoding="chunked",
        ),
        chunks(multipart(PDF)),
    )
    assert (told.status, told.json["size"]) == (201, len(PDF))


def test_a_form_of_a_page_in_chunks(wire: httpx.Client) -> None:
    told = sent(
        wire,
        head("POST", "/login", Content_Type="application/x-www-form-urlencoded", Transfer_Encoding="chunked"),
        chunks(b"username=card&password=wrong"),
    )
    assert told.status == 403  # the page's token is wanted, as of any form


def test_chunks_and_a_length_at_once_are_not_two_requests(wire: httpx.Client, token: str) -> None:
    body = chunks(b'{"kind": "registration"}')
    told = sent(
        wire,
        head(
            "POST",
            "/api/v1/filings",
            Authorization=bearer(token),
            Content_Type=JSON,
            Content_Length="4",
            Transfer_Encoding="chunked",
        ),
        body,
    )
    assert told.closed
    assert told.status in (201, 400)


# ── too much, too slow, broken off ────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("announced", [True, False])
def test_a_body_over_the_limit_is_413_and_the_connection_ends(wire: httpx.Client, token: str, announced: bool) -> None:
    body = b'{"x": "' + b"y" * (2 * MB) + b'"}'
    how = {"Content_Length": str(len(body))} if announced else {"Transfer_Encoding": "chunked"}
    told = sent(
        wire,
        head("POST", "/api/v1/filings", Authorization=bearer(token), Content_Type=JSON, **how),
        body if announced else chunks(body),
    )
    assert (told.status, told.json["code"]) == (413, "payload_too_large")
    assert told.headers["content-type"] == "application/problem+json"
    assert told.headers["connection"] == "close"
    assert told.closed


def test_who_asks_first_is_told_before_sending(wire: httpx.Client, token: str) -> None:
    told = sent(
        wire,
        head(
            "POST",
            "/api/v1/filings",
            Authorization=bearer(token),
            Content_Type=JSON,
            Content_Length=str(9 * MB),
            Expect="100-continue",
        ),
    )
    assert (told.status, told.json["code"]) == (413, "payload_too_large")


def test_an_attachment_over_the_limit_closes_too(wire: httpx.Client, token: str, draft: str) -> None:
    body = multipart(b"%PDF-1.4\n" + b"z" * (10 * MB))
    told = sent(
        wire,
        head(
            "POST",
            f"/api/v1/filings/{draft}/attachments",
            Authorization=bearer(token),
            Content_Type="multipart/form-data; boundary=x",
            Content_Length=str(len(body)),
        ),
        body,
    )
    assert (told.status, told.json["code"], told.headers["connection"]) == (413, "attachment_too_large", "close")


def test_an_upload_that_breaks_off_between_chunks_is_no_file(wire: httpx.Client, token: str, draft: str) -> None:
    told = sent(
        wire,
        head(
            "POST",
            f"/api/v1/filings/{draft}/attachments",
            Authorization=bearer(token),
            Content_Type="multipart/form-data; boundary=x",
            Transfer_Encoding="chunked",
        ),
        chunks(multipart(PDF)[:-12]),
    )
    assert (told.status, told.json["code"]) == (400, "malformed_multipart")
    listed = wire.get(f"/api/v1/filings/{draft}/attachments", headers={"Authorization": bearer(token)})
    assert listed.json()["results"] == []


@pytest.mark.parametrize(
    "sent_as_chunks",
    [
        b'ZZ\r\n{"scenario":"reject"}\r\n0\r\n\r\n',
        b'-5\r\n{"scenario":"reject"}\r\n0\r\n\r\n',
        b"FFFFFFFFFFFFFFFFF\r\n{}\r\n0\r\n\r\n",
        b"2\r\n{}XX\r\n0\r\n\r\n",
        b'15\r\n{"scenario":"reject"}\r\nzz\r\n\r\n',
    ],
)
def test_what_are_no_chunks_is_told_and_does_nothing(wire: httpx.Client, sent_as_chunks: bytes) -> None:
    before = len(wire.get("/control/v1/sandboxes?limit=500").json()["results"])
    told = sent(
        wire, head("POST", "/control/v1/sandboxes", Content_Type=JSON, Transfer_Encoding="chunked"), sent_as_chunks
    )
    assert (told.status, told.json["code"], told.closed) == (400, "body_incomplete", True)
    assert len(wire.get("/control/v1/sandboxes?limit=500").json()["results"]) == before


def test_a_sender_that_breaks_off_between_chunks_is_not_taken_for_done(wire: httpx.Client) -> None:
    before = len(wire.get("/control/v1/sandboxes?limit=500").json()["results"])
    at = wire.base_url
    with socket.create_connection((at.host, at.port or 80), timeout=20) as line:
        request = head("POST", "/control/v1/sandboxes", Content_Type=JSON, Transfer_Encoding="chunked").replace(
            b"{host}", f"{at.host}:{at.port}".encode()
        )
        line.sendall(request + b'15\r\n{"scenario":"reject"}\r\n')
        line.shutdown(socket.SHUT_WR)
        told = heard(line)
    assert (told.status, told.json["code"]) == (400, "body_incomplete")
    assert len(wire.get("/control/v1/sandboxes?limit=500").json()["results"]) == before


def test_a_page_tells_it_as_a_page(wire: httpx.Client) -> None:
    told = sent(
        wire,
        head("POST", "/login", Content_Type="application/x-www-form-urlencoded", Transfer_Encoding="chunked"),
        chunks(b"a=" + b"b" * (2 * MB)),
    )
    assert told.status == 413
    assert told.headers["content-type"].startswith("text/html")
    assert "请求体过大" in told.body.decode()


def test_a_long_address_is_told_as_a_problem(wire: httpx.Client, token: str) -> None:
    told = sent(wire, head("GET", "/api/v1/filings?client_reference=" + "a" * 20_000, Authorization=bearer(token)))
    assert (told.status, told.json["code"]) == (414, "address_too_long")


# ── answers ───────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "path",
    ["/healthz", "/api/v1/faq", "/", "/login", "/register", "/console/login", "/static/sim/app.css", "/nothing-here"],
)
def test_head_tells_what_get_would(wire: httpx.Client, path: str) -> None:
    get, only = sent(wire, head("GET", path)), sent(wire, head("HEAD", path))
    assert get.status == only.status
    assert only.headers["content-length"] == str(len(get.body))
    assert {*get.headers} == {*only.headers}
    assert only.body == b""


@pytest.mark.parametrize(
    "path", ["/static/sim/app.css", "/static/drf_spectacular_sidecar/swagger-ui-dist/swagger-ui-bundle.js"]
)
def test_a_static_file_comes_whole_and_stays_what_it_is(wire: httpx.Client, path: str) -> None:
    told = wire.get(path)
    assert told.status_code == 200
    assert len(told.content) == int(told.headers["Content-Length"])
    assert told.headers["X-Content-Type-Options"] == "nosniff"


def test_a_header_beyond_ascii_is_refused_where_it_asks_for_something(wire: httpx.Client, token: str) -> None:
    given = head("GET", "/api/v1/filings", Authorization=bearer(token)).replace(
        b"\r\n\r\n", "\r\nX-Sim-Fault: 延迟\r\n\r\n".encode()
    )
    told = sent(wire, given)
    assert (told.status, told.json["code"]) == (400, "unknown_fault")


def test_a_header_with_an_underscore_passes_for_no_other(wire: httpx.Client) -> None:
    assert sent(wire, head("GET", "/control/v1/scenarios")).status == 200
    assert sent(wire, head("GET", "/control/v1/scenarios", X_Forwarded_For="192.0.2.1")).status == 401
    told = sent(wire, b"GET /control/v1/scenarios HTTP/1.1\r\nHost: {host}\r\nX_Forwarded_For: 192.0.2.1\r\n\r\n")
    assert told.status == 200
