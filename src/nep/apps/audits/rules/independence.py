"""Who may audit what: independence, competence, rotation, overlapping sessions.

Source: TCVN ISO 9001:2015 điều 9.2.2 c (chọn chuyên gia đánh giá bảo đảm khách quan, vô tư); TCVN
ISO 9001:2008 điều 8.2.2 (không đánh giá công việc của chính mình). How many years in a row are too
many is the product's own proposal, set in the reference data and marked so.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise

from nep.apps.organization.rules import Actor
from nep.kernel.decisions import ALLOWED, Decision, Refused
from nep.kernel.vietnamese import date_text, time_text

CLAUSE = "TCVN ISO 9001:2015, điều 9.2.2"
LEADER, AUDITOR, OBSERVER = "leader", "auditor", "observer"
PART_NAMES: dict[str, str] = {
    LEADER: "Trưởng đoàn",
    AUDITOR: "Đánh giá viên",
    OBSERVER: "Quan sát viên",
}


@dataclass(frozen=True, slots=True)
class Person:
    """A person as far as independence needs it. `audited` holds (unit, year) of earlier audits."""

    id: int
    name: str
    unit_ids: frozenset[int] = frozenset()
    headed_units: frozenset[int] = frozenset()
    leads_agency: bool = False
    is_neighbour: bool = False
    agreement: str = ""
    qualified: bool = False
    certified: bool = False
    qualified_until: date | None = None
    qualified_told: str = ""
    audited: frozenset[tuple[int, int]] = frozenset()


@dataclass(frozen=True, slots=True)
class Place:
    """A session as far as independence needs it: the unit with those above it, who made the
    procedure, when it takes place, who answers for the unit."""

    id: int
    unit_id: int
    unit: str
    starts_at: datetime
    ends_at: datetime
    unit_line: frozenset[int] = frozenset()
    procedure: str = ""
    drafters: frozenset[int] = frozenset()
    checkers: frozenset[int] = frozenset()
    approvers: frozenset[int] = frozenset()
    representative_id: int | None = None


@dataclass(frozen=True, slots=True)
class Concern:
    """Why a person should not audit something; `blocks` says that the plan cannot go out so."""

    code: str
    text: str
    blocks: bool = True


def concerns(person: Person, place: Place, *, rotation_years: int = 2) -> tuple[Concern, ...]:
    """Return everything that speaks against a person auditing a session, the gravest first."""
    found = [
        (person.unit_ids & {place.unit_id}, "works_in", f"Đang làm việc tại {place.unit}"),
        (person.headed_units & place.unit_line, "supervises", f"Phụ trách {place.unit}"),
        (person.leads_agency, "leads", "Là lãnh đạo cơ quan, phụ trách mọi đơn vị"),
        (person.id in place.drafters, "drafted", f"Đã soạn {place.procedure}"),
        (person.id in place.checkers, "checked", f"Đã xem xét {place.procedure}"),
        (person.id in place.approvers, "approved", f"Đã phê duyệt {place.procedure}"),
        (person.id == place.representative_id, "represents", "Là đại diện của đơn vị được đánh giá"),
        (not person.qualified, "unqualified", "Chưa có năng lực đánh giá viên còn hiệu lực"),
        (
            person.is_neighbour and not person.agreement,
            "agreement_missing",
            "Người của cơ quan khác: chưa ghi văn bản đồng ý cử",
        ),
    ]  # fmt: skip
    year = place.starts_at.year
    years = {when for unit, when in person.audited if unit == place.unit_id}
    row = [year - back for back in range(1, rotation_years + 1)]
    told = [Concern(code, text) for holds, code, text in found if holds]
    until = person.qualified_until
    if until is not None and until < place.starts_at.date():
        told.append(Concern("expired", f"Năng lực đánh giá viên chỉ đến {date_text(until)}"))
    if not person.unit_ids and not person.is_neighbour:
        told.append(
            Concern("unit_unknown", "Chưa ghi đơn vị công tác, chưa xét được độc lập", blocks=False)
        )
    if rotation_years and all(one in years for one in row):
        told.append(
            Concern("rotation", f"Đã đánh giá {place.unit} {rotation_years} năm liền", blocks=False)
        )
    return tuple(told)


def decide_leader(actor: Actor, *, unit_id: int, representative_id: int | None) -> Decision:
    """Decide whether who leads the team may note in a session of which they are no auditor."""
    is_theirs = representative_id == actor.person_id or any(
        hat.unit_id == unit_id for hat in actor.hats
    )
    if is_theirs:
        return Refused(
            "leader_audited",
            "Trưởng đoàn thuộc đơn vị được đánh giá; chỉ đánh giá viên của phiên ghi được.",
            CLAUSE,
        )
    return ALLOWED


def overlaps(places: Iterable[Place]) -> tuple[str, ...]:
    """Return which of a person's sessions take place at once, in words."""
    ordered = sorted(places, key=lambda one: (one.starts_at, one.id))
    return tuple(
        f"{time_text(later.starts_at)} ngày {date_text(later.starts_at.date())}"
        for earlier, later in pairwise(ordered)
        if later.starts_at < earlier.ends_at
    )


