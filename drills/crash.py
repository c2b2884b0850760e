"""People work over HTTP while kill -9 hits web server and worker: `python3 dev.py drill crash [KILLS]`.

Nothing acknowledged may be lost, nothing doubled; the journal verifies, numbers have no hole,
`nep doctor` finds nothing. The engine is that of NEP_DATABASE_URL (SQLite when unset).
"""

import http.client
import json
import random
import re
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from drills._typed import typed
from tests.http_client import HttpAnswer, HttpClient
from tests.installation import Installation
from tests.visitor import Visitor

WARD = 1  # among the agencies of the demonstration
PEOPLE = ("sn.motcua", "sn.motcua2", "sn.hotich1", "sn.chutich")
BROKEN = (OSError, http.client.HTTPException)
PATIENCE = 90


@dataclass
class Outcome:
    """What a run showed; `faults` is empty when all is well."""

    kills: int = 0
    acknowledged: int = 0
    repeated: int = 0
    ready_after: list[float] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    def as_dict(self) -> dict:
        """Return the figures for printing."""
        slowest = round(max(self.ready_after, default=0), 1)
        return {
            "kills": self.kills, "acknowledged": self.acknowledged, "repeated": self.repeated,
            "slowest_ready_seconds": slowest, "faults": self.faults,
        }  # fmt: skip


class Official(threading.Thread):
    """One person who works without a break and sends a form again when the line breaks."""

    def __init__(self, login: str, address: str, stop: threading.Event, seed: int) -> None:
        super().__init__(daemon=True)
        self.login, self.stop_now, self.chance = login, stop, random.Random(seed)
        self.visitor = Visitor(HttpClient(address))
        self.done: list[str] = []
        self.faults: list[str] = []
        self.repeated = 0

    def run(self) -> None:
        """Work until told to stop; keep what goes wrong."""
        try:
            self._sign_in()
            while not self.stop_now.is_set():
                self._one_thing()
        except Exception as error:
            self.faults.append(f"{self.login}: {error!r}"[:800])

    def _sign_in(self) -> None:
        """Come in; where the door says "too many at once, again in some seconds", wait there."""
        until = time.monotonic() + PATIENCE
        while True:
            try:
                self._patiently(self._come_in)
                return
            except AssertionError as refused:
                if ": 429, " not in str(refused) or time.monotonic() > until:
                    raise
                time.sleep(2)

    def _come_in(self) -> None:
        """Log in, unless a log-in whose answer was lost has let this person in already."""
        self.visitor.visit("/dang-nhap/")
        if self.visitor.path.startswith("/dang-nhap"):
            self.visitor.sign_in(self.login)

    def _one_thing(self) -> None:
        is_reception = self.login.startswith("sn.motcua")
        if is_reception and self.chance.random() < 0.5:
            self._accept()
            return
        self._patiently(lambda: self.visitor.visit("/viec/"))
        found = self.visitor.links(r"^/ho-so/\d+/$")
        if found:
            self._finish(self.chance.choice(found[:15]))
        elif is_reception:
            self._accept()
        else:
            time.sleep(0.1)

    def _accept(self) -> None:
        self._patiently(lambda: self.visitor.visit("/ho-so/tiep-nhan/"))
        choices = self.visitor.links(r"\?tt=\d+$")
        self._patiently(lambda: self.visitor.visit(self.chance.choice(choices)))
        answer = self._send("Tiếp nhận và in giấy hẹn", {"Họ và tên": "Nguyễn Thị Thử"})
        if answer is not None:
            self.done.append(f"nhận {re.findall(r'[0-9]+', answer['Location'])[0]}")

    def _finish(self, address: str) -> None:
        self._patiently(lambda: self.visitor.visit(address))
        if "Nhận việc này về tôi" in self.visitor.text:
            self._send("Nhận việc này về tôi", {})
            self._patiently(lambda: self.visitor.visit(address))
        if "Đã giao hồ sơ" in self.visitor.text:
            run = self._run_of("/giao-ngoai/")
            if run and self._send("Đã giao hồ sơ", {}) is not None:
                self.done.append(f"giao {run}")
            self._patiently(lambda: self.visitor.visit(address))
        run = self._run_of("/buoc/")
        if not run:
            return
        button = self.visitor.page.get_element_by_id("buoc").xpath(".//button[@type='submit']")[0]
        if self._send(" ".join(button.text_content().split()), {}) is not None:
            self.done.append(f"xong {run}")

    def _run_of(self, part: str) -> str:
        found = self.visitor.page.xpath(f"//form[contains(@action, '{part}')]/@action")
        return re.findall(r"\d+", found[0])[-1] if found else ""

    def _send(self, button: str, typed: dict[str, str]) -> HttpAnswer | None:
        """Press a button once, however often it has to be sent; None when it was refused."""
        send, action, data = self.visitor.prepared(button, typed)
        tries = 0

        def once() -> HttpAnswer:
            nonlocal tries
            tries += 1
            return send(action, data)

        answer = self._patiently(once)
        self.repeated += tries > 1
        if answer.status_code >= 500:
            self.faults.append(f"{action}: {answer.status_code}")
        return answer if answer.status_code in {302, 303} else None

    def _patiently(self, act):
        """Do it again while the server is away."""
        until = time.monotonic() + PATIENCE
        while True:
            try:
                return act()
            except BROKEN:
                if time.monotonic() > until:
                    raise
                time.sleep(0.2)


