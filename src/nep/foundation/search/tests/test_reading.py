"""What was typed, and how the found words are shown."""

import pytest

from nep.foundation.search.asking import Phrase, read_question
from nep.foundation.search.marking import marked_title, same_length_fold, snippet
from nep.foundation.search.needs import best_first, read_need
from nep.foundation.search.spelling import alternatives
from nep.foundation.search.words import folded_words, index_form, parts_of_names

NONE: frozenset[str] = frozenset()


def test_marks_case_and_places_of_tones_do_not_matter():
    wanted = read_question("kiem soat hoa don").words
    assert read_question("Kiểm soát hoá đơn").words == wanted
    assert read_question("KIỂM SOÁT HÓA ĐƠN").words == wanted
    assert read_question("kiê\u0309m soát hoa\u0301 đơn").words == wanted  # decomposed


def test_quotes_ask_for_words_side_by_side():
    asked = read_question('“quy trình” cấp "giấy phép')
    assert asked.phrases == (Phrase(("quy", "trinh")), Phrase(("giay", "phep"), is_begun=True))
    assert asked.whole == ("cap",)
    assert set(asked.words) == {"quy", "trinh", "cap", "giay", "phep"}


def test_a_code_asks_for_its_parts_side_by_side():
    assert read_question("12/QĐ-UBND").phrases == (Phrase(("12", "qd", "ubnd"), is_begun=True),)
    assert read_question("QT07").phrases == (Phrase(("qt", "07"), is_begun=True),)
    assert read_question("BM-01.02 phiếu").phrases == (Phrase(("bm", "01", "02")),)
    assert read_question("cấp - đổi").phrases == ()
    assert read_question("đất,đai").phrases == ()


@pytest.mark.parametrize(
    ("typed", "whole", "begun"),
    [
        ("kiểm so", ("kiem",), ("so",)),
        ("tài liệu tài", ("tai", "lieu"), ()),
        ("q", ("q",), ()),
        ("kiểm s", ("kiem",), ("s",)),
        ('"kiểm"', ("kiem",), ()),
    ],
)
def test_the_word_being_typed_is_found_by_its_beginning(typed, whole, begun):
    asked = read_question(typed)
    assert (asked.whole, asked.begun) == (whole, begun)


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("STP-BM01-QT07/2026", "stp bm 01 qt 07 2026"),
        ("QuyTrìnhCấpPhép.docx", "quytrinhcapphep docx quy trinh cap phep"),
        ("BMQuyTrinh", "bmquytrinh bm quy trinh"),
        ("UBND TTr-SNV", "ubnd ttr snv"),
        ("Quy tri\u0300nh 5m", "quy trinh 5 m"),
    ],
)
def test_texts_are_cut_into_words_and_parts(text, form):
    assert index_form(text) == form


def test_a_long_run_without_blanks_is_cut_in_time():
    assert len(parts_of_names("a" * 200_000 + "B")) == 200_002
    assert max(map(len, folded_words("x" * 500).split())) == 60
    assert index_form("một hai ba", most=6) == "mot"


@pytest.mark.parametrize(
    ("word", "meant"),
    [("quyeetj", "quyet"), ("ddinhj", "dinh"), ("nguwowif", "nguoi"), ("trinnh", "trinh"),
     ("trnih", "trinh"), ("trih", "trinh"), ("tranh", "trinh"), ("7", "07"), ("007", "7")],
)  # fmt: skip
def test_slips_are_known(word, meant):
    assert meant in alternatives(word)
    assert word not in alternatives(word)


def test_a_need_counts_pairs_rare_words_and_titles():
    kept = {
        1: ("phieu de nghi sua doi tai lieu", "ly do"),
        2: ("bien ban ban giao ho so", "nguoi giao nguoi nhan"),
        3: ("giay nghi phep", "ly do nghi"),
    }
    need = read_need("tôi nghỉ hưu", idle={"toi"}, alike={"nghi huu": ("ban giao",)})
    assert best_first(need, kept)[0] == 2
    marked = read_need("nghỉ", idle=(), alike={"nghị": ("ban giao",)})
    assert "ban" not in marked.words


def test_nothing_typed_asks_for_nothing():
    assert not read_question("  … - / ")
    assert folded_words("Đường_số 5") == "duong so 5"


def test_words_typed_with_marks_are_known():
    assert read_question("đất dat").marked == ("đất",)


def test_folding_keeps_every_place():
    text = "Đơn đề nghị ẤN ĐỊNH – “Ở”, ß"
    assert len(same_length_fold(text)) == len(text)
    assert same_length_fold("Đường Ẫ ỵ ư Ơ") == "duong a y u o"


def test_titles_are_escaped_and_marked():
    words = read_question("dat dai").words
    assert marked_title("Luật Đất đai <2024>", words, NONE) == (
        "Luật <mark>Đất</mark> <mark>đai</mark> &lt;2024&gt;"
    )


def test_whole_words_and_beginnings_are_marked_as_they_were_asked():
    asked = read_question("ban hà")
    shown = marked_title("Ban hành, bàn 5 ban, bang QT-07ban", asked.words, asked.beginnings)
    assert shown == (
        "<mark>Ban</mark> <mark>hà</mark>nh, <mark>bàn</mark> 5 <mark>ban</mark>, bang "
        "QT-07<mark>ban</mark>"
    )


def test_a_snippet_shows_where_most_words_stand():
    text = "mở đầu kiểm. " + "chữ " * 300 + "phải kiểm soát tài liệu <b> trước khi ban hành. " * 2
    shown = snippet(text, ("kiem", "soat"), NONE)
    assert "<mark>kiểm</mark> <mark>soát</mark> tài liệu &lt;b&gt;" in shown
    assert shown.startswith("… ")
    assert snippet(text, ("vang", "mat"), NONE) == ""


def test_rows_of_dots_are_shortened_in_a_snippet():
    shown = snippet("Đơn vị đề nghị: …………………… Lý do: ________________", ("don", "ly"), NONE)
    assert "……" not in shown and "___" not in shown
    assert "<mark>Đơn</mark> vị đề nghị: …" in shown
