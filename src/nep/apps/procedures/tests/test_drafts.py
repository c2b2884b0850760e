"""Drafts and TTHC through their services."""

import pytest

from nep.apps.documents.models import Revision
from nep.apps.organization.tests.scene import NOW
from nep.apps.procedures import queries, services
from nep.apps.procedures.models import DefinitionEdit, Procedure
from nep.apps.procedures.rules.edits import Edit
from nep.apps.procedures.tests.scene import (
    begun,
    hash_of,
    tthc,
)
from nep.foundation.journal.models import JournalEntry
from nep.kernel.errors import Conflict, Forbidden, NotFound, Refusal

RENAME = Edit("rename", "b1", {"name": "Nhận hồ sơ"})


def edit(agency, made, one=RENAME, *, by="lan", version=1):
    return services.definition_edit(
        actor=agency.actor(by),
        revision_id=made.revision_id,
        expected_version=version,
        edit=one,
        now=NOW,
    )


def state(made) -> str:
    return Revision.objects.get(pk=made.revision_id).state


def journaled(action: str) -> int:
    return JournalEntry.objects.filter(action=action).count()


def test_a_new_procedure_stands_as_a_draft_with_the_next_free_code(agency):
    one = begun(agency)
    two = begun(agency, name="Cấp lại", code="1.000002")

    assert [queries.version(revision_id=m.revision_id, agency_id=agency.agency_id).code
            for m in (one, two)] == ["QT-01", "QT-02"]  # fmt: skip
    assert state(one) == "draft"
    assert journaled("procedure.drafted") == 2


def test_one_tthc_has_one_procedure_per_case(agency):
    made = begun(agency)
    row = Procedure.objects.get(pk=made.procedure_id)

    with pytest.raises(Refusal, match="đã có quy trình cho trường hợp đó"):
        services.procedure_create(actor=agency.actor("lan"), tthc_id=row.tthc_id, now=NOW)
    other = services.procedure_create(
        actor=agency.actor("lan"), tthc_id=row.tthc_id, variant="Cấp lại do mất", now=NOW
    )
    assert other.procedure_id != made.procedure_id


def test_an_edit_changes_graph_and_hash_and_is_journaled(agency):
    made = begun(agency)
    before = hash_of(made.revision_id)
    done = edit(agency, made)

    assert done.version == 2
    assert hash_of(made.revision_id) != before
    assert queries.step_table(made.revision_id)[0].name == "Nhận hồ sơ"
    assert journaled("procedure.edited") == 1


def test_an_edit_that_changes_nothing_makes_no_version(agency):
    made = begun(agency)
    same = Edit("rename", "b1", {"name": "Tiếp nhận hồ sơ"})

    assert edit(agency, made, same).version == 1
    assert DefinitionEdit.objects.count() == 1


def test_the_loser_of_a_race_is_told_who_changed_what(agency):
    made = begun(agency)
    edit(agency, made, by="huy")
    with pytest.raises(services.EditConflict) as lost:
        edit(agency, made, Edit("rename", "b1", {"name": "Bản của Lan"}), version=1)

    assert lost.value.status == 409
    assert lost.value.version == 2
    assert "Phạm Quốc Huy: đổi tên bước 1" in lost.value.details[0]
    assert queries.step_table(made.revision_id)[0].name == "Nhận hồ sơ"


def test_ones_own_quick_edits_do_not_conflict(agency):
    made = begun(agency)
    edit(agency, made)

    assert edit(agency, made, Edit("rename", "b2", {"name": "Xem xét"}), version=1).version == 3


def paper_of(agency, made):
    page = queries.procedure_page(revision_id=made.revision_id, agency_id=agency.agency_id)
    return page.draft.paper.sections


def test_an_older_window_takes_back_nothing_that_was_written_since(agency):
    made = begun(agency)
    begun_with = {
        "purpose": "Mục đích cũ",
        "scope": "Phạm vi cũ",
        "recipients": "Ban lãnh đạo | 01",
    }
    edit(agency, made, Edit("paper", values=begun_with))
    edit(agency, made, Edit("paper", values={**begun_with, "purpose": "Mục đích mới"}), version=2)
    edit(agency, made, Edit("paper", values={**begun_with, "scope": "Phạm vi mới"}), version=2)

    assert paper_of(agency, made) == {"purpose": "Mục đích mới", "scope": "Phạm vi mới"}

    row = {"name": "Thẩm định", "note": "", "role": "PKH/specialist", "amount": "2",
           "unit": "working_day", "forms": "Báo cáo"}  # fmt: skip
    edit(agency, made, Edit("row", "b2", {**row, "amount": "1"}), version=4)
    edit(agency, made, Edit("row", "b2", {**row, "forms": "Phiếu"}), version=4)
    shown = queries.step_table(made.revision_id)[1]

    assert (shown.limit_amount, shown.forms) == (1, ("Phiếu",))


def test_words_sent_again_after_a_race_are_those_that_were_typed(agency):
    made = begun(agency)
    shown = {"purpose": "Mục đích", "scope": "Phạm vi"}
    edit(agency, made, Edit("paper", values=shown))
    edit(agency, made, Edit("paper", values={**shown, "purpose": "Của Huy"}), by="huy", version=2)
    with pytest.raises(services.EditConflict) as lost:
        edit(agency, made, Edit("paper", values={**shown, "scope": "Của Lan"}), version=2)

    assert lost.value.edit.values == {"scope": "Của Lan"}
    edit(agency, made, lost.value.edit, version=lost.value.version)
    assert paper_of(agency, made) == {"purpose": "Của Huy", "scope": "Của Lan"}


def test_a_reception_clerk_drafts_nothing(agency):
    made = begun(agency)

    with pytest.raises(Forbidden):
        edit(agency, made, by="tuan")


def test_another_agencys_draft_is_not_found(agency, other_agency):
    made = begun(agency)

    with pytest.raises(NotFound):
        edit(other_agency, made)
    with pytest.raises(NotFound):
        queries.procedure_page(revision_id=made.revision_id, agency_id=other_agency.agency_id)


def test_a_tthc_code_stands_once_and_its_suffix_is_left_out(agency):
    first = tthc(agency, code="1.009645.H05")

    assert queries.tthc(tthc_id=first, agency_id=agency.agency_id).code == "1.009645"
    with pytest.raises(Refusal) as refused:
        tthc(agency, code="1.009645")
    assert refused.value.field == "code"


def test_two_people_do_not_overwrite_each_others_tthc(agency):
    tthc_id = tthc(agency)
    values = services.TthcValues(name="Tên mới", code="1.009645")
    change = {"actor": agency.actor("huy"), "tthc_id": tthc_id, "values": values, "now": NOW}
    services.tthc_change(version=1, **change)

    with pytest.raises(Conflict):
        services.tthc_change(version=1, **change)
