"""Reviews come on their day, are told of in one line a week, and end in a stated result."""

import io
from datetime import date, timedelta

import docx
import pytest

from nep.apps.documents import queries, rules, services
from nep.apps.documents.models import ChangeRequest, Document, Recipient, Review, Revision
from nep.apps.documents.tests import make
from nep.apps.organization.tests.scene import NOW
from nep.apps.work.models import Notice, WorkItem
from nep.kernel.errors import Conflict, Forbidden, NotFound, Refusal

DUE = date(2027, 12, 10)
BEFORE = NOW + timedelta(days=340)


@pytest.fixture
def iso(agency):
    make.secretary(agency)
    return agency


def due(agency, **facts):
    document_id, _revision = make.in_force(agency, **facts)
    services.review_plan(document_id=document_id, now=NOW)
    return document_id


def opened(agency, **facts):
    document_id = due(agency, **facts)
    services.reviews_open(now=BEFORE)
    return document_id, Review.objects.get(document_id=document_id)


def end(agency, review, result, note="", *, by="thuky", version=None, now=BEFORE):
    return services.review_end(
        actor=agency.actor(by), review_id=review.id, result=result, note=note,
        version=review.version if version is None else version, now=now,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("day", "months", "then"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2026, 12, 10), 12, date(2027, 12, 10)),
        (date(2026, 11, 30), 3, date(2027, 2, 28)),
    ],
)
def test_months_end_on_a_day_that_exists(day, months, then):
    assert rules.add_months(day, months) == then


def test_a_document_in_force_knows_its_next_review(iso):
    document_id = due(iso)

    assert Document.objects.get(pk=document_id).next_review_on == DUE
    assert services.reviews_open(now=NOW) == 0


def test_thirty_days_before_one_review_is_opened_for_the_head_of_the_unit(iso):
    document_id, _revision = make.in_force(iso)
    Document.objects.filter(pk=document_id).update(owner_unit_id=iso.units["PKH"])
    services.review_plan(document_id=document_id, now=NOW)

    assert services.reviews_open(now=BEFORE) == 1
    assert services.reviews_open(now=BEFORE) == 0
    item = WorkItem.objects.get(source_type="document_review")
    assert item.person_id == iso.people["toan"]
    assert item.link == f"/tai-lieu/soat-xet/{Review.objects.get().id}/"


def test_without_a_unit_the_iso_secretary_reviews(iso):
    opened(iso)

    assert WorkItem.objects.get(source_type="document_review").person_id == iso.people["thuky"]


def test_one_line_a_week_tells_of_everything_that_is_due(iso):
    for number in range(3):
        due(iso, code=f"QT-{number}", title=f"Việc {number}")
    services.reviews_open(now=BEFORE)
    for hours in (0, 5, 24):
        services.reviews_remind(now=BEFORE + timedelta(hours=hours))
    assert services.reviews_remind(now=BEFORE + timedelta(days=40)) == 0  # a Saturday
    services.reviews_remind(now=BEFORE + timedelta(days=42))

    mine = Notice.objects.filter(person_id=iso.people["thuky"], key__startswith="review:")
    assert [one.text for one in mine.order_by("at")] == [
        "Soát xét: 3 tài liệu đến hạn trong 30 ngày", "Soát xét: 3 tài liệu đã quá hạn soát xét",
    ]  # fmt: skip


def test_what_is_a_month_late_is_told_to_the_iso_secretary_too(iso):
    document_id, _revision = make.in_force(iso)
    Document.objects.filter(pk=document_id).update(owner_unit_id=iso.units["PKH"])
    services.review_plan(document_id=document_id, now=NOW)
    services.reviews_open(now=BEFORE)

    def told(key: str) -> int:
        return Notice.objects.filter(person_id=iso.people[key], key__startswith="review:").count()

    services.reviews_remind(now=BEFORE + timedelta(days=42))  # 17 days late
    assert (told("toan"), told("thuky")) == (1, 0)
    services.reviews_remind(now=BEFORE + timedelta(days=63))  # 38 days late
    assert (told("toan"), told("thuky")) == (2, 1)


def test_still_valid_moves_the_next_day_and_closes_the_work(iso):
    document_id, review = opened(iso)

    assert end(iso, review, "valid") is None

    row = Document.objects.get(pk=document_id)
    assert row.next_review_on == rules.add_months(BEFORE.date(), 12)
    assert WorkItem.objects.get(source_type="document_review").state == WorkItem.DONE
    done = queries.reviews_done(document_id=document_id, agency_id=iso.agency_id)
    assert [(one.result_name, one.by) for one in done] == [("Vẫn phù hợp", "Bùi Thị Ngọc Ánh")]


@pytest.mark.parametrize(("result", "wish"), [("change", "change"), ("withdraw", "withdraw")])
def test_a_change_becomes_a_request_with_the_reason(iso, result, wish):
    document_id, review = opened(iso)
    with pytest.raises(Refusal, match="ghi rõ"):
        end(iso, review, result, "sai")

    request_id = end(iso, review, result, "Điều 5 trái với nghị định mới ban hành.")

    asked = ChangeRequest.objects.get(pk=request_id)
    assert (asked.wish, asked.document_id) == (wish, document_id)
    assert "nghị định mới" in asked.reason


