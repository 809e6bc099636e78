"""What of an exchange may be written down: a client's secrets never, however they are spelt."""

from __future__ import annotations

import json
import re
from typing import Any
from urllib.parse import unquote_plus

import orjson

SECRET = frozenset(
    {
        "password",
        "pin",
        "old_pin",
        "new_pin",
        "token",
        "card_token",
        "signature",
        "secret",
        "private_key",
        "control_key",
    }
)
"""Members of a body, and parameters of a query, whose values are masked."""

_SIGNS = (b"\\u", "\u212a".encode(), *sorted({f'{name.rpartition("_")[2]}"'.encode() for name in SECRET}))
"""What stands in a body that may have a secret member: the end of its name, or letters that are written otherwise:
escaped, or as the sign of Kelvin, the one beyond ASCII whose small letter is not."""

MASK = "***"

DEEP = 100
"""Brackets from which on a body may be too deep to be told as JSON among others."""

_ESCAPED = re.compile(r"\\u00([2-7][0-9a-fA-F])")
_IN_TEXT = re.compile(rf'("(?:{"|".join(sorted(SECRET))})"\s*:\s*)("(?:[^"\\]|\\.)*"?|[^,\s\]}}]+)', re.IGNORECASE)


def body(text: str) -> str:
    """A body as it is kept: JSON with the values of its secret members masked; what is no JSON as text, masked too."""
    if not _suspect(text):
        return text
    try:
        found = orjson.loads(text) if text else None
    except orjson.JSONDecodeError:
        return _IN_TEXT.sub(rf'\1"{MASK}"', _ESCAPED.sub(lambda escape: chr(int(escape[1], 16)), text))
    if not _mask(found):
        return text
    try:
        return orjson.dumps(found).decode()
    except TypeError:
        # Deeper than one is written at all; it was read, so it can be written by a slower hand, or else not told.
        try:
            return json.dumps(found, ensure_ascii=False)
        except RecursionError:
            return MASK


def _suspect(text: str) -> bool:
    """Whether a body can have a secret member at all."""
    small = text.encode().lower()
    return any(sign in small for sign in _SIGNS)


def query(text: str) -> str:
    """A query with the values of its secret parameters masked."""
    return "&".join(_parameter(part) for part in text.split("&"))


def readable(text: str) -> Any:
    """A kept body as JSON where it can be told so beside others, else as text; None for none."""
    if not text:
        return None
    try:
        found = orjson.loads(text)
        if text.count("[") + text.count("{") > DEEP:
            # Whoever reads it finds it inside an answer, a little deeper than here.
            orjson.dumps([[[[[[[[found]]]]]]]])
    except (orjson.JSONDecodeError, TypeError):
        return text
    return found


def _mask(found: Any) -> bool:
    """Mask in place, without recursion: a body may be as deep as it is read. Returns whether there was anything to
    mask."""
    masked, left = False, [found]
    while left:
        node = left.pop()
        if isinstance(node, dict):
            for name, value in node.items():
                if name.lower() in SECRET and value is not None:
                    node[name], masked = MASK, True
                elif isinstance(value, dict | list):
                    left.append(value)
        elif isinstance(node, list):
            left += [inside for inside in node if isinstance(inside, dict | list)]
    return masked


def _parameter(part: str) -> str:
    name, equals, _ = part.partition("=")
    return f"{name}={MASK}" if equals and unquote_plus(name).lower() in SECRET else part
