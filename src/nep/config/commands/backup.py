"""Sao lưu toàn bộ (mọi bảng và mọi tệp, đúng một thời điểm) ra một tệp, khi hệ thống vẫn chạy."""

import argparse
import os
from datetime import datetime
from pathlib import Path

from nep.config.commands import django_ready  # noqa: F401  # isort: skip
from django.conf import settings

from nep import __version__
from nep.foundation.db.archive import KEY, write_archive
from nep.kernel.vietnamese import VN


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's parameters."""
    parser.add_argument("file", type=Path, metavar="FILE")


def run(options: argparse.Namespace) -> int:
    """Write the archive and say what it holds."""
    manifest = write_archive(
        options.file,
        files=settings.NEP.data_folder / "files",
        key=None if os.environ.get("NEP_SECRET_KEY") else settings.NEP.data_folder / KEY,
        made_at=datetime.now(VN),
        version=__version__,
    )
    rows = sum(table["rows"] for table in manifest["tables"].values())
    print(f"Đã sao lưu {rows} dòng, {len(manifest['files'])} tệp vào {options.file}.")
    if manifest["key"]:
        print("Bản sao lưu có cả khóa bí mật: giữ nó cẩn thận như giữ máy chủ.")
    else:
        print("Khóa nằm ở NEP_SECRET_KEY, không có trong bản sao lưu: hãy giữ riêng.")
    return 0
