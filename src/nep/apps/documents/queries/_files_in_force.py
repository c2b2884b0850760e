"""The files of what is in force, for a pack that leaves the house, and what has none to give."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import F

from nep.apps.documents import ports, rules
from nep.apps.documents.models import Document


@dataclass(frozen=True, slots=True)
class FileInForce:
    """A file of a document in force: what was frozen when it came into force, else what the author
    gave."""

    code: str
    title: str
    ending: str
    file_id: int


@dataclass(frozen=True, slots=True)
class NoFile:
    """A document in force whose file cannot be given, or not in full, and why."""

    code: str
    title: str
    why: str


@dataclass(frozen=True, slots=True)
class FilesInForce:
    """The files of an agency's documents in force, and what is told in their place."""

    files: tuple[FileInForce, ...]
    without: tuple[NoFile, ...]
    restricted: int


def files_in_force(*, agency_id: int, limit: int) -> FilesInForce:
    """Return the files of the first `limit` documents in force by code; the others are told.

    A procedure gives the PDF and the Word file kept of its version in force. What is restricted is
    only counted. Two queries.
    """
    rows = Document.objects.filter(agency_id=agency_id, status=rules.IN_FORCE).order_by("code")
    found: list[FileInForce] = []
    without: list[NoFile] = []
    open_rows = rows.exclude(level=rules.RESTRICTED).values(
        "code", "title", "kind",
        frozen=F("current__published_file"), frozen_name=F("current__published_file__name"),
        own=F("current__original_file"), own_name=F("current__original_file__name"),
        word=F("current__kept_paper__word"), pdf=F("current__kept_paper__pdf"),
        fault=F("current__kept_paper__fault"),
    )  # fmt: skip
    for place, row in enumerate(open_rows.iterator(chunk_size=500)):
        held = _files(row) if place < limit else ()
        found += [FileInForce(row["code"], row["title"], *one) for one in held]
        why = _why(row, held) if place < limit else f"quá {limit} tài liệu"
        if why:
            without.append(NoFile(row["code"], row["title"], why))
    restricted = rows.filter(level=rules.RESTRICTED).count()
    return FilesInForce(tuple(found), tuple(without), restricted)


def _files(row: Mapping[str, Any]) -> tuple[tuple[str, int], ...]:
    """Return (ending, file) of what a document gives."""
    if row["frozen"]:
        return ((_ending(row["frozen_name"]), row["frozen"]),)
    kept = tuple((ending, row[key]) for key, ending in (("pdf", "pdf"), ("word", "docx")))
    given = tuple(one for one in kept if one[1])
    if given or not row["own"]:
        return given
    return ((_ending(row["own_name"]), row["own"]),)


def _why(row: Mapping[str, Any], held: tuple[tuple[str, int], ...]) -> str:
    """Return why a document is not in the pack, or not in full; "" where it is."""
    if row["fault"] and not row["frozen"]:
        return f"chỉ có bản Word, chưa có PDF: {row['fault']}"
    if held:
        return ""
    if row["kind"] in ports.paper_kinds():
        return "bản in của lần ban hành này chưa kịp lưu, hãy lập lại gói sau"
    return "tài liệu không có tệp"


def _ending(name: str) -> str:
    return name.rpartition(".")[2].lower()
