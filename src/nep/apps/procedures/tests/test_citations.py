"""A procedure and its steps name external documents; an ended one shows on its page."""

import html
from datetime import date, datetime

import pytest
from django.urls import reverse

from nep.apps.legal import queries as legal_queries
from nep.apps.legal import services as legal
from nep.apps.legal.models import Citation
from nep.apps.legal.services import ExternalValues
from nep.apps.procedures.tests.scene import begun
from nep.kernel.vietnamese import VN

NOW = datetime(2026, 12, 10, 10, 20, tzinfo=VN)


@pytest.fixture(autouse=True)
def at_the_time(time_machine):
    time_machine.move_to(NOW, tick=False)


def test_a_step_names_a_text_and_the_page_warns_when_it_has_ended(agency, other_agency, client):
    agency.person("thu", "Lý Thị Thư", ("PKH", "iso_secretary", "Thư ký ISO"))
    values = ExternalValues(
        kind="decree", number="61/2018/NĐ-CP", title="Một cửa", issued_on=date(2018, 4, 23),
        expires_on=date(2025, 6, 30),
    )  # fmt: skip
    text = legal.external_add(actor=agency.actor("thu"), values=values, now=NOW)
    made = begun(agency)
    place = reverse("procedures:cite", args=[made.revision_id])
    agency.sign_in(client, "lan")
    client.post(place, {"external": text, "step": "b2"})
    missing = client.post(place, {"external": text, "step": "b9"})
    shown = html.unescape(
        client.get(reverse("procedures:revision", args=[made.revision_id])).content.decode()
    )
    other_agency.sign_in(client, "lan")
    elsewhere = client.post(place, {"external": text})
    page = legal_queries.external_page(
        actor=agency.actor("thu"), external_id=text, today=NOW.date()
    )

    assert "Đang viện dẫn văn bản đã hết hiệu lực: 61/2018/NĐ-CP." in shown
    assert (missing.status_code, elsewhere.status_code) == (404, 404)
    assert Citation.objects.get().part == "b2"
    assert "bước 2: Thẩm định" in page.citations[0][0]
