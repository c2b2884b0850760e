"""Which running cases can go on by another version of their procedure, and why others cannot."""

import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, QuerySet

from nep.apps.cases.models import Case, CaseMoving, JointStep
from nep.apps.cases.queries._held import held_by
from nep.apps.cases.queries._plans import plan as plan_for
from nep.apps.cases.rules.landing import (
    Held,
    Landing,
    Refusing,
    Standings,
    judge_move,
    places_at,
)
from nep.apps.cases.rules.moving import pairs_beyond, pairs_proposed
from nep.apps.cases.rules.plan import Plan
from nep.apps.organization import queries as organization
from nep.apps.organization.rules import Actor
from nep.apps.procedures import queries as procedures
from nep.apps.procedures.queries import VersionFacts
from nep.apps.workcal import queries as workcal
from nep.bpmn import Node, State, StateError, decode_state, mapped_nodes, standings
from nep.kernel.errors import Refusal

MOST_SHOWN = 500
MOST_LISTED = 20
_MOST_KEPT = 200
_lock = threading.Lock()
_standings: dict[str, Standings] = {}


@dataclass(frozen=True, slots=True)
class Sides:
    """The version that cases of an agency leave and the one they go on by, with their plans."""

    agency_id: int
    source: VersionFacts
    target: VersionFacts
    old: Plan
    new: Plan
    standings: Standings

    @property
    def beyond(self) -> bool:
        """Say whether a case of either version may wait for something besides a step."""
        return bool(self.old.beyond) or bool(self.new.beyond)


@dataclass(frozen=True, slots=True)
class Movable:
    """One open case of the old version: where it lands in the new one, or why it stays.

    `stays` says that it is not a matter of the mapping: it keeps its version whatever is mapped.
    `state` is where it stands now, where that is known.
    """

    case: Case
    landing: Landing | None
    code: str = ""
    message: str = ""
    stays: bool = False
    state: State | None = None


@dataclass(frozen=True, slots=True)
class PlacePair:
    """One place of the old version and what it is mapped to; `open` cases stand there now.

    `number` is that of a step; another place has the `word` of its kind. `targets` are the places of
    that kind in the new version.
    """

    node: str
    number: int | None
    word: str
    name: str
    target: str
    targets: tuple[tuple[str, str], ...]
    open: int
    is_proposed: bool


@dataclass(frozen=True, slots=True)
class MovableLine:
    """One case of the page; `to` names where it lands, `told` what is then not as it was."""

    id: int
    code: str
    holder: str
    at: str
    to: str
    told: tuple[str, ...]
    due_at: datetime | None
    message: str
    can: bool
    stays: bool


@dataclass(frozen=True, slots=True)
class MovingPage:
    """What a decision to move cases is taken on."""

    source: VersionFacts
    target: VersionFacts
    pairs: tuple[PlacePair, ...]
    lines: tuple[MovableLine, ...]
    open: int
    can: int
    cannot: int
    staying: int

    @property
    def more(self) -> int:
        """Return how many cases the page does not list."""
        return max(0, self.open - len(self.lines))


@dataclass(frozen=True, slots=True)
class KeptLine:
    """One case that stayed although it was chosen, and why."""

    id: int
    code: str
    message: str


@dataclass(frozen=True, slots=True)
class MovingLine:
    """One decision to move cases, how far it is and what came of it."""

    id: int
    at: datetime
    by: str
    reason: str
    source: str
    target: str
    is_done: bool
    wanted: int
    moved: int
    kept: tuple[KeptLine, ...]
    percent: int


def sides(*, agency_id: int, source_id: int, target_id: int) -> Sides:
    """Return two versions of one procedure of an agency.

    Raises NotFound; Refusal("same_version", "other_procedure", "not_published").
    """
    source = procedures.version(revision_id=source_id, agency_id=agency_id)
    target = procedures.version(revision_id=target_id, agency_id=agency_id)
    if source_id == target_id:
        raise Refusal("same_version", "Hãy chọn hai lần ban hành khác nhau.")
    if source.procedure_id != target.procedure_id:
        raise Refusal("other_procedure", "Chỉ chuyển giữa các lần ban hành của cùng một quy trình.")
    if target.state not in {"in_force", "retired"}:
        raise Refusal("not_published", "Chỉ chuyển sang lần ban hành đã có hiệu lực.")
    return Sides(
        agency_id, source, target, plan_for(source.content_hash), plan_for(target.content_hash),
        _standings_of(target.content_hash),
    )  # fmt: skip


def _standings_of(content_hash: str) -> Standings:
    """Return where cases of a version can rest; kept, since a hash never changes its meaning."""
    known = _standings.get(content_hash)
    if known is None:
        known = standings(plan_for(content_hash).compiled.process)
        with _lock:
            if len(_standings) >= _MOST_KEPT:
                _standings.clear()
            _standings[content_hash] = known
    return known


