"""What a sandbox weighs: attached files are kept once, limits are told, and what nothing has any more goes."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from filings import desk
from filings.lab.worlds import snapshots
from filings.models import Attachment, Checkpoint, Content, Filing, Holding, Sandbox, Visit
from filings.models.sandbox import Beside
from filings.record import contents
from filings.rules import limits
from tests.api.client import CONTROL, PDF, Caller, World
from tests.factories import FilingFactory, pdf

pytestmark = pytest.mark.django_db

SIZE = 100_000


def file(n: int = 0, size: int = SIZE) -> bytes:
    """A file unlike those of other numbers."""
    return PDF + bytes([n]) * (size - len(PDF))


def kept(world: World) -> list[str]:
    """The digests of what is kept of a world's files."""
    return sorted(Content.objects.filter(sandbox__key=world.id).values_list("sha256", flat=True))


def digest(*bodies: bytes) -> list[str]:
    return sorted(hashlib.sha256(body).hexdigest() for body in bodies)


def usage(world: World, what: str) -> int:
    told: Mapping[str, Mapping[str, int]] = world.control.get("").ok(200)["usage"]
    return told[what]["used"]


# ── once ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_what_is_attached_twice_is_kept_once_and_read_at_both(world: World) -> None:
    mine, drafts = world.caller(), [world.draft(), world.draft()]
    for draft in drafts:
        mine.upload(draft, file()).ok(201)
        mine.upload(draft, file(), "又一份.pdf").ok(201)
    assert kept(world) == digest(file())
    assert usage(world, "attached_bytes") == SIZE
    for draft in drafts:
        for n in (1, 2):
            assert mine.get(f"/filings/{draft}/attachments/{n}").ok(200).body == file()


def test_two_sandboxes_share_nothing(world: World, other_world: World) -> None:
    """One's end takes nothing of the other's, and none learns by an upload what the other has."""
    for one in (world, other_world):
        one.caller().upload(one.draft(), file()).ok(201)
    assert kept(world) == kept(other_world) == digest(file())
    world.control.delete("").ok(204)
    assert kept(world) == []
    assert kept(other_world) == digest(file())


def test_a_checkpoint_holds_no_bytes_again_and_brings_them_back(world: World) -> None:
    mine, draft = world.caller(), world.draft()
    mine.upload(draft, file(1)).ok(201)
    for name in ("a", "b"):
        world.control.post("/checkpoints", {"name": name}).ok(201)
    assert sum(len(one.body) for one in Checkpoint.objects.all()) < SIZE
    mine.delete(f"/filings/{draft}/attachments/1").ok(204)
    mine.upload(draft, file(2)).ok(201)
    assert kept(world) == digest(file(1), file(2))
    world.control.post("/checkpoints/a/restore").ok(200)
    assert mine.get(f"/filings/{draft}/attachments/1").ok(200).body == file(1)
    assert kept(world) == digest(file(1))


# ── gone ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_what_nothing_has_any_more_goes_at_once(world: World) -> None:
    mine, one, other = world.caller(), world.draft(), world.draft()
    mine.upload(one, file(1)).ok(201)
    mine.upload(other, file(1)).ok(201)
    mine.upload(other, file(2)).ok(201)
    mine.delete(f"/filings/{one}/attachments/1").ok(204)
    assert kept(world) == digest(file(1), file(2))
    mine.delete(f"/filings/{other}/attachments/2").ok(204)
    assert kept(world) == digest(file(1))
    mine.delete(f"/filings/{other}").ok(204)
    assert kept(world) == []


@pytest.mark.parametrize("how", ["reset", "situation"])
def test_with_a_world_goes_what_no_checkpoint_of_it_has(how: str, world: World) -> None:
    world.caller().upload(world.draft(), file(1)).ok(201)
    world.control.post("/checkpoints", {"name": "a"}).ok(201)
    world.caller().upload(world.draft(), file(2)).ok(201)
    world.control.post(f"/{how}", {"situation": "empty"} if how == "situation" else None).ok(200)
    assert kept(world) == digest(file(1))
    world.control.delete("/checkpoints/a").ok(204)
    assert kept(world) == []


def test_a_replaced_checkpoint_lets_go_of_what_it_held(world: World) -> None:
    mine, draft = world.caller(), world.draft()
    mine.upload(draft, file(1)).ok(201)
    world.control.post("/checkpoints", {"name": "a"}).ok(201)
    mine.delete(f"/filings/{draft}/attachments/1").ok(204)
    assert kept(world) == digest(file(1))
    world.control.post("/checkpoints", {"name": "a", "replace": True}).ok(201)
    assert kept(world) == []


