"""Holding a procedure out, following it, answering its drift."""

from decimal import Decimal

import pytest

from nep.apps.adoption import queries, services
from nep.apps.adoption.models import Adoption, ModelProcedure
from nep.apps.adoption.queries import LibraryFilter
from nep.apps.adoption.services import drift_tell
from nep.apps.adoption.tests.scene import LATER, edit, table_of
from nep.apps.organization.tests.scene import NOW, Scene
from nep.apps.procedures import services as drafts
from nep.apps.procedures.models import Definition
from nep.apps.procedures.rules.word import (
    DocumentData,
    ImportedFile,
    ImportedProcedure,
    ImportedStep,
)
from nep.apps.procedures.tests.scene import bring_into_force, days, draft, tthc
from nep.apps.work.queries import open_items_of
from nep.foundation.db import doctor
from nep.foundation.files.models import StoredFile
from nep.foundation.journal.models import JournalEntry
from nep.foundation.outbox.worker import drain
from nep.kernel.errors import Forbidden, NotFound, Refusal

REASON = "Đơn vị đang xin ý kiến cấp trên"


def into_force(scene: Scene, revision_id: int) -> None:
    bring_into_force(scene, revision_id, now=LATER)


def healthy() -> list:
    return [one for _title, found in doctor.examine(parts=("adoption",)) for one in found]


def test_adopting_makes_a_draft_with_own_roles_and_the_tthc_where_there_was_none(pair):
    made = pair.adopt(pair.publish())

    steps = table_of(pair.taker, made.revision_id).steps
    assert [step.role for step in steps] == [
        "MC/reception", "PKH/specialist", "LD/leader", "MC/reception",
    ]  # fmt: skip
    assert made.unmapped == 0
    into_force(pair.taker, made.revision_id)
    page = queries.adoption_page(actor=pair.taker.actor("thu2"), adoption_id=made.adoption_id)
    assert (page.state, page.drift) == ("current", ())
    assert JournalEntry.objects.filter(action="model.adopted").count() == 1
    assert healthy() == []


def test_a_role_left_for_later_or_unknown_is_asked_for_like_one_of_a_word_file(pair):
    made = pair.adopt(
        pair.publish(), roles={"PKH/specialist": "", "LD/leader": "XX/leader", "MC/reception": ""}
    )

    steps = table_of(pair.taker, made.revision_id).steps
    assert {step.role for step in steps} == {""}
    assert steps[1].fact("responsible") == "Chuyên viên, Phòng Kế hoạch"
    assert made.unmapped == 3


def test_an_adopter_overrides_only_what_the_model_leaves_open(pair):
    made = pair.adopt(pair.publish())

    edit(pair.taker, made.revision_id, "limit", "b2", by="thu2", amount="1", unit="working_day")
    with pytest.raises(Refusal) as refused:
        edit(pair.taker, made.revision_id, "rename", "b2", by="thu2", name="Xem xét")
    assert refused.value.code == "departs_from_model"
    with pytest.raises(Refusal):
        edit(pair.taker, made.revision_id, "limit", "b2", by="thu2", amount="4", unit="working_day")
    assert table_of(pair.taker, made.revision_id).step("b2").limit == days(1)


def test_a_procedure_that_stands_already_gets_a_new_version_from_the_model(pair):
    known = drafts.procedure_create(
        actor=pair.taker.actor("lan"), tthc_id=tthc(pair.taker), draft=draft(), now=NOW
    )
    bring_into_force(pair.taker, known.revision_id)
    made = pair.adopt(pair.publish())

    assert Adoption.objects.get(pk=made.adoption_id).procedure_id == known.procedure_id
    assert made.revision_id != known.revision_id


