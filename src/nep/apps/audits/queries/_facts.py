"""What the rules of audits ask of lower parts: units, people, procedures, nonconformities."""

import re
from collections.abc import Iterable, Mapping
from datetime import date

from django.db.models import Max, Q

from nep.apps.audits.models import Member, Session, SessionAuditor
from nep.apps.audits.queries._reference import figure
from nep.apps.audits.rules import life
from nep.apps.audits.rules.checklist import ProcedureFacts, StepFacts
from nep.apps.audits.rules.independence import Person, Place
from nep.apps.audits.rules.planning import KEEP, LEAD, RECEPTION, SERVICE, UnitFacts
from nep.apps.cases.queries import finished
from nep.apps.competence import queries as competence
from nep.apps.documents import queries as documents
from nep.apps.improvement import queries as improvement
from nep.apps.legal import queries as legal
from nep.apps.organization import queries as organization
from nep.apps.organization.queries import Member as Colleague
from nep.apps.organization.queries import UnitRow
from nep.apps.organization.rules import Actor
from nep.apps.planning import queries as planning
from nep.apps.procedures import queries as procedures
from nep.apps.procedures.queries import VersionFacts

QUALIFIED_ROLE = "auditor"
_LAW = re.compile(
    r"(?:Căn cứ )?(?:Bộ luật|Luật|Pháp lệnh|Nghị định|Nghị quyết|Thông tư|Quyết định)\b", re.I
)


def unit_facts(*, agency_id: int, today: date) -> tuple[UnitFacts, ...]:
    """Return the units of an agency with what ranks them; a fixed number of queries."""
    units = organization.units_of(agency_id)
    members = organization.members(agency_id=agency_id, today=today)
    serving = procedures.versions_by_unit(agency_id)
    lead = _home(units, members, "leader")
    keep = _home(units, members, "iso_secretary") or lead
    last = (today.year - 1) * 100 + today.month, today.year * 100 + today.month
    done = finished.ended_figures(agency_ids=[agency_id], months=last, by="unit", light=True)
    held = _last_audits(agency_id)
    sheets = improvement.open_by_unit(agency_id=agency_id)
    risks = _highest_risks(agency_id, today)
    return tuple(
        UnitFacts(
            id=unit.id, name=unit.name,
            groups=frozenset(
                name
                for name, holds in (
                    (LEAD, unit.id == lead), (KEEP, unit.id == keep),
                    (SERVICE, unit.code in serving and not unit.is_reception and unit.id != lead),
                    (RECEPTION, unit.is_reception),
                )
                if holds
            ),
            finished=_count(done, unit.id, "ended"), late=_count(done, unit.id, "late"),
            open_sheets=sheets.get(unit.id, 0), last_audit_on=held.get(unit.id),
            risk=risks.get(unit.id, 0),
        )
        for unit in units
    )  # fmt: skip


def _highest_risks(agency_id: int, today: date) -> dict[int, int]:
    """Return the highest product of the risks that each unit watches."""
    found: dict[int, int] = {}
    for one in planning.risks_of(agency_id=agency_id, today=today, kind="risk"):
        product = one.now_product or one.product
        if one.unit_id and product:
            found[one.unit_id] = max(found.get(one.unit_id, 0), product)
    return found


def _count(done: Mapping, unit_id: int, name: str) -> int:
    found = done.get((unit_id,))
    return found[name] if found else 0


def _home(units: Iterable[UnitRow], members: Iterable[Colleague], role: str) -> int:
    """Return the unit in which who holds a role works, the first in the agency's order; else 0."""
    known = {id_ for one in members if role in one.roles for id_ in one.unit_ids}
    return next((unit.id for unit in units if unit.id in known), 0)


def _last_audits(agency_id: int) -> dict[int, date]:
    rows = Session.objects.filter(audit__agency_id=agency_id, audit__state__in=life.AUDIT_HELD)
    found = rows.values_list("unit_id").annotate(last=Max("starts_at")).order_by()
    return {unit_id: last.date() for unit_id, last in found}


