"""Writing entries and their editions, a portion of rows at once."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal

from nep.apps.catalogue import rules
from nep.apps.catalogue.models import Entry, EntryEdition, SeenRow
from nep.foundation.db import new_id
from nep.kernel.decisions import Refused
from nep.kernel.text import fold, shorten
from nep.kernel.vietnamese import local

IMPORTED, CHANGED, UNCHANGED, REFUSED = "imported", "changed", "unchanged", "refused"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one row."""

    row: int
    code: str
    outcome: str
    reason_code: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Incoming:
    """How rows are taken in: list or record; of what kind; decision and day where rows name none."""

    source: str
    kind: str
    decision: str
    on: date | None
    overwrite: bool
    person_id: int | None
    now: datetime
    today: date

    @property
    def seen_as(self) -> str:
        """Return under which name a row is remembered: an abolition apart from a publication."""
        return self.source if self.kind != "abolished" else "abolition"


@dataclass
class Portion:
    """The rows of one portion with what the tables hold of their codes."""

    how: Incoming
    entries: dict[str, Entry] = field(default_factory=dict)
    known: dict[int, list[EntryEdition]] = field(default_factory=dict)  # by number
    seen: dict[int, SeenRow] = field(default_factory=dict)
    born: list[Entry] = field(default_factory=list)
    editions: list[EntryEdition] = field(default_factory=list)
    marks: list[SeenRow] = field(default_factory=list)
    touched: dict[int, Entry] = field(default_factory=dict)

    def load(self, codes: Iterable[str]) -> None:
        """Read what is known of the codes: three statements, whatever their number."""
        rows = Entry.objects.select_for_update().filter(code__in=list(codes))
        self.entries = {row.code: row for row in rows}
        ids = [row.pk for row in self.entries.values()]
        for edition in EntryEdition.objects.filter(entry_id__in=ids).order_by("number"):
            self.known.setdefault(edition.entry_id, []).append(edition)
        marks = SeenRow.objects.filter(entry_id__in=ids, source=self.how.seen_as)
        self.seen = {mark.entry_id: mark for mark in marks}

    def standing(self, entry: Entry, *, on: date) -> EntryEdition:
        """Return the edition of an entry that will hold on a day, as far as is known."""
        return standing(self.known[entry.pk], shown=entry.edition, on=on)

    def save(self) -> None:
        """Write what has been put together."""
        Entry.objects.bulk_create(self.born, batch_size=100)
        EntryEdition.objects.bulk_create(self.editions, batch_size=50)
        SeenRow.objects.bulk_create(self.marks, batch_size=100)
        fresh = {entry.pk for entry in self.born}
        for entry in self.touched.values():
            if entry.pk not in fresh:
                entry.save()


def turns_of(editions: Iterable[EntryEdition]) -> list[rules.Turn]:
    """Return when the turn of each edition is."""
    return [
        rules.turn_of(
            one.number, written_on=local(one.at).date(), effective_from=one.effective_from
        )
        for one in editions
    ]


def standing(editions: Sequence[EntryEdition], *, shown: int, on: date) -> EntryEdition:
    """Return the edition that will hold on a day: the last whose turn has come by then."""
    due = rules.due(turns_of(editions), shown=shown, on=on)
    number = due[-1].number if due else shown
    return next(one for one in editions if one.number == number)


def take_rows(rows: Sequence[rules.Row], *, how: Incoming) -> list[Outcome]:
    """Take rows into the catalogue, in the caller's transaction; return what became of each."""
    portion = Portion(how)
    portion.load(row.code for row in rows if row.fault is None)
    found = []
    for row in rows:
        if row.fault is not None:
            found.append(Outcome(row.number, row.code, REFUSED, *row.fault))
        elif how.kind == "abolished":
            found.append(_abolish(portion, row))
        else:
            found.append(_take(portion, row))
    portion.save()
    return found


def row_hash(row: rules.Row, *, how: Incoming) -> str:
    """Return the hash of what a row says together with the decision and day of its file."""
    day = row.day or how.on
    text = f"{row.full_code}|{day}|{how.decision}|{how.kind}|{rules.content_hash(row.value)}"
    return hashlib.sha256(text.encode()).hexdigest()


def _take(portion: Portion, row: rules.Row) -> Outcome:
    how = portion.how
    day = row.day or how.on
    if how.kind == "coming" and day is None:
        reason = "Danh sách chưa có hiệu lực phải nêu ngày hiệu lực, ở dòng hoặc chung cho tệp."
        return Outcome(row.number, row.code, REFUSED, "day_missing", reason)
    value = row.value if row.value.decision else replace(row.value, decision=how.decision)
    entry, mark = portion.entries.get(row.code), row_hash(row, how=how)
    if entry is None:
        _begin(portion, row, value, day, mark)
        return Outcome(row.number, row.code, IMPORTED)
    seen = portion.seen.get(entry.pk)
    if seen is not None and seen.row_hash == mark:
        return Outcome(row.number, row.code, UNCHANGED)
    holds_from = day if day is not None and day > how.today else how.today
    base = portion.standing(entry, on=holds_from)
    known = rules.published(base.content)
    if not how.overwrite and (refused := _refused(row, entry, known, how.today)) is not None:
        return refused
    only_missing = how.source == "list" and seen is None and base.source != "list"
    merged = rules.merged(known, value, only_missing=only_missing and not how.overwrite)
    _remember(portion, entry, seen, mark)
    if row.full_code and row.full_code != entry.full_code:
        entry.full_code = row.full_code
        portion.touched[entry.pk] = entry
    is_earlier = _hold_earlier(portion, entry, day)
    if rules.content_hash(merged) == base.content_hash:
        return Outcome(row.number, row.code, CHANGED if is_earlier else UNCHANGED)
    if how.overwrite and entry.abolished_from is not None:
        entry.abolished_from, entry.abolition = None, ""
    add_edition(portion, entry, merged, day)
    return Outcome(row.number, row.code, CHANGED)


