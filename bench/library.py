"""Server time and size of the library's pages over 100,000 documents.

`python3 dev.py bench library [--only WORD]` fills a scratch database of its own (SQLite, or the
PostgreSQL of `NEP_DATABASE_URL`: give it an empty one); `NEP_BENCH_KEEP=FOLDER` keeps it for the
next run. `NEP_BENCH_ROWS` and `NEP_BENCH_ROUNDS` change the number of documents and of requests. Printed for each page: median and worst
wall time, the processor time of a request (the process and, where it can be seen, its PostgreSQL
backend: what a quiet machine would show), size, queries. Beside them a plain Django list of the
same rows (counted whole, paged by offset, LIKE) in the same run. Goals: ≤ 50 ms at the median,
≤ 100 KB.
"""

import json
import logging
import os
import statistics
import sys
import tempfile
import time
from pathlib import Path

KEPT = os.environ.get("NEP_BENCH_KEEP", "")
os.environ["NEP_DATA"] = KEPT or tempfile.mkdtemp(prefix="nep-bench-library-")

import django  # noqa: E402

django.setup()

from _library_world import SELDOM, SELDOM_TAG, STANDARD, TAG, fill  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.core.paginator import Paginator  # noqa: E402
from django.db import connection  # noqa: E402
from django.db.models import Q  # noqa: E402
from django.template import engines  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext, override_settings  # noqa: E402
from django.utils.http import urlencode  # noqa: E402

from nep.apps.documents.models import Document, ImportBatch  # noqa: E402
from nep.apps.documents.tests.make import secretary  # noqa: E402
from nep.apps.legal.models import ExternalDocument  # noqa: E402
from nep.apps.organization.models import Agency, Unit  # noqa: E402
from nep.apps.organization.tests.scene import department  # noqa: E402
from nep.apps.records.models import RecordFile  # noqa: E402
from nep.foundation.accounts.models import User  # noqa: E402

ROWS = int(os.environ.get("NEP_BENCH_ROWS", "100000"))
ROUNDS = int(os.environ.get("NEP_BENCH_ROUNDS", "21"))
TICK = 1000 / os.sysconf("SC_CLK_TCK")
PLAIN = """<table>{% for row in page %}<tr><td>{{ row.code }}</td><td>{{ row.title }}</td>
<td>{{ row.owner_unit.name }}</td><td>{{ row.status }}</td></tr>{% endfor %}</table>
{{ page.paginator.count }}"""


def backend_ms() -> float:
    """Return the processor time of this connection's PostgreSQL backend, 0 where unseen."""
    if connection.vendor != "postgresql":
        return 0
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        place = Path(f"/proc/{cursor.fetchone()[0]}/stat")
    if not place.exists():
        return 0
    fields = place.read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) * TICK


def measure(ask) -> dict:
    """Return median and worst milliseconds, bytes and queries of a request."""
    answer = ask()
    if answer.status_code != 200:
        raise SystemExit(f"answered {answer.status_code}")
    spent, before, behind = [], time.process_time(), backend_ms()
    for _ in range(ROUNDS):
        start = time.perf_counter()
        answer = ask()
        spent.append((time.perf_counter() - start) * 1000)
    used = (time.process_time() - before) * 1000 + backend_ms() - behind
    with CaptureQueriesContext(connection) as captured:
        answer = ask()
    slow = max(captured, key=lambda one: float(one["time"]), default={"time": 0, "sql": ""})
    return {
        "median_ms": round(statistics.median(spent), 1),
        "worst_ms": round(max(spent), 1),
        "cpu_ms": round(used / ROUNDS, 1),
        "kb": round(len(answer.content) / 1000, 1),
        "queries": len(captured),
        "slowest_sql_ms": round(float(slow["time"]) * 1000),
        "slowest_sql": slow["sql"],
    }


class Plain:
    """The list as a page of Django's tutorial shows it: counted whole, paged by offset."""

    status_code = 200

    def __init__(self, rows, page: int = 1) -> None:
        found = Paginator(rows.select_related("owner_unit").order_by("code"), 50).get_page(page)
        self.content = engines["django"].from_string(PLAIN).render({"page": found}).encode()


