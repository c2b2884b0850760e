from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from nep.apps.organization.tests.scene import NOW
from nep.apps.planning import queries, services
from nep.apps.planning.models import Risk, RiskMove
from nep.apps.planning.rules import risks
from nep.apps.planning.tests import scene
from nep.apps.work.models import WorkItem
from nep.apps.work.services import item_hand_over
from nep.foundation.db.doctor import examine
from nep.foundation.journal.models import JournalEntry
from nep.foundation.outbox.worker import drain
from nep.kernel.errors import Forbidden, NotFound, Refusal

pytestmark = pytest.mark.django_db


def item(risk_id: int) -> WorkItem | None:
    return WorkItem.objects.filter(source_type="risk", source_id=risk_id, state=0).first()


def refused(code: str, act, *args, **values) -> None:
    with pytest.raises(Refusal) as refusal:
        act(*args, **values)
    assert refusal.value.code == code


def test_a_risk_goes_its_whole_way_and_each_step_finds_its_person(agency):
    risk_id = scene.opened(agency)
    assert (item(risk_id).step_label, item(risk_id).person_id) == (
        "Đánh giá mức rủi ro", agency.scene.people["lan"]
    )  # fmt: skip
    scene.rated(agency, risk_id)
    assert item(risk_id).step_label == "Chọn cách ứng phó rủi ro"
    action_id = scene.acted(agency, risk_id)
    assert item(risk_id) is None  # the action has its own item
    refused("actions_running", scene.verified, agency, risk_id)
    scene.done_and_checked(agency, action_id)
    drain(now=NOW + timedelta(minutes=1))
    assert (item(risk_id).step_label, item(risk_id).role) == (
        "Kiểm tra cách ứng phó, đánh giá mức còn lại", "qmr"
    )  # fmt: skip
    scene.verified(agency, risk_id)

    row = Risk.objects.get()
    assert (row.state, row.product, row.level, row.left_product, row.left_level, row.item_id) == (
        "verified", 12, "medium", 4, "low", None
    )  # fmt: skip
    assert JournalEntry.objects.filter(object_type="risk", object_id=str(risk_id)).count() == 4
    assert [found for _, found in examine(parts=("planning",)) if found] == []


ACTS = {
    risks.CHANGE: lambda at, id_: services.risk_change(
        actor=at.actor("thu"), risk_id=id_, now=NOW, version=Risk.objects.get(pk=id_).version,
        values=services.RiskValues("risk", "Hồ sơ dồn vào tuần cuối tháng")),
    risks.ASSIGN: lambda at, id_: services.risk_assign(
        actor=at.actor("thu"), risk_id=id_, owner_id=at.scene.people["toan"], now=NOW),
    risks.RATE: lambda at, id_: scene.rated(at, id_),
    risks.ACT: lambda at, id_: scene.acted(at, id_),
    risks.ACCEPT: lambda at, id_: scene.accepted(at, id_),
    risks.VERIFY: lambda at, id_: scene.verified(at, id_),
    risks.RETURN: lambda at, id_: services.risk_return(
        actor=at.actor("qmr"), risk_id=id_, reason="Chưa thấy tin nhắn.", now=NOW),
    risks.HAPPEN: lambda at, id_: services.risk_happen(
        actor=at.actor("lan"), risk_id=id_, text="Bốn hồ sơ trễ.", on=NOW.date(), now=NOW),
    risks.CLOSE: lambda at, id_: scene.closed(at, id_),
}  # fmt: skip


@pytest.mark.parametrize("state", risks.STATES)
def test_every_move_that_the_table_does_not_hold_leaves_the_row_unchanged(agency, state):
    risk_id = scene.opened(agency)
    scene.brought(agency, risk_id, state)
    before, steps = Risk.objects.values().get(), RiskMove.objects.count()
    assert before["state"] == state
    assert set(ACTS) == set(risks.MOVES)

    for move, act in ACTS.items():
        if (state, move) not in risks.LIFE:
            with pytest.raises(Refusal):
                act(agency, risk_id)
            assert Risk.objects.values().get() == before
    assert RiskMove.objects.count() == steps


def test_the_product_is_computed_and_the_database_takes_no_other(agency):
    risk_id = scene.opened(agency, steps=(5, 5))
    assert (Risk.objects.get().product, Risk.objects.get().state) == (25, "rated")
    with pytest.raises(IntegrityError), transaction.atomic():
        Risk.objects.filter(pk=risk_id).update(product=6)
    refused("step_unknown", scene.rated, agency, risk_id, likelihood=6)


