"""`up` and `doctor`: a simulator of one's own, and whether all is as it should be."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import os
import platform
import shlex
import socket
import sys
import time
from collections.abc import Generator, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

from rich.markup import escape

import swsim
from swsim import serving, versions
from swsim.cli import memory
from swsim.cli.running import AWAY, NO, Ended, Run, option
from swsim.problems import Problem, SwsimError
from swsim.words import say

PORT = 8000
"""Where `up` serves unless told otherwise: where all other commands look."""


def up(
    run: Run,
    port: Annotated[
        int, option("--port", "-p", en="The port; 0: a free one", zh="端口；0 为任意空闲的", min=0, max=65535)
    ] = PORT,
    data: Annotated[
        Path | None,
        option(
            "--data",
            en="Keep its data in this folder; else they go with it",
            zh="数据存在这个目录；缺省为临时目录，停止后删除",
            metavar="FOLDER",
        ),
    ] = None,
    command: Annotated[
        str | None,
        option(
            "--command",
            en="How it is run; the installed `singlewindow` unless said",
            zh="如何运行；缺省为已安装的 singlewindow",
            envvar=serving.VARIABLE,
        ),
    ] = None,
    verbose: Annotated[bool, option("--verbose", "-v", en="Let it speak", zh="显示其日志")] = False,
) -> None:
    if port and _taken(port):
        raise Ended(
            AWAY,
            say(
                f"Somebody listens on port {port}: choose another with --port.",
                f"端口 {port} 已被占用：请用 --port 换一个。",
            ),
        )
    with run.waiting("Starting", "正在启动"):
        server = serving.start(command=command, port=port or None, data=data, aloud=verbose)
    try:
        kept = say(f"data in {data}", f"数据在 {data}") if data else say("data go when it ends", "停止后数据即删除")
        about = {"url": server.url, "data": str(server.data), "log": str(server.log) if server.log else None}
        run.show(
            about,
            "\n".join(
                [
                    f"[bold]{server.url}[/]  ({escape(kept)})",
                    f"  {say('console', '控制台')} {server.url}/console/",
                    f"  {say('documents', '接口文档')} {server.url}/api/v1/docs {server.url}/control/v1/docs",
                    say("Ctrl+C ends it.", "按 Ctrl+C 停止。"),
                ]
            ),
        )
        sys.stdout.flush()
        with suppress(KeyboardInterrupt):
            code = server.wait()
            raise Ended(
                AWAY,
                say(f"It ended by itself ({code}).", f"模拟系统自行结束（{code}）。")
                + f"\n{server.said()[-2000:]}".rstrip(),
            )
    finally:
        with run.waiting("Stopping", "正在停止"):
            server.stop()


def _taken(port: int) -> bool:
    with socket.socket() as line:
        line.settimeout(1)
        return line.connect_ex(("127.0.0.1", port)) == 0


# ── doctor ────────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at. `remedy` is what to do where it is not as it should be."""

    what: str
    state: Literal["ok", "note", "bad"]
    found: str
    remedy: str = ""


_SIGNS = {"ok": "[green]✓[/]", "note": "[yellow]![/]", "bad": "[red]✗[/]"}


def doctor(
    run: Run,
    wait: Annotated[
        float,
        option("--wait", en="Give the simulator so many seconds to answer", zh="最多等待模拟系统应答多少秒", min=0),
    ] = 0,
) -> None:
    if wait:
        with run.waiting("Waiting for the simulator", "正在等待模拟系统"):
            _wait_for(run, wait)
    findings = list(_findings(run))
    run.show(
        [
            {"what": finding.what, "state": finding.state, "found": finding.found, "remedy": finding.remedy or None}
            for finding in findings
        ],
        lambda: "\n".join(
            f"{_SIGNS[finding.state]} [bold]{escape(finding.what)}[/]  {escape(finding.found)}"
            + (f"\n    → {escape(finding.remedy)}" if finding.remedy else "")
            for finding in findings
        ),
    )
    if bad := [finding for finding in findings if finding.state == "bad"]:
        raise Ended(NO, say(f"Not as it should be: {len(bad)}.", f"有 {len(bad)} 处不正常。"))


