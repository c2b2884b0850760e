"""The public pages are whole in English, and nobody meets English without choosing it."""

import re
from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client
from lxml import html

from nep.apps.cases.models import Case, CaseReport
from nep.apps.cases.rules import STATUS_NAMES
from nep.apps.cases.rules.citizens import (
    DEGREES,
    MOST_REPORTS,
    REPORT_NAMES,
    decide_rating,
    decide_report,
    report_state,
)
from nep.apps.cases.services.citizens import case_rate, case_report
from nep.apps.documents.rules import KIND_NAMES
from nep.apps.portal.rules import STAGES, TODO, decide_lookup
from nep.apps.portal.tests.spoken import vietnamese_in
from tests import world
from tests.standing import kept
from tools import messages

pytestmark = pytest.mark.django_db
ADDRESSES = [
    "/tra-cuu/", "/tra-cuu/?ma=H00-000000-0000", "/tra-cuu/?ma={code}", "/tra-cuu/k/{key}/",
    "/tra-cuu/k/{done}/", "/tra-cuu/k/{key}/bao-sai-lech/",
    "/tra-cuu/k/khong-co-khoa-nay-dau/", "/tra-cuu/thu-tuc/", "/tra-cuu/thu-tuc/{agency}/",
    "/tra-cuu/thu-tuc/{agency}/?q=khong-co", "/tra-cuu/thu-tuc/H00/",
    "/tra-cuu/thu-tuc/{agency}/{procedure}/", "/tra-cuu/thu-tuc/{agency}/1/",
    "/tra-cuu/tai-lieu/", "/tra-cuu/tai-lieu/?q=khong-co", "/tra-cuu/tai-lieu/1/",
    "/tra-cuu/cong-bo/", "/tra-cuu/cong-bo/?q=khong-co", "/tra-cuu/cong-bo/1/",
]  # fmt: skip


def build_places() -> dict[str, str]:
    """Build a ward with cases, and what the addresses of its public pages hold."""
    agency = world.agency_facts(world.WARD)
    agency_id = world.build(agency)
    cases = world.fill(agency, agency_id)
    page = Client().get(f"/tra-cuu/thu-tuc/{agency['code']}/").content.decode()
    done = said_of(cases[1].id)
    return {
        "done": done,
        "code": cases[0].code,
        "key": Case.objects.get(pk=cases[0].id).lookup_key,
        "agency": agency["code"],
        "procedure": re.search(r"/(\d{6,})/\"", page).group(1),
    }


def said_of(case_id: int) -> str:
    """Give a case its result, a rating and an answered report; return its key."""
    now = world.BEGINNING + timedelta(days=9)
    case = Case.objects.get(pk=case_id)
    Case.objects.filter(pk=case_id).update(status=9, finished_at=now, paused_since=None)
    case_rate(lookup_key=case.lookup_key, degree=2, remark="Chờ lâu", now=now)
    report = case_report(lookup_key=case.lookup_key, kind="fee", text="Thu thừa tiền.", now=now)
    CaseReport.objects.filter(pk=report).update(answered_at=now, founded=True, answer="Đã trả lại.")
    case_report(lookup_key=case.lookup_key, kind="late", text="Trả muộn một tuần.", now=now)
    return case.lookup_key


places = kept(build_places)


def english() -> Client:
    """Return a browser whose reader has chosen English."""
    client = Client()
    client.get("/tra-cuu/?lang=en")
    return client


def test_a_public_page_in_english_says_nothing_in_vietnamese(places):
    reader = english()
    for address in ADDRESSES:
        answer = reader.get(address.format(**places))
        assert vietnamese_in(answer.content) == [], address
        assert answer["Content-Language"] == "en", address
        assert html.fromstring(answer.content.decode()).get("lang") == "en", address


def test_the_same_page_is_vietnamese_for_who_has_not_chosen(places):
    reader = Client(headers={"accept-language": "en-US"})
    for address in ADDRESSES:
        here = address.format(**places)
        page = html.fromstring(reader.get(here).content.decode())
        assert page.get("lang") == "vi", address
        way = page.xpath("//a[@hreflang='en']/@href")[0]
        assert way.startswith(here.partition("?")[0]), address
        assert "lang=en" in way, address


