"""Rating and reporting with the key of a receipt: no log-in, on any page that holds it."""

from datetime import timedelta

import pytest
from lxml import html

from nep.apps.cases.models import Case, CaseRating, CaseReport, StepMonth, StepRun
from nep.apps.cases.queries._plans import plan as plan_for
from nep.apps.cases.rules.likely import THIN
from nep.apps.portal.rules import WRITES
from nep.apps.portal.tests.test_portal import key_of, taken, ward  # noqa: F401
from tests import world

pytestmark = pytest.mark.django_db
NOW = world.BEGINNING + timedelta(days=3)
SAID = "Cán bộ hướng dẫn rõ, nhưng đòi thêm một giấy."


@pytest.fixture
def done(taken) -> Case:  # noqa: F811
    """The ward's case with its result, ready to be rated."""
    case = Case.objects.get(pk=taken.id)
    case.status, case.finished_at, case.on_time = 9, NOW, "truoc"
    case.save()
    return case


def test_a_finished_case_asks_one_question_with_five_big_answers(client, done):
    page = html.fromstring(client.get(f"/tra-cuu/k/{done.lookup_key}/").content.decode())

    assert len(page.xpath("//input[@type='radio' and @name='degree']")) == 5
    assert len(page.xpath("//form[contains(@action,'danh-gia')]//textarea")) == 1


def test_a_running_case_cannot_be_rated_and_a_typed_code_leads_to_no_form(client, taken):  # noqa: F811
    page = client.get(f"/tra-cuu/k/{key_of(taken.id)}/").content.decode()
    assert "danh-gia" not in page
    assert "bao-sai-lech" in page
    typed = client.get("/tra-cuu/", {"ma": taken.code}).content.decode()
    assert "bao-sai-lech" not in typed
    refused = client.post(f"/tra-cuu/k/{key_of(taken.id)}/danh-gia/", {"degree": 5})
    assert refused.status_code == 422
    assert "Hồ sơ chưa có kết quả." in refused.content.decode()
    assert CaseRating.objects.count() == 0


def test_a_rating_is_kept_once_and_may_be_changed(client, done, time_machine):
    time_machine.move_to(NOW)
    path = f"/tra-cuu/k/{done.lookup_key}/"
    for degree, remark in ((2, SAID), (4, "")):
        answer = client.post(f"{path}danh-gia/", {"degree": degree, "remark": remark})
        assert (answer.status_code, answer["Location"]) == (302, path)
    row = CaseRating.objects.get()
    assert (row.degree, row.remark, row.changes) == (4, "", 1)
    time_machine.move_to(NOW + timedelta(days=31))
    page = client.get(path).content.decode()
    assert "Hài lòng" in page
    assert "danh-gia/" not in page


def test_an_empty_rating_says_what_is_missing_and_keeps_the_words(client, done):
    answer = client.post(f"/tra-cuu/k/{done.lookup_key}/danh-gia/", {"remark": SAID})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Hãy chọn một mức hài lòng." in page
    assert SAID in page


def test_a_report_comes_back_with_its_answer_on_the_same_page(client, done, time_machine):
    time_machine.move_to(NOW)
    path = f"/tra-cuu/k/{done.lookup_key}/"
    assert client.get(f"{path}bao-sai-lech/").status_code == 200
    sent = client.post(f"{path}bao-sai-lech/", {"kind": "papers", "text": SAID})
    assert (sent.status_code, sent["Location"]) == (302, path)
    again = client.post(f"{path}bao-sai-lech/", {"kind": "papers", "text": SAID})
    assert again.status_code == 422
    assert "Ông/Bà đã báo điều này" in again.content.decode()
    shown = client.get(path).content.decode()
    assert SAID in shown
    assert "Cơ quan trả lời chậm nhất ngày" in shown

    CaseReport.objects.update(answered_at=NOW, founded=True, answer="Xin lỗi Ông/Bà.")
    assert "Xin lỗi Ông/Bà." in client.get(path).content.decode()


def test_an_address_sends_only_so_much_within_the_window(client, done, time_machine):
    time_machine.move_to(NOW)
    path = f"/tra-cuu/k/{done.lookup_key}/danh-gia/"
    codes = [client.post(path, {"degree": 5}).status_code for _ in range(WRITES + 1)]
    assert codes == [302] * WRITES + [429]
    assert client.get(f"/tra-cuu/k/{done.lookup_key}/").status_code == 200


def test_an_unknown_key_is_no_way_in(client, ward):  # noqa: F811
    for path in ("danh-gia/", "bao-sai-lech/"):
        for method in (client.get, client.post):
            assert method(f"/tra-cuu/k/khong-co-khoa-nay-dau/{path}").status_code == 404


def test_the_likely_date_needs_enough_history_and_promises_nothing(client, taken, time_machine):  # noqa: F811
    case = Case.objects.get(pk=taken.id)
    time_machine.move_to(case.accepted_at + timedelta(minutes=1))
    path = f"/tra-cuu/k/{case.lookup_key}/"
    assert "Nhiều khả năng" not in client.get(path).content.decode()

    run = StepRun.objects.get(case=case, closed_at=None)
    for node in _nodes(case):
        StepMonth.objects.create(
            agency_id=case.agency_id, month=202601, tthc_id=case.tthc_id,
            content_hash=case.content_hash, node=node, steps=THIN, used_minutes=THIN * 60,
        )  # fmt: skip
    page = client.get(path).content.decode()
    assert "Nhiều khả năng có kết quả vào khoảng" in page
    assert "ngày hẹn mới là điều cơ quan cam kết" in page
    StepMonth.objects.filter(node=run.node).update(steps=THIN - 1)
    assert "Nhiều khả năng" not in client.get(path).content.decode()


def _nodes(case: Case) -> list[str]:
    return [step.node for step in plan_for(case.content_hash).order]


def test_a_public_page_loads_no_script_that_it_does_not_need(client, done):
    page = html.fromstring(client.get(f"/tra-cuu/k/{done.lookup_key}/").content.decode())
    (only,) = page.xpath("//script/@src")
    assert "nep.js" in only


def test_a_report_travels_from_the_receipt_to_the_head_to_the_secretary_and_back(
    client,
    done,
    ward,  # noqa: F811
    time_machine,
):
    agency, _ = ward
    time_machine.move_to(NOW)
    path = f"/tra-cuu/k/{done.lookup_key}/"
    client.post(f"{path}bao-sai-lech/", {"kind": "fee", "text": SAID})
    report = f"/ho-so/phan-anh/{CaseReport.objects.get().pk}/"

    head = world.signed_in(world.login_with(agency, "unit_head"))
    secretary = world.signed_in(world.login_with(agency, "iso_secretary"))
    answers = secretary if report not in head.get("/viec/").content.decode() else head
    assert report in secretary.get("/viec/").content.decode()
    said = {"founded": "1", "answer": "Xin lỗi Ông/Bà, đã trả lại tiền thu thừa."}
    assert answers.post(report, said).status_code == 302
    assert said["answer"] in client.get(path).content.decode()

    assert secretary.post(f"{report}khep/", {"measure": ""}).status_code == 422
    done_about = {"measure": "Niêm yết lại mức phí ở bàn tiếp nhận."}
    assert secretary.post(f"{report}khep/", done_about).status_code == 302
    assert report not in secretary.get("/viec/").content.decode()
    shown = client.get(path).content.decode()
    assert "Đã giải quyết xong" in shown
    assert done_about["measure"] not in shown
