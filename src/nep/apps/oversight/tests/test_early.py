"""Tomorrow's lateness today: the page for leaders and the card on a case."""

from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from nep.apps.cases.models import Case
from nep.apps.cases.rules.statuses import STOPPED
from nep.apps.cases.tests.scene import office
from nep.apps.work.services import ChanceTold, chances_put
from nep.kernel.vietnamese import VN
from tests.standing import kept

at = kept(office)
WHY = "Còn 2 ngày làm việc; các bước còn lại thường mất 3 ngày."


def now() -> datetime:
    return datetime.now(VN)


def tell(at, case, percent: int | None, *, due_in: timedelta = timedelta(hours=20), who="lan"):
    told = ChanceTold(
        agency_id=case.agency_id, source_type="case", source_id=case.pk, mark=1,
        person_id=at.scene.people[who], unit_id=None, due_at=now() + due_in, percent=percent,
        after=None if percent is None else percent // 2, middle=100, high=200, why=WHY,
    )  # fmt: skip
    chances_put(told=[told], now=now())


@pytest.fixture
def page(at, client):
    at.scene.sign_in(client, "ha")

    def get(**values) -> str:
        answer = client.get(reverse("oversight:early"), values)
        assert answer.status_code == 200
        return answer.content.decode()

    return get


def test_cases_likely_to_be_late_are_shown_with_the_reason_the_likeliest_first(at, page):
    low, high, none = at.accept(), at.accept(), at.accept()
    tell(at, low, 35)
    tell(at, high, 82, who="huy")
    tell(at, none, 4)

    body = page(ky="mai")

    assert body.index(high.code) < body.index(low.code)
    assert none.code not in body
    assert "Rất dễ trễ, 82%" in body
    assert WHY in body
    assert "Làm xong bước này bây giờ thì còn 41%" in body
    assert "Khoảng 1 hồ sơ có thể trễ đến hết ngày mai" in body
    assert " style=" not in body


def test_a_holder_s_row_opens_their_cases_and_the_rows_add_up(at, page):
    mine, other = at.accept(), at.accept()
    tell(at, mine, 35, who="lan")
    tell(at, other, 82, who="huy")

    body = page(ky="mai", nguoi=str(at.scene.people["lan"]))

    assert mine.code in body
    assert other.code not in body


def test_what_is_due_later_or_over_or_of_another_agency_is_not_among_them(at, page):
    later, over = at.accept(), at.accept()
    tell(at, later, 90, due_in=timedelta(days=20))
    tell(at, over, 100, due_in=-timedelta(days=1))

    body = page(ky="mai")
    month = page(ky="thang")

    assert later.code not in body
    assert over.code not in body
    assert later.code in month
    assert "Chưa ước lượng được khả năng trễ" in body


def test_thin_history_is_said(at, page):
    tell(at, at.accept(), None)

    assert "1 hồ sơ đến hạn trong kỳ chưa có phần trăm" in page(ky="mai")


def test_the_case_tells_its_chance_or_that_it_cannot(at, client):
    told, thin = at.accept(), at.accept()
    tell(at, told, 35)
    tell(at, thin, None)
    at.scene.sign_in(client, "lan")

    body = client.get(reverse("cases:case", args=[told.pk])).content.decode()
    bare = client.get(reverse("cases:case", args=[thin.pk])).content.decode()

    assert "Dễ trễ, 35%" in body
    assert WHY in body
    assert "Chưa ước lượng được khả năng trễ" in bare
    assert client.get(reverse("oversight:early")).status_code == 403


def test_a_finished_case_tells_no_chance(at, client):
    case = at.accept()
    tell(at, case, 35)
    at.scene.sign_in(client, "lan")
    Case.objects.filter(pk=case.pk).update(status=STOPPED, finished_at=now())

    assert "Dễ trễ, 35%" not in client.get(reverse("cases:case", args=[case.pk])).content.decode()


def test_the_page_asks_as_many_queries_for_many_cases_as_for_few(at, page):
    def count() -> int:
        with CaptureQueriesContext(connection) as caught:
            page(ky="mai")
        return len(caught)

    tell(at, at.accept(), 50)
    count()
    few = count()
    for percent in range(20, 32):
        tell(at, at.accept(), percent)

    assert count() <= few
