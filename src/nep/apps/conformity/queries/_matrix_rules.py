"""What is asked of each clause in an agency, what it leaves out, what it may."""

from dataclasses import dataclass
from datetime import datetime

from nep.apps.conformity.models import LeftOut
from nep.apps.conformity.queries._matrix import (
    Decided,
    asks_by_row,
    decided,
    evidence_rules,
    rows_of,
)
from nep.apps.conformity.rules import matrix as rules
from nep.apps.conformity.rules.matrix import Ask
from nep.apps.organization.rules import Actor
from nep.apps.planning import queries as planning
from nep.apps.standards import queries as standards
from nep.apps.standards.rules import Clause, Edition


@dataclass(frozen=True, slots=True)
class LeftOutLine:
    """A clause left out: with its title, reason, who decided and when; what the approved scope leaves
    out has no `row` and no time, it is changed in the scope."""

    edition: str
    clause: str
    title: str
    reason: str
    by: str
    at: datetime | None
    row: str


@dataclass(frozen=True, slots=True)
class Proposal:
    """What agencies often leave out, with a reason to begin from."""

    clause: str
    reason: str
    source: str


@dataclass(frozen=True, slots=True)
class MatrixRules:
    """The page: every row with what is asked, what is left out, what is often left out."""

    edition: Edition
    rows: tuple[tuple[Clause, tuple[Ask, ...]], ...]
    left_out: tuple[LeftOutLine, ...]
    proposals: tuple[Proposal, ...]

    def proposed(self, clause: str) -> str:
        """Return the reason offered for a clause, empty when there is none."""
        return next((one.reason for one in self.proposals if one.clause == clause), "")


def matrix_rules_page(*, actor: Actor) -> MatrixRules:
    """Return what is asked of each clause in the edition that the agency goes by."""
    chosen = standards.edition_of(actor.agency_id)
    facts = standards.edition_facts(chosen.in_force)
    assert facts is not None
    said = decided([actor.agency_id])[actor.agency_id]
    asks = asks_by_row(facts.code)
    left = tuple(
        LeftOutLine(
            one.edition, one.clause, standards.clause_title(one.edition, one.clause), one.reason,
            one.decided_by.name, one.decided_at, next(iter(rows_of(one.edition, one.clause)[1]), ""),
        )
        for one in LeftOut.objects.filter(agency_id=actor.agency_id, ended_at=None)
        .select_related("decided_by")
        .order_by("id")
    )  # fmt: skip
    scoped = tuple(
        LeftOutLine(
            facts.code, one.clause, standards.clause_title(facts.code, one.clause), one.reason,
            "Phạm vi đã phê duyệt", None, "",
        )
        for one in planning.excluded_of([actor.agency_id]).get(actor.agency_id, ())
        if _acts(rows_of(facts.code, one.clause)[1], said)
    )  # fmt: skip
    gone = {*said.left_out, *said.parts}
    return MatrixRules(
        edition=facts,
        rows=tuple((row, rules.with_settings(asks[row.number], said.asks)) for row in facts.rows),
        left_out=(*left, *scoped),
        proposals=tuple(
            Proposal(_together(clauses), reason, source)
            for clauses, reason, source in evidence_rules().proposals
            if facts.code != "2008" and not set(clauses) <= gone
        ),
    )


def _acts(backbone: tuple[str, ...], said: Decided) -> bool:
    """Say whether what a scope leaves out is left out: its rows, or the part it names."""
    if backbone and backbone[0] in said.parts:
        return True
    return bool(backbone) and set(backbone) <= set(said.left_out)


def _together(clauses: tuple[str, ...]) -> str:
    """Return the heading that some clauses stand under, or the one clause."""
    return clauses[0] if len(clauses) == 1 else clauses[0].rpartition(".")[0]
