"""Forms of the law: each paper by the edition of its day, numbered, and the same years later."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from django.conf import settings

from nep.apps.cases import services
from nep.apps.cases.models import (
    Case,
    CaseApplicant,
    CaseEvent,
    FormEdition,
    GivenPaper,
    GivenValues,
)
from nep.apps.cases.queries import _given_invariants
from nep.apps.cases.queries.form_editions import edition_for, form_groups, layout_of
from nep.apps.cases.queries.given import GivenFilter, given_book, papers_of, unpacked
from nep.apps.cases.rules.form_layout import Block, read_layout
from nep.apps.cases.services import form_editions, papers
from nep.apps.cases.services._giving import given_values_erase, packed
from nep.apps.cases.tests.scene import NOW, moment
from nep.apps.cases.tests.test_papers import holds, printed
from nep.apps.legal.models import Citation, ExternalDocument
from nep.apps.organization.models import Agency
from nep.kernel.errors import Conflict, Forbidden, NotFound, Refusal
from nep.kernel.vietnamese import VN, local

TODAY = local(NOW).date()
CIRCULAR = "05/2027/TT-BTP"


def given(case: Case, form: str) -> GivenPaper:
    return GivenPaper.objects.get(case=case, form=form)


def extended(at, *, name="Nguyễn Văn An") -> Case:
    case = at.accept(name=name)
    services.case_extend(
        actor=at.actor("tuan"), now=NOW, case_id=case.pk, new_on=date(2026, 12, 30),
        reason="Chờ kết quả đo đạc.",
    )  # fmt: skip
    return case


def stopped(at, **more) -> Case:
    case = at.accept(**more)
    services.case_stop(
        actor=at.actor("ha"), now=moment(28, 8, 15), case_id=case.pk,
        reason="Người nộp đã được giải quyết ở hồ sơ khác.",
    )  # fmt: skip
    return case


def refused(at, **more) -> Case:
    case = at.accept(**more)
    services.case_refuse(
        actor=at.actor("tuan"), now=NOW, case_id=case.pk,
        reason="Không đủ điều kiện theo Điều 5 của quy định.",
    )  # fmt: skip
    return case


def registered(at, number: str = CIRCULAR) -> ExternalDocument:
    """Put a text into the agency's register of external documents."""
    return ExternalDocument.objects.create(
        agency_id=at.actor("lan").agency_id, kind="circular", number=number, number_key=number,
        title="Biểu mẫu một cửa", folded="bieu mau mot cua", added_by_id=at.actor("lan").person_id,
        added_at=NOW, changed_at=NOW,
    )  # fmt: skip


def shipped(form: str) -> FormEdition:
    return FormEdition.objects.get(form=form, state="published", since=date(2025, 9, 15))


def changed(at, form: str, *, since: date, number: str = CIRCULAR, **parts) -> int:
    """Draft an edition of the agency like the shipped one, with some parts of it changed."""
    form_editions.form_editions_load(now=NOW)
    admin = at.actor("admin")
    edition_id = form_editions.form_draft(actor=admin, now=NOW, like_id=shipped(form).pk)
    form_editions.form_change(
        actor=admin, now=NOW, edition_id=edition_id, name=f"Thông tư {number}",
        legal_number=number, since=since, until=None, mark="chưa xác minh",
        layout=replace(layout_of(shipped(form)), **parts), expected_version=1,
    )  # fmt: skip
    return edition_id


def published(at, form: str, *, since: date, **parts) -> int:
    """Bring such an edition into force."""
    if not ExternalDocument.objects.filter(number=CIRCULAR).exists():
        registered(at)
    edition_id = changed(at, form, since=since, **parts)
    form_editions.form_publish(
        actor=at.actor("admin"), now=NOW, edition_id=edition_id, expected_version=2
    )
    return edition_id


