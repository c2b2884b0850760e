"""The register out of a spreadsheet: looked at first, then written, each row with its answer."""

import io
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

import python_calamine
from django.db import transaction

from nep.apps.legal import rules
from nep.apps.legal.models import ExternalDocument
from nep.apps.legal.services._register import ExternalValues, external_add, external_change
from nep.apps.organization.rules import Actor, may
from nep.foundation.files.kinds import kind_of
from nep.kernel.decisions import require
from nep.kernel.errors import Refusal
from nep.kernel.text import clean, fold
from nep.kernel.vietnamese import parse_date

MOST_ROWS = 5000
HEADS: dict[str, tuple[str, ...]] = {
    "kind": ("loai van ban", "loai"),
    "number": ("so, ky hieu", "so ky hieu", "so hieu", "ky hieu"),
    "title": ("trich yeu", "ten van ban", "ten tai lieu"),
    "issuer": ("co quan ban hanh", "noi ban hanh"),
    "issued_on": ("ngay ban hanh",),
    "effective_from": ("ngay co hieu luc", "hieu luc tu"),
    "expires_on": ("ngay het hieu luc", "het hieu luc", "hieu luc den"),
    "source_address": ("nguon", "dia chi nguon"),
    "kept_at": ("noi luu",),
    "note": ("ghi chu",),
}
_DAYS = {
    "issued_on": "Ngày ban hành",
    "effective_from": "Ngày có hiệu lực",
    "expires_on": "Ngày hết hiệu lực",
}


@dataclass(frozen=True, slots=True)
class ImportedRow:
    """One row's answer: created, changed, unchanged or refused with a sentence."""

    number: int
    symbol: str
    outcome: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import did, or would do when `is_dry`."""

    is_dry: bool
    rows: tuple[ImportedRow, ...]

    def count(self, outcome: str) -> int:
        """Return how many rows ended so."""
        return sum(row.outcome == outcome for row in self.rows)


def register_import(
    *, actor: Actor, name: str, data: bytes, is_dry: bool, now: datetime
) -> ImportReport:
    """Read external documents out of an Excel file; a dry run writes nothing.

    The first row names the columns. A row is found again by kind, symbol and issuer; repeating an
    import changes nothing. Raises Forbidden; Refusal("file_kind", "file_broken", "file_no_rows",
    "too_many_rows", "columns_missing").
    """
    require(may(actor, "legal.manage"))
    table = _read(data, name)
    columns = _columns(table[0])
    rows: list[ImportedRow] = []
    with transaction.atomic():
        for place, cells in enumerate(table[1:], start=2):
            if any(str(cell or "").strip() for cell in cells):
                rows.append(_one(actor, place, columns, cells, now))
        if is_dry:
            transaction.set_rollback(True)
    return ImportReport(is_dry, tuple(rows))


def _read(data: bytes, name: str) -> list[list[Any]]:
    if kind_of(data, name=name).name != "xlsx":
        raise Refusal("file_kind", f"Tệp “{name}” không phải Excel (.xlsx).", field="file")
    try:
        table = python_calamine.load_workbook(io.BytesIO(data)).get_sheet_by_index(0).to_python()
    except (python_calamine.CalamineError, OSError, ValueError) as error:
        raise Refusal(
            "file_broken", f"Tệp “{name}” bị hỏng, không mở được.", field="file"
        ) from error
    if len(table) < 2:
        raise Refusal("file_no_rows", f"Tệp “{name}” không có dòng dữ liệu nào.", field="file")
    if len(table) > MOST_ROWS:
        raise Refusal(
            "too_many_rows", f"Tệp “{name}” quá {MOST_ROWS} dòng. Hãy chia nhỏ.", field="file"
        )
    return table


def _columns(heads: list[Any]) -> dict[str, int]:
    folded = [fold(str(head or "")) for head in heads]
    found = {
        field: folded.index(head)
        for field, names in HEADS.items()
        for head in names
        if head in folded
    }
    if "title" not in found or "number" not in found:
        raise Refusal(
            "columns_missing",
            "Dòng đầu của tệp phải có cột “Số, ký hiệu” và “Trích yếu”. Hãy xuất danh mục ra Excel "
            "để lấy mẫu.",
            field="file",
        )
    return found


def _one(
    actor: Actor, place: int, columns: Mapping[str, int], cells: list[Any], now: datetime
) -> ImportedRow:
    given = {name: cells[at] if at < len(cells) else "" for name, at in columns.items()}
    symbol = clean(str(given["number"] or ""))
    try:
        with transaction.atomic():
            outcome = _write(actor, _values(given), now)
    except Refusal as refusal:
        return ImportedRow(place, symbol, "refused", refusal.message)
    return ImportedRow(place, symbol, outcome)


def _values(given: Mapping[str, Any]) -> ExternalValues:
    kinds = {fold(words): kind for kind, words in rules.KIND_NAMES.items()}
    said = fold(str(given.get("kind") or ""))
    kind = kinds.get(said) or _kind_of(str(given["number"] or "")) if said else ""
    days: dict[str, Any] = {name: _day(given.get(name), words) for name, words in _DAYS.items()}
    texts: dict[str, Any] = {
        name: str(given.get(name) or "")
        for name in ("number", "title", "issuer", "source_address", "kept_at", "note")
    }
    return replace(
        ExternalValues(kind=kind or _kind_of(texts["number"]), number="", title=""),
        **texts,
        **days,
    )


def _kind_of(number: str) -> str:
    """Guess the kind from a symbol's ending: "118/2025/NĐ-CP" is a decree."""
    key = rules.number_key(number)
    endings = (
        ("/NĐ-", "decree"), ("/TT-", "circular"), ("/TTLT-", "circular"), ("/QĐ-", "decision"),
        ("/NQ-", "resolution"), ("/CT-", "directive"), ("/KH-", "plan"), ("/QH", "law"),
        ("TCVN", "standard"), ("QCVN", "standard"), ("ISO", "standard"),
    )  # fmt: skip
    return next((kind for part, kind in endings if part in key), "other")


