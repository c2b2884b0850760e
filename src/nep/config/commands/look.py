"""Xem thử: tạo cơ sở dữ liệu, dữ liệu tham chiếu, tỉnh mẫu, mở máy chủ và việc nền trong một lệnh."""

import argparse
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request

from nep.config.commands import django_ready  # noqa: F401  # isort: skip
from django.core.management import call_command
from django.db import connections

from nep.apps.organization.queries import agency_exists
from nep.config.commands.migrate import gather_static, load_reference
from nep.config.commands.serve import require_free, server_command
from nep.demonstration import facts
from nep.demonstration.build import is_unfinished, prepare_demonstration
from nep.foundation.accounts.queries import has_demonstration


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's parameters."""
    parser.add_argument("--empty", action="store_true", help="không dựng tỉnh mẫu")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8000)


def run(options: argparse.Namespace) -> int:
    """Prepare what is missing, start web, worker and demonstration, wait until stopped."""
    require_free(options.host, options.port)
    call_command("migrate", interactive=False, verbosity=0)
    load_reference()
    gather_static()
    if not options.empty and not agency_exists():
        print("Đang dựng cơ quan, người và quy trình mẫu…", flush=True)
        prepare_demonstration()
    with_demonstration = has_demonstration()
    unfinished = with_demonstration and is_unfinished()
    connections.close_all()
    commands = [server_command(options.host, options.port), _nep("worker")]
    if unfinished:
        commands.append(_nep("demonstrate"))
    public = {"NEP_PUBLIC_ADDRESS": f"http://{options.host}:{options.port}", **os.environ}
    processes = [subprocess.Popen(command, env=public) for command in commands]
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    try:
        address = f"http://{options.host}:{options.port}/"
        _wait_for(address, processes[0])
        _welcome(address, with_demonstration)
        return _watch(processes)
    except (KeyboardInterrupt, SystemExit):
        return 0
    finally:
        _stop(processes)


def _nep(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "nep.config.cli", *arguments]


def _wait_for(address: str, server: subprocess.Popen) -> None:
    for _ in range(240):
        if server.poll() is not None:
            sys.exit("Máy chủ web không mở được; xem các dòng phía trên.")
        try:
            urllib.request.urlopen(f"{address}healthz", timeout=2)  # noqa: S310  # own address
            return
        except (urllib.error.URLError, OSError):
            time.sleep(0.25)


def _welcome(address: str, with_demonstration: bool) -> None:
    print(f"\nNếp đang chạy: {address}\n")
    if not with_demonstration:
        print("Mở địa chỉ trên để lập cơ quan đầu tiên. Dừng: Ctrl+C.\n", flush=True)
        return
    print(f"Tài khoản mẫu (mật khẩu chung: {facts.password()}):")
    for agency in facts.agencies():
        print(f"  {agency['name']}")
        for person in agency["people"]:
            print(f"    {person['login']:<18} {person['name']}, {person['position']}")
    print("\nDữ liệu mẫu không đòi mã hai lớp. Dừng: Ctrl+C.\n", flush=True)


def _watch(processes: list[subprocess.Popen]) -> int:
    """Wait for the web server or the worker to end; the demonstration may finish."""
    while True:
        for process in processes[:2]:
            if process.poll() is not None:
                return process.returncode
        time.sleep(0.5)


def _stop(processes: list[subprocess.Popen]) -> None:
    for process in processes:
        if process.poll() is None:
            process.terminate()
    deadline = time.monotonic() + 10
    for process in processes:
        try:
            process.wait(timeout=max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            process.kill()
