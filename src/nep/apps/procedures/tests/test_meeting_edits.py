"""What one edit does to what other rows, columns and versions rely on."""

from dataclasses import replace
from decimal import Decimal

import pytest

from nep.apps.organization.tests.scene import NOW
from nep.apps.procedures import queries, services
from nep.apps.procedures.models import Definition
from nep.apps.procedures.queries._invariants import contents
from nep.apps.procedures.queries._printed import _with_forms, _with_records
from nep.apps.procedures.rules.carried import Carried, FormRef, KeptRecord
from nep.apps.procedures.rules.drawn import editor_file
from nep.apps.procedures.rules.edits import Changed, Edit, apply, drawing_merge
from nep.apps.procedures.rules.paper import Paper
from nep.apps.procedures.rules.simulation import value_of
from nep.apps.procedures.rules.table import END
from nep.apps.procedures.tests.scene import (
    begun,
    bring_into_force,
    draft,
    edited,
    published,
    tthc,
    unbranched,
)
from nep.bpmn import prove_time
from nep.kernel.decisions import Refused
from nep.kernel.errors import Refusal


def edit(agency, revision_id, do, step="", **values):
    version = Definition.objects.get(revision_id=revision_id).version
    return services.definition_edit(
        actor=agency.actor("lan"), revision_id=revision_id, expected_version=version,
        edit=Edit(do, step, values), now=NOW,
    )  # fmt: skip


def refused(answer) -> str:
    assert isinstance(answer, Refused), answer
    return answer.code


def test_a_time_too_long_for_its_column_leaves_the_draft_to_be_mended(agency):
    made = begun(agency)
    edit(agency, made.revision_id, "branch_put", "b3", name="Lại", target="b1", bound="20")
    edit(agency, made.revision_id, "limit", "b3", amount="9999", unit="working_day")
    assert Definition.objects.get(revision_id=made.revision_id).total_hours is None
    edit(agency, made.revision_id, "limit", "b3", amount="2", unit="working_day")
    assert Definition.objects.get(revision_id=made.revision_id).total_hours > 0


def test_a_limit_is_typed_to_two_decimals_and_hashed_as_it_is_kept(agency):
    made = begun(agency, content=draft(limit_amount=Decimal("4.1253")))
    assert Definition.objects.get(revision_id=made.revision_id).limit_amount == Decimal("4.13")
    assert list(contents()) == []
    with pytest.raises(Refusal, match="hai chữ số"):
        edit(agency, made.revision_id, "whole_limit", amount="4,125", unit="working_day")
    bring_into_force(agency, made.revision_id)
    assert list(contents()) == []


def test_a_step_keeps_its_fields_while_a_condition_elsewhere_reads_them():
    known = edited(draft(), "field_put", "b3", label="Diện tích", kind="number").draft
    read = edited(
        known, "branch_put", "b2", name="Lớn", target="b4", condition="dien_tich > 100"
    ).draft
    answer = apply(read, Edit("remove", "b3"))
    assert refused(answer) == "field_in_use"
    assert "nhánh “Lớn”" in answer.message
    assert isinstance(apply(known, Edit("remove", "b3")), Changed)


def test_a_field_keeps_what_conditions_compare_it_with():
    known = edited(
        draft(), "field_put", "b1", label="Kết quả", kind="choice", choices="Đạt\nKhông đạt\nKhác"
    ).draft
    read = edited(
        known, "branch_put", "b2", name="KĐ", target="b4", condition='ket_qua = "Không đạt"'
    ).draft

    def put(**values) -> Changed | Refused:
        return apply(read, Edit("field_put", "b1", {"field": "ket_qua", **values}))

    said = {"label": "Kết quả", "kind": "choice"}
    assert refused(put(label="Kết quả", kind="number")) == "field_in_use"
    assert refused(put(**said, choices="Đạt\nChưa đạt")) == "field_in_use"
    assert isinstance(put(**said, choices="Đạt\nKhông đạt"), Changed)


def test_no_field_is_called_by_a_word_of_conditions():
    made = edited(draft(), "field_put", "b1", label="In", kind="yes_no").draft
    assert [one.name for one in made.carried["b1"].fields] == ["o_in"]
    typed = Edit("field_put", "b1", {"label": "Sai sót", "kind": "yes_no", "name": "sai"})
    assert refused(apply(draft(), typed)) == "field_name"