def _day(value: Any, words: str) -> date | None:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    text = str(value or "").strip()
    if not text:
        return None
    found = parse_date(text)
    if found is None:
        raise Refusal("day_unread", f"{words} “{text}” không đọc được; hãy ghi dd/mm/yyyy.")
    return found


def _write(actor: Actor, values: ExternalValues, now: datetime) -> str:
    key = rules.number_key(values.number)
    known = ExternalDocument.objects.filter(
        agency_id=actor.agency_id, kind=values.kind, number_key=key,
        issuer=clean(values.issuer)[:200], withdrawn_on=None,
    )  # fmt: skip
    row = (known if key else known.filter(folded=fold(f" {values.title} {values.issuer}"))).first()
    if row is None:
        external_add(actor=actor, values=values, now=now)
        return "created"
    merged = ExternalValues(
        kind=values.kind, number=values.number, title=values.title, issuer=values.issuer,
        issued_on=values.issued_on or row.issued_on,
        effective_from=values.effective_from or row.effective_from,
        expires_on=values.expires_on or row.expires_on,
        source_address=values.source_address or row.source_address, level=row.level,
        kept_at=values.kept_at or row.kept_at, checked_on=row.checked_on,
        note=values.note or row.note,
    )  # fmt: skip
    same = all(getattr(row, name) == _kept(merged, name) for name in ExternalValues.__slots__)
    if same:
        return "unchanged"
    external_change(actor=actor, external_id=row.id, version=row.version, values=merged, now=now)
    return "changed"


def _kept(values: ExternalValues, name: str) -> Any:
    value = getattr(values, name)
    if name == "number":
        return rules.number_text(values.number)
    return clean(value) if isinstance(value, str) else value
