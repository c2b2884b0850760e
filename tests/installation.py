"""A real installation for tests and drills: its own database and folder, web and worker processes.

Its engine is the one the tests run on (`NEP_DATABASE_URL`); each installation gets a database of
its own. Everything is done through `nep`, as an administrator would.
"""

import atexit
import functools
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
import uuid
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg

from tests.template_database import PATIENCE, engine_address, postgres_template, sqlite_template
from tests.warm import Started, WarmPython, warm_python

ROOT = Path(__file__).resolve().parents[1]
STARTED_IN = 60


def free_port() -> int:
    """Return a port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def database_beside(address: str, *, like: str = "") -> str:
    """Make a database on the server of `address`, empty or a copy; return its own address."""
    name = f"nep_{uuid.uuid4().hex[:12]}"
    model = urlsplit(like).path.strip("/")
    template = f' TEMPLATE "{model}" STRATEGY file_copy' if like else ""
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"{template}')
    return urlunsplit(urlsplit(address)._replace(path=f"/{name}"))


def drop_database(address: str, *, by: str) -> None:
    """Remove a database made by `database_beside`, whoever is still connected to it."""
    name = urlsplit(address).path.strip("/")
    with psycopg.connect(by, autocommit=True) as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


@dataclass
class Installation:
    """One installation under `folder`; `server` is a PostgreSQL address or "" for SQLite."""

    folder: Path
    server: str = field(default_factory=engine_address)
    database: str = ""
    port: int = field(default_factory=free_port)
    running: dict[str, subprocess.Popen | Started] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        if self.server and not self.database:
            self.database = database_beside(self.server)

    def __enter__(self) -> "Installation":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Stop every process and remove the database."""
        for name in list(self.running):
            self.kill(name)
        if self.database:
            drop_database(self.database, by=self.server)

    @property
    def address(self) -> str:
        """The address pages are asked at."""
        return f"http://127.0.0.1:{self.port}"

    def environment(self) -> dict[str, str]:
        """Return the process environment of this installation."""
        kept = {name: text for name, text in os.environ.items() if not name.startswith("NEP_")}
        for unwanted in ("PYTEST_CURRENT_TEST", "PYTHONDONTWRITEBYTECODE"):  # compile Python once
            kept.pop(unwanted, None)
        return kept | {
            "PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(ROOT)]),
            "PYTHONUTF8": "1",
            "DJANGO_SETTINGS_MODULE": "nep.config.settings",
            "NEP_DATA": str(self.data),
            "NEP_DATABASE_URL": self.database,
            "NEP_PUBLIC_ADDRESS": self.address,
        }

    def python(self, *arguments: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
        """Run Python inside this installation, in a process of its own (see `tests.warm`)."""
        environment = self.environment()
        if not WarmPython.is_possible():
            return subprocess.run(
                [sys.executable, *arguments], cwd=ROOT, env=environment, input=stdin,
                capture_output=True, text=True, timeout=300,
            )  # fmt: skip
        warm = warm_python(environment, run_folder())
        return warm.run(list(arguments), environment=environment, stdin=stdin)

    def nep(self, *arguments: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
        """Run one `nep` command."""
        return self.python("-m", "nep.config.cli", *arguments, stdin=stdin)

    @property
    def data(self) -> Path:
        """The installation's data folder."""
        return self.folder / "dữ liệu"

    def prepare(self, *agencies: int) -> None:
        """Migrate, and build agencies of the demonstration with their procedures in force.

        A run of the tests builds each such world once and copies it.
        """
        model = _built(agencies, server=self.server)
        shutil.copytree(model.data, self.data, dirs_exist_ok=True)
        if self.server:
            drop_database(self.database, by=self.server)
            self.database = database_beside(self.server, like=model.database)

    def lay_migrated(self) -> None:
        """Begin with a copy of the tests' migrated database, so that migrating has nothing to do."""
        if self.server:
            drop_database(self.database, by=self.server)
            self.database = database_beside(self.server, like=postgres_template(self.server))
        else:
            self.data.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(sqlite_template(), self.data / "nep.sqlite3")

    def build(self, *agencies: int) -> None:
        """Migrate and build the agencies here."""
        self.lay_migrated()
        for done in (
            self.nep("migrate", "--quiet"),
            self.python("-m", "tests.populate", *map(str, agencies)),
        ):
            if done.returncode:
                raise AssertionError(done.stdout + done.stderr)

    def start(self, name: str, *arguments: str) -> subprocess.Popen:
        """Start a `nep` command in a process group of its own and remember it under `name`."""
        process = self._python_of_its_own(name, "nep.config.cli", *arguments)
        self.running[name] = process
        return process

    def _python_of_its_own(self, name: str, *module: str, **settings: str) -> subprocess.Popen:
        with (self.folder / f"{name}.log").open("ab") as log:
            return subprocess.Popen(
                [sys.executable, "-m", *module], cwd=ROOT, env=self.environment() | settings,
                stdout=log, stderr=log, start_new_session=True,
            )  # fmt: skip

    def start_loaded(self, name: str, *module: str, **settings: str) -> subprocess.Popen | Started:
        """Start a module as `start` does, split from a Python that has loaded the product already
        (see `tests.warm`)."""
        if WarmPython.is_possible():
            environment, log = self.environment() | settings, self.folder / f"{name}.log"
            streams = {"stdin": Path(os.devnull), "stdout": log, "stderr": log}
            self.running[name] = warm_python(environment, run_folder()).start(
                ["-m", *module], environment=environment, streams=streams
            )
        else:
            self.running[name] = self._python_of_its_own(name, *module, **settings)
        return self.running[name]

    def start_web(self, *, workers: int = 1) -> None:
        """Start the web server and wait until it answers."""
        self.start(
            "web", "serve", "--allow-demonstration", "--port", str(self.port),
            "--workers", str(workers),
        )  # fmt: skip
        self._wait()

    def start_served(self, *, workers: int = 1) -> None:
        """Start the web server that `nep serve` becomes once its checks have passed."""
        self._start_granian("nep.config.wsgi:application", workers)

    def start_clocked(self, clock: Path) -> None:
        """Start the web server with the clock in a file (see `tests.browser.clocked`)."""
        self._start_granian("tests.browser.clocked:application", 1, NEP_TEST_CLOCK=str(clock))

    def _start_granian(self, application: str, workers: int, **settings: str) -> None:
        self.start_loaded(
            "web", "granian", application, "--interface", "wsgi", "--host", "127.0.0.1",
            "--port", str(self.port), "--workers", str(workers),
            "--blocking-threads", "4" if self.server else "2", "--no-ws",
            "--log-level", "warning", **settings,
        )  # fmt: skip
        self._wait()

    def _wait(self) -> None:
        process = self.running["web"]
        deadline = time.monotonic() + STARTED_IN
        while time.monotonic() < deadline and process.poll() is None:
            if self.answers():
                return
            time.sleep(0.1)
        raise AssertionError((self.folder / "web.log").read_text(encoding="utf-8")[-4000:])

    def answers(self) -> bool:
        """Say whether the web server answers its log-in page."""
        try:
            with urllib.request.urlopen(f"{self.address}/dang-nhap/", timeout=5) as answer:
                return answer.status == 200
        except (urllib.error.URLError, OSError):
            return False

    def start_worker(self) -> None:
        """Start the worker."""
        self.start_loaded("worker", "nep.config.cli", "worker")

    def kill(self, name: str) -> None:
        """Send kill -9 to a command and all its children, as a power cut to the process would."""
        process = self.running.pop(name)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


@functools.cache
def run_folder() -> Path:
    """Return the folder that all processes of this run of the tests share, made where none is."""
    if given := os.environ.get("NEP_DATA"):
        return Path(given)
    folder = tempfile.mkdtemp(prefix="nep-test-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return Path(folder)


def drop_worlds(run: Path, *, by: str) -> None:
    """Remove the databases of the worlds that a run of the tests built on a server."""
    for note in run.glob("worlds/postgresql-*/database"):
        drop_database(note.read_text(), by=by)


def _built(agencies: tuple[int, ...], *, server: str) -> Installation:
    """Return the world that this run of the tests has built, building it where it is the first."""
    run = run_folder()
    engine = "postgresql" if server else "sqlite"
    folder = run / "worlds" / f"{engine}-{'-'.join(map(str, agencies))}"
    folder.parent.mkdir(parents=True, exist_ok=True)
    note = folder / "database"
    try:
        folder.mkdir()
    except FileExistsError:  # another process of this run builds it, or has
        deadline = time.monotonic() + PATIENCE
        while not note.exists():
            if time.monotonic() > deadline:
                raise AssertionError(f"{folder} was begun and never finished") from None
            time.sleep(0.1)
        return Installation(folder, server=server, database=note.read_text())
    model = Installation(folder, server=server)
    try:
        model.build(*agencies)
    except BaseException:
        shutil.rmtree(folder)
        raise
    partial = note.with_suffix(".part")
    partial.write_text(model.database)
    partial.replace(note)
    return model
