"""The procedures of the demonstration: drafted, checked, approved by three different people."""

from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from nep.apps.organization.queries import actor_for, people_for
from nep.apps.organization.rules import Actor
from nep.apps.procedures.queries import procedure_page
from nep.apps.procedures.rules.draft import Draft
from nep.apps.procedures.rules.table import Branch, Step, Table
from nep.apps.procedures.services import (
    PaperValues,
    TthcValues,
    procedure_create,
    revision_confirm,
    revision_publish,
    revision_submit,
    tthc_create,
)
from nep.bpmn import Limit
from nep.demonstration import facts
from nep.foundation.accounts.queries import account_id
from nep.kernel.text import fold
from nep.kernel.vietnamese import local

CASE_OF_SUPPLEMENT = "Cần bổ sung"


def build_procedures(agency: dict[str, Any], *, agency_id: int, now: datetime) -> None:
    """Bring every procedure of an agency into force at `now`."""
    for content in facts.procedures(agency):
        bring_into_force(
            agency, content, agency_id=agency_id, now=now,
            source=facts.procedures_source(agency),
        )  # fmt: skip


def bring_into_force(
    agency: dict[str, Any],
    content: dict[str, Any],
    *,
    agency_id: int,
    now: datetime,
    source: str,
    is_internal: bool = False,
) -> None:
    """Draft one procedure, have it checked and approved, and bring it into force at `now`."""
    author = actor_with(agency, "iso_secretary", agency_id=agency_id, now=now)
    checker = actor_with(agency, "unit_head", agency_id=agency_id, now=now)
    approver = actor_with(agency, "leader", agency_id=agency_id, now=now)
    amount = Decimal(content["limit"].split()[0])
    tthc_id = tthc_create(
        actor=author,
        now=now,
        values=TthcValues(
            name=content["name"],
            code=content.get("tthc", ""),
            field=content["field"],
            is_internal=is_internal,
            limit_amount=amount,
            limit_unit="working_day",
            result=content["result"],
            papers=tuple(PaperValues(name) for name in content.get("papers", ())),
            legal_basis=source,
        ),
    )
    begun = procedure_create(
        actor=author,
        tthc_id=tthc_id,
        now=now,
        draft=draft_of(content, amount),
        code=content["document"],
    )
    publish_revision(begun.revision_id, author, checker, approver, now)


def publish_revision(
    revision_id: int, author: Actor, checker: Actor, approver: Actor, now: datetime
) -> None:
    """Have a draft checked and approved by two others, in force at `now`."""
    revision_submit(actor=author, revision_id=revision_id, checker_id=checker.person_id, now=now)
    page = procedure_page(revision_id=revision_id, agency_id=author.agency_id)
    revision_confirm(
        actor=checker,
        revision_id=revision_id,
        content_hash=page.content_hash,
        approver_id=approver.person_id,
        now=now,
    )
    revision_publish(
        actor=approver,
        revision_id=revision_id,
        content_hash=page.content_hash,
        effective_from=local(now).date(),
        now=now,
    )


def draft_of(content: dict[str, Any], amount: Decimal) -> Draft:
    """Return the first draft that a demonstration procedure describes."""
    steps = content["steps"]
    ids = {step["name"]: f"b{number}" for number, step in enumerate(steps, start=1)}
    rows = tuple(_step(step, number, steps, ids) for number, step in enumerate(steps))
    table = Table(fold(content["document"]), content["name"], rows)
    return Draft(table, limit_amount=amount, limit_unit="working_day", limit_text=content["limit"])


def _step(
    step: dict[str, Any], number: int, steps: list[dict[str, Any]], ids: dict[str, str]
) -> Step:
    own = ids[step["name"]]
    row = Step(
        id=own,
        name=step["name"],
        role=step["at"],
        limit=Limit(Decimal(step["hours"]), "working_hour"),
        forms=tuple(step.get("forms", ())),
        outside=step.get("outside", False),
        group=fold(step["parallel"]).replace(" ", "-") if "parallel" in step else "",
    )
    branches = []
    if step.get("supplement"):
        branches.append(Branch(f"n{own}s", own, CASE_OF_SUPPLEMENT, supplement=True))
    if "branch" in step:
        target = ids[step["branch"]["to"]]
        branches.append(
            Branch(f"n{own}r", target, step["branch"]["name"], condition=step["branch"]["when"])
        )
        row = replace(row, after=_first_after(number, steps, ids))
    return replace(row, branches=tuple(branches))


def _first_after(number: int, steps: list[dict[str, Any]], ids: dict[str, str]) -> str:
    """Return the next step that everybody passes."""
    return next(ids[s["name"]] for s in steps[number + 1 :] if not s.get("only_by_branch"))


def actor_with(agency: dict[str, Any], role: str, *, agency_id: int, now: datetime) -> Actor:
    """Return the first person of an agency with a role, as an actor of that day."""
    login = next(person["login"] for person in agency["people"] if role in person["roles"])
    return actor_of(login, agency_id=agency_id, now=now)


def actor_of(login: str, *, agency_id: int, now: datetime) -> Actor:
    """Return a person of the demonstration as an actor of that day."""
    actor = actor_for(user_id=account_id(login) or 0, agency_id=agency_id, today=local(now).date())
    if actor is None:
        raise LookupError(f"{login} holds no role on {now:%d/%m/%Y}")
    return actor


def people_at(agency_id: int, unit_code: str, role: str, now: datetime) -> list[int]:
    """Return the ids of the people who do a step's work on that day."""
    rows = people_for(agency_id=agency_id, unit_code=unit_code, role=role, today=local(now).date())
    return [row.id for row in rows]
