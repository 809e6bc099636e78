"""Probes for whoever runs the server: is it alive, is it ready. They need no token and know nothing of the domain."""

from django.db import DatabaseError, connections
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from filings.rules.refusals import Refusal
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
            return errors.refused(request, Refusal("database_unavailable"))
        if schema.missing(alias):
            return errors.refused(request, Refusal("schema_outdated"))
    return JsonResponse({"status": "ok"})
