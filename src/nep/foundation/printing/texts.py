"""The text of office files, PDF files and pictures: for search, comparison and plain reading."""

import json
import os
import shutil
import sys
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import Any

from django.conf import settings

from nep.foundation.files.kinds import kind_of
from nep.foundation.printing.office_bounds import Bounds, NotMade, own_folder, run_bounded
from nep.foundation.printing.tags import without_marks
from nep.foundation.printing.texts_office import package_blocks
from nep.foundation.printing.texts_sheets import sheet_blocks
from nep.kernel.difference import HEADING, PARAGRAPH, Block
from nep.kernel.errors import Refusal
from nep.kernel.office import OfficeRefused
from nep.kernel.text import clean

MAX_TEXT = 2_000_000
PDFIUM = (sys.executable, "-I", str(Path(__file__).resolve().with_name("preview_pdfium.py")))
PDF_REASONS = {
    10: ("pdf_password", "Tệp PDF có mật khẩu. Hãy bỏ mật khẩu rồi tải lên lại."),
    11: ("pdf_broken", "Tệp PDF bị hỏng, không mở được. Hãy xuất lại từ chương trình đã tạo ra."),
    12: ("pdf_pages", "Tệp PDF có quá nhiều trang (hơn 3.000). Hãy tách thành nhiều tệp."),
}
MARKS = Bounds(seconds=60, memory=700_000_000, disk=200_000_000, processes=6)
READ = Bounds(seconds=20, memory=700_000_000, disk=50_000_000, processes=6)
SCAN = Bounds(seconds=60, memory=700_000_000, disk=400_000_000, processes=6)
SCAN_PAGES, SCAN_PIXELS, SCAN_TIME = 20, 2200, 180  # pages, the longer side, seconds
_ENDS = (".", ";", ":", "!", "?", "…")


def text_of(data: bytes, *, name: str, with_scans: bool = False) -> str:
    """Return the text of a file, at most MAX_TEXT characters, one block a line.

    A picture has text only where Tesseract is installed; else the answer is empty. `with_scans`
    has it read the pages of a PDF without any text too, which takes seconds a page: for the worker.

    Raises NotMade (code and sentence) when the file cannot be read.
    """
    lines, left = [], MAX_TEXT
    blocks = blocks_of(data, name=name)
    if not blocks and with_scans and data[:5] == b"%PDF-":
        blocks = _scanned(data)
    for block in blocks:
        said = f"{block.label} {block.text}".strip()[:left]
        lines.append(said)
        left -= len(said) + 1
        if left <= 0:
            break
    return "\n".join(lines)


def blocks_of(data: bytes, *, name: str) -> tuple[Block, ...]:
    """Return the headings, paragraphs and rows of tables of a file, in their order.

    Raises NotMade (code and sentence) when the file cannot be read.
    """
    try:
        kind = kind_of(data, name=name).name
        if kind in {"docx", "pptx", "odt"}:
            return package_blocks(data, kind=kind)
        if kind == "xlsx":
            return sheet_blocks(data)
    except (Refusal, OfficeRefused) as refused:
        raise NotMade(refused.code, refused.message) from refused
    if kind == "pdf":
        return _pdf_blocks(data)
    if kind in {"png", "jpg"}:
        return _lines(_picture_text(data).splitlines())
    return _lines(data.decode("utf-8-sig", "replace").splitlines())


def pdfium(*arguments: str, folder: Path, bounds: Bounds = READ) -> None:
    """Run commands of `preview_pdfium` in a folder; raise NotMade when it says why not."""
    code = run_bounded([*PDFIUM, *arguments], folder=folder, bounds=bounds)
    if code:
        raise NotMade(*PDF_REASONS.get(code, PDF_REASONS[11]))


def page_marks(data: bytes) -> list[dict[str, Any]]:
    """Return the words and ruled lines of each page of a PDF with their places in points.

    A page has "width", "height", "words" ([left, top, right, bottom, text]) and "rules" ([left,
    top, right, bottom]). Raises NotMade when the file cannot be read.
    """
    with own_folder() as folder:
        (folder / "in.pdf").write_bytes(data)
        pdfium("marks", "in.pdf", "out.json", folder=folder, bounds=MARKS)
        return json.loads((folder / "out.json").read_text(encoding="utf-8"))


