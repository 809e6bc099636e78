"""What a client did: its journal, as it comes; how much of the simulator it has met; and a case asked again."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

from rich.markup import escape

from swsim import replaying
from swsim.cli.running import NO, Ended, Run, _worlds, argument, misused, option, table
from swsim.problems import Problem, Unreachable, Unreadable
from swsim.words import say

LOOKS_EVERY = 0.5
"""Seconds between two looks of `journal --follow`."""

_FORMATS = {".html": "html", ".xml": "junit", ".json": "json"}
"""What a report of coverage is made as, by the end of its file's name."""

_COLOURS = {2: "green", 3: "cyan", 4: "yellow", 5: "red"}


def journal(
    run: Run,
    follow: Annotated[bool, option("--follow", "-f", en="Go on, as it comes", zh="持续输出新的往来")] = False,
    last: Annotated[int, option("--last", "-n", en="So many, the newest", zh="最近几次", min=0, max=500)] = 20,
    method: Annotated[str | None, option("--method", en="By this method", zh="限于这个方法")] = None,
    path: Annotated[
        str | None, option("--path", en="To addresses that begin so, as /filings", zh="限于以此开头的地址，如 /filings")
    ] = None,
    status: Annotated[int | None, option("--status", en="Answered so", zh="限于这个状态码")] = None,
    account: Annotated[str | None, option("--account", en="Of this account", zh="限于这个账户")] = None,
    filing: Annotated[str | None, option("--filing", en="About this filing", zh="限于这份申请单")] = None,
    code: Annotated[str | None, option("--code", en="Refused by this code", zh="限于以此代码拒绝的")] = None,
    bodies: Annotated[
        bool, option("--bodies", "-b", en="With what was sent and answered", zh="连同请求和答复的内容")
    ] = False,
    clear: Annotated[bool, option("--clear", en="Forget them all", zh="清空往来记录")] = False,
) -> None:
    control = run.client.control
    if clear:
        control.clear_journal(run.id)
        run.show({"cleared": run.id}, say(f"Forgotten what was asked of {run.id}.", f"已清空 {run.id} 的往来记录。"))
        return
    wanted: dict[str, Any] = {
        "method": method and method.upper(),
        "path": path,
        "account": account,
        "filing": filing,
        "code": code,
        "status": None if status is None else f"{status}",
    }
    tell = run.line if run.as_json and follow else _teller(run, bodies)
    newest = control.read_journal(run.id, limit=max(last, 1), **wanted)["results"]
    shown = newest[:last][::-1]
    if not follow:
        if run.as_json:
            run.line(shown)
        else:
            for exchange in shown:
                tell(exchange)
            if not shown:
                if any(wanted.values()):
                    run.note("Nothing of this kind was asked.", "没有符合条件的往来。")
                else:
                    run.note("Nothing was asked yet.", "还没有往来。")
        return
    for exchange in shown:
        tell(exchange)
    # Where nothing fits yet, from the newest of all on: what is older was asked before this was.
    run.client.wire.retries = 0
    newest = newest or control.read_journal(run.id, limit=1)["results"]
    seen, away = newest[0]["id"] if newest else 0, False
    while True:
        try:
            page = control.read_journal(run.id, limit=500, cursor=f"before-{seen}", **wanted)
        except (Unreachable, Unreadable, Problem) as error:
            if isinstance(error, Problem) and error.status < 500:
                raise
            if not away:
                away = True
                run.note(f"The simulator is away, and waited for: {error}", f"模拟系统没有应答，等待中：{error}")
            time.sleep(LOOKS_EVERY)
            continue
        if away:
            away = False
            run.note("It answers again.", "模拟系统已恢复应答。")
        for exchange in reversed(page["results"]):
            tell(exchange)
            seen = exchange["id"]
        if not page["previous"]:
            time.sleep(LOOKS_EVERY)


