"""Files and the records in them, in the common index."""

from collections.abc import Collection, Iterator
from datetime import datetime

from django.db.models import F, Q

from nep.apps.organization.rules import Actor, may
from nep.apps.records import rules
from nep.apps.records.models import Record, RecordFile
from nep.foundation.files import queries as files
from nep.foundation.printing.office_bounds import NotMade
from nep.foundation.printing.texts import text_of
from nep.foundation.search.services import Found
from nep.foundation.search.sources import Source
from nep.kernel.errors import Refusal

FILE_KIND, RECORD_KIND = "record_file", "record"
SORT = "record"
MOST_TITLES = 2_000
APPROVE = "record.approve"
_TEXT_OF_ITS_OWN = ("upload", "case")  # other records are found where they come from


def _files_changed(since: datetime | None) -> Iterator[tuple[int, datetime]]:
    rows = RecordFile.objects.order_by("changed_at", "pk")
    if since is not None:
        rows = rows.filter(changed_at__gte=since)
    return rows.values_list("pk", "changed_at").iterator(chunk_size=500)


def _file(file_id: int) -> Found | None:
    """Describe a file by its code, title and series and by the titles of its records."""
    row = RecordFile.objects.filter(pk=file_id).select_related("series", "unit").first()
    if row is None:
        return None
    titles = row.records.order_by("number").values_list("title", "file_name")[:MOST_TITLES]
    unit = row.unit.name if row.unit else ""
    return Found(
        agency_id=row.agency_id,
        kind=FILE_KIND,
        object_id=row.pk,
        title=row.title,
        link=f"/luu-tru/ho-so/{row.pk}/",
        code=row.code,
        detail=" · ".join(filter(None, ["Hồ sơ lưu", rules.FILE_STATES[row.state], unit])),
        sort=SORT,
        state="old" if row.state == rules.DESTROYED else "current",
        unit_id=row.unit_id,
        is_open=False,
        at=row.opened_on,
        text="\n".join(title for title, _name in titles),
        extra=f"hồ sơ lưu {row.series.code} {row.series.title} {row.location}",
        aside=" ".join(name for _title, name in titles),
    )


def _files_seen(actor: Actor, file_ids: Collection[int]) -> Collection[int]:
    """Return the files an actor may see: all of the agency's, who sees the list of files."""
    return file_ids if may(actor, "record.see") else ()


def _records_changed(since: datetime | None) -> Iterator[tuple[int, datetime]]:
    never_found = Q(file__isnull=False, changed_at=F("deposited_at"))
    never_found &= ~Q(source_type__in=_TEXT_OF_ITS_OWN)
    rows = Record.objects.exclude(never_found).order_by("changed_at", "pk")
    if since is not None:
        rows = rows.filter(changed_at__gte=since)
    return rows.values_list("pk", "changed_at").iterator(chunk_size=500)


def _record(record_id: int) -> Found | None:
    """Describe a record by its title and, where it comes from nowhere else, by its text."""
    row = Record.objects.filter(pk=record_id).select_related("file").first()
    if row is None or row.destroyed_at is not None:
        return None
    has_text = row.stored_file_id is not None and row.source_type in _TEXT_OF_ITS_OWN
    if row.file_id is not None and not has_text:
        return None  # its title is found with the file it lies in
    where = f"trong hồ sơ {row.file.code}" if row.file else "chưa xếp vào hồ sơ"
    return Found(
        agency_id=row.agency_id,
        kind=RECORD_KIND,
        object_id=row.pk,
        title=row.title,
        link=f"/luu-tru/ho-so/{row.file_id}/" if row.file_id else "/luu-tru/chua-xep/",
        code=row.source_code,
        detail=f"Văn bản lưu · {where}",
        sort=SORT,
        unit_id=row.file.unit_id if row.file else None,
        is_open=False,
        at=row.made_on,
        text=_text(row.stored_file_id) if has_text else "",
        extra=f"{row.file.code if row.file else ''} {row.file_name}",
    )


def _text(file_id: int | None) -> str:
    """Return the text of a stored file; one that cannot be read has none."""
    if file_id is None:
        return ""
    try:
        name = files.facts(file_id).name
        return text_of(files.read(file_id), name=name, with_scans=True)
    except (Refusal, NotMade):
        return ""


def _records_seen(actor: Actor, record_ids: Collection[int]) -> Collection[int]:
    """Return the records whose bytes an actor may have, as `record_download` decides."""
    if not may(actor, "record.see"):
        return ()
    rows = Record.objects.filter(pk__in=record_ids, agency_id=actor.agency_id)
    if may(actor, APPROVE):
        return list(rows.values_list("pk", flat=True))
    kept = rows.values_list("pk", "file_id", "file__keeper_id", "file__unit_id")
    return [
        pk
        for pk, file_id, keeper_id, unit_id in kept
        if file_id is None or rules.keeps_file(actor, keeper_id=keeper_id, unit_id=unit_id)
    ]


FILES_SOURCE = Source(FILE_KIND, _files_changed, _file, _files_seen)
RECORDS_SOURCE = Source(RECORD_KIND, _records_changed, _record, _records_seen)
