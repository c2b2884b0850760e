"""The checks beyond the proof, by the code of their rule; each finds with the rule's own words."""

from collections.abc import Callable
from decimal import Decimal
from itertools import combinations

from nep.apps.procedures.rules.draft import Draft
from nep.apps.procedures.rules.lint._called import call_limit, call_retired
from nep.apps.procedures.rules.lint._words import numbers, sections_naming, step_words, symbols
from nep.apps.procedures.rules.lint_book import Rule
from nep.apps.procedures.rules.report import ADVICE, Facts, Finding
from nep.apps.procedures.rules.table import Step, Table
from nep.apps.procedures.rules.wording import OUTSIDE, hours_text, limit_text
from nep.kernel.text import shorten, words
from nep.kernel.vietnamese import date_text

HOURS = 8


def _finding(
    rule: Rule,
    table: Table,
    ids: tuple[str, ...] = (),
    *,
    fix: str = "row",
    tap: str = "",
    values: tuple[tuple[str, str], ...] = (),
    **said: object,
) -> Finding:
    """Return a finding with the rule's sentence filled in."""
    said = {"steps": numbers(table, ids), **said}
    return Finding(
        ADVICE, rule.code, rule.sentence.format(**said), rule.detail.format(**said).strip(),
        ids, fix if ids else "", why=rule.why, mend=rule.mend,
        tap=tap, tap_label=rule.tap if tap else "", values=values,
    )  # fmt: skip


def _forms_missing(draft: Draft, facts: Facts, rule: Rule) -> list[Finding]:
    named = {step for step, forms in facts.step_forms.items() if forms}
    bare = tuple(step.id for step in draft.table.tasks if not step.forms and step.id not in named)
    return [_finding(rule, draft.table, bare)] if bare else []


def _one_holder(draft: Draft, facts: Facts, rule: Rule) -> list[Finding]:
    single: dict[str, list[str]] = {}
    for step in draft.table.steps:
        if facts.holders.get(step.role) == 1 and not step.role.startswith(OUTSIDE):
            single.setdefault(step.role, []).append(step.id)
    return [
        _finding(rule, draft.table, tuple(ids), role=facts.role_words.get(role, role))
        for role, ids in single.items()
    ]


def _steps_duplicated(draft: Draft, facts: Facts, rule: Rule) -> list[Finding]:
    """Compare steps of one role; side by side ones are meant to be alike."""
    told: dict[str, list[tuple[Step, frozenset[str]]]] = {}
    for step in draft.table.steps:
        said = frozenset(words(f"{step.name} {step.note}"))
        if said and (step.role or step.fact("responsible")):
            told.setdefault(step.role or step.fact("responsible"), []).append((step, said))
    found = []
    for rows in told.values():
        for (one, left), (other, right) in combinations(rows, 2):
            if one.group and one.group == other.group:
                continue
            alike = 100 * len(left & right) // len(left | right)
            if alike >= rule.figure("alike"):
                found.append(_finding(rule, draft.table, (one.id, other.id), alike=alike))
    return found


def _step_without_hours(draft: Draft, facts: Facts, rule: Rule) -> list[Finding]:
    nought = {step.id for step in draft.table.steps if step.limit and not step.limit.amount}
    untimed = {step.id for step in draft.table.tasks if step.untimed and not step.outside}
    if len(untimed) >= rule.figure("untimed"):
        nought |= untimed
    ids = tuple(step.id for step in draft.table.steps if step.id in nought)
    return [_finding(rule, draft.table, ids)] if ids else []


def _forms_unused(draft: Draft, facts: Facts, rule: Rule) -> list[Finding]:
    """Look for each form of the procedure in the steps: by reference, code, or name."""
    referred = {form for forms in facts.step_forms.values() for form in forms}
    said = _joined(step_words(step) for step in draft.table.steps)
    return [
        _finding(rule, draft.table, form=f"{one.code} {one.title}".strip())
        for one in facts.package_forms
        if one.document_id not in referred
        and not any(name and _padded(name) in said for name in (one.code, one.title))
    ]