def movable(case: Case, *, on: Sides, pairs: Mapping[str, str], joint: bool, held: Held) -> Movable:
    """Judge one case; the dry run and the act both ask here. `joint`: another agency has a step."""
    if case.finished_at is not None:
        return Movable(case, None, "finished", "Hồ sơ đã xử lý xong.", stays=True)
    if case.origin != "run":
        return Movable(case, None, "fed", "Hệ thống một cửa đang xử lý hồ sơ này.", stays=True)
    if case.accepted_at is None or not case.state:
        return Movable(case, None, "waiting", "Hồ sơ chưa được tiếp nhận chính thức.", stays=True)
    if joint:
        return Movable(
            case, None, "joint", "Đang chờ cơ quan khác trong hệ thống trả lời.", stays=True
        )
    try:
        state = decode_state(case.state)
    except StateError:
        return Movable(case, None, "state", "Không đọc được trạng thái của hồ sơ.", stays=True)
    found = judge_move(
        old=on.old, new=on.new, standings=on.standings, pairs=pairs, state=state, held=held
    )
    if isinstance(found, Refusing):
        return Movable(case, None, found.code, found.message, state=state)
    return Movable(case, found, state=state)


def movables(
    cases: Iterable[Case], *, on: Sides, pairs: Mapping[str, str], now: datetime
) -> list[Movable]:
    """Judge cases of one agency with what each waits for, in their order."""
    known = list(cases)
    calendar = workcal.calendar_for(on.agency_id)
    held = held_by(known, now=now, calendar=calendar, beyond=on.beyond)
    joint = open_joint(case.pk for case in known)
    return [
        movable(case, on=on, pairs=pairs, joint=case.pk in joint, held=held[case.pk])
        for case in known
    ]


def open_joint(case_ids: Iterable[int]) -> set[int]:
    """Return the cases of which another agency has a step now."""
    rows = JointStep.objects.filter(case_id__in=list(case_ids), state="open")
    return set(rows.values_list("case_id", flat=True))


def moving_page(
    *, actor: Actor, now: datetime, source_id: int, target_id: int,
    chosen: Mapping[str, str] | None = None,
) -> MovingPage:  # fmt: skip
    """Return which open cases of a version of the actor's agency can go on by another one.

    `chosen` are the pairs picked by hand; the others are proposed. Raises as `sides`.
    """
    on = sides(agency_id=actor.agency_id, source_id=source_id, target_id=target_id)
    pairs = pairs_of(on, chosen or {})
    rows = _open_cases(actor, source_id).order_by("result_due_at", "id")
    found = movables(rows, on=on, pairs=pairs, now=now)
    names = organization.person_names([one.case.holder_person_id for one in found[:MOST_SHOWN]])
    return MovingPage(
        source=on.source,
        target=on.target,
        pairs=_pairs(on, pairs, found),
        lines=tuple(_line(one, on, names) for one in found[:MOST_SHOWN]),
        open=len(found),
        can=sum(one.landing is not None for one in found),
        cannot=sum(one.landing is None and not one.stays for one in found),
        staying=sum(one.stays for one in found),
    )


def _open_cases(actor: Actor, source_id: int) -> QuerySet[Case]:
    return Case.objects.filter(
        agency_id=actor.agency_id, revision_id=source_id, finished_at=None
    )  # fmt: skip


_PLACE_WORDS = {
    "catch": "Chờ", "receive": "Chờ", "event_gateway": "Chờ", "call": "Thủ tục con",
    "subprocess": "Nhóm bước", "boundary": "Sự kiện",
}  # fmt: skip


def _pairs(on: Sides, pairs: Mapping[str, str], found: list[Movable]) -> tuple[PlacePair, ...]:
    """Return the mapping as the page shows it: the steps, then what else a case may stand at."""
    standing: dict[str, int] = {}
    for one in found:
        state = one.state or State()
        nodes = {token.node for token in state.tokens if not token.flow}
        nodes |= {scope.node for scope in state.scopes if not scope.total}
        for node in nodes:
            standing[node] = standing.get(node, 0) + 1
    proposed = _proposed(on)
    steps = tuple((step.node, f"{step.number}. {step.name}") for step in on.new.order)
    rows: list[tuple[str, int | None, str, str, tuple[tuple[str, str], ...]]] = [
        (step.node, step.number, "", step.name, steps) for step in on.old.order
    ]
    rows += [
        (node.id, None, _PLACE_WORDS[node.kind], node.name or node.id, _targets(on, node))
        for node in mapped_nodes(on.old.compiled.process)
        if node.id not in on.old.steps
    ]
    return tuple(
        PlacePair(
            node, number, word, name, pairs.get(node, ""), targets, standing.get(node, 0),
            pairs.get(node) == proposed.get(node),
        )
        for node, number, word, name, targets in rows
    )  # fmt: skip


