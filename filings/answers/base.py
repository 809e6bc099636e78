"""What answers are made of: their base, and the words in which their members are described."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Any, ClassVar, dataclass_transform

from django.db.models import TextChoices
from msgspec import Meta, Struct, field

from filings.rules.faq import ENTRIES
from filings.rules.kinds import KINDS
from filings.rules.webhooks import EVENTS


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
class Answer(Struct, frozen=True):
    """Something that is answered. A member that may be left out is of `UnsetType` too, and UNSET where it is.

    alternatives  of an answer that is one of several: each, by what its tag says
    """

    alternatives: ClassVar[dict[str, Any]] = {}


def said(words: str) -> Meta:
    """What the documents say of a member."""
    return Meta(description=words)


def named(name: str, values: Iterable[str], words: str | None = None) -> Meta:
    """A text out of a closed set, which has a name in the documents."""
    return Meta(title=name, description=words, extra_json_schema={"enum": list(values)})


def one_of(choices: type[TextChoices], name: str = "") -> Meta:
    """A text out of a closed set of terms, with their labels. In the documents its name is `name`, or the class's."""
    return named(
        name or choices.__name__, choices.values, "；".join(f"{choice.value} {choice.label}" for choice in choices)
    )


def laid_out(name: str) -> Meta:
    """An object that the document lays out elsewhere, under a name."""
    return Meta(extra_json_schema={"$ref": f"#/components/schemas/{name}"})


KIND = named("Kind", KINDS, "；".join(f"{kind.name} {kind.label}" for kind in KINDS.values()))
"""Which kind of filing."""

ENTRY = named("FaqEntryId", ENTRIES)
"""Which of the thirty entries."""

EVENT = named("WebhookEvent", EVENTS)
"""What a webhook can be told of."""

Instant = Annotated[str, Meta(extra_json_schema={"format": "date-time"})]
"""A moment, as `rfc3339` writes it."""

Day = Annotated[str, Meta(extra_json_schema={"format": "date"})]
"""A calendar date, YYYY-MM-DD."""

Link = Annotated[str, Meta(extra_json_schema={"format": "uri"})]
"""An address."""

Value = Annotated[Any, said("文字、布尔值、数组或 null")]
"""A field's value."""


class Page(Answer):
    """A part of a list that is told in parts."""

    results: list[Any]
    next: Link | None
    previous: Link | None
