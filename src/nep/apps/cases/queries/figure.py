"""Where a case stands on the diagram of its procedure."""

from dataclasses import dataclass

from nep.apps.cases.models import StepRun
from nep.apps.cases.queries._case_rows import case_rows
from nep.apps.cases.rules.moving import MOVED
from nep.apps.cases.rules.recall import RECALLED, TAKEN_BACK
from nep.apps.cases.rules.statuses import STATUS_NAMES
from nep.apps.organization import queries as organization
from nep.apps.organization.rules import Actor
from nep.apps.procedures import queries as procedures
from nep.apps.procedures.rules.diagram import drawn_process
from nep.apps.procedures.rules.table import node_rows
from nep.bpmn import decode_state, render_svg

_UNDONE = frozenset({RECALLED, TAKEN_BACK, MOVED})


@dataclass(frozen=True, slots=True)
class CaseFigure:
    """The diagram of a case as SVG; `here` names each open step with who holds it."""

    code: str
    tthc_name: str
    procedure_text: str
    status: str
    svg: str
    here: tuple[tuple[str, str], ...]
    done: int


def case_figure(*, actor: Actor, case_id: int) -> CaseFigure:
    """Return a case of the actor's agency on the diagram of the version it follows.

    Steps done are marked, the late ones apart; a token stands at every open step and wait. What was
    done by another version is marked at the step that the case's moves say it is.
    Raises NotFound.
    """
    rows = case_rows(actor=actor, case_id=case_id)
    case, plan = rows.case, rows.followed.plan
    draft = procedures.version_draft(revision_id=case.revision_id, agency_id=case.agency_id)
    words = procedures.role_texts(
        agency_id=case.agency_id, keys=[step.role for step in draft.table.steps]
    )
    runs = [
        (run, node)
        for run in rows.runs
        if run.outcome not in _UNDONE
        and (node := rows.followed.meant(run.pk, run.node)) in plan.steps
    ]
    names = organization.person_names([run.person_id for run, _ in runs])
    open_runs = [run for run, _ in runs if run.closed_at is None]
    marks = {node: "bp-err" if run.late else "bp-done" for run, node in runs if run.closed_at}
    marks |= dict.fromkeys(_waiting(case.state), "bp-now")
    marks |= {run.node: "bp-now" for run in open_runs}
    svg = render_svg(
        drawn_process(draft, words),
        marks=marks,
        labels=words,
        moved=draft.places,
        tokens={run.node: _held(run, names) for run in open_runs},
        rows=node_rows(draft.table),
    )
    return CaseFigure(
        code=case.code,
        tthc_name=case.tthc_name,
        procedure_text=case.procedure_text,
        status=STATUS_NAMES[case.status],
        svg=svg,
        here=tuple(
            (f"{run.number}. {plan.steps[run.node].name}", _held(run, names)) for run in open_runs
        ),
        done=len({node for run, node in runs if run.closed_at}),
    )


def _held(run: StepRun, names: dict[int, str]) -> str:
    return names.get(run.person_id or 0, "") or "chờ người nhận"


def _waiting(marking: str) -> list[str]:
    """Return the nodes where a token rests, steps and waits alike."""
    if not marking:
        return []
    return [token.node for token in decode_state(marking).tokens if not token.flow]
