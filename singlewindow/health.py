"""Probes for whoever runs the server: is it alive, is it ready. They need no token and know nothing of the domain."""

from collections.abc import Callable
from functools import wraps

from django.db import DatabaseError, connections
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt

from singlewindow import errors, schema


def probe(answer: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """A question to read, never to write: any other method is told so as any program is told."""

    @csrf_exempt
    @wraps(answer)
    def asked(request: HttpRequest) -> HttpResponse:
        if request.method in ("GET", "HEAD"):
            return answer(request)
        refused = errors.problem(request, 405, remedy="请查看 Allow 响应头")
        refused["Allow"] = "GET, HEAD"
        return refused

    return asked


@probe
def healthz(request: HttpRequest) -> HttpResponse:
    """The process answers."""
    return JsonResponse({"status": "ok"})


@probe
def readyz(request: HttpRequest) -> HttpResponse:
    """Every database answers and its schema is current."""
    for alias in connections:
        try:
            with connections[alias].cursor() as cursor:
                cursor.execute("SELECT 1")
        except DatabaseError:
            return not_ready(request, "database_unavailable", "数据库没有应答。", "请检查 DATABASE_URL 和数据库服务。")
        if schema.missing(alias):
            return not_ready(request, "schema_outdated", "数据库结构不是当前版本。", "请运行 python manage.py migrate。")
    return JsonResponse({"status": "ok"})


def not_ready(request: HttpRequest, code: str, detail: str, remedy: str) -> HttpResponse:
    answer = errors.problem(request, 503, code=code, detail=detail, remedy=remedy)
    answer["Retry-After"] = "5"
    return answer
