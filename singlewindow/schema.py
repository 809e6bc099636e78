"""Is the database's schema the one this code was written for? A question cheap enough for every start and every
probe."""

from collections.abc import Callable
from functools import cache
from pathlib import Path

from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connections, router

DIFFER = "columns differ"
"""How a database of no released version is told from a damaged one, in words that a log can be searched for."""

_COLUMNS = {
    "sqlite": """
        SELECT m.name, c.name, c."notnull" = 0
        FROM sqlite_master m JOIN pragma_table_info(m.name) c WHERE m.type = 'table'
    """,
    "postgresql": """
        SELECT table_name, column_name, is_nullable = 'YES'
        FROM information_schema.columns WHERE table_schema = current_schema()
    """,
}
"""Every column of every table, and whether it may be empty."""

Migration = tuple[str, str]
"""An app, and a migration's name."""


@cache
def on_disk() -> frozenset[Migration]:
    """Every migration file of the installed apps."""
    return frozenset(
        (app.label, file.stem)
        for app in apps.get_app_configs()
        for file in (Path(app.path) / "migrations").glob("[!_.]*.py")
    )


def applied(alias: str = "default") -> frozenset[Migration]:
    """The migrations of the installed apps which a database has had."""
    try:
        with connections[alias].cursor() as cursor:
            cursor.execute("SELECT app, name FROM django_migrations")
            return frozenset((app, name) for app, name in cursor.fetchall() if app in apps.app_configs)
    except DatabaseError:  # no such table yet; a database that is down fails again, and loudly, at the next statement
        return frozenset()


def missing(alias: str = "default") -> frozenset[Migration]:
    """The migrations on disk which this database has not had; all of them when it has had none."""
    return on_disk() - applied(alias)


def differing(alias: str = "default") -> list[str]:
    """The columns in which a database whose migrations are all applied differs from the models: before the first
    release, the one migration was written anew under its name."""
    connection = connections[alias]
    models = [model for model in apps.get_models() if router.allow_migrate_model(alias, model)]
    tables = {model._meta.db_table for model in models}
    wanted = {
        (model._meta.db_table, str(field.column), bool(field.null))
        for model in models
        for field in model._meta.local_concrete_fields
    }
    with connection.cursor() as cursor:
        cursor.execute(_COLUMNS[connection.vendor])
        there = {(table, column, bool(null)) for table, column, null in cursor.fetchall() if table in tables}
    return sorted({f"{table}.{column}" for table, column, _ in wanted ^ there})


def bring_up_to_date(alias: str, before: Callable[[], object]) -> None:
    """Apply the migrations a database lacks; `before` is called first. Raises CommandError for one that this version
    cannot use."""
    remedy = "或者换一个数据库：--data 新目录，或 DATABASE_URL。原来的数据库没有删除。"
    if newer := applied(alias) - on_disk():
        names = "、".join(sorted(".".join(migration) for migration in newer))
        raise CommandError(f"数据库由更新的版本所建（{names}），本版本不能使用它。请安装那个版本；{remedy}")
    if missing(alias):
        before()
        try:
            call_command("migrate", database=alias, interactive=False, verbosity=0)
        except DatabaseError as error:
            raise CommandError(
                f"不能更新数据库结构（{' '.join(str(error).split())}）。请用原来的版本继续使用它；{remedy}"
            ) from error
    if columns := differing(alias):
        raise CommandError(
            f"数据库由未发布的版本所建，与本版本不符（{DIFFER}: {', '.join(columns[:5])}），也不能升级。请用原来的版本继续使用它；{remedy}"
        )
