"""Rows of the table that nobody does: another procedure run, a wait, a message sent."""

from dataclasses import replace
from decimal import Decimal

import pytest
from django.urls import reverse

from nep.apps.organization.tests.scene import NOW, department
from nep.apps.procedures import queries, services
from nep.apps.procedures.models import Definition
from nep.apps.procedures.rules.carried import DATE, Carried, DataField
from nep.apps.procedures.rules.differences import differences
from nep.apps.procedures.rules.draft import read_table
from nep.apps.procedures.rules.drawn import editor_file
from nep.apps.procedures.rules.edits import Changed, Edit, apply, drawing_take
from nep.apps.procedures.rules.importing import draft_of
from nep.apps.procedures.rules.lint import lint
from nep.apps.procedures.rules.lint_book import read_book
from nep.apps.procedures.rules.other_rows import groups_of, row_read, row_said
from nep.apps.procedures.rules.report import CalledVersion, Facts
from nep.apps.procedures.rules.table import Step, from_process, to_process
from nep.apps.procedures.rules.threads import shown_only
from nep.apps.procedures.rules.ways import way_lines, with_ways
from nep.apps.procedures.rules.word import read_procedures
from nep.apps.procedures.services._carried import with_drawn_calls
from nep.apps.procedures.tests.scene import begun, draft, edited, published
from nep.bpmn import (
    Flow,
    Limit,
    Node,
    Process,
    Trigger,
    check_structure,
    prove_soundness,
    prove_time,
    read_bpmn,
    write_bpmn,
)
from nep.kernel.decisions import Refused
from tests.standing import kept

agency = kept(department)
CALLED = {
    "code": "QT-05", "title": "Lấy ý kiến chuyên gia", "number": "lần 01", "version_hash": "a" * 64,
    "limit_amount": "1", "limit_unit": "working_day",
}  # fmt: skip
DAY = {"b2": Carried(fields=(DataField("ngay_hop", "Ngày họp", DATE),))}
WAITS = [
    ({"way": "for", "amount": "3", "unit": "working_day"}, "chờ 3 ngày làm việc"),
    ({"way": "for", "amount": "4", "unit": "working_hour"}, "chờ 4 giờ làm việc"),
    ({"way": "for", "amount": "7", "unit": "calendar_day"}, "chờ 7 ngày lịch"),
    ({"way": "until", "field": "ngay_hop"}, "chờ đến ngày ghi ở ô “Ngày họp” (ngay_hop)"),
    ({"way": "until", "field": "02/09/2027"}, "chờ đến ngày 02/09/2027"),
    ({"way": "message", "message": "Kết quả thuế"},
     "chờ thông điệp “Kết quả thuế” của hệ thống khác"),
]  # fmt: skip


def done(do: str, step: str = "b2", start=None, **values):
    return edited(start or draft(carried=DAY), do, step, **values)


def full():
    """A draft with a procedure run, a wait and a message sent after its second step."""
    first = done("add_send", message="Đã thẩm định").draft
    second = done("add_wait", start=first, way="for", amount="1", unit="working_day").draft
    return done("add_call", start=second, **CALLED).draft


def test_rows_that_nobody_does_stand_after_their_step_under_its_number_and_a_letter():
    whole = full()

    assert [whole.table.label(step.id) for step in whole.table.steps] == [
        "1", "2", "2a", "2b", "2c", "3", "4",
    ]  # fmt: skip
    assert [step.kind for step in whole.table.steps[2:5]] == ["call", "catch", "send"]
    assert whole.table.number("b3") == 3 and whole.table.number("b7") == 0
    assert whole.table.wiring is None
    assert from_process(to_process(whole.table)) == whole.table
    assert prove_soundness(whole.process).sound
    assert read_bpmn(write_bpmn(whole.process)).process == whole.process


def test_a_table_with_such_rows_saved_as_drawn_is_the_same_table():
    whole = full()
    xml = editor_file(whole.table, names={}, places={}, title="Thử").decode()
    answer = drawing_take(whole, Edit("draw", values={"xml": xml}))

    assert isinstance(answer, Changed) and answer.draft == whole


