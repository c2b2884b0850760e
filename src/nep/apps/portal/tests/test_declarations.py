"""Declarations in force as the public reads them."""

import html

import pytest

from nep.apps.cases.tests.scene import office
from nep.apps.conformity import ports
from nep.apps.conformity.tests import declared
from nep.apps.portal.tests.spoken import vietnamese_in
from tests.standing import kept

pytestmark = pytest.mark.django_db
at = kept(office)
agency = kept(declared.with_people, on=office)


@pytest.fixture
def full():
    """Connect readers that tell of everything a declaration asks for."""
    before = ports.connect(declared.FULL)
    yield
    ports.connect(before)


def text(answer) -> str:
    return html.unescape(answer.content.decode())


def test_the_public_reads_a_declaration_in_force_in_both_languages_and_no_other(
    agency, client, full
):
    one = declared.brought(agency, "confirmed")
    waiting = [client.get("/tra-cuu/cong-bo/"), client.get(f"/tra-cuu/cong-bo/{one}/")]
    declared.moved(agency, one, "declare")
    declared.posted(agency, one, "web")
    listed = text(client.get("/tra-cuu/cong-bo/", {"q": "so khoa hoc"}))
    shown = text(client.get(f"/tra-cuu/cong-bo/{one}/"))
    client.get("/tra-cuu/?lang=en")
    spoken = [
        client.get("/tra-cuu/cong-bo/").content,
        client.get(f"/tra-cuu/cong-bo/{one}/").content,
    ]

    assert "Chưa có cơ quan nào công bố" in text(waiting[0])
    assert waiting[1].status_code == 404
    assert "1 cơ quan đã công bố" in listed
    assert "01/QĐ-H99.18" in shown
    assert "https://stp.example.vn/cong-bo" in shown
    assert "Trần Giám Đốc" not in shown
    assert [vietnamese_in(page) for page in spoken] == [[], []]
