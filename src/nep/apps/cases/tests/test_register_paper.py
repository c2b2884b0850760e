"""The register (Mẫu 07) on paper: no cell runs into its neighbour."""

import re
from datetime import timedelta
from itertools import pairwise

import pypdfium2
import pytest

from nep.apps.cases.queries.register import Register, RegisterLine
from nep.apps.cases.services.register_paper import register_file
from nep.apps.cases.tests.scene import NOW

TTHC = "1.000802"  # the procedure's column begins with its code


@pytest.mark.parametrize("code", ["H99.12-261102-0001", "000.00.53.H48-220921-0099"])
def test_a_code_ends_before_the_procedure_begins_and_days_before_days(at, code):
    line = RegisterLine(
        case_id=1, number=1, code=code, tthc_code=TTHC, tthc_name="Cấp lại Chứng chỉ",
        applicant="Đ*** V** Hà", agency="Sở Tư pháp", state="Đã trả kết quả", received_at=NOW, due_at=NOW + timedelta(days=9), transfer_at=NOW,
        finished_at=NOW + timedelta(days=3), returned_at=NOW + timedelta(days=4), channel="Trực tiếp",
        on_time="Trước hạn", note="",
    )  # fmt: skip
    data = register_file(actor=at.actor("lan"), register=one_line(line), now=NOW)

    text = pypdfium2.PdfDocument(data)[0].get_textpage()
    whole = text.get_text_range()
    boxes = [text.get_charbox(n) for n in range(text.count_chars())]
    left_of_procedure = boxes[whole.index(TTHC)][0]
    start = whole.index(code[:4])
    assert max(right for _l, _b, right, _t in boxes[start : start + len(code)]) < left_of_procedure
    days = [found.span() for found in re.finditer(r"\d\d/\d\d/\d{4}", whole)][:5]
    assert len(days) == 5
    edges = sorted((boxes[a][0], boxes[b - 1][2]) for a, b in days)
    assert all(left[1] < right[0] for left, right in pairwise(edges))


def one_line(line: RegisterLine) -> Register:
    """Return the register that holds just this line."""
    return Register(
        month=202611,
        title="Tháng 11 năm 2026",
        agency="Sở Tư pháp",
        lines=(line,),
        total=1,
        after="",
    )
