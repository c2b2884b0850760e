"""What the benches over millions of rows share: one run per engine, in a process of its own.

Each engine gets a database and a data folder of its own; what is inside prints one line of JSON.
`NEP_BENCH_KEEP=FOLDER` keeps what was filled for the next run. NEP_BENCH_PG names an empty
PostgreSQL database to use; else a throw-away server is started.
"""

import argparse
import json
import logging
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "src"), str(ROOT / "tools"), str(ROOT)]
KEPT = os.environ.get("NEP_BENCH_KEEP", "")
Bench = Callable[[int, list[str]], dict]


def measure(
    script: str, about: str, *, rows: str, whole: int, short: int, bench: Bench, parts: str = ""
) -> None:
    """Run `bench(number of rows, parts)` on each engine asked for and print what it returns.

    `script` is the bench's own file; `rows` names its number of rows on the command line, `parts`
    what can be left out by `--only`.
    """
    options = _arguments(about, rows, whole, short, parts)
    if options.inside:
        _inside(options.rows, options.only.split(","), bench)
        return
    results = {rows: options.rows}
    for engine in options.engines.split(","):
        with tempfile.TemporaryDirectory(prefix="nep-bench-") as scratch:
            folder = Path(KEPT or scratch) / f"{engine}-{options.rows}"
            folder.mkdir(parents=True, exist_ok=True)
            command = [
                sys.executable, script, f"--{rows}", str(options.rows), "--inside", "--only",
                options.only,
            ]  # fmt: skip
            results[engine] = _on(engine, folder, command)
    print(json.dumps(results, ensure_ascii=False))


def _arguments(about: str, rows: str, whole: int, short: int, parts: str) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=about.splitlines()[0])
    parser.add_argument("--engines", default="sqlite,postgresql")
    parser.add_argument(f"--{rows}", type=int, default=whole, dest="rows")
    parser.add_argument("--short", action="store_true", help=f"{short:,} {rows}")
    parser.add_argument("--only", default=parts, help="parts to measure")
    parser.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    found = parser.parse_args()
    if found.short:
        found.rows = short
    return found


def _on(engine: str, folder: Path, command: list[str]) -> dict | None:
    if engine == "sqlite":
        return _run(f"sqlite://{folder}/b.sqlite3", folder, command)
    given = os.environ.get("NEP_BENCH_PG")
    if given:
        return _run(given, folder, command)
    from postgres import running_server

    with running_server(durable=True, kept=folder / "server" if KEPT else None) as address:
        if address is None:
            print("Không có PostgreSQL trên máy này: bỏ qua.")
            return None
        return _run(address, folder, command)


def _run(address: str, folder: Path, command: list[str]) -> dict:
    environment = {
        **os.environ, "NEP_DATABASE_URL": address, "NEP_DATABASE_POOL": "0",
        "NEP_DATA": str(folder), "DJANGO_SETTINGS_MODULE": "tests.settings", "NEP_LOG_JSON": "0",
    }  # fmt: skip
    done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, check=True)
    return json.loads(done.stdout.strip().splitlines()[-1])


def _inside(rows: int, only: list[str], bench: Bench) -> None:
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command

    settings.ALLOWED_HOSTS = ["*"]
    call_command("migrate", verbosity=0)
    logging.disable(logging.INFO)
    print(json.dumps(bench(rows, only), ensure_ascii=False))
