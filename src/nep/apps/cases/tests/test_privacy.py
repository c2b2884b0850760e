"""The applicant's data: masked, seen with a reason, put right, given out, erased by rule."""

import json
from datetime import timedelta

import pytest
from django.db import transaction

from nep.apps.cases import services as case_services
from nep.apps.cases.models import (
    Case,
    CaseApplicant,
    CaseCorrection,
    CaseErasure,
    CaseEvent,
    CaseLook,
    CasePaper,
    CasePause,
    CaseRating,
    ErasureMark,
    ErasureRun,
    GivenPaper,
    GivenValues,
)
from nep.apps.cases.queries import erasure as erasure_queries
from nep.apps.cases.queries import privacy as queries
from nep.apps.cases.queries._eligible import erasure_rules
from nep.apps.cases.rules.blackening import BLACK, Known, found_in
from nep.apps.cases.rules.erasure import PART_NAMES, ended_before
from nep.apps.cases.services import _steps, blackening, citizens, erasure
from nep.apps.cases.services import privacy as services
from nep.apps.cases.tests.nets import calling, in_force, net, pinned, task
from nep.apps.cases.tests.scene import moment
from nep.apps.cases.tests.test_citizens import finished
from nep.apps.organization.tests.scene import NOW, department
from nep.apps.work.models import UrgentSource, WorkItem
from nep.foundation.db.doctor import examine
from nep.foundation.files.models import StoredFile
from nep.foundation.files.services import path_of
from nep.foundation.journal.models import JournalEntry
from nep.foundation.journal.queries import verify
from nep.foundation.journal.services import link_rows
from nep.foundation.outbox.worker import drain
from nep.kernel.errors import Forbidden, Refusal

pytestmark = pytest.mark.django_db
NAME = "Nguyễn Văn An"
LATER = moment(20, 9).replace(year=2033)


def refused(code, call, **more):
    with pytest.raises(Refusal) as refusal:
        call(**more)
    assert refusal.value.code == code


def with_file(at, data=b"%PDF-1.4 giay to"):
    """Return a finished case with a file handed in."""
    paper = case_services.PaperGiven("Đơn đề nghị", upload=("don cua An.pdf", data), note="của An")
    return finished(at, papers=[paper])


def approved(at, rule="result", *, now=LATER, months=None):
    """Return the run of a rule that was proposed, approved and done by the worker."""
    shipped = erasure_rules()[rule]
    run_id = erasure.erasure_ask(
        actor=at.actor("admin"), now=now, rule=rule, months=months or shipped.months,
        approver_id=at.scene.people["ha"], reason="Hết thời hạn lưu theo kế hoạch",
    )  # fmt: skip
    erasure.erasure_decide(actor=at.actor("ha"), now=now, run_id=run_id, approves=True)
    erasure.erasure_run(run_id=run_id, now=now)
    return ErasureRun.objects.get(pk=run_id)


def test_the_page_of_a_case_masks_and_a_click_of_its_holder_shows_and_records(at, client):
    case = at.accept()
    at.scene.sign_in(client, "tuan")
    page = client.get(f"/ho-so/{case.pk}/").content.decode()
    assert NAME not in page
    assert "N*** V** An" in page
    assert CaseLook.objects.count() == 0

    own = f"/ho-so/{case.pk}/nguoi-nop/"
    assert NAME not in client.get(own).content.decode()
    assert client.post(own, {"reason": "Đang giải quyết hồ sơ"}).status_code == 302
    shown = client.get(own).content.decode()
    assert NAME in shown
    assert "0900 000 118" in shown
    look = CaseLook.objects.get()
    assert (look.person_id, look.way) == (at.scene.people["tuan"], "page")
    client.post(own, {"reason": "Đang giải quyết hồ sơ"})
    assert CaseLook.objects.count() == 1  # the same look within a quarter of an hour


