"""Where a revision stands, what comes next, and what this person may do about it."""

from dataclasses import dataclass
from datetime import date

from nep.apps.documents import rules
from nep.apps.documents.models import Document, Revision
from nep.apps.documents.queries._access import may_see
from nep.apps.documents.queries._history import checkers_of
from nep.apps.documents.queries._revisions import RevisionFacts, exceptions_of, revision
from nep.apps.documents.queries._routes import (
    RouteLine,
    people_who_may,
    route,
    route_template,
)
from nep.apps.organization.queries import person_names
from nep.apps.organization.rules import Actor, may
from nep.foundation.db import Mark, Prepared
from nep.foundation.files import queries as files
from nep.kernel.decisions import Refused
from nep.kernel.errors import NotFound

SUBMIT, RETURN, RECALL, DROP, ROUTE = "submit", "return", "recall", "drop", "route"


@dataclass(frozen=True, slots=True)
class PartLine:
    """One revision of a package with the file that is decided on; `attached` is the PDF that was
    laid beside it and will be issued in its place, with its size in bytes and its hash."""

    revision_id: int
    document_id: int
    code: str
    title: str
    number: str
    file_name: str
    size: int
    sha256: str
    attached: str
    attached_size: int
    attached_sha256: str


@dataclass(frozen=True, slots=True)
class Life:
    """A revision on its way: the parts decided on, its route, and the acts open to the actor."""

    revision: RevisionFacts
    parts: tuple[PartLine, ...]
    drafts: tuple[PartLine, ...]
    leader: PartLine | None
    lines: tuple[RouteLine, ...]
    planned: tuple[tuple[str, str], ...]
    acts: frozenset[str]
    next_act: str
    refused: str
    signs_as: str
    is_final: bool
    may_replace: bool

    @property
    def now(self) -> RouteLine | None:
        """Return the step that waits."""
        return next((line for line in self.lines if line.state == "now"), None)

    @property
    def has_file(self) -> bool:
        """Say whether there is something to decide on."""
        return bool(self.parts[0].file_name)


_ONE = Prepared(
    lambda: Revision.objects.select_related("document", "leader__document").filter(
        pk=Mark("revision")
    )
)
_MEMBERS = Prepared(
    lambda: (
        Revision.objects.filter(leader_id=Mark("leader"))
        .exclude(state=rules.DROPPED)
        .select_related("document")
        .order_by("document__code")
    )
)


def life(*, actor: Actor, revision_id: int, facts: RevisionFacts | None = None) -> Life:
    """Return where a revision stands for this person. Raises NotFound.

    `facts` are those of a revision whose document the person was shown: they are not asked again.
    """
    if facts is None:
        facts = revision(revision_id=revision_id, agency_id=actor.agency_id)
        if not may_see(actor, document_id=facts.document_id):
            raise NotFound()
    row = _ONE.first(revision=revision_id)
    rows = [row, *_MEMBERS.objects(leader=row.id)]
    is_running = row.state in {rules.SUBMITTED, rules.CHECKED}
    lines = route(revision_id=row.leader_id or row.id, is_running=is_running)
    now = next((line for line in lines if line.state == "now"), None)
    acts, refused, giver_id = _acts(actor, row, facts, now)
    left = [line for line in lines if line.state != "done"]
    return Life(
        revision=facts,
        parts=tuple(_part(one) for one in rows),
        drafts=_drafts(row),
        leader=_part(row.leader) if row.leader else None,
        lines=lines,
        planned=_planned(row) if not lines and row.state in rules.OPEN else (),
        acts=acts,
        next_act=_next(row, acts, now),
        refused=refused,
        signs_as=_signs_as(actor, now, giver_id),
        is_final=bool(now and len(left) == 1 and (now.needs == rules.ANY or _alone(now))),
        may_replace=is_running
        and row.leader_id is None
        and (actor.person_id in facts.author_ids or bool(may(actor, "document.manage"))),
    )


def _acts(
    actor: Actor, row: Revision, facts: RevisionFacts, now: RouteLine | None
) -> tuple[frozenset[str], str, int | None]:
    """Return the acts open to the actor, why the asked one is refused, and for whom it counts."""
    if row.document.kind == rules.PROCEDURE or row.leader_id is not None:
        return frozenset(), "", None
    acts: set[str] = set()
    may_draft = bool(may(actor, "document.draft"))
    if row.state == rules.DRAFT and may_draft:
        acts |= {SUBMIT, ROUTE, DROP}
    if now is None:
        return frozenset(acts), "", None
    if may_draft and actor.person_id in facts.author_ids:
        acts |= {RECALL, DROP}
    permission = rules.PART_PERMISSIONS[now.part]
    giver_id = rules.answers_for(actor, permission, now.pending_ids)
    if giver_id is None:
        return frozenset(acts), "", None
    acts.add(now.part)
    if now.part != rules.CONSULT:
        acts.add(RETURN)
    return frozenset(acts), _refusal(actor, row, facts, now, giver_id), giver_id


