"""Giving roles to every waiting step of the agency's drafts at once."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from nep.apps.organization.rules import Actor, may
from nep.apps.procedures.queries import OpenDraft, drafts_unmapped
from nep.apps.procedures.rules.edits import Edit
from nep.apps.procedures.rules.wording import OUTSIDE
from nep.apps.procedures.services._edits import definition_edit
from nep.apps.procedures.services._mapping import role_mapping_keep
from nep.kernel.decisions import require
from nep.kernel.errors import Refusal
from nep.kernel.text import clean, fold


def roles_map(*, actor: Actor, choices: Mapping[str, str], now: datetime) -> tuple[int, int]:
    """Remember the role of each printed text and give it to the steps that wait for one.

    `choices` is {text: role key}; steps that have a role keep it. Returns (texts, steps). Raises
    Forbidden, Refusal("nothing_chosen").
    """
    require(may(actor, "procedure.draft"))
    wanted = {fold(text): (text, role) for text, role in choices.items() if clean(role)}
    if not wanted:
        raise Refusal("nothing_chosen", "Hãy chọn vai trò cho ít nhất một cách ghi.", field="role")
    given = 0
    with transaction.atomic():
        for text, role in wanted.values():
            role_mapping_keep(actor=actor, text=text, role=role, now=now)
        for draft in drafts_unmapped(agency_id=actor.agency_id):
            version = draft.version
            for key in draft.waiting.keys() & wanted.keys():
                text, role = wanted[key]
                for edit in _edits(draft, key, text, role):
                    version = definition_edit(
                        actor=actor, revision_id=draft.revision_id, expected_version=version,
                        edit=edit, now=now,
                    ).version  # fmt: skip
                given += len(draft.waiting[key])
    return len(wanted), given


def _edits(draft: OpenDraft, key: str, text: str, role: str) -> list[Edit]:
    """Return one edit for all steps of a text, or one a step where some have a role already."""
    all_wait = all(
        not step.role for step in draft.table.steps if fold(step.fact("responsible")) == key
    )
    if all_wait:
        return [Edit("map_role", values={"text": text, "role": role})]
    role = role + text[:150] if role == OUTSIDE else role
    return [Edit("role", step=step, values={"role": role}) for step in draft.waiting[key]]
