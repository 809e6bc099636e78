"""What a client has met, kept beside the world: a mark is made once and never taken back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from filings.answers.watching import CoveragePart as Part
from filings.models import Covered, Sandbox, wall

Mark = tuple[str, str]
"""A part and a name in it."""

Marks = Mapping[Mark, datetime]
"""Marks with when each was made first (wall time)."""


def remember(sandbox: Sandbox, part: Part, names: Iterable[str]) -> None:
    """Make marks now. In the caller's transaction."""
    now = wall()
    keep(sandbox, {(part.value, name): now for name in names})


def keep(sandbox: Sandbox, marks: Marks) -> None:
    """Keep marks; one there is stays as it was made first."""
    Covered.objects.bulk_create(
        (Covered(sandbox=sandbox, part=part, name=name, at=marks[part, name]) for part, name in sorted(marks)),
        ignore_conflicts=True,
    )


def kept(sandbox: Sandbox) -> dict[Mark, datetime]:
    """The marks that were kept."""
    rows = Covered.objects.filter(sandbox=sandbox).values_list("part", "name", "at")
    return {(part, name): at for part, name, at in rows}
