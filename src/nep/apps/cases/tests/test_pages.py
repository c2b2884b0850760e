"""The pages of cases over HTTP."""

import html
import io
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from python_calamine import load_workbook

from nep.apps.cases import queries, services
from nep.apps.cases.models import Case, CasePaper, StepRun
from nep.apps.cases.tests.scene import Office, moment
from nep.apps.procedures.models import Tthc, TthcPaper

NOW = moment(10, 10, 20)


@pytest.fixture(autouse=True)
def on_the_day(time_machine):
    """Stand in the morning of the scene."""
    time_machine.move_to(NOW, tick=False)


@pytest.fixture
def reception(at: Office, client):
    at.scene.sign_in(client, "tuan")
    return client


@pytest.fixture
def with_papers(at: Office) -> list[TthcPaper]:
    return [
        TthcPaper.objects.create(tthc_id=at.tthc_id, position=1, name="Đơn đề nghị"),
        TthcPaper.objects.create(tthc_id=at.tthc_id, position=2, name="Kết quả kiểm xạ"),
    ]


def test_a_procedure_is_found_without_marks(reception):
    page = reception.get(reverse("cases:intake"), {"q": "cap giay"}).content.decode()

    assert "Cấp giấy phép" in page


def test_intake_shows_papers_and_the_promised_date(at, reception, with_papers):
    page = reception.get(reverse("cases:intake"), {"tt": at.tthc_id}).content.decode()

    assert "Nhận đủ lúc này, hẹn trả 24/12/2026" in page
    assert "Kết quả kiểm xạ" in page
    assert "không tính ngày đầu" in page or "Ngày đầu" in page
    assert "Đặng Văn Toàn" in page


def test_intake_takes_a_case_in_and_leads_to_its_receipt(at, reception, with_papers):
    answer = reception.post(
        f"{reverse('cases:intake')}?tt={at.tthc_id}",
        {"name": "Lê Thị Hạnh", "phone": "0900 000 118", "channel": "counter",
         **{f"giay-{paper.pk}": "du" for paper in with_papers}},
        follow=True,
    )  # fmt: skip

    case = Case.objects.get()
    assert answer.redirect_chain[-1][0] == reverse("cases:receipt", args=[case.pk])
    page = answer.content.decode()
    assert "Đã tiếp nhận H99.18-261210-0001, hẹn trả 24/12/2026" in page
    assert "Lê Thị Hạnh" in page


@pytest.mark.parametrize("after", ["9" * 60 + "_1", "²_1", "1_" + "9" * 40, "_", "-5_-5"])
def test_an_odd_place_of_a_list_is_its_beginning(at, reception, after):
    case = at.accept()
    assert case.code in reception.get(f"/ho-so/?sau={after}").content.decode()
    assert reception.get(f"/ho-so/danh-gia/?sau={after}").status_code in {200, 403}


def test_a_repeated_post_takes_in_one_case(at, reception, with_papers):
    body = {"name": "Lê Thị Hạnh", "channel": "counter", "_once": "một-khóa-của-biểu-mẫu"}
    address = f"{reverse('cases:intake')}?tt={at.tthc_id}"

    first, second = reception.post(address, body), reception.post(address, body)

    assert first["Location"] == second["Location"]
    assert Case.objects.count() == 1


def test_a_missing_paper_makes_a_request_for_supplement(at, reception, with_papers):
    body = {"name": "Lê Thị Hạnh", "channel": "counter", "reason": "Thiếu kết quả kiểm xạ",
            f"giay-{with_papers[1].pk}": "thieu"}  # fmt: skip

    page = reception.post(
        f"{reverse('cases:intake')}?tt={at.tthc_id}", body, follow=True
    ).content.decode()

    assert "PHIẾU YÊU CẦU BỔ SUNG" in page
    assert "Kết quả kiểm xạ" in page


def test_a_wrong_telephone_number_keeps_what_was_typed(at, reception, with_papers):
    answer = reception.post(
        f"{reverse('cases:intake')}?tt={at.tthc_id}",
        {"name": "Lê Thị Hạnh", "phone": "chưa có", "channel": "counter"},
    )

    assert answer.status_code == 422
    page = answer.content.decode()
    assert "Số điện thoại gồm 8 đến 15 chữ số" in page
    assert "Lê Thị Hạnh" in page


