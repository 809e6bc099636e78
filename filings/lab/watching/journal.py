"""Writing exchanges down, reading them, and asking whether they were as expected."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.conf import settings
from django.db import DatabaseError, transaction
from django.db.models import Count, QuerySet

from filings.answers import watching
from filings.lab.faults import addresses
from filings.lab.watching import coverage, masking, mending, tail
from filings.lab.worlds import people
from filings.models import Exchange, Sandbox, wall
from filings.rules.appraisal import Problem
from filings.rules.dates import rfc3339
from filings.rules.patterns import fits, fits_any, is_exact
from filings.rules.refusals import Refusal, absent, invalid

KEPT = 5_000
"""Exchanges kept of one sandbox; older ones go. Ours."""

GO_AT_ONCE = 250
"""How many are forgotten in one go: whoever writes meanwhile waits for no more."""

LONGEST = 64 * 1024
"""Characters kept of a body."""

HEADERS = (
    "Content-Type",
    "Idempotency-Key",
    "If-Match",
    "X-Sim-Scenario",
    "X-Sim-Fault",
    "X-Request-Id",
    "ETag",
    "Location",
    "Retry-After",
    "Idempotency-Replayed",
)
"""Headers worth keeping; Authorization is not among them."""


def write(sandbox: Sandbox, **columns: Any) -> None:
    """Write an exchange down; of bodies only so much is kept. What goes wrong here never reaches the client."""
    if mending.paused():
        return
    try:
        columns = {name: _storable(value) for name, value in columns.items()}
        columns["query"] = masking.query(columns["query"])
        for name in ("request_body", "response_body"):
            columns[name] = masking.body(columns[name])[:LONGEST]
        tail.add(sandbox=sandbox.key, at=sandbox.now(), at_real=wall(), **columns)
    except (DatabaseError, OSError) as error:
        mending.mend(error)


def _storable(value: Any) -> Any:
    """Without NUL, which PostgreSQL keeps in no text, and without lone surrogates, which nobody does."""
    if isinstance(value, str):
        value = value.replace("\0", "") if "\0" in value else value
        return value if value.isascii() else value.encode("utf-8", "replace").decode()
    return {name: _storable(inside) for name, inside in value.items()} if isinstance(value, dict) else value


def trim() -> None:
    """Forget all but the newest exchanges of every sandbox; what a client met in the others stays met. No request
    waits for it."""
    if not settings.SIM_JOURNAL or mending.paused():
        return
    try:
        tail.settle()
        many = Exchange.objects.values("sandbox").annotate(of_it=Count("id")).filter(of_it__gt=KEPT)
        for key in list(many.values_list("sandbox", flat=True)):
            _trim(key)
    except (DatabaseError, OSError) as error:
        mending.mend(error)


def _trim(key: str) -> None:
    newest = _of(key).order_by("-id").values_list("id", flat=True)
    gone = list(newest[KEPT:])
    sandbox = Sandbox.objects.filter(key=key).first()
    if sandbox is not None:
        with suppress(Refusal):  # it was deleted meanwhile
            coverage.keep_unhurried(sandbox)
    for n in range(0, len(gone), GO_AT_ONCE):
        Exchange.objects.filter(id__in=gone[n : n + GO_AT_ONCE]).delete()


def of(sandbox: Sandbox) -> QuerySet[Exchange]:
    """The exchanges of a sandbox, until now."""
    return _of(sandbox.key)


def _of(key: str) -> QuerySet[Exchange]:
    tail.settle()
    return Exchange.objects.filter(sandbox=key)


def find(sandbox: Sandbox, number: int) -> Exchange:
    """An exchange by its number. Raises 404."""
    found = of(sandbox).filter(pk=number).first()
    if found is None:
        raise absent("往来记录", number)
    return found


def clear(sandbox: Sandbox) -> None:
    """Forget the exchanges of a sandbox; what a client met in them stays met."""
    _keep_what_was_met(sandbox)
    forget(sandbox.key)


@transaction.atomic
def _keep_what_was_met(sandbox: Sandbox) -> None:
    sandbox.lock_anew()
    coverage.keep(sandbox)


def forget(key: str) -> int:
    """Forget every exchange of a sandbox. Returns how many there were."""
    return _of(key).delete()[0]


def read(exchange: Exchange) -> watching.Exchange:
    """An exchange as the control plane tells it."""
    return watching.Exchange(
        id=exchange.pk,
        at=rfc3339(exchange.at),
        at_real=rfc3339(exchange.at_real),
        method=exchange.method,
        path=exchange.path,
        query=exchange.query or None,
        status=exchange.status,
        code=exchange.code or None,
        account=exchange.account or None,
        medium=exchange.medium or None,
        filing=exchange.filing or None,
        scenario=exchange.scenario or None,
        fault=exchange.fault or None,
        milliseconds=round(exchange.milliseconds, 3),
        request_id=exchange.request_id,
        request=watching.Half(_in_order(exchange.request_headers), masking.readable(exchange.request_body)),
        response=watching.Half(_in_order(exchange.response_headers), masking.readable(exchange.response_body)),
    )


def _in_order(headers: Mapping[str, str]) -> dict[str, str]:
    """Headers in the order of HEADERS: a database keeps none."""
    return {name: headers[name] for name in HEADERS if name in headers}


# ── verifying ─────────────────────────────────────────────────────────────────────────────────────────────────────

NEAREST = 5
"""How many near misses an answer names."""


@dataclass(frozen=True)
class Wanted:
    """What exchanges are looked for: each member given must fit; `*` in method, path and account stands for anything.

    `body` is a part: what it names must be there in the request's body, lists in full.
    """

    match: Mapping[str, Any]

    @cached_property
    def tests(self) -> dict[str, Callable[[Exchange], str | None]]:
        """By member: what is wrong with an exchange, None if it fits."""
        texts = {name: str(self.match[name]) for name in ("method", "path", "account") if name in self.match}
        tests: dict[str, Callable[[Exchange], str | None]] = {name: _fits(name, text) for name, text in texts.items()}
        if "status" in self.match:
            tests["status"] = lambda exchange: (
                None if exchange.status == self.match["status"] else f"status {exchange.status}"
            )
        if "body" in self.match:
            tests["body"] = lambda exchange: next(
                _differences(self.match["body"], masking.readable(exchange.request_body), ""), None
            )
        return tests


def _fits(name: str, wanted: str) -> Callable[[Exchange], str | None]:
    def test(exchange: Exchange) -> str | None:
        has = getattr(exchange, name)
        return None if fits(has, wanted) else f"{name} {has}"

    return test


def verify(sandbox: Sandbox, match: Mapping[str, Any], count: Mapping[str, int]) -> watching.Verified:
    """Whether as many exchanges fit as expected, how many do, and those that miss by one thing only.

    Raises 422 for what no exchange could ever fit: that it did not happen would say nothing. Raises 409 where none are
    written down.
    """
    if not settings.SIM_JOURNAL:
        raise Refusal("journal_off")
    match = _possible(sandbox, match)
    wanted, found = Wanted(match), 0
    near: list[watching.NearMiss] = []
    for exchange in of(sandbox).order_by("-id")[:KEPT]:
        wrong = {name: said for name, test in wanted.tests.items() if (said := test(exchange)) is not None}
        if not wrong:
            found += 1
        elif len(wrong) == 1 and len(near) < NEAREST and len(wanted.tests) > 1:
            near.append(
                watching.NearMiss(exchange.pk, exchange.method, exchange.path, exchange.status, _words(wrong, match))
            )
    least, most = count.get("exactly", count.get("at_least", 0)), count.get("exactly", count.get("at_most"))
    return watching.Verified(found >= least and (most is None or found <= most), found, near)


def _possible(sandbox: Sandbox, match: Mapping[str, Any]) -> dict[str, Any]:
    """What is looked for, as it is matched: a path may be written from `/api/v1` on, a method in small letters."""
    read, problems = dict(match), []
    if "path" in match:
        try:
            read["path"], found = addresses.meant(match["path"])
            if not any(address.journalled for address in found):
                problems.append(("path", f"{found[0].pattern} 与沙箱无关，它的往来不记录"))
        except addresses.Nowhere as nowhere:
            problems.append(("path", str(nowhere)))
    if "method" in match:
        read["method"] = match["method"].upper()
        if not fits_any(read["method"], addresses.METHODS):
            problems.append(("method", f"没有方法“{match['method']}”，应为 {'、'.join(addresses.METHODS)} 之一"))
    if "account" in match and is_exact(match["account"]) and (words := people.no_account(sandbox, match["account"])):
        # It may have gone with a world that was replaced.
        problems += [] if of(sandbox).filter(account=match["account"]).exists() else [("account", words)]
    if problems:
        raise invalid([Problem(f"/match/{name}", "never_matches", words) for name, words in problems])
    return read


def _words(wrong: Mapping[str, str], match: Mapping[str, Any]) -> str:
    """`same method, path; other body at /content/category`."""
    same = ", ".join(name for name in match if name not in wrong)
    return f"same {same}; other {next(iter(wrong.values()))}"


def _differences(wanted: Any, has: Any, at: str) -> Iterator[str]:
    """Where a body is not what is wanted of it, outermost first."""
    if isinstance(wanted, dict) and isinstance(has, dict):
        for key, value in wanted.items():
            if key not in has:
                yield f"body at {at}/{key}"
            else:
                yield from _differences(value, has[key], f"{at}/{key}")
    elif isinstance(wanted, list) and isinstance(has, list) and len(wanted) == len(has):
        for n, (wanted_item, item) in enumerate(zip(wanted, has, strict=True)):
            yield from _differences(wanted_item, item, f"{at}/{n}")
    elif wanted != has:
        yield f"body at {at or '/'}"


def exchanges(sandbox: Sandbox, **asked: Any) -> QuerySet[Exchange]:
    """The exchanges of a sandbox by method, path (a beginning, whole or from `/api/v1` on), status, account, filing,
    code.

    Raises 400 for a path with which no address begins.
    """
    rows = of(sandbox)
    if path := asked.pop("path", None):
        try:
            beginning, _ = addresses.meant(f"{path}*")
        except addresses.Nowhere as nowhere:
            raise Refusal("never_matches", f"path：{nowhere}", status=400) from None
        rows = rows.filter(path__startswith=beginning.rstrip("*"))
    return rows.filter(**{name: value for name, value in asked.items() if value is not None})


def all_read(rows: Sequence[Exchange]) -> list[watching.Exchange]:
    """Exchanges as the control plane tells them."""
    return [read(row) for row in rows]