def test_who_may_not_see_applicants_sees_none_and_a_reason_is_asked_for(at, client):
    case = at.accept()
    at.scene.sign_in(client, "admin")
    for path in ("nguoi-nop/", "giay-hen/", "giay-hen.pdf", "nguoi-nop/du-lieu.json"):
        assert client.get(f"/ho-so/{case.pk}/{path}").status_code == 403, path
    assert CaseLook.objects.count() == 0

    common = {"now": NOW, "case_id": case.pk}
    refused("reason_missing", services.applicant_look, actor=at.actor("huy"), reason=" ", **common)
    with pytest.raises(Forbidden):
        services.applicant_look(actor=at.actor("admin"), reason="Muốn xem thôi", **common)


def test_a_printed_receipt_and_an_opened_file_are_looks(at, client):
    case = with_file(at)
    paper = CasePaper.objects.get()
    at.scene.sign_in(client, "lan")
    for path in ("giay-hen/", "giay-hen.pdf", f"giay-to/{paper.pk}/"):
        assert client.get(f"/ho-so/{case.pk}/{path}").status_code == 200
    assert sorted(CaseLook.objects.values_list("way", flat=True)) == ["paper", "receipt"]

    at.scene.sign_in(client, "admin")
    listed = client.get("/ho-so/da-xem/").content.decode()
    assert listed.count("Trần Thị Mai Lan</td>") == 2
    assert "Trần Thị Mai Lan" in client.get(f"/ho-so/{case.pk}/da-xem/").content.decode()
    assert "Không có dòng nào" in client.get("/ho-so/da-xem/?ma=KHONG-CO").content.decode()


def test_a_look_that_was_taken_away_is_missed(at):
    case = at.accept()
    services.applicant_look(
        actor=at.actor("tuan"), now=NOW, case_id=case.pk, reason="Gọi ông An bổ sung giấy"
    )
    (entry,) = JournalEntry.objects.filter(action="case.applicant_seen")
    assert (entry.actor_id, entry.reason) == (at.scene.people["tuan"], "")

    CaseLook.objects.all().delete()
    found = [one.code for _, all_ in examine() for one in all_]
    assert found == ["case_looks_kept"]


def test_the_control_slip_masks_its_applicant(at, client):
    case = finished(at)
    at.scene.sign_in(client, "lan")
    for path in ("phieu-kiem-soat/", ""):
        assert NAME not in client.get(f"/ho-so/{case.pk}/{path}").content.decode()


def test_data_is_put_right_without_a_trace_of_what_it_held(at):
    case = at.accept()
    changed = services.applicant_correct(
        actor=at.actor("tuan"), now=NOW, case_id=case.pk,
        values={"name": "Nguyễn Văn Ân", "phone": "0911 222 333", "address": "xã Tân Lập"},
        reason=f"Nguyễn Văn Ân, trước ghi nhầm {NAME}, đề nghị theo căn cước",
    )  # fmt: skip
    assert changed == ("name", "phone")
    case.refresh_from_db()
    assert case.applicant_mask == "N*** V** Ân"
    assert WorkItem.objects.get(source_id=case.pk, state=0).detail.startswith("N*** V** Ân · ")
    told = " ".join(f"{one.old}{one.new}{one.reason}" for one in JournalEntry.objects.all())
    for secret in (NAME, "Nguyễn Văn Ân", "0911 222 333"):
        assert secret not in told
    with pytest.raises(Forbidden):
        services.applicant_correct(
            actor=at.actor("admin"),
            now=NOW,
            case_id=case.pk,
            values={"name": "X"},
            reason="Thử sửa",
        )


def test_a_step_finished_in_the_same_instant_names_the_applicant_as_put_right(at, monkeypatch):
    case = at.accept()
    read = _steps.standing

    def read_too_early(**given):
        found = read(**given)
        monkeypatch.setattr(_steps, "standing", read)
        services.applicant_correct(
            actor=at.actor("tuan"), now=NOW, case_id=case.pk, values={"name": "Nguyễn Văn Ân"},
            reason="Theo căn cước",
        )  # fmt: skip
        return found

    monkeypatch.setattr(_steps, "standing", read_too_early)
    at.complete(case, "b1", by="tuan")
    assert WorkItem.objects.get(source_id=case.pk, state=0).detail.startswith("N*** V** Ân · ")


