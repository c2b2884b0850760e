"""The book of papers given out, on paper. Nothing is written."""

from datetime import datetime

from nep.apps.cases.queries.given import GivenBook, GivenLine
from nep.apps.organization import queries as organization
from nep.apps.organization.rules import Actor
from nep.foundation.printing import Column, Line, Paper, Table, italic, line, paper_pdf
from nep.kernel.places import locality, place_and_date
from nep.kernel.vietnamese import local

_HEAD = (
    Column("TT", 0.6, "center"),
    Column("Mẫu", 0.7, "center"),
    Column("Tên văn bản", 3.4),
    Column("Số", 2.6),
    Column("Hồ sơ", 2.6),
    Column("Người nộp", 1.8),
    Column("Người lập", 2),
    Column("Lúc", 1.7, "center"),
)


def given_book_pdf(*, actor: Actor, book: GivenBook, year: int, now: datetime) -> bytes:
    """Return the book of a year as PDF, oldest first, applicants masked."""
    agency = organization.agency(actor.agency_id)
    place = locality(agency_name=agency.name, kind=agency.kind, province=agency.province)
    rows = tuple(_row(at, one) for at, one in enumerate(reversed(book.lines), start=1))
    left = book.total - len(book.lines)
    blocks: list[Table | Line] = [
        Table(_HEAD, rows or (("", "", "Chưa có văn bản nào", "", "", "", "", ""),)),
        line(italic(f"Sổ có {book.total} văn bản; tên người nộp được che bớt.")),
    ]
    if left > 0:
        blocks.append(line(italic(f"Bản này in {len(rows)} văn bản mới nhất; còn {left}.")))
    return paper_pdf(
        Paper(
            title="Sổ văn bản đã cấp", subtitle=f"Năm {year}", issuer=agency.reception_name,
            above=agency.name, place_date=place_and_date(place=place, at=now), landscape=True,
            blocks=tuple(blocks),
        ),
        made_at=now,
    )  # fmt: skip


def _row(number: int, one: GivenLine) -> tuple[str, ...]:
    return (
        str(number), one.form, one.form_name, one.number_text, one.code or one.about,
        one.applicant, one.by or "Hệ thống", f"{local(one.at):%H:%M %d/%m/%Y}",
    )  # fmt: skip
