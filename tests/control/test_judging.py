"""An import is judged as a whole before anything is planted: every column, row, table and counter, each fault with its
pointer."""

from __future__ import annotations

import json
import time
import tracemalloc
from collections.abc import Callable
from copy import deepcopy
from typing import Any

import orjson
import pytest
from django.db import models

from filings import agenda
from filings.lab.worlds import carrying, judging, tables
from filings.lab.worlds.situations import SITUATIONS
from filings.models import Sandbox
from filings.rules.events import Due
from filings.rules.refusals import Refusal
from tests.api.client import CONTROL, Answer, Caller, World
from tests.control.test_altered_imports import exported

pytestmark = pytest.mark.django_db

MODELS = {model.__name__: model for model in tables.of_world()}
COLUMNS = [(name, n) for name, model in MODELS.items() for n, _ in enumerate(tables.columns(model))]


@pytest.fixture
def whole(db: None) -> dict[str, Any]:
    """A world in which something of every kind has happened, exported."""
    told: dict[str, Any] = orjson.loads(exported())
    return told


def judged(snapshot: Any) -> dict[str, str]:
    """What is told of a snapshot: pointer → code; nothing, if it can be planted."""
    try:
        judging.judge(snapshot)
    except Refusal as refusal:
        return {error.pointer: error.code for error in refusal.errors}
    return {}


def test_every_situation_can_be_carried_elsewhere(db: None) -> None:
    told = {}
    for name in SITUATIONS:
        world = World(situation=name)
        world.advance(by="P2D")
        told[name] = judged(world.control.get("/export").json)
    assert {name: faults for name, faults in told.items() if faults} == {}


def test_a_world_in_which_everything_has_happened_has_a_row_of_every_table(whole: dict[str, Any]) -> None:
    assert judged(whole) == {}
    assert [name for name, rows in whole["tables"].items() if not rows] == []


# ── every column ──────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(("table", "n"), COLUMNS, ids=lambda one: str(one))
def test_a_value_of_another_type_is_refused_where_it_stands(table: str, n: int, whole: dict[str, Any]) -> None:
    """A new model, or a new column of one, is asked about here too, and judged without more code."""
    field = tables.columns(MODELS[table])[n]
    wrong: list[Any] = [0.5, ["x"], {"x": ["x"]}, True, 7, "a\0b"]
    fits: dict[type, tuple[int, ...]] = {
        models.FloatField: (0, 4),
        models.BooleanField: (3,),
        models.IntegerField: (4,),
        models.ForeignKey: (4,),
        models.JSONField: (),
    }
    mine = next((places for kind, places in fits.items() if isinstance(field, kind)), ())
    for place, value in enumerate(wrong):
        row = deepcopy(whole["tables"][table][0])
        row[n] = value
        told = judged({**whole, "tables": {**whole["tables"], table: [row, *whole["tables"][table][1:]]}})
        at = f"/tables/{table}/0/{n}"
        if place not in mine:
            assert any(pointer == at or pointer.startswith(f"{at}/") for pointer in told), (field, value, told)
    row[n] = None
    told = judged({**whole, "tables": {**whole["tables"], table: [row, *whole["tables"][table][1:]]}})
    assert field.null or told.get(f"/tables/{table}/0/{n}") == "required"


def altered(whole: dict[str, Any], table: str, column: str, value: Any, row: int = 0) -> dict[str, str]:
    """What is told where one value is another; by the column's name."""
    n = [one.name for one in tables.columns(MODELS[table])].index(column)
    whole["tables"][table][row][n] = value
    at = f"/tables/{table}/{row}"
    return {
        pointer.replace(f"{at}/{n}", column, 1) if pointer.startswith(f"{at}/{n}") else pointer: code
        for pointer, code in judged(whole).items()
    }