def test_ones_own_data_is_given_out_as_json_and_pdf_and_recorded(at, client):
    case = with_file(at)
    citizens.case_rate(lookup_key=case.lookup_key, degree=5, remark="Nhanh", now=NOW)
    at.scene.sign_in(client, "tuan")
    path = f"/ho-so/{case.pk}/nguoi-nop/"
    assert client.get(f"{path}du-lieu.json").status_code == 302  # no look, no data
    client.post(path, {"reason": "Người nộp yêu cầu cung cấp dữ liệu"})

    found = json.loads(client.get(f"{path}du-lieu.json").content)
    assert found["nguoi_nop"]["ho_ten"] == NAME
    assert found["giay_to"][0]["tep"] == "don cua An.pdf"
    assert found["danh_gia"] == {"muc": "Rất hài lòng", "gop_y": "Nhanh"}
    assert client.get(f"{path}du-lieu.pdf").content[:5] == b"%PDF-"
    assert CaseLook.objects.filter(way="export").count() == 1


def test_an_erasure_takes_two_people_and_leaves_steps_figures_and_a_stub(
    at, django_capture_on_commit_callbacks
):
    case = with_file(at)
    stored = StoredFile.objects.get()
    with django_capture_on_commit_callbacks(execute=True):
        row = approved(at)

    assert (row.state, row.erased, row.spared, row.files) == ("done", 1, 0, 1)
    assert not CaseApplicant.objects.filter(pk=case.pk).exists()
    assert not StoredFile.objects.filter(pk=stored.pk).exists()
    assert not path_of(stored.sha256).exists()
    case.refresh_from_db()
    assert (case.applicant_mask, case.on_time, case.status) == ("", "truoc", 10)
    paper = CasePaper.objects.get()
    assert (paper.name, paper.file_id, paper.note) == ("Đơn đề nghị", None, "")
    assert case.runs.count() == 5
    page = queries.case_privacy(actor=at.actor("ha"), case_id=case.pk)
    assert PART_NAMES["applicant"] in page.stubs[0].words
    assert not WorkItem.objects.filter(detail__contains="An ·").exists()
    assert not [one for _, found in examine() for one in found if "case" in one.code]


def test_the_papers_given_out_lose_their_words_and_the_book_keeps_their_lines(at, client):
    case = with_file(at)
    at.scene.sign_in(client, "lan")
    assert client.get(f"/ho-so/{case.pk}/giay-hen.pdf").status_code == 200
    given = GivenPaper.objects.get(case=case, form="01")
    assert GivenValues.objects.filter(paper=given).exists()
    approved(at, "contact")
    given.refresh_from_db()
    assert given.erased_at == LATER
    put = {"actor": at.actor("tuan"), "now": LATER, "case_id": case.pk, "reason": "Đề nghị sửa"}
    refused(
        "contact_erased", services.applicant_correct, **put,
        values={"name": NAME, "phone": "0911 222 333"},
    )  # fmt: skip
    assert services.applicant_correct(**put, values={"name": "Nguyễn Văn Ân"}) == ("name",)
    assert not GivenValues.objects.filter(paper=given).exists()


def test_the_same_bytes_of_another_case_stay(at, django_capture_on_commit_callbacks):
    first = with_file(at, b"%PDF-1.4 chung")
    second = with_file(at, b"%PDF-1.4 chung")
    services.hold_place(
        actor=at.actor("admin"), now=NOW, case_id=second.pk, reason="Thanh tra theo QĐ 12"
    )
    kept = CasePaper.objects.get(case=second).file
    with django_capture_on_commit_callbacks(execute=True):
        row = approved(at)
    assert (row.erased, row.spared) == (1, 1)
    assert path_of(kept.sha256).exists()
    assert CaseErasure.objects.filter(case=first).exists()
    assert CaseApplicant.objects.filter(pk=second.pk).exists()


