"""Forms that go along with a procedure: submitted, checked, issued and returned with it.

The procedure's own content is judged by the app that owns it, which calls these in the transaction
of its step. Members move under the same decision, on the same day, and switch with it.
"""

from collections.abc import Collection
from datetime import date, datetime

from django.db import transaction

from nep.apps.documents import rules
from nep.apps.documents.models import Revision
from nep.apps.documents.services._copies import CopiesMissing, Recipe
from nep.apps.documents.services._life_rows import locked
from nep.apps.documents.services._life_steps import (
    back_to_draft,
    revision_approve,
    revision_check,
    revision_submit_check,
)
from nep.apps.documents.services._packages import (
    package_join,
    package_part,
    require_sealed,
    seal,
)
from nep.apps.documents.services._publication import publication_take
from nep.apps.organization.rules import Actor
from nep.kernel.decisions import require
from nep.kernel.errors import Refusal
from nep.kernel.text import clean


def members_submit(
    *,
    actor: Actor,
    leading_id: int,
    member_ids: Collection[int],
    named_ids: Collection[int],
    now: datetime,
) -> None:
    """Let drafts of forms go along with a draft, locked under the hash of their bytes.

    `named_ids` are the documents that the leading one names; its own children may go along too.
    Raises NotFound, Refusal("not_a_child", "member_not_draft", "content_missing", "file_changed").
    """
    with transaction.atomic():
        leading = locked(actor, leading_id)
        require(rules.decide_edit(leading.state), kind=Refusal)
        package_part(actor, _members(leading_id), now)
        for row in package_join(actor, leading, member_ids, now, named_ids=named_ids):
            revision_submit_check(actor=actor, revision_id=row.id, content_hash=seal(row), now=now)


def members_check(*, actor: Actor, leading_id: int, now: datetime) -> None:
    """State that the forms of a package were checked, their bytes as they were submitted.

    Raises Refusal("file_changed", "author_is_checker").
    """
    for row in _sealed(leading_id, rules.SUBMITTED):
        revision_check(actor=actor, revision_id=row.id, content_hash=row.content_hash, now=now)


def members_approve(
    *,
    actor: Actor,
    leading_id: int,
    effective_from: date,
    decision_number: str,
    now: datetime,
) -> None:
    """Issue the forms of a package under one decision, for one day, with their frozen copies.

    Call it within `with_copies`. Raises Refusal("file_changed", "author_is_approver", …).
    """
    missing: list[Recipe] = []
    for row in _sealed(leading_id, rules.CHECKED):
        revision_approve(
            actor=actor, revision_id=row.id, content_hash=row.content_hash,
            effective_from=effective_from, decision_number=decision_number, now=now,
        )  # fmt: skip
        publication_take(revision_id=row.id, now=now, missing=missing)
    if missing:
        raise CopiesMissing(missing)


def members_return(*, actor: Actor, leading_id: int, reason: str, now: datetime) -> None:
    """Open the forms of a package again with the reason, and let each go its own way."""
    members = _members(leading_id)
    for row in members:
        if row.state in {rules.SUBMITTED, rules.CHECKED}:
            back_to_draft(row, rules.RETURNED, actor=actor, reason=clean(reason), now=now)
    package_part(actor, members, now)


def members_release(*, actor: Actor, leading_id: int, reason: str, now: datetime) -> None:
    """Make drafts of the forms of a package that is dropped."""
    members = _members(leading_id)
    for row in members:
        if row.state != rules.DRAFT:
            back_to_draft(row, rules.RECALLED_ACT, actor=actor, reason=clean(reason), now=now)
    package_part(actor, members, now)


def _members(leading_id: int) -> list[Revision]:
    rows = Revision.objects.select_for_update().filter(leader_id=leading_id)
    return list(rows.exclude(state=rules.DROPPED).order_by("id"))


def _sealed(leading_id: int, state: str) -> list[Revision]:
    members = _members(leading_id)
    for row in members:
        require_sealed(row, state)
    return members
