"""The life of a declaration on its tables."""

from datetime import date, datetime, timedelta

import pytest

from nep.apps.conformity import queries, services
from nep.apps.conformity.models import Declaration
from nep.apps.conformity.rules import declaration as law
from nep.apps.conformity.tests import declared
from nep.apps.conformity.tests.declared import FULL, NOW, TODAY, refused
from nep.apps.organization.tests.scene import Scene
from nep.apps.procedures.models import Tthc
from nep.apps.work.models import WorkItem
from nep.foundation.db.doctor import examine
from nep.foundation.journal.models import JournalEntry
from nep.kernel.errors import Forbidden, NotFound, Refusal
from nep.kernel.vietnamese import VN

pytestmark = pytest.mark.django_db


def row(declaration_id: int) -> Declaration:
    return Declaration.objects.get(pk=declaration_id)


def items(**of) -> list[str]:
    return list(WorkItem.objects.filter(source_type="declaration", state__lt=1, **of)
                .order_by("id").values_list("role", flat=True))  # fmt: skip


def test_it_is_built_applied_confirmed_declared_and_maintained(agency, full):
    one = declared.started(agency)
    asked = [items()]
    for move in ("apply", "confirm", "declare"):
        declared.moved(agency, one, move)
        asked.append(items())
    states = []
    for kind in ("notice", "office", "web"):
        declared.posted(agency, one, kind)
        states.append(row(one).state)
    page = queries.declaration_page(actor=agency.actor("gd"), declaration_id=one, today=TODAY)

    assert asked == [["iso_secretary"], ["leader"], ["leader"], ["iso_secretary"]]
    assert states == ["declared", "declared", "maintained"]
    assert items() == []
    assert page.line.decision_number == "01/QĐ-H99.18"
    assert len(page.annex) == 1
    assert page.signer_title == "Giám đốc"
    assert page.confirmed_gates[0][0] == "Đã đánh giá nội bộ"
    assert JournalEntry.objects.filter(object_type="declaration", object_id=str(one)).count() == 8
    assert [found for _, found in examine(parts=("conformity",)) if found] == []


@pytest.mark.parametrize(
    ("move", "gone"),
    [
        ("apply", {"ground": lambda _: (None, declared.GROUND[1])}),
        ("apply", {"ground": lambda _: (declared.GROUND[0], None)}),
        ("confirm", {"audit": lambda *_: None}),
        ("confirm", {"review": lambda *_: None}),
        ("confirm", {"findings": lambda _: 1}),
        ("declare", {"locked": lambda *_: "Bản này chờ hướng dẫn của Bộ Khoa học và Công nghệ."}),
    ],
)
def test_a_missing_gate_leaves_the_row_as_it_was(agency, connect, move, gone):
    connect(FULL)
    road = {"apply": "building", "confirm": "applied", "declare": "confirmed"}
    one = declared.brought(agency, road[move])
    connect(declared.without(**gone))
    before = Declaration.objects.values().get(pk=one)

    refused("gates_open", declared.moved, agency, one, move)

    assert Declaration.objects.values().get(pk=one) == before


def test_a_tthc_without_procedure_stops_application_and_a_new_one_stops_the_decision(agency, full):
    Tthc.objects.create(agency_id=agency.scene.agency_id, code="9.999", name="Mới", folded="moi")
    one = declared.started(agency)
    told = refused("gates_open", declared.moved, agency, one, "apply")
    Tthc.objects.filter(code="9.999").delete()
    for move in ("apply", "confirm"):
        declared.moved(agency, one, move)
    Tthc.objects.create(agency_id=agency.scene.agency_id, code="9.999", name="Mới", folded="moi")

    assert "9.999" in told.message
    refused("gates_open", declared.moved, agency, one, "declare")


