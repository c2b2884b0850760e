"""The pages of distribution and reading, as people use them."""

import html
import io

import pytest
from django.urls import reverse
from python_calamine import CalamineWorkbook

from nep.apps.documents import services
from nep.apps.documents.models import Access, Reading, Recipient
from nep.apps.documents.tests import make
from nep.apps.organization.tests.scene import NOW


@pytest.fixture(autouse=True)
def on_the_day(time_machine):
    time_machine.move_to(NOW, tick=False)


@pytest.fixture
def iso(agency):
    make.secretary(agency)
    return agency


@pytest.fixture
def document(iso):
    return make.in_force(iso)


def shown(client, name, *args, status=200):
    answer = client.get(reverse(f"documents:{name}", args=args))
    assert answer.status_code == status, answer.content.decode()
    return html.unescape(answer.content.decode())


def sent(client, name, *args, **data):
    return client.post(reverse(f"documents:{name}", args=args), data)


def test_the_secretary_lists_everyone_and_people_read_in_one_tap(iso, document, client):
    document_id, revision_id = document
    iso.sign_in(client, "thuky")
    assert "chưa được phân phối cho ai" in shown(client, "page", document_id)
    assert (
        sent(client, "recipient_add", document_id, target="everyone", must_read="on").status_code
        == 302
    )
    page = shown(client, "page", document_id)
    assert "7 người" in page and "0/4" in page.replace("</span>", "")

    iso.sign_in(client, "huy")
    assert "Bạn còn 1 tài liệu cần đọc" in shown(client, "to_read")
    assert "Bạn chưa xác nhận đã đọc" in shown(client, "page", document_id)
    assert sent(client, "acknowledge", document_id, revision=revision_id).status_code == 302
    page = shown(client, "page", document_id)
    assert "Bạn đã đọc và hiểu bản này" in page
    assert "Xem ai chưa đọc" not in page
    assert "Bạn đã đọc hết tài liệu được giao" in shown(client, "to_read")
    again = sent(client, "acknowledge", document_id, revision=revision_id)
    assert again.status_code == 409


def test_an_old_page_cannot_acknowledge_the_version_it_did_not_show(iso, document, client):
    document_id, first = document
    services.recipient_add(
        actor=iso.actor("thuky"), document_id=document_id, target="everyone", must_read=True,
        now=NOW,
    )  # fmt: skip
    second = make.next_version(iso, document_id, now=NOW)
    iso.sign_in(client, "huy")

    answer = sent(client, "acknowledge", document_id, revision=first)

    assert answer.status_code == 409
    assert "Đã có bản mới thay thế".lower() in html.unescape(answer.content.decode())
    assert not Reading.objects.filter(revision_id=second, acknowledged_at__isnull=False).exists()


def test_questions_are_written_answered_wrongly_explained_and_tried_again(iso, document, client):
    document_id, revision_id = document
    services.recipient_add(
        actor=iso.actor("thuky"), document_id=document_id, target="everyone", must_read=True,
        now=NOW,
    )  # fmt: skip
    iso.sign_in(client, "thuky")
    given = {"text": "Khắc phục trong mấy ngày?", "options": "10 ngày\n05 ngày", "right": "3"}
    assert sent(client, "questions", document_id, **given).status_code == 422
    assert sent(client, "questions", document_id, **{**given, "right": "2"}).status_code == 302
    assert "1 câu hỏi kiểm tra" in shown(client, "questions", document_id)

    iso.sign_in(client, "huy")
    assert "Trả lời 1 câu" in shown(client, "acknowledge", document_id)
    one = services.question_save.__name__ and Reading.objects.get(person_id=iso.people["huy"])
    key = f"q{one.revision.questions.get().id}"
    tapped = sent(client, "acknowledge", document_id, revision=revision_id)
    wrong = sent(client, "acknowledge", document_id, revision=revision_id, **{key: "0"})
    assert (tapped.status_code, wrong.status_code) == (422, 422)
    assert "Hãy đọc lại nội dung này" in html.unescape(wrong.content.decode())
    one.refresh_from_db()
    assert (one.wrong_answers, one.acknowledged_at) == (1, None)
    right = sent(client, "acknowledge", document_id, revision=revision_id, **{key: "1"})
    assert right.status_code == 302


def test_names_of_readers_are_for_those_who_follow_them(iso, document, client):
    document_id, _revision = document
    services.recipient_add(
        actor=iso.actor("thuky"), document_id=document_id, target="everyone", must_read=True,
        now=NOW,
    )  # fmt: skip

    for key, status in (("thuky", 200), ("ha", 200), ("huy", 403)):
        iso.sign_in(client, key)
        assert ("Hoàng Minh Tuấn" in shown(client, "readers", document_id, status=status)) == (
            status == 200
        )
        sheet = client.get(reverse("documents:readers_sheet", args=[document_id]))
        assert sheet.status_code == status
    iso.sign_in(client, "thuky")
    sheet = client.get(reverse("documents:readers_sheet", args=[document_id]))
    rows = CalamineWorkbook.from_filelike(io.BytesIO(sheet.content)).get_sheet_by_index(0)
    names = [row[0] for row in rows.to_python()]
    assert names[0] == "Họ và tên" and "Phạm Quốc Huy" in names


def test_the_missing_are_reminded_from_the_page(iso, document, client):
    document_id, _revision = document
    services.recipient_add(
        actor=iso.actor("thuky"), document_id=document_id, target="everyone", must_read=True,
        now=NOW,
    )  # fmt: skip
    iso.sign_in(client, "thuky")

    assert sent(client, "nudge", document_id).status_code == 302
    assert "Hôm nay đã nhắc" in shown(client, "page", document_id)
    assert sent(client, "nudge", document_id).status_code == 422
    iso.sign_in(client, "huy")
    assert sent(client, "nudge", document_id).status_code == 403


def test_the_log_of_openings_is_for_those_who_follow(iso, document, client):
    document_id, _revision = document
    iso.sign_in(client, "huy")
    assert "Nhật ký truy cập" not in shown(client, "page", document_id)
    iso.sign_in(client, "ha")
    page = shown(client, "page", document_id)

    assert "Nhật ký truy cập" in page and "Phạm Quốc Huy" in page
    assert Access.objects.filter(what="seen").count() == 2


def test_another_agency_finds_nothing_here(iso, other_agency, document, client):
    document_id, revision_id = document
    make.secretary(other_agency, "thuky2")
    other_agency.sign_in(client, "thuky2")

    for name in ("page", "acknowledge", "readers", "readers_sheet", "questions"):
        shown(client, name, document_id, status=404)
    posts = (
        sent(client, "recipient_add", document_id, target="everyone"),
        sent(client, "nudge", document_id),
        sent(client, "acknowledge", document_id, revision=revision_id),
    )
    assert [one.status_code for one in posts] == [404, 404, 404]
    assert Recipient.objects.count() == 0


def test_the_reading_term_is_set_on_its_page_by_who_manages_documents(iso, client):
    iso.sign_in(client, "thuky")
    assert "có 5 ngày làm việc để đọc" in shown(client, "reading_term")
    assert sent(client, "reading_term", days="0", version="0").status_code == 422
    assert sent(client, "reading_term", days="7", version="0").status_code == 302
    assert "có 7 ngày làm việc để đọc" in shown(client, "reading_term")
    assert sent(client, "reading_term", days="9", version="0").status_code == 409
    iso.sign_in(client, "huy")
    shown(client, "reading_term", status=403)