def test_what_is_held_reported_or_put_right_waits(at):
    held, reported, corrected = (finished(at) for _ in range(3))
    services.hold_place(actor=at.actor("ha"), now=NOW, case_id=held.pk, reason="Tòa án yêu cầu")
    citizens.case_report(
        lookup_key=reported.lookup_key, kind="fee", text="Thu thừa tiền của tôi.", now=NOW
    )
    case_services.correction_open(
        actor=at.actor("ha"), now=NOW + timedelta(days=1), case_id=corrected.pk, reason="Sai tên"
    )
    preview = erasure_queries.erasure_preview(
        agency_id=held.agency_id, rule=erasure_rules()["result"],
        before=ended_before(LATER, months=60), today=LATER.date(),
    )  # fmt: skip
    assert (preview.total, preview.goes) == (3, 0)
    row = approved(at)
    assert (row.erased, row.spared) == (0, 3)

    services.hold_lift(actor=at.actor("ha"), now=LATER, case_id=held.pk, reason="Tòa đã xử xong")
    assert approved(at).erased == 1


def test_a_case_that_is_too_young_or_not_handed_over_stays(at):
    young = finished(at)
    ready = at.accept()
    at.walk(ready, "b5", now=NOW)
    refused(
        "nothing_to_erase", erasure.erasure_ask, actor=at.actor("admin"),
        now=NOW + timedelta(days=300), rule="result", months=12,
        approver_id=at.scene.people["ha"], reason="Thử sớm hơn hạn",
    )  # fmt: skip
    row = approved(at)
    assert (row.erased, row.spared) == (1, 1)
    assert CaseErasure.objects.filter(case=young).count() == len(row.parts)


def test_a_proposal_keeps_to_its_bounds_and_its_approver(at):
    finished(at)
    ask = {
        "actor": at.actor("admin"), "now": LATER, "rule": "result", "months": 60,
        "approver_id": at.scene.people["ha"], "reason": "Hết thời hạn lưu",
    }  # fmt: skip
    refused("months_out_of_bounds", erasure.erasure_ask, **{**ask, "months": 1})
    refused(
        "approver_unknown", erasure.erasure_ask, **{**ask, "approver_id": at.scene.people["lan"]}
    )
    with pytest.raises(Forbidden):
        erasure.erasure_ask(**{**ask, "actor": at.actor("lan")})
    run_id = erasure.erasure_ask(**ask)
    refused("erasure_open", erasure.erasure_ask, **ask)
    for name in ("admin", "lan"):
        with pytest.raises(Refusal):
            erasure.erasure_decide(actor=at.actor(name), now=LATER, run_id=run_id, approves=True)
    refused(
        "reason_missing", erasure.erasure_decide, actor=at.actor("ha"), now=LATER, run_id=run_id,
        approves=False,
    )  # fmt: skip
    erasure.erasure_decide(
        actor=at.actor("ha"), now=LATER, run_id=run_id, approves=False, words="Chờ thanh tra"
    )
    assert erasure.erasure_run(run_id=run_id, now=LATER) == 0
    assert CaseApplicant.objects.count() == 1


def test_a_run_that_was_stopped_goes_on_and_repeats_nothing(at, monkeypatch):
    cases = [finished(at) for _ in range(3)]
    monkeypatch.setattr(erasure, "PORTION", 1)
    run_id = erasure.erasure_ask(
        actor=at.actor("admin"), now=LATER, rule="result", months=60,
        approver_id=at.scene.people["ha"], reason="Hết thời hạn lưu",
    )  # fmt: skip
    erasure.erasure_decide(actor=at.actor("ha"), now=LATER, run_id=run_id, approves=True)
    with transaction.atomic():
        row = ErasureRun.objects.get(pk=run_id)
        erasure._portion(row, LATER)
    assert ErasureRun.objects.get(pk=run_id).erased == 1

    assert erasure.erasure_run(run_id=run_id, now=LATER) == 3
    assert erasure.erasure_run(run_id=run_id, now=LATER) == 3
    assert CaseErasure.objects.filter(part="applicant").count() == len(cases)
    assert JournalEntry.objects.filter(action="case.erased").count() == len(cases)


