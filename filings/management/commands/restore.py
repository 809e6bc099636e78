"""`singlewindow restore FILE`: a backup in the place of the present database, which is kept beside it."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError

from filings.management.commands import backup
from singlewindow import backups, schema


class Command(backup.Command):
    help = "停止服务后，换上备份中的数据库；原来的数据库留在旁边。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="由 backup 所做的文件；较早版本的备份会更新到本版本")

    def handle(self, *, file: Path, **options: Any) -> None:
        from filings.lab.worlds import worlds
        from filings.models import wall

        place = backups.own_file(instead="pg_restore --clean --if-exists")
        with backups.copied(file.absolute(), place) as copy:
            with backups.opened(copy):
                if not schema.applied():
                    raise CommandError(f"{file} 不是本系统的备份。没有改动任何东西。")
                schema.bring_up_to_date("default", before=lambda: self.stdout.write("正在更新备份的数据库结构……"))
                found = self.looked_over()
                worlds.use_all()
            kept = backups.put_in_place(copy, place, f"{wall().astimezone():%Y%m%d-%H%M%S}")
        self.stdout.write(
            f"已恢复 {backups.named(place)}，{found}。" + (f"\n原来的数据库留作 {kept}。" if kept else "")
        )
