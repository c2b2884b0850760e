"""Requests for change, as lists and pages show them."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q, QuerySet

from nep.apps.documents import rules
from nep.apps.documents.models import ChangeRequest, Document, Revision
from nep.apps.documents.queries._access import visible
from nep.apps.organization.queries import person_names
from nep.apps.organization.rules import Actor, may
from nep.kernel.errors import NotFound

PAGE = 50


@dataclass(frozen=True, slots=True)
class RequestLine:
    """One request, in words."""

    id: int
    wish: str
    state: str
    document_id: int | None
    code: str
    title: str
    kind: str
    reason: str
    content: str
    origin_type: str
    origin_id: int | None
    asked_by: int
    asker: str
    asked_at: datetime
    decider: str
    decided_at: datetime | None
    decision_note: str
    draft: str
    is_procedure: bool

    @property
    def wish_name(self) -> str:
        """Return what is asked for, in words."""
        return rules.WISH_NAMES[self.wish]

    @property
    def state_name(self) -> str:
        """Return the state in words."""
        return rules.REQUEST_STATE_NAMES[self.state]

    @property
    def kind_name(self) -> str:
        """Return the kind in words."""
        return rules.KIND_NAMES.get(self.kind, "")

    @property
    def subject(self) -> str:
        """Return "QT-01, Kiểm soát tài liệu" or the new document's title."""
        return f"{self.code}, {self.title}" if self.code else self.title


@dataclass(frozen=True, slots=True)
class RequestLines:
    """A page of requests; `after` continues it, 0 at the end."""

    lines: tuple[RequestLine, ...]
    after: int


def requests_page(*, actor: Actor, state: str = "", after: int = 0) -> RequestLines:
    """Return a page of the requests the actor may see, newest first, continued behind one.

    Those about documents hidden from the actor are left out. Without `state` every state.
    """
    rows = _newest(actor, state)
    last = ChangeRequest.objects.filter(pk=after, agency_id=actor.agency_id).first()
    if last is not None:
        same = Q(asked_at=last.asked_at, pk__lt=last.pk)
        rows = rows.filter(Q(asked_at__lt=last.asked_at) | same)
    found = list(rows[: PAGE + 1])
    return RequestLines(_lines(found[:PAGE]), found[PAGE - 1].pk if len(found) > PAGE else 0)


def _newest(actor: Actor, state: str) -> QuerySet[ChangeRequest]:
    rows = _seen(actor).order_by("-asked_at", "-id")
    return rows.filter(state=state) if state else rows


def request_counts(*, actor: Actor) -> dict[str, int]:
    """Return how many requests the actor sees in each state."""
    counted = _seen(actor).order_by().values_list("state").annotate(n=Count("id"))
    return dict.fromkeys(rules.REQUEST_STATE_NAMES, 0) | dict(counted)


def request_page(*, actor: Actor, request_id: int) -> RequestLine:
    """Return one request. Raises NotFound."""
    row = _seen(actor).filter(pk=request_id).first()
    if row is None:
        raise NotFound()
    return _lines([row])[0]


def requests_of_origin(
    *, agency_id: int, origin_type: str, origin_id: int
) -> tuple[RequestLine, ...]:
    """Return the requests that something else gave rise to, the oldest first."""
    rows = ChangeRequest.objects.filter(
        agency_id=agency_id, origin_type=origin_type, origin_id=origin_id
    )
    return _lines(list(rows.order_by("asked_at", "id")))


def _seen(actor: Actor) -> QuerySet[ChangeRequest]:
    rows = ChangeRequest.objects.filter(agency_id=actor.agency_id)
    if not may(actor, "document.see"):
        return rows.filter(document=None)
    restricted = rows.filter(document__level=rules.RESTRICTED).order_by()
    asked = set(restricted.values_list("document_id", flat=True))
    shown = Document.objects.filter(visible(actor), pk__in=asked) if asked else ()
    hidden = asked - {one.pk for one in shown}
    return rows.exclude(document_id__in=hidden) if hidden else rows


def _lines(rows: list[ChangeRequest]) -> tuple[RequestLine, ...]:
    names = person_names(id_ for row in rows for id_ in (row.asked_by_id, row.decided_by_id))
    documents = Document.objects.in_bulk([row.document_id for row in rows if row.document_id])
    drafts: dict[int | None, str] = {}
    for row in Revision.objects.filter(request_id__in=[one.id for one in rows]):
        number = rules.revision_text(row.issue, row.amendment)
        drafts[row.request_id] = f"{number}: {rules.STATE_NAMES[row.state].lower()}"
    return tuple(_line(row, documents, names, drafts.get(row.id, "")) for row in rows)


def _line(
    row: ChangeRequest, documents: dict[int, Document], names: dict[int, str], draft: str
) -> RequestLine:
    about = documents.get(row.document_id) if row.document_id else None
    kind = about.kind if about else row.kind
    return RequestLine(
        id=row.id,
        wish=row.wish,
        state=row.state,
        document_id=row.document_id,
        code=about.code if about else "",
        title=about.title if about else row.title,
        kind=kind,
        reason=row.reason,
        content=row.content,
        origin_type=row.origin_type,
        origin_id=row.origin_id,
        asked_by=row.asked_by_id,
        asker=names.get(row.asked_by_id, ""),
        asked_at=row.asked_at,
        decider=names.get(row.decided_by_id or 0, ""),
        decided_at=row.decided_at,
        decision_note=row.decision_note,
        draft=draft,
        is_procedure=kind == rules.PROCEDURE,
    )
