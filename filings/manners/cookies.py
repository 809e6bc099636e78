"""The cookies of the screens: no script reads one, and each stays within the address this server is known by."""

from __future__ import annotations

from datetime import timedelta
from typing import Literal

from django.conf import settings
from django.http import HttpResponse

SameSite = Literal["Lax", "Strict"]


def keep(response: HttpResponse, name: str, value: str, lasts: timedelta, samesite: SameSite = "Lax") -> None:
    """Let the browser hold a value."""
    response.set_cookie(
        name,
        value,
        max_age=int(lasts.total_seconds()),
        httponly=True,
        samesite=samesite,
        secure=settings.SESSION_COOKIE_SECURE,
        path=settings.SESSION_COOKIE_PATH,
    )


def drop(response: HttpResponse, name: str, samesite: SameSite = "Lax") -> None:
    """Let the browser forget it."""
    response.delete_cookie(name, path=settings.SESSION_COOKIE_PATH, samesite=samesite)
