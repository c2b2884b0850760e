"""Answers that are files: sheets and papers made here, and files that are stored."""

from urllib.parse import quote

from django.http import HttpResponse

from nep.foundation.files import queries as files
from nep.foundation.files.kinds import CONTENT_TYPES

SHOWN = frozenset({"application/pdf", "image/png", "image/jpeg"})


def given(data: bytes, *, name: str, ending: str, inline: bool = False) -> HttpResponse:
    """Answer with a file made here; `name` is without its ending and in plain letters."""
    answer = HttpResponse(data, content_type=CONTENT_TYPES[ending])
    place = "inline" if inline else "attachment"
    answer["Content-Disposition"] = f'{place}; filename="{name}.{ending}"'
    answer["Cache-Control"] = "private, no-store"
    return answer


def sheet_answer(data: bytes, *, name: str) -> HttpResponse:
    """Answer with an Excel file made here."""
    return given(data, name=name, ending="xlsx")


def paper_answer(data: bytes, *, name: str, ending: str) -> HttpResponse:
    """Answer with a paper made here: a PDF is shown, a Word or Excel file is saved."""
    return given(data, name=name, ending=ending, inline=ending == "pdf")


def file_answer(file_id: int) -> HttpResponse:
    """Answer with a stored file: PDF and pictures are shown, others are saved."""
    kept = files.facts(file_id)
    answer = HttpResponse(files.read(file_id), content_type=kept.content_type)
    place = "inline" if kept.content_type in SHOWN else "attachment"
    answer["Content-Disposition"] = f"{place}; filename*=UTF-8''{quote(kept.name)}"
    answer["Cache-Control"] = "private, no-store"
    return answer
