"""What was measured, told: tables in Markdown and a plot. All of it from the results alone, as they are kept in
JSON."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

Results = dict[str, Any]

OURS = {"sqlite": "**simulator**, SQLite", "postgresql": "**simulator**, PostgreSQL"}


def rows_of(results: Results) -> list[tuple[str, str, dict[str, Any]]]:
    """Every server: its name, what it leaves out, and what was seen."""
    ours = [(label, "", results[name]) for name, label in OURS.items() if name in results]
    return ours + [(name, seen["told"], seen) for name, seen in results["peers"].items()]


def number(value: float, digits: int = 0) -> str:
    return "–" if math.isnan(value) else f"{value:,.{digits}f}".replace(",", " ")


def ms(value: float) -> str:
    return f"{number(value, 1 if value < 10 else 0)} ms"


def a_load(seen: dict[str, Any], name: str) -> str:
    if name not in seen:
        return "–"
    told = seen[name]["told"]
    failed = {status: count for status, count in told["statuses"].items() if not status.startswith("2")}
    words = f"{number(told['rounds'])} · {ms(told['p50'])} · {ms(told['p99'])} · {ms(told['slowest'])}"
    return words + (f" · failed: {failed}" if failed else "")


def table(heads: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    told = [[*heads], *([*row] for row in rows)]
    told.insert(1, ["---"] * len(told[0]))
    return "\n".join(f"| {' | '.join(row)} |" for row in told)


def servers(results: Results) -> str:
    """Each server beside the others."""
    heads = [
        "",
        "read / s · p50 · p99 · slowest",
        "create + read back / s · p50 · p99 · slowest",
        "CPU of a read",
        "cold start",
        "memory after",
    ]
    return table(
        heads,
        (
            [
                label + (f" ({told})" if told else ""),
                a_load(seen, "read"),
                a_load(seen, "create"),
                ms(seen["read"]["cpu"]) if "read" in seen else "–",
                f"{seen['cold_s']:.2f} s",
                f"{number(seen['memory_mb'])} MB",
            ]
            for label, told, seen in rows_of(results)
        ),
    )


# ── goals ─────────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Goal:
    """What is to be reached, how it is read from what was seen, and when it is met. NaN: it was not measured."""

    label: str
    wanted: str
    read: Callable[[Results, dict[str, Any]], float]
    met: Callable[[float], bool]
    tell: Callable[[float], str] = ms
    of: tuple[str, ...] = ("sqlite", "postgresql")


def times(value: float) -> str:
    return f"{value:.2f} ×"


def seconds(value: float) -> str:
    return f"{value:.2f} s"


def at_most(most: float) -> Callable[[float], bool]:
    return lambda value: value <= most


def at_least(least: float) -> Callable[[float], bool]:
    return lambda value: value >= least


def plain(name: str) -> Callable[[Results, dict[str, Any]], float]:
    return lambda results, seen: seen[name]


def of_load(name: str, what: str) -> Callable[[Results, dict[str, Any]], float]:
    return lambda results, seen: seen[name]["told"][what]


def tail(name: str) -> Callable[[Results, dict[str, Any]], float]:
    return lambda results, seen: seen[name]["told"]["p99"] / seen[name]["told"]["p50"]


def beside(peer: str, name: str) -> Callable[[Results, dict[str, Any]], float]:
    """The rounds of a load as a share of a peer's."""
    return lambda results, seen: seen[name]["told"]["rounds"] / results["peers"][peer][name]["told"]["rounds"]


def failures(name: str) -> Callable[[Results, dict[str, Any]], float]:
    return lambda results, seen: sum(
        n for status, n in seen[name]["told"]["statuses"].items() if not status.startswith("2")
    )


def size(name: str) -> Callable[[Results, dict[str, Any]], float]:
    return lambda results, seen: seen["sizes"][name]["throughput"]


def count(value: float) -> str:
    return number(value)