def _wait_for(run: Run, seconds: float) -> None:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        with suppress(SwsimError):
            run.client.wire.send("GET", "/readyz")
            return
        time.sleep(0.2)


def _findings(run: Run) -> Iterator[Finding]:
    yield Finding(
        say("this kit", "本工具包"),
        "ok",
        f"swsim {versions.__version__}, Python {platform.python_version()}, {sys.prefix}",
    )
    yield _command()
    yield from _optional()
    yield _proxies(run)
    yield _memory(run)
    answers = yield from _answers(run)
    if answers:
        yield from _planes(run)


def _command() -> Finding:
    what = say("a simulator of one's own", "自带的模拟系统")
    try:
        return Finding(what, "ok", shlex.join(serving.how_to_run()))
    except serving.NotStarted:
        return Finding(
            what,
            "note",
            say("is not installed here: `swsim up` cannot start one", "没有安装：swsim up 无法启动"),
            say(
                f"pip install 'swsim[server]', or say how it is run: {serving.VARIABLE}='…/python …/manage.py'",
                f"pip install 'swsim[server]'，或以 {serving.VARIABLE}='…/python …/manage.py' 说明如何运行",
            ),
        )


def _optional() -> Iterator[Finding]:
    signs = importlib.util.find_spec("cryptography") is not None
    yield Finding(
        say("signing as a card does", "以卡签名"),
        "ok" if signs else "note",
        f"cryptography {importlib.metadata.version('cryptography')}"
        if signs
        else say("cryptography is not installed", "没有安装 cryptography"),
        "" if signs else "pip install 'swsim[card]'",
    )
    what = say("pytest plugin", "pytest 插件")
    if importlib.util.find_spec("pytest") is None:
        yield Finding(what, "note", say("pytest is not installed", "没有安装 pytest"), "pip install pytest")
        return
    registered = any(plugin.value.startswith("swsim.") for plugin in importlib.metadata.entry_points(group="pytest11"))
    yield Finding(
        what,
        "ok" if registered else "note",
        f"pytest {importlib.metadata.version('pytest')}"
        if registered
        else say(
            "swsim is on the path, but not installed: pytest does not find the plugin",
            "swsim 在路径上但没有安装，pytest 找不到插件",
        ),
        ""
        if registered
        else say(
            "pip install swsim, or run pytest with -p swsim.pytest_plugin",
            "pip install swsim，或以 -p swsim.pytest_plugin 运行 pytest",
        ),
    )


def _proxies(run: Run) -> Finding:
    what = say("proxies", "代理")
    host = urlsplit(run.server).hostname or ""
    named = next(
        (
            name
            for name in ("HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY", "https_proxy", "http_proxy", "all_proxy")
            if os.environ.get(name)
        ),
        "",
    )
    if not named or host in ("127.0.0.1", "localhost", "::1"):
        return Finding(what, "ok", say("none in the way", "不经过代理"))
    passed_by = os.environ.get("NO_PROXY", os.environ.get("no_proxy", ""))
    if any(name.strip() and host.endswith(name.strip().lstrip(".*")) for name in passed_by.split(",")):
        return Finding(what, "ok", say(f"{named} is passed by for {host}", f"{host} 不经过 {named}"))
    return Finding(
        what, "note", say(f"{named} stands between here and {host}", f"到 {host} 要经过 {named}"), f"NO_PROXY={host}"
    )


def _memory(run: Run) -> Finding:
    what = say("what is remembered", "记录的目录")
    folder = memory.home()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        memory.write(".probe", {})
        memory.forget(".probe")
    except OSError as error:
        return Finding(what, "bad", f"{folder}: {error.strerror}", f"{memory.VARIABLE}=…")
    return Finding(what, "ok", f"{folder}, {say('world', '沙箱')} {run.id}")


