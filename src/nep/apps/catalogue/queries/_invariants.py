"""What must hold of the catalogue; `nep doctor` asks."""

from collections.abc import Iterator

from django.db.models import Count, F, Max, Q

from nep.apps.catalogue import rules
from nep.apps.catalogue.models import CatalogueImport, Entry, EntryEdition
from nep.foundation.db.doctor import Finding, invariant


@invariant(
    "catalogue_editions", "Danh mục thủ tục: mỗi thủ tục có các lần công bố liền số, băm đúng"
)
def editions() -> Iterator[Finding]:
    """Find entries without the edition they show, with gaps, and contents unlike their hash."""
    rows = Entry.objects.annotate(
        made=Count("editions"),
        last=Max("editions__number"),
        shown=Count("editions", filter=Q(editions__number=F("edition"))),
    )
    for code, made, last, shown in rows.values_list("code", "made", "last", "shown").iterator():
        if not shown or made != last:
            yield Finding("catalogue_edition", f"thủ tục {code}", "thiếu lần công bố đang hiện")
    for edition in EntryEdition.objects.select_related("entry").iterator(chunk_size=200):
        if rules.content_hash(rules.published(edition.content)) != edition.content_hash:
            record = f"thủ tục {edition.entry.code} lần {edition.number}"
            yield Finding("catalogue_hash", record, "nội dung khác mã băm đã ghi")


@invariant("catalogue_imports", "Danh mục thủ tục: tệp nhập xong đã đọc hết dòng và bỏ bản tải lên")
def imports() -> Iterator[Finding]:
    """Find finished files with rows left, or whose upload was kept."""
    for row in CatalogueImport.objects.filter(state="done").defer("upload").iterator():
        if row.done != row.total:
            yield Finding("catalogue_import", f"tệp nhập {row.pk}", "còn dòng chưa đọc")
    kept = CatalogueImport.objects.filter(state__in=["done", "refused"], upload__isnull=False)
    for pk in kept.values_list("pk", flat=True):
        yield Finding("catalogue_upload", f"tệp nhập {pk}", "còn giữ bản tải lên")
