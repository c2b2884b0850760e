"""A row of the table that asks several for their opinion."""

import pytest
from django.urls import reverse

from nep.apps.organization.tests.scene import NOW, department
from nep.apps.procedures import services
from nep.apps.procedures.models import Definition
from nep.apps.procedures.rules.draft import read_graph
from nep.apps.procedures.rules.edits import Edit, apply
from nep.apps.procedures.rules.opinions import asked_said
from nep.apps.procedures.tests.scene import begun, draft
from nep.bpmn import Instances, prove_soundness, read_bpmn, write_bpmn
from nep.kernel.decisions import Refused
from tests.standing import kept

agency = kept(department)


def test_a_step_asks_several_together_or_in_turn_and_one_again():
    asked = apply(draft(), Edit("opinions", "b2", {"way": "together", "enough": "2"}))
    assert asked.text == ("bước 2 “Thẩm định” hỏi nhiều nơi cùng lúc, đủ 2 ý kiến thì đi tiếp")
    node = next(node for node in asked.draft.process.nodes if node.id == "b2")
    assert node.instances == Instances(over="hoi_b2", until="done >= 2")
    assert prove_soundness(asked.draft.process).sound
    assert read_bpmn(write_bpmn(asked.draft.process)).process == asked.draft.process

    turn = apply(asked.draft, Edit("opinions", "b2", {"way": "in_turn"}))
    assert asked_said(turn.draft.table.step("b2").instances) == "hỏi lần lượt từng nơi"
    alone = apply(turn.draft, Edit("opinions", "b2", {"way": ""}))
    assert alone.draft.table == draft().table


@pytest.mark.parametrize(
    ("step", "values", "code"),
    [
        ("b1", {"way": "together"}, "asked_first"),
        ("b2", {"way": "all"}, "asked_way"),
        ("b2", {"way": "together", "enough": "0"}, "asked_enough"),
        ("b2", {"way": "together", "enough": "61"}, "asked_enough"),
    ],
)
def test_what_cannot_be_asked_is_refused(step, values, code):
    answer = apply(draft(), Edit("opinions", step, values))
    assert isinstance(answer, Refused) and answer.code == code


def test_the_dialog_of_a_step_sets_it_and_the_row_says_it(agency, client):
    made = begun(agency)
    agency.sign_in(client, "lan")
    page = reverse("procedures:revision", args=[made.revision_id])
    assert "Xin ý kiến nhiều nơi" in client.get(page, {"buoc": "b2"}).content.decode()
    version = Definition.objects.get(revision_id=made.revision_id).version
    client.post(
        reverse("procedures:edit", args=[made.revision_id]),
        {"do": "opinions", "step": "b2", "version": version, "way": "together", "enough": ""},
    )

    assert "i-users i--sm" in client.get(page).content.decode().split('id="pt"')[1]
    row = Definition.objects.get(revision_id=made.revision_id)
    node = next(node for node in read_graph(row.graph).nodes if node.id == "b2")
    assert node.instances == Instances(over="hoi_b2")
    services.definition_undo(
        actor=agency.actor("lan"), revision_id=made.revision_id, expected_version=row.version,
        now=NOW,
    )  # fmt: skip
    assert "i-users i--sm" not in client.get(page).content.decode().split('id="pt"')[1]
