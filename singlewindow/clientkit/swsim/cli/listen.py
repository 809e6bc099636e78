"""`listen`: a world's events to a local address."""

from __future__ import annotations

import base64
import signal
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any
from urllib.parse import urlsplit

from rich.markup import escape

from swsim.cli.listening import AT_ONCE, PATIENCE, Gone, Listener, Place, Sending, secret_for
from swsim.cli.running import NO, Ended, Run, misused, option
from swsim.problems import Problem
from swsim.words import say

EVENTS = tuple(f"filing.{status}" for status in ("declared", "sent", "stored", "manual_review", "approved", "rejected"))


class Waiting:
    """What waits for a webhook without an address."""

    def __init__(self, run: Run, webhook: str) -> None:
        self._control, self._world, self._webhook = run.client.control, run.id, webhook

    def waiting(self) -> Sequence[Mapping[str, Any]]:
        """The oldest that wait."""
        return self._control.collect_deliveries(self._world, self._webhook, limit=AT_ONCE)["results"]

    def acknowledge(self, deliveries: Sequence[str]) -> None:
        """They have arrived."""
        self._control.acknowledge_deliveries(self._world, self._webhook, {"deliveries": list(deliveries)})


def _address(written: str) -> str:
    """A receiver's address as it is meant: `:9000/hook` is of this machine."""
    whole = written if "://" in written else f"http://{'127.0.0.1' if written.startswith(':') else ''}{written}"
    try:
        parts = urlsplit(whole)
        # A port that is no number raises; a name that is one is a port whose colon was forgotten.
        named = parts.scheme in ("http", "https") and not (parts.hostname or "0").isdecimal() and parts.port != 0
    except ValueError:
        named = False
    if not named:
        misused(
            f"{written!r} is no address of a receiver: http://127.0.0.1:9000/hook, or :9000/hook.",
            f"“{written}”不是接收程序的地址：如 http://127.0.0.1:9000/hook，或 :9000/hook。",
        )
    return whole


def _signs(secret: str) -> bool:
    """Whether it can sign: an address that is listened for already does not ask the simulator again."""
    try:
        return secret.startswith("whsec_") and bool(base64.b64decode(secret.removeprefix("whsec_"), validate=True))
    except ValueError:
        return False