def people(
    *, agency_id: int, today: date, agreements: Mapping[int, str] | None = None,
    neighbours: bool = False,
) -> tuple[Person, ...]:  # fmt: skip
    """Return everybody of the agency as independence sees them, then auditors of the other agencies
    of the province; `agreements` names, by person, the paper by which a neighbour is lent."""
    certified = {
        one.person_id: one for one in competence.qualified_auditors(agency_id=agency_id, on=today)
    }
    headed = _headed(agency_id, today)
    past = _audited(agency_id)
    found = [
        Person(
            one.id, one.name, unit_ids=one.unit_ids, headed_units=headed.get(one.id, frozenset()),
            leads_agency="leader" in one.roles,
            qualified=one.id in certified or QUALIFIED_ROLE in one.roles,
            certified=one.id in certified,
            qualified_until=certified[one.id].valid_until if one.id in certified else None,
            qualified_told=_told(certified.get(one.id), one.roles),
            audited=past.get(one.id, frozenset()),
        )
        for one in organization.members(agency_id=agency_id, today=today)
    ]  # fmt: skip
    if neighbours or agreements:
        known = {one.id for one in found}
        found += [
            one for one in _neighbours(agency_id, today, agreements or {}, past)
            if one.id not in known
        ]  # fmt: skip
    return tuple(found)


def _told(certificate, roles: frozenset[str]) -> str:
    if certificate is not None:
        return f"{certificate.course}, {certificate.given_by}"
    return "Vai trò đánh giá viên, chưa ghi chứng chỉ" if QUALIFIED_ROLE in roles else ""


def _headed(agency_id: int, today: date) -> dict[int, frozenset[int]]:
    """Return the units that people head, by person."""
    directory = organization.directory(agency_id=agency_id, today=today)
    found: dict[int, set[int]] = {}
    for (code, role), holders in directory.holders.items():
        unit = directory.unit(code)
        if role == "unit_head" and unit is not None:
            for person in holders:
                found.setdefault(person.id, set()).add(unit.id)
    return {id_: frozenset(units) for id_, units in found.items()}


def _audited(agency_id: int) -> dict[int, frozenset[tuple[int, int]]]:
    """Return (unit, year) of the sessions that people audited, by person; one query."""
    rows = SessionAuditor.objects.filter(
        session__audit__agency_id=agency_id, session__audit__state__in=life.AUDIT_HELD
    )
    found: dict[int, set[tuple[int, int]]] = {}
    for person_id, unit_id, year in rows.values_list(
        "person_id", "session__unit_id", "session__audit__year"
    ):
        found.setdefault(person_id, set()).add((unit_id, year))
    return {id_: frozenset(ones) for id_, ones in found.items()}


def _neighbours(
    agency_id: int, today: date, agreements: Mapping[int, str], past: Mapping
) -> list[Person]:
    near = organization.holders_near(agency_id=agency_id, role=QUALIFIED_ROLE, today=today)
    return [
        Person(
            one.id, one.name, is_neighbour=True, agreement=agreements.get(one.id, ""),
            qualified=True, qualified_told=f"Đánh giá viên của {agency}",
            audited=past.get(one.id, frozenset()),
        )
        for _agency_id, agency, one in near
    ]  # fmt: skip


def neighbour_agencies(*, agency_id: int, today: date) -> dict[int, tuple[int, str]]:
    """Return (agency, its name) by person of the auditors of the other agencies of the province."""
    near = organization.holders_near(agency_id=agency_id, role=QUALIFIED_ROLE, today=today)
    return {one.id: (near_id, name) for near_id, name, one in near}


def places(
    *, agency_id: int, sessions: Iterable[Session], with_makers: bool = True
) -> dict[int, Place]:
    """Return sessions as independence sees them; three queries at most for who made documents,
    which `with_makers` asks for."""
    rows = list(sessions)
    units = {unit.id: unit for unit in organization.units_of(agency_id)}
    made = documents.revisions_by_document(
        agency_id=agency_id, document_ids=[row.procedure_id for row in rows if row.procedure_id]
    ) if with_makers and any(row.procedure_id for row in rows) else {}  # fmt: skip
    found = {}
    for row in rows:
        revisions = made.get(row.procedure_id or 0, ())
        unit = units.get(row.unit_id)
        found[row.id] = Place(
            id=row.id, unit_id=row.unit_id, unit=unit.name if unit else "",
            starts_at=row.starts_at, ends_at=row.ends_at, unit_line=_line(units, row.unit_id),
            procedure=revisions[0].code if revisions else "",
            drafters=frozenset(id_ for one in revisions for id_ in one.author_ids),
            checkers=frozenset(one.checked_by for one in revisions if one.checked_by),
            approvers=frozenset(one.approved_by for one in revisions if one.approved_by),
            representative_id=row.representative_id,
        )  # fmt: skip
    return found


