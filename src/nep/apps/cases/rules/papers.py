"""Wording of the legal papers of a case. Pure.

Source: Thông tư 03/2025/TT-VPCP, Phụ lục I (Mẫu số 01, 02, 06); Nghị định 30/2020/NĐ-CP, Phụ lục I
(thể thức).
"""


def file_name(*, form: str, code: str, ending: str) -> str:
    """Return a file name of plain letters: "giay-hen-H99.18-261121-0042.pdf"."""
    bare = "".join(char if char.isascii() and (char.isalnum() or char in ".-_") else "-"
                   for char in code)  # fmt: skip
    return f"{form}-{bare}.{ending}"
