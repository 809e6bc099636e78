"""What else one would have: the same content behind a ModelViewSet of Django REST framework, as it comes, on SQLite;
and a bare view.

It keeps what it is sent in columns, judges nothing by rules, keeps no trail of a draft, knows no sandboxes. `python
prototype.py FILE` makes its tables and a thousand rows in an SQLite file; a WSGI server then serves
`prototype:application`, `PROTOTYPE=FILE`.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

from django.conf import settings

REFERENCE = Path(__file__).resolve().parents[2] / "docs/reference-registration.json"
CONTENT: dict[str, Any] = json.loads(REFERENCE.read_text(encoding="utf-8"))["content"]

settings.configure(
    SECRET_KEY="x",
    ALLOWED_HOSTS=["127.0.0.1"],
    ROOT_URLCONF="prototype",
    USE_TZ=True,
    INSTALLED_APPS=[
        "django.contrib.auth",
        "django.contrib.contenttypes",
        "django.contrib.messages",
        "django.contrib.staticfiles",
        "rest_framework",
    ],
    MIDDLEWARE=[
        "django.middleware.security.SecurityMiddleware",
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.middleware.common.CommonMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
        "django.contrib.messages.middleware.MessageMiddleware",
        "django.middleware.clickjacking.XFrameOptionsMiddleware",
    ],
    SESSION_ENGINE="django.contrib.sessions.backends.signed_cookies",
    STATIC_URL="static/",
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    DATABASES={
        "default": {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": sys.argv[1] if __name__ == "__main__" else os.environ["PROTOTYPE"],
            "CONN_MAX_AGE": None,
            # As durable as the simulator.
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-16000;",
            },
        }
    },
    REST_FRAMEWORK={
        "DEFAULT_AUTHENTICATION_CLASSES": [],
        "DEFAULT_PERMISSION_CLASSES": [],
        "UNAUTHENTICATED_USER": None,
        "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    },
)

import django  # noqa: E402

django.setup()

from django.core.wsgi import get_wsgi_application  # noqa: E402
from django.db import connection, models, transaction  # noqa: E402
from django.http import HttpRequest, HttpResponse  # noqa: E402
from django.urls import include, path  # noqa: E402
from django_fsm import FSMField, TransitionNotAllowed, transition  # noqa: E402
from rest_framework import routers, serializers, viewsets  # noqa: E402
from rest_framework.decorators import action  # noqa: E402
from rest_framework.request import Request  # noqa: E402
from rest_framework.response import Response  # noqa: E402


def column(value: Any) -> models.Field[Any, Any]:
    """The column somebody would take for such a value."""
    if isinstance(value, bool):
        return models.BooleanField(default=False)
    return (
        models.CharField(max_length=200, blank=True)
        if isinstance(value, str)
        else models.JSONField(default=dict, blank=True)
    )


class Columns(models.Model):
    """What the reference registration says, a column each."""

    locals().update({name: column(value) for name, value in CONTENT.items()})

    class Meta:
        abstract = True
        app_label = "prototype"


class Filing(Columns):
    client_reference = models.CharField(max_length=100, blank=True, db_index=True)
    status = FSMField(default="draft", db_index=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        app_label = "prototype"

    @transition(field=status, source="draft", target="declared")
    def declare(self) -> None: ...

    @transition(field=status, source="declared", target="sent")
    def send(self) -> None: ...

    @transition(field=status, source="sent", target="stored")
    def store(self) -> None: ...

    @transition(field=status, source="stored", target="approved")
    def approve(self) -> None: ...


class Happened(models.Model):
    filing = models.ForeignKey(Filing, models.CASCADE, related_name="happened")
    verb = models.CharField(max_length=20)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        app_label = "prototype"


class HappenedSerializer(serializers.ModelSerializer[Happened]):
    class Meta:
        model = Happened
        fields = ["id", "verb", "at"]


class FilingSerializer(serializers.ModelSerializer[Filing]):
    class Meta:
        model = Filing
        fields = "__all__"


class WholeSerializer(FilingSerializer):
    happened = HappenedSerializer(many=True, read_only=True)


class Filings(viewsets.ModelViewSet[Filing]):
    queryset = Filing.objects.all()
    serializer_class = FilingSerializer

    @action(detail=True, methods=["post"], url_path="validate")
    def judged(self, request: Request, pk: str) -> Response:
        found = self.get_object()
        judged = FilingSerializer(found, data=FilingSerializer(found).data)
        return Response({"valid": judged.is_valid(), "errors": judged.errors})

    @action(detail=True, methods=["post"], url_path=r"do/(?P<verb>\w+)")
    def do(self, request: Request, pk: str, verb: str) -> Response:
        try:
            with transaction.atomic():
                found = self.get_object()
                getattr(found, verb)()
                found.save()
                Happened.objects.create(filing=found, verb=verb)
        except TransitionNotAllowed:
            return Response({"status": found.status}, status=409)
        return Response(FilingSerializer(found).data)

    @action(detail=True, methods=["get"], url_path="whole")
    def whole(self, request: Request, pk: str) -> Response:
        return Response(WholeSerializer(self.get_object()).data)


def bare(request: HttpRequest) -> HttpResponse:
    return HttpResponse(b"ok")


router = routers.SimpleRouter()
router.register("filings", Filings)
urlpatterns = [path("bare", bare), path("", include(router.urls))]
application = get_wsgi_application()

if __name__ == "__main__":
    with connection.schema_editor() as editor:
        editor.create_model(Filing)
        editor.create_model(Happened)
    Filing.objects.bulk_create(Filing(**CONTENT, client_reference=f"R{n}") for n in range(1000))
