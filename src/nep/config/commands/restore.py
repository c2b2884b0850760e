"""Khôi phục một tệp sao lưu vào cơ sở dữ liệu trống; sai một byte cũng từ chối, được cả hoặc không."""

import argparse
import os
from datetime import datetime
from pathlib import Path

from nep.config.commands import django_ready  # noqa: F401  # isort: skip
from django.conf import settings
from django.core.management import call_command

from nep.foundation.db.archive import KEY, note_restored, read_archive
from nep.foundation.db.statistics import statistics_refresh
from nep.kernel.vietnamese import VN


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's parameters."""
    parser.add_argument("file", type=Path, metavar="FILE")


def run(options: argparse.Namespace) -> int:
    """Migrate the empty database and fill it."""
    call_command("migrate", interactive=False, verbosity=0)
    from_environment = bool(os.environ.get("NEP_SECRET_KEY"))
    manifest = read_archive(
        options.file,
        files=settings.NEP.data_folder / "files",
        key=None if from_environment else settings.NEP.data_folder / KEY,
    )
    statistics_refresh()
    note_restored(settings.NEP.data_folder, at=datetime.now(VN))
    rows = sum(table["rows"] for table in manifest["tables"].values())
    print(
        f"Đã khôi phục {rows} dòng, {len(manifest['files'])} tệp (bản lưu {manifest['made_at']})."
    )
    if from_environment or not manifest.get("key"):
        print("NEP_SECRET_KEY phải là khóa của hệ thống cũ, nếu không mọi mã hai lớp sẽ sai.")
    print("Hãy chạy nep doctor để khám lại.")
    return 0
