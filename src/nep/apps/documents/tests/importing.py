"""Folders and archives of documents as agencies hand them in, for tests of the import."""

import io
import zipfile
from pathlib import Path

import xlsxwriter

HEADS = (
    "Mã hiệu", "Tên tài liệu", "Loại", "Lần ban hành", "Ngày hiệu lực", "Đơn vị", "Mức",
    "Người phê duyệt", "Tên tệp", "Kèm theo", "Trạng thái",
)  # fmt: skip
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF"


def word(text: str = "Kiểm soát tài liệu", **parts: bytes) -> bytes:
    """Return a small Word file; `parts` are further entries, "__" for "/"."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr(
            zipfile.ZipInfo("word/document.xml"),
            '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
            f"<w:body><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:body></w:document>",
        )
        for name, data in parts.items():
            package.writestr(zipfile.ZipInfo(name.replace("__", "/")), data)
    return out.getvalue()


def sheet(*rows: tuple, heads: tuple = HEADS, above: int = 0) -> bytes:
    """Return the sheet of data; `above` lines of title stand over the heads."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    page = book.add_worksheet()
    for number in range(above):
        page.write_string(number, 0, "DANH MỤC TÀI LIỆU NỘI BỘ")
    page.write_row(above, 0, heads)
    for number, row in enumerate(rows, start=above + 1):
        page.write_row(number, 0, row)
    book.close()
    return out.getvalue()


def row(code: str, title: str, file: str, **changes: str) -> tuple:
    """Return one row of the sheet, in force since 05/01/2026 unless told otherwise."""
    given = {
        "kind": "", "issue": "02/01", "effective": "05/01/2026", "unit": "", "level": "nội bộ",
        "approver": "Lê Quang Vinh", "parent": "", "state": "", **changes,
    }  # fmt: skip
    return (
        code, title, given["kind"], given["issue"], given["effective"], given["unit"],
        given["level"], given["approver"], file, given["parent"], given["state"],
    )  # fmt: skip


def zipped(files: dict[str, bytes]) -> bytes:
    """Return an archive of the files."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return out.getvalue()


def laid(folder: Path, files: dict[str, bytes]) -> Path:
    """Write the files below a folder and return it."""
    for name, data in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return folder


def many(count: int) -> dict[str, bytes]:
    """Return so many small documents with their sheet, every fifth with four forms below it."""
    files, rows = {}, []
    for number in range(count):
        above = number - number % 5
        code = f"QT-{number:05d}" if number == above else f"BM-{number:05d}"
        parent = "" if number == above else f"QT-{above:05d}"
        name = f"tap {number % 20:02d}/{code} Tài liệu {number}.docx"
        files[name] = word(f"Tài liệu {number}")
        rows.append(row(code, f"Tài liệu {number}", name, parent=parent))
    return {"Danh mục.xlsx": sheet(*rows), **files}
