"""Run inside an installation: build a province at work, and write down who holds what.

`python drills/_load_world.py OUT.json AGENCIES PEOPLE CASES`: so many agencies with PEOPLE officials
in all, a procedure of six steps in each unit, and CASES open cases at any of their steps, all made
through the services. OUT.json names people by log-in and says whose step each case waits for.
"""

import json
import random
import sys
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

from nep.config.commands import django_ready  # noqa: F401  # isort: skip
from django.contrib.auth.hashers import make_password
from django.db import connection, transaction

from nep.apps.cases.models import StepRun
from nep.apps.cases.services import Applicant, case_accept, step_complete
from nep.apps.documents.services import papers_catch_up
from nep.apps.organization import queries, services
from nep.apps.organization.rules import Actor, setup_actor
from nep.apps.procedures.queries import procedure_page
from nep.apps.procedures.rules.draft import Draft
from nep.apps.procedures.rules.table import Branch, Step, Table
from nep.apps.procedures.services import (
    PaperValues,
    TthcValues,
    procedure_create,
    revision_confirm,
    revision_publish,
    revision_submit,
    tthc_create,
)
from nep.bpmn import Limit
from nep.config.commands.migrate import load_reference
from nep.foundation.accounts.models import User
from nep.foundation.outbox.worker import drain
from nep.kernel.vietnamese import VN

PASSWORD = "Mot-ngay-cua-tinh-2026"  # of people who live for one drill
UNITS = ("P1", "P2", "P3", "P4", "P5")
RECEPTION, LEADERS = 10, 5
SURNAMES = ("Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Đặng", "Bùi", "Đỗ", "Vũ", "Hồ")
GIVEN = ("Thị Mai Lan", "Quốc Huy", "Văn Toàn", "Thị Thu Hà", "Minh Tuấn", "Thị Hồng Nhung",
         "Đức Thắng", "Ngọc Ánh", "Xuân Trường", "Thị Kim Oanh")  # fmt: skip
PAPERS = ("Đơn đề nghị theo mẫu", "Bản sao giấy tờ chứng minh", "Bản vẽ hoặc thuyết minh kèm theo")
NOTE = "Hồ sơ đầy đủ, hợp lệ theo quy định; đề nghị xem xét, giải quyết."


@dataclass
class Agency:
    """One agency: its people by role, its TTHC by unit."""

    id: int
    code: str
    reception: list[str] = field(default_factory=list)
    leaders: list[str] = field(default_factory=list)
    heads: dict[str, str] = field(default_factory=dict)
    specialists: dict[str, list[str]] = field(default_factory=dict)
    tthc: dict[str, int] = field(default_factory=dict)