@pytest.mark.parametrize("ending", ["pdf", "docx"])
def test_an_extension_is_told_with_an_apology_and_the_later_date(at, ending):
    case = extended(at)

    data = printed(at, case.pk, "04", ending)

    assert holds(
        data,
        "Mẫu số 04", "VĂN BẢN XIN LỖI VÀ ĐỀ NGHỊ GIA HẠN THỜI GIAN GIẢI QUYẾT", "Số: 01/PXL",
        "Kính gửi: Nguyễn Văn An", case.code, "Lý do: Chờ kết quả đo đạc.",
        "17 giờ 30 phút, ngày 24 tháng 12 năm 2026", "17 giờ 30 phút, ngày 30 tháng 12 năm 2026",
        "Hoàng Minh Tuấn", "THỦ TRƯỞNG CƠ QUAN, ĐƠN VỊ",
    ) == []  # fmt: skip


@pytest.mark.parametrize("ending", ["pdf", "docx"])
def test_a_stopped_case_is_told_by_a_notice_with_its_reason(at, ending):
    data = printed(at, stopped(at).pk, "05", ending, now=moment(28, 9))

    assert holds(
        data,
        "Mẫu số 05", "THÔNG BÁO DỪNG GIẢI QUYẾT HỒ SƠ", "Số: 01/TB-DGQ", "Nguyễn Văn An",
        "Người nộp đã được giải quyết ở hồ sơ khác.", "08 giờ 15 phút, ngày 28 tháng 12 năm 2026",
    ) == []  # fmt: skip


def test_a_case_the_worker_stops_has_its_notice_too(at):
    case = at.accept()
    services.case_supplement_request(
        actor=at.actor("tuan"), now=NOW, case_id=case.pk, reason="Thiếu bản vẽ."
    )
    later = NOW + timedelta(days=40)

    assert services.cases_close_unsupplemented(now=later) == 1

    data = printed(at, case.pk, "05", now=later)
    assert holds(data, "Quá 15 ngày kể từ ngày yêu cầu", "Nghị định 118/2025/NĐ-CP") == []
    assert given(case, "05").by_id is None


@pytest.mark.parametrize("ending", ["pdf", "docx"])
def test_a_refusal_says_why_and_where_to_ask(at, ending):
    data = printed(at, refused(at).pk, "03", ending)

    assert holds(
        data, "Mẫu số 03", "PHIẾU TỪ CHỐI TIẾP NHẬN, GIẢI QUYẾT HỒ SƠ", "Số: 01/TCHS",
        "Không đủ điều kiện theo Điều 5 của quy định.", "Hoàng Minh Tuấn",
    ) == []  # fmt: skip


def test_a_case_without_such_an_end_has_no_such_paper(at):
    case = at.accept()

    for form in ("02", "03", "04", "05"):
        with pytest.raises(NotFound):
            printed(at, case.pk, form)


def test_each_form_has_its_own_book_of_the_year(at):
    first, second = extended(at), extended(at, name="Lê Thị Bình")
    refusal, stop = refused(at), stopped(at)

    numbers = [given(first, "04").number, given(second, "04").number]
    assert numbers == [1, 2]
    assert (given(refusal, "03").number_text, given(stop, "05").number_text) == (
        "01/TCHS", "01/TB-DGQ",
    )  # fmt: skip
    next_year = at.accept(now=moment(5, 9, month=1).replace(year=2027))
    services.case_refuse(
        actor=at.actor("tuan"), now=moment(5, 10, month=1).replace(year=2027), case_id=next_year.pk,
        reason="Không đủ điều kiện.",
    )  # fmt: skip
    assert (given(next_year, "03").year, given(next_year, "03").number) == (2027, 1)


def test_a_paper_is_printed_years_later_as_it_was(at):
    case = extended(at)
    before = {form: printed(at, case.pk, form) for form in ("01", "04")}
    words = {form: printed(at, case.pk, form, "docx") for form in ("01", "04")}

    CaseApplicant.objects.filter(case=case).update(name="Tên Đã Sửa", address="nơi khác")
    Agency.objects.update(name="Sở Đã Sáp nhập", reception_name="Bộ phận mới")
    services.paper_add(
        actor=at.actor("tuan"), now=NOW, case_id=case.pk, name="Giấy thêm sau", upload=None
    )
    published(at, "04", since=TODAY, title="Thư xin lỗi kiểu mới")
    FormEdition.objects.filter(form="01").update(since=date(2030, 1, 1), until=None)
    later = NOW.replace(year=2031)

    for form, data in before.items():
        assert printed(at, case.pk, form, now=later) == data
        assert holds(printed(at, case.pk, form, "docx", now=later), "Nguyễn Văn An") == []
        assert holds(words[form], "Nguyễn Văn An") == []


