"""Figures over millions of finished cases: roll-ups beside the raw count and DuckDB, in one run.

`python3 dev.py bench figures [--short] [--cases 5000000] [--engines sqlite,postgresql]` prints
milliseconds and ratios, and one line of JSON. `--short` fills 200,000 cases. Facts are filled by
SQL; the roll-ups are counted by the product. Goals: page agency × month ≤ 50 ms; roll-ups ≥ 20
times the raw query and ahead of DuckDB; finishing a case with figures ÷ without ≤ 1.25; folding
independent of history. DuckDB is compared when it is there.
NEP_BENCH_PG names a PostgreSQL server to use; else a throw-away one is started.
"""

import argparse
import json
import logging
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

try:
    import duckdb
except ImportError:
    duckdb = None

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "src"), str(ROOT / "tools"), str(ROOT)]
AGENCIES, FIRST_YEAR, YEARS, TTHC, UNITS = 200, 2022, 5, 60, 8
FOLDED, FINISHED = 1_000, 80
WORDS = "CASE WHEN n % 20 = 0 THEN 'tre' WHEN n % 33 = 0 THEN 'rut' WHEN n % 3 = 0 THEN 'dung' ELSE 'truoc' END"
RAW = (
    "SELECT agency_id, month, COUNT(*), "
    "SUM(CASE WHEN word = 'truoc' THEN 1 ELSE 0 END), SUM(CASE WHEN word = 'dung' THEN 1 ELSE 0 END), "
    "SUM(CASE WHEN word = 'khong' THEN 1 ELSE 0 END), SUM(CASE WHEN word = 'tre' THEN 1 ELSE 0 END), "
    "SUM(CASE WHEN word = 'rut' THEN 1 ELSE 0 END) FROM cases_casefact GROUP BY agency_id, month"
)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--engines", default="sqlite,postgresql")
    parser.add_argument("--cases", type=int, default=5_000_000)
    parser.add_argument("--short", action="store_true", help="200,000 cases")
    parser.add_argument("--inside", default="")
    found = parser.parse_args()
    if found.short:
        found.cases = 200_000
    return found


def main() -> None:
    options = arguments()
    if options.inside:
        inside(options)
        return
    results = {"cases": options.cases}
    for engine in options.engines.split(","):
        with tempfile.TemporaryDirectory(prefix="nep-bench-") as folder:
            if engine == "sqlite":
                results[engine] = run_inside(f"sqlite://{folder}/b.sqlite3", folder, options)
            else:
                results[engine] = on_postgresql(folder, options)
    print(json.dumps(results, ensure_ascii=False))


def on_postgresql(folder: str, options: argparse.Namespace) -> dict | None:
    given = os.environ.get("NEP_BENCH_PG")
    if given:
        return run_inside(given, folder, options)
    from postgres import running_server

    with running_server(durable=True) as address:
        if address is None:
            print("Không có PostgreSQL trên máy này: bỏ qua.")
            return None
        return run_inside(address, folder, options)


def run_inside(address: str, folder: str, options: argparse.Namespace) -> dict:
    environment = {
        **os.environ, "NEP_DATABASE_URL": address, "NEP_DATABASE_POOL": "0", "NEP_DATA": folder,
        "DJANGO_SETTINGS_MODULE": "tests.settings", "NEP_LOG_JSON": "0",
    }  # fmt: skip
    command = [sys.executable, __file__, "--inside", address, "--cases", str(options.cases)]
    done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, check=True)
    *lines, last = done.stdout.strip().splitlines()
    print("\n".join(lines))
    return json.loads(last)


def inside(options: argparse.Namespace) -> None:
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command

    settings.ALLOWED_HOSTS = ["*"]
    call_command("migrate", verbosity=0)
    print(json.dumps(Bench(options).run(), ensure_ascii=False))


