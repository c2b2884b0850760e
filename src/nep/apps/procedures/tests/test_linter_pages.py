"""The rules of the linter as an agency sets them, on their page and in the proof of a draft."""

import pytest
from django.urls import reverse

from nep.apps.legal import services as legal
from nep.apps.legal.services import ExternalValues
from nep.apps.organization.tests.scene import NOW
from nep.apps.procedures import queries, services
from nep.apps.procedures.tests.scene import begun, draft
from nep.foundation.journal.models import JournalEntry
from nep.kernel.errors import Forbidden

TODAY = NOW.date()


def report_of(agency, made):
    page = queries.procedure_page(revision_id=made.revision_id, agency_id=agency.agency_id)
    return queries.proof(
        agency_id=agency.agency_id, draft=page.draft, tthc=page.tthc, today=TODAY,
        document_id=made.document_id,
    )  # fmt: skip


@pytest.fixture
def secretary(agency, client):
    agency.person("thu", "Lý Thị Thư", ("PKH", "iso_secretary", "Thư ký ISO"))
    agency.sign_in(client, "thu")
    return client


def test_a_rule_that_blocks_here_stops_submitting_until_it_is_as_shipped_again(agency, secretary):
    bare = draft()
    steps = tuple(type(step)(**{**_fields(step), "forms": ()}) for step in bare.table.steps)
    made = begun(agency, content=draft(table=type(bare.table)("qt", "Thử", steps)))
    address = reverse("procedures:linter_set")

    assert report_of(agency, made).errors == ()
    assert (
        secretary.post(address, {"code": "forms_missing", "severity": "blocks"}).status_code == 302
    )
    assert [one.code for one in report_of(agency, made).errors] == ["forms_missing"]
    assert JournalEntry.objects.filter(action="linter.rule_set").count() == 1
    assert secretary.post(address, {"code": "forms_missing", "reset": "1"}).status_code == 302
    assert report_of(agency, made).errors == ()


def _fields(step) -> dict:
    return {name: getattr(step, name) for name in type(step).__dataclass_fields__}


def test_the_page_keeps_a_figure_out_of_bounds_and_says_why(agency, secretary):
    address = reverse("procedures:linter_set")
    answer = secretary.post(
        address, {"code": "steps_duplicated", "severity": "hints", "alike": "20"}
    )

    assert answer.status_code == 422
    assert "Nhập một số từ 50 đến 100." in answer.content.decode()
    assert secretary.post(address, {"code": "none"}).status_code == 404


def test_a_specialist_reads_the_rules_and_sets_none(agency, client):
    agency.sign_in(client, "lan")

    assert "Đặt luật" not in client.get(reverse("procedures:linter")).content.decode()
    with pytest.raises(Forbidden):
        services.linter_rule_set(
            actor=agency.actor("lan"), code="forms_missing", severity="off", figures={}, words={},
            now=NOW,
        )  # fmt: skip


def test_the_register_of_laws_speaks_in_the_proof(agency, secretary):
    table = draft().table
    steps = tuple(
        type(step)(**{**_fields(step), "note": "theo Nghị định 61/2018/NĐ-CP"})
        if step.id == "b2"
        else step
        for step in table.steps
    )
    made = begun(agency, content=draft(table=type(table)("qt", "Thử", steps)))
    legal.external_add(
        actor=agency.actor("thu"), now=NOW, follow=False,
        values=ExternalValues(
            kind="decree", number="61/2018/NĐ-CP", issuer="Chính phủ", title="Cơ chế một cửa",
            issued_on=NOW.date().replace(2018, 4, 23), expires_on=NOW.date().replace(2025, 6, 30),
        ),
    )  # fmt: skip

    found = {one.code: one.steps for one in report_of(agency, made).advice}
    assert found["law_ended"] == ("b2",)
    shown = secretary.get(reverse("procedures:revision", args=[made.revision_id])).content.decode()
    assert "61/2018/NĐ-CP đã hết hiệu lực" in shown and "Vì sao, sửa thế nào" in shown
