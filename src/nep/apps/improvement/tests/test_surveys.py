"""Surveys: questions, answers without who gave them, results."""

import html
import io
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from python_calamine import load_workbook

from nep.apps.improvement import queries, services
from nep.apps.improvement.models import Survey, SurveyAnswer
from nep.apps.improvement.rules import surveys as rules
from nep.apps.organization.tests.scene import NOW
from nep.kernel.errors import Forbidden, Refusal, TooMany

TYPED = "Hài lòng không?\nCần gì nhất | Thời gian | Giấy tờ\n\nGóp ý thêm …"
TODAY = NOW.date()


def test_typed_lines_become_questions_and_back():
    found = rules.typed_questions(TYPED)

    assert [one.kind for one in found] == ["scale", "choice", "words"]
    assert found[1].options == ("Thời gian", "Giấy tờ")
    assert rules.typed_questions(rules.questions_text(found)) == found


@settings(max_examples=40)
@given(st.lists(st.dictionaries(st.sampled_from("0123"), st.text(max_size=8), max_size=4)))
def test_whatever_is_sent_only_what_was_offered_is_counted(sent):
    questions = rules.typed_questions(TYPED)
    kept = [rules.kept_answers(questions, one) for one in sent]

    for result in rules.results(questions, kept):
        assert sum(count for _, count, _ in result.shares) == (
            result.answered if result.shares else 0
        )
        assert result.satisfied is None or 0 <= result.satisfied <= 100
    assert all(set(one) <= {"0", "1", "2"} for one in kept)


def made(at, **change) -> Survey:
    values = {"title": "Ý kiến tháng 12", "lead": "", "closes_on": None, "anonymous": True,
              "questions": rules.typed_questions(TYPED), "now": NOW}  # fmt: skip
    id_ = services.survey_keep(actor=at.actor("thu"), **{**values, **change})
    return Survey.objects.get(pk=id_)


def opened(at, **change) -> Survey:
    survey = made(at, **change)
    services.survey_move(actor=at.actor("thu"), survey_id=survey.pk, move="open", now=NOW)
    return survey


@pytest.mark.django_db
def test_an_answer_by_the_public_page_keeps_nothing_of_who_gave_it(agency, client):
    survey = opened(agency)
    place = f"/ks/{survey.key}/"
    shown = html.unescape(client.get(place).content.decode())
    empty = client.post(place, {"c2": " "})
    thanked = client.post(place, {"c0": "5", "c1": "2", "c2": "Thêm ghế ngồi.", "name": "Tôi"},
                          REMOTE_ADDR="10.9.8.7")  # fmt: skip

    assert "Không hỏi tên" in shown
    assert 'name="name"' not in shown
    assert empty.status_code == 422
    assert "Cảm ơn" in html.unescape(thanked.content.decode())
    row = SurveyAnswer.objects.values().get()
    assert row["values"] == {"0": "5", "1": "2", "2": "Thêm ghế ngồi."}
    assert set(row) == {"id", "survey_id", "on", "values", "name"}
    assert row["name"] == ""
    assert "10.9.8.7" not in str(Survey.objects.values().get())


@pytest.mark.django_db
def test_an_answer_sent_twice_counts_once(agency, client):
    place = f"/ks/{opened(agency).key}/"
    token = re.search(r'name="_once" value="([^"]+)"', client.get(place).content.decode())[1]

    for _again in range(2):
        sent = client.post(place, {"c0": "5", "_once": token})
        assert "Cảm ơn" in html.unescape(sent.content.decode())

    assert SurveyAnswer.objects.count() == 1


