"""The command line: `singlewindow` where the package is installed, `python manage.py` in a checkout."""

from __future__ import annotations

import argparse
import os
import sys
from importlib import import_module
from pathlib import Path

import django
from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line

from filings.rules.version import VERSION
from singlewindow import lean

OVERVIEW = """\
用法：{name} [--data 目录] <命令> [选项]

  serve          启动模拟器：网页、接口和后台任务
  backup 文件    把数据库备份到一个文件，并核对；服务可以照常运行
  restore 文件   停止服务后，换上备份中的数据库；原来的留在旁边

  --data 目录    数据库和密钥放在哪里（SIM_HOME）
  --version      版本

每个命令的选项：{name} <命令> --help。此外 Django 的管理命令都能用：{name} help --commands
"""


def main() -> None:
    """Run the command the process was started with."""
    any_console()
    name = Path(sys.argv[0]).name
    # Wherever it stands: what is kept where must be known before the settings are read.
    ours = argparse.ArgumentParser(name, add_help=False, allow_abbrev=False)
    ours.add_argument("--data")
    given, words = ours.parse_known_args()
    if words in ([], ["help"], ["--help"], ["-h"]):
        sys.stdout.write(OVERVIEW.format(name=name))
        return
    if words == ["--version"]:
        sys.stdout.write(f"{VERSION}\n")
        return
    if given.data:
        os.environ["SIM_HOME"] = given.data
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "singlewindow.settings")
    try:
        with lean.loading():
            import_module(os.environ["DJANGO_SETTINGS_MODULE"])
            django.setup()
    except ImproperlyConfigured as error:
        sys.exit(f"{error}")
    execute_from_command_line([sys.argv[0], *words])


def any_console() -> None:
    """Any console will do: where it has no Chinese, a question mark stands for it; and none, as of a service."""
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, Path(os.devnull).open("w", encoding="utf-8"))  # noqa: SIM115 - kept
        getattr(sys, name).reconfigure(errors="replace")
