"""Tags of Word files are found with their place and filled without running anything."""

import io

import pytest
from docx import Document

from nep.foundation.printing.tags import TABLES, TEXTS, W, fill_tags, tags_in, unknown_tags
from nep.foundation.printing.texts import blocks_of, text_of


def word(*lines: str, split: bool = False, header: str = "") -> bytes:
    """Return a Word file; with `split` every letter is a run of its own, as Word likes to do."""
    document = Document()
    for line in lines:
        paragraph = document.add_paragraph()
        for run in line if split else [line]:
            paragraph.add_run(run)
    if header:
        document.sections[0].header.paragraphs[0].text = header
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


@pytest.mark.parametrize("split", [False, True])
def test_a_tag_is_filled_wherever_word_has_cut_it(split):
    data = word("Mã hiệu: {{ma_hieu}}, lần {{ lan_ban_hanh }}.", split=split, header="{{ma_hieu}}")
    made = fill_tags(data, texts={"ma_hieu": "QT-01 <b>", "lan_ban_hanh": "02"}, tables={})

    assert text_of(made, name="a.docx") == "Mã hiệu: QT-01 <b>, lần 02.\nQT-01 <b>"
    assert fill_tags(data, texts={"ma_hieu": "QT-01 <b>", "lan_ban_hanh": "02"}, tables={}) == made


def test_a_table_stands_in_the_place_of_its_tag():
    data = word("Trước", "{{bang_sua_doi}}", "Sau")
    made = fill_tags(data, texts={}, tables={"bang_sua_doi": [("Lần", "Nội dung"), ("01", "Mới")]})

    assert [block.text for block in blocks_of(made, name="a.docx")] == [
        "Trước", "Lần | Nội dung", "01 | Mới", "Sau"
    ]  # fmt: skip


def test_a_table_of_a_tag_gives_long_texts_room_and_repeats_its_head():
    rows = [("TT", "Trình tự"), ("1", "Kiểm tra thành phần hồ sơ theo quy định " * 4)]
    data = word("Mục 5.7", "{{bang_sua_doi}}", "Sau")

    made = Document(io.BytesIO(fill_tags(data, texts={}, tables={"bang_sua_doi": rows})))

    (table,) = made.tables
    narrow, wide = (int(one.get(f"{W}w")) for one in table._tbl.tblGrid)
    assert narrow * 4 < wide
    assert [bool(row._tr.findall(f".//{W}tblHeader")) for row in table.rows] == [True, False]
    assert all(row._tr.findall(f".//{W}cantSplit") for row in table.rows)
    assert table._tbl.getprevious().tag == f"{W}p" and "Mục 5.7" in made.paragraphs[0].text
    assert [one.text for one in made.paragraphs] == ["Mục 5.7", "", "Sau"]


def test_a_cell_of_a_table_may_go_on_over_its_neighbours():
    rows = [
        ("TT", "Trình tự", "Thời gian"),
        ("1", "Ký", "8 giờ"),
        ("Tổng thời gian", None, "8 giờ"),
    ]

    made = fill_tags(word("{{bang_sua_doi}}"), texts={}, tables={"bang_sua_doi": rows})

    (table,) = Document(io.BytesIO(made)).tables
    last = table.rows[2].cells
    assert last[0]._tc is last[1]._tc and last[0].text == "Tổng thời gian"
    assert last[2].text == "8 giờ"


def test_tables_of_two_tags_one_below_the_other_stay_two():
    data = word("{{bang_sua_doi}}", "{{danh_sach_phan_phoi}}")
    tables = {"bang_sua_doi": [("Lần",), ("01",)], "danh_sach_phan_phoi": [("Nơi nhận",), ("VP",)]}

    made = Document(io.BytesIO(fill_tags(data, texts={}, tables=tables)))

    assert len(made.tables) == 2
    assert made.tables[0]._tbl.getnext().tag == f"{W}p"


def test_a_mistyped_tag_is_told_with_its_place_and_the_nearest_name():
    tags = tags_in(word("Mục đích", "Mã: {{ma_hieuu}}", header="{{lan_xyz_abc}}"))
    told = unknown_tags(tags)

    assert (
        "đoạn 2, “Mã: {{ma_hieuu}}”: không có thẻ {{ma_hieuu}}; có phải {{ma_hieu}} không?" in told
    )
    assert any(one.startswith("đầu trang") for one in told)


@pytest.mark.parametrize("torn", ["{{ma_hieu}", "{{ma_hieu", "{ma_hieu}}"])
def test_a_torn_tag_is_told(torn):
    (told,) = unknown_tags(tags_in(word(f"Mã: {torn}")))

    assert "thiếu dấu ngoặc" in told


def test_known_tags_and_plain_braces_are_no_fault():
    lines = [f"{{{{{name}}}}}" for name in (*TEXTS, *TABLES)]

    assert unknown_tags(tags_in(word(*lines, "tập hợp {a, b} và {x}"))) == ()


def test_a_tag_that_would_run_something_is_only_an_unknown_tag():
    data = word("{{ ''.__class__.__mro__ }}")

    assert len(unknown_tags(tags_in(data))) == 1
    assert "__class__" in text_of(fill_tags(data, texts=dict(TEXTS), tables={}), name="a.docx")


@pytest.mark.parametrize("split", [False, True])
def test_the_place_of_a_signature_is_kept_in_white_and_nothing_else_is_hidden(split):
    data = word("Duyệt {{chu_ky:phe_duyet}} bởi {{nguoi_phe_duyet}}.", split=split)
    made = fill_tags(data, texts={"nguoi_phe_duyet": "Hà"}, tables={})
    runs = [run for line in Document(io.BytesIO(made)).paragraphs for run in line.runs]

    assert "".join(run.text for run in runs) == "Duyệt {{chu_ky:phe_duyet}} bởi Hà."
    white = [run.text for run in runs if run.font.color and run.font.color.rgb]
    assert white == ["{{chu_ky:phe_duyet}}"]
    assert unknown_tags(tags_in(data)) == ()