def test_the_edition_of_the_day_of_the_paper_is_used(at):
    published(at, "04", since=date(2026, 12, 12), title="Thư xin lỗi theo thông tư mới")
    case, other = at.accept(), at.accept(name="Lê Thị Bình")

    for one, now in ((case, moment(11, 9)), (other, moment(14, 9))):
        services.case_extend(
            actor=at.actor("tuan"), now=now, case_id=one.pk, new_on=date(2026, 12, 30),
            reason="Chờ kết quả đo đạc.",
        )  # fmt: skip

    assert holds(printed(at, case.pk, "04"), "VĂN BẢN XIN LỖI VÀ ĐỀ NGHỊ GIA HẠN") == []
    assert holds(printed(at, other.pk, "04"), "THƯ XIN LỖI THEO THÔNG TƯ MỚI") == []


def test_papers_of_earlier_days_take_the_circular_of_those_days(at):
    case = extended(at)
    GivenPaper.objects.filter(case=case).delete()
    old = moment(4, 9, month=3).replace(year=2024)
    case.extension.at = old
    case.extension.save()

    data = printed(at, case.pk, "04")

    assert holds(data, "PHIẾU XIN LỖI VÀ HẸN LẠI NGÀY TRẢ KẾT QUẢ", "Số: 01/PXL") == []
    assert given(case, "04").edition.legal_number == "01/2018/TT-VPCP"


def test_without_an_edition_the_act_goes_on_and_the_print_says_why(at):
    form_editions.form_editions_load(now=NOW)
    FormEdition.objects.filter(form="04").update(since=date(2030, 1, 1), until=None)

    case = extended(at)

    assert not GivenPaper.objects.filter(case=case, form="04").exists()
    with pytest.raises(NotFound) as caught:
        printed(at, case.pk, "04")
    assert caught.value.code == "no_form_edition"
    assert "mẫu số 04" in caught.value.message


def test_a_withdrawn_edition_makes_no_new_paper_and_keeps_its_old_ones(at):
    edition_id = published(at, "03", since=TODAY, title="Phiếu từ chối mới")
    first = refused(at)
    form_editions.form_withdraw(
        actor=at.actor("admin"), now=NOW, edition_id=edition_id, reason="In sai căn cứ.",
        expected_version=3,
    )  # fmt: skip

    second = refused(at, name="Lê Thị Bình")

    assert holds(printed(at, first.pk, "03"), "PHIẾU TỪ CHỐI MỚI") == []
    assert given(second, "03").edition == shipped("03")
    assert not Citation.objects.filter(object_type="form_edition").exists()


def test_a_slip_is_given_anew_only_when_it_says_something_new(at):
    case = at.accept()
    printed(at, case.pk, "06")
    printed(at, case.pk, "06", "docx")
    assert GivenPaper.objects.filter(case=case, form="06").count() == 1

    now = at.walk(case, "end")
    last = printed(at, case.pk, "06", now=now)

    assert GivenPaper.objects.filter(case=case, form="06").count() == 2
    assert printed(at, case.pk, "06", now=now + timedelta(days=900)) == last


def test_a_text_outside_the_register_cannot_bring_a_form_into_force(at):
    edition_id = changed(at, "05", since=TODAY)

    with pytest.raises(Refusal) as caught:
        form_editions.form_publish(
            actor=at.actor("admin"), now=NOW, edition_id=edition_id, expected_version=2
        )
    assert caught.value.code == "form_unbound"

    registered(at)
    form_editions.form_publish(
        actor=at.actor("admin"), now=NOW, edition_id=edition_id, expected_version=2
    )
    assert Citation.objects.get(object_type="form_edition").link == f"/ho-so/bieu-mau/{edition_id}/"


