"""The unusual turns of a year: urgent cases, refusals, withdrawals, apologies, corrections, ties."""

import random
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING

from nep.apps.cases.rules.statuses import MOVING
from nep.apps.cases.services import (
    case_extend,
    case_link,
    case_refuse,
    case_urgent_set,
    case_withdraw,
    correction_close,
    correction_open,
)
from nep.apps.procedures.queries import TthcLine
from nep.demonstration import people
from nep.demonstration.open_runs import open_correction, open_runs, standing
from nep.kernel.vietnamese import local

if TYPE_CHECKING:
    from nep.demonstration.year import Place, Year

REFUSED, WITHDRAWN, EXTENDED, URGENT, TIED, CORRECTED = 0.02, 0.015, 0.02, 0.03, 0.02, 0.008
EXTENDED_WHEN_LATE = 0.35
Turn = Callable[["Place", int, datetime], None]


class Turns:
    """What befalls few cases; drawn apart from the ordinary course, which it leaves as it is."""

    def __init__(self, year: "Year", *, seed: int = 45001) -> None:
        self.year, self.chance = year, random.Random(seed)
        self.last_codes: dict[int, str] = {}

    def plan(
        self, place: "Place", case_id: int, line: TthcLine, at: datetime, *, slow: bool, late: bool
    ) -> None:
        """Draw what befalls a case just taken in, and when."""
        whole = int(line.limit_words.split()[0]) * 480
        extended = EXTENDED_WHEN_LATE if late else EXTENDED
        drawn: list[tuple[float, float, Turn]] = [
            (URGENT * (3 if slow else 1), 0.05, self._hurry),
            (TIED, 0.06, self._tie),
            (0 if slow else WITHDRAWN, 0.3, self._withdraw),
            (0 if slow else REFUSED, 0.35, self._refuse),
            (extended, 0.6, self._extend),
        ]
        for share, part, turn in drawn:
            if self.chance.random() < share:
                moment = place.calendar.add_minutes(at, max(15, round(whole * part)))
                self.year.later(moment, partial(self._take, turn, place, case_id))
        self.last_codes[place.id] = standing(case_id).code

    def after_result(self, place: "Place", case_id: int, now: datetime) -> None:
        """Let a few results turn out wrong and be put right."""
        if self.chance.random() < CORRECTED:
            found = place.calendar.add_minutes(now, self.chance.randrange(480, 2400))
            self.year.later(found, lambda at: self._correct(place, case_id, at))

    # -- the turns ----------------------------------------------------------------------------

    def _take(self, turn: Turn, place: "Place", case_id: int, now: datetime) -> None:
        if standing(case_id).status in MOVING:
            turn(place, case_id, now)

    def _hurry(self, place: "Place", case_id: int, now: datetime) -> None:
        leader = self.year.some_actor(place, "leader", now)
        case_urgent_set(
            actor=leader, now=now, case_id=case_id, urgent=True,
            reason=self.chance.choice(people.URGENCIES),
        )  # fmt: skip

    def _tie(self, place: "Place", case_id: int, now: datetime) -> None:
        code = self.last_codes.get(place.id, "")
        if code and code != standing(case_id).code:
            case_link(
                actor=self.year.some_actor(place, "reception", now), now=now, case_id=case_id,
                code=code, kind="same", note="Cùng một người nộp, nộp cùng buổi.",
            )  # fmt: skip

    def _withdraw(self, place: "Place", case_id: int, now: datetime) -> None:
        case_withdraw(
            actor=self.year.some_actor(place, "reception", now), now=now, case_id=case_id,
            reason=self.chance.choice(people.WITHDRAWALS),
        )  # fmt: skip

    def _refuse(self, place: "Place", case_id: int, now: datetime) -> None:
        run = next((one for one in open_runs(case_id) if not one.outside), None)
        if run is not None:
            case_refuse(
                actor=self.year.actor_of_run(place, run, now), now=now, case_id=case_id,
                reason=self.chance.choice(people.REFUSALS),
            )  # fmt: skip

    def _extend(self, place: "Place", case_id: int, now: datetime) -> None:
        due = standing(case_id).due_at
        if due is None or local(due).date() <= local(now + timedelta(days=1)).date():
            return
        later = place.calendar.add_minutes(due, 480 * self.chance.randrange(2, 5))
        case_extend(
            actor=self.year.some_actor(place, "leader", now), now=now, case_id=case_id,
            new_on=local(later).date(), reason=self.chance.choice(people.DELAYS),
        )  # fmt: skip

    def _correct(self, place: "Place", case_id: int, now: datetime) -> None:
        correction_open(
            actor=self.year.some_actor(place, "reception", now),
            now=now,
            case_id=case_id,
            reason="Người nhận báo ngày sinh in sai một chữ số.",
        )
        done = place.calendar.add_minutes(now, self.chance.randrange(60, 900))
        self.year.later(done, lambda at: self._put_right(place, case_id, at))

    def _put_right(self, place: "Place", case_id: int, now: datetime) -> None:
        correction = open_correction(case_id)
        if correction is not None:
            correction_close(
                actor=self.year.actor_of_run(place, correction, now), now=now,
                correction_id=correction.id, answer="Đã cấp lại bản đúng và thu hồi bản sai.",
            )  # fmt: skip
