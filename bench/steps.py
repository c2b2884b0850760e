"""One step completed durably at the service, beside raw SQL and SpiffWorkflow, in one run.

`python3 dev.py bench steps [--short | --growth [--cases 100000] [--no-doctor]] [--seconds 5] [--rounds 3]
[--engines sqlite,postgresql]` prints steps per second, p50 and p99 in milliseconds, processor time
of a step (its client and its server process) and ratios to raw, each goal with what was found, and
one line of JSON; growth to many cases, filled by SQL, with `nep doctor` over them, is a run of its
own, in which the database with many takes turns with its copy from when it had few. On a
machine that does other work too, only processor times can be compared. Nothing is skipped in our
step: permission, engine, clock, work items, journal, outbox, one durable transaction. Goals: ≥ 0.45
of raw with one client and with four in four agencies; ≥ 2 × SpiffWorkflow at 6 tasks; ≥ 6 ×
viewflow by its published part of raw; p99 ≤ 5 × p50 with four clients; log written ≤ 2 × raw;
many cases ≤ 1.15 of 10,000. Procedures of 20, 50 and 100 tasks with parallel blocks: ≥ 2.7, 4.7
and 9 × SpiffWorkflow, 100 tasks ≤ 1.2 of 6 tasks. Sixteen clients are shown beside.
NEP_BENCH_PG names a PostgreSQL server to use; else a throw-away one is started.
"""

import argparse
import gc
import json
import logging
import multiprocessing
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
import traceback
from functools import partial
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "src"), str(ROOT / "tools"), str(ROOT)]
SIZES = (6, 20, 50, 100)
OF_SPIFF = {20: 2.7, 50: 4.7, 100: 9}
FEW, MANY = 10_000, 100_000  # cases; --cases gives another number of many
LONGEST = 25  # seconds in which one client ends fewer cases than there are when they are few
VIEWFLOW = {"postgresql": 0.059, "sqlite": 0.078}  # of raw, one worker; published, not run here


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--engines", default="sqlite,postgresql")
    parser.add_argument("--seconds", type=float, default=5)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--short", action="store_true", help="one round of 1.5 s")
    parser.add_argument("--growth", action="store_true", help="from 10,000 cases to many")
    parser.add_argument("--cases", type=int, default=MANY, help="how many cases are many")
    parser.add_argument("--no-doctor", action="store_true", help="which takes 2 s a thousand cases")
    parser.add_argument("--inside", default="")
    found = parser.parse_args()
    if found.cases < 3 * FEW:
        parser.error(f"--cases: {3 * FEW} and more")
    if found.growth and found.rounds * found.seconds > LONGEST:
        parser.error(f"--growth: rounds of {LONGEST} s in all, or few cases do not last")
    if found.short:
        found.seconds, found.rounds = 1.5, 1
    return found


# The outer program: one fresh database and one process per engine.


def main() -> None:
    options = arguments()
    if options.inside:
        inside(options)
        return
    results = {}
    for engine in options.engines.split(","):
        found = measure_engine(engine, options)
        if found is not None:
            results[engine] = found
    print(json.dumps(results, ensure_ascii=False))


def measure_engine(engine: str, options: argparse.Namespace) -> dict | None:
    with tempfile.TemporaryDirectory(prefix="nep-bench-") as folder:
        if engine == "sqlite":
            return run_inside(f"sqlite://{folder}/bench.sqlite3", folder, options)
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
        "DJANGO_SETTINGS_MODULE": "nep.config.settings", "NEP_LOG_JSON": "0",
    }  # fmt: skip
    command = [sys.executable, __file__, "--inside", address, "--seconds", str(options.seconds),
               "--rounds", str(options.rounds), "--cases", str(options.cases)]  # fmt: skip
    command += ["--short"] if options.short else []
    command += ["--growth"] if options.growth else []
    command += ["--no-doctor"] if options.no_doctor else []
    done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, check=True)
    *lines, last = done.stdout.strip().splitlines()
    print("\n".join(lines))
    return json.loads(last)


# The inner program: prepares the database and runs every candidate, round by round.


