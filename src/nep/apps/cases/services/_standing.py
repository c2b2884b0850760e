"""Where a case stands at one of its steps: the one read of the hot path.

The process that finished the step before knows it without asking: it wrote every column itself, and
nothing of a case changes without its version. What it left is used once, by a step whose guard is
that version and that the step is there at all (it would not be in a database put back to an earlier
day); a step that is refused or loses its guard asks the database and begins again.
"""

from collections import OrderedDict
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from nep.apps.cases.models import Case, StepRun
from nep.apps.cases.services._finding import changed
from nep.apps.organization import queries as organization
from nep.apps.organization.rules import Actor
from nep.foundation.db import Lookup
from nep.kernel.errors import Conflict, NotFound
from nep.kernel.vietnamese import datetime_text


class Standing(NamedTuple):
    """A step run with what its completion needs to know of the case."""

    case_id: int
    version: int
    agency_id: int
    code: str
    status: int
    state: str
    data: str
    progress: str
    handlers: str
    content_hash: str
    applicant_mask: str
    tthc_name: str
    transfer_at: datetime | None
    result_due_at: datetime | None
    finished_at: datetime | None
    pause_policy: str
    run_id: int
    token: int
    node: str
    round: int
    person_id: int | None
    unit_id: int | None
    role: str
    outside: bool
    handed_at: datetime | None
    running_since: datetime | None
    limit_minutes: int | None
    carried_minutes: int
    used_minutes: int
    due_at: datetime | None
    closed_at: datetime | None
    item_id: int | None


_CASE = (
    "id", "version", "agency_id", "code", "status", "state", "data", "progress", "handlers",
    "content_hash", "applicant_mask", "tthc_name", "transfer_at", "result_due_at", "finished_at",
    "pause_policy",
)  # fmt: skip
_RUN = (
    "id", "token", "node", "round", "person_id", "unit_id", "role", "outside", "handed_at",
    "running_since", "limit_minutes", "carried_minutes", "used_minutes", "due_at", "closed_at",
    "item_id",
)  # fmt: skip
_TIMES = [at for at, name in enumerate(Standing._fields) if name.endswith(("_at", "_since"))]
_TRUTH = "outside"  # the one column that Django's converter is still asked for
_COLUMNS = ", ".join(
    f'{table}."{name}"' if name == _TRUTH else f'{{{table}."{name}"}}'
    for table, names in (("c", _CASE), ("r", _RUN))
    for name in names
)
_LOOKUP = Lookup(
    f'SELECT {_COLUMNS} FROM "cases_steprun" r '  # noqa: S608
    'JOIN "cases_case" c ON c."id" = r."case_id" WHERE r."id" = %s',
    times=_TIMES,
)


def standing(*, actor: Actor, run_id: int) -> Standing:
    """Return where a case stands at a step, of the actor's agency only. Raises NotFound."""
    row = _LOOKUP.one(run_id)
    if row is None or row[2] != actor.agency_id:
        raise NotFound("not_found", "Không tìm thấy bước này trong cơ quan của bạn.")
    return Standing._make(row)


MOST_LEFT = 4_000  # cases, some six megabytes
_left: dict[int, Standing] = {}
_cases: OrderedDict[int, list[int]] = OrderedDict()


def leave(case_id: int, standings: Sequence[Standing]) -> None:
    """Keep where a case stands after what has just been committed, at every step it opened."""
    for run_id in _cases.pop(case_id, ()):
        _left.pop(run_id, None)
    if not standings:
        return
    for one in standings:
        _left[one.run_id] = one
    _cases[case_id] = [one.run_id for one in standings]
    while len(_cases) > MOST_LEFT:
        for run_id in _cases.popitem(last=False)[1]:
            _left.pop(run_id, None)


def left(*, actor: Actor, run_id: int) -> Standing | None:
    """Return where this process left a case of the actor's agency at a step, the first time."""
    at = _left.pop(run_id, None)
    return at if at is not None and at.agency_id == actor.agency_id else None


def lost(at: Standing) -> Conflict:
    """Return the refusal of a step that somebody else has finished, naming who and when."""
    found = StepRun.objects.filter(pk=at.run_id, closed_at__isnull=False)
    run = found.values_list("closed_by_id", "closed_at", "outcome").first()
    if run is None or run[1] is None:  # still open: something else of the case has changed
        return changed(Case.objects.get(pk=at.case_id))
    name = organization.person_names([run[0]]).get(run[0] or 0, "người khác")
    did = _ENDS.get(run[2], "kết thúc")
    return Conflict(
        "step_closed",
        f"Bước này vừa được {name} {did} lúc {datetime_text(run[1])}. Hãy tải lại trang.",
    )


_ENDS = {
    "done": "hoàn thành",
    "returned": "trả lại bước trước",
    "recalled": "thu hồi",
    "taken_back": "hoàn thành",
}
