"""An export with one member altered is refused with a pointer, or is a world that works and can be deleted."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Iterator
from copy import deepcopy
from functools import cache
from typing import Any

import orjson
import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from filings.lab import glitches, snapshots, worlds
from filings.models import Sandbox
from tests.api.client import CONTROL, Caller
from tests.control import touring
from tests.desk.test_worlds import lived_in
from tests.factories import FilingFactory, SandboxFactory

pytestmark = pytest.mark.django_db(databases="__all__")

EXAMPLES = int(os.environ.get("ALTERATIONS", "25"))
"""How many alterations are tried; the seed is fixed, so that a run tries the same."""

GONE = object()
"""The member is taken out."""

WRONG: list[Any] = [
    GONE, None, True, 0, -1, 1, 7, 2**31 - 1, 2**63 - 1, 10**25, 0.5, 1e300, "", "x", " ", "x" * 300, "\0", "𠮷", "0001-01-01", "9999-12-31",
    "2021-12-01", "0001-01-01T00:00:00+00:00", "9999-12-31T23:59:59+00:00", "2021-12-01T09:00:00", "2021-12-01T09:00:00+08:00",
    [], {}, [1], [None], [{}], {"a": 1}, {"name": 5}, {"verb": "fly"}, {"days": 10**12}, "approve", "reject; reason=none", "draft", "approved",
]  # fmt: skip


@cache
def exported() -> bytes:
    """A world in which something of every kind has happened."""
    with transaction.atomic():
        sandbox = SandboxFactory()
        visit = lived_in(sandbox)
        FilingFactory(visit=visit)
        worlds.enter(sandbox, "deregistered")
        worlds.enter(sandbox, "rejected_change")
        worlds.enter(sandbox, "mandate_expired")
        glitches.put(sandbox, "mirror_lag", days=1)
        told = snapshots.exported(sandbox).read()
        transaction.set_rollback(True)
    return told


@cache
def places() -> dict[tuple[str, ...], list[tuple[str | int, ...]]]:
    """Every place of the export by its kind: the rows of a table, and of a list, are one."""
    found = defaultdict(list)
    for path in _walk(orjson.loads(exported())):
        kind = tuple(
            "*" if isinstance(step, int) and not (n == 3 and path[0] == "tables") else str(step) for n, step in enumerate(path)
        )
        found[kind].append(path)
    return dict(sorted(found.items()))


def _walk(node: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    if path:
        yield path
    for name, one in node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ():
        yield from _walk(one, (*path, name))


@st.composite
def alterations(draw: st.DrawFn) -> tuple[tuple[str | int, ...], Any]:
    """Where, and what stands there instead: something wrong, or what stands at another such place."""
    kind = draw(st.sampled_from(list(places())))
    path = draw(st.sampled_from(places()[kind]))
    if draw(st.integers(0, 4)):
        return path, draw(st.sampled_from(WRONG))
    return path, _at(orjson.loads(exported()), draw(st.sampled_from(places()[kind])))


def _at(node: Any, path: tuple[str | int, ...]) -> Any:
    for step in path:
        node = node[step]
    return node


def altered(path: tuple[str | int, ...], value: Any) -> dict[str, Any]:
    snapshot: dict[str, Any] = orjson.loads(exported())
    holder = _at(snapshot, path[:-1])
    if value is GONE:
        del holder[path[-1]]
    else:
        holder[path[-1]] = deepcopy(value)
    return snapshot


def names(path: tuple[str | int, ...] = ()) -> touring.Names:
    """What addresses are about: of filings the one that the altered row is of, or tells of."""
    tables = orjson.loads(exported())["tables"]
    filings = [row[1] for row in tables["Filing"]]
    row = tables[path[1]][path[2]] if path[:1] == ("tables",) and len(path) > 2 else []
    own = [filings[row[0]]] if path[1:2] in (("Receipt",), ("Attachment",)) else [one for one in row if one in filings]
    return {
        "filing": [*own, filings[0]][:1], "ticket": [row[1] for row in tables["Ticket"]][:1], "n": ["1"], "kind": ["registration"],
        "uscc": ["91440399MAMK00013C", "91440399MAMK000217"], "card": ["SIMC00000002"], "mandate": ["M000001"], "year": ["2020"],
    }  # fmt: skip


@given(alterations())
@settings(
    max_examples=EXAMPLES, derandomize=True, database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
)  # fmt: skip
def test_one_altered_member_is_refused_with_a_pointer_or_the_world_works(
    db: None, altering: tuple[tuple[str | int, ...], Any]
) -> None:
    path, value = altering
    before = Sandbox.objects.count()
    answer = Caller(CONTROL, documented=False).post("/sandboxes/import", altered(path, value))
    if answer.status != 201:
        assert answer.status == 422, (path, value, answer.body[:500])
        assert answer["code"] in ("snapshot_faulty", "snapshot_not_fitting")
        assert all(error["pointer"].startswith("/") and error["detail"] for error in answer["errors"])
        assert answer["errors"], (path, value)
        assert Sandbox.objects.count() == before
        return
    opened = answer.json
    assert touring.faults(opened, names(path)) == [], (path, value)
    assert Sandbox.objects.count() == before
