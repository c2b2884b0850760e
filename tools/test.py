"""Run the whole suite on SQLite, then on PostgreSQL where a server can be had."""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from postgres import running_server

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from tests.installation import drop_worlds

ROOT = Path(__file__).resolve().parents[1]


def with_bytecode(environment: dict[str, str]) -> dict[str, str]:
    """Return the environment in which the many processes of a run compile Python once, not each."""
    kept = {name: text for name, text in environment.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return {"PYTHONPYCACHEPREFIX": str(ROOT / ".pytest_cache" / "bytecode")} | kept


def run_suite(engine: str, arguments: list[str], **extra: str) -> int:
    """Run pytest once and return its exit code."""
    started = time.monotonic()
    print(f"\n== Bộ kiểm thử trên {engine} ==", flush=True)
    with tempfile.TemporaryDirectory(prefix="nep-thử ") as folder:
        command = [
            sys.executable,
            "-m",
            "pytest",
            "-q",
            "-n",
            "2",
            "--dist",
            "loadscope",
            "--no-loadscope-reorder",  # the order is that of conftest.py
            *arguments,
        ]
        environment = {**with_bytecode(dict(os.environ)), "NEP_DATA": folder, **extra}
        template = subprocess.Popen(
            [sys.executable, "-m", "tests.template_database"],
            cwd=ROOT, env=environment, stdout=subprocess.DEVNULL,
        )  # fmt: skip
        code = subprocess.call(command, cwd=ROOT, env=environment)
        template.wait()
        if server := extra.get("NEP_DATABASE_URL"):
            drop_worlds(Path(folder), by=server)
    print(f"== {engine}: {time.monotonic() - started:.0f} giây, mã {code} ==", flush=True)
    return code


def main() -> int:
    """Run both engines; fail when either fails."""
    arguments = sys.argv[1:]
    wanted = os.environ.get("NEP_TEST_ENGINES", "sqlite postgresql").split()
    codes = [run_suite("SQLite", arguments)] if "sqlite" in wanted else []
    if "postgresql" in wanted:
        with running_server() as address:
            if address is None:
                print("Không có PostgreSQL trên máy này: chỉ chạy SQLite.")
            else:
                codes.append(run_suite("PostgreSQL", arguments, NEP_DATABASE_URL=address,
                                       NEP_DATABASE_POOL="0"))  # fmt: skip
    return max(codes, default=1)


if __name__ == "__main__":
    sys.exit(main())
