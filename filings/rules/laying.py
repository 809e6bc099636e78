"""A change carries only what changes, laid over the approved record (CONTRACT §2)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def lay(record: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    """The record with the changes over it; a change to None empties the place."""
    return {name: value for name, value in {**record, **changes}.items() if value is not None}


def changed(record: Mapping[str, Any], whole: Mapping[str, Any]) -> dict[str, Any]:
    """What of a whole content differs from the record, None where it was emptied. An empty list, 否 and nothing are one."""
    return {name: whole.get(name) for name in {**whole, **record} if (record.get(name) or None) != (whole.get(name) or None)}
