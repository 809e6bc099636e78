"""What the tests of training share."""

from collections.abc import Iterator

import pytest
from django.core.signals import request_finished, request_started
from django.db import close_old_connections

from tests.training.rewriting import rewrite
from tests.web.conftest import enter

__all__ = ["enter", "rewrite"]


@pytest.fixture
def requests_in_one_transaction() -> Iterator[None]:
    """Requests by the server's own entrance would close the connection, and end the transaction of the test."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)
