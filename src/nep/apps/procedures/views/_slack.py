"""The time left at each step of a procedure, and what a day less of it would win."""

from dataclasses import dataclass
from decimal import Decimal

from django.http import HttpRequest, HttpResponse

from nep.apps.procedures import queries
from nep.apps.procedures.rules.wording import HOURS_PER_DAY, hours_text
from nep.bpmn.timeproof import prove_time, step_times
from nep.foundation.web import pages


@dataclass(frozen=True, slots=True)
class SlackLine:
    """One step: its number, name and time, what is left on its longest way, what a day wins."""

    node: str
    number: str
    name: str
    hours: str
    slack: str
    is_over: bool
    wins: str


def revision_slack(request: HttpRequest, revision_id: int) -> HttpResponse:
    """Show of each step what is left of the limit and what a shorter step would win."""
    agency_id = request.actor.agency_id  # type: ignore[attr-defined]
    page = queries.procedure_page(revision_id=revision_id, agency_id=agency_id)
    draft = page.draft
    proof = prove_time(draft.process, limit=draft.limit, hours_per_day=HOURS_PER_DAY)
    unit = draft.limit_unit
    lines = []
    for one in step_times(draft.process, limit=draft.limit, hours_per_day=HOURS_PER_DAY):
        step = draft.table.step(one.node)
        if step is None:
            continue
        lines.append(
            SlackLine(
                one.node, draft.table.label(one.node), step.name, hours_text(one.hours, unit=unit),
                "" if one.slack is None else _left(one.slack, unit),
                one.slack is not None and one.slack < 0,
                hours_text(one.wins, unit=unit) if one.wins else "",
            )
        )  # fmt: skip
    context = {
        "page": page,
        "revision": page.revision,
        "lines": lines,
        "reasons": [reason.message for reason in proof.reasons if reason.code != "over_limit"],
        "worst": hours_text(proof.worst, unit=unit) if proof.paths else "",
        "left": _left(proof.paths[0].slack, unit)
        if proof.paths and proof.paths[0].slack is not None
        else "",
    }
    return pages.render(request, "procedures/slack.html", context)


def _left(slack: Decimal, unit: str) -> str:
    verb = "dư" if slack >= 0 else "vượt"
    return f"{verb} {hours_text(abs(slack), unit=unit)}"