GOALS = [
    Goal(
        "read, 16 connections: CPU beside the bare view",
        "≤ 4 ×",
        lambda results, seen: seen["read"]["cpu"] / results["peers"]["bare"]["read"]["cpu"],
        at_most(4),
        times,
    ),
    Goal("read: beside naive DRF", "≥ 2 ×", beside("drf", "read"), at_least(2), times),
    Goal("read: p99 beside p50", "≤ 4 ×", tail("read"), at_most(4), times),
    Goal("read: slowest", "≤ 100 ms", of_load("read", "slowest"), at_most(100)),
    *(
        Goal(f"create + read back: beside {peer}", f"≥ {least} ×", beside(peer, "create"), at_least(least), times)
        for peer, least in (("json-server", 4), ("mockoon", 5), ("moto", 3), ("drf", 1.2))
    ),
    Goal("create + read back: p99 beside p50", "≤ 4 ×", tail("create"), at_most(4), times),
    Goal("create + read back: slowest", "≤ 250 ms", of_load("create", "slowest"), at_most(250), of=("sqlite",)),
    Goal("create + read back: slowest", "≤ 300 ms", of_load("create", "slowest"), at_most(300), of=("postgresql",)),
    Goal(
        "create + read back: beside SQLite",
        "≥ 0.6 ×",
        lambda results, seen: seen["create"]["told"]["rounds"] / results["sqlite"]["create"]["told"]["rounds"],
        at_least(0.6),
        times,
        of=("postgresql",),
    ),
    Goal(
        "a lifecycle in four requests beside naive DRF's seven",
        "≤ 1.5 ×",
        lambda results, seen: seen["lifecycle"] / results["peers"]["drf"]["lifecycle"],
        at_most(1.5),
        times,
    ),
    Goal("a lifecycle: CPU", "≤ 15 ms", plain("lifecycle_cpu"), at_most(15)),
    Goal("200 clients create at once: failures", "0", failures("create_200"), at_most(0), count),
    Goal("200 clients: p99 beside p50", "≤ 1.4 ×", tail("create_200"), at_most(1.4), times),
    Goal(
        "200 clients: throughput beside that of 16",
        "≥ 0.9 ×",
        lambda results, seen: seen["create_200"]["told"]["rounds"] / seen["create_alone"]["told"]["rounds"],
        at_least(0.9),
        times,
    ),
    Goal("a standard sandbox is created", "≤ 8 ms", plain("sandbox"), at_most(8)),
    Goal("and reset", "≤ 10 ms", plain("reset"), at_most(10)),
    Goal("advance over 1 000 due events", "≤ 1 200 ms", plain("advance"), at_most(1200)),
    *(
        Goal(f"100 000 filings against 1 000: {name}", "≥ 0.9 ×", size(name), at_least(0.9), times)
        for name in ("list", "read", "create")
    ),
    *(
        Goal(f"{name} of a state of 10 000 rows", f"≤ {most} ms", plain(name), at_most(most))
        for name, most in (("checkpoint", 150), ("restore", 400), ("import", 400))
    ),
    Goal("others' p99 meanwhile", "≤ 100 ms", lambda results, seen: seen["state_others"]["p99"], at_most(100)),
    Goal("cold start with a current database", "≤ 0.6 s", plain("cold_s"), at_most(0.6), seconds),
    Goal(
        "memory after load, two workers",
        "≤ 140 MB",
        plain("memory_mb"),
        at_most(140),
        lambda value: f"{number(value)} MB",
    ),
    Goal(
        "others' p99 while ten requests of a sandbox wait 10 s",
        "≤ 100 ms",
        lambda results, seen: seen["latency_others"]["p99"],
        at_most(100),
    ),
]


def reached(goal: Goal, name: str, results: Results) -> str:
    """What a database reached of a goal, and whether that is enough."""
    if name not in goal.of or name not in results:
        return ""
    try:
        value = goal.read(results, results[name])
    except KeyError:
        return "not measured"
    return "not measured" if math.isnan(value) else f"{goal.tell(value)} {'✓' if goal.met(value) else '✗'}"


def goals(results: Results) -> str:
    named = [name for name in OURS if name in results]
    return table(
        ["", "goal", *({"sqlite": "SQLite", "postgresql": "PostgreSQL"}[name] for name in named)],
        (
            [goal.label, goal.wanted, *(reached(goal, name, results) for name in named)]
            for goal in GOALS
            if {*goal.of} & {*named}
        ),
    )


def machine(results: Results) -> str:
    told = results["machine"]
    return "\n".join(f"- {words}" for words in told)


# ── the plot ──────────────────────────────────────────────────────────────────────────────────────────────────────