def test_files_that_a_refusal_takes_from_the_browser_are_told(at, reception, with_papers):
    address = f"{reverse('cases:intake')}?tt={at.tthc_id}"
    told = "Hãy chọn lại tệp “Đơn.pdf”."

    def sent(identity: str, **headers):
        file = SimpleUploadedFile("Đơn.pdf", b"%PDF-1.7 x")
        body = {"name": "Lê Thị Hạnh", "channel": "counter", "identity": identity,
                f"tep-{with_papers[0].pk}": file}  # fmt: skip
        return reception.post(address, body, headers=headers)

    refused, by_script = sent("12"), sent("12", **{"x-nep-fetch": "1"})
    assert (refused.status_code, by_script.status_code) == (422, 422)
    assert told in html.unescape(refused.content.decode())
    assert told not in html.unescape(by_script.content.decode())  # the script keeps them
    done = sent("", **{"x-nep-fetch": "1"})
    assert (done.status_code, done.content) == (204, b"") and not done.has_header("Location")
    assert done["X-Nep-Location"] == reverse("cases:receipt", args=[Case.objects.get().pk])


WRONG_INTAKES = {
    "a word without end": ({"name": "a" * 41}, "Tên có một từ dài hơn 40 chữ"),
    "online time at the counter": (
        {"received_at": "08:00 10/12/2026"}, "Chỉ ghi khi nộp trực tuyến: hãy chọn",
    ),
    "a slip without words": ({"missing": "thieu"}, "Hãy ghi nội dung cần bổ sung"),
}  # fmt: skip


@pytest.mark.parametrize("wrong", WRONG_INTAKES)
def test_a_wrong_intake_is_refused_at_its_field(at, reception, with_papers, wrong):
    typed, said = WRONG_INTAKES[wrong]
    body = {"name": "Lê Thị Hạnh", "phone": "+84 91 234-5678", "channel": "counter"} | typed
    if state := body.pop("missing", ""):
        body[f"giay-{with_papers[1].pk}"] = state
    answer = reception.post(f"{reverse('cases:intake')}?tt={at.tthc_id}", body)

    assert answer.status_code == 422
    page = answer.content.decode()
    assert said in page
    assert "gồm 8 đến 15 chữ số" not in page
    slip = page[page.index("Nội dung cần bổ sung") :][:120]
    assert "không bắt buộc" not in slip
    assert not Case.objects.exists()


def test_what_came_for_a_case_not_yet_accepted_is_accepted_by_its_name(at, reception, with_papers):
    body = {"name": "Lê Thị Hạnh", "channel": "counter", "reason": "Thiếu kết quả kiểm xạ",
            f"giay-{with_papers[1].pk}": "thieu"}  # fmt: skip
    reception.post(f"{reverse('cases:intake')}?tt={at.tthc_id}", body)
    case = Case.objects.get()

    box = reception.get(reverse("cases:resume", args=[case.pk])).content.decode()

    assert "Tiếp nhận hồ sơ đã nộp đủ" in box
    assert "Cho hồ sơ chạy lại" not in box and "Chạy tiếp" not in box


def test_both_buttons_of_a_choice_say_the_same(at: Office, client):
    case = at.accept()
    at.walk(case, "b3")
    at.scene.sign_in(client, "lan")

    page = client.get(reverse("cases:case", args=[case.pk])).content.decode()

    assert page.count("Ghi kết luận và chuyển") == 2  # beside the step, and fixed on a phone


def test_the_page_says_who_holds_the_case_and_what_comes_next(at: Office, client):
    case = at.accept()
    at.walk(case, "b3")
    at.scene.sign_in(client, "lan")

    page = client.get(reverse("cases:case", args=[case.pk])).content.decode()

    assert "Bạn đang giữ hồ sơ này" in page
    assert "Tiếp theo: Nguyễn Thị Thu Hà, bước 4" in page
    for words in ("Đạt, chuyển bước 4", "Cần bổ sung", "Phân công lại", "Phiếu kiểm soát"):
        assert words in page


