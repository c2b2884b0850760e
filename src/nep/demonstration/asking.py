"""Work that waits, asks and calls: opinions of three units on a draft, a purchase with its appraisal."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from nep.apps.cases.queries import opinion_receivers
from nep.apps.cases.services import (
    Asked,
    call_return,
    calls_open,
    internal_start,
    opinion_answer,
    step_complete,
    timers_fire,
)
from nep.apps.organization.rules import Actor
from nep.apps.procedures.queries import procedure_page
from nep.apps.procedures.rules.draft import Draft
from nep.apps.procedures.rules.table import from_process
from nep.apps.procedures.services import TthcValues, procedure_create, tthc_create
from nep.apps.workcal.queries import calendar_for, working_day_after
from nep.bpmn import Called, Process, read_bpmn
from nep.demonstration import facts
from nep.demonstration.open_runs import OpenRun, called_case, open_runs
from nep.demonstration.procedures import actor_of, actor_with, publish_revision
from nep.kernel.vietnamese import local

_FOLDER = Path(__file__).resolve().parent / "data"


def build_asking(agency: dict[str, Any], *, agency_id: int, now: datetime) -> None:
    """Bring the procedures that ask and call into force, and let cases of them run up to now."""
    content = facts.read("asking")
    if content["agency"] != agency["code"]:
        return
    play = _Play(agency, agency_id, now, content)
    play.publish()
    play.ask(days=16, answers=3)
    play.ask(days=3, answers=1)
    play.buy(days=9, is_over=True)
    play.buy(days=2, is_over=False)


class _Play:
    def __init__(
        self, agency: dict[str, Any], agency_id: int, now: datetime, content: dict[str, Any]
    ) -> None:
        self.agency, self.agency_id, self.now, self.content = agency, agency_id, now, content
        self.tthc: dict[str, int] = {}
        self.texts: dict[str, Sequence[str]] = content["texts"]

    def publish(self) -> None:
        """Bring the procedures into force, what is called before what calls it."""
        since = self._moment(days=30)
        hashes: dict[str, str] = {}
        for row in self.content["procedure"]:
            process = drawn(row["drawing"], hashes)
            draft = Draft(
                from_process(process), Decimal(row["limit"]), "working_day",
                f"{row['limit']} ngày làm việc",
            )  # fmt: skip
            author = actor_with(self.agency, "iso_secretary", agency_id=self.agency_id, now=since)
            tthc_id = tthc_create(
                actor=author, now=since,
                values=TthcValues(
                    name=row["name"], field=row["field"], is_internal=True, result=row["result"],
                    limit_amount=Decimal(row["limit"]), limit_unit="working_day",
                    legal_basis=self.content["source"],
                ),
            )  # fmt: skip
            begun = procedure_create(
                actor=author, tthc_id=tthc_id, now=since, draft=draft, code=row["document"]
            )
            others = [
                actor_with(self.agency, role, agency_id=self.agency_id, now=since)
                for role in ("unit_head", "leader")
            ]
            publish_revision(begun.revision_id, author, others[0], others[1], since)
            page = procedure_page(revision_id=begun.revision_id, agency_id=self.agency_id)
            hashes[row["document"]] = page.content_hash
            self.tthc[row["document"]] = tthc_id

    def ask(self, *, days: int, answers: int) -> None:
        """Ask three units about a draft; with all answers the timer fires and the case ends."""
        at = self._moment(days=days)
        logins, about = self.content["asked"], self.texts["drafts"][days % 2]
        case_id = self._start("QT-NB-11", about, at)
        (run,) = open_runs(case_id)
        at = self._later(at, 90)
        heads = {login: self._actor(login, at) for login in logins}
        due = working_day_after(agency_id=self.agency_id, day=local(at).date(), count=3)
        step_complete(
            actor=self._specialist(at), now=at, run_id=run.id, asked=self._asked(heads, due, at)
        )
        for place, login in enumerate(logins[:answers]):
            at = self._later(at, 150)
            mine = next(one for one in open_runs(case_id) if _is_for(one, heads[login]))
            opinion_answer(
                actor=self._actor(login, at), now=at, run_id=mine.id,
                answer=self.texts["answers"][place],
            )  # fmt: skip
        if answers == len(logins):
            at = self._moment(days=days - 5)
            timers_fire(now=at)
            self._finish(case_id, at)

    def _asked(self, heads: dict[str, Actor], due: date, at: datetime) -> list[Asked]:
        known = dict(opinion_receivers(self.agency_id, local(at).date()))
        units = {unit for actor in heads.values() for unit in actor.unit_ids}
        asked = [one for one in known if one.startswith(":") and int(one.split(":")[1]) in units]
        return [Asked(one, due, self.texts["question"][0]) for one in asked]

    def buy(self, *, days: int, is_over: bool) -> None:
        """Propose a purchase; its appraisal is a case of its own."""
        at = self._moment(days=days)
        case_id = self._start("QT-NB-12", self.texts["purchases"][is_over], at)
        (run,) = open_runs(case_id)
        at = self._later(at, 120)
        step_complete(actor=self._specialist(at), now=at, run_id=run.id)
        calls_open(case_id=case_id, now=at + timedelta(minutes=1))
        child_id = called_case(case_id)
        if is_over and child_id is not None:
            at = self._finish(child_id, self._later(at, 300))
            call_return(child_id=child_id, now=at)
            self._finish(case_id, self._later(at, 60))

    def _finish(self, case_id: int, at: datetime) -> datetime:
        """Finish every step that is left, one after the other."""
        while runs := open_runs(case_id):
            at = self._later(at, 200)
            step_complete(actor=self._holder(runs[0], at), now=at, run_id=runs[0].id)
        return at

    def _start(self, document: str, subject: str, at: datetime) -> int:
        return internal_start(
            actor=self._specialist(at), now=at, tthc_id=self.tthc[document], subject=subject
        ).id

    def _holder(self, run: OpenRun, at: datetime) -> Actor:
        logins = [self.content["author"], *self.content["asked"], self.content["signer"]]
        return next(actor for login in logins if _is_for(run, actor := self._actor(login, at)))

    def _specialist(self, at: datetime) -> Actor:
        return self._actor(self.content["author"], at)

    def _actor(self, login: str, at: datetime) -> Actor:
        return actor_of(login, agency_id=self.agency_id, now=at)

    def _moment(self, *, days: int) -> datetime:
        """Return the opening of the office so many days ago."""
        day = local(self.now - timedelta(days=days)).replace(hour=0, minute=0, second=0)
        return min(calendar_for(self.agency_id).next_opening(day), self.now)

    def _later(self, at: datetime, minutes: int) -> datetime:
        """Return a moment of office hours so many working minutes later, never after now."""
        return min(calendar_for(self.agency_id).add_minutes(at, minutes), self.now)


def _is_for(run: OpenRun, actor: Actor) -> bool:
    return run.person_id in (None, actor.person_id) and any(
        (hat.unit_id, hat.role) == (run.unit_id, run.role) for hat in actor.hats
    )


def drawn(name: str, hashes: dict[str, str]) -> Process:
    """Return a drawn process; what it calls is pinned to the version just brought into force."""
    found = read_bpmn((_FOLDER / f"{name}.bpmn").read_bytes()).process
    if found is None:
        raise LookupError(name)
    nodes = tuple(
        replace(node, called=Called(node.called.process, hashes[node.called.process]))
        if node.called is not None
        else node
        for node in found.nodes
    )
    return replace(found, nodes=nodes, lanes=(), foreign=())
