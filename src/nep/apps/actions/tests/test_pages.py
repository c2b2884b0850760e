"""The pages of actions."""

import html
import io

import pytest
from django.urls import reverse
from python_calamine import load_workbook

from nep.apps.actions.models import Action
from nep.apps.actions.tests import make
from tests.soon import LATER

pytestmark = pytest.mark.django_db


def text(answer) -> str:
    return html.unescape(answer.content.decode())


def test_the_empty_register_says_where_actions_come_from(agency, client):
    agency.sign_in(client, "thu")
    page = text(client.get(reverse("actions:register")))

    assert "Không hành động nào còn phải làm" in page
    assert "Giao việc" in page


def test_an_action_goes_its_whole_way_over_the_pages(agency, client):
    agency.sign_in(client, "thu")
    new = reverse("actions:new")
    bad = client.post(new, {"title": "Sửa bảng", "owner": agency.people["lan"],
                            "due_on": "01/01/2020"})  # fmt: skip
    made = client.post(
        new, {"title": "Sửa bảng phân công", "owner": agency.people["lan"], "due_on": LATER}
    )
    place = made["Location"]
    agency.sign_in(client, "lan")
    empty = client.post(place + "xong/", {"evidence": "", "link": ""})
    proof = io.BytesIO(b"%PDF-1.4")
    proof.name = "bảng mới.pdf"
    client.post(place + "xong/", {"evidence": "Đã ban hành bảng mới.", "file": proof,
                                  "link": "/tai-lieu/"})  # fmt: skip
    mine = text(client.get(place))
    agency.sign_in(client, "thu")
    returned = client.post(place + "kiem-tra/", {"verdict": "tra", "note": ""})
    client.post(place + "kiem-tra/", {"verdict": "dat", "note": "Đủ."})
    done = client.get(place)

    assert (bad.status_code, empty.status_code, returned.status_code) == (422, 422, 422)
    assert "từ hôm nay trở đi" in text(bad)
    assert "chưa có bằng chứng" in text(empty)
    assert "Chờ người khác kiểm tra" in mine
    assert "Đã kiểm tra: Sửa bảng phân công" in text(done)
    file_url = next(one.url for one in done.context["page"].proofs if one.is_file)
    assert client.get(file_url).content == b"%PDF-1.4"


def test_the_register_filters_and_exports(agency, client):
    make.action(agency, title="Tập huấn một cửa", owner="tuan")
    make.action(agency, title="Sửa quy trình số 5")
    agency.sign_in(client, "lan")
    page = reverse("actions:register")
    mine = text(client.get(page, {"loc": "toi"}))
    found = text(client.get(page, {"q": "tap huan", "dv": agency.units["MC"], "nguon": "audit"}))
    none = text(client.get(page, {"nguon": "risk"}))
    sheet = client.get(reverse("actions:export")).content
    (rows,) = [s.to_python() for s in [load_workbook(io.BytesIO(sheet)).get_sheet_by_index(0)]]

    assert "Sửa quy trình số 5" in mine
    assert "Tập huấn" not in mine
    assert "Tập huấn một cửa" in found
    assert "Không thấy hành động nào khớp" in none
    assert {row[1] for row in rows[1:]} == {"Tập huấn một cửa", "Sửa quy trình số 5"}
    assert rows[1][2] == "Đánh giá nội bộ"


def test_pages_ask_the_same_few_questions_however_long(
    agency, client, django_assert_max_num_queries
):
    for number in range(8):
        make.action(agency, title=f"Việc phải làm {number}", owner=("lan", "huy")[number % 2])
    agency.sign_in(client, "thu")
    for place in ("actions:register", "actions:by_unit"):
        client.get(reverse(place))
        with django_assert_max_num_queries(15):
            client.get(reverse(place))
    one = Action.objects.latest("id").pk
    with django_assert_max_num_queries(15):
        client.get(reverse("actions:action", args=[one]))


def test_moving_and_dropping_over_the_pages(agency, client):
    action_id = make.action(agency)
    place = reverse("actions:action", args=[action_id])
    agency.sign_in(client, "lan")
    refused = client.post(place + "thoi/", {"reason": "Không muốn làm."})
    agency.sign_in(client, "thu")
    client.post(place + "doi-han/", {"due_on": LATER, "reason": "Chờ kinh phí năm sau."})
    moved = text(client.get(place))
    client.post(place + "thoi/", {"reason": "Đã có phần mềm thay."})

    assert refused.status_code == 422
    assert LATER in moved
    assert "ban đầu" in moved
    assert "Đã thôi" in text(client.get(place))
