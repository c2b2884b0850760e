"""The pages of management review."""

import html
import io
from datetime import date

import pytest
from django.urls import reverse
from docx import Document

from nep.apps.records.models import Record
from nep.apps.reviews.models import Review
from nep.apps.reviews.rules import life
from nep.apps.reviews.tests import scene
from tests.soon import LATER

pytestmark = pytest.mark.django_db


def text(answer) -> str:
    return html.unescape(answer.content.decode())


def test_a_review_is_prepared_held_and_approved_in_few_clicks(agency, client):
    people, today = agency.people, date.today().strftime("%d/%m/%Y")
    agency.sign_in(client, "thu")
    empty = text(client.get("/xem-xet/"))
    form = client.get("/xem-xet/moi/").context["form"]
    given = {name: form[name].value() for name in form.fields}
    for name in ("starts_on", "ends_on"):
        given[name] = given[name].strftime("%d/%m/%Y")
    place = client.post("/xem-xet/moi/", {**given, "meets_on": today})["Location"]
    shown = text(client.get(place))
    bare = client.post(place + "ghi/", {"held_on": today, "present": [given["chair"]]})
    values = {"held_on": today, "present": given["people"], "verdict": "effective",
              "nothing_else": "on", "title_1": "Mua máy in cho quầy", "owner_1": people["toan"],
              "due_1": LATER, "output_1": "resources"}  # fmt: skip
    unsaid = client.post(place + "ghi/", values | {"title_1": " "})
    client.post(place + "ghi/", values)
    chair = next(key for key in ("ha", "giam") if people[key] == given["chair"])
    agency.sign_in(client, chair)
    read = text(client.get(place))
    row = Review.objects.get()
    client.post(place + "phe-duyet/", {"read_hash": row.minutes_hash})
    after = text(client.get(place))

    assert "Chưa có lần xem xét nào của lãnh đạo" in empty
    assert "Đã chốt đầu vào, chờ họp" in shown
    assert "Giải quyết hồ sơ" in shown
    assert bare.status_code == 422
    assert unsaid.status_code == 422
    assert "Hãy ghi việc phải làm, hoặc bỏ cả người làm và hạn." in text(unsaid)
    assert "Mua máy in cho quầy" in read
    assert "Phê duyệt biên bản ở trên" in read
    assert "Đã phê duyệt, đang theo dõi quyết định: còn 1 việc" in after
    assert Record.objects.count() == 2
    assert Record.objects.filter(title=f"Biên bản xem xét của lãnh đạo XX 01/{row.year}").exists()


def test_the_papers_say_what_was_frozen_and_said(agency, client):
    review_id = scene.prepared(agency)
    agency.sign_in(client, "thu")
    place = f"/xem-xet/{review_id}/"
    early = client.get(place + "bien-ban.pdf")
    scene.brought(agency, review_id, life.APPROVED)
    words = {}
    for kind in ("dau-vao", "bien-ban"):
        document = Document(io.BytesIO(client.get(f"{place}{kind}.docx").content))
        words[kind] = "\n".join(
            [one.text for one in document.paragraphs]
            + [cell.text for table in document.tables for row in table.rows for cell in row.cells]
        )
        assert client.get(f"{place}{kind}.pdf").content.startswith(b"%PDF")

    assert early.status_code == 422
    row = Review.objects.get()
    for said in ("XX 01/2026", "Giải quyết hồ sơ", "Kỳ trước", "9.3.2 c.3",
                 row.freezings.get().sha256):  # fmt: skip
        assert said in words["dau-vao"]
    for said in ("Vũ Đức Giám, Giám đốc", "Mua máy in cho quầy", "Không có ý kiến khác",
                 "xác nhận trên hệ thống bởi Vũ Đức Giám", row.minutes_hash):  # fmt: skip
        assert said in words["bien-ban"]
    assert client.get(place + "bien-ban.zip").status_code == 404


def test_pages_ask_the_same_few_questions(agency, client, django_assert_max_num_queries):
    review_id = scene.prepared(agency)
    scene.brought(agency, review_id, life.CLOSED)
    agency.sign_in(client, "thu")
    for place in (reverse("reviews:register"), f"/xem-xet/{review_id}/", "/xem-xet/moi/"):
        client.get(place)
        with django_assert_max_num_queries(15):
            client.get(place)


def test_a_copied_year_takes_people_place_and_agenda_and_begins_after_the_last(agency, client):
    review_id = scene.prepared(agency)
    scene.brought(agency, review_id, life.APPROVED)
    agency.sign_in(client, "thu")
    answer = client.get("/xem-xet/moi/")
    start = answer.context["start"]

    assert start.place == "Phòng họp tầng 2"
    assert start.agenda == ("Xem việc đã giao", "Kết luận")
    assert set(start.people) == {agency.people[key] for key in ("giam", "toan", "thu")}
    assert "chép từ lần XX 01/2026" in text(answer).replace("Chép", "chép")


def test_officers_read_a_review_they_are_called_to_but_prepare_none(agency, client):
    review_id = scene.prepared(agency)
    agency.sign_in(client, "lan")

    assert client.get(f"/xem-xet/{review_id}/").status_code == 200
    assert "Ghi biên bản" not in text(client.get(f"/xem-xet/{review_id}/"))
    assert client.get("/xem-xet/").status_code == 403
    assert client.post(f"/xem-xet/{review_id}/chot-lai/").status_code == 403