@pytest.mark.parametrize(("values", "said"), WAITS)
def test_a_wait_says_what_it_waits_for_and_is_read_back_from_paper(values, said):
    whole = done("add_wait", **values).draft
    row = whole.table.steps[2]

    lines = way_lines(whole.table, row, {"ngay_hop": DAY["b2"].fields[0]})
    assert lines == (f"→ {said[0].upper()}{said[1:]}",)
    read = with_ways((Step("b1", row.name),), [lines])[0]
    assert (read.kind, read.trigger) == (row.kind, row.trigger)
    assert row_read(Step("b1", "x"), said + " nữa") is None


def test_called_and_sent_rows_are_read_back_from_paper_and_ways_find_them_by_their_label():
    whole = full()
    branched = done("branch_put", "b2", start=whole, name="Gấp", target="b7").draft
    lines = [way_lines(branched.table, step, {}) for step in branched.table.steps]
    bare = [Step(f"b{place}", step.name) for place, step in enumerate(branched.table.steps, 1)]

    assert lines[2] == ("→ Thực hiện quy trình QT-05, lần 01",)
    assert "→ Gấp: bước 2a" in lines[1]
    read = with_ways(bare, lines)
    assert [step.kind for step in read] == [step.kind for step in branched.table.steps]
    assert read[2].called.process == "QT-05" and not read[2].called.version
    assert read[1].branches[-1].target == "b3"


def test_the_time_of_a_wait_and_of_a_procedure_run_counts():
    plain, whole = draft(), full()

    before = prove_time(plain.process, limit=plain.limit)
    after = prove_time(whole.process, limit=whole.limit)
    assert after.worst - before.worst == 16
    assert [reason.code for reason in after.reasons] == ["over_limit"]
    until = done("add_wait", way="until", field="ngay_hop").draft
    assert prove_time(until.process, limit=until.limit).reasons[0].code == "wait_without_limit"
    timed = done("limit", "b5", start=until, amount="2", unit="working_day").draft
    assert prove_time(timed.process, limit=timed.limit).worst - before.worst == 16


@pytest.mark.parametrize(
    ("do", "values", "code"),
    [
        ("add_call", {}, "call_missing"),
        ("add_wait", {"way": "sometime"}, "wait_way"),
        ("add_wait", {"way": "for", "amount": "0,5", "unit": "working_day"}, "wait_amount"),
        ("add_wait", {"way": "for", "amount": "1", "unit": "week"}, "unit_missing"),
        ("add_wait", {"way": "until", "field": "ket_qua"}, "wait_field"),
        ("add_wait", {"way": "message", "message": ""}, "message_name"),
        ("add_send", {"message": "“x”"}, "message_name"),
    ],
)
def test_what_is_not_said_whole_is_refused(do, values, code):
    answer = apply(draft(carried=DAY), Edit(do, "b2", values))
    assert isinstance(answer, Refused) and answer.code == code


@pytest.mark.parametrize(
    ("do", "values", "code"),
    [
        ("role", {"role": "PKH/specialist"}, "row_nobodys"),
        ("opinions", {"way": "together"}, "row_nobodys"),
        ("field_put", {"label": "x"}, "row_nobodys"),
        ("limit", {"amount": "1", "unit": "working_day"}, "row_timed"),
        ("branch_put", {"name": "Sai", "target": "b1"}, "branch_chosen"),
        ("send_put", {"message": "x"}, "row_kind"),
    ],
)
def test_nobody_is_given_a_row_that_nobody_does(do, values, code):
    start = done("add_wait", way="for", amount="1", unit="working_day").draft
    answer = apply(start, Edit(do, "b5", values))
    assert isinstance(answer, Refused) and answer.code == code


def test_the_last_step_that_somebody_does_stays():
    start = full()
    one = replace(start, table=replace(start.table, steps=start.table.steps[1:5]))
    answer = apply(one, Edit("remove", "b2"))
    assert isinstance(answer, Refused) and answer.code == "last_step"
    assert [step.id for step in done("remove", "b7", start=one).draft.table.steps] == [
        "b2", "b6", "b5",
    ]  # fmt: skip


