"""What all commands have in common: their options, where their words go, and how they end."""

from __future__ import annotations

import inspect
import json
import os
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import cached_property
from typing import Annotated, Any, NoReturn, TextIO

import typer
from rich.console import Console, Group
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Column, Table

import swsim
from swsim._sync.line import Line
from swsim.cli import memory
from swsim.problems import Problem, SwsimError, Unreachable, Unreadable
from swsim.replaying import NotACase
from swsim.serving import NotStarted
from swsim.words import say

HERE = "http://127.0.0.1:8000"
"""Where a simulator is unless one says otherwise."""

# ── how a command ends ────────────────────────────────────────────────────────────────────────────────────────────

DONE = 0
NO = 1
"""The answer is no: coverage below what was asked for, a replay that went otherwise, a set-up that does not work."""

USAGE = 2
"""The command was not written as it takes it (this code is Typer's own)."""

AWAY = 3
"""No simulator answers there, or none could be started."""

REFUSED = 4
"""The simulator refused; its `code` is told."""

STOPPED = 130
"""Stopped by Ctrl+C."""

CODES = {
    DONE: ("done", "完成"),
    NO: (
        "the answer is no: coverage too low, a replay that differs, a set-up that does not work, events not forwarded",
        "结果为否：覆盖不足、重放有出入、环境有问题、有通知未能转发",
    ),
    USAGE: ("the command is not written as it should be", "命令的写法不正确"),
    AWAY: ("no simulator answers there, or none could be started", "没有模拟系统应答，或未能启动"),
    REFUSED: ("the simulator refused; its code is told", "模拟系统拒绝，同时给出其代码"),
    STOPPED: ("stopped by Ctrl+C", "由 Ctrl+C 停止"),
}
"""Every exit code, in words."""


class Ended(Exception):
    """A command ends here, with words on stderr and an exit code."""

    def __init__(self, code: int, words: str = "", **details: Any) -> None:
        super().__init__(words)
        self.code, self.words, self.details = code, words, details


# ── options of every command ──────────────────────────────────────────────────────────────────────────────────────


def option(*names: str, en: str, zh: str, **more: Any) -> Any:
    """An option with its help in both languages."""
    return typer.Option(*names, help=say(en, _spaced(zh)), **more)


def argument(*, en: str, zh: str, **more: Any) -> Any:
    """An argument with its help in both languages."""
    return typer.Argument(help=say(en, _spaced(zh)), **more)


def _spaced(chinese: str) -> str:
    """Help is broken into lines where there is a space; what has none, as Chinese, would be cut off."""
    return re.sub("(?<=[，；：。、])(?=.)", " ", chinese)


_COMMON = say("Of every command", "各命令通用")

Server = Annotated[
    str,
    option(
        "--server",
        en="Address of the simulator",
        zh="模拟系统的地址",
        envvar="SINGLE_WINDOW_URL",
        rich_help_panel=_COMMON,
        metavar="URL",
    ),
]
Token = Annotated[
    str | None,
    option(
        "--control-token",
        en="Token of the control plane, where it is not open",
        zh="控制接口的令牌；控制接口开放时不需要",
        envvar="SIM_CONTROL_TOKEN",
        rich_help_panel=_COMMON,
        show_envvar=True,
        metavar="TOKEN",
    ),
]
AsJson = Annotated[
    bool,
    option(
        "--json",
        en="Answer in JSON on stdout; a stream tells one object a line",
        zh="以 JSON 输出到 stdout；持续输出的每行一个对象",
        rich_help_panel=_COMMON,
    ),
]


def _worlds(incomplete: str) -> list[str]:
    """Worlds there are, for a shell that completes; none where no simulator answers at once."""
    with _quick() as run:
        return [
            world["id"]
            for world in run.client.control.list_sandboxes()["results"]
            if world["id"].startswith(incomplete)
        ]
    return []


WorldId = Annotated[
    str | None,
    option(
        "--world",
        "-w",
        en="The world; else the one last made or chosen by `world use`, else demo",
        zh="沙箱；不写则为最近新建或以 world use 选定的，都没有则为 demo",
        envvar="SINGLE_WINDOW_WORLD",
        rich_help_panel=_COMMON,
        autocompletion=_worlds,
        metavar="ID",
    ),
]

