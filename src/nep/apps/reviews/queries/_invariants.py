"""What must hold over the rows of reviews, for `nep doctor`."""

from collections.abc import Iterator

from django.db.models import F

from nep.apps.reviews.models import FrozenInputs, Review
from nep.apps.reviews.queries._register import code_of
from nep.apps.reviews.rules import life
from nep.apps.reviews.rules.inputs import digest
from nep.foundation.db.doctor import Finding, invariant


@invariant("reviews_life", "Xem xét của lãnh đạo: lịch sử, việc đang mở và quyết định khớp")
def lives() -> Iterator[Finding]:
    """Find reviews whose newest step tells another state, whose work is missing or left over,
    that follow another agency's review, and approved ones with a decision that is no action."""
    for row in Review.objects.exclude(previous=None).exclude(previous__agency_id=F("agency_id")):
        yield Finding("reviews_agency", f"lần {code_of(row)}", "nối với cơ quan khác")
    rows = Review.objects.prefetch_related("moves", "decisions")
    for row in rows.iterator(chunk_size=200):
        last = max(row.moves.all(), key=lambda one: (one.at, one.pk), default=None)
        if last is None or last.state != row.state:
            yield Finding("reviews_history", f"lần {code_of(row)}", "lịch sử khác trạng thái")
        if (row.item_id is not None) != (row.state in life.RUNNING):
            yield Finding("reviews_item", f"lần {code_of(row)}", "việc đang mở khác trạng thái")
        if row.state in life.DONE and any(one.action_id is None for one in row.decisions.all()):
            yield Finding("reviews_decision", f"lần {code_of(row)}", "quyết định không thành việc")


@invariant("reviews_frozen", "Xem xét của lãnh đạo: đầu vào đã chốt và biên bản không bị sửa")
def frozen() -> Iterator[Finding]:
    """Find frozen inputs and minutes whose content is not what its hash says."""
    for one in FrozenInputs.objects.select_related("review").iterator(chunk_size=200):
        if digest(one.content) != one.sha256:
            yield Finding("reviews_inputs", f"lần {code_of(one.review)}", "đầu vào khác mã băm")
    for row in Review.objects.exclude(minutes_hash="").iterator(chunk_size=200):
        if digest(row.minutes) != row.minutes_hash:
            yield Finding("reviews_minutes", f"lần {code_of(row)}", "biên bản khác mã băm")