def _papers_unreached(draft: Draft, facts: Facts, rule: Rule) -> list[Finding]:
    steps = [(_padded(step_words(step)), frozenset(words(step_words(step))))
             for step in draft.table.steps]  # fmt: skip
    taking = [_padded(text) for text in rule.word_list("taking")]
    if any(text in said for said, _bare in steps for text in taking):
        return []
    found = []
    for paper in facts.papers:
        named = frozenset(words(paper))
        share = max((100 * len(named & bare) // len(named) for _s, bare in steps), default=0)
        if named and share < rule.figure("alike"):
            found.append(_finding(rule, draft.table, paper=f"“{shorten(paper, 120)}”"))
    return found


def _limit_never_met(draft: Draft, facts: Facts, rule: Rule) -> list[Finding]:
    found = []
    for step in draft.table.steps:
        pace = facts.paces.get(step.id)
        if pace is None or step.limit is None or pace.runs < rule.figure("runs"):
            continue
        allowed = step.limit.hours(HOURS) * 60
        if 0 < allowed <= pace.longer_than:
            shortest = hours_text(Decimal(pace.longer_than) / 60)
            found.append(
                _finding(
                    rule, draft.table, (step.id,), runs=pace.runs, shortest=shortest,
                    limit=limit_text(step.limit.amount, step.limit.unit),
                )
            )  # fmt: skip
    return found


def _words_of_others(draft: Draft, facts: Facts, rule: Rule) -> list[Finding]:
    """Look for names of units and agencies that are not this agency's."""
    steps = {step.id: _padded(step_words(step)) for step in draft.table.steps}
    known = _joined([*facts.own_names, *(step.role for step in draft.table.steps if step.outside)])
    whole = " ".join(steps.values())
    found, seen = [], set()
    for folded, name in facts.foreign_names:
        if len(folded.split()) < rule.figure("words") or f" {folded} " not in whole:
            continue
        ids = tuple(id_ for id_, said in steps.items() if f" {folded} " in said)
        if f" {folded} " not in known and ids and folded not in seen:
            seen.add(folded)
            found.append(_finding(rule, draft.table, ids, name=name))
    return found


def _law_ended(draft: Draft, facts: Facts, rule: Rule) -> list[Finding]:
    found = []
    for law in facts.ended_laws:
        ids = tuple(
            step.id
            for step in draft.table.steps
            if step.id in law.cited_in or law.symbol in symbols([step_words(step)])
        )
        sections = sections_naming(draft, law.symbol)
        in_words = bool(sections) or any(
            law.symbol in symbols([step_words(step)]) for step in draft.table.steps
        )
        if not ids and not sections and not law.is_cited:
            continue
        new = f"Thay thế bởi {law.replaced_by}." if law.replaced_by else ""
        tap = "law_replace" if in_words and law.replaced_by and law.is_symbol else ""
        found.append(
            _finding(
                rule, draft.table, ids, law=law.symbol, replaced=new, tap=tap,
                values=(("old", law.symbol), ("new", law.replaced_by)) if tap else (),
                where=_places(draft.table, ids, sections),
                ended=date_text(law.ended_on) if law.ended_on else "không rõ",
            )
        )  # fmt: skip
    return found


def _places(table: Table, ids: tuple[str, ...], sections: tuple[str, ...]) -> str:
    """Return "Bước 2, 3 và mục 5.1", "Quy trình" where no place is known."""
    places = [f"bước {numbers(table, ids)}"] if ids else []
    places += [f"mục {', '.join(sections)}"] if sections else []
    said = " và ".join(places) or "quy trình"
    return said[0].upper() + said[1:]


def _padded(text: str) -> str:
    return f" {' '.join(words(text))} "


def _joined(texts) -> str:
    return " | ".join(_padded(text) for text in texts)


CHECKS: dict[str, Callable[[Draft, Facts, Rule], list[Finding]]] = {
    "forms_missing": _forms_missing,
    "one_holder": _one_holder,
    "steps_duplicated": _steps_duplicated,
    "step_without_hours": _step_without_hours,
    "forms_unused": _forms_unused,
    "papers_unreached": _papers_unreached,
    "limit_never_met": _limit_never_met,
    "words_of_others": _words_of_others,
    "law_ended": _law_ended,
    "call_retired": call_retired,
    "call_limit": call_limit,
}
