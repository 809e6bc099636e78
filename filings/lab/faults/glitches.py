"""Putting documented misbehaviours in force, and taking them away."""

from __future__ import annotations

from typing import Any

from filings.lab.watching import marks
from filings.models import Glitch, Sandbox
from filings.rules.glitches import GLITCHES


def put(sandbox: Sandbox, name: str, uscc: str = "", **args: Any) -> None:
    """Put a misbehaviour in force, about one enterprise or about all; again is the same as once, with the newest
    `args`."""
    assert name in GLITCHES, name
    Glitch.objects.update_or_create(sandbox=sandbox, name=name, uscc=uscc, defaults={"args": args, "mended": False})
    marks.remember(sandbox, marks.Part.GLITCH, [name])


def take_away(sandbox: Sandbox, name: str, uscc: str = "") -> bool:
    """End a misbehaviour. Tells whether it was in force."""
    return Glitch.objects.filter(sandbox=sandbox, name=name, uscc=uscc).delete()[0] > 0
