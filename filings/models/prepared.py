"""Lookups and inserts compiled once. Django compiles a query's SQL anew at every call; for the few that every request makes,
that costs ten times the statement itself.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any, Generic, TypeVar

from django.db import connections, models
from django.db.models.query import get_related_populators

M = TypeVar("M", bound=models.Model)


class Prepared(Generic[M]):
    """A lookup of one row, asked many times with other values.

    `build` makes the queryset from `sample` values, all different; where they turn up among the compiled parameters, the
    values of a call take their place. Rows come back as the queryset itself would give them, with what it selects and annotates.
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
        told = list(compiler.annotation_col_map.items())
        related = get_related_populators(klass, select, using)  # type: ignore[call-arg, no-untyped-call, unused-ignore]

        def read(row: Any) -> M:
            row = next(iter(compiler.apply_converters([row], converters))) if converters else row
            found: M = klass["model"].from_db(using, names, row[first:last])
            for populator in related:
                populator.populate(row, found)
            for name, place in told:
                setattr(found, name, row[place])
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


class PreparedInsert(Generic[M]):
    """An INSERT of one row, made many times.

    `beside` is what the row is selected from: a statement of its own that must run in the same stroke.
    """

    def __init__(self, model: type[M], using: str = "default", beside: str = "") -> None:
        self.model = model
        self._using = using
        self._beside = beside

    @cached_property
    def _compiled(self) -> tuple[str, list[tuple[str, Callable[[Any], Any] | None]]]:
        database = connections[self._using]
        quoted = database.ops.quote_name
        fields = [field for field in self.model._meta.local_concrete_fields if not field.primary_key]
        columns, values = ", ".join(quoted(str(field.column)) for field in fields), ", ".join(["%s"] * len(fields))
        row = f"SELECT {values} FROM ({self._beside}) AS beside" if self._beside else f"VALUES ({values})"  # noqa: S608 - names of our own
        sql = f"INSERT INTO {quoted(self.model._meta.db_table)} ({columns}) {row}"
        return sql, [(field.attname, None if isinstance(field, _PLAIN) else _as_saved(field, self._using)) for field in fields]

    def add(self, **values: Any) -> None:
        """Insert a row; every column but the key is given by its name, as the field would hold it. Outside of a transaction it is one
        by itself."""
        with connections[self._using].cursor() as cursor:
            cursor.execute(self._compiled[0], self._bound(values))

    def keep(self, row: M) -> M:
        """Insert what was made in memory, in a transaction; it knows its key then, as after a save."""
        with connections[self._using].cursor() as cursor:
            cursor.execute(f"{self._compiled[0]} RETURNING id", self._bound(row.__dict__))
            [row.pk] = cursor.fetchone()
        row._state.adding, row._state.db = False, self._using
        return row

    def _bound(self, values: Mapping[str, Any]) -> list[Any]:
        return [values[name] if convert is None else convert(values[name]) for name, convert in self._compiled[1]]


_PLAIN = (models.CharField, models.TextField, models.IntegerField, models.FloatField, models.BooleanField, models.ForeignKey)
"""Fields whose values a database takes as they are."""


def _as_saved(field: models.Field[Any, Any], using: str) -> Callable[[Any], Any]:
    return lambda value: field.get_db_prep_save(value, connections[using])