@pytest.mark.parametrize(
    ("table", "column", "value", "code"),
    [
        ("Filing", "status", "lost", "unknown_code"),
        ("Filing", "kind", "x", "unknown_code"),
        ("Filing", "number", "SIM1", "invalid"),
        ("Filing", "created_at", "0001-01-01T00:00:00+00:00", "out_of_range"),
        ("Filing", "created_at", "2021-12-01T09:00:00", "out_of_range"),
        ("Filing", "created_at", "9999-12-31T23:59:59+00:00", "out_of_range"),
        ("Filing", "created_at", "2021-13-01T09:00:00+08:00", "invalid"),
        ("Filing", "scenario", "fly", "unknown_scenario"),
        ("Filing", "scenario", "slow; days=999", "unknown_scenario"),
        ("Filing", "client_reference", "x" * 101, "max_length"),
        ("Filing", "version", -1, "out_of_range"),
        ("Filing", "version", 2**31 - 1, "out_of_range"),
        ("Filing", "enterprise", -1, "no_such_row"),
        ("Filing", "enterprise", 99, "no_such_row"),
        ("Filing", "account", None, "required"),
        ("CustomsRecord", "registered_on", "0001-01-01", "out_of_range"),
        ("CustomsRecord", "registered_on", "9999-12-31", "out_of_range"),
        ("CustomsRecord", "uscc", "x", "invalid"),
        ("Agenda", "verb", "fly", "unknown_code"),
        ("Fault", "fault", "fly", "unknown_fault"),
        ("Fault", "name", "fly", "unknown_code"),
        ("Glitch", "name", "fly", "unknown_code"),
        ("Event", "name", "fly", "unknown_code"),
        ("Account", "password", "plain", "invalid"),
        ("Account", "password", "pbkdf2_synthetic$999999999$a$" + "A" * 43 + "=", "invalid"),
        ("Card", "private_key", "x", "invalid"),
        ("SealCertificate", "certificate", "x", "invalid"),
        ("Attachment", "content_type", "text/html\r\nX: y", "unknown_code"),
        ("AnnualReport", "year", 32000, "out_of_range"),
        ("Delivery", "body", "{", "invalid"),
        ("Enterprise", "name_cn", "", "required"),
    ],
)
def test_what_a_column_cannot_hold_is_told(
    table: str, column: str, value: Any, code: str, whole: dict[str, Any]
) -> None:
    assert altered(whole, table, column, value) == {column: code}


@pytest.mark.parametrize(
    ("table", "column", "value", "at", "code"),
    [
        ("Agenda", "args", {"verb": "fly"}, "args/verb", "unknown_code"),
        ("Agenda", "args", {}, "args", "required"),
        ("Agenda", "args", {"verb": "reject", "x": 1}, "args", "unknown_field"),
        ("Glitch", "args", {"days": 10**9}, "args/days", "out_of_range"),
        ("Event", "data", [], "data", "type_mismatch"),
        ("Fault", "match", {"path": 1}, "match/path", "type_mismatch"),
        ("Mirror", "categories", ["10000000", "10000000"], "categories", "duplicate"),
        ("Mirror", "investors", [{"name": "a", "country": "CHN", "amount": "much"}], "investors/0/amount", "invalid"),
        ("Mirror", "former", [{"categories": []}], "former/0", "required"),
        ("Mirror", "content", {"city": 5}, "content/city", "type_mismatch"),
        ("Mirror", "content", {"nothing": "x"}, "content/nothing", "unknown_field"),
        ("Mirror", "content", [1], "content", "type_mismatch"),
        ("Mirror", "content", {"economic_zone": "zz"}, "content/economic_zone", "unknown_code"),
        ("Mirror", "content", {"investors": [{}] * 51}, "content/investors", "too_many_rows"),
        ("Filing", "warnings", [{"x": 1}], "warnings/0", "required"),
        ("Delivery", "attempts", [{"n": "x"}], "attempts/0", "required"),
    ],
)
def test_what_a_document_cannot_hold_is_told_with_its_place(
    table: str, column: str, value: Any, at: str, code: str, whole: dict[str, Any]
) -> None:
    assert altered(whole, table, column, value) == {at: code}


def deeply(depth: int) -> Any:
    nested: Any = "x"
    for _ in range(depth):
        nested = {"x": nested}
    return nested


def test_a_document_is_not_nested_without_end(whole: dict[str, Any]) -> None:
    assert altered(whole, "Event", "data", {"status": "draft", "y": deeply(8)}) == {"data": "required"}
    assert altered(whole, "Event", "data", {"status": "draft", "y": deeply(900)}) == {"data": "invalid"}


# ── rows, tables, counters ────────────────────────────────────────────────────────────────────────────────────────


def declared(whole: dict[str, Any]) -> int:
    return next(
        n for n, row in enumerate(whole["tables"]["Filing"]) if row[5] not in ("draft",) and row[3] == "registration"
    )


