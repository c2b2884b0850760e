"""What the holder of a receipt says of a case, and how the agency answers."""

from datetime import timedelta

import pytest

from nep.apps.cases.models import CaseRating, CaseReport
from nep.apps.cases.queries import citizens as queries
from nep.apps.cases.rules.citizens import CHANGE_DAYS, MOST_REPORTS, satisfaction
from nep.apps.cases.services import citizens as services
from nep.apps.cases.tests.scene import moment
from nep.apps.organization.tests.scene import NOW
from nep.apps.work.queries import open_items_of
from nep.foundation.journal.models import JournalEntry
from nep.kernel.errors import Forbidden, NotFound, Refusal

pytestmark = pytest.mark.django_db
SAID = "Công chức hướng dẫn dễ hiểu, nhưng phải chờ lâu."


def finished(at, **more):
    """Return a case of the office whose result is given."""
    case = at.accept(**more)
    at.walk(case, "b5", now=NOW)
    at.complete(case, "b5", by="tuan", now=NOW + timedelta(hours=3))
    case.refresh_from_db()
    return case


def refused(code, call, **more):
    with pytest.raises(Refusal) as refusal:
        call(**more)
    assert refusal.value.code == code


def test_a_rating_needs_the_result_and_is_one_a_case_changed_for_thirty_days(at):
    open_case = at.accept()
    rate = {"degree": 4, "remark": SAID, "now": NOW}
    refused("not_done_yet", services.case_rate, lookup_key=open_case.lookup_key, **rate)

    case = finished(at)
    later = NOW + timedelta(days=1)
    services.case_rate(lookup_key=case.lookup_key, degree=4, remark=SAID, now=later)
    services.case_rate(
        lookup_key=case.lookup_key, degree=2, remark="", now=later + timedelta(days=CHANGE_DAYS)
    )
    row = CaseRating.objects.get()
    assert (row.degree, row.remark, row.changes, row.rated_at) == (2, "", 1, later)
    assert row.unit_id is not None
    refused(
        "rating_fixed", services.case_rate, lookup_key=case.lookup_key, degree=5, remark="",
        now=later + timedelta(days=CHANGE_DAYS, seconds=1),
    )  # fmt: skip
    refused("degree_missing", services.case_rate, lookup_key=case.lookup_key, degree=6,
            remark="", now=later)  # fmt: skip


def test_words_of_citizens_stand_in_no_journal_entry(at):
    case = finished(at)
    services.case_rate(lookup_key=case.lookup_key, degree=1, remark=SAID, now=NOW)
    services.case_report(lookup_key=case.lookup_key, kind="fee", text=SAID, now=NOW)

    told = [f"{row.old}{row.new}{row.reason}" for row in JournalEntry.objects.all()]
    assert sum('"degree":1' in words for words in told) == 1
    assert not any("dễ hiểu" in words for words in told)


def test_an_unknown_key_and_inner_work_answer_nobody(at):
    with pytest.raises(NotFound):
        services.case_rate(lookup_key="x" * 20, degree=5, remark="", now=NOW)
    with pytest.raises(NotFound):
        services.case_report(lookup_key="", kind="fee", text=SAID, now=NOW)


def test_a_report_goes_to_the_units_head_and_the_secretary_and_comes_back_to_the_citizen(at):
    case = finished(at)
    report_id = services.case_report(
        lookup_key=case.lookup_key, kind="papers", text=SAID, now=moment(14, 9)
    )
    row = CaseReport.objects.get(pk=report_id)
    assert row.due_at.date().isoformat() == "2027-01-05"  # 15 working days, without 1 January
    answer, watch = (
        open_items_of(source_type=kind, source_id=report_id)
        for kind in ("case_report", "case_report_watch")
    )
    assert (len(answer), len(watch)) == (1, 1)

    common = {"now": moment(15, 9), "report_id": report_id}
    with pytest.raises(Forbidden):
        services.report_answer(
            actor=at.actor("lan"), answer="Đã xem lại việc này.", founded=True, **common
        )
    refused("not_answered", services.report_close, actor=at.actor("ha"), measure=SAID, **common)
    services.report_answer(
        actor=at.actor("toan"), answer="Xin lỗi Ông/Bà. Giấy ấy không cần nộp.", founded=True,
        **common,
    )  # fmt: skip
    voice = queries.voice_of(lookup_key=case.lookup_key, now=moment(16, 9))
    assert voice.reports[0].answer == "Xin lỗi Ông/Bà. Giấy ấy không cần nộp."
    assert voice.reports[0].state == "Đã trả lời"
    assert open_items_of(source_type="case_report", source_id=report_id) == ()

    refused("measure_missing", services.report_close, actor=at.actor("ha"), measure="", **common)
    services.report_close(actor=at.actor("ha"), measure="Đã nhắc một cửa bỏ giấy ấy.", **common)
    assert open_items_of(source_type="case_report_watch", source_id=report_id) == ()
    assert queries.open_report_count(agency_id=case.agency_id) == 0


