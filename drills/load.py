"""A day of a province's work in one hour over HTTP: `python3 dev.py drill load [--minutes 60]`.

2,000 officials of 20 agencies, 10,000 cases taken in and 60,000 steps finished in an hour; a shorter
slice keeps the rates. Each step is my work → the case → its conclusion → the case again; each case
is chosen, filled in, taken in, its receipt shown; newcomers log in; lists, searches and the
leaders' page are looked at in between. Web server (two processes) and worker are those of
`nep serve` and `nep worker`; this program shares their cores and says how much of one it took.
Actions begin by the clock, whether or not the server keeps up. Fails when an answer is wrong, when
a kind of page takes more than 300 ms at p95, when actions begin late, or when what was
acknowledged does not stand afterwards. The engine is that of NEP_DATABASE_URL (SQLite when unset).
"""

import argparse
import contextlib
import json
import os
import queue
import random
import re
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "drills")]

from _load_client import Browser, Measured, Person, Unexpected, form_of, hidden  # noqa: E402

from tests.installation import Installation  # noqa: E402

HOUR = 3600
CASES, STEPS = 10_000, 60_000  # of the day that becomes an hour
ARRIVAL = HOUR / 2  # by when everybody has logged in
THREADS = 32
P95, LATE = 300, 1_000  # ms
NOTE = "Hồ sơ đầy đủ, hợp lệ; đề nghị giải quyết theo quy định."
BACK = 0.03  # of reviews send the case back


class Loaded(Installation):
    """An installation behind a reverse proxy that names each official's own address."""

    def environment(self) -> dict[str, str]:
        """Return the process environment of this installation."""
        return super().environment() | {
            "NEP_TRUSTED_PROXIES": "1",
            "NEP_TRUSTED_NETWORKS": "127.0.0.0/8 10.0.0.0/8",
        }

    def processor(self) -> dict[str, float]:
        """Return the processor seconds that web server and worker have taken, all processes of each
        (Linux; without those of a PostgreSQL server)."""
        spent = dict.fromkeys(self.running, 0.0)
        groups = {process.pid: name for name, process in self.running.items()}
        for path in Path("/proc").glob("[0-9]*/stat"):
            with contextlib.suppress(OSError):
                words = path.read_text().rpartition(")")[2].split()
                if name := groups.get(int(words[2])):
                    spent[name] += (int(words[11]) + int(words[12])) / os.sysconf("SC_CLK_TCK")
        return spent

    def settle_in(self, options: argparse.Namespace) -> dict[str, Any]:
        """Migrate and build the province; return who holds what."""
        self.lay_migrated()
        target = self.folder / "province.json"
        numbers = map(str, (options.agencies, options.people, options.backlog))
        for command in (["-m", "nep.config.cli", "migrate", "--quiet"],
                        [str(ROOT / "drills" / "_load_world.py"), str(target), *numbers]):  # fmt: skip
            subprocess.run([sys.executable, *command], cwd=ROOT, env=self.environment(), check=True)
        return json.loads(target.read_text(encoding="utf-8"))


