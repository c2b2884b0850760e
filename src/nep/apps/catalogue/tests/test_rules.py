"""Reading what the portal publishes: glued tables, durations, fees, papers, codes."""

from datetime import date

import pytest

from nep.apps.catalogue import rules
from nep.apps.catalogue.tests.make import record

HEAD = "Hình thức nộpThời gianPhí, lệ phíMô tả"


@pytest.mark.parametrize(
    ("text", "expected", "doubts"),
    [
        ("Trực tuyến3 Ngày làm việcMiễn phí",
         [("Trực tuyến", "3", "working_day", "3 ngày làm việc", "miễn phí")], set()),
        ("Trực tiếp0,5 Ngày làm việc10,000 Việt Nam Đồng(một lần)Ghi chú",
         [("Trực tiếp", "0.5", "working_day", "0,5 ngày làm việc", "10.000 đồng (một lần)")], set()),
        ("Trực tiếp30 NgàyĐơn nộp", [("Trực tiếp", "30", "calendar_day", "30 ngày", "")],
         {"limit_kind"}),
        ("Trực tuyến1Miễn phíTrực tiếp1100,000 VNĐ",
         [("Trực tuyến", "", "", "1 (không ghi đơn vị)", "miễn phí"),
          ("Trực tiếp", "", "", "1 (không ghi đơn vị)", "100.000 đồng")],
         {"limit_no_unit", "glued"}),
        ("Trực tiếp2 ThángKhông có thông tin", [("Trực tiếp", "", "", "2 tháng", "")],
         {"limit_unit"}),
        ("Trực tuyến5 Ngày làm việc7 VNĐ",
         [("Trực tuyến", "5", "working_day", "5 ngày làm việc", "7 đồng")], {"fee"}),
        ("Không có thông tin", [], set()),
    ],
)  # fmt: skip
def test_ways_to_hand_in_come_apart_and_what_is_unsure_is_marked(text, expected, doubts):
    channels, found = rules.read_channels(HEAD + text)

    assert [(c.name, c.amount, c.unit, c.time_text, c.fee_text) for c in channels] == expected
    assert {one.code for one in found} == doubts


def test_different_times_by_way_are_marked_and_the_one_in_person_is_taken():
    channels, _ = rules.read_channels(
        HEAD + "Trực tuyến3 Ngày làm việcMiễn phíTrực tiếp5 Ngày làm việcMiễn phí"
    )
    amount, unit, _text, doubts = rules.common_limit(channels)

    assert (amount, unit) == ("5", "working_day")
    assert [one.code for one in doubts] == ["limit_differs"]


def test_papers_part_from_their_counts_groups_and_form_files():
    papers, doubts = rules.read_papers(
        "Trường hợp cấp mới:Tên giấy tờMẫu đơn, tờ khaiSố lượng"
        "Tờ khai (Mẫu NA17)101-Mau NA17.doc1 bản chính"
        "Bản sao quyết định theo Nghị định số 227/20251 bản chính,2 bản sao"
        "* Cấp lại:Tên giấy tờMẫu đơn, tờ khaiSố lượngĐơn (01 bản chính và 01 bản sao)0 bản chính"
    )

    assert [(p.group, p.name, p.originals, p.copies, p.form) for p in papers] == [
        ("Trường hợp cấp mới", "Tờ khai (Mẫu NA17)", 1, 0, "101-Mau NA17.doc"),
        ("Trường hợp cấp mới", "Bản sao quyết định theo Nghị định số 227/2025", 1, 2, ""),
        ("* Cấp lại", "Đơn (01 bản chính và 01 bản sao)", 0, 0, ""),
    ]
    assert {one.code for one in doubts} == {"paper_count"}


def test_legal_documents_part_from_numbers_glued_to_years_and_titles():
    basis = rules.read_basis(
        "Tên văn bản pháp lýMã văn bảnLuật 51/2019/QH1451/2019/QH14Luật Công chứng năm 202446/2024/"
        "QH15Thông tư số 04/2015/TT-BTC ngày 5/1/2015 của Bộ Tài chính04/2015/TT-BTCNghị định"
        "82/2015/NĐ-CPsửa đổi một số điều160/2016/TT-BCA"
    )

    assert [(one.title, one.number) for one in basis] == [
        ("Luật", "51/2019/QH14"),
        ("Luật Công chứng năm 2024", "46/2024/QH15"),
        ("Thông tư số 04/2015/TT-BTC ngày 5/1/2015 của Bộ Tài chính", "04/2015/TT-BTC"),
        ("Nghị định", "82/2015/NĐ-CP"),
        ("sửa đổi một số điều", "160/2016/TT-BCA"),
    ]


def test_a_record_is_cleaned_of_web_page_words_and_invisible_letters():
    row = rules.read_record(7, record())

    assert row.fault is None and row.code == "1.012345"
    assert row.value.name == "Cấp giấy phép xây dựng nhà ở riêng lẻ"
    assert row.value.levels == ("province", "commune")
    assert row.value.results == ("Giấy phép xây dựng",)
    assert row.value.conditions == ""
    assert rules.published(rules.text_of(row.value)) == row.value


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"ma_thu_tuc": "12.3"}, "code_malformed"),
        ({"ma_thu_tuc": ""}, "code_missing"),
        ({"ten_thu_tuc": " \u200b"}, "name_missing"),
    ],
)
def test_a_row_that_cannot_be_taken_says_why(change, code):
    row = rules.read_record(3, record(**change))

    assert row.fault is not None and row.fault[0] == code


def test_codes_have_a_base_and_a_full_form():
    assert rules.base_and_full(" 2.000884.000.00.00.h55 ") == (
        "2.000884", "2.000884.000.00.00.H55",
    )  # fmt: skip
    assert rules.base_and_full("1.012766.H05") == ("1.012766", "1.012766.H05")
    assert rules.base_and_full("NB-SCT-01") is None


def test_a_state_follows_from_the_days():
    day = date(2027, 3, 1)
    coming = rules.Span(effective_from=day)

    assert rules.state_of(coming, today=date(2027, 2, 28)) == rules.COMING
    assert rules.state_of(coming, today=day) == rules.CURRENT
    assert rules.state_of(rules.Span(abolished_from=day), today=day) == rules.ABOLISHED
    assert rules.state_of(rules.Span(abolished_from=day), today=date(2027, 2, 28)) == rules.CURRENT
