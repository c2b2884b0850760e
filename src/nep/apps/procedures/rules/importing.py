"""What a step table read from Word means as a draft: nothing guessed, what is open is marked.

A marked step carries the extra fact "ask": "unit" (the file says "ngày" only) or "merged" (its
time stands in the cell of the step above). Steps whose time or responsible cannot be read stay
without; the proof then asks for them, showing the printed words ("time", "responsible").
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from nep.apps.procedures.rules.beginning import begins_read
from nep.apps.procedures.rules.draft import Draft
from nep.apps.procedures.rules.either import joined
from nep.apps.procedures.rules.grouping import regrouped
from nep.apps.procedures.rules.paper import NO_PAPER, Paper
from nep.apps.procedures.rules.table import Step, Table
from nep.apps.procedures.rules.ways import parted, with_ways
from nep.apps.procedures.rules.wiring_lines import is_wiring, with_wiring
from nep.apps.procedures.rules.word import (
    DocumentData,
    ImportedFile,
    ImportedProcedure,
    ImportedStep,
    parse_time,
)
from nep.apps.procedures.rules.wording import HOURS_PER_DAY, OUTSIDE
from nep.bpmn import Limit
from nep.kernel.text import clean, clean_lines, fold, shorten

_UNTIMED = ("khong tinh thoi gian", "khong tinh vao thoi gian", "khong tinh thoi han")
_CALENDAR = "ngay lich"
_NAME_LENGTH = 160
PRINTED = 280


@dataclass(frozen=True, slots=True)
class Origin:
    """What a file says of one procedure besides its steps, ready for TTHC and document."""

    tthc_code: str
    name: str
    variant: str
    document_code: str
    issue: str
    amendment: str
    papers: tuple[str, ...]
    legal_basis: str
    quantities: tuple[tuple[int, int], ...] = ()
    fee: str = ""
    paper: Paper = NO_PAPER


def asks_code(imported: ImportedFile, place: int) -> bool:
    """Say whether the code of a procedure is missing or only inferred, so that a person confirms."""
    return any(one.procedure == place and one.code in _CODE_CAUTIONS for one in imported.warnings)


_CODE_CAUTIONS = frozenset({"code_missing", "code_from_list", "code_from_file_name", "code_many"})


def origin_of(imported: ImportedFile, place: int, *, confirmed_code: str | None = None) -> Origin:
    """Return what the file says of its procedure at `place` (from 0).

    A code that has to be confirmed is left out until `confirmed_code` gives it. Document data
    belong to the only procedure of an ISO file, or to the first of its cases.
    """
    procedure = imported.procedures[place]
    document = imported.document or DocumentData()
    code = confirmed_code if asks_code(imported, place) else procedure.tthc_code
    issue, amendment = _issue(document.issue)
    name = clean(procedure.name) or clean(document.title)
    return Origin(
        tthc_code=clean(code or ""),
        name=name[:600],
        variant=clean(procedure.variant)[:400],
        document_code=clean(document.code)[:60] if place == 0 else "",
        issue=issue,
        amendment=amendment,
        papers=tuple(clean(line) for line in document.required_papers if clean(line)),
        quantities=document.quantities,
        fee=clean(document.paper.text("fee"))[:400],
        paper=document.paper,
        legal_basis="\n".join(clean(line) for line in document.legal_basis if clean(line)),
    )


def _issue(text: str) -> tuple[str, str]:
    """Read "01", "Lần 2", "01/00" as (issue, amendment); "01", "00" when nothing is said."""
    numbers = "".join(char if char.isdigit() else " " for char in text).split()
    issue = f"{int(numbers[0]):02d}" if numbers and len(numbers[0]) < 4 else "01"
    amendment = f"{int(numbers[1]):02d}" if len(numbers) == 2 and len(numbers[1]) < 4 else "00"
    return issue, amendment


def draft_of(
    procedure: ImportedProcedure,
    *,
    process_id: str,
    mapping: Mapping[str, str],
    legal_amount: Decimal | None = None,
    legal_unit: str = "",
    paper: Paper = NO_PAPER,
) -> Draft:
    """Return the draft of one imported procedure.

    `mapping` gives role keys by folded "responsible" text. The limit is the TTHC's where known,
    else the total or limit that the file states; "ngày" stays open until somebody answers.
    """
    steps = tuple(_step(place, one, mapping) for place, one in enumerate(procedure.steps, start=1))
    notes = [parted(step.note) for step in steps]
    steps = with_ways(
        [replace(step, note=note) for step, (note, _ways) in zip(steps, notes, strict=True)],
        [
            [line for line in ways if not (is_wiring(line) or begins_read(line))]
            for _note, ways in notes
        ],
    )
    wired = [[line for line in ways if is_wiring(line)] for _note, ways in notes]
    begun = [begins_read(line) for _note, ways in notes for line in ways]
    table = Table(
        process_id, clean(procedure.name)[:600], steps, begins=next(filter(None, begun), "")
    )
    amount, unit, text = legal_amount, legal_unit, ""
    if amount is None:
        amount, unit, text = stated_limit(procedure)
    comparable = procedure.sum_matches_declared is not None
    return Draft(
        table=regrouped(joined(with_wiring(table, wired))),
        limit_amount=amount,
        limit_unit=unit,
        limit_text=text,
        declared_hours=procedure.declared_total_hours if comparable else None,
        declared_text=shorten(clean(procedure.declared_total_text or ""), PRINTED),
        paper=paper,
    )


def stated_limit(procedure: ImportedProcedure) -> tuple[Decimal | None, str, str]:
    """Return (amount, unit, printed text) of the limit the file states; unit "" is to be asked."""
    stated = (
        (
            procedure.declared_total_hours,
            procedure.declared_total_unit,
            procedure.declared_total_text,
        ),
        *_parsed(procedure.limit_text),
    )
    for hours, unit, text in stated:
        if hours is None or hours <= 0:
            continue
        printed = shorten(clean(text or ""), PRINTED)
        if unit == "giờ":
            return hours, "working_hour", printed
        known = "working_day" if unit == "ngày làm việc" else ""
        if unit == "ngày" and _CALENDAR in fold(text or ""):
            known = "calendar_day"
        return _plain(hours / HOURS_PER_DAY), known, printed
    return None, "", ""


def _parsed(text: str | None) -> tuple[tuple[Decimal | None, str | None, str | None], ...]:
    if not text:
        return ()
    found = parse_time(text)
    return ((found.hours, found.unit, text),) if not found.uncertain or found.hours else ()


def _plain(number: Decimal) -> Decimal:
    """Return the number without exponent and surplus zeros."""
    return Decimal(f"{number.normalize():f}")


def _step(place: int, one: ImportedStep, mapping: Mapping[str, str]) -> Step:
    name, note = split_content(one.told or one.content)
    role = mapping.get(fold(one.responsible), "")
    limit, untimed, ask = _time(one)
    step = Step(
        id=f"b{place}",
        name=name or clean(one.label) or f"Bước {place}",
        role=role,
        limit=limit,
        untimed=untimed,
        forms=_forms(one),
        note=note,
        outside=role.startswith(OUTSIDE),
    )
    for fact, value in (
        ("responsible", shorten(clean(one.responsible), PRINTED)),
        ("time", shorten(clean(one.time_text), PRINTED)),
        ("label", clean(one.label)[:40]),
        ("section", clean(one.section)[:400]),
        ("ask", ask),
    ):
        step = step.with_fact(fact, value)
    return step


def _time(one: ImportedStep) -> tuple[Limit | None, bool, str]:
    """Return (limit, untimed, what is still to be asked)."""
    if "time" in one.merged and one.time_hours is None:
        return None, False, "merged"
    if one.time_hours is None or one.time_hours <= 0:
        said = fold(one.time_text)
        return None, any(words in said for words in _UNTIMED), ""
    if one.uncertain and one.time_unit != "ngày":
        return None, False, ""
    if one.time_unit == "giờ":
        return Limit(_plain(one.time_hours), "working_hour"), False, ""
    days = _plain(one.time_hours / HOURS_PER_DAY)
    if one.time_unit == "ngày" and _CALENDAR in fold(one.time_text):
        return Limit(days, "calendar_day"), False, ""
    limit = Limit(days, "working_day")
    return limit, False, "" if one.time_unit == "ngày làm việc" else "unit"


def split_content(content: str) -> tuple[str, str]:
    """Return (name, note): the first sentence or line as the step's name, the rest as its note."""
    text = clean_lines(content)
    if not text:
        return "", ""
    first, _, rest = text.partition("\n")
    first = first.lstrip("-–+•* ")
    if len(first) <= _NAME_LENGTH:
        return first.rstrip(" .:;"), rest.strip()
    for mark in (". ", "; ", ": ", ", "):
        head, found, tail = first.partition(mark)
        if found and 8 <= len(head) <= _NAME_LENGTH:
            return head.rstrip(" .:;"), f"{tail.strip()}\n{rest.strip()}".strip()
    return shorten(first, _NAME_LENGTH), text


def _forms(one: ImportedStep) -> tuple[str, ...]:
    if "forms" in one.merged:
        return ()
    lines = clean_lines(one.listed or one.forms).replace(";", "\n").split("\n")
    found = (clean(line).strip("-–+• ") for line in lines)
    return tuple(line[:300] for line in found if line)[:40]
