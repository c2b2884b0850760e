"""Mở máy chủ web (granian). Việc nền chạy bằng `nep worker`."""

import argparse
import os
import socket
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
    require_free(options.host, options.port)
    command = server_command(options.host, options.port, options.workers)
    if os.name == "posix":  # becomes the web server: who stops this process stops that
        connection.close()
        sys.stdout.flush()
        os.execv(command[0], command)  # noqa: S606
    return subprocess.call(command)


def require_free(host: str, port: int) -> None:
    """Refuse a port that another program listens on: two web servers would share its visitors.

    The server itself lets another of its kind in (SO_REUSEPORT), so that it would not be told.
    Raises Refusal("port_taken", "host_unknown").
    """
    try:
        family, kind, _proto, _name, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM
        )[0]
    except OSError as error:
        raise Refusal("host_unknown", f"Không có địa chỉ {host} ở máy này.") from error
    with socket.socket(family, kind) as trial:
        if os.name == "posix":  # who has just stopped leaves traces that do no harm
            trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind(address)
        except OSError as error:
            raise Refusal(
                "port_taken",
                f"Cổng {port} đang có chương trình khác dùng, có thể là một Nếp khác đang chạy. Hãy "
                "dừng nó, hoặc chọn cổng khác, ví dụ --port 8010.",
            ) from error


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
