"""Where a case stands on the diagram of its procedure."""

import re

from django.urls import reverse

from nep.apps.cases.tests.scene import OPINION, office
from tests.standing import kept


def joined():
    return office(table=OPINION)


side_by_side = kept(joined)


def test_what_is_done_is_marked_and_a_token_stands_at_the_open_step(at, client):
    case = at.accept()
    at.walk(case, "b3")
    at.scene.sign_in(client, "lan")
    page = client.get(reverse("cases:figure", args=[case.pk])).content.decode()

    assert "<h1>Đang ở bước 3. Thẩm định hồ sơ</h1>" in page
    assert "<b>3. Thẩm định hồ sơ</b>: Trần Thị Mai Lan" in page
    marks = dict(re.findall(r'class="bp-task ([\w -]+)" data-node="(b\d)"', page))
    assert {node: mark for mark, node in marks.items()} == {"b2": "bp-done", "b3": "bp-now"}
    assert (
        reverse("cases:figure", args=[case.pk])
        in client.get(reverse("cases:case", args=[case.pk])).content.decode()
    )


def test_steps_side_by_side_have_a_token_each(side_by_side, client):
    case = side_by_side.accept()
    side_by_side.complete(case, "b1", by="tuan")
    side_by_side.scene.sign_in(client, "lan")
    page = client.get(reverse("cases:figure", args=[case.pk])).content.decode()

    assert "và 2 bước mở cùng lúc" in page
    assert page.count("bp-now") == 2


def test_a_case_of_another_agency_is_not_there(at, other_agency, client):
    case = at.accept()
    other_agency.sign_in(client, "lan")

    assert client.get(reverse("cases:figure", args=[case.pk])).status_code == 404
