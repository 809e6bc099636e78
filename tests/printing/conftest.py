"""Worlds opened over HTTP, and the shared client of both planes."""

from tests.api.client import anyone, loopback, other_world, world

__all__ = ["anyone", "loopback", "other_world", "world"]