def test_a_symbol_is_replaced_whole():
    table = draft().table
    note = "Theo 61/2018/NĐ-CP, 161/2018/NĐ-CP và 61/2018/NĐ-CP-BS"
    steps = (replace(table.steps[0], note=note), *table.steps[1:])
    changed = edited(
        draft(table=replace(table, steps=steps)), "law_replace", "",
        old="61/2018/NĐ-CP", new="118/2025/NĐ-CP",
    )  # fmt: skip
    assert changed.draft.table.steps[0].note == (
        "Theo 118/2025/NĐ-CP, 161/2018/NĐ-CP và 61/2018/NĐ-CP-BS"
    )


def test_a_symbol_is_replaced_in_the_words_of_the_paper_too():
    words = {"basis": "- 61/2018/NĐ-CP | Một cửa", "purpose": "Thống nhất cách làm"}
    begin = draft(paper=Paper(sections=words, changes=(("Mục 5", "Theo 61/2018/NĐ-CP", "1", ""),)))
    law = {"old": "61/2018/NĐ-CP", "new": "118/2025/NĐ-CP"}
    changed = edited(begin, "law_replace", "", **law)

    assert changed.text == "đổi 61/2018/NĐ-CP thành 118/2025/NĐ-CP ở mục 5.1"
    assert changed.draft.paper.sections == {**words, "basis": "- 118/2025/NĐ-CP | Một cửa"}
    assert changed.draft.paper.changes == begin.paper.changes
    assert changed.draft.table == begin.table
    assert refused(apply(changed.draft, Edit("law_replace", values=law))) == "law_not_named"


def test_a_printed_responsibility_is_mapped_where_nobody_chose():
    table = draft().table
    printed = [step.with_fact("responsible", "Chuyên viên") for step in table.steps]
    printed[1] = replace(printed[1], role="")
    changed = edited(
        draft(table=replace(table, steps=tuple(printed))), "map_role", "",
        text="Chuyên viên", role="PKH/specialist",
    )  # fmt: skip
    before = [step.role for step in table.steps]
    assert [step.role for step in changed.draft.table.steps] == [
        before[0], "PKH/specialist", *before[2:],
    ]  # fmt: skip


def test_a_bound_of_any_length_is_read_or_refused():
    typed = {"name": "Lại", "target": "b1", "bound": "9" * 5_000}
    assert refused(apply(draft(), Edit("branch_put", "b3", typed))) == "bound_unreadable"


def test_a_supplement_that_leads_onward_counts_in_the_time_of_the_procedure():
    onward = edited(draft(), "after", "b3", target=END).draft
    onward = edited(
        onward, "branch_put", "b2", branch="b2-n1", name="Thiếu", target="b4", supplement="1"
    ).draft
    onward = edited(onward, "limit", "b4", amount="30", unit="working_day").draft
    assert prove_time(onward.process, limit=onward.limit).fits is False


def test_hours_and_days_of_work_are_held_against_each_other(agency):
    made = begun(agency)
    edit(agency, made.revision_id, "whole_limit", amount="80", unit="working_hour")
    page = queries.procedure_page(revision_id=made.revision_id, agency_id=agency.agency_id)
    report = queries.proof(
        agency_id=agency.agency_id, draft=page.draft, tthc=page.tthc, today=NOW.date()
    )
    assert "limit_above_tthc" in {one.code for one in report.errors}

    shared = published(agency, code="1.000008", name="Thủ tục khác")
    other = tthc(
        agency, code="1.000009", name="Tương tự", limit_amount=Decimal(8),
        limit_unit="working_hour",
    )  # fmt: skip
    with pytest.raises(Refusal, match="dài hơn"):
        services.tthc_share(
            actor=agency.actor("lan"), tthc_id=other, procedure_id=shared.procedure_id, now=NOW
        )


def test_a_shared_procedure_gets_no_longer_than_any_tthc_that_shares_it(agency):
    lan = agency.actor("lan")
    made = published(agency, limit_amount=Decimal(20))
    other = tthc(agency, code="1.000009", name="Tương tự", limit_amount=Decimal(5))
    services.tthc_share(actor=lan, tthc_id=other, procedure_id=made.procedure_id, now=NOW)
    revision = services.procedure_revise(
        actor=lan,
        procedure_id=made.procedure_id,
        is_new_issue=False,
        change_note="Dài hơn",
        now=NOW,
    )
    edit(agency, revision, "whole_limit", amount="20", unit="working_day")

    page = queries.procedure_page(revision_id=revision, agency_id=agency.agency_id)
    report = queries.proof(
        agency_id=agency.agency_id, draft=page.draft, tthc=page.tthc, today=NOW.date(),
        document_id=made.document_id,
    )  # fmt: skip
    (found,) = report.errors
    assert (found.code, found.fix) == ("limit_above_shared", "whole_limit")
    assert "“Tương tự”" in found.text and "5 ngày làm việc" in found.text
    assert found.why and found.mend
    with pytest.raises(Refusal):
        bring_into_force(agency, revision)

    edit(agency, revision, "whole_limit", amount="5", unit="working_day")
    bring_into_force(agency, revision)


