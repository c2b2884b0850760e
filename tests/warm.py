"""A Python that has loaded the product once and runs each command in a child of its own.

Loading takes three seconds of a processor, a command often a tenth of one. Every command still has
its own process with its own environment, settings, streams, exit code, connections and threads, and
servers may be killed: `tests.installation` asks, one such Python for all installations of a run,
whichever process of the run they stand in. It ends with the run.

Run as a program it listens at a socket; each connection brings one request (JSON: `arguments` as
after `python`, `environment`, `folder` to work in, `stdin`, `stdout`, `stderr` as paths) and is told
the child's number, then its exit code.
"""

import atexit
import contextlib
import importlib
import io
import json
import os
import runpy
import select
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from functools import partial
from pathlib import Path

from django.conf import Settings, settings
from django.db import connections

from tests.compiled import compile_templates

ROOT = Path(__file__).resolve().parents[1]
PATIENCE = 300
LOADED = ("django_ready", "doctor", "backup", "restore", "migrate")
BESIDE = ("nep.config.urls", "nep.config.wiring", "granian.server", "tests.finished_cases")
OWN = ("NEP_DATA", "NEP_DATABASE_URL", "NEP_PUBLIC_ADDRESS")  # what each child is told anew


class Started:
    """A child that runs on: what a test may ask of it, named as in `subprocess.Popen`."""

    def __init__(self, line: socket.socket) -> None:
        self._line = line
        self._answers = line.makefile("r", encoding="ascii")
        self.returncode: int | None = None
        self.pid = int(self._answers.readline() or 0)

    def poll(self) -> int | None:
        """Return the exit code, None while it runs."""
        if self.returncode is None and select.select([self._line], [], [], 0)[0]:
            self.wait()
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        """Return the exit code once it has ended; raises TimeoutError."""
        if self.returncode is None:
            self._line.settimeout(timeout)
            told = self._answers.readline()
            self._line.close()
            self.returncode = int(told or -signal.SIGKILL)
        return self.returncode


class WarmPython:
    """One such Python, of a run of the tests; it loads beside a data folder of its own."""

    def __init__(self, address: str) -> None:
        self._address = address

    @staticmethod
    def is_possible() -> bool:
        """Say whether a process can be split here."""
        return hasattr(os, "fork")

    def run(
        self, arguments: list[str], *, environment: dict[str, str], folder: Path = ROOT,
        stdin: str = "",
    ) -> subprocess.CompletedProcess[str]:  # fmt: skip
        """Run `python ARGUMENTS` in a child and return what it wrote; raises TimeoutExpired."""
        with tempfile.TemporaryDirectory(prefix="nep-warm-") as streams:
            paths = {name: Path(streams, name) for name in ("stdin", "stdout", "stderr")}
            paths["stdin"].write_text(stdin, encoding="utf-8")
            child = self.start(arguments, environment=environment, folder=folder, streams=paths)
            try:
                code = child.wait(PATIENCE)
            except TimeoutError:
                os.killpg(child.pid, signal.SIGKILL)
                raise subprocess.TimeoutExpired(arguments, PATIENCE) from None
            out, err = (paths[name].read_text(encoding="utf-8") for name in ("stdout", "stderr"))
        return subprocess.CompletedProcess(arguments, code, out, err)

    def start(
        self, arguments: list[str], *, environment: dict[str, str], streams: dict[str, Path],
        folder: Path = ROOT,
    ) -> Started:  # fmt: skip
        """Start `python ARGUMENTS` in a child that leads a process group of its own."""
        line = socket.socket(socket.AF_UNIX)
        line.connect(self._address)
        asked = {
            "arguments": arguments, "environment": environment, "folder": str(folder),
            **{name: str(path) for name, path in streams.items()},
        }  # fmt: skip
        line.sendall(json.dumps(asked).encode() + b"\n")
        return Started(line)


_begun: list[subprocess.Popen] = []