# ── a command that runs ───────────────────────────────────────────────────────────────────────────────────────────


class Run:
    """A command that runs: the simulator it is about, and where its words go.

    Results go to stdout, in JSON if so asked; what is said besides, and progress, to stderr. `timeout` and `retries`
    are the client's; a command that waits for a simulator itself sets them before it asks anything.
    """

    timeout, retries = 60.0, 3

    def __init__(self, server: str, token: str | None, world: str | None, as_json: bool) -> None:
        self.server, self.token, self.as_json = server.rstrip("/"), token, as_json
        self._named = world
        self.out, self.err = _console(sys.stdout), _console(sys.stderr)

    @cached_property
    def client(self) -> swsim.SingleWindow:
        """The simulator; with the control plane's token, else with the key of the world that is meant."""
        return swsim.SingleWindow(
            self.server, control_token=self.token or self.key, timeout=self.timeout, retries=self.retries
        )

    def control_of(self, world: str, key: str | None = None) -> swsim.ControlPlane:
        """The control plane for a world: by the plane's token, else by the world's own key."""
        key = key or memory.key_of(self.server, world)
        if self.token or key is None:
            return self.client.control
        return swsim.ControlPlane(Line(self.client.wire, "/control/v1", key))

    @property
    def id(self) -> str:
        """The world that is meant."""
        return self._named or memory.current(self.server) or "demo"

    @property
    def key(self) -> str | None:
        """Its control key, where it was made here."""
        return memory.key_of(self.server, self.id)

    @cached_property
    def world(self) -> swsim.World:
        """The world that is meant."""
        return self.client.open_world(self.id, control_key=self.key)

    def show(self, result: Any, human: Callable[[], Any] | str | None = None) -> None:
        """A result: as JSON, or for people by `human`, which is text or makes something Rich can draw."""
        if self.as_json:
            self.line(result)
            return
        shown = human() if callable(human) else human
        if shown is not None:
            self.out.print(shown)

    def line(self, result: Any) -> None:
        """One JSON value on a line of its own, at once."""
        sys.stdout.write(json.dumps(result, ensure_ascii=False) + "\n")
        sys.stdout.flush()

    def note(self, en: str, zh: str) -> None:
        """Something besides the result, for people."""
        if not self.as_json:
            self.err.print(say(en, zh), style="dim")

    @contextmanager
    def waiting(self, en: str, zh: str) -> Iterator[None]:
        """While something takes its time: a turning mark, on a terminal only."""
        if self.as_json or not self.err.is_terminal:
            yield
            return
        with self.err.status(say(en, zh)):
            yield

    def along(self, things: Iterable[Any], total: int, en: str, zh: str) -> Iterator[Any]:
        """Things one after the other, with a bar on a terminal."""
        if self.as_json or not self.err.is_terminal:
            yield from things
            return
        with self.bar() as bar:
            task = bar.add_task(say(en, zh), total=total)
            for thing in things:
                yield thing
                bar.advance(task)

    def bar(self, *more: Any) -> Progress:
        """A bar, on stderr; without a terminal it draws nothing."""
        columns = more or (MofNCompleteColumn(),)
        shown = self.err.is_terminal and not self.as_json
        return Progress(
            SpinnerColumn(),
            TextColumn("{task.description}"),
            BarColumn(),
            *columns,
            TimeElapsedColumn(),
            console=self.err,
            disable=not shown,
            transient=True,
        )

    def fail(self, code: int, words: str, **details: Any) -> None:
        """Say what went wrong, on stderr; in JSON if so asked."""
        if self.as_json:
            sys.stderr.write(json.dumps({"error": words, "exit": code, **details}, ensure_ascii=False) + "\n")
        elif words:
            self.err.print(escape(words), style="red", soft_wrap=True)

    def close(self) -> None:
        """Let go of connections."""
        if "client" in self.__dict__:
            self.client.close()


def _console(stream: TextIO) -> Console:
    """A console; what goes into a file or a pipe is not cut to the width of a terminal there is not."""
    return Console(file=stream, highlight=False, width=None if stream.isatty() else 400)


@contextmanager
def _quick() -> Iterator[Run]:
    """A run for a shell that completes: it is given no time, and says nothing of what goes wrong."""
    run = Run(os.environ.get("SINGLE_WINDOW_URL", HERE), os.environ.get("SIM_CONTROL_TOKEN"), None, True)
    run.timeout, run.retries = 1.0, 0
    try:
        yield run
    except (SwsimError, KeyError):
        pass
    finally:
        run.close()


