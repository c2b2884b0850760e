"""Tạo hoặc nâng cấp cơ sở dữ liệu, rồi nạp dữ liệu tham chiếu (lịch nghỉ, biểu mẫu theo luật)."""

import argparse

from nep.config.commands import django_ready  # noqa: F401  # isort: skip
from datetime import datetime

from django.core.management import call_command

from nep.apps.cases.services.form_editions import form_editions_load
from nep.apps.workcal.services import calendar_seed
from nep.config.reference import read_toml
from nep.foundation.db.statistics import statistics_follow
from nep.kernel.vietnamese import VN


def load_reference() -> None:
    """Load the shipped reference matter; repeating it changes nothing."""
    now = datetime.now(VN)
    calendar_seed(years=read_toml("calendar"), now=now)
    form_editions_load(now=now)


def gather_static() -> None:
    """Gather and compress what pages load beside themselves, whatever an older release left."""
    call_command("collectstatic", interactive=False, clear=True, verbosity=0)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's parameters."""
    parser.add_argument("--quiet", action="store_true", help="không in từng bước")


def run(options: argparse.Namespace) -> int:
    """Migrate and load; both may be repeated."""
    call_command("migrate", interactive=False, verbosity=0 if options.quiet else 1)
    load_reference()
    statistics_follow()  # an index that a migration brought is unknown to the planner
    gather_static()
    if not options.quiet:
        print("Cơ sở dữ liệu đã sẵn sàng.")
    return 0
