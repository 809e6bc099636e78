"""Lookups and writes compiled once. Django compiles a query's SQL anew at every call; for the few that every request
makes, or every event of an advance, that costs ten times the statement itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from functools import cached_property, partial
from typing import Any, Generic, TypeVar

from django.db import connections, models
from django.db.models.query import get_related_populators

M = TypeVar("M", bound=models.Model)

Build = Callable[..., models.QuerySet[M]]
"""Makes a queryset from a few values."""


class _Placed:
    """Compiled parameters, among which the values of a call take the place of the sample's."""

    def __init__(self, params: Sequence[Any], sample: Sequence[Any], using: str) -> None:
        self._adapt = connections[using].ops.adapt_datetimefield_value
        wanted = self._adapted(sample)
        self._params = [(param, wanted.index(param) if param in wanted else None) for param in params]

    def _adapted(self, values: Sequence[Any]) -> list[Any]:
        return [self._adapt(value) if isinstance(value, datetime) else value for value in values]

    def given(self, values: Sequence[Any]) -> list[Any]:
        """The parameters of a call."""
        values = self._adapted(values)
        return [param if place is None else values[place] for param, place in self._params]


class Prepared(Generic[M]):
    """A lookup of one row, asked many times with other values.

    `build` makes the queryset from `sample` values, all different, and from all others in the statement; where they
    turn up among the compiled parameters, the values of a call take their place. Rows come back as the queryset itself
    would give them, with what it selects and annotates.
    """

    def __init__(self, build: Build[M], *sample: Any) -> None:
        self._build = build
        self._sample = sample

    @cached_property
    def _compiled(self) -> tuple[str, _Placed, Callable[[Any], M]]:
        queryset = self._build(*self._sample)
        using = queryset.db
        compiler = queryset.query.get_compiler(using=using)
        sql, params = compiler.as_sql()
        select: Any = compiler.select
        klass: Any = compiler.klass_info
        first, last = klass["select_fields"][0], klass["select_fields"][-1] + 1
        names = [column[0].target.attname for column in select[first:last]]
        converters = [
            (place, convert, expression, compiler.connection)
            for place, (converts, expression) in compiler.get_converters([column[0] for column in select]).items()
            for convert in converts
        ]
        annotated = list(compiler.annotation_col_map.items())
        related = get_related_populators(klass, select, using)  # type: ignore[call-arg, no-untyped-call, unused-ignore]

        def read(row: Any) -> M:
            row = list(row)
            for place, convert, expression, connection in converters:
                row[place] = convert(row[place], expression, connection)
            found: M = klass["model"].from_db(using, names, row[first:last])
            for populator in related:
                populator.populate(row, found)
            for name, place in annotated:
                setattr(found, name, row[place])
            return found

        return sql, _Placed(params, self._sample, using), read

    def row(self, *values: Any) -> M | None:
        """The row for these values, or None."""
        sql, placed, read = self._compiled
        with connections["default"].cursor() as cursor:
            cursor.execute(sql, placed.given(values))
            row = cursor.fetchone()
        return None if row is None else read(row)


class PreparedValues:
    """A lookup of values of several rows; `build` makes a `values_list` of other values than those of the call, as
    with a lookup."""

    def __init__(self, build: Build[Any], *sample: Any) -> None:
        self._build = build
        self._sample = sample

    @cached_property
    def _compiled(self) -> tuple[str, str, _Placed, Callable[[Iterable[Any]], Iterable[Any]]]:
        queryset = self._build(*self._sample)
        using = queryset.db
        compiler = queryset.query.get_compiler(using=using)
        sql, params = compiler.as_sql()
        converters = compiler.get_converters([column[0] for column in compiler.select])
        read = partial(compiler.apply_converters, converters=converters) if converters else iter
        return using, sql, _Placed(params, self._sample, using), read

    def all(self, *values: Any) -> list[tuple[Any, ...]]:
        """The values of every row for these."""
        using, sql, placed, read = self._compiled
        with connections[using].cursor() as cursor:
            cursor.execute(sql, placed.given(values))
            return [tuple(row) for row in read(cursor.fetchall())]