def _targets(on: Sides, node: Node) -> tuple[tuple[str, str], ...]:
    known = mapped_nodes(on.new.compiled.process)
    return tuple((one.id, one.name or one.id) for one in known if one.kind == node.kind)


def _proposed(on: Sides) -> dict[str, str]:
    steps = pairs_proposed(on.old, on.new)
    return {**pairs_beyond(on.old, on.new, steps), **steps} if on.beyond else steps


def pairs_of(on: Sides, chosen: Mapping[str, str]) -> dict[str, str]:
    """Return the mapping of places: what was picked by hand before what is proposed."""
    found = _proposed(on)
    known = {node.id for node in mapped_nodes(on.old.compiled.process)}
    targets = {node.id for node in mapped_nodes(on.new.compiled.process)}
    for node, target in chosen.items():
        if node in known:
            found.pop(node, None)
            if target in targets:
                found[node] = target
    return found


def movable_ids(
    *, actor: Actor, now: datetime, source_id: int, target_id: int, chosen: Mapping[str, str]
) -> list[int]:
    """Return every open case of a version that can go on by another one. Raises as `sides`."""
    on = sides(agency_id=actor.agency_id, source_id=source_id, target_id=target_id)
    pairs = pairs_of(on, chosen)
    found = movables(_open_cases(actor, source_id), on=on, pairs=pairs, now=now)
    return [one.case.pk for one in found if one.landing is not None]


def version_named(*, actor: Actor, revision_id: int) -> VersionFacts:
    """Return a version of the actor's agency. Raises NotFound."""
    return procedures.version(revision_id=revision_id, agency_id=actor.agency_id)


def _line(one: Movable, on: Sides, names: Mapping[int, str]) -> MovableLine:
    case = one.case
    return MovableLine(
        id=case.pk,
        code=case.code,
        holder=names.get(case.holder_person_id or 0, ""),
        at=", ".join(places_at(on.old, one.state)) if one.state else "",
        to=", ".join(places_at(on.new, one.landing.state)) if one.landing else "",
        told=one.landing.told if one.landing else (),
        due_at=case.result_due_at,
        message=one.message,
        can=one.landing is not None,
        stays=one.stays,
    )


def older_versions(*, actor: Actor, target_id: int) -> tuple[tuple[VersionFacts, int], ...]:
    """Return the other versions of a version's procedure that have open cases, with their number.

    Raises NotFound.
    """
    target = procedures.version(revision_id=target_id, agency_id=actor.agency_id)
    known = procedures.versions_of(procedure_id=target.procedure_id, agency_id=actor.agency_id)
    others = [one.revision_id for one in known if one.revision_id != target_id]
    rows = Case.objects.filter(
        agency_id=actor.agency_id, finished_at=None, origin="run", revision_id__in=others
    )
    counts = dict(rows.values_list("revision_id").annotate(Count("pk")))
    return tuple((one, counts[one.revision_id]) for one in known if one.revision_id in counts)


def moving_lines(*, actor: Actor, source_id: int, target_id: int) -> tuple[MovingLine, ...]:
    """Return the decisions to move cases between two versions, newest first."""
    rows = CaseMoving.objects.filter(
        agency_id=actor.agency_id, source_id__in=[source_id, target_id],
        target_id__in=[source_id, target_id],
    ).order_by("-id")[:MOST_LISTED]  # fmt: skip
    return _lines(list(rows))


def _lines(rows: list[CaseMoving]) -> tuple[MovingLine, ...]:
    names = organization.person_names([row.created_by_id for row in rows])
    versions = procedures.version_numbers(
        {row.source_id for row in rows} | {row.target_id for row in rows}
    )
    kept_ids = [case_id for row in rows for case_id, _ in row.kept]
    codes = dict(Case.objects.filter(pk__in=kept_ids).values_list("pk", "code")) if kept_ids else {}
    found = []
    for row in rows:
        done, total = row.state == "done", len(row.wanted)
        seen = sum(pk <= row.cursor for pk in row.wanted)
        found.append(
            MovingLine(
                row.pk, row.created_at, names.get(row.created_by_id or 0, ""), row.reason,
                versions.get(row.source_id, ""), versions.get(row.target_id, ""), done, total,
                row.moved,
                tuple(KeptLine(pk, codes.get(pk, ""), message) for pk, message in row.kept),
                100 if done or not total else min(99, 100 * seen // total),
            )
        )  # fmt: skip
    return tuple(found)


__all__ = [
    "KeptLine", "MovableLine", "MovingLine", "MovingPage", "PlacePair", "Sides", "movable",
    "movable_ids", "movables", "moving_lines", "moving_page", "older_versions", "open_joint", "pairs_of",
    "sides", "version_named",
]  # fmt: skip
