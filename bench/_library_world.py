"""The agency of `bench/library.py`: 100,000 documents and what lies around them, by bulk inserts."""

import random
from datetime import date, timedelta

from django.db import connection, transaction

from nep.apps.documents import rules
from nep.apps.documents.models import (
    ChangeRequest,
    Document,
    DocumentClause,
    DocumentTag,
    ImportBatch,
    ImportedRow,
    Reading,
    Revision,
)
from nep.apps.legal.models import Citation, ExternalDocument, LegalReview
from nep.apps.organization.tests.scene import NOW, Scene
from nep.apps.records.models import FilePlan, Record, RecordFile, Series
from nep.kernel.text import fold

KINDS = ("form", "form", "form", "instruction", "system_procedure", "plan", "other", "policy")
WORDS = (  # noqa: SIM905
    "kiểm soát tài liệu hồ sơ đánh giá nội bộ rủi ro cơ hội sự không phù hợp khắc phục phòng ngừa "
    "đào tạo mua sắm thiết bị an toàn bức xạ công bố hợp quy tiếp nhận đơn thư khiếu nại tố cáo "
    "lưu trữ văn thư thi đua khen thưởng tuyển dụng công chức viên chức hợp đồng nghiệm thu"
).split()
RARE = "thủy văn"
STANDARD, SELDOM = "ISO 9001:2015", "ISO/IEC 27001:2022"
CLAUSES = (
    "4.4", "5.2", "6.1", "7.1.5", "7.2", "7.5.2", "7.5.3", "8.1", "8.7", "9.2", "9.3", "10.2",
)  # fmt: skip
TAG, SELDOM_TAG = "an toàn", "bức xạ"
TODAY = NOW.date()
SLICE = 5000


def fill(agency: Scene, *, documents: int, texts: int, files: int) -> None:
    """Write the documents, the register of texts and the record files of an agency."""
    dice = random.Random(9001)  # no secret
    for start in range(0, documents, SLICE):
        _documents(agency, range(start, min(documents, start + SLICE)), dice)
    Revision.objects.filter(document__status="withdrawn").update(state="retired")
    _on_their_way(agency)
    _texts(agency, texts, dice)
    _files(agency, files, dice)
    _import(agency)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("VACUUM ANALYZE")


@transaction.atomic
def _documents(agency: Scene, numbers: range, dice: random.Random) -> None:
    units, person = list(agency.units.values()), agency.people["lan"]
    made = [_document(agency.agency_id, number, dice, units) for number in numbers]
    documents = Document.objects.bulk_create(made)
    revisions = Revision.objects.bulk_create(
        Revision(
            agency_id=agency.agency_id, document_id=row.pk, issue="01", amendment="00",
            state="in_force", content_hash="0" * 64, drafted_at=NOW, checked_at=NOW,
            approved_at=NOW, effective_from=row.in_force_since, exception_reason="Đo tải",
            drafted_by_id=person, checked_by_id=person, approved_by_id=person,
        )
        for row in documents
    )  # fmt: skip
    for row, revision in zip(documents, revisions, strict=True):
        row.current_id, row.status = revision.pk, "in_force"
        if row.code.endswith("77"):
            row.status, row.current_id, row.withdrawn_on = "withdrawn", None, TODAY
    Document.objects.bulk_update(documents, ["current", "status", "withdrawn_on"], 500)
    DocumentTag.objects.bulk_create(
        DocumentTag(agency_id=agency.agency_id, document_id=row.pk, mark=rules.tag_mark(tag))
        for row in documents
        for tag in row.tags
    )
    DocumentClause.objects.bulk_create(
        DocumentClause(
            agency_id=agency.agency_id, document_id=row.pk, standard=standard, clause=clause
        )
        for row in documents
        for standard, clause in _clauses(row, dice)
    )


def _clauses(row: Document, dice: random.Random) -> list[tuple[str, str]]:
    found = [(STANDARD, dice.choice(CLAUSES))] if dice.random() < 0.5 else []
    return [*found, (SELDOM, "")] if row.code.endswith("500") else found


def _document(agency_id: int, number: int, dice: random.Random, units: list[int]) -> Document:
    kind = KINDS[number % len(KINDS)]
    title = " ".join(dice.choices(WORDS, k=9)).capitalize()
    title = f"{title} {RARE}" if number % 10_000 == 9_999 else title
    tags = [TAG] if number % 33 == 0 else [SELDOM_TAG] if number % 1000 == 1 else []
    code = f"{rules.KIND_SHORTS[kind]}-{number:06d}"
    return Document(
        agency_id=agency_id, kind=kind, code=code, code_key=code, title=title, tags=tags,
        folded=rules.search_form(code=code, title=title, tags=tags),
        owner_unit_id=dice.choice(units), status="new", created_at=NOW, changed_at=NOW,
        level="restricted" if number % 100 == 50 else "internal",
        in_force_since=date(2024, 1, 1) + timedelta(days=number % 1000),
        next_review_on=TODAY + timedelta(days=number % 700),
    )  # fmt: skip


