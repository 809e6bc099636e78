"""Probes for whoever runs the server: is it alive, is it ready. They need no token and know nothing of the domain."""

from django.db import DatabaseError, connections
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from singlewindow import errors, schema


@csrf_exempt
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """The process answers."""
    return JsonResponse({"status": "ok"})


@csrf_exempt
@require_safe
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
