"""A webhook goes to receivers on the public network, and nowhere else: held at the socket, whatever a resolver
says.

Nothing here reaches the network: names are resolved by a table, and a connection is written down instead of made.
"""

from __future__ import annotations

import datetime
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.x509.oid import NameOID

from filings.lab.webhooks import posting, reaching
from filings.rules import webhooks
from filings.rules.webhooks import Unreachable
from tests.receiving import answering, read, receiver

PUBLIC, ANOTHER = "93.184.215.14", "2606:2800:21f:cb07:6820:80da:af6b:8b2c"

NAMES: dict[str, list[list[str]]] = {
    "public.example.com": [[PUBLIC]],
    "both.example.com": [[ANOTHER, PUBLIC]],
    "loopback.example.com": [["127.0.0.1"]],
    "loopback6.example.com": [["::1"]],
    "private.example.com": [["10.1.2.3"]],
    "linklocal.example.com": [["169.254.169.254"]],
    "mapped.example.com": [["::ffff:127.0.0.1"]],
    "mixed.example.com": [[PUBLIC, "127.0.0.1"]],
    "mixed6.example.com": [[PUBLIC, "::1"]],
    "unspecified.example.com": [["0.0.0.0"]],
    "cgnat.example.com": [["100.64.0.1"]],
    "nat64.example.com": [["64:ff9b::7f00:1"]],
    "rebinding.example.com": [[PUBLIC], ["127.0.0.1"]],
    "rebinding6.example.com": [[ANOTHER], ["::1"]],
    "metadata.google.internal": [["169.254.169.254"]],
    "metadata": [["169.254.169.254"]],
    "localhost": [["127.0.0.1"]],
    "db.localhost": [["127.0.0.1"]],
    "printer.local": [["192.168.0.9"]],
    "instance-data.ec2.internal": [["169.254.169.254"]],
    "pretends.internal": [[PUBLIC]],
}
"""What each name resolves to, one time after another; the last answer stays."""

CORPUS = [
    # this machine, as an address
    "http://127.0.0.1/",
    "http://127.0.0.1:8000/control/v1/sandboxes",
    "http://127.255.255.254/",
    "https://127.0.0.1/",
    "http://[::1]/",
    "http://[0:0:0:0:0:0:0:1]:8000/",
    "http://0.0.0.0/",
    "http://0.1.2.3/",
    "http://[::]/",
    # an address inside another
    "http://[::ffff:127.0.0.1]/",
    "http://[::ffff:7f00:1]/",
    "http://[::127.0.0.1]/",
    "http://[64:ff9b::127.0.0.1]/",
    "http://[2002:7f00:1::]/",
    "http://[2001:0:7f00:1::]/",
    "http://[::ffff:169.254.169.254]/",
    # other spellings of it
    "http://2130706433/",
    "http://017700000001/",
    "http://0x7f000001/",
    "http://0x7f.0.0.1/",
    "http://0177.0.0.1/",
    "http://127.1/",
    "http://127.0.1/",
    "http://0/",
    "http://127.0.0.1./",
    "http://１２７.0.0.1/",
    "http://127.0.0.0x1/",
    "http://127.000.000.001/",
    "http://①②⑦.0.0.1/",
    "http://8.8.2056/",
    # neighbours, clouds, and where nobody lives
    "http://10.0.0.1/",
    "http://172.16.0.1/",
    "http://172.31.255.255/",
    "http://192.168.1.1/",
    "http://[fc00::1]/",
    "http://[fd12:3456::1]/",
    "http://[fe80::1]/",
    "http://[fe80::1%25eth0]/",
    "http://100.64.0.1/",
    "http://100.127.255.254/",
    "http://169.254.169.254/latest/meta-data/",
    "http://[fd00:ec2::254]/",
    "http://100.100.100.200/",
    "http://168.63.129.16/",
    "http://192.0.0.192/",
    "http://224.0.0.1/",
    "http://[ff02::1]/",
    "http://240.0.0.1/",
    "http://255.255.255.255/",
    "http://192.0.2.1/",
    "http://198.18.0.1/",
    "http://203.0.113.7/",
    "http://[2001:db8::1]/",
    "http://[5f00::1]/",
    # names
    *(
        f"http://{name}/"
        for name in NAMES
        if name not in ("public.example.com", "both.example.com") and not name.startswith("rebinding")
    ),
    "http://LOCALHOST/",
    "http://localhost./",
    "http://loopback.example.com:8000/",
    "https://loopback.example.com/",
    # addresses that two readers read differently, or that are none
    "http://user@public.example.com/",
    "http://public.example.com@127.0.0.1/",
    "http://127.0.0.1#@public.example.com/",
    "http://127.0.0.1\\@public.example.com/",
    "http://public.example.com:0/",
    "http://public.example.com:/",
    "http://public.example.com:99999/",
    "http://[public.example.com]/",
    "http://[::1/",
    "http:///x",
    "http://public.example.com\t/",
    "http://public.example.com/\r\nHost: x",
    " http://public.example.com/",
    "//public.example.com/",
    "file:///etc/passwd",
    "gopher://127.0.0.1/",
    "ftp://public.example.com/",
    "http://public..example.com/",
    "http://-public.example.com/",
    "http://%31%32%37.0.0.1/",
]


