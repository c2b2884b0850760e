"""The official stamp on every page of a PDF: state, code, revision, page and QR code."""

import json
from dataclasses import dataclass
from datetime import datetime

from nep.foundation.printing.office_bounds import Bounds, NotMade, own_folder
from nep.foundation.printing.pdf import LAYOUTS, pdf
from nep.foundation.printing.qr import qr_svg
from nep.foundation.printing.texts import pdfium

STAMP = Bounds(seconds=60, memory=1_000_000_000, disk=400_000_000, processes=4)
VALID, DRAFT, VOID = "valid", "draft", "void"
SIGNATURE = b"/ByteRange"
SIGNED = (
    "pdf_signed",
    "Tệp PDF này đã có chữ ký số; đóng dấu hay ghép trang sẽ làm hỏng chữ ký nên hệ thống không làm.",
)


@dataclass(frozen=True, slots=True)
class Stamp:
    """What stands on each page: `state` in a frame, `footer` and the page below, a QR to `link`.

    `look` is VALID, DRAFT or VOID; the last two also say the state across the page. Without a
    footer the frame alone is laid, exactly over an earlier one.
    """

    state: str
    footer: str
    look: str = VALID
    note: str = ""
    link: str = ""


def stamped(document: bytes, stamp: Stamp, *, made_at: datetime, cover: bytes = b"") -> bytes:
    """Return the PDF with the stamp over every page; the given bytes stay as they are.

    The pages of `cover` come first, stamped like the others. Raises NotMade (code and sentence)
    when a PDF cannot be opened, passes the bounds or is signed: signed bytes are never changed.
    """
    if is_signed(document) or is_signed(cover):
        raise NotMade(*SIGNED)
    first: list[str] = []
    with own_folder() as folder:
        (folder / "in.pdf").write_bytes(document)
        if cover:
            (folder / "cover.pdf").write_bytes(cover)
            (folder / "in.pdf").rename(folder / "body.pdf")
            first = ["join", "in.pdf", "cover.pdf", "body.pdf", "+"]
        pdfium(*first, "sizes", "in.pdf", "sizes.json", folder=folder, bounds=STAMP)
        sizes = json.loads((folder / "sizes.json").read_text())
        over = pdf(LAYOUTS / "stamp.typ", _data(stamp, sizes), made_at=made_at)
        (folder / "over.pdf").write_bytes(over)
        pdfium("overlay", "in.pdf", "over.pdf", "out.pdf", folder=folder, bounds=STAMP)
        return (folder / "out.pdf").read_bytes()


def joined(*documents: bytes) -> bytes:
    """Return the pages of several PDF files in one, in order. Raises NotMade, as `stamped`."""
    if any(map(is_signed, documents)):
        raise NotMade(*SIGNED)
    with own_folder() as folder:
        names = [f"{number}.pdf" for number, _ in enumerate(documents)]
        for name, data in zip(names, documents, strict=True):
            (folder / name).write_bytes(data)
        pdfium("join", "out.pdf", *names, folder=folder, bounds=STAMP)
        return (folder / "out.pdf").read_bytes()


def is_signed(document: bytes) -> bool:
    """Say whether a PDF carries a digital signature, whatever it is worth.

    A signature names its byte range in the open; it cannot stand in a packed part of the file.
    """
    return SIGNATURE in document


def page_count(document: bytes) -> int:
    """Return how many pages a PDF has. Raises NotMade when it cannot be opened."""
    with own_folder() as folder:
        (folder / "in.pdf").write_bytes(document)
        pdfium("sizes", "in.pdf", "sizes.json", folder=folder)
        return len(json.loads((folder / "sizes.json").read_text()))


def _data(stamp: Stamp, sizes: list[list[float]]) -> dict[str, object]:
    return {
        "title": stamp.footer or stamp.state,
        "state": stamp.state,
        "note": stamp.note,
        "look": stamp.look,
        "across": stamp.look != VALID,
        "footer": stamp.footer,
        "qr": qr_svg(stamp.link) if stamp.link else "",
        "pages": [size[:2] for size in sizes],
    }
