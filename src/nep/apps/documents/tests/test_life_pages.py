"""The pages of a document's life, as each person sees them."""

import html
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from nep.apps.documents import queries, services
from nep.apps.documents.models import ChangeRequest, Document, Revision
from nep.apps.documents.tests.life_scene import approve, brought, check, draft, seen, state, submit
from nep.apps.documents.tests.make import give_file, secretary
from nep.apps.documents.tests.test_publication import a_word
from nep.apps.organization.tests.scene import NOW
from nep.kernel.vietnamese import date_text, local

pytestmark = pytest.mark.usefixtures("copies_unprinted")


@pytest.fixture
def site(agency, client):
    """Return f(person) -> a signed-in client."""

    def signed(name):
        agency.sign_in(client, name)
        return client

    return signed


def text(response) -> str:
    assert response.status_code == 200, response.status_code
    return html.unescape(response.content.decode())


def at(name, *args) -> str:
    return reverse(f"documents:{name}", args=args)


def in_a_year() -> str:
    """Return a day to come, as it is typed."""
    return date_text(local(timezone.now()).date() + timedelta(days=365))


def test_a_document_goes_from_draft_to_force_through_its_pages(agency, site):
    document_id, revision_id = draft(agency)
    page = text(site("lan").get(at("page", document_id)))
    assert "Đang soạn lần 01" in page
    assert page.count('href="' + at("submit", revision_id)) == 1
    shown = text(site("lan").get(at("submit", revision_id)))
    assert "Trần Thị Mai Lan" not in shown.split("Người kiểm tra")[1]
    sent = {"checker": agency.people["toan"], "approver": agency.people["ha"]}
    assert site("lan").post(at("submit", revision_id), sent).status_code == 302
    assert "Đang chờ Đặng Văn Toàn kiểm tra" in text(site("lan").get(at("page", document_id)))
    page = text(site("toan").get(at("page", document_id)))
    assert "Chờ bạn kiểm tra" in page
    shown = text(site("toan").get(at("check", revision_id)))
    sealed = queries.life(actor=agency.actor("toan"), revision_id=revision_id).parts[0].sha256
    assert sealed in shown
    assert seen(revision_id) in shown
    site("toan").post(at("check", revision_id), {"content_hash": seen(revision_id)})
    assert "Chờ bạn phê duyệt" in text(site("ha").get(at("page", document_id)))
    today = {"issued_on": "10/12/2026", "effective_from": in_a_year()}
    given = {"content_hash": seen(revision_id), "decision_number": "12/QĐ-SKHCN"}
    refused = site("ha").post(at("approve", revision_id), {**given, "issued_on": "hôm nay"})
    assert refused.status_code == 422
    assert "12/QĐ-SKHCN" in html.unescape(refused.content.decode())
    late = site("ha").post(
        at("approve", revision_id), {**given, **today, "effective_from": "01/01/2020"}
    )
    assert late.status_code == 422
    site("ha").post(at("approve", revision_id), {**given, "issued_on": "01/01/2026",
                                                 "effective_from": in_a_year()})  # fmt: skip
    assert state(revision_id) == "approved"
    shown = text(site("lan").get(at("page", document_id)))
    assert f"Đã phê duyệt, có hiệu lực từ {in_a_year()}" in shown
    assert "Nguyễn Thị Thu Hà, Phó Giám đốc" in shown


@pytest.mark.parametrize("key", ["", "khoa-chong-bam-hai-lan"])
def test_the_approvers_page_says_why_the_published_copy_cannot_be_made(
    agency, site, monkeypatch, key
):
    document_id, revision_id = draft(agency)
    give_file(agency, revision_id, a_word("Nội dung"), "qt.docx", NOW)
    submit(agency, revision_id)
    check(agency, revision_id)
    monkeypatch.setenv("PATH", "/khong-co")
    given = {
        "content_hash": seen(revision_id), "decision_number": "12/QĐ-SKHCN", "_once": key,
        "issued_on": date_text(local(timezone.now()).date()), "effective_from": in_a_year(),
    }  # fmt: skip
    answer = site("ha").post(at("approve", revision_id), given)

    assert answer.status_code == 422
    said = html.unescape(answer.content.decode())
    assert "chưa cài LibreOffice" in said
    assert "12/QĐ-SKHCN" in said
    assert (state(revision_id), Document.objects.get(pk=document_id).status) == ("checked", "new")


