"""Faults under control: putting them in force, and which one an exchange or a delivery meets."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator, Mapping
from datetime import timedelta

from django.db import transaction
from django.db.models import F, Q, QuerySet

from filings.answers import watching
from filings.lab.faults import addresses, glitches
from filings.lab.worlds import people
from filings.models import Fault, Sandbox, wall
from filings.rules import faults
from filings.rules.appraisal import Problem
from filings.rules.dates import at
from filings.rules.patterns import fits, fits_any, is_exact
from filings.rules.refusals import absent, invalid
from filings.rules.webhooks import EVENTS

LATER = "；以后才有的，请在有了之后布置"


@transaction.atomic
def put(
    sandbox: Sandbox,
    fault: str,
    match: Mapping[str, str] | None = None,
    *,
    times: int | None = None,
    probability: float | None = None,
    ttl_seconds: int | None = None,
) -> Fault:
    """Put a fault in force for what matches.

    Raises 400 `unknown_fault`; 422 for one that could never strike, and of a glitch for times, probability and an end.
    """
    chosen, match = faults.parse(fault), dict(match or {})
    limits = {"times": times, "probability": probability, "ttl_seconds": ttl_seconds}
    if problems := [*_idle(sandbox, chosen.fault.of, match), *_endless(chosen.fault.of, limits)]:
        raise invalid(problems)
    if "path" in match:
        match["path"], _ = addresses.meant(match["path"])
    if chosen.fault.of == "glitch":
        glitches.put(sandbox, chosen.fault.name, match.get("uscc", ""))
    serial = sandbox.tick(serials=1).serial
    Sandbox.objects.filter(pk=sandbox.pk).update(faulty=True)
    return Fault.objects.create(
        sandbox=sandbox,
        serial=serial,
        public_id=f"X{serial:06d}",
        name=chosen.fault.name,
        fault=str(chosen),
        match=match,
        left=times,
        probability=probability,
        expires_at=wall() + timedelta(seconds=ttl_seconds) if ttl_seconds else None,
    )


def in_force(sandbox: Sandbox) -> QuerySet[Fault]:
    """The faults of a sandbox that can still strike, first come first."""
    alive = (Q(expires_at=None) | Q(expires_at__gt=wall())) & (Q(left=None) | Q(left__gt=0))
    return Fault.objects.filter(alive, sandbox=sandbox).order_by("serial")


@transaction.atomic
def take_away(sandbox: Sandbox, public_id: str) -> None:
    """End a fault, and the glitch it put in force. Raises 404."""
    found = Fault.objects.filter(sandbox=sandbox, public_id=public_id).first()
    if found is None:
        raise absent("故障", public_id)
    if faults.FAULTS[found.name].of == "glitch":
        glitches.take_away(sandbox, found.name, found.match.get("uscc", ""))
    found.delete()


def met(sandbox: Sandbox, of: faults.Of, about: Mapping[str, str], but: Collection[str] = ()) -> faults.Chosen | None:
    """The first fault of a sort that strikes what is described by `about`; its count goes down in a transaction of its
    own.

    Those named in `but` cannot strike here, and are not asked.
    """
    names = [fault.name for fault in faults.FAULTS.values() if fault.of == of and fault.name not in but]
    with sandbox.held():
        for found in in_force(sandbox).filter(name__in=names):
            if _matches(found, about) and _strikes(sandbox, found):
                return faults.parse(found.fault)
    return None


def read(found: Fault) -> watching.Fault:
    """A fault as the control plane tells it."""
    return watching.Fault(
        id=found.public_id,
        fault=found.fault,
        of=faults.FAULTS[found.name].of,
        match=watching.FaultLimits(**found.match),
        left=found.left,
        probability=found.probability,
        expires_at=at(found.expires_at),
        fired=found.fired,
    )


def _matches(found: Fault, about: Mapping[str, str]) -> bool:
    """Every named member must fit; `*` in one stands for anything."""
    return all(fits(about.get(name, ""), wanted) for name, wanted in found.match.items())


def _strikes(sandbox: Sandbox, found: Fault) -> bool:
    """Whether it is this one's turn: by the seed of the sandbox where it is a matter of chance, and only as often as
    it may."""
    alive = Fault.objects.filter(Q(left=None) | Q(left__gt=0), pk=found.pk)
    if found.probability is not None:
        alive.update(asked=F("asked") + 1)
        found.refresh_from_db(fields=["asked"])
        drawn = hashlib.sha256(f"{sandbox.seed}:{found.public_id}:{found.asked}".encode()).digest()
        if int.from_bytes(drawn[:8]) / 2**64 >= found.probability:
            return False
    return alive.update(fired=F("fired") + 1, left=F("left") - 1) == 1


# ── whether it could ever strike ──────────────────────────────────────────────────────────────────────────────────


def _idle(sandbox: Sandbox, of: faults.Of, match: Mapping[str, str]) -> Iterator[Problem]:
    """Why a fault for this could never strike. Who is named in full must be there by now; `*` is for those to come as
    well."""
    for name in match:
        if name not in faults.MATCHES[of]:
            takes = "、".join(faults.MATCHES[of])
            yield _never(name, f"{faults.TITLES[of]}类故障不看 {name}，只看 {takes}")
    match = {name: value for name, value in match.items() if name in faults.MATCHES[of]}
    if "path" in match:
        yield from _unreached(match["path"], match.get("method", ""))
    if "event" in match and not fits_any(match["event"], EVENTS):
        yield _never("event", f"没有事件“{match['event']}”，应为 {'、'.join(EVENTS)} 之一")
    if "account" in match and is_exact(match["account"]) and (words := people.no_account(sandbox, match["account"])):
        yield _never("account", words + LATER)
    if (
        "uscc" in match
        and (is_exact(match["uscc"]) or of == "glitch")
        and (words := people.no_enterprise(sandbox, match["uscc"]))
    ):
        yield _never("uscc", words + LATER)


def _unreached(path: str, method: str) -> Iterator[Problem]:
    """Why a fault of transport could never strike at this path, or by this method there."""
    try:
        _, found = addresses.meant(path)
    except addresses.Nowhere as nowhere:
        yield _never("path", str(nowhere))
        return
    struck = [address for address in found if address.struck]
    taken = sorted({method for address in struck for method in address.methods})
    if not struck:
        yield _never("path", f"{found[0].pattern} 是不用登录的地址，故障不影响它")
    elif method and method not in taken:
        yield _never(
            "method",
            f"{'、'.join(address.pattern for address in struck[:3])} 不接受 {method}，只接受 {'、'.join(taken)}",
        )


def _never(name: str, words: str) -> Problem:
    return Problem(f"/match/{name}", "never_matches", words)


def _endless(of: faults.Of, limits: Mapping[str, float | None]) -> Iterator[Problem]:
    """A glitch is a fact, not an occurrence: it neither counts nor runs out."""
    for name, value in limits.items():
        if of == "glitch" and value is not None:
            yield Problem(f"/{name}", "not_allowed", "页面异常类故障没有次数、概率和时限：一直有效，直到撤去")