def _answers(run: Run) -> Generator[Finding, None, bool]:
    """Whether a simulator answers, and is of this kit's age. Returns whether it does."""
    what = say("the simulator", "模拟系统")
    client = swsim.SingleWindow(run.server, check_version=False, retries=0)
    try:
        version = client.version()
    except Problem as problem:
        yield Finding(what, "bad", f"{run.server}: {problem.status} {problem.code}", _no_simulator())
        return False
    except SwsimError as error:
        yield Finding(what, "bad", f"{run.server}: {error}", _no_simulator())
        return False
    finally:
        client.close()
    differs = versions.difference(version)
    yield Finding(
        what,
        "note" if differs else "ok",
        f"{run.server}, {version['version']}, {say('contract', '接口约定')} {version.get('contract_version', '?')}, "
        f"{version['rules_version']}",
        differs,
    )
    for deprecation in version.get("deprecations", ()):
        yield Finding(
            deprecation["what"],
            "note",
            say(
                f"deprecated since {deprecation['since']}, goes on {deprecation['gone_on']}",
                f"自 {deprecation['since']} 起不再推荐，{deprecation['gone_on']} 起取消",
            ),
            deprecation["instead"],
        )
    return True


def _no_simulator() -> str:
    return say(
        "`swsim up` starts one; --server or SINGLE_WINDOW_URL names another",
        "可用 swsim up 启动；或以 --server、SINGLE_WINDOW_URL 指定另一个",
    )


def _planes(run: Run) -> Iterator[Finding]:
    what, control = say("the control plane", "控制接口"), run.client.control
    try:
        control.list_sandboxes(limit=1)
    except Problem as problem:
        remedies = {
            401: say(
                "SIM_CONTROL_TOKEN or --control-token: the operator has it",
                "SIM_CONTROL_TOKEN 或 --control-token：向运维人员索取",
            ),
            404: say("it is switched off there: SIM_CONTROL_PLANE=on", "该处已关闭：SIM_CONTROL_PLANE=on"),
        }
        yield Finding(what, "bad", f"{problem.status} {problem.code}", remedies.get(problem.status, problem.remedy))
        return
    yield Finding(what, "ok", say("is open to us", "可用"))
    began = time.perf_counter()
    world = run.client.world(name="swsim doctor", ttl_hours=1)
    took = (time.perf_counter() - began) * 1000
    try:
        yield Finding(say("a new world", "新建沙箱"), "ok" if took < 1000 else "note", f"{took:.0f} ms")
        yield from (found for check in (_journal, _filing) if (found := check(world)))
    finally:
        world.delete()
    if run.id != "demo":
        with suppress(Problem):
            control.read_sandbox(run.id)
            return
        yield Finding(
            say("the world that is meant", "当前沙箱"),
            "note",
            say(f"{run.id} is no more", f"{run.id} 已不存在"),
            say("`swsim world use`, or `swsim world create`", "swsim world use，或 swsim world create"),
        )


def _filing(world: swsim.World) -> Finding:
    """Whether the main thing works: a registration is filed, declared, and approved in time."""
    what = say("a registration", "一次注册登记")
    try:
        filing = world.account("cardless").file(world.sample("registration"))
        filing.declare().until("approved")
    except SwsimError as error:
        return Finding(what, "bad", f"{error}")
    return Finding(what, "ok", say("was declared and approved", "已申报并审批通过"))


def _journal(world: swsim.World) -> Finding | None:
    try:
        world.control.verify_journal(world.id, {"match": {"path": "/filings"}, "count": {"at_least": 0}})
    except Problem as problem:
        return Finding(say("the journal", "往来记录"), "note", f"{problem.code}: {problem.detail}", problem.remedy)
    return None