def test_the_worker_does_what_was_approved_and_tells_who_asked(at):
    finished(at)
    run_id = erasure.erasure_ask(
        actor=at.actor("admin"), now=LATER, rule="contact", months=24,
        approver_id=at.scene.people["ha"], reason="Hết thời hạn lưu",
    )  # fmt: skip
    erasure.erasure_decide(actor=at.actor("ha"), now=LATER, run_id=run_id, approves=True)
    drain(now=LATER)
    applicant = CaseApplicant.objects.get()
    assert (applicant.name, applicant.phone, applicant.address) == (NAME, "", "")
    assert ErasureRun.objects.get(pk=run_id).state == "done"


def test_words_of_citizens_go_and_their_degree_stays(at):
    case = finished(at)
    citizens.case_rate(lookup_key=case.lookup_key, degree=2, remark="Ông A thu thừa", now=NOW)
    approved(at, "voice")
    row = CaseRating.objects.get()
    assert (row.degree, row.remark) == (2, "")


def test_a_doctor_finds_what_was_not_erased(at):
    case = finished(at)
    approved(at)
    CaseApplicant.objects.create(case=case, name=NAME, folded="nguyen van an")
    Case.objects.filter(pk=case.pk).update(applicant_mask="N***")
    found = [one.message for _, all_ in examine() for one in all_ if one.code == "case_erasures"]
    assert len(found) == 2


def test_the_day_counts_whole_months_back():
    assert ended_before(moment(31, 9), months=1).date().isoformat() == "2026-11-28"
    assert ended_before(moment(15, 9), months=12).date().isoformat() == "2025-12-15"


def test_pages_of_erasing_lead_from_the_rule_to_the_run(at, client, time_machine):
    finished(at)
    time_machine.move_to(LATER, tick=False)
    at.scene.sign_in(client, "admin")
    assert "Chưa xóa lần nào" in client.get("/ho-so/xoa-du-lieu/").content.decode()
    page = "/ho-so/xoa-du-lieu/quy-tac/result/"
    assert "1 hồ sơ đến hạn xóa dữ liệu" in client.get(page).content.decode()
    sent = client.post(
        page, {"months": 60, "approver": at.scene.people["ha"], "reason": "Hết thời hạn lưu"}
    )
    assert sent.status_code == 302
    assert "Chờ Nguyễn Thị Thu Hà duyệt" in client.get(sent["Location"]).content.decode()
    at.scene.sign_in(client, "ha")
    assert "Duyệt xóa" in client.get(sent["Location"]).content.decode()
    client.post(sent["Location"], {"viec": "duyet"})
    assert "Đang xóa" in client.get(sent["Location"]).content.decode()
    drain(now=LATER)
    assert "Đã xóa dữ liệu của 1 hồ sơ, để lại 0" in client.get(sent["Location"]).content.decode()


SAID = "Gọi bà An, số 0900.000.118, đã hẹn; Nguyễn Văn An và NGUYEN VAN AN cùng là một người"


def told_of(at):
    """Return a finished case whose officers wrote of the applicant, and a proposal that takes it."""
    case = at.accept()
    case_services.case_urgent_set(
        actor=at.actor("ha"), now=NOW, case_id=case.pk, urgent=True, reason=SAID
    )
    at.walk(case, "b5", now=NOW)
    at.complete(case, "b5", by="tuan", now=NOW + timedelta(hours=3), note="Con gái bà Hoa nhận hộ")
    run_id = erasure.erasure_ask(
        actor=at.actor("admin"), now=LATER, rule="result", months=60,
        approver_id=at.scene.people["ha"], reason="Hết thời hạn lưu theo kế hoạch",
    )  # fmt: skip
    return case, run_id


