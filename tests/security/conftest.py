"""Worlds opened over HTTP."""

from tests.api.client import loopback, world

__all__ = ["loopback", "world"]
