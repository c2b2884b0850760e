"""What must hold of the register of external documents; `nep doctor` asks."""

from collections.abc import Iterator

from django.db.models import F

from nep.apps.legal import rules
from nep.apps.legal.models import Citation, ExternalDocument, LegalReview
from nep.foundation.db.doctor import Finding, invariant


@invariant("legal_register", "Văn bản bên ngoài: ký hiệu, thay thế và viện dẫn trong một cơ quan")
def register() -> Iterator[Finding]:
    """Find texts with a stale key, replaced or cited across agencies, or cited when withdrawn."""
    for row in ExternalDocument.objects.select_related("replaced_by").iterator(chunk_size=500):
        record = f"văn bản {row.number or row.pk}"
        if row.number_key != rules.number_key(row.number)[:80]:
            yield Finding("legal_key", record, "khóa ký hiệu khác ký hiệu")
        if row.replaced_by and row.replaced_by.agency_id != row.agency_id:
            yield Finding("legal_agency", record, "được văn bản của cơ quan khác thay thế")
    strays = Citation.objects.exclude(agency_id=F("external__agency_id"))
    for one in strays:
        yield Finding("legal_agency", f"viện dẫn {one.pk}", "thuộc cơ quan khác với văn bản")
    for one in Citation.objects.filter(external__withdrawn_on__isnull=False):
        yield Finding("legal_withdrawn", f"viện dẫn {one.pk}", "văn bản đã bỏ khỏi danh mục")


@invariant("legal_reviews", "Lần rà soát pháp luật thuộc cùng cơ quan với văn bản")
def reviews() -> Iterator[Finding]:
    """Find reviews of another agency's text."""
    rows = LegalReview.objects.filter(external__isnull=False)
    for row in rows.exclude(agency_id=F("external__agency_id")):
        yield Finding("legal_agency", f"rà soát {row.pk}", "thuộc cơ quan khác với văn bản")