class Wires:
    """Every connection anybody tried to make."""

    def __init__(self) -> None:
        self.to: list[str] = []


@pytest.fixture
def wires(monkeypatch: pytest.MonkeyPatch, settings: Any) -> Wires:
    """The table as the resolver, and sockets that only write down where they were to go."""
    settings.SIM_WEBHOOK_ALLOW = []
    tried = Wires()
    answers = {name: [list(some) for some in answer] for name, answer in NAMES.items()}
    real = socket.getaddrinfo

    def resolve(host: Any, port: Any, *args: Any, **kwargs: Any) -> Any:
        name = host.decode() if isinstance(host, bytes) else host
        if name not in answers:
            kwargs["flags"] = (
                socket.AI_NUMERICHOST
            )  # as the C library reads numbers, odd spellings included; never a query
            return real(name, port, *args, **kwargs)
        now = answers[name].pop(0) if len(answers[name]) > 1 else answers[name][0]
        return [_spot(address, port) for address in now]

    def connect(self: socket.socket, address: Any) -> None:
        tried.to.append(address[0])
        raise ConnectionRefusedError("written down")

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    monkeypatch.setattr(socket.socket, "connect", connect)
    return tried


def _spot(address: str, port: int) -> Any:
    six = ":" in address
    where = (address, port, 0, 0) if six else (address, port)
    return (socket.AF_INET6 if six else socket.AF_INET, socket.SOCK_STREAM, 6, "", where)


def post(url: str) -> reaching.Result:
    return posting.post(url, {}, b"{}", time.monotonic() + 60)


def test_the_corpus_is_large_enough_and_names_nothing_twice() -> None:
    assert len(CORPUS) >= 60
    assert len(set(CORPUS)) == len(CORPUS)


@pytest.mark.parametrize("url", CORPUS)
def test_it_is_refused_when_registered_and_again_where_the_connection_would_be_made(url: str, wires: Wires) -> None:
    with pytest.raises(Unreachable):
        reaching.check(url)
    met = post(url)
    assert (met.status, wires.to) == (None, [])
    assert met.error


@pytest.mark.parametrize("name", ["rebinding.example.com", "rebinding6.example.com"])
def test_a_name_that_turns_inward_after_it_was_registered_is_not_followed(name: str, wires: Wires) -> None:
    reaching.check(f"http://{name}/")
    assert post(f"http://{name}/").status is None
    assert wires.to == []


@pytest.mark.parametrize("name", ["rebinding.example.com", "rebinding6.example.com"])
def test_a_name_that_turns_inward_while_it_is_judged_gains_nothing(name: str, wires: Wires) -> None:
    post(f"http://{name}/")
    assert wires.to == [NAMES[name][0][0]]


