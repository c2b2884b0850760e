"""The pages of the worklist over HTTP."""

from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from nep.apps.work import services
from nep.apps.work.models import Notice, WorkItem
from nep.apps.work.tests.make import item
from nep.kernel.vietnamese import VN


def page(name: str, *args) -> str:
    return reverse(f"work:{name}", args=args)


def text(response) -> str:
    return response.content.decode()


def soon(days: int) -> datetime:
    return datetime.now(VN) + timedelta(days=days)


@pytest.fixture
def lan(agency, client):
    agency.sign_in(client, "lan")
    return client


def test_the_most_urgent_item_is_first_and_one_click_away(agency, lan):
    item(agency, due=soon(20), title="Việc sau")
    first = item(agency, due=soon(-5), title="Việc gấp nhất")
    body = text(lan.get(page("mine")))

    link = WorkItem.objects.get(pk=first).link
    assert body.index("Việc gấp nhất") < body.index("Việc sau")
    assert f'href="{link}"' in body
    assert "2 việc đang chờ bạn, 1 việc đã quá hạn" in body
    assert "1 trễ" in body


def test_the_page_needs_no_style_attribute(agency, lan):
    item(agency, due=soon(3))

    assert " style=" not in text(lan.get(page("mine")))


@pytest.mark.parametrize("year", [1900, 2040, 9999])
def test_a_day_beyond_the_calendar_stops_no_list(agency, lan, year):
    item(agency, due=datetime(year, 6, 1, 17, 30, tzinfo=VN), title="Gõ nhầm năm")
    item(agency, due=soon(3), title="Việc sau")

    for place in (page("mine"), page("items")):
        body = text(lan.get(place))
        assert "Gõ nhầm năm" in body
        assert "Việc sau" in body
        assert f"/{year}" in body


def test_an_empty_list_says_what_comes_next(agency, lan):
    assert "Hôm nay bạn không còn việc nào" in text(lan.get(page("mine")))


@pytest.mark.parametrize(
    ("moment", "said"),
    [
        ("2026-12-10T10:20", "Hôm nay còn 5 giờ 10 phút làm việc."),
        ("2026-12-10T19:00", "Hôm nay đã hết giờ làm việc."),
        ("2026-12-13T01:00", "Hôm nay là ngày nghỉ."),
    ],
)
def test_the_page_says_how_much_of_the_day_is_left(agency, client, time_machine, moment, said):
    time_machine.move_to(datetime.fromisoformat(moment).replace(tzinfo=VN), tick=False)
    agency.sign_in(client, "lan")

    assert said in text(client.get(page("mine")))


def test_the_refresh_answers_the_list_alone(agency, lan):
    item_id = item(agency, due=soon(3))
    response = lan.get(
        page("mine"), HTTP_HX_REQUEST="true", HTTP_HX_TARGET="ds-viec", HTTP_X_NEP_AUTO="1"
    )

    assert "<html" not in text(response)
    assert text(response).lstrip().startswith('<div id="ds-viec"')
    assert f'data-row="{item_id}"' in text(response)
    assert 'id="tieu-de" hx-swap-oob="true">1 việc đang chờ bạn' in text(response)


def test_claiming_opens_the_item_and_a_second_claim_is_refused(agency, lan, client):
    item_id = item(agency, None, due=soon(3))
    link = WorkItem.objects.get(pk=item_id).link
    taken = lan.post(page("claim", item_id))
    agency.sign_in(client, "huy")
    late = client.post(page("claim", item_id))

    assert taken["Location"] == link
    assert late.status_code == 409
    assert lan.get(page("claim", item_id)).status_code == 405


def test_handing_over_from_the_page(agency, lan):
    item_id = item(agency, due=soon(3))
    form = lan.get(page("hand_over", item_id))
    data = {"receiver": agency.people["huy"], "version": 1}
    refused = lan.post(page("hand_over", item_id), {**data, "reason": ""})
    given = lan.post(
        page("hand_over", item_id), {**data, "reason": "Đi công tác một tuần"}, follow=True
    )

    assert "Phạm Quốc Huy, đang giữ 0 việc" in text(form)
    assert refused.status_code == 422
    assert "Ghi một câu để người nhận hiểu việc" in text(refused)
    assert "Đã bàn giao cho Phạm Quốc Huy." in text(given)
    assert WorkItem.objects.get(pk=item_id).person_id == agency.people["huy"]


