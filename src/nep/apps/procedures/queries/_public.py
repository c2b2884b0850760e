"""What the public pages show of procedures: nothing internal, no person."""

from dataclasses import dataclass

from nep.apps.procedures.models import TthcPaper
from nep.apps.procedures.queries._tthc import Paper, TthcFacts, tthc
from nep.apps.procedures.queries._versions import (
    StepRow,
    VersionFacts,
    steps_by_hash,
    versions_of_every_tthc,
)
from nep.kernel.text import fold


@dataclass(frozen=True, slots=True)
class PublicProcedure:
    """One TTHC in the public list with the procedure in force that it goes by."""

    version: VersionFacts
    papers: int
    steps: int


@dataclass(frozen=True, slots=True)
class PublicPage:
    """One procedure in force with everything a citizen may see."""

    version: VersionFacts
    tthc: TthcFacts
    papers: tuple[Paper, ...]
    steps: tuple[StepRow, ...]


def procedures_public(agency_id: int, *, query: str = "") -> tuple[PublicProcedure, ...]:
    """Return the TTHC with a procedure in force, their own or a shared one, that hold every word of
    the query; internal ones left out.

    Three queries, whatever their number; graphs are read once per process.
    """
    words = fold(query).split()
    found = [
        one
        for one in versions_of_every_tthc(agency_id)
        if one.tthc_code and all(word in fold(f"{one.tthc_code} {one.tthc_name}") for word in words)
    ]
    counts: dict[int, int] = {}
    papers = TthcPaper.objects.filter(tthc_id__in={one.tthc_id for one in found})
    for tthc_id in papers.values_list("tthc_id", flat=True):
        counts[tthc_id] = counts.get(tthc_id, 0) + 1
    return tuple(
        PublicProcedure(one, counts.get(one.tthc_id, 0), len(steps_by_hash(one.content_hash)))
        for one in found
    )


def procedure_public(
    *, agency_id: int, procedure_id: int, tthc_id: int | None = None
) -> PublicPage | None:
    """Return one procedure in force for the public, or None when there is none.

    With `tthc_id` as that of the TTHC that shares it, else as that of its own.
    """
    found = [
        one
        for one in versions_of_every_tthc(agency_id)
        if one.procedure_id == procedure_id and tthc_id in (None, one.tthc_id)
    ]
    if not found or not found[0].tthc_code:
        return None
    facts = tthc(tthc_id=found[0].tthc_id, agency_id=agency_id)
    return PublicPage(found[0], facts, facts.papers, steps_by_hash(found[0].content_hash))
