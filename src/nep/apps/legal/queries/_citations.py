"""What an object names, and what names a text."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from nep.apps.legal import rules
from nep.apps.legal.models import Citation, ExternalDocument
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


@dataclass(frozen=True, slots=True)
class EndedText:
    """A text of the register that has ended: its symbol or title, its last day, what replaced it.

    `parts` are the parts ("" the whole) of an object that name it; none when only words do.
    """

    number: str
    title: str
    expires_on: date | None
    replaced_by: str
    parts: frozenset[str]
    is_cited: bool


def ended_texts(
    *, agency_id: int, numbers: Iterable[str], objects: Iterable[tuple[str, int]], today: date
) -> tuple[EndedText, ...]:
    """Return the ended texts that have one of the symbols, or that some objects name; two queries.

    Restricted texts are left out, so that a page may show them to anybody.
    """
    wanted = set(objects)
    ended = ExternalDocument.objects.filter(
        agency_id=agency_id, expires_on__lt=today, withdrawn_on=None
    ).exclude(level="restricted").select_related("replaced_by")  # fmt: skip
    named: dict[int, set[str]] = {}
    if wanted:
        rows = Citation.objects.filter(
            agency_id=agency_id, object_type__in={kind for kind, _id in wanted},
            object_id__in={id_ for _kind, id_ in wanted}, external__expires_on__lt=today,
        )  # fmt: skip
        for kind, id_, part, external_id in rows.values_list(
            "object_type", "object_id", "part", "external_id"
        ):
            if (kind, id_) in wanted:
                named.setdefault(external_id, set()).add(part)
    keys = {rules.number_key(number) for number in numbers} - {""}
    if not keys and not named:
        return ()
    found = ended.filter(Q(number_key__in=keys) | Q(pk__in=list(named))).order_by("number", "id")
    return tuple(
        EndedText(
            number=row.number, title=row.title, expires_on=row.expires_on,
            replaced_by=row.replaced_by.number if row.replaced_by else "",
            parts=frozenset(named.get(row.pk, ())), is_cited=row.pk in named,
        )
        for row in found
    )  # fmt: skip


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
