"""One file on its way in: Word, PDF with a text layer, or a flow of the former one-stop software."""

from collections.abc import Callable

from nep.apps.procedures.rules.word import (
    ImportedFile,
    Reason,
    looks_like_flow,
    read_flow,
    read_pages,
    read_procedures,
)
from nep.foundation.printing.office_bounds import NotMade
from nep.foundation.printing.texts import page_marks

KINDS = ("docx", "pdf", "xml")


def procedures_read(
    data: bytes, *, file: str, progress: Callable[[int, int], None] | None = None
) -> ImportedFile:
    """Read the procedures of a file, whichever of the kinds it is; refused with reasons otherwise.

    A PDF is opened by a program of its own, bounded in time and memory.
    """
    if data[:5] == b"%PDF-":
        try:
            pages = page_marks(data)
        except NotMade as reason:
            return ImportedFile(file, False, (Reason(reason.code, reason.message),))
        return read_pages(pages, file=file, progress=progress)
    if looks_like_flow(data):
        return read_flow(data, file=file)
    return read_procedures(data, file=file, progress=progress)
