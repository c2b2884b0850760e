"""Nothing of one agency appears on any page of another: every kind of page reachable by links is
read, and every PDF, Word and Excel answer is opened and its words are searched too. The same walk
sees that no page asks the database while it is drawn. Several pages of a kind are read once, by the
first role that comes by; every other role reads one of each (all of them with `NEP_TEST_WHOLE`)."""

import io
import re
import unicodedata
import zipfile
from collections import Counter, deque
from collections.abc import Callable
from contextlib import suppress

import pypdfium2
import pytest
from django.urls import Resolver404, resolve

from tests import world
from tests.security.conftest import MARK
from tests.whole import IS_WHOLE

pytestmark = [pytest.mark.django_db, pytest.mark.together("neighbours")]
LINK = re.compile(r"""(?:href|hx-get|action)="(/[^"#]*)""")
SKIPPED = ("/static/", "/dang-xuat/")
MOST = 400
ALIKE = 3  # pages of one kind that are read: the kinds are what differs, not their ids
ROLES = ("leader", "agency_admin", "iso_secretary", "specialist", "reception")
FILES = ("pdf", "wordprocessingml.document", "spreadsheetml.sheet")
TAG = re.compile(r"<[^>]*>")
SUPERIORS = re.compile(r'<select name="parent_id".*?</select>', re.S)  # who leads whom is public
_read: Counter[str] = Counter()  # pages of each kind that earlier roles have read


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


def kind_of(address: str) -> str:
    """Return what addresses that differ by ids, numbers or days only have in common."""
    path, _, asked = address.partition("?")
    with suppress(Resolver404):
        path = resolve(path).route
    return f"{path}?{re.sub(r'[0-9]+', '#', asked)}"


def crawl(
    browser, start: str = "/", *, before: Counter[str] | None = None,
    until: Callable[[Counter[str]], bool] = lambda marked: False,
) -> dict[str, str]:  # fmt: skip
    """Return {address: text} of all that links lead to, by GET only, `ALIKE` of each kind.

    Of a kind read so often `before`, one. `until` is asked after each answer, with how many held
    the mark by content type.
    """
    before = Counter() if before is None or IS_WHOLE else before
    pages: dict[str, str] = {}
    marked: Counter[str] = Counter()
    met: Counter[str] = Counter()
    waiting = deque([start])
    while waiting and len(pages) < MOST and not until(marked):
        address = waiting.popleft().replace("&amp;", "&")
        if address in pages or address.startswith(SKIPPED):
            continue
        met[kind := kind_of(address)] += 1
        if met[kind] > (1 if before[kind] >= ALIKE else ALIKE):
            continue
        answer = browser.get(address, follow=True)
        content = answer.get("Content-Type", "").partition(";")[0]
        pages[address] = words_of(b"".join(answer))
        marked[content] += MARK in pages[address]
        if content == "text/html":
            waiting.extend(LINK.findall(pages[address]))
    before.update(met)
    return pages


@pytest.mark.parametrize("role", ROLES)
def test_what_a_role_reads_names_no_other_agency_and_is_drawn_without_a_query(
    neighbours, role, asked_while_rendering
):
    pages = crawl(world.signed_in(world.login_with(neighbours.ward, role)), before=_read)
    public = {address for address in pages if address.startswith("/tra-cuu/")}
    leaking = [address for address, text in pages.items()
               if MARK in SUPERIORS.sub("", text) and address not in public]  # fmt: skip

    assert leaking == []
    assert asked_while_rendering == []
    assert len(pages) > 50


def test_the_mark_is_really_on_the_other_agencys_pages_and_in_its_files(neighbours):
    found: Counter[str] = Counter()

    def enough(marked: Counter[str]) -> bool:
        found.update(marked - found)
        files = [sum(found[name] for name in found if name.endswith(kind)) for kind in FILES]
        return found["text/html"] > 3 and min(files) > 0

    for role in ("agency_admin", "reception", "leader"):
        crawl(world.signed_in(world.login_with(neighbours.commune, role)), until=enough)

    assert enough(Counter()), found
