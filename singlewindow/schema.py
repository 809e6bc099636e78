"""Is the database's schema the one this code was written for? A question cheap enough for every start and every
probe."""

from functools import cache
from pathlib import Path

from django.apps import apps
from django.db import DatabaseError, connections


@cache
def on_disk() -> frozenset[tuple[str, str]]:
    """(app, migration) for every migration file of the installed apps."""
    return frozenset(
        (app.label, file.stem)
        for app in apps.get_app_configs()
        for file in (Path(app.path) / "migrations").glob("[!_.]*.py")
    )


def missing(alias: str = "default") -> frozenset[tuple[str, str]]:
    """The migrations on disk which this database has not had; all of them when it has had none."""
    try:
        with connections[alias].cursor() as cursor:
            cursor.execute("SELECT app, name FROM django_migrations")
            applied = set(cursor.fetchall())
    except DatabaseError:  # no such table yet; a database that is down fails again, and loudly, at the next statement
        applied = set()
    return on_disk() - applied