@pytest.mark.parametrize(
    "state", ["building", "applied", "confirmed", "declared", "maintained", "dropped"]
)
def test_a_move_not_in_the_table_leaves_the_row_unchanged(agency, full, state):
    one = declared.brought(agency, state)
    before = Declaration.objects.values().get(pk=one)
    forbidden = [m for m in ("change", "apply", "confirm", "declare", "post", "return", "drop")
                 if (state, m) not in law.LIFE]  # fmt: skip

    for move in forbidden:
        refused("declaration_state", declared.moved, agency, one, move)

    assert Declaration.objects.values().get(pk=one) == before
    assert forbidden


def test_who_started_it_does_not_confirm_it(agency, full):
    one = declared.started(agency, by="gd")
    declared.moved(agency, one, "apply")

    refused("author_confirms", declared.moved, agency, one, "confirm")
    declared.moved(agency, one, "confirm", by="ha")
    assert row(one).confirmed_by_id == agency.scene.people["ha"]


def test_going_back_forgets_the_confirmation(agency, full):
    one = declared.brought(agency, "confirmed")
    sealed = row(one).seal
    declared.moved(agency, one, "return")

    assert len(sealed) == 64
    assert (row(one).state, row(one).seal, row(one).annex) == ("building", "", [])


def test_a_changed_scope_asks_once_for_a_new_declaration_which_replaces_the_old(agency, full):
    old = declared.brought(agency, "maintained")
    calm = services.declarations_watch(now=NOW)
    Tthc.objects.filter(agency_id=agency.scene.agency_id).update(code="1.777", name="Thủ tục khác")
    asked = [services.declarations_watch(now=NOW + timedelta(days=day)) for day in (1, 2)]
    told = queries.register(actor=agency.actor("thu"))
    new = declared.started(agency, reason="scope")
    left = items(source_id=old)
    for move in ("apply", "confirm", "declare"):
        declared.moved(agency, new, move)

    assert (calm, asked) == (0, [1, 0])
    assert told.headline == "Phạm vi đã thay đổi, cần công bố lại"
    assert told.change.text == "thêm 1 thủ tục, bớt 1 thủ tục"
    assert left == []
    assert (row(old).state, row(new).state, row(new).previous_id) == ("replaced", "declared", old)


def test_the_head_is_asked_once_the_last_gate_holds(agency, connect):
    connect(declared.without(review=lambda *_: None))
    one = declared.started(agency)
    declared.moved(agency, one, "apply")
    waiting = items()
    connect(FULL)

    assert [services.declarations_watch(now=NOW), services.declarations_watch(now=NOW)] == [1, 0]
    assert (waiting, items()) == (["iso_secretary"], ["leader"])
    assert row(one).state == "applied"


def test_one_at_a_time_and_another_agency_reaches_nothing(agency, other_agency: Scene, full):
    one = declared.started(agency)

    refused("declaration_open", declared.started, agency)
    with pytest.raises(Forbidden):
        declared.moved(agency, one, "apply", by="lan")
    with pytest.raises(NotFound):
        services.declaration_drop(
            actor=other_agency.actor("ha"), declaration_id=one, reason="Thử xem.", now=NOW
        )
    declared.moved(agency, one, "drop")
    with pytest.raises(Refusal, match="lý do công bố"):
        declared.started(agency, reason="scope")  # nothing was declared before


@pytest.mark.parametrize(
    ("on", "number"), [(date(2026, 12, 31), "02/QĐ-H99.18"), (date(2027, 1, 5), "01/QĐ-H99.18")]
)
def test_a_decision_is_numbered_in_the_book_of_its_own_year(agency, full, on, number):
    declared.brought(agency, "maintained")
    again = declared.started(agency, reason="other")
    for move in ("apply", "confirm"):
        declared.moved(agency, again, move, now=declared.LATER)
    january = datetime(2027, 1, 5, 9, tzinfo=VN)
    services.declaration_declare(
        actor=agency.actor("gd", now=january), declaration_id=again, on=on, number="", now=january
    )

    assert row(again).decision_number == number
