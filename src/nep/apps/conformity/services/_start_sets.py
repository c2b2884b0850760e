"""Documents of the start set become drafts: chosen by a person, approved by nobody."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from nep.apps.conformity import queries
from nep.apps.conformity.queries import StartLine
from nep.apps.documents import services as documents
from nep.apps.documents.rules import INTERNAL, DocumentFacts
from nep.apps.organization import queries as organization
from nep.apps.organization.queries import AgencyFacts
from nep.apps.organization.rules import Actor, may
from nep.foundation.journal import services as journal
from nep.foundation.printing import Paper, bold, line, paper_docx
from nep.kernel.decisions import require
from nep.kernel.errors import Refusal


def start_take(*, actor: Actor, keys: Sequence[str], now: datetime) -> int:
    """Make a draft with a Word file of each chosen document; return how many.

    What the agency has by the same title is left out. Raises Forbidden; Refusal("nothing_chosen").
    """
    require(may(actor, "document.draft"))
    chosen = [
        one for one in queries.start_lines(actor=actor, now=now) if one.key in keys and not one.has
    ]
    if not chosen:
        raise Refusal("nothing_chosen", "Hãy chọn ít nhất một tài liệu cơ quan chưa có.")
    agency = organization.agency(actor.agency_id)
    files = [paper_docx(_paper(one, agency)) for one in chosen]
    with transaction.atomic():
        made = [
            documents.document_add(
                actor=actor, facts=_facts(one), file=(f"{one.key}.docx", data), now=now
            )
            for one, data in zip(chosen, files, strict=True)
        ]
        for (document_id, _revision), one in zip(made, chosen, strict=True):
            journal.record(
                actor_id=actor.person_id, agency_id=actor.agency_id, action="year.started_with",
                object_type="document", object_id=document_id, at=now, new={"start": one.key},
            )  # fmt: skip
    return len(made)


def _facts(one: StartLine) -> DocumentFacts:
    return DocumentFacts(
        kind=one.kind, code="", title=one.title, level=INTERNAL, owner_unit_id=None, parent_id=None,
        tags=(), clauses=tuple(("ISO 9001:2015", clause) for clause in one.clauses),
    )  # fmt: skip


def _paper(one: StartLine, agency: AgencyFacts) -> Paper:
    return Paper(
        title=one.title, issuer=agency.name,
        above=agency.parent_name or f"Ủy ban nhân dân {agency.province}", number="DỰ THẢO",
        blocks=tuple(
            block
            for place, (head, text) in enumerate(one.sections, start=1)
            for block in (line(bold(f"{place}. {head}")), line(text, indent=True))
        ),
    )  # fmt: skip
