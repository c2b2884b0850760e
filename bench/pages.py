"""Server time, size and queries of the main pages on the demonstration.

`NEP_DATA=FOLDER python3 dev.py bench pages` reads the demonstration that lies in the folder (by
default the one of `dev.py run`). Goals: ≤ 50 ms at the median, HTML ≤ 60 KB, first visit ≤ 100 KB
compressed without fonts.
"""

import gzip
import json
import re
import statistics
import time

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.contrib.staticfiles import finders  # noqa: E402
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


def main() -> None:
    """Measure each page and print the table."""
    settings.ALLOWED_HOSTS = ["*"]
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
