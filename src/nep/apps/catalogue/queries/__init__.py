"""Reads of the catalogue of published TTHC."""

from nep.apps.catalogue.queries import _invariants  # noqa: F401  # registers what must hold
from nep.apps.catalogue.queries._entries import (
    PAGE,
    EditionLine,
    EntriesPage,
    EntryFacts,
    EntryFilter,
    EntryLine,
    EntryName,
    EntryPage,
    current_names,
    entries,
    entry,
    entry_facts,
    entry_ids,
    in_state,
)
from nep.apps.catalogue.queries._imports import (
    KIND_NAMES,
    ImportFacts,
    OutcomeLine,
    imported,
    imports,
    outcomes,
    tally,
)

__all__ = [
    "KIND_NAMES",
    "PAGE",
    "EditionLine",
    "EntriesPage",
    "EntryFacts",
    "EntryFilter",
    "EntryLine",
    "EntryName",
    "EntryPage",
    "ImportFacts",
    "OutcomeLine",
    "current_names",
    "entries",
    "entry",
    "entry_facts",
    "entry_ids",
    "imported",
    "imports",
    "in_state",
    "outcomes",
    "tally",
]
