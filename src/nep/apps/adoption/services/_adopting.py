"""Following a model: adopt it, take a new edition over, keep the old one, leave it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import F

from nep.apps.adoption import queries, rules
from nep.apps.adoption.models import Adoption, Answer
from nep.apps.adoption.queries import AdoptionPage, ModelFacts, RoleLine
from nep.apps.adoption.services._forms import forms_bring
from nep.apps.organization.rules import Actor, may
from nep.apps.procedures import queries as procedures
from nep.apps.procedures import services as drafts
from nep.apps.procedures.rules.draft import Draft
from nep.apps.procedures.rules.wording import OUTSIDE
from nep.apps.procedures.services import PaperValues, TthcValues
from nep.apps.work import services as work
from nep.apps.work.queries import open_items_of
from nep.foundation.journal.services import record
from nep.kernel.decisions import require
from nep.kernel.errors import NotFound, Refusal
from nep.kernel.text import clean
from nep.kernel.vietnamese import local

SOURCE = "adoption"


@dataclass(frozen=True, slots=True)
class Adopted:
    """A model just adopted: the draft made from it, and how many of its roles nobody maps yet."""

    adoption_id: int
    revision_id: int
    unmapped: int


@dataclass(frozen=True, slots=True)
class AdoptedMany:
    """What became of many models: (code, adopted) and (code, why not)."""

    adopted: tuple[tuple[str, Adopted], ...]
    refused: tuple[tuple[str, str], ...]


def model_adopt(
    *, actor: Actor, model_id: int, now: datetime, roles: Mapping[str, str] | None = None
) -> Adopted:
    """Make the agency's own draft from a model and follow it from now on.

    `roles` maps role keys of the model to the agency's, "" to be asked for later; what it leaves
    out is proposed. A TTHC of
    the model's code is used or made. Raises Forbidden; NotFound; Refusal("model_withdrawn",
    "model_followed", "own_model", "revision_open").
    """
    require(may(actor, "model.adopt"))
    with transaction.atomic():
        page = queries.model_page(actor=actor, model_id=model_id)
        facts = page.facts
        if facts.is_withdrawn:
            raise Refusal("model_withdrawn", "Mẫu này không còn được công bố.")
        if facts.source_agency_id == actor.agency_id:
            raise Refusal("own_model", "Mẫu này làm từ chính quy trình của cơ quan bạn.")
        if page.adoption_id is not None:
            raise Refusal("model_followed", "Cơ quan đã áp dụng mẫu này.")
        lines = queries.role_lines(
            actor=actor, draft=page.draft, words=page.roles, today=local(now).date()
        )
        known = _mapped(actor, lines, roles or {}, now)
        procedure_id, revision_id, draft = _drafted(actor, page, facts, known, now)
        try:
            with transaction.atomic():
                row = Adoption.objects.create(
                    agency_id=actor.agency_id, model_id=facts.id, procedure_id=procedure_id,
                    revision_id=revision_id, number=facts.number, adopted_by_id=actor.person_id,
                    adopted_at=now,
                )  # fmt: skip
        except IntegrityError as error:
            raise Refusal(
                "model_followed", "Quy trình của thủ tục này đã theo một mẫu khác."
            ) from error
        _answered(actor, row, Answer.ADOPTED, facts.number, now)
        forms_bring(actor=actor, row=row, model=_newest(facts), before=None, now=now)
    unmapped = sum(1 for key in {step.fact("responsible") for step in draft.table.steps} if key)
    return Adopted(row.pk, revision_id, unmapped)


def models_adopt(*, actor: Actor, model_ids: Iterable[int], now: datetime) -> AdoptedMany:
    """Adopt some models at once, at most `queries.MOST_AT_ONCE`; one that cannot be is told, the
    others go on. Raises Forbidden; Refusal("nothing_chosen", "too_many")."""
    require(may(actor, "model.adopt"))
    wanted = list(dict.fromkeys(model_ids))
    if not wanted:
        raise Refusal("nothing_chosen", "Hãy chọn ít nhất một mẫu.")
    if len(wanted) > queries.MOST_AT_ONCE:
        raise Refusal("too_many", f"Mỗi lần áp dụng nhiều nhất {queries.MOST_AT_ONCE} mẫu.")
    adopted, refused = [], []
    for model_id in wanted:
        code = queries.model_facts(actor=actor, model_id=model_id).code
        try:
            adopted.append((code, model_adopt(actor=actor, model_id=model_id, now=now)))
        except Refusal as refusal:
            refused.append((code, refusal.message))
    return AdoptedMany(tuple(adopted), tuple(refused))


def drift_accept(*, actor: Actor, adoption_id: int, now: datetime) -> int:
    """Take the newest edition over: a draft of the agency's procedure with its own roles, tighter
    limits and forms; return the draft's revision.

    The draft goes the way of every document. Raises Forbidden; NotFound;
    Refusal("nothing_to_answer", "model_withdrawn", "revision_open").
    """
    require(may(actor, "model.adopt"))
    with transaction.atomic():
        row, page = _locked(actor, adoption_id)
        model = page.model
        newest = _newest(model)
        words = queries.model_words(model, newest)
        lines = queries.role_lines(actor=actor, draft=newest, words=words, today=local(now).date())
        current = procedures.revision_in_force(
            procedure_id=row.procedure_id, agency_id=actor.agency_id
        )
        kept = procedures.version_draft(
            revision_id=current or row.revision_id, agency_id=actor.agency_id
        )
        before = queries.edition_draft(
            model_id=model.id, source_agency_id=model.source_agency_id, number=row.number
        )
        draft = rules.adopted(
            newest, roles={line.key: line.proposed for line in lines}, words=words,
            openness=model.openness, kept=kept, before=before,
        )  # fmt: skip
        row.standing, row.number, row.declined = row.number, model.number, 0
        row.revision_id = drafts.procedure_revise(
            actor=actor, procedure_id=row.procedure_id, is_new_issue=False,
            change_note=_change_note(model, page.notes),
            now=now, draft=draft,
        )  # fmt: skip
        row.save(update_fields=["number", "standing", "declined", "revision"])
        forms_bring(actor=actor, row=row, model=newest, before=before, now=now)
        _answered(actor, row, Answer.ACCEPTED, model.number, now)
        _close_items(actor, row, now)
    return row.revision_id


def acceptance_dropped(revision_id: int) -> None:
    """Follow again the edition followed before, when the draft made of a newer one is dropped."""
    rows = Adoption.objects.filter(revision_id=revision_id, left_at=None).exclude(standing=0)
    rows.update(number=F("standing"), standing=0)


def drift_decline(*, actor: Actor, adoption_id: int, reason: str, now: datetime) -> None:
    """Keep the edition followed so far and tell the publisher why.

    Raises Forbidden; NotFound; Refusal("nothing_to_answer", "reason_missing").
    """
    require(may(actor, "model.adopt"))
    require(rules.decide_reason(reason), kind=Refusal)
    with transaction.atomic():
        row, page = _locked(actor, adoption_id)
        if row.number >= page.model.number:
            raise Refusal("nothing_to_answer", "Cơ quan đang theo bản mới nhất của mẫu.")
        row.declined = page.model.number
        row.save(update_fields=["declined"])
        _answered(actor, row, Answer.DECLINED, page.model.number, now, reason=reason)
        _close_items(actor, row, now)


def adoption_leave(*, actor: Actor, adoption_id: int, reason: str, now: datetime) -> None:
    """Follow the model no more; the procedure stays and may be changed freely.

    Raises Forbidden; NotFound; Refusal("reason_missing").
    """
    require(may(actor, "model.adopt"))
    require(rules.decide_reason(reason), kind=Refusal)
    with transaction.atomic():
        row = _row(actor, adoption_id)
        row.left_at = now
        row.save(update_fields=["left_at"])
        _answered(actor, row, Answer.LEFT, row.number, now, reason=reason)
        work.items_withdraw_of(source_type=SOURCE, source_id=row.pk, at=now, by_id=actor.person_id)


def _newest(model: ModelFacts) -> Draft:
    return queries.edition_draft(
        model_id=model.id, source_agency_id=model.source_agency_id, number=model.number
    )


def _change_note(model: ModelFacts, notes: Iterable[str]) -> str:
    said = "; ".join(note.rstrip(". ") for note in notes)
    return f"Theo mẫu {model.code}, bản {model.number}: {said}."


def _mapped(
    actor: Actor, lines: Iterable[RoleLine], roles: Mapping[str, str], now: datetime
) -> dict[str, str]:
    """Return the agency's role for each of the model's; one it does not have is asked for later."""
    choices = procedures.role_options(agency_id=actor.agency_id, today=local(now).date())
    own = {choice.key for choice in choices}
    wanted = {line.key: roles.get(line.key, line.proposed) for line in lines}
    return {
        key: role if role in own or role.startswith(OUTSIDE) else "" for key, role in wanted.items()
    }


def _drafted(
    actor: Actor,
    page: queries.ModelPage,
    facts: ModelFacts,
    roles: Mapping[str, str],
    now: datetime,
) -> tuple[int, int, Draft]:
    """Make the draft: of the procedure the TTHC has, or of a new one."""
    tthc_id = _tthc(actor, facts, now)
    source = procedures.version(revision_id=facts.revision_id, agency_id=facts.source_agency_id)
    known = procedures.procedure_for(
        tthc_id=tthc_id, agency_id=actor.agency_id, variant=source.variant
    )
    standing = (
        procedures.revision_in_force(procedure_id=known, agency_id=actor.agency_id)
        if known
        else None
    )
    draft = rules.adopted(
        page.draft, roles=roles, words=page.roles, openness=facts.openness,
    )  # fmt: skip
    if known is None or standing is None:
        begun = drafts.procedure_create(
            actor=actor, tthc_id=tthc_id, draft=draft, title=facts.title, variant=source.variant,
            now=now,
        )  # fmt: skip
        return begun.procedure_id, begun.revision_id, draft
    revision_id = drafts.procedure_revise(
        actor=actor, procedure_id=known, is_new_issue=True,
        change_note=f"Áp dụng mẫu {facts.code} của {facts.publisher}.", now=now, draft=draft,
    )  # fmt: skip
    return known, revision_id, draft


def _tthc(actor: Actor, facts: ModelFacts, now: datetime) -> int:
    """Return the agency's TTHC of the model's code, made from the source's where it has none."""
    source = procedures.version(revision_id=facts.revision_id, agency_id=facts.source_agency_id)
    if source.tthc_code:
        known = procedures.tthc_by_code(agency_id=actor.agency_id, code=source.tthc_code)
        if known is not None:
            return known
    told = procedures.tthc(tthc_id=source.tthc_id, agency_id=facts.source_agency_id)
    if told.is_internal:
        known = procedures.internal_tthc_named(agency_id=actor.agency_id, name=told.name)
        if known is not None:
            return known
    return drafts.tthc_create(
        actor=actor, now=now,
        values=TthcValues(
            name=told.name, code=told.code, field=told.field, is_internal=told.is_internal,
            limit_amount=told.limit_amount, limit_unit=told.limit_unit, result=told.result,
            fee=told.fee, legal_basis=told.legal_basis, at_once=told.at_once,
            papers=tuple(
                PaperValues(one.name, one.originals, one.copies, one.is_required)
                for one in told.papers
            ),
        ),
    )  # fmt: skip