completing = _quick


def command(
    app: typer.Typer, name: str, *, en: str, zh: str, world: bool = True, **more: Any
) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Make a function a command: its help in both languages, the options all commands have, and its end.

    The function's first parameter is the Run; `world`: it is about one world.
    """

    def decorate(work: Callable[..., None]) -> Callable[..., None]:
        def run(**given: Any) -> None:
            this = Run(
                given.pop("server"), given.pop("control_token"), given.pop("in_world", None), given.pop("as_json")
            )
            sys.exit(carried_out(this, lambda: work(this, **given)))

        own = list(inspect.signature(work, eval_str=True).parameters.values())[1:]
        keyword = inspect.Parameter.KEYWORD_ONLY
        common: list[tuple[str, Any, Any]] = [("server", Server, HERE), ("control_token", Token, None)]
        common += [("in_world", WorldId, None)] if world else []
        common += [("as_json", AsJson, False)]
        ours = [inspect.Parameter(n, keyword, annotation=kind, default=default) for n, kind, default in common]
        taken = [parameter.replace(kind=keyword) for parameter in own] + ours
        run.__signature__ = inspect.Signature(taken)  # type: ignore[attr-defined]
        run.__annotations__ = {}
        run.__name__, run.__doc__ = work.__name__, None
        app.command(name, help=say(en, zh), **more)(run)
        return work

    return decorate


def carried_out(run: Run, work: Callable[[], None]) -> int:
    """Do a command's work; whatever ends it is said, and made an exit code."""
    try:
        work()
    except Ended as ended:
        run.fail(ended.code, ended.words, **ended.details)
        return ended.code
    except Problem as problem:
        run.fail(REFUSED, str(problem), problem=problem.raw)
        return REFUSED
    except Unreachable as error:
        run.fail(AWAY, away(run.server, error))
        return AWAY
    except (NotStarted, Unreadable) as error:
        run.fail(AWAY, f"{error}")
        return AWAY
    except NotACase as error:
        run.fail(USAGE, f"{error}")
        return USAGE
    except SwsimError as error:
        run.fail(NO, f"{error}")
        return NO
    except KeyboardInterrupt:
        return STOPPED
    except BrokenPipeError:  # whoever read has had enough, as `head` has
        sys.stdout = open(os.devnull, "w")  # noqa: SIM115 - for what Python still flushes
        return DONE
    finally:
        run.close()
    return DONE


def away(server: str, error: Exception) -> str:
    """That no simulator answers, why, and what to do; the why is what the line said, which advises nothing yet."""
    cause = error.__cause__ or error
    why = f"{cause}".strip() or type(cause).__name__
    return say(
        f"No simulator answers at {server} ({why}).\nStart one with `swsim up`, or name another with --server or"
        " SINGLE_WINDOW_URL; `swsim doctor` looks closer.",
        f"{server} 没有模拟系统应答（{why}）。\n可用 swsim up 启动一个，或以 --server、SINGLE_WINDOW_URL 指定另一个；"
        "swsim doctor 会进一步检查。",
    )


def misused(en: str, zh: str) -> NoReturn:
    """The command is not written as it should be."""
    raise Ended(USAGE, say(en, zh))


def table(*columns: str, rows: Iterable[Iterable[Any]]) -> Table:
    """Rows for people."""
    made = Table(*(Column(name, overflow="fold") for name in columns), box=None, header_style="bold", pad_edge=False)
    for row in rows:
        made.add_row(*(escape("" if cell is None else f"{cell}") for cell in row))
    return made


def facts(named: Mapping[str, Any]) -> Table:
    """Names and values for people."""
    made = Table(box=None, show_header=False, pad_edge=False)
    for name, value in named.items():
        made.add_row(f"[bold]{escape(name)}[/]", escape("—" if value is None else f"{value}"))
    return made


def captioned(words: str, *columns: str, rows: Iterable[Iterable[Any]]) -> Group | str:
    """Rows for people, and words below; the words alone where there are no rows."""
    held = list(rows)
    return Group(table(*columns, rows=held), f"[dim]{escape(words)}[/]") if held else escape(words)
