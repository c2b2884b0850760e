"""A page of figures as rows of cells: shown, and given as an Excel file or a paper."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Literal
from urllib.parse import quote_plus

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from nep.apps.cases.queries import finished
from nep.apps.cases.rules.figures import Span
from nep.apps.oversight import rules
from nep.apps.oversight.rules.periods import Period, period_in, read_period
from nep.foundation.files.kinds import CONTENT_TYPES
from nep.foundation.printing import Column as PaperColumn
from nep.foundation.printing import Paper, SheetColumn, bold, line, paper_pdf, xlsx
from nep.foundation.printing import Table as PaperTable
from nep.foundation.web.words import duration_text
from nep.kernel.vietnamese import datetime_text, local

Kind = Literal["number", "percent", "text", "words"]  # words: read from the left


@dataclass(frozen=True, slots=True)
class Head:
    """One column of figures."""

    title: str
    kind: Kind = "number"


@dataclass(frozen=True, slots=True)
class Number:
    """One figure: as shown, as a sheet keeps it, and the address of the rows that make it."""

    text: str
    value: float | str | None = None
    url: str = ""
    heat: int = 0
    is_words: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """One row of figures; `detail` stands under its title, `url` leads further in."""

    title: str
    cells: tuple[Number, ...]
    detail: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of figures under heads, with their sum."""

    name: str
    head: str
    heads: tuple[Head, ...]
    rows: tuple[Row, ...]
    total: Row | None = None
    notes: tuple[str, ...] = field(default=())


def count(number: int, url: str = "") -> Number:
    """Return a count that opens its rows; nought opens nothing."""
    return Number(f"{number:,}".replace(",", "."), number, url if number else "")


def share(part: int, whole: int) -> Number:
    """Return a share in percent, a dash of nothing."""
    if not whole:
        return Number("–")
    return Number(rules.percent_text(part, whole), part / whole)


def span(found: Span | None) -> Number:
    """Return between which times a percentile lies, in words."""
    if found is None:
        return Number("–")
    if found.high is None:
        text = _("trên %(low)s") % {"low": duration_text(found.low)}
    elif not found.low:
        text = _("đến %(high)s") % {"high": duration_text(found.high)}
    else:
        text = f"{duration_text(found.low)} – {duration_text(found.high)}"
    return Number(text, text)


def minutes(number: float | None) -> Number:
    """Return working minutes in words; a sheet keeps hours."""
    if number is None:
        return Number("–")
    text = duration_text(number) if number else "0"
    return Number(text, round(number / 60, 1))


def period_of(request: HttpRequest, agency_ids: Sequence[int]) -> tuple[Period, tuple[int, ...]]:
    """Return the period asked for, by default the newest year with finished cases, and the years
    that can be chosen."""
    known = finished.figure_span(agency_ids=agency_ids)
    this = local(request.now).year
    years = tuple(range(known[1] // 100, known[0] // 100 - 1, -1)) if known else (this,)
    asked = request.GET
    names = [read_period(asked.get(name, "")) for name in ("ky", "thang", "nam")]
    named = next((one for one in names if one), Period(years[0]))
    if named.is_year and (part := period_in(named.year, asked.get("phan", ""))):
        named = part
    return named, years


def ended_url(months: tuple[int, int], **values: Any) -> str:
    """Return the address of the finished cases that a figure counts."""
    return _url("oversight:ended_rows", months, values)


def done_url(months: tuple[int, int], **values: Any) -> str:
    """Return the address of the closed steps that a figure counts."""
    return _url("oversight:done_rows", months, values)


def joint_url(months: tuple[int, int], **values: Any) -> str:
    """Return the address of the joint answers that a figure counts."""
    return _url("oversight:joint_rows", months, values)


def _url(name: str, months: tuple[int, int], values: dict[str, Any]) -> str:
    rest = "".join(
        f"&{key}={value if type(value) is int else quote_plus(str(value))}"
        for key, value in values.items()
        if value not in ("", None)
    )
    return f"{_address(name)}?tu={months[0]}&den={months[1]}{rest}"


def asked_of(period: Period) -> str:
    """Return a period as a part of an address."""
    return f"nam={period.year}&phan={period.part}" if period.part else f"nam={period.year}"


@cache
def _address(name: str) -> str:
    return reverse(name)


def as_file(request: HttpRequest, table: Table, *, title: str, name: str) -> HttpResponse | None:
    """Return the table as the Excel file or the paper that `dang` asks for, or None."""
    return as_files(request, [table], title=title, name=name)


def as_files(
    request: HttpRequest, tables: Sequence[Table], *, title: str, name: str
) -> HttpResponse | None:
    """Return tables as one Excel file, a sheet each, or as one paper; None for a page."""
    wanted = request.GET.get("dang", "")
    if wanted == "xlsx":
        data = xlsx([(one.name[:31], _sheet_heads(one), _sheet_rows(one)) for one in tables])
    elif wanted == "pdf":
        data = paper_pdf(_paper(tables, title, request), made_at=request.now)
    else:
        return None
    answer = HttpResponse(data, content_type=CONTENT_TYPES[wanted])
    answer["Content-Disposition"] = f'attachment; filename="{name}.{wanted}"'
    return answer


def _sheet_heads(table: Table) -> list[SheetColumn]:
    first = SheetColumn(table.head, width=50)
    return [first, SheetColumn(_("Mã"), width=22)] + [
        SheetColumn(head.title, "text", 40)
        if head.kind == "words"
        else SheetColumn(head.title, head.kind, 26 if head.kind == "text" else 14)
        for head in table.heads
    ]


def _sheet_rows(table: Table) -> list[list[Any]]:
    rows = [*table.rows, *([table.total] if table.total else [])]
    return [[row.title, row.detail, *(cell.value for cell in row.cells)] for row in rows]


def _paper(tables: Sequence[Table], title: str, request: HttpRequest) -> Paper:
    at = datetime_text(local(request.now))
    said = _("Số liệu lúc %(at)s, đếm từ từng hồ sơ.") % {"at": at}
    notes = dict.fromkeys(note for table in tables for note in table.notes)
    blocks: list[Any] = []
    for table in tables:
        if len(tables) > 1:
            blocks.append(line(bold(table.name)))
        blocks.append(_ruled(table))
    return Paper(
        title=title, issuer=request.actor.agency_name, landscape=True,
        blocks=(*blocks, *(line(note) for note in (said, *notes))),
    )  # fmt: skip


def _ruled(table: Table) -> PaperTable:
    rows = [*table.rows, *([table.total] if table.total else [])]
    columns = (
        PaperColumn(table.head, 3.2),
        *(
            PaperColumn(head.title, _width(row.cells[at].text for row in rows))
            if head.kind == "words"
            else PaperColumn(head.title, 1.1, "right")
            for at, head in enumerate(table.heads)
        ),
    )
    return PaperTable(
        columns, tuple((row.title, *(cell.text for cell in row.cells)) for row in rows)
    )


def _width(texts: Iterable[str]) -> float:
    """Return the share of a column of words: wider where a text is long, within bounds."""
    return min(3.6, max(1.6, max(map(len, texts), default=0) / 14))