def test_one_open_report_of_a_kind_and_not_without_end(at):
    case = at.accept()
    send = {"lookup_key": case.lookup_key, "text": SAID, "now": NOW}
    services.case_report(kind="late", **send)
    refused("report_open", services.case_report, kind="late", **send)
    refused("kind_missing", services.case_report, kind="x", **send)
    CaseReport.objects.bulk_create(
        CaseReport(case=case, agency_id=case.agency_id, kind="other", text=SAID, at=NOW,
                   due_at=NOW, answered_at=NOW, founded=False, closed_at=NOW)
        for _ in range(MOST_REPORTS)
    )  # fmt: skip
    refused("too_many_reports", services.case_report, kind="fee", **send)


def test_figures_open_rows_that_add_up(at):
    for place, degree in enumerate((5, 5, 4, 2, 1)):
        case = finished(at, now=NOW)
        when = moment(14 + place, 9)
        services.case_rate(lookup_key=case.lookup_key, degree=degree, remark="", now=when)
    asked = queries.RatingFilter(2026)
    page = queries.rating_page(actor=at.actor("ha"), asked=asked)

    assert page.figures.counts == (1, 1, 0, 1, 2)
    assert page.figures.percent == 60
    for shares in (page.units, page.procedures):
        assert sum(one.total for _, _, one in shares) == len(page.lines) == 5
    assert [(month, one.total) for month, one in page.months] == [(202612, 5)]
    only = queries.rating_page(actor=at.actor("ha"), asked=queries.RatingFilter(202612, degree=5))
    assert [line.degree for line in only.lines] == [5, 5]
    assert queries.rating_page(actor=at.actor("ha"), asked=queries.RatingFilter(2025)).lines == ()
    bad = queries.rating_page(
        actor=at.actor("ha"), asked=queries.RatingFilter(20264, only_displeased=True)
    )
    told = queries.ratings_told(agency_id=at.scene.agency_id, period=20264)
    assert sorted(line.degree for line in bad.lines) == [1, 2]
    assert (told.displeased, told.total) == (2, 5)
    assert queries.ratings_told(agency_id=at.scene.agency_id, period=20263).total == 0


@pytest.mark.parametrize(
    ("text", "period"),
    [("2026", 2026), ("20264", 20264), ("202612", 202612), ("2026-12", 202612), ("20265", 0),
     ("202613", 0), ("9999", 0), ("99991", 0), ("", 0), ("2" * 5000, 0)],
)  # fmt: skip
def test_ratings_are_asked_by_year_quarter_or_month(text, period):
    assert queries.rating_period(text) == period


def test_ratings_are_paged_without_a_gap(at, monkeypatch):
    case_ids = []
    for _ in range(3):
        case = finished(at)
        services.case_rate(lookup_key=case.lookup_key, degree=3, remark="", now=moment(14, 9))
        case_ids.append(case.pk)
    first = queries.rating_page(actor=at.actor("ha"), asked=queries.RatingFilter(2026), limit=2)
    second = queries.rating_page(
        actor=at.actor("ha"), asked=queries.RatingFilter(2026), limit=2, after=first.after
    )
    told = [line.case_id for line in (*first.lines, *second.lines)]
    assert told == sorted(case_ids, reverse=True)
    assert second.after == ""


def test_nobody_rated_is_no_percentage():
    assert satisfaction({}).percent is None


def test_pages_of_voices_show_state_answer_and_figures(at, client):
    case = finished(at)
    services.case_rate(lookup_key=case.lookup_key, degree=2, remark=SAID, now=NOW)
    report_id = services.case_report(lookup_key=case.lookup_key, kind="fee", text=SAID, now=NOW)
    at.scene.sign_in(client, "ha")

    beside = client.get(f"/ho-so/{case.pk}/").content.decode()
    assert "Người dân nói" in beside
    assert SAID in beside
    listed = client.get("/ho-so/danh-gia/?thang=2026").content.decode()
    assert "0% đánh giá là hài lòng, trong 1 đánh giá" in listed
    page = f"/ho-so/phan-anh/{report_id}/"
    wrong = client.post(page, {"founded": "1", "answer": "Ừ."})
    assert (wrong.status_code, "Hãy viết câu trả lời" in wrong.content.decode()) == (422, True)
    assert (
        client.post(page, {"founded": "0", "answer": "Mức phí theo Nghị quyết 12."}).status_code
        == 302
    )
    assert client.post(f"{page}khep/", {"measure": ""}).status_code == 302
    assert "Đã khép: thu phí" in client.get(page).content.decode()
