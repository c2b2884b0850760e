"""What an agency's documents show for the clauses of the standard, folded for the matrix."""

from collections.abc import Iterable, Iterator
from urllib.parse import urlencode

from django.db.models import Count, F, QuerySet, Window
from django.db.models.functions import RowNumber

from nep.apps.documents import rules
from nep.apps.documents.models import ChangeRequest, Document, DocumentClause, Reading, Review
from nep.apps.standards.rules import DEFAULT_EDITION, edition_named
from nep.foundation.db.counting import Counted, counted, read_counted
from nep.kernel.references import Evidence

DOCUMENT, PROCEDURE, READING = "document", "procedure", "reading"
DOCUMENT_REVIEW, CHANGE = "document_review", "change"
# what a document of a kind answers to by itself, whether or not somebody has written the clause
BY_KIND: dict[str, tuple[tuple[str, str], ...]] = {
    rules.POLICY: (("5.2.2", DOCUMENT),),
    rules.MANUAL: (("4.3", DOCUMENT), ("4.4", DOCUMENT)),
    rules.SYSTEM_PROCEDURE: (("4.4", DOCUMENT), ("7.5.1", DOCUMENT)),
    rules.PROCEDURE: (("4.4", PROCEDURE), ("8.1", PROCEDURE), ("8.5.1", PROCEDURE)),
    rules.INSTRUCTION: (("7.1.6", DOCUMENT), ("8.5.1", DOCUMENT)),
    rules.FORM: (("7.5.3", DOCUMENT),),
}
_HIDDEN = "Tài liệu hạn chế"


def evidence(agency_ids: Iterable[int]) -> tuple[Evidence, ...]:
    """Return what documents show, one line a clause and kind; three statements for any number.

    A document in force stands for the clauses written on it and, by its kind, for those of
    `BY_KIND`; readings acknowledged for 7.3 and 7.4, reviews done for 7.5.2, changes carried out
    for 6.3 and 8.5.6. The title of a restricted document is left out.
    """
    wanted = list(agency_ids)
    return (
        *evidence_in_force(wanted), *evidence_told(read_counted(evidence_counts(wanted)))
    )  # fmt: skip


def evidence_in_force(agency_ids: Iterable[int]) -> tuple[Evidence, ...]:
    """Return the part of `evidence` that documents in force show; two statements."""
    wanted = list(agency_ids)
    return (*_by_clause(wanted), *_by_kind(wanted))


def _newest(rows: QuerySet, group: list[str], day: str, id_: str) -> QuerySet:
    """Return the newest row of each group with how many there are."""
    order = [F(day).desc(nulls_last=True), F(id_).desc()]
    parts = [F(name) for name in group]
    return rows.annotate(
        n=Window(Count(id_), partition_by=parts),
        place=Window(RowNumber(), partition_by=parts, order_by=order),
    ).filter(place=1)


def _by_clause(wanted: list[int]) -> Iterable[Evidence]:
    rows = DocumentClause.objects.filter(
        agency_id__in=wanted, standard__contains="9001", document__status=rules.IN_FORCE
    ).exclude(clause="")
    found = _newest(
        rows, ["agency_id", "standard", "clause"], "document__in_force_since", "document_id"
    ).values_list(
        "agency_id", "standard", "clause", "n", "document__in_force_since", "document__title",
        "document__code", "document__level", "document_id",
    )  # fmt: skip
    for agency_id, standard, clause, n, day, title, code, level, id_ in found:
        edition = edition_named(standard)
        if not edition:
            continue
        url = f"/tai-lieu/{id_}/"
        if n > 1:
            url = f"/tai-lieu/?{urlencode({'tc': standard, 'dk': clause})}"
        yield Evidence(
            agency_id, edition, clause, DOCUMENT, n, day, _named(title, code, level), url
        )


def _by_kind(wanted: list[int]) -> Iterable[Evidence]:
    rows = Document.objects.filter(
        agency_id__in=wanted, status=rules.IN_FORCE, kind__in=list(BY_KIND)
    )
    found = _newest(rows, ["agency_id", "kind"], "in_force_since", "id").values_list(
        "agency_id", "kind", "n", "in_force_since", "title", "code", "level", "id"
    )
    for agency_id, kind, n, day, title, code, level, id_ in found:
        url = f"/tai-lieu/{id_}/" if n == 1 else f"/tai-lieu/?{urlencode({'loai': kind})}"
        for clause, said in BY_KIND[kind]:
            yield Evidence(
                agency_id, DEFAULT_EDITION, clause, said, n, day, _named(title, code, level), url
            )


_DONE: dict[str, tuple[tuple[str, ...], str, str]] = {
    READING: (("7.3", "7.4"), "Cán bộ đã đọc và xác nhận tài liệu", "/tai-lieu/can-doc/"),
    DOCUMENT_REVIEW: (("7.5.2",), "Tài liệu đã soát xét", "/tai-lieu/soat-xet/"),
    CHANGE: (("6.3", "8.5.6"), "Đề nghị thay đổi tài liệu đã thực hiện", "/tai-lieu/de-nghi/"),
}


def evidence_counts(agency_ids: Iterable[int]) -> tuple[QuerySet, ...]:
    """Return readings acknowledged, reviews and changes done, counted by agency."""
    wanted = list(agency_ids)
    readings = Reading.objects.filter(agency_id__in=wanted, acknowledged_at__isnull=False)
    reviews = Review.objects.filter(agency_id__in=wanted, done_at__isnull=False)
    changes = ChangeRequest.objects.filter(
        agency_id__in=wanted, state=rules.DONE, decided_at__isnull=False
    )
    return (
        counted(readings, READING, moment="acknowledged_at"),
        counted(reviews, DOCUMENT_REVIEW, moment="done_at"),
        counted(changes, CHANGE, moment="decided_at"),
    )


def evidence_told(rows: Iterable[Counted]) -> Iterator[Evidence]:
    """Yield readings acknowledged for 7.3 and 7.4, reviews done for 7.5.2, changes carried out for
    6.3 and 8.5.6."""
    for one in rows:
        if one.kind in _DONE:
            clauses, title, url = _DONE[one.kind]
            for clause in clauses:
                yield Evidence(one.agency_id, DEFAULT_EDITION, clause, one.kind, one.n,
                               one.newest_on, title, url)  # fmt: skip


def _named(title: str, code: str, level: str) -> str:
    return _HIDDEN if level == rules.RESTRICTED else f"{code} {title}"
