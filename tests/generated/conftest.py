"""The server whose documents are tried."""

from tests.front.conftest import wire

__all__ = ["wire"]
