"""What the documents tell of an operation: noted where it is done, read when a document is made
(`filings.manners.generating`).

drf-spectacular's own decorator makes a class for every operation and loads all that makes documents, at every start.
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
        """What drf-spectacular's decorator of that name is to be told of an endpoint's method, when it comes to
        that."""

        def note(method: _Method) -> _Method:
            method.words = words
            return method

        return note
