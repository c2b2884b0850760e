"""Units and people out of a spreadsheet."""

import html
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from nep.apps.organization import queries, services
from nep.apps.organization.models import Appointment, Person, Unit
from nep.apps.organization.rules import people_sheet
from nep.apps.organization.tests.scene import NOW, SINCE
from nep.foundation.journal.models import JournalEntry
from nep.foundation.printing import SheetColumn, xlsx
from nep.kernel.errors import Forbidden, Refusal

PEOPLE = ("Họ và tên", "Thư điện tử", "Mã đơn vị", "Chức vụ", "Vai trò", "Từ ngày", "Đến ngày")
UNITS = ("Mã đơn vị", "Tên đơn vị", "Bộ phận một cửa")


def book(people=(), units=()) -> bytes:
    sheets = [("Người", [SheetColumn(name) for name in PEOPLE], people)]
    if units:
        sheets.append(("Đơn vị", [SheetColumn(name) for name in UNITS], units))
    return xlsx(sheets)


def take(agency, data: bytes, *, is_dry: bool = False, by: str = "admin"):
    return services.people_import(
        actor=agency.actor(by), agency_id=agency.agency_id, name="ns.xlsx", data=data,
        is_dry=is_dry, now=NOW,
    )  # fmt: skip


def outcomes(report) -> list[tuple[str, str]]:
    return [(row.outcome, row.code or row.what) for row in report.rows]


@pytest.mark.parametrize(
    ("words", "role"),
    [
        ("Chuyên viên chính", "specialist"), ("Phó Trưởng phòng", "unit_head"),
        ("Phó Giám đốc", "leader"), ("Chủ tịch UBND xã", "leader"), ("thu ky ISO", "iso_secretary"),
        ("Bộ phận Một cửa", "reception"), ("unit_head", "unit_head"), ("Nhà thơ", ""), ("", ""),
    ],
)  # fmt: skip
def test_words_of_roles_and_positions_are_known(words, role):
    assert people_sheet.role_of(words) == role


def test_a_dry_run_tells_every_row_and_writes_nothing(agency):
    data = book(
        [("Vũ Thị Mới", "moi@x.vn", "PMH", "Chuyên viên", "", "01/12/2026", ""),
         ("", "", "", "", "", "", ""),
         ("Bùi Lạ", "", "KHONG", "Chuyên viên", "", "", ""),
         ("Bùi Thơ", "", "PKH", "Nhà thơ", "", "", ""),
         ("Trần Thị Mai Lan", "", "PKH", "Chuyên viên", "", "", "")],
        [("PMH", "Phòng Một Hai", "x")],
    )  # fmt: skip
    before = JournalEntry.objects.count()
    report = take(agency, data, is_dry=True)

    assert outcomes(report) == [
        ("created", ""),
        ("created", "giữ vai trò Chuyên viên, Phòng Một Hai"),
        ("refused", "unit_unknown"),
        ("refused", "role_unknown"),
        ("unchanged", ""),
    ]
    assert [row.row for row in report.rows] == [2, 2, 4, 5, 6]
    assert "Phạm Quốc Huy" in report.not_mentioned
    assert not Unit.objects.filter(code="PMH").exists()
    assert JournalEntry.objects.count() == before
    assert len(queries.units_of(agency.agency_id)) == 3


def test_writing_again_changes_only_what_changed(agency):
    first = book(
        [("Vũ Thị Mới", "moi@x.vn", "PMH", "Chuyên viên", "", "01/12/2026", "")],
        [("PMH", "Phòng Một Hai", "")],
    )
    take(agency, first)
    again = take(agency, first)
    changed = take(
        agency,
        book(
            [("Vũ Thị Mới", "moi@x.vn", "PMH", "Chuyên viên chính", "Chuyên viên", "05/12/2026", ""),
             ("Vũ Thị Mới", "moi@x.vn", "", "Thư ký ISO", "", "05/12/2026", "")],
            [("PMH", "Phòng Một Hai Ba", "x")],
        ),
    )  # fmt: skip
    person = Person.objects.get(email="moi@x.vn")
    held = Appointment.objects.filter(person=person).order_by("id")

    assert outcomes(again) == [("unchanged", ""), ("unchanged", "")]
    assert [row.outcome for row in changed.rows] == ["changed", "changed", "changed"]
    assert "Chuyên viên → Chuyên viên chính" in changed.rows[1].what
    assert [(one.role, one.starts_on, one.ends_on) for one in held] == [
        ("specialist", date(2026, 12, 1), date(2026, 12, 4)),
        ("specialist", date(2026, 12, 5), None),
        ("iso_secretary", date(2026, 12, 5), None),
    ]
    assert Unit.objects.get(code="PMH").is_reception


def test_a_unit_told_twice_keeps_its_first_words_so_that_the_file_changes_nothing_again(agency):
    data = book((), [("PMH", "Phòng Một Hai", ""), ("pmh", "Phòng Khác", "")])
    take(agency, data)
    again = take(agency, data)

    assert outcomes(again) == [("unchanged", ""), ("refused", "unit_twice")]
    assert Unit.objects.get(code="PMH").name == "Phòng Một Hai"


