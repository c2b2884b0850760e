from datetime import timedelta

import pytest

from nep.apps.actions.models import Action
from nep.apps.organization import queries as organization
from nep.apps.organization.models import Appointment, Person
from nep.apps.organization.tests.scene import NOW
from nep.apps.reviews import queries, services
from nep.apps.reviews.models import FrozenInputs, Review, ReviewMove
from nep.apps.reviews.queries._inputs import TOPICS
from nep.apps.reviews.rules import life
from nep.apps.reviews.tests import scene
from nep.apps.work.models import WorkItem
from nep.foundation.db.doctor import examine
from nep.foundation.journal.models import JournalEntry
from nep.kernel.errors import Conflict, Forbidden, NotFound, Refusal

pytestmark = pytest.mark.django_db


def items(review_id: int) -> dict[int, str]:
    rows = WorkItem.objects.filter(link__startswith=f"/xem-xet/{review_id}/", state=0)
    return {row.person_id: row.step_label for row in rows}


def refused(code: str, act, *args, **values) -> None:
    with pytest.raises(Refusal) as refusal:
        act(*args, **values)
    assert refusal.value.code == code


def sound() -> bool:
    return [found for _, found in examine(parts=("reviews", "actions", "work")) if found] == []


def test_a_review_goes_its_whole_way_and_each_step_finds_its_person(agency):
    people = agency.people
    review_id = scene.prepared(agency)
    assert items(review_id) == {
        people["thu"]: "Họp, ghi biên bản", people["giam"]: "Dự họp", people["toan"]: "Dự họp"
    }  # fmt: skip
    scene.written(agency, review_id)
    assert items(review_id) == {people["giam"]: "Đọc và phê duyệt biên bản"}
    scene.returned(agency, review_id)
    assert items(review_id) == {people["thu"]: "Sửa biên bản bị trả lại"}
    assert not Action.objects.exists()  # nothing is given before the head has approved it
    scene.written(agency, review_id)
    scene.approved(agency, review_id)

    action = Action.objects.get()
    assert (action.origin_kind, action.origin_id, action.clause) == (
        "review", review_id, "2015:9.3.3 c"
    )  # fmt: skip
    assert (action.owner_id, action.due_on, action.opened_by_id) == (
        people["toan"], scene.DUE, people["giam"]
    )  # fmt: skip
    assert items(review_id) == {}
    told = JournalEntry.objects.filter(object_type="review").order_by("id")
    assert [one.action.partition(".")[2] for one in told] == [
        "open", "write", "return", "write", "approve"
    ]  # fmt: skip
    assert sound()


def test_what_is_frozen_stays_when_the_data_or_a_later_freezing_says_something_else(agency):
    review_id = scene.prepared(agency)
    first = FrozenInputs.objects.get()
    people = next(one for one in first.content if one["key"] == "resources")["facts"][0]
    agency.person("moi", "Cao Văn Mới", ("PKH", "specialist", "Chuyên viên"))
    page = queries.review_page(actor=agency.actor("thu"), review_id=review_id, today=scene.TODAY)
    kept = {one.key: one for one in page.inputs}["resources"].facts[0]
    assert (kept.value, page.inputs_hash) == (people["value"], first.sha256)

    services.review_freeze(
        actor=agency.actor("thu"), review_id=review_id, now=NOW + timedelta(days=1)
    )

    assert FrozenInputs.objects.get(number=1).content == first.content
    newer = FrozenInputs.objects.get(number=2)
    again = next(one for one in newer.content if one["key"] == "resources")["facts"][0]
    assert int(again["value"]) == int(people["value"]) + 1
    assert newer.sha256 != first.sha256


def test_every_topic_that_an_edition_names_is_filled_and_said_in_words(agency):
    for edition, demands in queries.all_demands().items():
        review_id = scene.prepared(agency, edition=edition)
        page = queries.review_page(
            actor=agency.actor("thu"), review_id=review_id, today=scene.TODAY
        )
        assert [one.key for one in page.inputs] == [one.key for one in demands.inputs]
        assert all(one.told for one in page.inputs)
        suppliers = " ".join(text for one in page.inputs for text in one.told)
        assert edition == "2008" or "nhà cung cấp bên ngoài (điều 8.4)" in suppliers
        scene.dropped(agency, review_id)
    named = {name for one in queries.all_demands().values() for each in one.inputs
             for name in each.sources}  # fmt: skip
    assert set(TOPICS) == named


