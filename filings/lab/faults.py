"""Faults under control: putting them in force, and which one an exchange or a delivery meets."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from datetime import timedelta
from fnmatch import fnmatchcase
from typing import Any

from django.db import transaction
from django.db.models import F, Q, QuerySet

from filings.lab import glitches
from filings.models import Fault, Sandbox, wall
from filings.rules import faults
from filings.rules.appraisal import Problem
from filings.rules.dates import rfc3339
from filings.rules.refusals import absent, invalid

MATCH = ("method", "path", "account", "event", "uscc")
"""What a fault may be for, in the order in which it is told: a database keeps none."""


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
    """Put a fault in force for what matches. Raises 400 `unknown_fault`; a glitch has neither times nor probability (422)."""
    chosen = faults.parse(fault)
    if chosen.fault.of == "glitch":
        if times is not None or probability is not None:
            raise invalid([Problem("/times", "not_allowed", "场面类故障没有次数和概率")])
        glitches.put(sandbox, chosen.fault.name, (match or {}).get("uscc", ""))
    serial = sandbox.tick(serials=1).serial
    Sandbox.objects.filter(pk=sandbox.pk).update(faulty=True)
    return Fault.objects.create(
        sandbox=sandbox, serial=serial, public_id=f"X{serial:06d}", name=chosen.fault.name, fault=str(chosen), match=dict(match or {}),
        left=times, probability=probability, expires_at=wall() + timedelta(seconds=ttl_seconds) if ttl_seconds else None,
    )  # fmt: skip


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


@transaction.atomic
def met(sandbox: Sandbox, of: faults.Of, about: Mapping[str, str], but: Collection[str] = ()) -> faults.Chosen | None:
    """The first fault of a sort that strikes what is described by `about`; its count goes down in a transaction of its own.

    Those named in `but` cannot strike here, and are not asked.
    """
    names = [one.name for one in faults.FAULTS.values() if one.of == of and one.name not in but]
    for found in in_force(sandbox).filter(name__in=names):
        if _matches(found, about) and _strikes(sandbox, found):
            return faults.parse(found.fault)
    return None


def read(found: Fault) -> dict[str, Any]:
    """A fault as the control plane tells it."""
    match = {name: found.match[name] for name in MATCH if name in found.match}
    return {
        "id": found.public_id, "fault": found.fault, "of": faults.FAULTS[found.name].of, "match": match, "left": found.left,
        "probability": found.probability, "expires_at": rfc3339(found.expires_at) if found.expires_at else None, "fired": found.fired,
    }  # fmt: skip


def _matches(found: Fault, about: Mapping[str, str]) -> bool:
    """Every named member must fit; `*` in one stands for anything."""
    return all(fnmatchcase(about.get(name, ""), wanted) for name, wanted in found.match.items())


def _strikes(sandbox: Sandbox, found: Fault) -> bool:
    """Whether it is this one's turn: by the seed of the sandbox where it is a matter of chance, and only as often as it may."""
    alive = Fault.objects.filter(Q(left=None) | Q(left__gt=0), pk=found.pk)
    if found.probability is not None:
        alive.update(asked=F("asked") + 1)
        found.refresh_from_db(fields=["asked"])
        drawn = hashlib.sha256(f"{sandbox.seed}:{found.public_id}:{found.asked}".encode()).digest()
        if int.from_bytes(drawn[:8]) / 2**64 >= found.probability:
            return False
    return alive.update(fired=F("fired") + 1, left=F("left") - 1) == 1