def test_a_last_day_ends_a_role_and_what_may_not_be_is_refused_alone(agency):
    report = take(
        agency,
        book(
            [("Phạm Quốc Huy", "", "PKH", "", "Chuyên viên", "", "31/12/2026"),
             ("Lê Văn Quản", "", "", "", "Quản trị cơ quan", "", "31/12/2026"),
             ("Trần Thị Mai Lan", "", "", "", "Quản trị tỉnh", "", ""),
             ("Trần Thị Mai Lan", "", "PKH", "Phó phòng", "Chuyên viên", "05/01/2026", ""),
             ("Đặng Văn Toàn", "", "PKH", "", "Trưởng phòng", "32/13/2026", "")]
        ),
    )  # fmt: skip

    assert outcomes(report) == [
        ("changed", "thôi Chuyên viên, Phòng Kế hoạch hết 31/12/2026"),
        ("refused", "last_admin"),
        ("refused", "province_admin_only"),
        ("refused", "position_differs"),
        ("refused", "day_unread"),
    ]
    assert Appointment.objects.get(person__name="Phạm Quốc Huy").ends_on == date(2026, 12, 31)


def test_two_people_of_one_name_need_a_mail(agency):
    agency.person("lan2", "Trần Thị Mai Lan", ("PKH", "specialist", "Chuyên viên"))
    report = take(agency, book([("Trần Thị Mai Lan", "", "PKH", "Chuyên viên", "", "", "")]))

    assert outcomes(report) == [("refused", "person_ambiguous")]


def test_a_name_with_other_marks_is_not_taken_for_the_same_person(agency):
    people = [
        ("Trần Thị Mai Làn", mail, "PKH", "Chuyên viên", "", "", "") for mail in ("", "l@x.vn")
    ]
    refused = take(agency, book(people))
    Person.objects.filter(pk=agency.people["lan"]).update(email="lan@x.vn")
    told = take(agency, book(people[1:]))

    assert outcomes(refused) == [("refused", "person_alike")] * 2
    assert [one for one, _ in outcomes(told)] == ["created"]
    assert Person.objects.get(pk=agency.people["lan"]).name == "Trần Thị Mai Lan"


def test_the_one_without_a_mail_is_who_the_file_does_not_name_by_mail(agency):
    named = ("Trần Thị Mai Lan", "lan2@x.vn", "MC", "Một cửa", "", "", "")
    plain = ("Trần Thị Mai Lan", "", "PKH", "Chuyên viên", "", "", "")
    agency.person("lan2", "Trần Thị Mai Lan", ("MC", "reception", "Một cửa"))
    Person.objects.filter(pk=agency.people["lan2"]).update(email="lan2@x.vn")
    report = take(agency, book([named, plain]))

    assert [one for one, _ in outcomes(report)] == ["unchanged", "unchanged"]


def test_a_known_name_under_another_mail_asks_unless_both_are_in_the_file(agency):
    both = [("Vũ Thị Mới", f"moi{n}@x.vn", "PKH", "Chuyên viên", "", "", "") for n in (1, 2)]
    first = take(agency, book(both))
    other = take(agency, book([("Vũ Thị Mới", "moi3@x.vn", "PKH", "Chuyên viên", "", "", "")]))
    again = take(agency, book(both))

    assert [one for one, _ in outcomes(first)] == ["created", "created"]
    assert outcomes(other) == [("refused", "person_mail_differs")]
    assert [one for one, _ in outcomes(again)] == ["unchanged", "unchanged"]


@pytest.mark.parametrize(
    ("data", "code"),
    [(b"abc", "file_kind"), (xlsx([("Lạ", [SheetColumn("Một")], [("x",)])]), "columns_missing"),
     (book(), "file_no_rows")],
)  # fmt: skip
def test_a_file_that_is_no_such_sheet_is_refused_whole(agency, data, code):
    with pytest.raises(Refusal) as caught:
        take(agency, data)

    assert caught.value.code in {code, "file_unknown"}


def test_who_does_not_manage_may_not(agency):
    with pytest.raises(Forbidden):
        take(agency, book([("A B", "", "PKH", "Chuyên viên", "", "", "")]), by="lan")


def test_the_template_holds_what_stands_and_goes_back_in_unchanged(agency, client):
    agency.sign_in(client, "admin")
    template = client.get(reverse("organization:people_template"))
    place = reverse("organization:people_import")
    looked = client.post(place, {"file": SimpleUploadedFile("m.xlsx", template.content)})
    shown = html.unescape(looked.content.decode())

    assert "Xem trước, chưa ghi gì: 0 thêm mới, 0 đổi, 9 không đổi, 0 không nhận" in shown
    assert "Ghi như xem trước" not in shown
    assert client.post(place, {}).status_code == 422


def test_the_page_looks_first_and_then_writes_the_same_file(agency, client):
    agency.sign_in(client, "admin")
    place = reverse("organization:people_import")
    data = book([("Vũ Thị Mới", "", "PKH", "Chuyên viên", "", SINCE.strftime("%d/%m/%Y"), "")])
    looked = client.post(place, {"file": SimpleUploadedFile("a.xlsx", data)})
    name, kept = looked.context["kept"]
    none_yet = Person.objects.filter(name="Vũ Thị Mới").exists()
    written = client.post(place, {"write": "on", "kept": kept, "kept_name": name})

    assert not none_yet
    assert "Đã nhập đơn vị và người: 1 thêm mới" in html.unescape(written.content.decode())
    assert Person.objects.get(name="Vũ Thị Mới").appointments.get().starts_on == SINCE
    assert client.post(place, {"write": "on", "kept": "!", "kept_name": ""}).status_code == 422
