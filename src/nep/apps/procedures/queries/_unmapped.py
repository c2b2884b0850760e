"""Responsible texts of drafts that no role has been given yet, with what they likely mean."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from nep.apps.documents import rules as life
from nep.apps.procedures.models import Definition
from nep.apps.procedures.queries._mapping import MappingLine, mapping_lines
from nep.apps.procedures.rules.draft import read_table
from nep.apps.procedures.rules.table import Table
from nep.kernel.text import fold

MOST_DRAFTS = 400


@dataclass(frozen=True, slots=True)
class UnmappedLine:
    """One text, its likely or remembered role, and in how many steps of how many drafts it waits."""

    mapping: MappingLine
    steps: int
    drafts: int


@dataclass(frozen=True, slots=True)
class OpenDraft:
    """A draft with steps that nobody is responsible for: their ids by folded text."""

    revision_id: int
    version: int
    table: Table
    waiting: dict[str, tuple[str, ...]]


def drafts_unmapped(*, agency_id: int) -> Iterator[OpenDraft]:
    """Yield the drafts of the agency with steps whose printed responsible has no role yet."""
    rows = Definition.objects.filter(
        agency_id=agency_id, revision__state=life.DRAFT, graph__contains="responsible"
    ).order_by("id")
    for revision_id, version, graph in rows.values_list("revision_id", "version", "graph")[
        :MOST_DRAFTS
    ]:
        table = read_table(graph)
        waiting: dict[str, tuple[str, ...]] = {}
        for step in table.tasks:
            key = fold(step.fact("responsible"))
            if key and not step.role:
                waiting[key] = (*waiting.get(key, ()), step.id)
        if waiting:
            yield OpenDraft(revision_id, version, table, waiting)


def unmapped_lines(*, agency_id: int, today: date) -> tuple[UnmappedLine, ...]:
    """Return the distinct texts that wait for a role, those of most steps first."""
    texts: dict[str, str] = {}
    steps: dict[str, int] = {}
    drafts: dict[str, int] = {}
    for draft in drafts_unmapped(agency_id=agency_id):
        for key, ids in draft.waiting.items():
            first = next(step for step in draft.table.steps if step.id == ids[0])
            texts.setdefault(key, first.fact("responsible"))
            steps[key] = steps.get(key, 0) + len(ids)
            drafts[key] = drafts.get(key, 0) + 1
    lines = mapping_lines(agency_id=agency_id, texts=texts.values(), today=today)
    found = [UnmappedLine(one, steps[one.folded], drafts[one.folded]) for one in lines]
    return tuple(sorted(found, key=lambda one: (-one.steps, one.mapping.folded)))