def _row(actor: Actor, adoption_id: int) -> Adoption:
    row = (
        Adoption.objects.select_for_update()
        .filter(pk=adoption_id, agency_id=actor.agency_id, left_at=None)
        .first()
    )
    if row is None:
        raise NotFound()
    return row


def _locked(actor: Actor, adoption_id: int) -> tuple[Adoption, AdoptionPage]:
    row = _row(actor, adoption_id)
    page = queries.adoption_page(actor=actor, adoption_id=adoption_id)
    if page.model.is_withdrawn:
        raise Refusal("model_withdrawn", "Mẫu này không còn được công bố.")
    if page.state in {rules.CURRENT, rules.DRAFTING}:
        raise Refusal("nothing_to_answer", "Cơ quan đang theo bản mới nhất của mẫu.")
    return row, page


def _answered(
    actor: Actor, row: Adoption, kind: str, number: int, now: datetime, *, reason: str = ""
) -> None:
    Answer.objects.create(
        adoption=row, number=number, kind=kind, reason=clean(reason)[:1000],
        by_id=actor.person_id, at=now,
    )  # fmt: skip
    record(
        actor_id=actor.person_id, agency_id=actor.agency_id, action=f"model.{kind}",
        object_type="adoption", object_id=row.pk, at=now,
        new={"model": row.model_id, "number": number}, reason=clean(reason)[:1000],
    )  # fmt: skip


def _close_items(actor: Actor, row: Adoption, now: datetime) -> None:
    for item in open_items_of(source_type=SOURCE, source_id=row.pk):
        work.item_close(batch=None, item_id=item.id, at=now, by_id=actor.person_id)
