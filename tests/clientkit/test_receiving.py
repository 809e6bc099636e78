"""Webhooks as they are received: whose they are, each of them once, and waited for."""

from __future__ import annotations

import base64
import threading
import time
from datetime import UTC, datetime

import httpx
import pytest
from standardwebhooks import Webhook

from swsim import World
from swsim.receiving import BadSignature, Receiver, new_secret, verify

SECRET = new_secret()
BODY = b'{"type": "filing.sent", "timestamp": "2021-12-01T09:01:00+08:00", "data": {"filing": {"id": "F1"}}}'


def headers(message: str = "msg_1", body: bytes = BODY, secret: str = SECRET) -> dict[str, str]:
    """As the public library signs."""
    now = datetime.now(UTC)
    return {
        "Webhook-Id": message,
        "Webhook-Timestamp": str(int(now.timestamp())),
        "Webhook-Signature": Webhook(secret).sign(message, now, body.decode()),
    }


def test_what_is_signed_with_the_secret_is_read() -> None:
    assert verify(SECRET, headers(), BODY)["data"]["filing"]["id"] == "F1"
    rotated = headers()
    rotated["Webhook-Signature"] = f"v1a,other v1,{base64.b64encode(b'older').decode()} {rotated['Webhook-Signature']}"
    assert verify(SECRET, rotated, BODY)["type"] == "filing.sent"


@pytest.mark.parametrize(
    ("changes", "body", "why"),
    [
        ({}, BODY + b" ", "none of the signatures"),
        (headers(secret=new_secret()), BODY, "none of the signatures"),
        ({"Webhook-Id": "msg_2"}, BODY, "none of the signatures"),
        ({"Webhook-Timestamp": str(int(time.time()) - 400)}, BODY, "more than 300 s off"),
        ({"Webhook-Timestamp": "soon"}, BODY, "no number"),
        ({"Webhook-Signature": None}, BODY, "no header webhook-signature"),
        (headers(body=b"[]"), b"[]", "no event"),
        (headers(body=b"x"), b"x", "no JSON"),
    ],
)
def test_what_is_not_is_refused_and_says_why(changes: dict[str, str | None], body: bytes, why: str) -> None:
    told = {name: value for name, value in {**headers(), **changes}.items() if value is not None}
    with pytest.raises(BadSignature, match=why):
        verify(SECRET, told, body)


def test_a_receiver_takes_each_message_once_and_none_of_others() -> None:
    with Receiver(secret=SECRET) as receiver:
        receiver.answers(503, 410)
        sent = [httpx.post(receiver.url, content=BODY, headers=headers()).status_code for _ in range(4)]
        assert sent == [503, 410, 204, 204]
        assert httpx.post(receiver.url, content=BODY, headers=headers(secret=new_secret())).status_code == 401
        assert (receiver.types, receiver.repeated) == (["filing.sent"], 1)
        assert receiver.refused == ["none of the signatures is by this secret over these bytes"]
        receiver.clear()
        assert receiver.events == []
        url = receiver.url
    with pytest.raises(httpx.ConnectError):
        httpx.post(url)


def test_what_somebody_else_brings_about_is_waited_for() -> None:
    with Receiver(secret=SECRET) as receiver:
        later = threading.Timer(0.1, httpx.post, [receiver.url], {"content": BODY, "headers": headers()})
        later.start()
        assert receiver.wait_for("filing.sent", filing="F1").id == "msg_1"
        with pytest.raises(AssertionError, match=r"filing\.sent came 1 times, not 2"):
            receiver.wait_for("filing.sent", 2, patience=0)


def test_the_clock_advances_as_far_as_the_event_and_over_what_is_sent_again(world: World) -> None:
    with Receiver.of(world) as receiver:
        receiver.answers(500, 500)
        filings = [
            world.account("cardless").file().declare(),
            world.account("card", card=True).file(kind="change").declare(),
        ]
        assert receiver.wait_for("filing.sent", 2).timestamp == "2021-12-01T09:01:00+08:00"
        assert world.now.strftime("%H:%M") == "09:01"
        world.fault("duplicate", match={"event": "filing.stored"}, times=1)
        world.fault("drop", match={"event": "filing.approved"}, times=1)
        decided = receiver.wait_for("filing.approved", filing=filings[1])
        assert decided.filing["status"] == "approved"
        assert [len(receiver.of_type(f"filing.{one}")) for one in ("declared", "sent", "stored")] == [2, 2, 2]
        assert (receiver.repeated, receiver.refused) == (1, [])
        with pytest.raises(AssertionError, match="nothing more is due"):
            receiver.wait_for("filing.rejected", patience=0)
