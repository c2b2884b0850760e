"""A controlled form filled for a moment: made from its revision in force, kept nowhere."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from nep.apps.documents import rules
from nep.apps.documents.models import Document, Revision
from nep.apps.documents.queries._access import visible
from nep.apps.documents.queries._publication import publication, tag_texts
from nep.apps.organization.rules import Actor
from nep.foundation.files.queries import facts, read
from nep.foundation.printing.blanks import fill_blanks
from nep.kernel.decisions import require
from nep.kernel.errors import Conflict, NotFound, Refusal


@dataclass(frozen=True, slots=True)
class PrintedForm:
    """The Word file of a form with its blanks filled."""

    code: str
    title: str
    data: bytes


def form_printed(
    *, actor: Actor, document_id: int, values: Mapping[str, str], today: date
) -> PrintedForm:
    """Return a form in its revision in force with its tags filled, dots where nothing is known.

    Its own tags (code, issue, agency) fill themselves; the number stays open, because nothing is
    kept. Raises NotFound; Conflict("form_retired"); Refusal("form_not_word") and as `fill_blanks`.
    """
    row = Document.objects.filter(visible(actor), pk=document_id).first()
    if row is None:
        raise NotFound()
    current = Revision.objects.filter(document_id=row.pk, state=rules.IN_FORCE).first()
    fillable = rules.decide_fill(
        kind=row.kind,
        is_in_force=row.status == "in_force" and current is not None,
        is_current=True,
        has_blanks=True,
    )
    require(fillable, kind=Conflict)
    file_id = current.original_file_id if current else None
    if current is None or file_id is None or not facts(file_id).name.lower().endswith(".docx"):
        raise Refusal(
            "form_not_word",
            f"Biểu mẫu {row.code} không phải tệp Word nên không điền sẵn được. Hãy tải tệp ở trang "
            "biểu mẫu.",
        )
    own = rules.own_values(
        code=row.code, title=row.title, issue=current.issue, amendment=current.amendment,
        effective_from=current.effective_from, agency=actor.agency_name, person=actor.name,
        position=next((hat.position for hat in actor.hats if hat.position), ""),
        today=today, number="",
    )  # fmt: skip
    found = publication(revision_id=current.pk, agency_id=actor.agency_id, today=today)
    data = fill_blanks(read(file_id), {**values, **tag_texts(found), **own})
    return PrintedForm(row.code, row.title, data)
