"""Versions of procedures: what is in force when, and the compiled graph by its hash."""

import threading
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from django.db.models import Q

from nep.apps.documents.rules import revision_text
from nep.apps.procedures.models import Definition, Procedure, SharedTthc, Tthc
from nep.apps.procedures.queries._procedures import draft_of_row
from nep.apps.procedures.rules.carried import NOTHING, Carried, KeptRecord, read_carried
from nep.apps.procedures.rules.draft import Draft, read_graph, read_table
from nep.apps.procedures.rules.report import CalledVersion
from nep.apps.procedures.rules.table import Step, Table
from nep.apps.procedures.rules.wording import limit_text
from nep.bpmn import Compiled, Limit, compile_process
from nep.kernel.errors import NotFound

_MOST = 2000
_lock = threading.Lock()
_compiled: dict[str, Compiled] = {}
_tables: dict[str, Table] = {}
_carried: dict[str, dict[str, Carried]] = {}
_IN_FORCE = Q(revision__state="in_force")


@dataclass(frozen=True, slots=True)
class VersionFacts:
    """One version of a procedure as a case pins it.

    `limit_unit` is working_hour, working_day or calendar_day; `pause_policy` is stop, restart or
    none.
    """

    revision_id: int
    document_id: int
    procedure_id: int
    agency_id: int
    tthc_id: int
    tthc_code: str
    tthc_name: str
    field: str
    variant: str
    content_hash: str
    limit_amount: Decimal | None
    limit_unit: str
    pause_policy: str
    code: str
    title: str
    issue: str
    amendment: str
    state: str
    effective_from: date | None
    is_internal: bool = False
    at_once: bool = False

    @property
    def limit(self) -> Limit | None:
        """Return the limit of the whole procedure."""
        if self.limit_amount is None or not self.limit_unit:
            return None
        return Limit(self.limit_amount, self.limit_unit)

    @property
    def policy(self) -> str:
        """Return the pause policy: stop, restart or none."""
        return self.pause_policy

    @property
    def limit_words(self) -> str:
        """Return "25 ngày làm việc"."""
        return limit_text(self.limit_amount, self.limit_unit)

    @property
    def number(self) -> str:
        """Return "lần 06" or "lần 06, sửa đổi 02"."""
        return revision_text(self.issue, self.amendment)


@dataclass(frozen=True, slots=True)
class StepRow:
    """One row of a version's step table; hours count 8 to a day, None where untimed."""

    node: str
    number: int
    name: str
    note: str
    role: str
    outside: bool
    limit_amount: Decimal | None
    limit_unit: str
    untimed: bool
    forms: tuple[str, ...]
    branches: tuple[str, ...]

    @property
    def label(self) -> str:
        """Return "Bước 3"."""
        return f"Bước {self.number}"

    @property
    def limit_words(self) -> str:
        """Return "2 ngày làm việc", or "không tính thời gian"."""
        return (
            "không tính thời gian"
            if self.untimed
            else limit_text(self.limit_amount, self.limit_unit)
        )


def compiled(content_hash: str) -> Compiled:
    """Return the compiled graph of a version; kept per process, since a hash never changes.

    Raises NotFound.
    """
    known = _compiled.get(content_hash)
    if known is not None:
        return known
    made = compile_process(read_graph(_graph(content_hash)))
    with _lock:
        if len(_compiled) >= _MOST:
            _compiled.clear()
        _compiled[content_hash] = made
    return made


def table_of(content_hash: str) -> Table:
    """Return the step table of a version; kept per process. Raises NotFound."""
    known = _tables.get(content_hash)
    if known is not None:
        return known
    return _keep_table(content_hash, read_table(_graph(content_hash)))


def _keep_table(content_hash: str, made: Table) -> Table:
    with _lock:
        if len(_tables) >= _MOST:
            _tables.clear()
        _tables[content_hash] = made
    return made


def carried_of(content_hash: str, step: str) -> Carried:
    """Return what a step of a version carries; kept per process. Raises NotFound."""
    return _carried_by_hash(content_hash).get(step, NOTHING)


def carries_data(content_hash: str) -> bool:
    """Say whether any step of a version asks for data. Raises NotFound."""
    return any(one.fields for one in _carried_by_hash(content_hash).values())


def records_left(content_hash: str) -> dict[str, KeptRecord]:
    """Return by step the records that the steps of a version leave. Raises NotFound."""
    carried = _carried_by_hash(content_hash)
    return {step: one.record for step, one in carried.items() if one.record}


def _carried_by_hash(content_hash: str) -> dict[str, Carried]:
    known = _carried.get(content_hash)
    if known is None:
        _graph(content_hash)
        known = _carried[content_hash]
    return known


def _graph(content_hash: str) -> str:
    """Return the graph of a version, and keep what its steps carry, read by the same query."""
    found = (
        Definition.objects.filter(content_hash=content_hash).values_list("graph", "carried").first()
    )
    if found is None:
        raise NotFound("version_unknown", "Không tìm thấy lần ban hành này của quy trình.")
    with _lock:
        if len(_carried) >= _MOST:
            _carried.clear()
        _carried[content_hash] = read_carried(found[1])
    return found[0]


