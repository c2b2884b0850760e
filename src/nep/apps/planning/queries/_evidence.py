"""What an agency has for clauses 4.1 to 4.3, 5.2, 6.1, 6.2 and 9.1.1, folded for the matrix."""

from collections.abc import Collection, Iterable, Iterator

from django.db.models import CharField, F, Max, QuerySet, Value
from django.db.models.functions import Cast, Concat

from nep.apps.planning.models import Objective, ObjectiveValue, Risk, Statement
from nep.apps.planning.rules import context, risks
from nep.apps.planning.rules import objectives as rules
from nep.apps.planning.rules.scales import OPPORTUNITY, RISK
from nep.foundation.db.counting import Counted, counted, read_counted
from nep.kernel.references import Evidence

OBJECTIVE, VALUE = "objective", "objective_value"
_REGISTERS = {RISK: ("Sổ rủi ro", "/rui-ro/"), OPPORTUNITY: ("Sổ cơ hội", "/co-hoi/")}
_YEARS = {OBJECTIVE: ("6.2", "Mục tiêu chất lượng"), VALUE: ("9.1.1", "Kết quả đo mục tiêu")}


def evidence_counts(agency_ids: Collection[int]) -> tuple[QuerySet, ...]:
    """Return editions in force, rated risks and opportunities, objectives and their values, counted
    by agency."""
    wanted = list(agency_ids)
    stated = Statement.objects.filter(agency_id__in=wanted, state=context.IN_FORCE)
    rated = Risk.objects.filter(agency_id__in=wanted, state__in=risks.OPEN_STATES).exclude(
        state=risks.DRAFT
    )
    objectives = Objective.objects.filter(agency_id__in=wanted, state__in=rules.IN_FORCE)
    values = ObjectiveValue.objects.filter(objective__agency_id__in=wanted)
    return (
        *(
            counted(stated.filter(part=part), part, day="effective_on", note=_edition())
            for part in context.PARTS
        ),
        *(counted(rated.filter(kind=kind), kind, moment="changed_at") for kind in _REGISTERS),
        counted(objectives, OBJECTIVE, moment="of_list__approved_at", note=Max("year")),
        counted(values, VALUE, moment="at", note=Max("objective__year"),
                agency="objective__agency_id"),
    )  # fmt: skip


def _edition() -> Max:
    """Return "02/382…" of the one edition in force: its number and its id."""
    text = CharField()
    return Max(Concat(Cast(F("edition"), text), Value("/"), Cast(F("id"), text)))


def evidence_told(rows: Iterable[Counted]) -> Iterator[Evidence]:
    """Yield editions in force for 4.1 to 4.3 and 5.2, rated risks and opportunities for 6.1,
    objectives for 6.2 and 9.1.1."""
    for one in rows:
        if one.kind in context.PART_NAMES:
            edition, _slash, id_ = one.note.partition("/")
            title = f"{context.PART_NAMES[one.kind]}, lần {int(edition):02d}"
            for clause in context.EVIDENCE_OF[one.kind]:
                yield Evidence(one.agency_id, "2015", clause, one.kind, 1, one.newest_on, title,
                               f"/boi-canh/{id_}/")  # fmt: skip
        elif one.kind in _REGISTERS:
            yield Evidence(one.agency_id, "2015", "6.1", one.kind, one.n, one.newest_on,
                           *_REGISTERS[one.kind])  # fmt: skip
        elif one.kind in _YEARS:
            clause, title = _YEARS[one.kind]
            yield Evidence(one.agency_id, "2015", clause, one.kind, one.n, one.newest_on,
                           f"{title} năm {one.note}", f"/muc-tieu/?nam={one.note}")  # fmt: skip


def evidence(agency_ids: Collection[int]) -> tuple[Evidence, ...]:
    """Return the evidence of planning of some agencies, one line a clause and kind; one statement."""
    return tuple(evidence_told(read_counted(evidence_counts(agency_ids))))
