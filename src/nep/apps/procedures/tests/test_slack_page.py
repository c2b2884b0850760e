"""What is left of the limit at each step, on its page."""

from dataclasses import replace

from django.urls import reverse

from nep.apps.organization.tests.scene import department
from nep.apps.procedures.tests.scene import begun, days, draft, table
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


def test_the_way_to_a_failure_is_walked_on_the_diagram(agency, client):
    steps = tuple(
        replace(step, limit=days(9)) if step.id == "b2" else step for step in table().steps
    )
    made = begun(agency, content=draft(table=replace(table(), steps=steps)))
    agency.sign_in(client, "lan")
    address = reverse("procedures:failing", args=[made.revision_id])
    version = client.get(reverse("procedures:revision", args=[made.revision_id])).content.decode()
    assert address in version

    first = client.get(address).content.decode()
    assert "Chặng 1 trong 7" in first and 'data-go="next"' in first and "vượt" not in first
    last = client.get(address, {"loi": "0", "o": "99"}).content.decode()
    assert "Chặng 7 trong 7" in last and "vượt 5,5 ngày làm việc" in last
    assert 'data-go="next"' not in last and "bp-err" in last


def test_a_sound_procedure_has_no_way_to_a_failure(agency, client):
    made = begun(agency)
    agency.sign_in(client, "lan")
    page = client.get(reverse("procedures:failing", args=[made.revision_id])).content.decode()

    assert "<h1>Không lượt chạy nào dẫn tới lỗi</h1>" in page
