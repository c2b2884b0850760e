"""Run inside an installation: take cases in and finish their steps until a file says stop.

Each finished action is one line on standard output, written after its transaction has ended.
"""

import random
import sys
from datetime import datetime
from pathlib import Path

from nep.config.commands import django_ready  # noqa: F401  # isort: skip
from nep.apps.cases.models import StepRun
from nep.apps.cases.services import (
    Applicant,
    PaperGiven,
    case_accept,
    outside_handed,
    outside_returned,
    step_complete,
)
from nep.apps.organization.queries import actor_for, agency_by_code, people_for, units_of
from nep.apps.organization.rules import Actor
from nep.apps.procedures.queries import tthc_lines
from nep.demonstration.open_runs import OpenRun, open_runs
from nep.foundation.accounts.queries import account_id
from nep.kernel.vietnamese import VN, local
from tests import world


class Player:
    """Everybody of one agency, working without a break."""

    def __init__(self, number: int, *, seed: int = 1) -> None:
        self.facts = world.agency_facts(number)
        self.agency_id = agency_by_code(self.facts["code"]).id
        self.lines = tthc_lines(agency_id=self.agency_id)
        self.chance = random.Random(seed)
        self.names = {one["name"]: one["login"] for one in self.facts["people"]}

    def accept(self) -> int:
        """Take one case in; return its id."""
        now = datetime.now(VN)
        made = case_accept(
            actor=self.actor(world.login_with(self.facts, "reception")), now=now,
            tthc_id=self.chance.choice(self.lines).id,
            applicant=Applicant("Nguyễn Thị Thử", phone="0999 000 000"),
            papers=[PaperGiven("Tờ khai", upload=("to-khai.pdf", b"%PDF-1.4 " + bytes(str(now), "ascii")))],
            data={"noi_khac": self.chance.random() < 0.4, "thay_dia_chi": self.chance.random() < 0.4},
        )  # fmt: skip
        return made.id

    def act(self) -> str:
        """Do one thing: finish an open step, or take a case in; say what was done."""
        cases = list(
            StepRun.objects.filter(closed_at=None, case__agency_id=self.agency_id)
            .values_list("case_id", flat=True).distinct()[:40]
        )  # fmt: skip
        if len(cases) < 12 or self.chance.random() < 0.2:
            return f"nhận {self.accept()}"
        return self.move(self.chance.choice(cases))

    def move(self, case_id: int) -> str:
        """Finish one open step of a case."""
        now = datetime.now(VN)
        run = self.chance.choice(open_runs(case_id))
        actor = self.actor(self.doer(run))
        if run.outside and StepRun.objects.filter(pk=run.id, handed_at=None).exists():
            outside_handed(actor=actor, now=now, run_id=run.id)
            return f"giao {run.id}"
        complete = outside_returned if run.outside else step_complete
        complete(actor=actor, now=now, run_id=run.id, outcome=run.usual_flow)
        return f"xong {run.id}"

    def doer(self, run: OpenRun) -> str:
        """Return the log-in of who may finish the step."""
        today = local(datetime.now(VN)).date()
        everybody = {row.id: row.name for row in people_for(agency_id=self.agency_id, today=today)}
        if run.person_id:
            return self.names[everybody[run.person_id]]
        codes = {unit.id: unit.code for unit in units_of(self.agency_id)}
        able = people_for(
            agency_id=self.agency_id, unit_code=codes.get(run.unit_id, ""), role=run.role,
            today=today,
        )  # fmt: skip
        return self.names[self.chance.choice(able).name]

    def actor(self, login: str) -> Actor:
        """Return a person as an actor of today."""
        today = local(datetime.now(VN)).date()
        found = actor_for(user_id=account_id(login), agency_id=self.agency_id, today=today)
        if found is None:
            raise LookupError(login)
        return found


def main(number: str, stop: str) -> None:
    """Play until the stop file is there."""
    player = Player(int(number))
    while not Path(stop).exists():
        print(player.act(), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
