"""A person's own filters of the library, kept under a name."""

from datetime import datetime
from urllib.parse import parse_qsl, urlencode

from django.db import IntegrityError, transaction

from nep.apps.documents import queries
from nep.apps.documents.models import SavedView
from nep.apps.organization.rules import Actor, may
from nep.foundation.journal.services import record
from nep.kernel.decisions import require
from nep.kernel.errors import NotFound, Refusal
from nep.kernel.text import clean

MOST_VIEWS = 30


def view_save(*, actor: Actor, name: str, query: str, now: datetime) -> int:
    """Keep a filter under a name; the same name again takes the new filter."""
    require(may(actor, "document.see"))
    name = _name(name)
    values = queries.LibraryFilter.read(dict(parse_qsl(query))).values()
    if not values:
        raise Refusal("view_empty", "Hãy lọc danh sách trước khi lưu.", field="name")
    rows = SavedView.objects.filter(agency_id=actor.agency_id, person_id=actor.person_id)
    if not rows.filter(name=name).exists() and rows.count() >= MOST_VIEWS:
        raise Refusal(
            "views_full", f"Mỗi người lưu nhiều nhất {MOST_VIEWS} bộ lọc. Hãy xóa bớt.",
            field="name",
        )  # fmt: skip
    with transaction.atomic():
        row, _made = SavedView.objects.update_or_create(
            agency_id=actor.agency_id,
            person_id=actor.person_id,
            name=name,
            defaults={"query": urlencode(values)[:500]},
            create_defaults={"query": urlencode(values)[:500], "created_at": now},
        )
        _journal(actor, row, "view.saved", now, new={"name": name, "query": row.query})
    return row.pk


def view_rename(*, actor: Actor, view_id: int, name: str, now: datetime) -> None:
    """Give a kept filter another name."""
    row, name = _mine(actor, view_id), _name(name)
    old, row.name = row.name, name
    try:
        with transaction.atomic():
            row.save(update_fields=["name"])
            _journal(actor, row, "view.renamed", now, old=old, new=name)
    except IntegrityError as error:
        raise Refusal("view_name_taken", f"Bạn đã có bộ lọc tên “{name}”.", field="name") from error


def view_remove(*, actor: Actor, view_id: int, now: datetime) -> None:
    """Remove a kept filter."""
    row = _mine(actor, view_id)
    with transaction.atomic():
        _journal(actor, row, "view.removed", now, old={"name": row.name, "query": row.query})
        row.delete()


def _mine(actor: Actor, view_id: int) -> SavedView:
    require(may(actor, "document.see"))
    row = SavedView.objects.filter(
        pk=view_id, agency_id=actor.agency_id, person_id=actor.person_id
    ).first()
    if row is None:
        raise NotFound()
    return row


def _name(text: str) -> str:
    name = clean(text)[:80]
    if not name:
        raise Refusal("view_name_missing", "Hãy đặt tên cho bộ lọc.", field="name")
    return name


def _journal(actor: Actor, row: SavedView, action: str, now: datetime, **what) -> None:
    record(
        actor_id=actor.person_id, agency_id=actor.agency_id, action=f"library_{action}",
        object_type="saved_view", object_id=row.pk, at=now, **what,
    )  # fmt: skip