def test_two_versions_tell_what_became_of_such_rows():
    whole = full()
    later = done("wait_put", "b6", start=whole, way="message", message="Xong").draft
    newer = done("call_put", "b7", start=later, **{**CALLED, "version_hash": "b" * 64}).draft

    assert [one.words for one in differences(draft(carried=DAY), whole)] == [
        "Thêm bước 2a “Lấy ý kiến chuyên gia”, 1 ngày làm việc",
        "Thêm bước 2b “Chờ hết thời gian”, 1 ngày làm việc",
        "Thêm bước 2c “Gửi thông tin cho hệ thống khác”",
    ]
    said = [one.words for one in differences(whole, newer)]
    assert said[0].endswith("chọn lần ban hành khác của quy trình được thực hiện")
    assert said[1] == (
        "Bước 2b “Chờ hết thời gian”: nay chờ thông điệp “Xong” của hệ thống khác, "
        "trước là chờ 1 ngày làm việc"
    )


def test_the_linter_tells_a_procedure_that_is_unknown_replaced_or_given_too_little_time(settings):
    whole = full()
    facts = Facts(
        {}, {}, "1.0", is_internal=False, book=read_book(settings.LINTER_RULES),
    )  # fmt: skip
    known = CalledVersion(
        7, "QT-05", "Lấy ý kiến", "lần 01", False, 9, "lần 02", limit_hours=Decimal(24)
    )

    assert "call_unknown" in {one.code for one in lint(whole, facts).findings}
    found = {
        one.code: one for one in lint(whole, replace(facts, called={"a" * 64: known})).findings
    }
    assert "call_unknown" not in found
    assert found["call_retired"].title == "Bước 2a thực hiện QT-05 lần 01, không còn hiệu lực"
    assert dict(found["call_retired"].values) == {"step": "b7", "procedure": "9"}
    assert "call_limit" in found


def test_an_internal_procedure_runs_none_that_needs_an_applicant(agency, client, settings):
    facts = Facts({}, {}, "1.0", is_internal=True, book=read_book(settings.LINTER_RULES))
    known = CalledVersion(7, "QT-05", "Lấy ý kiến", "lần 01", True)
    told = lint(full(), replace(facts, called={"a" * 64: known})).findings
    assert "Bước 2a thực hiện thủ tục cần có người nộp" in {one.title for one in told}
    for one in (
        replace(facts, called={"a" * 64: replace(known, is_internal=True)}),
        replace(facts, is_internal=False, called={"a" * 64: known}),
    ):
        assert "call_applicant" not in {found.code for found in lint(full(), one).findings}

    other = published(agency, code="2.000001", name="Thủ tục có người nộp")
    made = begun(agency, code="", name="Việc nội bộ", is_internal=True)
    agency.sign_in(client, "lan")
    dialog = client.get(
        reverse("procedures:row_new", args=[made.revision_id]), headers={"HX-Request": "true"}
    ).content.decode()
    assert f'value="{other.revision_id}"' not in dialog
    assert "chưa có quy trình nội bộ nào khác" in dialog

    posted = {"version": "1", "do": "add_call", "procedure": str(other.revision_id)}
    refused = client.post(reverse("procedures:edit", args=[made.revision_id]), posted)
    assert refused.status_code == 422
    assert "cần người nộp, mà hồ sơ của quy trình nội bộ không có ai nộp" in (
        refused.content.decode()
    )
    found = queries.version(revision_id=other.revision_id, agency_id=agency.agency_id)
    drawn = apply(draft(), Edit("add_call", "b3", {**CALLED, "version_hash": found.content_hash}))
    answer = with_drawn_calls(agency.actor("lan"), draft(), drawn, made.procedure_id)
    assert (answer.code, "cần người nộp" in answer.message) == ("call_applicant", True)


def test_a_stored_graph_of_another_order_keeps_its_order_and_its_hash():
    """Events used to stand in the wiring: what was stored then still has the hash it had."""
    whole = full()
    nodes = whole.process.nodes
    swapped = replace(whole.process, nodes=(*nodes[:2], nodes[-1], *nodes[2:-1]))
    read = from_process(swapped)

    assert to_process(read) == swapped
    renamed = apply(replace(whole, table=read), Edit("rename", "b1", {"name": "Nhận"})).draft
    assert [node.id for node in renamed.process.nodes] == [node.id for node in swapped.nodes]