LINE, LEFT, WIDE, GAP = 26, 190, 260, 70
"""Pixels: the height of a row, the names, a panel, and the room for a figure behind its bar."""

OWN, OTHER, MARK = "#b3261e", "#8a9ba8", "#22303c"


def plot(results: Results) -> str:
    """Two rows of panels: how many a second (bars), and from the median to the slowest (lines, on a scale by tens)."""
    parts, top = list[str](), 30
    for name, label in (("read", "read a filing"), ("create", "create a filing, read it back")):
        rows = [(one, seen[name]["told"]) for one, _, seen in rows_of(results) if name in seen]
        parts += [
            text(LEFT, top, f"{label}: rounds a second", bold=True),
            text(LEFT + WIDE + GAP, top, "a request: p50, p99 and slowest, ms", bold=True),
        ]
        bottom = top + 12 + LINE * len(rows)
        for power in range(5):
            x = LEFT + WIDE + GAP + by_tens(10.0**power)
            parts.append(f'<line x1="{x:.0f}" y1="{top + 8}" x2="{x:.0f}" y2="{bottom}" stroke="#dde3e8"/>')
            parts.append(text(x, bottom + 12, number(10**power), anchor="middle", size=10))
        most = max(told["rounds"] for _, told in rows)
        for n, (who, told) in enumerate(rows):
            parts += bar(who, told, most, top + 12 + LINE * n)
        top = bottom + 52
    width = LEFT + 2 * WIDE + GAP + 40
    box = f'viewBox="0 0 {width} {top - 24}"'
    head = f'<svg xmlns="http://www.w3.org/2000/svg" {box} font-family="sans-serif" font-size="12">'
    return "\n".join([head, '<rect width="100%" height="100%" fill="#fff"/>', *parts, "</svg>", ""])


def bar(who: str, told: dict[str, Any], most: float, y: float) -> list[str]:
    colour, middle = OWN if "**" in who else OTHER, y + LINE / 2
    long = WIDE * told["rounds"] / most
    marks = [LEFT + WIDE + GAP + by_tens(told[one]) for one in ("p50", "p99", "slowest")]
    return [
        text(LEFT - 8, middle + 4, who.replace("*", ""), anchor="end"),
        f'<rect x="{LEFT}" y="{y + 5:.1f}" width="{long:.1f}" height="{LINE - 10}" fill="{colour}"/>',
        text(LEFT + long + 5, middle + 4, number(told["rounds"])),
        f'<line x1="{marks[0]:.1f}" y1="{middle}" x2="{marks[2]:.1f}" y2="{middle}" stroke="{colour}" '
        f'stroke-width="3"/>',
        *(
            f'<circle cx="{x:.1f}" cy="{middle}" r="{r}" fill="{colour if r > 3 else MARK}"/>'
            for x, r in zip(marks, (4.5, 4.5, 2.5), strict=True)
        ),
    ]


def by_tens(milliseconds: float) -> float:
    """Where a time stands between 1 ms and 10 s."""
    return WIDE * min(1.0, max(0.0, math.log10(max(milliseconds, 1e-9)) / 4))


def text(x: float, y: float, words: str, *, anchor: str = "start", bold: bool = False, size: int = 12) -> str:
    weight = ' font-weight="bold"' if bold else ""
    place = f'x="{x:.0f}" y="{y:.0f}" text-anchor="{anchor}"'
    return f'<text {place} font-size="{size}" fill="{MARK}"{weight}>{escape(words)}</text>'


# ── the page ──────────────────────────────────────────────────────────────────────────────────────────────────────


def page(before: str, results: Results) -> str:
    """The page with its marked parts made anew."""
    for name, made in {"machine": machine(results), "servers": servers(results), "goals": goals(results)}.items():
        marked = re.compile(rf"(<!-- {name} -->\n).*?(<!-- /{name} -->)", re.DOTALL)
        if not marked.search(before):
            raise ValueError(f"no place marked for {name}")
        before = marked.sub(lambda found, made=made: f"{found[1]}{made}\n{found[2]}", before)  # type: ignore[misc]
    return before


def write(docs: Path, results: Results) -> None:
    """Rewrite the tables and the plot of the docs."""
    told = docs / "performance.md"
    told.write_text(page(told.read_text(encoding="utf-8"), results), encoding="utf-8")
    (docs / "performance.svg").write_text(plot(results), encoding="utf-8")
