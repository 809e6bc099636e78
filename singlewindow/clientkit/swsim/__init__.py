"""The client kit of the single window's simulator: worlds for tests, typed calls of both planes, problems as
exceptions.

with SingleWindow("http://127.0.0.1:8000") as sw, sw.world() as world:
    filing = world.account("cardless").file(world.sample("registration"))
    filing.declare().until("approved")
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from swsim._async.accounts import AsyncAccount
    from swsim._async.business import AsyncBusinessPlane
    from swsim._async.client import AsyncSingleWindow
    from swsim._async.control import AsyncControlPlane
    from swsim._async.filings import AsyncFiling
    from swsim._async.worlds import AsyncWorld
    from swsim._sync.accounts import Account
    from swsim._sync.business import BusinessPlane
    from swsim._sync.client import SingleWindow
    from swsim._sync.control import ControlPlane
    from swsim._sync.filings import Filing
    from swsim._sync.worlds import World
    from swsim.problems import Mismatch, NotReached, Problem, SwsimError, Unreachable, Unreadable
    from swsim.samples import sample
    from swsim.signing import sign_challenge
    from swsim.versions import CONTRACT_VERSION, RULES_VERSION, DeprecationNotice, VersionWarning, __version__

_FROM = {
    "swsim._async.accounts": ("AsyncAccount",),
    "swsim._async.business": ("AsyncBusinessPlane",),
    "swsim._async.client": ("AsyncSingleWindow",),
    "swsim._async.control": ("AsyncControlPlane",),
    "swsim._async.filings": ("AsyncFiling",),
    "swsim._async.worlds": ("AsyncWorld",),
    "swsim._sync.accounts": ("Account",),
    "swsim._sync.business": ("BusinessPlane",),
    "swsim._sync.client": ("SingleWindow",),
    "swsim._sync.control": ("ControlPlane",),
    "swsim._sync.filings": ("Filing",),
    "swsim._sync.worlds": ("World",),
    "swsim.problems": ("Mismatch", "NotReached", "Problem", "SwsimError", "Unreachable", "Unreadable"),
    "swsim.samples": ("sample",),
    "swsim.signing": ("sign_challenge",),
    "swsim.versions": ("CONTRACT_VERSION", "RULES_VERSION", "DeprecationNotice", "VersionWarning", "__version__"),
}
"""Where each name is from. Nothing is imported before it is asked for: pytest imports this package wherever it is
installed."""


def __getattr__(name: str) -> Any:
    for module, names in _FROM.items():
        if name in names:
            found = globals()[name] = getattr(import_module(module), name)
            return found
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


__all__ = [
    "CONTRACT_VERSION",
    "RULES_VERSION",
    "Account",
    "AsyncAccount",
    "AsyncBusinessPlane",
    "AsyncControlPlane",
    "AsyncFiling",
    "AsyncSingleWindow",
    "AsyncWorld",
    "BusinessPlane",
    "ControlPlane",
    "DeprecationNotice",
    "Filing",
    "Mismatch",
    "NotReached",
    "Problem",
    "SingleWindow",
    "SwsimError",
    "Unreachable",
    "Unreadable",
    "VersionWarning",
    "World",
    "__version__",
    "sample",
    "sign_challenge",
]
