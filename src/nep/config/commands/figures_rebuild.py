"""Đếm lại số liệu điều hành từ từng hồ sơ, và thêm dòng số liệu cho hồ sơ còn thiếu."""

import argparse
import json
from datetime import UTC, datetime

from nep.config.commands import django_ready  # noqa: F401  # isort: skip
from nep.apps.cases.services.figures import figures_rebuild


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the parameters of the command."""
    parser.add_argument("--json", action="store_true", help="in kết quả là một dòng JSON")


def run(options: argparse.Namespace) -> int:
    """Give every finished case its fact and count every roll-up anew."""
    made = figures_rebuild(now=datetime.now(UTC))
    if options.json:
        print(json.dumps({"added": made.added, "counted": made.counted}))
    else:
        print(
            f"Đã đếm lại số liệu của {made.counted} hồ sơ đã kết thúc, "
            f"thêm {made.added} dòng còn thiếu."
        )
    return 0