def test_a_deleted_sandbox_leaves_nothing_beside_it(world: World) -> None:
    world.caller().upload(world.draft(), file()).ok(201)
    world.control.post("/checkpoints", {"name": "a"}).ok(201)
    key = Sandbox.objects.get(key=world.id).pk
    world.control.delete("").ok(204)
    beside = [model for model in Beside.__subclasses__() if model._base_manager.filter(sandbox_id=key).exists()]
    assert beside == []
    assert not Holding.objects.exists()


def test_what_was_taken_off_while_a_checkpoint_was_packed_is_not_missed_by_it(cardless: Visit) -> None:
    filing, sandbox = FilingFactory(visit=cardless), cardless.sandbox
    desk.attach(cardless, filing.public_id, pdf)
    packed = snapshots.pack(sandbox)
    desk.detach(cardless, filing.public_id, 1)
    snapshots.keep(sandbox, "a", packed)
    snapshots.restore(sandbox, "a")
    assert not Attachment.objects.filter(sandbox=sandbox).exists()


def test_no_bytes_are_read_to_list_or_to_let_go(world: World) -> None:
    mine, draft = world.caller(), world.draft()
    for n in range(3):
        mine.upload(draft, file(n)).ok(201)
    calls = {
        "list": lambda: mine.get(f"/filings/{draft}/attachments").ok(200),
        "read": lambda: mine.get(f"/filings/{draft}").ok(200),
        "keep": lambda: world.control.post("/checkpoints", {"name": "a"}).ok(201),
        "checkpoints": lambda: world.control.get("/checkpoints").ok(200),
        "detach": lambda: mine.delete(f"/filings/{draft}/attachments/1").ok(204),
        "restore": lambda: world.control.post("/checkpoints/a/restore").ok(200),
        "delete": lambda: mine.delete(f"/filings/{draft}").ok(204),
        "drop": lambda: world.control.delete("/checkpoints/a").ok(204),
        "reset": lambda: world.control.post("/reset").ok(200),
    }
    for what, call in calls.items():
        with CaptureQueriesContext(connection) as caught:
            call()
        assert [
            query["sql"][:200] for query in caught.captured_queries if '"filings_content"."body"' in query["sql"]
        ] == [], what
    assert kept(world) == []


# ── limits ────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_files_are_taken_up_to_a_limit_that_counts_the_same_once(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MOST_BYTES", 2 * SIZE)
    mine, draft = world.caller(), world.draft()
    mine.upload(draft, file(1)).ok(201)
    mine.upload(draft, file(2)).ok(201)
    answer = mine.upload(draft, file(3)).refused(409, "attachments_full")
    assert (answer["limit"], answer["used"]) == (2 * SIZE, 2 * SIZE)
    assert len(mine.get(f"/filings/{draft}/attachments")["results"]) == 2
    mine.upload(world.draft(), file(1)).ok(201)
    world.control.post("/checkpoints", {"name": "a"}).ok(201)
    mine.delete(f"/filings/{draft}/attachments/2").ok(204)
    mine.upload(draft, file(3)).refused(409, "attachments_full")
    world.control.delete("/checkpoints/a").ok(204)
    mine.upload(draft, file(3)).ok(201)
    assert usage(world, "attached_bytes") == 2 * SIZE


