"""What is left of the limit at each step, on its page."""

from django.urls import reverse

from nep.apps.organization.tests.scene import department
from nep.apps.procedures.tests.scene import begun, table
from tests.standing import kept

agency = kept(department)


def test_each_step_tells_what_is_left_and_what_a_day_less_wins(agency, client):
    made = begun(agency)
    agency.sign_in(client, "lan")
    page = client.get(reverse("procedures:slack", args=[made.revision_id])).content.decode()

    assert "<h1>Đường dài nhất hết 3 ngày 4 giờ, dư 1 ngày 4 giờ</h1>" in page
    assert page.count("dư 1 ngày 4 giờ") == 4  # the heading and three steps with a limit
    assert page.count("<b>1 ngày</b>") == 2 and page.count("<b>4 giờ</b>") == 1
    assert len(table().steps) == 4

    version = client.get(reverse("procedures:revision", args=[made.revision_id]))
    assert reverse("procedures:slack", args=[made.revision_id]) in version.content.decode()


def test_another_agencys_version_is_not_there(agency, client):
    made = begun(agency)
    other = department(code="H99.20", name="Sở Tư pháp")
    other.sign_in(client, "lan")

    assert client.get(reverse("procedures:slack", args=[made.revision_id])).status_code == 404
