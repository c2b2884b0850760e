"""One migrated database for each state of the migrations, copied by whoever needs an empty one.

Migrating takes some fifteen seconds of a processor, copying a fraction of one. SQLite's template is
a file kept beside pytest's cache from run to run; PostgreSQL's lies on the server of the tests, and
its dump is kept there too where PostgreSQL's own programs are at hand.
`python -m tests.template_database` makes the template of the engine in the environment.
"""

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import django
import psycopg
from psycopg import sql

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "src" / "nep"
CACHE = ROOT / ".pytest_cache" / "migrated"
PATIENCE = 600  # seconds until a builder that left no trace is given up
DAY = 86_400
COPY = "CREATE DATABASE {} TEMPLATE {} STRATEGY file_copy"  # not each page through the log


def engine_address() -> str:
    """Return the address of the PostgreSQL server the tests run on, or "" for SQLite."""
    address = os.environ.get("NEP_DATABASE_URL", "")
    return address if address.startswith("postgres") else ""


def fingerprint() -> str:
    """Return a hash of the migrations and what they stand on."""
    digest = hashlib.sha256(f"{django.__version__} {sys.version_info[:2]}".encode())
    files = [*SOURCE.rglob("migrations/*.py"), *(SOURCE / "foundation" / "db").glob("[fi]*.py"),
             SOURCE / "foundation" / "db" / "at_once.py",
             SOURCE / "config" / "settings.py"]  # fmt: skip
    for path in sorted(files):
        digest.update(f"{path.relative_to(SOURCE)}\n".encode() + path.read_bytes())
    return digest.hexdigest()[:16]


def sqlite_template() -> Path:
    """Return the migrated file, made by the first who asks."""
    wanted = CACHE / f"{fingerprint()}.sqlite3"
    CACHE.mkdir(parents=True, exist_ok=True)
    lock = wanted.with_suffix(".lock")
    begun = time.monotonic()
    while not wanted.exists():
        try:
            lock.mkdir()
        except FileExistsError:  # somebody builds it
            if time.monotonic() - begun > PATIENCE:
                raise AssertionError(f"{lock} was made and {wanted.name} never") from None
            if time.time() - lock.stat().st_mtime > PATIENCE:
                lock.rmdir()
            time.sleep(0.1)
            continue
        try:
            _build_file(wanted)
        finally:
            lock.rmdir()
    return wanted


def _build_file(wanted: Path) -> None:
    if wanted.exists():
        return
    with tempfile.TemporaryDirectory(dir=CACHE) as folder:
        made = Path(folder) / "made.sqlite3"
        _migrate(f"sqlite:///{made}", folder)
        made.replace(wanted)
    _forget_old("*.sqlite3", wanted)


def postgres_template(server: str) -> str:
    """Return the address of the migrated database on a server, made by the first who asks."""
    name = f"nep_template_{fingerprint()}"
    address = urlunsplit(urlsplit(server)._replace(path=f"/{name}"))
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute("SELECT pg_advisory_lock(hashtext(%s))", [name])
        known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
        if known.fetchone() is None:
            half = f"{name}_half"
            _run(connection, "DROP DATABASE IF EXISTS {} WITH (FORCE)", half)
            _run(connection, "CREATE DATABASE {}", half)
            _fill(urlunsplit(urlsplit(server)._replace(path=f"/{half}")), connection)
            _run(connection, "ALTER DATABASE {} RENAME TO {}", half, name)
    return address


def _fill(address: str, server: psycopg.Connection) -> None:
    """Bring an empty database to the present state: from the kept dump, else by migrating it."""
    major = server.info.server_version // 10_000
    dump = CACHE / f"{fingerprint()}-postgresql-{major}.dump"
    if dump.exists() and _program("pg_restore", major, "-1", "-O", "-d", address, str(dump)):
        return
    with tempfile.TemporaryDirectory() as folder:
        _migrate(address, folder)
    CACHE.mkdir(parents=True, exist_ok=True)
    made = dump.with_suffix(f".{os.getpid()}")
    if _program("pg_dump", major, "-Fc", "-Z1", "-f", str(made), address):
        made.replace(dump)
    made.unlink(missing_ok=True)
    _forget_old("*.dump", dump)


def _program(name: str, major: int, *arguments: str) -> bool:
    """Run one of PostgreSQL's programs; False when it is absent, of another version or fails."""
    path = shutil.which(name)
    if path is None:
        return False
    told = subprocess.run([path, "--version"], capture_output=True, text=True).stdout
    if f" {major}." not in told:
        return False
    return subprocess.run([path, *arguments], capture_output=True).returncode == 0


def _forget_old(pattern: str, present: Path) -> None:
    for old in CACHE.glob(pattern):
        if old != present and time.time() - old.stat().st_mtime > DAY:
            old.unlink(missing_ok=True)


def _run(connection: psycopg.Connection, statement: str, *names: str) -> None:
    connection.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))


def _migrate(address: str, folder: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "django", "migrate", "--verbosity", "0"],
        cwd=ROOT, capture_output=True, text=True, check=False,
        env=os.environ | {
            "PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(ROOT)]), "PYTHONUTF8": "1",
            "DJANGO_SETTINGS_MODULE": "nep.config.settings", "NEP_DATA": folder,
            "NEP_DATABASE_URL": address, "NEP_DATABASE_POOL": "0",
        },
    )  # fmt: skip
    if done.returncode:
        raise AssertionError(done.stdout + done.stderr)


def copy_to(database: dict) -> None:
    """Make the database that Django's settings name anew, as a copy of the template."""
    server = engine_address()
    if not server:
        for rest in ("", "-wal", "-shm"):
            Path(database["NAME"] + rest).unlink(missing_ok=True)
        shutil.copyfile(sqlite_template(), database["NAME"])
        return
    template = urlsplit(postgres_template(server)).path.strip("/")
    drop(database)
    with psycopg.connect(server, autocommit=True) as connection:
        _run(connection, COPY, database["NAME"], template)


def drop(database: dict) -> None:
    """Remove a database made by `copy_to`."""
    server = engine_address()
    if not server:
        for rest in ("", "-wal", "-shm"):
            Path(database["NAME"] + rest).unlink(missing_ok=True)
        return
    with psycopg.connect(server, autocommit=True) as connection:
        _run(connection, "DROP DATABASE IF EXISTS {} WITH (FORCE)", database["NAME"])


if __name__ == "__main__":
    print(postgres_template(engine_address()) if engine_address() else sqlite_template())
