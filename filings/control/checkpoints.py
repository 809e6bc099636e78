"""Checkpoints: a sandbox's whole state kept under a name, restored, exported, imported elsewhere."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from rest_framework.request import Request

from filings.answers import sandboxes as answers
from filings.control.endpoint import Control, OfSandbox
from filings.control.sandboxes import read_opened, with_accounts
from filings.forms import lab as bodies
from filings.lab.worlds import snapshots
from filings.manners.endpoint import LOCATION, Reply
from filings.manners.operations import OpenApiParameter, extend_schema
from filings.manners.reading import snapshot_object
from filings.manners.wire import JSONParser, as_file, json_response
from filings.models import Checkpoint
from filings.record.trail import refusals_noted
from filings.rules.dates import rfc3339
from filings.rules.events import Verb

TAG = ["checkpoints"]


def read_checkpoint(kept: Checkpoint) -> answers.Checkpoint:
    return answers.Checkpoint(kept.name, rfc3339(kept.taken_at), rfc3339(kept.clock_at), kept.rows)


class SnapshotParser(JSONParser):
    """One JSON object, larger than other bodies may be."""

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Mapping[str, Any] | None = None) -> Any:
        # As the front has received it: whole, and in a file.
        return snapshot_object(stream.META["wsgi.input"])


class Checkpoints(OfSandbox):
    verbs = {"POST": Verb.KEEP_CHECKPOINT}

    @extend_schema(operation_id="list_checkpoints", tags=TAG, summary="检查点，新的在前", responses=answers.Checkpoints)
    def get(self, request: Request, sandbox: str) -> HttpResponse:
        return json_response(
            answers.Checkpoints([read_checkpoint(checkpoint) for checkpoint in snapshots.checkpoints(self.sandbox)])
        )

    @extend_schema(
        operation_id="keep_checkpoint",
        tags=TAG,
        summary="以一个名称保存当前的全部状态",
        request=bodies.NewCheckpoint,
        responses={201: answers.Checkpoint},
    )
    def post(self, request: Request, sandbox: str) -> HttpResponse:
        body, packed = self.body(request, bodies.NewCheckpoint), snapshots.pack(self.sandbox)

        def work() -> Reply:
            kept = snapshots.keep(self.sandbox, body["name"], packed, replace=body.get("replace", False))
            return Reply(read_checkpoint(kept), 201)

        return self.deed(request, work)


class OneCheckpoint(OfSandbox):
    verbs = {"DELETE": Verb.DROP_CHECKPOINT}

    @extend_schema(operation_id="drop_checkpoint", tags=TAG, summary="删除检查点", responses={204: None})
    def delete(self, request: Request, sandbox: str, checkpoint: str) -> HttpResponse:
        with refusals_noted(self.visit, self.verb):
            snapshots.drop(self.sandbox, checkpoint)
        return HttpResponse(status=204)


class Restore(OfSandbox):
    verbs = {"POST": Verb.RESTORE_CHECKPOINT}

    @extend_schema(
        operation_id="restore_checkpoint",
        tags=TAG,
        summary="恢复到检查点，时钟一并恢复；全部或全无",
        request=None,
        responses=answers.SandboxWithAccounts,
    )
    def post(self, request: Request, sandbox: str, checkpoint: str) -> HttpResponse:
        # Not idempotent by key: the key's own record would go with the restore.
        with refusals_noted(self.visit, self.verb):
            restored = snapshots.restore(self.sandbox, checkpoint)
        return json_response(with_accounts(restored))


class Export(OfSandbox):
    parameters = frozenset({"checkpoint"})

    @extend_schema(
        operation_id="export_sandbox",
        tags=TAG,
        summary="导出当前状态或一个检查点，可附在缺陷报告中",
        parameters=[OpenApiParameter("checkpoint", str)],
        responses=answers.Snapshot,
    )
    def get(self, request: Request, sandbox: str) -> HttpResponseBase:
        name = request.query_params.get("checkpoint", "")
        filename = f"{self.sandbox.key}{f'-{name}' if name else ''}.json"
        return as_file(snapshots.exported(self.sandbox, name), filename, "application/json")


class Import(Control):
    parser_classes = [SnapshotParser]

    @extend_schema(
        operation_id="import_sandbox",
        tags=TAG,
        summary="以导出的快照新建沙箱",
        request=answers.Snapshot,
        parameters=[LOCATION],
        responses={201: answers.OpenedSandbox},
    )
    def post(self, request: Request) -> HttpResponse:
        opened = snapshots.imported(request.data)  # type: ignore[arg-type]
        return json_response(read_opened(opened), 201, {"Location": f"/control/v1/sandboxes/{opened.sandbox.key}"})