def test_the_choice_is_kept_and_taken_back_by_the_link_on_the_page(places):
    reader = english()
    here = f"/tra-cuu/?ma={places['code']}"
    page = html.fromstring(reader.get(here).content.decode())
    back = page.xpath("//a[@hreflang='vi']/@href")[0]

    assert places["code"] in back
    assert "Thủ tục đang áp dụng" in reader.get(back).content.decode()
    assert html.fromstring(reader.get(here).content.decode()).get("lang") == "vi"


def test_an_unknown_language_is_vietnamese():
    answer = Client().get("/tra-cuu/?lang=zz")

    assert "Hồ sơ của Ông/Bà đang ở đâu?" in answer.content.decode()
    assert answer.cookies.get("nep_language") is None


def test_pages_of_the_office_stay_vietnamese(places):
    reader = english()
    page = reader.get("/dang-nhap/").content.decode()

    assert '<html lang="vi"' in page
    assert "Tên đăng nhập" in page


def test_two_requests_in_a_row_do_not_share_a_language(places):
    english().get("/tra-cuu/")

    assert "Hồ sơ của Ông/Bà" in Client().get("/tra-cuu/").content.decode()


def test_a_guesser_is_refused_in_the_language_of_the_page(places):
    reader = english()
    for _ in range(settings.NEP.portal_lookups + 1):
        answer = reader.get("/tra-cuu/", {"ma": "H00-1"})

    assert answer.status_code == 429
    assert "Please try again in 10 minutes" in answer.content.decode()


def test_every_message_of_the_pages_and_rules_is_in_the_catalogue():
    entries = messages.read((messages.FOLDER / "django.po").read_text(encoding="utf-8"))
    known = {key for key, value in entries.items() if value}
    refused = decide_lookup(count=2, limit=1)

    now = world.BEGINNING
    long = {"kind": "fee", "open_kinds": (), "count": 0}
    refusals = [
        decide_rating(status=4, degree=5, remark="", rated_at=None, now=now),
        decide_rating(status=9, degree=5, remark="x" * 1001, rated_at=None, now=now),
        decide_rating(status=9, degree=5, remark="", rated_at=now - timedelta(days=31), now=now),
        decide_rating(status=9, degree=0, remark="", rated_at=None, now=now),
        decide_report(text="x", **long),
        decide_report(text="x" * 2001, **long),
        decide_report(text="x" * 20, **{**long, "open_kinds": ["fee"]}),
        decide_report(text="x" * 20, **{**long, "count": MOST_REPORTS}),
        decide_report(text="x" * 20, **{**long, "kind": "?"}),
    ]
    states = {report_state(answered=a, closed=c) for a, c in ((0, 0), (1, 0), (1, 1))}

    assert messages.missing(entries) == []
    told = {*STAGES, *TODO.values(), *STATUS_NAMES.values(), *KIND_NAMES.values()}
    told |= {*DEGREES.values(), *REPORT_NAMES.values(), *states}
    assert {*told, refused.message, *(one.message for one in refusals)} - known == set()


def test_the_compiled_catalogue_is_that_of_the_text():
    entries = messages.read((messages.FOLDER / "django.po").read_text(encoding="utf-8"))

    assert (messages.FOLDER / "django.mo").read_bytes() == messages.compiled(entries)


def test_limits_are_counted_in_english(places):
    listing = english().get(f"/tra-cuu/thu-tuc/{places['agency']}/").content.decode()

    assert "3 working days" in listing
    assert re.search(r"\d+ procedures in force", listing)


def test_a_late_case_is_called_overdue_once(places):
    case = Case.objects.get(lookup_key=places["key"])
    case.result_due_at = world.BEGINNING + timedelta(days=1)
    case.save(update_fields=["result_due_at"])

    page = Client().get(f"/tra-cuu/k/{places['key']}/").content.decode()
    assert html.fromstring(page).text_content().count("Quá hạn") == 1
