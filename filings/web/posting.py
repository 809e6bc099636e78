"""From a posted page to a sheet's content: dotted names become one plain nested dict, which `appraise` then judges."""

from __future__ import annotations

from typing import Any

from django.http import QueryDict

from filings.rules.dates import day_written
from filings.rules.numbers import amount_written, whole
from filings.rules.reading import LEVELS
from filings.rules.sheet import Choice, Choices, Date, Field, Flag, Group, Money, Rows, Sheet
from filings.web.picking import code_of, division_of

_FLAGS = {"true": True, "false": False}


def content_of(sheet: type[Sheet], post: QueryDict, *, keep_blank_rows: bool = False) -> dict[str, Any]:
    """What the page says of the sheet, as a patch: a box left empty is null, a name that is not on the page says
    nothing. What people write in many ways (codes, dates, amounts) is brought into the one that programs send.

    Rows left wholly empty are dropped, unless the answer must keep the page's own numbering.
    """
    content: dict[str, Any] = {}
    for name, item in sheet.items.items():
        match item:
            case Group():
                if part := _fields(item.fields, f"{name}.", post):
                    content[name] = part
            case Rows():
                if name in post:
                    rows = [_fields(item.fields, f"{name}.{n}.", post) for n in indexes(name, post)]
                    content[name] = [row for row in rows if keep_blank_rows or any(row.values())] or None
            case _:
                content |= _fields({name: item}, "", post)
    above = None
    for level, name in enumerate(LEVELS, 1):
        if content.get(name):
            content[name] = above = division_of(level, content[name], above)
    return content


def indexes(rows: str, post: QueryDict) -> list[int]:
    """The numbers of the rows a page holds, in order."""
    found = (name.split(".") for name in post if name.startswith(f"{rows}."))
    return sorted({n for parts in found if len(parts) == 3 and (n := whole(parts[1])) is not None})


def version_of(post: QueryDict) -> tuple[int, ...] | None:
    """The version of a filing its page was drawn of, for a deed that is meant for that one; None for a page that says
    none."""
    version = whole(post.get("version", ""))
    return None if version is None else (version,)


def _fields(fields: dict[str, Field], prefix: str, post: QueryDict) -> dict[str, Any]:
    return {name: _value(field, post.getlist(prefix + name)) for name, field in fields.items() if prefix + name in post}


def _value(field: Field, typed: list[str]) -> Any:
    # A hidden empty twin stands before tick boxes, so that none ticked is told from none shown.
    given = [text for text in typed if text.strip()]
    if not given:
        return None
    match field:
        case Choices():
            return [code_of(field.table or "", text) for text in given]
        case Choice(table="divisions"):
            return given[-1]
        case Choice():
            return code_of(field.table or "", given[-1])
        case Date():
            return day_written(given[-1])
        case Money():
            return amount_written(given[-1])
        case Flag():
            return _FLAGS.get(given[-1])
        case _:
            return given[-1]