def inside(options: argparse.Namespace) -> None:
    import django

    django.setup()
    logging.getLogger("spiff").setLevel(logging.ERROR)
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    bench = Bench(options)
    bench.prepare()
    found = {"growth": bench.growth()} if options.growth else bench.run()
    bench.show(found)
    print(json.dumps(found, ensure_ascii=False))


class Bench:
    def __init__(self, options: argparse.Namespace) -> None:
        import _steps_rivals as rivals
        import _steps_world as world

        self.options, self.w, self.rivals = options, world, rivals
        self.address = options.inside
        self.engine = "postgresql" if self.address.startswith("postgres") else "sqlite"
        self.next_key = multiprocessing.Value("q", 10_000_000)

    def prepare(self) -> None:
        say(f"{self.engine}: đang dựng 4 cơ quan …")
        self.worlds = [self.w.world(11, SIZES)]
        self.worlds += [self.w.world(number, SIZES[:1]) for number in range(12, 15)]
        few = 1_000 if self.options.short or self.options.growth else FEW
        say(f"{self.engine}: đang chép {few} hồ sơ …")
        per = few // len(self.worlds)
        self.cases = {
            (at, 6): self.w.copies(world.templates[6], per) for at, world in enumerate(self.worlds)
        }
        self.sources: dict[tuple[int, int], int] = {}
        for size in SIZES[1:]:
            self.cases[0, size] = self.w.copies(self.worlds[0].templates[size], per)
        raw = self.rivals.Raw(self.address)
        self.raw_tasks = raw.prepare(few)
        table = self.worlds[0].tables
        self.spiff_cases = {
            size: self.rivals.Spiff(raw, table[size]).prepare(
                few // 5 if size == 6 else 200, first=1_000_000 * size
            )
            for size in SIZES
        }
        raw.connection.close()
        self.w.settle()

    def run(self) -> dict:
        slices = {
            "raw 1": lambda: self.clients(self.raw_client, 1),
            "nep 1": lambda: self.clients(self.nep_client, 1, agencies=1),
            "spiff 1": lambda: self.clients(self.spiff_client, 1),
            **{f"nep {size} bước": partial(self.clients, self.nep_client, 1, agencies=1, size=size)
               for size in SIZES[1:]},
            **{f"spiff {size} bước": partial(self.clients, self.spiff_client, 1, size=size)
               for size in SIZES[1:]},
            "raw 4": lambda: self.clients(self.raw_client, 4),
            "nep 4, một cơ quan": lambda: self.clients(self.nep_client, 4, agencies=1),
            "nep 4, bốn cơ quan": lambda: self.clients(self.nep_client, 4, agencies=4),
            "spiff 4": lambda: self.clients(self.spiff_client, 4),
            "raw 16": lambda: self.clients(self.raw_client, 16),
            "nep 16, bốn cơ quan": lambda: self.clients(self.nep_client, 16, agencies=4),
        }  # fmt: skip
        found: dict = {name: [] for name in slices}
        for number in range(self.options.rounds):
            names = list(slices)
            random.shuffle(names)
            for name in names:
                found[name].append(slices[name]())
            say(f"{self.engine}: xong vòng {number + 1}/{self.options.rounds}")
        results = {name: summary(rows) for name, rows in found.items()}
        for name in slices:
            count = name.split()[1].rstrip(",")
            base = found[f"raw {count}" if count in ("4", "16") else "raw 1"]
            pairs = zip(found[name], base, strict=True)
            both = [(one["rate"] / raw["rate"], raw["cpu"] / one["cpu"]) for one, raw in pairs]
            results[name]["x_raw"] = round(statistics.median(rate for rate, _ in both), 3)
            results[name]["x_raw_cpu"] = round(statistics.median(cpu for _, cpu in both), 3)
        results["100/6"] = round(results["nep 100 bước"]["p50"] / results["nep 1"]["p50"], 3)
        results["log"] = self.log_volume()
        results["bytes_per_case"] = self.bytes_per_case()
        return results

    # Clients: each a process of its own with its own connection.

    def clients(self, work, count: int, *, agencies: int = 1, size: int = 6) -> dict:
        from django.db import connections

        if work == self.nep_client and not self.options.growth:
            self.replenish(agencies, size)
        connections.close_all()
        gc.collect()
        gc.freeze()  # no client looks for rubbish in what was prepared, as no web server does
        context = multiprocessing.get_context("fork")
        gate, out = context.Barrier(count), context.Queue()
        processes = [
            context.Process(target=guarded, args=(work, gate, out, number, count, agencies, size))
            for number in range(count)
        ]
        for process in processes:
            process.start()
        answers = [out.get(timeout=60 + 2 * self.options.seconds) for _ in processes]
        for answer in answers:
            if isinstance(answer, str):
                raise RuntimeError(answer)
        for process in processes:
            process.join()
        gc.unfreeze()
        times = sorted(t for _, spent, _ in answers for t in spent)
        return {
            "rate": sum(len(spent) / seconds for seconds, spent, _ in answers),
            "cpu": sum(used for *_, used in answers) / len(times) * 1e6,
            "p50": times[len(times) // 2] * 1e3,
            "p99": times[int(len(times) * 0.99)] * 1e3,
            "steps": len(times),
        }

    def replenish(self, agencies: int, size: int) -> None:
        """See to it that no client runs out of open cases."""
        wanted = max(400, int(self.options.seconds * 4_000 / size) + 200)
        for at in range(agencies):
            open_cases = list(self.w.open_runs(self.cases[at, size]))
            missing = wanted - len(open_cases)
            if missing > 0:
                template = self.sources.get((at, size), self.worlds[at].templates[size])
                open_cases += self.w.copies(template, missing)
            self.cases[at, size] = open_cases

    def timed(self, gate, out, step, server: int | None) -> None:
        """Run steps for the slice's time after a warm-up, and hand the times over.

        `server` is the process of the database that serves this client, on PostgreSQL.
        """
        for _ in range(100):
            step()
        gate.wait(timeout=60)
        before = processor_seconds(server)
        spent, started = [], time.perf_counter()
        end = started + self.options.seconds
        now = started
        while now < end:
            step()
            after = time.perf_counter()
            spent.append(after - now)
            now = after
        out.put((now - started, spent, processor_seconds(server) - before))

    def raw_client(self, gate, out, number, count, _agencies, _size) -> None:
        raw = self.rivals.Raw(self.address)
        self.timed(gate, out, self.raw_step(raw, number, count), raw.server)

    def raw_step(self, raw, number: int, count: int):
        """Return a function that does one raw step of this client's cases."""
        cases = self.raw_tasks[number::count]
        tasks = self.open_raw(raw, cases)
        chance = random.Random(number)
        with self.next_key.get_lock():
            key = self.next_key.value
            self.next_key.value += 10_000_000
        key = [key]

        def step() -> None:
            case = cases[chance.randrange(len(cases))]
            key[0] += 1
            raw.step(tasks[case], case, key[0], self.w.NOTE)
            tasks[case] = key[0]

        return step

    @staticmethod
    def open_raw(raw, cases: list[int]) -> dict[int, int]:
        rows = raw.connection.execute("SELECT case_id, id FROM raw_task WHERE state = 0")
        wanted = set(cases)
        return {case: task for case, task in rows.fetchall() if case in wanted}

    def nep_client(self, gate, out, number, count, agencies, size) -> None:
        step = self.nep_step(number, count, agencies, size)
        self.timed(gate, out, step, self.w.server())

    def nep_step(self, number: int, count: int, agencies: int, size: int):
        """Return a function that completes one step of this client's cases."""
        from nep.apps.cases.services import step_complete

        world = self.worlds[number % agencies]
        mine = self.cases[number % agencies, size]
        mine = mine[number // agencies :: max(1, count // agencies)]
        runs = self.w.open_runs(mine)
        open_cases = list(runs)
        chance = random.Random()
        table, clock, note = world.tables[size], self.w.clock, self.w.NOTE
        doing = {
            step.id: (world.actor(size, step.id), self.w.way_on(table, step.id))
            for step in table.steps
        }  # looked up beforehand: a person knows who they are and what they decide

        def step() -> None:
            at = chance.randrange(len(open_cases))
            case = open_cases[at]
            its = runs[case]
            run_id, node = its.pop()
            actor, outcome = doing[node]
            done = step_complete(
                actor=actor, now=clock(), run_id=run_id, outcome=outcome, note=note
            )
            its += [one[:2] for one in done.opened]
            if not its:
                open_cases[at] = open_cases[-1]
                open_cases.pop()

        return step

    def spiff_client(self, gate, out, number, count, _agencies, size) -> None:
        raw = self.rivals.Raw(self.address)
        spiff = self.rivals.Spiff(raw, self.worlds[0].tables[size])
        cases = self.spiff_cases[size][number::count]
        chance = random.Random(number)
        self.timed(gate, out, lambda: spiff.step(chance.choice(cases), self.w.NOTE), raw.server)

    # Sizes.

    def log_volume(self) -> dict[str, float]:
        """Return the bytes of write-ahead log of one step, ours and raw."""
        from _steps_volume import bytes_per_step

        self.replenish(1, 6)
        ours = bytes_per_step(self.nep_step(0, 1, 1, 6), address=self.address)
        plain = self.raw_step(self.rivals.Raw(self.address), 0, 1)
        raw = bytes_per_step(plain, address=self.address)
        return {"nep": round(ours), "raw": round(raw), "ratio": round(ours / raw, 2)}

    def bytes_per_case(self) -> int:
        """Return what a finished case of six steps takes at rest, all its tables and indexes."""
        world = self.worlds[0]
        self.w.finish(world, 6, world.templates[6])
        self.w.settle()
        before = self.w.bytes_of_database()
        self.w.copies(world.templates[6], 2_000)
        return round((self.w.bytes_of_database() - before) / 2_000)

    def growth(self) -> dict:
        """Measure with many cases, finished ones of many days and fresh open ones, in turn with a
        copy of the database made when it had few."""
        import _steps_filling as filling
        from django.db import connections

        world, rounds = self.worlds[0], self.options.rounds
        self.sources[0, 6] = self.template(world)
        self.cases[0, 6] = self.w.copies(self.sources[0, 6], FEW - self.w.count_cases())
        self.w.settle()
        self.few, few_cases = filling.copied(self.address), self.cases[0, 6]
        added = self.options.cases - 2 * FEW
        say(f"{self.engine}: đang chép thêm {added} hồ sơ đã xong …")
        filling.multiply(self.w.aged(world, 6, 50), added, say=say)
        self.sources[0, 6] = self.template(world)
        left = self.options.cases - self.w.count_cases()
        self.cases[0, 6] = self.w.copies(self.sources[0, 6], left)
        self.w.settle()
        connections.close_all()
        found: dict[str, list[float]] = {"few": [], "many": [], "raw": []}
        many_cases = self.cases[0, 6]
        for _ in range(rounds):
            self.cases[0, 6] = few_cases
            found["few"].append(self.clients(self.few_client, 1)["p50"])
            self.cases[0, 6] = many_cases
            found["many"].append(self.clients(self.nep_client, 1)["p50"])
            found["raw"].append(self.clients(self.raw_client, 1)["p50"])
        pairs = zip(found["many"], found["few"], strict=True)
        return {
            "cases": self.options.cases,
            "ratio": round(statistics.median(many / few for many, few in pairs), 3),
            "p50": {name: [round(one, 3) for one in rows] for name, rows in found.items()},
            "bytes": self.w.bytes_of_database(),
            "doctor": "" if self.options.no_doctor else self.doctor(),
        }

    def few_client(self, *given) -> None:
        """Be a client of the copy that has few cases."""
        from django.db import connection

        connection.settings_dict["NAME"] = self.few
        self.nep_client(*given)

    def doctor(self) -> str:
        """Return the last line of `nep doctor` over the filled database; stop when it finds harm."""
        say(f"{self.engine}: nep doctor …")
        command = [sys.executable, "-m", "nep.config.cli", "doctor"]
        environment = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
        done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True)
        if done.returncode:
            raise RuntimeError(done.stdout[-2_000:])
        return done.stdout.strip().splitlines()[-1]

    def template(self, world) -> int:
        from nep.apps.cases.models import Case
        from nep.apps.cases.services import Applicant, case_accept

        six = Case.objects.get(pk=world.templates[6])
        made = case_accept(
            actor=world.actors["MC/reception"], now=self.w.clock(), tthc_id=six.tthc_id,
            applicant=Applicant("Trần Văn Bình"),
        )  # fmt: skip
        return made.id

    def show(self, found: dict) -> None:
        if "growth" in found:
            print(f"{self.engine}: 10.000 → {self.options.cases} hồ sơ: {found['growth']}")
        if "nep 1" not in found:
            return
        print(f"\n{self.engine:<22}{'bước/s':>9}{'p50 ms':>9}{'p99 ms':>9}{'× raw':>8}"
              f"{'µs CPU':>9}{'× raw':>8}")  # fmt: skip
        for name, row in found.items():
            if isinstance(row, dict) and "rate" in row:
                print(f"{name:<22}{row['rate']:>9.0f}{row['p50']:>9.2f}{row['p99']:>9.2f}"
                      f"{row['x_raw']:>8.2f}{row['cpu']:>9.0f}{row['x_raw_cpu']:>8.2f}")  # fmt: skip
        print(f"100 bước ÷ 6 bước: {found['100/6']}; byte mỗi hồ sơ: {found['bytes_per_case']}")
        for name, value, sign, goal in self.goals(found):
            is_met = value >= goal if sign == "≥" else value <= goal
            print(f"{name:<44}{value:>7.2f}  {sign} {goal:<5} {'đạt' if is_met else 'chưa đạt'}")

    def goals(self, found: dict) -> list[tuple[str, float, str, float]]:
        """Return what was asked for: (name, found, direction, goal)."""
        one, four = found["nep 1"], found["nep 4, bốn cơ quan"]
        rows = [
            ("một người ÷ ghi thô", one["x_raw"], "≥", 0.45),
            ("bốn người ở bốn cơ quan ÷ ghi thô", four["x_raw"], "≥", 0.45),
            ("một người ÷ SpiffWorkflow", one["rate"] / found["spiff 1"]["rate"], "≥", 2),
            ("một người ÷ viewflow (số đã công bố)", one["x_raw"] / VIEWFLOW[self.engine], "≥", 6),
            ("bốn người: p99 ÷ p50", four["p99"] / four["p50"], "≤", 5),
            ("nhật ký ghi trước mỗi bước ÷ ghi thô", found["log"]["ratio"], "≤", 2),
            ("100 bước ÷ 6 bước", found["100/6"], "≤", 1.2),
        ]
        rows += [
            (f"{size} bước ÷ SpiffWorkflow",
             found[f"nep {size} bước"]["rate"] / found[f"spiff {size} bước"]["rate"], "≥", times)
            for size, times in OF_SPIFF.items()
        ]  # fmt: skip
        if "growth" in found:
            rows.append(("nhiều ÷ 10.000 hồ sơ, p50", found["growth"]["ratio"], "≤", 1.15))
        return rows


def guarded(work, gate, out, *rest) -> None:
    """Run a client and hand over its failure as text instead of leaving the others waiting."""
    try:
        work(gate, out, *rest)
    except BaseException:
        out.put(traceback.format_exc())


def processor_seconds(server: int | None) -> float:
    """Return the processor time of this process and of the one that serves it, where it shows."""
    used = time.process_time()
    shown = Path(f"/proc/{server}/schedstat")
    if server is not None and shown.exists():
        used += int(shown.read_text().split()[0]) / 1e9
    return used


def summary(rows: list[dict]) -> dict:
    """Return the median of each figure over the rounds."""
    return {
        name: round(statistics.median(row[name] for row in rows), 3)
        for name in ("rate", "p50", "p99", "steps", "cpu")
    }


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
