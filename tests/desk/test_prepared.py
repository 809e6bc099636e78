"""Statements compiled once ask and write what the ORM would, whatever the values."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from importlib import import_module
from itertools import chain
from pkgutil import walk_packages
from typing import Any

import pytest
from django.db.models import Count, Min

import filings
from filings.lab.worlds import tables
from filings.models import Agenda, Covered, CustomsRecord, Event, MarketRecord, Mirror, MofcomRecord, Sandbox, ledgers
from filings.models.sandbox import Beside, InSandbox, Login
from filings.prepared import Prepared, PreparedDelete, PreparedInsert, PreparedUpdate, PreparedValues, _where
from filings.rules.events import Due
from tests.factories import SandboxFactory

pytestmark = pytest.mark.django_db

LOOKUPS = (Prepared, PreparedValues)
CHANGES = (PreparedUpdate, PreparedDelete)


def prepared(*kinds: type) -> Iterator[Any]:
    """Every one there is in the house, those of every table included."""
    modules = [
        import_module(package.name)
        for package in walk_packages(filings.__path__, "filings.")
        if ".migrations" not in package.name
    ]
    named = (var for module in modules for var in vars(module).values())
    of_tables = (tables._of_sandbox(model) for model in tables.of(InSandbox, Login, Beside))
    of_books = (ledgers._by_uscc(book) for book in (CustomsRecord, MofcomRecord, MarketRecord, Mirror))
    return (one for one in chain(named, of_tables, of_books) if isinstance(one, kinds))


def other(value: Any) -> Any:
    match value:
        case datetime():
            return value + timedelta(days=1000)
        case int():
            return value + 1_000_003
    return f"{value}, another"


def test_each_asks_with_other_values_what_its_query_does() -> None:
    """A sample that is also some other value of the statement would put a call's value in its place."""
    seen = 0
    for one in prepared(*LOOKUPS):
        values = [other(value) for value in one._sample]
        query = one._build(*values)
        sql, params = query.query.get_compiler(using=query.db).as_sql()
        mine = one._compiled
        assert (mine[mine.index(sql)], mine[mine.index(sql) + 1].given(values)) == (sql, list(params))
        seen += 1
    assert seen > 20


def test_each_changes_with_other_values_the_rows_of_its_query() -> None:
    seen = 0
    for one in prepared(*CHANGES):
        values = [other(value) for value in one._sample]
        table, where, placed = _where(one._build(*values), ())
        assert one._compiled[0].endswith(f" WHERE {where}")
        assert table in one._compiled[0]
        assert one._compiled[-1].given(values) == placed.given(())
        seen += 1
    assert seen > 25


def test_a_sample_that_stands_elsewhere_too_would_be_noticed() -> None:
    def of(sandbox: int) -> Any:
        return Event.objects.filter(sandbox=sandbox, version=1)

    wrong = PreparedDelete(of, 1)
    assert wrong._compiled[-1].given([7]) != _where(of(7), ())[2].given(())


def test_values_are_read_as_the_orm_reads_them(sandbox: Sandbox) -> None:
    Event.objects.create(
        sandbox=sandbox, seq=1, at=sandbox.now(), name="clock.advanced", party="customs", data={"from": "x", "to": "y"}
    )

    def told(sandbox: int) -> Any:
        return (
            Event.objects.filter(sandbox=sandbox)
            .order_by()
            .values_list("data__to", "name")
            .annotate(n=Count("pk"), at=Min("at"))
        )

    asked = PreparedValues(told, -1)
    assert asked.all(sandbox.pk) == list(told(sandbox.pk)) == [("y", "clock.advanced", 1, sandbox.now())]
    assert asked.all(sandbox.pk + 1) == []


def test_a_column_that_is_not_given_is_its_default_and_one_there_is_not_is_told(sandbox: Sandbox) -> None:
    insert = PreparedInsert(Agenda)
    insert.add(sandbox_id=sandbox.pk, at=sandbox.now(), verb=Due.SYNC, subject="x", args={})
    row = Agenda.objects.get(sandbox=sandbox)
    assert (row.at, row.verb, row.args, row.held, row.trouble) == (sandbox.now(), "sync", {}, False, "")
    with pytest.raises(TypeError, match="helt"):
        insert.add_all(
            [
                {
                    "sandbox_id": sandbox.pk,
                    "at": sandbox.now(),
                    "verb": Due.SYNC,
                    "subject": "x",
                    "args": {},
                    "helt": True,
                }
            ]
        )
    assert Agenda.objects.filter(sandbox=sandbox).count() == 1


def test_a_row_that_is_there_is_written_over_or_stays(sandbox: Sandbox) -> None:
    covered = {"sandbox_id": sandbox.pk, "part": "faq", "name": "1.9"}
    first, later = sandbox.now(), sandbox.now() + timedelta(days=1)
    stays, over = (
        PreparedInsert(Covered, **{how: ("sandbox_id", "part", "name")})  # type: ignore[arg-type]
        for how in ("unless", "over")
    )
    for at in (first, later):
        stays.add(**covered, at=at)
    assert Covered.objects.get(**covered).at == first
    over.add(**covered, at=later)
    assert Covered.objects.get(**covered).at == later


def test_a_record_keeps_what_is_not_said_of_it_and_its_place(sandbox: Sandbox) -> None:
    other = SandboxFactory()
    before = CustomsRecord.objects.filter(sandbox=sandbox).first()
    assert before
    record = CustomsRecord.of(sandbox, before.uscc)
    assert record
    record.enter(in_qianhai=True, former=[{"categories": []}])
    after = CustomsRecord.objects.get(sandbox=sandbox, uscc=before.uscc)
    assert after.pk == before.pk
    assert after.as_facts() == {**before.as_facts(), "in_qianhai": True, "former": [{"categories": []}]}
    assert CustomsRecord.objects.get(sandbox=other, uscc=before.uscc).in_qianhai is False