class Province:
    """Everybody and every open case, as far as the people themselves know them."""

    def __init__(self, facts: dict[str, Any], browser: Browser) -> None:
        self.browser, self.password, self.chance = browser, facts["password"], random.Random(118)
        self.agencies = [SimpleNamespace(**one) for one in facts["agencies"]]
        self.people = {
            login: Person(login, key, f"10.{place >> 16}.{place >> 8 & 255}.{place & 255}")
            for place, (login, key) in enumerate(facts["people"].items(), start=1)
        }
        self.cases = [SimpleNamespace(**one) for one in facts["cases"]]
        self.guard = threading.Lock()
        self.done: list[str] = []

    def first_comers(self) -> list[Person]:
        """Return those without whom nothing moves, and one specialist of each unit."""
        logins = [
            login for one in self.agencies
            for login in (*one.reception, *one.leaders, *one.heads.values(),
                          *(many[0] for many in one.specialists.values()))
        ]  # fmt: skip
        return [self.people[login] for login in logins]

    # What one official does; each is a chain of requests.

    def sign_in(self, person: Person) -> None:
        """Come in through the log-in page, with all that a first visit fetches."""
        ask = self.browser
        text = ask.get(person, "trang đăng nhập", "/dang-nhap/")
        ask.assets(person, text)
        values = {
            **hidden(form_of(text, 'name="password"')[1]),
            "username": person.login, "password": self.password,
        }  # fmt: skip
        target = ask.post(person, "đăng nhập", "/dang-nhap/", values)
        ask.get(person, "trang đầu", target)
        person.is_present = True

    def accept(self, agency_at: int, person: Person) -> None:
        """Take one case in and show its receipt."""
        ask, agency = self.browser, self.agencies[agency_at]
        unit = self.chance.choice(list(agency.tthc))
        ask.get(person, "chọn thủ tục", "/ho-so/tiep-nhan/")
        path = f"/ho-so/tiep-nhan/?tt={agency.tthc[unit]}"
        _, inside = form_of(ask.get(person, "biểu mẫu tiếp nhận", path), 'id="tn"')
        values = {**hidden(inside), "name": "Nguyễn Thị Thử", "channel": "counter"}
        values |= dict.fromkeys(re.findall(r'name="(giay-\d+)"', inside), "du")
        target = ask.post(person, "tiếp nhận", path, values, many=True)
        ask.get(person, "giấy hẹn", target)
        key = int(re.findall(r"\d+", target)[0])
        with self.guard:
            self.done.append(f"nhận {key}")
            self.cases.append(SimpleNamespace(
                id=key, agency=agency_at, unit=unit, stage=0, reception=person.login,
                specialist="", leader="",
            ))  # fmt: skip

    def step(self, case: SimpleNamespace, person: Person) -> None:
        """My work, the case, its conclusion, the case again."""
        ask, path = self.browser, f"/ho-so/{case.id}/"
        ask.get(person, "việc của tôi", "/viec/")
        tag, inside = form_of(ask.get(person, "trang hồ sơ", path), 'id="buoc"')
        action = re.findall(r'action="([^"]+)"', tag)[0]
        values = {**hidden(inside), "note": NOTE}
        goes_back = case.stage == 3 and self.chance.random() < BACK
        for value, kind in re.findall(r'name="outcome" value="([^"]+)" data-kind="(\w+)"', inside):
            if (kind == "back") == goes_back and kind != "supplement":
                values["outcome"] = value
        if case.stage in {1, 3} and not goes_back:
            values["receiver"] = str(self._receiver(case).person_id)
        target = ask.post(person, "hoàn thành bước", action, values)
        ask.get(person, "trang hồ sơ", target)
        case.stage += -1 if goes_back else 1
        with self.guard:
            self.done.append(f"xong {action.rstrip('/').rpartition('/')[2]}")

    def _receiver(self, case: SimpleNamespace) -> Person:
        """Choose who gets the next step among those who have come in."""
        agency = self.agencies[case.agency]
        logins = agency.specialists[case.unit] if case.stage == 1 else agency.leaders
        chosen = self.chance.choice([one for one in logins if self.people[one].is_present])
        setattr(case, "specialist" if case.stage == 1 else "leader", chosen)
        return self.people[chosen]

    def look(self, person: Person) -> None:
        """Look at the list and search it."""
        self.browser.get(person, "danh sách hồ sơ", "/ho-so/")
        self.browser.get(person, "tìm hồ sơ", "/ho-so/?q=nguyen+thi")

    def lead(self, person: Person) -> None:
        """Look at the leaders' page."""
        self.browser.get(person, "điều hành", "/dieu-hanh/")

    # Who acts: a person does one thing at a time.

    def _holder(self, case: SimpleNamespace) -> Person:
        names = ("reception", "", "specialist", "", "leader", "reception")
        login = (
            self.agencies[case.agency].heads[case.unit] if case.stage in {1, 3}
            else getattr(case, names[case.stage])
        )  # fmt: skip
        return self.people[login]

    def some_step(self) -> None:
        """Finish the step of a random open case whose holder is here and free."""
        case, person = self._take_case()
        try:
            self.step(case, person)
        finally:
            person.busy.release()
        if case.stage < 6:
            with self.guard:
                self.cases.append(case)

    def _take_case(self) -> tuple[SimpleNamespace, Person]:
        with self.guard:
            for _ in range(2_000):
                at = self.chance.randrange(len(self.cases))
                person = self._holder(self.cases[at])
                if person.is_present and person.busy.acquire(blocking=False):
                    self.cases[at], self.cases[-1] = self.cases[-1], self.cases[at]
                    return self.cases.pop(), person
        raise Unexpected("không còn hồ sơ nào có người làm")

    def by_one_of(
        self, pick: Callable[[Any], list[str]], act: Callable[[int, Person], None]
    ) -> None:
        """Let a free person of a random agency do something."""
        for _ in range(2_000):
            at = self.chance.randrange(len(self.agencies))
            person = self.people[self.chance.choice(pick(self.agencies[at]))]
            if person.is_present and person.busy.acquire(blocking=False):
                try:
                    act(at, person)
                finally:
                    person.busy.release()
                return
        raise Unexpected("không có ai rảnh")