@pytest.mark.parametrize(
    ("column", "value", "at"),
    [
        ("declared_at", None, "declared_at"),
        ("scenario", "", "scenario"),
        ("transmitted", "{}", "transmitted"),
        ("transmitted_sha256", "0" * 64, "transmitted"),
        ("status", "draft", "declared_at"),
        ("kind", "deregistration", "content"),
    ],
)
def test_a_declared_filing_is_what_was_declared(column: str, value: Any, at: str, whole: dict[str, Any]) -> None:
    told = altered(whole, "Filing", column, value, declared(whole))
    names = [one.name for one in tables.columns(MODELS["Filing"])]
    assert {
        names[int(pointer.split("/")[4])] if pointer.startswith("/tables") else pointer.split("/")[0]
        for pointer in told
    } == {at}


def test_what_was_sent_to_customs_is_what_the_filing_holds(whole: dict[str, Any]) -> None:
    n = declared(whole)
    names = [column.name for column in tables.columns(MODELS["Filing"])]
    content = whole["tables"]["Filing"][n][names.index("content")]
    del content["economic_zone"]
    assert judged(whole) == {f"/tables/Filing/{n}/{names.index('transmitted')}": "invalid"}


def test_a_key_is_that_of_its_certificate(whole: dict[str, Any]) -> None:
    other = whole["tables"]["SealAuthority"][0][0]
    assert altered(whole, "SealCertificate", "private_key", other) == {"/tables/SealCertificate/0": "invalid"}


@pytest.mark.parametrize(("user_type", "enterprise"), [("personal", 0), ("enterprise", None)])
def test_who_is_an_enterprise_s_user_is_of_one(user_type: str, enterprise: int | None, whole: dict[str, Any]) -> None:
    altered(whole, "Account", "user_type", user_type)
    assert altered(whole, "Account", "enterprise", enterprise) == {"enterprise": "invalid"}


@pytest.mark.parametrize("table", [name for name, model in MODELS.items() if [*judging._unique(model)]])
def test_a_row_that_is_there_twice_is_told(table: str, whole: dict[str, Any]) -> None:
    rows = whole["tables"][table]
    if table == "Mandate":
        rows[0][6] = None  # only one that is not revoked stands alone
    whole["tables"][table] = [*rows, deepcopy(rows[0])]
    assert judged(whole) == {f"/tables/{table}/{len(rows)}": "duplicate"}


def test_of_one_enterprise_one_filing_is_open(whole: dict[str, Any]) -> None:
    names = [column.name for column in tables.columns(MODELS["Filing"])]
    status, enterprise = names.index("status"), names.index("enterprise")
    rows = whole["tables"]["Filing"]
    n = declared(whole)
    rows[n][status] = "sent"
    other = next(m for m, row in enumerate(rows) if m != n and row[status] != "draft")
    rows[other][status], rows[other][enterprise] = "stored", rows[n][enterprise]
    assert set(judged(whole).values()) == {"duplicate"}


@pytest.mark.parametrize("counter", ["events_taken", "serials_taken"])
def test_a_counter_is_not_behind_what_it_has_numbered(counter: str, whole: dict[str, Any]) -> None:
    whole["sandbox"][counter] -= 1
    assert judged(whole) == {f"/sandbox/{counter}": "out_of_range"}


def test_a_number_no_counter_has_given_yet_is_told(whole: dict[str, Any]) -> None:
    assert altered(whole, "Filing", "public_id", "F999999") == {"/sandbox/serials_taken": "out_of_range"}


def test_a_filing_is_not_behind_its_events(whole: dict[str, Any]) -> None:
    n = declared(whole)
    assert altered(whole, "Filing", "version", 1, n) == {f"/tables/Filing/{n}": "out_of_range"}


