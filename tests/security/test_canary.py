"""Nothing of one agency appears on any page of another: every page reachable by links is read,
and every PDF, Word and Excel answer is opened and its words are searched too."""

import io
import re
import unicodedata
import zipfile
from collections import Counter, deque

import pypdfium2
import pytest

from tests import world
from tests.security.conftest import MARK

pytestmark = pytest.mark.django_db
LINK = re.compile(r"""(?:href|hx-get|action)="(/[^"#]*)""")
SKIPPED = ("/static/", "/dang-xuat/")
MOST = 400
ROLES = ("leader", "agency_admin", "iso_secretary", "specialist")
TAG = re.compile(r"<[^>]*>")


def words_of(data: bytes) -> str:
    """Return the text of an answer, a PDF or Office file opened, in one Unicode form."""
    if data[:4] == b"%PDF" and b"%%EOF" in data[-20:]:  # a made-up attachment is no whole PDF
        document = pypdfium2.PdfDocument(data)
        text = "".join(page.get_textpage().get_text_range() for page in document)
    elif data[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(data)) as office:
            members = [name for name in office.namelist() if name.endswith((".xml", ".rels"))]
            text = " ".join(TAG.sub("", office.read(name).decode("utf-8")) for name in members)
    else:
        text = data.decode("utf-8", "ignore")
    return unicodedata.normalize("NFC", text)


def crawl(browser, start: str = "/", *, marked: Counter[str] | None = None) -> dict[str, str]:
    """Return {address: text} of all that links lead to, by GET only.

    `marked` counts, by content type, the answers that hold the mark.
    """
    pages: dict[str, str] = {}
    marked = Counter() if marked is None else marked
    waiting = deque([start])
    while waiting and len(pages) < MOST:
        address = waiting.popleft().replace("&amp;", "&")
        if address in pages or address.startswith(SKIPPED):
            continue
        answer = browser.get(address, follow=True)
        kind = answer.get("Content-Type", "").partition(";")[0]
        pages[address] = words_of(b"".join(answer))
        marked[kind] += MARK in pages[address]
        if kind == "text/html":
            waiting.extend(LINK.findall(pages[address]))
    return pages


def test_no_answer_to_one_agency_holds_a_text_of_another(neighbours):
    for role in ROLES:
        pages = crawl(world.signed_in(world.login_with(neighbours.ward, role)))
        public = {address for address in pages if address.startswith("/tra-cuu/")}
        leaking = [address for address, text in pages.items()
                   if MARK in text and address not in public]  # fmt: skip
        assert (role, leaking) == (role, [])
        assert len(pages) > 5


def test_the_mark_is_really_on_the_other_agencys_pages_and_in_its_files(neighbours):
    marked: Counter[str] = Counter()
    for role in ("agency_admin", "reception", "leader"):
        crawl(world.signed_in(world.login_with(neighbours.commune, role)), marked=marked)

    assert marked["text/html"] > 3
    for kind in ("pdf", "wordprocessingml.document", "spreadsheetml.sheet"):
        assert sum(n for name, n in marked.items() if name.endswith(kind)) > 0, (kind, marked)
