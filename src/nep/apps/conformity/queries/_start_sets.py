"""Documents that an agency may begin its system with, and which of them it has."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings

from nep.apps.conformity.rules.year import COMMUNES
from nep.apps.documents import queries as documents
from nep.apps.documents.queries import LibraryFilter
from nep.apps.documents.rules import KIND_NAMES
from nep.apps.organization import queries as organization
from nep.apps.organization.rules import Actor
from nep.kernel.text import fold
from nep.kernel.vietnamese import local


@dataclass(frozen=True, slots=True)
class StartLine:
    """A document that may be begun with; `has` names one of the agency of the same title."""

    key: str
    title: str
    kind: str
    kind_name: str
    clauses: tuple[str, ...]
    why: str
    sections: tuple[tuple[str, str], ...]
    has: str


def start_lines(*, actor: Actor, now: Any) -> tuple[StartLine, ...]:
    """Return the start set for the agency's kind, each with whether it is there already."""
    agency = organization.agency(actor.agency_id)
    size = "xa" if agency.kind in COMMUNES else "so"
    known = {
        fold(one.title): one.code
        for kind in ("manual", "system_procedure", "other")
        for one in documents.register_lines(
            actor=actor, filter=LibraryFilter(kind=kind, state="tat"), today=local(now).date()
        )
    }
    return tuple(
        StartLine(
            key=key, title=one["title"], kind=one["kind"], kind_name=KIND_NAMES[one["kind"]],
            clauses=tuple(one["clauses"]), why=one["why"],
            sections=tuple(
                (head, text.replace("{agency}", agency.name)) for head, text in one["sections"]
            ),
            has=known.get(fold(one["title"]), ""),
        )
        for key, one in settings.ISO_YEAR["start_sets"].items()
        if isinstance(one, dict) and size in one["sizes"]
    )  # fmt: skip


def start_source() -> tuple[str, str]:
    """Return (source, mark) of the start sets."""
    shipped = settings.ISO_YEAR["start_sets"]
    return shipped["source"], shipped["verified"]