def warm_python(environment: dict[str, str], run: Path) -> WarmPython:
    """Return the Python that stays loaded for the run of this folder, started by who asks first."""
    note = run / "warm" / "address"
    try:
        note.parent.mkdir()
    except FileExistsError:
        deadline = time.monotonic() + PATIENCE
        while not note.exists():
            has_failed = any(one.poll() is not None for one in _begun)
            if has_failed or time.monotonic() > deadline:
                raise AssertionError(f"{note.parent} was begun and never finished") from None
            time.sleep(0.05)
        return WarmPython(note.read_text())
    kept = {name: text for name, text in environment.items() if name not in OWN}
    begun = subprocess.Popen(
        [sys.executable, "-m", "tests.warm", str(note), str(_leader())], cwd=ROOT,
        env=kept | {"NEP_DATA": str(note.parent), "PYTHONPATH": f"src{os.pathsep}."},
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip
    _begun.append(begun)
    return warm_python(environment, run)


def _leader() -> int:
    """Return the process with which the run ends: who started the hands, else this one."""
    return os.getppid() if "PYTEST_XDIST_WORKER" in os.environ else os.getpid()


def serve(note: Path, leader: int) -> dict | None:
    """Answer each connection from a child as long as the leader lives, then leave no trace; return,
    in the child that is to run, what it is asked."""
    folder = tempfile.mkdtemp(prefix="nep-warm-")
    address = str(Path(folder, "socket"))  # short, as addresses of sockets have to be
    listening = socket.socket(socket.AF_UNIX)
    listening.bind(address)
    listening.listen(64)
    listening.settimeout(1)
    partial = note.with_suffix(".part")
    partial.write_text(address)
    partial.replace(note)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for who has answered
    while _lives(leader):
        with contextlib.suppress(TimeoutError):
            line, _ = listening.accept()
            if not os.fork():
                listening.close()
                return _answer(line)
            line.close()
    for made in (folder, note.parent):
        shutil.rmtree(made, ignore_errors=True)
    return None


def _lives(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


def _answer(line: socket.socket) -> dict:
    """Return what is asked in a child of its own, whose end is told to who asked."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    line.setblocking(True)
    with line.makefile("r", encoding="utf-8") as asked:
        request = json.loads(asked.readline())
    child = os.fork()
    if not child:
        line.close()
        os.setpgid(0, 0)
        return request
    with contextlib.suppress(OSError):  # the child was quicker
        os.setpgid(child, child)
    with contextlib.suppress(OSError):  # who asked has gone
        line.sendall(f"{child}\n".encode())
        line.sendall(f"{os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])}\n".encode())
    os._exit(0)


def run(request: dict) -> None:
    """Run one program on the streams it is given; it leaves as a Python of its own would."""
    writes = os.O_WRONLY | os.O_CREAT | os.O_APPEND
    for number, (name, flags) in enumerate(
        (("stdin", os.O_RDONLY), ("stdout", writes), ("stderr", writes))
    ):
        opened = os.open(request[name], flags, 0o600)
        os.dup2(opened, number)
        os.close(opened)
    sys.stdin = io.TextIOWrapper(io.FileIO(0, closefd=False), encoding="utf-8")
    sys.stdout = io.TextIOWrapper(io.BufferedWriter(io.FileIO(1, "w", closefd=False)), "utf-8")
    sys.stderr = io.TextIOWrapper(
        io.BufferedWriter(io.FileIO(2, "w", closefd=False)), "utf-8", line_buffering=True
    )
    settle(request["environment"], request["folder"])
    how, what, *rest = request["arguments"]
    sys.argv = [what, *rest]
    if how == "-m":
        runpy.run_module(what, run_name="__main__", alter_sys=True)
    else:
        exec(compile(what, "<string>", "exec"), {"__name__": "__main__"})


def code_of(request: dict) -> int:
    """Run one program and return the code it ends with, having said why where Python would."""
    try:
        run(request)
    except SystemExit as stop:
        if stop.code is None or isinstance(stop.code, int):
            return stop.code or 0
        print(stop.code, file=sys.stderr)
        return 1
    except Exception:
        sys.excepthook(*sys.exc_info())
        return 1
    return 0


def leave(code: int) -> None:
    """End as Python does: threads, what is to be done at exit, streams. But what was loaded is not
    taken apart object by object, each page of it copied first: eight tenths of a second."""
    threading._shutdown()
    atexit._run_exitfuncs()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code & 0xFF)


def settle(environment: dict[str, str], folder: str) -> None:
    """Take on the environment of a command, and the settings that Django makes from it."""
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    importlib.reload(importlib.import_module("nep.config.settings"))
    settings._wrapped = Settings(settings.SETTINGS_MODULE)
    for connection in connections.all(initialized_only=True):
        del connections[connection.alias]
    connections._settings = None
    vars(connections).pop("settings", None)


if __name__ == "__main__":
    for name in (*(f"nep.config.commands.{one}" for one in LOADED), *BESIDE):
        importlib.import_module(name)
    compile_templates()
    env = importlib.import_module("nep.config.env")
    env.shipped_evidence_rules = partial(getattr, settings, "EVIDENCE_RULES")  # read here
    if (asked := serve(Path(sys.argv[1]), int(sys.argv[2]))) is not None:
        leave(code_of(asked))
