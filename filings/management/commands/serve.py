"""`singlewindow serve`: schema current, demo data if empty, a production-grade server and the background worker beside
it.

One parent process loads Django and forks the rest, so they start at once and share its memory. The parent ends when it
is told to (SIGINT, SIGTERM) and takes everything with it; should it be killed outright, the children notice and end by
themselves.
"""

import atexit
import contextlib
import ctypes
import importlib
import ipaddress
import logging
import multiprocessing
import os
import signal
import socket
import sys
import threading
import time
import unicodedata
from argparse import ArgumentParser
from collections.abc import Iterable, Iterator
from typing import Any

import django
from django.apps import apps
from django.conf import settings
from django.core.management import load_command_class
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, connections, transaction
from django.urls import get_resolver

from filings.rules.version import VERSION
from singlewindow import backups, lean, schema

logger = logging.getLogger(__name__)

PAUSES = (1, 60)
"""Seconds before a background worker that ended is started again: the first pause, doubling up to the last."""

CONNECTIONS = 2048
"""Connections a server process keeps at once; most of them wait for their clients, and hold no thread."""

WILDCARDS = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - names, not a bind


class Command(BaseCommand):
    help = "更新数据库结构，在空数据库中放入演示数据，然后启动服务。"
    requires_system_checks: list[str] = []  # `manage.py check` is a test; a start does not pay for it

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default=settings.HOST, help="监听的地址（HOST；默认 127.0.0.1）")
        parser.add_argument("--port", type=int, default=settings.PORT, help="端口（PORT；默认 8000）")
        parser.add_argument(
            "--workers", type=int, default=settings.WEB_CONCURRENCY, help="服务进程数（WEB_CONCURRENCY；默认 2）"
        )

    def handle(self, *, host: str, port: int, workers: int, **options: Any) -> None:
        host = resolve(host, port)
        refuse_exposure(host)
        refuse_taken(host, port)
        bind(host, port)
        for alias in connections:
            self.prepare(alias)

        from filings.lab.worlds import clock
        from filings.lab.worlds.demo import ensure_demo

        clock.go_on()
        self.stdout.write(banner(host, port, ensure_demo()))
        self.stdout.flush()
        warm_up()
        with background("worker"):
            granian(host, port, workers)

    def prepare(self, alias: str) -> None:
        """Bring a database up to date. What is wrong with the journal's own stops nothing: it is begun anew, or told
        and left."""
        from filings.lab.watching import mending

        try:
            refuse_unusable(alias)
            schema.bring_up_to_date(alias, before=lambda: self.keep(alias))
        except (CommandError, DatabaseError) as error:
            if alias == "default":
                raise
            mending.mend(DatabaseError(str(error)))

    def keep(self, alias: str) -> None:
        """Before a database's schema changes: a copy of one that holds something, so that the version before can be
        come back to."""
        self.stdout.write("正在更新数据库结构……")
        if alias == "default" and connections[alias].vendor == "sqlite" and schema.applied(alias):
            kept = backups.keep(backups.own_file(), f"before-{VERSION}")
            self.stdout.write(f"更新前的数据库留作 {backups.named(kept)}。")


