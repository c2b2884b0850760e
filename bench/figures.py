"""Figures over millions of finished cases: roll-ups beside the raw count and DuckDB, in one run.

`python3 dev.py bench figures [--short] [--cases 5000000] [--engines sqlite,postgresql]` prints
milliseconds and ratios, and one line of JSON. `--short` fills 200,000 cases. Facts are filled by
SQL; the roll-ups are counted by the product, must equal the raw count and are held against the
facts as `nep doctor` does. Candidates take turns; beside the wall stands the time of processors
(this process and its PostgreSQL backend), which a busy machine changes little. Goals:
page agency × month ≤ 50 ms; roll-ups ≥ 20 times the raw query and ahead of DuckDB; finishing a case
with figures ÷ without ≤ 1.25; folding independent of history. DuckDB is compared when it is there.
`NEP_BENCH_KEEP=FOLDER` keeps what was filled for the next run. NEP_BENCH_PG names an empty
PostgreSQL database to use; else a throw-away server is started.
"""

import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from _engines import KEPT, measure

SMALL, FOLDED, FOLDS, FINISHED, ROUNDS = 10_000, 1_000, 5, 80, 7
PAGES = {
    "agency × month": "toan-tinh/?nam=2023",
    "agencies": "ket-qua/?xem=co-quan&nam=2023",
    "levels": "ket-qua/?xem=cap&nam=2023",
    "months of one": "ket-qua/?xem=thang&nam=2023",
}


