"""What must hold of files and records; `nep doctor` asks."""

from collections.abc import Iterator

from django.db.models import Count, F, Q

from nep.apps.records import rules
from nep.apps.records.models import Disposal, Record, RecordEdition, RecordFile
from nep.foundation.db.doctor import Finding, invariant


def _name(row: RecordFile) -> str:
    return f"hồ sơ lưu {row.code}"


@invariant("record_files", "Hồ sơ lưu: ngày, thời hạn và số văn bản khớp nhau")
def files() -> Iterator[Finding]:
    """Find files of another agency's series, with a wrong retention, or changed after closing."""
    rows = RecordFile.objects.select_related("series").annotate(count=Count("records"))
    for row in rows.order_by("pk").iterator(chunk_size=500):
        if row.agency_id != row.series.agency_id:
            yield Finding("record_agency", _name(row), "thuộc cơ quan khác với danh mục")
        if row.state == rules.OPEN:
            continue
        wanted = rules.retain_until(
            closed_on=row.closed_on or row.opened_on, years=row.retention_years,
            is_permanent=row.is_permanent,
        )  # fmt: skip
        if row.retain_until != wanted:
            yield Finding(
                "record_retention", _name(row), f"lưu đến {row.retain_until}, phải là {wanted}"
            )
        if row.sealed_count != row.count:
            yield Finding(
                "record_sealed", _name(row), f"kết thúc với {row.sealed_count} văn bản, nay {row.count}"
            )  # fmt: skip


@invariant("record_disposal", "Hồ sơ tiêu hủy có quyết định của người khác, không còn tệp")
def disposals() -> Iterator[Finding]:
    """Find destroyed files without an executed disposal, bytes left, or one person for two acts."""
    destroyed = RecordFile.objects.filter(state=rules.DESTROYED)
    for row in destroyed.exclude(disposal_lines__disposal__state="executed"):
        yield Finding(
            "record_disposal", _name(row), "đã tiêu hủy mà không có danh mục đã thực hiện"
        )
    left = Record.objects.filter(file__state=rules.DESTROYED).filter(
        Q(stored_file__isnull=False) | Q(destroyed_at=None)
    )
    for one in left.select_related("file"):
        yield Finding("record_disposal", f"văn bản {one.pk}", "hồ sơ đã tiêu hủy mà còn tệp")
    before = RecordEdition.objects.filter(record__file__state=rules.DESTROYED)
    for edition in before.filter(stored_file__isnull=False):
        yield Finding(
            "record_disposal", f"văn bản {edition.record_id}", "hồ sơ đã tiêu hủy mà còn bản trước"
        )
    alone = Disposal.objects.filter(
        Q(approved_by=F("proposed_by")) | Q(executed_by=F("approved_by"))
    )
    for disposal in alone:
        yield Finding(
            "record_disposal", f"danh mục tiêu hủy {disposal.number}/{disposal.year}",
            "một người làm hai phần",
        )  # fmt: skip


@invariant("record_numbers", "Văn bản trong hồ sơ có số và cùng cơ quan")
def numbers() -> Iterator[Finding]:
    """Find records of another agency's file, and records in a file without a number."""
    rows = Record.objects.filter(file__isnull=False).select_related("file")
    for row in rows.order_by("pk").iterator(chunk_size=500):
        file = row.file
        if file is None:
            continue
        if row.number is None:
            yield Finding("record_number", f"văn bản {row.pk}", f"không có số trong {file.code}")
        if row.agency_id != file.agency_id:
            yield Finding("record_agency", f"văn bản {row.pk}", "thuộc cơ quan khác với hồ sơ")
