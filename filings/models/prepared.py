"""Lookups compiled once. Django compiles a query's SQL anew at every call; for the few lookups that every request makes,
that costs ten times the lookup itself.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import Any, Generic, TypeVar

from django.db import connections, models
from django.db.models.query import get_related_populators

M = TypeVar("M", bound=models.Model)


class Prepared(Generic[M]):
    """A lookup of one row, asked many times with other values.

    `build` makes the queryset from `sample` values, all different; where they turn up among the compiled parameters, the
    values of a call take their place. Rows come back as the queryset itself would give them, `select_related` included.
    """

    def __init__(self, build: Callable[..., models.QuerySet[M]], *sample: Any) -> None:
        self._build = build
        self._sample = sample

    @cached_property
    def _compiled(self) -> tuple[str, list[int | None], list[Any], Callable[[Any], M]]:
        queryset = self._build(*self._sample)
        using = queryset.db
        compiler = queryset.query.get_compiler(using=using)
        sql, params = compiler.as_sql()
        places = [self._sample.index(value) if value in self._sample else None for value in params]
        select: Any = compiler.select
        klass: Any = compiler.klass_info
        first, last = klass["select_fields"][0], klass["select_fields"][-1] + 1
        names = [column[0].target.attname for column in select[first:last]]
        converters = compiler.get_converters([column[0] for column in select])
        related = get_related_populators(klass, select, using)  # type: ignore[call-arg, no-untyped-call, unused-ignore]

        def read(row: Any) -> M:
            row = next(iter(compiler.apply_converters([row], converters))) if converters else row
            found: M = klass["model"].from_db(using, names, row[first:last])
            for populator in related:
                populator.populate(row, found)
            return found

        return sql, places, list(params), read

    def one(self, *values: Any) -> M | None:
        """The row for these values, or None."""
        sql, places, params, read = self._compiled
        given = [param if place is None else values[place] for place, param in zip(places, params, strict=True)]
        with connections["default"].cursor() as cursor:
            cursor.execute(sql, given)
            row = cursor.fetchone()
        return None if row is None else read(row)