def _hold_earlier(portion: Portion, entry: Entry, day: date | None) -> bool:
    """Let an entry that was still to come hold from an earlier day, or from now; say whether it did."""
    how, first = portion.how, entry.effective_from
    if first is None or first <= how.today or (day is not None and day >= first):
        return False
    entry.effective_from, entry.changed_at = day, how.now
    entry.version += 1
    portion.touched[entry.pk] = entry
    return True


def _refused(row: rules.Row, entry: Entry, known: rules.Published, today: date) -> Outcome | None:
    if rules.is_other_procedure(known, row.value):
        reason = (
            f"Mã {row.code} đang là thủ tục “{shorten(known.name, 120)}”; tệp ghi thủ tục khác: "
            f"“{shorten(row.value.name, 120)}”. Hãy kiểm tra lại mã."
        )
        return Outcome(row.number, row.code, REFUSED, "code_other_procedure", reason)
    if entry.abolished_from is not None and entry.abolished_from <= today:
        reason = (
            f"Mã {row.code} đã bị bãi bỏ theo {entry.abolition}; tệp ghi đang áp dụng. Hãy khôi "
            "phục ở trang thủ tục nếu được công bố lại."
        )
        return Outcome(row.number, row.code, REFUSED, "entry_abolished", reason)
    return None


def _begin(
    portion: Portion, row: rules.Row, value: rules.Published, day: date | None, mark: str
) -> Entry:
    entry = Entry(
        id=new_id(), code=row.code, full_code=row.full_code, effective_from=day,
        changed_at=portion.how.now, version=0,
    )  # fmt: skip
    portion.entries[row.code] = entry
    portion.born.append(entry)
    add_edition(portion, entry, value, day)
    _remember(portion, entry, None, mark)
    return entry


def add_edition(portion: Portion, entry: Entry, value: rules.Published, day: date | None) -> None:
    """Put the next edition of an entry together; show it when it holds today or nothing else does."""
    how, known = portion.how, portion.known.setdefault(entry.pk, [])
    number = known[-1].number + 1 if known else 1
    edition = EntryEdition(
        id=new_id(), entry_id=entry.pk, number=number, content=rules.text_of(value),
        content_hash=rules.content_hash(value), decision=value.decision[:80], effective_from=day,
        source=how.source, person_id=how.person_id, at=how.now,
    )  # fmt: skip
    portion.editions.append(edition)
    known.append(edition)
    if number == 1 or day is None or day <= how.today:
        show(entry, value, number, now=how.now)
    portion.touched[entry.pk] = entry


def show(entry: Entry, value: rules.Published, number: int, *, now: datetime) -> None:
    """Repeat on the entry what lists need of the edition in force."""
    entry.name = value.name[:2000]
    entry.folded = fold(f"{entry.code} {value.name} {value.field}")[:2400]
    entry.field = value.field[:300]
    entry.field_folded = fold(value.field)[:300]
    entry.levels = f",{','.join(value.levels)}," if value.levels else ""
    entry.issuer = value.issuer[:300]
    entry.agencies = "\n".join(value.agencies)[:1500]
    entry.agencies_folded = fold(entry.agencies)[:1500]
    has_limit = bool(value.limit_amount and value.limit_unit)
    entry.limit_amount = Decimal(value.limit_amount) if has_limit else None
    entry.limit_unit = value.limit_unit if has_limit else ""
    entry.limit_text = value.limit_words[:200]
    entry.fee = shorten(value.fee, 400)
    entry.decision = value.decision[:80]
    entry.paper_count = len(value.papers)
    entry.doubt_count = len({one.code for one in value.doubts})
    entry.edition = number
    entry.changed_at = now
    entry.version += 1


def _remember(portion: Portion, entry: Entry, seen: SeenRow | None, mark: str) -> None:
    if seen is None:
        made = SeenRow(entry_id=entry.pk, source=portion.how.seen_as, row_hash=mark)
        portion.marks.append(made)
        portion.seen[entry.pk] = made
        return
    seen.row_hash = mark
    if seen not in portion.marks:
        SeenRow.objects.filter(pk=seen.pk).update(row_hash=mark)


def _abolish(portion: Portion, row: rules.Row) -> Outcome:
    how, entry = portion.how, portion.entries.get(row.code)
    if entry is None:
        reason = f"Danh mục chưa có mã {row.code} nên không bãi bỏ được."
        return Outcome(row.number, row.code, REFUSED, "code_unknown", reason)
    decision = (row.value.decision or how.decision)[:200]
    day = row.day or how.on
    decided = rules.decide_abolition(decision=decision, effective_from=entry.effective_from, on=day)
    if isinstance(decided, Refused):
        return Outcome(row.number, row.code, REFUSED, decided.code, decided.message)
    known = rules.published(portion.standing(entry, on=how.today).content)
    if not how.overwrite and rules.is_other_procedure(known, row.value):
        reason = f"Mã {row.code} đang là thủ tục “{shorten(known.name, 120)}”, khác tên trong tệp."
        return Outcome(row.number, row.code, REFUSED, "code_other_procedure", reason)
    if entry.abolished_from == day and entry.abolition == decision:
        return Outcome(row.number, row.code, UNCHANGED)
    entry.abolished_from, entry.abolition = day, decision
    entry.changed_at, entry.version = how.now, entry.version + 1
    portion.touched[entry.pk] = entry
    return Outcome(row.number, row.code, CHANGED)