def test_whoever_is_called_says_under_their_name_what_others_may_not(agency):
    review_id = scene.prepared(agency)

    def said(who: str, key: str = "resources", text: str = "Phòng thiếu một người.") -> None:
        services.review_opine(
            actor=agency.actor(who), review_id=review_id, input_key=key, text=text, now=NOW
        )

    codes = []
    for wrong in (("lan",), ("toan", "unknown"), ("toan", "audits", "Ừ")):
        with pytest.raises(Refusal) as refused:
            said(*wrong)
        codes.append(refused.value.code)
    services.review_remark(
        actor=agency.actor("thu"), review_id=review_id, remarks={"resources": "Đủ máy."}, now=NOW
    )
    before = Review.objects.get(pk=review_id).version
    said("toan")
    with pytest.raises(Conflict):  # a page opened before would take the opinion back
        services.review_remark(
            actor=agency.actor("thu"),
            review_id=review_id,
            remarks={"resources": "Đủ."},
            now=NOW,
            expected_version=before,
        )
    kept = Review.objects.get(pk=review_id).remarks

    assert codes == ["not_called", "input_unknown", "opinion_missing"]
    assert list(kept) == ["resources"]
    first, second = kept["resources"].split("\n")
    assert (first, second.partition(": ")[2]) == ("Đủ máy.", "Phòng thiếu một người.")
    assert second.startswith("Đặng Văn Toàn")


ACTS = {
    life.FREEZE: lambda at, id_: services.review_freeze(
        actor=at.actor("thu"), review_id=id_, now=scene.MET),
    life.REMARK: lambda at, id_: services.review_remark(
        actor=at.actor("thu"), review_id=id_, remarks={"audits": "Đủ."}, now=scene.MET),
    life.OPINE: lambda at, id_: services.review_opine(
        actor=at.actor("thu"), review_id=id_, input_key="audits", text="Nên thêm người.",
        now=scene.MET),
    life.PLAN: lambda at, id_: services.review_plan(
        actor=at.actor("thu"), review_id=id_, now=NOW,
        plan=services.ReviewPlan(scene.MEETS, at.people["giam"], (at.people["thu"],))),
    life.WRITE: lambda at, id_: scene.written(at, id_, follow=True),
    life.RETURN: lambda at, id_: scene.returned(at, id_),
    life.APPROVE: lambda at, id_: scene.approved(at, id_),
    life.DROP: lambda at, id_: scene.dropped(at, id_),
}  # fmt: skip


@pytest.mark.parametrize("state", sorted(life.STATE_NAMES))
def test_every_move_that_the_table_does_not_hold_leaves_the_row_unchanged(agency, state):
    review_id = scene.prepared(agency)
    scene.brought(agency, review_id, state)
    before = Review.objects.values().get(pk=review_id)
    steps, frozen = ReviewMove.objects.count(), FrozenInputs.objects.count()
    assert before["state"] == state
    assert set(ACTS) == set(life.MOVES) - {life.CLOSE}  # the next approval closes, nobody else

    for move, act in ACTS.items():
        if (state, move) not in life.LIFE:
            with pytest.raises(Refusal):
                act(agency, review_id)
            assert Review.objects.values().get(pk=review_id) == before
    assert (ReviewMove.objects.count(), FrozenInputs.objects.count()) == (steps, frozen)


def test_the_next_review_looks_at_every_decision_of_the_last_and_closes_it(agency):
    first = scene.prepared(agency)
    scene.brought(agency, first, life.APPROVED)
    later = scene.MET + timedelta(days=200)
    following = scene.prepared(agency, now=later)
    page = queries.review_page(actor=agency.actor("thu"), review_id=following, today=later.date())
    (fact,) = {one.key: one for one in page.inputs}["previous"].facts
    assert "Mua máy in cho quầy" in fact.label
    assert fact.value == "Quá hạn"
    held = later + timedelta(days=5)
    given = {"now": held, "decisions": ()}
    refused("follow_missing", scene.written, agency, following, **given)
    scene.written(agency, following, follow=True, **given)
    assert Review.objects.get(pk=first).state == "approved"
    scene.approved(agency, following, now=held)

    assert Review.objects.get(pk=first).state == "closed"
    assert "XX 01/2027" in Review.objects.get(pk=first).end_note
    assert [one["title"] for one in Review.objects.get(pk=following).minutes["followed"]] == [
        "Mua máy in cho quầy"
    ]
    assert queries.register(actor=agency.actor("thu"), today=held.date()).days == 0
    assert sound()


def test_only_one_review_is_on_its_way_and_its_people_are_known(agency, other_agency):
    scene.prepared(agency)

    refused("review_running", scene.prepared, agency)
    Review.objects.all().delete()
    refused("chair_leader", scene.prepared, agency, chair_id=agency.people["toan"])
    refused("people_unknown", scene.prepared, agency, people=(other_agency.people["toan"],))
    refused("people_few", scene.prepared, agency, people=(agency.people["giam"],))
    refused("edition_unknown", scene.prepared, agency, edition="2000")


def test_who_was_not_called_was_not_there_and_owners_work_here(agency, other_agency):
    review_id = scene.prepared(agency)
    people, stranger = agency.people, other_agency.people["toan"]
    far = (life.Decided("Mua máy in", stranger, scene.DUE),)

    refused("present_unknown", scene.written, agency, review_id,
            present=frozenset({people["giam"], people["huy"]}))  # fmt: skip
    refused("owner_unknown", scene.written, agency, review_id, decisions=far)


