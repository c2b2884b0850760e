"""Codes taken one by one from an agency's masks, and the masks themselves."""

from datetime import datetime

from django.db import IntegrityError, transaction

from nep.apps.documents import queries, rules
from nep.apps.documents.models import CodeMask
from nep.apps.organization.rules import Actor, may
from nep.foundation.journal.services import record
from nep.foundation.numbering.services import take_number
from nep.kernel.codes import asks_parent, check_document_mask
from nep.kernel.decisions import require
from nep.kernel.errors import Conflict, Refusal
from nep.kernel.text import clean
from nep.kernel.vietnamese import local

_MOST_TRIES = 2000


def code_take(*, actor: Actor, kind: str, parent_id: int | None, now: datetime) -> str:
    """Take the next free code of a kind, in the caller's transaction; dead codes are passed over.

    The numbering book is locked until that transaction ends, so that no two documents meet.
    """
    require(may(actor, "document.draft"))
    on = local(now).date()
    mask = queries.mask_of(agency_id=actor.agency_id, kind=kind)
    parent = (
        queries.code_by_id(agency_id=actor.agency_id, document_id=parent_id) if parent_id else ""
    )
    if asks_parent(mask) and not parent:
        raise Refusal(
            "code_needs_parent",
            f"Mã hiệu của {rules.KIND_NAMES[kind].lower()} lấy theo tài liệu mà nó kèm theo. Hãy "
            "chọn tài liệu đó, hoặc tự ghi mã hiệu.",
            field="parent",
        )
    book, year = queries.book_of(mask, kind=kind, parent_id=parent_id, on=on)
    for _try in range(_MOST_TRIES):
        seq = take_number(agency_id=actor.agency_id, book=book, year=year)
        code = queries.code_of(
            mask, kind=kind, agency_code=actor.agency_code, on=on, seq=seq, parent=parent
        )
        if not queries.code_exists(agency_id=actor.agency_id, code=code):
            return code
    raise Refusal(
        "code_none_free", f"Mẫu mã “{mask}” không còn mã trống. Hãy đổi mẫu mã.", field="code"
    )


def code_mask_save(*, actor: Actor, kind: str, mask: str, version: int, now: datetime) -> None:
    """Set how the agency writes the codes of a kind; documents keep the codes they have.

    Raises Refusal("mask_invalid"), Conflict when somebody changed it after the page was opened.
    """
    require(may(actor, "document.manage"))
    if kind not in rules.KIND_NAMES:
        raise Refusal("kind_unknown", "Hãy chọn loại tài liệu trong danh sách.", field="kind")
    mask = clean(mask)[:60]
    check_document_mask(mask)
    require(
        rules.decide_code_form(
            queries.code_of(
                mask, kind=kind, agency_code=actor.agency_code, on=local(now).date(), seq=1,
                parent="QT-05",
            )
        ),
        kind=Refusal,
    )  # fmt: skip
    old = queries.mask_of(agency_id=actor.agency_id, kind=kind)
    with transaction.atomic():
        rows = CodeMask.objects.filter(agency_id=actor.agency_id, kind=kind)
        if version == 0:
            saved = _first(actor, kind, mask)
        else:
            saved = bool(rows.filter(version=version).update(mask=mask, version=version + 1))
        if not saved:
            raise Conflict(
                "mask_changed", "Người khác vừa đổi mẫu mã này. Hãy tải lại trang để xem mẫu mới."
            )
        record(
            actor_id=actor.person_id, agency_id=actor.agency_id, action="code_mask.saved",
            object_type="code_mask", object_id=kind, at=now, old=old, new=mask,
        )  # fmt: skip


def _first(actor: Actor, kind: str, mask: str) -> bool:
    try:
        with transaction.atomic():
            CodeMask.objects.create(agency_id=actor.agency_id, kind=kind, mask=mask)
    except IntegrityError:
        return False
    return True
