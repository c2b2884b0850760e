"""What makes work look done for its form: each sign is a question with its reason in words.

Thresholds and words are data (`reference/adviser.toml`). There are no points and no ranking; the
agency's own people see it, nobody above.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from nep.kernel.references import Approval, Wording
from nep.kernel.text import fold, shorten
from nep.kernel.vietnamese import datetime_text, local

MINUTES_APART, IDENTICAL, ONE_HOUR = "minutes_apart", "identical_texts", "one_hour"
NO_FINDINGS, LAST_DAY = "no_findings", "last_day"


@dataclass(frozen=True, slots=True)
class Ended:
    """Something with a day until which it had to be done, and when it was."""

    place: str
    due_on: date
    done_on: date
    unit_id: int | None = None


@dataclass(frozen=True, slots=True)
class AuditYear:
    """The audits of a year: the moments sessions began, how many findings, how many cases were late."""

    year: int
    starts: tuple[datetime, ...]
    findings: int
    late: int
    held: bool


@dataclass(frozen=True, slots=True)
class Facts:
    """What the adviser looks at."""

    approved: tuple[Approval, ...] = ()
    written: tuple[Wording, ...] = ()
    ended: tuple[Ended, ...] = ()
    audits: tuple[AuditYear, ...] = ()


@dataclass(frozen=True, slots=True)
class Hint:
    """Something to look at again: what was seen, the question it asks, where to look."""

    rule: str
    label: str
    told: str
    ask: str
    url: str
    unit_id: int | None
    source: str
    verified: str


def hints(facts: Facts, rules: Mapping[str, Mapping[str, Any]]) -> tuple[Hint, ...]:
    """Return what asks to be looked at again, by rule in the order of the data."""
    finders = {
        MINUTES_APART: _minutes_apart,
        IDENTICAL: _identical,
        ONE_HOUR: _one_hour,
        NO_FINDINGS: _no_findings,
        LAST_DAY: _last_day,
    }
    return tuple(hint for code, rule in rules.items() for hint in finders[code](code, rule, facts))


def _hint(
    code: str, rule: Mapping[str, Any], *, url: str = "", unit_id: int | None = None, **said: Any
) -> Hint:
    return Hint(code, rule["label"], rule["told"].format(**said), rule["ask"], url, unit_id,
                rule["source"], rule["verified"])  # fmt: skip


def _minutes_apart(code: str, rule: Mapping[str, Any], facts: Facts) -> Iterable[Hint]:
    found = []
    for one in facts.approved:
        minutes = int((one.approved_at - one.submitted_at).total_seconds() // 60)
        if 0 <= minutes < rule["minutes"]:
            found.append(
                _hint(code, rule, url=one.url, unit_id=one.unit_id, title=one.title,
                      first=datetime_text(one.submitted_at), second=datetime_text(one.approved_at),
                      minutes=minutes)
            )  # fmt: skip
    return found if len(found) >= rule["least"] else ()


def _identical(code: str, rule: Mapping[str, Any], facts: Facts) -> Iterable[Hint]:
    groups: dict[tuple[str, str], list[Wording]] = {}
    for one in facts.written:
        said = " ".join(fold(one.text).split())
        if len(said) >= rule["length"]:
            groups.setdefault((one.place, said), []).append(one)
    for (place, _said), same in groups.items():
        if len(same) >= rule["least"]:
            units = {one.unit_id for one in same}
            yield _hint(
                code, rule, url=same[0].url, unit_id=units.pop() if len(units) == 1 else None,
                text=shorten(same[0].text, 120), count=len(same), place=place,
            )  # fmt: skip


def _one_hour(code: str, rule: Mapping[str, Any], facts: Facts) -> Iterable[Hint]:
    for one in facts.audits:
        hours = Counter(local(at).hour for at in one.starts)
        if len(one.starts) < rule["least"]:
            continue
        hour, count = hours.most_common(1)[0]
        if 100 * count >= rule["share"] * len(one.starts):
            yield _hint(code, rule, url="/danh-gia/", count=count, year=one.year, hour=hour)


def _no_findings(code: str, rule: Mapping[str, Any], facts: Facts) -> Iterable[Hint]:
    held = sorted((one for one in facts.audits if one.held), key=lambda one: -one.year)
    run = []
    for one in held:
        if one.findings:
            break
        run.append(one)
    late = sum(one.late for one in run)
    if len(run) >= rule["years"] and late >= rule["late"]:
        yield _hint(code, rule, url="/danh-gia/", years=len(run), late=late)


def _last_day(code: str, rule: Mapping[str, Any], facts: Facts) -> Iterable[Hint]:
    groups: dict[str, list[Ended]] = {}
    for one in facts.ended:
        groups.setdefault(one.place, []).append(one)
    for place, ended in groups.items():
        hit = sum(one.done_on == one.due_on for one in ended)
        if len(ended) >= rule["least"] and 100 * hit >= rule["share"] * len(ended):
            yield _hint(code, rule, hit=hit, total=len(ended), place=place)


def headline(count: int) -> str:
    """Return how many things ask to be looked at again, in words."""
    return f"{count} điều cần hỏi lại" if count else "Không có điều gì cần hỏi lại"