@transaction.atomic
def _on_their_way(agency: Scene) -> None:
    """Write 400 drafts beside what is in force, 200 readings of one person, 1,000 requests."""
    person, reader = agency.people["lan"], agency.people["huy"]
    common = {"agency_id": agency.agency_id}
    rows = list(Document.objects.filter(status="in_force").order_by("code")[:80_000:80])
    Revision.objects.bulk_create(
        Revision(
            **common, document_id=row.pk, issue="02", amendment="00", state="draft",
            drafted_at=NOW, drafted_by_id=person,
        )
        for row in rows[:400]
    )  # fmt: skip
    Reading.objects.bulk_create(
        Reading(
            **common, document_id=row.pk, revision_id=row.current_id, person_id=reader,
            asked_at=NOW, due_on=TODAY + timedelta(days=place % 30),
        )
        for place, row in enumerate(rows[400:600])
    )  # fmt: skip
    ChangeRequest.objects.bulk_create(
        ChangeRequest(
            **common, document_id=row.pk, wish="change", reason="Sửa theo quy định mới",
            state=("asked", "accepted", "refused", "done")[place % 4], asked_by_id=person,
            asked_at=NOW + timedelta(minutes=place),
        )
        for place, row in enumerate(rows)
    )  # fmt: skip


@transaction.atomic
def _texts(agency: Scene, count: int, dice: random.Random) -> None:
    """Write the external documents: a fifth has expired, a third is cited, 300 were reviewed."""
    person, common = agency.people["lan"], {"agency_id": agency.agency_id}
    kinds = ("law", "decree", "circular", "circular", "decision", "letter", "standard")
    made = []
    for number in range(count):
        title = " ".join(dice.choices(WORDS, k=12)).capitalize()
        symbol, since = f"{number % 400}/{2010 + number % 16}/NĐ-{number:05d}", date(2010, 1, 1)
        since += timedelta(days=number * 5600 // count)
        ends = TODAY + timedelta(days=number % 900 - 300) if number % 5 < 2 else None
        made.append(
            ExternalDocument(
                **common, kind=kinds[number % len(kinds)], number=symbol, number_key=symbol,
                issuer="Chính phủ", title=title, folded=fold(f"{symbol} {title}"),
                issued_on=since, effective_from=since, added_by_id=person, added_at=NOW,
                changed_at=NOW, level="restricted" if number % 100 == 7 else "internal",
                expires_on=max(ends, since) if ends else None,
            )
        )  # fmt: skip
    rows = ExternalDocument.objects.bulk_create(made, batch_size=2000)
    Citation.objects.bulk_create(
        Citation(
            **common, external_id=row.pk, object_type="document", object_id=1_000_000 + place,
            label=f"QT-{place:05d}", link="/tai-lieu/1/", cited_by_id=person, cited_at=NOW,
        )
        for place, row in enumerate(rows[::3])
    )  # fmt: skip
    LegalReview.objects.bulk_create(
        LegalReview(
            **common, kind="expiry", key=f"expiry:{row.pk}", external_id=row.pk,
            title=f"Rà soát {row.number}", opened_at=NOW, due_on=TODAY,
            result="" if place % 3 else "unchanged", done_at=None if place % 3 else NOW,
            done_by_id=None if place % 3 else person,
        )
        for place, row in enumerate(rows[::30])
    )  # fmt: skip


@transaction.atomic
def _files(agency: Scene, count: int, dice: random.Random) -> None:
    """Write record files with three records each, and 300 records that wait to be filed."""
    person, common = agency.people["lan"], {"agency_id": agency.agency_id}
    plan = FilePlan.objects.create(**common, year=2026, made_by_id=person, made_at=NOW)
    lines = Series.objects.bulk_create(
        Series(
            **common, plan=plan, code=f"{place:03d}", code_key=f"{place:03d}",
            title=f"Hồ sơ {place}", retention_years=5, position=place,
        )
        for place in range(100)
    )  # fmt: skip
    made = []
    for number in range(count):
        title, state = " ".join(dice.choices(WORDS, k=8)), "closed" if number % 4 else "open"
        made.append(
            RecordFile(
                **common, series=lines[number % 100], code=f"HS-{number:06d}", title=title,
                folded=fold(f"HS-{number:06d} {title}"), keeper_id=person, state=state,
                opened_on=TODAY - timedelta(days=2000 - number * 1900 // count),
                closed_on=TODAY if state == "closed" else None, retention_years=5,
                retain_until=date(2025 + number % 9, 12, 31) if state == "closed" else None,
                changed_at=NOW,
            )
        )  # fmt: skip
    rows = RecordFile.objects.bulk_create(made, batch_size=2000)
    records = [
        Record(
            **common, file_id=row.pk, number=number, title="Văn bản", folded="van ban",
            source_type="upload", made_on=TODAY, deposited_at=NOW, changed_at=NOW,
        )
        for row in rows
        for number in (1, 2, 3)
    ]  # fmt: skip
    records += [
        Record(
            **common, title=f"Văn bản {place}", folded=f"van ban {place}", source_type="upload",
            made_on=TODAY, deposited_at=NOW, changed_at=NOW,
        )
        for place in range(300)
    ]  # fmt: skip
    Record.objects.bulk_create(records, batch_size=2000)


@transaction.atomic
def _import(agency: Scene) -> None:
    """Write an import of 5,000 files that is not done yet."""
    batch = ImportBatch.objects.create(
        agency_id=agency.agency_id, source="Kho tài liệu", source_key="0" * 64,
        started_by_id=agency.people["lan"], started_at=NOW, total=5000,
    )  # fmt: skip
    ImportedRow.objects.bulk_create(
        ImportedRow(
            batch_id=batch.pk, path=f"tập/{number:05d}.docx",
            outcome="refused" if number % 10 == 0 else "created", reason="Thiếu ngày hiệu lực.",
        )
        for number in range(4500)
    )  # fmt: skip
