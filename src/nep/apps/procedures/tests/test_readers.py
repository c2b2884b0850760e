"""A new version and its readers: who of the changed steps is told what, before and after the tap."""

from datetime import timedelta

from django.urls import reverse

from nep.apps.documents.models import Reading
from nep.apps.organization.tests.scene import NOW
from nep.apps.procedures import queries, services
from nep.apps.procedures.models import Definition
from nep.apps.procedures.rules.edits import Edit
from nep.apps.procedures.tests.scene import bring_into_force, hash_of, published
from nep.apps.work.queries import open_items_of
from nep.foundation.outbox.worker import drain

LATER = NOW + timedelta(days=2)


def revised(agency, made, *edits: tuple[str, str, dict[str, str]]) -> int:
    revision_id = services.procedure_revise(
        actor=agency.actor("lan"), procedure_id=made.procedure_id, is_new_issue=False,
        change_note="Rút ngắn thẩm định", now=LATER,
    )  # fmt: skip
    for do, step, values in edits:
        services.definition_edit(
            actor=agency.actor("lan"), revision_id=revision_id, now=LATER,
            expected_version=Definition.objects.get(revision_id=revision_id).version,
            edit=Edit(do, step, values),
        )  # fmt: skip
    return revision_id


def effects(agency, revision_id: int):
    return queries.effects_of_publishing(
        agency_id=agency.agency_id, revision_id=revision_id, today=LATER.date()
    )


SHORTER = ("limit", "b2", {"amount": "1", "unit": "working_day"})


def test_only_who_holds_a_changed_step_is_told_and_only_what_changes_there(agency):
    revision_id = revised(agency, published(agency), SHORTER)
    told = effects(agency, revision_id)

    assert [one.person_id for one in told.readers] == [agency.people["huy"]]  # lan drafted it
    assert told.readers[0].words == (
        "Bước 2 “Thẩm định”: thời hạn từ “2 ngày làm việc” thành “1 ngày làm việc”",
    )
    assert told.before == "lần 01" and told.open_cases.count == 0


def test_a_removed_step_and_a_handed_over_one_tell_those_who_did_them_and_the_limit_the_counter(
    agency,
):
    revision_id = revised(
        agency, published(agency), ("remove", "b3", {}), ("role", "b2", {"role": "PKH/unit_head"}),
        ("whole_limit", "", {"amount": "4", "unit": "working_day"}),
    )  # fmt: skip
    told = {one.person_id: " ".join(one.words) for one in effects(agency, revision_id).readers}

    assert "Bỏ bước 3" in told[agency.people["ha"]]
    assert "người chịu trách nhiệm" in told[agency.people["huy"]]
    assert "người chịu trách nhiệm" in told[agency.people["toan"]]
    assert "thời hạn giải quyết" in told[agency.people["tuan"]]


def test_words_of_the_paper_are_told_where_they_are_said_to_an_applicant_and_to_nobody_else(agency):
    words = {"purpose": "Rõ người", "recipients": "Văn thư | bản giấy", "fee": "50.000 đồng"}
    told = effects(agency, revised(agency, published(agency), ("paper", "", words))).readers

    assert {said for one in told for said in one.words} == {
        "Mục 5.6. Lệ phí: nay ghi “50.000 đồng”"
    }


def test_a_first_version_tells_nobody(agency):
    made = published(agency)
    drain(now=NOW)

    assert effects(agency, made.revision_id).readers == ()
    assert not Reading.objects.exists()


def test_publishing_gives_the_difference_to_read_to_the_changed_steps_alone(agency, client):
    made = published(agency)
    agency.appoint("huy", "", "auditor", "Đánh giá viên")  # of the whole agency, besides the unit
    revision_id = revised(agency, made, SHORTER)
    bring_into_force(agency, revision_id, now=LATER)
    drain(now=LATER)

    (reading,) = Reading.objects.select_related("unit")  # who drafted it is not asked
    assert (reading.person_id, reading.unit.code) == (agency.people["huy"], "PKH")
    (item,) = open_items_of(source_type="document_reading", source_id=reading.pk)
    assert item.person_id == agency.people["huy"]
    agency.sign_in(client, "huy")
    shown = client.get(f"/tai-lieu/{made.document_id}/").content.decode()
    assert "Việc của bạn đổi như sau" in shown and "“1 ngày làm việc”" in shown
    assert reverse("procedures:differences", args=[revision_id]) in shown


def test_the_page_says_it_before_the_tap_and_the_answer_after_it(agency, client):
    revision_id = revised(agency, published(agency), SHORTER)
    services.revision_submit(
        actor=agency.actor("lan"), revision_id=revision_id, checker_id=agency.people["toan"],
        now=LATER,
    )  # fmt: skip
    services.revision_confirm(
        actor=agency.actor("toan"), revision_id=revision_id, content_hash=hash_of(revision_id),
        approver_id=agency.people["ha"], now=LATER,
    )  # fmt: skip
    agency.sign_in(client, "ha")
    shown = client.get(reverse("procedures:revision", args=[revision_id])).content.decode()
    assert "Không hồ sơ nào đang chạy theo lần 01, 1 người được giao đọc khác biệt" in shown

    sent = client.post(
        reverse("procedures:publish", args=[revision_id]),
        {"content_hash": hash_of(revision_id), "effective_from": "13/12/2026"},
        follow=True,
    )
    assert "1 người được giao đọc khác biệt" in sent.content.decode()
