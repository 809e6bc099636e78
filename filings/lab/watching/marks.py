"""What a client has met, kept beside the world: a mark is made once and never taken back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from filings.answers.watching import CoveragePart as Part
from filings.models import Covered, Sandbox, wall
from filings.prepared import PreparedInsert, PreparedValues

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
    _MARK.add_all(
        {"sandbox_id": sandbox.pk, "part": part, "name": name, "at": marks[part, name]} for part, name in sorted(marks)
    )


_MARK = PreparedInsert(Covered, unless=("sandbox_id", "part", "name"))


def kept(sandbox: Sandbox) -> dict[Mark, datetime]:
    """The marks that were kept."""
    return {(part, name): at for part, name, at in _KEPT.all(sandbox.pk)}


_KEPT = PreparedValues(lambda sandbox: Covered.objects.filter(sandbox=sandbox).values_list("part", "name", "at"), 1)
