"""What a publisher sees over all agencies: adoption and drift, by model and by agency."""

from dataclasses import dataclass

from django.db.models import Count, F, Q

from nep.apps.adoption import rules
from nep.apps.adoption.models import Adoption, Answer, ModelProcedure
from nep.apps.adoption.queries._library import declined_condition, drifted_condition
from nep.apps.organization.rules import Actor
from nep.kernel.text import whole_number

PAGE = 50


@dataclass(frozen=True, slots=True)
class ModelTally:
    """How many agencies follow a model, and how they stand."""

    id: int
    code: str
    title: str
    number: int
    adopters: int
    current: int
    drifted: int
    declined: int


@dataclass(frozen=True, slots=True)
class AgencyTally:
    """How many models an agency follows, and how it stands."""

    agency_id: int
    name: str
    adopted: int
    current: int
    drifted: int
    declined: int


@dataclass(frozen=True, slots=True)
class Oversight:
    """Adoption and drift of a publisher's models; a page of the models by code."""

    models: tuple[ModelTally, ...]
    next_after: str
    agencies: tuple[AgencyTally, ...]
    model_count: int
    adopted: int
    drifted: int
    declined: int


@dataclass(frozen=True, slots=True)
class AdopterLine:
    """One adoption in a list; `reason` is that of the answer to the newest edition."""

    adoption_id: int
    agency_id: int
    agency: str
    code: str
    title: str
    number: int
    newest: int
    state: str
    reason: str

    @property
    def state_name(self) -> str:
        """Return how it stands, in words."""
        return rules.STATE_NAMES[self.state]

    @property
    def chip(self) -> str:
        """Return the look of the state."""
        return rules.CHIPS[self.state]


def oversight(*, actor: Actor, after: str = "", limit: int = PAGE) -> Oversight:
    """Return adoption and drift over all agencies of the models that the actor's agency publishes;
    three statements, however many there are."""
    mine = ModelProcedure.objects.filter(agency_id=actor.agency_id, withdrawn_at=None)
    following = Adoption.objects.filter(
        model__agency_id=actor.agency_id, model__withdrawn_at=None, left_at=None
    )
    by_agency = list(
        following.values("agency_id", "agency__name")
        .annotate(adopted=Count("id"), **_counts())
        .values_list("agency_id", "agency__name", "adopted", "drifted", "declined_")
    )
    agencies = sorted(
        (
            AgencyTally(id_, name, all_, all_ - drift - no, drift, no)
            for id_, name, all_, drift, no in by_agency
        ),
        key=lambda one: (-one.drifted, one.name),
    )
    rows = mine.order_by("code", "id")
    code, _bar, last = after.rpartition("|")
    if last_id := whole_number(last):
        rows = rows.filter(Q(code__gt=code) | Q(code=code, id__gt=last_id))
    found = list(rows.values_list("id", "code", "title", "number")[: limit + 1])
    shown = found[:limit]
    by_model = {
        row[0]: row[1:]
        for row in following.filter(model_id__in=[row[0] for row in shown])
        .values("model_id")
        .annotate(adopters=Count("id"), **_counts())
        .values_list("model_id", "adopters", "drifted", "declined_")
    }
    return Oversight(
        models=tuple(_tally(row, by_model.get(row[0], (0, 0, 0))) for row in shown),
        next_after=f"{shown[-1][1]}|{shown[-1][0]}" if len(found) > limit else "",
        agencies=tuple(agencies),
        model_count=mine.count(),
        adopted=sum(one.adopted for one in agencies),
        drifted=sum(one.drifted for one in agencies),
        declined=sum(one.declined for one in agencies),
    )


def _counts() -> dict[str, Count]:
    return {
        "drifted": Count("id", filter=drifted_condition()),
        "declined_": Count("id", filter=declined_condition()),
    }


def _tally(row: tuple, counted: tuple[int, ...]) -> ModelTally:
    id_, code, title, number = row
    all_, drifted, declined = counted
    return ModelTally(id_, code, title, number, all_, all_ - drifted - declined, drifted, declined)


def adopters(*, actor: Actor, model_id: int) -> tuple[AdopterLine, ...]:
    """Return who follows a model that the actor's agency publishes, drift first; two queries."""
    return _lines(Q(model_id=model_id, model__agency_id=actor.agency_id))


def adoptions_of_agency(*, actor: Actor, agency_id: int) -> tuple[AdopterLine, ...]:
    """Return which models of the actor's agency another one follows, drift first; two queries."""
    return _lines(Q(agency_id=agency_id, model__agency_id=actor.agency_id))


def _lines(condition: Q) -> tuple[AdopterLine, ...]:
    rows = list(
        Adoption.objects.filter(condition, left_at=None, model__withdrawn_at=None)
        .order_by("agency__folded", "model__code", "id")
        .values_list(
            "id", "agency_id", "agency__name", "model__code", "model__title", "number",
            "model__number", "declined", "revision__state",
        )
    )  # fmt: skip
    reasons = dict(
        Answer.objects.filter(
            adoption_id__in=[row[0] for row in rows], kind=Answer.DECLINED,
            number=F("adoption__model__number"),
        )
        .order_by("id")
        .values_list("adoption_id", "reason")
    )  # fmt: skip
    lines = [
        AdopterLine(
            *row[:7],
            rules.state_of(number=row[5], declined=row[7], newest=row[6], revision_state=row[8]),
            reasons.get(row[0], ""),
        )
        for row in rows
    ]
    return tuple(sorted(lines, key=lambda one: one.state != rules.DRIFTED))
