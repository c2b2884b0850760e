"""A year of cases: arrivals, steps, pauses and lateness played through the services in time order.

What happens is drawn at random from a fixed seed, so that two starts on the same day give the same
province; every row is written by the service a person would have used, at the time it happened.
"""

import heapq
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from nep.apps.cases.rules.statuses import DONE, FINISHED, RETURNED
from nep.apps.cases.services import (
    Applicant,
    PaperGiven,
    StepDone,
    case_accept,
    case_supplement_received,
    outside_handed,
    outside_returned,
    result_returned,
    step_complete,
)
from nep.apps.organization.queries import actor_for, people_for, units_of
from nep.apps.organization.rules import Actor
from nep.apps.procedures.queries import TthcLine, tthc, tthc_lines
from nep.apps.work.services import item_claim
from nep.apps.workcal.queries import calendar_for
from nep.demonstration import people
from nep.demonstration.internal import InternalWork
from nep.demonstration.joint import Neighbours
from nep.demonstration.open_runs import (
    Held,
    OpenRun,
    holder_of,
    is_open,
    open_runs,
    outside_name,
    standing,
)
from nep.demonstration.turns import Turns
from nep.foundation.accounts.queries import account_id
from nep.kernel.vietnamese import VN, local
from nep.worktime import Calendar

FINISHED_A_YEAR, OPEN_NOW = 1200, 120
LATE_SHARE = 0.09
SUPPLEMENT_SHARE = 0.08
OVERDUE_SHARE = 0.12
CLAIM_SHARE = 0.85
Tell = Callable[[str], None]
Action = Callable[[datetime], None]


@dataclass(slots=True)
class Place:
    """One agency as the play needs it."""

    id: int
    facts: dict[str, Any]
    calendar: Calendar
    procedures: list[TthcLine]
    internal: list[TthcLine]
    logins: dict[int, str] = field(default_factory=dict)