class PreparedInsert(Generic[M]):
    """An INSERT of one row, made many times.

    `beside` is what the row is selected from: a statement of its own that must run in the same stroke.
    `over` names the columns of a unique constraint: a row in which they are the same is written over. `unless` does
    too: it stays.
    """

    def __init__(
        self,
        model: type[M],
        using: str = "default",
        beside: str = "",
        over: Sequence[str] = (),
        unless: Sequence[str] = (),
    ) -> None:
        self.model = model
        self._using = using
        self._beside = beside
        self._over = over
        self._unless = unless

    @cached_property
    def _compiled(self) -> tuple[str, list[tuple[str, Callable[[Any], Any] | None, Callable[[], Any]]]]:
        quoted = connections[self._using].ops.quote_name
        fields = [field for field in self.model._meta.local_concrete_fields if not field.primary_key]
        columns, values = ", ".join(quoted(field.attname) for field in fields), ", ".join(["%s"] * len(fields))
        row = f"SELECT {values} FROM ({self._beside}) AS beside" if self._beside else f"VALUES ({values})"  # noqa: S608
        sql = f"INSERT INTO {quoted(self.model._meta.db_table)} ({columns}) {row}"
        if self._over:
            anew = ", ".join(
                f"{quoted(field.attname)} = excluded.{quoted(field.attname)}"
                for field in fields
                if field.attname not in self._over
            )
            sql += f" ON CONFLICT ({', '.join(map(quoted, self._over))}) DO UPDATE SET {anew}"
        if self._unless:
            sql += f" ON CONFLICT ({', '.join(map(quoted, self._unless))}) DO NOTHING"
        return sql, [(field.attname, as_saved(field, self._using), field.get_default) for field in fields]

    def add(self, **values: Any) -> None:
        """Insert a row; a column is given by its name, as the field would hold it, or is the field's default. Outside
        of a transaction it is one by itself."""
        with connections[self._using].cursor() as cursor:
            cursor.execute(self.sql, self.bound(values))

    def add_all(self, rows: Iterable[Mapping[str, Any]]) -> None:
        """Insert several rows."""
        self.add_bound([self.bound(values) for values in rows])

    def add_bound(self, rows: Sequence[Sequence[Any]]) -> None:
        """Insert rows as `bound` made them."""
        with connections[self._using].cursor() as cursor:
            cursor.executemany(self.sql, rows)

    def keep(self, row: M) -> M:
        """Insert what was made in memory, in a transaction; it knows its key then, as after a save."""
        with connections[self._using].cursor() as cursor:
            cursor.execute(f"{self.sql} RETURNING id", self._bound(row.__dict__))
            [row.pk] = cursor.fetchone()
        row._state.adding, row._state.db = False, self._using
        return row

    @property
    def sql(self) -> str:
        """The statement."""
        return self._compiled[0]

    def bound(self, values: Mapping[str, Any]) -> list[Any]:
        """A row as the database takes it. Raises TypeError for a column there is none of."""
        if unknown := values.keys() - self._names:
            raise TypeError(f"{self.model.__name__} has no {', '.join(sorted(unknown))}")
        return self._bound(values)

    @cached_property
    def _names(self) -> frozenset[str]:
        return frozenset(name for name, *_ in self._compiled[1])

    def _bound(self, values: Mapping[str, Any]) -> list[Any]:
        row = []
        for name, convert, default in self._compiled[1]:
            value = values[name] if name in values else default()
            row.append(value if convert is None else convert(value))
        return row


class PreparedUpdate(Generic[M]):
    """An UPDATE of some columns, made many times, of the rows of a queryset over one table; `build` and `sample` as of
    a lookup."""

    def __init__(self, columns: Sequence[str], build: Build[M], *sample: Any) -> None:
        self._columns = columns
        self._build = build
        self._sample = sample

    @cached_property
    def _compiled(self) -> tuple[str, list[tuple[str, Callable[[Any], Any] | None]], _Placed]:
        queryset = self._build(*self._sample)
        table, where, placed = _where(queryset, self._sample)
        fields = [field for field in queryset.model._meta.local_concrete_fields if field.attname in self._columns]
        quoted = connections[queryset.db].ops.quote_name
        assigned = ", ".join(f"{quoted(field.attname)} = %s" for field in fields)
        columns = [(field.attname, as_saved(field, queryset.db)) for field in fields]
        return f"UPDATE {table} SET {assigned} WHERE {where}", columns, placed  # noqa: S608 - names of our own

    def run(self, *values: Any, **columns: Any) -> int:
        """Write the columns of the rows for these values. Returns how many rows there were."""
        sql, converters, placed = self._compiled
        row = [columns[name] if convert is None else convert(columns[name]) for name, convert in converters]
        with connections["default"].cursor() as cursor:
            cursor.execute(sql, row + placed.given(values))
            return int(cursor.rowcount)


class PreparedDelete(Generic[M]):
    """A DELETE made many times, of the rows of a queryset over one table on which no others hang; `build` and `sample`
    as of a lookup."""

    def __init__(self, build: Build[M], *sample: Any) -> None:
        self._build = build
        self._sample = sample

    @cached_property
    def _compiled(self) -> tuple[str, _Placed]:
        table, where, placed = _where(self._build(*self._sample), self._sample)
        return f"DELETE FROM {table} WHERE {where}", placed  # noqa: S608 - names of our own

    def run(self, *values: Any) -> None:
        """Delete the rows for these values."""
        sql, placed = self._compiled
        with connections["default"].cursor() as cursor:
            cursor.execute(sql, placed.given(values))


def _where(queryset: models.QuerySet[Any], sample: Sequence[Any]) -> tuple[str, str, _Placed]:
    """The table of a queryset, which rows of it are meant, and the parameters that tell them."""
    compiler = queryset.query.get_compiler(using=queryset.db)
    where, params = compiler.compile(queryset.query.where)
    return compiler.quote_name_unless_alias(queryset.model._meta.db_table), where, _Placed(params, sample, queryset.db)


_PLAIN = (
    models.CharField,
    models.TextField,
    models.IntegerField,
    models.FloatField,
    models.BooleanField,
    models.ForeignKey,
)
"""Fields whose values a database takes as they are."""


def as_saved(field: models.Field[Any, Any], using: str = "default") -> Callable[[Any], Any] | None:
    """How a database takes a value of a field; None: as it is."""
    database = connections[using].ops
    match field:
        case models.DateTimeField():
            return database.adapt_datetimefield_value
        case models.DateField():
            return database.adapt_datefield_value
        case models.JSONField():
            return lambda value: None if value is None else database.adapt_json_value(value, field.encoder)
        case _ if isinstance(field, _PLAIN):
            return None
        case _:
            return lambda value: field.get_db_prep_save(value, connections[using])