def decide_team(
    *, members: Iterable[tuple[Person, str]], places: Iterable[tuple[Place, tuple[int, ...]]]
) -> Decision:
    """Decide whether a plan with this team and these sessions may go out.

    `places` holds each session with its auditors. The first thing that blocks is told.
    """
    people = {person.id: person for person, _part in members}
    leaders = [person for person, part in members if part == LEADER]
    if len(leaders) != 1:
        return Refused("leader_missing", "Đoàn cần đúng một trưởng đoàn.", CLAUSE, field="leader")
    kept = list(places)
    if not kept:
        return Refused("sessions_missing", "Kế hoạch chưa có phiên nào.", CLAUSE)
    for place, auditors in kept:
        if not auditors:
            return Refused(
                "auditor_missing", f"Phiên ở {place.unit} chưa có đánh giá viên.", CLAUSE
            )
        if place.representative_id is None:
            return Refused(
                "representative_missing", f"Phiên ở {place.unit} chưa có người đại diện.", CLAUSE
            )
        for id_ in auditors:
            if id_ not in people:
                return Refused(
                    "not_in_team", f"Phiên ở {place.unit} có người không thuộc đoàn.", CLAUSE
                )
            for concern in concerns(people[id_], place):
                if concern.blocks:
                    return Refused(
                        concern.code,
                        f"{people[id_].name} không đánh giá được {place.unit}: {concern.text}.",
                        CLAUSE,
                    )
    return _decide_times(people, kept)


def _decide_times(people: dict[int, Person], kept: list[tuple[Place, tuple[int, ...]]]) -> Decision:
    for id_, person in people.items():
        said = overlaps(place for place, auditors in kept if id_ in auditors)
        if said:
            return Refused(
                "auditor_twice", f"{person.name} có hai phiên cùng lúc {said[0]}.", CLAUSE
            )
    return ALLOWED


def choose(
    places: Iterable[Place], people: Iterable[Person], *, rotation_years: int = 2
) -> dict[int, int]:
    """Return an auditor by session, as far as there is one who may: own people before neighbours,
    those without anything against them before others, the less busy first.

    A neighbour is proposed before the agreement is there: it is asked for next.
    """
    known = list(people)
    chosen: dict[int, int] = {}
    held: dict[int, list[Place]] = {one.id: [] for one in known}
    for place in sorted(places, key=lambda one: (one.starts_at, one.id)):
        able = []
        for person in known:
            told = concerns(person, place, rotation_years=rotation_years)
            if any(one.blocks and one.code != "agreement_missing" for one in told):
                continue
            if overlaps([*held[person.id], place]):
                continue
            able.append((person.is_neighbour, bool(told), len(held[person.id]), person.name,
                         person.id))  # fmt: skip
        if able:
            chosen[place.id] = min(able)[-1]
            held[chosen[place.id]].append(place)
    return chosen