def test_drift_asks_the_adopter_who_takes_it_over_with_its_own_limits(pair):
    model_id = pair.publish()
    made = pair.adopt(model_id)
    edit(pair.taker, made.revision_id, "limit", "b3", by="thu2", amount="4", unit="working_hour")
    into_force(pair.taker, made.revision_id)
    assert pair.change_model(model_id) == 2
    drain(now=LATER)
    (item,) = open_items_of(source_type="adoption", source_id=made.adoption_id)
    assert item.role == "iso_secretary"

    secretary = pair.taker.actor("thu2")
    page = queries.adoption_page(actor=secretary, adoption_id=made.adoption_id)
    assert page.state == "drifted"
    assert [(one.field, one.step) for one in page.drift] == [("limit", "b2")]
    revision_id = services.drift_accept(actor=secretary, adoption_id=made.adoption_id, now=LATER)

    table = table_of(pair.taker, revision_id)
    assert table.step("b2").limit == days(3)
    assert table.step("b3").limit.amount == 4
    assert open_items_of(source_type="adoption", source_id=made.adoption_id) == ()
    with pytest.raises(Refusal):
        services.drift_accept(actor=secretary, adoption_id=made.adoption_id, now=LATER)
    assert healthy() == []


def test_keeping_the_old_edition_needs_a_reason_that_the_publisher_reads(pair):
    model_id = pair.publish()
    made = pair.adopt(model_id)
    into_force(pair.taker, made.revision_id)
    pair.change_model(model_id)
    secretary = pair.taker.actor("thu2")

    with pytest.raises(Refusal):
        services.drift_decline(
            actor=secretary, adoption_id=made.adoption_id, reason="không", now=LATER
        )
    services.drift_decline(actor=secretary, adoption_id=made.adoption_id, reason=REASON, now=LATER)

    seen = queries.oversight(actor=pair.giver.actor("thu"))
    assert (seen.adopted, seen.drifted, seen.declined) == (1, 0, 1)
    (line,) = queries.adopters(actor=pair.giver.actor("thu"), model_id=model_id)
    assert (line.state, line.reason) == ("declined", REASON)
    assert JournalEntry.objects.get(action="model.declined").reason == REASON


def test_a_dropped_draft_leaves_the_answer_open(pair):
    model_id = pair.publish()
    made = pair.adopt(model_id)
    drafts.revision_drop(
        actor=pair.taker.actor("thu2"), revision_id=made.revision_id, reason="Làm lại", now=LATER
    )
    page = queries.library(actor=pair.taker.actor("thu2"), wanted=LibraryFilter())

    assert page.drifted == 1
    again = services.drift_accept(
        actor=pair.taker.actor("thu2"), adoption_id=made.adoption_id, now=LATER
    )
    assert again != made.revision_id


def test_who_left_a_model_changes_freely_and_is_asked_no_more(pair):
    model_id = pair.publish()
    made = pair.adopt(model_id)
    services.adoption_leave(
        actor=pair.taker.actor("thu2"), adoption_id=made.adoption_id, reason=REASON, now=LATER
    )
    edit(pair.taker, made.revision_id, "rename", "b2", by="thu2", name="Xem xét")
    pair.change_model(model_id)
    drain(now=LATER)

    assert open_items_of(source_type="adoption", source_id=made.adoption_id) == ()


def test_the_publisher_is_told_that_the_source_has_a_new_version(pair):
    model_id = pair.publish()
    pair.change_source("limit", "b2", amount="3", unit="working_day")
    drain(now=LATER)

    (item,) = open_items_of(source_type="model", source_id=model_id)
    assert item.person_id == pair.giver.people["thu"]
    services.edition_publish(
        actor=pair.giver.actor("thu"), model_id=model_id, note="Thẩm định thêm một ngày", now=LATER
    )
    assert open_items_of(source_type="model", source_id=model_id) == ()
    with pytest.raises(Refusal):
        services.edition_publish(
            actor=pair.giver.actor("thu"), model_id=model_id, note="Không có gì mới", now=LATER
        )


def test_models_are_seen_by_those_they_are_meant_for_and_adopted_once(pair):
    hidden, seen = pair.publish(audience="communes"), pair.taker.actor("thu2")

    with pytest.raises(NotFound):
        queries.model_facts(actor=seen, model_id=hidden)
    with pytest.raises(Refusal):
        pair.publish()
    services.model_withdraw(actor=pair.giver.actor("thu"), model_id=hidden, reason=REASON, now=NOW)
    shown = pair.publish()
    made = services.models_adopt(actor=seen, model_ids=[shown, shown], now=NOW)
    assert len(made.adopted) == 1
    again = services.models_adopt(actor=seen, model_ids=[shown], now=NOW)
    assert again.refused[0][1] == "Cơ quan đã áp dụng mẫu này."


