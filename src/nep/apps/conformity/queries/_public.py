"""What the public sees of declarations in force: nothing internal, no person."""

from dataclasses import dataclass
from datetime import date

from nep.apps.conformity.models import Declaration, Posting
from nep.apps.conformity.queries._declaration import annex_of
from nep.apps.conformity.rules import declaration as law
from nep.kernel.text import fold, sort_key


@dataclass(frozen=True, slots=True)
class PublicLine:
    """A declaration in force in the public list."""

    id: int
    agency_code: str
    agency_name: str
    edition: str
    decision_number: str
    decision_on: date | None
    procedures: int


@dataclass(frozen=True, slots=True)
class PublicDeclaration:
    """A declaration in force as the public sees it; `web_url` is where the agency posted it."""

    line: PublicLine
    website: str
    scope_text: str
    annex: tuple[law.ScopeLine, ...]
    web_url: str


def public_declarations(*, query: str = "") -> tuple[PublicLine, ...]:
    """Return the declarations in force of agencies that hold every word of the query, by name."""
    rows = Declaration.objects.filter(state__in=law.STANDING_STATES)
    for word in fold(query).split():
        rows = rows.filter(agency__folded__contains=word)
    lines = [_line(row) for row in rows.select_related("agency")]
    return tuple(sorted(lines, key=lambda one: sort_key(one.agency_name)))


def public_declaration(declaration_id: int) -> PublicDeclaration | None:
    """Return one declaration in force, or None."""
    row = (
        Declaration.objects.filter(pk=declaration_id, state__in=law.STANDING_STATES)
        .select_related("agency")
        .first()
    )
    if row is None:
        return None
    posted = Posting.objects.filter(declaration=row, kind=law.WEB).order_by("-on", "-id").first()
    return PublicDeclaration(
        line=_line(row), website=row.agency.website, scope_text=row.scope_text,
        annex=annex_of(row), web_url=posted.url if posted else "",
    )  # fmt: skip


def _line(row: Declaration) -> PublicLine:
    return PublicLine(
        row.id, row.agency.code, row.agency.name, row.edition, row.decision_number,
        row.decision_on, len(row.annex),
    )  # fmt: skip
