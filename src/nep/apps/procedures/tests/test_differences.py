"""What changed between two contents of a procedure, as values."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as some

from nep.apps.procedures.rules.carried import (
    Carried,
    DataField,
    FormRef,
    KeptRecord,
    carried_text,
    read_carried,
)
from nep.apps.procedures.rules.differences import differences
from nep.apps.procedures.rules.draft import content_hash
from nep.apps.procedures.rules.edits import Changed, Edit, apply
from nep.apps.procedures.rules.paper import Paper
from nep.apps.procedures.rules.table import Table
from nep.apps.procedures.tests.scene import draft

OLD_HASH = "93d7396d27bff8c0af7808c8cd25c1abf3f08ecad1eff003a9aaeb3cafbe8410"
CARRIED = Carried(
    forms=(FormRef(7, "BM-01", "Phiếu thẩm định"),),
    record=KeptRecord("Báo cáo thẩm định", "Phòng Kế hoạch", "10 năm"),
    fields=(
        DataField("dien_tich", "Diện tích", "number", is_required=True),
        DataField("ket_qua", "Kết quả", "choice", choices=("Đạt", "Không đạt")),
    ),
)


def after(*edits: Edit, start=None):
    known = start or draft()
    for edit in edits:
        answer = apply(known, edit)
        assert isinstance(answer, Changed), answer
        known = answer.draft
    return known


def said(old, new) -> list[tuple[str, str, int, int, str]]:
    return [(one.kind, one.step, one.before, one.after, one.field) for one in differences(old, new)]


def test_equal_contents_differ_in_nothing():
    assert differences(draft(), draft()) == ()


def test_an_added_step_does_not_make_the_steps_below_it_moved():
    new = after(Edit("add_after", "b1", {"name": "Số hóa hồ sơ"}))

    assert said(draft(), new) == [("added", "b5", 0, 2, "")]
    assert differences(draft(), new)[0].words == "Thêm bước 2 “Số hóa hồ sơ”"


def test_a_removed_step_is_told_by_its_old_number():
    new = after(Edit("remove", "b3"))

    assert said(draft(), new) == [("removed", "b3", 3, 0, "")]
    assert differences(draft(), new)[0].words == "Bỏ bước 3 “Ký giấy phép”"


def test_one_moved_step_is_moved_and_the_others_stay():
    new = after(Edit("move_down", "b2"), Edit("move_down", "b2"))

    assert said(draft(), new) == [("moved", "b2", 2, 4, "")]


def test_every_changed_cell_is_a_sentence_of_its_own():
    new = after(
        Edit("rename", "b3", {"name": "Ký số giấy phép"}),
        Edit("limit", "b3", {"amount": "4", "unit": "working_hour"}),
        Edit("role", "b3", {"role": "PKH/unit_head"}),
    )

    found = differences(
        draft(), new, roles={"LD/leader": "Giám đốc", "PKH/unit_head": "Trưởng phòng"}
    )
    assert [one.words for one in found] == [
        "Bước 3 “Ký số giấy phép”: tên bước từ “Ký giấy phép” thành “Ký số giấy phép”",
        "Bước 3 “Ký số giấy phép”: người chịu trách nhiệm từ “Giám đốc” thành “Trưởng phòng”",
        "Bước 3 “Ký số giấy phép”: thời hạn từ “1 ngày làm việc” thành “4 giờ làm việc”",
    ]


def test_ways_out_are_told_with_the_flow_that_changed():
    new = after(
        Edit("branch_put", "b3", {"name": "Chưa đạt", "target": "b2", "bound": "2"}),
        Edit("branch_remove", "b2", {"branch": "b2-n1"}),
    )

    found = differences(draft(), new)
    assert [(one.step, one.field, one.element) for one in found] == [
        ("b2", "branch", "b2-n1"),
        ("b3", "branch", "b3-n1"),
    ]
    assert found[1].words.endswith("thêm nhánh “Chưa đạt” đến bước 2, tối đa 2 lần")


def test_a_way_to_a_step_that_only_got_another_number_is_no_change():
    old = after(Edit("branch_put", "b3", {"name": "Chưa đạt", "target": "b2", "bound": "2"}))
    new = after(Edit("add_after", "b1", {"name": "Số hóa hồ sơ"}), start=old)

    assert said(old, new) == [("added", "b5", 0, 2, "")]


def test_a_table_read_anew_from_word_finds_its_rows_by_name():
    steps = draft().table.steps
    shifted = (
        steps[0],
        replace(steps[2], id="b2", name="Ký  GIẤY phép"),
        replace(steps[3], id="b3"),
    )
    new = replace(draft(), table=Table("qt-khac", "Cấp giấy phép", shifted))

    assert said(draft(), new) == [
        ("changed", "b2", 3, 2, "name"),
        ("removed", "b2", 2, 0, ""),
    ]


def test_limit_and_pause_policy_belong_to_the_whole_procedure():
    new = after(
        Edit("whole_limit", values={"amount": "3", "unit": "working_day"}),
        Edit("policy", values={"policy": "none"}),
    )

    assert said(draft(), new) == [("changed", "", 0, 0, "limit"), ("changed", "", 0, 0, "policy")]


def test_the_words_of_the_paper_are_told_by_their_section():
    old = replace(draft(), paper=Paper({"purpose": "Quy định cách cấp phép"}))
    new = replace(draft(), paper=Paper({"purpose": "Quy định việc cấp phép", "fee": "Không"}))

    assert [one.words for one in differences(old, new)] == [
        "Mục 1. MỤC ĐÍCH: từ “Quy định cách cấp phép” thành “Quy định việc cấp phép”",
        "Mục 5.6. Lệ phí: nay ghi “Không”",
    ]


def test_long_words_of_the_paper_are_told_line_by_line_from_where_they_differ():
    long = "Áp dụng đối với mọi tổ chức, cá nhân " * 6
    old = Paper(
        {"scope": f"{long}trong tỉnh\n- Sở Tư pháp", "references": "- ISO 9001\n- Luật A"},
        recipients=(("Lãnh đạo Sở", ""),),
    )
    new = Paper(
        {"scope": f"{long}ngoài tỉnh\n- Sở Tư pháp\n- Sở Nội vụ", "references": "- ISO 9001"},
        recipients=(("Lãnh đạo Sở", ""), ("Văn phòng", "bản giấy")),
    )

    told = [one.words for one in differences(draft(paper=old), draft(paper=new))]

    assert len(told) == 3
    assert told[0].startswith("Mục 2. PHẠM VI: từ “…") and "trong tỉnh” thành “…" in told[0]
    assert told[0].endswith("ngoài tỉnh”; thêm “- Sở Nội vụ”")
    assert told[1] == "Mục 3. TÀI LIỆU VIỆN DẪN: bỏ “- Luật A”"
    assert told[2] == "Danh sách phân phối: thêm “Văn phòng, bản giấy”"


def test_lines_that_came_or_went_together_stay_apart():
    old = Paper({"scope": "Áp dụng tại:\n- Sở Tư pháp\n- Sở Nội vụ."})
    new = Paper(recipients=(("Lãnh đạo cơ quan", ""), ("Bộ phận Một cửa", "bản giấy")))

    assert [one.words for one in differences(draft(paper=old), draft(paper=new))] == [
        "Mục 2. PHẠM VI: bỏ trống, trước là “Áp dụng tại: - Sở Tư pháp; - Sở Nội vụ.”",
        "Danh sách phân phối: nay ghi “Lãnh đạo cơ quan; Bộ phận Một cửa, bản giấy”",
    ]


def test_what_a_step_carries_is_told_and_survives_being_written():
    old = replace(draft(), carried={"b2": CARRIED})
    fields = (
        replace(CARRIED.fields[0], is_required=False),
        DataField("ghi_chu", "Ghi chú", "long"),
    )
    new = replace(draft(), carried={"b2": replace(CARRIED, forms=(), record=None, fields=fields)})

    assert read_carried(carried_text(old.carried)) == old.carried
    assert [one.field for one in differences(old, new)] == [
        "carried_forms", "record", "data", "data", "data",
    ]  # fmt: skip


def test_the_hash_covers_what_is_carried_and_keeps_older_hashes():
    # the hash that this content had before steps could carry anything
    assert content_hash(draft()) == content_hash(replace(draft(), carried={"b2": Carried()}))
    assert content_hash(draft()) == OLD_HASH
    assert content_hash(replace(draft(), carried={"b2": CARRIED})) != OLD_HASH


def test_a_removed_step_takes_what_it_carried_with_it():
    start = replace(draft(), carried={"b2": CARRIED, "b3": CARRIED})

    assert set(after(Edit("remove", "b2"), start=start).carried) == {"b3"}


@settings(max_examples=25, deadline=None)
@given(
    some.lists(
        some.tuples(
            some.sampled_from(["move_up", "move_down", "remove", "add_after", "rename"]),
            some.sampled_from(["b1", "b2", "b3", "b4", "b5", "b6"]),
        ),
        max_size=8,
    )
)
def test_the_differences_account_for_every_row(edits):
    new = draft()
    for place, (what, step) in enumerate(edits):
        answer = apply(new, Edit(what, step, {"name": f"Việc {place}"}))
        new = answer.draft if isinstance(answer, Changed) else new

    found = differences(draft(), new)
    kinds = [one.kind for one in found]
    assert len(new.table.steps) == 4 - kinds.count("removed") + kinds.count("added")
    assert (found == ()) == (new.table == draft().table)