def test_rights(pair):
    with pytest.raises(Forbidden):
        services.model_publish(
            actor=pair.giver.actor("lan"), source_agency_id=pair.giver.agency_id,
            revision_id=pair.source.revision_id, now=NOW,
            values=services.ModelValues(audience="all"),
        )  # fmt: skip
    with pytest.raises(NotFound):
        services.model_publish(
            actor=pair.taker.actor("thu2"), source_agency_id=pair.giver.agency_id,
            revision_id=pair.source.revision_id, now=NOW,
            values=services.ModelValues(audience="all"),
        )  # fmt: skip
    with pytest.raises(Forbidden):
        services.model_adopt(actor=pair.taker.actor("lan"), model_id=pair.publish(), now=NOW)


def test_the_doctor_finds_what_departs_and_what_follows_no_edition(pair):
    model_id = pair.publish()
    made = pair.adopt(model_id)
    Definition.objects.filter(revision_id=made.revision_id).update(limit_amount=9)
    assert [one.code for one in healthy()] == ["adoption_content"]

    Definition.objects.filter(revision_id=made.revision_id).update(limit_amount=5)
    ModelProcedure.objects.filter(pk=model_id).update(number=3)
    item = drift_tell(model_id=model_id, now=LATER)
    ModelProcedure.objects.filter(pk=model_id).update(number=1)
    assert item == 1
    assert [one.code for one in healthy()] == ["adoption_items"]
    ModelProcedure.objects.filter(pk=model_id).update(number=2)
    assert {one.code for one in healthy()} == {"adoption_numbers"}


def test_a_newer_edition_whose_draft_was_dropped_is_taken_over_whole_the_next_time(pair):
    model_id = pair.publish()
    made = pair.adopt(model_id)
    bring_into_force(pair.taker, made.revision_id, now=LATER)
    pair.change_model(model_id)
    who = pair.taker.actor("thu2")
    for _ in range(2):
        draft_id = services.drift_accept(actor=who, adoption_id=made.adoption_id, now=LATER)
        assert table_of(pair.taker, draft_id).step("b2").limit == days(3)
        drafts.revision_drop(actor=who, revision_id=draft_id, reason="Làm lại từ đầu", now=LATER)

    row = Adoption.objects.get(pk=made.adoption_id)
    assert (row.number, row.standing) == (1, 0)
    own = drafts.procedure_revise(
        actor=pair.taker.actor("lan"), procedure_id=row.procedure_id, is_new_issue=False,
        change_note="Sửa đổi nhỏ", now=LATER,
    )  # fmt: skip
    edit(pair.taker, own, "limit", "b3", by="thu2", amount="4", unit="working_hour")


def test_a_step_that_the_model_gives_to_another_role_goes_there(pair):
    model_id = pair.publish()
    made = pair.adopt(model_id)
    bring_into_force(pair.taker, made.revision_id, now=LATER)
    pair.change_model(model_id, do="role", step="b3", role="PKH/specialist")
    draft_id = services.drift_accept(
        actor=pair.taker.actor("thu2"), adoption_id=made.adoption_id, now=LATER
    )
    assert table_of(pair.taker, draft_id).step("b3").role == "PKH/specialist"


def test_a_word_file_does_not_walk_round_the_model(pair):
    made = pair.adopt(pair.publish())
    bring_into_force(pair.taker, made.revision_id, now=LATER)
    steps = tuple(
        ImportedStep(place, f"Bước {place}", "", f"Việc khác hẳn {place}", "Phòng Kế hoạch",
                     "1 ngày làm việc", Decimal(8), "ngày làm việc", "")
        for place in (1, 2)
    )  # fmt: skip
    read = ImportedFile(
        "a.docx", True, document=DocumentData(code="QT-07", issue="02"),
        procedures=(ImportedProcedure("1.009645", "1.009645", "Cấp giấy phép", "", steps),),
    )  # fmt: skip
    kept = StoredFile.objects.create(
        agency_id=pair.taker.agency_id, stored_by=None, stored_at=NOW, name="a.docx",
        content_type="x", size=1, sha256="0" * 64,
    )  # fmt: skip
    (told,) = drafts.procedure_import(
        actor=pair.taker.actor("lan"), file="a.docx", data=b"", imported=read, file_id=kept.id,
        now=LATER,
    )  # fmt: skip
    assert told.revision_id is None
    assert "theo mẫu" in told.refusal, told
