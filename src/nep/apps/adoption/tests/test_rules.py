"""What an adopter may change of a model, how its draft is made, how roles are proposed."""

from dataclasses import replace

import pytest

from nep.apps.adoption import rules
from nep.apps.adoption.rules import Openness
from nep.apps.procedures.rules.beside import Beside
from nep.apps.procedures.rules.carried import Carried, FormRef, KeptRecord
from nep.apps.procedures.rules.edits import Edit, apply
from nep.apps.procedures.rules.proposals import RoleChoice
from nep.apps.procedures.tests.scene import days, draft, hours
from nep.bpmn import Foreign

OPEN = Openness(limits=True, local_forms=("Báo cáo",))
MODEL = draft()
NOTE = '<bpmn:textAnnotation id="N"><bpmn:text>Của xã</bpmn:text></bpmn:textAnnotation>'


def changed(do: str, step: str = "b2", **values: str):
    return apply(MODEL, Edit(do, step, values)).draft


@pytest.mark.parametrize(
    "mine",
    [
        MODEL,
        changed("role", role="PKH/unit_head"),
        changed("limit", amount="1", unit="working_day"),
        changed("limit", amount="12", unit="working_hour"),
        changed("forms", forms="Báo cáo của xã\nPhiếu riêng"),
        changed("whole_limit", amount="4", unit="working_day"),
        replace(MODEL, beside=Beside((Foreign("process", NOTE),))),
    ],
)
def test_what_a_model_leaves_open_may_differ(mine):
    assert rules.departures(MODEL, mine, OPEN) == ()


@pytest.mark.parametrize(
    ("mine", "field"),
    [
        (changed("rename", name="Xem xét"), "name"),
        (changed("limit", amount="3", unit="working_day"), "limit"),
        (changed("limit", amount="1", unit="calendar_day"), "limit"),
        (changed("limit", unit="none"), "limit"),
        (changed("forms", "b3", forms="Tờ trình"), "forms"),
        (changed("whole_limit", amount="6", unit="working_day"), "limit"),
        (changed("policy", policy="stop"), "policy"),
        (changed("remove", "b3"), ""),
        (changed("add", name="Bước thêm"), ""),
    ],
)
def test_what_a_model_does_not_leave_open_is_refused_with_a_sentence(mine, field):
    found = rules.departures(MODEL, mine, OPEN)
    decision = rules.decide_content(MODEL, mine, OPEN, publisher="tỉnh Lam Sơn")

    assert field in {one.field for one in found}
    assert decision.code == "departs_from_model"
    assert found[0].words in decision.message and "thời hạn ngắn hơn" in decision.message


def test_a_model_may_keep_limits_closed():
    tighter = changed("limit", amount="1", unit="working_day")

    assert rules.departures(MODEL, tighter, Openness(limits=False)) != ()


def test_a_new_edition_keeps_what_the_adopter_had_of_its_own():
    mine = apply(changed("role", role="PKH/unit_head"), Edit("limit", "b2", {
        "amount": "1", "unit": "working_day"})).draft  # fmt: skip
    mine = apply(mine, Edit("forms", "b2", {"forms": "Báo cáo của xã"})).draft
    table = MODEL.table
    later = replace(
        MODEL,
        table=replace(table, steps=(*table.steps, replace(table.steps[0], id="b9", name="Lưu"))),
    )
    made = rules.adopted(later, roles={}, words={"MC/reception": "Một cửa"}, openness=OPEN,
                         kept=mine)  # fmt: skip

    step = made.table.step("b2")
    assert (step.role, step.limit, step.forms) == ("PKH/unit_head", days(1), ("Báo cáo của xã",))
    new = made.table.step("b9")
    assert (new.role, new.fact("responsible")) == ("", "Một cửa")
    assert rules.departures(later, made, OPEN) == ()


def test_a_limit_that_the_new_edition_makes_shorter_still_is_not_kept_longer():
    shorter = replace(MODEL, table=replace(MODEL.table, steps=tuple(
        replace(step, limit=hours(2)) if step.id == "b2" else step for step in MODEL.table.steps
    )))  # fmt: skip
    made = rules.adopted(shorter, roles={}, words={}, openness=OPEN, kept=MODEL)

    assert made.table.step("b2").limit == hours(2)


def test_forms_of_the_publishers_library_come_as_names_and_records_without_its_places():
    carried = {"b2": Carried((FormRef(7, "BM-01", "Biên bản"),), KeptRecord("Biên bản", "Kho A"))}
    made = rules.for_adopters(replace(MODEL, carried=carried))

    assert made.table.step("b2").forms == ("Báo cáo", "BM-01 Biên bản")
    assert made.carried["b2"] == Carried(record=KeptRecord("Biên bản"))


def test_roles_are_proposed_by_key_memory_unit_name_and_kind():
    choices = (
        RoleChoice("VHXH/specialist", "Phòng Văn hóa - Xã hội", "specialist", ""),
        RoleChoice("KT/specialist", "Phòng Kinh tế", "specialist", ""),
        RoleChoice("TTPVHCC/reception", "Trung tâm Phục vụ hành chính công", "reception", ""),
        RoleChoice("LD/leader", "Lãnh đạo UBND", "leader", ""),
        RoleChoice("VPHD/unit_head", "Văn phòng HĐND và UBND", "unit_head", ""),
        RoleChoice("VHXH/unit_head", "Phòng Văn hóa - Xã hội", "unit_head", ""),
    )
    keys = {
        "LD/leader": "Lãnh đạo cơ quan, Lãnh đạo", "MC/reception": "Bộ phận Một cửa",
        "KTHT/specialist": "Chuyên viên, Phòng Kinh tế", "X/specialist": "Công chức tư pháp",
        "ngoai/Công an xã": "Công an xã", "Y/auditor": "Đánh giá viên", "VP/unit_head": "Trưởng phòng, Văn phòng Sở",
    }  # fmt: skip
    found = rules.propose_roles(keys, choices, {"cong chuc tu phap": "VHXH/specialist"})

    assert found == {
        "LD/leader": "LD/leader", "MC/reception": "TTPVHCC/reception",
        "KTHT/specialist": "KT/specialist", "X/specialist": "VHXH/specialist",
        "ngoai/Công an xã": "ngoai/Công an xã", "Y/auditor": "", "VP/unit_head": "VPHD/unit_head",
    }  # fmt: skip


def test_only_publishers_publish_and_only_the_province_what_is_not_its_own():
    assert rules.decide_publisher(kind="so", is_province=False, is_own=True)
    assert rules.decide_publisher(kind="so", is_province=True, is_own=False)
    assert not rules.decide_publisher(kind="so", is_province=False, is_own=False)
    assert not rules.decide_publisher(kind="xa", is_province=True, is_own=True)


def test_how_an_adoption_stands():
    known = {"declined": 0, "newest": 2, "revision_state": "in_force"}

    assert rules.state_of(number=2, **known) == rules.CURRENT
    assert rules.state_of(number=2, **{**known, "revision_state": "draft"}) == rules.DRAFTING
    assert rules.state_of(number=2, **{**known, "revision_state": "dropped"}) == rules.DRIFTED
    assert rules.state_of(number=1, **known) == rules.DRIFTED
    assert rules.state_of(number=1, **{**known, "declined": 2}) == rules.DECLINED
