"""客户端控件: what it takes to work, and what the FAQ has each kind of user do about it (FAQ 2.8)."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

LATEST = "2.1.0-sim"
"""The newest version of the simulated control. Ours, and visibly so."""

OLDER = "1.9.0-sim"
"""A version gone by."""

NEW: Mapping[str, Any] = {"installed": True, "running": True, "version": LATEST}
"""The control as it is on a clerk's machine unless something happened to it; and as an installation leaves it."""

FOR_CARDLESS = "无卡用户请安装客户端控件"
FOR_CARD_HOLDERS = "有卡用户请重启客户端控件并确认版本为最新"


def ready(control: Mapping[str, Any]) -> bool:
    """Installed, running, and newest: nothing less serves, whatever kind of user it is."""
    return bool(control["installed"] and control["running"] and control["version"] == LATEST)


def answers(seed: int, events: int) -> bool:
    """Whether one that comes and goes answers at this moment of a sandbox: every other time, by chance, the same for a
    seed."""
    return hashlib.sha256(f"{seed}:{events}".encode()).digest()[0] % 2 == 0


def advice(has_card: bool) -> str:
    """What FAQ 2.8 has a user do."""
    return FOR_CARD_HOLDERS if has_card else FOR_CARDLESS