def test_what_shares_a_procedure_is_not_made_internal(agency):
    lan = agency.actor("lan")
    made = published(agency)
    other = tthc(agency, code="1.000009", name="Tương tự")
    services.tthc_share(actor=lan, tthc_id=other, procedure_id=made.procedure_id, now=NOW)
    own = Definition.objects.get(revision_id=made.revision_id).procedure.tthc_id
    for tthc_id, name in ((own, "Cấp giấy phép"), (other, "Tương tự")):
        facts = queries.tthc(tthc_id=tthc_id, agency_id=agency.agency_id)
        with pytest.raises(Refusal, match="dùng chung"):
            services.tthc_change(
                actor=lan, tthc_id=tthc_id, version=facts.version, now=NOW,
                values=services.TthcValues(name=name, is_internal=True),
            )  # fmt: skip


def test_a_form_whose_code_begins_another_is_printed_too():
    one = Carried(forms=(FormRef(1, "BM-01-1", "Phiếu A"),), record=KeptRecord("Báo cáo", "Phòng", "5 năm"))  # fmt: skip
    written = {
        "forms": "- BM-01-10 | Phiếu khác", "records": "- Báo cáo thẩm định, lưu tại Phòng, 10 năm",
    }  # fmt: skip
    made = draft(carried={"b1": one}, paper=Paper(sections=written))
    assert len(list(_with_forms(made.paper, made))) == 2
    assert len(list(_with_records(made.paper, made))) == 2
    again = draft(carried={"b1": one}, paper=Paper(sections={"forms": "- BM-01-1 | Phiếu A"}))
    assert len(list(_with_forms(again.paper, again))) == 1


@pytest.mark.parametrize(
    ("typed", "kind", "value"),
    [
        ("Không", "choice", "Không"), ("2", "choice", "2"), ("05/03/2019", "date", "2019-03-05"),
        ("không", "yes_no", False), ("2,5", "number", Decimal("2.5")), ("có", "", True),
    ],
)  # fmt: skip
def test_a_played_value_is_what_its_field_would_hold(typed, kind, value):
    assert value_of(typed, kind) == value


def test_a_step_that_asks_several_never_becomes_the_first():
    asking = edited(unbranched(), "opinions", "b2", way="together").draft
    assert refused(apply(asking, Edit("move_up", "b2"))) == "asked_first"
    assert refused(apply(asking, Edit("remove", "b1"))) == "asked_first"


def test_what_a_wait_or_a_thread_reads_stays():
    known = edited(unbranched(), "field_put", "b1", label="Ngày họp", kind="date").draft
    waiting = edited(known, "add_wait", "b1", way="until", field="ngay_hop").draft
    gone = Edit("field_remove", "b1", {"field": "ngay_hop"})
    assert refused(apply(waiting, gone)) == "field_in_use"

    known = edited(unbranched(), "field_put", "b1", label="Phí", kind="number").draft
    beside = edited(known, "parallel", "b3").draft
    chosen = edited(beside, "threads_when", "b3", when_1="phi > 5", otherwise="2").draft
    assert refused(apply(chosen, Edit("field_remove", "b1", {"field": "phi"}))) == "field_in_use"
    renamed = {"field": "phi", "label": "Phí", "kind": "number", "name": "le_phi"}
    assert refused(apply(chosen, Edit("field_put", "b1", renamed))) == "field_in_use"


def test_joining_two_changes_leaves_events_at_their_own_steps():
    base = unbranched()
    mine = edited(base, "add_after", "b2", name="Của tôi").draft
    mine = edited(
        mine, "event_add", "b5", when="timer", amount="2", unit="working_day", effect="ends",
        target="b4",
    ).draft  # fmt: skip
    theirs = edited(base, "add_after", "b3", name="Của người khác").draft
    drawn = editor_file(mine.table, names={}, places={}, title="Thử").decode()
    joined = drawing_merge(base, theirs, Edit("draw", values={"xml": drawn}))
    assert isinstance(joined, Changed), joined
    events = {step.name: len(step.events) for step in joined.draft.table.steps}
    assert (events["Của tôi"], events["Của người khác"]) == (1, 0)
