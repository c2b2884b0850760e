"""What nobody here does and what may interrupt a step, drawn as the drawing program writes it."""

import pytest
from django.urls import reverse

from nep.apps.procedures import queries
from nep.apps.procedures.models import Definition
from nep.apps.procedures.rules.drawn import editor_file
from nep.apps.procedures.rules.edits import Changed, Edit, apply, drawing_take
from nep.apps.procedures.rules.other_rows import row_said
from nep.apps.procedures.rules.table import Event
from nep.apps.procedures.tests.scene import begun, draft, published
from nep.apps.procedures.tests.test_diagram_pages import facts
from nep.bpmn import Trigger, prove_soundness
from nep.kernel.decisions import Refused

LASTS = (
    '<bpmn:timerEventDefinition id="D1" nep:unit="working_day"><bpmn:timeDuration '
    'xsi:type="bpmn:tFormalExpression">P2D</bpmn:timeDuration></bpmn:timerEventDefinition>'
)
HEARS = '<bpmn:messageEventDefinition id="D1" messageRef="Ten_1"/>'
ROWS = {
    "chờ 2 ngày làm việc": ("intermediateCatchEvent", "", LASTS),
    "chờ thông điệp “Kết quả thuế” của hệ thống khác": ("intermediateCatchEvent", "", HEARS),
    "gửi thông điệp “Kết quả thuế” cho hệ thống khác": ("sendTask", ' messageRef="Ten_1"', ""),
    "thực hiện quy trình (chưa chọn)": ("callActivity", "", ""),
}
EVENTS = {
    Trigger("timer", "duration", "P2D", "working_day"): LASTS,
    Trigger("message", name="Kết quả thuế"): HEARS,
    Trigger("error", name="Mất mẫu"): '<bpmn:errorEventDefinition id="D1" errorRef="Ten_2"/>',
    Trigger("error"): '<bpmn:errorEventDefinition id="D1"/>',
}


def drawn(xml: str, node: str, *flows: tuple[str, str, str], named: str = "Kết quả thuế") -> str:
    """Return a drawing with one node more, its ways, and the names a drawing program gives ids to."""
    ways = "".join(
        f'<bpmn:sequenceFlow id="{name}" sourceRef="{source}" targetRef="{target}"/>'
        for name, source, target in flows
    )
    names = f'<bpmn:message id="Ten_1" name="{named}"/>' if named else ""
    names += '<bpmn:error id="Ten_2" name="Mất mẫu" errorCode="Mất mẫu"/>'
    xml = xml.replace("</bpmn:process>", f"{node}{ways}</bpmn:process>{names}")
    return xml.replace('sourceRef="b3" targetRef="b4"', 'sourceRef="b3" targetRef="Moi"')


def file_of(start) -> str:
    return editor_file(start.table, names={}, places={}, title="Thử").decode()


def row(element: str, more: str = "", inner: str = "") -> str:
    return f'<bpmn:{element} id="Moi" name="Việc mới"{more}>{inner}</bpmn:{element}>'


def edge(inner: str, *, cancels: bool = True) -> str:
    more = ' attachedToRef="b2"' + ("" if cancels else ' cancelActivity="false"')
    return row("boundaryEvent", more, inner)


def taken(xml: str, start=None):
    return drawing_take(start or draft(), Edit("draw", values={"xml": xml}))


@pytest.mark.parametrize("said", ROWS)
def test_a_wait_a_message_and_a_procedure_run_are_drawn_between_two_steps(said):
    answer = taken(drawn(file_of(draft()), row(*ROWS[said]), ("F1", "Moi", "b4")))
    assert isinstance(answer, Changed), answer
    table = answer.draft.table

    assert [table.label(step.id) for step in table.steps] == ["1", "2", "3", "3a", "4"]
    assert row_said(table.steps[3], {}) == said and table.steps[3].name == "Việc mới"
    assert prove_soundness(answer.draft.process).sound
    assert taken(file_of(answer.draft), answer.draft).draft == answer.draft


