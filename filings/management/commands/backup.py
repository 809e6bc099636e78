"""`singlewindow backup FILE`: the main database, while it is served, in one file that has been looked over."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connections

from singlewindow import backups, schema


class Command(BaseCommand):
    help = "把数据库备份到一个文件，并核对。服务可以照常运行。"
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="备份到这个文件；已有的文件不会被覆盖")

    def handle(self, *, file: Path, **options: Any) -> None:
        source, file = backups.own_file(instead=f"pg_dump --format=custom --file={file}"), file.absolute()
        if file.exists():
            raise CommandError(f"{file} 已经存在。请换一个文件名。")
        with backups.copied(source, file) as copy:
            with backups.opened(copy):
                if not schema.applied():
                    raise CommandError(f"{source} 中没有本系统的数据。")
                found = self.looked_over()
            copy.replace(file)
        self.stdout.write(f"已备份到 {backups.named(file)}，{found}。\n{backups.not_in_it()}")

    def looked_over(self) -> str:
        """What the database opened holds. What somebody altered in it is told, and no reason to be without a backup."""
        from filings.lab.worlds import snapshots, worlds

        with connections["default"].cursor() as cursor:
            cursor.execute("PRAGMA foreign_key_check")
            hanging = [f"{table} 第 {row} 行所指的 {there} 不存在" for table, row, there, _ in cursor.fetchall()]
        if hanging:
            self.stderr.write(f"有 {len(hanging)} 行不完整：{'；'.join(hanging[:3])}")
        if schema.missing() or schema.differing():
            return "文件完好；由别的版本所建，各沙箱没有核对"
        sandboxes = list(worlds.sandboxes())
        faulty = 0
        for sandbox in sandboxes:
            faults = list(snapshots.faults(sandbox))
            faulty += bool(faults)
            for fault in faults:
                self.stderr.write(f"沙箱 {sandbox.key}：{fault}")
        return f"文件完好，{len(sandboxes)} 个沙箱已核对" + (f"，其中 {faulty} 个有问题（见上）" if faulty else "")
