"""Server time, size and queries of the main pages on the demonstration.

`NEP_DATA=FOLDER python3 dev.py bench pages` reads the demonstration that lies in the folder (by
default the one of `dev.py run`). Goals: ≤ 50 ms at the median, HTML ≤ 60 KB, first visit ≤ 100 KB
compressed without fonts.

`--cases N` takes a copy of that embedded database, fills one agency with so many finished cases
like its own, and asks for what grows with them: without what SQLite knows of the size of its
tables, and with it, as the worker keeps it (`foundation.db.statistics`).
"""

import argparse
import gzip
import json
import os
import re
import shutil
import statistics
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

import django

READER = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
READER.add_argument("--cases", type=int, default=0, help="đo trên một cơ quan có từng ấy hồ sơ")
ASKED = READER.parse_args()
HELD = ExitStack()
if ASKED.cases:
    if os.environ.get("NEP_DATABASE_URL"):
        raise SystemExit("--cases chỉ đo trên cơ sở dữ liệu nhúng; bỏ NEP_DATABASE_URL.")
    SOURCE = Path(os.environ.get("NEP_DATA", "var")).absolute()
    COPY = HELD.enter_context(tempfile.TemporaryDirectory(prefix="nep-pages-"))
    shutil.copytree(SOURCE, COPY, dirs_exist_ok=True)
    os.environ["NEP_DATA"] = COPY

django.setup()

from django.conf import settings  # noqa: E402
from django.contrib.staticfiles import finders  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402

from nep.demonstration import facts  # noqa: E402

ROUNDS = 25
LOGIN = "stp.bttp1"
LEADER = "stp.giamdoc"
ASSET = re.compile(r'(?:href|src)="/static/([^"?]+\.(?:css|js))')


def signed_in(login: str) -> Client:
    """Return a browser of one of the demonstration's people."""
    client = Client()
    client.post("/dang-nhap/", {"username": login, "password": facts.password()})
    return client


def first_link(client: Client, page: str, pattern: str) -> str:
    """Return the first address on a page that matches."""
    found = re.search(pattern, client.get(page).content.decode())
    if found is None:
        raise SystemExit(f"Trang {page} chưa có gì để mở; hãy dựng tỉnh mẫu trước.")
    return found.group(1)


def measure(client: Client, address: str) -> dict:
    """Return median milliseconds, bytes and queries of an address (or where it leads)."""
    first = client.get(address, follow=True)
    if first.redirect_chain:
        address = first.redirect_chain[-1][0]
    spent = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        answer = client.get(address)
        spent.append((time.perf_counter() - start) * 1000)
    with CaptureQueriesContext(connection) as captured:
        answer = client.get(address)
    body = b"".join(answer) if answer.streaming else answer.content
    return {
        "status": answer.status_code,
        "ms": round(statistics.median(spent), 1),
        "html_kb": round(len(body) / 1024, 1),
        "queries": len(captured),
        "body": body,
    }


def first_visit(body: bytes) -> float:
    """Return the compressed kilobytes of a page with its style sheets and scripts."""
    total = len(gzip.compress(body))
    for name in set(ASSET.findall(body.decode())):
        path = finders.find(name)
        if path:
            with open(path, "rb") as source:
                total += len(gzip.compress(source.read(), 9))
    return round(total / 1024, 1)


def grown(cases: int) -> dict:
    """Fill one agency and return the median milliseconds of each page, without and with statistics."""
    import logging

    from _steps_filling import multiply

    from nep.apps.cases.models import Case, CaseFact
    from nep.foundation.db.statistics import statistics_refresh

    logging.getLogger("nep").setLevel(logging.WARNING)
    call_command("migrate", verbosity=0)  # the copy may be of an older day
    leader = signed_in(LEADER)
    agency = Case.objects.filter(code__startswith="H99.12-").values_list("agency_id", flat=True)[0]
    facts_ = CaseFact.objects.filter(agency_id=agency).order_by("case_id")
    multiply(list(facts_.values_list("case_id", flat=True)[:50]), cases, say=print)
    holder = Case.objects.filter(
        agency_id=agency, finished_at=None, holder_person_id__isnull=False
    ).values_list("holder_person_id", flat=True)[0]
    year = time.strftime("%Y")
    pages = {
        "danh sách hồ sơ": "/ho-so/",
        "danh sách cả năm": f"/ho-so/?thang={year}",
        "đang quá hạn": "/ho-so/?nhom=qua",
        "một người đang giữ": f"/ho-so/?nhom=dang&nguoi={holder}",
        "tìm một tên không có": "/ho-so/?q=khong+co+ten+nay",
        "điều hành": "/dieu-hanh/",
        "việc từng cán bộ": "/dieu-hanh/can-bo/",
        "việc của tôi": "/viec/",
    }
    found: dict = {name: [] for name in pages}
    for known in (False, True):
        if known:
            statistics_refresh()
        else:
            with connection.cursor() as cursor:
                cursor.execute("DELETE FROM sqlite_stat1")
        connection.close()  # what is known is read when the database is opened
        for name, address in pages.items():
            found[name].append(measure(leader, address)["ms"])
    for name, (without, with_) in found.items():
        print(f"{name:<24}{without:>9.1f} ms{with_:>9.1f} ms{without / with_:>8.1f} lần")
    return found


def main() -> None:
    """Measure each page and print the table."""
    settings.ALLOWED_HOSTS = ["*"]
    if ASKED.cases:
        with HELD:
            print(json.dumps(grown(ASKED.cases), ensure_ascii=False))
            connection.close()
        return
    officer, leader = signed_in(LOGIN), signed_in(LEADER)
    case = first_link(officer, "/ho-so/", r'href="(/ho-so/[^"?]*\d{4}/)"')
    procedure = first_link(officer, "/quy-trinh/", r'href="(/quy-trinh/\d+[^"]*)"')
    pages = {
        "việc của tôi": (officer, "/viec/"),
        "danh sách hồ sơ": (officer, "/ho-so/"),
        "trang hồ sơ": (officer, case),
        "trang quy trình": (officer, procedure),
        "điều hành": (leader, "/dieu-hanh/"),
    }
    rows = {}
    for name, (client, address) in pages.items():
        row = measure(client, address)
        row["first_visit_kb"] = first_visit(row.pop("body"))
        rows[name] = row
        print(
            f"{name:<18}{row['status']:>5}{row['ms']:>9.1f} ms{row['html_kb']:>8.1f} KB"
            f"{row['queries']:>4} truy vấn{row['first_visit_kb']:>8.1f} KB lần đầu"
        )
    print(json.dumps(rows, ensure_ascii=False))


if __name__ == "__main__":
    main()