def carry_out(at, run_id):
    erasure.erasure_decide(actor=at.actor("ha"), now=LATER, run_id=run_id, approves=True)
    erasure.erasure_run(run_id=run_id, now=LATER)


def everything_told(case) -> str:
    events = CaseEvent.objects.filter(case=case).values_list("data", flat=True)
    journaled = JournalEntry.objects.filter(object_id=str(case.pk))
    texts = [*events, *WorkItem.objects.values_list("note", flat=True)]
    texts += list(UrgentSource.objects.values_list("reason", flat=True))
    return "\n".join([*texts, *(f"{one.old}{one.new}{one.reason}" for one in journaled)])


def test_what_officers_wrote_of_the_applicant_is_blackened_and_the_journal_still_verifies(at):
    case, run_id = told_of(at)
    link_rows()
    assert SAID in everything_told(case)
    blackening.words_mark(
        actor=at.actor("admin"), now=LATER, run_id=run_id, case_id=case.pk, piece="bà Hoa"
    )
    blackening.words_mark(
        actor=at.actor("ha"), now=LATER, run_id=run_id, case_id=case.pk, piece="bà An", keeps=True
    )
    carry_out(at, run_id)
    link_rows()

    said = everything_told(case)
    assert f"Gọi bà An, số {BLACK}, đã hẹn; {BLACK} và {BLACK} cùng là một người" in said
    assert f"Con gái {BLACK} nhận hộ" in said
    for gone in ("0900", "Văn An", "VAN AN", "bà Hoa"):
        assert gone not in said
    assert list(verify()) == []
    assert not ErasureMark.objects.exclude(piece="").exists()
    assert not [one for _, found in examine() for one in found if "case" in one.code]


def test_names_of_papers_that_officers_wrote_are_blackened_too(at):
    case = at.accept(now=NOW)
    by = {"actor": at.actor("tuan"), "now": NOW, "case_id": case.pk}
    case_services.case_supplement_request(
        **by, reason="Thiếu giấy tờ",
        papers=[{"name": f"Căn cước của ông {NAME}", "originals": 1, "copies": 0}],
    )  # fmt: skip
    case_services.case_supplement_received(**by)
    case_services.paper_add(**by, name="", upload=(f"CCCD {NAME}.pdf", b"%PDF-1.4 x"))
    at.walk(case, "", now=NOW)
    run_id = erasure.erasure_ask(
        actor=at.actor("admin"), now=LATER, rule="result", months=60,
        approver_id=at.scene.people["ha"], reason="Hết thời hạn lưu theo kế hoạch",
    )  # fmt: skip
    carry_out(at, run_id)

    assert f"CCCD {BLACK}" in " ".join(CasePaper.objects.values_list("name", flat=True))
    told = [
        everything_told(case), *CasePaper.objects.values_list("name", flat=True),
        *(json.dumps(json.loads(one.papers), ensure_ascii=False) for one in CasePause.objects.all()),
    ]  # fmt: skip
    assert f"Căn cước của {BLACK}" in told[-1] or f"ông {BLACK}" in told[-1]
    assert NAME not in "\n".join(told)


def test_words_beside_the_work_of_a_correction_are_blackened_too(at):
    case = at.accept()
    done = at.walk(case, "", now=NOW)
    case_services.correction_open(
        actor=at.actor("ha"), now=done, case_id=case.pk, reason=f"Ghi sai tên {NAME} trên giấy phép"
    )
    correction = CaseCorrection.objects.get(case=case)
    case_services.correction_close(
        actor=at.actor("ha"), now=done, correction_id=correction.pk, answer="Đã in lại giấy phép"
    )
    assert NAME in everything_told(case)
    run_id = erasure.erasure_ask(
        actor=at.actor("admin"), now=LATER, rule="result", months=60,
        approver_id=at.scene.people["ha"], reason="Hết thời hạn lưu theo kế hoạch",
    )  # fmt: skip
    carry_out(at, run_id)

    assert f"Ghi sai tên {BLACK} trên giấy phép" in everything_told(case)
    assert NAME not in everything_told(case)


