"""Drawing over the web: one version for both sides, undo that asks, two people at once."""

import html
import json
from datetime import datetime

import pytest
from django.urls import reverse

from nep.apps.procedures import queries, services
from nep.apps.procedures.models import Definition, DefinitionEdit
from nep.apps.procedures.queries._invariants import edits
from nep.apps.procedures.rules.edits import Edit
from nep.apps.procedures.tests.scene import begun, published
from nep.kernel.errors import Refusal
from nep.kernel.vietnamese import VN

NOW = datetime(2026, 12, 10, 10, 20, tzinfo=VN)


@pytest.fixture(autouse=True)
def at_the_time(time_machine):
    time_machine.move_to(NOW, tick=False)


def page(name: str, *args) -> str:
    return reverse(f"procedures:{name}", args=args)


@pytest.fixture
def lan(agency, client):
    agency.sign_in(client, "lan")
    return client


def facts(client, revision_id: int) -> dict:
    """Return what the page gives the drawing program."""
    body = client.get(page("diagram", revision_id)).content.decode()
    return json.loads(body.partition('id="so-do" type="application/json">')[2].partition("<")[0])


def edited(agency, revision_id: int, name: str, *, by: str = "lan", step: str = "b1") -> None:
    version = Definition.objects.get(revision_id=revision_id).version
    services.definition_edit(
        actor=agency.actor(by), revision_id=revision_id, expected_version=version, now=NOW,
        edit=Edit("rename", step, {"name": name}),
    )  # fmt: skip


def step_name(revision_id: int, agency, step: str = "b1") -> str:
    shown = queries.procedure_page(revision_id=revision_id, agency_id=agency.agency_id)
    return shown.draft.table.step(step).name


def test_a_drawn_change_stands_in_the_table_with_words_and_a_version(agency, lan):
    made = begun(agency)
    given = facts(lan, made.revision_id)
    xml = given["xml"].replace('name="Thẩm định"', 'name="Thẩm định hồ sơ"')
    answer = lan.post(page("draw", made.revision_id), {"xml": xml, "version": given["version"]})
    shown = html.unescape(lan.get(page("revision", made.revision_id)).content.decode())

    assert answer.status_code == 200
    assert answer.json()["version"] == given["version"] + 1
    assert 'name="Thẩm định hồ sơ"' in answer.json()["xml"]
    assert "Trên lưu đồ: bước 2" in shown
    assert "Thẩm định hồ sơ</textarea>" in shown


def test_a_drawing_that_cannot_run_names_the_element_and_changes_nothing(agency, lan):
    made = begun(agency)
    given = facts(lan, made.revision_id)
    xml = given["xml"].replace("</bpmn:process>", '<bpmn:callActivity id="Goi"/></bpmn:process>')
    answer = lan.post(page("draw", made.revision_id), {"xml": xml, "version": given["version"]})

    assert answer.status_code == 422
    assert answer.json()["element"] == "Goi"
    assert Definition.objects.get(revision_id=made.revision_id).version == given["version"]


def test_a_drawing_never_covers_somebodys_change_and_can_be_brought_together(agency, lan):
    made = begun(agency)
    given = facts(lan, made.revision_id)
    edited(agency, made.revision_id, "Của Huy", by="huy")
    xml = given["xml"].replace('name="Thẩm định"', 'name="Của Lan"')
    form = {"xml": xml, "version": given["version"]}
    refused = lan.post(page("draw", made.revision_id), form)
    joined = lan.post(page("draw", made.revision_id), {**form, "merge": "1"})

    assert refused.status_code == 409
    assert "Phạm Quốc Huy: đổi tên bước 1" in refused.json()["details"][0]
    assert joined.status_code == 200
    assert step_name(made.revision_id, agency) == "Của Huy"
    assert step_name(made.revision_id, agency, "b2") == "Của Lan"


def test_undo_and_redo_survive_a_reload_and_lead_back_step_by_step(agency, lan):
    made = begun(agency)
    edited(agency, made.revision_id, "Một")
    edited(agency, made.revision_id, "Hai")

    def go(what: str) -> str:
        version = Definition.objects.get(revision_id=made.revision_id).version
        lan.post(page("edit", made.revision_id), {"do": what, "version": version})
        return step_name(made.revision_id, agency)

    assert [go("undo"), go("undo"), go("redo"), go("redo")] == [
        "Một", "Tiếp nhận hồ sơ", "Một", "Hai",
    ]  # fmt: skip
    assert go("undo") == "Một"
    edited(agency, made.revision_id, "Ba")
    assert [go("redo"), go("undo"), go("undo")] == ["Ba", "Một", "Tiếp nhận hồ sơ"]


def test_somebody_elses_change_is_undone_only_when_asked_for(agency, lan):
    made = begun(agency)
    edited(agency, made.revision_id, "Của Huy", by="huy")
    form = {"do": "undo", "version": "2"}
    asked = lan.post(page("edit", made.revision_id), form)
    assert asked.status_code == 422
    assert "Phạm Quốc Huy" in html.unescape(asked.content.decode())
    assert step_name(made.revision_id, agency) == "Của Huy"

    lan.post(page("edit", made.revision_id), {**form, "others": "1"})
    assert step_name(made.revision_id, agency) == "Tiếp nhận hồ sơ"


def test_nothing_before_the_first_change_is_undone(agency):
    made = begun(agency)

    with pytest.raises(Refusal) as refused:
        services.definition_undo(
            actor=agency.actor("lan"), revision_id=made.revision_id, expected_version=1, now=NOW
        )
    assert refused.value.code == "nothing_to_undo"


def test_a_published_diagram_is_only_looked_at(agency, lan):
    made = published(agency)
    shown = lan.get(page("diagram", made.revision_id)).content.decode()

    assert "modeler" not in shown
    assert "Lưu đồ theo làn trách nhiệm" in shown


def test_another_agency_finds_no_diagram(agency, other_agency, client):
    made = begun(agency)
    other_agency.sign_in(client, "lan")

    assert client.get(page("diagram", made.revision_id)).status_code == 404
    assert (
        client.post(page("draw", made.revision_id), {"xml": "x", "version": 1}).status_code == 404
    )


def test_the_doctor_misses_an_edit_and_an_undo_that_leads_nowhere(agency):
    made = begun(agency)
    edited(agency, made.revision_id, "Một")
    assert list(edits()) == []

    rows = DefinitionEdit.objects.filter(definition__revision_id=made.revision_id)
    rows.filter(version=2).update(next_undo=1)
    assert [one.message for one in edits()] == ["hoàn tác tới chỗ không còn lưu"]
    rows.filter(version=2).delete()
    assert "thiếu lần sửa cuối của bản thảo" in [one.message for one in edits()]