class Clock:
    """Begins actions at their times and keeps how late each began."""

    def __init__(self, measured: Measured, *, threads: int = THREADS) -> None:
        self.jobs: queue.Queue[tuple[float, Callable[[], None]] | None] = queue.Queue()
        self.measured, self.late = measured, []
        self.threads = [threading.Thread(target=self._work, daemon=True) for _ in range(threads)]
        for thread in self.threads:
            thread.start()

    def _work(self) -> None:
        while (job := self.jobs.get()) is not None:
            due, act = job
            self.late.append((time.perf_counter() - due) * 1000)
            try:
                act()
            except Exception as error:
                self.measured.faults.append(f"{type(error).__name__}: {error}"[:2000])

    def run(self, plan: list[tuple[float, Callable[[], None]]]) -> None:
        """Begin each action of the plan (seconds from now, in order) and wait for the last."""
        began = time.perf_counter()
        for after, act in plan:
            time.sleep(max(0, began + after - time.perf_counter()))
            self.jobs.put((began + after, act))
        for _ in self.threads:
            self.jobs.put(None)
        for thread in self.threads:
            thread.join()


def plan_of(
    province: Province, seconds: float, share: float
) -> list[tuple[float, Callable[[], None]]]:
    """Return the actions of a slice: the day's rates, `share` of them, spread evenly."""
    everybody, first = province.people.values(), province.first_comers()
    newcomers = [one for one in everybody if not one.is_present]
    province.chance.shuffle(newcomers)
    plan: list[tuple[float, Callable[[], None]]] = []

    def often(per_hour: float, act: Callable[[], None]) -> None:
        count = round(per_hour * share * seconds / HOUR)
        plan.extend((seconds * (place + province.chance.random()) / count, act)
                    for place in range(count))  # fmt: skip

    often(STEPS, province.some_step)
    often(CASES, lambda: province.by_one_of(lambda one: one.reception, province.accept))
    often(STEPS / 20, lambda: province.by_one_of(
        lambda one: list(one.heads.values()), lambda _, person: province.look(person)))  # fmt: skip
    often(STEPS / 60, lambda: province.by_one_of(
        lambda one: one.leaders, lambda _, person: province.lead(person)))  # fmt: skip
    arriving = min(len(newcomers), round((len(everybody) - len(first)) * seconds / ARRIVAL))
    for place, person in enumerate(newcomers[:arriving]):
        at = min(seconds, ARRIVAL) * place / max(1, arriving)
        plan.append((at, lambda person=person: province.sign_in(person)))
    return sorted(plan, key=lambda one: one[0])