def test_the_head_approves_what_was_read(agency):
    review_id = scene.prepared(agency)
    scene.written(agency, review_id)
    read = Review.objects.get().minutes_hash
    scene.written(agency, review_id, decisions=())

    refused("minutes_changed", scene.approved, agency, review_id, read=read)
    with pytest.raises(Forbidden):
        scene.approved(agency, review_id, by="toan")


def test_a_changed_plan_calls_everybody_anew(agency):
    review_id = scene.prepared(agency)
    people, day = agency.people, scene.MEETS + timedelta(days=7)

    services.review_plan(
        actor=agency.actor("thu"), review_id=review_id, now=NOW,
        plan=services.ReviewPlan(day, people["ha"], (people["huy"], people["thu"])),
    )  # fmt: skip

    assert items(review_id) == {
        people["thu"]: "Họp, ghi biên bản", people["ha"]: "Dự họp", people["huy"]: "Dự họp"
    }  # fmt: skip
    assert {row.due_at.date() for row in WorkItem.objects.filter(state=0)} == {day}
    scene.dropped(agency, review_id)
    assert items(review_id) == {}
    assert sound()


def test_another_agency_finds_nothing(agency, other_agency):
    review_id = scene.prepared(agency)
    other_agency.person("kia", "Bùi Thị Kia", ("PKH", "iso_secretary", "Thư ký ISO"))

    with pytest.raises(NotFound):
        queries.review_page(actor=other_agency.actor("kia"), review_id=review_id, today=scene.TODAY)
    with pytest.raises(NotFound):
        services.review_freeze(actor=other_agency.actor("kia"), review_id=review_id, now=NOW)
    assert queries.register(actor=other_agency.actor("kia"), today=scene.TODAY).lines == ()


def test_doctor_sees_what_was_changed_behind_the_services(agency):
    review_id = scene.prepared(agency)
    scene.brought(agency, review_id, life.APPROVED)
    frozen = FrozenInputs.objects.get()
    content = [{**one, "told": ["Đẹp hơn."]} for one in frozen.content]
    FrozenInputs.objects.update(content=content)
    Review.objects.update(minutes={**Review.objects.get().minutes, "verdict": "not"})

    told = {one.code for _, found in examine(parts=("reviews",)) for one in found}

    assert told == {"reviews_inputs", "reviews_minutes"}


def test_approved_minutes_are_evidence_for_the_clauses_of_the_review(
    agency, other_agency, django_assert_num_queries
):
    review_id = scene.prepared(agency)
    assert queries.evidence([agency.agency_id]) == ()
    scene.brought(agency, review_id, life.APPROVED)

    with django_assert_num_queries(2):
        found = queries.evidence([agency.agency_id, other_agency.agency_id])
    own = {"agency_id": agency.agency_id, "since": NOW - timedelta(days=1)}
    (signed,), written = queries.signs_of(**own)
    assert signed.title.startswith("Biên bản xem xét XX")
    assert [one.text for one in written] == ["Đặt máy in ở quầy."]

    assert {one.clause for one in found} == {"9.3.1", "9.3.2", "9.3.3", "10.3"}
    assert {(one.agency_id, one.count, one.kind) for one in found} == {
        (agency.agency_id, 1, "review")
    }
    (line,) = queries.reviews_of(agency_id=agency.agency_id, year=scene.MEETS.year)
    assert queries.newest_review(agency_id=agency.agency_id) == line
    assert queries.newest_review(agency_id=other_agency.agency_id) is None
    assert (line.id, line.is_done, line.decided, line.left) == (review_id, True, 1, 1)


def test_a_decision_keeps_the_day_of_the_meeting_though_the_approval_came_later(agency):
    due_on = scene.MEETS + timedelta(days=2)
    printer = life.Decided("Mua máy in cho quầy", agency.people["toan"], due_on, "resources")
    review_id = scene.prepared(agency)
    scene.written(
        agency, review_id, held_on=scene.MEETS, decisions=(printer,),
        now=scene.MET + timedelta(days=3),
    )  # fmt: skip

    scene.approved(agency, review_id, now=scene.MET + timedelta(days=4))

    action = Action.objects.get(origin_kind="review", origin_id=review_id)
    assert (action.owner_id, action.due_on) == (agency.people["toan"], due_on)
    assert WorkItem.objects.get(pk=action.item_id).due_at < scene.MET + timedelta(days=3)


def test_what_was_given_to_somebody_who_has_left_comes_to_the_iso_secretary(agency):
    review_id = scene.prepared(agency)
    scene.written(agency, review_id)
    given = {one.title for one in Review.objects.get(pk=review_id).decisions.all()}
    Appointment.objects.filter(person_id=agency.people["toan"]).update(ends_on=scene.MEETS)
    organization.forget()

    scene.approved(agency, review_id, now=scene.MET + timedelta(days=3))

    (action,) = Action.objects.filter(origin_kind="review", origin_id=review_id)
    left = Person.objects.get(pk=agency.people["toan"]).name
    assert action.owner_id == agency.people["thu"]
    assert [f"{one} (họp giao {left}, nay không còn ở cơ quan)" for one in given] == [action.title]
