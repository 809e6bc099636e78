"""What a failed test is told of its world: where each filing stands and why, how it came there, what was exchanged
last, which faults were in force."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from swsim.words import say

EXCHANGES = 12
"""How many of the last exchanges are told."""

FILINGS = 4
"""How many filings are told, the newest."""

LONGEST = 600
"""Characters of a body that are told."""

Told = Mapping[str, Any]


def head(world: Told, faults: Iterable[Told]) -> list[str]:
    """The world in a few lines: how it was made, where its clock stands, what is in force."""
    clock = world["clock"]
    lines = [
        say("world", "沙箱") + f" {world['id']} · {world['exercise'] or world['situation']} · seed {world['seed']}",
        say("clock", "时钟")
        + f" {minute(clock['now'])} ({clock['mode']})"
        + (say(" · next event ", " · 下一事件 ") + minute(world["next_event_at"]) if world["next_event_at"] else "")
        + say(" · scenario ", " · 情景 ")
        + world["scenario"],
    ]
    for fault in faults:
        match = " ".join(f"{name}={value}" for name, value in fault["match"].items())
        left = (
            say("always", "一直") if fault["left"] is None else say(f"{fault['left']} left", f"还有 {fault['left']} 次")
        )
        lines.append(
            say("fault", "故障")
            + f" {fault['fault']}"
            + (f" ({match})" if match else "")
            + say(f": struck {fault['fired']} times, {left}", f"：已发生 {fault['fired']} 次，{left}")
        )
    lines += [
        say("set aside", "搁置") + f" {due['verb']} {due['subject']} {minute(due['at'])}: {due['trouble']}"
        for due in world["set_aside"]
    ]
    return lines


def filing(handled: Told, timeline: Iterable[Told] | str, explanation: Told) -> list[str]:
    """A filing: its timeline (or why it cannot be told), and why it is where it is."""
    firm = handled["enterprise"]["name_cn"]
    lines = [f"{handled['kind']} {handled['id']} ({handled['number']}) · {firm} · v{handled['version']}"]
    if isinstance(timeline, str):
        lines.append(f"  {timeline}")
    else:
        lines += [f"  {minute(step['at'])}  {step['to']:<13} {step['label']} ({step['by']})" for step in timeline]
    return [*lines, *(f"  {line}" for line in explained(explanation))]


def explained(explanation: Told) -> Iterator[str]:
    """Why a filing is where it is."""
    if scenario := explanation["scenario"]:
        yield say("scenario", "情景") + f" {scenario['text']} ← {scenario['source_label']}"
    for rule in explanation["rules"]:
        # One without a sentence of its own names others, which are told as what is in the way.
        sentence = f": {rule['sentence']}" if rule["sentence"] else ""
        yield say("rule", "规则") + f" {rule['code']}{sentence}{_faq(rule)}"
    for block in explanation["blocks"]:
        yield (
            say("in the way", "妨碍申报")
            + f" {block['pointer'] or block['code']}: {block['sentence'] or ''}{_faq(block)}"
        )
    for glitch in explanation["glitches"]:
        yield say("glitch", "异常") + f" {glitch['name']}{_faq(glitch)}"
    if explanation["held"]:
        yield say("held back by a control call", "已被控制接口停住")
    if (inspected := explanation["inspection"]) and inspected["compared"]:
        for row in inspected["compared"]:
            if row["differs"]:
                yield (
                    say("customs finds", "海关比对不符")
                    + f" {row['pointer']}: {row['declared']!r} ≠ {row['register']!r}"
                )
    if event := explanation["next_event"]:
        yield say("next", "下一步") + f" {event['label']} {minute(event['at'])}"
    for way in explanation["unblock"]:
        yield say("to move it: ", "可以：") + way


def exchanges(newest_first: Iterable[Told]) -> list[str]:
    """Exchanges, oldest first: a line each, and of those that were refused or spoilt what was sent and answered."""
    lines: list[str] = []
    for exchange in reversed(list(newest_first)):
        query = f"?{exchange['query']}" if exchange["query"] else ""
        who = "/".join(name for name in (exchange["account"], exchange["medium"]) if name) or "-"
        came = " ".join(
            [
                str(exchange["status"]),
                *([exchange["code"]] if exchange["code"] else []),
                *([f"⚡ {say('fault', '故障')} {exchange['fault']}"] if exchange["fault"] else []),
            ]
        )
        lines.append(
            f"{minute(exchange['at'])}  {exchange['method']:<6} {exchange['path']}{query} → {came}"
            f"  [{who}, {exchange['milliseconds']:.0f} ms]"
        )
        if exchange["status"] < 400 and not exchange["fault"]:
            continue
        if exchange["request"]["body"] not in (None, ""):
            lines.append(f"    > {brief(exchange['request']['body'])}")
        lines += [f"    < {line}" for line in answer(exchange["response"]["body"])]
    return lines


def answer(body: Any) -> list[str]:
    """A refusal in lines; whatever else was answered in one."""
    if not (isinstance(body, Mapping) and "code" in body):
        return [brief(body)] if body not in (None, "") else []
    lines = [f"{body.get('detail') or body.get('title', '')}{_faq(body)}"]
    lines += [f"{error['pointer']} {error['code']}: {error['detail']}{_faq(error)}" for error in body.get("errors", [])]
    return [*lines, *([say("remedy: ", "办法：") + body["remedy"]] if body.get("remedy") else [])]


def brief(body: Any) -> str:
    """A body in one line, not longer than LONGEST."""
    text = body if isinstance(body, str) else json.dumps(body, ensure_ascii=False)
    text = " ".join(text.split())
    return text if len(text) <= LONGEST else f"{text[:LONGEST]} … ({len(text)})"


def minute(moment: str) -> str:
    """A moment on the sandbox's clock, without its zone."""
    return moment.partition("+")[0].partition(".")[0].replace("T", " ")


def _faq(cited: Told) -> str:
    return f" (FAQ {cited['faq']})" if cited.get("faq") else ""
