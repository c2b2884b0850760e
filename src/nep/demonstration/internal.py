"""Work of the agencies themselves under ISO: its procedures, and the requests of a year."""

from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

from nep.apps.cases.services import internal_start
from nep.demonstration import facts, people
from nep.demonstration.open_runs import open_runs
from nep.demonstration.procedures import bring_into_force

if TYPE_CHECKING:
    from nep.demonstration.year import Place, Year


def build_internal_procedures(agency: dict[str, Any], *, agency_id: int, now: datetime) -> None:
    """Bring the internal procedures of an agency into force at `now`."""
    for content in _of(agency):
        bring_into_force(
            agency, content, agency_id=agency_id, now=now, is_internal=True,
            source=facts.read("procedures_internal")["source"],
        )  # fmt: skip


class InternalWork:
    """What the units of the play ask of their own agency."""

    def __init__(self, year: "Year") -> None:
        self.year = year

    def plan(self, place: "Place", *, since: datetime) -> None:
        """Draw the requests of the year, some of them of these days."""
        wanted = {content["name"]: content["yearly"] for content in _of(place.facts)}
        for line in place.internal:
            for number in range(wanted[line.name]):
                start = since if number % 8 else self.year.now - timedelta(days=4)
                moment = self.year.office_moment(place, start, self.year.now - timedelta(hours=3))
                self.year.later(moment, partial(self._start, place, line.id))

    def _start(self, place: "Place", tthc_id: int, now: datetime) -> None:
        made = internal_start(
            actor=self.year.some_actor(place, "specialist", now), now=now, tthc_id=tthc_id,
            subject=self.year.chance.choice(people.SUBJECTS),
        )  # fmt: skip
        self.year.within.add(made.id)
        for run in open_runs(made.id):
            self.year.schedule(place, run, now, late=self.year.chance.random() < 0.06, slow=False)


def _of(agency: dict[str, Any]) -> list[dict[str, Any]]:
    rows = facts.read("procedures_internal")["procedure"]
    return [row for row in rows if row["agency"] == agency["code"]]