def test_words_are_asked_for_where_a_conclusion_asks_for_them(at: Office, client):
    told = {}
    for node, who in (("b1", "tuan"), ("b3", "lan"), ("b5", "tuan")):
        case = at.accept()
        at.walk(case, node)
        at.scene.sign_in(client, who)
        page = client.get(reverse("cases:case", args=[case.pk])).content.decode()
        told[node] = re.search(r"Ý kiến <small>\((.+?)\)", page)[1]
        assert not re.search(r'<div class="filters">\s*</div>', page), node

    assert told == {
        "b1": "không bắt buộc",
        "b3": "bắt buộc khi trả lại hoặc yêu cầu bổ sung",
        "b5": "không bắt buộc",
    }


def test_finishing_a_step_leads_back_and_says_who_has_it_now(at: Office, client):
    case = at.accept()
    at.walk(case, "b3")
    run = at.run(case, "b3")
    at.scene.sign_in(client, "lan")

    answer = client.post(
        reverse("cases:step", args=[case.pk, run.pk]),
        {"outcome": "f-re-b3", "note": "Hồ sơ đầy đủ"},
        follow=True,
    )

    assert "Đã chuyển hồ sơ cho Nguyễn Thị Thu Hà." in answer.content.decode()
    assert StepRun.objects.get(pk=run.pk).outcome == "done"


def test_a_return_without_a_reason_is_refused_at_its_field(at: Office, client):
    case = at.accept()
    at.walk(case, "b3")
    at.scene.sign_in(client, "lan")

    answer = client.post(
        reverse("cases:step", args=[case.pk, at.run(case, "b3").pk]), {"outcome": "b3-lai"}
    )

    assert answer.status_code == 422
    assert "Chưa có lý do" in answer.content.decode()


def test_a_step_finished_by_another_answers_409_with_the_name(at: Office, client):
    case = at.accept()
    run = at.run(case, "b1")
    at.complete(case, "b1", by="tuan")
    at.scene.sign_in(client, "tuan")

    answer = client.post(reverse("cases:step", args=[case.pk, run.pk]), {"outcome": ""})

    assert answer.status_code == 409
    assert "Hoàng Minh Tuấn hoàn thành lúc 10:20" in answer.content.decode()


def test_pausing_and_resuming_from_the_page_moves_the_date(at: Office, reception, time_machine):
    case = at.accept()
    answer = reception.post(
        reverse("cases:supplement", args=[case.pk]),
        {"reason": "Thiếu chữ ký trong đơn", "papers": "Đơn đề nghị có chữ ký", "version": 1},
        follow=True,
    )
    assert "phiếu yêu cầu bổ sung số 1" in answer.content.decode()

    time_machine.move_to(moment(15, 9), tick=False)
    reception.logout()  # the old session has locked itself
    at.scene.sign_in(reception, "tuan")
    page = reception.post(
        reverse("cases:resume", args=[case.pk]), {"version": 2}, follow=True
    ).content.decode()

    assert "hạn trả kết quả dời từ 24/12/2026 sang 29/12/2026" in page


def test_an_old_page_may_not_pause_a_changed_case(at: Office, reception):
    case = at.accept()
    services.paper_add(actor=at.actor("tuan"), now=NOW, case_id=case.pk, name="Giấy ủy quyền")
    Case.objects.filter(pk=case.pk).update(version=5)

    answer = reception.post(
        reverse("cases:pause", args=[case.pk]),
        {"kind": "payment", "reason": "Chờ nộp phí thẩm định", "version": 1},
    )

    assert answer.status_code == 409


def test_due_dates_explain_themselves(at: Office, reception):
    case = at.accept()
    run = at.run(case, "b1")

    step = reception.get(reverse("cases:step_explanation", args=[case.pk, run.item_id]))
    result = reception.get(reverse("cases:result_explanation", args=[case.pk]))

    assert "Còn lại" in step.content.decode() and "4 giờ" in step.content.decode()
    assert "10 ngày làm việc" in result.content.decode()
    assert "17:30 thứ Năm 24/12/2026" in result.content.decode()


def test_a_paper_with_its_file_is_given_back_as_it_was(at: Office, reception, tmp_path):
    case = at.accept()
    data = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
    services.paper_add(
        actor=at.actor("tuan"), now=NOW, case_id=case.pk, name="Bản vẽ", upload=("bản vẽ.pdf", data)
    )
    paper = CasePaper.objects.get(case=case)

    answer = reception.get(reverse("cases:paper_file", args=[case.pk, paper.pk]))

    assert answer.content == data
    assert "attachment" in answer["Content-Disposition"]


