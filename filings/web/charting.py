"""A lifecycle drawn from its edges: where each box and arrow stands. No shape is known here, only how to lay one
out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from filings.rules.words import Party, Status

HALF_WIDTH, HALF_HEIGHT = 100, 21
"""Of a box."""

ROW, BESIDE = 92, 150
"""How far rows lie apart, and boxes of one row from the middle."""

LANE, LANES_APART = 200, 36
"""How far from the middle the first arrow past a row runs, and how far apart such arrows are."""

HEAD, CORNER = 7, 16
"""The room of an arrow's head, and how round its corners are."""


@dataclass(frozen=True, slots=True)
class Box:
    """A status. `x`, `y`: its middle."""

    status: Status
    x: int
    y: int

    @property
    def left(self) -> int:
        return self.x - HALF_WIDTH

    @property
    def top(self) -> int:
        return self.y - HALF_HEIGHT


@dataclass(frozen=True, slots=True)
class Arrow:
    """A step: its path, its words and where they stand."""

    path: str
    words: str
    x: int
    y: int
    anchor: str


@dataclass(frozen=True, slots=True)
class Chart:
    """A picture of so many units, its middle at 0."""

    boxes: list[Box]
    arrows: list[Arrow]
    width: int
    height: int
    half_width: int = HALF_WIDTH
    half_height: int = HALF_HEIGHT

    @property
    def left(self) -> int:
        return -self.width // 2


def chart(statuses: Sequence[Status], edges: Sequence[Mapping[str, Any]]) -> Chart:
    """Boxes in rows by how many steps lead there at the most, arrows between them; those past a row run in lanes of
    their own."""
    before = {status: [edge["from"] for edge in edges if edge["to"] == status] for status in statuses}

    @cache
    def row(status: Status) -> int:
        return max((row(earlier) + 1 for earlier in before[status]), default=0)

    boxes: dict[Status, Box] = {}
    for status in statuses:
        beside = [neighbour for neighbour in statuses if row(neighbour) == row(status)]
        offset = 2 * beside.index(status) - (len(beside) - 1)
        boxes[status] = Box(status, BESIDE * offset, HALF_HEIGHT + 2 + ROW * row(status))
    lanes: dict[Status, int] = dict.fromkeys(statuses, 0)
    arrows = []
    for edge in sorted(edges, key=lambda edge: row(edge["to"]) - row(edge["from"])):
        source, target = boxes[edge["from"]], boxes[edge["to"]]
        words = f"{edge['label']}（{Party(edge['party']).label}）"
        if row(target.status) == row(source.status) + 1:
            arrows.append(_straight(source, target, words))
        else:
            arrows.append(_past(source, target, words, lanes[target.status]))
            lanes[target.status] += 1
    width = 2 * (BESIDE + HALF_WIDTH + 10)
    return Chart(list(boxes.values()), arrows, width, max(box.y for box in boxes.values()) + HALF_HEIGHT + 2)


def _straight(source: Box, target: Box, words: str) -> Arrow:
    begins, ends, x = source.y + HALF_HEIGHT, target.y - HALF_HEIGHT - HEAD, (source.x + target.x) // 2
    path = f"M{source.x + (target.x - source.x) // 3} {begins} L{target.x - (target.x - source.x) // 4} {ends}"
    if target.x == source.x:
        return Arrow(path, words, x + 10, (begins + ends) // 2 + 4, "start")
    side = -1 if target.x < source.x else 1
    return Arrow(path, words, x + side * 6, (begins + ends) // 2, "end" if side < 0 else "start")


def _past(source: Box, target: Box, words: str, lane: int) -> Arrow:
    """Out at the side of the target, down, and in from above."""
    side = -1 if target.x < 0 else 1
    edge, x = source.x + side * HALF_WIDTH, side * (LANE + lane * LANES_APART)
    bend = f"H{x - side * CORNER} Q{x} {source.y} {x} {source.y + CORNER}"
    path = f"M{edge} {source.y} {bend} V{target.y - HALF_HEIGHT - HEAD}"
    return Arrow(path, words, edge + side * 8, source.y - 8, "end" if side < 0 else "start")
