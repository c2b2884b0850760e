"""Papers given out held against their editions, values and numbering books; `nep doctor` asks."""

import hashlib
import zlib
from collections.abc import Iterator

from django.db.models import Max

from nep.apps.cases.models import FormEdition, GivenPaper
from nep.apps.cases.queries.given import kept_digest, unpacked
from nep.apps.cases.rules.form_fields import BOOKS
from nep.foundation.db.doctor import Finding, invariant
from nep.foundation.numbering.queries import books
from nep.kernel.vietnamese import local

_PORTION = 500


@invariant("form_editions", "Mẫu đã áp dụng không đổi một chữ")
def editions() -> Iterator[Finding]:
    """Find editions whose layout is not the one their digest was made of."""
    for row in FormEdition.objects.iterator(chunk_size=_PORTION):
        if hashlib.sha256(row.layout.encode()).hexdigest() != row.digest:
            yield Finding("form_edition", f"mẫu {row.form} ({row.pk})", "nội dung khác mã băm")


@invariant("given_papers", "Văn bản đã cấp giữ đúng mẫu, nội dung và số của nó")
def given() -> Iterator[Finding]:
    """Find papers whose edition, values or number are not those of the day they were given."""
    rows = GivenPaper.objects.select_related("edition", "values_kept").order_by("id")
    for row in rows.iterator(chunk_size=_PORTION):
        for message in _wrong(row):
            yield Finding("given_paper", f"văn bản {row.pk} (mẫu {row.form})", message)
    yield from _numbers()


def _wrong(row: GivenPaper) -> Iterator[str]:
    if row.edition.form != row.form:
        yield f"cấp theo mẫu {row.edition.form}"
    if row.year != local(row.at).year:
        yield "năm của sổ khác năm của văn bản"
    kept = getattr(row, "values_kept", None)
    if (kept is None) != (row.erased_at is not None):
        yield "nội dung mất mà chưa ghi đã xóa, hoặc ngược lại"
    if kept is not None:
        try:
            digest = kept_digest(row.edition.digest, unpacked(bytes(kept.content)))
        except (ValueError, zlib.error):
            digest = ""
        if digest != row.digest:
            yield "nội dung khác lúc cấp"


def _numbers() -> Iterator[Finding]:
    last: dict[int, dict[tuple[str, int], int]] = {}
    used = GivenPaper.objects.filter(number__gt=0).values_list("agency_id", "form", "year")
    for agency_id, form, year, most in used.annotate(most=Max("number")):
        if agency_id not in last:
            last[agency_id] = {
                (name, of): number for name, of, number in books(agency_id=agency_id)
            }
        if most > last[agency_id].get((BOOKS[form], year), 0):
            yield Finding(
                "given_number", f"sổ mẫu {form} năm {year}", f"đã dùng số {most}, cao hơn sổ số"
            )