def test_the_list_masks_people_and_finds_them_without_marks(at: Office, reception):
    at.accept(name="Trần Thị Bích Ngọc")
    at.accept(name="Công ty TNHH Gạch Sông Nhuận")

    page = reception.get(reverse("cases:list"), {"q": "bich ngoc"}).content.decode()

    assert "T*** T** B*** Ngọc" in page
    assert "Trần Thị Bích" not in page
    assert "Gạch" not in page


def test_the_list_asks_the_same_number_of_queries_however_long(
    at: Office, reception, django_assert_max_num_queries
):
    for _ in range(8):
        at.accept()
    reception.get(reverse("cases:list"))

    with django_assert_max_num_queries(13):
        reception.get(reverse("cases:list"))


def test_the_case_page_asks_the_same_number_of_queries_at_every_step(
    at: Office, reception, django_assert_max_num_queries
):
    case = at.accept()
    at.walk(case, "b5")
    reception.get(reverse("cases:case", args=[case.pk]))

    # twelve, and what is looked at again every few seconds: edition, calendar, security values
    with django_assert_max_num_queries(15):
        reception.get(reverse("cases:case", args=[case.pk]))


def test_pages_are_continued_by_keyset_without_a_gap(at: Office, reception):
    for _ in range(53):
        at.accept()

    first = reception.get(reverse("cases:list"))
    after = first.context["next_url"]
    second = reception.get(reverse("cases:list") + after)

    codes = [line.code for page in (first, second) for line in page.context["lines"]]
    assert len(codes) == len(set(codes)) == 53


def test_another_agency_sees_no_page_of_the_case(at: Office, other_agency, client):
    case = at.accept()
    other_agency.sign_in(client, "tuan")

    for name in ("case", "receipt", "slip", "result_explanation"):
        assert client.get(reverse(f"cases:{name}", args=[case.pk])).status_code == 404
    assert Tthc.objects.filter(pk=at.tthc_id).exists()


def test_the_spreadsheet_holds_the_filtered_cases(at: Office, reception):
    at.accept()

    answer = reception.get(reverse("cases:export"), {"nhom": "dang"})

    assert answer.status_code == 200
    assert answer.content[:2] == b"PK"


def test_a_spreadsheet_that_is_cut_says_so(at: Office, reception, monkeypatch):
    for _ in range(3):
        at.accept()
    monkeypatch.setattr(queries, "MOST_EXPORTED", 2)

    answer = reception.get(reverse("cases:export"))

    rows = load_workbook(io.BytesIO(answer.content)).get_sheet_by_index(0).to_python()
    assert len(rows) == 4
    assert "Tệp dừng ở 2 hồ sơ" in rows[-1][0]


def test_an_act_is_asked_for_in_a_box_that_keeps_the_version_seen(at: Office, reception):
    case = at.accept()
    page = reception.get(reverse("cases:case", args=[case.pk])).content.decode()
    path = reverse("cases:pause", args=[case.pk])
    Case.objects.filter(pk=case.pk).update(version=5)

    box = reception.get(f"{path}?ban={case.version}", headers={"HX-Request": "true"}).content
    alone = reception.get(path).content.decode()

    assert f'href="{path}?ban={case.version}" data-box' in page
    assert "Vì sao dừng" in box.decode() and "Vì sao dừng" not in page
    assert box.decode().strip().startswith('<dialog id="hop-viec"') and b"data-open" in box
    assert f'name="version" value="{case.version}"' in box.decode()
    assert "hop-viec" not in alone and 'name="version" value="5"' in alone


def test_why_so_late_is_asked_of_a_late_refusal_only(at: Office, reception, time_machine):
    case = at.accept()
    path = reverse("cases:refuse", args=[case.pk])
    early = reception.get(path).content.decode()

    time_machine.move_to(moment(28, 9), tick=False)
    reception.logout()
    at.scene.sign_in(reception, "tuan")
    late = reception.get(path).content.decode()

    assert "quá hạn" not in early and "Vì sao từ chối sau khi đã quá hạn" in late
