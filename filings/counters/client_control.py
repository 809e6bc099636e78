"""客户端控件 (FAQ 2.8): the simulated control of an account. Nothing is asked of the visitor's own machine."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.db import transaction

from filings.answers.enterprises import ClientControl as Told
from filings.models import ClientControl, Visit
from filings.record.facts import control_of
from filings.record.trail import note
from filings.rules.client_control import LATEST, NEW, ready
from filings.rules.events import EventName
from filings.rules.refusals import Refusal

together = transaction.atomic(savepoint=False)


def read(visit: Visit) -> Told:
    """The state of the control of the visit's account."""
    return _told(control_of(visit))


def serves(visit: Visit) -> bool:
    """Whether a file can be uploaded through it."""
    return ready(control_of(visit))


def has_card(visit: Visit) -> bool:
    """有卡用户 or 无卡用户: whether the account holds a card. How it logged in does not matter."""
    return visit.account is not None and visit.account.cards.exists()


@together
def install(visit: Visit) -> Told:
    """安装: install the newest version and start it, over any other version."""
    return _leave(visit, EventName.CONTROL_INSTALLED, NEW)


@together
def restart(visit: Visit) -> Told:
    """重启: start it again in its version. Raises 409 if none is installed."""
    return _leave(visit, EventName.CONTROL_RESTARTED, {**_installed(visit), "running": True})


@together
def update(visit: Visit) -> Told:
    """检查更新: update it to the newest version. One that is stopped stays stopped. Raises 409 if none is installed."""
    return _leave(visit, EventName.CONTROL_UPDATED, {**_installed(visit), "version": LATEST})


DEEDS: Mapping[str, Callable[[Visit], Told]] = {"install": install, "restart": restart, "update": update}
"""What can be done with it, by the name in its address."""


def _installed(visit: Visit) -> Mapping[str, Any]:
    control = control_of(visit)
    if not control["installed"]:
        raise Refusal("control_not_installed")
    return control


def _leave(visit: Visit, event: EventName, control: Mapping[str, Any]) -> Told:
    assert visit.account is not None
    ClientControl.objects.update_or_create(account=visit.account, defaults={"sandbox": visit.sandbox, **control})
    note(visit, event, control=control["version"])
    return _told(control)


def _told(control: Mapping[str, Any]) -> Told:
    return Told(
        installed=control["installed"], running=control["running"], version=control["version"] or None, latest=LATEST
    )
