"""Files as lists and as pages, and the records in them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Case, Count, QuerySet, When

from nep.apps.organization.queries import person_names, units_of
from nep.apps.organization.rules import Actor, may
from nep.apps.records import rules
from nep.apps.records.models import Hold, Record, RecordEdition, RecordFile
from nep.kernel.errors import NotFound
from nep.kernel.text import fold, whole_number

PAGE = 50
RECORDS_PAGE = 100


@dataclass(frozen=True, slots=True)
class FileFilter:
    """What to list; empty means any. `state` is a state, "held" or "due" (time is over)."""

    query: str = ""
    state: str = ""
    mine: bool = False
    series_id: int = 0

    @classmethod
    def read(cls, values: Mapping[str, str]) -> "FileFilter":
        """Return the filter of a query string: q, tt, toi, dong."""
        state, series = values.get("tt", ""), values.get("dong", "")
        return cls(
            query=values.get("q", "")[:120].strip(),
            state=state if state in {*rules.FILE_STATES, "held", "due"} else "",
            mine=values.get("toi") == "1",
            series_id=whole_number(series),
        )  # fmt: skip

    def values(self) -> dict[str, str]:
        """Return the filter as a query string's values, without what means any."""
        found = {
            "q": self.query,
            "tt": self.state,
            "toi": "1" if self.mine else "",
            "dong": str(self.series_id or ""),
        }
        return {name: value for name, value in found.items() if value}


@dataclass(frozen=True, slots=True)
class FileLine:
    """A file of the list."""

    id: int
    code: str
    title: str
    unit: str
    keeper_id: int
    keeper: str
    state: str
    state_name: str
    medium_name: str
    location: str
    opened_on: date
    closed_on: date | None
    retention: str
    retain_until: date | None
    is_held: bool
    records: int
    sheets: int | None
    series: str


@dataclass(frozen=True, slots=True)
class FileList:
    """One page of files with the counts of the agency."""

    lines: tuple[FileLine, ...]
    found: int
    offset: int
    open: int
    due: int
    held: int
    unfiled: int

    @property
    def headline(self) -> str:
        """Return the answer in words."""
        if self.unfiled:
            return f"{self.unfiled} văn bản chưa xếp vào hồ sơ nào"
        if self.due:
            return f"{self.due} hồ sơ đã hết thời hạn lưu"
        if self.open:
            return f"{self.open} hồ sơ đang lập"
        return "Không hồ sơ nào đang lập"


@dataclass(frozen=True, slots=True)
class EditionLine:
    """Bytes that a record held before a further edition came."""

    position: int
    file_name: str
    sha256: str
    replaced_at: datetime
    reason: str
    has_bytes: bool


@dataclass(frozen=True, slots=True)
class RecordLine:
    """A record: in a file with its number, or waiting to be filed."""

    id: int
    number: int | None
    title: str
    source: str
    source_code: str
    link: str
    made_on: date
    deposited_by: str
    deposited_at: datetime
    file_name: str
    size: int
    sha256: str
    has_bytes: bool
    destroyed_at: datetime | None
    file_id: int | None
    file_code: str
    editions: tuple["EditionLine", ...] = ()
    source_id: int = 0


@dataclass(frozen=True, slots=True)
class HoldLine:
    """A file was held back, for a reason; open while not lifted."""

    reason: str
    authority: str
    placed_by: str
    placed_at: datetime
    lifted_at: datetime | None
    lift_reason: str


@dataclass(frozen=True, slots=True)
class FilePage:
    """Everything the page of a file shows."""

    line: FileLine
    records: tuple[RecordLine, ...]
    holds: tuple[HoldLine, ...]
    medium: str
    years: int | None
    is_permanent: bool
    transferred_on: date | None
    destroyed_on: date | None
    destroyed_under: str
    may_work: bool
    version: int


def files(
    *, actor: Actor, filter: FileFilter, today: date, offset: int = 0, limit: int = PAGE
) -> FileList:
    """Return a page of files, newest first, with the counts of the agency.

    A fixed number of queries, whatever the length.
    """
    everything = RecordFile.objects.filter(agency_id=actor.agency_id)
    rows = _found(everything, filter, actor, today)
    return FileList(
        lines=lines_of(rows.order_by("-opened_on", "-id")[offset : offset + limit], actor),
        found=rows.count(),
        offset=offset,
        open=everything.filter(state=rules.OPEN).count(),
        due=_due(everything, today).count(),
        held=Hold.objects.filter(agency_id=actor.agency_id, lifted_at=None).count(),
        unfiled=Record.objects.filter(agency_id=actor.agency_id, file=None).count(),
    )


