"""Webhooks by the book: events, the times of retries, signatures, addresses."""

import ipaddress
import re
from datetime import UTC, datetime, timedelta

import pytest
from standardwebhooks import Webhook

from filings.rules import webhooks
from filings.rules.webhooks import Unreachable, expect_reachable, next_attempt, place, retry_after

NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


def test_there_is_an_event_for_each_status_a_filing_can_reach() -> None:
    assert (
        tuple(f"filing.{name}" for name in ("declared", "sent", "stored", "manual_review", "approved", "rejected"))
        == webhooks.EVENTS
    )


def test_retries_are_due_as_the_contract_says_and_end() -> None:
    waits = [next_attempt(n, 500, None) for n in range(1, 8)]
    seconds = [wait.total_seconds() if wait else None for wait in waits]
    assert seconds == [5, 300, 1800, 7200, 18000, 36000, None]


@pytest.mark.parametrize(
    ("status", "asked", "wait"),
    [
        (429, 60, 60),
        (503, 60, 60),
        (429, 2, 5),
        (500, 60, 5),
        (200, 60, 5),
        (None, 60, 5),
        (429, 10**6, 86400),
        (429, None, 5),
    ],
)
def test_a_receiver_may_ask_for_more_time_but_not_for_ever(status: int | None, asked: int | None, wait: int) -> None:
    after = None if asked is None else timedelta(seconds=asked)
    assert next_attempt(1, status, after) == timedelta(seconds=wait)
    assert next_attempt(7, status, after) is None


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("0", 0),
        ("120", 120),
        (" 7 ", 7),
        ("Fri, 02 Jan 2026 03:05:05 GMT", 60),
        ("Fri, 02 Jan 2026 03:00:00 GMT", 0),
        ("", None),
        ("soon", None),
        ("-1", None),
        ("1.5", None),
        ("１２", None),
        ("9" * 30, None),
        ("Fri, 99 Jan 2026 03:05:05 GMT", None),
        ("Fri, 02 Jan 2026 03:05:05 -0000", None),
    ],
)
def test_retry_after_is_read_as_seconds_or_as_a_date(text: str, seconds: int | None) -> None:
    assert retry_after(text, NOW) == (None if seconds is None else timedelta(seconds=seconds))


def test_a_signature_verifies_with_the_public_library() -> None:
    secret, body = webhooks.secret_of(bytes(range(32))), '{"type":"filing.sent","data":{"name":"深圳"}}'.encode()
    headers = webhooks.signed(secret, "msg_1", datetime.now(UTC), body)
    assert Webhook(secret).verify(body, headers) == {"type": "filing.sent", "data": {"name": "深圳"}}


def test_a_signature_is_that_of_the_specification() -> None:
    """The example of the Standard Webhooks specification's own test suite."""
    secret, body = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", b'{"test": 2432232314}'
    headers = webhooks.signed(secret, "msg_p5jXN8AQM9LWM0D4loKWxJek", datetime.fromtimestamp(1614265330, UTC), body)
    assert headers["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
    assert headers["webhook-timestamp"] == "1614265330"


@pytest.mark.parametrize(
    ("url", "scheme", "host", "port", "target", "authority"),
    [
        ("http://a.example.com", "http", "a.example.com", 80, "/", "a.example.com"),
        ("HTTPS://A.Example.COM/X?y=1", "https", "a.example.com", 443, "/X?y=1", "a.example.com"),
        ("https://a.example.com:80/", "https", "a.example.com", 80, "/", "a.example.com:80"),
        ("http://a.example.com:80?q", "http", "a.example.com", 80, "/?q", "a.example.com"),
        ("http://[2606:2800:0021::0001]:8080/x", "http", "2606:2800:21::1", 8080, "/x", "[2606:2800:21::1]:8080"),
        ("https://[2606:2800:21::1]/", "https", "2606:2800:21::1", 443, "/", "[2606:2800:21::1]"),
        ("http://xn--fiq228c.example.com/", "http", "xn--fiq228c.example.com", 80, "/", "xn--fiq228c.example.com"),
        ("http://receiver:9000/", "http", "receiver", 9000, "/", "receiver:9000"),
    ],
)
def test_an_address_is_taken_apart_once(
    url: str, scheme: str, host: str, port: int, target: str, authority: str
) -> None:
    found = place(url)
    assert (found.scheme, found.host, found.port, found.target, found.authority) == (
        scheme,
        host,
        port,
        target,
        authority,
    )


@pytest.mark.parametrize(
    "text",
    [
        *[
            "0.0.0.0",
            "127.0.0.1",
            "10.0.0.1",
            "169.254.169.254",
            "255.255.255.255",
            "::",
            "::1",
            "fe80::1",
            "::ffff:8.8.8.8",
        ]
    ],
)
def test_no_address_but_a_public_one_is_reachable_unlisted(text: str) -> None:
    with pytest.raises(Unreachable):
        expect_reachable(place("http://a.example.com/"), ipaddress.ip_address(text), [])


def test_what_the_standard_library_calls_not_global_is_never_reachable() -> None:
    """The tables here are our own, so that they do not change with Python; they are at least as strict."""
    to = place("http://a.example.com/")
    for network in (
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",
        "127.0.0.0/8",
        "169.254.0.0/16",
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.168.0.0/16",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "240.0.0.0/4",
        "::/127",
        "::ffff:0:0/96",
        "64:ff9b:1::/48",
        "100::/64",
        "2001::/23",
        "2001:db8::/32",
        "2002::/16",
        "fc00::/7",
        "fe80::/10",
    ):
        for address in (ipaddress.ip_network(network)[0], ipaddress.ip_network(network)[-1]):
            with pytest.raises(Unreachable):
                expect_reachable(to, address, [])


@pytest.mark.parametrize("length", range(16, 72))
def test_a_secret_of_24_to_64_bytes_may_be_brought_and_signs_for_the_public_library(length: int) -> None:
    secret, right = webhooks.secret_of(bytes(range(length))), 24 <= length <= 64
    assert bool(re.fullmatch(webhooks.SECRET, secret)) is right
    fault = webhooks.secret_fault(secret)
    assert (fault is None) is right
    assert right or f"这里是 {length} 字节" in str(fault)
    if right:
        body = b'{"type":"filing.sent"}'
        assert Webhook(secret).verify(body, webhooks.signed(secret, "msg_1", datetime.now(UTC), body)) == {
            "type": "filing.sent"
        }


@pytest.mark.parametrize(
    ("secret", "why"),
    [
        ("", "whsec_ 开头"),
        ("a" * 40, "whsec_ 开头"),
        ("WHSEC_" + "A" * 32, "whsec_ 开头"),
        ("whsec_", "这里是 0 字节"),
        ("whsec_" + "A" * 33, "标准 base64"),
        ("whsec_" + "-_AA" * 8, "标准 base64"),
        ("whsec_" + "A" * 32 + " ", "标准 base64"),
        ("whsec_" + "AAAA" * 8 + "AA", "标准 base64"),
        ("whsec_" + "AAAA" * 8 + "AB==", "多余的位"),
        ("whsec_密钥", "标准 base64"),
    ],
)
def test_what_is_no_secret_is_told_why(secret: str, why: str) -> None:
    assert not re.fullmatch(webhooks.SECRET, secret)
    assert why in str(webhooks.secret_fault(secret))
