"""A change carries only what changes, laid over the approved record: what that record says, laying, and what
differs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def on_record(record: Mapping[str, Any], uscc: str | None, name_cn: str | None) -> dict[str, Any]:
    """The sheet an enterprise has on record: the one approved, and where the record itself says otherwise, as the
    record says.

    A ledger may have been laid without a sheet, or over one. Nothing of an enterprise that has no record.
    """
    if not record:
        return {}
    content, categories = record.get("content") or {}, record.get("categories") or ()
    laid = {"uscc": uscc, "name_cn": name_cn, **content}
    if categories and content.get("category") not in categories:
        laid["category"] = categories[0]
    if investors := record.get("investors"):
        laid["investors"] = [_typed_in(row) for row in investors]
    return {name: value for name, value in laid.items() if value is not None}


def _typed_in(investor: Mapping[str, Any]) -> dict[str, Any]:
    """An investor without what customs returned (FAQ 2.16)."""
    return {key: value for key, value in investor.items() if value is not None and key != "amount_usd"}


def lay(record: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    """The record with the changes over it; a change to None empties the place."""
    return {name: value for name, value in {**record, **changes}.items() if value is not None}


def changed(record: Mapping[str, Any], whole: Mapping[str, Any]) -> dict[str, Any]:
    """What of a whole content differs from the record, None where it was emptied. An empty list, 否 and nothing are
    one."""
    return {
        name: whole.get(name) for name in {**whole, **record} if (record.get(name) or None) != (whole.get(name) or None)
    }
