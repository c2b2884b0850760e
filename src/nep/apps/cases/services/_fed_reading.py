"""From the bytes of another system to the rows of cases, whatever shape they come in."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from nep.apps.cases.models import FedImport, FedMapping
from nep.apps.cases.ports import reader_of
from nep.apps.cases.rules import fed_columns
from nep.apps.cases.rules.fed_columns import FedRow, RowFault
from nep.apps.cases.services._fed_table import MOST_ROWS, Table, read_table
from nep.foundation.files import queries as file_queries
from nep.kernel.errors import Refusal
from nep.kernel.text import clean

Groups = list[tuple[str, list[FedRow]]]
RECORDS = "records"


@dataclass(frozen=True, slots=True)
class Reading:
    """A table read; `shape` is table, xes or records. `is_ours` says that its heads are our own."""

    table: Table
    shape: str

    @property
    def is_ours(self) -> bool:
        """Say whether nobody has to tell what the columns mean."""
        return self.shape != "table"


def read_any(data: bytes, *, name: str) -> Reading:
    """Return the table of a file or message. Raises Refusal."""
    reader = reader_of(data, name=name)
    if reader is None:
        return Reading(read_table(data, name=name), "table")
    return Reading(reader.table(data, name=name, most_rows=MOST_ROWS), reader.shape)


def as_csv(table: Table) -> str:
    """Return a table as the text of a CSV file."""
    out = io.StringIO()
    csv.writer(out).writerows(table)
    return out.getvalue()


def table_of(row: FedImport) -> Table:
    """Return the table of an import. Raises Refusal once its time is over."""
    if row.inline:
        return list(csv.reader(io.StringIO(row.inline, newline="")))
    if row.file_id is None:
        raise Refusal(
            "fed_forgotten", "Tệp này đã được xóa khi hết thời gian lưu. Hãy tải tệp lên lại."
        )
    name = row.name if row.shape == "table" else f"{row.name}.csv"
    return read_table(file_queries.read(row.file_id), name=name)


def heads_of(table: Table) -> list[str]:
    """Return the heads of a table."""
    return [clean(str(cell or "")) for cell in table[fed_columns.find_header(table)]]


def columns_of(
    *, agency_id: int, heads: Sequence[str], named: Mapping[str, str] | None = None
) -> dict[str, int]:
    """Return what the columns mean: as named (field to head), as remembered, or as proposed."""
    if named:
        return fed_columns.columns_named(heads, named)
    return remembered_columns(agency_id, heads) or fed_columns.propose_columns(heads)


def remembered_columns(agency_id: int, heads: Sequence[str]) -> dict[str, int]:
    """Return what was said of such heads before, or nothing."""
    row = FedMapping.objects.filter(
        agency_id=agency_id, headers_hash=fed_columns.headers_hash(heads)
    ).first()
    return dict(row.columns) if row else {}


def groups_of(
    table: Table, *, columns: Mapping[str, int], now: datetime, most: int | None = None
) -> tuple[Groups, list[RowFault]]:
    """Return the rows by case, and those that say nothing usable; at most `most` lines."""
    header = fed_columns.find_header(table)
    if most is not None:
        table = table[: header + 1 + most]
    rows, faults = fed_columns.read_rows(table, columns=columns, header=header, now=now)
    return _by_case(rows), faults


def _by_case(rows: Iterable[FedRow]) -> Groups:
    groups: dict[str, list[FedRow]] = {}
    for row in rows:
        groups.setdefault(row.case, []).append(row)
    return list(groups.items())
