"""What makes the documents, of drf-spectacular: loaded when one is asked for."""

from __future__ import annotations

from typing import Any

from drf_spectacular.extensions import OpenApiSerializerExtension
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.plumbing import ResolvedComponent, get_lib_doc_excludes
from drf_spectacular.utils import Direction, extend_schema

from filings.answers.base import Answer
from filings.forms.language import Body
from filings.manners import shaping
from filings.manners.endpoint import Endpoint


class Generator(SchemaGenerator):
    """Makes a document from the notes on each operation (`filings.manners.operations`)."""

    def create_view(self, callback: Any, method: str, request: Any = None) -> Any:
        action = getattr(callback.cls, method.lower())
        if words := vars(action).pop("words", None):
            extend_schema(**words)(action)
        return super().create_view(callback, method, request)


class Answered(OpenApiSerializerExtension):
    """An answer, by its class."""

    target_class = Answer
    match_subclasses = True

    def get_name(self, auto_schema: Any, direction: Direction) -> str:
        return str(self.target.__name__)

    def map_serializer(self, auto_schema: Any, direction: Direction) -> dict[str, Any]:
        return shaping.named()[self.target.__name__]


class Closed(OpenApiSerializerExtension):
    """A body as the document describes it: other members are refused, and its shapes are listed if it has several."""

    target_class = Body
    match_subclasses = True

    def map_serializer(self, auto_schema: Any, direction: Direction) -> dict[str, Any]:
        body: Body = self.target
        made: dict[str, Any] = auto_schema._map_serializer(body, direction, bypass_extensions=True)
        made.pop("description", None)  # the docstring is for us
        examples = {"examples": [body.example]} if body.example else {}
        said = {"description": body.held} if body.held else {}
        if not body.ways:
            return {**made, **said, "additionalProperties": False, **examples}
        for name, way in body.ways.items():
            schema = {**shaping.narrowed(made, way), **said}
            auto_schema.registry.register_on_missing(ResolvedComponent(name, ResolvedComponent.SCHEMA, schema, name))
        return {**shaping.either(made, body.ways), **said, **examples}


def undocumented() -> list[type]:
    """The faces' own base classes: their docstrings do not describe operations."""
    return [*get_lib_doc_excludes(), Endpoint, *shaping.descendants(Endpoint)]