def _teller(run: Run, bodies: bool) -> Callable[[Any], None]:
    def tell(exchange: Any) -> None:
        colour = _COLOURS.get(exchange["status"] // 100, "red")
        query = f"?{exchange['query']}" if exchange["query"] else ""
        more = " ".join(
            escape(f"{part}")
            for part in (exchange["code"], exchange["fault"] and f"⚡{exchange['fault']}", exchange["account"])
            if part
        )
        run.out.print(
            f"[dim]{exchange['at'][:19]}[/] {exchange['method']:<6} {escape(exchange['path'] + query)} → "
            f"[{colour}]{exchange['status']}[/] {more} [dim]{exchange['milliseconds']:.0f} ms[/]",
            soft_wrap=True,
        )
        if bodies:
            for sign, half in ((">", exchange["request"]), ("<", exchange["response"])):
                if half["body"] not in (None, ""):
                    text = (
                        half["body"] if isinstance(half["body"], str) else json.dumps(half["body"], ensure_ascii=False)
                    )
                    run.out.print(f"    [dim]{sign}[/] {escape(text)}", soft_wrap=True)

    return tell


def coverage(
    run: Run,
    worlds: Annotated[
        list[str] | None,
        argument(
            en="Of these, as one; else of the one that is meant",
            zh="合起来看的沙箱；不写则为当前的",
            metavar="WORLD…",
            autocompletion=_worlds,
        ),
    ] = None,
    format: Annotated[
        str | None,
        option(
            "--format",
            en="json, html or junit, as the simulator makes it",
            zh="json、html 或 junit，由模拟系统生成",
            autocompletion=lambda incomplete: [
                kind for kind in ("json", "html", "junit") if kind.startswith(incomplete)
            ],
        ),
    ] = None,
    to: Annotated[Path | None, option("--output", "-o", en="Into this file", zh="存入这个文件", metavar="FILE")] = None,
    missing: Annotated[bool, option("--missing", "-m", en="What was not met, by name", zh="列出没有触及的")] = False,
    fail_under: Annotated[
        float | None,
        option(
            "--fail-under",
            en="End with 1 where less per cent of all was met",
            zh="全部之中触及的百分比低于此数时以 1 结束",
        ),
    ] = None,
) -> None:
    if format not in (None, "json", "html", "junit"):
        misused(f"There is no format {format!r}: json, html, junit.", f"没有格式“{format}”：json、html、junit。")
    if to and not format and to.suffix not in _FORMATS:
        misused(
            f"{to}: by its name it is none of .html, .xml, .json; --format says which is meant.",
            f"{to}：名称不是以 .html、.xml、.json 结尾的，请用 --format 指明格式。",
        )
    control, named = run.client.control, worlds or [run.id]
    covered: Any = control.merge_coverage({"sandboxes": named}) if worlds else control.read_coverage(run.id)
    met, of = sum(part["met"] for part in covered["parts"]), sum(part["of"] for part in covered["parts"])
    share = 100 * met / of if of else 100.0
    if format or to:
        kind = format or _FORMATS[to.suffix if to else ".json"]
        text = json.dumps(covered, ensure_ascii=False, indent=1)
        if kind in ("html", "junit"):
            wanted: Any = kind
            text = (
                control.merge_coverage({"sandboxes": named}, format=wanted)
                if worlds
                else control.read_coverage(run.id, format=wanted)
            )
        if to:
            to.write_text(text, encoding="utf-8")
            run.show({"file": str(to), "percent": round(share, 1)}, f"{to}: {share:.1f} %")
        else:
            run.out.file.write(text + "\n")
    else:
        run.show(covered | {"percent": round(share, 1)}, lambda: _covered(run, covered, met, of, share, missing))
    if fail_under is not None and share < fail_under:
        raise Ended(
            NO,
            say(f"{share:.1f} % was met, less than {fail_under:g} %.", f"触及 {share:.1f} %，低于 {fail_under:g} %。"),
            percent=round(share, 1),
        )


def _covered(run: Run, covered: Any, met: int, of: int, share: float, missing: bool) -> Any:
    rows = [
        (part["title"], part["part"], part["met"], part["of"], f"{100 * part['met'] / (part['of'] or 1):.0f} %")
        for part in covered["parts"]
    ]
    made = table(
        "",
        "",
        say("met", "触及"),
        say("of", "共"),
        "",
        rows=[*rows, (say("all", "合计"), "", met, of, f"{share:.1f} %")],
    )
    if not missing:
        return made
    run.out.print(made)
    return table(
        say("not met", "没有触及的"),
        "",
        "FAQ",
        rows=(
            (f"{part['part']} {row['name']}", row["title"], row["faq"])
            for part in covered["parts"]
            for row in part["rows"]
            if not row["met"]
        ),
    )


def replay(
    run: Run,
    file: Annotated[
        Path, argument(en="A case, as a failed test leaves it", zh="用例文件，由失败的测试留下", metavar="FILE")
    ],
    keep: Annotated[bool, option("--keep", en="Keep the world, to be looked at", zh="保留沙箱，以便查看")] = False,
) -> None:
    case = replaying.read(file)
    run.note(f"{case.test}\n{case.said}".strip(), f"{case.test}\n{case.said}".strip())
    replayed: list[replaying.Replayed] = []
    differs = 0
    world = run.client.world(**case.world)
    try:
        for step in run.along(replaying.replay(world, case), len(case.steps), "Asking again", "正在重放"):
            replayed.append(step)
            differs += not step.as_then
            if run.as_json:
                run.line(
                    {
                        "step": step.step,
                        "status": step.status,
                        "code": step.code,
                        "same": step.as_then,
                        "skipped": step.skipped or None,
                    }
                )
            else:
                run.out.print(escape(str(step)), style=None if step.as_then else "red", soft_wrap=True)
    finally:
        if not keep:
            world.delete()
    if keep:
        run.note(f"The world is {world.id}.", f"沙箱为 {world.id}。")
    if differs:
        raise Ended(
            NO,
            say(
                f"{differs} of {len(replayed)} were answered otherwise than then.",
                f"{len(replayed)} 次之中有 {differs} 次与当时的答复不同。",
            ),
            differs=differs,
        )
    run.note(f"All {len(replayed)} as then.", f"{len(replayed)} 次均与当时相同。")
