"""What a deployment may say by environment variables, read strictly: a value that cannot be meant stops the start, in
one line."""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured

_SWITCH = {"on": True, "true": True, "1": True, "yes": True, "off": False, "false": False, "0": False, "no": False}
_HOST_NAME = re.compile(r"\*|\.?[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*|\[[0-9A-Fa-f:.]+\]")
_ORIGIN = re.compile(r"https?://([A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])(:[0-9]{1,5})?")


def text(name: str, default: str = "") -> str:
    """A variable's value; one that is set to nothing counts as not set."""
    return os.environ.get(name, "").strip() or default


def switch(name: str, default: bool) -> bool:
    """on/off, true/false, 1/0, yes/no."""
    given = text(name, "on" if default else "off")
    if given.lower() not in _SWITCH:
        raise ImproperlyConfigured(f"{name}={given}：只能是 {'、'.join(_SWITCH)} 之一。")
    return _SWITCH[given.lower()]


def one_of(name: str, *choices: str) -> str:
    """One of a few words, the first unless told."""
    given = text(name, choices[0])
    if given not in choices:
        raise ImproperlyConfigured(f"{name}={given}：只能是 {'、'.join(choices)} 之一。")
    return given


def token(name: str) -> str:
    """A secret that can stand in a header."""
    given = text(name)
    if not all("!" <= char <= "~" for char in given):
        raise ImproperlyConfigured(f"{name} 只能由可见的 ASCII 字符组成，不含空格，否则不能写在请求头中。")
    return given


def hosts(name: str) -> list[str]:
    """Names of hosts, without scheme or port; one that begins with a dot is a domain with all below it, `*` is any."""
    for host in (found := words(name)):
        if not _HOST_NAME.fullmatch(host):
            raise ImproperlyConfigured(
                f"{name} 中的 {host} 不是主机名：应写作 sim.example、.example 或 *，不带协议和端口；多个以逗号分开。"
            )
    return found


def number(name: str, default: int, most: int) -> int:
    """A whole number from 1 to `most`."""
    given = text(name, str(default))
    if not (given.isascii() and given.isdecimal() and len(given) < 10 and 1 <= int(given) <= most):
        raise ImproperlyConfigured(f"{name}={given}：应为 1 到 {most} 的整数。")
    return int(given)


def words(name: str) -> list[str]:
    """A list, its members parted by commas."""
    return [word for word in (part.strip() for part in text(name).split(",")) if word]


def public_url() -> SplitResult | None:
    """SIM_PUBLIC_URL: the address people and links use where a proxy stands before this server; its path is the
    prefix."""
    given = text("SIM_PUBLIC_URL").rstrip("/")
    if not given:
        return None
    address = urlsplit(given)
    if (
        not _ORIGIN.fullmatch(f"{address.scheme}://{address.netloc}")
        or address.query
        or address.fragment
        or not _prefix(address.path)
    ):
        raise ImproperlyConfigured(
            f"SIM_PUBLIC_URL={given}：应为 http 或 https 地址，可带路径，例如 https://sim.example/prefix。"
        )
    default = {"http": ":80", "https": ":443"}[address.scheme]
    return address._replace(netloc=address.netloc.lower().removesuffix(default))


def _prefix(path: str) -> bool:
    return re.fullmatch(r"(/[A-Za-z0-9._~-]+)*", path) is not None and not {".", ".."} & {*path.split("/")}


def origins(name: str) -> list[str]:
    """Origins of web pages, such as https://app.example:8443."""
    for origin in (found := words(name)):
        if not _ORIGIN.fullmatch(origin):
            raise ImproperlyConfigured(
                f"{name} 中的 {origin} 不是网页来源：应写作 https://app.example:8443，不带路径；多个以逗号分开。"
            )
    return found


def database(default: Path) -> dict[str, Any]:
    """DATABASE_URL as Django's settings have it: a SQLite file, the default unless told, or postgresql://…"""
    given = text("DATABASE_URL")
    if not given:
        return {"ENGINE": "django.db.backends.sqlite3", "NAME": str(folder(default.parent) / default.name)}
    remedy = "请写作 sqlite:////绝对路径/文件 或 postgresql://用户:密码@主机:端口/库。"
    if given.partition("://")[0] not in ("sqlite", "postgres", "postgresql"):
        raise ImproperlyConfigured(f"DATABASE_URL 只支持 SQLite 和 PostgreSQL。{remedy}")
    try:
        found: dict[str, Any] = environ.Env.db_url_config(given)
    except (ValueError, KeyError):
        raise ImproperlyConfigured(f"DATABASE_URL 无法识别。{remedy}") from None
    name = str(found["NAME"])
    if given.startswith("sqlite"):
        if name in ("", ":memory:"):
            raise ImproperlyConfigured(
                "DATABASE_URL 须指明一个文件：多个进程不能共用内存中的 SQLite。例如 sqlite:///var/simulator.sqlite3。"
            )
        if not Path(name).absolute().parent.is_dir():
            raise ImproperlyConfigured(
                f"DATABASE_URL 所在的目录 {Path(name).absolute().parent} 不存在。请先建立该目录，或改用别的目录。"
            )
    return found


def home(checkout: Path | None) -> Path:
    """The folder for what the simulator keeps: SIM_HOME; else the checkout's own, or where the system has programs
    keep a user's data."""
    if given := text("SIM_HOME"):
        return Path(given).absolute()
    try:
        return checkout or _data_folder() / "singlewindow-simulator"
    except RuntimeError:
        raise ImproperlyConfigured("不知道当前用户的主目录。请指明数据放在哪里：--data 目录，或 SIM_HOME。") from None


def _data_folder() -> Path:
    match sys.platform:
        case "win32":
            return Path(text("LOCALAPPDATA") or Path.home() / "AppData" / "Local")
        case "darwin":
            return Path.home() / "Library" / "Application Support"
        case _:
            return Path(text("XDG_DATA_HOME") or Path.home() / ".local" / "share")


def folder(path: Path) -> Path:
    """The folder for what the simulator keeps, made at first use."""
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ImproperlyConfigured(
            f"不能建立目录 {path}（{error.strerror}）。请给出可写的位置：--data 可写的目录，或 SIM_HOME；"
            "或者 DATABASE_URL=sqlite:////可写的目录/simulator.sqlite3，并设置 SECRET_KEY。"
        ) from None
    return path


def kept_secret(path: Path, made: str) -> str:
    """A secret that was made at first use and kept in a file only its owner reads."""
    try:
        if not path.exists():
            path.touch(mode=0o600)
            path.write_text(made)
        return path.read_text().strip()
    except OSError as error:
        raise ImproperlyConfigured(f"不能在 {path} 保存密钥（{error.strerror}）。请设置 SECRET_KEY。") from None