def resolve(host: str, port: int) -> str:
    """The address to bind to, of a name too; by IPv4 where it has one."""
    try:
        found = socket.getaddrinfo(host or "127.0.0.1", port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise CommandError(
            f"HOST={host} 不是可以监听的地址（{error}）。请设置环境变量 HOST=127.0.0.1，或使用 --host 127.0.0.1。"
        ) from None
    return str(min(found, key=lambda address: address[0] != socket.AF_INET)[4][0])


def refuse_unusable(alias: str) -> None:
    """A database that cannot be opened, or not be written to, is told before anything is served."""
    try:
        # Of a file this takes the lock for writing, at once.
        with transaction.atomic(using=alias), connections[alias].cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError as error:
        raise CommandError(
            f"不能使用数据库（{' '.join(str(error).split())}）。请检查 DATABASE_URL 和数据库服务；SQLite 的文件和所在目录须可写。"
        ) from None


def refuse_exposure(host: str) -> None:
    """Whoever can reach the control plane or a debug page owns the simulator: neither leaves this machine unguarded."""
    if ipaddress.ip_address(host.partition("%")[0]).is_loopback and not settings.PUBLIC:
        return
    where = f"SIM_PUBLIC_URL={settings.PUBLIC.geturl()}" if settings.PUBLIC else f"监听 {host}"
    if settings.DEBUG:
        raise CommandError(
            f"DEBUG=on 时只能监听本机地址，且不能公开（{where}）。请去掉 DEBUG，或使用 --host 127.0.0.1。"
        )
    if settings.SIM_CONTROL_PLANE and not settings.SIM_CONTROL_TOKEN:
        raise CommandError(
            f"{where} 会把没有口令的控制面暴露给网络。请设置 SIM_CONTROL_TOKEN=<口令>，"
            "或用 SIM_CONTROL_PLANE=off 关闭控制面，或只在本机监听（HOST=127.0.0.1，不设 SIM_PUBLIC_URL）。"
        )


def refuse_taken(host: str, port: int) -> None:
    """Granian binds with SO_REUSEPORT: without this, a second server would silently share the port with the first."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        if os.name == "posix":
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except (OSError, OverflowError) as error:
            raise CommandError(
                f"不能监听 {host}:{port}（{error}）。请用 PORT 或 --port 换一个端口，停掉占用它的程序，或把 HOST 改为本机的地址。"
            ) from error


def bind(host: str, port: int) -> None:
    """Tell this process and its children where they listen: settings derive more than one value from HOST."""
    os.environ |= {"HOST": host, "PORT": str(port)}
    if host != settings.HOST:
        fresh = importlib.reload(importlib.import_module(os.environ["DJANGO_SETTINGS_MODULE"]))
        settings.HOST, settings.ALLOWED_HOSTS = fresh.HOST, fresh.ALLOWED_HOSTS


def banner(host: str, port: int, accounts: Iterable[Any]) -> str:
    shown = WILDCARDS.get(host, host)
    root = settings.PUBLIC.geturl() if settings.PUBLIC else f"http://{f'[{shown}]' if ':' in shown else shown}:{port}"
    addresses = [["网页", f"{root}/"], ["业务接口文档", f"{root}/api/v1/docs"]]
    if settings.SIM_CONTROL_PLANE:
        addresses += [
            ["控制接口文档", f"{root}/control/v1/docs"],
            ["开发者第一步", f"{root}/first-steps"],
            ["控制台", f"{root}/console/"],
        ]
    database = connections["default"]
    addresses.append(
        ["数据库", str(database.settings_dict["NAME"]) if database.vendor == "sqlite" else database.display_name]
    )
    people = [["角色", "用户名", "密码", "说明"], *([str(a.role), a.username, a.password, a.note] for a in accounts)]
    return "\n".join(
        [
            "",
            "国际贸易单一窗口·企业资质 模拟器（仅供练习和测试，不是官方系统）",
            "",
            *table(addresses),
            "",
            "演示账号",
            *table(people),
            "",
            "按 Ctrl+C 停止。",
            "",
        ]
    )


def table(rows: list[list[str]]) -> list[str]:
    """Columns that line up in a terminal, where a Chinese character is two cells wide."""
    columns = [max(map(cells, column)) for column in zip(*rows, strict=True)]
    return [
        "  " + "  ".join(text + " " * (w - cells(text)) for text, w in zip(row, columns, strict=True)).rstrip()
        for row in rows
    ]


def cells(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def warm_up() -> None:
    """Load before the fork what every child needs, and leave no connection open across it."""
    with lean.loading():
        importlib.import_module("filings.management.commands.worker")
        importlib.import_module("singlewindow.wsgi")
        _ = get_resolver().url_patterns
    connections.close_all()


def granian(host: str, port: int, workers: int) -> None:
    from granian import Granian
    from granian.constants import Interfaces
    from granian.log import LogLevels

    server = Granian(
        "singlewindow.wsgi:front",
        address=host,
        port=port,
        interface=Interfaces.ASGINL,
        websockets=False,
        workers=workers,
        backlog=CONNECTIONS * workers,
        respawn_failed_workers=True,
        workers_kill_timeout=5,
        log_level=LogLevels.error,
    )
    server.serve(target_loader=load_in_child, wrap_loader=False)


def load_in_child() -> Any:
    """The front, in a granian worker."""
    from singlewindow.wsgi import front

    die_with_parent()
    # One that was not forked would take Python down around granian's threads, and they abort.
    atexit.register(os._exit, 0)
    return front


@contextlib.contextmanager
def background(command: str) -> Iterator[None]:
    """Keep `singlewindow <command>` running in a process of its own while the block runs; one that ends early is
    started again."""
    over = threading.Event()
    children: list[multiprocessing.Process] = []

    def start() -> None:
        children[:] = [multiprocessing.Process(target=run, args=(command,), name=command, daemon=True)]
        children[0].start()

    def keep() -> None:
        pause, longest = PAUSES
        while True:
            started = time.monotonic()
            children[0].join()
            if time.monotonic() - started > longest:
                pause = PAUSES[0]
            if over.wait(pause):
                return
            logger.error("%s ended (exit code %s), starting it again", command, children[0].exitcode)
            pause = min(2 * pause, longest)
            start()

    start()
    keeper = threading.Thread(target=keep, name=f"keeper of {command}", daemon=True)
    keeper.start()
    try:
        yield
    finally:
        over.set()
        children[0].terminate()
        keeper.join(5)


def run(command: str) -> None:
    """The life of a background process: the parent ends it, not the terminal."""
    die_with_parent()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    if not apps.ready:  # begun anew, not forked
        django.setup()
    # Past the command line, which would only be made for nothing in every child.
    load_command_class("filings", command).handle(once=False)


def die_with_parent() -> None:
    """Ask Linux for a SIGTERM when the parent is killed without a chance to say so: no orphan keeps the port or the
    database."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, signal.SIGTERM)  # PR_SET_PDEATHSIG
