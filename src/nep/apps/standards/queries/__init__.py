"""Editions, clauses, mapping; by which edition each agency goes.

`clauses(edition)`, `clause_title(edition, number)` and `mapping(a, b)` read shipped data that a
process remembers; they may be asked often.
"""

from nep.apps.standards.queries import _invariants  # noqa: F401  # registers what must hold
from nep.apps.standards.queries._choices import (
    AgencyEdition,
    ChoiceLine,
    GuidanceLine,
    choices_of,
    declaration_lock,
    edition_of,
    editions_of,
    guidances,
)
from nep.apps.standards.queries._comparison import (
    Comparison,
    ComparisonLine,
    comparison,
    found_clauses,
)
from nep.apps.standards.queries._shipped import (
    clause,
    clause_choices,
    clause_title,
    clauses,
    decide_clause,
    edition_facts,
    edition_pair,
    editions,
    forget,
    mapping,
    rows_between,
    shipped,
    source_text,
)

__all__ = [
    "AgencyEdition",
    "ChoiceLine",
    "Comparison",
    "ComparisonLine",
    "GuidanceLine",
    "choices_of",
    "clause",
    "clause_choices",
    "clause_title",
    "clauses",
    "comparison",
    "decide_clause",
    "declaration_lock",
    "edition_facts",
    "edition_of",
    "edition_pair",
    "editions",
    "editions_of",
    "forget",
    "found_clauses",
    "guidances",
    "mapping",
    "rows_between",
    "shipped",
    "source_text",
]
