"""What the pytest plugin is made of: one server for all workers, what a failure tells, what a suite has met. `World` is
what its fixture gives, for annotations."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from swsim.testing.watching import World as World


def __getattr__(name: str) -> Any:
    """World, when it is asked for: the plugin itself imports nothing before a test does."""
    if name == "World":
        from swsim.testing.watching import World

        return World
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
