"""The schemas of the documents, in the form that public client generators understand.

Every object and every closed set of texts is a component with a name. No schema is a boolean or a negation. If an
object is one of several, a member tells which, where there is such a member.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import Any

from msgspec.json import schema_components

from filings.answers.base import Answer
from filings.forms.language import Way
from filings.rules.describing import json_schemas
from filings.rules.kinds import KINDS
from filings.rules.sheets.annual_report import AnnualReport

Schema = dict[str, Any]

REF = "#/components/schemas/{name}"
NULL = {"type": "null"}
_EVERY = {"object", "array", "string", "number", "boolean", "null"}
_NAME = re.compile("[A-Z][A-Za-z0-9]+")


def reference(name: str) -> Schema:
    """A schema by its name."""
    return {"$ref": REF.format(name=name)}


def descendants(cls: type[Any]) -> Iterator[type[Any]]:
    """A class's subclasses, theirs, and so on."""
    for subclass in cls.__subclasses__():
        yield subclass
        yield from descendants(subclass)


# ── requests ──────────────────────────────────────────────────────────────────────────────────────────────────────


def narrowed(body: Schema, way: Way) -> Schema:
    """The full schema of one shape of a body."""
    needs = {*body.get("required", ()), *way.needs}
    properties = {name: shape for name, shape in body["properties"].items() if name not in way.without}
    for name, less in way.only.items():
        properties[name] = dict(less) if "$ref" in less else {"type": "string", **less}
    for name in way.needs:
        if isinstance(properties[name].get("type"), list):
            [kind] = [property_ for property_ in properties[name]["type"] if property_ != "null"]
            properties[name] = {**properties[name], "type": kind}
    required = [name for name in properties if name in needs]
    return {
        "type": "object",
        "properties": properties,
        **({"required": required} if required else {}),
        "additionalProperties": False,
    }


def either(body: Schema, ways: Mapping[str, Way]) -> Schema:
    """The schema of a body that has one of several shapes."""
    always = {*body.get("required", ())}
    says = {
        name: {part: narrower.get("const") for part, narrower in way.only.items() if part in always.union(way.needs)}
        for name, way in ways.items()
    }
    return one_of(says)


def one_of(alternatives: Mapping[str, Mapping[str, str | None]]) -> Schema:
    """One of several objects by their names, each with its fixed members. A member that is fixed in all of them tells
    which it is."""
    made: Schema = {"oneOf": [reference(name) for name in alternatives]}
    shared = set.intersection(*({part for part, value in says.items() if value} for says in alternatives.values()))
    for by in sorted(shared)[:1]:
        mapping = {str(says[by]): REF.format(name=name) for name, says in alternatives.items()}
        made["discriminator"] = {"propertyName": by, "mapping": mapping}
    return made


# ── whatever has a name ───────────────────────────────────────────────────────────────────────────────────────────


@cache
def named() -> Mapping[str, Schema]:
    """Every named schema except those of requests: answers, their parts, and the contents of the sheets."""
    every = list(descendants(Answer))
    _, found = schema_components(every, ref_template=REF)
    if doubled := [name for name in found if "." in name]:
        raise TypeError(f"two answers of one name: {doubled}")
    for schema in found.values():
        for words in ("title", "description"):  # of the class: its docstring is for us
            schema.pop(words, None)
    for cls in every:
        if "alternatives" in vars(cls):
            kinds = cls.alternatives.items()
            found[cls.__name__] = one_of(
                {answer.__name__: {answer.__struct_config__.tag_field: said} for said, answer in kinds}
            )
    for kind in KINDS.values():
        found |= json_schemas(kind.sheet, kind.label)
    found |= json_schemas(AnnualReport, "海关年报")
    found["SheetContent"] = {"anyOf": [reference(f"{kind.sheet.__name__}Content") for kind in KINDS.values()]}
    sets = _Sets({})
    return {name: _tidied(schema, sets) for name, schema in found.items()} | sets.met


def complete(document: Schema) -> None:
    """Bring a document into the form described above, with all the schemas it refers to and no others."""
    components, sets = (
        document["components"],
        _Sets({name: schema for name, schema in named().items() if "enum" in schema}),
    )
    schemas = components["schemas"] = _tidied(components.get("schemas", {}), sets)
    document["paths"] = _tidied(document["paths"], sets)
    while missing := set(_referred_to(document)) - schemas.keys():
        schemas |= {name: named()[name] for name in missing}
    components["schemas"] = dict(sorted(schemas.items()))


def _referred_to(node: Any) -> Iterator[str]:
    for inner in _inside(node):
        if isinstance(inner, dict) and str(inner.get("$ref", "")).startswith(REF.format(name="")):
            yield inner["$ref"].rpartition("/")[2]


def _inside(node: Any) -> Iterator[Any]:
    yield node
    parts: Iterable[Any] = node.values() if isinstance(node, dict) else node if isinstance(node, list) else ()
    for part in parts:
        yield from _inside(part)


class _Sets:
    """The closed sets with a name: known ones are found by their values, new ones by their title, which is their
    name."""

    def __init__(self, known: Mapping[str, Schema]) -> None:
        self.known = {tuple(schema["enum"]): name for name, schema in known.items()}
        self.met: dict[str, Schema] = {}

    def name_of(self, schema: Schema) -> str:
        """The name of a set; "" if it has none, or if something is said here that is not true of the whole set."""
        if _NAME.fullmatch(name := schema.get("title", "")):
            self.met[name] = {key: value for key, value in schema.items() if key != "title"}
            return str(name)
        return self.known.get(tuple(schema["enum"]), "") if schema.keys() == {"type", "enum"} else ""


def _tidied(node: Any, sets: _Sets) -> Any:
    """A schema in the form described above."""
    if isinstance(node, list):
        return [_tidied(item, sets) for item in node]
    if not isinstance(node, dict):
        return node
    schema = {key: _tidied(value, sets) for key, value in node.items() if key != "x-spec-enum-id"}
    if isinstance(schema.get("enum"), list):
        return _closed_set(schema, sets)
    if isinstance(kinds := schema.get("type"), list) and {*kinds} == _EVERY:
        del schema["type"]
    if isinstance(schema.get("$ref"), str):
        schema.pop("type", None)
    if isinstance(options := schema.get("anyOf"), list) and NULL in options and len(options) == 2:
        [other] = [option for option in options if option != NULL]
        if "type" in other:
            del schema["anyOf"]
            return {**other, **schema, "type": [other["type"], "null"]}
    return schema


def _closed_set(schema: Schema, sets: _Sets) -> Schema:
    schema.setdefault("type", "string")
    if name := sets.name_of(schema):
        return reference(name)
    if len(schema["enum"]) == 1:
        [schema["const"]] = schema.pop("enum")
    return schema
