"""Documents and filled forms in the common index, and questions to it."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime

from nep.apps.documents import ports, rules
from nep.apps.documents.models import Document, FilledForm, Revision
from nep.apps.documents.queries._access import visible
from nep.apps.documents.queries._filled import readable
from nep.apps.organization.rules import Actor
from nep.foundation.files import queries as files
from nep.foundation.printing.office_bounds import NotMade
from nep.foundation.printing.texts import text_of
from nep.foundation.search.finding import Filters
from nep.foundation.search.queries import Hit, Near, ask, ask_near
from nep.foundation.search.services import Found
from nep.foundation.search.sources import Source, sight_of
from nep.kernel.errors import Refusal
from nep.kernel.vietnamese import local

KIND, FILLED = "document", "filled"


@dataclass(frozen=True, slots=True)
class SearchWanted:
    """What the search page filters by; empty fields mean any."""

    sort: str = ""
    unit_id: int | None = None
    with_old: bool = False

    def filters(self) -> Filters:
        """Return the same in the index's own terms."""
        states = ("current", "open", "old") if self.with_old else ("current", "open")
        sorts = (self.sort,) if self.sort else ()
        return Filters(sorts=sorts, states=states, unit_id=self.unit_id)


def search(
    typed: str,
    *,
    actor: Actor,
    wanted: SearchWanted = SearchWanted(),
    limit: int = 20,
    offset: int = 0,
    with_texts: bool = True,
) -> tuple[Hit, ...]:
    """Return what the actor may see that holds every word, best first."""
    return ask(
        typed, sight=sight_of(actor, agency_id=actor.agency_id), filters=wanted.filters(),
        limit=limit, offset=offset, with_texts=with_texts,
    )  # fmt: skip


def search_near(typed: str, *, actor: Actor, wanted: SearchWanted = SearchWanted()) -> Near:
    """Return what comes near to words that nothing the actor may see holds."""
    sight = sight_of(actor, agency_id=actor.agency_id)
    return ask_near(typed, sight=sight, filters=wanted.filters())


def _seen_by(actor: Actor, document_ids: Collection[int]) -> Collection[int]:
    """Return the restricted documents among these that an actor may see now."""
    rows = Document.objects.filter(visible(actor), pk__in=document_ids)
    return list(rows.values_list("pk", flat=True))


def _changed_since(since: datetime | None) -> Iterator[tuple[int, datetime]]:
    rows = Document.objects.order_by("changed_at", "pk")
    if since is not None:
        rows = rows.filter(changed_at__gte=since)
    return rows.values_list("pk", "changed_at").iterator(chunk_size=500)


def _describe(document_id: int) -> Found | None:
    row = Document.objects.filter(pk=document_id).select_related("owner_unit", "parent").first()
    if row is None or row.status == rules.DROPPED:
        return None
    shown = _shown(row)
    return Found(
        agency_id=row.agency_id,
        kind=KIND,
        object_id=row.pk,
        title=row.title,
        link=(ports.page_of(row.kind, shown.pk) if shown else "") or f"/tai-lieu/{row.pk}/",
        code=row.code,
        detail=_detail(row, shown),
        sort=row.kind,
        state={"in_force": "current", "new": "open"}.get(row.status, "old"),
        unit_id=row.owner_unit_id,
        is_open=row.level != rules.RESTRICTED,
        at=row.in_force_since,
        text=_text(shown, row.kind),
        extra=" ".join([rules.KIND_NAMES.get(row.kind, ""), *row.tags, _file_name(shown)]),
        aside=_aside(row),
    )


def _shown(row: Document) -> Revision | None:
    """Return the revision whose text is found: the one in force, else the newest."""
    if row.current_id is not None:
        return Revision.objects.filter(pk=row.current_id).first()
    return row.revisions.exclude(state=rules.DROPPED).order_by("-drafted_at").first()


def _detail(row: Document, shown: Revision | None) -> str:
    parts = [rules.KIND_NAMES.get(row.kind, row.kind)]
    if shown is not None:
        parts.append(rules.revision_text(shown.issue, shown.amendment))
    if row.owner_unit is not None:
        parts.append(row.owner_unit.name)
    return " · ".join(parts)


def _file_name(shown: Revision | None) -> str:
    if shown is None or shown.original_file_id is None:
        return ""
    return files.facts(shown.original_file_id).name


def _aside(row: Document) -> str:
    """Return words that find it without being its own: those of what it belongs to."""
    if row.parent is None:
        return ""
    return " ".join([row.parent.code, row.parent.title, *row.parent.tags])


def _text(shown: Revision | None, kind: str) -> str:
    """Return the text of the original file, else of the app that owns the content.

    A file that cannot be read has none.
    """
    if shown is None:
        return ""
    if shown.original_file_id is None:
        blocks = ports.text_of(kind, shown.pk, shown.agency_id)
        return "\n".join(block.text.replace(" | ", " · ") for block in blocks)
    try:
        facts = files.facts(shown.original_file_id)
        data = files.read(shown.original_file_id)
        return text_of(data, name=facts.name, with_scans=True)
    except (Refusal, NotMade):
        return ""


SEARCH_SOURCE = Source(KIND, _changed_since, _describe, _seen_by)


def _filled_since(since: datetime | None) -> Iterator[tuple[int, datetime]]:
    rows = FilledForm.objects.order_by("filled_at", "pk")
    if since is not None:
        rows = rows.filter(filled_at__gte=since)
    return rows.values_list("pk", "filled_at").iterator(chunk_size=500)


def _filled(filled_id: int) -> Found | None:
    """Describe a filled form by its title, its number and everything that was typed."""
    rows = FilledForm.objects.filter(pk=filled_id).select_related("document", "revision")
    row = rows.first()
    if row is None:
        return None
    number = row.values.get("number", "")
    revision = rules.revision_text(row.revision.issue, row.revision.amendment)
    return Found(
        agency_id=row.agency_id,
        kind=FILLED,
        object_id=row.pk,
        title=row.title,
        link=f"/tai-lieu/da-dien/{row.pk}/",
        code=row.document.code,
        detail=" · ".join(filter(None, ["Biểu mẫu đã điền", f"số {number}", revision])),
        sort=FILLED,
        unit_id=row.document.owner_unit_id,
        is_open=False,
        at=local(row.filled_at).date(),
        text="\n".join(_typed({**row.values, "number": ""})),
        extra=f"{row.document.title} {number}",
    )


def _typed(value: object) -> Iterator[str]:
    """Yield the texts in the fields and rows of a filled form."""
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        for one in value:
            yield from _typed(one)
    elif isinstance(value, str) and value:
        yield value


def _filled_seen(actor: Actor, filled_ids: Collection[int]) -> Collection[int]:
    """Return the filled forms among these that an actor may read."""
    rows = FilledForm.objects.filter(readable(actor), pk__in=filled_ids)
    return list(rows.values_list("pk", flat=True))


FILLED_SOURCE = Source(FILLED, _filled_since, _filled, _filled_seen)
