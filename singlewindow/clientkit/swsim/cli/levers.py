"""What moves a world: its clock, scenarios, faults, checkpoints, and filings sent to any state."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Annotated, Any

import typer

from swsim.cli.running import Run, argument, captioned, command, completing, misused, option, table
from swsim.words import say

STATES = ("draft", "declared", "sent", "stored", "manual_review", "approved", "rejected")
KINDS = ("registration", "change", "deregistration", "mofcom_change")

_SHORT = re.compile(r"(?:(\d+)w)?(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?")


def when(text: str) -> dict[str, str]:
    """What an advance is told, by how people write it: `PT1H`, `90m`, `1d12h`, a moment, `idle`, `next_event`."""
    word = text.strip()
    if word in ("idle", "next_event", "next"):
        return {"until": "next_event" if word == "next" else word}
    if word[:1].upper() == "P":
        return {"by": word.upper()}
    if (short := _SHORT.fullmatch(word.lower())) and any(short.groups()):
        weeks, days, hours, minutes, seconds = (int(part or 0) for part in short.groups())
        return {"by": f"P{weeks * 7 + days}DT{hours}H{minutes}M{seconds}S"}
    try:
        moment = datetime.fromisoformat(word.replace("Z", "+00:00"))
    except ValueError:
        misused(
            f"{text!r} is neither a length (PT1H, 90m, 1d12h), nor a moment (2021-12-02T09:00:00+08:00), nor idle,"
            " nor next_event.",
            f"“{text}”不是时长（PT1H、90m、1d12h）、时刻（2021-12-02T09:00:00+08:00）、idle 或 next_event。",
        )
    return {"to": moment.isoformat() if moment.tzinfo else f"{moment.isoformat()}+08:00"}


def advance(
    run: Run,
    by: Annotated[
        str,
        argument(
            en="PT1H, 90m, 1d12h; a moment; idle (nothing is due any more); next_event",
            zh="PT1H、90m、1d12h；时刻；idle（不再有到期的）；next_event（到下一事件）",
            metavar="WHEN",
            autocompletion=lambda incomplete: [
                w for w in ("idle", "next_event", "PT1H", "P1D") if w.startswith(incomplete)
            ],
        ),
    ] = "idle",
) -> None:
    asked: Any = when(by)
    with run.waiting("Time passes", "时钟推进中"):
        advanced = run.client.control.advance_clock(run.id, asked)
    run.show(advanced, lambda: _advanced(advanced))


def _advanced(advanced: Any) -> Any:
    rows = [(fired["at"][:19], fired["verb"], fired["subject"], fired["outcome"]) for fired in advanced["fired"]]
    rows += [
        (sent["at"][:19], sent["event"], sent["webhook"], f"{sent['outcome']} ({sent['attempt']})")
        for sent in advanced["deliveries"]
    ]
    return captioned(
        say(f"It is {advanced['now']}.", f"现在是 {advanced['now']}。"),
        say("at", "时刻"),
        say("what", "事项"),
        say("of", "对象"),
        say("outcome", "结果"),
        rows=sorted(rows),
    )


def _scenarios(incomplete: str) -> list[str]:
    with completing() as run:
        found = run.client.control.list_scenarios()["results"]
        return [scenario["name"] for scenario in found if scenario["name"].startswith(incomplete)]
    return []


def _filings(incomplete: str) -> list[str]:
    with completing() as run:
        found = run.client.control.list_sandbox_filings(run.id)["results"]
        return [filing["id"] for filing in found if filing["id"].startswith(incomplete)]
    return []


def scenario(
    run: Run,
    text: Annotated[
        str | None,
        argument(
            en="As `reject; reason=address_mismatch`; without it those there are",
            zh="如 reject; reason=address_mismatch；不写则列出现有的",
            metavar="SCENARIO",
            autocompletion=_scenarios,
        ),
    ] = None,
    filing: Annotated[
        str | None,
        option("--filing", en="For this filing alone", zh="只用于这份申请单", autocompletion=_filings),
    ] = None,
    times: Annotated[
        int | None, option("--times", en="For the next so many declarations", zh="用于以后若干次申报")
    ] = None,
    kind: Annotated[str | None, option("--kind", en="… of this kind", zh="且限于这类申请")] = None,
) -> None:
    control = run.client.control
    if text is None:
        catalogue, now = control.list_scenarios(), control.read_sandbox(run.id)["scenario"]
        answer: Any = {"scenario": now, "queue": control.list_scenario_queue(run.id)["results"], **catalogue}
        run.show(answer, lambda: _catalogue(catalogue, now))
        return
    if filing and (times or kind):
        misused("--filing stands alone.", "--filing 不能与 --times、--kind 同用。")
    if filing:
        answer = control.pin_scenario(run.id, filing, {"scenario": text})
        words = say(f"{filing}: {answer['scenario']}", f"{filing}：{answer['scenario']}")
    elif times or kind:
        body: Any = {"scenario": text, "times": times or 1, **({"match": {"kind": kind}} if kind else {})}
        answer = control.queue_scenario(run.id, body)
        words = say(f"The next {times or 1}: {answer['scenario']}", f"以后 {times or 1} 次：{answer['scenario']}")
    else:
        answer = control.set_scenario(run.id, {"scenario": text})
        words = say(f"{run.id}: {answer['scenario']}", f"{run.id}：{answer['scenario']}")
    run.show(answer, words)


def _catalogue(catalogue: Any, now: str) -> Any:
    return captioned(
        say(f"In force: {now}", f"当前：{now}"),
        say("scenario", "情景"),
        say("what it does", "说明"),
        say("parameters", "参数"),
        "FAQ",
        rows=(
            (
                scenario["name"],
                scenario["title"],
                " ".join(part["name"] for part in scenario["parameters"]),
                scenario["faq"],
            )
            for scenario in catalogue["results"]
        ),
    )


def _faults(incomplete: str) -> list[str]:
    with completing() as run:
        found = run.client.control.list_faults(run.id)["catalogue"]
        return [fault["name"] for fault in found if fault["name"].startswith(incomplete)]
    return []


def fault(
    run: Run,
    text: Annotated[
        str | None,
        argument(
            en="As `status; code=503`; without it those in force and those there are",
            zh="如 status; code=503；不写则列出有效的和可用的",
            metavar="FAULT",
            autocompletion=_faults,
        ),
    ] = None,
    method: Annotated[str | None, option("--method", en="Of requests by this method", zh="限于这个方法")] = None,
    path: Annotated[
        str | None,
        option("--path", en="… to this address, as /filings/*/declare", zh="限于这个地址，如 /filings/*/declare"),
    ] = None,
    account: Annotated[str | None, option("--account", en="… of this account", zh="限于这个账户")] = None,
    event: Annotated[str | None, option("--event", en="Of webhooks of this event", zh="限于这个事件的通知")] = None,
    uscc: Annotated[str | None, option("--uscc", en="About this enterprise", zh="限于这家企业")] = None,
    times: Annotated[int | None, option("--times", en="So many times", zh="次数")] = None,
    probability: Annotated[float | None, option("--probability", en="By chance, 0 to 1", zh="概率，0 到 1")] = None,
    ttl_seconds: Annotated[int | None, option("--ttl-seconds", en="For so many seconds", zh="有效秒数")] = None,
    remove: Annotated[
        list[str] | None, option("--remove", en="Take this one away", zh="撤去这一个", metavar="ID")
    ] = None,
    clear: Annotated[bool, option("--clear", en="Take all away", zh="撤去全部")] = False,
) -> None:
    control = run.client.control
    if text is not None:
        named = {"method": method, "path": path, "account": account, "event": event, "uscc": uscc}
        match = {name: value for name, value in named.items() if value is not None}
        limits = {"times": times, "probability": probability, "ttl_seconds": ttl_seconds}
        body: Any = {"fault": text, **{name: value for name, value in limits.items() if value is not None}}
        made = control.put_fault(run.id, body | ({"match": match} if match else {}))
        run.show(made, say(f"{made['id']}: {made['fault']} is in force.", f"{made['id']}：{made['fault']} 已生效。"))
        return
    faults = control.list_faults(run.id)
    if remove or clear:
        gone = remove or [key["id"] for key in faults["results"]]
        for key in gone:
            control.take_fault_away(run.id, key)
        run.show({"removed": gone}, say(f"Took {len(gone)} away.", f"已撤去 {len(gone)} 个。"))
        return
    run.show(faults, lambda: _in_force(run, faults))


def _in_force(run: Run, faults: Any) -> Any:
    if faults["results"]:
        run.out.print(
            table(
                "",
                say("in force", "有效的"),
                say("match", "限定"),
                say("left", "剩余"),
                say("struck", "已发生"),
                rows=(
                    (
                        fault["id"],
                        fault["fault"],
                        " ".join(f"{name}={value}" for name, value in fault["match"].items()),
                        fault["left"],
                        fault["fired"],
                    )
                    for fault in faults["results"]
                ),
            )
        )
    return table(
        say("there are", "可用的"),
        say("what it does", "说明"),
        say("match", "可限定"),
        "FAQ",
        rows=((kind["name"], kind["title"], " ".join(kind["match"]), kind["faq"]) for kind in faults["catalogue"]),
    )


def trigger(
    run: Run,
    state: Annotated[
        str,
        argument(
            en="Where it is to stand: " + ", ".join(STATES),
            zh="到哪个状态：" + "、".join(STATES),
            metavar="STATE",
            autocompletion=lambda incomplete: [state for state in STATES if state.startswith(incomplete)],
        ),
    ],
    filing: Annotated[
        str | None,
        argument(
            en="A filing; without it a new one is made, with a legal history",
            zh="申请单；不写则新建一份，经历合法",
            metavar="FILING",
            autocompletion=_filings,
        ),
    ] = None,
    kind: Annotated[
        str | None,
        option(
            "--kind",
            en="Of a new one: its kind; registration unless said",
            zh="新建的：申请类型；缺省为 registration",
            autocompletion=lambda incomplete: [kind for kind in KINDS if kind.startswith(incomplete)],
        ),
    ] = None,
    uscc: Annotated[str | None, option("--uscc", en="Of a new one: whose", zh="新建的：哪家企业")] = None,
    reason: Annotated[
        str | None,
        option("--reason", en="Of a rejection: why, as address_mismatch", zh="审批不通过的原因，如 address_mismatch"),
    ] = None,
    scenario: Annotated[
        str | None,
        option(
            "--scenario",
            en="Of a new one that is not decided: what comes of it as time passes",
            zh="新建的、尚无审批结果的：此后由哪个情景答复",
            autocompletion=_scenarios,
        ),
    ] = None,
    times: Annotated[int, option("--times", en="Of new ones: how many", zh="新建几份", min=1)] = 1,
) -> None:
    if state not in STATES:
        misused(f"There is no state {state!r}: {', '.join(STATES)}.", f"没有状态“{state}”：{'、'.join(STATES)}。")
    if reason and state != "rejected":
        misused("--reason is of a rejection.", "--reason 只用于 rejected。")
    why = {"reason_code": reason} if reason else {}
    if filing:
        if kind or uscc or scenario or times != 1:
            misused(
                "--kind, --uscc, --scenario, --times are of new ones.",
                "--kind、--uscc、--scenario、--times 只用于新建的。",
            )
        moved = run.world.trigger(filing, state, **why)
        run.show(moved, f"{moved['id']} {moved['status']} {moved['status_label']}")
        return
    named = {"kind": kind, "uscc": uscc, "scenario": scenario}
    body: Any = {"state": state, **why, **{name: value for name, value in named.items() if value is not None}}
    made = [
        run.client.control.make_filing(run.id, body)
        for _ in run.along(range(times), times, "Making filings", "正在新建申请单")
    ]
    run.show(
        made[0] if times == 1 else made,
        lambda: "\n".join(
            f"{filing['id']} {filing['status']} {filing['status_label']} {filing['enterprise']['uscc']}"
            for filing in made
        ),
    )


checkpoints = typer.Typer(no_args_is_help=True, help=say("States of a world to come back to", "检查点：可以回到的状态"))


def _checkpoints(incomplete: str) -> list[str]:
    with completing() as run:
        found = run.client.control.list_checkpoints(run.id)["results"]
        return [checkpoint["name"] for checkpoint in found if checkpoint["name"].startswith(incomplete)]
    return []


Checkpoint = Annotated[str, argument(en="Its name", zh="名称", metavar="NAME", autocompletion=_checkpoints)]


@command(checkpoints, "list", en="Checkpoints there are", zh="现有的检查点")
def list_checkpoints(run: Run) -> None:
    found = run.client.control.list_checkpoints(run.id)["results"]
    run.show(
        found,
        lambda: table(
            say("name", "名称"),
            say("clock", "时钟"),
            say("taken", "保存于"),
            say("rows", "行数"),
            rows=(
                (checkpoint["name"], checkpoint["clock_at"][:19], checkpoint["taken_at"][:19], checkpoint["rows"])
                for checkpoint in found
            ),
        ),
    )


@command(checkpoints, "save", en="Keep the present state under a name", zh="以一个名称保存当前状态")
def save(
    run: Run,
    name: Checkpoint,
    replace: Annotated[bool, option("--replace", en="In place of one of that name", zh="同名的覆盖")] = False,
) -> None:
    kept = run.client.control.keep_checkpoint(run.id, {"name": name, "replace": replace})
    run.show(kept, say(f"Kept {name}: {kept['rows']} rows.", f"已保存 {name}：{kept['rows']} 行。"))


@command(checkpoints, "restore", en="Go back to it, with the clock", zh="恢复到检查点，时钟一并恢复")
def restore(run: Run, name: Checkpoint) -> None:
    with run.waiting("Restoring", "正在恢复"):
        found = run.client.control.restore_checkpoint(run.id, name)
    run.show(found, say(f"{run.id} is as it was at {name}.", f"{run.id} 已恢复到 {name}。"))


@command(checkpoints, "drop", en="Forget it", zh="删除检查点")
def drop(run: Run, name: Checkpoint) -> None:
    run.client.control.drop_checkpoint(run.id, name)
    run.show({"dropped": name}, say(f"Dropped {name}.", f"已删除 {name}。"))