def _due(rows: QuerySet[RecordFile], today: date) -> QuerySet[RecordFile]:
    return rows.filter(state=rules.CLOSED, retain_until__lt=today)


def _found(
    rows: QuerySet[RecordFile], wanted: FileFilter, actor: Actor, today: date
) -> QuerySet[RecordFile]:
    if wanted.state == "held":
        held = Hold.objects.filter(agency_id=actor.agency_id, lifted_at=None)
        rows = rows.filter(pk__in=held.values("file_id"))
    elif wanted.state == "due":
        rows = _due(rows, today)
    elif wanted.state:
        rows = rows.filter(state=wanted.state)
    if wanted.mine:
        rows = rows.filter(keeper_id=actor.person_id)
    if wanted.series_id:
        rows = rows.filter(series_id=wanted.series_id)
    for word in fold(wanted.query).split():
        rows = rows.filter(folded__contains=word)
    return rows


def lines_of(rows: QuerySet[RecordFile], actor: Actor) -> tuple[FileLine, ...]:
    """Return files as the list shows them; a fixed number of queries."""
    found = list(rows.select_related("series"))
    held_records = Record.objects.filter(file_id__in=[row.id for row in found])
    counted = held_records.values("file_id").annotate(count=Count("id"))
    counts = {one["file_id"]: one["count"] for one in counted}
    held = set(
        Hold.objects.filter(file_id__in=[row.id for row in found], lifted_at=None).values_list(
            "file_id", flat=True
        )
    )
    people = person_names(row.keeper_id for row in found)
    units = {unit.id: unit.name for unit in units_of(actor.agency_id)}
    return tuple(
        FileLine(
            id=row.id, code=row.code, title=row.title, unit=units.get(row.unit_id or 0, ""),
            keeper_id=row.keeper_id, keeper=people.get(row.keeper_id, ""), state=row.state,
            state_name=rules.FILE_STATES[row.state], medium_name=rules.MEDIUM_NAMES[row.medium],
            location=row.location, opened_on=row.opened_on, closed_on=row.closed_on,
            retention=rules.retention_text(
                years=row.retention_years, is_permanent=row.is_permanent
            ),
            retain_until=row.retain_until, is_held=row.id in held, records=counts.get(row.id, 0),
            sheets=row.sheets, series=row.series.code,
        )
        for row in found
    )  # fmt: skip


def file_page(*, actor: Actor, file_id: int, offset: int = 0) -> FilePage:
    """Return one file of the agency with a page of its records and its holds. Raises NotFound."""
    rows = RecordFile.objects.filter(pk=file_id, agency_id=actor.agency_id)
    row = rows.first()
    if row is None:
        raise NotFound()
    holds = list(Hold.objects.filter(file_id=file_id).order_by("-placed_at"))
    names = person_names(hold.placed_by_id for hold in holds)
    disposal = row.disposal_lines.filter(disposal__state="executed").select_related("disposal")
    under = disposal.first() if row.state == rules.DESTROYED else None
    return FilePage(
        line=lines_of(rows, actor)[0],
        records=_records(_of_file(file_id)[offset : offset + RECORDS_PAGE]),
        holds=tuple(
            HoldLine(h.reason, h.authority, names.get(h.placed_by_id, ""), h.placed_at,
                     h.lifted_at, h.lift_reason)
            for h in holds
        ),
        medium=row.medium,
        years=row.retention_years,
        is_permanent=row.is_permanent,
        transferred_on=row.transferred_on,
        destroyed_on=row.destroyed_on,
        destroyed_under=under.disposal.decision_number if under else "",
        may_work=bool(rules.keeps_file(actor, keeper_id=row.keeper_id, unit_id=row.unit_id)),
        version=row.version,
    )  # fmt: skip


def _of_file(file_id: int) -> QuerySet[Record]:
    return Record.objects.filter(file_id=file_id).order_by("number")


def unfiled(*, actor: Actor, limit: int = 200) -> tuple[RecordLine, ...]:
    """Return the agency's records that wait to be filed, oldest first."""
    rows = Record.objects.filter(agency_id=actor.agency_id, file=None)
    return _records(rows.order_by("deposited_at", "id")[:limit])