@pytest.mark.django_db
def test_results_stand_by_question_and_in_the_spreadsheet(agency, client):
    survey = opened(agency, anonymous=False)
    for given_ in ({"0": "5"}, {"0": "4", "1": "1"}, {"0": "1", "2": "Chậm."}):
        services.survey_answer(key=survey.key, given=given_, name="Người dân", now=NOW)
    page = queries.survey_page(actor=agency.actor("lan"), survey_id=survey.pk, today=TODAY)
    agency.scene.sign_in(client, "lan")
    shown = html.unescape(client.get(f"/khao-sat/{survey.pk}/").content.decode())
    sheet = client.get(f"/khao-sat/{survey.pk}/ket-qua.xlsx").content
    rows = load_workbook(io.BytesIO(sheet)).get_sheet_by_index(0).to_python()

    assert round(page.satisfied or 0, 1) == 66.7
    assert [one.answered for one in page.results] == [3, 1, 1]
    assert "66,7% hài lòng trong 3 lượt trả lời" in shown
    assert "“Chậm.”" in shown
    assert f"/ks/{survey.key}/" in shown
    assert "<svg" in shown
    assert [row[1] for row in rows] == ["Họ tên"] + ["Người dân"] * 3
    total, share = queries.survey_satisfaction(
        agency_id=agency.scene.agency_id, starts_on=TODAY, ends_on=TODAY
    )
    assert (total, round(share or 0, 1)) == (3, 66.7)


@pytest.mark.django_db
def test_a_survey_is_fixed_once_open_and_takes_nothing_once_closed(agency, client):
    draft = made(agency)
    assert client.get(f"/ks/{draft.key}/").status_code == 404
    survey = opened(agency)
    with pytest.raises(Refusal) as fixed:
        made(agency, survey_id=survey.pk)
    services.survey_move(actor=agency.actor("thu"), survey_id=survey.pk, move="close", now=NOW)
    with pytest.raises(Refusal) as again:
        services.survey_move(actor=agency.actor("thu"), survey_id=survey.pk, move="open", now=NOW)
    with pytest.raises(Refusal) as late:
        services.survey_answer(key=survey.key, given={"0": "5"}, name="", now=NOW)

    assert (fixed.value.code, again.value.code, late.value.code) == (
        "survey_open", "survey_state", "survey_closed"
    )  # fmt: skip
    assert "đã kết thúc" in html.unescape(client.get(f"/ks/{survey.key}/").content.decode())


@pytest.mark.django_db
def test_a_flood_is_kept_away_without_knowing_who_sends_it(agency):
    survey = opened(agency)
    Survey.objects.filter(pk=survey.pk).update(
        burst_at=NOW.replace(second=0, microsecond=0), burst_count=rules.MOST_A_MINUTE
    )
    with pytest.raises(TooMany):
        services.survey_answer(key=survey.key, given={"0": "5"}, name="", now=NOW)
    assert SurveyAnswer.objects.count() == 0


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"questions": ()}, "questions_none"),
        ({"questions": rules.typed_questions("Một | hai")}, "options_count"),
        ({"questions": rules.typed_questions("Câu?\n" * 11)}, "questions_many"),
        ({"title": "KS"}, "title_missing"),
    ],
)
def test_what_a_survey_needs(agency, change, code):
    with pytest.raises(Refusal) as refused:
        made(agency, **change)
    assert refused.value.code == code
    with pytest.raises(Forbidden):
        services.survey_move(actor=agency.actor("lan"), survey_id=1, move="open", now=NOW)


@pytest.mark.django_db
def test_a_survey_is_made_opened_and_closed_over_the_pages(agency, client):
    agency.scene.sign_in(client, "thu")
    start = html.unescape(client.get("/khao-sat/").content.decode())
    place = client.post(
        "/khao-sat/moi/", {"title": "Ý kiến quý IV", "questions": TYPED, "anonymous": "on"}
    )["Location"]
    bad = client.post(place + "sua/", {"title": "Ý kiến quý IV", "questions": "Một | hai"})
    client.post(place + "sua/", {"title": "Ý kiến quý bốn", "questions": TYPED, "anonymous": "on"})
    client.post(place + "mo/")
    listed = html.unescape(client.get("/khao-sat/").content.decode())
    client.post(place + "dong/")

    assert "Chưa có cuộc khảo sát nào" in start
    assert bad.status_code == 422
    assert "1 cuộc khảo sát đang nhận trả lời" in listed
    assert "Ý kiến quý bốn" in listed
    assert Survey.objects.get().state == "closed"
