"""Chạy việc nền: phát sự kiện, nối nhật ký, nhắc hạn, nhập tệp dài."""

import argparse
import contextlib
import signal
import threading

from nep.config.commands import django_ready  # noqa: F401  # isort: skip
from nep.foundation.outbox.worker import run_worker


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command takes no parameters."""


def run(options: argparse.Namespace) -> int:
    """Work until stopped; the row in hand is finished first."""
    stop = threading.Event()
    for name in ("SIGTERM", "SIGINT"):
        with contextlib.suppress(ValueError, AttributeError):
            signal.signal(getattr(signal, name), lambda *_: stop.set())
    run_worker(stop=stop)
    return 0
