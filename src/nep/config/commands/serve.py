"""Mở máy chủ web (granian). Việc nền chạy bằng `nep worker`."""

import argparse
import os
import subprocess
import sys

from nep.config.commands import django_ready  # noqa: F401  # isort: skip
from django.conf import settings
from django.db import connection

from nep.apps.organization.queries import has_demonstration
from nep.config.commands.migrate import gather_static
from nep.foundation.db.safety import check_database
from nep.kernel.errors import Refusal


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's parameters."""
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--workers", type=int, default=0, help="số tiến trình, mặc định theo máy")
    parser.add_argument(
        "--allow-demonstration", action="store_true", help="cho phép tài khoản của dữ liệu mẫu"
    )


def run(options: argparse.Namespace) -> int:
    """Check the database and the accounts, then serve until stopped."""
    check_database(connection)
    gather_static()
    if has_demonstration() and not options.allow_demonstration:
        raise Refusal(
            "demonstration_accounts",
            "Cơ sở dữ liệu này có tài khoản mẫu với mật khẩu công khai. Chỉ mở bằng "
            "--allow-demonstration khi xem thử, hoặc dùng cơ sở dữ liệu khác.",
        )
    command = server_command(options.host, options.port, options.workers)
    if os.name == "posix":  # becomes the web server: who stops this process stops that
        connection.close()
        sys.stdout.flush()
        os.execv(command[0], command)  # noqa: S606
    return subprocess.call(command)


def server_command(host: str, port: int, workers: int = 0) -> list[str]:
    """Return the command line of the web server for this machine."""
    count = workers or max(1, min(4, os.cpu_count() or 1))
    threads = "4" if settings.NEP.database["ENGINE"].endswith("postgresql") else "2"
    return [
        sys.executable, "-m", "granian", "nep.config.wsgi:application",
        "--interface", "wsgi", "--host", host, "--port", str(port),
        "--workers", str(count), "--blocking-threads", threads,
        "--no-ws", "--log-level", "warning", "--respawn-failed-workers",
    ]  # fmt: skip
