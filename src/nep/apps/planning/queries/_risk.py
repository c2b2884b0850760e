"""The page of one risk or opportunity."""

from dataclasses import dataclass
from datetime import date, datetime

from nep.apps.actions import queries as actions
from nep.apps.actions.queries import ActionLine
from nep.apps.organization.queries import person_names
from nep.apps.organization.rules import Actor, may
from nep.apps.planning.models import Risk
from nep.apps.planning.queries._risk_scale import scale_of
from nep.apps.planning.queries._risks import RiskLine, lines_of
from nep.apps.planning.rules import risks, scales
from nep.apps.planning.rules.scales import Scale
from nep.kernel.errors import NotFound


@dataclass(frozen=True, slots=True)
class RiskStep:
    """One step of the life in words."""

    name: str
    text: str
    round: int
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class RiskPage:
    """Everything the page of a risk shows, and which moves the reader may make now.

    `scale` is the agency's, `row_scale` the one it was rated by.
    """

    line: RiskLine
    scale: Scale
    row_scale: Scale
    opened_by: str
    rated_by: str
    rated_at: datetime | None
    judged_by: str
    judged_at: datetime | None
    ended_by: str
    end_note: str
    actions: tuple[ActionLine, ...]
    running: int
    checked: int
    steps: tuple[RiskStep, ...]
    may: frozenset[str]
    version: int

    @property
    def step_names(self) -> tuple[str, str]:
        """Return what the two steps are called."""
        if self.line.kind == scales.OPPORTUNITY:
            return "Khả năng thực hiện", "Lợi ích"
        return "Khả năng xảy ra", "Mức độ ảnh hưởng"

    @property
    def likelihood_words(self) -> str:
        """Return the rated likelihood in words."""
        return self._words(0, self.line.likelihood)

    @property
    def impact_words(self) -> str:
        """Return the rated impact in words."""
        return self._words(1, self.line.impact)

    def _words(self, place: int, step: int | None) -> str:
        return self.row_scale.words(self.line.kind)[place][step - 1] if step else ""


def risk_page(*, actor: Actor, risk_id: int, today: date) -> RiskPage:
    """Return one risk of the agency. Raises NotFound."""
    row = Risk.objects.filter(pk=risk_id, agency_id=actor.agency_id).first()
    if row is None:
        raise NotFound()
    moves = list(row.moves.order_by("at", "id"))
    names = person_names(
        [row.opened_by_id, row.rated_by_id, row.judged_by_id, row.ended_by_id,
         *(one.by_id for one in moves)]
    )  # fmt: skip
    found = actions.of_origin(agency_id=row.agency_id, kind=row.kind, ids=[row.id], today=today)
    own = [one for one in found if one.opened_at >= row.round_since]
    scale = scale_of(agency_id=row.agency_id)
    row_scale = scale
    if row.method and row.method != scale.method:
        row_scale = scale_of(agency_id=row.agency_id, method=row.method)
    (line,) = lines_of([row], row.agency_id, today)
    return RiskPage(
        line=line, scale=scale, row_scale=row_scale, opened_by=names.get(row.opened_by_id, ""),
        rated_by=names.get(row.rated_by_id or 0, ""), rated_at=row.rated_at,
        judged_by=names.get(row.judged_by_id or 0, ""), judged_at=row.judged_at,
        ended_by=names.get(row.ended_by_id or 0, ""), end_note=row.end_note, actions=found,
        running=sum(not one.is_ended for one in own), checked=sum(one.is_done for one in own),
        steps=tuple(
            RiskStep(risks.MOVE_NAMES[one.move], one.text, one.round,
                     names.get(one.by_id or 0, "Nếp"), one.at)
            for one in moves
        ),
        may=_may(actor, row), version=row.version,
    )  # fmt: skip


def _may(actor: Actor, row: Risk) -> frozenset[str]:
    """Return the moves that the reader's role, person and the life allow now."""
    doers = frozenset(id_ for id_ in (row.owner_id, row.rated_by_id) if id_)
    facts = risks.Facts(row.kind, row.state, row.level, row.owner_id, doers)
    asked = {
        risks.CHANGE: risks.works_on(actor, facts),
        risks.RATE: risks.works_on(actor, facts),
        risks.ACT: risks.works_on(actor, facts),
        risks.ASSIGN: may(actor, "risk.manage"),
        risks.ACCEPT: risks.may_accept(actor, facts),
        risks.VERIFY: risks.judges(actor, facts),
        risks.RETURN: risks.judges(actor, facts),
        risks.HAPPEN: may(actor, "risk.work"),
        risks.CLOSE: may(actor, "risk.manage"),
    }
    return frozenset(
        move for move, allowed in asked.items() if allowed and risks.possible(facts, move)
    )