def run(
    kills: int, folder: Path, *, seed: int = 1, agency: int = WARD, acknowledged: int = 0,
    serve: Callable[[Installation], None] = Installation.start_web,
) -> Outcome:  # fmt: skip
    """Let people work while processes are killed, and until so much was acknowledged.

    `serve` starts the web server, each time anew.
    """
    chance, outcome, stop = random.Random(seed), Outcome(), threading.Event()
    with Installation(folder) as installation:
        installation.prepare(agency)
        serve(installation)
        installation.start_worker()
        people = [
            Official(login, installation.address, stop, seed * 100 + place)
            for place, login in enumerate(PEOPLE)
        ]
        for person in people:
            person.start()
        _wait_for(people, len(people))
        for _ in range(kills):
            time.sleep(chance.uniform(0.2, 1.5))
            _kill_one(installation, chance, outcome, serve)
        _wait_for(people, acknowledged)
        time.sleep(1)
        stop.set()
        for person in people:
            person.join(PATIENCE)
        _judge(installation, people, outcome)
    return outcome


def _wait_for(people: list[Official], acknowledged: int) -> None:
    """Wait until people were told so often that something is done, but not for ever."""
    until = time.monotonic() + PATIENCE
    while sum(len(person.done) for person in people) < acknowledged and time.monotonic() < until:
        time.sleep(0.1)


def _kill_one(
    installation: Installation, chance: random.Random, outcome: Outcome,
    serve: Callable[[Installation], None],
) -> None:  # fmt: skip
    """Kill the web server two times out of three, else the worker; start it again."""
    outcome.kills += 1
    if chance.random() < 0.34:
        installation.kill("worker")
        installation.start_worker()
        return
    installation.kill("web")
    since = time.monotonic()
    serve(installation)
    outcome.ready_after.append(time.monotonic() - since)


def _judge(installation: Installation, people: list[Official], outcome: Outcome) -> None:
    """Compare what was acknowledged with what stands."""
    installation.kill("web")
    installation.kill("worker")
    settled = installation.python("-m", "tests.crash.settle")
    if settled.returncode:
        outcome.faults.append(settled.stderr[-2000:])
    stands = set(installation.python("-m", "tests.crash.ledger").stdout.split("\n"))
    for person in people:
        outcome.acknowledged += len(person.done)
        outcome.repeated += person.repeated
        outcome.faults += person.faults
        outcome.faults += [
            f"mất việc đã báo xong: {one}" for one in person.done if one not in stands
        ]
        if len(set(person.done)) != len(person.done):
            outcome.faults.append(f"{person.login} được báo xong hai lần một việc")
    checked = installation.python("-m", "tests.invariants")
    if checked.returncode:
        outcome.faults.append((checked.stdout + checked.stderr)[-3000:])
    examined = installation.nep("doctor", "--json")
    findings = json.loads(examined.stdout)["findings"] if examined.stdout else [examined.stderr]
    outcome.faults += [str(one) for one in findings]


def main() -> int:
    """Run the whole drill and print its figures."""
    (kills,) = typed(__doc__, kills=1_000)
    with tempfile.TemporaryDirectory(prefix="nep-crash-") as folder:
        outcome = run(kills, Path(folder))
    print(json.dumps(outcome.as_dict(), ensure_ascii=False, indent=1))
    return 1 if outcome.faults else 0


if __name__ == "__main__":
    sys.exit(main())