def version(*, revision_id: int, agency_id: int) -> VersionFacts:
    """Return one version of the agency, whatever its state. Raises NotFound."""
    found = _facts(Q(revision_id=revision_id, agency_id=agency_id))
    if not found:
        raise NotFound()
    return found[0]


def versions_of(*, procedure_id: int, agency_id: int) -> tuple[VersionFacts, ...]:
    """Return every version of a procedure of the agency, drafts too."""
    return _facts(Q(procedure_id=procedure_id, agency_id=agency_id))


def version_numbers(revision_ids: Iterable[int]) -> dict[int, str]:
    """Return "lần 06" by revision."""
    return {one.revision_id: one.number for one in _facts(Q(revision_id__in=list(revision_ids)))}


def versions_in_force(
    *, agency_id: int, tthc_id: int | None = None, on: date | None = None
) -> tuple[VersionFacts, ...]:
    """Return the versions in force on a day (today's when None), one per procedure, by code.

    A TTHC without a procedure of its own has those that it shares with similar ones.
    A TTHC with several cases (variants) has several.
    """
    found = Q(agency_id=agency_id) & _held(on)
    if tthc_id is None:
        return _facts(found)
    own = _facts(found & Q(procedure__tthc_id=tthc_id))
    return own or _shared(found, agency_id, tthc_id)


def _held(on: date | None) -> Q:
    """Return the condition of what was in force on a day, today when None."""
    if on is None:
        return _IN_FORCE
    began = Q(revision__state__in=["in_force", "retired"], revision__effective_from__lte=on)
    lasted = Q(revision__retired_on=None) | Q(revision__retired_on__gt=on)
    return began & lasted


def _shared(found: Q, agency_id: int, tthc_id: int) -> tuple[VersionFacts, ...]:
    """Return the versions of other TTHC by which this one goes, told as its own.

    Source: Thông tư 26/2014/TT-BKHCN Điều 41 khoản 6.
    """
    versions = _facts(found & Q(procedure__shared_with__tthc_id=tthc_id))
    row = Tthc.objects.filter(pk=tthc_id, agency_id=agency_id).first() if versions else None
    return tuple(_told_of(one, row) for one in versions) if row else ()


def _told_of(one: VersionFacts, row: Tthc) -> VersionFacts:
    """Return a version as that of a TTHC that shares it."""
    return replace(
        one, tthc_id=row.pk, tthc_code=row.code, tthc_name=row.name, field=row.field,
        at_once=row.at_once,
    )  # fmt: skip


def versions_of_every_tthc(agency_id: int) -> tuple[VersionFacts, ...]:
    """Return what is in force today for each TTHC: its own versions, or those it shares; two
    queries, by the code of the document and then of the TTHC."""
    own = procedures_in_force(agency_id)
    known = {one.tthc_id for one in own}
    by_procedure: dict[int, list[Tthc]] = {}
    shares = SharedTthc.objects.filter(agency_id=agency_id).exclude(tthc_id__in=known)
    for share in shares.select_related("tthc").order_by("tthc__code", "tthc_id"):
        by_procedure.setdefault(share.procedure_id, []).append(share.tthc)
    return tuple(
        told
        for one in own
        for told in (one, *(_told_of(one, row) for row in by_procedure.get(one.procedure_id, ())))
    )


def version_in_force(
    *, agency_id: int, tthc_id: int, on: date | None = None, variant: str | None = None
) -> VersionFacts | None:
    """Return the version of a TTHC in force on a day, or None.

    Without `variant` the first by code is taken.
    """
    found = versions_in_force(agency_id=agency_id, tthc_id=tthc_id, on=on)
    if variant is not None:
        found = tuple(one for one in found if one.variant == variant)
    return found[0] if found else None


def procedures_in_force(agency_id: int) -> tuple[VersionFacts, ...]:
    """Return every version in force today, by the code of its document."""
    return versions_in_force(agency_id=agency_id)


def versions_by_unit(agency_id: int) -> dict[str, tuple[VersionFacts, ...]]:
    """Return the versions in force by the code of each unit that does a step of them; two queries
    at most, none for graphs that are known."""
    versions = procedures_in_force(agency_id)
    unknown = {one.content_hash for one in versions} - _tables.keys()
    if unknown:
        rows = Definition.objects.filter(content_hash__in=unknown)
        for content_hash, graph in rows.values_list("content_hash", "graph"):
            _keep_table(content_hash, read_table(graph))
    found: dict[str, dict[int, VersionFacts]] = {}
    for one in versions:
        for step in table_of(one.content_hash).steps:
            unit_code = "" if step.outside else step.role.rpartition("/")[0]
            if unit_code:
                found.setdefault(unit_code, {})[one.revision_id] = one
    return {unit_code: tuple(ones.values()) for unit_code, ones in found.items()}


def step_table(revision_id: int) -> tuple[StepRow, ...]:
    """Return the rows of a version in order. Raises NotFound."""
    content_hash = (
        Definition.objects.filter(revision_id=revision_id)
        .values_list("content_hash", flat=True)
        .first()
    )
    if content_hash is None:
        raise NotFound()
    return rows_of(table_of(content_hash))


