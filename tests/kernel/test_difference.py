"""A comparison gives both texts back, finds what moved, and stays quick on thousands of blocks."""

import random
import time
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nep.kernel.difference import (
    ADDED,
    CHANGED,
    HEADING,
    PARAGRAPH,
    REMOVED,
    ROW,
    SAME,
    Block,
    Piece,
    compare,
    side,
    words_changed,
)

WORDS = st.sampled_from(
    ["hồ sơ", "công dân", "trả", "kết quả", "đất đai", "Điều 5,", "(3)", "", "tiếp  nhận", "x.\n"]
)
CELL = st.lists(WORDS, max_size=6).map(" ".join)
BLOCK = st.one_of(
    st.builds(lambda cell: Block(PARAGRAPH, (cell,)), CELL),
    st.builds(lambda cell: Block(HEADING, (cell,), 1), CELL),
    st.builds(lambda cells: Block(ROW, tuple(cells)), st.lists(CELL, max_size=4)),
)
TEXT = st.lists(BLOCK, max_size=14)


def paragraph(text: str) -> Block:
    return Block(PARAGRAPH, (text,))


@settings(max_examples=300, deadline=None)
@given(TEXT, TEXT)
def test_the_pieces_give_both_texts_back_letter_for_letter(old, new):
    found = compare(old, new)

    assert side(found, is_new=False) == [block.cells for block in old]
    assert side(found, is_new=True) == [block.cells for block in new]
    assert [c.old for c in found.changes if c.old is not None] == list(range(len(old)))
    assert [c.new for c in found.changes if c.new is not None] == list(range(len(new)))


@settings(max_examples=100, deadline=None)
@given(TEXT)
def test_a_text_does_not_differ_from_itself(text):
    found = compare(text, text)

    assert found.is_same
    assert all(change.mark == SAME for change in found.changes)


@settings(max_examples=100, deadline=None)
@given(TEXT, BLOCK, st.integers(0, 14))
def test_one_block_put_in_is_the_only_change(text, block, place):
    place = min(place, len(text))
    found = compare(text, [*text[:place], block, *text[place:]])

    assert [c.mark for c in found.changes if c.mark != SAME] == [ADDED]


@settings(max_examples=300, deadline=None)
@given(CELL, CELL)
def test_the_words_of_a_line_give_both_lines_back(old, new):
    pieces = words_changed(old, new)

    assert "".join(p.text for p in pieces if p.mark != ADDED) == old
    assert "".join(p.text for p in pieces if p.mark != REMOVED) == new
    assert all(one.mark != other.mark for one, other in pairwise(pieces))


def test_changed_words_are_marked_and_the_rest_is_left_alone():
    assert words_changed("trả trong 05 ngày làm việc", "trả trong 03 ngày") == (
        Piece(SAME, "trả trong "),
        Piece(REMOVED, "05"),
        Piece(ADDED, "03"),
        Piece(SAME, " ngày"),
        Piece(REMOVED, " làm việc"),
    )


def test_a_cell_that_changed_is_marked_in_its_row():
    found = compare(
        [Block(ROW, ("B1", "Tiếp nhận hồ sơ", "0,5 ngày"))],
        [Block(ROW, ("B1", "Tiếp nhận hồ sơ", "1 ngày"))],
    )
    (row,) = found.changes

    assert row.mark == CHANGED
    assert row.cells[0] == (Piece(SAME, "B1"),)
    assert [p.mark for p in row.cells[2]] == [REMOVED, ADDED, SAME]


def test_a_block_that_moved_is_told_at_both_places():
    moved = paragraph("Lưu hồ sơ theo danh mục của cơ quan")
    rest = [paragraph(f"Bước {n}: công việc thứ {n} của quy trình") for n in range(6)]
    found = compare([moved, *rest], [*rest, moved])

    assert found.moved == 1
    assert (found.count(ADDED), found.count(REMOVED)) == (0, 0)
    assert [(c.mark, c.old, c.new, c.moved) for c in found.changes if c.mark != SAME] == [
        (REMOVED, 0, None, 6),
        (ADDED, None, 6, 0),
    ]


def test_a_number_that_word_counts_is_no_change():
    old = [Block(PARAGRAPH, ("Trả kết quả",), 0, "5.2"), paragraph("Hết")]
    new = [
        paragraph("Thêm một mục"),
        Block(PARAGRAPH, ("Trả kết quả",), 0, "5.3"),
        paragraph("Hết"),
    ]

    assert [c.mark for c in compare(old, new).changes] == [ADDED, SAME, SAME]


def _long(how: str) -> tuple[list[Block], list[Block]]:
    rolls = random.Random(7)
    words = [f"chữ{n}" for n in range(800)]
    old = [paragraph(" ".join(rolls.choices(words, k=25))) for _ in range(2000)]
    if how == "every block changed":
        return old, [paragraph(block.text + " sửa") for block in old]
    if how == "nothing in common":
        return old, [paragraph(" ".join(rolls.choices(words, k=25))) for _ in range(2000)]
    if how == "shuffled":
        return old, rolls.sample(old, 2000)
    return [Block(ROW, ("x", "y"))] * 2000, [Block(ROW, ("x", "z"))] * 1000 + [
        Block(ROW, ("x", "y"))
    ] * 900


@pytest.mark.parametrize(
    "how", ["every block changed", "nothing in common", "shuffled", "all blocks alike"]
)
def test_two_thousand_blocks_are_compared_without_a_long_wait(how):
    old, new = _long(how)
    start = time.process_time()
    found = compare(old, new)

    assert side(found, is_new=True) == [block.cells for block in new]
    assert time.process_time() - start < 5  # about half a second; a quadratic way takes minutes
