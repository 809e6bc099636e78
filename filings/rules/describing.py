"""A sheet told in words: for the forms, OpenAPI and the fidelity statement."""

from __future__ import annotations

from typing import Any

from filings.rules.numbers import AMOUNT
from filings.rules.register import NEVER, Rule
from filings.rules.sheet import Choice, Choices, Field, Group, Rows, Sheet, Text


def sentence(rule: Rule) -> str | None:
    """A rule's sentence; None for one that never holds."""
    return None if rule is NEVER else rule.sentence


def json_schema(sheet: type[Sheet]) -> dict[str, Any]:
    """The sheet's content as JSON Schema, with when each field is required or locked as sentences (`x-…`)."""
    properties: dict[str, Any] = {}
    for name, item in sheet.items.items():
        match item:
            case Group():
                one = _object({key: _property(field) for key, field in item.fields.items()}, item.label)
                properties[name] = {**one, "type": ["object", "null"]}
            case Rows():
                row = _object({key: _property(field) for key, field in item.fields.items()}, item.label)
                properties[name] = {"type": ["array", "null"], "title": item.label, "maxItems": item.max_rows, "items": row}
            case _:
                properties[name] = _property(item)
    return _object(properties, sheet.__doc__ or "")


def _object(properties: dict[str, Any], title: str) -> dict[str, Any]:
    return {"type": "object", "title": title, "properties": properties, "additionalProperties": False}


def _property(field: Field) -> dict[str, Any]:
    kinds: dict[str, dict[str, Any]] = {
        "flag": {"type": ["boolean", "null"]},
        "date": {"type": ["string", "null"], "anyOf": [{"format": "date"}, {"const": ""}]},
        "money": {"type": ["string", "null"], "pattern": f"^({AMOUNT})?$"},
        "codes": {"type": ["array", "null"], "items": {"type": "string"}},
    }
    told = {
        "title": field.label,
        "description": field.hint or ("可分行，换行以 LF 保存" if isinstance(field, Text) and field.long else None),
        "examples": _examples(field),
        "x-code-table": field.table,
        "x-required-when": sentence(field.required),
        "x-locked-when": sentence(field.locked),
        "x-faq": field.faq,
        "x-provenance": field.provenance.value,
    }
    shape = kinds.get(field.type, {"type": ["string", "null"], **({"maxLength": field.max_length} if field.max_length else {})})
    return {**shape, **{key: value for key, value in told.items() if value is not None}}


def _examples(field: Field) -> list[Any] | None:
    """A right value of what may be sent."""
    if field.returned:
        return None
    match field:
        case Choices():
            return [[field.sample.code]]
        case Choice():
            return [field.sample.code]
    return None if field.example is None else [field.example]
