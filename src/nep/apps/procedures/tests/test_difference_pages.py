"""The page that says what changed: which versions it lays beside each other, and what it shows."""

import html
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from nep.apps.organization.tests.scene import NOW
from nep.apps.procedures import services
from nep.apps.procedures.models import Definition
from nep.apps.procedures.rules.edits import Edit
from nep.apps.procedures.tests.scene import begun, published

pytestmark = pytest.mark.django_db


def shown(client, revision_id: int, query: str = "") -> str:
    answer = client.get(reverse("procedures:differences", args=[revision_id]) + query)
    assert answer.status_code == 200
    return html.unescape(answer.content.decode())


def revised(agency, procedure_id: int, *edits: Edit) -> int:
    revision_id = services.procedure_revise(
        actor=agency.actor("lan"), procedure_id=procedure_id, is_new_issue=False,
        change_note="Rút ngắn", now=NOW,
    )  # fmt: skip
    for edit in edits:
        version = Definition.objects.get(revision_id=revision_id).version
        services.definition_edit(
            actor=agency.actor("lan"), revision_id=revision_id, expected_version=version,
            edit=edit, now=NOW,
        )  # fmt: skip
    return revision_id


EDITS = (
    Edit("add_after", "b1", {"name": "Số hóa hồ sơ"}),
    Edit("limit", "b3", {"amount": "4", "unit": "working_hour"}),
    Edit("remove", "b4"),
)


def test_a_new_version_is_told_in_words_in_the_table_and_on_both_diagrams(agency, client):
    made = published(agency)
    revision_id = revised(agency, made.procedure_id, *EDITS)
    agency.sign_in(client, "lan")

    page = shown(client, revision_id)

    assert "<h1>Thêm 1 bước, bỏ 1 bước, sửa 1 bước</h1>" in page
    assert "Thêm bước 2 “Số hóa hồ sơ”." in page
    assert "thời hạn từ “1 ngày làm việc” thành “4 giờ làm việc”." in page
    assert "Bỏ bước 4 “Trả kết quả”." in page
    kinds = re.findall(r'<tr id="\S+" data-kind="(\w+)"', page)
    assert kinds == ["same", "added", "same", "changed", "removed"]
    old, new = page.split('<svg class="bp"')[1:]
    assert 'class="bp-task bp-removed" data-node="b4"' in old and "bp-added" not in old
    assert 'class="bp-task bp-added" data-node="b5"' in new and "bp-removed" not in new
    for side in (old, new):
        assert 'class="bp-task bp-changed" data-node="b3"' in side


def test_the_first_version_has_nothing_to_be_compared_with(agency, client):
    made = begun(agency)
    agency.sign_in(client, "lan")

    assert "Đây là bản đầu tiên, chưa có bản nào để so" in shown(client, made.revision_id)


def test_the_page_is_reached_from_the_version_and_its_history(agency, client):
    made = published(agency)
    revision_id = revised(agency, made.procedure_id, *EDITS)
    agency.sign_in(client, "lan")

    page = client.get(reverse("procedures:revision", args=[revision_id])).content.decode()

    assert page.count(reverse("procedures:differences", args=[revision_id])) == 2


def test_only_versions_of_the_same_procedure_are_compared(agency, client):
    made = published(agency)
    other = begun(agency, name="Thủ tục khác", code="1.000002")
    agency.sign_in(client, "lan")
    address = reverse("procedures:differences", args=[made.revision_id])

    for asked in (str(other.revision_id), str(made.revision_id), "x", "9" * 30):
        assert client.get(f"{address}?voi={asked}").status_code == 404


def test_the_number_of_statements_does_not_grow_with_the_steps(agency, client):
    made = published(agency)
    revision_id = revised(agency, made.procedure_id, *EDITS)
    agency.sign_in(client, "lan")
    shown(client, revision_id)

    with CaptureQueriesContext(
        connection,
    ) as few:
        shown(client, revision_id)
    for place in range(4):
        version = Definition.objects.get(revision_id=revision_id).version
        services.definition_edit(
            actor=agency.actor("lan"), revision_id=revision_id, expected_version=version,
            edit=Edit("add", values={"name": f"Việc {place}"}), now=NOW,
        )  # fmt: skip
    with CaptureQueriesContext(connection) as many:
        shown(client, revision_id)

    assert len(many) == len(few) <= 14