def records_of_source(
    *, agency_id: int, source_type: str, source_ids: list[int]
) -> tuple[RecordLine, ...]:
    """Return the records that came from some sources, newest first."""
    rows = Record.objects.filter(
        agency_id=agency_id, source_type=source_type, source_id__in=source_ids
    )
    if source_type != "upload":  # says so again, for SQLite to use the index that leaves them out
        rows = rows.exclude(source_type="upload")
    return _records(rows.order_by("-deposited_at", "-id"))


def _records(rows: QuerySet[Record]) -> tuple[RecordLine, ...]:
    found = list(rows.select_related("file"))
    names = person_names(row.deposited_by_id for row in found)
    before = _editions([row.id for row in found])
    return tuple(
        RecordLine(
            id=row.id, number=row.number, title=row.title,
            source=rules.SOURCE_NAMES.get(row.source_type, row.source_type),
            source_code=row.source_code, link=row.link, made_on=row.made_on,
            deposited_by=names.get(row.deposited_by_id or 0, ""), deposited_at=row.deposited_at,
            file_name=row.file_name, size=row.size, sha256=row.sha256,
            has_bytes=row.stored_file_id is not None, destroyed_at=row.destroyed_at,
            file_id=row.file_id, file_code=row.file.code if row.file else "",
            editions=tuple(before.get(row.id, ())), source_id=row.source_id,
        )
        for row in found
    )  # fmt: skip


def _editions(record_ids: list[int]) -> dict[int, list[EditionLine]]:
    found: dict[int, list[EditionLine]] = {}
    rows = RecordEdition.objects.filter(record_id__in=record_ids).order_by("position")
    for row in rows if record_ids else ():
        found.setdefault(row.record_id, []).append(
            EditionLine(
                row.position, row.file_name, row.sha256, row.replaced_at, row.reason,
                row.stored_file_id is not None,
            )
        )  # fmt: skip
    return found


def open_files(*, actor: Actor) -> tuple[tuple[int, str], ...]:
    """Return (id, words) of the open files the actor may put records into."""
    rows = RecordFile.objects.filter(agency_id=actor.agency_id, state=rules.OPEN)
    if not may(actor, "record.manage"):
        rows = rows.filter(keeper_id=actor.person_id)
    return tuple(
        (id_, f"{code} {title}")
        for id_, code, title in rows.order_by("code").values_list("id", "code", "title")[:500]
    )


def files_at_hand(
    *, agency_id: int, unit_id: int | None, limit: int = 60
) -> tuple[tuple[str, str], ...]:
    """Return (code, title) of the agency's files that still stand, a unit's own first, newest first;
    one query."""
    rows = RecordFile.objects.filter(agency_id=agency_id).exclude(state=rules.DESTROYED)
    ordered = rows.order_by(
        Case(When(unit_id=unit_id, then=0), default=1), "-opened_on", "-id"
    ).values_list("code", "title")
    return tuple(ordered[:limit])


def file_called(*, agency_id: int, code: str) -> tuple[int, str, str] | None:
    """Return (id, code, title) of the agency's file of a code, None for none and a destroyed one."""
    rows = RecordFile.objects.filter(agency_id=agency_id, code__iexact=code.strip())
    return rows.exclude(state=rules.DESTROYED).values_list("id", "code", "title").first()


def record_exists(*, actor: Actor, record_id: int) -> None:
    """Raise NotFound when the agency has no such record."""
    if not Record.objects.filter(pk=record_id, agency_id=actor.agency_id).exists():
        raise NotFound()


def record_download(*, actor: Actor, record_id: int, edition: int = 0) -> int:
    """Return the stored file of a record of the agency. Raises NotFound when there is none.

    `edition` asks for the bytes before a further edition came, by their position. Records of a file are for its keeper, the unit's head and who manages records; others see the
    line, not the bytes.
    """
    row = (
        Record.objects.filter(pk=record_id, agency_id=actor.agency_id)
        .select_related("file")
        .first()
    )
    if row is None:
        raise NotFound()
    stored_id = row.stored_file_id
    if edition:
        kept = row.editions.filter(position=edition).values_list("stored_file_id", flat=True)
        stored_id = kept.first()
    if stored_id is None:
        raise NotFound("bytes_gone", "Văn bản này không có tệp, hoặc tệp đã được tiêu hủy.")
    if row.file is not None:
        keeps = rules.keeps_file(actor, keeper_id=row.file.keeper_id, unit_id=row.file.unit_id)
        if not keeps and not may(actor, "record.approve"):
            raise NotFound()
    return stored_id
