"""Work items of a document's life: one for everybody asked, closed when answered."""

from collections.abc import Iterable
from datetime import date, datetime, time

from nep.apps.documents.models import Revision
from nep.apps.documents.rules import revision_text
from nep.apps.organization.queries import people_for
from nep.apps.work import services as work
from nep.apps.work.queries import open_items_of
from nep.kernel.errors import Refusal
from nep.kernel.vietnamese import VN, local

ITEM_KIND = "document"
SOURCE = "document_revision"
STEP_SOURCE = "document_route"
EFFECT_SOURCE = "document_effect"
OFFICE_ENDS = time(17)


def due_moment(due_on: date | None) -> datetime | None:
    """Return the end of office hours on a day."""
    return datetime.combine(due_on, OFFICE_ENDS, tzinfo=VN) if due_on else None


def item_for(
    row: Revision,
    *,
    person_id: int,
    verb: str,
    label: str,
    now: datetime,
    due_on: date | None = None,
    note: str = "",
    source: tuple[str, int] | None = None,
    role: str = "",
    unit_id: int | None = None,
    link: str = "",
) -> int:
    """Open a work item about a revision for a person; return its id.

    `verb` begins the title ("Kiểm tra"); without `link` it leads to the document's page. `role` and
    `unit_id` name the hat of the person, so that who acts under that hat sees the item too.
    """
    source_type, source_id = source or (SOURCE, row.id)
    document = row.document
    number = revision_text(row.issue, row.amendment)
    return work.item_open(
        batch=None,
        agency_id=row.agency_id,
        kind=ITEM_KIND,
        title=f"{verb} {document.code} {number}"[:300],
        detail=document.title[:400],
        link=link or f"/tai-lieu/{document.id}/#viec-tiep",
        source_type=source_type,
        source_id=source_id,
        source_code=document.code,
        step_label=label,
        person_id=person_id,
        role=role,
        unit_id=unit_id,
        opened_at=now,
        due_at=due_moment(due_on),
        note=note[:500],
    )


def items_end(
    source_type: str,
    source_ids: Iterable[int],
    *,
    at: datetime,
    by_id: int | None,
    done_by: int = 0,
) -> None:
    """End the open items of some sources: done for `done_by`, taken back for the others."""
    for source_id in source_ids:
        for item in open_items_of(source_type=source_type, source_id=source_id):
            end = work.item_close if item.person_id == done_by else work.item_withdraw
            end(batch=None, item_id=item.id, at=at, by_id=by_id)


def effect_failed(revision_id: int, *, error: Exception, now: datetime) -> None:
    """Lay a revision that did not take effect before every ISO secretary, once while it fails."""
    if open_items_of(source_type=EFFECT_SOURCE, source_id=revision_id):
        return
    row = Revision.objects.select_related("document").get(pk=revision_id)
    said = error.message if isinstance(error, Refusal) else "Lỗi của máy, đã ghi vào nhật ký."
    day = local(now).date()
    for person in people_for(agency_id=row.agency_id, today=day, role="iso_secretary"):
        item_for(
            row, person_id=person.id, verb="Chưa có hiệu lực được:", label="Xử lý sự cố",
            now=now, due_on=day, note=said, source=(EFFECT_SOURCE, revision_id),
        )  # fmt: skip


def effect_mended(revision_id: int, *, now: datetime) -> None:
    """Take back the word of a failure when the revision has taken effect."""
    items_end(EFFECT_SOURCE, [revision_id], at=now, by_id=None)
