"""Probes for whoever runs the server: is it alive, is it ready. They need no token and know nothing of the domain."""

from collections.abc import Callable

from django.conf import settings
from django.db import DatabaseError, InterfaceError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from filings.rules.refusals import Refusal
from singlewindow import errors, outages, schema


@csrf_exempt
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """The process answers."""
    return JsonResponse({"status": "ok"})


@csrf_exempt
@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """The main database can be written to, there is room on its disk, and its schema is current. The journal is told,
    and stops nothing."""
    if trouble := _trouble("default"):
        return trouble(request)
    return JsonResponse({"status": "ok", "journal": _journal()})


def _journal() -> str:
    if not settings.SIM_JOURNAL:
        return "off"
    return "ok" if settings.JOURNAL == "default" or not _trouble(settings.JOURNAL) else "unavailable"


def _trouble(alias: str) -> Callable[[HttpRequest], HttpResponse] | None:
    try:
        outages.try_to_write(alias)
    except (DatabaseError, InterfaceError, OSError) as error:
        outage, words = outages.of(error) or outages.GONE, str(error)
        return lambda request: errors.unavailable(request, outage, words)
    if schema.missing(alias):
        return lambda request: errors.refused(request, Refusal("schema_outdated"))
    return None
