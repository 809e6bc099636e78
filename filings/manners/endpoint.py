"""What every address of both planes does before and around its own work."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any, ClassVar, NamedTuple, TypeVar

from django.core.handlers.wsgi import get_bytes_from_wsgi
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from msgspec import json
from rest_framework.exceptions import APIException
from rest_framework.request import Request
from rest_framework.views import APIView

from filings.forms.language import Body
from filings.manners.operations import OpenApiParameter
from filings.manners.reading import accepts, canonical, expect_charset, query_of
from filings.manners.wire import JSON, PROBLEM_JSON, MergePatchParser, PartsParser, dumps, measured
from filings.models import Sandbox, Visit
from filings.record.trail import Answer, Once, amend, refusals_noted, transact
from filings.rules.events import Verb
from filings.rules.refusals import Refusal

T = TypeVar("T")

_TAG = re.compile(r'(?:W/)?"[\x21\x23-\x7e\x80-\xff]*"')
_ETAG = re.compile(r'(?:W/)?"v([0-9]{1,9})"')
_KEY = re.compile(r"[\x21-\x7e]{1,255}\Z")


class Reply(NamedTuple):
    """What a deed answers."""

    data: Any
    status: int = 200
    headers: Mapping[str, str] = {}
    world: Sandbox | None = None


def beforehand(work: Callable[[], T]) -> Callable[[], T]:
    """Do what needs no world before it is held, so that others wait the less; how it ended is told when it is asked
    for."""
    try:
        done = work()
    except (Refusal, APIException) as error:
        ended: list[Exception] = [error.with_traceback(None)]

        def refuse() -> T:
            raise ended.pop()

        return refuse
    return lambda: done


class Asked(Request):
    """A request whose body, if it could not be read, fails again when it is asked for again, and is not empty."""

    _unread: Exception | None = None

    def __init__(self, request: HttpRequest, **more: Any) -> None:
        super().__init__(request, **more)
        # What is asked for all the time is at hand: DRF looks for it in vain here first.
        self.META, self.method, self.headers = request.META, request.method, request.headers
        self.path, self.path_info = request.path, request.path_info

    @property
    def data(self) -> Any:
        if self._unread is not None:
            raise self._unread
        try:
            return super().data
        except Exception as error:
            self._unread = error
            raise


class Endpoint(APIView):
    """One address.

    verbs       by method, the deed that is done here, as the trail knows it
    parameters  the query parameters it knows; any other is a 400
    sends       the media types of its answers besides JSON and problems
    """

    verbs: ClassVar[Mapping[str, Verb]] = {}
    parameters: ClassVar[frozenset[str]] = frozenset()
    sends: ClassVar[tuple[str, ...]] = ()
    http_method_names = ["get", "post", "put", "patch", "delete", "head"]
    metadata_class = None
    format_kwarg = None
    visit: Visit | None = None

    def initialize_request(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Request:
        return Asked(request, parsers=self.get_parsers(), parser_context=self.get_parser_context(request))

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        self.admit(request)
        expect_acceptable(request._request, (*self.sends, JSON, PROBLEM_JSON))
        expect_plain(request._request)
        if request.method == "POST" and not _KEY.match(request.headers.get("Idempotency-Key", "-")):
            raise Refusal("idempotency_key_invalid")
        query = get_bytes_from_wsgi(request.META, "QUERY_STRING", "")
        if query and (unknown := query_of(query).keys() - self.parameters):
            known = (
                f"本地址的查询参数为 {'、'.join(sorted(self.parameters))}" if self.parameters else "本地址没有查询参数"
            )
            raise Refusal("unknown_parameter", f"未知的查询参数：{'、'.join(sorted(unknown))[:200]}；{known}")

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        response.headers["Allow"] = _methods_of(type(self))  # type: ignore[arg-type]
        return (
            not_modified(response)
            if request.method in ("GET", "HEAD") and _has_already(request, response)
            else response
        )

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """As DRF does it, without what no address here has: negotiation, permissions, throttles."""
        asked = self.request = self.initialize_request(request)
        try:
            try:
                self.initial(asked)
                name = str(request.method).lower()
                do = getattr(self, name, None) if name in self.http_method_names else None
                response = (do or self.http_method_not_allowed)(asked, *args, **kwargs)
            except Exception as error:
                response = self.handle_exception(error)
            return measured(self.finalize_response(asked, response))
        finally:
            self._let_go()

    def _let_go(self) -> None:
        """Cut the circular references between a request, its view and its error. Otherwise every exchange stays in
        memory until the garbage collector runs."""
        if isinstance(asked := self.request, Asked):
            asked.parser_context.clear()
            asked._unread = None
        vars(self).clear()

    def admit(self, request: Request) -> None:
        """Let the caller in, or refuse. Each plane does it in its own way."""
        raise NotImplementedError

    def body(self, request: Request, form: type[Body]) -> dict[str, Any]:
        """The body, checked by a form. Raises 422 with every fault."""
        return form.read(request.data)

    @property
    def verb(self) -> Verb:
        """The deed that is being done."""
        return self.verbs[self.request.method or ""]

    @property
    def filing(self) -> str:
        """The number of the filing it is done to, "" for none."""
        return str(self.kwargs.get("filing", ""))

    def deed(self, request: Request, work: Callable[[], Reply]) -> HttpResponse:
        """Do something that changes the world: one transaction, once per Idempotency-Key."""
        return _told(*self._done(request, work))

    def in_turns(self, request: Request, plan: Callable[[], Any], carry_out: Callable[[Any], Any]) -> HttpResponse:
        """Do a deed that needs several transactions. Its plan is kept with its key, and a retry after a break continues
        it."""
        done, replayed = self._done(request, lambda: Reply(plan(), _PLANNED))
        if done.status != _PLANNED:
            return _told(done, replayed)
        with refusals_noted(self.visit, self.verb, self.filing):
            done = Answer(200, dumps(carry_out(json.decode(done.body))))
        if self.visit and (once := self._once(request)):
            amend(self.visit, once, done)
        return _told(done)

    def _done(self, request: Request, work: Callable[[], Reply]) -> tuple[Answer, bool]:
        """The answer of a deed, and whether it is a replay."""

        def answer() -> Answer:
            reply = work()
            body = b"" if reply.status == 204 else dumps(reply.data)
            return Answer(reply.status, body, dict(reply.headers), reply.world)

        return transact(self.visit, self.verb, answer, self._once(request), filing=self.filing)

    def _once(self, request: Request) -> Once | None:
        key = request.headers.get("Idempotency-Key")
        if key is None or request.method != "POST":
            return None
        return Once(key, f"{request.method} {request.path}", hashlib.sha256(self._body_to_compare(request)).hexdigest())

    def _body_to_compare(self, request: Request) -> bytes:
        """A digest that is the same for two requests that say the same: JSON by its value, a multipart body by its
        parts, any other by its bytes."""
        kind = request.content_type.partition(";")[0].strip().lower()
        if PartsParser in self.parser_classes and kind == PartsParser.media_type:
            return _parts(request)
        return canonical(request.body) if kind in (JSON, MergePatchParser.media_type) else request.body


@cache
def _methods_of(address: type[Endpoint]) -> str:
    names = address.http_method_names
    return ", ".join(name.upper() for name in names if hasattr(address, "get" if name == "head" else name))


_PLANNED = 202
"""The status that marks an answer as only planned."""


def _told(done: Answer, replayed: bool = False) -> HttpResponse:
    """An answer as it is sent."""
    headers = {**done.headers, **({"Idempotency-Replayed": "true"} if replayed else {})}
    response = HttpResponse(done.body, status=done.status, content_type="application/json", headers=headers)
    if done.status == 204:
        del response.headers["Content-Type"]
    return response


def _parts(request: Request) -> bytes:
    """A multipart body by its parts: the boundary between them is new in every request."""
    try:
        data: Any = request.data
    except (Refusal, APIException):
        return b""  # told in its turn, when the deed asks for the body
    digest = hashlib.sha256()
    for name in sorted(data):
        for part in data.getlist(name):
            content = part.read() if hasattr(part, "read") else str(part).encode()
            if hasattr(part, "seek"):
                part.seek(0)
            digest.update(f"{name}\0{getattr(part, 'name', '')}\0{len(content)}\0".encode() + content)
    return digest.digest()


def expect_acceptable(request: HttpRequest, kinds: Sequence[str]) -> None:
    """Raises 406 unless Accept names something that is sent here."""
    if not accepts(request.META.get("HTTP_ACCEPT", ""), kinds):
        raise Refusal("not_acceptable", f"该地址提供 {'、'.join(kinds)}，Accept 中没有其中任何一种")


def expect_plain(request: HttpRequest) -> None:
    """Raises 415 for a body that is compressed, and 400 for one that is said to be of another charset than UTF-8."""
    if (encoding := request.META.get("HTTP_CONTENT_ENCODING", "")) and encoding.strip().lower() not in ("", "identity"):
        raise Refusal("unsupported_encoding", f"请求体的内容编码为 {encoding.strip()[:40]}，本接口只接受未压缩的请求体")
    if "charset" in (sort := request.META.get("CONTENT_TYPE", "")).lower():
        expect_charset(sort)


def if_match(request: Request) -> frozenset[int] | None:
    """The versions an If-Match header accepts (RFC 9110, 13.1.1); None: there is no header, or any version will do.

    A weak tag counts as a strong one, against the letter of the RFC: a proxy that compresses answers makes tags weak,
    and its users could never write.
    """
    given = request.headers.get("If-Match", "*").strip()
    if given == "*":
        return None
    versions = _versions(given)
    if not versions:
        raise Refusal("precondition_invalid")
    return versions


LOCATION = OpenApiParameter(
    "Location", str, OpenApiParameter.HEADER, required=True, response=[201], description="新建的在哪里"
)
ETAG = OpenApiParameter(
    "ETag",
    {"type": "string", "examples": ['"v1"']},
    OpenApiParameter.HEADER,
    required=True,
    response=[200, 201, 304],
    description="版本，可用于 If-Match、If-None-Match",
)
"""Headers of an answer, for the documents."""


def etag(version: int) -> dict[str, str]:
    """The ETag of a version."""
    return {"ETag": f'"v{version}"'}


def _versions(tags: str) -> frozenset[int]:
    """Our versions in a list of entity tags; none if it is not such a list."""
    if _TAG.sub("", tags).strip(" \t,"):
        return frozenset()
    return frozenset(int(found[1]) for tag in _TAG.findall(tags) if (found := _ETAG.fullmatch(tag)))


def _has_already(request: Request, response: HttpResponseBase) -> bool:
    """Whether the client already has this version (RFC 9110, 13.1.2)."""
    asked, tag = request.headers.get("If-None-Match"), response.headers.get("ETag")
    if asked is None or tag is None or response.status_code != 200:
        return False
    return asked.strip() == "*" or bool(_versions(asked) & _versions(tag))


def not_modified(response: HttpResponseBase) -> HttpResponse:
    """304: the client's copy is still right."""
    headers = {
        name: value for name, value in response.headers.items() if name not in ("Content-Type", "Content-Length")
    }
    short = HttpResponse(status=304, headers=headers)
    del short.headers["Content-Type"]
    return short
