"""What a suite has met of all there is to meet in the simulator: gathered from its worlds as they go, over all
workers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from xml.etree import ElementTree

from swsim.words import say


@dataclass
class Part:
    """A part of what there is: states, edges, refusals, …; which of its rows were met."""

    title: str
    rows: dict[str, str] = field(default_factory=dict)
    met: set[str] = field(default_factory=set)


@dataclass
class Gathered:
    """The coverage of several worlds as one: what was met in one of them was met."""

    parts: dict[str, Part] = field(default_factory=dict)
    worlds: int = 0

    def add(self, coverage: Mapping[str, Any]) -> None:
        """Take in what one world tells (`GET /control/v1/sandboxes/{id}/coverage`)."""
        self.worlds += 1
        for share in coverage["parts"]:
            part = self.parts.setdefault(share["part"], Part(share["title"]))
            for row in share["rows"]:
                part.rows.setdefault(row["name"], row["title"])
                if row["met"]:
                    part.met.add(row["name"])

    def packed(self) -> dict[str, Any]:
        """As plain data, for another process."""
        parts = {name: [part.title, part.rows, sorted(part.met)] for name, part in self.parts.items()}
        return {"worlds": self.worlds, "parts": parts}

    def merge(self, packed: Mapping[str, Any]) -> None:
        """Take in what another process gathered."""
        self.worlds += packed["worlds"]
        for name, (title, rows, met) in packed["parts"].items():
            part = self.parts.setdefault(name, Part(title))
            part.rows.update(rows)
            part.met.update(met)

    def percent(self, name: str = "") -> float:
        """How much was met, of a part or of all."""
        parts = [self.parts[name]] if name else list(self.parts.values())
        of = sum(len(part.rows) for part in parts)
        return 100 * sum(len(part.met) for part in parts) / of if of else 0.0

    def table(self) -> list[str]:
        """A line a part, and one of all."""
        lines = [
            f"{name:<10} {len(part.met):>4} / {len(part.rows):<4} {self.percent(name):4.0f} %  {part.title}"
            for name, part in self.parts.items()
        ]
        met = sum(len(part.met) for part in self.parts.values())
        of = sum(len(part.rows) for part in self.parts.values())
        return [*lines, f"{'total':<10} {met:>4} / {of:<4} {self.percent():4.0f} %"]

    def junit(self) -> bytes:
        """One report in the form of JUnit: a suite a part, a case a row; what was not met is skipped."""
        root = ElementTree.Element("testsuites", name="single window coverage")
        for name, part in self.parts.items():
            tests, skipped = str(len(part.rows)), str(len(part.rows) - len(part.met))
            suite = ElementTree.SubElement(
                root, "testsuite", name=name, tests=tests, skipped=skipped, failures="0", errors="0"
            )
            for row, title in part.rows.items():
                case = ElementTree.SubElement(suite, "testcase", classname=f"coverage.{name}", name=row)
                if row not in part.met:
                    ElementTree.SubElement(case, "skipped", message=say(f"not met: {title}", f"未触及：{title}"))
        return bytes(ElementTree.tostring(root, encoding="utf-8", xml_declaration=True))


@dataclass(frozen=True)
class Least:
    """How much is to be met: of all, or of a part."""

    percent: float
    part: str = ""

    @classmethod
    def read(cls, text: str) -> Least:
        """As it is written: `60`, or `state=80`. Raises ValueError, which tells how."""
        part, _, number = text.rpartition("=")
        try:
            percent = float(number)
        except ValueError:
            percent = -1.0
        if not 0 <= percent <= 100:
            raise ValueError(
                say(
                    f"{text!r} is no per cent, 0 to 100: 60 of all, state=80 of a part",
                    f"“{text}”不是 0 到 100 的百分比：60 指全部，state=80 指其中一部分",
                )
            )
        return cls(percent, part)

    def missed(self, gathered: Gathered) -> str:
        """What is missing to it in words, or nothing."""
        if self.part and self.part not in gathered.parts:
            known = ", ".join(gathered.parts)
            return say(f"there is no part {self.part}; there are {known}", f"没有“{self.part}”这一部分；有 {known}")
        has, of = gathered.percent(self.part), self.part or say("all", "全部")
        if has >= self.percent:
            return ""
        return say(
            f"{has:.1f} % of {of} met, {self.percent:g} % wanted", f"{of}触及 {has:.1f} %，应不少于 {self.percent:g} %"
        )


def merged(all_packed: Iterable[Mapping[str, Any]]) -> Gathered:
    """What several processes gathered, as one."""
    gathered = Gathered()
    for packed in all_packed:
        gathered.merge(packed)
    return gathered
