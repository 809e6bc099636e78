"""Behind nginx with TLS, as docs/operating.md has it: people and links use the public address, at its root or below a
prefix."""

from __future__ import annotations

import datetime
import re
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.running import free_port
from tests.serving import ROOT, server

NGINX = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
pytestmark = [
    pytest.mark.skipif(not NGINX, reason="no nginx"),
    pytest.mark.django_db(databases="__all__"),
]

TOKEN = "operators-token"
APP = "https://app.example"


def snippet() -> str:
    """The server block of docs/operating.md."""
    found = re.search(r"```nginx\n(.*?)```", (ROOT / "docs/operating.md").read_text("utf-8"), re.DOTALL)
    assert found
    return found[1]


def certificate(folder: Path) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "sim.example")])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    (folder / "sim.example.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    plain = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    (folder / "sim.example.key").write_bytes(key.private_bytes(*plain))


@contextmanager
def nginx(folder: Path, block: str) -> Iterator[None]:
    certificate(folder)
    temporary = "".join(
        f"{kind}_temp_path {folder / kind};\n" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    told = f"pid {folder / 'nginx.pid'}; error_log {folder / 'error.log'}; events {{}}\n"
    told += f"http {{ access_log off;\n{temporary}{block}\n}}\n"
    (folder / "nginx.conf").write_text(told)
    process = subprocess.Popen(
        [str(NGINX), "-e", str(folder / "error.log"), "-c", str(folder / "nginx.conf"), "-g", "daemon off;"]
    )
    try:
        yield
    finally:
        process.terminate()
        process.wait(20)


@contextmanager
def published(folder: Path, path: str = "", *, strip: bool = False) -> Iterator[httpx.Client]:
    """The simulator behind nginx; requests go to nginx, under the public name."""
    public = free_port()
    url = f"https://sim.example:{public}{path}"
    with server(folder, SIM_PUBLIC_URL=url, SIM_CONTROL_TOKEN=TOKEN, SIM_CORS_ORIGINS=APP) as behind:
        block = snippet().replace("listen 443", f"listen 127.0.0.1:{public}").replace("/etc/ssl/", f"{folder}/")
        block = block.replace("http://127.0.0.1:8000", f"http://127.0.0.1:{behind.base_url.port}{'/' if strip else ''}")
        block = block.replace("location / {", f"location {path}/ {{")
        with nginx(folder, block):
            headers = {"Host": f"sim.example:{public}"}
            with httpx.Client(
                base_url=f"https://127.0.0.1:{public}{path}", headers=headers, verify=False, trust_env=False
            ) as line:
                _expect(line, public)
                yield line


def _expect(line: httpx.Client, port: int) -> None:
    until = time.monotonic() + 30
    while time.monotonic() < until:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.02)


def token_on(page: str) -> str:
    found = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
    assert found
    return found[1]


def origin(line: httpx.Client) -> str:
    return f"https://{line.headers['Host']}"


@pytest.mark.parametrize(("path", "strip"), [("", False), ("/kit", False), ("/kit", True)])
def test_everything_is_at_the_public_address(tmp_path: Path, path: str, strip: bool) -> None:
    with published(tmp_path, path, strip=strip) as line:
        own = origin(line) + path
        # a person logs in and stays below the prefix
        page = line.get("/login")
        assert page.status_code == 200
        cookie = page.headers["Set-Cookie"]
        assert "Secure" in cookie
        assert f"Path={path or '/'}" in cookie
        assert f'href="{path}/static/sim/app.css"' in page.text
        assert line.get("/static/sim/app.css").status_code == 200
        form = {
            "csrfmiddlewaretoken": token_on(page.text),
            "username": "card",
            "password": "Demo-2021",
            "medium": "password",
        }
        entered = line.post("/login", data=form, headers={"Origin": origin(line)})
        assert (entered.status_code, entered.headers["Location"]) == (303, f"{path}/")
        home = line.get("/")
        assert home.status_code == 200
        assert not re.findall(rf'(?:href|action|src)="(/(?!{path.lstrip("/")}/)[^"]*)"', home.text) or not path
        # a program follows what it is told
        guarded = {"Authorization": f"Bearer {TOKEN}"}
        assert line.post("/control/v1/sandboxes", json={}).status_code == 401
        opened = line.post("/control/v1/sandboxes", json={}, headers=guarded)
        assert opened.headers["Location"] == f"{path}/control/v1/sandboxes/{opened.json()['id']}"
        account = next(one for one in opened.json()["accounts"] if one["role"] == "cardless")
        mine = {"Authorization": f"Bearer {account['token']}"}
        for _ in range(2):
            made = line.post("/api/v1/filings", json={"kind": "registration"}, headers=mine)
            assert made.status_code == 201
            assert made.headers["Location"] == f"{path}/api/v1/filings/{made.json()['id']}"
        onward = line.get("/api/v1/filings?limit=1", headers=mine).json()["next"]
        assert onward.startswith(f"{own}/api/v1/filings?")
        assert line.get(onward.removeprefix(own), headers=mine).json()["results"]
        assert line.get("/api/v1/schema").json()["servers"] == [{"url": f"{path}/api/v1"}]
        assert line.get("/api/v1/filings/").json()["remedy"].endswith(f"：{path}/api/v1/filings")
        assert f" {path}/api/v1/sessions " in line.get("/api/v1/filings").json()["remedy"]
        journal = line.get(f"/control/v1/sandboxes/{opened.json()['id']}/journal", headers=guarded).json()["results"]
        assert {one["path"] for one in journal} == {"/api/v1/filings"}
        assert own in line.get("/first-steps").text


def test_another_sites_form_is_told_which_origin_was_wanted(tmp_path: Path) -> None:
    with published(tmp_path) as line:
        form = {"csrfmiddlewaretoken": token_on(line.get("/login").text), "username": "card", "password": "Demo-2021"}
        foreign = line.post("/login", data=form, headers={"Origin": "https://other.example"})
        assert foreign.status_code == 403
        assert origin(line) in foreign.text
        listed(line)


def listed(line: httpx.Client) -> None:
    """A page of a listed origin may call both planes; of another it may not."""
    asks: dict[str, Any] = {
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "authorization,idempotency-key,x-sim-fault",
    }
    for plane in ("/api/v1/filings", "/control/v1/sandboxes"):
        preflight = line.options(plane, headers={"Origin": APP, **asks})
        assert preflight.status_code == 200
        assert preflight.headers["Access-Control-Allow-Origin"] == APP
        for name in ("authorization", "idempotency-key", "x-sim-fault"):
            assert name in preflight.headers["Access-Control-Allow-Headers"]
        other = line.options(plane, headers={"Origin": "https://other.example", **asks})
        assert "Access-Control-Allow-Origin" not in other.headers
    opened = line.post(
        "/control/v1/sandboxes",
        json={},
        headers={"Origin": APP, "Sec-Fetch-Site": "cross-site", "Authorization": f"Bearer {TOKEN}"},
    )
    assert opened.status_code == 201
    assert opened.headers["Access-Control-Allow-Origin"] == APP
    assert "ETag" in opened.headers["Access-Control-Expose-Headers"]
    refused = line.post(
        "/control/v1/sandboxes",
        json={},
        headers={"Origin": "https://other.example", "Authorization": f"Bearer {TOKEN}"},
    )
    assert (refused.status_code, refused.json()["code"]) == (403, "cross_site")
    assert "SIM_CORS_ORIGINS=https://other.example" in refused.json()["remedy"]
