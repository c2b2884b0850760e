"""The library as an agency sees it: the models meant for it, and how it stands to each."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Count, F, Q, QuerySet

from nep.apps.adoption import rules
from nep.apps.adoption.models import Adoption, ModelProcedure
from nep.apps.organization import queries as organization
from nep.apps.organization.rules import Actor
from nep.kernel.text import fold, whole_number

PAGE = 50
MOST_AT_ONCE = 50
FREE = "free"


@dataclass(frozen=True, slots=True)
class LibraryFilter:
    """What to list: words, and how the agency stands ("" any, FREE not adopted, or a state)."""

    query: str = ""
    state: str = ""
    after: str = ""

    @classmethod
    def read(cls, values: Mapping[str, str]) -> "LibraryFilter":
        """Return the filter of a query string: q, loc, sau."""
        state = values.get("loc", "")
        known = {FREE, rules.CURRENT, rules.DRIFTED, rules.DECLINED}
        return cls(
            values.get("q", "")[:120].strip(),
            state if state in known else "",
            values.get("sau", "")[:90],
        )

    def values(self) -> dict[str, str]:
        """Return the filter as a query string's values, without the place in the list."""
        found = {"q": self.query, "loc": self.state}
        return {name: value for name, value in found.items() if value}


@dataclass(frozen=True, slots=True)
class ModelLine:
    """One model in the library; `adoption_id` is the agency's own, None where it has none;
    `is_source` where the model is made from the agency's own procedure."""

    id: int
    code: str
    title: str
    tthc_code: str
    publisher: str
    audience: str
    number: int
    adoption_id: int | None
    adopted_number: int
    state: str
    is_source: bool

    @property
    def state_name(self) -> str:
        """Return how the agency stands to it, in words."""
        return rules.STATE_NAMES.get(self.state, "")

    @property
    def chip(self) -> str:
        """Return the look of the state."""
        return rules.CHIPS.get(self.state, "")


@dataclass(frozen=True, slots=True)
class LibraryPage:
    """A page of the library by code; `next_after` continues it, "" at its end.

    `total` counts the models it may adopt, `given` those made from its own procedures.
    """

    lines: tuple[ModelLine, ...]
    total: int
    given: int
    adopted: int
    drifted: int
    next_after: str


def model_seen(actor: Actor) -> Q:
    """Return the condition of models the actor's agency sees: its own, and those meant for it that
    its province or a ministry publishes."""
    facts = organization.agency(actor.agency_id)
    audiences = [name for name in rules.AUDIENCE_NAMES if rules.is_for(name, facts.kind)]
    held_out = Q(withdrawn_at=None, audience__in=audiences) & (
        Q(province_id=facts.province_id) | Q(is_national=True)
    )
    return held_out | Q(agency_id=actor.agency_id)


def library(*, actor: Actor, wanted: LibraryFilter, limit: int = PAGE) -> LibraryPage:
    """Return a page of the models an agency sees, by code; four statements at most."""
    seen = ModelProcedure.objects.filter(model_seen(actor), withdrawn_at=None)
    mine = Adoption.objects.filter(agency_id=actor.agency_id, left_at=None)
    counts = mine.aggregate(
        adopted=Count("id", filter=Q(model__withdrawn_at=None)),
        drifted=Count("id", filter=drifted_condition(), distinct=True),
    )
    own_source = Q(source_agency_id=actor.agency_id)
    sides = seen.aggregate(
        total=Count("id", filter=~own_source), given=Count("id", filter=own_source)
    )
    free = seen.exclude(own_source)
    rows = _in_state(free if wanted.state == FREE else seen, mine, wanted.state)
    for word in fold(wanted.query).split():
        rows = rows.filter(folded__contains=word)
    code, _bar, last = wanted.after.rpartition("|")
    if last_id := whole_number(last):
        rows = rows.filter(Q(code__gt=code) | Q(code=code, id__gt=last_id))
    found = list(rows.select_related("agency").order_by("code", "id")[: limit + 1])
    shown = found[:limit]
    own = {
        row.model_id: row
        for row in mine.filter(model_id__in=[row.pk for row in shown]).select_related("revision")
    }
    return LibraryPage(
        lines=tuple(
            _line(row, own.get(row.pk), is_source=row.source_agency_id == actor.agency_id)
            for row in shown
        ),
        total=sides["total"],
        given=sides["given"],
        adopted=counts["adopted"],
        drifted=counts["drifted"],
        next_after=f"{shown[-1].code}|{shown[-1].pk}" if len(found) > limit else "",
    )


def drifted_condition() -> Q:
    """Return the condition of adoptions whose model has changed and that were not answered."""
    behind = Q(number__lt=F("model__number")) | Q(revision__state="dropped")
    return behind & ~Q(declined=F("model__number")) & Q(model__withdrawn_at=None)


def declined_condition() -> Q:
    """Return the condition of adoptions that answered the newest edition with a reason."""
    return Q(declined__gt=0, declined=F("model__number"))


def _in_state(
    seen: QuerySet[ModelProcedure], mine: QuerySet[Adoption], state: str
) -> QuerySet[ModelProcedure]:
    if state == FREE:
        return seen.exclude(pk__in=mine.values("model_id"))
    if state == rules.DRIFTED:
        return seen.filter(pk__in=mine.filter(drifted_condition()).values("model_id"))
    if state == rules.DECLINED:
        return seen.filter(pk__in=mine.filter(declined_condition()).values("model_id"))
    if state == rules.CURRENT:
        current = mine.filter(number=F("model__number")).exclude(revision__state="dropped")
        return seen.filter(pk__in=current.values("model_id"))
    return seen


def _line(row: ModelProcedure, own: Adoption | None, *, is_source: bool) -> ModelLine:
    state = ""
    if own is not None:
        state = rules.state_of(
            number=own.number, declined=own.declined, newest=row.number,
            revision_state=own.revision.state,
        )  # fmt: skip
    return ModelLine(
        id=row.pk, code=row.code, title=row.title, tthc_code=row.tthc_code,
        publisher=row.agency.short_name or row.agency.name,
        audience=rules.AUDIENCE_NAMES[row.audience], number=row.number,
        adoption_id=own.pk if own else None, adopted_number=own.number if own else 0, state=state,
        is_source=is_source,
    )  # fmt: skip
