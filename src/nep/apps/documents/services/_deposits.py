"""Published revisions and filled forms go into the file plan by themselves, as the agency set."""

from datetime import datetime

from nep.apps.documents import rules
from nep.apps.documents.models import FilledForm, Revision
from nep.apps.records import services as records
from nep.apps.work import services as work
from nep.kernel.vietnamese import local


def revision_deposit(*, revision_id: int, now: datetime) -> int | None:
    """Deposit a published revision; None when the agency set no series. Repeating does nothing."""
    row = Revision.objects.select_related("document").filter(pk=revision_id).first()
    if row is None or row.effective_from is None:
        return None
    number = rules.revision_text(row.issue, row.amendment)
    return records.record_collect(
        agency_id=row.agency_id, title=f"{row.document.title}, {number}", source_type="revision",
        source_id=row.id, file_id=row.published_file_id or row.original_file_id,
        made_on=row.effective_from, now=now, source_code=row.document.code,
        link=f"/tai-lieu/{row.document_id}/",
    )  # fmt: skip


def signed_deposit(*, revision_id: int, now: datetime) -> None:
    """Have the record of a published revision hold the signed PDF, the bytes before beside it.

    The keeper of a file that takes nothing more is told. Repeating does nothing.
    """
    row = Revision.objects.select_related("document").filter(pk=revision_id).first()
    if row is None or row.published_file_id is None:
        return
    revision_deposit(revision_id=revision_id, now=now)
    outcome = records.record_edition(
        agency_id=row.agency_id, source_type="revision", source_id=row.id,
        file_id=row.published_file_id, reason="bản công bố được ký số", now=now,
    )  # fmt: skip
    if outcome is None or outcome.is_taken or not outcome.is_new or outcome.keeper_id is None:
        return
    number = rules.revision_text(row.issue, row.amendment)
    work.notice_add(
        person_id=outcome.keeper_id, agency_id=row.agency_id,
        key=f"edition:{outcome.record_id}:{row.published_file_id}", icon="archive",
        text=f"Bản đã ký số của {row.document.code} chưa vào hồ sơ {outcome.file_code}",
        detail=f"{number}. Hồ sơ đã kết thúc; muốn giữ bản ký, hãy mở lại rồi thêm tệp.",
        link=f"/luu-tru/ho-so/{outcome.file_id}/", at=now,
    )  # fmt: skip


def filled_deposit(*, filled_id: int, now: datetime) -> int | None:
    """Deposit a filled form that nobody laid into a series; as `revision_deposit`."""
    row = FilledForm.objects.select_related("document").filter(pk=filled_id).first()
    if row is None:
        return None
    record_id = records.record_collect(
        agency_id=row.agency_id, title=row.title, source_type="form", source_id=row.id,
        file_id=row.file_id, made_on=local(row.filled_at).date(), now=now,
        source_code=row.document.code, link=f"/tai-lieu/da-dien/{row.id}/",
    )  # fmt: skip
    if record_id is not None and row.record_id is None:
        FilledForm.objects.filter(pk=row.id, record_id=None).update(record_id=record_id)
    return record_id
