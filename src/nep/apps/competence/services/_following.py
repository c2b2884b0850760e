"""Needs that follow from documents: new steps of a procedure, checks that were failed."""

from datetime import date, datetime

from django.db import transaction

from nep.apps.competence.rules import training as rules
from nep.apps.competence.services._needs import need_propose
from nep.apps.documents import queries as documents
from nep.apps.organization import queries as organization
from nep.apps.procedures import queries as procedures
from nep.kernel.errors import NotFound
from nep.kernel.references import Reference
from nep.kernel.text import fold, shorten
from nep.kernel.vietnamese import local


@transaction.atomic
def need_of_new_steps(
    *, agency_id: int, revision_id: int, replaced_id: int | None, now: datetime
) -> int | None:
    """Propose that who does the new steps of a procedure's version learns them; return the need.

    None for a first version, without new steps or where nobody holds their roles.
    Source: TCVN ISO 9001:2015 điều 6.3, 7.2 a.
    """
    if replaced_id is None:
        return None
    try:
        one = procedures.version(revision_id=revision_id, agency_id=agency_id)
        before = {fold(step.name) for step in procedures.step_table(replaced_id)}
        steps = procedures.step_table(revision_id)
    except NotFound:
        return None
    new = [step for step in steps if fold(step.name) not in before and not step.outside]
    directory = organization.directory(agency_id=agency_id, today=local(now).date())
    people = [person.id for step in new if step.role for person in directory.people(step.role)]
    named = ", ".join(f"“{step.name}”" for step in new)
    return need_propose(
        agency_id=agency_id, person_ids=people, now=now,
        origin=Reference("procedure", revision_id, one.tthc_name, f"/quy-trinh/{one.procedure_id}/"),
        title=shorten(f"Bước mới của quy trình {one.tthc_name}: {named}", 400),
    )  # fmt: skip


@transaction.atomic
def need_of_failed_check(
    *, agency_id: int, revision_id: int, person_id: int, now: datetime
) -> int | None:
    """Propose training for who answered a document's check wrongly more than once before passing."""
    today: date = local(now).date()
    mine = documents.my_reading(revision_id=revision_id, person_id=person_id, today=today)
    if mine is None or mine.wrong_answers < rules.WRONG_ANSWERS:
        return None
    one = documents.revision(revision_id=revision_id, agency_id=agency_id)
    title = f"{one.code} {one.title}"
    return need_propose(
        agency_id=agency_id, person_ids=[person_id], now=now,
        origin=Reference("reading", revision_id, title, f"/tai-lieu/{one.document_id}/"),
        title=shorten(f"Hiểu và làm đúng tài liệu {title}", 400),
    )  # fmt: skip
