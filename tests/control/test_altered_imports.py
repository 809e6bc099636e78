"""An export with one member altered is refused with a pointer, or is a world that works and can be deleted."""

from __future__ import annotations

import os
from typing import Any

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from filings.models import Sandbox
from tests.api.client import CONTROL, Caller
from tests.control import touring
from tests.spoiling import WRONG, altered, at, exported, places

pytestmark = pytest.mark.django_db(databases="__all__")

EXAMPLES = int(os.environ.get("ALTERATIONS", "25"))
"""How many alterations are tried; the seed is fixed, so that a run tries the same."""


@st.composite
def alterations(draw: st.DrawFn) -> tuple[tuple[str | int, ...], Any]:
    """Where, and what stands there instead: something wrong, or what stands at another such place."""
    kind = draw(st.sampled_from(list(places())))
    path = draw(st.sampled_from(places()[kind]))
    if draw(st.integers(0, 4)):
        return path, draw(st.sampled_from(WRONG))
    return path, at(orjson.loads(exported()), draw(st.sampled_from(places()[kind])))


def names(path: tuple[str | int, ...] = ()) -> touring.Names:
    """What addresses are about: of filings the one that the altered row is of, or tells of."""
    tables = orjson.loads(exported())["tables"]
    filings = [row[1] for row in tables["Filing"]]
    row = tables[path[1]][path[2]] if path[:1] == ("tables",) and len(path) > 2 else []
    own = [filings[row[0]]] if row and path[1] in ("Receipt", "Attachment") else [one for one in row if one in filings]
    return {
        "filing": [*own, filings[0]][:1],
        "ticket": [row[1] for row in tables["Ticket"]][:1],
        "n": ["1"],
        "kind": ["registration"],
        "uscc": ["91440399MAMK00013C", "91440399MAMK000217"],
        "card": ["SIMC00000002"],
        "mandate": ["M000001"],
        "year": ["2020"],
    }


@given(alterations())
@settings(
    max_examples=EXAMPLES,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
)
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