def test_only_the_two_who_decide_mark_what_officers_wrote(at):
    case, run_id = told_of(at)
    mark = {"now": LATER, "run_id": run_id, "case_id": case.pk}
    with pytest.raises(Forbidden):
        blackening.words_mark(actor=at.actor("toan"), piece="bà Hoa", **mark)
    refused("piece_unknown", blackening.words_mark, actor=at.actor("ha"), piece="bà Huệ", **mark)
    refused("piece_short", blackening.words_mark, actor=at.actor("ha"), piece="x", **mark)
    carry_out(at, run_id)
    with pytest.raises(Forbidden):
        blackening.words_mark(actor=at.actor("ha"), piece="bà Hoa", **mark)


def test_the_page_of_officers_words_shows_what_goes_and_takes_marks(at, client, time_machine):
    _case, run_id = told_of(at)
    time_machine.move_to(LATER, tick=False)
    at.scene.sign_in(client, "ha")
    path = f"/ho-so/xoa-du-lieu/{run_id}/loi-ghi/"
    assert path in client.get(f"/ho-so/xoa-du-lieu/{run_id}/").content.decode()
    page = client.get(path).content.decode()
    assert '<del class="d">bà An</del>' in page
    assert '<del class="d">bà Hoa</del>' not in page
    wrong = client.post(path, {"case": _case.pk, "piece": "bà Huệ", "viec": "xoa"})
    assert wrong.status_code == 422
    assert "Đoạn này không có trong lời ghi" in wrong.content.decode()
    client.post(path, {"case": _case.pk, "piece": "bà Hoa", "viec": "xoa"})
    client.post(path, {"case": _case.pk, "piece": "bà An", "viec": "giu"})
    page = client.get(path).content.decode()
    assert '<del class="d">bà Hoa</del>' in page
    assert '<del class="d">bà An</del>' not in page
    client.post(path, {"mark": ErasureMark.objects.get(keeps=True).pk})
    assert '<del class="d">bà An</del>' in client.get(path).content.decode()
    at.scene.sign_in(client, "toan")
    assert client.get(path).status_code == 403


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Ông An đến nhận; anh Ánh không đến", ("Ông An",)),
        ("CCCD 001 099 012 345 và 0010990123456", ("001 099 012 345",)),
        ("Thư AN@x.example; nhà số 5 ngõ 2", ("AN@x.example", "số 5 ngõ 2")),
        ("An toàn, bình an", ()),
    ],
)
def test_what_is_plainly_the_applicants_is_found_in_a_text(text, found):
    known = Known(NAME, "001099012345", "0912 345 678", "an@x.example", "Số 5  ngõ 2")

    assert found_in(text, known) == found


def test_what_was_written_in_a_sub_procedure_goes_with_its_caller(db):
    scene = department()
    process = net(
        task("c1", "Thẩm định giá", "PKH/unit_head"), flows="bat-dau c1, c1 ket-thuc", name="qt-con"
    )
    inner = in_force(scene, process, code="", is_internal=True, name="Thẩm định giá nội bộ")
    at = in_force(scene, calling(pinned(inner)), code="1.000912")
    case = at.accept(now=moment(10, 8))
    at.complete(case, "b1", by="tuan", now=moment(10, 9))
    case_services.calls_open(case_id=case.pk, now=moment(10, 9, 1))
    child = Case.objects.get(called_by__case=case)
    at.complete(child, "c1", by="toan", now=moment(11, 9), note=f"Đất của ông {NAME} đã có giá")
    case_services.call_return(child_id=child.pk, now=moment(11, 9, 1))
    at.complete(case, "b9", by="ha", now=moment(11, 10))
    assert NAME in everything_told(child)

    approved(at)
    assert NAME not in everything_told(child)
    assert f"Đất của ông {BLACK} đã có giá" in everything_told(child)
    assert Case.objects.get(pk=child.pk).data == "{}"
    assert not [one for _, found in examine() for one in found if "case" in one.code]