def test_a_layout_that_cannot_be_printed_stays_a_draft(at):
    registered(at)
    edition_id = changed(at, "05", since=TODAY, blocks=(Block("line", text="Gửi {ten_khong_co}"),))

    with pytest.raises(Refusal) as caught:
        form_editions.form_publish(
            actor=at.actor("admin"), now=NOW, edition_id=edition_id, expected_version=2
        )

    assert caught.value.code == "form_faulty"
    assert "{ten_khong_co}" in caught.value.message


def test_what_is_in_force_is_never_changed_and_the_shipped_never_withdrawn(at):
    edition_id = published(at, "05", since=TODAY)
    admin = at.actor("admin")

    with pytest.raises(Refusal) as caught:
        form_editions.form_change(
            actor=admin, now=NOW, edition_id=edition_id, name="x", legal_number=CIRCULAR,
            since=TODAY, until=None, mark="S", layout=layout_of(shipped("05")), expected_version=3,
        )  # fmt: skip
    assert caught.value.code == "form_not_draft"
    with pytest.raises(Refusal) as caught:
        form_editions.form_withdraw(
            actor=admin, now=NOW, edition_id=shipped("05").pk, reason="x", expected_version=1
        )
    assert caught.value.code == "form_shipped"
    with pytest.raises(Conflict):
        form_editions.form_withdraw(
            actor=admin, now=NOW, edition_id=edition_id, reason="x", expected_version=1
        )
    with pytest.raises(Forbidden):
        form_editions.form_draft(actor=at.actor("lan"), now=NOW, like_id=shipped("05").pk)


def test_an_edition_of_one_agency_is_not_there_for_another(at, other_agency):
    edition_id = published(at, "05", since=TODAY, title="Riêng của một cơ quan")
    stranger = other_agency.actor("admin")

    with pytest.raises(NotFound):
        form_editions.form_draft(actor=stranger, now=NOW, like_id=edition_id)

    seen = [line.id for group in form_groups(actor=stranger, today=TODAY) for line in group.lines]
    assert edition_id not in seen
    assert shipped("05").pk in seen


def test_an_edition_of_the_province_holds_for_all_its_agencies(at, other_agency):
    form_editions.form_editions_load(now=NOW)
    registered(at)
    at.scene.appoint("admin", "", "province_admin", "Quản trị tỉnh")
    province = at.actor("admin")
    edition_id = form_editions.form_draft(
        actor=province, now=NOW, like_id=shipped("03").pk, province=True
    )
    form_editions.form_change(
        actor=province, now=NOW, edition_id=edition_id, name=f"Thông tư {CIRCULAR}",
        legal_number=CIRCULAR, since=TODAY, until=None, mark="S",
        layout=replace(layout_of(shipped("03")), title="Phiếu từ chối của tỉnh"),
        expected_version=1,
    )  # fmt: skip
    form_editions.form_publish(actor=province, now=NOW, edition_id=edition_id, expected_version=2)

    neighbour = other_agency.actor("admin")
    held = edition_for(form="03", agency_id=neighbour.agency_id, on=TODAY)
    assert held is not None and held.pk == edition_id
    with pytest.raises(NotFound):
        form_editions.form_withdraw(
            actor=neighbour, now=NOW, edition_id=edition_id, reason="x", expected_version=3
        )
    with pytest.raises(Forbidden):
        form_editions.form_draft(actor=neighbour, now=NOW, like_id=edition_id, province=True)


def test_loading_again_changes_nothing_and_a_mended_layout_comes_beside(at):
    form_editions.form_editions_load(now=NOW)
    assert form_editions.form_editions_load(now=NOW) == 0
    old = shipped("05")
    content = {
        **settings.LEGAL_FORMS,
        "editions": [
            {**one, "title": "Thông báo dừng, bản sửa"} if one["key"] == "tt03-2025-05" else one
            for one in settings.LEGAL_FORMS["editions"]
        ],
    }

    assert form_editions.form_editions_load(now=NOW, content=content) == 1

    old.refresh_from_db()
    assert (old.state, layout_of(shipped("05")).title) == ("withdrawn", "Thông báo dừng, bản sửa")
    assert read_layout(content["editions"][4]).title == "Thông báo dừng, bản sửa"