class Year:
    """The play: a queue of what happens next, until now."""

    def __init__(self, places: list[Place], *, now: datetime, tell: Tell, seed: int = 9001) -> None:
        self.places, self.now, self.tell = places, now, tell
        self.chance = random.Random(seed)
        self.queue: list[tuple[datetime, int, Action]] = []
        self.count = self.begun = self.total = 0
        self._actors: dict[tuple[int, int, date], Actor] = {}
        self.within: set[int] = set()
        self.turns, self.neighbours = Turns(self), Neighbours(self)
        self.internal = InternalWork(self)

    # -- the queue ----------------------------------------------------------------------------

    def plan_arrivals(
        self, *, since: datetime, finished: int = FINISHED_A_YEAR, open_now: int = OPEN_NOW
    ) -> None:
        """Draw the receipts of the year and of the cases that are still open."""
        shares = sum(place.facts["share"] for place in self.places)
        for place in self.places:
            if place.facts.get("fed"):  # its cases come from the one-stop system
                continue
            part = place.facts["share"] / shares
            for _ in range(round(finished * part)):
                line = self.chance.choice(place.procedures)
                moment = self.office_moment(place, since, self.now - timedelta(20))
                self._arrive_at(place, line, moment)
            for _ in range(round(open_now * part)):
                line = self.chance.choice(place.procedures)
                late = self.chance.random() < OVERDUE_SHARE
                moment = self._recent_moment(place, line, late=late)
                self._arrive_at(place, line, moment, slow=True, late=late)
            self.internal.plan(place, since=since)

    def _arrive_at(
        self, place: Place, line: TthcLine, moment: datetime, *, slow: bool = False,
        late: bool | None = None,
    ) -> None:  # fmt: skip
        if late is None:
            late = self.chance.random() < LATE_SHARE
        self.total += 1
        self.later(moment, lambda at: self._accept(place, line, at, slow, late))

    def later(self, moment: datetime, action: Action) -> None:
        self.count += 1
        heapq.heappush(self.queue, (moment, self.count, action))

    def play(self) -> None:
        """Let everything happen that lies before now, in order of time."""
        while self.queue and self.queue[0][0] < self.now:
            moment, _, action = heapq.heappop(self.queue)
            action(moment)

    def office_moment(self, place: Place, start: datetime, end: datetime) -> datetime:
        whole = int((end - start).total_seconds())
        return self._within_hours(place, start + timedelta(seconds=self.chance.randrange(whole)))

    def _recent_moment(self, place: Place, line: TthcLine, *, late: bool) -> datetime:
        """Return a receipt so recent that the case is most likely still open; a few are overdue."""
        days = int(line.limit_words.split()[0])
        share = self.chance.uniform(0.01, 0.62)
        if late:
            share = self.chance.uniform(0.95, 1.3)
        return self._within_hours(
            place, place.calendar.subtract_minutes(self.now, max(10, round(days * 480 * share)))
        )

    def _within_hours(self, place: Place, moment: datetime) -> datetime:
        opening = place.calendar.next_opening(moment)
        if opening != moment:  # a queue stands before the door: spread it over the first hours
            opening = place.calendar.add_minutes(opening, self.chance.randrange(1, 150))
        return min(opening, self.now - timedelta(minutes=1)).replace(microsecond=0)

    # -- what happens -------------------------------------------------------------------------

    def _accept(self, place: Place, line: TthcLine, at: datetime, slow: bool, late: bool) -> None:
        reception = self.some_actor(place, "reception", at)
        papers = tthc(tthc_id=line.id, agency_id=place.id).papers
        made = case_accept(
            actor=reception,
            now=at,
            tthc_id=line.id,
            applicant=Applicant(
                name=people.applicant_name(self.chance), phone=people.phone(self.chance)
            ),
            papers=[PaperGiven(paper.name, paper.originals, paper.copies) for paper in papers],
            channel=self.chance.choice(["counter", "counter", "online"]),
            data={
                "thay_dia_chi": self.chance.random() < 0.3,
                "noi_khac": self.chance.random() < 0.3,
            },
        )
        self.begun += 1
        if self.begun % 20 == 0:
            self.tell(f"Đã dựng {self.begun}/{self.total} hồ sơ mẫu, tới {at:%d/%m/%Y}")
        for run in open_runs(made.id):
            self.schedule(place, run, at, late=late, slow=slow)
        self.turns.plan(place, made.id, line, at, slow=slow, late=late)

    def schedule(self, place: Place, run: OpenRun, at: datetime, *, late: bool, slow: bool) -> None:
        limit = run.limit_minutes or 240
        share = min(0.98, self.chance.betavariate(3, 3.2) * (1.6 if slow else 0.95))
        if late and limit > (100 if slow else 400):
            share = self.chance.uniform(1.3, 2.4)
        start = max(at, run.opened_at)
        done_at = place.calendar.add_minutes(start, max(5, round(limit * share)))
        if run.person_id is None and self.chance.random() < CLAIM_SHARE:
            claim_at = place.calendar.add_minutes(start, max(2, limit // 25))
            self.later(claim_at, lambda now: self._claim(place, run, now))
            done_at = max(done_at, claim_at + timedelta(minutes=10))
        if run.outside:
            handed_at = place.calendar.add_minutes(start, min(90, max(5, limit // 10)))
            self.later(handed_at, lambda now: self._hand_out(place, run, now))
            done_at = max(done_at, handed_at + timedelta(minutes=40))
        self.later(
            max(done_at, start + timedelta(minutes=3)),
            lambda now: self._finish(place, run, now, late, slow),
        )

    def _claim(self, place: Place, run: OpenRun, now: datetime) -> None:
        actor = self.actor(place, self.user(place, self.one_of_unit(place, run, now)), now)
        if run.item_id is not None and is_open(run.id):
            item_claim(actor=actor, now=now, item_id=run.item_id)

    def _hand_out(self, place: Place, run: OpenRun, now: datetime) -> None:
        if not is_open(run.id):
            return
        actor = self.actor_of_run(place, run, now)
        other = self.neighbours.called(outside_name(run.id))
        if other is not None:
            self.neighbours.ask(other, run, actor, now)
            return
        outside_handed(actor=actor, now=now, run_id=run.id, note="Gửi qua trục liên thông văn bản.")

    def _finish(self, place: Place, run: OpenRun, now: datetime, late: bool, slow: bool) -> None:
        if not is_open(run.id):
            return
        actor = self.actor_of_run(place, run, now)
        if run.supplement_flow and run.round == 1 and self.chance.random() < SUPPLEMENT_SHARE:
            self._ask_supplement(place, run, actor, now, late, slow)
            return
        complete = outside_returned if run.outside else step_complete
        done = complete(actor=actor, now=now, run_id=run.id, outcome=run.usual_flow)
        self._go_on(place, done, now, late=late, slow=slow)

    def _ask_supplement(
        self, place: Place, run: OpenRun, actor: Actor, now: datetime, late: bool, slow: bool
    ) -> None:
        reason = self.chance.choice(people.SUPPLEMENTS)
        done = step_complete(
            actor=actor, now=now, run_id=run.id, outcome=run.supplement_flow, note=reason
        )
        days = self.chance.randrange(1, 7)
        back = place.calendar.next_opening(now + timedelta(days=days, minutes=17))
        self.later(back, lambda at: self._complete_papers(place, done, at, late, slow))

    def _complete_papers(
        self, place: Place, done: StepDone, now: datetime, late: bool, slow: bool
    ) -> None:
        reception = self.some_actor(place, "reception", now)
        if standing(done.case_id).status in FINISHED:
            return
        case_supplement_received(
            actor=reception, now=now, case_id=done.case_id, note="Người nộp đã bổ sung đủ."
        )
        for run in open_runs(done.case_id):
            self.schedule(place, run, now, late=late, slow=slow)

    def _go_on(
        self, place: Place, done: StepDone, now: datetime, *, late: bool, slow: bool
    ) -> None:
        wanted = {run_id for run_id, _, _ in done.opened}
        runs = open_runs(done.case_id) if wanted else ()
        for run in runs:
            if run.id in wanted:
                self.schedule(place, run, now, late=late, slow=slow)
        if runs or done.case_id in self.within:
            return
        if done.status == RETURNED:  # its last step was to give the result
            self.turns.after_result(place, done.case_id, now)
        elif done.status == DONE:
            at = place.calendar.add_minutes(now, self.chance.randrange(10, 200))
            self.later(at, lambda moment: self._give_result(place, done, moment))

    def _give_result(self, place: Place, done: StepDone, now: datetime) -> None:
        result_returned(actor=self.some_actor(place, "reception", now), now=now,
                        case_id=done.case_id)  # fmt: skip
        self.turns.after_result(place, done.case_id, now)

    # -- who does it --------------------------------------------------------------------------

    def some_actor(self, place: Place, role: str, now: datetime) -> Actor:
        logins = [one["login"] for one in place.facts["people"] if role in one["roles"]]
        return self.actor(place, account_id(self.chance.choice(logins)), now)

    def actor_of_run(self, place: Place, run: OpenRun | Held, now: datetime) -> Actor:
        held = run.person_id if isinstance(run, Held) else holder_of(run.id)
        person = held or self.one_of_unit(place, run, now)
        return self.actor(place, self.user(place, person), now)

    def one_of_unit(self, place: Place, run: OpenRun | Held, now: datetime) -> int:
        codes = {unit.id: unit.code for unit in units_of(place.id)}
        able = people_for(
            agency_id=place.id, unit_code=codes.get(run.unit_id or 0, ""), role=run.role,
            today=local(now).date(),
        )  # fmt: skip
        return self.chance.choice(able).id

    def user(self, place: Place, person_id: int) -> int | None:
        if not place.logins:
            names = {one["name"]: one["login"] for one in place.facts["people"]}
            today = local(self.now).date()
            for row in people_for(agency_id=place.id, today=today):
                place.logins[row.id] = names[row.name]
        return account_id(place.logins[person_id])

    def actor(self, place: Place, user_id: int | None, now: datetime) -> Actor:
        key = (place.id, user_id or 0, local(now).date())
        if key not in self._actors:
            actor = actor_for(user_id=user_id or 0, agency_id=place.id, today=key[2])
            if actor is None:
                raise LookupError(f"account {user_id} holds no role in {place.facts['name']}")
            self._actors[key] = actor
        return self._actors[key]


def place_of(agency_id: int, facts: dict[str, Any]) -> Place:
    """Return an agency ready for the play."""
    lines = tthc_lines(agency_id=agency_id, only_in_force=True)
    public = [line for line in lines if not line.is_internal]
    internal = [line for line in lines if line.is_internal]
    return Place(agency_id, facts, calendar_for(agency_id), public, internal)


def beginning_of(now: datetime) -> datetime:
    """Return the morning a year before, when the demonstration begins."""
    day = local(now).date() - timedelta(days=366)
    return datetime.combine(day, time(8, 0), VN)