class Builder:
    """Builds the province; `people` and `users` know everybody by log-in."""

    def __init__(self, now: datetime) -> None:
        self.now, self.since = now, now - timedelta(days=40)
        self.people: dict[str, int] = {}
        self.users: dict[str, int] = {}
        self.hash = make_password(PASSWORD)  # one slow hash; each log-in checks it anew
        self.chance = random.Random(766)

    def agency(self, number: int, size: int) -> Agency:
        """Set up an agency with `size` people and its procedures in force."""
        code = f"H98.{number + 10}"
        agency_id = services.agency_setup(
            actor=setup_actor(), now=self.since, name=f"Sở số {number + 1}", code=code, kind="so",
            province="tỉnh Lam Sơn", valid_from=self.since.date(),
        )  # fmt: skip
        made = Agency(agency_id, code)
        units = {unit: self._unit(agency_id, unit) for unit in ("LD", "MC", *UNITS)}
        made.reception = [
            self._person(made, units["MC"], "reception") for _ in range(RECEPTION)
        ]  # fmt: skip
        made.leaders = [self._person(made, units["LD"], "leader") for _ in range(LEADERS)]
        left = max(2 * len(UNITS), size - RECEPTION - LEADERS)
        for place, unit in enumerate(UNITS):
            made.heads[unit] = self._person(made, units[unit], "unit_head")
            share = left // len(UNITS) + (place < left % len(UNITS))
            made.specialists[unit] = [
                self._person(made, units[unit], "specialist") for _ in range(share - 1)
            ]
            made.tthc[unit] = self._procedure(made, unit)
        return made

    def _unit(self, agency_id: int, code: str) -> int:
        names = {"LD": "Ban lãnh đạo", "MC": "Bộ phận Một cửa"}
        return services.unit_add(
            actor=setup_actor(agency_id=agency_id), now=self.since, agency_id=agency_id, code=code,
            name=names.get(code, f"Phòng Chuyên môn {code[1:]}"), is_reception=code == "MC",
        )  # fmt: skip

    def _person(self, agency: Agency, unit_id: int, role: str) -> str:
        login = f"{agency.code.replace('.', '').lower()}.{len(self.people) + 1}"
        user = User.objects.create(
            username=login, created_at=self.since, enabled_at=self.since,
            password_changed_at=self.since, password=self.hash,
        )  # fmt: skip
        name = f"{self.chance.choice(SURNAMES)} {self.chance.choice(GIVEN)}"
        actor = setup_actor(agency_id=agency.id)
        self.users[login] = user.pk
        self.people[login] = services.person_add(
            actor=actor, now=self.since, agency_id=agency.id, name=name, user_id=user.pk
        )
        services.appointment_start(
            actor=actor, now=self.since, agency_id=agency.id, person_id=self.people[login],
            role=role, unit_id=unit_id, position="", starts_on=self.since.date(),
        )  # fmt: skip
        User.objects.filter(pk=user.pk).update(needs_totp=False)
        return login

    def actor(self, agency: Agency, login: str) -> Actor:
        """Return a person as an actor of today."""
        found = queries.actor_for(
            user_id=self.users[login], agency_id=agency.id, today=self.now.date()
        )
        if found is None:
            raise LookupError(login)
        return found

    def _procedure(self, agency: Agency, unit: str) -> int:
        """Bring the procedure of a unit into force by three people; return its TTHC."""
        author = self.actor(agency, agency.specialists[unit][0])
        checker = self.actor(agency, agency.heads[unit])
        approver = self.actor(agency, agency.leaders[0])
        name = f"Cấp giấy phép lĩnh vực {unit[1:]}"
        tthc_id = tthc_create(
            actor=author, now=self.since,
            values=TthcValues(
                name=name, code=f"1.00{agency.id % 1000:03d}{unit[1:]}", field="Cấp phép",
                limit_amount=Decimal(30), limit_unit="working_day", result="Giấy phép",
                papers=tuple(PaperValues(paper) for paper in PAPERS),
            ),
        )  # fmt: skip
        draft = Draft(steps_of(unit, name), Decimal(30), "working_day")
        begun = procedure_create(actor=author, tthc_id=tthc_id, now=self.since, draft=draft)
        key = begun.revision_id
        revision_submit(actor=author, revision_id=key, checker_id=checker.person_id, now=self.since)
        page = procedure_page(revision_id=key, agency_id=agency.id)
        revision_confirm(
            actor=checker, revision_id=key, content_hash=page.content_hash,
            approver_id=approver.person_id, now=self.since,
        )  # fmt: skip
        revision_publish(
            actor=approver, revision_id=key, content_hash=page.content_hash,
            effective_from=self.since.date(), now=self.since,
        )  # fmt: skip
        return tthc_id

    def case(self, agency: Agency) -> dict:
        """Take a case in and bring it to some step; return who does each of its steps."""
        unit = self.chance.choice(UNITS)
        who = {
            "reception": self.chance.choice(agency.reception),
            "specialist": self.chance.choice(agency.specialists[unit]),
            "leader": self.chance.choice(agency.leaders),
        }
        stage = self.chance.randrange(6)
        at = self.now - timedelta(minutes=self.chance.randrange(60, 10 * 24 * 60))
        made = case_accept(
            actor=self.actor(agency, who["reception"]), now=at, tthc_id=agency.tthc[unit],
            applicant=Applicant("Nguyễn Thị Thử", phone="0900 000 118", address="xã Tân Lập"),
        )  # fmt: skip
        run_id = StepRun.objects.get(case_id=made.id, closed_at=None).pk
        for place in range(stage):
            at += timedelta(minutes=5)
            receiver = {1: "specialist", 3: "leader"}.get(place)
            done = step_complete(
                actor=self.actor(agency, holder(agency, unit, who, place)), now=at, run_id=run_id,
                note=NOTE, outcome={2: "f-re-b3", 3: "f-re-b4"}.get(place),
                receiver_id=self.people[who[receiver]] if receiver else None,
            )  # fmt: skip
            run_id = done.opened[0][0]
        return {"id": made.id, "unit": unit, "stage": stage, **who}


def steps_of(unit: str, name: str) -> Table:
    """Return six steps with a supplement and a way back, as most procedures have."""
    hours = "working_hour"
    rows = (
        Step("b1", "Tiếp nhận hồ sơ", "MC/reception", Limit(Decimal(4), hours)),
        Step("b2", "Phân công thụ lý", f"{unit}/unit_head", Limit(Decimal(4), hours)),
        Step("b3", "Thẩm định hồ sơ", f"{unit}/specialist", Limit(Decimal(32), hours),
             branches=(Branch("b3-bs", "b3", "Cần bổ sung", supplement=True),)),
        Step("b4", "Soát kết quả thẩm định", f"{unit}/unit_head", Limit(Decimal(8), hours),
             branches=(Branch("b4-lai", "b3", "Thẩm định lại", bound=3),)),
        Step("b5", "Ký giấy phép", "LD/leader", Limit(Decimal(8), hours)),
        Step("b6", "Trả kết quả", "MC/reception", untimed=True),
    )  # fmt: skip
    return Table(f"qt-{unit.lower()}", name, rows)


def holder(agency: Agency, unit: str, who: dict, stage: int) -> str:
    """Return the log-in of who does a step of a case."""
    if stage in {1, 3}:
        return agency.heads[unit]
    return who[("reception", "", "specialist", "", "leader", "reception")[stage]]


def main() -> None:
    """Build and write down the province."""
    target, agencies, people, cases = Path(sys.argv[1]), *map(int, sys.argv[2:5])
    load_reference()
    builder, made = Builder(datetime.now(VN).replace(microsecond=0)), []
    for number in range(agencies):
        with transaction.atomic():
            made.append(builder.agency(number, people // agencies))
    waiting = []
    for place in range(cases):
        waiting.append({"agency": place % agencies, **builder.case(made[place % agencies])})
    drain(now=datetime.now(UTC))
    while papers_catch_up(now=datetime.now(UTC)):  # procedures in force for long have theirs
        pass
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    province = {
        "password": PASSWORD, "people": builder.people, "cases": waiting,
        "agencies": [vars(agency) for agency in made],
    }  # fmt: skip
    target.write_text(json.dumps(province, ensure_ascii=False), encoding="utf-8")


if __name__ == "__main__":
    main()
