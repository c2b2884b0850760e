"""Việc nền đã thôi thử sau nhiều lần lỗi: xem, cho thử lại, hoặc bỏ có lý do."""

import argparse
import dataclasses
import json
from datetime import UTC, datetime

from nep.config.commands import django_ready  # noqa: F401  # isort: skip
from nep.foundation.outbox.queries import Failure, failures
from nep.foundation.outbox.services import failed_drop, failed_retry
from nep.kernel.vietnamese import datetime_text

SHOWN = 200  # lines that one look can take in


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's parameters."""
    act = parser.add_mutually_exclusive_group()
    act.add_argument("--retry", metavar="MÃ", type=int, nargs="+", help="cho các việc này thử lại")
    act.add_argument("--retry-all", action="store_true", help="cho mọi việc đã thôi thử lại")
    act.add_argument("--drop", metavar="MÃ", type=int, nargs="+", help="bỏ hẳn các việc này")
    parser.add_argument("--reason", default="", help="vì sao bỏ; ghi vào nhật ký")
    parser.add_argument("--json", action="store_true", help="in kết quả dạng JSON")


def run(options: argparse.Namespace) -> int:
    """Do what was asked, or list what gave up; 1 where something did."""
    now = datetime.now(UTC)
    if options.drop:
        return _told(
            "dropped", failed_drop(ids=options.drop, reason=options.reason, now=now), options
        )
    if options.retry or options.retry_all:
        ids = None if options.retry_all else options.retry
        return _told("retried", failed_retry(ids=ids, now=now), options)
    found = failures(limit=SHOWN)
    if options.json:
        rows = [dataclasses.asdict(one) for one in found]
        print(json.dumps(rows, ensure_ascii=False, default=datetime.isoformat, indent=1))
    else:
        print("\n".join(map(_line, found)) or "Không việc nền nào đã thôi thử.")
    return 1 if found else 0


def _told(what: str, ids: list[int], options: argparse.Namespace) -> int:
    words = {"dropped": "Đã bỏ", "retried": "Sẽ thử lại"}[what]
    print(json.dumps({what: ids}) if options.json else f"{words} {len(ids)} việc nền.")
    return 0


def _line(job: Failure) -> str:
    when = f", thôi thử lúc {datetime_text(job.gave_up_at)}" if job.gave_up_at else ""
    return f"{job.id}  {job.name}{when} sau {job.attempts} lần\n    {job.error}"
