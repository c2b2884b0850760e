"""The matrices of the province, and of one agency from above."""

import html
from dataclasses import replace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from nep.apps.conformity import queries
from nep.apps.conformity.queries._collected import collected
from nep.apps.conformity.rules import matrix as rules
from nep.apps.organization.tests.scene import NOW
from nep.kernel.errors import NotFound
from nep.kernel.vietnamese import local

pytestmark = pytest.mark.django_db
TODAY = local(NOW).date()


def text(answer) -> str:
    return html.unescape(answer.content.decode())


def from_above(agency):
    agency.scene.person("tinh", "Quản Thị Tỉnh", (None, "province_admin", "Quản trị tỉnh"))
    return agency.actor("tinh")


def test_every_agency_of_the_province_stands_in_the_table(agency, client):
    from_above(agency)
    agency.scene.sign_in(client, "tinh")
    page = client.get(reverse("conformity:province_matrix"))
    only = client.get(reverse("conformity:province_matrix"), {"tt": "left_out"})
    sheet = client.get(reverse("conformity:province_matrix_export"))
    one = client.get(
        reverse("conformity:agency_matrix", args=[agency.scene.agency_id]), {"chuong": "5"}
    )

    line = page.context["page"].lines[0]
    assert sum(cell.total for cell in line.cells) == line.total == 56
    assert sum(cell.complete for cell in line.cells) == line.counts[rules.COMPLETE] > 0
    assert "Không cơ quan nào có điều khoản như vậy" in text(only)
    assert sheet.content[:2] == b"PK"
    assert [chapter.number for chapter, _ in one.context["chapters"]] == ["5"]
    assert "Chuẩn bị xem xét" not in text(one)


def test_the_table_tells_the_same_as_the_matrix_of_each_agency(agency):
    actor = from_above(agency)
    table = queries.province_matrix(actor=actor, today=TODAY)
    _, alone = queries.matrix_of_agency(actor=actor, agency_id=agency.scene.agency_id, today=TODAY)

    line = next(one for one in table.lines if one.agency_id == agency.scene.agency_id)
    assert line.counts == alone.counts


def test_another_province_and_an_agency_s_own_people_see_nothing(agency, client):
    actor = replace(from_above(agency), province_id=1)

    assert queries.province_matrix(actor=actor, today=TODAY).lines == ()
    with pytest.raises(NotFound):
        queries.matrix_of_agency(
            actor=replace(actor, agency_id=1), agency_id=agency.scene.agency_id, today=TODAY
        )
    agency.scene.sign_in(client, "thu")
    assert client.get(reverse("conformity:province_matrix")).status_code == 403


def test_more_agencies_ask_no_more_questions(agency, other_agency):
    def asked(ids: list[int]) -> int:
        with CaptureQueriesContext(connection) as found:
            collected(ids, today=TODAY)
        return len(found)

    assert asked([agency.scene.agency_id]) == asked(
        [agency.scene.agency_id, other_agency.agency_id]
    )
