"""The course as a picture: where each exercise stands on the map of its part. Nothing is decided here."""

from __future__ import annotations

from dataclasses import dataclass

from filings.lab.grading.progress import Part, Place, Standing

COLUMNS = 4
"""So many stand side by side: on the narrowest screen each can still be read and hit."""

WIDE, HIGH, GAP = 84, 64, 8
"""Of a tile, and what is left free between two, in units of which a phone shows one a pixel."""

LONG = 4
"""A name of more characters is written on two lines."""

MARKS = {Standing.NOT_BEGUN: "○", Standing.UNDER_WAY: "◐", Standing.PASSED: "✓", Standing.MASTERED: "★"}
"""What stands beside the words, for who sees no colour."""


@dataclass(frozen=True, slots=True)
class Tile:
    """An exercise on the map; `x`, `y` is its upper left corner."""

    place: Place
    x: int
    y: int

    @property
    def mark(self) -> str:
        return MARKS[self.place.standing]

    @property
    def lines(self) -> tuple[str, ...]:
        """Its name: one line, or two."""
        name = self.place.short
        if self.place.number or len(name) <= LONG:
            return (name,)
        half = (len(name) + 1) // 2
        return name[:half], name[half:]

    @property
    def middle(self) -> int:
        return self.x + WIDE // 2


@dataclass(frozen=True, slots=True)
class Map:
    """A part of the course, drawn."""

    part: Part
    tiles: list[Tile]
    width: int
    height: int
    wide: int = WIDE
    high: int = HIGH

    @classmethod
    def of(cls, part: Part) -> Map:
        """The map of a part."""
        tiles = [
            Tile(place, (n % COLUMNS) * (WIDE + GAP) + GAP // 2, (n // COLUMNS) * (HIGH + GAP) + GAP // 2)
            for n, place in enumerate(part.places)
        ]
        rows = -(-len(tiles) // COLUMNS)
        return cls(part, tiles, COLUMNS * (WIDE + GAP), rows * (HIGH + GAP))
