"""What must hold of declarations and years; `nep doctor` asks."""

from collections.abc import Iterator

from django.db.models import F

from nep.apps.conformity.models import Declaration, YearItem
from nep.apps.conformity.rules import declaration as law
from nep.foundation.db.doctor import Finding, invariant


@invariant(
    "conformity_declaration", "Công bố: lịch sử khớp, niêm phong đủ, đủ nơi gửi khi đang duy trì"
)
def declarations() -> Iterator[Finding]:
    """Find declarations whose newest step tells another state, without the annex they confirmed,
    ended with work left, or maintained without each posting."""
    rows = Declaration.objects.prefetch_related("steps", "postings")
    for row in rows.iterator(chunk_size=200):
        name = f"công bố {row.number:02d}/{row.year}"
        last = max(row.steps.all(), key=lambda one: (one.at, one.pk), default=None)
        if last is None or last.state != row.state:
            yield Finding("declaration_history", name, "lịch sử khác trạng thái")
        if row.state in law.STANDING_STATES and not row.annex:
            yield Finding("declaration_annex", name, "công bố mà không có phụ lục")
        if row.state in law.ENDED and (row.item_id or row.scope_item_id):
            yield Finding("declaration_item", name, "đã kết thúc mà còn việc đang mở")
        posted = {one.kind for one in row.postings.all()}
        if row.state == law.MAINTAINED and posted != set(law.POSTING_NAMES):
            yield Finding("declaration_postings", name, "đang duy trì mà thiếu nơi gửi")


@invariant("iso_year", "Năm ISO: mỗi việc thuộc đúng năm và cơ quan, hạn ở trong năm")
def years() -> Iterator[Finding]:
    """Find lines of another agency or year than the year they stand in."""
    rows = YearItem.objects.exclude(
        agency_id=F("iso_year__agency_id"), year=F("iso_year__year"), due_on__year=F("year")
    )
    for row in rows.order_by("id"):
        yield Finding("iso_year_line", f"việc {row.code} năm {row.year}", "khác năm hoặc cơ quan")
