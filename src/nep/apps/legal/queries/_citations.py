"""What an object names, and what names a text."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from nep.apps.legal import rules
from nep.apps.legal.models import Citation
from nep.apps.legal.queries._register import RegisterLine, line_of, sees_restricted
from nep.apps.organization.rules import Actor


@dataclass(frozen=True, slots=True)
class CitationLine:
    """An object names a text; `part` and `label` say where."""

    id: int
    external: RegisterLine
    object_type: str
    object_id: int
    part: str
    label: str
    link: str


@dataclass(frozen=True, slots=True)
class Warned:
    """What an object names, and which of it no longer holds."""

    lines: tuple[CitationLine, ...]

    @property
    def expired(self) -> tuple[CitationLine, ...]:
        """Return the citations of texts that have ended."""
        return tuple(one for one in self.lines if one.external.state == rules.EXPIRED)

    @property
    def warning(self) -> str:
        """Return one sentence about ended texts, or nothing."""
        names = dict.fromkeys(one.external.number or one.external.title for one in self.expired)
        if not names:
            return ""
        said = ", ".join(names)
        return f"Đang viện dẫn văn bản đã hết hiệu lực: {said}."


def citations_of(
    *,
    agency_id: int,
    objects: Iterable[tuple[str, int]],
    today: date,
    actor: Actor | None = None,
) -> Warned:
    """Return what some objects, each a (type, id), name; one query.

    With an actor, only texts that this person may see.
    """
    wanted = set(objects)
    rows = Citation.objects.filter(
        agency_id=agency_id, object_type__in={kind for kind, _id in wanted},
        object_id__in={id_ for _kind, id_ in wanted},
    ).select_related("external", "external__replaced_by")  # fmt: skip
    if actor is not None and not sees_restricted(actor):
        rows = rows.exclude(external__level="restricted")
    lines = [
        _line(row, today)
        for row in rows.order_by("part", "external__number", "id")
        if (row.object_type, row.object_id) in wanted
    ]
    return Warned(tuple(lines))


def expired_among(
    *, agency_id: int, object_type: str, object_ids: Iterable[int], today: date
) -> frozenset[int]:
    """Return those of the objects that name a text that has ended, for lists; one query."""
    rows = Citation.objects.filter(
        agency_id=agency_id, object_type=object_type, object_id__in=list(object_ids),
        external__expires_on__lt=today, external__withdrawn_on=None,
    )  # fmt: skip
    return frozenset(rows.values_list("object_id", flat=True))


def citing(*, external_id: int, agency_id: int) -> tuple[tuple[str, str, str], ...]:
    """Return (label, link, kind of object) of everything that names a text."""
    rows = Citation.objects.filter(external_id=external_id, agency_id=agency_id)
    return tuple(rows.order_by("label", "id").values_list("label", "link", "object_type"))


def _line(row: Citation, today: date) -> CitationLine:
    return CitationLine(
        id=row.id, external=line_of(row.external, today=today, citations=0),
        object_type=row.object_type, object_id=row.object_id, part=row.part, label=row.label,
        link=row.link,
    )  # fmt: skip