def run(options: argparse.Namespace, folder: Path) -> dict[str, Any]:
    """Build, let the people work, and compare; return the figures."""
    measured, seconds = Measured(), options.minutes * 60
    with Loaded(folder) as installation:
        facts = installation.settle_in(options)
        province = Province(facts, Browser(installation.port, measured, facts["password"]))
        installation.start_web(workers=2)
        installation.start_worker()
        _open_doors(province, measured)
        clock, worked, served = Clock(measured), time.process_time(), installation.processor()
        plan = plan_of(province, seconds, options.share)
        measured.is_counting, began = True, time.perf_counter()
        clock.run(plan)
        took, worked = time.perf_counter() - began, time.process_time() - worked
        served = {name: spent - served[name] for name, spent in installation.processor().items()}
        faults = measured.faults + _differences(installation, province)
    rows = {kind: _row(spent) for kind, spent in measured.spent.items()}
    steps = rows.get("hoàn thành bước", {"count": 0})["count"]
    asked = sum(map(len, measured.spent.values()))
    late = sorted(clock.late)
    figures = {
        "engine": "postgresql" if installation.server else "sqlite", "seconds": round(took),
        "people": len(province.people), "steps": steps, "steps_per_second": round(steps / took, 1),
        "requests_per_second": round(asked / took, 1),
        "server_processor_ms_per_request": round(served["web"] * 1000 / max(1, asked), 1),
        "worker_share_of_a_core": round(served["worker"] / took, 2),
        "all": _row([one for many in measured.spent.values() for one in many]), "pages": rows,
        "begun_late_p95_ms": round(late[int(len(late) * 0.95)]) if late else 0,
        "client_share_of_a_core": round(worked / took, 2), "acknowledged": len(province.done),
    }  # fmt: skip
    return {**figures, "faults": faults + _too_slow(figures)}


def _open_doors(province: Province, measured: Measured) -> None:
    """Let the first comers in before the slice begins."""
    doors = Clock(measured, threads=8)
    doors.run([(0, lambda one=one: province.sign_in(one)) for one in province.first_comers()])


def _row(spent: list[float]) -> dict[str, float]:
    found = sorted(spent)
    return {
        "count": len(found), "p50": round(statistics.median(found), 1),
        "p95": round(found[int(len(found) * 0.95)], 1), "p99": round(found[int(len(found) * 0.99)], 1),
    }  # fmt: skip


def _too_slow(figures: dict[str, Any]) -> list[str]:
    slow = [f"{kind}: p95 {row['p95']} ms" for kind, row in figures["pages"].items()
            if row["p95"] > P95 and row["count"] >= 20]  # fmt: skip
    if figures["begun_late_p95_ms"] > LATE:
        slow.append(f"việc bắt đầu trễ {figures['begun_late_p95_ms']} ms ở p95")
    return slow


def _differences(installation: Installation, province: Province) -> list[str]:
    """Stop the processes and compare what was acknowledged with what stands."""
    installation.kill("web")
    installation.kill("worker")
    settled = installation.python("-m", "tests.crash.settle")
    stands = set(installation.python("-m", "tests.crash.ledger").stdout.split("\n"))
    faults = [settled.stderr[-2000:]] if settled.returncode else []
    faults += [f"mất việc đã báo xong: {one}" for one in province.done if one not in stands]
    if len(set(province.done)) != len(province.done):
        faults.append("có việc được báo xong hai lần")
    examined = installation.nep("doctor", "--json")
    found = json.loads(examined.stdout)["findings"] if examined.stdout else [examined.stderr]
    return faults + [str(one) for one in found]


def arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--agencies", type=int, default=20)
    parser.add_argument("--people", type=int, default=2_000)
    parser.add_argument("--backlog", type=int, default=3_000, help="hồ sơ đang mở lúc bắt đầu")
    parser.add_argument("--share", type=float, default=1, help="phần của nhịp cả ngày")
    return parser.parse_args()


def main() -> int:
    """Run the drill and print its figures."""
    with tempfile.TemporaryDirectory(prefix="nep-load-") as folder:
        found = run(arguments(), Path(folder))
    for kind, row in sorted(found["pages"].items()):
        print(
            f"{kind:<20}{row['count']:>8}{row['p50']:>9.1f}{row['p95']:>9.1f}{row['p99']:>9.1f} ms"
        )
    print(json.dumps({**found, "faults": found["faults"][:20]}, ensure_ascii=False))
    return 1 if found["faults"] else 0


if __name__ == "__main__":
    sys.exit(main())