def listen(
    run: Run,
    forward_to: Annotated[
        str, option("--forward-to", en="Where to: your receiver", zh="转发到：你的接收程序", metavar="URL")
    ],
    events: Annotated[
        list[str] | None,
        option(
            "--event",
            en="Of these alone; of all unless said",
            zh="只限这些事件；缺省为全部",
            autocompletion=lambda incomplete: [event for event in EVENTS if event.startswith(incomplete)],
        ),
    ] = None,
    secret: Annotated[
        str | None,
        option(
            "--secret",
            en="What events are signed by (whsec_…); one is made and kept for the address unless said",
            zh="签名密钥（whsec_…）；缺省为该地址生成一个并一直沿用",
            envvar="SWSIM_SECRET",
        ),
    ] = None,
    once: Annotated[bool, option("--once", en="Forward what waits, and end", zh="转发已有的之后结束")] = False,
    skip: Annotated[
        bool, option("--skip", en="Forget what came while nobody listened", zh="略过没有监听时产生的")
    ] = False,
    remove: Annotated[
        bool,
        option(
            "--remove",
            en="Listen no more: what comes is not kept for this address",
            zh="不再监听：不再为该地址保留通知",
        ),
    ] = False,
) -> None:
    forward_to = _address(forward_to)
    if secret is not None and not _signs(secret):
        misused(
            f"{secret!r} is no secret: whsec_ and base64 after it, as whsec_c2ltdWxhdGVkIHNpZ25pbmcgc2VjcmV0.",
            f"“{secret}”不是签名密钥：应为 whsec_ 之后接 base64，例如 whsec_c2ltdWxhdGVkIHNpZ25pbmcgc2VjcmV0。",
        )
    control, place = run.client.control, Place(run.server, run.id, forward_to)
    if remove:
        _removed(run, place)
        run.show({"removed": forward_to}, say("Nothing is kept for it any more.", "不再为该地址保留通知。"))
        return
    signed_by, webhook = secret or place.secret or secret_for(forward_to), place.webhook
    if webhook not in {receiver["id"] for receiver in control.list_webhooks(run.id)["results"]}:
        wanted: Any = {"url": None, "secret": signed_by}
        webhook = control.register_webhook(run.id, wanted)["id"]
    place.keep(webhook, signed_by)
    run.client.wire.retries, run.client.wire.timeout = 0, PATIENCE
    source = Waiting(run, place.webhook)
    if skip:
        while found := source.waiting():
            source.acknowledge([str(delivery["id"]) for delivery in found])
    if run.as_json:
        run.line({"listening": run.id, "forward_to": forward_to, "webhook": place.webhook, "secret": place.secret})
    else:
        run.note(
            f"{run.id} → {forward_to}, signed by {place.secret}\n"
            "What comes while this does not run is kept, and forwarded when it does. Ctrl+C ends it.",
            f"{run.id} → {forward_to}，签名密钥 {place.secret}\n停止期间产生的通知会保留，再次运行时转发。按 Ctrl+C 结束。",
        )
    refused: set[str] = set()

    def tell(sending: Sending) -> None:
        (refused.discard if sending.accepted else refused.add)(str(sending.delivery["id"]))
        _tell(run, sending)

    listener = Listener(
        source, forward_to, place, only=events or (), tell=tell, trouble=lambda who, why: _trouble(run, who, why)
    )

    def stop(*_: Any) -> None:
        """The event under way has its end; asked once more, it has not."""
        listener.stopped = True
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, signal.default_int_handler)

    before = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        listener.run(once=once)
    except Gone:
        _removed(run, place)
        raise Ended(NO, say("The receiver wants no more (410).", "接收程序不再接收（410）。")) from None
    except Problem as problem:
        if problem.status == 404:
            place.forget()
        raise
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    summary = {"forwarded": listener.forwarded, "waiting": listener.waits}
    if run.as_json:
        run.line(summary)
    else:
        run.note(
            f"Forwarded {listener.forwarded}; {listener.waits} wait.",
            f"已转发 {listener.forwarded}，待转发 {listener.waits}。",
        )
    if once and refused:
        raise Ended(NO, say(f"{len(refused)} were not accepted.", f"有 {len(refused)} 个没有被接收。"), **summary)


def _removed(run: Run, place: Place) -> None:
    if place.webhook:
        try:
            run.client.control.remove_webhook(run.id, place.webhook)
        except Problem as problem:
            if problem.status != 404:
                raise
    place.forget()


def _tell(run: Run, sending: Sending) -> None:
    delivery = sending.delivery
    if run.as_json:
        run.line(
            {
                "event": delivery["event"],
                "filing": delivery["filing"],
                "webhook_id": delivery["webhook_id"],
                "attempt": sending.attempt,
                "status": sending.status,
                "error": sending.error or None,
                "ms": sending.milliseconds,
                "accepted": sending.accepted,
            }
        )
        return
    answered = (
        f"[green]{sending.status}[/]" if sending.accepted else f"[red]{sending.status or escape(sending.error)}[/]"
    )
    again = "" if sending.attempt == 1 else say(f" (try {sending.attempt})", f"（第 {sending.attempt} 次）")
    run.out.print(
        f"[dim]{datetime.now().astimezone():%H:%M:%S}[/] {delivery['event']:<21} {delivery['filing']} → "
        f"{answered}{again} [dim]{sending.milliseconds} ms[/]",
        soft_wrap=True,
    )


def _trouble(run: Run, who: str, why: str) -> None:
    if run.as_json:
        run.line({"away": who or None, "why": why or None})
        return
    words = {
        "receiver": say(
            "The receiver is not there, and waited for; nothing is lost", "接收程序没有应答，等待中；通知不会丢失"
        ),
        "simulator": say(
            "The simulator is not there, and waited for; nothing is lost", "模拟系统没有应答，等待中；通知不会丢失"
        ),
    }
    if who:
        run.err.print(f"{words[who]}: {escape(why)}", style="yellow", soft_wrap=True)
    else:
        run.err.print(say("All is well again.", "已恢复。"), style="green")