class Bench:
    def __init__(self, cases: int, only: list[str]) -> None:
        import _figures_world as world
        from django.db import connection

        self.cases, self.connection, self.w = cases, connection, world
        self.only = only
        self.engine = connection.vendor
        self.folder = Path(os.environ["NEP_DATA"])

    def run(self) -> dict:
        self.agencies = self.w.agencies()
        found = {}
        if self.w.filled() < self.cases:
            found |= self.filling()
        parts = {"fold": self.large, "finish": self.finishing, "held": self.held,
                 "read": self.reading, "pages": self.pages}  # fmt: skip
        for name, part in parts.items():
            if name in self.only:
                found |= part()
        for name, value in found.items():
            self.say(f"{name}: {value}")
        return found

    def say(self, text: str) -> None:
        print(f"{self.engine}: {text}", file=sys.stderr, flush=True)

    def filling(self) -> dict:
        """Fill a small house and fold into it, then the large one; count its roll-ups."""
        from nep.apps.cases.services.figures import figures_rebuild
        from nep.apps.organization.tests.scene import NOW

        self.w.fill(self.w.filled(), SMALL, pending=False)
        figures_rebuild(now=NOW)
        self.settle()
        found = {"fold 1000, small: processor ms": self.folding()}
        started = time.perf_counter()
        self.w.fill(self.w.filled(), self.cases, pending=False)
        found["fill s"] = round(time.perf_counter() - started)
        rebuilt = measured(lambda: figures_rebuild(now=NOW), self.spent)
        found["rebuild: processor s"] = round(rebuilt[1] / 1e3, 1)
        self.settle()
        return found

    def large(self) -> dict:
        found = {"fold 1000, large: processor ms": self.folding()}
        self.settle()
        return found

    def settle(self) -> None:
        self.w.execute("ANALYZE" if self.engine == "sqlite" else "VACUUM ANALYZE")

    def folding(self) -> float:
        """Return the processor's milliseconds of folding a thousand pending facts."""
        from nep.apps.cases.services.figures import figures_fold
        from nep.apps.organization.tests.scene import NOW

        times = []
        for _ in range(FOLDS):
            stand = self.w.filled()
            self.w.fill(stand, stand + FOLDED, pending=True)
            times.append(measured(lambda: figures_fold(now=NOW, limit=FOLDED), self.spent)[1])
        return round(statistics.median(times), 1)

    def spent(self) -> float:
        """Return the processor's milliseconds of this process and of its PostgreSQL backend."""
        return 1e3 * time.process_time() + (self.server() if self.engine == "postgresql" else 0)

    def server(self) -> float:
        """Return the milliseconds of the connection's backend, 0 where they cannot be seen."""
        if not hasattr(self, "backend"):
            (pid,) = self.w.execute("SELECT pg_backend_pid()")[0]
            self.backend = Path(f"/proc/{pid}/schedstat")
        return int(self.backend.read_text().split()[0]) / 1e6 if self.backend.exists() else 0

    def held(self) -> dict:
        """Hold the roll-ups against the facts, as the doctor does."""
        from nep.apps.cases.queries import _figures_invariants as invariants

        wrong: list[str] = []
        spent = measured(lambda: wrong.extend(one.message for one in invariants.sums()), self.spent)
        assert not wrong, wrong
        return {"doctor's comparison: processor s": round(spent[1] / 1e3, 1)}

    def reading(self) -> dict:
        """Read agency × month of every year: raw, roll-ups and DuckDB in turn."""
        from nep.apps.cases.queries.finished import ended_figures

        months = (self.w.FIRST_YEAR * 100 + 1, (self.w.FIRST_YEAR + self.w.YEARS) * 100)

        def rolled() -> dict:
            return ended_figures(
                agency_ids=self.agencies, months=months, by="agency_month", light=True
            )

        keys = set(self.agencies)
        rows = [row for row in self.w.execute(self.w.RAW) if row[0] in keys]
        found = {key: tuple(one[name] for name in self.w.COUNTED) for key, one in rolled().items()}
        assert found == {tuple(row[:2]): tuple(map(int, row[2:])) for row in rows}
        works: dict[str, Callable[[], object]] = {
            "roll-up": rolled, "raw": lambda: self.w.execute(self.w.RAW)
        }  # fmt: skip
        with tempfile.TemporaryDirectory(prefix="nep-duck-") as scratch:
            store = self.w.duck(self.folder if KEPT else Path(scratch), self.agencies)
            if store is None:
                self.say("không có DuckDB: bỏ qua")
            else:
                works["duckdb"] = lambda: store.execute(self.w.RAW).fetchall()
            return {"cells": len(rows), **self.in_turns(works)}

    def in_turns(self, works: dict[str, Callable[[], object]]) -> dict:
        """Return medians by wall and processor, and the medians of the ratios within each round."""
        times: dict[str, list[tuple[float, float]]] = {name: [] for name in works}
        rounds = 3 if self.engine == "sqlite" and self.cases > 1_000_000 else ROUNDS
        is_postgresql = self.engine == "postgresql"
        for workers in (2, 0) if is_postgresql else (0,):
            if is_postgresql:  # parallel workers end with their statement and leave no trace
                self.w.execute(f"SET max_parallel_workers_per_gather = {workers}")
            for _ in range(rounds):
                for name, work in works.items():
                    wall, spent = measured(work, self.spent)
                    times[name].append((wall, spent))
        parts = {"wall": (0, slice(0, rounds)), "processor": (1, slice(-rounds, None))}
        found: dict[str, float] = {}
        for part, (place, span) in parts.items():
            of = {name: [one[place] for one in held[span]] for name, held in times.items()}
            for name, held in of.items():
                found[f"{name}: {part} ms"] = round(statistics.median(held), 1)
            for name in list(works)[1:]:
                ratios = [a / b for a, b in zip(of[name], of["roll-up"], strict=True)]
                found[f"{name} ÷ roll-up, {part}"] = round(statistics.median(ratios), 2)
        return found

    def pages(self) -> dict:
        from django.test import Client

        client = Client()
        client.force_login(self.w.reader())
        found = {}
        for name, address in PAGES.items():
            path = f"/dieu-hanh/{address}"
            assert client.get(path).status_code == 200
            made = [measured(lambda path=path: client.get(path), self.spent) for _ in range(15)]
            wall, spent = (statistics.median(column) for column in zip(*made, strict=True))
            found[f"page {name}: wall ms"] = round(wall, 1)
            found[f"page {name}: processor ms"] = round(spent, 1)
        return found

    def finishing(self) -> dict[str, float]:
        """Return the cost of the step that finishes a case, with its figures to without.

        Rounds take turns, and each pair is one ratio: what else the machine does falls on both.
        """
        from nep.apps.cases.services import _steps
        from nep.apps.cases.tests.scene import moment, office

        at, now = office(code=f"H97.{time.time_ns() % 10**6}", name="Sở của phép đo"), None
        with_figures = _steps.fact_into
        times: dict[bool, list[tuple[float, float]]] = {True: [], False: []}
        for number in range(2 * (FINISHED + 5)):
            is_with = (number + number // 2) % 2 == 0  # which comes first changes from pair to pair
            now = moment(11 + number % 5, 9) + timedelta(minutes=number)
            case = at.accept(now=now)
            now = at.walk(case, "b4", now=now) + timedelta(minutes=5)
            run, actor = at.run(case, "b4"), at.actor("ha")
            _steps.fact_into = with_figures if is_with else lambda *_, **__: None
            done = measured(
                lambda run=run, actor=actor, now=now: _steps.step_complete(
                    actor=actor, now=now, run_id=run.pk
                ),
                self.spent,
            )
            times[is_with].append(done)
        _steps.fact_into = with_figures
        found = {}
        for place, part in enumerate(("wall", "processor")):
            of = {key: [one[place] for one in held[5:]] for key, held in times.items()}
            ratio = statistics.median(of[True]) / statistics.median(of[False])
            found[f"finish with ÷ without, {part}"] = round(ratio, 2)
            found[f"finish with figures: {part} ms"] = round(statistics.median(of[True]), 2)
        return found


def measured(work: Callable[[], object], clock: Callable[[], float]) -> tuple[float, float]:
    """Return the milliseconds of the wall and of the processors that some work takes."""
    spent, started = clock(), time.perf_counter()
    work()
    wall = 1e3 * (time.perf_counter() - started)
    return wall, clock() - spent


if __name__ == "__main__":
    measure(
        __file__, __doc__, rows="cases", whole=5_000_000, short=200_000,
        bench=lambda cases, only: Bench(cases, only).run(),
        parts="fold,finish,held,read,pages",
    )  # fmt: skip
