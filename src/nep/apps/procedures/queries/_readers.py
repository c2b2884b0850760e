"""What publishing a version brings about: who must be told, which cases stay on the version before."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.urls import reverse

from nep.apps.documents.ports import ReaderNote
from nep.apps.organization import queries as organization
from nep.apps.procedures import ports
from nep.apps.procedures.ports import OpenCases
from nep.apps.procedures.queries._differences import ComparedVersions, compared_versions
from nep.apps.procedures.rules.differences import Difference
from nep.kernel.errors import NotFound
from nep.kernel.text import sort_key

_AT_THE_COUNTER = frozenset(
    {"limit", "policy", "wiring", "paper.basis", "paper.copies", "paper.place", "paper.fee"}
)
"""What of a whole procedure changes the work of its first step."""


@dataclass(frozen=True, slots=True)
class ToldReader:
    """A person whose steps a version changes, with what changes in them."""

    person_id: int
    name: str
    position: str
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Effects:
    """What happens when a version comes into force; `before` is the number of the one it retires,
    "" for a first version."""

    before: str
    open_cases: OpenCases
    readers: tuple[ToldReader, ...]
    changes: int

    @property
    def headline(self) -> str:
        """Return the answer in words."""
        if not self.before:
            return "Bản đầu tiên: chưa hồ sơ nào chạy theo quy trình này"
        cases = (
            f"{self.open_cases.count} hồ sơ đang chạy giữ {self.before}"
            if self.open_cases.count
            else f"Không hồ sơ nào đang chạy theo {self.before}"
        )
        if not self.changes:
            return f"{cases}, không bước nào đổi"
        if not self.readers:
            return f"{cases}, không ai giữ bước bị đổi"
        return f"{cases}, {len(self.readers)} người được giao đọc khác biệt"


def effects_of_publishing(*, agency_id: int, revision_id: int, today: date) -> Effects:
    """Return which open cases stay on the version before, and who reads what. Raises NotFound."""
    compared = compared_versions(agency_id=agency_id, revision_id=revision_id)
    if compared.old is None:
        return Effects("", OpenCases(), (), 0)
    told = _told(compared, agency_id, today)
    return Effects(
        before=compared.old.number,
        open_cases=ports.open_cases_of(agency_id, compared.old.id),
        readers=tuple(sorted(told.values(), key=lambda one: sort_key(one.name))),
        changes=len(compared.found),
    )


def readers_of_changes(revision_id: int, agency_id: int, today: date) -> Mapping[int, ReaderNote]:
    """Return whose steps a version changes against the one before it, with what changes in them."""
    try:
        compared = compared_versions(agency_id=agency_id, revision_id=revision_id)
    except NotFound:
        return {}
    link = reverse("procedures:differences", args=[revision_id])
    return {
        person_id: ReaderNote(one.words, link)
        for person_id, one in _told(compared, agency_id, today).items()
    }


def _told(compared: ComparedVersions, agency_id: int, today: date) -> dict[int, ToldReader]:
    """Return whose steps changed; who wrote, checked or approved the version knows already."""
    directory = organization.directory(agency_id=agency_id, today=today)
    made = {*compared.new.author_ids, compared.new.drafted_by, compared.new.checked_by}
    made.add(compared.new.approved_by)
    words: dict[int, list[str]] = {}
    people: dict[int, tuple[str, str]] = {}
    for one in compared.found:
        for key in _roles(one, compared):
            for person in directory.people(key):
                if person.id in made:
                    continue
                people[person.id] = (person.name, person.position)
                said = words.setdefault(person.id, [])
                if one.words not in said:
                    said.append(one.words)
    return {id_: ToldReader(id_, *people[id_], tuple(said)) for id_, said in words.items()}


def _roles(one: Difference, compared: ComparedVersions) -> set[str]:
    """Return the role keys whose work a difference changes; what concerns the procedure as a whole
    is told to who does its first step and promises the result date, the words of its paper only
    where they are what that one tells an applicant."""
    new = compared.new_draft.table
    old = compared.old_draft.table if compared.old_draft else None
    if not one.step:
        is_work = one.field in _AT_THE_COUNTER
        return {new.tasks[0].role} - {""} if is_work and new.tasks else set()
    found = set()
    step = new.step(one.step) if one.after else None
    if step is not None:
        found.add(step.role)
    past = old.steps[one.before - 1] if old is not None and one.before else None
    if past is not None and (step is None or one.field == "role"):
        found.add(past.role)
    return found - {""}
