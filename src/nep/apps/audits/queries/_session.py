"""One session: its checklist, samples, evidence at hand, and what the reader may do."""

from dataclasses import dataclass
from datetime import date, datetime

from nep.apps.audits.models import Audit, Draw, Finding, Proof, Sample, Session
from nep.apps.audits.queries._audit import AuditPage, SessionLine, page_of
from nep.apps.audits.queries._findings import FindingLine
from nep.apps.audits.queries._reference import figure
from nep.apps.audits.rules import independence, life
from nep.apps.cases.queries import sampling as cases
from nep.apps.improvement import queries as improvement
from nep.apps.organization import queries as organization
from nep.apps.organization.rules import Actor
from nep.apps.procedures import queries as procedures
from nep.apps.records import queries as records
from nep.kernel.decisions import Refused
from nep.kernel.errors import NotFound
from nep.kernel.vietnamese import local


@dataclass(frozen=True, slots=True)
class SampleLine:
    """A case of a sample; `pleat` is its progress as the pleat draws it."""

    id: int
    case_id: int
    code: str
    title: str
    word: str
    note: str
    url: str
    pleat: tuple[tuple[float, float, str], ...]


@dataclass(frozen=True, slots=True)
class DrawLine:
    """A sample as it was drawn."""

    id: int
    number: int
    seed: str
    since: date
    until: date
    population: int
    size: int
    keys_hash: str
    reason: str
    by: str
    at: datetime
    samples: tuple[SampleLine, ...]

    @property
    def late(self) -> int:
        """Return how many of the sample were late."""
        return sum(one.word == "tre" for one in self.samples)


@dataclass(frozen=True, slots=True)
class SessionPage:
    """Everything the page of a session shows."""

    audit: AuditPage
    line: SessionLine
    findings: tuple[FindingLine, ...]
    draw: DrawLine | None
    draws: int
    may_note: bool
    may_ask: bool
    may_answer: bool
    sample_size: int
    not_yet: bool
    files: tuple[tuple[str, str], ...]

    @property
    def unasked(self) -> tuple[str, ...]:
        """Return the clauses of the session about which no question stands."""
        asked = {one.clause for one in self.findings}
        return tuple(
            number for number in self.line.clauses
            if not any(one == number or one.startswith(f"{number}.") for one in asked)
        )  # fmt: skip

    @property
    def answered(self) -> int:
        """Return how many questions have their answer."""
        return sum(bool(one.level) for one in self.findings)


def session_page(*, actor: Actor, session_id: int, now: datetime) -> SessionPage:
    """Return one session of the agency; a fixed number of queries. Raises NotFound."""
    row = Audit.objects.filter(sessions=session_id, agency_id=actor.agency_id).first()
    if row is None:
        raise NotFound()
    audit = page_of(row, actor=actor, now=now, brief=True)
    line = next(one for one in audit.sessions if one.id == session_id)
    leads = any(
        one.person_id == actor.person_id and one.part == independence.LEADER
        for one in audit.members
    )
    leads = leads and not isinstance(
        independence.decide_leader(
            actor, unit_id=line.unit_id, representative_id=line.representative_id
        ),
        Refused,
    )
    audits, state = line.is_mine or leads, audit.line.state
    not_yet = local(now).date() < line.day
    may_note = audits and state == life.ANNOUNCED and not not_yet
    draws = list(Draw.objects.filter(session_id=session_id).order_by("-number"))
    return SessionPage(
        audit=audit, line=line,
        findings=tuple(one for one in audit.findings if one.session_id == session_id),
        draw=_draw(actor.agency_id, draws[0]) if draws else None, draws=len(draws),
        may_note=may_note,
        may_ask=(audits and state == life.ANNOUNCED)
        or (life.EDIT in audit.may and state == life.PLANNED),
        may_answer=line.answers_for and state == life.HELD and line.waiting > 0,
        sample_size=figure("sample_size"), not_yet=not_yet and state == life.ANNOUNCED,
        files=records.files_at_hand(agency_id=actor.agency_id, unit_id=line.unit_id)
        if may_note else (),
    )  # fmt: skip


def _draw(agency_id: int, row: Draw) -> DrawLine:
    samples = list(row.samples.order_by("place"))
    known = cases.sampled_cases(agency_id=agency_id, case_ids=[one.case_id for one in samples])
    return DrawLine(
        id=row.id, number=row.number, seed=row.seed, since=row.since, until=row.until,
        population=row.population, size=row.size, keys_hash=row.keys_hash, reason=row.reason,
        by=organization.person_names([row.by_id]).get(row.by_id, ""), at=row.at,
        samples=tuple(_sample(one, known.get(one.case_id)) for one in samples),
    )  # fmt: skip


def _sample(row: Sample, case: cases.SampledCase | None) -> SampleLine:
    return SampleLine(
        row.id, row.case_id, row.code, row.title, row.word, row.note, f"/ho-so/{row.case_id}/",
        _pleat(case) if case else (),
    )  # fmt: skip


def _pleat(case: cases.SampledCase) -> tuple[tuple[float, float, str], ...]:
    """Return (hours, percent, state) of each step that the case went through."""
    try:
        steps = procedures.steps_by_hash(case.content_hash)
    except NotFound:
        return ()
    folds = []
    for step, sign in zip(steps, case.progress, strict=False):
        hours = float(step.limit_amount or 1) * (1 if step.limit_unit == "working_hour" else 8)
        state = "late" if sign == "L" else "next" if sign == "-" else "done"
        folds.append((hours, 100.0 if state != "next" else 0.0, state))
    return tuple(folds)


def audit_of_session(*, actor: Actor, session_id: int) -> int:
    """Return the audit of a session of the agency. Raises NotFound."""
    found = Session.objects.filter(pk=session_id, audit__agency_id=actor.agency_id)
    audit_id = found.values_list("audit_id", flat=True).first()
    if audit_id is None:
        raise NotFound()
    return audit_id


def session_of_finding(*, actor: Actor, finding_id: int) -> int:
    """Return the session of a finding of the agency. Raises NotFound."""
    found = Finding.objects.filter(pk=finding_id, agency_id=actor.agency_id)
    session_id = found.values_list("session_id", flat=True).first()
    if session_id is None:
        raise NotFound()
    return session_id


def session_of_sample(*, actor: Actor, sample_id: int) -> int:
    """Return the session of a sampled case of the agency. Raises NotFound."""
    found = Sample.objects.filter(pk=sample_id, draw__session__audit__agency_id=actor.agency_id)
    session_id = found.values_list("draw__session_id", flat=True).first()
    if session_id is None:
        raise NotFound()
    return session_id


def proof_file(*, actor: Actor, proof_id: int) -> int:
    """Return the stored file of a piece of evidence of the agency. Raises NotFound."""
    row = Proof.objects.filter(pk=proof_id, finding__agency_id=actor.agency_id).first()
    if row is None or row.file_id is None:
        raise NotFound()
    return row.file_id


def sheets_before(*, agency_id: int, unit_id: int, today: date) -> tuple[tuple[str, str, str], ...]:
    """Return (code, title, address) of the newest nonconformities of a unit."""
    found = improvement.latest_of_unit(agency_id=agency_id, unit_id=unit_id, today=today)
    return tuple((one.code, one.title, f"/khong-phu-hop/{one.id}/") for one in found)
