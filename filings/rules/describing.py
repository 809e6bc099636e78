"""A sheet told in words: for the forms, OpenAPI and the fidelity statement."""

from __future__ import annotations

from typing import Any

from filings.rules.numbers import AMOUNT
from filings.rules.register import NEVER, Rule
from filings.rules.sheet import Choice, Choices, Field, Group, Rows, Sheet, Text


def sentence(rule: Rule) -> str | None:
    """A rule's sentence; None for one that never holds."""
    return None if rule is NEVER else rule.sentence


def json_schemas(sheet: type[Sheet], words: str) -> dict[str, dict[str, Any]]:
    """The sheet's content as JSON Schema, with when each field is required or locked as sentences (`x-…`).

    Every object of it by a name of its own: the content itself, `words` of what, its groups, the rows of its tables.
    """
    name = f"{sheet.__name__}Content"
    properties: dict[str, Any] = {}
    found: dict[str, dict[str, Any]] = {name: _object(properties, words)}
    for key, item in sheet.items.items():
        own = sheet.__name__ + key.title().replace("_", "")
        match item:
            case Group():
                found[own] = _object({part: _property(field) for part, field in item.fields.items()}, item.label)
                properties[key] = {"anyOf": [_reference(own), {"type": "null"}]}
            case Rows():
                found[f"{own}Row"] = _object(
                    {part: _property(field) for part, field in item.fields.items()}, item.label
                )
                shape = {"description": item.label, "maxItems": item.max_rows, "items": _reference(f"{own}Row")}
                properties[key] = {"type": ["array", "null"], **shape}
            case _:
                properties[key] = _property(item)
    return found


def _reference(name: str) -> dict[str, Any]:
    return {"$ref": f"#/components/schemas/{name}"}


def _object(properties: dict[str, Any], words: str) -> dict[str, Any]:
    # A title would become the name of a class in what generators make of it.
    return {"type": "object", "description": words, "properties": properties, "additionalProperties": False}


def _property(field: Field) -> dict[str, Any]:
    kinds: dict[str, dict[str, Any]] = {
        "flag": {"type": ["boolean", "null"]},
        "date": {"type": ["string", "null"], "pattern": "^([0-9]{4}-[0-9]{2}-[0-9]{2})?$"},
        "money": {"type": ["string", "null"], "pattern": f"^({AMOUNT})?$"},
        "codes": {"type": ["array", "null"], "items": {"type": "string"}},
    }
    about = {
        "title": field.label,
        "description": field.hint or ("可分行，换行以 LF 保存" if isinstance(field, Text) and field.long else None),
        "examples": _examples(field),
        "x-code-table": field.table,
        "x-required-when": sentence(field.required),
        "x-locked-when": sentence(field.locked),
        "x-faq": field.faq,
        "x-provenance": field.provenance.value,
    }
    shape = kinds.get(
        field.type, {"type": ["string", "null"], **({"maxLength": field.max_length} if field.max_length else {})}
    )
    return {**shape, **{key: value for key, value in about.items() if value is not None}}


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