def by_name(self: posting.Line, host: str, port: int, *args: Any, **kwargs: Any) -> Any:
    """The defect this corpus is for: judge what a name resolves to, then connect to the name."""
    reaching.spots(self.to)
    return posting.Wire(self, socket.create_connection((host, port), 1))


def test_connecting_by_name_after_judging_it_would_be_noticed(wires: Wires, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(posting.Line, "connect_tcp", by_name)
    post("http://rebinding.example.com/")
    assert wires.to == ["127.0.0.1"]


def test_not_judging_at_all_would_be_noticed(wires: Wires, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reaching, "expect_reachable", lambda *args: None)
    monkeypatch.setattr(reaching, "expect_public_name", lambda *args: None)
    monkeypatch.setattr(posting, "expect_public_name", lambda *args: None)
    for url in CORPUS:
        post(url)
    assert {"127.0.0.1", "::1", "169.254.169.254", "10.0.0.1", "100.64.0.1", "::ffff:127.0.0.1"} <= set(wires.to)


@pytest.mark.parametrize(
    ("url", "to"),
    [
        ("http://public.example.com/", [PUBLIC]),
        ("https://public.example.com:8443/a?b=c", [PUBLIC]),
        ("http://PUBLIC.example.com/", [PUBLIC]),
        (f"http://{PUBLIC}/", [PUBLIC]),
        (f"http://[{ANOTHER}]/", [ANOTHER]),
        ("http://both.example.com/", [ANOTHER, PUBLIC]),
        ("http://172.15.0.1/", ["172.15.0.1"]),
        ("http://172.32.0.1/", ["172.32.0.1"]),
        ("http://100.128.0.1/", ["100.128.0.1"]),
        ("http://11.0.0.1/", ["11.0.0.1"]),
        ("http://192.169.0.1/", ["192.169.0.1"]),
        ("http://223.255.255.254/", ["223.255.255.254"]),
    ],
)
def test_what_is_on_the_public_network_is_reached(url: str, to: list[str], wires: Wires) -> None:
    reaching.check(url)
    assert "ConnectionRefusedError" in post(url).error
    assert wires.to == to


def test_a_name_nobody_can_resolve_yet_may_be_registered_and_is_judged_when_it_can(wires: Wires) -> None:
    reaching.check("https://later.example.com/")
    assert "gaierror" in post("https://later.example.com/").error
    assert wires.to == []


def test_no_proxy_is_asked(wires: Wires, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:3128")
    post("http://public.example.com/")
    assert wires.to == [PUBLIC]


@pytest.mark.parametrize(
    ("listed", "url", "reached"),
    [
        ("127.0.0.1:9000", "http://127.0.0.1:9000/", True),
        ("127.0.0.1:9000", "http://127.0.0.1:9001/", False),
        ("127.0.0.1:9000", "http://127.0.0.1/", False),
        ("127.0.0.1:80", "http://127.0.0.1/", True),
        ("127.0.0.1:9000", "http://[::1]:9000/", False),
        ("127.0.0.1:9000", "http://2130706433:9000/", False),
        ("127.0.0.1:9000", "http://loopback.example.com:9000/", False),
        ("127.0.0.1:9000", "http://localhost:9000/", True),
        ("localhost:9000", "http://127.0.0.1:9000/", True),
        ("localhost:9000", "http://[::1]:9000/", True),
        ("localhost:9000", "http://loopback.example.com:9000/", False),
        ("127.0.0.1:*", "http://127.0.0.1:50123/", True),
        ("127.0.0.1:*", "http://[::1]:50123/", False),
        ("127.0.0.1:9000-9099", "http://127.0.0.1:9099/", True),
        ("127.0.0.1:9000-9099", "http://127.0.0.1:9100/", False),
        ("[::1]:9000", "http://[0:0::1]:9000/", True),
        ("localhost:9000", "http://localhost:9000/", True),
        ("printer.local:9000", "http://printer.local:9000/", True),
        ("cgnat.example.com:80", "http://cgnat.example.com/", True),
        ("metadata.google.internal:80", "http://metadata.google.internal/", False),
        ("169.254.169.254:80", "http://169.254.169.254/", False),
        ("0.0.0.0:9000", "http://0.0.0.0:9000/", False),
        ("224.0.0.1:80", "http://224.0.0.1/", False),
    ],
)
def test_a_listed_receiver_of_ones_own_is_reached_as_it_is_listed_and_no_other(
    listed: str, url: str, reached: bool, wires: Wires, settings: Any
) -> None:
    settings.SIM_WEBHOOK_ALLOW = [listed]
    post(url)
    assert bool(wires.to) is reached
    if not reached:
        with pytest.raises(Unreachable):
            reaching.check(url)


def test_a_redirect_inward_is_an_answer_and_no_more(settings: Any) -> None:
    with receiver() as inside, receiver(answering(302, Location=inside.url)) as outside:
        settings.SIM_WEBHOOK_ALLOW = [outside.listed, inside.listed]
        assert post(outside.url).status == 302
        assert (len(outside.heard), inside.heard) == (1, [])


def test_the_table_of_networks_says_each_once() -> None:
    every = [network for networks in (*webhooks.OWN.values(), *webhooks.NEVER.values()) for network in networks]
    assert len(every) == len(set(every))


# ── TLS proves the name, not the address ──────────────────────────────────────────────────────────────────────────


@pytest.fixture
def secured(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> Iterator[Callable[[str], tuple[str, list[str]]]]:
    """`secured(name)`: a TLS server on this machine whose certificate is for that name; its URL, and the names it was
    asked for."""
    settings.SIM_WEBHOOK_ALLOW = []
    opened: list[socket.socket] = []

    def open_(name: str) -> tuple[str, list[str]]:
        asked: list[str] = []
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate(tmp_path, name))
        context.sni_callback = lambda wire, server_name, _: asked.append(str(server_name))
        server = socket.create_server(("127.0.0.1", 0))
        opened.append(server)

        def serve() -> None:
            with suppress(OSError):
                while True:
                    raw, _ = server.accept()
                    with suppress(OSError), context.wrap_socket(raw, server_side=True) as wire:
                        read(wire)
                        wire.sendall(b"HTTP/1.1 204 No Content\r\n\r\n")

        threading.Thread(target=serve, daemon=True).start()
        port = server.getsockname()[1]
        settings.SIM_WEBHOOK_ALLOW = [f"receiver.example.com:{port}"]
        trusting = ssl.create_default_context(cafile=str(tmp_path / "cert.pem"))
        monkeypatch.setattr(posting, "_tls", lambda: trusting)
        monkeypatch.setattr(socket, "getaddrinfo", lambda host, port, *args, **kwargs: [_spot("127.0.0.1", port)])
        return f"https://receiver.example.com:{port}/hook", asked

    yield open_
    for server in opened:
        server.close()


def certificate(folder: Path, name: str) -> str:
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), False)
        .sign(key, SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    whole = made.public_bytes(serialization.Encoding.PEM)
    (folder / "cert.pem").write_bytes(whole)
    (folder / "both.pem").write_bytes(private + whole)
    return str(folder / "both.pem")


def test_the_name_is_asked_for_and_its_certificate_accepted(secured: Callable[[str], tuple[str, list[str]]]) -> None:
    url, asked = secured("receiver.example.com")
    assert post(url).status == 204
    assert asked == ["receiver.example.com"]


def test_a_certificate_for_another_name_is_not_accepted(secured: Callable[[str], tuple[str, list[str]]]) -> None:
    url, _ = secured("other.example.com")
    assert "SSLCertVerificationError" in post(url).error


def test_a_certificate_nobody_vouches_for_is_not_accepted(
    secured: Callable[[str], tuple[str, list[str]]], monkeypatch: pytest.MonkeyPatch
) -> None:
    url, _ = secured("receiver.example.com")
    trusting_few = ssl.create_default_context()
    monkeypatch.setattr(posting, "_tls", lambda: trusting_few)
    assert "SSLCertVerificationError" in post(url).error