@pytest.mark.parametrize(
    ("part", "name", "value", "code"),
    [
        ("sandbox", "seed", "x", "type_mismatch"),
        ("sandbox", "situation", "x", "unknown_situation"),
        ("sandbox", "scenario", "x", "unknown_scenario"),
        ("sandbox", "opening_scenario", 5, "type_mismatch"),
        ("sandbox", "serials_taken", 2_000_000_000, "out_of_range"),
        ("sandbox", "magic_names", None, "required"),
        ("clock", "mode", "x", "unknown_code"),
        ("clock", "rate", 0, "out_of_range"),
        ("clock", "now", "9999-12-31T23:59:59+00:00", "out_of_range"),
        ("clock", "now", "0001-01-01T00:00:00+00:00", "out_of_range"),
        ("clock", "now", None, "required"),
        ("clock", "x", 1, "unknown_field"),
        ("sandbox", "x", 1, "unknown_field"),
        ("tables", "Nothing", [], "unknown_field"),
        ("tables", "Filing", {}, "type_mismatch"),
    ],
)
def test_the_head_is_judged_as_the_rows_are(part: str, name: str, value: Any, code: str, whole: dict[str, Any]) -> None:
    whole[part][name] = value
    assert judged(whole) == {f"/{part}/{name}": code}


@pytest.mark.parametrize("part", ["sandbox", "clock", "tables"])
def test_what_is_not_there_is_told(part: str, whole: dict[str, Any]) -> None:
    name, _ = whole[part].popitem()
    assert judged(whole) == {f"/{part}/{name}": "required"}
    whole[part] = [1]
    assert judged(whole) == {f"/{part}": "type_mismatch"}
    del whole[part]
    assert judged(whole) == {f"/{part}": "type_mismatch"}


def test_all_faults_are_told_at_once_and_nothing_is_planted(whole: dict[str, Any]) -> None:
    before = Sandbox.objects.count()
    altered(whole, "Filing", "status", "lost")
    altered(whole, "Agenda", "verb", "fly")
    altered(whole, "Card", "n", "x")
    answer = Caller(CONTROL).post("/sandboxes/import", whole).refused(422, "snapshot_faulty")
    assert sorted(answer.errors.values()) == ["type_mismatch", "unknown_code", "unknown_code"]
    assert answer["errors"][0]["pointer"] in answer["detail"]
    assert Sandbox.objects.count() == before


def test_what_falls_due_is_what_somebody_does() -> None:
    assert set(agenda._HANDLERS) == set(Due)


# ── limits ────────────────────────────────────────────────────────────────────────────────────────────────────────


def imported(body: bytes) -> Answer:
    return Caller(CONTROL).call("POST", "/sandboxes/import", body)


def test_of_many_faults_the_first_are_told(whole: dict[str, Any]) -> None:
    whole["tables"]["Enterprise"] = [[None, 5, "x"]] * 50_000
    answer = imported(json.dumps(whole).encode()).refused(422, "snapshot_faulty")
    assert len(answer["errors"]) == judging.MOST_TOLD
    assert len(answer.body) < 40_000


def test_a_snapshot_of_too_many_rows_or_values_or_bytes_is_refused_and_says_how_many(
    whole: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(judging, "MOST_ROWS", 50)
    told = imported(json.dumps(whole).encode()).refused(422, "snapshot_faulty")
    assert told.errors == {"/tables": "too_many_rows"}
    assert "最多 50 行" in told["errors"][0]["detail"]
    monkeypatch.setattr(carrying, "VALUES", 1_000)
    assert "最多约 1000 个" in imported(json.dumps(whole).encode()).refused(413, "payload_too_large")["detail"]
    monkeypatch.setattr(carrying, "LARGEST", 1 << 20)
    assert "1 MB" in imported(b" " * (1 << 20) + b"{}").refused(413, "payload_too_large")["detail"]


HOSTILE: dict[str, Callable[[int], bytes]] = {
    "empty lists": lambda n: b'{"tables": [' + b"[]," * (n // 3) + b"0]}",
    "numbers": lambda n: b'{"tables": [' + b"0," * (n // 2) + b"0]}",
    "objects": lambda n: b'{"tables": [' + b"{}," * (n // 3) + b"0]}",
}


@pytest.mark.parametrize("made", HOSTILE.values(), ids=HOSTILE)
def test_what_would_take_much_memory_is_refused_before_it_is_read(made: Callable[[int], bytes]) -> None:
    body = made(16_000_000)
    tracemalloc.start()
    began = time.process_time()
    with pytest.raises(Refusal) as refused:
        carrying.expect_light(body)
    taken, (_, most) = time.process_time() - began, tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert refused.value.code == "payload_too_large"
    assert most < 1_000_000
    assert taken < 1
