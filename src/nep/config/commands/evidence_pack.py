"""Lập gói bằng chứng của một cơ quan thành một tệp ZIP, kiểm tra được không cần máy chủ."""

from nep.config.commands import django_ready  # noqa: F401  # isort: skip

import argparse
import shutil
from datetime import datetime
from pathlib import Path

from nep.apps.conformity.services import pack_make
from nep.config.commands.acting import actor_in
from nep.foundation.files.queries import opened
from nep.kernel.vietnamese import VN


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's parameters."""
    parser.add_argument("file", type=Path, metavar="TỆP.zip")
    parser.add_argument("--agency", required=True, metavar="MÃ", help="mã cơ quan")
    parser.add_argument("--year", type=int, metavar="NĂM", help="năm; mặc định năm nay")
    parser.add_argument(
        "--as", dest="login", default="", metavar="TÀI_KHOẢN",
        help="người đứng tên; mặc định thư ký ISO",
    )  # fmt: skip


def run(options: argparse.Namespace) -> int:
    """Make the pack, write it, print what it holds."""
    now = datetime.now(VN)
    actor = actor_in(agency_code=options.agency, login=options.login, role="iso_secretary", now=now)
    made = pack_make(actor=actor, year=options.year or now.year, now=now)
    assert made.file_id is not None
    with opened(made.file_id) as source, options.file.open("wb") as target:
        shutil.copyfileobj(source, target)
    print(f"Đã lập {options.file}: {made.files.count()} tệp bằng chứng, {made.size} byte.")
    for one in made.left_out:
        print(f"Không có trong gói: {one['title']} ({one['why']})")
    print(f"SHA-256 {made.sha256}")
    return 0
