"""What every test shares: the database it runs on, and the roles of the standard world. Factories stand beside this
file."""

import gc
import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db.models import Model
from django.db.models.signals import pre_save
from django.test import client
from hypothesis import HealthCheck
from hypothesis import settings as searching

from filings import control_access
from filings.lab.watching import tail
from filings.models import Account, Agenda, Event, Filing, Sandbox, Visit, proofs
from filings.prepared import PreparedInsert
from filings.rules.events import Due, EventName
from singlewindow import lean
from singlewindow.request import Request
from tests.factories import FilingFactory, SandboxFactory, visit_of
from tests.planted import planted

# A project of its own, with a suite of its own: it is run as one (.ci/run).
collect_ignore = ["examples"]

# Requests as the server makes them.
client.WSGIRequest = Request  # type: ignore[misc]

# What Django's test client calls the server, as Django itself adds it to ALLOWED_HOSTS.
control_access.OWN_NAMES.add("testserver")

# How long an example takes tells of the machine, not of the code.
searching.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
searching.load_profile("untimed")


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Iterator[None]:
    """What is made by collecting stays to the end, and what a test makes is let go by then: to look for garbage in
    either, again and again, took a quarter of the time of the one and a twelfth of the other."""
    with lean.loading():
        collected = yield
    gc.set_threshold(50_000, 50, 100)
    return collected


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Test on an SQLite file, as the simulator runs on one: in memory, the threads of the live server would share one
    connection, and one transaction, with the test. The file is this process's own, so workers and whole runs never
    meet."""
    folder: Path = tmp_path_factory.mktemp("database")
    for alias, database in settings.DATABASES.items():
        if database["ENGINE"].endswith("sqlite3"):
            database["TEST"]["NAME"] = folder / f"{alias}.sqlite3"
            # What is thrown away need not outlive a power cut.
            database["OPTIONS"]["init_command"] += "PRAGMA synchronous=OFF;"


@pytest.fixture(autouse=True)
def no_journal(request: pytest.FixtureRequest, settings: Any) -> None:
    """Exchanges are written down only where a test is about that: it is marked to use both databases."""
    marker = request.node.get_closest_marker("django_db")
    settings.SIM_JOURNAL = bool(marker and marker.kwargs.get("databases") == "__all__")
    if settings.SIM_JOURNAL and settings.JOURNAL != "default":
        request.getfixturevalue("django_db_setup")
        tail.lines().forget()  # no transaction takes them back


@pytest.fixture(autouse=True, scope="session")
def what_is_written_is_what_is_declared() -> Iterator[None]:
    """Every event of every test tells what is declared of its name, and whatever falls due what is declared of its
    verb."""

    def judge(model: type[Model], told: Mapping[str, Any]) -> None:
        if model is Event:
            assert told["name"] in EventName.values
            proofs.event_data(as_kept(told["data"]), told["name"])
        elif model is Agenda:
            assert told["verb"] in Due.values
            proofs.due_words(as_kept(told["args"]), told["verb"])

    def as_kept(told: dict[str, Any]) -> Any:
        return json.loads(json.dumps(told))

    def saved(sender: type[Model], instance: Model, **more: Any) -> None:
        judge(sender, vars(instance))

    bound = PreparedInsert._bound

    def prepared(insert: PreparedInsert[Any], values: Mapping[str, Any]) -> list[Any]:
        judge(insert.model, values)
        return bound(insert, values)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(PreparedInsert, "_bound", prepared)
        pre_save.connect(saved)
        yield
        pre_save.disconnect(saved)


# ── roles ─────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def sandbox(db: None) -> Sandbox:
    """A fresh standard world, its clock standing at the opening moment."""

    def opened() -> tuple[str, None]:
        return SandboxFactory(key="sb-of-test").key, None

    planted("sandbox", opened)
    return Sandbox.objects.get(key="sb-of-test")


@pytest.fixture
def visit(sandbox: Sandbox) -> Callable[..., Visit]:
    """A visit by role: `visit("card", medium="card")`."""

    def by_role(role: str, medium: str = "password", **more: Any) -> Visit:
        account = Account.objects.select_related("enterprise").get(sandbox=sandbox, role=role)
        account.sandbox = sandbox
        return visit_of(account, medium, **more)

    return by_role


@pytest.fixture
def cardless(visit: Callable[..., Visit]) -> Visit:
    """The enterprise that is not yet registered and has no card."""
    return visit("cardless")


@pytest.fixture
def card(visit: Callable[..., Visit]) -> Visit:
    """The registered enterprise, logged in by card."""
    return visit("card", "card")


@pytest.fixture
def personal(visit: Callable[..., Visit]) -> Visit:
    """A 个人用户."""
    return visit("personal")


@pytest.fixture
def agent(visit: Callable[..., Visit]) -> Visit:
    """The customs broker that holds a mandate of `cardless`, logged in by card."""
    return visit("agent", "card")


@pytest.fixture
def draft(cardless: Visit) -> Filing:
    """The reference registration of `cardless`, not yet declared."""
    return FilingFactory(visit=cardless)


@pytest.fixture
def declared(cardless: Visit) -> Filing:
    """The reference registration of `cardless`, declared; customs are played by hand."""
    return FilingFactory(visit=cardless, status="declared")


@pytest.fixture
def rejected(cardless: Visit) -> Filing:
    """The reference registration of `cardless`, refused by an officer."""
    return FilingFactory(visit=cardless, status="rejected")
