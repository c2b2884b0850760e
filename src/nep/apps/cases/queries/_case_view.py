"""Everything the page of one case draws, from rows that are read once."""

from dataclasses import dataclass
from datetime import datetime

from nep.apps.cases.queries._case_rows import case_rows
from nep.apps.cases.queries._forms import SlipData, slip_of
from nep.apps.cases.queries._next import NextAction, action_of_rows
from nep.apps.cases.queries._page import CasePage, page_of_rows
from nep.apps.cases.queries._running import Running, running_of_rows
from nep.apps.cases.queries._step_data import (
    StepAsks,
    StepDataLine,
    step_asks,
    step_data_lines,
)
from nep.apps.cases.queries._step_records import StepRecordLine, step_record_lines
from nep.apps.cases.queries._waiting import Waiting, waiting_of_rows
from nep.apps.cases.queries.given import GivenLine, papers_of
from nep.apps.organization.rules import Actor
from nep.worktime import Calendar


@dataclass(frozen=True, slots=True)
class CaseView:
    """A case's page, what the person may conclude, what stands beside, its slip and papers."""

    page: CasePage
    action: NextAction | None
    running: Running
    slip: SlipData
    papers: tuple[GivenLine, ...]
    asks: StepAsks | None
    data: tuple[StepDataLine, ...]
    records: tuple[StepRecordLine, ...]
    waiting: Waiting | None


def case_view(*, actor: Actor, case_id: int, now: datetime, calendar: Calendar) -> CaseView:
    """Return everything the page of a case of the actor's agency draws. Raises NotFound."""
    rows = case_rows(actor=actor, case_id=case_id)
    page = page_of_rows(rows, actor=actor, now=now, calendar=calendar)
    action = None
    if page.may.step and page.run_id:
        action = action_of_rows(rows, actor=actor, run_id=page.run_id, now=now, calendar=calendar)
    return CaseView(
        page,
        action,
        running_of_rows(rows, actor=actor, now=now, calendar=calendar),
        slip_of(rows.case, rows=rows),
        papers_of(actor=actor, case_id=case_id),
        step_asks(rows.case, page.run_node) if action is not None else None,
        step_data_lines(rows.case),
        step_record_lines(rows.case),
        waiting_of_rows(rows, actor=actor, run_id=page.run_id, now=now, calendar=calendar),
    )
