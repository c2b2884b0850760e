"""Run the whole suite on SQLite, then on PostgreSQL where a server can be had.

What the tests write lies in memory where this machine has it to spare: waiting for a disk proves
nothing here, while every database keeps the settings under which it writes durably.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from postgres import running_server

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from tests.installation import drop_worlds

ROOT = Path(__file__).resolve().parents[1]
MEMORY = Path("/dev/shm")
SPARE = 6_000_000_000  # bytes


def in_memory() -> str | None:
    """Return the folder that lies in memory, or None where there is none to spare."""
    if not MEMORY.is_dir() or not os.access(MEMORY, os.W_OK | os.X_OK):
        return None
    allows_programs = not os.statvfs(MEMORY).f_flag & os.ST_NOEXEC
    return str(MEMORY) if allows_programs and shutil.disk_usage(MEMORY).free > SPARE else None


def with_bytecode(environment: dict[str, str]) -> dict[str, str]:
    """Return the environment in which the many processes of a run compile Python once, not each."""
    return {name: text for name, text in environment.items() if name != "PYTHONDONTWRITEBYTECODE"}


def hands() -> int:
    """Return how many processes run tests: one more than processors, for some wait for others."""
    return max(2, min(8, (os.cpu_count() or 1) + 1))


def several() -> list[str]:
    """Return how pytest is told to use several processes: by forking where that is sound."""
    if sys.platform == "linux":
        return ["-p", "no:xdist", "-p", "tests.hands", "--hands", str(hands())]
    # the order is that of conftest.py
    return ["-n", str(hands()), "--dist", "loadscope", "--no-loadscope-reorder"]


def run_suite(engine: str, arguments: list[str], **extra: str) -> tuple[int, str]:
    """Run pytest once; return its exit code and how long it took."""
    started = time.monotonic()
    print(f"\n== Bộ kiểm thử trên {engine} ==", flush=True)
    with (
        tempfile.TemporaryDirectory(prefix="nep-thử ") as folder,
        tempfile.TemporaryDirectory(prefix="nep-tmp-") as scratch,
    ):
        command = [sys.executable, "-m", "pytest", "-q", *several(), *arguments]
        environment = {**with_bytecode(dict(os.environ)), "NEP_DATA": folder, **extra}
        environment["TMPDIR"] = scratch
        template = subprocess.Popen(
            [sys.executable, "-m", "tests.template_database"],
            cwd=ROOT, env=environment, stdout=subprocess.DEVNULL,
        )  # fmt: skip
        code = subprocess.call(command, cwd=ROOT, env=environment)
        template.wait()
        if server := extra.get("NEP_DATABASE_URL"):
            drop_worlds(Path(folder), by=server)
    verdict = f"== {engine}: {time.monotonic() - started:.0f} giây, mã {code} =="
    print(verdict, flush=True)
    return code, verdict


def main() -> int:
    """Run both engines, say at the end how long each took; fail when either fails."""
    arguments = sys.argv[1:]
    wanted = os.environ.get("NEP_TEST_ENGINES", "sqlite postgresql").split()
    tempfile.tempdir = in_memory()
    ends = [run_suite("SQLite", arguments)] if "sqlite" in wanted else []
    if "postgresql" in wanted:
        with running_server() as address:
            if address is None:
                print("Không có PostgreSQL trên máy này: chỉ chạy SQLite.")
            else:
                ends.append(run_suite("PostgreSQL", arguments, NEP_DATABASE_URL=address,
                                      NEP_DATABASE_POOL="0"))  # fmt: skip
    print("\n" + "\n".join(line for _, line in ends), flush=True)
    return max((code for code, _ in ends), default=1)


if __name__ == "__main__":
    sys.exit(main())
