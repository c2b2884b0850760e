"""Holding procedures out to others: a model, its further editions, its withdrawal."""

import json
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction

from nep.apps.adoption import rules
from nep.apps.adoption.events import ModelPublished
from nep.apps.adoption.models import Adoption, ModelEdition, ModelProcedure
from nep.apps.organization import queries as organization
from nep.apps.organization.rules import Actor, may, may_see_agency
from nep.apps.procedures import queries as procedures
from nep.apps.procedures.queries import VersionFacts
from nep.apps.work import services as work
from nep.foundation.journal.services import record
from nep.foundation.outbox.services import publish
from nep.kernel.decisions import require
from nep.kernel.errors import NotFound, Refusal
from nep.kernel.text import clean, fold

SOURCE, ADOPTION = "model", "adoption"


@dataclass(frozen=True, slots=True)
class ModelValues:
    """For whom a model is meant and what it leaves open."""

    audience: str
    open_limits: bool = True
    local_forms: tuple[str, ...] = ()
    note: str = ""


def model_publish(
    *, actor: Actor, source_agency_id: int, revision_id: int, values: ModelValues, now: datetime
) -> int:
    """Hold a version in force out as a model; return the model's id.

    Raises Forbidden; NotFound; Refusal("not_a_publisher", "not_own_procedure", "not_in_force",
    "model_known", "audience_unknown", "form_unknown").
    """
    version = _source(actor, source_agency_id, revision_id)
    draft = procedures.version_draft(revision_id=revision_id, agency_id=source_agency_id)
    _require_values(values, rules.form_names(draft))
    facts = organization.agency(actor.agency_id)
    with transaction.atomic():
        try:
            with transaction.atomic():
                model = ModelProcedure.objects.create(
                    agency_id=actor.agency_id, source_agency_id=source_agency_id,
                    procedure_id=version.procedure_id, province_id=facts.province_id,
                    is_national=facts.kind in rules.NATIONAL, code=version.code,
                    title=version.title, tthc_code=version.tthc_code, field=version.field,
                    folded=fold(f"{version.code} {version.title} {version.tthc_code}")[:800],
                    audience=values.audience, open_limits=values.open_limits,
                    local_forms=json.dumps(list(values.local_forms), ensure_ascii=False),
                )  # fmt: skip
        except IntegrityError as error:
            raise Refusal(
                "model_known", "Quy trình này đã là mẫu. Hãy công bố bản mới của mẫu ấy."
            ) from error
        _edition(actor, model, version, values.note, now)
    return model.pk


def edition_publish(*, actor: Actor, model_id: int, note: str, now: datetime) -> int:
    """Publish what the source has in force now as the model's next edition; return its number.

    Every agency that follows the model is asked for an answer. Raises Forbidden; NotFound;
    Refusal("nothing_new", "note_missing").
    """
    require(may(actor, "model.publish"))
    with transaction.atomic():
        model = _locked(actor, model_id)
        newest = model.editions.get(number=model.number)
        current = procedures.revision_in_force(
            procedure_id=model.procedure_id, agency_id=model.source_agency_id
        )
        if current is None or current == newest.revision_id:
            raise Refusal(
                "nothing_new", "Nguồn của mẫu chưa có bản mới nào đang hiệu lực để công bố."
            )
        if len(clean(note)) < rules.REASON_LENGTH:
            raise Refusal(
                "note_missing", "Hãy ghi bản mới đổi gì, vì sao, để nơi áp dụng hiểu.",
                field="note",
            )  # fmt: skip
        version = procedures.version(revision_id=current, agency_id=model.source_agency_id)
        model.number += 1
        model.title, model.code = version.title, version.code
        model.folded = fold(f"{version.code} {version.title} {version.tthc_code}")[:800]
        model.save(update_fields=["number", "title", "code", "folded"])
        _edition(actor, model, version, note, now)
        work.items_withdraw_of(
            source_type=SOURCE, source_id=model.pk, at=now, by_id=actor.person_id
        )
    return model.number


def model_withdraw(*, actor: Actor, model_id: int, reason: str, now: datetime) -> None:
    """Hold a model out no more; who follows it keeps its procedure and is asked no more.

    Raises Forbidden; NotFound; Refusal("reason_missing").
    """
    require(may(actor, "model.publish"))
    require(rules.decide_reason(reason), kind=Refusal)
    with transaction.atomic():
        model = _locked(actor, model_id)
        model.withdrawn_at, model.withdraw_reason = now, clean(reason)[:1000]
        model.save(update_fields=["withdrawn_at", "withdraw_reason"])
        for pk in Adoption.objects.filter(model=model, left_at=None).values_list("id", flat=True):
            work.items_withdraw_of(
                source_type=ADOPTION, source_id=pk, at=now, by_id=actor.person_id
            )
        work.items_withdraw_of(
            source_type=SOURCE, source_id=model.pk, at=now, by_id=actor.person_id
        )
        record(
            actor_id=actor.person_id, agency_id=actor.agency_id, action="model.withdrawn",
            object_type="model_procedure", object_id=model.pk, at=now, reason=model.withdraw_reason,
        )  # fmt: skip


def _source(actor: Actor, source_agency_id: int, revision_id: int) -> VersionFacts:
    require(may(actor, "model.publish"))
    province_id = organization.province_id_of(source_agency_id)
    if not may_see_agency(actor, agency_id=source_agency_id, province_id=province_id):
        raise NotFound()
    decision = rules.decide_publisher(
        kind=organization.agency(actor.agency_id).kind,
        is_province=bool(may(actor, "province.manage")),
        is_own=source_agency_id == actor.agency_id,
    )
    require(decision, kind=Refusal)
    version = procedures.version(revision_id=revision_id, agency_id=source_agency_id)
    if version.state != "in_force":
        raise Refusal("not_in_force", "Chỉ quy trình đang có hiệu lực mới làm mẫu được.")
    return version


def _require_values(values: ModelValues, forms: tuple[str, ...]) -> None:
    if values.audience not in rules.AUDIENCE_NAMES:
        raise Refusal("audience_unknown", "Hãy chọn mẫu dành cho ai.", field="audience")
    known = {fold(form) for form in forms}
    strange = next((form for form in values.local_forms if fold(form) not in known), "")
    if strange:
        raise Refusal(
            "form_unknown", f"Quy trình không có biểu mẫu “{strange}”.", field="local_forms"
        )


def _locked(actor: Actor, model_id: int) -> ModelProcedure:
    rows = ModelProcedure.objects.select_for_update().filter(
        pk=model_id, agency_id=actor.agency_id, withdrawn_at=None
    )
    model = rows.first()
    if model is None:
        raise NotFound()
    return model


def _edition(
    actor: Actor, model: ModelProcedure, version: VersionFacts, note: str, now: datetime
) -> None:
    ModelEdition.objects.create(
        model=model, number=model.number, revision_id=version.revision_id,
        content_hash=version.content_hash, note=clean(note)[:1000],
        published_by_id=actor.person_id, published_at=now,
    )  # fmt: skip
    record(
        actor_id=actor.person_id, agency_id=actor.agency_id, action="model.published",
        object_type="model_procedure", object_id=model.pk, at=now,
        new={"number": model.number, "code": model.code, "hash": version.content_hash},
    )  # fmt: skip
    publish(
        ModelPublished(agency_id=actor.agency_id, model_id=model.pk, number=model.number),
        agency_id=actor.agency_id, at=now,
    )  # fmt: skip