def test_a_post_from_an_old_page_changes_nothing(agency, site):
    _document, revision_id = draft(agency)
    submit(agency, revision_id)
    answer = site("toan").post(at("check", revision_id), {"content_hash": "0" * 64})

    assert answer.status_code == 422
    assert "Hãy tải lại, đọc lại" in html.unescape(answer.content.decode())
    assert state(revision_id) == "submitted"


@pytest.mark.parametrize("name", ["return", "recall", "drop"])
def test_a_reason_is_asked_for_on_the_page(agency, site, name):
    document_id, revision_id = draft(agency)
    submit(agency, revision_id)
    who = "toan" if name == "return" else "lan"
    shown = text(site(who).get(at(name, revision_id)))
    assert 'name="reason"' in shown
    assert site(who).post(at(name, revision_id), {"reason": ""}).status_code == 422
    assert site(who).post(at(name, revision_id), {"reason": "Sai mẫu"}).status_code == 302
    assert state(revision_id) == ("dropped" if name == "drop" else "draft")
    assert document_id


def test_who_is_not_asked_has_no_button_and_is_led_to_the_document(agency, site):
    document_id, revision_id = draft(agency)
    submit(agency, revision_id)
    page = text(site("huy").get(at("page", document_id)))

    assert at("check", revision_id) not in page
    answer = site("ha").get(at("approve", revision_id))
    assert (answer.status_code, answer["Location"]) == (302, at("page", document_id))
    assert site("huy").post(at("check", revision_id), {}).status_code == 403


def test_another_agencys_pages_are_not_found(agency, other_agency, client):
    document_id, revision_id = draft(agency)
    submit(agency, revision_id)
    other_agency.sign_in(client, "h9920.toan")

    for name, id_ in (("check", revision_id), ("history", revision_id), ("page", document_id)):
        assert client.get(at(name, id_)).status_code == 404


def test_the_old_version_is_read_by_its_history_only(agency, site):
    document_id, old = brought(agency)
    client = site("lan")
    answer = client.post(
        at("redraft", document_id), {"kind": "issue", "change_note": "Theo luật mới"}
    )
    assert answer["Location"] == at("edit", document_id)
    new = Revision.objects.get(document_id=document_id, state="draft")
    assert (new.issue, new.amendment, new.change_note) == ("02", "00", "Theo luật mới")
    Revision.objects.filter(pk=new.pk).update(
        original_file_id=Revision.objects.get(pk=old).original_file_id
    )
    submit(agency, new.pk)
    check(agency, new.pk)
    approve(agency, new.pk)
    page = text(site("huy").get(at("page", document_id)))
    history = text(site("huy").get(at("history", old)))

    assert "lần 02" in page
    assert "Bản này không còn dùng để làm việc" in history
    assert "Đặng Văn Toàn, Trưởng phòng" in history


def test_a_route_is_laid_on_its_page_and_a_wrong_one_says_why(agency, site):
    agency.person("son", "Đỗ Hồng Sơn", ("LD", "leader", "Giám đốc"))
    _document, revision_id = draft(agency)
    toan, ha, huy = (agency.people[name] for name in ("toan", "ha", "huy"))
    wrong = {"b1-part": "check", "b1-needs": "any", "b1-people": [huy]}
    right = {
        "b1-part": "consult", "b1-needs": "all", "b1-people": [huy],
        "b2-part": "check", "b2-needs": "any", "b2-people": [toan],
        "b3-part": "approve", "b3-needs": "any", "b3-people": [ha],
    }  # fmt: skip
    refused = site("lan").post(at("route", revision_id), wrong)
    assert refused.status_code == 422
    assert "phê duyệt" in html.unescape(refused.content.decode())
    assert site("lan").post(at("route", revision_id), right).status_code == 302
    shown = text(site("lan").get(at("submit", revision_id)))
    assert "Tuyến duyệt của bản này" in shown
    site("lan").post(at("submit", revision_id), {})
    assert "Chờ ý kiến của bạn" in text(
        site("huy").get(at("page", Revision.objects.get(pk=revision_id).document_id))
    )
    site("huy").post(at("consult", revision_id), {"text": "Đồng ý"})
    asked = queries.route(revision_id=revision_id)[2].people[0]
    assert "son" in agency.people
    form = {"person": agency.people["son"], "reason": "Chị Hà đi công tác"}
    assert site("lan").post(at("replace", revision_id, asked.id), form).status_code == 302
    assert queries.route(revision_id=revision_id)[2].people[0].name == "Đỗ Hồng Sơn"


