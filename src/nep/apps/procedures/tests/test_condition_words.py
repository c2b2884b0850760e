"""Conditions in words over the labels of fields, and the words read back."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from nep.apps.procedures.rules.carried import Carried, DataField
from nep.apps.procedures.rules.condition_words import (
    condition_of,
    condition_words,
    printed_condition,
    same_condition,
)
from nep.apps.procedures.rules.edits import Changed, Edit, apply
from nep.apps.procedures.tests.scene import draft
from nep.bpmn import ConditionError, parse_condition

FIELDS = (
    DataField("thay_doi_dia_chi", "Thay đổi địa chỉ", "yes_no"),
    DataField("ket_qua_tham_dinh", "Kết quả thẩm định", "choice", choices=("Đạt", "Chưa đạt")),
    DataField("dien_tich", "Diện tích (m²)", "number"),
    DataField("muc_phi", "Mức phí", "money"),
    DataField("ngay_nop", "Ngày nộp", "date"),
    DataField("ho_va_ten", "Họ và tên"),
)
LABELS = {one.name: one for one in FIELDS}


@pytest.mark.parametrize(
    ("condition", "words"),
    [
        ("thay_doi_dia_chi = true", "Thay đổi địa chỉ: có"),
        ("thay_doi_dia_chi", "Thay đổi địa chỉ: có"),
        ("thay_doi_dia_chi != đúng", "Thay đổi địa chỉ: không"),
        ('ket_qua_tham_dinh = "Đạt"', "Kết quả thẩm định là Đạt"),
        ("'Đạt' != ket_qua_tham_dinh", "Kết quả thẩm định khác Đạt"),
        (
            'ket_qua_tham_dinh in ("Đạt", "Chưa đạt")',
            "Kết quả thẩm định thuộc (Đạt, Chưa đạt)",
        ),
        ("dien_tich >= 1250.5", "“Diện tích (m²)” (dien_tich) từ 1.250,5"),
        ("muc_phi <= 150000", "Mức phí không quá 150.000 đồng"),
        ('ngay_nop < "2026-07-01"', "Ngày nộp trước ngày 01/07/2026"),
        ('ho_va_ten = "An và Bình"', "“Họ và tên” là “An và Bình”"),
        (
            '(muc_phi > 5 or thay_doi_dia_chi) and not (ket_qua_tham_dinh = "Đạt")',
            "(Mức phí trên 5 đồng hoặc Thay đổi địa chỉ: có) và không phải "
            "(Kết quả thẩm định là Đạt)",
        ),
        ('so_lan = "2"', "so_lan là “2”"),
        ("ket_qua =", "ket_qua ="),
    ],
)
def test_a_condition_is_said_from_the_labels_of_its_fields(condition, words):
    assert condition_words(condition, LABELS) == words


_operands = some.sampled_from([one.name for one in FIELDS] + ["so_lan", "la_thu"])
_values = some.one_of(
    some.integers(-2000, 2_000_000).map(str),
    some.sampled_from(["true", "false", '"2026-02-28"', '"12"', '"có"', "la_thu"]),
    some.text("aĐ và,(“”:.là05", min_size=0, max_size=9).map(lambda one: f'"{one}"'),
)
_atoms = some.one_of(
    _operands,
    some.builds(
        "{} {} {}".format, _operands, some.sampled_from(["=", "!=", "<", "<=", ">", ">="]), _values
    ),
    some.builds(
        lambda one, values: f"{one} in ({', '.join(values)})",
        _operands, some.lists(_values, min_size=1, max_size=3),
    ),
)  # fmt: skip
_conditions = some.recursive(
    _atoms,
    lambda inner: some.one_of(
        some.builds("({}) and ({})".format, inner, inner),
        some.builds("({}) or ({})".format, inner, inner),
        some.builds("not ({})".format, inner),
    ),
    max_leaves=4,
)


@settings(max_examples=80, deadline=None)
@given(_conditions)
def test_what_is_printed_is_read_back_as_the_same_condition_without_the_labels(condition):
    printed = printed_condition(condition, LABELS)

    assert same_condition(condition_of(printed, {}), condition)


@pytest.mark.parametrize(
    "condition", ["thay_doi_dia_chi", 'ket_qua_tham_dinh = "Đạt"', "muc_phi > 5"]
)
def test_words_never_parse_as_the_language_itself(condition):
    with pytest.raises(ConditionError):
        parse_condition(condition_words(condition, LABELS))


def test_a_condition_typed_in_words_is_kept_in_the_language():
    start = draft(carried={"b1": Carried(fields=FIELDS)})
    typed = {"name": "Làm lại", "target": "b1", "bound": "2"}

    answer = apply(
        start, Edit("branch_put", "b2", {**typed, "condition": "Kết quả thẩm định là Chưa đạt"})
    )
    unknown = apply(start, Edit("branch_put", "b2", {**typed, "condition": "Màu là Đỏ"}))

    assert isinstance(answer, Changed)
    assert answer.draft.table.step("b2").branches[-1].condition == 'ket_qua_tham_dinh = "Chưa đạt"'
    assert not isinstance(unknown, Changed) and unknown.code == "condition_unreadable"