def steps_by_hash(content_hash: str) -> tuple[StepRow, ...]:
    """Return the rows of a version by its hash, without a query once known."""
    return rows_of(table_of(content_hash))


def rows_of(table: Table) -> tuple[StepRow, ...]:
    """Return the rows of a table that somebody does, as plain values."""
    return tuple(_row(place, step, table) for place, step in enumerate(table.tasks, start=1))


def _row(number: int, step: Step, table: Table) -> StepRow:
    return StepRow(
        node=step.id,
        number=number,
        name=step.name,
        note=step.note,
        role=step.role,
        outside=step.outside,
        limit_amount=step.limit.amount if step.limit else None,
        limit_unit=step.limit.unit if step.limit else "",
        untimed=step.untimed,
        forms=step.forms,
        branches=tuple(
            f"{branch.name} → bước {table.label(branch.target)}"
            if table.label(branch.target)
            else f"{branch.name} → kết thúc"
            for branch in step.branches
        ),
    )


def _facts(condition: Q) -> tuple[VersionFacts, ...]:
    rows = (
        Definition.objects.filter(condition)
        .order_by("revision__document__code", "-revision__effective_from", "id")
        .values_list(
            "revision_id",
            "revision__document_id",
            "procedure_id",
            "agency_id",
            "procedure__tthc_id",
            "procedure__tthc__code",
            "procedure__tthc__name",
            "procedure__tthc__field",
            "procedure__variant",
            "content_hash",
            "limit_amount",
            "limit_unit",
            "pause_policy",
            "revision__document__code",
            "revision__document__title",
            "revision__issue",
            "revision__amendment",
            "revision__state",
            "revision__effective_from",
            "procedure__tthc__is_internal",
            "procedure__tthc__at_once",
        )
    )
    return tuple(VersionFacts(*row) for row in rows)


def version_draft(*, revision_id: int, agency_id: int) -> Draft:
    """Return what a version of an agency says, whatever its state. Raises NotFound."""
    row = Definition.objects.filter(revision_id=revision_id, agency_id=agency_id).first()
    if row is None:
        raise NotFound()
    return draft_of_row(row)


def version_called(*, agency_id: int, content_hash: str) -> VersionFacts | None:
    """Return the issued version of an agency with this content hash, or None.

    What a running case calls by its hash is the same whether it was replaced since or not.
    """
    issued = Q(revision__state__in=["in_force", "retired"])
    found = _facts(Q(agency_id=agency_id, content_hash=content_hash) & issued)
    return next(iter(sorted(found, key=lambda one: one.state != "in_force")), None)


def called_versions(*, agency_id: int, hashes: Iterable[str]) -> dict[str, CalledVersion]:
    """Return the issued versions of an agency by content hash, with what is in force in their place.

    No query where nothing is called.
    """
    wanted = set(hashes)
    if not wanted:
        return {}
    issued = Q(revision__state__in=["in_force", "retired"], content_hash__in=wanted)
    found = _facts(Q(agency_id=agency_id) & issued)
    known = {
        one.content_hash: one for one in sorted(found, key=lambda one: one.state == "in_force")
    }
    old = {one.procedure_id for one in known.values() if one.state != "in_force"}
    newer = _facts(_IN_FORCE & Q(agency_id=agency_id, procedure_id__in=old)) if old else ()
    in_place = {one.procedure_id: one for one in newer}
    return {
        name: CalledVersion(
            one.revision_id, one.code, one.title, one.number, one.state == "in_force",
            *_in_place(in_place.get(one.procedure_id)),
            limit_hours=one.limit.hours() if one.limit else None, is_internal=one.is_internal,
        )
        for name, one in known.items()
    }  # fmt: skip


def _in_place(newer: VersionFacts | None) -> tuple[int | None, str]:
    return (newer.revision_id, newer.number) if newer is not None else (None, "")


def version_drafts(revision_ids: Iterable[int]) -> dict[int, Draft]:
    """Return what versions say by revision, whichever agency's they are; one query."""
    rows = Definition.objects.filter(revision_id__in=list(revision_ids))
    return {row.revision_id: draft_of_row(row) for row in rows}


def revision_in_force(*, procedure_id: int, agency_id: int) -> int | None:
    """Return the revision of a procedure that is in force, or None."""
    rows = Definition.objects.filter(
        _IN_FORCE, procedure_id=procedure_id, agency_id=agency_id
    ).values_list("revision_id", flat=True)
    return rows.first()


def procedure_of(*, revision_id: int, agency_id: int) -> tuple[int, str] | None:
    """Return the procedure of a revision and the revision's state, None of no procedure's."""
    rows = Definition.objects.filter(revision_id=revision_id, agency_id=agency_id)
    return rows.values_list("procedure_id", "revision__state").first()


def procedure_for(*, tthc_id: int, agency_id: int, variant: str = "") -> int | None:
    """Return the agency's procedure of a TTHC for a case, or None."""
    rows = Procedure.objects.filter(tthc_id=tthc_id, agency_id=agency_id, variant=variant)
    return rows.values_list("id", flat=True).first()