def test_who_owns_or_rated_it_neither_accepts_nor_verifies(agency):
    owned = scene.opened(agency, owner="qmr", steps=(1, 2))
    refused("doer_is_judge", scene.accepted, agency, owned)
    rated = scene.opened(agency, by="qmr", steps=(1, 2))
    refused("doer_is_judge", scene.accepted, agency, rated)


def test_a_high_risk_is_accepted_by_the_head_alone(agency):
    risk_id = scene.opened(agency, steps=(4, 4))
    refused("level_high", scene.accepted, agency, risk_id)
    scene.accepted(agency, risk_id, by="ha")
    assert Risk.objects.get().state == "accepted"


def test_it_is_asked_again_on_its_day_and_rated_anew_in_a_new_round(agency):
    risk_id = scene.opened(agency)
    scene.brought(agency, risk_id, risks.VERIFIED)
    assert services.risks_review_due(now=scene.LATER) == 0
    later = scene.LATER.replace(year=2027, month=7, day=1)
    assert [services.risks_review_due(now=later) for _ in range(2)] == [1, 0]
    assert item(risk_id).step_label == "Xem lại rủi ro"
    scene.rated(agency, risk_id, likelihood=2, impact=2, now=later)

    row = Risk.objects.get()
    assert (row.state, row.round, row.left_product, row.judged_by_id) == ("rated", 2, None, None)
    scene.acted(agency, risk_id, now=later, due_on=later.date())
    refused("actions_running", scene.verified, agency, risk_id, now=later)


def test_thresholds_of_the_agency_move_the_levels_of_what_was_rated_by_that_method(agency):
    scene.opened(agency, steps=(3, 4))
    changed = services.risk_scale_set(
        actor=agency.actor("thu"), method="quantitative", medium_from=4, high_from=12, now=NOW
    )
    assert (changed, Risk.objects.get().level) == (1, "high")
    services.risk_scale_set(
        actor=agency.actor("thu"), method="qualitative", medium_from=3, high_from=6, now=NOW
    )
    today = NOW.date()
    found = queries.risk_register(
        actor=agency.actor("thu"), filter=queries.RiskFilter(), today=today
    )
    assert (len(found.matrix), found.elsewhere, found.high) == (3, 1, 1)
    refused(
        "thresholds", services.risk_scale_set, actor=agency.actor("thu"), method="qualitative",
        medium_from=6, high_from=6, now=NOW,
    )  # fmt: skip


def test_a_step_of_a_procedure_is_kept_in_words_and_an_unknown_one_refused(agency):
    ((procedure_id, text),) = queries.procedure_choices(agency.scene.agency_id)
    scene.opened(agency, procedure_id=procedure_id, step=3)
    row = Risk.objects.get()
    assert row.procedure_text.startswith(text.split(",")[0])
    assert (row.node, row.step_text) == ("b3", "Bước 3, Thẩm định hồ sơ")
    refused("step_unknown", scene.opened, agency, procedure_id=procedure_id, step=40)
    refused("procedure_unknown", scene.opened, agency, procedure_id=1)


def test_another_agency_reaches_nothing_and_a_viewer_writes_nothing(agency, other_agency):
    risk_id = scene.opened(agency)
    with pytest.raises(NotFound):
        services.risk_rate(
            actor=other_agency.actor("ha"), risk_id=risk_id, likelihood=1, impact=1, now=NOW
        )
    refused("owner_unknown", scene.opened, agency, owner_id=other_agency.people["lan"])
    agency.scene.person("xem", "Người Xem", ("", "viewer", ""))
    with pytest.raises(Forbidden):
        scene.opened(agency, by="xem")


def test_a_handed_over_item_takes_the_risk_with_it(agency):
    risk_id = scene.opened(agency)
    item_hand_over(
        actor=agency.actor("toan"), now=NOW, item_id=item(risk_id).pk, reason="Đi học tập trung.",
        receiver_id=agency.scene.people["thu"],
    )  # fmt: skip
    assert Risk.objects.get().owner_id == agency.scene.people["thu"]


def test_ranked_and_folded_for_others(agency):
    scene.opened(agency, steps=(2, 2))
    scene.opened(agency, steps=(5, 4), title="Phần mềm một cửa ngừng chạy")
    scene.opened(agency, kind="opportunity", title="Ký số tại quầy", steps=(4, 4))
    agency_id = agency.scene.agency_id
    ranked = queries.risks_of(agency_id=agency_id, today=NOW.date())
    assert [one.now_product for one in ranked] == [20, 16, 4]
    assert {(one.kind, one.count) for one in queries.evidence([agency_id])} == {
        ("risk", 2), ("opportunity", 1)
    }  # fmt: skip
