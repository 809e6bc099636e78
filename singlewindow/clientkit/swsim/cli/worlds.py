"""`world`: making, listing, resetting, deleting worlds, and carrying them from one simulator to another."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from swsim.cli import memory
from swsim.cli.running import USAGE, Ended, Run, _worlds, argument, command, facts, misused, option, table
from swsim.problems import Problem
from swsim.words import say

app = typer.Typer(
    no_args_is_help=True,
    help=say("Worlds: each a sandbox with its own clock", "沙箱：各有自己的时钟和数据"),
)


def _situations(incomplete: str) -> list[str]:
    from swsim.cli.running import completing

    with completing() as run:
        found = run.client.control.list_situations()["results"]
        return [situation["name"] for situation in found if situation["name"].startswith(incomplete)]
    return []


@command(app, "create", en="Make a world, and mean it from now on", zh="新建沙箱，以后各命令即针对它", world=False)
def create(
    run: Run,
    situation: Annotated[
        str | None,
        option(
            "--situation",
            "-s",
            en="Which world; `standard` unless said",
            zh="场面；缺省为 standard",
            autocompletion=_situations,
        ),
    ] = None,
    scenario: Annotated[
        str | None, option("--scenario", en="How the authorities answer", zh="主管部门如何答复：缺省情景")
    ] = None,
    clock: Annotated[
        str | None,
        option(
            "--clock",
            en="Where the clock stands (2021-12-01T09:00:00+08:00), or `real`",
            zh="时钟停在何时（如 2021-12-01T09:00:00+08:00），或 real",
        ),
    ] = None,
    seed: Annotated[
        int | None, option("--seed", en="Same seed, same numbers", zh="种子：同一种子得到同样的编号")
    ] = None,
    name: Annotated[str | None, option("--name", en="A name for people", zh="名称")] = None,
    exercise: Annotated[
        str | None, option("--exercise", en="The world of an exercise, as faq-2-4", zh="某个练习的场面，如 faq-2-4")
    ] = None,
    ttl_hours: Annotated[
        int | None, option("--ttl-hours", en="Hours it is kept after its last use", zh="最近一次使用后保留的小时数")
    ] = None,
) -> None:
    given: dict[str, Any] = {
        "situation": situation,
        "scenario": scenario,
        "seed": seed,
        "name": name,
        "exercise": exercise,
        "ttl_hours": ttl_hours,
        "clock": None if clock is None else {"mode": "real"} if clock == "real" else {"mode": "frozen", "now": clock},
    }
    with run.waiting("Making a world", "正在新建沙箱"):
        body: Any = {key: value for key, value in given.items() if value is not None}
        made = run.client.control.create_sandbox(body)
    memory.use(run.server, made["id"], made["control_key"])
    run.show(made, lambda: _opened(run, made))


def _opened(run: Run, made: Any) -> Any:
    run.note(f"Made {made['id']}; other commands mean it from now on.", f"已新建 {made['id']}，以后各命令即针对它。")
    about = {
        say("world", "沙箱"): made["id"],
        say("control key", "控制密钥"): made["control_key"],
        say("clock", "时钟"): f"{made['clock']['now']} ({made['clock']['mode']})",
        say("scenario", "情景"): made["scenario"],
        say("seed", "种子"): made["seed"],
    }
    run.out.print(facts(about))
    return table(
        say("role", "角色"),
        say("user", "用户名"),
        say("password", "密码"),
        "USCC",
        say("card", "卡号"),
        "PIN",
        rows=(
            (
                account["role"],
                account["username"],
                account["password"],
                account["uscc"],
                account.get("card_no"),
                account.get("pin"),
            )
            for account in made["accounts"]
        ),
    )


@command(app, "list", en="Worlds there are", zh="现有的沙箱", world=False)
def every(run: Run) -> None:
    found = run.client.control.every(run.client.control.list_sandboxes(limit=500))
    run.show(
        found,
        lambda: table(
            "",
            say("world", "沙箱"),
            say("name", "名称"),
            say("situation", "场面"),
            say("clock", "时钟"),
            say("next event", "下一事件"),
            say("expires", "到期"),
            rows=(
                (
                    "→" if world["id"] == run.id else "",
                    world["id"],
                    world["name"],
                    world["exercise"] or world["situation"],
                    f"{world['clock']['now'][:19]} {world['clock']['mode']}",
                    (world["next_event_at"] or "")[:19],
                    (world["expires_at"] or "—")[:16],
                )
                for world in found
            ),
        ),
    )


@command(app, "show", en="One world, with its accounts", zh="一个沙箱及其账户")
def show(run: Run) -> None:
    found = run.client.control.read_sandbox(run.id)
    run.show(found, lambda: _shown(run, found))


def _shown(run: Run, found: Any) -> Any:
    about = {
        say("world", "沙箱"): found["id"],
        say("name", "名称"): found["name"] or None,
        say("situation", "场面"): found["situation"],
        say("scenario", "情景"): found["scenario"],
        say("seed", "种子"): found["seed"],
        say("clock", "时钟"): f"{found['clock']['now']} ({found['clock']['mode']})",
        say("next event", "下一事件"): found["next_event_at"],
        say("pinned", "固定保留"): say("yes", "是") if found["pinned"] else say("no", "否"),
    }
    run.out.print(facts(about))
    return table(
        say("role", "角色"),
        say("user", "用户名"),
        "USCC",
        say("token", "令牌"),
        rows=(
            (account["role"], account["username"], account["uscc"], account["token"]) for account in found["accounts"]
        ),
    )


World = Annotated[str, argument(en="The world", zh="沙箱", autocompletion=_worlds)]


@command(app, "use", en="Mean this world from now on", zh="以后各命令即针对这个沙箱", world=False)
def use(
    run: Run,
    world: World,
    control_key: Annotated[
        str | None, option("--control-key", en="Its key, if it was made elsewhere", zh="在别处新建的，给出其控制密钥")
    ] = None,
) -> None:
    found = run.control_of(world, control_key).read_sandbox(world)
    memory.use(run.server, world, control_key)
    run.show({"world": world}, f"{world} {found['name']}")


@command(app, "reset", en="As it was when it was made; tokens stay", zh="重置到新建时的样子；令牌不变")
def reset(run: Run) -> None:
    with run.waiting("Resetting", "正在重置"):
        found = run.client.control.reset_sandbox(run.id)
    run.show(found, say(f"Reset {run.id}.", f"已重置 {run.id}。"))


@command(app, "delete", en="Delete worlds", zh="删除沙箱", world=False)
def delete(
    run: Run,
    worlds: Annotated[
        list[str] | None, argument(en="Which", zh="哪些", metavar="WORLD…", autocompletion=_worlds)
    ] = None,
    all_: Annotated[
        bool, option("--all", en="All that were made here, by this user", zh="本机以本用户新建的全部")
    ] = False,
) -> None:
    if bool(worlds) == all_:
        misused("Name worlds, or say --all.", "请写出沙箱，或用 --all。")
    named = worlds or memory.made(run.server)
    gone: list[str] = []
    for world in run.along(named, len(named), "Deleting", "正在删除"):
        try:
            run.control_of(world).delete_sandbox(world)
        except Problem as problem:
            if not (all_ and problem.status == 404):  # it has expired, or somebody else was quicker
                raise
        memory.drop(run.server, world)
        gone.append(world)
    run.show({"deleted": gone}, say(f"Deleted {len(gone)}.", f"已删除 {len(gone)} 个。"))


@command(app, "export", en="A world's whole state, into a file", zh="把沙箱的全部状态存入文件")
def export(
    run: Run,
    file: Annotated[
        Path | None, argument(en="Where to; `-` is stdout", zh="存到哪里；- 为标准输出", metavar="FILE")
    ] = None,
    checkpoint: Annotated[
        str | None, option("--checkpoint", en="As it was then, and not as it is", zh="某个检查点时的状态")
    ] = None,
) -> None:
    to = file or Path(f"{run.id}.json")
    with run.waiting("Exporting", "正在导出"):
        held = run.world.export(checkpoint)
    if str(to) == "-":
        sys.stdout.buffer.write(held)
        return
    to.write_bytes(held)
    written = {"world": run.id, "file": str(to), "bytes": len(held)}
    run.show(written, say(f"{to}: {len(held):,} bytes of {run.id}", f"{to}：{run.id}，{len(held):,} 字节"))


@command(
    app,
    "import",
    en="A world out of a file, and mean it from now on",
    zh="由文件新建沙箱，以后各命令即针对它",
    world=False,
)
def import_(
    run: Run,
    file: Annotated[Path, argument(en="What `world export` wrote", zh="world export 写出的文件", metavar="FILE")],
) -> None:
    try:
        held = sys.stdin.buffer.read() if str(file) == "-" else file.read_bytes()
    except OSError as error:
        raise Ended(USAGE, f"{file}: {error.strerror}") from None
    with run.waiting("Importing", "正在导入"):
        world = run.client.import_world(held)
    memory.use(run.server, world.id, world.control_key)
    made = {"id": world.id, "control_key": world.control_key}
    run.show(
        made, say(f"Made {world.id}; other commands mean it from now on.", f"已新建 {world.id}，以后各命令即针对它。")
    )
