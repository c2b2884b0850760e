"""Server time and size of the library's pages over 100,000 documents.

`python3 dev.py bench library` fills a scratch database of its own (SQLite, or the PostgreSQL of
`NEP_DATABASE_URL`: give it an empty one). `NEP_BENCH_ROWS` changes the number of documents. Goals:
list, search and filter ≤ 50 ms at the median, ≤ 100 KB.
"""

import json
import os
import random
import statistics
import tempfile
import time
from datetime import date, timedelta

os.environ["NEP_DATA"] = tempfile.mkdtemp(prefix="nep-bench-library-")

import django

django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection, transaction  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext, override_settings  # noqa: E402

from nep.apps.documents import rules  # noqa: E402
from nep.apps.documents.models import Document, DocumentClause, Revision  # noqa: E402
from nep.apps.organization.tests.scene import NOW, department  # noqa: E402

ROWS = int(os.environ.get("NEP_BENCH_ROWS", "100000"))
ROUNDS = 21
KINDS = ("form", "form", "form", "instruction", "system_procedure", "plan", "other", "policy")
WORDS = [
    "kiểm",
    "soát",
    "tài",
    "liệu",
    "hồ",
    "sơ",
    "đánh",
    "giá",
    "nội",
    "bộ",
    "rủi",
    "ro",
    "cơ",
    "hội",
    "sự",
    "không",
    "phù",
    "hợp",
    "khắc",
    "phục",
    "phòng",
    "ngừa",
    "đào",
    "tạo",
    "mua",
    "sắm",
    "thiết",
    "bị",
    "an",
    "toàn",
    "bức",
    "xạ",
    "công",
    "bố",
    "hợp",
    "quy",
    "tiếp",
    "nhận",
    "đơn",
    "thư",
    "khiếu",
    "nại",
    "tố",
    "cáo",
    "lưu",
    "trữ",
    "văn",
    "thư",
    "thi",
    "đua",
    "khen",
    "thưởng",
    "tuyển",
    "dụng",
    "công",
    "chức",
    "viên",
    "chức",
    "hợp",
    "đồng",
    "nghiệm",
    "thu",
]
RARE = "thủy văn"
CLAUSES = (
    "4.4",
    "5.2",
    "6.1",
    "7.1.5",
    "7.2",
    "7.5.2",
    "7.5.3",
    "8.1",
    "8.7",
    "9.2",
    "9.3",
    "10.2",
)


def fill(agency) -> None:
    """Write the documents, each with one revision in force, by bulk inserts."""
    dice, units = random.Random(9001), list(agency.units.values())  # no secret
    drafter = agency.people["lan"]
    people = {"drafted_by_id": drafter, "checked_by_id": drafter, "approved_by_id": drafter}
    for start in range(0, ROWS, 5000):
        with transaction.atomic():
            documents = Document.objects.bulk_create(
                [_document(agency.agency_id, number, dice, units)
                 for number in range(start, min(ROWS, start + 5000))]
            )  # fmt: skip
            revisions = Revision.objects.bulk_create(
                Revision(
                    agency_id=agency.agency_id, document_id=row.pk, issue="01", amendment="00",
                    state="in_force", content_hash="0" * 64, drafted_at=NOW, checked_at=NOW,
                    approved_at=NOW, effective_from=row.in_force_since, exception_reason="Đo tải",
                    **people,
                )
                for row in documents
            )  # fmt: skip
            for row, revision in zip(documents, revisions, strict=True):
                row.current_id, row.status = revision.pk, "in_force"
                if row.code.endswith("77"):
                    row.status, row.current_id = "withdrawn", None
                    row.withdrawn_on = NOW.date()
            Document.objects.bulk_update(documents, ["current", "status", "withdrawn_on"], 500)
            DocumentClause.objects.bulk_create(
                DocumentClause(
                    agency_id=agency.agency_id, document_id=row.pk, standard="ISO 9001:2015",
                    clause=dice.choice(CLAUSES),
                )
                for row in documents
                if dice.random() < 0.5
            )  # fmt: skip
    Revision.objects.filter(document__status="withdrawn").update(state="retired")
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")


def _document(agency_id: int, number: int, dice: random.Random, units: list[int]) -> Document:
    kind = KINDS[number % len(KINDS)]
    title = " ".join(dice.choices(WORDS, k=9)).capitalize()
    if number % 10_000 == 9_999:
        title = f"{title} {RARE}"
    code = f"{rules.KIND_SHORTS[kind]}-{number:06d}"
    return Document(
        agency_id=agency_id, kind=kind, code=code, code_key=code, title=title,
        folded=rules.search_form(code=code, title=title, tags=()),
        owner_unit_id=dice.choice(units), status="new", created_at=NOW, changed_at=NOW,
        level="restricted" if number % 100 == 50 else "internal",
        in_force_since=date(2024, 1, 1) + timedelta(days=number % 1000),
        next_review_on=NOW.date() + timedelta(days=number % 700),
    )  # fmt: skip


def measure(client: Client, address: str) -> dict:
    """Return median and worst milliseconds, bytes and queries of an address."""
    client.get(address)
    spent = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        answer = client.get(address)
        spent.append((time.perf_counter() - start) * 1000)
    with CaptureQueriesContext(connection) as captured:
        answer = client.get(address)
    if answer.status_code != 200:
        raise SystemExit(f"{address} answered {answer.status_code}")
    return {
        "median_ms": round(statistics.median(spent), 1),
        "worst_ms": round(max(spent), 1),
        "kb": round(len(answer.content) / 1000, 1),
        "queries": len(captured),
        "slowest_sql_ms": max((round(float(one["time"]) * 1000) for one in captured), default=0),
    }


def main() -> None:
    """Fill, measure as one who sees all but the restricted documents, print as JSON."""
    call_command("migrate", verbosity=0)
    agency = department()
    start = time.perf_counter()
    fill(agency)
    filled = round(time.perf_counter() - start, 1)
    client = Client()
    agency.sign_in(client, "huy")
    document_id = Document.objects.filter(status="in_force", level="internal").latest("code").pk
    unit = agency.units["PKH"]
    pages = {
        "list": "/tai-lieu/",
        "list, far page": "/tai-lieu/?sau=QT-090000",
        "kind": "/tai-lieu/?loai=form",
        "unit": f"/tai-lieu/?dv={unit}",
        "clause": "/tai-lieu/?tc=ISO+9001%3A2015&dk=7.5.3",
        "withdrawn": "/tai-lieu/?tt=bo",
        "new": "/tai-lieu/?tt=moi",
        "to review": "/tai-lieu/?tt=xet",
        "kind, unit, clause": f"/tai-lieu/?loai=form&dv={unit}&tc=ISO+9001%3A2015&dk=7.5.3",
        "common words": "/tai-lieu/?q=kiem+soat",
        "rare words": "/tai-lieu/?q=thuy+van",
        "no such word": "/tai-lieu/?q=khongcodau",
        "code": "/tai-lieu/?q=QT-0500",
        "document": f"/tai-lieu/{document_id}/",
        "clauses": "/tai-lieu/theo-dieu-khoan/",
    }
    with override_settings(ALLOWED_HOSTS=["*"]):
        found = {name: measure(client, address) for name, address in pages.items()}
    report = {"engine": connection.vendor, "documents": ROWS, "fill_s": filled, "pages": found}
    print(json.dumps(report, ensure_ascii=False, indent=1))


if __name__ == "__main__":
    main()