def _pdf_blocks(data: bytes) -> tuple[Block, ...]:
    with own_folder() as folder:
        (folder / "in.pdf").write_bytes(data)
        pdfium("text", "in.pdf", "out.json", folder=folder)
        pages = json.loads((folder / "out.json").read_text(encoding="utf-8"))
    return tuple(block for page in pages for block in _joined(without_marks(page).splitlines()))


def _joined(lines: Sequence[str]) -> list[Block]:
    """Join the lines of a page into paragraphs: a line goes on until it ends like a sentence."""
    found: list[str] = []
    for line in map(clean, lines):
        if not line:
            continue
        if found and not found[-1].endswith(_ENDS) and line[:1].islower():
            found[-1] = f"{found[-1]} {line}"
        else:
            found.append(line)
    return [Block(PARAGRAPH, (text,)) for text in found]


def _lines(lines: Sequence[str]) -> tuple[Block, ...]:
    return tuple(Block(PARAGRAPH, (said,)) for line in lines if (said := clean(line)))


def _picture_text(data: bytes) -> str:
    with own_folder() as folder:
        (folder / "in").write_bytes(data)
        return _read_picture("in", folder)


def _scanned(data: bytes) -> tuple[Block, ...]:
    """Return what can be read on the pictures of a PDF's first pages, within SCAN_TIME in all.

    What was read is kept beside the preview, so that a page can show it and nothing is read twice.
    """
    kept = scan_place(sha256(data).hexdigest())
    with suppress(FileNotFoundError, ValueError):
        return _as_blocks(json.loads(kept.read_text(encoding="utf-8")))
    if shutil.which("tesseract") is None:
        return ()
    until, found = time.monotonic() + SCAN_TIME, []
    with own_folder() as folder:
        (folder / "in.pdf").write_bytes(data)
        pdfium(
            "pages", "in.pdf", ".", str(SCAN_PIXELS), str(SCAN_PAGES), folder=folder, bounds=SCAN
        )
        for picture in sorted(folder.glob("[0-9]*.png")):
            if time.monotonic() > until:
                break
            found += _joined(_read_picture(picture.name, folder).splitlines())
    if found:
        kept.parent.mkdir(parents=True, exist_ok=True)
        half = kept.with_name(f"scan-{os.getpid()}-{threading.get_ident()}.tmp")
        half.write_text(json.dumps([one.text for one in found], ensure_ascii=False), "utf-8")
        half.replace(kept)
    return tuple(found)


def scan_place(digest: str) -> Path:
    """Return where the text read from a scanned file is kept, by the hash of its bytes."""
    return settings.NEP.data_folder / "previews" / digest[:2] / digest / "scan.json"


def scan_blocks(digest: str) -> tuple[Block, ...]:
    """Return what the worker has read of a scanned file so far, nothing before."""
    with suppress(FileNotFoundError, ValueError):
        return _as_blocks(json.loads(scan_place(digest).read_text(encoding="utf-8")))
    return ()


def _as_blocks(texts: Sequence[str]) -> tuple[Block, ...]:
    return tuple(Block(PARAGRAPH, (text,)) for text in texts)


def _read_picture(name: str, folder: Path) -> str:
    """Return what Tesseract reads, nothing where it is not there or cannot."""
    reader, out = shutil.which("tesseract"), folder / "out.txt"
    if reader is None:
        return ""
    out.unlink(missing_ok=True)
    with suppress(NotMade):  # one page that cannot be read takes nothing from the others
        run_bounded([reader, name, "out", "-l", "vie+eng"], folder=folder, bounds=READ)
    return out.read_text(encoding="utf-8", errors="replace") if out.exists() else ""


__all__ = [
    "HEADING",
    "MAX_TEXT",
    "NotMade",
    "blocks_of",
    "page_marks",
    "pdfium",
    "scan_blocks",
    "text_of",
]
