"""What the documents say of an operation: noted here, read when a document is made (`filings.manners.generating`).

drf-spectacular's own decorator makes a class for every operation and loads everything that makes documents, at every
start.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

from drf_spectacular.utils import OpenApiParameter

__all__ = ["OpenApiParameter", "extend_schema"]

_Method = TypeVar("_Method", bound=Callable[..., Any])

if TYPE_CHECKING:
    from drf_spectacular.utils import extend_schema
else:

    def extend_schema(**words: Any) -> Callable[[_Method], _Method]:
        """The notes for drf-spectacular's decorator of the same name; it gets them when a document is made."""

        def note(method: _Method) -> _Method:
            method.words = words
            return method

        return note