def _refusal(
    actor: Actor, row: Revision, facts: RevisionFacts, now: RouteLine, giver_id: int
) -> str:
    known = rules.Standing(
        state=rules.SUBMITTED if now.part == rules.CHECK else rules.CHECKED,
        content_hash=row.content_hash,
        author_ids=facts.author_ids,
        checker_id=row.checked_by_id,
        exceptions=frozenset(exceptions_of(row.agency_id)),
        checker_ids=checkers_of(row.id),
    )
    decide = {rules.CHECK: rules.decide_check, rules.APPROVE: rules.decide_approve}.get(now.part)
    for id_ in {actor.person_id, giver_id} if decide else ():
        said = decide(known, actor_id=id_, content_hash=row.content_hash) if decide else None
        if isinstance(said, Refused):
            return said.message
    return ""


def _next(row: Revision, acts: frozenset[str], now: RouteLine | None) -> str:
    if now is not None and now.part in acts:
        return now.part
    return SUBMIT if SUBMIT in acts else ""


def _signs_as(actor: Actor, now: RouteLine | None, giver_id: int | None) -> str:
    if now is None or giver_id is None:
        return ""
    hat = rules.signing_hat(actor, rules.PART_PERMISSIONS[now.part], giver_id=giver_id)
    if hat is None or hat.acting_for is None:
        return ""
    return f"{hat.prefix} {person_names([hat.acting_for]).get(hat.acting_for, '')}".strip()


def _alone(line: RouteLine) -> bool:
    return len(line.pending_ids) == 1


def _planned(row: Revision) -> tuple[tuple[str, str], ...]:
    """Return the usual route of the kind as (what, who)."""
    steps = route_template(agency_id=row.agency_id, kind=row.document.kind)
    names = person_names(id_ for step in steps for id_ in step.person_ids)
    return tuple(
        (
            rules.PART_NAMES[step.part],
            ", ".join(names.get(id_, "") for id_ in step.person_ids),
        )
        for step in steps
    )


def _drafts(row: Revision) -> tuple[PartLine, ...]:
    """Return the drafts of the document's forms that could go along."""
    if row.state != rules.DRAFT:
        return ()
    found = Revision.objects.filter(
        document__parent_id=row.document_id, state=rules.DRAFT, leader=None
    ).exclude(original_file=None)
    return tuple(_part(one) for one in found.select_related("document").order_by("document__code"))


def _part(row: Revision) -> PartLine:
    known = files.facts(row.original_file_id) if row.original_file_id else None
    pdf = files.facts(row.attached_file_id) if row.attached_file_id else None
    return PartLine(
        revision_id=row.id,
        document_id=row.document_id,
        code=row.document.code,
        title=row.document.title,
        number=rules.revision_text(row.issue, row.amendment),
        file_name=known.name if known else "",
        size=known.size if known else 0,
        sha256=known.sha256 if known else "",
        attached=pdf.name if pdf else "",
        attached_size=pdf.size if pdf else 0,
        attached_sha256=pdf.sha256 if pdf else "",
    )


def package_parts(*, revision_id: int, agency_id: int) -> tuple[PartLine, ...]:
    """Return the forms that go with a revision of the agency, by code."""
    rows = _MEMBERS.objects(leader=revision_id)
    return tuple(_part(row) for row in rows if row.agency_id == agency_id)


def submit_people(
    *, actor: Actor, revision_id: int, today: date
) -> tuple[tuple[tuple[int, str], ...], tuple[tuple[int, str], ...]]:
    """Return who may check and who may approve a revision today, its authors left out."""
    facts = revision(revision_id=revision_id, agency_id=actor.agency_id)
    known = exceptions_of(actor.agency_id)
    authors = facts.author_ids | {actor.person_id}
    checkers = people_who_may(
        agency_id=actor.agency_id, permission="document.check", today=today,
        without=() if rules.AUTHOR_CHECKER in known else authors,
    )  # fmt: skip
    approvers = people_who_may(
        agency_id=actor.agency_id, permission="document.approve", today=today,
        without=() if rules.AUTHOR_APPROVER in known else authors,
    )  # fmt: skip
    return checkers, approvers


def successors(*, actor: Actor, document_id: int) -> tuple[tuple[int, str], ...]:
    """Return the documents in force that may take the place of a withdrawn one."""
    rows = Document.objects.filter(agency_id=actor.agency_id, status=rules.IN_FORCE).exclude(
        pk=document_id
    )
    rows = rows.exclude(parent_id=document_id).exclude(kind=rules.FORM).order_by("code")
    return tuple((row.id, f"{row.code}, {row.title}") for row in rows[:500])
