"""The schemas of the documents, in the form that public generators of clients understand.

Every type that has a name is a component of it; no schema is a boolean or a negation; a closed set of texts says that they are texts; of
an object that is one of several each is whole, has a name, and is told from the others by a member where there is one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from msgspec.json import schema_components

from filings.answers.base import Answer
from filings.rules.describing import json_schema
from filings.rules.kinds import KINDS
from filings.rules.sheets.annual_report import AnnualReport

Schema = dict[str, Any]

REF = "#/components/schemas/{name}"
NULL = {"type": "null"}


def reference(name: str) -> Schema:
    """A schema by its name."""
    return {"$ref": REF.format(name=name)}


def one_of(alternatives: Mapping[str, str], by: str) -> Schema:
    """One of several, by their names; `alternatives` by what the member `by` says."""
    mapping = {said: REF.format(name=name) for said, name in alternatives.items()}
    return {
        "oneOf": [reference(name) for name in alternatives.values()],
        "discriminator": {"propertyName": by, "mapping": mapping},
    }


@cache
def named() -> Mapping[str, Schema]:
    """Every schema that has a name, but those of requests: of answers, of what they are made of, of the sheets' contents."""
    every = list(descendants(Answer))
    _, found = schema_components(every, ref_template=REF)
    if len(found) < len({cls.__name__ for cls in every}):
        raise TypeError(f"two answers of one name: {[name for name in found if '.' in name]}")
    for schema in found.values():
        # The docstrings are for us.
        schema.pop("title", None)
        schema.pop("description", None)
    for cls in every:
        if "alternatives" in vars(cls):
            kinds = {said: one.__name__ for said, one in cls.alternatives.items()}
            [by] = {str(one.__struct_config__.tag_field) for one in cls.alternatives.values()}
            found[cls.__name__] = one_of(kinds, by)
    sheets = (*(kind.sheet for kind in KINDS.values()), AnnualReport)
    found |= {f"{sheet.__name__}Content": json_schema(sheet) for sheet in sheets}
    return {name: _tidy(schema, found) for name, schema in list(found.items())} | {
        name: schema for name, schema in found.items() if "enum" in schema
    }


def descendants(cls: type[Any]) -> Iterator[type[Any]]:
    """A class's subclasses, theirs, and so on."""
    for one in cls.__subclasses__():
        yield one
        yield from descendants(one)


def complete(document: Schema) -> None:
    """Add to a document's schemas those they refer to, and see that all are in the form described above."""
    schemas = document["components"].setdefault("schemas", {})
    while missing := set(_referred_to(document)) - schemas.keys():
        schemas |= {name: named()[name] for name in sorted(missing)}
    document["components"]["schemas"] = dict(sorted(schemas.items()))


def _referred_to(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        if isinstance(to := node.get("$ref"), str) and to.startswith(REF.format(name="")):
            yield to.rpartition("/")[2]
        node = list(node.values())
    if isinstance(node, list):
        for one in node:
            yield from _referred_to(one)


def _tidy(node: Any, schemas: dict[str, Schema]) -> Any:
    """A schema as described above; a closed set that has a name goes to `schemas`."""
    if isinstance(node, list):
        return [_tidy(one, schemas) for one in node]
    if not isinstance(node, dict):
        return node
    node = {key: _tidy(value, schemas) for key, value in node.items()}
    if node.get("enum") and isinstance(node["enum"], list):
        return _closed_set(node, schemas)
    if "$ref" in node:
        node.pop("type", None)
    if (options := node.get("anyOf")) and isinstance(options, list) and NULL in options and len(options) == 2:
        [other] = [one for one in options if one != NULL]
        if "$ref" not in other:
            del node["anyOf"]
            return {**other, **node, "type": [other["type"], "null"]}
    return node


def _closed_set(node: Schema, schemas: dict[str, Schema]) -> Schema:
    values = node["enum"]
    if len(values) == 1 and "title" not in node:
        return {**{key: value for key, value in node.items() if key != "enum"}, "type": "string", "const": values[0]}
    told = {**node, "type": "string"}
    name = told.pop("title", "")
    if not re.fullmatch(r"[A-Z]\w+", name):
        return told
    schemas[name] = told
    return reference(name)
