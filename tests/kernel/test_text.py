"""Vietnamese text: search form, written form, order."""

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from nep.kernel import text as text_module
from nep.kernel.text import (
    clean,
    fold,
    likeness,
    named_once,
    same_words,
    shorten,
    sort_key,
    whole_number,
)


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("quy trinh", "Quy trình"),
        ("dat dai", "đất đai"),
        ("DAT DAI", "Đất  đai"),
        ("Hoá", "Hóa"),
        ("thuỷ sản", "thủy sản"),
        (unicodedata.normalize("NFD", "Nguyễn Đức Ước"), "nguyen duc uoc"),
    ],
)
def test_both_spellings_and_both_normal_forms_find_the_same_record(typed, stored):
    assert fold(typed) == fold(stored)


@pytest.mark.parametrize(
    ("one", "other", "is_same"),
    [
        ("Hoà  Thuý", "hòa thúy", True), ("NGUYỄN", "Nguyễn", True), ("An", "Ân", False),
        ("Hoa", "Hòa", False), ("Lan Hoà", "Làn Hoa", False), ("Dũng", "Đũng", False), ("", "", True),
    ],
)  # fmt: skip
def test_words_are_the_same_wherever_a_tone_mark_stands_and_no_others(one, other, is_same):
    assert same_words(one, other) is is_same


def test_different_words_stay_different():
    assert fold("ban hành") != fold("bàn hành chính")


def test_cleaning_removes_what_cannot_be_seen():
    assert clean("Hồ\u200b sơ\u00a0 \t số\u00ad 1") == "Hồ sơ số 1"


def test_text_that_prints_needs_no_looking_for_invisible_signs():
    shown = "".join(filter(str.isprintable, map(chr, range(0x110000))))
    assert not text_module._INVISIBLE.search(shown)
    assert [sign for sign in shown if sign.isspace()] == [" "]


def test_names_sort_as_in_a_vietnamese_dictionary():
    names = ["Đặng", "Dũng", "Ân", "An", "Ăn", "Ba", "Ả", "Dung"]
    assert sorted(names, key=sort_key) == ["Ả", "An", "Ăn", "Ân", "Ba", "Dung", "Dũng", "Đặng"]


@given(st.text())
@example("0\r\u0f80")
@example("0 \u0f80 1")
def test_folding_is_stable(text):
    assert fold(fold(text)) == fold(text)
    assert fold(unicodedata.normalize("NFD", text)) == fold(unicodedata.normalize("NFC", text))


def test_likeness_counts_shared_words():
    assert likeness("Lãnh đạo phòng", "lanh dao phong") == 1
    assert likeness("Lãnh đạo phòng", "Văn thư") == 0


def test_shortening_cuts_at_a_word():
    assert shorten("Cấp giấy phép xây dựng", 16) == "Cấp giấy phép…"


@pytest.mark.parametrize(
    ("text", "number"),
    [("0", 0), ("1319484417641488106", 1319484417641488106), (str(2**63 - 1), 2**63 - 1),
     (str(2**63), 0), ("-1", 0), ("１２", 0), ("9" * 40, 0), ("", 0), ("1e3", 0)],
)  # fmt: skip
def test_a_key_in_an_address_is_read_up_to_the_largest(text, number):
    assert whole_number(text) == number


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("Thủ tục đăng ký kết hôn", "thủ tục đăng ký kết hôn"),
        ("Đăng ký kết hôn", "thủ tục Đăng ký kết hôn"),
        ("Thủ tục", "thủ tục Thủ tục"),
        ("này", "thủ tục này"),
    ],
)
def test_a_kind_is_named_once(name, said):
    assert named_once("thủ tục", name) == said
