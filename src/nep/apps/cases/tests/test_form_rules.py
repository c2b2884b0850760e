"""Layouts of the forms of the law: what a line prints, what is wrong with one, how two differ."""

from dataclasses import replace
from datetime import date

import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st

from nep.apps.cases.rules.form_editions import (
    AGENCY,
    PROVINCE,
    SHIPPED,
    Shipped,
    compare,
    edition_on,
    read_shipped,
)
from nep.apps.cases.rules.form_fields import FORM_NAMES, fields_of
from nep.apps.cases.rules.form_layout import (
    Block,
    Layout,
    Piece,
    TableColumn,
    columns_text,
    faults,
    filled,
    layout_data,
    plain,
    read_columns,
    read_layout,
)

SHIPPED_ONES = read_shipped(settings.LEGAL_FORMS)
VALUES = {"applicant_name": "Lê An", "code": "H99", "reason": "", "number": "05"}


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("Kính gửi: {applicant_name}", "Kính gửi: Lê An"),
        ("Lý do: {reason}", ""),
        ("Mã {code}[, lý do {reason}].", "Mã H99."),
        ("Mã {code}[, của {applicant_name}].", "Mã H99, của Lê An."),
        ("[Chỉ khi có: {reason}]", ""),
        ("không có trường nào", "không có trường nào"),
    ],
)
def test_a_line_goes_with_what_it_tells(text, printed):
    assert plain(text, VALUES) == printed


def test_faces_stand_where_they_were_marked():
    assert filled("**{code}** và *nghiêng*", VALUES) == (
        Piece("H99", bold=True), Piece(" và "), Piece("nghiêng", italic=True),
    )  # fmt: skip


@given(st.text(max_size=60).filter(str.strip))
def test_a_value_is_never_read_as_layout(value):
    assert plain("Của: {code}.", {"code": value}) == f"Của: {value}."


@pytest.mark.parametrize(
    ("block", "said"),
    [
        (Block("line", text="{fee}"), "không có trường {fee}"),
        (Block("line", text="{code"), "dấu { } phải bao đúng một tên trường"),
        (Block("line", text="**{code}"), "dấu * phải có đủ hai đầu"),
        (Block("line", text="[a [b] c]"), "không lồng nhau"),
        (Block("line"), "Dòng còn trống"),
        (Block("table", source="cases"), "Mẫu này không có bảng ấy"),
        (Block("sign"), "từ một đến ba nơi ký"),
        (Block("vẽ", text="x"), "chọn loại phần"),
        (Block("line", text="x", mark=" "), "đã thấy bản gốc, hay chưa xác minh"),
    ],
)
def test_what_cannot_be_printed_is_told_in_words(block, said):
    (fault,) = faults("04", Layout("Tên", (block,)))

    assert (fault.block, said in fault.message) == (1, True), fault.message


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        ((), "chưa có cột nào"),
        ((TableColumn("A", "x"),), "bảng không có"),
        ((TableColumn("A", "name", weight=99),), "từ 0,2 đến 20"),
        ((TableColumn("A", "name", align="giữa"),), "chỉ căn được"),
    ],
)
def test_wrong_columns_are_told(columns, said):
    table = Block("table", source="papers", columns=columns)

    assert said in faults("01", Layout("Tên", (table,)))[0].message


def test_the_slip_keeps_all_its_columns():
    slip = next(one.layout for one in SHIPPED_ONES if one.form == "06")
    at = next(place for place, one in enumerate(slip.blocks) if one.kind == "table")
    shorter = replace(slip.blocks[at], columns=slip.blocks[at].columns[:-1])

    (fault,) = faults("06", replace(slip, blocks=(shorter,)))

    assert "giữ đủ các cột" in fault.message


@pytest.mark.parametrize("one", SHIPPED_ONES, ids=lambda one: one.key)
def test_every_shipped_edition_is_sound_and_the_same_as_data(one: Shipped):
    assert faults(one.form, one.layout) == ()
    assert read_layout(layout_data(one.layout)) == one.layout
    for block in one.layout.blocks:
        assert read_columns(columns_text(block.columns)) == block.columns


def test_each_form_is_shipped_and_its_sample_fills_every_field():
    assert {one.form for one in SHIPPED_ONES} == set(FORM_NAMES)
    sample = settings.LEGAL_FORMS["sample"]
    assert [name for form in FORM_NAMES for name in fields_of(form) if name not in sample] == []


def dated(since: str, until: str | None = None) -> Shipped:
    layout = Layout("x", ())
    days = date.fromisoformat(since), date.fromisoformat(until) if until else None
    return Shipped("k", "01", "n", "s", *days, "", layout)


@pytest.mark.parametrize(
    ("day", "held"),
    [("2025-01-01", None), ("2026-01-01", 0), ("2026-06-01", 1), ("2026-06-30", 1),
     ("2026-07-01", 0), ("2027-01-01", 2)],
)  # fmt: skip
def test_the_latest_edition_that_still_holds_is_used(day, held):
    known = [dated("2026-01-01"), dated("2026-06-01", "2026-06-30"), dated("2027-01-01")]

    found = edition_on([(SHIPPED, one) for one in known], on=date.fromisoformat(day))

    assert found is (None if held is None else known[held])


def test_on_one_day_the_nearer_edition_comes_first():
    shipped, province, own = dated("2026-01-01"), dated("2026-01-01"), dated("2026-01-01")
    rows = [(AGENCY, own), (PROVINCE, province), (SHIPPED, shipped)]

    assert edition_on(rows, on=date(2026, 2, 1)) is own
    assert edition_on(rows[1:], on=date(2026, 2, 1)) is province


def test_two_editions_are_told_apart_part_by_part():
    old = Layout("Phiếu", (Block("line", text="một"), Block("line", text="hai")))
    new = Layout("Thư", (Block("line", text="một"), Block("line", text="ba", mark="chưa xác minh"),
                         Block("line", text="bốn")))  # fmt: skip

    found = [(one.kind, one.old, one.new) for one in compare(old, new) if one.kind != "same"]

    assert found == [
        ("changed", "Tên: Phiếu", "Tên: Thư"), ("changed", "hai", "ba"), ("added", "", "bốn"),
    ]  # fmt: skip


def test_a_part_whose_mark_alone_changed_is_told():
    old = Layout("x", (Block("line", text="a", mark="chưa xác minh"),))

    (one,) = [
        one for one in compare(old, Layout("x", (Block("line", text="a"),))) if one.kind != "same"
    ]

    assert (one.kind, one.old_mark, one.new_mark) == ("changed", "chưa xác minh", "S")
