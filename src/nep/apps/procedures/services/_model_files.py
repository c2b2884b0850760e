"""A model drawn elsewhere becomes the draft of a procedure."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from nep.apps.organization.rules import Actor, may
from nep.apps.procedures.models import Tthc
from nep.apps.procedures.queries import mappings_of, role_options
from nep.apps.procedures.rules.draft import Draft
from nep.apps.procedures.rules.model_file import LARGEST, taken_over
from nep.apps.procedures.services._drafts import Begun, procedure_create
from nep.foundation.db import new_id
from nep.foundation.files.services import store
from nep.kernel.decisions import Refused, require
from nep.kernel.errors import NotFound, Refusal
from nep.kernel.text import fold
from nep.kernel.vietnamese import local


@dataclass(frozen=True, slots=True)
class ModelTaken:
    """The procedure made from a model, and in words what is kept beside its table."""

    begun: Begun
    kept: tuple[str, ...]


def model_import(
    *,
    actor: Actor,
    tthc_id: int,
    file: str,
    data: bytes,
    now: datetime,
    code: str = "",
    title: str = "",
    variant: str = "",
) -> ModelTaken:
    """Make the draft of a procedure from a BPMN file; the original is kept with the draft.

    Raises NotFound, Refusal with the codes of `taken_over`, `procedure_create` and `store`.
    """
    require(may(actor, "procedure.draft"))
    tthc = Tthc.objects.filter(pk=tthc_id, agency_id=actor.agency_id).first()
    if tthc is None:
        raise NotFound()
    options = role_options(agency_id=actor.agency_id, today=local(now).date())
    roles = {fold(one.words): one.key for one in options} | {fold(o.key): o.key for o in options}
    found = taken_over(
        data, process_id=f"qt-{new_id()}", roles=mappings_of(actor.agency_id) | roles
    )
    if isinstance(found, Refused):
        raise Refusal(found.code, found.message)
    with transaction.atomic():
        stored = store(
            data=data,
            name=file,
            agency_id=actor.agency_id,
            actor_id=actor.person_id,
            at=now,
            kinds=("bpmn",),
            max_bytes=LARGEST,
        )
        begun = procedure_create(
            actor=actor,
            tthc_id=tthc_id,
            now=now,
            draft=Draft(
                found.table,
                limit_amount=tthc.limit_amount,
                limit_unit=tthc.limit_unit,
                beside=found.beside,
            ),
            code=code,
            title=title,
            variant=variant,
            original_file_id=stored.id,
        )
    return ModelTaken(begun, found.kept)
