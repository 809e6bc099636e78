"""The manners of both planes as bytes on a socket, on the server as it is run: no library tidies a request or an
answer up."""

from __future__ import annotations

import base64
import gzip
import json
import socket
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from tests.serving import server

TEXT = json.dumps({"kind": "registration", "content": {"remarks": "深圳"}}, ensure_ascii=False)


@dataclass(frozen=True)
class Raw:
    """An answer as it came: its status line, its header lines, and every byte after them."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    def refused(self, status: int, code: str) -> Any:
        assert (self.status, self.headers["content-type"]) == (status, "application/problem+json"), self.body
        assert self.json["code"] == code, self.body
        return self.json


@dataclass
class Line:
    """The far end of a server, with a sandbox on it."""

    host: str
    port: int
    opened: dict[str, Any]

    def token(self, role: str = "cardless", kind: str = "token") -> str:
        (found,) = [one[kind] for one in self.opened["accounts"] if one["role"] == role]
        return str(found)

    def send(
        self, method: str, target: str | bytes, body: bytes = b"", token: str | None = "", **headers: str | bytes
    ) -> Raw:
        """One exchange on a connection of its own. Header names have underscores; nothing is added but length, host
        and token."""
        lines: list[bytes] = [f"Host: {self.host}:{self.port}".encode(), b"Connection: close"]
        if token is not None:
            lines.append(f"Authorization: Bearer {token or self.token()}".encode())
        if body or method in ("POST", "PUT", "PATCH"):
            lines.append(f"Content-Length: {len(body)}".encode())
            headers.setdefault("Content_Type", "application/json")
        for name, value in headers.items():
            lines.append(
                name.replace("_", "-").encode() + b": " + (value if isinstance(value, bytes) else value.encode())
            )
        asked = target if isinstance(target, bytes) else target.encode()
        with socket.create_connection((self.host, self.port), timeout=30) as line:
            line.sendall(b"\r\n".join([method.encode() + b" " + asked + b" HTTP/1.1", *lines, b"", body]))
            came = b"".join(iter(lambda: line.recv(65536), b""))
        head, _, rest = came.partition(b"\r\n\r\n")
        status, *told = head.decode("latin-1").split("\r\n")
        return Raw(int(status.split()[1]), {k.lower(): v for k, _, v in (one.partition(": ") for one in told)}, rest)

    def draft(self) -> str:
        return str(self.send("POST", "/api/v1/filings", b'{"kind": "registration", "content": {}}').json["id"])


@pytest.fixture(scope="module")
def wire(django_db_setup: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Line]:
    with server(tmp_path_factory.mktemp("served")) as client:
        opened = client.post("/control/v1/sandboxes", json={}).raise_for_status().json()
        base = httpx.URL(client.base_url)
        assert base.port
        yield Line(base.host, base.port, opened)


# ── bodies ────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_byte_order_mark_is_ignored_on_both_planes(wire: Line) -> None:
    assert wire.send("POST", "/api/v1/filings", b"\xef\xbb\xbf" + TEXT.encode()).json["content"]["remarks"] == "深圳"
    made = wire.send("POST", "/control/v1/sandboxes", b'\xef\xbb\xbf{"scenario": "reject"}', token=None)
    assert (made.status, made.json["scenario"]) == (201, "reject")


@pytest.mark.parametrize("encoding", ["gb18030", "utf-16", "utf-16-le"])
@pytest.mark.parametrize("target", ["/api/v1/filings", "/control/v1/sandboxes", "/control/v1/sandboxes/import"])
def test_other_encodings_are_told_by_what_they_look_like(target: str, encoding: str, wire: Line) -> None:
    body = TEXT.encode(encoding)
    told = wire.send("POST", target, body, **({} if "api" in target else {"token": None})).refused(400, "not_utf8")
    assert ("GBK" if encoding == "gb18030" else "UTF-16") in told["detail"]


def test_a_compressed_body_and_another_charset_are_told(wire: Line) -> None:
    body = gzip.compress(TEXT.encode())
    wire.send("POST", "/api/v1/filings", body, Content_Encoding="gzip").refused(415, "unsupported_encoding")
    wire.send("POST", "/control/v1/sandboxes", body, token=None, Content_Encoding="gzip").refused(
        415, "unsupported_encoding"
    )
    assert "gzip" in wire.send("POST", "/api/v1/filings", body).refused(400, "not_utf8")["detail"]
    gbk = "application/json; charset=gbk"
    assert (
        "gbk"
        in wire.send("POST", "/api/v1/filings", TEXT.encode("gbk"), Content_Type=gbk).refused(400, "not_utf8")["detail"]
    )


def test_a_member_that_comes_twice_is_named(wire: Line) -> None:
    told = wire.send("POST", "/api/v1/filings", b'{"kind": "change", "kind": "registration"}').refused(
        400, "malformed_json"
    )
    assert [one["pointer"] for one in told["errors"]] == ["/kind"]


def test_what_is_nested_beyond_all_bounds_is_malformed(wire: Line) -> None:
    wire.send("POST", "/api/v1/filings", b"[" * 200_000).refused(400, "malformed_json")
    wire.send("POST", "/api/v1/filings", b'{"a":' * 1000 + b"1" + b"}" * 1000).refused(400, "malformed_json")


def test_a_file_name_of_another_encoding_and_a_second_file_are_told(wire: Line) -> None:
    target = f"/api/v1/filings/{wire.draft()}/attachments"

    def upload(*names: bytes) -> Raw:
        head = b'--b\r\nContent-Disposition: form-data; name="file"; filename="%s"\r\n'
        part = head + b"Content-Type: application/pdf\r\n\r\n%%PDF-1.4\r\n"
        body = b"".join(part % name for name in names) + b"--b--\r\n"
        return wire.send("POST", target, body, Content_Type="multipart/form-data; boundary=b")

    told = upload("备案信息表.pdf".encode("gbk"))
    assert (told.status, told.json["errors"][0]["pointer"], "UTF-8" in told.json["errors"][0]["detail"]) == (
        422,
        "/file",
        True,
    )
    twice = upload(b"a.pdf", b"b.pdf")
    assert (twice.status, twice.json["errors"][0]["pointer"]) == (422, "/file")
    assert upload("备案信息表.pdf".encode()).json["filename"] == "备案信息表.pdf"


def test_the_same_json_written_otherwise_is_the_same_body_for_a_key(wire: Line) -> None:
    first = wire.send(
        "POST", "/api/v1/filings", b'{"kind":"registration","content":{"remarks":"a"}}', Idempotency_Key="one"
    )
    again = wire.send(
        "POST",
        "/api/v1/filings",
        b' {"content": {"remarks": "\\u0061"}, "kind": "registration" }',
        Idempotency_Key="one",
    )
    assert (again.status, again.body, again.headers["idempotency-replayed"]) == (201, first.body, "true")
    other = wire.send(
        "POST", "/api/v1/filings", b'{"kind":"registration","content":{"remarks":"b"}}', Idempotency_Key="one"
    )
    other.refused(422, "idempotency_key_reused")


# ── addresses and queries ─────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("target", ["/api/v1/filings/", "/api/v1//filings", "/control/v1/sandboxes/"])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_slash_too_many_is_a_problem_with_the_address_that_was_meant(method: str, target: str, wire: Line) -> None:
    told = wire.send(method, target, b"{}" if method == "POST" else b"").refused(404, "not_found")
    assert told["remedy"].endswith(target.replace("v1//", "v1/").rstrip("/"))


def test_a_sandbox_that_is_not_there_is_named(wire: Line) -> None:
    told = wire.send(
        "POST", "/api/v1/sessions", b'{"sandbox": "sb-gone", "username": "card", "password": "x"}', token=None
    )
    assert told.refused(404, "not_found")["errors"][0]["pointer"] == "/sandbox"
    assert "sb-gone" in told.json["detail"]


def test_a_query_in_another_encoding_or_with_a_name_twice_is_told(wire: Line) -> None:
    for query in (b"status=%D4%DD%B4%E6", b"client_reference=%D4%DD"):
        told = wire.send("GET", b"/api/v1/filings?" + query).refused(400, "not_utf8")
        assert query.partition(b"=")[0].decode() in told["detail"]
    assert (
        "status"
        in wire.send("GET", "/api/v1/filings?status=draft&status=approved").refused(400, "unknown_parameter")["detail"]
    )


def test_raw_bytes_of_another_encoding_in_a_query_are_not_a_word_of_it(wire: Line) -> None:
    """As curl sends them from a console that writes GBK. Some servers let no such byte through at all."""
    assert wire.send("GET", b"/api/v1/filings?status=" + "暂存".encode("gbk")).status == 400


def test_an_agent_without_a_mandate_is_told_that_it_has_none(wire: Line) -> None:
    answers = []
    for principal in ("91440399MAMK000217", "91440399MAMK99999X", "nobody"):
        body = json.dumps(
            {"kind": "registration", "filing_mode": "agent", "principal": principal, "content": {}}
        ).encode()
        told = wire.send("POST", "/api/v1/filings", body, token=wire.token("agent"), X_Request_Id="r")
        assert (told.refused(403, "mandate_required")["faq"], told.json["errors"][0]["pointer"]) == (
            "1.7",
            "/principal",
        )
        answers.append(told.body)
    assert len(set(answers)) == 1


# ── representations ───────────────────────────────────────────────────────────────────────────────────────────────


def test_a_head_tells_the_length_of_a_document_and_sends_none_of_it(wire: Line) -> None:
    draft = wire.draft()
    for target, token in (
        (f"/api/v1/filings/{draft}/record-form.pdf", wire.token()),
        ("/api/v1/enterprise/certificate.pdf", wire.token("card")),
        (f"/api/v1/filings/{draft}", wire.token()),
        ("/api/v1/schema", wire.token()),
        ("/api/v1/nothing", wire.token()),
    ):
        read, head = (wire.send(method, target, token=token) for method in ("GET", "HEAD"))
        assert (head.status, head.body) == (read.status, b""), target
        assert head.headers["content-length"] == read.headers["content-length"] == str(len(read.body)), target
        assert head.headers["content-type"] == read.headers["content-type"], target


def test_a_read_of_what_one_has_is_304_and_a_write_takes_a_list_of_tags(wire: Line) -> None:
    target = f"/api/v1/filings/{wire.draft()}"
    short = wire.send("GET", target, If_None_Match='W/"v9", "v1"')
    assert (short.status, short.body, short.headers["etag"]) == (304, b"", '"v1"')
    patch = b'{"content": {"remarks": "a"}}'
    assert wire.send("PATCH", target, patch, If_Match='"v7", "v1"').json["version"] == 2
    wire.send("PATCH", target, patch, If_Match='"v7", "v1"').refused(412, "precondition_failed")
    assert wire.send("PATCH", target, patch, If_Match="*").json["version"] == 3


@pytest.mark.parametrize("form", ["html", "junit"])
def test_a_report_comes_to_who_accepts_nothing_else(form: str, wire: Line) -> None:
    kind = {"html": "text/html", "junit": "application/xml"}[form]
    target = f"/control/v1/sandboxes/{wire.opened['id']}/coverage?format={form}"
    answer = wire.send("GET", target, token=None, Accept=kind)
    assert (answer.status, answer.headers["content-type"].partition(";")[0]) == (200, kind)


def test_a_card_logs_in_by_both_forms_of_a_signature(wire: Line) -> None:
    number, sandbox = wire.token("card", "card_no"), wire.opened["id"]
    told = wire.send("GET", f"/control/v1/sandboxes/{sandbox}/cards/{number}/key", token=None).json["private_key"]
    key = load_pem_private_key(told.encode(), None)
    assert isinstance(key, ec.EllipticCurvePrivateKey)
    for form in ("DER", "r‖s", "hex"):
        asked = {"sandbox": sandbox, "card_no": number}
        random = wire.send("POST", "/api/v1/sessions/challenge", json.dumps(asked).encode(), token=None).json["random"]
        der = key.sign(random.encode(), ec.ECDSA(SHA256()))
        plain = b"".join(one.to_bytes(32, "big") for one in decode_dss_signature(der))
        signature = {
            "DER": base64.encodebytes(der).decode(),
            "r‖s": base64.b64encode(plain).decode(),
            "hex": der.hex(),
        }[form]
        body = json.dumps({**asked, "random": random, "signature": signature}).encode()
        answer = wire.send("POST", "/api/v1/sessions", body, token=None)
        if form == "hex":
            assert "签名" in answer.refused(401, "wrong_credentials")["remedy"]
        else:
            assert (answer.status, answer.json["medium"]) == (201, "card")