def revised(agency, do, revision_id, step="b2", **values):
    version = Definition.objects.get(revision_id=revision_id).version
    return services.definition_edit(
        actor=agency.actor("lan"), revision_id=revision_id, expected_version=version,
        edit=Edit(do, step, values), now=NOW,
    )  # fmt: skip


def test_the_dialog_adds_rows_the_page_shows_them_and_undo_takes_them_back(agency, client):
    other = published(agency, code="2.000001", name="Thủ tục con")
    made = begun(agency)
    agency.sign_in(client, "lan")
    page = reverse("procedures:revision", args=[made.revision_id])
    dialog = client.get(
        reverse("procedures:row_new", args=[made.revision_id]) + "?sau=b2", headers={"HX-Request": "true"}
    ).content.decode()  # fmt: skip
    assert 'value="b2" selected' in dialog and f'value="{other.revision_id}"' in dialog
    assert "Thêm bước không có người làm" in client.get(page, {"them": "b2"}).content.decode()

    version = Definition.objects.get(revision_id=made.revision_id).version
    client.post(
        reverse("procedures:edit", args=[made.revision_id]),
        {"do": "add_call", "step": "b2", "version": version, "procedure": other.revision_id},
    )

    shown = client.get(page).content.decode()
    row = shown.split('id="b5"')[1].split("</tr>")[0]
    assert ">2a<" in row and page.replace(str(made.revision_id), str(other.revision_id)) in row
    assert "Bước 2a" not in shown.split('id="kiem-tra"')[1].split("</section>")[0]
    table = read_table(Definition.objects.get(revision_id=made.revision_id).graph)
    called = queries.version(revision_id=other.revision_id, agency_id=agency.agency_id)
    assert table.step("b5").called.version == called.content_hash
    assert table.step("b5").limit == Limit(Decimal(5), "working_day")
    assert "Quy trình đang có hiệu lực" in client.get(page, {"buoc": "b5"}).content.decode()
    services.definition_undo(
        actor=agency.actor("lan"), revision_id=made.revision_id, now=NOW,
        expected_version=Definition.objects.get(revision_id=made.revision_id).version,
    )  # fmt: skip
    assert 'id="b5"' not in client.get(page).content.decode()


def test_a_procedure_that_is_not_in_force_or_is_the_same_is_not_run(agency):
    made = begun(agency)
    for wanted in (str(made.revision_id), "99", "x", ""):
        with pytest.raises(Exception, match="đang có hiệu lực"):
            revised(agency, "add_call", made.revision_id, procedure=wanted)


def test_a_row_that_waits_says_a_trigger_the_engine_knows():
    row = done("add_wait", way="for", amount="4", unit="working_hour").draft.table.steps[2]
    assert row.trigger == Trigger("timer", "duration", "PT4H", "working_hour")
    assert row_said(row, {}) == "chờ 4 giờ làm việc" and row.limit is None


def grouped():
    """A draft of three steps, the second alone in a group, opened by a message."""

    def task(name: str, parent: str = "") -> Node:
        return Node(name, "task", name, role="MC/reception", untimed=True, parent=parent)

    nodes = (
        Node("s", "start", trigger=Trigger("message", name="Mở")), task("b1"),
        Node("n", "subprocess", "Thẩm định"), Node("si", "start", parent="n"), task("b2", "n"),
        Node("ei", "end", parent="n"), task("b3"), Node("e", "end"),
    )  # fmt: skip
    ways = [("s", "b1"), ("b1", "n"), ("si", "b2"), ("b2", "ei"), ("n", "b3"), ("b3", "e")]
    flows = tuple(Flow(f"f{at}", *way) for at, way in enumerate(ways))
    return draft(table=from_process(Process("qt", "Thử", nodes, flows)))