def test_two_who_answer_at_once_and_who_may_not(iso, other_agency):
    _document, review = opened(iso)
    make.secretary(other_agency, "thuky2")

    with pytest.raises(Forbidden):
        end(iso, review, "valid", by="lan")
    with pytest.raises(NotFound):
        end(other_agency, review, "valid", by="thuky2")
    end(iso, review, "valid")
    with pytest.raises(Conflict):
        end(iso, review, "valid")
    assert Review.objects.get().result == "valid"


def test_a_new_version_overtakes_an_open_review(iso):
    document_id, review = opened(iso)
    make.next_version(iso, document_id, now=BEFORE)

    review.refresh_from_db()
    assert review.result == "overtaken"
    assert Document.objects.get(pk=document_id).next_review_on == rules.add_months(
        BEFORE.date(), 12
    )
    assert WorkItem.objects.get(source_type="document_review").state == WorkItem.WITHDRAWN


def test_an_interval_of_the_agency_moves_the_days_of_its_documents(iso, other_agency):
    document_id = due(iso)
    other_id = due(other_agency)

    def set_(months, version):
        services.review_interval_set(
            actor=iso.actor("thuky"), kind="system_procedure", months=months, version=version,
            now=NOW,
        )  # fmt: skip

    set_(6, 0)
    with pytest.raises(Conflict):
        set_(9, 0)
    with pytest.raises(Refusal):
        set_(0, 1)
    assert Document.objects.get(pk=document_id).next_review_on == date(2027, 6, 10)
    assert Document.objects.get(pk=other_id).next_review_on == DUE
    line = next(one for one in queries.review_intervals(iso.agency_id) if one.months == 6)
    assert (line.kind, line.is_default) == ("system_procedure", False)


# Yearly documents


def objectives() -> bytes:
    document = docx.Document()
    for text in (
        "MỤC TIÊU CHẤT LƯỢNG NĂM 2026", "Giải quyết đúng hạn 98 % hồ sơ.",
        "Hoàn thành trước ngày 31/12/2026.", "Căn cứ kế hoạch giai đoạn 2025-2026.",
        "Số máy 120260 không phải năm.",
    ):  # fmt: skip
        document.add_paragraph(text)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def yearly(agency):
    document_id, revision_id = make.in_force(
        agency, code="MT-2026", title="Mục tiêu chất lượng năm 2026", kind="plan",
        data=objectives(), name="muc-tieu-2026.docx",
    )  # fmt: skip
    services.document_year_set(
        actor=agency.actor("thuky"), document_id=document_id, year=2026, now=NOW
    )
    return document_id, revision_id


def test_the_places_that_name_the_old_year_are_listed(iso):
    document_id, _revision = yearly(iso)

    found = queries.forward_proposal(actor=iso.actor("thuky"), document_id=document_id)

    assert (found.code, found.title, found.to) == (
        "MT-2027", "Mục tiêu chất lượng năm 2027", 2027,
    )  # fmt: skip
    assert [(one.text, one.proposed) for one in found.places] == [
        ("MỤC TIÊU CHẤT LƯỢNG NĂM 2026", "MỤC TIÊU CHẤT LƯỢNG NĂM 2027"),
        ("Hoàn thành trước ngày 31/12/2026.", "Hoàn thành trước ngày 31/12/2027."),
        ("Căn cứ kế hoạch giai đoạn 2025-2026.", "Căn cứ kế hoạch giai đoạn 2026-2027."),
    ]


def test_last_year_is_carried_forward_once_with_its_file_and_list(iso):
    document_id, revision_id = yearly(iso)
    services.recipient_add(
        actor=iso.actor("thuky"), document_id=document_id, target="everyone", must_read=True,
        now=NOW,
    )  # fmt: skip

    def carry(to=2027):
        return services.document_forward(
            actor=iso.actor("lan"), document_id=document_id, to=to, code="", title="", now=NOW
        )

    new_id, draft_id = carry()
    with pytest.raises(Refusal, match="Đã có tài liệu năm 2027"):
        carry()
    with pytest.raises(Refusal, match="2027 hoặc 2028"):
        carry(2031)

    row = Document.objects.get(pk=new_id)
    assert (row.code, row.year, row.copied_from_id, row.status) == (
        "MT-2027", 2027, document_id, "new",
    )  # fmt: skip
    draft = Revision.objects.get(pk=draft_id)
    assert draft.original_file_id == Revision.objects.get(pk=revision_id).original_file_id
    assert "3 chỗ" in draft.change_note
    assert Recipient.objects.filter(document_id=new_id).count() == 1


def test_a_document_without_a_year_is_not_carried_forward(iso):
    document_id, _revision = make.in_force(iso)

    with pytest.raises(NotFound):
        services.document_forward(
            actor=iso.actor("lan"), document_id=document_id, to=2027, code="", title="", now=NOW
        )
