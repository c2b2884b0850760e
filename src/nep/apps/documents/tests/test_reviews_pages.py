"""The pages of reviews, yearly documents and paper copies."""

import html
from datetime import timedelta

import pytest
from django.urls import reverse

from nep.apps.documents import queries, services
from nep.apps.documents.models import Document, PaperCopy, Review, ReviewInterval
from nep.apps.documents.tests import make
from nep.apps.documents.tests.test_reviews import BEFORE, opened, yearly
from nep.apps.organization.tests.scene import NOW


@pytest.fixture
def iso(agency):
    make.secretary(agency)
    return agency


def shown(client, name, *args, status=200):
    answer = client.get(reverse(f"documents:{name}", args=args))
    assert answer.status_code == status, answer.content.decode()
    return html.unescape(answer.content.decode())


def sent(client, name, *args, **data):
    return client.post(reverse(f"documents:{name}", args=args), data)


def test_a_review_is_found_in_the_list_and_ended_on_its_page(
    iso, other_agency, client, time_machine
):
    document_id, review = opened(iso)
    time_machine.move_to(BEFORE, tick=False)
    iso.sign_in(client, "thuky")

    assert "1 tài liệu đến hạn soát xét trong 30 ngày" in shown(client, "reviews")
    assert "Đến kỳ soát xét" in shown(client, "page", document_id)
    wrong = sent(client, "review", review.id, result="change", note="x", version="1")
    assert wrong.status_code == 422
    assert sent(client, "review", review.id, result="valid", version="1").status_code == 302
    assert "Chưa tài liệu nào đến hạn" in shown(client, "reviews") or "90 ngày" in shown(
        client, "reviews"
    )
    shown(client, "review", review.id, status=404)
    assert "Vẫn phù hợp" in shown(client, "page", document_id)
    other_agency.sign_in(client, "ha")
    shown(client, "review", review.id, status=404)


def test_documents_still_hold_in_one_act_that_says_what_was_looked_at(iso, client, time_machine):
    _document, review = opened(iso)
    time_machine.move_to(BEFORE, tick=False)
    told = {"chosen": [f"{review.id}:{review.version}"], "note": "Đã đọc lại cả quy trình."}
    iso.sign_in(client, "lan")
    barred = sent(client, "reviews", **told)
    iso.sign_in(client, "thuky")
    unsaid = sent(client, "reviews", **told | {"note": "Được"})
    none = sent(client, "reviews", note=told["note"])
    other = sent(client, "reviews", whole="1:1,2:1", note=told["note"])
    still_open, page = Review.objects.get().result, shown(client, "reviews")
    held = sent(client, "reviews", whole=told["chosen"][0], note=told["note"])

    assert [one.status_code for one in (barred, unsaid, none, other, held)] == [422] * 4 + [302]
    assert (still_open, " checked" in page) == ("", False)
    assert (Review.objects.get().result, Review.objects.get().note) == ("valid", told["note"])


def test_what_is_due_goes_on_page_by_page_without_gap_or_double(iso):
    today, codes = NOW.date(), ["QT-03", "QT-01", "QT-02", "QT-04", "QT-05"]
    for place, code in enumerate(codes):
        document_id, _revision = make.in_force(iso, code=code)
        on = today + timedelta(days=place // 2 - 1 if place < 4 else 91)
        Document.objects.filter(pk=document_id).update(next_review_on=on)
    seen, after = [], ""
    while True:
        found = queries.reviews_due(actor=iso.actor("lan"), today=today, after=after, limit=1)
        seen += [line.code for line in found.lines]
        after = found.after
        if not after:
            break

    assert seen == ["QT-01", "QT-03", "QT-02", "QT-04"]
    assert (found.late, found.soon) == (2, 2)


def test_who_may_not_review_sees_but_cannot_end(iso, client, time_machine):
    _document, review = opened(iso)
    time_machine.move_to(BEFORE, tick=False)
    iso.sign_in(client, "lan")

    assert "Đang chờ kết quả soát xét" in shown(client, "review", review.id)
    assert sent(client, "review", review.id, result="valid", version="1").status_code == 403
    assert Review.objects.get().result == ""


def test_intervals_are_set_by_who_manages(iso, client, time_machine):
    time_machine.move_to(NOW, tick=False)
    iso.sign_in(client, "thuky")

    assert "chưa xác minh" in shown(client, "review_intervals")
    facts = {"kind": "form", "version": "0", "months": "200"}
    assert sent(client, "review_intervals", **facts).status_code == 422
    assert sent(client, "review_intervals", **{**facts, "months": "18"}).status_code == 302
    assert sent(client, "review_intervals", **{**facts, "months": "6"}).status_code == 409
    assert "cơ quan đặt" in shown(client, "review_intervals")
    assert ReviewInterval.objects.get().months == 18
    iso.sign_in(client, "lan")
    shown(client, "review_intervals", status=403)


def test_last_year_is_carried_forward_on_the_page(iso, client, time_machine):
    time_machine.move_to(NOW, tick=False)
    document_id, _revision = yearly(iso)
    iso.sign_in(client, "lan")

    assert "Chuyển sang năm 2027" in shown(client, "page", document_id)
    page = shown(client, "forward", document_id)
    assert "3 chỗ còn nêu năm 2026 phải sửa" in page and "31/12/2027" in page
    given = {"to": "2027", "code": "MT-2027", "title": "Mục tiêu chất lượng năm 2027"}
    assert sent(client, "forward", document_id, **given).status_code == 302
    assert sent(client, "forward", document_id, **given).status_code == 422
    assert Document.objects.get(code="MT-2027").copied_from_id == document_id


def test_the_register_of_paper_copies(iso, client, time_machine):
    document_id, _revision = make.in_force(iso)
    time_machine.move_to(NOW, tick=False)
    iso.sign_in(client, "thuky")
    assert "Chưa phát bản giấy nào" in shown(client, "copies")
    unit = f"unit:{iso.units['PKH']}"
    assert sent(client, "copy_give", document_id, target=unit, place="tủ 1").status_code == 302
    assert sent(client, "copy_give", document_id, target="unit:1").status_code == 422
    later = NOW + timedelta(minutes=5)
    make.next_version(iso, document_id, now=later)

    time_machine.move_to(later, tick=False)
    iso.sign_in(client, "thuky")
    page = shown(client, "copies")
    assert "1 bản giấy cũ cần thu hồi" in page and "Phòng Kế hoạch, tủ 1" in page
    copy = PaperCopy.objects.get()
    printed = client.get(reverse("documents:copies_print"))
    assert printed.content[:5] == b"%PDF-"
    assert sent(client, "copy_end", copy.id, kind="recalled", note="").status_code == 302
    assert sent(client, "copy_end", copy.id, kind="recalled", note="").status_code == 409
    assert "Không bản giấy cũ nào còn ở ngoài" in shown(client, "copies")
    iso.sign_in(client, "lan")
    shown(client, "copies", status=403)
    assert services.copies_recall(document_id=document_id, now=later) == 0
