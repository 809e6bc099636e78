"""The client kit of the single window's simulator: worlds for tests, typed calls of both planes, problems as
exceptions.

with SingleWindow("http://127.0.0.1:8000") as sw, sw.world() as world:
    filing = world.account("cardless").file(world.sample("registration"))
    filing.declare().until("approved")
"""

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