def pages_of_reader(agency_id: int) -> dict[str, str]:
    """Return the addresses that one asks who sees all but the restricted documents."""
    document = Document.objects.filter(status="in_force", level="internal").latest("code").pk
    unit = Unit.objects.filter(agency_id=agency_id, code="PKH").values_list("pk", flat=True)[0]
    text = ExternalDocument.objects.filter(level="internal").latest("id").pk
    file = RecordFile.objects.latest("id").pk
    filters: dict[str, dict[str, object]] = {
        "list": {},
        "list, far page": {"sau": "QT-090000"},
        "kind": {"loai": "form"},
        "unit": {"dv": unit},
        "clause": {"tc": STANDARD, "dk": "7.5.3"},
        "standard": {"tc": STANDARD},
        "seldom standard": {"tc": SELDOM},
        "tag": {"the": TAG},
        "seldom tag": {"the": SELDOM_TAG},
        "public": {"muc": "public"},
        "restricted": {"muc": "restricted"},
        "withdrawn": {"tt": "bo"},
        "new": {"tt": "moi"},
        "on their way": {"tt": "soan"},
        "to read": {"tt": "doc"},
        "to review": {"tt": "xet"},
        "all": {"tt": "tat"},
        "kind, unit": {"loai": "policy", "dv": unit},
        "kind, unit, clause": {"loai": "form", "dv": unit, "tc": STANDARD, "dk": "7.5.3"},
        "one letter": {"q": "k"},
        "one word": {"q": "kiểm"},
        "common words": {"q": "kiem soat"},
        "four words": {"q": "kiem soat tai lieu"},
        "common words, far page": {"q": "kiem soat", "sau": "QT-020000"},
        "common words, unit": {"q": "kiem soat", "dv": unit},
        "common word, seldom kind": {"q": "kiem", "loai": "policy", "tt": "bo"},
        "rare words": {"q": "thuy van"},
        "no such word": {"q": "khongcodau"},
        "code": {"q": "QT-0500"},
        "part of code": {"q": "0500"},
    }
    found = {
        name: f"/tai-lieu/?{urlencode(values)}" if values else "/tai-lieu/"
        for name, values in filters.items()
    }
    return found | {
        "document": f"/tai-lieu/{document}/",
        "clauses": "/tai-lieu/theo-dieu-khoan/",
        "my readings": "/tai-lieu/can-doc/",
        "reviews": "/tai-lieu/soat-xet/",
        "requests": "/tai-lieu/de-nghi/",
        "texts": "/van-ban/",
        "texts, far page": "/van-ban/?tu=8000",
        "texts, expired": "/van-ban/?hl=expired",
        "texts, expired and cited": "/van-ban/?hl=cited_expired",
        "texts, kind": "/van-ban/?loai=decree",
        "texts, words": "/van-ban/?q=kiem+soat",
        "texts, symbol": "/van-ban/?q=12%2F2022",
        "text": f"/van-ban/{text}/",
        "text reviews": "/van-ban/ra-soat/",
        "record files": "/luu-tru/",
        "record files, due": "/luu-tru/?tt=due",
        "record files, words": "/luu-tru/?q=kiem+soat",
        "record file": f"/luu-tru/ho-so/{file}/",
        "unfiled": "/luu-tru/chua-xep/",
        "file plan": "/luu-tru/danh-muc/?nam=2026",
    }


def main() -> None:
    """Fill, measure as reader and as secretary, print as JSON."""
    logging.disable(logging.INFO)
    call_command("migrate", verbosity=0)
    start = time.perf_counter()
    if not Document.objects.exists():
        agency = department()
        secretary(agency)
        fill(agency, documents=ROWS, texts=max(10, ROWS // 10), files=max(10, ROWS // 10))
    filled = round(time.perf_counter() - start, 1)
    agency_id = Agency.objects.latest("id").pk
    reader, manager = Client(), Client()
    reader.force_login(User.objects.get(username__endswith="huy"))
    manager.force_login(User.objects.get(username__endswith="thuky"))
    asked = {name: (reader, address) for name, address in pages_of_reader(agency_id).items()}
    for name in ("list", "common words", "reviews", "texts", "text"):
        asked[f"{name}, as secretary"] = (manager, asked[name][1])
    batch = ImportBatch.objects.latest("id").pk
    asked["import at work"] = (manager, f"/tai-lieu/nhap/{batch}/")
    asked["imports"] = (manager, "/tai-lieu/nhap/")
    only = sys.argv[2] if sys.argv[1:2] == ["--only"] else ""
    with override_settings(ALLOWED_HOSTS=["*"]):
        found = {
            name: measure(lambda client=client, address=address: client.get(address))
            for name, (client, address) in asked.items()
            if only in name
        }
    rows = Document.objects.filter(agency_id=agency_id).exclude(status="withdrawn")
    like = Q(folded__icontains="kiem") & Q(folded__icontains="soat")
    plain = {
        "plain list": measure(lambda: Plain(rows)),
        "plain list, far page": measure(lambda: Plain(rows, 1800)),
        "plain words": measure(lambda: Plain(rows.filter(like))),
    }
    report = {
        "engine": connection.vendor, "documents": ROWS, "fill_s": filled, "pages": found,
        "plain": plain,
    }  # fmt: skip
    print(json.dumps(report, ensure_ascii=False, indent=1))


if __name__ == "__main__":
    main()
