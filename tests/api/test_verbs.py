"""Every address that changes something says by which verb: a refusal is noted by it."""

import inspect
from collections.abc import Iterator

import pytest
from django.urls import URLResolver, get_resolver

from filings.api.endpoint import Counter
from filings.manners.endpoint import Endpoint

WRITES = ("post", "put", "patch", "delete")


def addresses(below: URLResolver) -> Iterator[type[Endpoint]]:
    for pattern in below.url_patterns:
        view = getattr(getattr(pattern, "callback", None), "cls", None)
        if isinstance(pattern, URLResolver):
            yield from addresses(pattern)
        elif view is not None and issubclass(view, Endpoint):
            yield view


def does_a_deed(view: type[Endpoint], method: str) -> bool:
    """What a token lets somebody do; and elsewhere whatever is done in the frame of a deed."""
    source = inspect.getsource(getattr(view, method))
    return issubclass(view, Counter) or any(
        frame in source for frame in ("self.deed(", "self.in_turns(", "self.made(", "self.verb")
    )


DEEDS = sorted(
    {
        (view.__module__, view.__name__, method): view
        for view in addresses(get_resolver())
        for method in WRITES
        if hasattr(view, method)
    }.items(),
    key=lambda one: one[0],
)


@pytest.mark.parametrize(("where", "view"), DEEDS, ids=["-".join(where) for where, _ in DEEDS])
def test_each_deed_has_its_verb(where: tuple[str, str, str], view: type[Endpoint]) -> None:
    *_, method = where
    named = method.upper() in view.verbs or view.verb is not Endpoint.verb
    assert named or not does_a_deed(view, method)


def test_there_are_deeds_to_be_named() -> None:
    assert sum(does_a_deed(view, where[2]) for where, view in DEEDS) > 40
