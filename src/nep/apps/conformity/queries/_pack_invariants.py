"""What must hold over the rows of evidence packs, for `nep doctor`."""

from collections.abc import Iterator

from django.db.models import F

from nep.apps.conformity.models import EvidencePack, PackFile
from nep.foundation.db.doctor import Finding, invariant


@invariant("conformity_packs", "Gói bằng chứng: tệp trong gói và cả gói đúng mã băm đã ghi")
def packs() -> Iterator[Finding]:
    """Find packs and files of packs whose stored bytes have another hash, or another agency's."""
    done = EvidencePack.objects.exclude(file=None)
    for row in done.exclude(file__sha256=F("sha256")):
        yield Finding("pack_hash", f"gói {row.pk}", "mã băm khác tệp đã lưu")
    for row in done.exclude(file__agency_id=F("agency_id")):
        yield Finding("pack_agency", f"gói {row.pk}", "tệp của cơ quan khác")
    for one in PackFile.objects.exclude(stored__sha256=F("sha256")):
        yield Finding("pack_file_hash", f"gói {one.pack_id}, {one.path}", "mã băm khác tệp đã lưu")
