"""Nothing of one agency appears on any page of another: every page reachable by links is read."""

import re
from collections import deque

import pytest

from tests import world
from tests.security.conftest import MARK

pytestmark = pytest.mark.django_db
LINK = re.compile(r"""(?:href|hx-get|action)="(/[^"#]*)""")
SKIPPED = ("/static/", "/dang-xuat/")
MOST = 400


def crawl(browser, start: str = "/") -> dict[str, str]:
    """Return {address: text} of every page that links lead to, by GET only."""
    pages: dict[str, str] = {}
    waiting = deque([start])
    while waiting and len(pages) < MOST:
        address = waiting.popleft().replace("&amp;", "&")
        if address in pages or address.startswith(SKIPPED):
            continue
        answer = browser.get(address, follow=True)
        pages[address] = b"".join(answer).decode("utf-8", "ignore")
        waiting.extend(LINK.findall(pages[address]))
    return pages


@pytest.mark.parametrize("role", ["leader", "agency_admin", "iso_secretary", "specialist"])
def test_no_page_of_one_agency_holds_a_text_of_another(neighbours, role):
    pages = crawl(world.signed_in(world.login_with(neighbours.ward, role)))
    public = {address for address in pages if address.startswith("/tra-cuu/")}
    leaking = [address for address, text in pages.items()
               if MARK in text and address not in public]  # fmt: skip
    assert leaking == []
    assert len(pages) > 5


def test_the_mark_is_really_on_the_other_agencys_pages(neighbours):
    pages = crawl(world.signed_in(world.login_with(neighbours.commune, "agency_admin")))
    assert sum(MARK in text for text in pages.values()) > 3