def test_what_the_table_adds_inside_a_group_stays_inside_it():
    start = grouped()
    branched = done("branch_put", "b2", start=start, name="Lại", target="b2", bound="1").draft
    late = {"when": "timer", "amount": "1", "unit": "working_day", "effect": "beside"}

    for one in (
        done("add_after", "b2", start=start).draft,
        done("add_wait", "b2", start=start, way="for", amount="1", unit="working_day").draft,
        done("branch_put", "b2", start=branched, name="Thôi", target="ket-thuc").draft,
        done("event_add", "b2", start=start, **late, target="gui-moi", sent="Chậm").draft,
    ):
        assert not check_structure(one.process)
        assert prove_soundness(one.process).sound
    answer = apply(start, Edit("branch_put", "b2", {"name": "Ra", "target": "b3"}))
    assert isinstance(answer, Refused) and answer.code == "target_missing"


def test_steps_of_a_group_stand_under_its_name_and_what_is_no_row_is_named(agency, client):
    table = grouped().table
    assert {row: one[0].name for row, one in groups_of(table).items()} == {"b2": "Thẩm định"}
    assert shown_only(table) == () and table.begins == "Mở"
    assert shown_only(full().table) == ()
    made = begun(agency, content=draft(table=table))
    agency.sign_in(client, "lan")
    shown = client.get(reverse("procedures:revision", args=[made.revision_id])).content.decode()

    assert shown.index('class="grp"') < shown.index('id="b2"')
    assert "Bắt đầu khi nhận thông điệp “Mở” của hệ thống khác" in shown


def test_rows_are_put_into_a_group_named_and_taken_out_again():
    start = draft(carried=DAY)
    made = done("group_make", "b1", start=start, name="Thẩm định, ký", last="b3")
    table = made.draft.table

    assert made.text.endswith("thành nhóm “Thẩm định, ký”")
    assert groups_of(table)["b1"][0].name == "Thẩm định, ký" and len(groups_of(table)) == 1
    assert table.step("b3").parent == "nhom-b1"
    assert [step.id for step in table.steps] == ["b1", "b2", "b3", "b4"]
    assert [step.after for step in table.steps] == ["", "", "", ""]
    assert done("after", "b3", start=made.draft, target="").draft == made.draft
    assert made.draft.carried == start.carried
    assert not check_structure(made.draft.process)
    said = [one.words for one in differences(start, made.draft)]
    assert said[0] == "Bước 1 “Tiếp nhận hồ sơ”: nhóm bước nay ghi “Thẩm định, ký”"
    named = done("group_name", "b3", start=made.draft, name="Xét").draft
    assert groups_of(named.table)["b1"][0].name == "Xét"
    assert done("group_drop", "b3", start=named).draft.process == start.process
    xml = editor_file(table, names={}, places={}, title="Thử").decode()
    answer = drawing_take(made.draft, Edit("draw", values={"xml": xml}))
    assert isinstance(answer, Changed) and answer.draft == made.draft


@pytest.mark.parametrize(
    ("step", "values", "code"),
    [
        ("b2", {"name": "x", "last": "b3"}, "group_open"),
        ("b2", {"last": "b3"}, "group_name"),
        ("b3", {"name": "x", "last": "b2"}, "group_last"),
        ("b2", {"name": "x", "last": "b4"}, "group_open"),
        ("b4", {"name": "x", "last": "b4"}, "group_inside"),
    ],
)
def test_what_makes_no_group_is_refused(step, values, code):
    start = done("group_make", "b4", name="Trả", last="b4").draft
    answer = apply(start, Edit("group_make", step, values))
    assert isinstance(answer, Refused) and answer.code == code


def test_the_word_file_of_such_a_table_reads_back_as_the_same_rows(agency, client):
    whole = done("event_add", "b3", start=full(), when="timer", amount="1", unit="working_day",
                 effect="ends", target="b4").draft  # fmt: skip
    made = begun(agency, content=whole)
    agency.sign_in(client, "lan")
    data = client.get(reverse("procedures:word_file", args=[made.revision_id])).content

    read = read_procedures(data, file="x.docx").procedures[0]
    table = draft_of(read, process_id="qt", mapping={}).table

    assert [step.kind for step in table.steps] == [step.kind for step in whole.table.steps]
    assert [table.label(step.id) for step in table.steps] == ["1", "2", "2a", "2b", "2c", "3", "4"]
    assert [one.cancels for one in table.steps[5].events] == [True]
