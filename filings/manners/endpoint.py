"""What every address of both planes does before and around its own work."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping
from typing import Any, ClassVar, NamedTuple

import orjson
from django.http import HttpResponse
from rest_framework.request import Request
from rest_framework.serializers import Serializer
from rest_framework.views import APIView

from filings.manners.wire import dumps
from filings.models import Sandbox, Visit
from filings.rules.refusals import Refusal
from filings.trail import Answer, Once, amend, transact

_ETAG = re.compile(r'(?:W/)?"v(\d{1,9})"')
_KEY = re.compile(r"[\x21-\x7e]{1,255}\Z")


class Reply(NamedTuple):
    """What a deed answers."""

    data: Any
    status: int = 200
    headers: Mapping[str, str] = {}
    world: Sandbox | None = None


class Endpoint(APIView):
    """One address. `parameters` names the query parameters it knows; any other is a 400."""

    parameters: ClassVar[frozenset[str]] = frozenset()
    http_method_names = ["get", "post", "put", "patch", "delete", "head"]
    metadata_class = None
    format_kwarg = None
    visit: Visit | None = None

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        request.accepted_renderer, request.accepted_media_type = self.perform_content_negotiation(request)
        self.admit(request)
        if request.method == "POST" and not _KEY.match(request.headers.get("Idempotency-Key", "-")):
            raise Refusal("idempotency_key_invalid")
        if unknown := request.query_params.keys() - self.parameters:
            raise Refusal("unknown_parameter", f"未知的查询参数：{'、'.join(sorted(unknown))[:200]}")

    def admit(self, request: Request) -> None:
        """Let the caller in, or refuse: each plane in its own way."""
        raise NotImplementedError

    def body(self, request: Request, serializer: type[Serializer]) -> dict[str, Any]:
        """The body, checked by a serializer. Raises 422 with every fault."""
        checked = serializer(data=request.data)
        checked.is_valid(raise_exception=True)
        return dict(checked.validated_data)

    def deed(self, request: Request, work: Callable[[], Reply]) -> HttpResponse:
        """Do something that changes the world: one transaction, once per Idempotency-Key."""

        def answer() -> Answer:
            reply = work()
            body = b"" if reply.status == 204 else dumps(reply.data)
            return Answer(reply.status, body, dict(reply.headers), reply.world)

        done, replayed = transact(self.visit, answer, self._once(request), deed=request.path)
        headers = {**done.headers, **({"Idempotency-Replayed": "true"} if replayed else {})}
        response = HttpResponse(done.body, status=done.status, content_type="application/json", headers=headers)
        if done.status == 204:
            del response.headers["Content-Type"]
        return response

    def completed(self, request: Request, done: HttpResponse, **later: Callable[[], Any]) -> HttpResponse:
        """Fill into a deed's answer what comes only after it is committed; a replay has it already."""
        if "Idempotency-Replayed" not in done.headers:
            done.content = dumps({**orjson.loads(done.content), **{name: find() for name, find in later.items()}})
            if once := self._once(request):
                amend(self.visit, once, done.content)
        return done

    def _once(self, request: Request) -> Once | None:
        key = request.headers.get("Idempotency-Key")
        if key is None or request.method != "POST":
            return None
        content_type = request.content_type.split(";")[0]
        body = request.body if content_type != "multipart/form-data" else _parts(request)
        return Once(key, f"{request.method} {request.path}", hashlib.sha256(body).hexdigest())


def _parts(request: Request) -> bytes:
    """A multipart body by its parts: the boundary between them is new in every request."""
    data: Any = request.data
    digest = hashlib.sha256()
    for name in sorted(data):
        for part in data.getlist(name):
            content = part.read() if hasattr(part, "read") else str(part).encode()
            if hasattr(part, "seek"):
                part.seek(0)
            digest.update(f"{name}\0{getattr(part, 'name', '')}\0{len(content)}\0".encode() + content)
    return digest.digest()


def if_match(request: Request) -> int | None:
    """The version an If-Match header asks for; None where there is none or any will do."""
    given = request.headers.get("If-Match", "*").strip()
    if given == "*":
        return None
    found = _ETAG.fullmatch(given)
    if found is None:
        raise Refusal("precondition_invalid")
    return int(found[1])


def etag(version: int) -> dict[str, str]:
    """The ETag of a version."""
    return {"ETag": f'"v{version}"'}
