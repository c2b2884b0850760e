"""The questions that show a revision was understood."""

from datetime import datetime

from django.db import transaction

from nep.apps.documents import rules
from nep.apps.documents.models import Question, Revision
from nep.apps.organization.rules import Actor, may
from nep.foundation.journal.services import record
from nep.kernel.decisions import require
from nep.kernel.errors import NotFound, Refusal


def question_save(
    *, actor: Actor, revision_id: int, question_id: int | None, text: str,
    options: tuple[str, ...], right: int, now: datetime,
) -> int:  # fmt: skip
    """Write one of at most three questions of a revision; return its id. `right` counts from 0."""
    require(may(actor, "document.manage"))
    with transaction.atomic():
        row = Revision.objects.select_for_update().filter(
            pk=revision_id, agency_id=actor.agency_id
        ).first()  # fmt: skip
        if row is None:
            raise NotFound()
        known = {one.position: one for one in Question.objects.filter(revision_id=revision_id)}
        old = next((one for one in known.values() if one.id == question_id), None)
        if question_id is not None and old is None:
            raise NotFound()
        decision = rules.decide_question(
            text=text, options=options, right=right, known=len(known), is_new=old is None
        )
        require(decision, kind=Refusal)
        place = next(n for n in range(1, 5) if n not in known)
        one = old or Question(revision_id=revision_id, position=place)
        one.text, one.options, one.right = text[:400], list(options), right
        one.save()
        record(
            actor_id=actor.person_id, agency_id=actor.agency_id, action="reading_question.saved",
            object_type="revision", object_id=revision_id, at=now,
            new={"text": text, "options": options, "right": right},
        )  # fmt: skip
    return one.id


def question_remove(*, actor: Actor, question_id: int, now: datetime) -> int:
    """Take a question away; return the revision it belonged to."""
    require(may(actor, "document.manage"))
    row = Question.objects.filter(pk=question_id, revision__agency_id=actor.agency_id).first()
    if row is None:
        raise NotFound()
    with transaction.atomic():
        row.delete()
        record(
            actor_id=actor.person_id, agency_id=actor.agency_id,
            action="reading_question.removed", object_type="revision",
            object_id=row.revision_id, at=now, old=row.text,
        )  # fmt: skip
    return row.revision_id