def test_the_limit_is_said_in_words_people_know(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MOST_BYTES", 3 * 1024 * 1024)
    mine, draft = world.caller(), world.draft()
    mine.upload(draft, file(1, 2 * 1024 * 1024)).ok(201)
    told = mine.upload(draft, file(2, 1536 * 1024)).refused(409, "attachments_full")["detail"]
    assert "最多 3 MB，已用 2 MB，放不下这个 1.5 MB 的文件" in told


def test_checkpoints_are_kept_up_to_a_limit(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MOST_CHECKPOINTS", 2)
    for name in ("a", "b"):
        world.control.post("/checkpoints", {"name": name}).ok(201)
    answer = world.control.post("/checkpoints", {"name": "c"}).refused(409, "too_many_checkpoints")
    assert (answer["limit"], answer["used"], usage(world, "checkpoints")) == (2, 2, 2)
    world.control.post("/checkpoints", {"name": "b", "replace": True}).ok(201)
    world.control.delete("/checkpoints/a").ok(204)
    world.control.post("/checkpoints", {"name": "c"}).ok(201)


def test_filings_are_opened_up_to_a_limit(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    drafts = [world.draft() for _ in range(2)]
    monkeypatch.setattr(limits, "MOST_FILINGS", 2)
    new = {"kind": "registration", "content": {}}
    answer = world.caller().post("/filings", new).refused(409, "too_many_filings")
    assert (answer["limit"], answer["used"], usage(world, "filings")) == (2, 2, 2)
    world.caller().post(f"/filings/{drafts[0]}/copy").refused(409, "too_many_filings")
    world.control.post("/fixtures/filing", {"state": "draft"}).refused(409, "too_many_filings")
    world.caller().delete(f"/filings/{drafts[0]}").ok(204)
    world.caller().post("/filings", new).ok(201)
    world.caller().post("/filings", new).refused(409, "too_many_filings")


def test_how_many_filings_there_are_is_known_through_all_that_replaces_a_world(world: World) -> None:
    def counted() -> tuple[int, int]:
        sandbox = Sandbox.objects.get(key=world.id)
        return sandbox.filings_held, Filing.objects.filter(sandbox=sandbox).count()

    world.draft()
    world.control.post("/situation", {"situation": "rejected_change"}).ok(200)
    world.control.post("/fixtures/filing", {"state": "approved"}).ok(201)
    assert counted() == (3, 3)
    world.control.post("/checkpoints", {"name": "three"}).ok(201)
    world.caller().delete(f"/filings/{world.draft()}").ok(204)
    world.draft()
    assert counted() == (4, 4)
    world.control.post("/checkpoints/three/restore").ok(200)
    assert counted() == (3, 3)
    carried = Caller(CONTROL).post("/sandboxes/import", world.control.get("/export").json).ok(201)
    assert carried["usage"]["filings"]["used"] == 3
    world.control.post("/reset").ok(200)
    assert counted() == (0, 0)
    world.control.post("/checkpoints/three/restore").ok(200)
    world.control.post("/situation", {"situation": "standard"}).ok(200)
    assert counted() == (0, 0)


# ── carried ───────────────────────────────────────────────────────────────────────────────────────────────────────


def with_files(world: World) -> dict[str, Any]:
    """An export of a world in which two files are attached, one of them twice, one so short that it is read with the
    rest."""
    mine = world.caller()
    for n, body in enumerate((file(1), file(1), PDF)):
        mine.upload(world.draft(), body, f"{n}.pdf").ok(201)
    return dict(world.control.get("/export").ok(200).json)


def imported(snapshot: Any, **how: Any) -> Any:
    return Caller(CONTROL).call("POST", "/sandboxes/import", json.dumps(snapshot, **how).encode())


@pytest.mark.parametrize("how", [{}, {"indent": 2}, {"sort_keys": True}])
def test_an_export_carries_each_file_once_and_an_import_brings_it_back(how: dict[str, Any], world: World) -> None:
    exported = with_files(world)
    assert sorted(exported["contents"]) == digest(file(1), PDF)
    there = imported(exported, **how).ok(201)
    assert there["usage"]["attached_bytes"]["used"] == SIZE + len(PDF)
    token = next(one["token"] for one in there["accounts"] if one["role"] == "cardless")
    drafts = [row[1] for row in exported["tables"]["Filing"]]
    told = [Caller().get(f"/filings/{draft}/attachments/1", token).ok(200).body for draft in drafts]
    assert told == [file(1), file(1), PDF]
    assert Caller(f"{CONTROL}/sandboxes/{there['id']}").get("/export").ok(200)["contents"] == exported["contents"]


def test_a_checkpoint_is_exported_with_its_files_though_they_were_taken_off(world: World) -> None:
    exported = with_files(world)
    world.control.post("/checkpoints", {"name": "a"}).ok(201)
    world.control.post("/reset").ok(200)
    assert world.control.get("/export?checkpoint=a").ok(200).json == exported


def spoiled(exported: dict[str, Any], how: str) -> dict[str, str]:
    """An export with something wrong about its files, and what is to be told of it."""
    long, short = digest(file(1))[0], digest(PDF)[0]
    inside, rows = exported["contents"], exported["tables"]["Attachment"]
    match how:
        case "no contents":
            del exported["contents"]
            return {"/contents": "type_mismatch"}
        case "one is missing":
            del inside[short]
            return {"/tables/Attachment/2": "required"}
        case "another file":
            inside[long] = inside[long].replace("AQEB", "AQEC", 1)
            return {f"/contents/{long}": "invalid"}
        case "no base64":
            inside[short] = "*" + inside[short]
            return {f"/contents/{short}": "invalid"}
        case "no text":
            inside[short] = 5
            return {f"/contents/{short}": "type_mismatch"}
        case "nothing":
            inside[long] = None
            return {f"/contents/{long}": "type_mismatch"}
        case "one too many":
            inside[digest(b"x")[0]] = "eA=="
            return {f"/contents/{digest(b'x')[0]}": "unknown_field"}
        case "another size":
            rows[2][5] += 1
            return {"/tables/Attachment/2": "invalid"}
        case "elsewhere":
            exported["sandbox"][long] = inside.pop(long)
            return {f"/contents/{long}": "required"}
        case "a list":
            exported["contents"] = [inside[short]]
            return {"/contents": "type_mismatch"}
    raise AssertionError(how)


@pytest.mark.parametrize(
    "how",
    [
        "no contents",
        "one is missing",
        "another file",
        "no base64",
        "no text",
        "nothing",
        "one too many",
        "another size",
        "elsewhere",
        "a list",
    ],
)
def test_files_that_are_not_what_the_rows_say_are_refused_where_they_stand(how: str, world: World) -> None:
    exported = with_files(world)
    told, before = spoiled(exported, how), Sandbox.objects.count()
    answer = imported(exported).refused(422, "snapshot_faulty")
    assert {pointer: code for pointer, code in answer.errors.items() if pointer in told} == told
    assert Sandbox.objects.count() == before


def test_a_content_that_comes_twice_is_told(world: World) -> None:
    exported = json.dumps(with_files(world))
    name = f'"{digest(file(1))[0]}": "'
    begin = exported.index(name)
    member = exported[begin : exported.index('"', begin + len(name)) + 1]
    Caller(CONTROL).call("POST", "/sandboxes/import", exported.replace(member, f"{member}, {member}").encode()).refused(
        400, "malformed_json"
    )


def test_an_import_beyond_the_limits_is_refused(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    exported = with_files(world)
    monkeypatch.setattr(limits, "MOST_FILINGS", 2)
    assert imported(exported).refused(422, "snapshot_faulty").errors == {"/tables/Filing": "too_many_filings"}
    monkeypatch.undo()
    monkeypatch.setattr(limits, "MOST_BYTES", SIZE)
    assert imported(exported).refused(422, "snapshot_faulty").errors == {"/contents": "attachments_full"}
    assert Sandbox.objects.filter(key=world.id).count() == Sandbox.objects.exclude(key=world.id).count() + 1


def test_an_import_that_fails_half_way_leaves_nothing(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    exported, before = with_files(world), Sandbox.objects.count()

    def fail(*about: Any) -> None:
        raise RuntimeError("the machine is switched off")

    monkeypatch.setattr(snapshots, "_plant", fail)
    with pytest.raises(RuntimeError):
        imported(exported)
    assert Sandbox.objects.count() == before
    assert kept(world) == digest(file(1), PDF)
    assert Content.objects.count() == 2


# ── altered in the database ───────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("how", ["cut", "other", "nothing", "no file"])
def test_a_checkpoint_that_somebody_altered_is_refused_and_nothing_is_planted(how: str, world: World) -> None:
    with_files(world)
    world.control.post("/checkpoints", {"name": "a"}).ok(201)
    world.control.post("/checkpoints", {"name": "b"}).ok(201)
    world.control.post("/reset").ok(200)
    draft, one = world.draft(), Checkpoint.objects.get(name="a")
    match how:
        case "cut":
            Checkpoint.objects.filter(pk=one.pk).update(body=bytes(one.body)[:-20])
        case "other":
            Checkpoint.objects.filter(pk=one.pk).update(body=b"{}")
        case "nothing":
            Checkpoint.objects.filter(pk=one.pk).update(body=b"")
        case "no file":
            Holding.objects.all().delete()
            contents.forget_unused(Sandbox.objects.get(key=world.id))
    before = world.control.get("/export").ok(200)["tables"]
    world.control.post("/checkpoints/a/restore").refused(422, "checkpoint_damaged")
    after = world.control.get("/export").ok(200)["tables"]
    assert [name for name in before if before[name] != after[name]] == ["Event"], (
        "the refusal is noted, and that is all"
    )
    assert world.caller().get(f"/filings/{draft}").ok(200)["status"] == "draft"
    if how != "no file":
        world.control.get("/export?checkpoint=a").refused(422, "checkpoint_damaged")
        world.control.post("/checkpoints/b/restore").ok(200)
    world.control.delete("/checkpoints/a").ok(204)


def test_a_file_that_somebody_took_out_of_the_database_is_not_found(world: World) -> None:
    mine, draft = world.caller(), world.draft()
    mine.upload(draft, file()).ok(201)
    Content.objects.all().delete()
    mine.get(f"/filings/{draft}/attachments/1").refused(404, "not_found")
    world.control.get("/export").refused(404, "not_found")
    mine.upload(draft, file()).ok(201)
    assert mine.get(f"/filings/{draft}/attachments/1").ok(200).body == file()


# ── names ─────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("name", [".", "..", " .. "])
def test_a_name_that_clients_would_make_another_address_of_is_refused(name: str, world: World) -> None:
    assert world.control.post("/checkpoints", {"name": name}).refused(422, "invalid_content").errors == {
        "/name": "not_printable"
    }


@pytest.mark.parametrize("name", ["...", ".a", "..a", "a.", "。"])
def test_other_names_with_dots_are_names(name: str, world: World) -> None:
    world.control.post("/checkpoints", {"name": name}).ok(201)
    world.control.post(f"/checkpoints/{name}/restore").ok(200)
    world.control.delete(f"/checkpoints/{name}").ok(204)
