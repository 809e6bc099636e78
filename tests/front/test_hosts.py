"""A name this server does not answer to is told, with the setting that would allow it; names of container services are
names."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db(databases="__all__")


@pytest.fixture
def on_loopback(settings: Any) -> None:
    settings.ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]"]


@pytest.mark.parametrize("host", ["127.0.0.1:8000", "localhost", "LOCALHOST.:80", "[::1]:8000"])
def test_its_own_names_are_served(host: str, on_loopback: None, client: Client) -> None:
    assert client.get("/api/v1/version", headers={"host": host}).status_code == 200


@pytest.mark.parametrize(
    "host",
    [
        "single_window:8131",
        "host.docker.internal:8000",
        "evil.example",
        "127.0.0.1.evil.example",
        "a b",
        "",
        "[::1",
        "x:y:z",
        "127.0.0.1,evil",
    ],
)
@pytest.mark.parametrize("path", ["/healthz", "/api/v1/version", "/control/v1/scenarios", "/nowhere"])
def test_another_is_told_by_name(host: str, path: str, on_loopback: None, client: Client) -> None:
    answer = client.get(path, headers={"host": host})
    assert answer.status_code == 400
    if path != "/nowhere":
        told = answer.json()
        assert (answer["Content-Type"], told["code"]) == ("application/problem+json", "host_not_served")
        assert f"“{host}”" in told["detail"]
        if host in ("single_window:8131", "host.docker.internal:8000"):
            assert f"ALLOWED_HOSTS=localhost,127.0.0.1,[::1],{host.partition(':')[0]}" in told["remedy"]
    else:
        assert "主机名不符" in answer.content.decode()


@pytest.mark.parametrize("host", ["single_window:8131", "Single_Window"])
def test_a_name_with_an_underscore_is_served_once_allowed(host: str, settings: Any, client: Client, world: Any) -> None:
    settings.ALLOWED_HOSTS = ["single_window"]
    mine = {"host": host, "Authorization": f"Bearer {world.accounts['cardless']['token']}"}
    for _ in range(2):
        assert (
            client.post("/api/v1/filings", {"kind": "registration"}, "application/json", headers=mine).status_code
            == 201
        )
    onward = client.get("/api/v1/filings?limit=1", headers=mine).json()["next"]
    assert onward.startswith(f"http://{host}/api/v1/filings?")
    assert client.get("/login", headers={"host": host}).status_code == 200


@pytest.mark.parametrize(
    ("header", "value"),
    [
        ("X-Forwarded-For", "192.0.2.1"),
        ("X-Forwarded-Host", "sim.example"),
        ("X-Forwarded-Proto", "https"),
        ("X-Real-IP", "192.0.2.1"),
        ("Forwarded", "for=192.0.2.1"),
        ("Via", "1.1 proxy"),
    ],
)
def test_what_a_proxy_passed_on_is_not_from_here(header: str, value: str, client: Client) -> None:
    assert client.get("/control/v1/scenarios").status_code == 200
    assert client.get("/control/v1/scenarios", headers={header: value}).status_code == 401


def test_the_open_plane_is_open_by_names_of_this_machine_only(settings: Any, client: Client) -> None:
    settings.ALLOWED_HOSTS = ["*"]
    assert client.get("/control/v1/scenarios", headers={"host": "127.0.0.1:8000"}).status_code == 200
    assert client.get("/control/v1/scenarios", headers={"host": "sim.example"}).status_code == 401


def test_a_login_behind_a_tls_proxy_is_told_what_to_set(settings: Any) -> None:
    settings.ALLOWED_HOSTS = ["sim.example"]
    client = Client(enforce_csrf_checks=True)
    headers = {"host": "sim.example", "X-Forwarded-Proto": "https", "Origin": "https://sim.example"}
    answer = client.post("/login", {"username": "card", "password": "Demo-2021"}, headers=headers)
    assert answer.status_code == 403
    told = answer.content.decode()
    assert "https://sim.example" in told
    assert "http://sim.example" in told
    assert "SIM_PUBLIC_URL=https://sim.example" in told