def test_the_hand_over_dialog_is_a_fragment(agency, lan):
    item_id = item(agency, due=soon(3))
    body = text(lan.get(page("hand_over", item_id), HTTP_HX_REQUEST="true"))

    assert "<html" not in body
    assert '<dialog id="ban-giao"' in body


def test_without_a_second_person_the_page_says_what_to_do(agency, lan):
    item_id = item(agency, unit_id=agency.units["MC"], role="reception")
    agency.appoint("lan", "LD", "leader")
    WorkItem.objects.filter(pk=item_id).update(person_id=agency.people["tuan"])

    assert "không có ai khác giữ vai trò" in text(lan.get(page("hand_over", item_id)))


@pytest.mark.parametrize("name", ["explanation", "hand_over"])
def test_items_of_others_are_not_found(agency, other_agency, lan, name):
    hidden = (
        item(agency, "tuan", unit_id=agency.units["MC"], role="reception"),
        item(other_agency),
        item(other_agency, None),
    )
    closed = item(agency)
    services.item_close(batch=None, item_id=closed, at=soon(0), by_id=None)

    for item_id in (*hidden, closed):
        assert lan.get(page(name, item_id)).status_code == 404
        assert lan.post(page("claim", item_id)).status_code == 404


def test_the_explanation_gives_limit_use_and_rest(agency, lan):
    item_id = item(agency, due=soon(20))
    whole = text(lan.get(page("explanation", item_id)))
    part = text(lan.get(page("explanation", item_id), HTTP_HX_REQUEST="true"))

    assert "Định mức" in whole
    assert "24 giờ" in part
    assert "<html" not in part


def test_further_pages_of_a_group(agency, lan):
    for number in range(55):
        item(agency, due=soon(30), title=f"Việc {number}.")
    body = text(lan.get(page("mine")))
    after = WorkItem.objects.order_by("due_at", "id")[49]
    more = lan.get(page("more", "later"), {"sau": f"{after.due_at.isoformat()}~{after.id}"})

    assert body.count("data-row=") == 50
    assert "Xem 50 việc tiếp theo" in body
    assert text(more).count("data-row=") == 5
    assert lan.get(page("more", "nonsense")).status_code == 404


def test_the_bell_lists_and_is_read(agency, lan):
    item(agency, due=soon(-3))
    services.reminders_send(now=datetime.now(VN))
    bell = text(lan.get(page("mine")))
    listed = text(lan.get(page("notices")))
    lan.post(page("notices_read"))

    assert "1 thông báo mới" in bell
    assert "1 việc của bạn vừa quá hạn" in listed
    assert Notice.objects.filter(read_at=None).count() == 0
    assert "Không có thông báo mới" in text(lan.get(page("notices")))


def test_the_page_asks_constantly_many_queries(agency, lan):
    def count() -> int:
        lan.get(page("mine"))
        with CaptureQueriesContext(connection) as caught:
            lan.get(page("mine"))
        return len(caught)

    item(agency, due=soon(0))
    item(agency, None, due=soon(0))
    few = count()
    for number in range(20):
        item(agency, due=soon(number - 5))
        item(agency, None, due=soon(3))

    assert count() <= few


def test_texts_of_users_are_shown_as_text(agency, lan):
    item(agency, due=soon(3), title="<script>x</script>", detail='"><img src=x>', note="<b>")
    body = text(lan.get(page("mine")))

    assert "<script>x" not in body
    assert "<img src=x" not in body


def test_after_an_act_the_page_leads_on_to_the_nearest_work_once(agency, lan):
    item(agency, due=soon(20), title="Việc sau")
    nearest = item(agency, due=soon(2), title="Việc gần hạn nhất")
    place = WorkItem.objects.get(pk=nearest).link
    for act in ("", "withdraw"):  # the second tells that it has been done
        lan.post(page("feed_change"), {"act": act})
    told = text(lan.get(page("choices")))
    again = text(lan.get(page("choices")))

    assert f'Việc tiếp theo của bạn: <a class="b" href="{place}">Việc gần hạn nhất</a>' in told
    assert "Việc tiếp theo của bạn" not in again
