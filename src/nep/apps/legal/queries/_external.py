"""The page of one external document."""

from dataclasses import dataclass
from datetime import date

from nep.apps.legal.models import ExternalDocument
from nep.apps.legal.queries._citations import citing
from nep.apps.legal.queries._register import RegisterLine, line_of, visible
from nep.apps.legal.queries._reviews import ReviewLine, reviews_of
from nep.apps.organization.queries import person_names
from nep.apps.organization.rules import Actor
from nep.kernel.errors import NotFound


@dataclass(frozen=True, slots=True)
class Other:
    """Another text of the register, as a link."""

    id: int
    name: str


@dataclass(frozen=True, slots=True)
class ExternalPage:
    """Everything the page of an external document shows."""

    line: RegisterLine
    level: str
    withdrawn_on: date | None
    withdraw_reason: str
    file_id: int | None
    replaces: tuple[Other, ...]
    amended_by: tuple[Other, ...]
    amends: tuple[Other, ...]
    citations: tuple[tuple[str, str, str], ...]
    reviews: tuple[ReviewLine, ...]
    added_by: str
    version: int


def external_page(*, actor: Actor, external_id: int, today: date) -> ExternalPage:
    """Return one external document with what it replaces, amends and what names it.

    Raises NotFound.
    """
    row = (
        ExternalDocument.objects.filter(visible(actor), pk=external_id)
        .select_related("replaced_by")
        .first()
    )
    if row is None:
        raise NotFound()
    named = citing(external_id=external_id, agency_id=actor.agency_id)
    return ExternalPage(
        line=line_of(row, today=today, citations=len(named)),
        level=row.level,
        withdrawn_on=row.withdrawn_on,
        withdraw_reason=row.withdraw_reason,
        file_id=row.file_id,
        replaces=_others(row.replaces.all()),
        amended_by=_others(row.amended_by.all()),
        amends=_others(row.amends.all()),
        citations=named,
        reviews=reviews_of(external_id=external_id, today=today),
        added_by=person_names([row.added_by_id]).get(row.added_by_id, ""),
        version=row.version,
    )


def file_of(*, actor: Actor, external_id: int) -> int:
    """Return the stored file of a text the actor may see. Raises NotFound."""
    rows = ExternalDocument.objects.filter(visible(actor), pk=external_id)
    found = rows.values_list("file_id", flat=True).first()
    if found is None:
        raise NotFound("file_missing", "Văn bản này chưa có tệp kèm theo.")
    return found


def _others(rows) -> tuple[Other, ...]:
    return tuple(
        Other(id_, number or title)
        for id_, number, title in rows.order_by("-issued_on", "-id").values_list(
            "id", "number", "title"
        )
    )
