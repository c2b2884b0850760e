"""Log-ins opened for many people at once."""

import pytest
from django.contrib.auth import authenticate
from django.urls import reverse

from nep.apps.organization import services
from nep.apps.organization.models import Person
from nep.apps.organization.rules import setup_actor, usernames
from nep.apps.organization.tests.scene import NOW, SINCE
from nep.foundation.accounts.models import User


@pytest.mark.parametrize(
    ("name", "email", "made"),
    [
        ("Nguyễn Văn An", "", "annv"),
        ("Đỗ Thị Ước", "", "uocdt"),
        ("Nguyễn Văn An", "An.NV@tuphap.lamson.gov.vn", "an.nv"),
        ("Lê Ân", "", "anl"),
        ("Ý", "", "y.nd"),
        ("Nguyễn Văn An", "a@x.vn", "annv"),
    ],
)
def test_a_name_is_proposed_from_the_e_mail_or_the_persons_name(name, email, made):
    assert usernames.bases([(name, email)]) == (made,)


def test_names_that_are_taken_or_wanted_twice_are_numbered():
    assert usernames.propose(("annv", "annv", "binh"), {"annv", "annv3"}) == (
        "annv2", "annv4", "binh",
    )  # fmt: skip


@pytest.fixture
def newcomers(agency):
    """Two people of the same name and one who holds no role, none with a log-in."""
    made = []
    for name in ("Trần Văn Mới", "Trần Văn Mới", "Bùi Chưa Bổ Nhiệm"):
        common = {"actor": setup_actor(), "now": NOW, "agency_id": agency.agency_id}
        made.append(services.person_add(**common, name=name))
        if "Chưa" not in name:
            services.appointment_start(
                **common, person_id=made[-1], role="specialist", starts_on=SINCE,
                unit_id=agency.units["PKH"], position="Chuyên viên",
            )  # fmt: skip
    return made


ADDRESS = "organization:accounts"


def test_chosen_people_get_log_ins_and_their_passwords_are_shown_once(agency, newcomers, client):
    agency.sign_in(client, "admin")
    listed = client.get(reverse("organization:people")).content.decode()
    assert "Mở tài khoản cho 2 người" in listed
    page = client.get(reverse(ADDRESS)).content.decode()
    assert 'value="moitv"' in page
    assert 'value="moitv2"' in page
    assert "Bùi Chưa Bổ Nhiệm" not in page

    first, second, _ = newcomers
    sent = client.post(
        reverse(ADDRESS),
        {"chon": [first, second], f"ten{first}": "moitv", f"ten{second}": "Tên Sai"},
    )
    text = sent.content.decode()
    assert sent.status_code == 200
    assert sent["Cache-Control"] == "no-store"
    assert "Đã mở 1 tài khoản" in text
    assert "Tên đăng nhập gồm 3 đến 64" in text
    account = User.objects.get(username="moitv")
    assert (account.must_change_password, account.needs_totp) == (True, False)
    password = text.split('class="secret">')[1].split("<")[0]
    assert authenticate(username="moitv", password=password) == account
    assert Person.objects.get(pk=first).user_id == account.pk
    assert Person.objects.get(pk=second).user_id is None
    assert password not in client.get(reverse(ADDRESS)).content.decode()


def test_nobody_chosen_and_too_many_are_said(agency, newcomers, client, monkeypatch):
    agency.sign_in(client, "admin")
    assert "Hãy chọn ít nhất một người" in client.post(reverse(ADDRESS)).content.decode()
    monkeypatch.setattr("nep.apps.organization.services._accounts.MOST_ACCOUNTS", 1)
    sent = client.post(reverse(ADDRESS), {"chon": newcomers[:2]})
    assert sent.status_code == 422
    assert "Mỗi lần mở nhiều nhất 1 tài khoản" in sent.content.decode()
    assert not User.objects.filter(username__startswith="moitv").exists()


def test_only_who_manages_accounts_opens_them(agency, newcomers, client):
    agency.sign_in(client, "lan")
    assert client.get(reverse(ADDRESS)).status_code == 403
    assert "Mở tài khoản cho" not in client.get(reverse("organization:people")).content.decode()