def test_the_usual_routes_are_set_by_the_secretary(agency, site):
    secretary(agency)
    page = site("thuky").get(at("route_templates"))
    assert "Chọn người khi trình" in text(page)
    data = {
        "version": "0",
        "b1-part": "check", "b1-people": [agency.people["toan"]], "b1-days": "2",
        "b2-part": "approve", "b2-people": [agency.people["ha"]], "b2-days": "1",
    }  # fmt: skip
    assert site("thuky").post(at("route_set", "manual"), data).status_code == 302
    assert "Kiểm tra: Đặng Văn Toàn" in text(site("thuky").get(at("route_templates")))
    assert site("thuky").post(at("route_set", "manual"), data).status_code == 409
    assert site("lan").get(at("route_templates")).status_code == 403
    assert site("thuky").get(at("route_set", "procedure")).status_code == 404


def test_a_request_is_asked_accepted_and_leads_to_its_draft(agency, site):
    secretary(agency)
    document_id, _revision = brought(agency)
    data = {"wish": "change", "reason": "Thông tư mới thay mẫu số 02", "content": "Mục 6"}
    answer = site("huy").post(at("request_about", document_id), data)
    request_id = ChangeRequest.objects.get().pk
    assert answer["Location"] == at("request", request_id)
    assert "1 đề nghị chờ quyết định" in text(site("thuky").get(at("requests")))
    assert "Chấp nhận đề nghị" not in text(site("huy").get(at("request", request_id)))
    shown = text(site("thuky").get(at("request", request_id)))
    assert "Chấp nhận đề nghị" in shown
    assert site("thuky").post(at("request_accept", request_id), {}).status_code == 422
    site("thuky").post(at("request_accept", request_id), {"author": agency.people["lan"]})
    assert "sửa đổi 01: dự thảo" in text(site("huy").get(at("request", request_id)))
    assert site("huy").post(at("request_refuse", request_id), {"note": "x"}).status_code == 403


def test_a_document_is_withdrawn_on_its_page(agency, site):
    document_id, revision_id = brought(agency)
    page = at("withdraw", document_id)
    assert site("lan").get(page).status_code == 403
    assert site("ha").post(page, {"reason": "Luật mới"}).status_code == 422
    site("ha").post(page, {"reason": "Luật mới bãi bỏ", "decision_number": "30/QĐ"})

    assert Document.objects.get(pk=document_id).status == "withdrawn"
    assert "Tài liệu đã thu hồi" in text(site("lan").get(at("page", document_id)))
    assert "30/QĐ: Luật mới bãi bỏ" in text(site("lan").get(at("history", revision_id)))


def test_the_pages_of_the_life_ask_the_database_a_bounded_number_of_times(
    agency, site, django_assert_max_num_queries
):
    parent, leading = draft(agency)
    for number in range(1, 6):
        draft(agency, code=f"BM-01.0{number}", kind="form", parent_id=parent)
    members = [one.revision_id for one in queries.life(
        actor=agency.actor("lan"), revision_id=leading
    ).drafts]  # fmt: skip
    submit(agency, leading, member_ids=members)
    client = site("toan")
    client.get(at("check", leading))

    with django_assert_max_num_queries(45):
        client.get(at("check", leading))
    assert services.document_check(
        actor=agency.actor("toan"), revision_id=leading, content_hash=seen(leading), now=NOW
    ).state == "checked"  # fmt: skip