@pytest.mark.parametrize("trigger", EVENTS, ids=str)
def test_what_interrupts_a_step_is_drawn_on_its_edge(trigger):
    xml = file_of(draft()).replace(
        "</bpmn:process>",
        edge(EVENTS[trigger])
        + '<bpmn:sequenceFlow id="F1" sourceRef="Moi" targetRef="b4"/></bpmn:process>'
        '<bpmn:message id="Ten_1" name="Kết quả thuế"/>'
        '<bpmn:error id="Ten_2" name="Mất mẫu" errorCode="Mất mẫu"/>',
    )
    answer = taken(xml)
    assert isinstance(answer, Changed), answer

    assert answer.draft.table.step("b2").events == (Event("Moi", trigger, "b4", True, "Việc mới"),)
    assert taken(file_of(answer.draft), answer.draft).draft == answer.draft


def test_a_step_that_an_interruption_opens_stands_last_as_the_table_puts_it():
    xml = file_of(draft()).replace(
        "</bpmn:process>",
        edge(LASTS, cancels=False) + '<bpmn:userTask id="Them" name="Báo cáo chậm"/>'
        '<bpmn:endEvent id="Xong"/><bpmn:sequenceFlow id="F1" sourceRef="Moi" targetRef="Them"/>'
        '<bpmn:sequenceFlow id="F2" sourceRef="Them" targetRef="Xong"/></bpmn:process>',
    )
    table = taken(xml).draft.table

    assert [step.name for step in table.steps][-2:] == ["Trả kết quả", "Báo cáo chậm"]
    assert table.step("b2").events[0].target == table.steps[-1].id


def test_a_message_without_a_name_is_refused_and_none_is_made_up():
    bare = '<bpmn:messageEventDefinition id="D1"/>'
    for inner, named in ((bare, ""), (HEARS, "a" * 121), (HEARS, "“Thuế”")):
        node = row("intermediateCatchEvent", "", inner)
        answer = taken(drawn(file_of(draft()), node, ("F1", "Moi", "b4"), named=named))
        assert isinstance(answer, Refused), answer
        assert (answer.code, answer.field) == ("message_name", "Moi")
        assert "“Việc mới”" in answer.message


def test_trouble_that_lets_the_step_go_on_and_a_wait_without_a_time_are_refused():
    goes_on = edge(EVENTS[Trigger("error")], cancels=False)
    xml = file_of(draft()).replace(
        "</bpmn:process>",
        f'{goes_on}<bpmn:sequenceFlow id="F1" sourceRef="Moi" targetRef="b4"/></bpmn:process>',
    )
    said = taken(xml)
    assert isinstance(said, Refused) and "luôn dừng bước" in said.message
    node = row("intermediateCatchEvent", "", '<bpmn:timerEventDefinition id="D1"/>')
    said = taken(drawn(file_of(draft()), node, ("F1", "Moi", "b4")))
    assert isinstance(said, Refused) and "chưa ghi chờ đến ngày nào" in said.message


def test_a_procedure_in_force_is_chosen_on_the_drawing_and_no_other(agency, client):
    other, made = published(agency, code="1.009646"), begun(agency)
    agency.sign_in(client, "lan")
    given = facts(client, made.revision_id)
    version = queries.version(revision_id=other.revision_id, agency_id=agency.agency_id)
    assert [one["version"] for one in given["callable"]] == [version.content_hash]

    def drawing(content_hash: str):
        node = row("callActivity", f' calledElement="{version.code}" nep:version="{content_hash}"')
        xml = drawn(given["xml"], node, ("F1", "Moi", "b4"))
        return client.post(
            reverse("procedures:draw", args=[made.revision_id]),
            {"xml": xml, "version": given["version"]},
        )

    refused = drawing("f" * 64)
    assert refused.status_code == 422
    assert "“Việc mới” một quy trình khác đang có hiệu lực" in refused.json()["message"]
    assert Definition.objects.get(revision_id=made.revision_id).version == given["version"]

    assert drawing(version.content_hash).status_code == 200
    page = queries.procedure_page(revision_id=made.revision_id, agency_id=agency.agency_id)
    drawn_row = page.draft.table.steps[3]
    through_table = apply(
        draft(),
        Edit("add_call", "b3", {
            "code": version.code, "title": "Việc mới", "number": version.number,
            "version_hash": version.content_hash, "limit_unit": version.limit_unit,
            "limit_amount": f"{version.limit_amount.normalize():f}" if version.limit_amount else "",
        }),
    ).draft.table.steps[3]  # fmt: skip
    assert (drawn_row.called, drawn_row.limit, drawn_row.extra) == (
        through_table.called, through_table.limit, through_table.extra,
    )  # fmt: skip
