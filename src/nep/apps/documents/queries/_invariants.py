"""What must hold of every revision of a document; `nep doctor` asks."""

from collections import Counter
from collections.abc import Iterator

from nep.apps.documents.models import Revision, RevisionAuthor
from nep.foundation.db.doctor import Finding, invariant

APPROVED = ("approved", "in_force", "retired")
IN_FORCE, RETIRED = "in_force", "retired"


def _rows():
    return Revision.objects.select_related("document").order_by("pk")


def _record(row: Revision) -> str:
    return f"tài liệu {row.document.code} lần {row.issue}/{row.amendment}"


@invariant("document_in_force", "Mỗi tài liệu có nhiều nhất một lần ban hành đang hiệu lực")
def in_force_once() -> Iterator[Finding]:
    """Find documents with two revisions in force, and revisions of another agency's document."""
    held: Counter[int] = Counter()
    for row in _rows().iterator(chunk_size=500):
        if row.agency_id != row.document.agency_id:
            yield Finding("document_agency", _record(row), "thuộc cơ quan khác với tài liệu")
        if row.state != IN_FORCE:
            continue
        held[row.document_id] += 1
        if held[row.document_id] == 2:
            yield Finding("document_in_force", _record(row), "cùng hiệu lực với một lần khác")


@invariant("document_approval", "Bản đã phê duyệt có mã băm, ba người khác nhau hoặc ngoại lệ")
def approvals() -> Iterator[Finding]:
    """Find approved revisions that lack a hash, a person, a reason, or the order of days."""
    authors: dict[int, set[int]] = {}
    for revision_id, person_id in RevisionAuthor.objects.values_list("revision_id", "person_id"):
        authors.setdefault(revision_id, set()).add(person_id)
    for row in _rows().filter(state__in=APPROVED).iterator(chunk_size=500):
        for message in _faults_of_approval(row, authors.get(row.pk, set())):
            yield Finding("document_approval", _record(row), message)


def _faults_of_approval(row: Revision, authors: set[int]) -> Iterator[str]:
    if len(row.content_hash) != 64:
        yield "không có mã băm của nội dung"
    if row.checked_by_id is None or row.approved_by_id is None or row.effective_from is None:
        yield "thiếu người xem xét, người phê duyệt hoặc ngày hiệu lực"
        return
    wrote = authors | {row.drafted_by_id}
    shared = row.checked_by_id == row.approved_by_id or wrote & {
        row.checked_by_id, row.approved_by_id
    }  # fmt: skip
    if shared and not row.exception_reason:
        yield "soạn thảo, xem xét, phê duyệt trùng người mà không có ngoại lệ"
    moments = (row.drafted_at, row.submitted_at, row.checked_at, row.approved_at)
    known = [moment for moment in moments if moment is not None]
    if len(known) < len(moments):
        yield "thiếu thời điểm trình, xem xét hoặc phê duyệt"
    elif known != sorted(known):
        yield "thời điểm soạn, trình, xem xét, phê duyệt không theo thứ tự"


@invariant("document_retired", "Bản hết hiệu lực có ngày hết, và chỉ bản ấy có")
def retirements() -> Iterator[Finding]:
    """Find retired revisions without their day, days before the effect, and days of living ones."""
    for row in _rows().iterator(chunk_size=500):
        if (row.state == RETIRED) is (row.retired_on is None):
            words = (
                "hết hiệu lực mà không có ngày" if row.state == RETIRED else "có ngày hết hiệu lực"
            )
            yield Finding("document_retired", _record(row), words)
        elif row.retired_on and row.effective_from and row.retired_on < row.effective_from:
            yield Finding("document_retired", _record(row), "hết hiệu lực trước ngày có hiệu lực")