class Bench:
    def __init__(self, options: argparse.Namespace) -> None:
        from django.db import connection

        self.cases, self.connection = options.cases, connection
        self.engine = connection.vendor

    def run(self) -> dict:
        from nep.apps.cases.tests.scene import office

        self.office = office(code="H99.00", name="Sở của phép đo")
        found = self.finishing()
        self.agencies = self.make_agencies()
        self.fill(0, FOLDED, pending=True)
        small = self.folding()
        self.say("đang chép dòng số liệu …")
        started = time.perf_counter()
        self.fill(FOLDED, self.cases, pending=False)
        self.say(f"chép xong sau {time.perf_counter() - started:.0f} s; đang cộng …")
        started = time.perf_counter()
        self.rebuild()
        found["rebuild s"] = round(time.perf_counter() - started, 1)
        self.settle()
        self.fill(self.cases, self.cases + FOLDED, pending=True)
        found["fold 1000 ms, small"] = round(small, 1)
        found["fold 1000 ms, large"] = round(self.folding(), 1)
        found |= self.reading()
        for name, value in found.items():
            self.say(f"{name}: {value}")
        return found

    def say(self, text: str) -> None:
        print(f"{self.engine}: {text}", file=sys.stderr, flush=True)

    def execute(self, statement: str) -> list[tuple]:
        with self.connection.cursor() as cursor:
            cursor.execute(statement)
            return cursor.fetchall() if cursor.description else []

    def make_agencies(self) -> list[int]:
        """Copy the office's agency, as one of the province's committee and its departments."""
        from django.forms.models import model_to_dict

        from nep.apps.organization import queries as organization
        from nep.apps.organization.models import Agency
        from nep.foundation.db import new_id

        own = Agency.objects.get(pk=self.office.scene.agency_id)
        Agency.objects.filter(pk=own.pk).update(kind="ubnd_tinh")
        rows = model_to_dict(own)
        for name in ("province", "parent", "id"):
            rows.pop(name, None)
        made = [
            Agency(**{**rows, "id": new_id(), "code": f"H98.{n:03d}", "name": f"Sở số {n}",
                      "province_id": own.province_id})
            for n in range(AGENCIES)
        ]  # fmt: skip
        Agency.objects.bulk_create(made)
        organization.forget()
        return [one.pk for one in made]

    def fill(self, first: int, last: int, *, pending: bool) -> None:
        """Write the facts of cases `first` to `last`, over the years, agencies and units."""
        ids = self.agencies
        self.execute("CREATE TABLE IF NOT EXISTS bench_agency (place integer, id bigint)")
        if not self.execute("SELECT 1 FROM bench_agency LIMIT 1"):
            values = ", ".join(f"({place}, {key})" for place, key in enumerate(ids))
            self.execute(f"INSERT INTO bench_agency VALUES {values}")
        if self.engine == "sqlite":
            self.execute("PRAGMA foreign_keys = OFF")
        else:
            self.execute("SET session_replication_role = replica")
        step = 500_000
        for start in range(first, last, step):
            self.execute(self.fact_sql(start, min(last, start + step)))
            if pending:
                self.execute(
                    "INSERT INTO cases_factpending SELECT case_id FROM cases_casefact "
                    f"WHERE case_id > {start} AND case_id <= {min(last, start + step)}"
                )

    def fact_sql(self, start: int, stop: int) -> str:
        numbers = (
            f"WITH RECURSIVE s(n) AS (SELECT {start + 1} UNION ALL SELECT n + 1 FROM s WHERE n < {stop})"
            if self.engine == "sqlite"
            else f"WITH s(n) AS (SELECT * FROM generate_series({start + 1}, {stop}))"
        )
        no = "0" if self.engine == "sqlite" else "FALSE"
        month = f"({FIRST_YEAR} + n % {YEARS}) * 100 + 1 + (n / 7) % 12"
        return (
            "INSERT INTO cases_casefact (case_id, agency_id, month, received_month, tthc_id, field, "
            "channel, is_internal, unit_id, word, late_by_indicator, used_minutes, waited_applicant, "
            "waited_agency, bucket, supplements, steps, steps_late, reworks, returns, charged_node) "
            f"{numbers} SELECT n, a.id, {month}, {month}, 1 + (n / 11) % {TTHC}, "
            "'Lĩnh vực ' || ((n / 11) % 12), CASE WHEN n % 2 = 0 THEN 'online' ELSE 'counter' END, "
            f"{no}, 1 + (n / 13) % {UNITS}, {WORDS}, {no}, (n * 37) % 9000, 0, 0, n % 16, 0, 5, 0, 0, "
            f"0, '' FROM s JOIN bench_agency a ON a.place = (n / 3) % {AGENCIES}"
        )

    def folding(self) -> float:
        """Return the milliseconds of folding a thousand pending facts."""
        from nep.apps.cases.services.figures import figures_fold
        from nep.apps.organization.tests.scene import NOW

        started = time.perf_counter()
        while figures_fold(now=NOW) == FOLDED:
            pass
        return 1e3 * (time.perf_counter() - started)

    def rebuild(self) -> None:
        from nep.apps.cases.services.figures import figures_rebuild
        from nep.apps.organization.tests.scene import NOW

        figures_rebuild(now=NOW)

    def settle(self) -> None:
        if self.engine == "postgresql":
            self.execute("VACUUM ANALYZE")
        else:
            self.execute("ANALYZE")

    def reading(self) -> dict:
        from django.contrib.auth import get_user_model
        from django.test import Client

        from nep.apps.cases.queries.finished import ended_figures

        months = (FIRST_YEAR * 100 + 1, (FIRST_YEAR + YEARS) * 100)
        everyone = [*self.agencies, self.office.scene.agency_id]

        def rolled() -> int:
            return len(
                ended_figures(agency_ids=everyone, months=months, by="agency_month", light=True)
            )

        rows = self.execute(RAW)
        assert rolled() == len(rows), (rolled(), len(rows))
        client = Client()
        logging.disable(logging.INFO)
        client.force_login(get_user_model().objects.get(pk=self.office.scene.users["ha"]))
        page = f"/dieu-hanh/toan-tinh/?nam={FIRST_YEAR + 1}"
        assert client.get(page).status_code == 200
        raw, roll = best(lambda: self.execute(RAW)), best(rolled)
        found = {
            "rows": len(rows),
            "raw ms": round(raw, 1),
            "roll-up ms": round(roll, 1),
            "raw ÷ roll-up": round(raw / roll, 1),
            "page agency × month ms": round(best(lambda: client.get(page)), 1),
            "page, own processor ms": round(best(lambda: client.get(page), time.process_time), 1),
        }
        duck = self.duck()
        if duck is not None:
            found |= {"duckdb ms": round(duck, 1), "duckdb ÷ roll-up": round(duck / roll, 2)}
        return found

    def duck(self) -> float | None:
        """Return the milliseconds of the raw query in a DuckDB file of the same facts."""
        if duckdb is None:
            self.say("không có DuckDB: bỏ qua")
            return None
        with tempfile.TemporaryDirectory(prefix="nep-duck-") as folder:
            store = duckdb.connect(f"{folder}/f.duckdb")
            store.execute("SET threads = 2")
            store.execute("CREATE TABLE bench_agency (place integer, id bigint)")
            store.executemany(
                "INSERT INTO bench_agency VALUES (?, ?)", list(enumerate(self.agencies))
            )
            month = f"({FIRST_YEAR} + n % {YEARS}) * 100 + 1 + (n // 7) % 12"
            store.execute(
                f"CREATE TABLE cases_casefact AS SELECT n AS case_id, a.id AS agency_id, {month} "
                f"AS month, {WORDS} AS word FROM range(1, {self.cases + FOLDED + 1}) t(n) "
                f"JOIN bench_agency a ON a.place = (n // 3) % {AGENCIES}"
            )
            store.execute("CHECKPOINT")
            return best(lambda: store.execute(RAW).fetchall())

    def finishing(self) -> dict[str, float]:
        """Return the cost of the step that finishes a case, with its figures to without.

        Rounds take turns, and each pair is one ratio: what else the machine does falls on both.
        On PostgreSQL the server's own time is in the wall clock alone.
        """
        from nep.apps.cases.services import _steps
        from nep.apps.cases.tests.scene import moment

        with_figures = _steps.fact_into
        wall: dict[bool, list[float]] = {True: [], False: []}
        own: dict[bool, list[float]] = {True: [], False: []}
        at, now = self.office, None
        for number in range(2 * (FINISHED + 5)):
            is_with = (number + number // 2) % 2 == 0  # which comes first changes from pair to pair
            now = moment(11 + number % 5, 9) + timedelta(minutes=number)
            case = at.accept(now=now)
            now = at.walk(case, "b4", now=now)
            run, actor = at.run(case, "b4"), at.actor("ha")
            _steps.fact_into = with_figures if is_with else lambda *_, **__: None
            first, started = time.process_time(), time.perf_counter()
            _steps.step_complete(actor=actor, now=now + timedelta(minutes=5), run_id=run.pk)
            wall[is_with].append(time.perf_counter() - started)
            own[is_with].append(time.process_time() - first)
        _steps.fact_into = with_figures
        return {
            "finish with ÷ without": paired(wall),
            "finish with ÷ without, own processor": paired(own),
            "finish with ms": round(1e3 * statistics.median(wall[True][5:]), 2),
        }


def paired(times: dict[bool, list[float]]) -> float:
    """Return the ratio of the medians, the first five pairs left out to warm up."""
    return round(statistics.median(times[True][5:]) / statistics.median(times[False][5:]), 2)


def best(
    work: Callable[[], object], clock: Callable[[], float] = time.perf_counter, rounds: int = 7
) -> float:
    """Return the median of some rounds in milliseconds of a clock."""
    times = []
    for _ in range(rounds):
        started = clock()
        work()
        times.append(1e3 * (clock() - started))
    return statistics.median(times)


if __name__ == "__main__":
    main()