def test_the_book_finds_by_year_form_number_case_and_person(at):
    case, other = extended(at), refused(at)
    actor = at.actor("lan")

    def codes(**asked) -> list[tuple[str, str]]:
        found = given_book(actor=actor, filter=GivenFilter(year=2026, **asked))
        return [(one.form, one.code) for one in found.lines]

    assert codes(form="04") == [("04", case.code)]
    assert codes(query="01/TCHS") == [("03", other.code)]
    assert set(codes(query=case.code.lower())) == {("01", case.code), ("04", case.code)}
    assert codes(person_id=at.actor("ha").person_id) == []
    assert given_book(actor=actor, filter=GivenFilter(year=2025)).total == 0
    assert [one.form for one in papers_of(actor=actor, case_id=case.pk)] == ["01", "04"]


def test_the_book_goes_on_where_the_page_before_ended(at):
    for name in ("A", "B", "C"):
        at.accept(name=f"Nguyễn {name}")
    actor, asked = at.actor("lan"), GivenFilter(year=2026)

    first = given_book(actor=actor, filter=asked, limit=2)
    rest = given_book(actor=actor, filter=asked, limit=2, after=first.after)

    assert (len(first.lines), len(rest.lines), rest.after) == (2, 1, "")
    assert len({one.id for one in (*first.lines, *rest.lines)}) == 3


def test_erased_values_leave_the_line_of_the_book_and_no_personal_data(at):
    case = extended(at)

    assert given_values_erase(case_ids=[case.pk], now=NOW) == 2

    assert not GivenValues.objects.filter(paper__case=case).exists()
    with pytest.raises(NotFound) as caught:
        printed(at, case.pk, "04")
    assert caught.value.code == "paper_erased"
    assert [one.is_erased for one in papers_of(actor=at.actor("lan"), case_id=case.pk)] == [
        True, True,
    ]  # fmt: skip


def test_a_preview_gives_nothing_out(at):
    case = extended(at)
    edition_id = changed(at, "04", since=TODAY, title="Thư xin lỗi đang soạn")
    count, admin = GivenPaper.objects.count(), at.actor("admin")

    sample = papers.edition_sheet(actor=admin, edition_id=edition_id, now=NOW)
    real = papers.edition_sheet(actor=admin, edition_id=edition_id, now=NOW, case_id=case.pk)

    assert holds(papers.made(sample, NOW, "pdf"), "THƯ XIN LỖI ĐANG SOẠN", "Nguyễn Văn Mẫu") == []
    shown = papers.made(real, NOW, "pdf")
    assert holds(shown, "THƯ XIN LỖI ĐANG SOẠN", case.code, "Chờ kết quả đo đạc.") == []
    hidden = ["Nguyễn Văn An", "xã Tân Lập", case.lookup_key]
    assert holds(shown, *hidden) == hidden
    assert GivenPaper.objects.count() == count
    assert CaseEvent.objects.filter(case=case).count() == 2


def test_doctor_finds_a_paper_that_was_tampered_with(at):
    case = extended(at)
    assert list(_given_invariants.given()) == []
    kept = GivenValues.objects.get(paper=given(case, "04"))
    values = unpacked(bytes(kept.content)) | {"new_due": "một ngày khác"}

    GivenValues.objects.filter(pk=kept.pk).update(content=packed(values))
    GivenPaper.objects.filter(case=case, form="01").update(number=77)
    FormEdition.objects.filter(pk=shipped("05").pk).update(layout="{}")

    assert [one.message for one in _given_invariants.given()] == [
        "nội dung khác lúc cấp", "đã dùng số 77, cao hơn sổ số",
    ]  # fmt: skip
    assert [one.code for one in _given_invariants.editions()] == ["form_edition"]


def test_a_draft_holds_from_the_vietnamese_day_it_is_begun_on(at):
    form_editions.form_editions_load(now=NOW)
    early = datetime(2026, 12, 11, 6, 30, tzinfo=VN).astimezone(UTC)
    edition_id = form_editions.form_draft(
        actor=at.actor("admin"), now=early, like_id=shipped("05").pk
    )

    assert FormEdition.objects.get(pk=edition_id).since == date(2026, 12, 11)
