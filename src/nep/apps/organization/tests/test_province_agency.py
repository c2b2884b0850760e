"""The province's page of one agency: set right, ended, its administrators helped."""

import html
from datetime import date

import pytest
from django.urls import reverse

from nep.apps.organization import queries
from nep.apps.organization.models import Agency, Appointment, Person, Succession
from nep.apps.organization.tests.scene import NOW, department
from nep.foundation.accounts.models import User
from nep.foundation.journal.models import JournalEntry

TODAY = NOW.date()


@pytest.fixture
def commune(agency):
    """Another agency of the province, whose administrator is "ha"."""
    return department(code="H99.77", name="UBND xã Lập Nhầm")


@pytest.fixture
def admin(agency, client):
    """A browser of the first agency's administrator."""
    agency.sign_in(client, "admin")
    return client


@pytest.fixture
def province(agency, client):
    """A browser of the province's administrator, who works in the first agency."""
    agency.person("tinh", "Vũ Thị Tỉnh", ("", "province_admin", "Quản trị tỉnh"))
    agency.sign_in(client, "tinh")
    return client


def text(response) -> str:
    """Return what a page says."""
    return html.unescape(response.content.decode())


def place(name: str, at, *more) -> str:
    return reverse(f"organization:{name}", args=[at.agency_id, *more])


def facts(at, **change) -> dict:
    row = Agency.objects.get(pk=at.agency_id)
    return {
        "name": row.name, "code": row.code, "kind": row.kind, "version": row.version,
        "valid_from": f"{row.valid_from:%d/%m/%Y}", "reason": "Ghi nhầm khi lập.", **change,
    }  # fmt: skip


def test_name_code_kind_and_first_day_are_set_right_and_the_old_code_goes_on(commune, province):
    right = facts(commune, name="UBND xã Lập Đúng", code="H99.78", kind="xa",
                  valid_from="02/01/2026", keeps_code="on")  # fmt: skip
    done = province.post(place("agency_identify", commune), right, follow=True)
    again = province.post(place("agency_identify", commune), right)
    row = Agency.objects.get(pk=commune.agency_id)

    assert "Đã lưu UBND xã Lập Đúng." in text(done)
    assert again.status_code == 409  # somebody who looks at an older state
    assert (row.name, row.code, row.kind) == ("UBND xã Lập Đúng", "H99.78", "xa")
    assert row.valid_from == date(2026, 1, 2)
    assert queries.agency_by_code("H99.77").id == queries.agency_by_code("h99.78").id == row.pk
    assert queries.agency_lines(query="dung")[0].id == row.pk
    entry = JournalEntry.objects.filter(action="agency.changed", agency_id=row.pk).latest("id")
    assert entry.reason == "Ghi nhầm khi lập."


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"code": "H99.18"}, "đã thuộc một cơ quan khác"), ({"code": "mã sai"}, "chữ không dấu"),
        ({"name": " "}, "Hãy"), ({"reason": " "}, "Hãy"),
        ({"valid_from": "01/01/1500"}, "100 năm"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_at_its_field(commune, province, agency, change, words):
    Agency.objects.filter(pk=agency.agency_id).update(code="H99.18")
    refused = province.post(place("agency_identify", commune), facts(commune, **change))

    assert refused.status_code == 422
    assert words in text(refused)


def test_an_agency_set_up_by_mistake_ends_and_is_taken_back(commune, province, agency):
    end = {"kt-valid_to": f"{TODAY:%d/%m/%Y}", "kt-reason": "Lập nhầm."}
    ended = province.post(place("agency_end", commune), end, follow=True)
    last = Agency.objects.get(pk=commune.agency_id).valid_to
    later = facts(commune, valid_from=f"{TODAY.replace(year=TODAY.year + 1):%d/%m/%Y}")
    too_late = province.post(place("agency_identify", commune), later)
    given = Succession.objects.create(
        predecessor_id=commune.agency_id, successor_id=agency.agency_id, on=TODAY, basis="1/NQ"
    )
    held = province.post(place("agency_end", commune), {"kt-reason": "Vẫn hoạt động."})
    given.delete()
    back = province.post(place("agency_end", commune), {"kt-reason": "Vẫn hoạt động."}, follow=True)

    assert "Đã ghi ngày kết thúc." in text(ended)
    assert last == TODAY
    assert "ngày đầu không thể sau ngày ấy" in text(too_late)
    assert "Hãy bỏ việc kế thừa ấy trước." in text(held)
    assert "Đã bỏ ngày kết thúc." in text(back)
    assert Agency.objects.get(pk=commune.agency_id).valid_to is None


def test_an_agency_whose_administrator_is_gone_is_helped(commune, province):
    Appointment.objects.filter(agency_id=commune.agency_id, role="agency_admin").delete()
    empty = text(province.get(place("agency", commune)))
    new = {"admin_name": "Vũ Hải Yến", "username": "xa.quantri"}
    made = province.post(place("administrator_new", commune), new)
    person = Person.objects.get(name="Vũ Hải Yến")
    reset = province.post(place("administrator_account", commune, person.pk, "cap-lai"),
                          {"reason": "Quên mật khẩu."})  # fmt: skip
    no_reason = province.post(
        place("administrator_account", commune, person.pk, "cap-lai"), {"reason": ""}
    )
    stranger = province.post(
        place("administrator_account", commune, commune.people["lan"], "cap-lai"), {"reason": "x x"}
    )

    assert "chưa có người quản trị" in empty
    assert person.agency_id == commune.agency_id
    assert "xa.quantri" in text(made) and made["Cache-Control"] == "no-store"
    assert 'class="secret"' in text(reset) and reset["Cache-Control"] == "no-store"
    assert User.objects.get(username="xa.quantri").needs_totp
    assert no_reason.status_code == 422
    assert stranger.status_code == 404


def test_a_province_of_250_agencies_is_listed_whole(agency, province):
    kept = Agency.objects.get(pk=agency.agency_id)
    Agency.objects.bulk_create(
        Agency(code=f"H99.{n}", name=f"UBND xã số {n}", folded=f"ubnd xa so {n}", kind="xa",
               province_id=kept.province_id, valid_from=kept.valid_from, reception_name="Một cửa",
               case_code_mask=kept.case_code_mask)
        for n in range(1_000, 1_249)
    )  # fmt: skip

    assert "250 cơ quan của tỉnh Lam Sơn" in text(province.get(reverse("organization:province")))


def test_who_administers_one_agency_alone_sees_no_page_of_the_province(commune, admin, agency):
    for at in (commune, agency):
        assert admin.get(place("agency", at)).status_code == 403
        assert admin.post(place("agency_end", at), {}).status_code == 403
