"""What was typed, and how the found words are shown."""

from nep.foundation.search.asking import folded_words, read_question
from nep.foundation.search.marking import marked_title, same_length_fold, snippet


def test_marks_case_and_places_of_tones_do_not_matter():
    wanted = read_question("kiem soat hoa don").words
    assert read_question("Kiểm soát hoá đơn").words == wanted
    assert read_question("KIỂM SOÁT HÓA ĐƠN").words == wanted
    assert read_question("kiê\u0309m soát hoa\u0301 đơn").words == wanted  # decomposed


def test_quotes_ask_for_words_side_by_side():
    asked = read_question('“quy trình” cấp "giấy phép')
    assert asked.phrases == ("quy trinh", "giay phep")
    assert set(asked.words) == {"quy", "trinh", "cap", "giay", "phep"}


def test_a_symbol_asks_for_its_parts_side_by_side():
    assert read_question("12/QĐ-UBND").phrases == ("12 qd ubnd",)
    assert read_question("BM-01.02 phiếu").phrases == ("bm 01 02",)
    assert read_question("cấp - đổi").phrases == ()


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
    assert marked_title("Luật Đất đai <2024>", words) == (
        "Luật <mark>Đất</mark> <mark>đai</mark> &lt;2024&gt;"
    )


def test_a_snippet_shows_where_most_words_stand():
    text = "mở đầu kiểm. " + "chữ " * 300 + "phải kiểm soát tài liệu <b> trước khi ban hành. " * 2
    shown = snippet(text, read_question("kiem soat").words)
    assert "<mark>kiểm</mark> <mark>soát</mark> tài liệu &lt;b&gt;" in shown
    assert shown.startswith("… ")
    assert snippet(text, read_question("vắng mặt").words) == ""
