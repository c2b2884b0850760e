"""A Python that has loaded the product once and runs each command in a child of its own.

Loading takes a second of a processor, a command often a tenth of one. Every command still has its
own process with its own environment, settings, streams, exit code, connections and threads:
`tests.installation` asks, one such Python for all installations of a run.
Run as a program it reads one request a line (JSON: `arguments` as after `python`, `environment`,
`folder` to work in, `stdin`, `stdout`, `stderr` as paths) and answers with the exit code.
"""

import atexit
import importlib
import io
import json
import os
import runpy
import shutil
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

from django.conf import Settings, settings
from django.db import connections

ROOT = Path(__file__).resolve().parents[1]
PATIENCE = 300
LOADED = ("django_ready", "doctor", "backup", "restore", "migrate")
OWN = ("NEP_DATA", "NEP_DATABASE_URL", "NEP_PUBLIC_ADDRESS")  # what each child is told anew


class WarmPython:
    """One such Python; it loads beside a data folder of its own."""

    def __init__(self, environment: dict[str, str]) -> None:
        kept = {name: text for name, text in environment.items() if name not in OWN}
        self._folder = tempfile.TemporaryDirectory(prefix="nep-warm-")
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.warm"], cwd=ROOT, text=True,
            env=kept | {"NEP_DATA": self._folder.name, "PYTHONPATH": f"src{os.pathsep}."},
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True,
        )  # fmt: skip

    @staticmethod
    def is_possible() -> bool:
        """Say whether a process can be split here."""
        return hasattr(os, "fork")

    @property
    def is_alive(self) -> bool:
        """Say whether it can be asked."""
        return self._process.poll() is None

    def run(
        self, arguments: list[str], *, environment: dict[str, str], folder: Path = ROOT,
        stdin: str = "",
    ) -> subprocess.CompletedProcess[str]:  # fmt: skip
        """Run `python ARGUMENTS` in a child and return what it wrote; raises TimeoutExpired."""
        with tempfile.TemporaryDirectory(prefix="nep-warm-") as streams:
            paths = {name: Path(streams, name) for name in ("stdin", "stdout", "stderr")}
            paths["stdin"].write_text(stdin, encoding="utf-8")
            asked = {
                "arguments": arguments, "environment": environment, "folder": str(folder),
                **{name: str(path) for name, path in paths.items()},
            }  # fmt: skip
            code = self._answer(json.dumps(asked), arguments)
            out, err = (paths[name].read_text(encoding="utf-8") for name in ("stdout", "stderr"))
        return subprocess.CompletedProcess(arguments, code, out, err)

    def _answer(self, request: str, arguments: list[str]) -> int:
        assert self._process.stdin and self._process.stdout
        watch = threading.Timer(PATIENCE, self.close)
        watch.start()
        try:
            self._process.stdin.write(request + "\n")
            self._process.stdin.flush()
            answer = self._process.stdout.readline()
        finally:
            watch.cancel()
        if not answer:
            raise subprocess.TimeoutExpired(arguments, PATIENCE)
        return int(answer)

    def close(self) -> None:
        """End it, with whatever it still runs."""
        if self._process.poll() is None:
            os.killpg(self._process.pid, 9)
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                pipe.close()
        self._folder.cleanup()


_kept: list[WarmPython] = []


def warm_python(environment: dict[str, str]) -> WarmPython:
    """Return the Python that stays loaded for this run, started by the first who asks."""
    if not _kept or not _kept[0].is_alive:
        _kept[:] = [WarmPython(environment)]
        atexit.register(_kept[0].close)
    return _kept[0]


def serve() -> None:
    """Answer each request with the exit code of its child; return in the child itself."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    requests = os.fdopen(os.dup(0), encoding="utf-8")
    while line := requests.readline():
        child = os.fork()
        if child == 0:
            answers.close()
            requests.close()
            run(json.loads(line))
            return
        _, status = os.waitpid(child, 0)
        answers.write(f"{os.waitstatus_to_exitcode(status)}\n")
        answers.flush()
    shutil.rmtree(os.environ["NEP_DATA"], ignore_errors=True)  # who asked has gone


def run(request: dict) -> None:
    """Run one program on the streams it is given; it leaves as a Python of its own would."""
    for number, (name, flags) in enumerate(
        (("stdin", os.O_RDONLY), ("stdout", os.O_WRONLY | os.O_CREAT),
         ("stderr", os.O_WRONLY | os.O_CREAT))
    ):  # fmt: skip
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
    for name in LOADED:
        importlib.import_module(f"nep.config.commands.{name}")
    serve()
