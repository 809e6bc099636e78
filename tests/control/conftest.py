"""The shared client of both planes, and worlds opened over HTTP."""

from tests.api.client import anyone, loopback, other_world, world

__all__ = ["anyone", "loopback", "other_world", "world"]
