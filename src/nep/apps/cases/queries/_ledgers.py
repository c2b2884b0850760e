"""Cases held against the ledgers beside them: numbering books and journal; `nep doctor` asks."""

import json
import re
from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime

from nep.apps.cases.models import Case, CasePause, StepRun
from nep.apps.cases.queries._log import STEP_FINISHED
from nep.apps.cases.queries._whole import codes_in_portions
from nep.apps.cases.rules.recall import TAKEN_BACK
from nep.apps.organization import queries as organization
from nep.foundation.db.doctor import Finding, invariant
from nep.foundation.journal import queries as journal
from nep.foundation.numbering.queries import books
from nep.kernel.codes import sequence_book
from nep.kernel.text import whole_number
from nep.kernel.vietnamese import local

LAST_KEY = 2**63 - 1
_FIELDS = {
    "agency": "(?P<agency>.+?)", "yymmdd": r"(?P<yymmdd>\d{6})", "ddmmyy": r"(?P<ddmmyy>\d{6})",
    "yyyy": r"(?P<yyyy>\d{4})", "yy": r"(?P<yy>\d\d)", "kind": "(?P<kind>.*?)",
    "seq": r"(?P<seq>\d+)",
}  # fmt: skip


@invariant("case_numbers", "Mã hồ sơ liền số, khớp sổ số")
def numbers() -> Iterator[Finding]:
    """Find case codes above the last number of their book, or missing below it."""
    for agency_id in (
        Case.objects.filter(origin="run").values_list("agency_id", flat=True).distinct()
    ):
        yield from _numbers_of(agency_id)
    yield from _supplement_numbers()


def _numbers_of(agency_id: int) -> Iterator[Finding]:
    mask = organization.agency(agency_id).case_code_mask
    shape = re.compile(_pattern(mask))
    taken: dict[str, list[int]] = {}
    last = {name: number for name, _, number in books(agency_id=agency_id) if _is_case(name)}
    strange = False  # codes of an older mask: their books cannot be told apart
    for code in (
        Case.objects.filter(agency_id=agency_id, origin="run")
        .values_list("code", flat=True)
        .iterator()
    ):
        found = shape.fullmatch(code)
        on = _date(found.groupdict()) if found else None
        if found is None or on is None:
            strange = True
            continue
        taken.setdefault(sequence_book(mask, on=on), []).append(int(found["seq"]))
    for book, used in taken.items():
        if max(used) > last.get(book, 0):
            yield Finding("case_number", f"sổ số {book}", f"đã dùng số {max(used)}, cao hơn sổ")
    for book, number in last.items():
        missing = set(range(1, number + 1)) - set(taken.get(book, ()))
        if missing and not strange:
            yield Finding("case_missing", f"sổ số {book}", f"không còn hồ sơ số {sorted(missing)}")


def _is_case(name: str) -> bool:
    return name == "case" or name.startswith("case:")


def _pattern(mask: str) -> str:
    parts = re.split(r"\{([a-z]+)(?::0?\d)?\}", mask)
    seen: set[str] = set()
    out = []
    for at, part in enumerate(parts):
        if at % 2 == 0:
            out.append(re.escape(part))
        elif part in seen:
            out.append(f"(?P={part})")
        else:
            seen.add(part)
            out.append(_FIELDS[part])
    return "".join(out)


def _date(found: dict[str, str]) -> date | None:
    """Return a day that the code belongs to; any day of its year when it names no day."""
    try:
        if "yymmdd" in found:
            return datetime.strptime(found["yymmdd"], "%y%m%d").date()
        if "ddmmyy" in found:
            return datetime.strptime(found["ddmmyy"], "%d%m%y").date()
        year = found.get("yyyy") or f"20{found.get('yy', '00')}"
        return date(int(year), 1, 1)
    except ValueError:
        return None


def _supplement_numbers() -> Iterator[Finding]:
    used: Counter[tuple[int, int, int]] = Counter()
    rows = CasePause.objects.exclude(number=0).values_list(
        "case__agency_id", "started_at", "number"
    )
    for agency_id, started_at, number in rows:
        used[agency_id, local(started_at).year, number] += 1
    last = {
        (agency_id, year): number
        for agency_id in {key[0] for key in used}
        for name, year, number in books(agency_id=agency_id)
        if name == "supplement"
    }
    for (agency_id, year, number), times in used.items():
        if times > 1 or number > last.get((agency_id, year), 0):
            yield Finding(
                "supplement_number", f"phiếu yêu cầu bổ sung số {number}/{year}",
                "trùng số hoặc cao hơn sổ số",
            )  # fmt: skip


@invariant("case_journal", "Nhật ký và hồ sơ nói cùng một điều")
def journaled() -> Iterator[Finding]:
    """Find cases and finished steps that only one of journal and tables knows, in portions."""
    for named in journal.objects_of("case"):
        keys = {name: key for name in named if (key := whole_number(name))}
        kept = set(Case.objects.filter(pk__among=list(keys.values())).values_list("pk", flat=True))
        for name in named:
            if keys.get(name) not in kept:
                yield Finding("case_gone", f"hồ sơ {name}", "nhật ký có, bảng hồ sơ không còn")
    for cases in codes_in_portions():
        yield from _journaled_steps(cases)


def _journaled_steps(cases: dict[int, str]) -> Iterator[Finding]:
    """Hold the finished steps of some cases (code by key) against what the journal says of them."""
    written: Counter[int] = Counter()
    for act in journal.acts_upon(object_type="case", object_ids=cases, action=STEP_FINISHED):
        told = json.loads(act.new)
        written[told["closed"]["run"] if "closed" in told else told["run"]] += 1
    acts = journal.acts_upon(object_type="case", object_ids=cases, action="case.result_returned")
    returned = {act.object_id for act in acts}
    finished = StepRun.objects.filter(
        case_id__in=list(cases), case__origin="run", outcome__in=["done", "returned", TAKEN_BACK],
        closed_by_id__isnull=False,
    )  # fmt: skip
    for pk, case_id in finished.values_list("pk", "case_id"):
        times = written.pop(pk, 0)
        if times != 1 and not (times == 0 and str(case_id) in returned):
            yield Finding(
                "step_unjournaled", f"hồ sơ {cases[case_id]}", f"bước {pk} có {times} dòng nhật ký"
            )
    for pk in written:
        yield Finding("step_gone", f"bước {pk}", "nhật ký ghi đã xong, bảng bước không ghi")