def _line(units: Mapping[int, UnitRow], unit_id: int) -> frozenset[int]:
    """Return a unit with every unit above it."""
    line: list[int] = []
    at: int | None = unit_id
    while at is not None and at not in line:
        line.append(at)
        at = units[at].parent_id if at in units else None
    return frozenset(line)


def head_of(*, agency_id: int, unit_id: int, today: date) -> int | None:
    """Return who speaks for a unit: its head, else its leader, else the first who works there."""
    headed = _headed(agency_id, today)
    for person_id, units in sorted(headed.items()):
        if unit_id in units:
            return person_id
    there = [
        one for one in organization.members(agency_id=agency_id, today=today)
        if unit_id in one.unit_ids
    ]  # fmt: skip
    first = sorted(there, key=lambda one: ("leader" not in one.roles, one.id))
    return first[0].id if first else None


def procedure_of_unit(*, agency_id: int, unit_code: str, today: date) -> VersionFacts | None:
    """Return the procedure of a unit that asks most to be audited: most late cases, then most."""
    versions = procedures.versions_by_unit(agency_id).get(unit_code, ())
    if not versions:
        return None
    months = (today.year - 1) * 100 + today.month, today.year * 100 + today.month
    done = finished.ended_figures(
        agency_ids=[agency_id], months=months, by="procedure", light=True,
        tthc_ids=[one.tthc_id for one in versions],
    )  # fmt: skip
    return max(
        versions,
        key=lambda one: (_count(done, one.tthc_id, "late"), _count(done, one.tthc_id, "ended"),
                         -one.revision_id),
    )  # fmt: skip


def procedure_choices(*, agency_id: int, unit_code: str) -> tuple[VersionFacts, ...]:
    """Return the procedures in force that a unit does steps of, by code."""
    return procedures.versions_by_unit(agency_id).get(unit_code, ())


def procedure_facts(
    *, actor: Actor, document_id: int | None, unit_code: str, today: date
) -> ProcedureFacts | None:
    """Return a procedure in force with the laws it names and the steps of a unit (of everybody where
    it does none), the longest first; None without a procedure in force."""
    if document_id is None:
        return None
    version = next(
        (one for one in procedures.procedures_in_force(actor.agency_id)
         if one.document_id == document_id), None,
    )  # fmt: skip
    if version is None:
        return None
    inside = [one for one in procedures.steps_by_hash(version.content_hash) if not one.outside]
    own = [one for one in inside if one.role.rpartition("/")[0] == unit_code]
    steps = sorted(own or inside, key=lambda one: (-_hours(one), one.number))
    named = legal.citations_of(
        agency_id=actor.agency_id, objects=[("document", document_id)], today=today, actor=actor
    )
    laws = dict.fromkeys(one.external.number or one.external.title for one in named.lines)
    basis = (
        procedures.tthc(tthc_id=version.tthc_id, agency_id=version.agency_id).legal_basis
        if not laws
        else ""
    )
    return ProcedureFacts(
        code=version.code, title=version.title, url=f"/tai-lieu/{document_id}/",
        steps=tuple(StepFacts(one.label, one.name, one.limit_words, one.forms) for one in steps),
        laws=tuple(laws) or _laws(basis),
    )  # fmt: skip


def _laws(basis: str) -> tuple[str, ...]:
    """Return the lines of a legal basis that name a law, a decree, a circular or a decision."""
    lines = (line.strip(" -+;.,") for line in basis.splitlines())
    return tuple(line for line in lines if _LAW.match(line))


def _hours(step: procedures.StepRow) -> float:
    if step.limit_amount is None:
        return 0.0
    return float(step.limit_amount) * (1 if step.limit_unit == "working_hour" else 8)


def agreements_of(audit_id: int) -> dict[int, str]:
    """Return by person the paper by which a neighbour is lent to an audit."""
    rows = Member.objects.filter(Q(audit_id=audit_id), from_agency__isnull=False)
    return dict(rows.values_list("person_id", "agreement"))


def rotation() -> int:
    """Return how many years in a row are too many."""
    return figure("rotation_years")
