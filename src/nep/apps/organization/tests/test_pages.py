"""The pages: who may open them, what they do, another agency's objects."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from nep.apps.organization import queries
from nep.apps.organization.models import Appointment, Delegation, Person, Unit
from nep.apps.organization.tests.scene import SINCE
from nep.foundation.accounts.models import User
from tests.soon import LATER, LATER_EVE


def page(name: str, *args) -> str:
    return reverse(f"organization:{name}", args=args)


def text(response) -> str:
    return response.content.decode()


@pytest.fixture
def admin(agency, client):
    agency.sign_in(client, "admin")
    return client


PAGES = ("people", "unit_new", "person_new", "delegations", "settings")


@pytest.mark.parametrize("name", PAGES)
def test_the_administrator_opens_every_page(admin, name):
    response = admin.get(page(name))

    assert response.status_code == 200
    assert "<h1>" in text(response)


@pytest.mark.parametrize("name", ["unit_new", "person_new", "settings", "province", "agency_new"])
def test_a_specialist_opens_no_page_of_management(agency, client, name):
    agency.sign_in(client, "lan")

    assert client.get(page(name)).status_code == 403


def test_nobody_without_log_in(agency, client):
    response = client.get(page("people"))

    assert response.status_code == 302
    assert "dang-nhap" in response["Location"]


def test_a_specialist_sees_people_without_buttons_to_change_them(agency, client):
    agency.sign_in(client, "lan")
    listed = text(client.get(page("people")))
    person = text(client.get(page("person", agency.people["huy"])))

    assert "Phạm Quốc Huy" in listed
    assert page("person_new") not in listed
    assert "h9918.huy" in listed
    assert "Bổ nhiệm thêm" not in person
    assert "Cấp lại mật khẩu" not in person


def test_another_agency_is_not_found(agency, other_agency, admin):
    places = (
        page("person", other_agency.people["lan"]),
        page("unit", other_agency.units["PKH"]),
    )
    for place in places:
        assert admin.get(place).status_code == 404
    foreign = other_agency.people["lan"]
    posts = {
        page("person_contact", foreign): {"name": "X", "version": "1"},
        page("account_open", foreign): {"username": "trom"},
        page("account_change", foreign, "cap-lai"): {"cap-lai-reason": "thử"},
        page("unit_close", other_agency.units["PKH"]): {"closed_on": "01/12/2026"},
    }
    for place, data in posts.items():
        assert admin.post(place, data).status_code == 404, place
    assert "Sở Tư pháp" not in text(admin.get(page("people")))


def test_adding_a_unit_and_a_person(agency, admin):
    added = admin.post(page("unit_new"), {"name": "Thanh tra", "code": "ttr"}, follow=True)
    unit = Unit.objects.get(code="TTR")
    data = {
        "name": "Vũ Hải Yến", "unit": unit.id, "role": "specialist", "position": "Thanh tra viên",
        "starts_on": "05/01/2026", "ends_on": "", "decision": "", "email": "", "phone": "",
    }  # fmt: skip
    made = admin.post(page("person_new"), data, follow=True)

    assert "Đã thêm Thanh tra." in text(added)
    hat = Appointment.objects.get(person__name="Vũ Hải Yến")
    assert hat.starts_on == SINCE  # 05/01/2026 is 5 January
    assert hat.unit_id == unit.id
    assert made.redirect_chain[-1][0] == page("person", hat.person_id)


def test_a_wrong_form_keeps_what_was_typed_and_says_why(agency, admin):
    data = {"name": "Vũ Hải Yến", "unit": "", "role": "specialist", "starts_on": "31/02/2026"}
    response = admin.post(page("person_new"), data)
    data["starts_on"] = "28/02/2026"
    unit_missing = admin.post(page("person_new"), data)

    assert response.status_code == 422
    assert 'value="Vũ Hải Yến"' in text(response)
    assert unit_missing.status_code == 422
    assert "gắn với một đơn vị" in text(unit_missing)
    assert not Person.objects.filter(name="Vũ Hải Yến").exists()


def test_a_known_name_is_asked_about_and_a_known_mail_refused(agency, admin):
    data = {"name": "Vũ Hải Yến", "unit": agency.units["PKH"], "role": "specialist",
            "starts_on": "05/01/2026", "email": "yen@x.vn"}  # fmt: skip
    asking = "Đây là người khác cùng tên"
    first = admin.post(page("person_new"), data, follow=True)
    same_mail = admin.post(page("person_new"), {**data, "name": "Vũ Hải Yên", "email": "Yen@x.vn"})
    again = admin.post(page("person_new"), {**data, "name": "vũ hải  yến", "email": ""})
    no_mail = admin.post(page("person_new"), {**data, "email": "", "is_another": "on"})
    other = admin.post(page("person_new"), {**data, "email": "yen2@x.vn", "is_another": "on"})
    taken = Person.objects.get(email="yen2@x.vn")
    contact = {"name": taken.name, "email": "yen@x.vn", "phone": "", "version": taken.version}
    changed = admin.post(page("person_contact", taken.pk), contact)

    assert asking not in text(first)
    assert "Thư này đã ghi cho Vũ Hải Yến." in text(same_mail)
    assert "Cơ quan đã có Vũ Hải Yến." in text(again) and asking in text(again)
    assert "để phân biệt với người cùng tên" in text(no_mail) and asking in text(no_mail)
    assert other.status_code == 302
    assert "Thư này đã ghi cho Vũ Hải Yến." in text(changed)
    assert Person.objects.filter(folded="vu hai yen").count() == 2


def test_a_repeated_post_adds_one_person(agency, admin):
    data = {
        "name": "Vũ Hải Yến", "unit": agency.units["PKH"], "role": "specialist",
        "starts_on": "05/01/2026", "_once": "cung-mot-khoa",
    }  # fmt: skip
    first = admin.post(page("person_new"), data)
    second = admin.post(page("person_new"), data)

    assert Person.objects.filter(name="Vũ Hải Yến").count() == 1
    assert first["Location"] == second["Location"]


def test_a_one_time_password_is_shown_once_and_stored_nowhere(agency, admin):
    data = {
        "name": "Vũ Hải Yến", "unit": agency.units["PKH"], "role": "viewer",
        "starts_on": "05/01/2026",
    }  # fmt: skip
    admin.post(page("person_new"), data)
    person = Person.objects.get(name="Vũ Hải Yến")
    opened = admin.post(page("account_open", person.id), {"username": "yen"})
    password = opened.context["fresh"].password

    assert password in text(opened).replace("&amp;", "&")
    assert "no-store" in opened["Cache-Control"]
    assert User.objects.get(username="yen").check_password(password)
    assert password not in text(admin.get(page("person", person.id)))
    assert password not in str(dict(admin.session))


def test_stopping_and_reopening_a_log_in_asks_for_a_reason(agency, admin):
    lan = agency.people["lan"]
    refused = admin.post(page("account_change", lan, "ngung"), {"ngung-reason": ""})
    stopped = admin.post(
        page("account_change", lan, "ngung"), {"ngung-reason": "Nghỉ thai sản"}, follow=True
    )

    assert refused.status_code == 422
    assert "Đã ngừng tài khoản" in text(stopped)
    assert not User.objects.get(pk=agency.users["lan"]).is_active
    admin.post(page("account_change", lan, "mo-lai"), {"mo-lai-reason": "Đi làm lại"})
    assert User.objects.get(pk=agency.users["lan"]).is_active


def test_ending_an_appointment(agency, admin):
    hat = Appointment.objects.get(person_id=agency.people["huy"])
    place = page("hat_end", agency.people["huy"], hat.id)
    refused = admin.post(place, {"ends_on": "01/01/2026", "reason": "Chuyển công tác"})
    ended = admin.post(place, {"ends_on": "30/11/2026", "reason": "Chuyển công tác"})

    assert refused.status_code == 422
    assert "05/01/2026" in text(refused)
    assert ended.status_code == 302
    hat.refresh_from_db()
    assert hat.end_reason == "Chuyển công tác"


def test_lending_a_role_and_taking_it_back(agency, client):
    agency.sign_in(client, "toan")
    form = client.get(page("delegations")).context["form"]
    (own,) = form.fields["appointment"].choices
    data = {
        "appointment": own[0], "receiver": agency.people["lan"], "signing": "KT.",
        "starts_on": LATER_EVE, "ends_on": LATER,
    }  # fmt: skip
    given = client.post(page("delegations"), data, follow=True)
    line = Delegation.objects.get()
    agency.sign_in(client, "lan")
    foreign = client.post(page("delegation_end", line.id), {"reason": "thử"})
    agency.sign_in(client, "toan")
    back = client.post(page("delegation_end", line.id), {"reason": "Đã về"}, follow=True)

    assert "Đã ghi ủy quyền" in text(given)
    assert foreign.status_code == 403
    assert "Đã thu hồi" in text(back)


def test_the_search_answers_a_fragment_to_htmx(agency, admin):
    whole = text(admin.get(page("people"), {"q": "dang van"}))
    part = text(
        admin.get(
            page("people"), {"q": "dang van"}, HTTP_HX_REQUEST="true", HTTP_HX_TARGET="ds-nguoi"
        )
    )

    assert "<html" in whole
    assert "<html" not in part
    assert "Đặng Văn Toàn" in part
    assert "Trần Thị Mai Lan" not in part


def test_switching_to_an_agency_worked_in_only(agency, other_agency, client):
    other_agency.people["lan-ta"] = agency.people["lan"]
    other_agency.appoint("lan-ta", "PKH", "auditor")
    agency.sign_in(client, "lan")

    refused = client.post(page("switch"), {"agency": "1"})
    moved = client.post(page("switch"), {"agency": other_agency.agency_id, "next": "//xau.vn/"})

    assert refused.status_code == 404
    assert moved["Location"] == "/"
    assert "Sở Tư pháp" in text(client.get(page("people")))
    assert client.get(page("switch")).status_code == 405


def test_the_province_adds_an_agency_with_its_administrator(agency, client):
    agency.appoint("ha", "", "province_admin")
    User.objects.update(needs_totp=False)
    agency.sign_in(client, "ha")
    data = {
        "name": "UBND xã Tân Lập", "code": "H99.101", "kind": "xa", "valid_from": "01/07/2025",
        "admin_name": "Vũ Văn Bền", "username": "tanlap.quantri",
    }  # fmt: skip
    made = client.post(page("agency_new"), data)
    again = client.post(page("agency_new"), data)

    found = queries.agency_by_code("H99.101")
    assert made.status_code == 200
    assert made.context["account"].username == "tanlap.quantri"
    assert again.status_code == 422
    assert "đã thuộc một cơ quan khác" in text(again)
    assert User.objects.get(username="tanlap.quantri").needs_totp
    assert found.province_id == queries.agency(agency.agency_id).province_id
    assert "UBND xã Tân Lập" in text(client.get(page("province"), {"q": "tan lap"}))


def test_settings_are_saved_and_a_lost_race_is_told(agency, admin):
    start = admin.get(page("settings")).context["form"].initial
    data = {**start, "reception_name": "Trung tâm Phục vụ hành chính công"}
    saved = admin.post(page("settings"), data)
    lost = admin.post(page("settings"), {**data, "phone": "0237"})

    assert saved.status_code == 302
    assert lost.status_code == 409


def test_what_stands_for_the_agency_in_numbers_of_papers_is_set(agency, admin):
    start = admin.get(page("settings")).context["form"].initial
    assert queries.agency(agency.agency_id).mark == queries.agency(agency.agency_id).code

    wrong = admin.post(page("settings"), {**start, "abbreviation": "U B/ND"})
    assert wrong.status_code == 422
    assert "không có dấu cách" in text(wrong)
    assert admin.post(page("settings"), {**start, "abbreviation": "UBND"}).status_code == 302
    assert queries.agency(agency.agency_id).mark == "UBND"


def test_the_page_of_people_asks_constantly_many_queries(agency, admin):
    def count() -> int:
        admin.get(page("people"))
        with CaptureQueriesContext(connection) as caught:
            admin.get(page("people"))
        return len(caught)

    few = count()
    for number in range(10):
        agency.unit(f"P{number}", f"Phòng {number}")
        agency.person(f"them{number}", f"Nguyễn Văn {number}", (f"P{number}", "specialist", ""))

    assert count() <= few


def test_the_first_address_leads_a_person_to_a_place_of_their_menu(agency, client):
    agency.sign_in(client, "lan")
    answer = client.get("/")

    assert answer.status_code == 302
    assert client.get(answer["Location"]).status_code == 200
