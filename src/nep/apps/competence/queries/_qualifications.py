"""Who is qualified for what, and until when."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q

from nep.apps.competence.models import Qualification
from nep.apps.competence.rules import qualifications as rules
from nep.apps.organization.queries import members, person_names
from nep.apps.organization.rules import Actor
from nep.kernel.errors import NotFound


@dataclass(frozen=True, slots=True)
class QualifiedAuditor:
    """A person who may audit on a day, by the strongest certificate that holds then."""

    person_id: int
    name: str
    is_lead: bool
    course: str
    given_by: str
    given_on: date
    valid_until: date | None
    url: str


@dataclass(frozen=True, slots=True)
class QualificationLine:
    """A certificate in the list."""

    id: int
    person_id: int
    person: str
    post: str
    kind: str
    kind_name: str
    course: str
    given_by: str
    number: str
    given_on: date
    valid_until: date | None
    file_id: int | None
    state_name: str
    chip: str
    holds: bool
    added_by: str
    added_at: datetime
    end_reason: str


@dataclass(frozen=True, slots=True)
class Qualifications:
    """Every certificate of an agency with who may audit today."""

    lines: tuple[QualificationLine, ...]
    auditors: int
    soon: int
    expired: int

    @property
    def headline(self) -> str:
        """Return the answer in words."""
        if not self.auditors:
            return "Chưa ai có chứng chỉ đánh giá nội bộ còn hiệu lực"
        text = f"{self.auditors} người đủ năng lực đánh giá nội bộ"
        if self.soon:
            text = f"{text}, {self.soon} chứng chỉ sắp hết hạn"
        return text


def holding(on: date) -> Q:
    """Return the condition of qualifications that hold on a day."""
    return (
        Q(given_on__lte=on)
        & (Q(valid_until=None) | Q(valid_until__gte=on))
        & (Q(ended_on=None) | Q(ended_on__gt=on))
    )


def qualified_auditors(*, agency_id: int, on: date) -> tuple[QualifiedAuditor, ...]:
    """Return who of an agency may audit on a day: qualified then, and working there; by name.

    Source: TCVN ISO 9001:2015 điều 7.2, 9.2.2 c.
    """
    return qualified_auditors_of(agency_ids=(agency_id,), on=on).get(agency_id, ())


def qualified_auditors_of(
    *, agency_ids: Iterable[int], on: date
) -> dict[int, tuple[QualifiedAuditor, ...]]:
    """Return who may audit on a day, by agency; one query besides the people of each agency."""
    wanted = tuple(agency_ids)
    rows = Qualification.objects.filter(
        holding(on), agency_id__in=wanted, kind__in=rules.AUDITING
    ).order_by("id")
    found: dict[tuple[int, int], dict[rules.Span, Qualification]] = {}
    for row in rows:
        found.setdefault((row.agency_id, row.person_id), {})[_span(row)] = row
    working = {
        agency_id: {one.id: one.name for one in members(agency_id=agency_id, today=on)}
        for agency_id in {key[0] for key in found}
    }
    told: dict[int, list[QualifiedAuditor]] = {}
    for (agency_id, person_id), spans in found.items():
        name, strongest = working[agency_id].get(person_id), rules.best(spans)
        if name is None or strongest is None:
            continue
        row = spans[strongest]
        told.setdefault(agency_id, []).append(
            QualifiedAuditor(
                person_id, name, row.kind == rules.LEAD, row.course, row.given_by, row.given_on,
                row.valid_until, "/nang-luc/danh-gia-vien/",
            )
        )  # fmt: skip
    return {key: tuple(sorted(ones, key=lambda one: one.name)) for key, ones in told.items()}


def _span(row: Qualification) -> rules.Span:
    return rules.Span(row.kind, row.given_on, row.valid_until, row.ended_on)


def qualifications(*, agency_id: int, today: date) -> Qualifications:
    """Return the certificates of an agency, auditors first; two queries and the people."""
    people = {one.id: one for one in members(agency_id=agency_id, today=today)}
    rows = list(Qualification.objects.filter(agency_id=agency_id).order_by("-given_on", "-id"))
    names = person_names([*(row.person_id for row in rows), *(row.added_by_id for row in rows)])
    lines = []
    for row in rows:
        state, chip = rules.state_of(_span(row), today=today)
        who = people.get(row.person_id)
        lines.append(
            QualificationLine(
                row.id, row.person_id, names.get(row.person_id, ""), who.position if who else "",
                row.kind, rules.KIND_NAMES[row.kind], row.course, row.given_by, row.number,
                row.given_on, row.valid_until, row.file_id, state, chip,
                rules.holds(_span(row), on=today), names.get(row.added_by_id, ""), row.added_at,
                row.end_reason,
            )
        )  # fmt: skip
    order = {kind: place for place, kind in enumerate((*rules.AUDITING, rules.OTHER))}
    lines.sort(key=lambda one: (not one.holds, order[one.kind], one.person))
    auditing = [one for one in lines if one.kind in rules.AUDITING]
    return Qualifications(
        tuple(lines),
        auditors=len({one.person_id for one in auditing if one.holds and one.person_id in people}),
        soon=sum(one.chip == "sap" for one in lines),
        expired=sum(one.chip == "qua" for one in lines),
    )


def qualification_file(*, actor: Actor, qualification_id: int) -> int:
    """Return the stored file of a certificate of the agency. Raises NotFound."""
    rows = Qualification.objects.filter(pk=qualification_id, agency_id=actor.agency_id)
    found = rows.values_list("file_id", flat=True).first()
    if found is None:
        raise NotFound()
    return found


def qualification_line(*, actor: Actor, qualification_id: int, today: date) -> QualificationLine:
    """Return one certificate of the agency. Raises NotFound."""
    found = qualifications(agency_id=actor.agency_id, today=today)
    for line in found.lines:
        if line.id == qualification_id:
            return line
    raise NotFound()
